//! Commented copies of the files that come with the program: where a user's own scenario or study begins.

use crate::study::catalogue::{StudyEntry, study_catalogue};
use crate::syntax::problem::{Error, Finding, wrapped};
use crate::syntax::reader::FileKind;
use crate::syntax::words::{advice, nearest, plain, quote};
use crate::world::catalogue::catalogue;

/// Columns of the list of members at the head of a copy.
const COLUMNS: usize = 110;

/// The text of a built-in scenario, study or calibration file with its comments, below a few lines that say how to run the copy.
///
/// `from` is the name of a file. `scenarios/NAME` and `studies/NAME` choose between a scenario and a study of the same name; the
/// bare name means the scenario. A member, such as `four-worlds/offence-distinguishable`, gives the file that holds it. `file` is
/// the path of the copy: the lines at its beginning name it.
///
/// # Errors
/// Where no built-in file has the name; see [`Error`].
pub fn commented_copy(from: &str, file: &str) -> Result<String, Error> {
    let Original { name, kind, members, member, text } = original(from)?;
    let what = match kind {
        FileKind::Scenario => "scenario",
        FileKind::Study => "study",
        FileKind::Calibration => "calibration",
    };
    let file = shown(file);
    let one = member.map_or_else(|| file.clone(), |member| format!("{file}/{member}"));
    let commands = match kind {
        FileKind::Scenario => vec![
            (format!("spiral check {file}"), "find mistakes, each with its line"),
            (format!("spiral show {one}"), "list every number with its unit, meaning and source"),
            (format!("spiral run {one}"), "simulate one history"),
            (format!("spiral ensemble {file}"), "simulate many histories"),
        ],
        FileKind::Study if text.contains("kind: \"morris\"") || text.contains("kind: \"saltelli\"") => {
            vec![(format!("spiral sensitivity {file}"), "run the study and rank its factors")]
        }
        FileKind::Study => vec![(format!("spiral sweep {file}"), "run the study")],
        FileKind::Calibration => vec![(format!("spiral calibrate {file}"), "run the calibration")],
    };
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    let mut head = vec![
        format!("A copy of the built-in {what} {name}. You may change everything: the original is not affected."),
        String::new(),
    ];
    head.extend(commands.iter().map(|(command, does)| format!("  {command:width$}   {does}")));
    if !members.is_empty() {
        let members = format!("The file holds several scenarios. {file}/NAME is one of them alone: {}.", members.join(", "));
        head.push(String::new());
        head.extend(wrapped(&members, COLUMNS, "", "").lines().map(str::to_string));
    }
    head.extend([String::new(), "The text of the original follows.".to_string()]);
    let head: Vec<String> = head.iter().map(|line| format!("// {line}").trim_end().to_string()).collect();
    Ok(format!("{}\n\n{text}", head.join("\n")))
}

/// A built-in file.
struct Original {
    name: &'static str,
    kind: FileKind,
    members: Vec<String>,
    /// The member that was asked for, or the first.
    member: Option<String>,
    text: &'static str,
}

impl From<StudyEntry> for Original {
    fn from(StudyEntry { name, kind, text, .. }: StudyEntry) -> Self {
        Self { name, kind, members: Vec::new(), member: None, text }
    }
}

fn original(from: &str) -> Result<Original, Error> {
    let (scenarios, studies) = (catalogue(), study_catalogue());
    let unknown = |help: String| {
        let message = format!("no built-in scenario or study has the name {}", quote(from));
        Error::one("", Finding::new(message).help(help))
    };
    let study = |name: &str| studies.iter().find(|entry| entry.name == name).cloned().map(Original::from);
    if let Some(name) = from.strip_prefix("studies/") {
        return study(name).ok_or_else(|| unknown(advice(name, studies.iter().map(|entry| entry.name))));
    }
    let path = from.strip_prefix("scenarios/").unwrap_or(from);
    let (front, asked) = path.split_once('/').map_or((path, None), |(front, member)| (front, Some(member)));
    if let Some(entry) = scenarios.iter().find(|entry| entry.name == front) {
        let member = match asked {
            Some(asked) if !entry.members.iter().chain(&entry.variants).any(|name| name == asked) => {
                let (kind, names) =
                    if entry.variants.is_empty() { ("member", &entry.members) } else { ("variant", &entry.variants) };
                let help = if names.is_empty() {
                    format!("{front} has no members: write `{front}`")
                } else {
                    advice(asked, names.iter().map(String::as_str))
                };
                return Err(Error::one("", Finding::new(format!("no {kind} {} in {front}", quote(asked))).help(help)));
            }
            Some(asked) => Some(asked.to_string()),
            None => entry.members.first().cloned(),
        };
        return Ok(Original {
            name: entry.name,
            kind: FileKind::Scenario,
            members: entry.members.clone(),
            member,
            text: entry.text,
        });
    }
    if let Some(study) = study(from) {
        return Ok(study);
    }
    let names: Vec<&str> = catalogue().iter().map(|entry| entry.name).chain(studies.iter().map(|entry| entry.name)).collect();
    let near = nearest(from, names.iter().copied()).or_else(|| nearest(front, names.iter().copied()));
    Err(unknown(near.map_or_else(|| advice(from, names.iter().copied()), |near| format!("did you mean `{near}`?"))))
}

/// A path quoted for a shell, on one line.
fn shown(file: &str) -> String {
    let file = plain(file);
    if file.contains(char::is_whitespace) { format!("\"{file}\"") } else { file }
}
