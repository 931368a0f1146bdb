//! The command line: arguments in, one call each, errors out.
//!
//! Invariant: no science here. Numbers come from the crates below, errors are told in their words, and the exit code is 0 (done),
//! 1 (a check failed), 2 (bad usage or bad input) or 130 (interrupted, resumable).

mod arguments;
mod calibrate;
mod call;
mod chart;
mod chronicle;
mod commands;
mod console;
mod dates;
mod explain;
mod failure;
mod history;
mod import;
mod interrupt;
mod listing;
mod odd;
mod pool;
mod progress;
mod replay;
mod reports;
mod sensitivity;
mod sentences;
mod shards;
mod studies;
mod sweep;
mod sweep_figures;
mod sweep_text;
mod tables;
mod tell;
mod usage;
mod validate;
mod verify;
mod worlds;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use call::Call;
use commands::Arguments;
use console::Console;
use failure::Failure;

/// Runs the program with these arguments, the first being its name, and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            usage::explain(error, &words, Arguments::command());
            return ExitCode::from(code);
        }
    };
    let console = Console::new(arguments.color, arguments.quiet);
    let call = Call { console, words: &words, program: Arguments::command };
    let ended = match arguments.command {
        None => console.print(&Arguments::command().render_help().to_string()),
        Some(command) => command.dispatch(&call),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            match &failure {
                Failure::Closed => {}
                // A command to go on with is copied as it stands.
                Failure::Interrupted(text) => console::complain(text),
                Failure::Check(text) => console::complain(&console::folded(text)),
                // It sets its lines itself: those of the file stand as they are.
                Failure::Scenario(error) => console::complain(&format!("error: {error}")),
                other => console::complain(&console::folded(&format!("error: {other}"))),
            }
            ExitCode::from(failure.code())
        }
    }
}
