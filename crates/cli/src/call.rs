//! One call of the program.

use std::ffi::OsString;

use crate::console::Console;

/// What every command gets beside its own arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    /// Where it prints.
    pub(crate) console: Console,
    /// The words that were typed, the first being the program's name.
    pub(crate) words: &'a [OsString],
    /// The definition of the program, for the completions of a shell.
    pub(crate) program: fn() -> clap::Command,
}
