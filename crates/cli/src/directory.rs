//! The directory of a study if `--out` gives none: the same study always has the same directory, a different study a different one.

use std::path::{Path, PathBuf};

use crate::arguments::{Changes, InPlaceOfTheFile, Keeping, Panel, Rows, Sampling, Uncertain};
use crate::failure::Failure;
use spiral_results::PanelPeriod;

/// Folder in which studies are put.
const STUDIES: &str = "studies";
/// Longest name of a study that every file system accepts.
const LONGEST_NAME: usize = 200;

/// The directory of a study of scenarios.
pub(crate) fn of_scenarios(kind: &str, names: &[&str], sampling: &Sampling, changes: &Changes) -> Result<PathBuf, Failure> {
    let mut more = uncertain(&sampling.uncertain);
    if sampling.through_war {
        more.push("through-war".to_string());
    }
    if let Some(events) = sampling.events.filter(|events| *events != spiral_results::EVENTS) {
        more.push(format!("events{events}"));
    }
    more.extend(panel(&sampling.panel));
    let number = sampling.histories.number;
    let histories = (number != spiral_results::HISTORIES).then_some(number);
    named(kind, names, histories, sampling.seed.number, &sampling.keeping, changes, more)
}

/// What `--uncertain` adds to a name.
pub(crate) fn uncertain(option: &Uncertain) -> Vec<String> {
    option.asked.then(|| "uncertain".to_string()).into_iter().collect()
}

/// What `--panel` and `--panel-by` add to a name.
pub(crate) fn panel(option: &Panel) -> Option<String> {
    let asked = option.options()?;
    let number = if asked.histories == u32::MAX { "all".to_string() } else { asked.histories.to_string() };
    let by = if asked.by == PanelPeriod::Year { String::new() } else { format!("-{}", asked.by.name()) };
    Some(format!("panel{number}{by}"))
}

/// What `--rows` adds to a name.
pub(crate) fn rows(option: &Rows) -> Option<String> {
    let rows = option.options();
    (!rows.is_all()).then(|| format!("rows-{}", rows.name()))
}

/// `studies/KIND-NAMES`, followed by the options that differ from the defaults.
pub(crate) fn named(
    kind: &str,
    names: &[&str],
    histories: Option<u32>,
    seed: u64,
    keeping: &Keeping,
    changes: &Changes,
    more: Vec<String>,
) -> Result<PathBuf, Failure> {
    if let Some(directory) = &keeping.out {
        return Ok(directory.clone());
    }
    let mut parts = vec![kind.to_string()];
    parts.extend(names.iter().map(|name| {
        let end = name.strip_suffix(".ron").unwrap_or(name);
        let built_in = spiral_scenario::catalogue().iter().any(|entry| name.split('/').next() == Some(entry.name));
        if built_in { end.to_string() } else { end.rsplit('/').next().unwrap_or(end).to_string() }
    }));
    parts.extend(histories.map(|histories| format!("n{histories}")));
    if seed != spiral_results::SEED {
        parts.push(format!("seed{seed}"));
    }
    parts.extend(changes.set.iter().map(|(path, value)| format!("{path}={value}")));
    parts.extend(changes.without.iter().map(|name| format!("without-{name}")));
    parts.extend(changes.years.iter().map(|(from, to)| format!("{from}to{to}")));
    parts.extend(more);
    fit(&parts)
}

/// `studies/KIND-FILE`, followed by the options that differ from the file.
pub(crate) fn of_file(
    kind: &str,
    file: &str,
    in_place: &InPlaceOfTheFile,
    more: Vec<String>,
    keeping: &Keeping,
) -> Result<PathBuf, Failure> {
    if let Some(directory) = &keeping.out {
        return Ok(directory.clone());
    }
    let stem = Path::new(file).file_stem();
    let name = stem.map_or_else(|| "study".to_string(), |stem| stem.to_string_lossy().into_owned());
    let mut parts = if name.starts_with(kind) { vec![name] } else { vec![kind.to_string(), name] };
    parts.extend(in_place.histories.map(|histories| format!("n{histories}")));
    parts.extend(in_place.seed.map(|seed| format!("seed{seed}")));
    parts.extend(more);
    fit(&parts)
}

/// A directory below `studies`, with a name that every file system accepts.
fn fit(parts: &[String]) -> Result<PathBuf, Failure> {
    let fit = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '=') { c } else { '-' };
    let name: String = parts.join("-").chars().map(fit).collect();
    if name.len() > LONGEST_NAME {
        return Err(Failure::Usage("the name of this study would be too long for a directory; name one with --out".to_string()));
    }
    Ok(Path::new(STUDIES).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Csv, Histories, Json, Resume, Seed, Threads};

    fn sampling() -> Sampling {
        Sampling {
            histories: Histories { number: 1000 },
            seed: Seed { number: 1 },
            uncertain: Uncertain::default(),
            keeping: Keeping::default(),
            through_war: false,
            events: Some(1000),
            panel: Panel::default(),
        }
    }

    fn directory(names: &[&str], sampling: &Sampling, set: &[(&str, &str)]) -> String {
        let set = set.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect();
        let changes = Changes { set, without: Vec::new(), years: None };
        of_scenarios("ensemble", names, sampling, &changes)
            .map_or_else(|error| error.to_string(), |path| path.display().to_string())
    }

    #[test]
    fn a_study_is_named_after_what_tells_it_apart() {
        assert_eq!(directory(&["pre-wwi"], &sampling(), &[]), "studies/ensemble-pre-wwi");
        assert_eq!(
            directory(&["four-worlds/offence-distinguishable"], &sampling(), &[]),
            "studies/ensemble-four-worlds-offence-distinguishable"
        );
        assert_eq!(directory(&["../my worlds/a.ron"], &sampling(), &[]), "studies/ensemble-a");
        let other = Sampling { histories: Histories { number: 20 }, seed: Seed { number: 3 }, ..sampling() };
        assert_eq!(directory(&["pre-wwi"], &other, &[("a.b", "0.5")]), "studies/ensemble-pre-wwi-n20-seed3-a.b=0.5");
        let drawn = Sampling { uncertain: Uncertain { asked: true }, ..sampling() };
        assert_eq!(directory(&["pre-wwi"], &drawn, &[]), "studies/ensemble-pre-wwi-uncertain");
        let panel = Sampling { panel: Panel { number: Some(30), by: Some(PanelPeriod::Tick) }, ..sampling() };
        assert_eq!(directory(&["pre-wwi"], &panel, &[]), "studies/ensemble-pre-wwi-panel30-tick");
        // An option that does not change the results does not change the name.
        let keeping = Keeping {
            threads: Threads { number: Some(2) },
            out: None,
            resume: Resume { asked: true },
            json: Json { asked: true },
            csv: Csv { asked: true },
        };
        let same = Sampling { keeping, ..sampling() };
        assert_eq!(directory(&["pre-wwi"], &same, &[]), "studies/ensemble-pre-wwi");
        assert!(directory(&["pre-wwi"], &sampling(), &[("x", &"9".repeat(300))]).contains("--out"));
    }
}
