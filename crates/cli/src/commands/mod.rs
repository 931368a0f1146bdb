//! What `spiral` can do: one file a command, with its arguments, its help and what it runs.
//!
//! To add a command: its file, with a struct of clap arguments whose rustdoc is its help and with a `run`; its `mod` line; and its
//! line in [`commands!`].

mod calibrate;
mod check;
mod cluster;
mod columns;
mod compare;
mod completions;
mod ensemble;
mod explain;
mod export;
mod figures;
mod hindcast;
mod import;
mod merge;
mod new;
mod odd;
mod replay;
mod report;
mod run;
mod scenarios;
mod sensitivity;
mod serve;
mod shard;
mod show;
mod sweep;
mod validate;
mod verify;

use clap::{ColorChoice, Parser, Subcommand};

use crate::call::Call;
use crate::failure::Failure;

/// Makes, from one line for each command, the enum that clap reads, its dispatch and the list on the first screen.
macro_rules! commands {
    ($($name:ident($file:ident): $in_short:literal;)+) => {
        /// Every command with its arguments; its help is the rustdoc of the struct.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $(
                #[allow(missing_docs, reason = "a text here would hide the help, which stands on the struct")]
                $name($file::$name),
            )+
        }

        impl Command {
            /// Runs the command.
            pub(crate) fn dispatch(&self, call: &Call<'_>) -> Result<(), Failure> {
                match self {
                    $(Self::$name(arguments) => arguments.run(call),)+
                }
            }
        }

        /// Name of every command, and what it is for in a few words.
        const IN_SHORT: &[(&str, &str)] = &[$((stringify!($file), $in_short)),+];
    };
}

// In the order of the first screen: at most 24 characters each.
commands! {
    Scenarios(scenarios): "list the scenarios";
    Show(show): "all numbers of one";
    Check(check): "check a scenario file";
    New(new): "a copy of one, to edit";
    Import(import): "a scenario from data";
    Odd(odd): "document the model";
    Run(run): "one history, as a text";
    Ensemble(ensemble): "many histories";
    Compare(compare): "two scenarios or more";
    Explain(explain): "why two of them differ";
    Sweep(sweep): "a designed study";
    Sensitivity(sensitivity): "which factors matter";
    Calibrate(calibrate): "fit numbers to targets";
    Validate(validate): "compare with history";
    Hindcast(hindcast): "score against your data";
    Verify(verify): "check the program";
    Replay(replay): "a history of a study";
    Report(report): "one page of results";
    Figures(figures): "figures of a study";
    Export(export): "tables for R and Stata";
    Serve(serve): "explore in a browser";
    Columns(columns): "what the tables hold";
    Shard(shard): "one part of a study";
    Merge(merge): "join the parts";
    Cluster(cluster): "scripts for a cluster";
    Completions(completions): "for your shell";
}

/// Width of a name on the first screen, and of a name with its purpose, in characters.
const NAME: usize = 12;
const ENTRY: usize = 38;

/// What `spiral` alone and `spiral --help` print: one screen.
fn screen() -> String {
    let rows = IN_SHORT.len().div_ceil(2);
    let entry = |at: usize| IN_SHORT.get(at).map_or_else(String::new, |(name, what)| format!("{name:<NAME$} {what}"));
    let lines: Vec<String> =
        (0..rows).map(|row| format!("  {:<ENTRY$}{}", entry(row), entry(rows + row)).trim_end().to_string()).collect();
    format!(
        "{{about}}

{{usage-heading}} {{usage}}

Commands:
{}

A SCENARIO is a built-in name (`spiral scenarios` lists them), the path of a
file, or either with /MEMBER. `spiral COMMAND --help` explains a command.
Begin with `spiral compare pre-wwi pre-wwii -n 200`.
",
        lines.join("\n")
    )
}

/// The simulator of the security dilemma: why states that want only safety arm,
/// fear, and sometimes strike first.
#[derive(Debug, Parser)]
#[command(name = "spiral", version, help_template = screen(), override_usage = "spiral COMMAND ...", disable_help_subcommand = true,
    max_term_width = 80)]
pub(crate) struct Arguments {
    /// What to do; without one, the first screen is shown.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Colour: auto (on a terminal), always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", default_missing_value = "always",
        num_args = 0..=1, require_equals = true, hide_possible_values = true, help_heading = "Terminal")]
    pub(crate) color: ColorChoice,
    /// Print results only: no progress, no remarks
    #[arg(long, global = true, help_heading = "Terminal")]
    pub(crate) quiet: bool,
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;
    use std::ffi::OsString;

    use clap::CommandFactory;

    use super::*;
    use crate::usage::taught;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_first_screen_lists_every_command_in_eighty_columns() {
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            assert!(IN_SHORT.iter().any(|(listed, _)| *listed == name), "{name} is not on the screen");
            assert!(command.get_about().is_some(), "{name} has no help: write rustdoc on its struct");
        }
        let screen = screen();
        let wide: Vec<&str> = screen.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{wide:#?}");
        assert!(screen.lines().count() < 30, "more than a screen");
    }

    /// Every option that takes a whole number reads it by [`crate::arguments::whole`]: clap's own words do not say what is allowed.
    #[test]
    fn every_number_says_what_is_allowed() {
        let mut program = Arguments::command();
        program.build();
        let mut commands: Vec<(Vec<&str>, &clap::Command)> = vec![(vec!["spiral"], &program)];
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
        assert!(seen >= 30, "only {seen} options that take a whole number were seen");
    }

    /// The error message for these words.
    fn message(words: &[&str]) -> String {
        let words: Vec<OsString> = std::iter::once("spiral").chain(words.iter().copied()).map(OsString::from).collect();
        let error = Arguments::try_parse_from(&words).expect_err("a mistake");
        taught(error, &words, Arguments::command()).render().to_string()
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
            (&["import", "cow", "--zzz"], "`spiral import cow` takes --cow, "),
            (&["run", "--color=alwys"], "similar value exists: 'always'"),
            (&["completions", "hfis"], "similar value exists: 'fish'"),
        ] {
            assert!(message(words).contains(near), "{words:?} should say {near:?}:\n{}", message(words));
        }
        assert!(!message(&["run", "pre-wwi", "-n", "3"]).contains("as a value"), "no scenario is called -n");
    }
}
