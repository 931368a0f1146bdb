//! Patterns 1, 2 and 4: the four worlds, tragedy, belief against truth.

use spiral_analysis::Estimate;
use spiral_analysis::intervals::{Term, rate_ratio};
use spiral_model::{Motive, Outcome, Setup};

use super::{CRITICAL, Criterion, Finding, Picture, differences, mean_of};
use crate::ensembles::{motive_share, outcomes, scenario, set_all_states, share_of};

const SEED: u64 = 20_260;
const HISTORIES: u32 = 320;
const NAMES: [&str; 4] =
    ["offence-indistinguishable", "offence-distinguishable", "defence-indistinguishable", "defence-distinguishable"];

fn world(name: &str, set: &[(&str, f64)]) -> Setup {
    scenario(&format!("four-worlds/{name}"), set).setup
}

fn wars(outcome: &Outcome) -> f64 {
    f64::from(outcome.wars)
}

fn dots(title: &str, axis: &str, rows: Vec<(String, Estimate)>) -> Picture {
    Picture::Dots { title: title.to_string(), axis: axis.to_string(), rows }
}

pub(super) fn four_worlds() -> Finding {
    let run = |name: &str| outcomes(&world(name, &[]), SEED, HISTORIES);
    let [oi, od, di, dd] = NAMES.map(run);
    let means = [&oi, &od, &di, &dd].map(|world| mean_of(world, wars));
    let four_times: Vec<f64> = od.iter().zip(&oi).map(|(od, oi)| wars(oi) - 4.0 * wars(od)).collect();
    // Wars destroy arms, so arms are compared in a branch without war (pattern 10).
    let peaceful = |name: &str| {
        let mut setup = world(name, &[]);
        setup.without.insert("war".to_string());
        outcomes(&setup, SEED, HISTORIES)
    };
    let [armed_oi, armed_od, armed_di, armed_dd] = NAMES.map(peaceful);
    let burden = |outcome: &Outcome| outcome.peak_burden;
    let fewer = |what: &str, less: &[Outcome], more: &[Outcome], value: fn(&Outcome) -> f64| {
        Criterion::beyond_chance(what, &differences(less, more, value), 1.0, CRITICAL)
    };
    let criteria = vec![
        fewer("wars per history, offence/indistinguishable minus offence/distinguishable", &od, &oi, wars),
        fewer("wars per history, offence/distinguishable minus defence/indistinguishable", &di, &od, wars),
        Criterion::beyond_chance(
            "wars per history, offence/indistinguishable minus four times offence/distinguishable",
            &four_times,
            1.0,
            CRITICAL,
        ),
        Criterion::at_most("wars per history, defence/indistinguishable", means[2].clone(), 0.05),
        Criterion::at_most("wars per history, defence/distinguishable", means[3].clone(), 0.05),
        fewer("peak burden, offence/indistinguishable minus offence/distinguishable", &armed_od, &armed_oi, burden),
        fewer("peak burden, offence/distinguishable minus defence/indistinguishable", &armed_di, &armed_od, burden),
        fewer("peak burden, defence/indistinguishable minus defence/distinguishable", &armed_dd, &armed_di, burden),
    ];
    let label = |name: &str| name.replace('-', ", ");
    let armed = [&armed_oi, &armed_od, &armed_di, &armed_dd].map(|world| mean_of(world, burden));
    Finding {
        world: "four-worlds: eight security seekers in a ring, forty years; burdens with war switched off".to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![
            dots("Wars in forty years", "wars per history", NAMES.iter().map(|name| label(name)).zip(means).collect()),
            dots(
                "Largest burden in a world without war",
                "share of output",
                NAMES.iter().map(|name| label(name)).zip(armed).collect(),
            ),
        ],
        remark: String::new(),
    }
}

