//! The command, and the calls of Python and R, that give the same numbers.

use crate::world::Run;

/// The command of the command line that gives the numbers of a run, ready to be pasted into a shell.
#[must_use]
pub fn command(run: &Run) -> String {
    let b = run.b.name();
    let words = match run.pinned() {
        Some(a) => format!("spiral compare {} {}", quoted(&a.name()), quoted(&b)),
        None => format!("spiral ensemble {}", quoted(&b)),
    };
    format!("{words} -n {} --seed {}", run.histories, run.seed)
}

/// The call of the Python package that gives the numbers of a run.
#[must_use]
pub fn python(run: &Run) -> String {
    let b = literal(&run.b.name());
    let call = match run.pinned() {
        Some(a) => format!("compare({}, {b}", literal(&a.name())),
        None => format!("ensemble({b}"),
    };
    format!("import spiral\nstudy = spiral.{call}, histories={}, seed={})\nprint(study.summary)", run.histories, run.seed)
}

/// The call of R that gives the numbers of a run: the command, and its table of outcomes.
#[must_use]
pub fn r(run: &Run) -> String {
    let b = run.b.name();
    let words = match run.pinned() {
        Some(a) => vec!["compare".to_string(), a.name(), b],
        None => vec!["ensemble".to_string(), b],
    };
    let (histories, seed) = (run.histories.to_string(), run.seed.to_string());
    let rest = ["-n", &histories, "--seed", &seed, "--csv", "--out"].map(str::to_string);
    let words: Vec<String> = words.iter().chain(&rest).map(|word| literal(word)).collect();
    // A new folder for each call: the program writes into no folder that holds a study, and R would read the old tables.
    [
        "folder <- tempfile(\"study\")".to_string(),
        format!("stopifnot(system2(\"spiral\", shQuote(c({}, folder))) == 0)", words.join(", ")),
        "outcomes <- read.csv(file.path(folder, \"outcomes.csv\"))".to_string(),
    ]
    .join("\n")
}

/// A text as Python and R write it.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if word.chars().all(plain) { word.to_string() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorldRequest;

    #[test]
    fn stars_are_quoted() {
        let set = vec![("pairs.*.contact".to_string(), "1".to_string())];
        let b = WorldRequest { scenario: "two-states".to_string(), set, without: vec!["trade".to_string()], edit: None };
        let run = Run { a: None, b, seed: 3, histories: 64 };
        assert_eq!(command(&run), "spiral ensemble 'two-states+pairs.*.contact=1+without=trade' -n 64 --seed 3");
        assert_eq!(
            python(&run).lines().nth(1),
            Some("study = spiral.ensemble(\"two-states+pairs.*.contact=1+without=trade\", histories=64, seed=3)")
        );
        let a = Some(WorldRequest { scenario: "C:\\w\"x.ron".to_string(), ..WorldRequest::default() });
        assert_eq!(
            r(&Run { a, ..run }).lines().nth(1),
            Some(
                "stopifnot(system2(\"spiral\", shQuote(c(\"compare\", \"C:\\\\w\\\"x.ron\", \
                 \"two-states+pairs.*.contact=1+without=trade\", \"-n\", \"64\", \"--seed\", \"3\", \"--csv\", \"--out\", folder))) == 0)"
            )
        );
    }
}
