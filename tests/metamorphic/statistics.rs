//! Laws of chance that the draws must obey.

use libm::{exp, log};
use spiral_analysis::intervals::Term;
use spiral_analysis::pairing::variance_reduction;
use spiral_analysis::survival::{KaplanMeier, SortedSpells, Spell};
use spiral_model::outcome::EventKind;
use spiral_model::{Outcome, Setup};
use spiral_oracles::ensembles::{mean, outcomes};
use spiral_testkit::tiny::{ensemble, quarters, seekers, set, set_all};

use super::{scenario, without};

const SEED: u64 = 17;

fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)
}

/// States that have crises at a constant rate and nothing else: each is settled on its first day, and leaves neither suspicion nor
/// hostility. At a suspicion of .7 the tension of E13, `.3 + b`, is 1.
fn quarrelsome(codes: &[&str], rate: f64, years: f64) -> Setup {
    let mut setup = without(&Setup::complete("quarrelsome", quarters(years), codes), &["war", "beliefs", "hostility"]);
    set(&mut setup, "crisis.rate", rate);
    set(&mut setup, "beliefs.suspicion", 0.7);
    set(&mut setup, "crisis.false_alarms", 0.0);
    set(&mut setup, "crisis.settlement", 1.0);
    setup
}

/// Crises of 15 pairs over 40 years: mean and variance of the number in a history are equal.
///
/// Null: independent Poisson counts. The estimated variance over its mean has standard error √(2/n). Were the pairs of a history, or
/// its ticks, to share draws, it would be above 2.
#[test]
fn crises_are_poisson() {
    const HISTORIES: u32 = 2048;
    let (pairs, rate, years) = (15.0, 0.025, 40.0);
    let setup = quarrelsome(&["A", "B", "C", "D", "E", "F"], rate, years);
    let all = outcomes(&setup, SEED, HISTORIES);
    let counts: Vec<f64> = all.iter().map(|outcome| f64::from(outcome.crises)).collect();
    let n = f64::from(HISTORIES);
    let average = counts.iter().sum::<f64>() / n;
    let expected = pairs * years * rate;
    let z = (average - expected) / (expected / n).sqrt();
    assert!(z.abs() < 3.29, "seed {SEED}, n {n}: mean {average}, expected {expected}, z {z}, critical 3.29");
    let ratio = variance(&counts) / average;
    let error = (2.0 / n).sqrt();
    assert!((ratio - 1.0).abs() < 3.0 * error, "seed {SEED}, n {n}: variance over mean {ratio}, within 1 ± {}", 3.0 * error);
}

/// The first crisis of a pair with a constant rate comes after an exponential time.
///
/// Null: survival `e^{−λt}`. Without censoring before the horizon the largest distance of the product-limit curve is bounded by
/// Dvoretzky, Kiefer, Wolfowitz and Massart: `√(ln(2/p) / 2n)` at p = .001.
#[test]
fn time_to_the_first_crisis_is_exponential() {
    const HISTORIES: u32 = 4096;
    let (rate, years) = (0.1, 40.0);
    let setup = quarrelsome(&["A", "B"], rate, years);
    let (all, events) = ensemble(&setup, SEED, HISTORIES);
    let mut spells: Vec<Spell> = all.iter().map(|outcome| Spell { time: outcome.end_date, event: false }).collect();
    for event in events.iter().filter(|event| event.crisis == 1 && event.kind == EventKind::Crisis) {
        spells[event.history as usize] = Spell { time: event.date, event: true };
    }
    let happened = spells.iter().filter(|spell| spell.event).count() as f64;
    let exposure: f64 = spells.iter().map(|spell| spell.time).sum();
    // Events over exposure estimate the rate with relative standard error 1/√events.
    let z = (happened / exposure / rate - 1.0) * happened.sqrt();
    assert!(z.abs() < 3.29, "seed {SEED}, n {HISTORIES}: rate {}, expected {rate}, z {z}, critical 3.29", happened / exposure);
    let curve = KaplanMeier::fit(&SortedSpells::new(spells));
    let law = |time: f64| exp(-rate * time);
    let mut worst = (0.0_f64, 0.0);
    let mut before = 1.0;
    for step in curve.steps() {
        for survival in [before, step.survival] {
            let distance = (survival - law(step.time)).abs();
            if distance > worst.0 {
                worst = (distance, step.time);
            }
        }
        before = step.survival;
    }
    let bound = (log(2000.0) / (2.0 * f64::from(HISTORIES))).sqrt();
    assert!(
        worst.0 < bound,
        "seed {SEED}, n {HISTORIES}: largest distance {} in year {}, at most {bound}; survival at 10 years {} against {}",
        worst.0,
        worst.1,
        curve.survival(10.0),
        law(10.0)
    );
}

fn war(outcome: &Outcome) -> f64 {
    f64::from(u8::from(outcome.first_war_date.is_some()))
}

