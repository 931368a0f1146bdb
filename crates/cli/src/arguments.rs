//! Arguments that several commands share, each declared once.
//!
//! A command takes a group with `#[command(flatten)]`, and gives one of its arguments another default or help with
//! `#[command(mut_arg(…))]`.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use spiral_results::{KeptRows, Options, Overrides, PanelOptions, PanelPeriod, Progress};

/// Allowed numbers of a history, a point or a shard, which are counted from 0.
pub(crate) const NUMBER: RangeInclusive<u32> = 0..=u32::MAX;
/// Allowed counts of things of which at least one is needed.
pub(crate) const COUNT: RangeInclusive<u32> = 1..=u32::MAX;
const SEEDS: RangeInclusive<u64> = 0..=u64::MAX;
const THREADS: RangeInclusive<usize> = 1..=4096;

/// `--histories`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Histories {
    /// Number of histories of each scenario
    #[arg(id = "histories", short = 'n', long = "histories", value_name = "N", allow_negative_numbers = true, default_value_t = 1000,
        value_parser = whole(COUNT))]
    pub(crate) number: u32,
}

/// `--seed`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Seed {
    /// Seed of all random draws
    #[arg(id = "seed", long = "seed", value_name = "S", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(SEEDS))]
    pub(crate) number: u64,
}

/// `--threads`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Threads {
    /// Number of threads; it changes no result [default: all]
    #[arg(id = "threads", long = "threads", value_name = "T", allow_negative_numbers = true, value_parser = whole(THREADS))]
    pub(crate) number: Option<usize>,
}

/// `--json`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Json {
    /// Print JSON, and nothing else
    #[arg(id = "json", long = "json")]
    pub(crate) asked: bool,
}

/// `--csv`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Csv {
    /// Write the tables as CSV too
    #[arg(id = "csv", long = "csv")]
    pub(crate) asked: bool,
}

/// `--resume`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Resume {
    /// Continue the study that is in the directory
    #[arg(id = "resume", long = "resume")]
    pub(crate) asked: bool,
}

/// `--uncertain`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Uncertain {
    /// Draw every judgement from its range, anew for every two histories: the spread then shows what is not known, too
    #[arg(id = "uncertain", long = "uncertain")]
    pub(crate) asked: bool,
}

/// `--panel` and `--panel-by`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Panel {
    /// Keep the first N histories of each scenario or point (or all of them) as tables of states and dyads
    #[arg(id = "panel", long = "panel", value_name = "N|all", allow_negative_numbers = true, value_parser = whole_or_all)]
    pub(crate) number: Option<u32>,
    /// What a row of these tables covers: year or tick [default: year]
    #[arg(id = "panel-by", long = "panel-by", value_name = "PERIOD", requires = "panel", value_parser = period)]
    pub(crate) by: Option<PanelPeriod>,
}

impl Panel {
    /// The same, as the library takes it.
    pub(crate) fn options(&self) -> Option<PanelOptions> {
        self.number.map(|histories| PanelOptions { histories, by: self.by.unwrap_or_default() })
    }
}

/// `--rows`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Rows {
    /// Which rows of single histories are kept: all, or none (only numbers by point, for very many histories) [default: all]
    #[arg(id = "rows", long = "rows", value_name = "WHICH", value_parser = rows)]
    pub(crate) kept: Option<KeptRows>,
}

impl Rows {
    /// The same, as the library takes it.
    pub(crate) fn options(&self) -> KeptRows {
        self.kept.unwrap_or_default()
    }
}

/// How a study is run, and where it is kept.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Keeping {
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Directory of the study [default: in studies/, named after the command and its arguments]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) resume: Resume,
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(flatten)]
    pub(crate) csv: Csv,
}

/// How many histories of named scenarios are simulated, and where the results are kept.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sampling {
    #[command(flatten)]
    pub(crate) histories: Histories,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) uncertain: Uncertain,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
    /// Continue the curves and tables of states and dyads of a history after its first war, instead of ending them there
    #[arg(long)]
    pub(crate) through_war: bool,
    /// Keep the events of the first N histories of each scenario [default: 1000; 0 in worlds of thousands of states]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(NUMBER))]
    pub(crate) events: Option<u32>,
    #[command(flatten)]
    pub(crate) panel: Panel,
}

/// Histories and seed that replace those of a study file.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct InPlaceOfTheFile {
    /// Number of histories of each point, in place of the file's
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = whole(COUNT))]
    pub(crate) histories: Option<u32>,
    /// Seed of all random draws, in place of the file's
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole(SEEDS))]
    pub(crate) seed: Option<u64>,
}

