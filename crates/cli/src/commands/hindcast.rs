//! `spiral hindcast`.

use std::path::PathBuf;

use clap::Args;
use spiral_results::{HindcastRequest, Options, hindcast, hindcast_files};

use crate::arguments::{Json, Seed, Threads, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::console::{complain, wrapped};
use crate::terminal::hindcast as terminal;
use crate::terminal::progress::Bar;

/// Forecast past years from your own data, and score the forecasts against what came
///
/// For each start year a world is made from the data up to the year before, and simulated. The simulated chance that a pair of states has a
/// crisis, a dispute with force or a war is compared with what the files say came, and with baselines that are fitted on other years.
#[derive(Debug, Args)]
pub(crate) struct Hindcast {
    /// Folder with your data files, each recognised by its columns: capabilities, contiguity and disputes at least; alliances, wars, capitals
    /// and output make it better
    #[arg(long, value_name = "DIR")]
    pub(crate) cow: PathBuf,
    /// First and last start year: the first of the years that are forecast
    #[arg(long, value_name = "A..B", value_parser = years)]
    pub(crate) years: (i32, i32),
    /// Years from one start year to the next
    #[arg(long, value_name = "N", default_value_t = 5, allow_negative_numbers = true, value_parser = whole(1_u32..=200))]
    pub(crate) every: u32,
    /// Years that are forecast from each start year
    #[arg(long, value_name = "H", default_value_t = 5, allow_negative_numbers = true, value_parser = whole(1_u32..=20))]
    pub(crate) horizon: u32,
    /// States by code, abbreviation, number or name [default: every state of the year]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) states: Vec<String>,
    /// Number of histories of each start year
    #[arg(short = 'n', long, value_name = "N", default_value_t = 200, allow_negative_numbers = true,
        value_parser = whole(10_u32..=100_000))]
    pub(crate) histories: u32,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Write hindcast.json, dyads.csv, states.csv, figures/ and report.html into this new directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) json: Json,
    /// Give a number of every world another value, as in technology.balance=0.5; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = crate::arguments::assignment)]
    pub(crate) set: Vec<(String, String)>,
    /// Switch a mechanism off; may be repeated
    #[arg(long, value_name = "MECHANISM")]
    pub(crate) without: Vec<String>,
}

/// Reads two whole years.
fn years(text: &str) -> Result<(i32, i32), String> {
    let year = |text: &str| text.parse::<i32>().ok().filter(|year| (1500..=2500).contains(year));
    let parsed = text.split_once("..").and_then(|(from, to)| Some((year(from)?, year(to)?)));
    parsed.ok_or_else(|| "write two years from 1500 to 2500, such as 1820..2005".to_string())
}

impl Hindcast {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let console = call.console;
        let (files, notes) = hindcast_files(&self.cow)?;
        if !console.quiet {
            for note in &notes {
                complain(&wrapped(&note.summary, 80, "Note   ", "       "));
            }
        }
        let request =
            HindcastRequest { files: &files, years: self.years, every: self.every, horizon: self.horizon, states: &self.states };
        let found = Bar::during(console, |bar| {
            let options = Options {
                histories: Some(self.histories),
                seed: Some(self.seed.number),
                threads: self.threads.number,
                directory: self.out.clone(),
                changes: spiral_results::Overrides { set: self.set.clone(), without: self.without.clone(), years: None },
                progress: bar,
                ..Options::default()
            };
            hindcast(&request, &options)
        })?;
        if self.json.asked {
            return console.print_json(&found);
        }
        console.print(&terminal::text(&found, console))?;
        match &self.out {
            Some(directory) => console.print_files(
                &format!("{}: hindcast.json, dyads.csv, states.csv, figures/", directory.display()),
                Some(directory.join("report.html").display().to_string()),
            ),
            None => Ok(()),
        }
    }
}
