//! `spiral import`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use spiral_scenario::import::{CowFiles, CowRequest, Missing, Note, cow};

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
#[expect(clippy::struct_field_names, reason = "a flag has the name that users know")]
pub(crate) struct Cow {
    /// A folder with the data files: each is recognised by its columns. The options below add to it or replace what is found
    #[arg(long, value_name = "DIR", required_unless_present_all = ["nmc", "contiguity"])]
    pub(crate) cow: Option<PathBuf>,
    /// National Material Capabilities, any release (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) nmc: Option<PathBuf>,
    /// Direct Contiguity, by dyad-year or by spell (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) contiguity: Option<PathBuf>,
    /// COW or ATOP alliances, by dyad-year, by dyad or by member (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) alliances: Option<PathBuf>,
    /// Output a head by state and year, such as the Maddison Project's (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) gdp: Option<PathBuf>,
    /// Wars by participant: their years make no habitual burden (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) wars: Option<PathBuf>,
    /// Militarised disputes, dyadic or by participant (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) disputes: Option<PathBuf>,
    /// Capitals with latitude and longitude (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) capitals: Option<PathBuf>,
    /// Members of the state system, with first and last year (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) system: Option<PathBuf>,
    /// Year in which the scenario begins; it lasts twenty years, or until a great power or a named state ends
    #[arg(long, value_name = "Y", allow_negative_numbers = true, value_parser = whole(1500..=2500))]
    pub(crate) year: i32,
    /// States by code, abbreviation, number or name; `all` takes every state of the year [default: the great powers of the year]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) states: Vec<String>,
    /// Use nothing after this year: the world as it was known then
    #[arg(long, value_name = "Y", allow_negative_numbers = true, value_parser = whole(1500..=2500))]
    pub(crate) as_of: Option<i32>,
    /// What to do about missing cells: take a value between the years around, the nearest year, spending by the number of soldiers, or
    /// leave the state out. What is filled is a judgement with a range
    #[arg(long, value_name = "HOW", default_value = "interpolate", value_parser = missing)]
    pub(crate) missing: Missing,
    /// Print every note in full
    #[arg(long)]
    pub(crate) verbose: bool,
    /// File to write; must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// Reads a way to fill missing cells.
fn missing(text: &str) -> Result<Missing, String> {
    let found = Missing::NAMES.iter().find(|(name, _)| *name == text).map(|(_, missing)| *missing);
    let names: Vec<&str> = Missing::NAMES.iter().map(|(name, _)| *name).collect();
    found.ok_or_else(|| format!("one of {}", names.join(", ")))
}

impl Cow {
    /// The files that are given, and those of the folder for the rest; what is to be said about them.
    fn files(&self) -> Result<(CowFiles, Vec<Note>), Failure> {
        let Self { cow, nmc, contiguity, alliances, gdp, wars, disputes, capitals, system, .. } = self;
        let mut files = CowFiles {
            nmc: nmc.clone(),
            contiguity: contiguity.clone(),
            alliances: alliances.clone(),
            gdp: gdp.clone(),
            wars: wars.clone(),
            disputes: disputes.clone(),
            capitals: capitals.clone(),
            system: system.clone(),
        };
        let notes = cow.as_ref().map(|folder| files.add_folder(folder)).transpose()?.unwrap_or_default();
        Ok((files, notes))
    }
}

impl Import {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let console = call.console;
        let Source::Cow(arguments) = &self.source;
        let (folder, file) = target(&arguments.out)?;
        let name = Path::new(&file).file_stem().map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
        let Cow { year, states, as_of, missing, verbose, .. } = arguments;
        let (files, mut notes) = arguments.files()?;
        let request =
            CowRequest { files: &files, year: *year, begins: None, states, as_of: *as_of, missing: *missing, name: &name };
        let made = cow(&request)?;
        spiral_results::write_file(&folder, &file, made.text.as_bytes())?;
        if console.quiet {
            return Ok(());
        }
        notes.extend(made.notes);
        let out = arguments.out.display();
        let mut lines = vec![format!("{out}: {} states, {year} to {}", made.states.len(), made.end)];
        lines.push(wrapped(&made.states.join(" "), console.columns, "  ", "  "));
        for note in &notes {
            lines.push(wrapped(&note.summary, console.columns, "Note   ", "       "));
            if *verbose {
                lines.extend(note.details.iter().map(|detail| wrapped(detail, console.columns, "         ", "           ")));
            }
        }
        if !verbose && notes.iter().any(|note| !note.details.is_empty()) {
            lines.push("       --verbose names every case".to_string());
        }
        let judged =
            "the data give the resources of states, not their beliefs: every number that is a judgement is marked `judgement`";
        lines.push(wrapped(judged, console.columns, "Look   ", "       "));
        let nmc = files.nmc.as_ref().map_or_else(String::new, |nmc| format!(" --nmc {}", nmc.display()));
        lines.push(format!("Next   spiral check {out}\n       spiral run {out}\n       spiral validate {out}{nmc}"));
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
