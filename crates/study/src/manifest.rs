//! What a study is: enough to distinguish two studies, to read the tables, and to make every setup again.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use spiral_ensemble::{Frame, PanelOptions};
use spiral_model::Setup;
use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{DyadInputs, StateInputs, Target};
use spiral_model::specification::Group;

use crate::plan::{KeptRows, Layout, Plan, Request};
use crate::{AttributionSource, Error, StudyKind, files, identity};
use spiral_scenario::StudySource;

/// Format of a study directory: of `manifest.json`, of the tables in the same directory and of the identities in it. Format 3
/// has the worlds of the second edition of the model; format 2 had those of the first.
pub const FORMAT: u32 = 3;
/// Name of the file.
pub(crate) const NAME: &str = "manifest.json";

/// `manifest.json`. Holds no clock and no number of threads: the same study has the same manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of the directory.
    pub format: u32,
    /// Version of the program.
    pub version: String,
    /// What kind of study it is.
    pub kind: StudyKind,
    /// Title.
    pub title: String,
    /// Seed of every draw.
    pub seed: u64,
    /// Histories of each point.
    pub histories: u32,
    /// Whether curves follow a history past its first war.
    pub through_war: bool,
    /// Histories of each point whose events are kept: those numbered below this.
    pub events_for: u32,
    /// Which histories of each point are kept as rows of states and dyads; left out of the file where none are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<PanelOptions>,
    /// Whether every two histories draw the judgements from their ranges; left out of the file where they do not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Which rows of single histories are kept; left out of the file where every history has one.
    #[serde(default, skip_serializing_if = "KeptRows::is_all")]
    pub rows: KeptRows,
    /// Histories of a part: how the work is cut.
    pub part_histories: u32,
    /// Machine kind.
    pub host: Host,
    /// The worlds.
    pub points: Vec<ManifestPoint>,
    /// Texts of the scenario files, by their blake3 hash.
    pub texts: BTreeMap<String, String>,
    /// The texts of the study file, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudySource>,
    /// What an attribution is made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<AttributionSource>,
    /// Whether the tables are written.
    pub complete: bool,
}

/// The kind of machine that a study ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
}

/// One world in the manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestPoint {
    /// Position in the design.
    pub point: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// What it was made from, without the text of its file: [`Manifest::request`] gives it with the text.
    pub request: Request,
    /// Hash of the text of its file, a key of [`Manifest::texts`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Identity of the resolved world: blake3 of its canonical JSON text with the format before it.
    pub hash: String,
    /// First and last date.
    pub years: (f64, f64),
    /// Ticks in a year.
    pub ticks_per_year: u32,
    /// Codes of the states, in order.
    pub states: Vec<String>,
    /// Whether curves are kept for every state, or (very large worlds) for the system only.
    pub state_curves: bool,
    /// Mechanisms that are switched off.
    pub without: Vec<String>,
    /// Whether it is a world between the two scenarios of an attribution: its numbers are all theirs, and `values` leaves them out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub between: bool,
    /// Numbers at the start, by path (in very large worlds those of the system only): all of them for the first point, for the
    /// others those that differ from the first (null where the path names nothing there). [`Manifest::values`] gives all of them.
    pub values: BTreeMap<String, Option<f64>>,
}

