//! Counter-intuitive results of the literature that this model was asked for: what it shows instead is kept.

use spiral_analysis::Estimate;
use spiral_analysis::intervals::mean;
use spiral_model::{EventKind, Setup};

use super::{Criterion, Finding, Pattern, Picture, differences, mean_of};
use crate::closed_forms::success_against_deterring_arms;
use crate::ensembles::{outcomes, scenario, set_all_states};
use crate::histories::ensemble;
use crate::worlds::{seekers, set, set_all};

/// Balances of offence and defence, from the three-to-one rule to an advantage of attack.
const BALANCES: [f64; 6] = [0.25, 1.0 / 3.0, 0.45, 0.6, 1.0, 1.5];

/// Results that go against intuition, by the name of their test.
pub const SURPRISES: &[Pattern] = &[
    Pattern {
        number: 1,
        name: "conquest_gathers_power_where_attack_pays",
        title: "Defence and concentration",
        claim: "Cederman (1997): where states can be conquered, a technology that favours defence can concentrate power \
                in fewer states.",
        measure: Some(concentration),
        quick: None,
    },
    Pattern {
        number: 2,
        name: "arms_by_threat_do_not_meet_technology",
        title: "Offence and success",
        claim: "Fearon (2018), Proposition 4: the more technology favours attack, the less likely an attack is to \
                succeed in equilibrium, because states arm more.",
        measure: Some(success),
        quick: None,
    },
];

/// The least of some numbers; no number where one of them is none, or there are none.
fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.reduce(|least, value| if least.is_nan() || least <= value { least } else { value }).unwrap_or(f64::NAN)
}

/// Concentration of output after forty years of conquest, by the balance.
fn concentration() -> Finding {
    const SEED: u64 = 8;
    const HISTORIES: u32 = 64;
    let world = |balance: f64, believed: bool| {
        let numbers = [("generate.states", 36.0), ("technology.balance", balance), ("technology.first_strike", 1.3)];
        let mut setup = scenario("lattice", &numbers).setup;
        if believed {
            set_all_states(&mut setup, "perceived_balance", balance);
        }
        outcomes(&setup, SEED, HISTORIES)
    };
    let line = |label: &str, believed: bool| {
        let point = |balance: f64| (balance, mean_of(&world(balance, believed), |outcome| outcome.concentration));
        (label.to_string(), BALANCES.map(point).to_vec())
    };
    let apart = differences(&world(1.0 / 3.0, true), &world(1.0, true), |outcome| outcome.concentration);
    Finding {
        world: "lattice of 36 states in a grid, first-strike factor 1.3, forty years in which victors take what they \
                fought for"
            .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria: vec![Criterion::beyond_chance(
            "concentration at m = 1 minus concentration at m = 1/3 (the opposite of the claim)",
            &apart,
            1.0,
            super::CRITICAL,
        )],
        pictures: vec![Picture::Lines {
            title: "Concentration of output after forty years".to_string(),
            x: "balance of offence and defence m".to_string(),
            y: "Herfindahl index".to_string(),
            lines: vec![line("beliefs follow the truth", true), line("beliefs as the scenario draws them", false)],
        }],
        remark: "The model does not show this, neither with true nor with false beliefs about the balance. In Cederman's \
                 world, a predator that has become superior has weak neighbours, because the advantage of defence has \
                 kept them small and separate. Three things are different here: wars begin from fear too, greedy states \
                 do not wait for superiority, and the share that a victor takes does not depend on the balance. The \
                 balance only changes how many wars are won, and more victories mean more concentration."
            .to_string(),
    }
}

/// Chance of a first strike to win: with arms by E5, and with the arms that just deter.
fn success() -> Finding {
    const SEED: u64 = 9;
    const HISTORIES: u32 = 64;
    const PRIZE: f64 = 0.1;
    let world = |balance: f64| -> Setup {
        let mut setup = seekers(&["A", "B"]);
        set(&mut setup, "technology.balance", balance);
        set_all(&mut setup, "perceived_balance", balance);
        set(&mut setup, "technology.first_strike", 1.0);
        set(&mut setup, "posture.balance_pull", 0.0);
        setup.without.insert("war".to_string());
        setup
    };
    // After ten years, when arms have answered threat.
    let by_threat = |balance: f64| {
        let (_, events) = ensemble(&world(balance), SEED, HISTORIES);
        let late = events.iter().filter(|event| event.kind == EventKind::Crisis && event.date > 10.0);
        mean(&late.map(|event| event.first_strike_win).collect::<Vec<f64>>())
    };
    let deterring = |balance: f64| {
        let chance = success_against_deterring_arms(balance, PRIZE);
        Estimate::new(chance, (chance, chance), 1, "closed form O6")
    };
    let balances = [0.1, 0.2, 0.3, 0.4, 0.5];
    let armed: Vec<(f64, Estimate)> = balances.iter().chain(&[1.0, 2.0]).map(|m| (*m, by_threat(*m))).collect();
    let optimal: Vec<(f64, Estimate)> = balances.iter().map(|m| (*m, deterring(*m))).collect();
    let step = |line: &[(f64, Estimate)], sign: f64| {
        let values =
            line.windows(2).map(|two| sign * (two[1].1.estimate.unwrap_or(f64::NAN) - two[0].1.estimate.unwrap_or(f64::NAN)));
        Estimate::new(least(values), (f64::NAN, f64::NAN), line.len() as u64 - 1, "smallest step; no interval")
    };
    Finding {
        world: "two equal security seekers, war switched off, first-strike factor 1, after ten years; closed form with \
                κ = 0.1"
            .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria: vec![
            Criterion::above(
                "smallest fall of the chance between neighbouring balances, arms that just deter",
                step(&optimal, -1.0),
                0.0,
            ),
            Criterion::above("smallest rise of the chance between neighbouring balances, arms by threat", step(&armed, 1.0), 0.0),
        ],
        pictures: vec![Picture::Lines {
            title: "Chance that a first strike wins".to_string(),
            x: "balance of offence and defence m".to_string(),
            y: "chance".to_string(),
            lines: vec![("arms by threat (E5)".to_string(), armed), ("arms that just deter (Fearon)".to_string(), optimal)],
        }],
        remark: "The claim holds for arms that just deter: the numbers agree with Fearon's proof. It does not hold for \
                 the model. In the model both states arm in the same way against the threat that they perceive, and \
                 their arms are not the best reply to an attack. Their forces are equal, so technology decides. With \
                 κ = 0.1, no arms deter if m is above 0.54."
            .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A balance without a late crisis takes both of its steps with it: the criterion then holds nothing.
    #[test]
    fn a_step_that_is_no_number_is_the_least() {
        assert_eq!(least([0.3, -0.1, 0.2].into_iter()), -0.1);
        for place in 0..3 {
            let mut values = [0.3, 0.1, 0.2];
            values[place] = f64::NAN;
            let found = least(values.into_iter());
            assert!(found.is_nan(), "{values:?}: {found}");
            let estimate = Estimate::new(found, (f64::NAN, f64::NAN), 3, "test");
            assert!(!Criterion::above("steps", estimate, 0.0).holds);
        }
        assert!(least(std::iter::empty()).is_nan());
    }
}
