//! Parameters that made synthetic data are found again, through the simulator itself.

use spiral_analysis::calibration::targets::{Aim, Target, Use, measured};
use spiral_scenario::{CalibrationFile, StudySource};

use crate::{Calibrating, KeptHistories, Silent, calibrate, known_measures};

/// Histories of the data, and of each candidate.
const HISTORIES: u32 = 48;
/// Rate of crises and suspicion that made the data.
const TRUTH: [f64; 2] = [0.15, 0.2];

fn file(targets: &str, seed: u32) -> CalibrationFile {
    let text = format!(
        "(scenario: \"two-states\", years: (0, 20), histories: {HISTORIES}, seed: {seed}, budget: 100,
          method: (kind: \"abc-smc\", population: 20), targets: [{targets}],
          factors: [(path: \"crisis.rate\", range: (0.05, 0.4), scale: \"log\"), (path: \"beliefs.suspicion\", range: (0.05, 0.5))])"
    );
    let source = StudySource { file: "synthetic.ron".to_string(), text, ..StudySource::default() };
    CalibrationFile::again(&source, &known_measures()).unwrap_or_else(|error| panic!("{error}"))
}

fn target(measure: &str, value: f64, scale: f64) -> String {
    format!("(measure: \"{measure}\", value: {value:?}, scale: {scale:?}, use: \"fit\", source: \"simulated\")")
}

/// Four data sets, two parameters: of eight 95 % intervals at least six hold what made the data (fewer in 0.6 % of all cases). Data and
/// candidates have the error of as many histories each, so the scale is that of the two together.
#[test]
fn parameters_that_made_the_data_are_found_again() {
    let base = file(&target("war", 0.5, 0.1), 1);
    let setup = base.worlds[0].setup(&TRUTH);
    let plain = |measure: &str| Target {
        label: String::new(),
        scenario: String::new(),
        unit: String::new(),
        aim: Aim::Number { measure: measure.to_string(), value: 0.0, naive: None },
        role: Use::Fit,
        scale: 1.0,
        source: String::new(),
    };
    let wanted = [plain("crises"), plain("war")];
    let (mut covered, mut told) = (0, Vec::new());
    for seed in 0..4 {
        let data = KeptHistories::simulate(&setup, 1000 + u64::from(seed), 0, HISTORIES, &Silent).expect("nobody cancels");
        let values = data.show(&base.worlds[0].base, &setup, 1, |histories| measured(histories, (0.0, 20.0), &wanted));
        let n = f64::from(HISTORIES);
        let scales = [(2.0 * values[0] / n).sqrt(), (2.0 * values[1] * (1.0 - values[1]) / n).sqrt()];
        let text = format!("{}, {}", target("crises", values[0], scales[0]), target("war", values[1], scales[1]));
        let directory = tempfile::tempdir().expect("a temporary directory");
        let found = calibrate(&file(&text, seed), directory.path(), false, &Silent).expect("it runs");
        let Calibrating::Searched(found) = found else { panic!("nobody stops it") };
        for (parameter, truth) in found.result.parameters.iter().zip(TRUTH) {
            let (low, high) = parameter.estimate.lower.zip(parameter.estimate.upper).expect("an interval");
            covered += u32::from(low <= truth && truth <= high);
            told.push(format!("{} {truth}: {:?} [{low}, {high}]", parameter.name, parameter.estimate.estimate));
        }
        assert!(found.result.parameters[0].narrowed_to.is_some_and(|share| share < 0.6), "the rate is told: {told:?}");
    }
    assert!(covered >= 6, "{covered} of 8: {told:#?}");
}
