//! Closed forms: what `spiral verify` prints, held here one by one.

use spiral_oracles::checks;

#[test]
fn every_closed_form_holds() {
    let checks = checks();
    assert!(checks.len() >= 40, "only {} checks", checks.len());
    for check in &checks {
        let error = check.error();
        assert!(
            check.holds(),
            "{} {}: found {}, expected {}, error {error:e}, tolerance {:e}",
            check.oracle,
            check.what,
            check.found,
            check.expected,
            check.tolerance
        );
    }
}

#[test]
fn the_oracles_that_the_engine_answers_are_all_there() {
    let checks = checks();
    for oracle in ["O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O9", "O10", "O11", "O12", "O13", "O14", "O15", "O16", "O17"] {
        assert!(checks.iter().any(|check| check.oracle == oracle), "no check of {oracle}");
    }
}