pub(super) fn tragedy() -> Finding {
    // Nobody is greedy, no alarm is false; striking first brings much less than in the scenario, so that fear has to grow.
    const FIRST_STRIKE: f64 = 1.3;
    let with = |first_strike: f64, awareness: f64| {
        let set = [("technology.first_strike", first_strike), ("beliefs.suspicion", 0.2), ("crisis.false_alarms", 0.0)];
        let mut setup = world("offence-indistinguishable", &set);
        assert!(setup.states.iter().all(|state| state.inputs.greed == 0.0 && state.inputs.greedy_chance == 0.0), "seekers only");
        set_all_states(&mut setup, "awareness", awareness);
        outcomes(&setup, SEED, HISTORIES)
    };
    let levels = [0.0, 0.25, 0.5, 0.75, 1.0];
    let runs = levels.map(|awareness| with(FIRST_STRIKE, awareness));
    let war = |outcomes: &[Outcome]| share_of(outcomes, |outcome| outcome.wars > 0);
    let line = levels.into_iter().zip(&runs).map(|(level, run)| (level, war(run))).collect();
    let over_first_strike = [0.0, 1.0].map(|awareness| {
        let strikes = [1.0, FIRST_STRIKE, 1.6, 1.8, 2.0, 2.2];
        (format!("awareness {awareness}"), strikes.map(|strike| (strike, war(&with(strike, awareness)))).to_vec())
    });
    Finding {
        world: "four-worlds/offence-indistinguishable without greed and false alarms, first-strike factor 1.3, prior \
                suspicion 0.2"
            .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria: vec![
            Criterion::surely_above("histories with a war, awareness 0", war(&runs[0]), 1.0 / 3.0),
            Criterion::above("first wars from fear, awareness 0", motive_share(&runs[0], Motive::Preemption), 0.99),
            Criterion::at_most("histories with a war, awareness 1", war(&runs[4]), 0.01),
        ],
        pictures: vec![
            Picture::Lines {
                title: "War among security seekers".to_string(),
                x: "awareness of the security dilemma".to_string(),
                y: "share of histories with a war".to_string(),
                lines: vec![("nobody is greedy".to_string(), line)],
            },
            Picture::Lines {
                title: "War among security seekers by the advantage of striking first".to_string(),
                x: "first-strike factor".to_string(),
                y: "share of histories with a war".to_string(),
                lines: over_first_strike.to_vec(),
            },
        ],
        remark: "The claim holds in part: awareness keeps the peace only where striking first brings little. This world \
                 has a first-strike factor of 1.3. The scenario has 2.2, with a range of judgement from 1.8 to 2.6. At \
                 such values most histories have a war even if all states understand the security dilemma (second \
                 picture). The reason: a state that knows that the other is harmless also knows that the other may \
                 strike from fear. If a first strike brings so much, states fear each other even without mistrust (E10). \
                 With the scenario's own prior suspicion of 0.3, almost all histories have a war."
            .to_string(),
    }
}

pub(super) fn belief_not_truth() -> Finding {
    let third = 1.0 / 3.0;
    let world = |truth: f64, belief: f64| {
        let mut setup = world("offence-indistinguishable", &[("technology.balance", truth)]);
        set_all_states(&mut setup, "perceived_balance", belief);
        setup.without.insert("memory".to_string());
        outcomes(&setup, SEED, HISTORIES)
    };
    let (illusion, caution, truth, sober) = (world(third, 1.0), world(1.0, third), world(1.0, 1.0), world(third, third));
    // Fewer wars fit into forty years where each lasts longer, so length is measured by time at war for each war.
    let length = |outcomes: &[Outcome]| {
        let term = |outcome: &Outcome| Term { numerator: outcome.war_years, denominator: wars(outcome) };
        outcomes.iter().map(term).collect::<Vec<_>>()
    };
    let longer = rate_ratio(&length(&illusion), &length(&truth));
    let rows = [
        ("easy, believed easy", &truth),
        ("hard, believed easy", &illusion),
        ("easy, believed hard", &caution),
        ("hard, believed hard", &sober),
    ];
    Finding {
        world:
            "four-worlds/offence-indistinguishable without memory: balance 1 (attack is easy) or 1/3 (hard), believed 1 or 1/3"
                .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria: vec![
            Criterion::above("wars per history where attack is hard and believed easy", mean_of(&illusion, wars), 4.0),
            Criterion::at_most("wars per history where attack is easy and believed hard", mean_of(&caution, wars), 0.0),
            Criterion::above("length of a war where attack is hard, divided by its length where it is easy", longer, 1.2),
        ],
        pictures: vec![dots(
            "Wars by the true and the believed difficulty of attack",
            "wars per history",
            rows.into_iter().map(|(name, run)| (name.to_string(), mean_of(run, wars))).collect(),
        )],
        remark: String::new(),
    }
}
