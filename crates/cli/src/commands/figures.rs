//! `spiral figures`.

use clap::Args;

use crate::arguments::Finished;
use crate::call::Call;
use crate::failure::Failure;

/// Draw the figures of a study again
#[derive(Debug, Args)]
pub(crate) struct Figures {
    #[command(flatten)]
    pub(crate) study: Finished,
    /// Draw the phase portrait of two states too, such as FRA-GER; needs a study with --panel
    #[arg(long, value_name = "A-B")]
    pub(crate) phase: Option<String>,
}

impl Figures {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let portraits = self.phase.as_ref().map_or(Ok(0), |pair| spiral_results::phase(&self.study.directory, pair))?;
        let drawn = match portraits + spiral_results::figures(&self.study.directory)? {
            0 => "no figure: a study of this kind has none".to_string(),
            number => format!("{number} figures, as SVG and PNG"),
        };
        if call.console.quiet {
            return Ok(());
        }
        call.console.print(&format!("{}: {drawn}", self.study.directory.join("figures").display()))
    }
}
