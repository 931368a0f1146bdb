//! One call of the program.

use std::ffi::OsString;

use spiral_results::quoted;

use crate::terminal::console::Console;

/// What every command gets in addition to its own arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    /// Where it prints.
    pub(crate) console: Console,
    /// The words that were typed, the first being the program's name.
    pub(crate) words: &'a [OsString],
    /// The definition of the program, for the completions of a shell.
    pub(crate) program: fn() -> clap::Command,
}

impl Call<'_> {
    /// The words, quoted for a shell.
    pub(crate) fn command(&self) -> String {
        self.words.iter().map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
    }
}
