//! The message about an unknown command, option or value: what was given, what is allowed, and the nearest allowed name.

use std::ffi::OsString;
use std::io::Write;

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use spiral_scenario::nearest;

use crate::terminal::console::folded;

/// Prints why this command line (its first word is the name of the program) cannot be run, or the help that it asks for.
pub(crate) fn explain(error: clap::Error, words: &[OsString], program: Command) {
    if !error.use_stderr() {
        // If the stream is closed, the message is lost.
        let _ = error.print();
        return;
    }
    let _ = write!(anstream::stderr().lock(), "{}", folded(&taught(error, words, program).render().ansi().to_string()));
}

/// Adds the nearest and the allowed names if clap leaves them out.
pub(crate) fn taught(mut error: clap::Error, words: &[OsString], mut program: Command) -> clap::Error {
    program.build();
    teach(&mut error, command_of(&program, words));
    error
}

/// The command among these words.
fn command_of<'a>(program: &'a Command, words: &[OsString]) -> &'a Command {
    let names = words.iter().skip(1);
    names.fold(program, |command, word| command.find_subcommand(word).unwrap_or(command))
}

fn teach(error: &mut clap::Error, command: &Command) {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            suggest(error, ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand, &names);
            tip(error, format!("commands: {}", names.join(", ")));
        }
        ErrorKind::UnknownArgument => {
            let options: Vec<String> =
                command.get_arguments().filter_map(|option| option.get_long()).map(|long| format!("--{long}")).collect();
            let names: Vec<&str> = options.iter().map(String::as_str).collect();
            let is_option =
                matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(word)) if word.starts_with('-'));
            if is_option && !suggest(error, ContextKind::InvalidArg, ContextKind::SuggestedArg, &names) {
                let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
                tip(error, format!("`{name}` takes {}", names.join(", ")));
            }
        }
        ErrorKind::InvalidValue => {
            if let Some(ContextValue::Strings(names)) = error.get(ContextKind::ValidValue).cloned() {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                suggest(error, ContextKind::InvalidValue, ContextKind::SuggestedValue, &names);
            }
        }
        _ => {}
    }
}

/// Names the nearest of the allowed names where nothing is suggested yet, and returns whether something is suggested now.
fn suggest(error: &mut clap::Error, given: ContextKind, suggested: ContextKind, names: &[&str]) -> bool {
    if error.get(suggested).is_some() {
        return true;
    }
    let Some(ContextValue::String(word)) = error.get(given) else { return false };
    let near = nearest(word, names.iter().copied()).map(str::to_string);
    let found = near.is_some();
    if let Some(near) = near {
        error.insert(suggested, ContextValue::String(near));
    }
    found
}

/// Sets this as the only tip in addition to the suggestion.
fn tip(error: &mut clap::Error, text: String) {
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(text)]));
}
