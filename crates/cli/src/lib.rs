//! The command line: arguments in, one call each, errors out.
//!
//! Invariant: no science here. Numbers come from the crates below, errors are told in their words, and the exit code is 0 (done),
//! 1 (a check failed), 2 (bad usage or bad input) or 130 (interrupted, resumable).

mod arguments;
mod calibrate;
mod chart;
mod chronicle;
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

use arguments::{Arguments, Command};
use console::Console;
use failure::Failure;

/// Runs the program with these arguments, the first being its name, and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            usage::explain(error, &words);
            return ExitCode::from(code);
        }
    };
    let console = Console::new(arguments.color, arguments.quiet);
    match obey(arguments.command, console, &words) {
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

fn obey(command: Option<Command>, console: Console, words: &[OsString]) -> Result<(), Failure> {
    match command {
        None => console.print(&Arguments::command().render_help().to_string()),
        Some(Command::Scenarios(arguments)) => listing::scenarios(&arguments, console),
        Some(Command::Show(arguments)) => listing::show(&arguments, console),
        Some(Command::Check(arguments)) => listing::check(&arguments, console),
        Some(Command::Run(arguments)) => tell::run(&arguments, console),
        Some(Command::Ensemble(arguments)) => studies::ensemble(&arguments, console, words),
        Some(Command::Compare(arguments)) => studies::compare(&arguments, console, words),
        Some(Command::Explain(arguments)) => explain::explain(&arguments, console, words),
        Some(Command::Sweep(arguments)) => sweep::sweep(&arguments, false, console, words),
        Some(Command::Sensitivity(arguments)) => sweep::sweep(&arguments, true, console, words),
        Some(Command::Calibrate(arguments)) => calibrate::calibrate(&arguments, console, words),
        Some(Command::Replay(arguments)) => replay::replay(&arguments, console),
        Some(Command::Shard(arguments)) => shards::shard(&arguments, console, words),
        Some(Command::Merge(arguments)) => shards::merge(&arguments, console, words),
        Some(Command::Verify(arguments)) => verify::verify(&arguments, console),
        Some(Command::Validate(arguments)) => validate::validate(&arguments, console),
        Some(Command::Import(arguments)) => import::import(&arguments, console),
        Some(Command::Odd(arguments)) => odd::odd(&arguments, console),
        Some(Command::Report(arguments)) => reports::report(&arguments, console),
        Some(Command::Figures(arguments)) => reports::figures(&arguments, console),
        Some(Command::Completions(arguments)) => {
            let mut script = Vec::new();
            clap_complete::generate(arguments.shell, &mut Arguments::command(), "spiral", &mut script);
            console.print(&String::from_utf8_lossy(&script))
        }
    }
}
