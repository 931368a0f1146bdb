//! `spiral import`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use spiral_scenario::import::{CowRequest, YEARS, cow};

use crate::arguments::whole;
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::console::wrapped;

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
        let console = call.console;
        let Source::Cow(arguments) = &self.source;
        let (folder, file) = target(&arguments.out)?;
        let name = Path::new(&file).file_stem().map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
        let Cow { nmc, contiguity, alliances, year, states, .. } = arguments;
        let made = cow(&CowRequest { nmc, contiguity, alliances: alliances.as_deref(), year: *year, states, name: &name })?;
        spiral_results::write_file(&folder, &file, made.text.as_bytes())?;
        if console.quiet {
            return Ok(());
        }
        let out = arguments.out.display();
        let mut lines = vec![format!("{out}: {} states, {year} to {}", made.states.len(), year + YEARS)];
        lines.extend([made.states.join(" ")].iter().map(|codes| wrapped(codes, console.columns, "  ", "  ")));
        lines.extend(made.notes.iter().map(|note| wrapped(note, console.columns, "Note   ", "       ")));
        let judged =
            "the data give the resources of states, not their beliefs: every number that is a judgement is marked `judgement`";
        lines.push(wrapped(judged, console.columns, "Look   ", "       "));
        lines.push(format!(
            "Next   spiral check {out}\n       spiral run {out}\n       spiral validate {out} --nmc {}",
            nmc.display()
        ));
        console.print(&lines.join("\n"))
    }
}

/// Folder and name of a file that is to be written, and does not exist yet.
fn target(out: &Path) -> Result<(PathBuf, String), Failure> {
    let usage = |message: String| Failure::Usage(message);
    let name = out.file_name().ok_or_else(|| usage(format!("--out {} names no file", out.display())))?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(usage(format!("--out {}: there is no folder {}", out.display(), folder.display())));
    }
    if out.exists() {
        return Err(usage(format!("{} exists already; give another name with --out, or remove the file", out.display())));
    }
    Ok((folder.to_path_buf(), name.to_string_lossy().into_owned()))
}