/// The error of a mean falls as one over the root of the sample.
///
/// 8192 histories in batches of 16 and of 256: standard deviations of the batch means in the ratio 4. Null: independent histories.
/// The logarithm of the ratio has standard error `√(1/(2·511) + 1/(2·31))` = .13; an error that did not fall would miss by ln 4 = 1.39.
#[test]
fn the_error_falls_with_the_root_of_the_sample() {
    let all = outcomes(&seekers(&["A", "B", "C"]), SEED, 8192);
    let share = mean(&all, war);
    assert!((0.1..=0.9).contains(&share), "war in {share} of histories leaves no room");
    let spread = |size: usize| {
        let means: Vec<f64> = all.chunks_exact(size).map(|batch| mean(batch, war)).collect();
        variance(&means).sqrt()
    };
    let (small, large) = (spread(16), spread(256));
    let off = log(small / large / 4.0);
    let error = (1.0 / (2.0 * 511.0) + 1.0 / (2.0 * 31.0_f64)).sqrt();
    assert!(
        off.abs() < 3.29 * error,
        "seed {SEED}: spread {small} of means of 16 and {large} of 256, ratio {}, expected 4, ln off by {off}, at most {}",
        small / large,
        3.29 * error
    );
    // The level is that of a share.
    let expected = (share * (1.0 - share) / 16.0).sqrt();
    let level = log(small / expected);
    assert!(level.abs() < 3.29 / (2.0 * 511.0_f64).sqrt(), "spread {small} of means of 16, binomial {expected}");
}

/// Two worlds on the same seed differ with less noise than on two seeds.
///
/// Null: equal variances. `ln F` has standard error `√(4/n)` for normal differences; theirs are 0 and ±1, whose variance is known
/// better than that.
#[test]
fn the_same_seed_takes_noise_out_of_a_difference() {
    const HISTORIES: u32 = 2048;
    let base = seekers(&["A", "B", "C"]);
    let mut changed = base.clone();
    set_all(&mut changed, "trade", 0.12);
    let one = outcomes(&base, SEED, HISTORIES);
    let differences =
        |seed: u64| -> Vec<f64> { outcomes(&changed, seed, HISTORIES).iter().zip(&one).map(|(b, a)| war(b) - war(a)).collect() };
    let (paired, apart) = (variance(&differences(SEED)), variance(&differences(SEED + 1)));
    let critical = exp(3.09 * (4.0 / f64::from(HISTORIES)).sqrt());
    assert!(
        apart / paired > critical,
        "seed {SEED}, n {HISTORIES}: variance {paired} on the same seed, {apart} on two, ratio {} must be above {critical}",
        apart / paired
    );
}

/// Histories of one seed, and the same history of two seeds, have nothing in common.
///
/// Null: no correlation between a history and the next, nor between seeds; r√n is standard normal.
#[test]
fn neighbouring_histories_and_seeds_are_independent() {
    const HISTORIES: u32 = 4096;
    let setup = seekers(&["A", "B", "C"]);
    let [one, two] = [SEED, SEED + 1].map(|seed| outcomes(&setup, seed, HISTORIES).iter().map(war).collect::<Vec<f64>>());
    let correlation = |a: &[f64], b: &[f64]| {
        let n = a.len() as f64;
        let (x, y) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
        let product = a.iter().zip(b).map(|(a, b)| (a - x) * (b - y)).sum::<f64>() / (n - 1.0);
        product / (variance(a) * variance(b)).sqrt()
    };
    for (what, r) in [
        ("a history and the next", correlation(&one[1..], &one[..one.len() - 1])),
        ("a history and its neighbour of 16 lanes", correlation(&one[16..], &one[..one.len() - 16])),
        ("two seeds", correlation(&one, &two)),
    ] {
        let z = r * f64::from(HISTORIES).sqrt();
        assert!(z.abs() < 3.29, "seed {SEED}, n {HISTORIES}: correlation of {what} is {r}, z {z}, critical 3.29");
    }
}

/// What `compare` says that common random numbers are worth is what they are worth: the variance of the difference in years
/// without a war over many studies, with seeds of their own for both worlds over seeds in common.
///
/// Null: the ratio of the two variances is the factor estimated from other histories. Over R studies each variance has a relative
/// standard error of about √(2/R), their ratio √(4/R); the factor of n histories has one of about .05.
#[test]
fn pairing_is_worth_what_it_is_said_to_be() {
    const STUDIES: usize = 600;
    const HISTORIES: usize = 16;
    const ALL: u32 = (STUDIES * HISTORIES) as u32;
    let base = scenario("two-states");
    let mut changed = base.clone();
    set(&mut changed, "technology.first_strike", 2.0);
    let years = |outcome: &Outcome| outcome.first_war_date.unwrap_or(outcome.end_date);
    let run = |setup: &Setup, seed: u64| outcomes(setup, seed, ALL).iter().map(years).collect::<Vec<f64>>();
    let (first, same, other) = (run(&base, SEED), run(&changed, SEED), run(&changed, SEED + 1));
    let differences = |second: &[f64]| {
        let studies = first.chunks(HISTORIES).zip(second.chunks(HISTORIES));
        let sum = |values: &[f64]| values.iter().sum::<f64>() / HISTORIES as f64;
        studies.map(|(a, b)| sum(b) - sum(a)).collect::<Vec<f64>>()
    };
    let measured = variance(&differences(&other)) / variance(&differences(&same));
    let term = |years: &f64| Term::of(Some(*years));
    let (a, b) = (run(&base, SEED + 2), run(&changed, SEED + 2));
    let pairs: Vec<_> = a.iter().zip(&b).map(|(a, b)| (term(a), term(b))).collect();
    let said = variance_reduction(&pairs).estimate.expect("a factor");
    println!("{STUDIES} studies of {HISTORIES} histories: {measured:.2}; said from {ALL} other histories: {said:.2}");
    let tolerance = 3.0 * (4.0 / STUDIES as f64 + 0.05 * 0.05).sqrt();
    assert!(said > 1.2, "common random numbers help here: {said:.3}");
    assert!(
        log(measured / said).abs() < tolerance,
        "seed {SEED}: measured {measured:.3}, said {said:.3}, within {tolerance:.3} of logarithm"
    );
}
