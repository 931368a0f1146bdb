//! Judgements drawn from their ranges, so that a set of histories shows what is not known, beside what is chance.
//!
//! A judgement is as likely to be any number of its range as any other: `low + u (high − low)`, with `u` uniform between 0 and 1. All
//! judgements of a world are drawn together and independently: one such set is a *draw*. Two histories that follow each other, 2k and
//! 2k + 1, share draw k and differ by chance only; so their difference shows chance, and the differences between draws show the
//! judgements.
//!
//! `u` is keyed by (seed, draw, path of the judgement). It depends on nothing else: a judgement that two scenarios share, by its path,
//! is drawn alike in both.
//!
//! A number that `--set` or a factor of a study gives is no judgement, and is not drawn.

use spiral_kernel::draws::{Address, entity_number, uniforms};
use spiral_model::Setup;

use crate::study::factor::{self, Subject};
use crate::study::study_file::StudyFile;
use crate::world::hybrid::Hybrids;
use crate::world::scenario::{Judgement, Scenario};

/// The purpose of these random numbers. Those of the model begin at 1.
const PURPOSE: u32 = 1000;

impl Judgement {
    /// What distinguishes the judgement from every other of its scenario: its path, and its date or its series.
    fn key(&self) -> String {
        format!("{} {:?}", self.path, self.varies)
    }

    /// Its value in a draw. A range without width gives the value of the file to the bit.
    #[must_use]
    pub fn drawn(&self, seed: u64, draw: u32) -> f64 {
        let key = self.key();
        // Two hashes of 32 bits: no two judgements of a scenario fall together.
        let address = Address { purpose: PURPOSE, entity: entity_number(&key), time: entity_number(&format!("{key} again")) };
        let [u, _] = uniforms(seed, address, draw);
        if self.low < self.high { self.low + u * (self.high - self.low) } else { self.value }
    }
}

impl Scenario {
    /// The setup in which every judgement has its value in this draw.
    #[must_use]
    pub fn drawn(&self, seed: u64, draw: u32) -> Setup {
        self.drawn_if(seed, draw, |_| true)
    }

    fn drawn_if(&self, seed: u64, draw: u32, varies: impl Fn(&Judgement) -> bool) -> Setup {
        let mut setup = self.setup.clone();
        for judgement in self.judgements.iter().filter(|judgement| varies(judgement)) {
            judgement.apply(&mut setup, judgement.drawn(seed, draw));
        }
        setup
    }
}

impl StudyFile {
    /// The setup of a point in which every judgement has its value in this draw, but for those that the point sets as factors.
    #[must_use]
    pub fn drawn(&self, values: &[f64], seed: u64, draw: u32) -> Setup {
        let set = self.factors.iter().zip(values).filter(|(_, value)| !value.is_nan());
        let set: Vec<&Judgement> = set
            .filter_map(|(factor, _)| match &factor.subject {
                Subject::Judgement(judgement) => Some(judgement),
                _ => None,
            })
            .collect();
        let drawn = self.base.drawn_if(seed, draw, |judgement| !set.contains(&judgement));
        factor::setup_from(drawn, &self.base, &self.factors, values)
    }
}

