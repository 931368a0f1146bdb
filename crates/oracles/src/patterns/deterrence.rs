//! Pattern 9: what survives a first strike.

use std::collections::BTreeMap;

use spiral_analysis::intervals::{Term, rate_ratio};
use spiral_model::setup::Ending;
use spiral_model::{Event, EventKind, Motive, Outcome, Setup};

use super::{CRITICAL, Criterion, Finding, Picture, differences};
use crate::ensembles::{outcomes, scenario, set_all_states, share_of, told};

const SEED: u64 = 9;
const HISTORIES: u32 = 512;
/// Chance that a warhead destroys the vulnerable one that it is aimed at: about that of the accurate missiles of the 1980s.
const KILL_PROBABILITY: f64 = 0.8;

/// Two security seekers until their first war, with warheads of which a share survives.
fn armed(warheads: f64, survivable_share: f64) -> Setup {
    aimed(warheads, survivable_share, KILL_PROBABILITY)
}

/// The same, by the chance that a warhead destroys the vulnerable one that it is aimed at.
fn aimed(warheads: f64, survivable_share: f64, kill_probability: f64) -> Setup {
    let set = [("technology.first_strike", 1.9), ("deterrence.kill_probability", kill_probability)];
    let mut setup = scenario("two-states", &set).setup;
    setup.ending = Ending::FirstWar;
    set_all_states(&mut setup, "warheads", warheads);
    set_all_states(&mut setup, "survivable_share", survivable_share);
    setup
}

fn fear(outcome: &Outcome) -> f64 {
    f64::from(u8::from(outcome.motive == Some(Motive::Preemption)))
}

/// Wars begun from fear among the crises in which somebody mobilised, by history.
fn fear_by_mobilised_crisis(seen: &[(Outcome, Vec<Event>)]) -> Vec<Term> {
    let term = |(_, events): &(Outcome, Vec<Event>)| {
        let mut crises: BTreeMap<u32, (bool, bool)> = BTreeMap::new();
        for event in events {
            let (mobilised, feared) = crises.entry(event.crisis).or_default();
            *mobilised |= matches!(event.kind, EventKind::Mobilisation | EventKind::Strike);
            *feared |= event.kind == EventKind::Strike && event.motive == Some(Motive::Preemption);
        }
        let count = |of: fn(&(bool, bool)) -> bool| crises.values().filter(|crisis| of(crisis)).count() as f64;
        Term { numerator: count(|crisis| crisis.1), denominator: count(|crisis| crisis.0) }
    };
    seen.iter().map(term).collect()
}

/// Over the survivable share: from forces that invite the strike to forces that deter it as if defence dominated.
pub(super) fn nuclear() -> Finding {
    let shares = [0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0];
    let curve = shares.map(|share| outcomes(&armed(100.0, share), SEED, HISTORIES));
    let without = outcomes(&armed(0.0, 0.0), SEED, HISTORIES);
    let mut defence = armed(0.0, 0.0);
    set_all_states(&mut defence, "perceived_balance", 1.0 / 3.0);
    let defence = outcomes(&defence, SEED, HISTORIES);
    let war = |seen: &[Outcome]| share_of(seen, |outcome| outcome.wars > 0);
    let fewer = |what: &str, less: &[Outcome], more: &[Outcome]| {
        Criterion::beyond_chance(what, &differences(less, more, fear), 1.0, CRITICAL)
    };
    let mut criteria = vec![fewer("first war from fear, vulnerable warheads minus no warheads", &without, &curve[0])];
    let [vulnerable, bare] = [100.0, 0.0].map(|warheads| fear_by_mobilised_crisis(&told(&armed(warheads, 0.0), SEED, HISTORIES)));
    criteria.push(Criterion::surely_above(
        "wars from fear in a crisis in which a state mobilises, vulnerable warheads divided by no warheads",
        rate_ratio(&vulnerable, &bare),
        1.0,
    ));
    for place in 0..3 {
        let what = format!("first war from fear, survivable share {} minus share {}", shares[place], shares[place + 1]);
        criteria.push(fewer(&what, &curve[place + 1], &curve[place]));
    }
    criteria.push(Criterion::surely_below("histories with a war where defence dominates, no warheads", war(&defence), 0.02));
    for (share, seen) in shares.iter().zip(&curve).skip(4) {
        criteria.push(Criterion::surely_below(&format!("histories with a war, survivable share {share}"), war(seen), 0.02));
    }
    let line = |value: fn(&Outcome) -> bool| {
        shares.into_iter().zip(&curve).map(|(share, seen)| (share, share_of(seen, value))).collect::<Vec<_>>()
    };
    let without_warheads = shares.map(|share| (share, war(&without))).to_vec();
    let from_fear = |seen: &[Outcome]| share_of(seen, |outcome| outcome.motive == Some(Motive::Preemption));
    let chances = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
    let by_chance = chances.map(|chance| (chance, from_fear(&outcomes(&aimed(100.0, 0.0, chance), SEED, HISTORIES))));
    let no_warheads = chances.map(|chance| (chance, from_fear(&without)));
    Finding {
        world: "two-states until the first war, first-strike factor 1.9, 100 warheads on each side, kill probability \
                0.8 unless it is on an axis"
            .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![
            Picture::Lines {
                title: "War by the share of warheads that survives a first strike".to_string(),
                x: "survivable share".to_string(),
                y: "share of histories".to_string(),
                lines: vec![
                    ("any war".to_string(), line(|outcome| outcome.wars > 0)),
                    ("first war from fear".to_string(), line(|outcome| outcome.motive == Some(Motive::Preemption))),
                    ("any war, no warheads".to_string(), without_warheads),
                ],
            },
            Picture::Lines {
                title: "First wars from fear by the chance that a warhead destroys its target".to_string(),
                x: "kill probability".to_string(),
                y: "first war from fear, share of histories".to_string(),
                lines: vec![
                    ("100 warheads on each side, none survivable".to_string(), by_chance.to_vec()),
                    ("no warheads".to_string(), no_warheads.to_vec()),
                ],
            },
        ],
        remark: "The claim holds in part. A crisis in which somebody mobilises is about three times as dangerous with warheads \
                 that a first strike destroys as without warheads. But such crises become rare. Whoever mobilises frightens \
                 the other, and to be struck would now mean ruin, so fewer states mobilise and fewer demands are \
                 pressed: in 512 histories there were 5.3 mobilisations a history without warheads and .31 with \
                 vulnerable ones, and wars from fear in 15 % and 3 % of the histories. The number of wars is what is left \
                 of the two effects. For the same reason it does not fall steadily with the survivable share. At shares of \
                 0.1 and 0.2 a strike is less feared, so states threaten again (1.8 and 3.0 mobilisations, wars from fear \
                 in 14 % and 15 %): Snyder's paradox of stability and instability (1965). At 0.4 a strike brings little \
                 (1 %), and from 0.6 on nothing. Where nearly every warhead that is aimed at is destroyed (0.95, second \
                 picture), vulnerable warheads bring 18 %, somewhat more than no warheads. Without \
                 concessions there would be almost no war with warheads at all, since mobilising would then gain nothing."
            .to_string(),
    }
}
