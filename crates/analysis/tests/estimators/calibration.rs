//! Calibration: parameters that made synthetic data are found again, and intervals cover as they say.

use spiral_analysis::Estimate;
use spiral_analysis::calibration::found::{Candidate, End, Inputs, Parameter, calibration};
use spiral_analysis::calibration::targets::{Aim, Target, Use, distance};
use spiral_analysis::calibration::{AbcSmc, AbcSmcSettings, Calibration, CmaEs, CmaEsSettings, Search, Stage};
use spiral_kernel::draws::{Address, KeyedGenerator};
use spiral_kernel::maths::{exp, normal_quantile};

/// Data sets of each measurement of coverage.
const SETS: u32 = 160;
const SCALES: [f64; 3] = [0.1, 0.05, 0.08];

/// A simulator of three numbers with two parameters of the unit interval, bent a little.
fn simulated(place: &[f64]) -> Vec<f64> {
    let [x, y] = [place[0], place[1]];
    vec![x + y, x - 0.5 * y + 0.2 * x * y, exp(0.5 * y)]
}

/// Data of a true place with errors of the scales.
fn targets(truth: &[f64], draws: &mut KeyedGenerator) -> Vec<Target> {
    simulated(truth)
        .into_iter()
        .zip(SCALES)
        .map(|(value, scale)| Target {
            label: String::new(),
            scenario: String::new(),
            unit: String::new(),
            aim: Aim::Number { measure: String::new(), value: value + scale * normal_quantile(draws.uniform()), naive: None },
            role: Use::Fit,
            scale,
            source: String::new(),
        })
        .collect()
}

fn searched(search: &mut dyn Search, targets: &[Target]) -> Vec<Candidate> {
    searched_with(search, simulated, |simulated| distance(targets, simulated))
}

fn searched_with(
    search: &mut dyn Search,
    simulated: impl Fn(&[f64]) -> Vec<f64>,
    distance: impl Fn(&[f64]) -> f64,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    while let Some(batch) = search.ask() {
        let first = candidates.len();
        for place in batch.places {
            let simulated = simulated(&place);
            let distance = distance(&simulated);
            candidates.push(Candidate { generation: batch.generation, values: place.clone(), place, simulated, distance });
        }
        search.tell(&candidates[first..].iter().map(|candidate| candidate.distance).collect::<Vec<f64>>());
    }
    candidates
}

fn found(targets: &[Target], candidates: &[Candidate], search: &dyn Search, end: End<'_>) -> Calibration {
    let parameter = |name: &str| Parameter {
        name: name.to_string(),
        unit: String::new(),
        bounds: (0.0, 1.0),
        logarithmic: false,
        before: None,
    };
    calibration(&Inputs {
        title: "",
        question: "",
        scenario: "",
        seed: 1,
        histories: 1,
        parameters: &[parameter("x"), parameter("y")],
        value: &|_, place| place,
        targets,
        standing: &[],
        candidates,
        before: &simulated(&[0.5, 0.5]),
        stage: search.stage(),
        end,
    })
}

/// How many of the true values lie in the 95 % intervals, and in the 90 % ones of a posterior.
fn covered(found: &Calibration, truth: &[f64]) -> (u32, u32) {
    let (mut wide, mut narrow) = (0, 0);
    for (parameter, truth) in found.parameters.iter().zip(truth) {
        let (low, high) = parameter.estimate.lower.zip(parameter.estimate.upper).expect("an interval");
        wide += u32::from(low <= *truth && *truth <= high);
        narrow += u32::from(parameter.quantiles.is_some_and(|q| q[0] <= *truth && *truth <= q[4]));
    }
    (wide, narrow)
}

/// 95 % intervals of a posterior cover 93 to 97 %, and 90 % ones 87 to 93 %, where the truth is drawn from the prior: 160 data sets,
/// two parameters; the standard error of the coverage is some 1 %.
#[test]
fn posterior_intervals_cover() {
    let (mut wide, mut narrow, mut spread) = (0, 0, 0.0);
    for set in 0..SETS {
        let mut draws = KeyedGenerator::new(11, Address { purpose: 4090, entity: 1, time: 0 }, set);
        let truth = [draws.uniform(), draws.uniform()];
        let targets = targets(&truth, &mut draws);
        let settings = AbcSmcSettings { parameters: 2, population: 60, quantile: 0.5, budget: 800, seed: u64::from(set) };
        let mut search = AbcSmc::new(settings);
        let candidates = searched(&mut search, &targets);
        let particles = search.posterior();
        let end = End::Posterior { particles: &particles, tolerance: search.population().1 };
        let found = found(&targets, &candidates, &search, end);
        let (in_wide, in_narrow) = covered(&found, &truth);
        wide += in_wide;
        narrow += in_narrow;
        spread += found.parameters.iter().filter_map(|parameter| parameter.narrowed_to).sum::<f64>();
    }
    let share = |count: u32| f64::from(count) / f64::from(2 * SETS);
    let (wide, narrow, spread) = (share(wide), share(narrow), spread / f64::from(2 * SETS));
    let told = format!("95 % intervals cover {wide:.3}, 90 % ones {narrow:.3}, and leave {spread:.2} of the prior's spread");
    assert!((0.92..=0.98).contains(&wide) && (0.86..=0.94).contains(&narrow) && spread < 0.5, "{told}");
}