/// The directory of a study that is finished.
#[derive(Debug, Args)]
pub(crate) struct Finished {
    /// Directory of the study
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
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
    /// First and last date, in decimal years
    #[arg(long, value_name = "A..B", value_parser = years, allow_hyphen_values = true)]
    pub(crate) years: Option<(f64, f64)>,
}

impl Changes {
    /// The same, as the library takes it.
    pub(crate) fn overrides(&self) -> Overrides {
        Overrides { set: self.set.clone(), without: self.without.clone(), years: self.years }
    }
}

impl InPlaceOfTheFile {
    /// These options, with histories and seed.
    pub(crate) fn options<'a>(&self, options: Options<'a>) -> Options<'a> {
        Options { histories: self.histories, seed: self.seed, ..options }
    }
}

impl Sampling {
    /// The options of a study of scenarios in this directory.
    pub(crate) fn options<'a>(&self, directory: PathBuf, changes: &Changes, progress: &'a dyn Progress) -> Options<'a> {
        Options {
            histories: Some(self.histories.number),
            seed: Some(self.seed.number),
            changes: changes.overrides(),
            through_war: self.through_war,
            uncertain: self.uncertain.asked,
            events: self.events,
            panel: self.panel.options(),
            ..self.keeping.options(directory, progress)
        }
    }
}

impl Keeping {
    /// The options of a study in this directory.
    pub(crate) fn options<'a>(&self, directory: PathBuf, progress: &'a dyn Progress) -> Options<'a> {
        Options {
            threads: self.threads.number,
            directory: Some(directory),
            resume: self.resume.asked,
            csv: self.csv.asked,
            progress,
            ..Options::default()
        }
    }
}

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

/// Reads a number of histories, or `all`.
fn whole_or_all(text: &str) -> Result<u32, String> {
    if text == "all" {
        return Ok(u32::MAX);
    }
    whole(COUNT)(text).map_err(|message| format!("{message}, or all"))
}

fn period(text: &str) -> Result<PanelPeriod, String> {
    let all = [PanelPeriod::Year, PanelPeriod::Tick];
    all.into_iter().find(|period| period.name() == text).ok_or_else(|| "write year or tick".to_string())
}

fn rows(text: &str) -> Result<KeptRows, String> {
    KeptRows::ALL.into_iter().find(|rows| rows.name() == text).ok_or_else(|| "write all or none".to_string())
}

pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
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

    #[test]
    fn years_and_assignments() {
        assert_eq!(years("1890..1914.5"), Ok((1890.0, 1914.5)));
        assert_eq!(years("-20..3"), Ok((-20.0, 3.0)));
        assert!(years("1890-1914").is_err());
        assert_eq!(assignment("a.b=1"), Ok(("a.b".to_string(), "1".to_string())));
        assert!(assignment("a.b").is_err() && assignment("=1").is_err() && assignment("a=").is_err());
    }

    #[test]
    fn a_panel_is_a_number_or_all_by_year_or_tick() {
        assert_eq!((whole_or_all("30"), whole_or_all("all")), (Ok(30), Ok(u32::MAX)));
        for wrong in ["0", "-1", "every", ""] {
            let told = whole_or_all(wrong).expect_err("no number");
            assert!(told.starts_with("write a whole number from 1 to ") && told.ends_with("in digits, or all"), "{told}");
        }
        assert_eq!((period("year"), period("tick")), (Ok(PanelPeriod::Year), Ok(PanelPeriod::Tick)));
        assert_eq!(period("month"), Err("write year or tick".to_string()));
        assert_eq!((rows("all"), rows("none")), (Ok(KeptRows::All), Ok(KeptRows::None)));
        assert_eq!((rows("some"), Rows::default().options()), (Err("write all or none".to_string()), KeptRows::All));
        assert_eq!(Panel::default().options(), None);
        let asked = Panel { number: Some(3), by: None };
        assert_eq!(asked.options(), Some(PanelOptions { histories: 3, by: PanelPeriod::Year }));
    }

    #[test]
    fn a_whole_number_says_what_is_allowed() {
        let threads = whole(1_usize..=4096);
        assert_eq!((threads("1"), threads("4096")), (Ok(1), Ok(4096)));
        for wrong in ["0", "4097", "-1", "1e3", "x", "", "1.5", "99999999999999999999999999"] {
            assert_eq!(threads(wrong), Err("write a whole number from 1 to 4096, in digits".to_string()), "{wrong:?}");
        }
        assert_eq!(whole(-5..=5)("-3"), Ok(-3));
    }
}