impl Manifest {
    /// The manifest of a plan, not yet complete.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut texts = BTreeMap::new();
        let mut points: Vec<ManifestPoint> = Vec::with_capacity(plan.points.len());
        let mut first: BTreeMap<String, Option<f64>> = BTreeMap::new();
        for (position, point) in plan.points.iter().enumerate() {
            let setup = &point.setup;
            let last = plan.attribution.as_ref().and_then(|attribution| attribution.point_of.last());
            let between = position > 0 && last.is_some_and(|last| *last as usize != position);
            let mut values = if between { BTreeMap::new() } else { values(setup) };
            if position == 0 {
                first.clone_from(&values);
            } else if !between {
                let gone = first.keys().filter(|path| !values.contains_key(*path)).cloned().collect::<Vec<_>>();
                // Compared by bits, so that a NaN is equal to itself.
                let bits = |value: Option<&Option<f64>>| value.map(|value| value.map(f64::to_bits));
                values.retain(|path, value| bits(first.get(path)) != bits(Some(value)));
                values.extend(gone.into_iter().map(|path| (path, None)));
            }
            let text = point.request.text.as_ref().map(|text| {
                let hash = blake3::hash(text.as_bytes()).to_hex().to_string();
                texts.entry(hash.clone()).or_insert_with(|| text.clone());
                hash
            });
            points.push(ManifestPoint {
                point: position as u32,
                scenario: point.scenario.clone(),
                request: Request { text: None, ..point.request.clone() },
                text,
                hash: identity::of(setup),
                years: (setup.horizon.start, setup.horizon.end),
                ticks_per_year: setup.horizon.ticks_per_year,
                states: setup.states.iter().map(|state| state.code.clone()).collect(),
                state_curves: Frame::has_states(setup),
                without: setup.without.iter().cloned().collect(),
                between,
                values,
            });
        }
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_string(),
            kind: plan.kind,
            title: plan.title.clone(),
            seed: plan.seed,
            histories: plan.histories,
            through_war: plan.through_war,
            events_for: plan.events_for,
            panel: plan.panel,
            uncertain: plan.uncertain,
            rows: plan.rows,
            part_histories: Layout::new(plan).part_histories,
            host: Host { os: std::env::consts::OS.to_string(), arch: std::env::consts::ARCH.to_string() },
            points,
            texts,
            study: plan.sweep.as_ref().map(|sweep| sweep.source.clone()),
            attribution: plan.attribution.as_ref().map(|attribution| attribution.source.clone()),
            complete: false,
        }
    }

    /// What point `point` was made from, with the text of its file.
    #[must_use]
    pub fn request(&self, point: usize) -> Option<Request> {
        let point = self.points.get(point)?;
        let text = point.text.as_ref().and_then(|hash| self.texts.get(hash)).cloned();
        Some(Request { text, ..point.request.clone() })
    }

    /// Every number of point `point` at the start, by path. `None` for a world between the two scenarios of an attribution.
    #[must_use]
    pub fn values(&self, point: usize) -> Option<BTreeMap<String, f64>> {
        let own = self.points.get(point).filter(|own| !own.between)?;
        let mut values = self.points.first()?.values.clone();
        values.extend(own.values.clone());
        Some(values.into_iter().filter_map(|(path, value)| Some((path, value?))).collect())
    }

    /// Reads the manifest of a directory, if there is one.
    pub(crate) fn read(directory: &Path) -> Result<Option<Self>, Error> {
        let path = directory.join(NAME);
        let Some(bytes) = files::read(&path)? else { return Ok(None) };
        Self::from_json(&bytes, directory).map(Some)
    }

    /// Reads the text of a manifest; `directory` is where an error says that it stands.
    pub(crate) fn from_json(bytes: &[u8], directory: &Path) -> Result<Self, Error> {
        let path = directory.join(NAME);
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| Error::damaged(&path, error))?;
        let format = value.get("format").and_then(serde_json::Value::as_u64);
        if format != Some(u64::from(FORMAT)) {
            let version = value.get("version").and_then(serde_json::Value::as_str).map(str::to_string);
            return Err(Error::Format { path: directory.to_path_buf(), format, version });
        }
        serde_json::from_value(value).map_err(|error| Error::damaged(&path, error))
    }

    /// Writes the manifest, completely or not at all.
    pub(crate) fn write(&self, directory: &Path) -> Result<(), Error> {
        files::write_atomically(directory, NAME, self.text(directory)?.as_bytes())
    }

    pub(crate) fn text(&self, directory: &Path) -> Result<String, Error> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| Error::damaged(&directory.join(NAME), error))?;
        text.push('\n');
        Ok(text)
    }

    /// Stores that a finished sweep is now a sensitivity study, if that is what is asked for. The other way round nothing changes: the
    /// sensitivity indices stay in the directory.
    pub(crate) fn raise_kind(&self, asked: &Self, directory: &Path) -> Result<(), Error> {
        if self.kind == StudyKind::Sweep && asked.kind == StudyKind::Sensitivity {
            return Self { kind: asked.kind, ..self.clone() }.write(directory);
        }
        Ok(())
    }

    /// How the study in `directory` differs from the one that is asked for, one line for each difference; empty if it is the
    /// same study.
    pub(crate) fn differences(&self, asked: &Self, directory: &Path) -> Result<Vec<String>, Error> {
        let mut asked = Self { complete: self.complete, ..asked.clone() };
        let mut lines = Vec::new();
        if self.text(directory)? == asked.text(directory)? {
            return Ok(lines);
        }
        // What JSON cannot hold is lost on both sides alike.
        let text = asked.text(directory)?;
        asked = serde_json::from_str(&text).map_err(|error| Error::damaged(&directory.join(NAME), error))?;
        let mut compare = |what: &str, there: String, here: String| {
            if there != here {
                lines.push(format!("{what}: {there} there, {here} asked for"));
            }
        };
        compare("program version", self.version.clone(), asked.version.clone());
        if !self.kind.continues_as(asked.kind) {
            compare("kind", self.kind.to_string(), asked.kind.to_string());
        }
        compare("title", format!("{:?}", self.title), format!("{:?}", asked.title));
        compare("seed", self.seed.to_string(), asked.seed.to_string());
        compare("histories", self.histories.to_string(), asked.histories.to_string());
        compare("through-war", self.through_war.to_string(), asked.through_war.to_string());
        compare("histories with events", self.events_for.to_string(), asked.events_for.to_string());
        let panel = |panel: Option<PanelOptions>| {
            let Some(PanelOptions { histories, by }) = panel else { return "none".to_string() };
            let number = if histories == u32::MAX { "all".to_string() } else { histories.to_string() };
            format!("{number} by {}", by.name())
        };
        compare("histories in the panel", panel(self.panel), panel(asked.panel));
        compare("judgements drawn", self.uncertain.to_string(), asked.uncertain.to_string());
        compare("rows of histories", self.rows.name().to_string(), asked.rows.name().to_string());
        compare("size of parts", self.part_histories.to_string(), asked.part_histories.to_string());
        compare("operating system", self.host.os.clone(), asked.host.os.clone());
        compare("architecture", self.host.arch.clone(), asked.host.arch.clone());
        if self.study != asked.study {
            // Seed and histories have lines of their own.
            let text = |study: &Option<StudySource>| {
                let Some(study) = study else { return "none".to_string() };
                format!("{} {}", study.file, &identity::of(&StudySource { histories: None, seed: None, ..study.clone() })[..8])
            };
            compare("study file, by name and text", text(&self.study), text(&asked.study));
        }
        if self.attribution != asked.attribution {
            let text = |source: &Option<AttributionSource>| {
                let Some(source) = source else { return "none".to_string() };
                let (a, b, outcomes) = (&source.a.scenario, &source.b.scenario, source.outcomes.join(", "));
                format!("{a} and {b}, {outcomes}, {}", &identity::of(source)[..8])
            };
            compare("scenarios, outcomes and hash of both texts", text(&self.attribution), text(&asked.attribution));
        }
        compare("number of points", self.points.len().to_string(), asked.points.len().to_string());
        for (position, (there, here)) in self.points.iter().zip(&asked.points).enumerate() {
            if there.scenario != here.scenario {
                lines.push(format!("point {position}: scenario {} there, {} asked for", there.scenario, here.scenario));
            } else if there.hash != here.hash {
                lines.push(format!("point {position} ({}): {}", there.scenario, self.what_differs(&asked, position)));
            } else if self.request(position) != asked.request(position) {
                lines.push(format!("point {position} ({}): the same world, but requested with other options", there.scenario));
            }
        }
        Ok(lines)
    }

    /// The first few numbers in which a point differs.
    fn what_differs(&self, asked: &Self, point: usize) -> String {
        const MOST: usize = 5;
        let there = self.values(point).unwrap_or_default();
        let here = asked.values(point).unwrap_or_default();
        let number = |value: Option<&f64>| value.map_or_else(|| "nothing".to_string(), f64::to_string);
        let paths: std::collections::BTreeSet<&String> = there.keys().chain(here.keys()).collect();
        let all: Vec<String> = paths
            .into_iter()
            .filter(|path| there.get(*path) != here.get(*path))
            .map(|path| format!("{path} {} there, {} asked for", number(there.get(path)), number(here.get(path))))
            .collect();
        match all.len() {
            0 => "its rules, years, dated changes, incidents or mechanisms".to_string(),
            1..=MOST => all.join("; "),
            more => format!("{}; and {} more", all[..MOST].join("; "), more - MOST),
        }
    }
}

