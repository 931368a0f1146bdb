//! The command line: it parses arguments, makes one call of [`spiral_results`], and prints what that returns.
//!
//! ```
//! // The same as `spiral scenarios --json` in a shell; the exit code is 0.
//! let code = spiral_cli::run(["spiral", "scenarios", "--json"]);
//! assert_eq!(code, std::process::ExitCode::SUCCESS);
//! ```
//!
//! A command is one file in `commands/`; what several commands print is in `terminal/`; arguments that several commands share are
//! in `arguments.rs`.
//!
//! Invariant: no science and no statistics here. The exit code is 0 (done), 1 (a check failed), 2 (bad usage or bad input) or 130
//! (interrupted; the message says how to continue).

mod arguments;
mod array_index;
mod batch_script;
mod call;
mod commands;
mod directory;
mod failure;
mod terminal;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use spiral_results::{Continuation, Error};

use call::Call;
use commands::Arguments;
use failure::Failure;
use terminal::console::{Console, complain, folded};

/// Runs the program with these arguments, the first being its name, and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    ExitCode::from(run_to_code(arguments))
}

/// [`run`] with the exit code as a number, for callers whose process does not end with it.
pub fn run_to_code(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> u8 {
    let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            usage::explain(error, &words, Arguments::command());
            return code;
        }
    };
    let console = Console::new(arguments.color, arguments.quiet);
    let call = Call { console, words: &words, program: Arguments::command };
    let ended = match arguments.command {
        None => console.print(&Arguments::command().render_help().to_string()),
        Some(command) => command.dispatch(&call),
    };
    match ended {
        Ok(()) => 0,
        Err(failure) => {
            explain(&failure, &call);
            failure.code()
        }
    }
}

/// Prints why a command stopped.
fn explain(failure: &Failure, call: &Call<'_>) {
    match failure {
        Failure::Closed => {}
        // The user copies the command that continues the work, so it is not wrapped.
        Failure::Results(Error::Interrupted { next, .. }) => {
            let command = call.command();
            let resume = if call.words.iter().any(|word| word == "--resume") { "" } else { " --resume" };
            complain(&match next {
                Continuation::Resume => format!("{failure}\nto continue: {command}{resume}"),
                Continuation::Again => format!("{failure}\nto continue: {command}"),
                Continuation::Nothing => failure.to_string(),
            });
        }
        Failure::Check(text) => complain(&folded(text)),
        // It wraps its own lines; lines of the file are not wrapped.
        Failure::Scenario(error) | Failure::Results(Error::Scenario(error)) => complain(&format!("error: {error}")),
        other => complain(&folded(&format!("error: {other}"))),
    }
}
