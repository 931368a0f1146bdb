//! The summary of a study as a whole.

use spiral_analysis::intervals::{Term, share};
use spiral_analysis::paired::{Resampling, median_difference, ratio_difference};
use spiral_analysis::survival::{KaplanMeier, SortedSpells, Spell};
use spiral_analysis::{Contrast, Measure, ScenarioOutcomes, Summary, contrast, summarise, summarise_scenario};
use spiral_model::{Ended, Motive, Outcome};

use proptest::prelude::*;

use crate::draws::Stream;
use crate::fixtures::{find, general, peace, scenario, simulated, states, war};

fn number(measures: &[Measure], name: &str) -> f64 {
    find(measures, name).estimate.estimate.unwrap_or_else(|| panic!("{name} has no number"))
}

fn near(measured: f64, expected: f64) -> bool {
    (measured - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

/// Ten histories of 1900 to 1934: five with a war, two of them general, four at peace, and one that failed.
fn ten() -> Vec<Outcome> {
    vec![
        war(0, 1910.0, Motive::Preemption, 20.0, 1934.0),
        general(war(1, 1912.0, Motive::Preemption, 30.0, 1912.0)),
        war(2, 1920.0, Motive::Accident, 50.0, 1934.0),
        general(war(3, 1914.0, Motive::Prevention, 40.0, 1914.0)),
        war(4, 1930.0, Motive::Preemption, 10.0, 1934.0),
        peace(5, 1934.0),
        peace(6, 1934.0),
        Outcome { inert: true, ..peace(7, 1934.0) },
        peace(8, 1934.0),
        Outcome { ended: Ended::Failure, peak_burden: f64::NAN, ..war(9, 1901.0, Motive::Predation, 1.0, 1901.0) },
    ]
}

#[test]
fn measures_of_ten_histories() {
    let (codes, great_powers) = states();
    let outcomes = ten();
    let Ok(summary) = summarise_scenario(&scenario("ten", (1900.0, 1934.0), &codes, &great_powers, &outcomes));
    assert_eq!((summary.histories, summary.failures), (10, 1));
    let dyad_years = 7.0 * 340.0 + 120.0 + 140.0;
    for (name, expected) in [
        ("war", 5.0 / 9.0),
        ("general_war", 2.0 / 9.0),
        ("general_war_given_war", 0.4),
        ("median_first_war", 1914.0),
        // Nine at risk: 8/9, 7/9, 6/9, 5/9 at 1920, 4/9 at 1930.
        ("median_first_war_kaplan_meier", 1930.0),
        ("median_general_war", 1913.0),
        ("war_free_years", (10.0 + 12.0 + 20.0 + 14.0 + 30.0 + 4.0 * 34.0) / 9.0),
        ("days_crisis_to_war", 30.0),
        ("days_crisis_to_general_war", 45.0),
        ("great_powers_30d", (3.0 * 2.0 + 2.0 * 4.0) / 5.0),
        ("belligerents_30d", (3.0 * 3.0 + 2.0 * 6.0) / 5.0),
        ("peak_burden", 0.03),
        ("crises", 10.0 / 9.0),
        ("great_power_crisis_rate", 5.0 / dyad_years),
        ("wars", 5.0 / 9.0),
        ("entrapments", 0.0),
        ("inert", 1.0 / 9.0),
        ("failures", 0.1),
    ] {
        let measured = number(&summary.measures, name);
        assert!(near(measured, expected), "{name}: measured {measured}, expected {expected}");
    }
    let never = find(&summary.measures, "median_general_war_kaplan_meier");
    assert_eq!(never.estimate.estimate, None, "two of nine never reach a median");
    for (name, count) in [("preemption", 3), ("prevention", 1), ("predation", 0), ("accident", 1)] {
        assert_eq!(find(&summary.motives, name).estimate, share(count, 5), "{name}");
    }
    let pairs: Vec<_> = summary.first_pairs.iter().map(|pair| (pair.name.as_str(), pair.estimate.estimate)).collect();
    assert_eq!(pairs, [("AUH → GMY", Some(0.6)), ("GMY → RUS", Some(0.4))]);
    assert_eq!(summary.great_powers_30d, [0, 0, 3, 0, 2], "three great powers, but an outcome says four");
    assert_eq!(summary.days_crisis_to_war, [10.0, 20.0, 30.0, 40.0, 50.0]);
    assert_eq!(summary.days_crisis_to_general_war, [40.0, 50.0]);
    let curve: Vec<_> = summary.war_free.iter().map(|point| (point.date, point.at_risk, point.events)).collect();
    let expected =
        [(1900.0, 9, 0), (1910.0, 9, 1), (1912.0, 8, 1), (1914.0, 7, 1), (1920.0, 6, 1), (1930.0, 5, 1), (1934.0, 4, 0)];
    assert_eq!(curve, expected);
    assert!(near(summary.war_free[6].survival, 4.0 / 9.0), "{:?}", summary.war_free[6]);
}

fn two_scenarios(a: &[Outcome], b: &[Outcome]) -> Summary {
    let (codes, great_powers) = states();
    let a = scenario("a", (1900.0, 1934.0), &codes, &great_powers, a);
    let b = scenario("b", (1938.0, 1972.0), &codes, &great_powers, b);
    let Ok(summary) = summarise(7, a.outcomes.len() as u64, &[a, b]);
    summary
}

#[test]
fn a_contrast_is_the_difference_of_what_is_shown() {
    // 3000 histories a scenario; failures strike the same histories in both.
    let (a, b) = (simulated(3000, 1900.0, 0.05), simulated(3000, 1938.0, 0.03));
    let summary = two_scenarios(&a, &b);
    let Contrast { measures, log_rank_p, war_p, war_variance_reduction, .. } = &summary.contrasts[0];
    for difference in measures {
        let side = |scenario: usize| {
            let scenario = &summary.scenarios[scenario];
            let all: Vec<Measure> = scenario.measures.iter().chain(&scenario.motives).cloned().collect();
            let start = if find(&all, &difference.name).unit == "year" { scenario.years.0 } else { 0.0 };
            number(&all, &difference.name) - start
        };
        let (measured, expected) = (number(measures, &difference.name), side(1) - side(0));
        assert!((measured - expected).abs() < 1e-9, "{}: {measured} against {expected}", difference.name);
        let (lower, upper) = (difference.estimate.lower, difference.estimate.upper);
        let inside = lower.is_some_and(|x| x <= measured + 1e-12) && upper.is_some_and(|x| measured <= x + 1e-12);
        assert!(inside, "{}: {measured} in {lower:?}, {upper:?}", difference.name);
    }
    // The later wars of b are seen by every test, and its years without war are longer.
    assert!(log_rank_p.is_some_and(|p| p < 1e-6) && war_p.is_some_and(|p| p < 1e-6), "{log_rank_p:?} {war_p:?}");
    assert!(find(measures, "war_free_years").estimate.lower.is_some_and(|x| x > 0.0));
    // The same draws: b has a war only where a has one, so pairing must help: Var(b − a) = (p − q)(1 − p + q).
    let (p, q) = (1.0 - libm::exp(-0.05 * 34.0), 1.0 - libm::exp(-0.03 * 34.0));
    let truth = (p * (1.0 - p) + q * (1.0 - q)) / ((p - q) * (1.0 - p + q));
    let measured = war_variance_reduction.expect("a factor");
    assert!((measured / truth - 1.0).abs() < 0.15, "variance reduction {measured:.3} against {truth:.3}");
    let reductions = &summary.contrasts[0].variance_reductions;
    assert_eq!(number(reductions, "war"), measured);
    let war = &find(reductions, "war").estimate;
    let held = war.lower.is_some_and(|low| low < truth) && war.upper.is_some_and(|high| truth < high);
    assert!(held, "{truth:.3} in {:?} to {:?}", war.lower, war.upper);
    assert!(reductions.iter().all(|measure| measure.name != "preemption"), "motives are not paired");
    // The same scenario against itself: nothing.
    let same = &two_scenarios(&a, &a).contrasts[0];
    assert_eq!((same.war_p, same.war_variance_reduction), (None, None));
    assert_eq!(number(&same.measures, "war"), 0.0);
}

#[test]
fn equal_scenarios_that_start_in_other_years_do_not_differ() {
    let (a, b) = (simulated(2000, 1900.0, 0.05), simulated(2000, 1938.0, 0.05));
    let contrast = &two_scenarios(&a, &b).contrasts[0];
    assert!(contrast.log_rank_chi_square.is_some_and(|x| x < 1e-12), "{:?}", contrast.log_rank_chi_square);
    for name in ["war", "median_first_war", "war_free_years", "days_crisis_to_war"] {
        assert!(number(&contrast.measures, name).abs() < 1e-9, "{name}: {}", number(&contrast.measures, name));
    }
}

#[test]
fn order_of_outcomes_changes_no_bit() {
    let (a, b) = (simulated(1500, 1900.0, 0.05), simulated(1500, 1938.0, 0.03));
    let shuffled = |outcomes: &[Outcome]| {
        let mut stream = Stream::new(311, 0);
        let mut keyed: Vec<(f64, Outcome)> = outcomes.iter().map(|outcome| (stream.uniform(), *outcome)).collect();
        keyed.sort_by(|x, y| x.0.total_cmp(&y.0));
        keyed.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>()
    };
    let text = |summary: &Summary| serde_json::to_string(summary).expect("a summary is JSON");
    assert_eq!(text(&two_scenarios(&a, &b)), text(&two_scenarios(&shuffled(&a), &shuffled(&b))));
}

#[test]
fn json_never_holds_nan_and_reads_back() {
    let failed = |history| Outcome { ended: Ended::Failure, peak_burden: f64::NAN, end_date: f64::NAN, ..peace(history, 1934.0) };
    let all_failed: Vec<Outcome> = (0..20).map(failed).collect();
    let quiet: Vec<Outcome> = (0..20).map(|history| peace(history, 1934.0)).collect();
    let one = vec![war(0, 1910.0, Motive::Accident, 3.0, 1934.0)];
    let lists: [&[Outcome]; 5] = [&[], &all_failed, &quiet, &one, &ten()];
    let (codes, great_powers) = states();
    for first in lists {
        let scenarios: Vec<ScenarioOutcomes<'_>> =
            lists.iter().map(|list| scenario("s", (1900.0, 1934.0), &codes, &great_powers, list)).collect();
        let first = scenario("first", (1900.0, 1934.0), &codes, &great_powers, first);
        let Ok(summary) = summarise(1, 20, &[&[first], scenarios.as_slice()].concat());
        let text = serde_json::to_string(&summary).expect("a summary is JSON");
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        let back: Summary = serde_json::from_str(&text).expect("a summary reads back");
        assert_eq!(back, summary);
    }
    let Ok(nothing) = summarise::<[Outcome]>(1, 0, &[]);
    assert!(nothing.scenarios.is_empty());
}

#[test]
fn histories_are_paired_by_number_and_failures_leave_both() {
    let (codes, great_powers) = states();
    let a = [war(0, 1910.0, Motive::Accident, 3.0, 1934.0), peace(1, 1934.0), peace(3, 1934.0), peace(4, 1934.0)];
    let failed = Outcome { ended: Ended::Failure, ..peace(3, 1934.0) };
    let b = [peace(4, 1934.0), war(1, 1911.0, Motive::Accident, 3.0, 1934.0), peace(2, 1934.0), failed, peace(0, 1934.0)];
    let years = (1900.0, 1934.0);
    let Ok(made) =
        contrast(1, &scenario("a", years, &codes, &great_powers, &a), &scenario("b", years, &codes, &great_powers, &b));
    let difference = &find(&made.measures, "war").estimate;
    assert_eq!((difference.n, difference.estimate), (3, Some(0.0)), "histories 0, 1 and 4 are in both");
    assert_eq!(made.war_p, Some(1.0));
}

#[test]
fn resampling_gives_the_same_bits_on_every_machine() {
    // Made by this test itself: on failure it prints the numbers to put here, which may change only with the resampling.
    let pair = |i: u32| (f64::from(i % 13), f64::from(i % 7) * 1.5);
    let terms: Vec<_> = (0..61).map(pair).map(|(a, b)| (Term::of(Some(a)), Term::of((b > 0.0).then_some(b)))).collect();
    let options: Vec<_> = (0..61).map(pair).map(|(a, b)| (Some(a), (b > 0.0).then_some(b))).collect();
    let mean = ratio_difference(&terms, Resampling::new(42, "golden"));
    let median = median_difference(&options, Resampling::new(42, "golden"));
    let bits = [mean.lower, mean.upper, median.lower, median.upper].map(|end| end.map(f64::to_bits));
    let golden = [0xbffb_f39d_15b8_b4fa, 0x3fe5_87fd_1aee_0d85, 0xc004_0000_0000_0000, 0x4000_0000_0000_0000].map(Some);
    assert_eq!(bits, golden, "{mean:?} {median:?}: {bits:#x?}");
}

#[test]
fn a_thinned_curve_keeps_every_event_and_lies_on_the_curve() {
    let mut stream = Stream::new(321, 0);
    let spells: Vec<Spell> = (0..20_000)
        .map(|_| 1900.0 + 30.0 * stream.exponential())
        .map(|time| Spell { time: time.min(1934.0), event: time < 1934.0 })
        .collect();
    let events = spells.iter().filter(|spell| spell.event).count() as u64;
    let curve = KaplanMeier::fit(&SortedSpells::new(spells));
    let points = curve.points(1900.0, 1000);
    assert!((900..=1002).contains(&points.len()), "{} points", points.len());
    assert_eq!(points.iter().map(|point| point.events).sum::<u64>(), events);
    for point in &points {
        assert_eq!(point.survival, curve.survival(point.date), "at {}", point.date);
    }
    assert!(points.windows(2).all(|two| two[0].date < two[1].date && two[0].survival >= two[1].survival));
    let (first, last) = (points[0], points[points.len() - 1]);
    assert_eq!((first.date, first.survival, last.date, last.events), (1900.0, 1.0, 1934.0, 0));
    assert_eq!(last.at_risk, 20_000 - events);
}

/// Any outcome that the model could write down, and some that it should not: dates before the start, numbers that blew up.
fn any_outcome() -> impl Strategy<Value = Outcome> {
    let number = prop_oneof![8 => -1.0..2.0_f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)];
    let days = proptest::option::of(0_u32..60);
    let dates = (proptest::option::of(1899.0..1940.0_f64), any::<bool>());
    (0_u32..80, dates, days, 0_usize..5, 0_u32..6, 0_u8..9, number, 0_u8..20).prop_map(
        |(history, (date, wide), days, motive, count, powers, number, end)| Outcome {
            first_war_date: date,
            general_war_date: date.filter(|_| wide),
            motive: date.and_then(|_| Motive::ALL.get(motive).copied()),
            days_crisis_to_war: date.and(days).map(f64::from),
            great_powers_30d: powers,
            crises: count,
            great_power_crises: count,
            initiator: count,
            target: u32::from(powers),
            peak_burden: number.abs(),
            ended: if end == 0 { Ended::Failure } else { Ended::Horizon },
            ..peace(history, 1934.0)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_interval_holds_its_estimate(
        a in proptest::collection::vec(any_outcome(), 0..60),
        b in proptest::collection::vec(any_outcome(), 0..60),
    ) {
        let unique = |mut outcomes: Vec<Outcome>| {
            outcomes.sort_by_key(|outcome| outcome.history);
            outcomes.dedup_by_key(|outcome| outcome.history);
            outcomes
        };
        let summary = two_scenarios(&unique(a), &unique(b));
        let scenarios = summary.scenarios.iter().flat_map(|s| s.measures.iter().chain(&s.motives).chain(&s.first_pairs));
        for measure in scenarios {
            let shown = &measure.estimate;
            if let Some(value) = shown.estimate {
                prop_assert!(shown.lower.is_none_or(|x| x <= value + 1e-12), "{measure:?}");
                prop_assert!(shown.upper.is_none_or(|x| x >= value - 1e-12), "{measure:?}");
            } else {
                // A median that the curve does not reach can still have a lower end.
                prop_assert!(shown.upper.is_none() && (shown.lower.is_none() || measure.unit == "year"), "{measure:?}");
            }
        }
        for measure in &summary.contrasts[0].measures {
            let ends = (measure.estimate.lower, measure.estimate.upper);
            prop_assert!(matches!(ends, (None, None)) || ends.0 <= ends.1, "{measure:?}");
        }
        for curve in summary.scenarios.iter().flat_map(|s| [&s.war_free, &s.general_war_free]) {
            prop_assert!(curve.iter().all(|point| 0.0 <= point.lower && point.lower <= point.survival + 1e-12));
            prop_assert!(curve.iter().all(|point| point.survival <= point.upper + 1e-12 && point.upper <= 1.0));
            prop_assert!(curve.windows(2).all(|two| two[1].survival <= two[0].survival && two[0].date < two[1].date));
        }
        let text = serde_json::to_string(&summary).expect("a summary is JSON");
        prop_assert_eq!(serde_json::from_str::<Summary>(&text).expect("a summary reads back"), summary);
    }
}

/// Three histories of which one has nearly all: Student's interval by itself reaches below zero.
#[test]
fn an_interval_of_a_size_is_not_negative_and_one_of_growth_may_be() {
    let (codes, great_powers) = states();
    let of = |history: u32, size: f64| Outcome { peak_burden: size, arms_growth: size, ..peace(history, 1934.0) };
    let outcomes = [of(0, 0.0), of(1, 0.0), of(2, 0.9)];
    let Ok(summary) = summarise_scenario(&scenario("three", (1900.0, 1934.0), &codes, &great_powers, &outcomes));
    let (size, growth) = (&find(&summary.measures, "peak_burden").estimate, &find(&summary.measures, "arms_growth").estimate);
    assert_eq!((size.estimate, size.upper), (growth.estimate, growth.upper));
    assert_eq!(size.lower, Some(0.0));
    // Two histories at peace and one with a war at once: no mean of years without war is beyond the years that there are.
    let years = [war(0, 1900.5, Motive::Accident, 3.0, 1934.0), peace(1, 1934.0), peace(2, 1934.0)];
    let Ok(summary) = summarise_scenario(&scenario("three", (1900.0, 1934.0), &codes, &great_powers, &years));
    let war_free = &find(&summary.measures, "war_free_years").estimate;
    assert_eq!((war_free.lower, war_free.upper), (Some(0.0), Some(34.0)), "{war_free:?}");
    assert!(growth.lower.is_some_and(|lower| (lower - (0.3 - 4.302_652_729_9 * 0.3)).abs() < 1e-9), "{growth:?}");
}
