//! `spiral export`.

use clap::Args;
use spiral_results::{ExportFormat, ExportUnit};

use crate::arguments::Finished;
use crate::call::Call;
use crate::failure::Failure;

/// Write a table of a study for R, Stata or pandas, with labels and scripts that load it
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) study: Finished,
    /// Kind of file: csv, dta (Stata) or parquet
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) to: ExportFormat,
    /// What a row is: history, event, state-year or dyad-year; the last two need a study with --panel
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    pub(crate) unit: ExportUnit,
}

impl Export {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let exported = spiral_results::export(&self.study.directory, self.unit, self.to)?;
        if call.console.quiet {
            return Ok(());
        }
        let (path, rows, columns) = (exported.path.display(), exported.rows, exported.columns);
        call.console
            .print(&format!("{path}: {rows} rows, {columns} columns; load.R and load.do beside it load it with its labels"))
    }
}

fn format(text: &str) -> Result<ExportFormat, String> {
    ExportFormat::ALL
        .into_iter()
        .find(|format| format.name() == text)
        .ok_or_else(|| format!("write one of {}", ExportFormat::ALL.map(ExportFormat::name).join(", ")))
}

fn unit(text: &str) -> Result<ExportUnit, String> {
    let all = ExportUnit::ALL;
    all.into_iter()
        .find(|unit| unit.name() == text)
        .ok_or_else(|| format!("write one of {}", all.map(ExportUnit::name).join(", ")))
}
