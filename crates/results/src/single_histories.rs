//! Single histories for figures: their curves under the fans, and the phase portrait of a dyad.

use std::collections::BTreeMap;
use std::path::Path;

use spiral_figures::{Figure, MOST_SINGLES, PhasePortrait, SingleCurve, StraightLine};
use spiral_model::setup::Setup;
use spiral_scenario::{Scenario, nearest};
use spiral_study::{Study, StudyKind};

use crate::Error;
use crate::worlds::{World, again};

/// Curves of one state in one history while they are gathered: arms at the start of a year, burden of the year.
#[derive(Debug, Default)]
struct Curves {
    arms: Vec<(f64, f64)>,
    burden: Vec<(f64, f64)>,
}

/// Whether a year begins on a date. Decimal years are sums of fractions such as 1/12.
fn begins_a_year(date: f64) -> bool {
    (date - date.round()).abs() < 1e-6
}

/// Curves of the first histories that are kept as panels, one value a year: arms as the year begins, the burden of the year at its middle.
/// Of a panel by tick only the burden of the first tick of a year is known here; it is left out.
pub(crate) fn singles(study: &Study) -> Result<Vec<SingleCurve>, Error> {
    let manifest = study.manifest();
    let by_year = manifest.panel.is_some_and(|panel| panel.by == spiral_study::PanelPeriod::Year);
    let mut found: BTreeMap<(u32, u32, u32), Curves> = BTreeMap::new();
    study.for_each_state_row(|point, row| {
        if row.history as usize >= MOST_SINGLES || !begins_a_year(row.date) {
            return;
        }
        let curves = found.entry((point, row.state, row.history)).or_default();
        curves.arms.push((row.date, row.arms));
        if by_year {
            curves.burden.push((row.date + 0.5, row.burden));
        }
    })?;
    let mut all = Vec::with_capacity(2 * found.len());
    for ((point, state, history), curves) in found {
        let Some(world) = manifest.points.get(point as usize) else { continue };
        let Some(code) = world.states.get(state as usize) else { continue };
        for (metric, points) in [("arms", curves.arms), ("burden", curves.burden)] {
            let (scenario, state, metric) = (world.scenario.clone(), code.clone(), metric.to_string());
            all.push(SingleCurve { scenario, point, history, state, metric, points });
        }
    }
    Ok(all)
}

/// Draws the phase portrait of two states, `FRA-GER`, for each scenario of a finished study that has both, into its figures. Returns how
/// many were drawn.
///
/// The portrait shows arms where the scenario arms by one of Richardson's linear rules (with the lines on which either stands still) or
/// has observed arms of both states, else military burdens.
///
/// # Errors
/// A study that is not finished or keeps no single histories; states that no scenario has; what the file system refuses.
pub fn phase(directory: &Path, pair: &str) -> Result<usize, Error> {
    let study = Study::open(directory)?;
    let manifest = study.manifest();
    if !matches!(manifest.kind, StudyKind::Ensemble | StudyKind::Compare) {
        return Err(Error::request("a phase portrait is drawn for a study of ensemble or compare"));
    }
    if manifest.panel.is_none() {
        let kind = manifest.kind;
        let place = directory.display();
        return Err(Error::Request(format!(
            "{place} keeps no single histories, which a phase portrait needs: run `spiral {kind}` again with --panel 30 and another --out"
        )));
    }
    let Some((one, other)) = pair.split_once('-').filter(|(one, other)| !one.is_empty() && !other.is_empty() && one != other)
    else {
        return Err(Error::Request(format!(
            "`{pair}` is no pair of states; write two codes with a hyphen between them, such as FRA-GER"
        )));
    };
    let codes: Vec<&str> = manifest.points.iter().flat_map(|point| point.states.iter().map(String::as_str)).collect();
    for code in [one, other] {
        if !codes.contains(&code) {
            let near = nearest(code, codes.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Error::Request(format!("no scenario of {} has a state `{code}`{near}", directory.display())));
        }
    }
    let curves = singles(&study)?;
    let mut figures: Vec<Figure> = Vec::new();
    for point in 0..manifest.points.len() {
        let Some(request) = manifest.request(point) else { continue };
        let world = again(&request)?;
        let both = [one, other].map(|code| world.scenario.setup.state(code));
        let [Some(first), Some(second)] = both else { continue };
        let portrait = portrait(&manifest.title, point as u32, &world, (first, second), &curves);
        figures.push(spiral_figures::phase(&portrait));
    }
    if figures.is_empty() {
        return Err(Error::Request(format!("no scenario of {} has both {one} and {other}", directory.display())));
    }
    spiral_figures::write(&figures, directory)?;
    Ok(figures.len())
}