/// Above this many numbers, the numbers of states and dyads are compared by the hash only.
const MOST_VALUES: usize = 200_000;

/// Every number of a setup at the start, by canonical path; in a very large world those of the system only.
fn values(setup: &Setup) -> BTreeMap<String, Option<f64>> {
    let mut targets = Vec::new();
    for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
        targets.extend((0..specifications.len()).map(|field| Target::System(group, field)));
    }
    let states = setup.states.len() * StateInputs::SPECIFICATIONS.len();
    let all = states + setup.dyads.len() * DyadInputs::SPECIFICATIONS.len() <= MOST_VALUES;
    for state in (0..setup.states.len()).filter(|_| all) {
        targets.extend((0..StateInputs::SPECIFICATIONS.len()).map(|field| Target::State(state, field)));
    }
    for dyad in (0..setup.dyads.len()).filter(|_| all) {
        targets.extend((0..DyadInputs::SPECIFICATIONS.len()).map(|field| Target::Dyad(dyad, field)));
    }
    targets.into_iter().map(|target| (setup.path(target), Some(setup.get(target)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AttributionPlan;

    /// The manifest of `two-states` compared with one in which a mechanism is switched off and some numbers are changed.
    fn beside(without: &[&str], set: &[(&str, &str)]) -> Manifest {
        let a = Request { scenario: "two-states".to_string(), ..Request::default() };
        let b = Request {
            without: without.iter().map(ToString::to_string).collect(),
            set: set.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect(),
            ..a.clone()
        };
        let source = AttributionSource { a, b, outcomes: vec!["war".to_string()], counterparts: Vec::new() };
        Manifest::new(&AttributionPlan::plan(source, 16, 1, false).expect("worlds lie between the two"))
    }

    #[test]
    fn a_second_scenario_that_differs_in_no_number_has_the_numbers_of_the_first() {
        let manifest = beside(&["prevention"], &[]);
        assert_eq!(manifest.points.len(), 2);
        assert!(manifest.values(0).is_some() && manifest.values(1) == manifest.values(0));
    }

    #[test]
    fn worlds_between_two_scenarios_keep_their_numbers_to_themselves() {
        let manifest = beside(&[], &[("technology.balance", "0.5"), ("beliefs.suspicion", "0.4")]);
        let known: Vec<bool> = (0..manifest.points.len()).map(|point| manifest.values(point).is_some()).collect();
        assert_eq!(known, [true, false, false, true]);
        let last = manifest.values(3).expect("the second scenario");
        assert_eq!((last["technology.balance"], last["beliefs.suspicion"]), (0.5, 0.4));
    }
}
