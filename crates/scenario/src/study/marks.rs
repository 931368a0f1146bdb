//! Scenarios that are marked on the plane of a study: the place of each by its own values of the two factors.

use crate::study::design::Design;
use crate::study::factor::Factor;
use crate::study::source::Find;
use crate::syntax::problem::{Error, Finding};
use crate::syntax::reader;
use crate::syntax::text::Node;
use crate::syntax::words::quote;
use crate::world::load;
use crate::world::overrides::Overrides;
use crate::world::paths::resolve;
use crate::world::scenario::Scenario;

/// A scenario on the plane of a grid of two factors.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Name of the scenario.
    pub scenario: String,
    /// Its place on the first factor and on the second.
    pub places: [Place; 2],
}

/// The place of a scenario on a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Its value at the start: the mean, where the path of the factor stands for many numbers.
    pub value: f64,
    /// Lowest value of all numbers that the factor sets, over the calendar of the scenario.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// The scenarios of `marks`, placed. A mark of a file with members stands for all of them.
pub(crate) fn read(
    node: &Node,
    design: Option<&Design>,
    factors: &[Factor],
    find: Find<'_>,
    texts: &mut Vec<(String, String)>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Mark>, Error> {
    let Some(list) = reader::list(node, "marks", "a list of scenarios, [\"pre-wwi\", \"pre-wwii\"]", findings) else {
        return Ok(Vec::new());
    };
    let paths: Vec<&[String]> = factors.iter().map(Factor::paths).filter(|paths| !paths.is_empty()).collect();
    let ([first, second], true, 2) = (paths.as_slice(), matches!(design, Some(Design::Grid)), factors.len()) else {
        // A design or a factor that is wrong has its own finding, and may be all that is missing.
        if design.is_some() && findings.is_empty() {
            let finding = Finding::at(node.span, "`marks` need a plane: a grid of two factors that are numbers");
            findings.push(finding.help("design: (kind: \"grid\"), and two factors with `path`"));
        }
        return Ok(Vec::new());
    };
    let mut marks = Vec::new();
    for node in list {
        let Some(name) = reader::text(node, "an entry of marks", findings) else { continue };
        let found = match find(&name, &Overrides::default()) {
            Ok(found) => found,
            // A name that stands for nothing is wrong here; a file that is wrong says where.
            Err(error) if error.problems.iter().all(|problem| problem.place.is_none()) => {
                findings.extend(error.problems.into_iter().map(|problem| Finding {
                    span: Some(node.span),
                    message: problem.message,
                    help: problem.help,
                }));
                continue;
            }
            Err(error) => return Err(error),
        };
        for scenario in found {
            if !load::is_built_in(&scenario) && texts.iter().all(|(known, _)| *known != name) {
                texts.push((name.clone(), scenario.text.clone()));
            }
            match (place(&scenario, first), place(&scenario, second)) {
                (Ok(first), Ok(second)) => marks.push(Mark { scenario: scenario.name.clone(), places: [first, second] }),
                (first, second) => {
                    for (message, help) in [first.err(), second.err()].into_iter().flatten() {
                        let message = format!("{} cannot be marked: {message}", quote(&scenario.name));
                        findings.push(Finding::at(node.span, message).help(help));
                    }
                }
            }
        }
    }
    Ok(marks)
}

/// The place of a scenario on the numbers of these paths, of which the first is that of the factor.
fn place(scenario: &Scenario, paths: &[String]) -> Result<Place, (String, String)> {
    let setup = &scenario.setup;
    let mut place = Place { value: f64::NAN, low: f64::INFINITY, high: f64::NEG_INFINITY };
    for (position, path) in paths.iter().enumerate() {
        let targets = resolve(setup, path)?;
        let mut sum = 0.0;
        for target in &targets {
            let initial = scenario.value_at(*target, setup.horizon.start);
            sum += initial;
            let inside = |date: f64| date >= setup.horizon.start && date <= setup.horizon.end;
            let tracks = setup.tracks.iter().filter(|track| track.target == *target);
            let later = tracks.flat_map(|track| &track.points).filter(|point| inside(point.0)).map(|point| point.1);
            let last = scenario.value_at(*target, setup.horizon.end);
            for value in later.chain([initial, last]) {
                place.low = place.low.min(value);
                place.high = place.high.max(value);
            }
        }
        if position == 0 {
            place.value = sum / targets.len() as f64;
        }
    }
    Ok(place)
}
