//! Patterns 1, 2 and 4: the four worlds, tragedy, belief against truth.

use spiral_analysis::Estimate;
use spiral_analysis::intervals::{Term, rate_ratio};
use spiral_model::setup::{Interpolation, Target, Track};
use spiral_model::{Motive, Outcome, Setup};

use super::{CRITICAL, Criterion, Finding, Picture, differences, mean_of};
use crate::ensembles::{motive_share, outcomes, scenario, set_all_states, share_of};
use crate::worlds::all;

const SEED: u64 = 20_260;
const HISTORIES: u32 = 320;
const NAMES: [&str; 4] =
    ["offence-indistinguishable", "offence-distinguishable", "defence-indistinguishable", "defence-distinguishable"];

fn world(name: &str, set: &[(&str, f64)]) -> Setup {
    scenario(&format!("four-worlds/{name}"), set).setup
}

/// One of the four worlds that comes a year after the start, with war switched off. Until then all four are one and the same ordinary
/// world, and what states are used to is what they need there.
fn arriving(name: &str) -> Setup {
    let mut setup = world(name, &[]);
    setup.without.insert("war".to_string());
    let ordinary = setup.parameters.technology.reference_balance;
    let usual = spiral_model::mechanisms::technology::Technology::default().distinguishability;
    let technology = ["technology.balance", "technology.distinguishability"];
    let mut targets: Vec<(Target, f64)> = Vec::new();
    for (path, before) in technology.into_iter().zip([ordinary, usual]) {
        let found = setup.resolve(path).unwrap_or_else(|error| panic!("{path}: {error:?}"));
        targets.extend(found.into_iter().map(|target| (target, before)));
    }
    targets.extend(all(&setup, "perceived_balance").into_iter().map(|target| (target, ordinary)));
    for (target, before) in targets {
        let points = vec![(setup.horizon.start + 1.0, setup.get(target))];
        // Setting a number takes away what dates it.
        setup.set(target, before);
        setup.tracks.push(Track { target, points, interpolation: Interpolation::Step });
    }
    setup
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
    // Custom takes in what has always been so; arms answer what changes. So the worlds are compared once more as they arrive.
    let [new_oi, new_od, new_di, new_dd] = NAMES.map(|name| outcomes(&arriving(name), SEED, HISTORIES));
    let fewer = |what: &str, less: &[Outcome], more: &[Outcome], value: fn(&Outcome) -> f64| {
        Criterion::beyond_chance(what, &differences(less, more, value), 1.0, CRITICAL)
    };
    let mut criteria = vec![
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
    // The four sides of the square: attack or defence, with the same visibility; seen or not, with the same balance.
    let sides = [
        ("offence/indistinguishable minus offence/distinguishable", &new_od, &new_oi),
        ("offence/indistinguishable minus defence/indistinguishable", &new_di, &new_oi),
        ("offence/distinguishable minus defence/distinguishable", &new_dd, &new_od),
        ("defence/indistinguishable minus defence/distinguishable", &new_dd, &new_di),
    ];
    criteria.extend(
        sides.map(|(side, less, more)| fewer(&format!("peak burden where the world is new, {side}"), less, more, burden)),
    );
    let label = |name: &str| name.replace('-', ", ");
    let armed = [&armed_oi, &armed_od, &armed_di, &armed_dd].map(|world| mean_of(world, burden));
    let new = [&new_oi, &new_od, &new_di, &new_dd].map(|world| mean_of(world, burden));
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
            dots(
                "Largest burden in a world without war that comes after a year",
                "share of output",
                NAMES.iter().map(|name| label(name)).zip(new).collect(),
            ),
        ],
        remark: FOUR_WORLDS_REMARK.to_string(),
    }
}

/// Why the burdens of the four worlds differ little where they have always been so.
const FOUR_WORLDS_REMARK: &str = "A state arms by how far its need is above the need that it is used to (E5). At the start \
    of a scenario states are used to the world in which they live, whatever that world is. So in all four worlds they spend \
    about 2 % of output, and what differs later is how far they learn to trust each other: where arms can be told apart \
    they do, and spend less, also where offence has the advantage. The need itself depends on the balance as theory says. \
    This is seen where all four begin as the same ordinary world and become what they are after a year: then offence brings \
    more arms than defence, and arms that say nothing bring more than arms that can be told apart, each with the other held \
    fixed. The order of the two worlds in the middle is no law. Jervis himself calls the world of offence that can be told \
    apart one without a security dilemma.";

pub(super) fn tragedy() -> Finding {
    // Nobody is greedy, no alarm is false. Striking first brings what it brings in the scenario.
    let scenario_first_strike = world("offence-indistinguishable", &[]).parameters.technology.first_strike;
    let with = |first_strike: f64, awareness: f64| {
        let set = [("technology.first_strike", first_strike), ("beliefs.suspicion", 0.2), ("crisis.false_alarms", 0.0)];
        let mut setup = world("offence-indistinguishable", &set);
        assert!(setup.states.iter().all(|state| state.inputs.greed == 0.0 && state.inputs.greedy_chance == 0.0), "seekers only");
        set_all_states(&mut setup, "awareness", awareness);
        outcomes(&setup, SEED, HISTORIES)
    };
    let levels = [0.0, 0.25, 0.5, 0.75, 1.0];
    let runs = levels.map(|awareness| with(scenario_first_strike, awareness));
    let war = |outcomes: &[Outcome]| share_of(outcomes, |outcome| outcome.wars > 0);
    let line = levels.into_iter().zip(&runs).map(|(level, run)| (level, war(run))).collect();
    let over_first_strike = [0.0, 1.0].map(|awareness| {
        let strikes = [1.0, 1.4, 1.8, 2.2, 2.6, 3.0];
        (format!("awareness {awareness}"), strikes.map(|strike| (strike, war(&with(strike, awareness)))).to_vec())
    });
    Finding {
        world: "four-worlds/offence-indistinguishable without greed and false alarms, prior suspicion 0.2".to_string(),
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
        remark: "Without understanding almost every history has a war, and all but one of these first wars are begun \
                 from fear: no state wants anything. With full understanding some histories still have one. \
                 Of those some begin from fear: a state that knows that the other is harmless also knows that the other \
                 may strike from fear, and where a first strike brings so much this is enough (E10). The others come \
                 from hostility: awareness explains what a crisis says about the other (E7), but not the rancour that it \
                 leaves (E13), which makes beating the other worth more. The second picture shows both over the \
                 first-strike factor; judges put it from 1.8 to 3.2."
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
            Criterion::surely_above("wars per history where attack is hard and believed easy", mean_of(&illusion, wars), 1.0),
            Criterion::at_most("wars per history where attack is easy and believed hard", mean_of(&caution, wars), 0.0),
            Criterion::above("length of a war where attack is hard, divided by its length where it is easy", longer, 1.2),
        ],
        pictures: vec![dots(
            "Wars by the true and the believed difficulty of attack",
            "wars per history",
            rows.into_iter().map(|(name, run)| (name.to_string(), mean_of(run, wars))).collect(),
        )],
        remark: "Many wars are more than one in the forty years of a history; where states believe that attack is hard there is \
                 none. The number was four as long as hostility could multiply the rate of crises without a limit."
            .to_string(),
    }
}
