//! From two scenarios to the plan of all worlds between them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spiral_scenario::{Counterparts, Group, Hybrids, Scenario};

use crate::sweep::request_setup;
use crate::{Error, KeptRows, Plan, Point, Request, StudyKind, identity};

/// What makes a study an attribution: every coalition of groups taken from the second scenario is a world. Coalitions that come out as
/// the same world, since the scenarios do not differ in a group, share a point.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributionPlan {
    /// What it is made from.
    pub source: AttributionSource,
    /// The point of each coalition, by bit mask over [`Group::ALL`].
    pub point_of: Vec<u32>,
    /// A coalition of each point: the one with all groups, or the first.
    pub coalition_of: Vec<u32>,
    /// Which states are counterparts.
    pub counterparts: Vec<Counterparts>,
}

/// What an attribution is made from, as the manifest keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttributionSource {
    /// The first scenario.
    pub a: Request,
    /// The second scenario.
    pub b: Request,
    /// Names of the measures whose differences are divided.
    pub outcomes: Vec<String>,
    /// States that are counterparts because the user asked for it: code in the first scenario, code in the second.
    pub counterparts: Vec<(String, String)>,
}

impl AttributionPlan {
    /// The plan of an attribution, from what was asked for.
    ///
    /// # Errors
    /// A request that gives no scenario; two scenarios between which there is no world, or that are too large to be simulated in every
    /// combination.
    pub fn plan(source: AttributionSource, histories: u32, seed: u64, csv: bool) -> Result<Plan, Error> {
        let hybrids = hybrids(&source)?;
        let [a, b] = hybrids.scenarios();
        let title = format!("{}, {}", source.a.scenario, source.b.scenario);
        if let Some(large) = [a, b].into_iter().find(|scenario| spiral_model::world::is_large(&scenario.setup)) {
            let (name, dyads, count) = (&large.name, large.setup.dyads.len(), 1 << Group::ALL.len());
            let reason = format!("{name} has {dyads} dyads: too large to be simulated in up to {count} combinations");
            return Err(Error::Plan { reason });
        }
        let whole = (1 << Group::ALL.len()) - 1;
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        let (mut point_of, mut coalition_of) = (Vec::new(), Vec::new());
        let mut points: Vec<Point> = Vec::new();
        for coalition in 0..=whole {
            let Scenario { name, mut setup, .. } = world(&hybrids, coalition)?;
            // Two worlds are the same whatever they are called.
            let called = std::mem::take(&mut setup.name);
            let next = points.len() as u32;
            let point = *known.entry(identity::of(&setup)).or_insert(next);
            point_of.push(point);
            setup.name = called;
            let request = Request { scenario: name.clone(), ..Request::default() };
            let made = Point { scenario: name, setup, request };
            if point == next {
                points.push(made);
                coalition_of.push(coalition);
            } else if coalition == whole {
                points[point as usize] = made;
                coalition_of[point as usize] = coalition;
            }
        }
        let counterparts = hybrids.counterparts().to_vec();
        Ok(Plan {
            kind: StudyKind::Explain,
            title,
            points,
            histories,
            seed,
            through_war: false,
            events_for: 0,
            panel: None,
            uncertain: false,
            rows: KeptRows::All,
            csv,
            curves: false,
            sweep: None,
            attribution: Some(Self { source, point_of, coalition_of, counterparts }),
        })
    }
}

/// The scenario of one point of an attribution.
pub(crate) fn scenario_of(source: &AttributionSource, histories: u32, seed: u64, point: u32) -> Result<Scenario, Error> {
    let plan = AttributionPlan::plan(source.clone(), histories, seed, false)?;
    let coalition = plan.attribution.and_then(|attribution| attribution.coalition_of.get(point as usize).copied());
    let coalition = coalition.ok_or_else(|| Error::Plan { reason: format!("there is no longer a point {point}") })?;
    world(&hybrids(source)?, coalition)
}

pub(crate) fn hybrids(source: &AttributionSource) -> Result<Hybrids, Error> {
    Hybrids::new(request_setup(&source.a)?, request_setup(&source.b)?, &source.counterparts)
        .map_err(|reason| Error::Plan { reason })
}

fn world(hybrids: &Hybrids, coalition: u32) -> Result<Scenario, Error> {
    let no_world = |what| Error::Plan { reason: format!("a combination of the two scenarios is not a valid world: {what}") };
    hybrids.world(coalition).map_err(no_world)
}
