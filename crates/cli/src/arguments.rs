//! What a user can type.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand};
use clap_complete::Shell;
use spiral_analysis::measures::MEASURES;

use crate::usage::whole;

/// What `spiral` alone, and `spiral --help`, says: one screen.
const SCREEN: &str = "\
{about}

{usage-heading} {usage}
Commands:
  scenarios    list the worlds          sweep        a designed study
  show         every number of one      sensitivity  which factors matter
  check        a scenario file          replay       a history of a study
  import       a world from data        shard        one part of a study
  run          one history, told        merge        the parts of a study
  ensemble     many histories           verify       against closed forms
  compare      two worlds or more       validate     against history
  report       one page of results      figures      pictures of a study
  explain      what makes a contrast    calibrate    numbers from targets
  odd          the model, documented    completions  for your shell

A SCENARIO is a built-in name (`spiral scenarios` lists them), the path of a
file, or either with /MEMBER. `spiral COMMAND --help` lists what it takes.

Begin with `spiral compare pre-wwi pre-wwii -n 200`: two worlds, with figures.
";

/// Numbers of what is numbered from 0.
const NUMBER: RangeInclusive<u32> = 0..=u32::MAX;
/// How many of what there must be one of.
const COUNT: RangeInclusive<u32> = 1..=u32::MAX;
const SEED: RangeInclusive<u64> = 0..=u64::MAX;
const THREADS: RangeInclusive<usize> = 1..=4096;

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
    /// Tell which differences between two scenarios carry the contrast
    Explain(Explain),
    /// Simulate a designed study: parameters, mechanisms, interventions
    Sweep(Sweep),
    /// Tell which factors of a study move its outcomes, with intervals
    Sensitivity(Sweep),
    /// Find numbers of a scenario from targets, and score what is held out
    Calibrate(Sweep),
    /// Tell one history of a study again, bit for bit
    Replay(Replay),
    /// Simulate one part of a study, as a machine of a cluster does
    Shard(Shard),
    /// Put the parts of a study together
    Merge(Merge),
    /// Hold the simulator against closed forms
    Verify(Listing),
    /// Hold a scenario against history: skill scores and a picture
    Validate(Validate),
    /// Make a scenario from your own Correlates of War files
    Import(Import),
    /// Describe what would run, by the ODD protocol, as Markdown
    Odd(Odd),
    /// Write report.html: the whole study in one file
    Report(Finished),
    /// Draw the figures of a study anew
    Figures(Finished),
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
    /// Path of a scenario file, or the name of a built-in scenario
    pub(crate) file: String,
}

#[derive(Debug, Args)]
pub(crate) struct Odd {
    /// Built-in name or path; a file with members describes each
    pub(crate) scenario: String,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

/// A study that is done.
#[derive(Debug, Args)]
pub(crate) struct Finished {
    /// Directory of the study
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Built-in name or path; a file with members tells a history of each
    pub(crate) scenario: String,
    /// Number of the history, as in the tables of an ensemble with the same seed
    #[arg(long, value_name = "K", allow_negative_numbers = true, default_value_t = 0, value_parser = whole(NUMBER))]
    pub(crate) history: u32,
    /// Seed of every draw
    #[arg(long, value_name = "S", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(SEED))]
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
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole(THREADS))]
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
pub(crate) struct Explain {
    /// Built-in name or path of the scenario from which the way leads
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// Built-in name or path of the scenario to which it leads
    #[arg(value_name = "B")]
    pub(crate) b: String,
    /// Measure whose difference is divided; may be repeated [default: general_war, preemption, peak_burden, days_crisis_to_general_war]
    #[arg(long = "outcome", value_name = "MEASURE", hide_possible_values = true,
        value_parser = clap::builder::PossibleValuesParser::new(MEASURES.iter().map(|measure| measure.name)))]
    pub(crate) outcomes: Vec<String>,
    /// State of A and state of B that stand for each other, as in SRB=CZE; may be repeated [default: same code, or rank of output]
    #[arg(long = "counterpart", value_name = "A=B", value_parser = pair)]
    pub(crate) counterparts: Vec<(String, String)>,
    /// Histories of each world, of which there are up to 512
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, default_value_t = crate::explain::HISTORIES, value_parser = whole(COUNT))]
    pub(crate) histories: u32,
    /// Seed of every draw
    #[arg(long, value_name = "S", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(SEED))]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Built-in name or path; a file with members takes each in turn
    pub(crate) scenario: String,
    /// Your National Material Capabilities: scores shares of spending too
    #[arg(long, value_name = "FILE")]
    pub(crate) nmc: Option<PathBuf>,
    /// Histories
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(2_u32..=100_000))]
    pub(crate) histories: u32,
    /// Seed of every draw
    #[arg(long, value_name = "S", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(SEED))]
    pub(crate) seed: u64,
    /// Threads; they change no result [default: all]
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole(THREADS))]
    pub(crate) threads: Option<usize>,
    /// Write validation.json and figures/ into this new directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) source: ImportSource,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportSource {
    /// National Material Capabilities, Direct Contiguity and alliances
    Cow(Cow),
}

