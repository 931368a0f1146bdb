//! What a calibration shows.

use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::found::{Fitted, Generation, Sampled, TargetRow, TargetScore};
use spiral_analysis::calibration::targets::Use;

use crate::*;

/// A made-up calibration of three parameters, one over its logarithm, some numbers missing.
fn made_up(method: &str) -> Calibration {
    let posterior = method == "abc-smc";
    let parameter = |name: &str, logarithmic: bool, at_bound: Option<&str>| Fitted {
        name: name.to_owned(),
        unit: "1/year".to_owned(),
        low: 0.01,
        high: 1.0,
        logarithmic,
        before: (name != "c").then_some(0.5),
        estimate: Estimate::new(0.3, if at_bound.is_some() { (f64::NAN, f64::NAN) } else { (0.2, 0.4) }, 50, "made up"),
        quantiles: None,
        narrowed_to: Some(0.3),
        at_bound: at_bound.map(str::to_owned),
    };
    let row = |date: f64, simulated: Option<f64>| TargetRow {
        date: Some(date),
        observed: 0.03,
        before: Some(0.05),
        simulated,
        range: simulated.filter(|_| posterior).map(|value| (value - 0.01, value + 0.01)),
    };
    let target = |label: &str, state: Option<&str>, role: Use, rows: Vec<TargetRow>| TargetScore {
        label: label.to_owned(),
        scenario: "somewhere".to_owned(),
        of: if state.is_some() { "burden" } else { "war" }.to_owned(),
        state: state.map(str::to_owned),
        unit: "share".to_owned(),
        role,
        scale: 0.01,
        source: "a <book>".to_owned(),
        standing: None,
        residual_before: Some(-4.0),
        residual: rows[0].simulated.map(|_| 0.7),
        rows,
        skills: Vec::new(),
    };
    let sample = (0..60).map(|number| {
        let place = f64::from(number) / 60.0;
        let distance = if number == 7 { None } else { Some(2.0 + 5.0 * (place - 0.3).abs()) };
        let weight = posterior.then_some(if number < 30 { 1.0 / 30.0 } else { 0.0 });
        Sampled { values: vec![0.01 + 0.99 * place, 0.5, 1.0], distance, weight }
    });
    let generation = |generation: u32| Generation {
        generation,
        candidates: 30,
        least: Some(2.0),
        median: (generation > 0).then_some(4.0),
        least_so_far: Some(2.0),
    };
    Calibration {
        format: 1,
        title: "Made & up".to_owned(),
        question: String::new(),
        scenario: "nowhere".to_owned(),
        method: method.to_owned(),
        seed: 1,
        histories: 100,
        candidates: 60,
        ended: "arrived".to_owned(),
        distance_before: None,
        distance: Some(2.0),
        least_distance: Some(2.0),
        tolerance: None,
        effective_sample: posterior.then_some(30.0),
        parameters: vec![parameter("a", false, None), parameter("b", true, None), parameter("c", false, Some("upper"))],
        correlations: vec![vec![Some(1.0), Some(-0.25), None]; 3],
        targets: vec![
            target("war", None, Use::Fit, vec![TargetRow { date: None, ..row(0.0, Some(0.5)) }]),
            target("burden GER 1900-1901", Some("GER"), Use::Fit, vec![row(1900.5, Some(0.04)), row(1901.5, Some(0.04))]),
            target("burden GER 1902-1903", Some("GER"), Use::HoldOut, vec![row(1902.5, None), row(1903.5, None)]),
        ],
        pooled: Vec::new(),
        generations: (0..2).map(generation).collect(),
        sample: sample.collect(),
        notes: vec!["c lies at the upper bound of its range".to_owned()],
    }
}

#[test]
fn a_calibration_shows_its_parameters_its_targets_and_the_way_there() {
    for (method, name) in [("abc-smc", "posterior"), ("cma-es", "candidate")] {
        let drawn = by_name(spiral_figures::calibration(&made_up(method)));
        drawn.values().for_each(assert_sound);
        let names: Vec<&str> = drawn.keys().map(String::as_str).collect();
        let all = ["convergence", "fit", "pairs", "parameters", "residuals"].map(|name| format!("calibration-{name}"));
        assert_eq!(names, all);
        for (figure, told) in [
            ("calibration-parameters", &["1/year, log scale", "upper bound", "the scenario before calibration", "Made & up"][..]),
            ("calibration-pairs", &["r = −0.25", "0.03", name]),
            ("calibration-fit", &["GER burden", "fitted years", "burden, % of output", "a <book>"]),
            ("calibration-residuals", &["burden GER 1902-1903 (held out)", "no value", "4.0"]),
            ("calibration-convergence", &["generation", "smallest so far"]),
        ] {
            let words = words(&drawn[figure]);
            for told in told {
                assert!(words.contains(told), "{method}, {figure}: no {told:?} in {words}");
            }
        }
    }
}

/// A search in which no candidate has a value of every target has no posterior: its pictures say so instead of failing.
#[test]
fn a_calibration_without_a_posterior_is_drawn() {
    let mut found = made_up("abc-smc");
    found.sample.clear();
    found.correlations.clear();
    (found.distance, found.least_distance, found.effective_sample) = (None, None, None);
    for parameter in &mut found.parameters {
        parameter.estimate = Estimate::none(0, "no candidate has a value of every target");
        (parameter.quantiles, parameter.narrowed_to, parameter.at_bound) = (None, None, None);
    }
    for generation in &mut found.generations {
        (generation.least, generation.median, generation.least_so_far) = (None, None, None);
    }
    let drawn = by_name(spiral_figures::calibration(&found));
    assert!(drawn.contains_key("calibration-residuals"), "{:?}", drawn.keys());
    drawn.values().for_each(assert_sound);
}
