//! `spiral import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::arguments::whole;
use crate::call::Call;
use crate::failure::Failure;
use crate::import;

/// Make a scenario from your own Correlates of War files
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) source: Source,
}

/// Where the data come from.
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
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
    /// Year in which the scenario begins; it lasts twenty years
    #[arg(long, value_name = "Y", allow_negative_numbers = true, value_parser = whole(1500..=2500))]
    pub(crate) year: i32,
    /// States by code, abbreviation, number or name; `all` takes every state with complete data [default: the great powers of the year]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) states: Vec<String>,
    /// File to write; must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

impl Import {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        import::import(self, call.console)
    }
}