/// The intervals of an optimum cover 95 % of the time where the truth is away from the bounds: 160 data sets, two parameters.
#[test]
fn intervals_of_an_optimum_cover() {
    let mut wide = 0;
    for set in 0..SETS {
        let mut draws = KeyedGenerator::new(12, Address { purpose: 4090, entity: 2, time: 0 }, set);
        let truth = [0.3 + 0.4 * draws.uniform(), 0.3 + 0.4 * draws.uniform()];
        let targets = targets(&truth, &mut draws);
        let settings =
            CmaEsSettings { parameters: 2, population: None, step: 0.3, enough: 0.01, budget: 400, seed: u64::from(set) };
        let mut search = CmaEs::new(settings);
        let candidates = searched(&mut search, &targets);
        let fresh = simulated(&[0.5, 0.5]);
        let found = found(&targets, &candidates, &search, End::Optimum { fresh: &fresh });
        wide += covered(&found, &truth).0;
    }
    let wide = f64::from(wide) / f64::from(2 * SETS);
    assert!((0.92..=0.98).contains(&wide), "95 % intervals cover {wide}");
}

#[test]
fn a_parameter_at_its_bound_and_a_model_that_cannot_meet_its_targets_are_told() {
    let number = |value: f64| Target {
        label: "far".to_string(),
        scenario: "somewhere".to_string(),
        unit: String::new(),
        aim: Aim::Number { measure: String::new(), value, naive: None },
        role: Use::Fit,
        scale: 0.1,
        source: String::new(),
    };
    // No place gives a sum of three.
    let targets = [number(3.0), number(0.5), number(1.0)];
    let settings = CmaEsSettings { parameters: 2, population: None, step: 0.3, enough: 0.0, budget: 600, seed: 1 };
    let mut search = CmaEs::new(settings);
    let candidates = searched(&mut search, &targets);
    let best = candidates.iter().map(|one| one.distance).fold(f64::INFINITY, f64::min);
    let fresh = simulated(&[1.0, 1.0]);
    let found = found(&targets, &candidates, &search, End::Optimum { fresh: &fresh });
    assert_eq!(found.parameters[0].at_bound.as_deref(), Some("upper"), "{:?}", found.parameters);
    let told = found.notes.join("\n");
    assert!(told.contains("x lies at the upper bound") && told.contains("does not reproduce them"), "distance {best}: {told}");
}

/// No candidate has a value of every target: there is no posterior, and everything says so.
#[test]
fn without_a_single_distance_there_is_no_posterior() {
    let targets = targets(&[0.5, 0.5], &mut KeyedGenerator::new(13, Address { purpose: 4090, entity: 3, time: 0 }, 0));
    let settings = AbcSmcSettings { parameters: 2, population: 20, quantile: 0.5, budget: 200, seed: 1 };
    for without in [f64::NAN, f64::INFINITY] {
        let mut search = AbcSmc::new(settings);
        let mut candidates = searched_with(&mut search, |_| vec![1.0, f64::NAN, 1.0], |_| without);
        for candidate in &mut candidates {
            candidate.distance = f64::INFINITY;
        }
        assert_eq!(search.stage(), Stage::Stuck);
        let particles = search.posterior();
        assert!(particles.is_empty(), "{particles:?}");
        let end = End::Posterior { particles: &particles, tolerance: search.population().1 };
        let found = found(&targets, &candidates, &search, end);
        assert!(found.is_posterior() && found.correlations.is_empty() && found.sample.is_empty(), "{found:?}");
        let numbers = [found.distance, found.least_distance, found.tolerance, found.effective_sample];
        assert_eq!(numbers, [None; 4], "no distance, no sample");
        for parameter in &found.parameters {
            let none = Estimate::none(0, "no candidate has a value for every target");
            assert_eq!((&parameter.estimate, parameter.quantiles, parameter.narrowed_to), (&none, None, None));
            assert_eq!(parameter.at_bound, None);
        }
        let told = found.notes.join("\n");
        for wanted in [
            "there is no posterior: no candidate has a value for every target",
            "some fitted targets have no simulated value",
            "20 of 20 candidates have no value for some target",
        ] {
            assert!(told.contains(wanted), "no {wanted:?} in {told}");
        }
        assert!(!told.contains("inf scales"), "{told}");
    }
}

/// The median of an even number of distances lies between the two middle ones; an infinite one beyond them changes nothing.
#[test]
fn generations_have_their_medians() {
    let targets = targets(&[0.5, 0.5], &mut KeyedGenerator::new(14, Address { purpose: 4090, entity: 4, time: 0 }, 0));
    let candidate = |(generation, distance): (u32, f64)| {
        let place = vec![0.5, 0.5];
        Candidate { generation, values: place.clone(), simulated: simulated(&place), place, distance }
    };
    let distances =
        [(0, 4.0), (0, 1.0), (0, 2.0), (0, 9.0), (1, f64::INFINITY), (1, 3.0), (1, 0.5), (2, 1.0), (2, f64::INFINITY)];
    let candidates = distances.map(candidate);
    let search = CmaEs::new(CmaEsSettings { parameters: 2, population: None, step: 0.3, enough: 0.0, budget: 600, seed: 1 });
    let found = found(&targets, &candidates, &search, End::Optimum { fresh: &simulated(&[0.5, 0.5]) });
    let medians: Vec<Option<f64>> = found.generations.iter().map(|generation| generation.median).collect();
    assert_eq!(medians, [Some(3.0), Some(3.0), None]);
    assert!(!found.is_posterior());
}