impl Hybrids {
    /// The world of a coalition in which every judgement of either scenario has its value in this draw. Counterparts stay those of the
    /// scenarios as the files have them.
    #[must_use]
    pub fn drawn(&self, coalition: u32, seed: u64, draw: u32) -> Setup {
        self.between(&self.scenarios().each_ref().map(|scenario| scenario.drawn(seed, draw)), coalition)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::world::catalogue::catalogue;
    use crate::world::load::load;
    use crate::world::overrides::Overrides;
    use crate::world::scenario::Varies;

    const SEED: u64 = 11;

    fn scenario(name: &str, set: &[(&str, &str)]) -> Scenario {
        let set = set.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
        let overrides = Overrides { set, ..Overrides::default() };
        load(name, &overrides).expect("a built-in scenario").remove(0)
    }

    #[test]
    fn draws_fill_their_range_evenly() {
        let judgement = Judgement {
            path: "technology.balance".to_string(),
            unit: "ratio",
            value: 0.5,
            low: 0.2,
            high: 1.2,
            why: String::new(),
            varies: Varies::Initial,
            targets: Vec::new(),
        };
        let draws: Vec<f64> = (0..4000).map(|draw| judgement.drawn(SEED, draw)).collect();
        assert!(draws.iter().all(|value| *value > 0.2 && *value < 1.2));
        // Mean .7 with a standard error of 1/√(12 · 4000) = .0046; a tenth of the draws in each tenth, standard error .0047.
        let mean = draws.iter().sum::<f64>() / 4000.0;
        assert!((mean - 0.7).abs() < 4.0 * 0.0046, "mean {mean}");
        for tenth in 0..10 {
            let low = 0.2 + f64::from(tenth) / 10.0;
            let share = draws.iter().filter(|value| **value >= low && **value < low + 0.1).count() as f64 / 4000.0;
            assert!((share - 0.1).abs() < 4.0 * 0.0047, "{share} of the draws in tenth {tenth}");
        }
        let other = Judgement { path: "technology.first_strike".to_string(), ..judgement.clone() };
        let others: Vec<f64> = (0..4000).map(|draw| other.drawn(SEED, draw)).collect();
        let product: f64 = draws.iter().zip(&others).map(|(one, two)| (one - 0.7) * (two - 0.7)).sum::<f64>() / 4000.0;
        // Independent: the covariance has a standard error of (1/12)/√4000 = .0013.
        assert!(product.abs() < 4.0 * 0.0013, "covariance {product} of two judgements");
    }

    #[test]
    fn what_two_scenarios_share_is_drawn_alike_and_what_is_set_is_not_drawn() {
        let (before, after) = (scenario("pre-wwi", &[]), scenario("pre-wwii", &[]));
        let common: Vec<(&Judgement, &Judgement)> = before
            .judgements
            .iter()
            .filter_map(|one| Some((one, after.judgements.iter().find(|other| other.key() == one.key())?)))
            .collect();
        assert!(common.len() > 10, "{} common judgements are too few to show anything", common.len());
        for (one, two) in common {
            let place = |judgement: &Judgement| (judgement.drawn(SEED, 5) - judgement.low) / (judgement.high - judgement.low);
            assert!((place(one) - place(two)).abs() < 1e-9, "{}", one.path);
        }
        let judged = before
            .judgements
            .iter()
            .find(|judgement| matches!(judgement.varies, Varies::Initial) && judgement.low < judgement.high);
        let path = &judged.expect("a judgement of the start").path;
        let set = scenario("two-states", &[("technology.first_strike", "1.9")]);
        assert_ne!(before.drawn(SEED, 0), before.drawn(SEED, 1), "{path} and all others do not move");
        assert_eq!(set.drawn(SEED, 3).parameters.technology.first_strike, 1.9);
        assert_ne!(scenario("two-states", &[]).drawn(SEED, 3), scenario("two-states", &[]).setup);
    }

    #[test]
    fn ranges_without_width_give_the_world_of_the_file() {
        for name in ["pre-wwi", "pre-wwii", "cold-war", "lattice"] {
            let mut scenario = scenario(name, &[]);
            for judgement in &mut scenario.judgements {
                (judgement.low, judgement.high) = (judgement.value, judgement.value);
            }
            assert_eq!(scenario.drawn(SEED, 7), scenario.setup, "{name}");
        }
    }

    #[test]
    fn every_number_that_is_drawn_is_allowed_and_no_two_judgements_share_a_key() {
        for entry in catalogue() {
            for scenario in load(entry.name, &Overrides::default()).expect("a built-in scenario") {
                let keys: BTreeSet<String> = scenario.judgements.iter().map(Judgement::key).collect();
                assert_eq!(keys.len(), scenario.judgements.len(), "{}: two judgements have one key", scenario.name);
                for draw in 0..20 {
                    let setup = scenario.drawn(SEED, draw);
                    for judgement in &scenario.judgements {
                        for target in &judgement.targets {
                            let (value, specification) = (setup.get(*target), setup.specification(*target));
                            assert!(specification.allows(value), "{} {}: {value}", scenario.name, judgement.path);
                        }
                    }
                }
            }
        }
    }
}
