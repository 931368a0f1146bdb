//! Pattern 10: wars destroy arms.

use spiral_analysis::intervals::mean;

use super::{CRITICAL, Criterion, Finding, Picture};
use crate::ensembles::scenario;
use crate::histories::watch;

const SEED: u64 = 10;
const HISTORIES: u32 = 640;

pub(super) fn pacifist_paradox() -> Finding {
    let setup = scenario("four-worlds/offence-indistinguishable", &[]).setup;
    let mut peaceful = setup.clone();
    peaceful.without.insert("war".to_string());
    let states = setup.states.len();
    let [fought, spared] = [&setup, &peaceful].map(|setup| {
        let seen = watch::<16>(setup, SEED, HISTORIES);
        let total = |seen: &crate::histories::Seen| (0..states).map(|state| seen.last_arms(state)).sum::<f64>();
        seen.iter().map(total).collect::<Vec<f64>>()
    });
    let saved: Vec<f64> = fought.iter().zip(&spared).map(|(fought, spared)| spared - fought).collect();
    let rows = vec![("with wars".to_string(), mean(&fought)), ("war switched off".to_string(), mean(&spared))];
    Finding {
        world: "four-worlds/offence-indistinguishable, arms of all states at the end of forty years".to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria: vec![Criterion::beyond_chance("arms with war switched off minus arms with wars", &saved, 1.0, CRITICAL)],
        pictures: vec![Picture::Dots { title: "Arms at the end".to_string(), axis: "billion int$".to_string(), rows }],
        remark: String::new(),
    }
}
