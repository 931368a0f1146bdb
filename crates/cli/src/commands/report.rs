//! `spiral report`.

use clap::Args;

use crate::arguments::Finished;
use crate::call::Call;
use crate::failure::Failure;

/// Write report.html: all results of a study in one file
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) study: Finished,
}

impl Report {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let figures = spiral_results::report(&self.study.directory)?;
        if call.console.quiet {
            return Ok(());
        }
        let path = self.study.directory.join("report.html");
        let without = if figures == 0 { "; it has no figures, `spiral figures` draws them" } else { "" };
        call.console.print(&format!("{}: one file with {figures} figures, opens offline{without}", path.display()))
    }
}
