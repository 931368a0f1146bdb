//! `spiral sweep`.

use clap::Args;
use spiral_results::Options;

use crate::arguments::{InPlaceOfTheFile, Keeping, Panel, Rows, Uncertain};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::progress::Bar;
use crate::terminal::sweep;

/// Simulate a designed study: parameters, mechanisms, interventions
#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// Path of the study file
    #[arg(value_name = "STUDY.ron")]
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) uncertain: Uncertain,
    #[command(flatten)]
    pub(crate) panel: Panel,
    #[command(flatten)]
    pub(crate) rows: Rows,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
}

impl Sweep {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let mut more = directory::uncertain(&self.uncertain);
        more.extend(directory::panel(&self.panel));
        more.extend(directory::rows(&self.rows));
        let directory = directory::of_file("sweep", &self.file, &self.in_place, more, &self.keeping)?;
        let results = Bar::during(call.console, |bar| {
            let options = self.in_place.options(self.keeping.options(directory.clone(), bar));
            let (uncertain, panel, rows) = (self.uncertain.asked, self.panel.options(), self.rows.options());
            spiral_results::sweep(&self.file, &Options { uncertain, panel, rows, ..options })
        })?;
        sweep::print(&results, &directory, self.keeping.json.asked, call.console)
    }
}