fn portrait(title: &str, point: u32, world: &World, (first, second): (usize, usize), curves: &[SingleCurve]) -> PhasePortrait {
    let scenario = &world.scenario;
    let setup = &scenario.setup;
    let codes = [first, second].map(|state| setup.states[state].code.clone());
    let nullclines = nullclines(setup, (first, second));
    let own = |metric: &str| observed(scenario, &codes, metric);
    let arms = nullclines.is_some() || !own("arms").is_empty();
    let (metric, factor) = if arms { ("arms", 1.0) } else { ("burden", 100.0) };
    let of = |code: &str| -> BTreeMap<u32, &SingleCurve> {
        let own = curves.iter().filter(|curve| curve.point == point && curve.metric == metric && curve.state == code);
        own.map(|curve| (curve.history, curve)).collect()
    };
    let (along, up) = (of(&codes[0]), of(&codes[1]));
    let paths: Vec<Vec<(f64, f64)>> = along
        .iter()
        .filter_map(|(history, curve)| {
            let other = up.get(history)?;
            Some(curve.points.iter().zip(&other.points).map(|(x, y)| (x.1 * factor, y.1 * factor)).collect())
        })
        .collect();
    let seen = own(metric);
    let sources: Vec<&str> = scenario
        .observed
        .iter()
        .filter(|seen| seen.metric == metric && codes.contains(&seen.state))
        .map(|seen| seen.source.as_str())
        .collect();
    let mut sources: Vec<&str> = sources.into_iter().filter(|source| !source.is_empty()).collect();
    sources.sort_unstable();
    sources.dedup();
    let number = paths.len();
    PhasePortrait {
        scenario: scenario.name.clone(),
        title: title.to_string(),
        states: [first, second].map(|state| {
            let name = scenario.state_names.get(state).cloned().unwrap_or_default();
            (setup.states[state].code.clone(), name)
        }),
        what: if arms { "Arms" } else { "Military burden" }.to_string(),
        unit: if arms { scenario.money.clone() } else { "% of output".to_string() },
        paths,
        observed: seen.into_iter().map(|(date, x, y)| (date, x * factor, y * factor)).collect(),
        source: sources.join("; "),
        nullclines,
        note: format!(
            "The first {number} histories, year by year, each as long as it has no war, or to its end with --through-war."
        ),
    }
}

/// Observed values of both states on the dates that both have.
fn observed(scenario: &Scenario, codes: &[String; 2], metric: &str) -> Vec<(f64, f64, f64)> {
    let of = |code: &String| -> Vec<(f64, f64)> {
        let own = scenario.observed.iter().filter(|seen| seen.metric == metric && seen.state == *code);
        own.map(|seen| (seen.date, seen.value)).collect()
    };
    let other = of(&codes[1]);
    let same = |date: f64| other.iter().find(|(at, _)| (at - date).abs() < 1e-6).map(|(_, value)| *value);
    of(&codes[0]).into_iter().filter_map(|(date, value)| Some((date, value, same(date)?))).collect()
}

/// Where the arms of two states stand still, as the figures take it.
fn nullclines(setup: &Setup, pair: (usize, usize)) -> Option<[StraightLine; 2]> {
    let line = |[first, second, constant]: [f64; 3]| StraightLine { first, second, constant };
    Some(spiral_model::nullclines(setup, pair)?.map(line))
}

#[cfg(test)]
mod tests {
    use spiral_study::{PanelOptions, PanelPeriod};

    use super::*;
    use crate::{Options, ensemble};

    /// Richardson's two blocs: dx/dt = .9 y - .2 x - 67.9, so that both stand still at 97.
    #[test]
    fn a_phase_portrait_of_richardsons_race_has_his_lines() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let place = directory.path().join("study");
        let panel = Some(PanelOptions { histories: 5, by: PanelPeriod::Year });
        let options = Options { histories: Some(8), panel, directory: Some(place.clone()), ..Options::default() };
        ensemble("richardson-1909", &options).expect("a study");
        let setup = spiral_scenario::load("richardson-1909", &spiral_scenario::Overrides::default()).expect("a scenario");
        let lines = nullclines(&setup[0].setup, (0, 1)).expect("a linear rule");
        for line in lines {
            assert!((line.first * 97.0 + line.second * 97.0 + line.constant).abs() < 1e-6, "{line:?}");
        }
        let curves = singles(&Study::open(&place).expect("a study")).expect("curves");
        assert_eq!(curves.len(), 2 * 2 * 5, "two metrics of two states in five histories");
        assert!(curves.iter().all(|curve| curve.points.len() == 5), "five years");
        assert_eq!(phase(&place, "CEN-ENT").expect("a figure"), 1);
        let svg = std::fs::read_to_string(place.join("figures/phase-CEN-ENT-richardson-1909.svg")).expect("a figure");
        assert!(svg.contains("CEN stands still") && svg.contains("5 histories"));
        let told = |pair: &str| phase(&place, pair).map_or_else(|error| error.to_string(), |number| number.to_string());
        assert!(told("CEN-ETN").contains("did you mean `ENT`?"), "{}", told("CEN-ETN"));
        assert!(told("CEN").contains("FRA-GER") && told("CEN-CEN").contains("no pair"));
    }
}
