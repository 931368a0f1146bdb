//! Pattern 3: war is least likely at a middle level of awareness.

use spiral_model::mechanisms::beliefs::Beliefs;
use spiral_model::mechanisms::crisis::Crisis;
use spiral_model::mechanisms::technology::Technology;
use spiral_model::{Outcome, Setup};

use super::{CRITICAL, Criterion, Finding, Picture, differences, mean_of};
use crate::ensembles::{outcomes, scenario, set_all_states};

const SEED: u64 = 1018;
const HISTORIES: u32 = 1024;
/// True and believed balance.
const BALANCES: [f64; 2] = [0.7, 1.0];
const AWARENESS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Position of the middle, 0.5.
const MIDDLE: usize = 2;
/// Chance that a state is an aggressor.
const AGGRESSORS: f64 = 0.15;

/// The ring of `four-worlds` with what the model, not that scenario, holds for usual: crises, prior suspicion, first strike.
fn world(balance: f64, awareness: f64) -> Setup {
    let set = [
        ("technology.balance", balance),
        ("technology.first_strike", Technology::default().first_strike),
        ("beliefs.suspicion", Beliefs::default().suspicion),
        ("crisis.rate", Crisis::default().rate),
    ];
    let mut setup = scenario("four-worlds/offence-indistinguishable", &set).setup;
    set_all_states(&mut setup, "perceived_balance", balance);
    set_all_states(&mut setup, "greedy_chance", AGGRESSORS);
    set_all_states(&mut setup, "awareness", awareness);
    setup
}

fn wars(outcome: &Outcome) -> f64 {
    f64::from(outcome.wars)
}

/// Over awareness, at two values of the balance: both ends have more wars than the middle.
pub(super) fn middle() -> Finding {
    let (mut criteria, mut lines) = (Vec::new(), Vec::new());
    for balance in BALANCES {
        let seen = AWARENESS.map(|awareness| outcomes(&world(balance, awareness), SEED, HISTORIES));
        let means = seen.each_ref().map(|histories| mean_of(histories, wars));
        for end in [0, 4] {
            let what = format!("wars at m {balance}: awareness {} minus awareness {}", AWARENESS[end], AWARENESS[MIDDLE]);
            criteria.push(Criterion::beyond_chance(&what, &differences(&seen[MIDDLE], &seen[end], wars), 1.0, CRITICAL).target());
        }
        lines.push((format!("m = m̂ = {balance}"), AWARENESS.into_iter().zip(means).collect()));
    }
    Finding {
        world:
            "four-worlds/offence-indistinguishable with the model's own rate of crises, prior suspicion and first strike; each \
                state is an aggressor with chance 15 %; the wars of forty years"
                .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![Picture::Lines {
            title: "Wars by awareness of the security dilemma".to_string(),
            x: "awareness e".to_string(),
            y: "wars per history".to_string(),
            lines,
        }],
        remark: "An aggressor here can hardly be deterred. It spends several times what its neighbours spend, and with \
                 any awareness almost every history that has one has a war. So what is counted is wars, not histories \
                 with a war. Awareness does two things. It ends the wars that security seekers fight from fear, as long \
                 as attack is easy. And it lets aggressors grow unanswered, so that they fight more often. Where attack \
                 is as easy as defence (m = 1) the first is strong up to a middle awareness, and the second shows beyond \
                 it, more weakly. Where defence has some \
                 advantage (m = 0.7) hardly anybody strikes from fear, and more awareness means more wars. With the \
                 scenario's own rate of crises, which is higher, wars at m = 1 fall from end to end (trial of 300 \
                 histories: 4.68, 4.15 and 3.92 a history at awareness 0, 0.5 and 1). The U needs fear and appeasement \
                 of about the same strength; it is no law of this model."
            .to_string(),
    }
}
