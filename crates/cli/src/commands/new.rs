//! `spiral new`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use clap::Args;
use spiral_scenario::commented_copy;

use crate::call::Call;
use crate::failure::Failure;

/// Write a copy of a built-in scenario or study, with its comments, to edit
#[derive(Debug, Args)]
pub(crate) struct New {
    /// File to write, such as my.ron; it must not exist
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Built-in scenario, study or calibration to copy, such as `pre-wwi` or `studies/four-drivers`
    #[arg(long, value_name = "NAME")]
    pub(crate) from: String,
}

impl New {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let file = self.file.display();
        if self.file.extension().is_none_or(|extension| extension != "ron") {
            return Err(Failure::Usage(format!("the name of the file must end in .ron, such as my.ron; `{file}` does not")));
        }
        let text = commented_copy(&self.from, &file.to_string())?;
        let write = |source| spiral_results::Error::Write { path: self.file.clone(), source };
        let mut copy = match OpenOptions::new().write(true).create_new(true).open(&self.file) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Failure::Usage(format!("{file} exists and is not overwritten: choose another name, or remove it")));
            }
            opened => opened.map_err(write)?,
        };
        copy.write_all(text.as_bytes()).map_err(write)?;
        if call.console.quiet {
            return Ok(());
        }
        call.console.print(&format!("{file}: a copy of {}. Its first lines say how to run it.", self.from))
    }
}
