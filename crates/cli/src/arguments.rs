//! What a user can type.

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand};
use clap_complete::Shell;

/// What `spiral` alone, and `spiral --help`, says: one screen.
const SCREEN: &str = "\
{about}

{usage-heading} {usage}

Commands:
{subcommands}

A SCENARIO is a built-in name (`spiral scenarios` lists them), the path of a
file, or either with /MEMBER. `spiral COMMAND --help` lists what it takes.

Begin with:
  spiral run pre-wwi                        one history, told day by day
  spiral compare pre-wwi pre-wwii -n 200    two worlds, with figures
";

/// The simulator of the security dilemma: why states that want only safety arm,
/// fear, and sometimes strike first.
#[derive(Debug, Parser)]
#[command(name = "spiral", version, help_template = SCREEN, disable_help_subcommand = true, max_term_width = 80)]
pub(crate) struct Arguments {
    /// What to do; nothing means: explain.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Colour: auto (on a terminal), always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", default_missing_value = "always",
        num_args = 0..=1, require_equals = true, hide_possible_values = true, help_heading = "Terminal")]
    pub(crate) color: ColorChoice,
    /// Results only: no progress, no remarks
    #[arg(long, global = true, help_heading = "Terminal")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the built-in scenarios and the question that each asks
    Scenarios(Listing),
    /// Print every number of a scenario: value, unit, meaning and origin
    Show(Show),
    /// Check a scenario file
    Check(Check),
    /// Tell one history as a dated chronicle, with its arms race
    Run(Run),
    /// Simulate many histories of a scenario: tables, summary, figures
    Ensemble(Ensemble),
    /// Contrast scenarios on the same draws of chance, with intervals
    Compare(Compare),
    /// Hold the simulator against closed forms
    Verify(Listing),
    /// Print the completion script of a shell
    Completions(Completions),
}

/// `--json` alone.
#[derive(Debug, Args)]
pub(crate) struct Listing {
    /// Print JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Built-in name or path; a file with members shows all of them
    pub(crate) scenario: String,
    /// Only numbers whose path begins so, such as `technology` or `states.GER`
    pub(crate) path: Option<String>,
    /// Print instead the step of the model: its systems in the order in which they run
    #[arg(long)]
    pub(crate) schedule: bool,
    /// Print JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Path of the file
    pub(crate) file: String,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Built-in name or path; a file with members tells a history of each
    pub(crate) scenario: String,
    /// Number of the history, as in the tables of an ensemble with the same seed
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub(crate) history: u32,
    /// Seed of every draw
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Tell also, one by one, the crises that passed without coming near to war
    #[arg(long)]
    pub(crate) all: bool,
    /// Print the history as JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// Write chronicle.txt, history.json and events.csv into this new directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Threads, which a large world shares [default: all]
    #[arg(long, value_name = "T", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
pub(crate) struct Ensemble {
    /// Built-in name or path; a file with members gives a point for each
    pub(crate) scenario: String,
    #[command(flatten)]
    pub(crate) sampling: Sampling,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Built-in names or paths; all later ones are contrasted with the first
    #[arg(required = true, num_args = 1.., value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    #[command(flatten)]
    pub(crate) sampling: Sampling,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell
    pub(crate) shell: Shell,
}

/// How much is simulated, and where it goes.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "one flag each")]
pub(crate) struct Sampling {
    /// Histories of each scenario
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) histories: u32,
    /// Seed of every draw
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads; they change no result [default: all]
    #[arg(long, value_name = "T", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Directory of the study [default: studies/…, named after what is asked]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with the study that is in the directory
    #[arg(long)]
    pub(crate) resume: bool,
    /// Print the summary as JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the tables as CSV too
    #[arg(long)]
    pub(crate) csv: bool,
    /// Follow curves past the first war of a history, instead of stopping them there
    #[arg(long)]
    pub(crate) through_war: bool,
    /// Keep the events of the first N histories of each scenario [default: 1000; 0 in worlds of thousands of states]
    #[arg(long, value_name = "N")]
    pub(crate) events: Option<u32>,
}

/// What is changed in a scenario from outside its file.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Changes to the scenario")]
pub(crate) struct Changes {
    /// Give a number another value, as in technology.balance=0.5; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    pub(crate) set: Vec<(String, String)>,
    /// Switch a mechanism off; may be repeated
    #[arg(long, value_name = "MECHANISM")]
    pub(crate) without: Vec<String>,
    /// First and last date, decimal years
    #[arg(long, value_name = "A..B", value_parser = years, allow_hyphen_values = true)]
    pub(crate) years: Option<(f64, f64)>,
}

fn threads(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|threads| (1..=4096).contains(threads));
    number.ok_or_else(|| "a number of threads is from 1 to 4096".to_string())
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (path, value) = text.split_once('=').ok_or("write PATH=VALUE, such as technology.balance=0.5")?;
    if path.is_empty() || value.is_empty() {
        return Err("write PATH=VALUE, such as technology.balance=0.5".to_string());
    }
    Ok((path.to_string(), value.to_string()))
}

fn years(text: &str) -> Result<(f64, f64), String> {
    let parsed = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    parsed.ok_or_else(|| "write two years, such as 1890..1914".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn years_and_assignments() {
        assert_eq!(years("1890..1914.5"), Ok((1890.0, 1914.5)));
        assert_eq!(years("-20..3"), Ok((-20.0, 3.0)));
        assert!(years("1890-1914").is_err());
        assert_eq!(assignment("a.b=1"), Ok(("a.b".to_string(), "1".to_string())));
        assert!(assignment("a.b").is_err() && assignment("=1").is_err() && assignment("a=").is_err());
    }
}
