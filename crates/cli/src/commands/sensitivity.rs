//! `spiral sensitivity`.

use clap::Args;

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::progress::Bar;
use crate::terminal::sensitivity;

/// Measure which factors of a study change its outcomes most, with intervals
#[derive(Debug, Args)]
pub(crate) struct Sensitivity {
    /// Path of the study file
    #[arg(value_name = "STUDY.ron")]
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
}

impl Sensitivity {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let directory = directory::of_file("sweep", &self.file, &self.in_place, Vec::new(), &self.keeping)?;
        let results = Bar::during(call.console, |bar| {
            spiral_results::sensitivity(&self.file, &self.in_place.options(self.keeping.options(directory.clone(), bar)))
        })?;
        sensitivity::print(&results, &directory, self.keeping.json.asked, call.console)
    }
}
