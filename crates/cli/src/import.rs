//! `spiral import cow`: a scenario from a user's own Correlates of War files.

use std::path::Path;

use spiral_scenario::import::{CowRequest, YEARS, cow};

use crate::commands::import::{Cow, Import, Source};
use crate::console::{Console, wrapped};
use crate::failure::Failure;

pub(crate) fn import(arguments: &Import, console: Console) -> Result<(), Failure> {
    let Source::Cow(arguments) = &arguments.source;
    let (folder, file) = target(&arguments.out)?;
    let name = Path::new(&file).file_stem().map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
    let Cow { nmc, contiguity, alliances, year, states, .. } = arguments;
    let made = cow(&CowRequest { nmc, contiguity, alliances: alliances.as_deref(), year: *year, states, name: &name })?;
    spiral_study::write_atomically(&folder, &file, made.text.as_bytes())?;
    if console.quiet {
        return Ok(());
    }
    let out = arguments.out.display();
    let mut lines = vec![format!("{out}: {} states, {year} to {}", made.states.len(), year + YEARS)];
    lines.extend([made.states.join(" ")].iter().map(|codes| wrapped(codes, console.columns, "  ", "  ")));
    lines.extend(made.notes.iter().map(|note| wrapped(note, console.columns, "Note   ", "       ")));
    let judged = "the files say what states had, not what they believed: every number in it that is a judgement says so";
    lines.push(wrapped(judged, console.columns, "Look   ", "       "));
    lines.push(format!(
        "Next   spiral check {out}\n       spiral run {out}\n       spiral validate {out} --nmc {}",
        nmc.display()
    ));
    console.print(&lines.join("\n"))
}

/// Folder and name of a file that is to be written, and does not exist yet.
fn target(out: &Path) -> Result<(std::path::PathBuf, String), Failure> {
    let usage = |message: String| Failure::Usage(message);
    let name = out.file_name().ok_or_else(|| usage(format!("--out {} names no file", out.display())))?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(usage(format!("--out {}: there is no folder {}", out.display(), folder.display())));
    }
    if out.exists() {
        return Err(usage(format!("{} is there already; name another file with --out, or remove it", out.display())));
    }
    Ok((folder.to_path_buf(), name.to_string_lossy().into_owned()))
}
