//! What is said of a word that is no command, no option or no value: what was given, what is allowed, what is nearest.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;
use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use spiral_scenario::nearest;

use crate::arguments::Arguments;
use crate::console::folded;

/// Reads a whole number within a range.
pub(crate) fn whole<T>(allowed: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| allowed.contains(number));
        number.ok_or_else(|| format!("write a whole number from {} to {}, in digits", allowed.start(), allowed.end()))
    }
}

/// Prints why these words, the first being the program's name, cannot be obeyed, or the help that they ask for.
pub(crate) fn explain(error: clap::Error, words: &[OsString]) {
    if !error.use_stderr() {
        // Where the stream is closed, nobody can be told.
        let _ = error.print();
        return;
    }
    let _ = write!(anstream::stderr().lock(), "{}", folded(&taught(error, words).render().ansi().to_string()));
}

/// With what is near and what is allowed, where clap leaves it out.
fn taught(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let mut program = Arguments::command();
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

/// Names the nearest of the allowed names where nothing is suggested yet, and tells whether something is suggested now.
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

/// Says this, and nothing else, beside what is suggested.
fn tip(error: &mut clap::Error, text: String) {
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(text)]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::any::TypeId;

    #[test]
    fn a_whole_number_says_what_is_allowed() {
        let threads = whole(1_usize..=4096);
        assert_eq!((threads("1"), threads("4096")), (Ok(1), Ok(4096)));
        for wrong in ["0", "4097", "-1", "1e3", "x", "", "1.5", "99999999999999999999999999"] {
            assert_eq!(threads(wrong), Err("write a whole number from 1 to 4096, in digits".to_string()), "{wrong:?}");
        }
        assert_eq!(whole(-5..=5)("-3"), Ok(-3));
    }

    /// Every option that takes a whole number reads it by [`whole`]: clap's own words do not say what is allowed.
    #[test]
    fn every_number_says_what_is_allowed() {
        let mut program = Arguments::command();
        program.build();
        let mut commands: Vec<(Vec<&str>, &Command)> = vec![(vec!["spiral"], &program)];
        let mut seen = 0;
        while let Some((path, command)) = commands.pop() {
            commands.extend(command.get_subcommands().map(|sub| ([&path[..], &[sub.get_name()]].concat(), sub)));
            for option in command.get_arguments() {
                let read = option.get_value_parser().type_id();
                let numbers = [TypeId::of::<u32>(), TypeId::of::<u64>(), TypeId::of::<usize>(), TypeId::of::<i32>()];
                if let (Some(long), true) = (option.get_long(), numbers.iter().any(|number| read == *number)) {
                    let word = format!("--{long}=x");
                    let error = Arguments::try_parse_from([&path[..], &[&word]].concat()).expect_err("x is no number");
                    assert!(error.to_string().contains("write a whole number from "), "{path:?} {word}: {error}");
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 34, "options that take a whole number");
    }

    /// What is said of these words.
    fn told(words: &[&str]) -> String {
        let words: Vec<OsString> = std::iter::once("spiral").chain(words.iter().copied()).map(OsString::from).collect();
        taught(Arguments::try_parse_from(&words).expect_err("a mistake"), &words).render().to_string()
    }

    #[test]
    fn a_word_that_is_none_gets_the_nearest_and_the_allowed_ones() {
        for (words, near) in [
            (&["rnu"][..], "similar subcommand exists: 'run'"),
            (&["esnemble", "pre-wwi"], "similar subcommand exists: 'ensemble'"),
            (&["rnu"], "commands: scenarios, show, check, "),
            (&["xyz"], "commands: scenarios, show, check, "),
            (&["import", "cw"], "similar subcommand exists: 'cow'"),
            (&["run", "pre-wwi", "--sed", "3"], "similar argument exists: '--seed'"),
            (&["run", "pre-wwi", "-n", "3"], "`spiral run` takes --history, --seed, "),
            (&["import", "cow", "--zzz"], "`spiral import cow` takes --nmc, "),
            (&["run", "--color=alwys"], "similar value exists: 'always'"),
            (&["completions", "hfis"], "similar value exists: 'fish'"),
        ] {
            assert!(told(words).contains(near), "{words:?} should say {near:?}:\n{}", told(words));
        }
        assert!(!told(&["run", "pre-wwi", "-n", "3"]).contains("as a value"), "no scenario is called -n");
    }
}