#[derive(Debug, Args)]
pub(crate) struct Cow {
    /// National Material Capabilities, version 5, 6 or 7 (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) nmc: PathBuf,
    /// Direct Contiguity 3.2, by dyad-year or by spell (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) contiguity: PathBuf,
    /// COW or ATOP alliances by dyad-year (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) alliances: Option<PathBuf>,
    /// Year in which the scenario begins; it lasts twenty
    #[arg(long, value_name = "Y", allow_negative_numbers = true, value_parser = whole(1500..=2500))]
    pub(crate) year: i32,
    /// States by code, abbreviation, number or name; `all` takes every complete one [default: the great powers of the year]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) states: Vec<String>,
    /// File to write; must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// Path of the study file
    #[arg(value_name = "STUDY.ron")]
    pub(crate) study: String,
    /// Histories of each point, in place of the file's
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = whole(COUNT))]
    pub(crate) histories: Option<u32>,
    /// Seed of every draw, in place of the file's
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole(SEED))]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// Directory of the study, finished or not
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Number of the history
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = whole(NUMBER))]
    pub(crate) history: u32,
    /// Number of the point
    #[arg(long, value_name = "P", allow_negative_numbers = true, default_value_t = 0, value_parser = whole(NUMBER))]
    pub(crate) point: u32,
    /// Tell also, one by one, the crises that passed without coming near to war
    #[arg(long)]
    pub(crate) all: bool,
    /// Print the history as JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Shard {
    /// Path of a study file, or directory of a study of any kind
    #[arg(value_name = "PLAN")]
    pub(crate) plan: String,
    /// Number of this shard, from 0
    #[arg(long, value_name = "I", allow_negative_numbers = true, value_parser = whole(NUMBER))]
    pub(crate) index: u32,
    /// Number of shards
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(COUNT))]
    pub(crate) of: u32,
    /// Histories of each point, in place of the file's
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = whole(COUNT))]
    pub(crate) histories: Option<u32>,
    /// Seed of every draw, in place of the file's
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole(SEED))]
    pub(crate) seed: Option<u64>,
    /// Threads; they change no result [default: all]
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole(THREADS))]
    pub(crate) threads: Option<usize>,
    /// Directory of the shard
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Go on with the shard that is in the directory
    #[arg(long)]
    pub(crate) resume: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// Directories of the shards; they are not changed
    #[arg(required = true, num_args = 1.., value_name = "DIR")]
    pub(crate) shards: Vec<PathBuf>,
    /// Directory of the whole study
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Print the results as JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the tables as CSV too
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell
    pub(crate) shell: Shell,
}

/// How much is simulated, and where it goes.
#[derive(Debug, Args)]
pub(crate) struct Sampling {
    /// Histories of each scenario
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(COUNT))]
    pub(crate) histories: u32,
    /// Seed of every draw
    #[arg(long, value_name = "S", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(SEED))]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
    /// Follow curves past the first war of a history, instead of stopping them there
    #[arg(long)]
    pub(crate) through_war: bool,
    /// Keep the events of the first N histories of each scenario [default: 1000; 0 in worlds of thousands of states]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(NUMBER))]
    pub(crate) events: Option<u32>,
}

/// How a study is worked on, and where it goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Keeping {
    /// Threads; they change no result [default: all]
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole(THREADS))]
    pub(crate) threads: Option<usize>,
    /// Directory of the study [default: studies/…, named after what is asked]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with the study that is in the directory
    #[arg(long)]
    pub(crate) resume: bool,
    /// Print the results as JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the tables as CSV too
    #[arg(long)]
    pub(crate) csv: bool,
}

/// What is changed in a scenario from outside its file.
#[derive(Debug, Clone, Default, Args)]
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

fn assignment(text: &str) -> Result<(String, String), String> {
    let (path, value) = text.split_once('=').ok_or("write PATH=VALUE, such as technology.balance=0.5")?;
    if path.is_empty() || value.is_empty() {
        return Err("write PATH=VALUE, such as technology.balance=0.5".to_string());
    }
    Ok((path.to_string(), value.to_string()))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(a, b)| !a.is_empty() && !b.is_empty());
    pair.map(|(a, b)| (a.to_string(), b.to_string())).ok_or_else(|| "write a state of each scenario, such as SRB=CZE".to_string())
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
    fn the_screen_lists_every_command() {
        for command in Arguments::command().get_subcommands() {
            assert!(SCREEN.contains(&format!("  {} ", command.get_name())), "{} is not on the screen", command.get_name());
        }
    }

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
