//! The setups of an uncertain study: the judgements of each point, drawn for every two histories.

use spiral_analysis::draw_of;
use spiral_model::Setup;
use spiral_scenario::{Hybrids, Scenario, StudyFile};

use crate::attribution::hybrids;
use crate::sweep::{another_world_now, request_setup, study_file};
use crate::{Error, Plan};

/// Where the setups of an uncertain study come from. They are made again from the texts of its plan, so that every shard, every worker
/// and every continuation draws alike.
#[derive(Debug)]
pub(crate) enum Draws {
    /// The scenario of each point.
    Scenarios(Vec<Scenario>),
    /// A study file, and the values of its factors at each point.
    Study(Box<StudyFile>, Vec<Vec<f64>>),
    /// Two scenarios, and a coalition of each point.
    Hybrids(Box<Hybrids>, Vec<u32>),
}

impl Draws {
    /// The draws of a plan; `None` where its judgements stay as they are.
    pub(crate) fn of(plan: &Plan) -> Result<Option<Self>, Error> {
        if !plan.uncertain {
            return Ok(None);
        }
        let draws = if let Some(sweep) = &plan.sweep {
            Self::Study(Box::new(study_file(&sweep.source)?), sweep.points.values.clone())
        } else if let Some(attribution) = &plan.attribution {
            Self::Hybrids(Box::new(hybrids(&attribution.source)?), attribution.coalition_of.clone())
        } else {
            let scenarios = plan.points.iter().map(|point| {
                let scenario = request_setup(&point.request)?;
                if scenario.setup == point.setup { Ok(scenario) } else { Err(another_world_now(&point.scenario)) }
            });
            Self::Scenarios(scenarios.collect::<Result<_, Error>>()?)
        };
        Ok(Some(draws))
    }

    /// The setup of a history: that of its draw.
    pub(crate) fn setup(&self, point: usize, seed: u64, history: u32) -> Setup {
        let draw = draw_of(history);
        match self {
            Self::Scenarios(scenarios) => scenarios[point].drawn(seed, draw),
            Self::Study(file, values) => file.drawn(&values[point], seed, draw),
            Self::Hybrids(hybrids, coalition_of) => hybrids.drawn(coalition_of[point], seed, draw),
        }
    }
}
