//! Pattern 3: war is least likely at a middle level of awareness.

use spiral_model::Outcome;
use spiral_model::setup::{Ending, Setup};

use super::{CRITICAL, Criterion, Finding, Picture, differences};
use crate::ensembles::{outcomes, scenario, set_all_states, share_of};
use crate::worlds::{set, set_all};

const SEED: u64 = 1018;
const HISTORIES: u32 = 3072;
/// True and believed balance.
const BALANCES: [f64; 3] = [0.5, 0.55, 0.6];
const AWARENESS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Position of the middle, 0.5.
const MIDDLE: usize = 2;

/// What the world changes of `four-worlds`: the starting values of the model's second prototype, with so few crises that most
/// histories hang in the balance, and aggressors that start with the arms of everybody and outbuild them by a third of a habit.
const WORLD: &[(&str, f64)] = &[
    ("greedy_chance", 0.15),
    ("greed", 0.05),
    ("arms", 0.1),
    ("habitual_burden", 0.024),
    ("arming.depreciation", 0.2),
    ("arming.greed_drive", 0.03),
    ("beliefs.suspicion", 0.15),
    ("technology.first_strike", 1.6),
    ("contest.defence_bonus", 1.0),
    ("crisis.rate", 0.03),
];

fn world(balance: f64, awareness: f64) -> Setup {
    let mut setup = scenario("four-worlds/offence-indistinguishable", &[]).setup;
    setup.ending = Ending::FirstWar;
    for (path, value) in WORLD {
        if path.contains('.') {
            set(&mut setup, path, *value);
        } else {
            set_all(&mut setup, path, *value);
        }
    }
    set(&mut setup, "technology.balance", balance);
    set_all_states(&mut setup, "perceived_balance", balance);
    set_all_states(&mut setup, "awareness", awareness);
    setup
}

fn war(outcome: &Outcome) -> f64 {
    f64::from(u8::from(outcome.wars > 0))
}

/// Over awareness, at three values of the balance: both ends have more war than the middle. Which point is compared was
/// chosen on the histories of seed 17; these are others.
pub(super) fn middle() -> Finding {
    let (mut criteria, mut lines) = (Vec::new(), Vec::new());
    for balance in BALANCES {
        let seen = AWARENESS.map(|awareness| outcomes(&world(balance, awareness), SEED, HISTORIES));
        let shares = seen.each_ref().map(|histories| share_of(histories, |outcome| outcome.wars > 0));
        for end in [0, 4] {
            let what = format!("war at m {balance}: awareness {} minus awareness {}", AWARENESS[end], AWARENESS[MIDDLE]);
            criteria.push(Criterion::beyond_chance(&what, &differences(&seen[MIDDLE], &seen[end], war), 1.0, CRITICAL).target());
        }
        lines.push((format!("m = m̂ = {balance}"), AWARENESS.into_iter().zip(shares).collect()));
    }
    Finding {
        world: "eight states in a ring until the first war; each state is an aggressor with chance 15 %".to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![Picture::Lines {
            title: "War by awareness of the security dilemma".to_string(),
            x: "awareness e".to_string(),
            y: "histories with a war".to_string(),
            lines,
        }],
        remark: "This world and its three balances were chosen because they show the pattern; they are not a random \
                 sample of worlds. Where attack and defence are equally strong (m = 1), arms cannot deter, and war \
                 becomes ever less likely with more awareness. With the default drive of greed, awareness changes \
                 little, because aggressors then start with far more arms than others. At high awareness war comes from \
                 appeasement: states excuse the arms of aggressors, who then strike from greed."
            .to_string(),
    }
}
