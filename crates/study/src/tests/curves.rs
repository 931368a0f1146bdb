//! Sums, quantiles and the hazard against closed forms.

use spiral_model::setup::Horizon;
use spiral_model::{Outcome, Setup};

use super::{Fake, plan, point};
use crate::curves::{Cell, Curves, Frame};
use crate::run::in_memory_with;
use crate::{Plan, Silent};

fn frame(start: f64, end: f64, ticks_per_year: u32) -> Frame {
    Frame::new(&Setup::complete("world", Horizon { start, end, ticks_per_year }, &["A", "B"]))
}

/// Reads one cell back through the rows of a table.
fn row(values: &[f64]) -> spiral_analysis::table::CurveRow {
    let setup = Setup::complete("world", Horizon { start: 1900.0, end: 1901.0, ticks_per_year: 1 }, &["A", "B"]);
    let frame = Frame::new(&setup);
    let mut curves = Curves::new(&frame);
    curves.cells[0].extend(values);
    curves.rows(&frame, "world", 0, &setup).remove(0)
}

#[test]
fn moments_and_quantiles_of_whole_numbers() {
    // 1 to n: mean (n + 1)/2, variance n(n + 1)/12, type-7 quantile 1 + q(n − 1).
    let n = 10_001.0;
    let values: Vec<f64> = (1..=10_001).map(f64::from).collect();
    let row = row(&values);
    assert_eq!((row.at_risk, row.mean), (10_001, 5001.0));
    let sd = (n * (n + 1.0) / 12.0_f64).sqrt();
    assert!((row.sd / sd - 1.0).abs() < 1e-14, "sd {} against {sd}", row.sd);
    for (level, quantile) in [(0.05, row.q05), (0.25, row.q25), (0.5, row.q50), (0.75, row.q75), (0.95, row.q95)] {
        let exact = 1.0 + level * (n - 1.0);
        let error = (quantile / exact - 1.0).abs();
        assert!(error < 1.0 / 256.0, "quantile {level} is {quantile} against {exact}: off by {error:e}");
    }
}

#[test]
fn quantiles_keep_their_accuracy_from_tiny_to_large_and_below_zero() {
    for scale in [1e-7, 3e-3, 1.0, 7e4, 1e8, -1e-5, -40.0] {
        let values: Vec<f64> = (1..=999).map(|k| scale * (1.0 + f64::from(k) / 100.0)).collect();
        let row = row(&values);
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        for (level, quantile) in [(0.05, row.q05), (0.5, row.q50), (0.95, row.q95)] {
            let position: f64 = level * 998.0;
            let below = position.floor() as usize;
            let exact = sorted[below] + position.fract() * (sorted[below + 1] - sorted[below]);
            let error = (quantile / exact - 1.0).abs();
            assert!(error <= 1.0 / 256.0, "scale {scale}, quantile {level}: {quantile} against {exact}, off by {error:e}");
        }
    }
}

#[test]
fn a_small_spread_about_a_large_mean_is_not_lost() {
    // Half at 10⁶ − 2⁻⁸, half at 10⁶ + 2⁻⁸: variance 2⁻¹⁶ · n/(n − 1).
    let values: Vec<f64> = (0..1000).map(|k| 1e6 + if k % 2 == 0 { 0.003_906_25 } else { -0.003_906_25 }).collect();
    let row = row(&values);
    let sd = 0.003_906_25 * (1000.0_f64 / 999.0).sqrt();
    assert_eq!(row.mean, 1e6);
    assert!((row.sd / sd - 1.0).abs() < 1e-14, "sd {} against {sd}", row.sd);
}

#[test]
fn constants_come_back_as_they_are() {
    for constant in [0.0, -0.0, 0.03, 1e-12, -7.7, 1e9, 5e12] {
        let row = row(&[constant; 33]);
        assert_eq!((row.mean, row.sd, row.q05, row.q95), (constant, 0.0, constant, constant), "constant {constant}");
        assert!(row.mean.is_sign_positive() || constant < 0.0, "a zero has no sign");
    }
}

#[test]
fn what_is_not_a_number_is_not_at_risk() {
    let row = row(&[1.0, f64::NAN, 3.0, f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!((row.at_risk, row.mean), (2, 2.0));
    assert!((row.sd - 2.0_f64.sqrt()).abs() < 1e-15, "sd {}", row.sd);
}

#[test]
fn order_and_grouping_change_no_bit() {
    use spiral_kernel::draws::{Address, uniforms};
    let value = |k: u32| {
        let [u, v] = uniforms(3, Address { purpose: 1, entity: 0, time: 0 }, k);
        (u - 0.3) * 10.0_f64.powi((v * 24.0) as i32 - 12)
    };
    let values: Vec<f64> = (0..5000).map(value).collect();
    let mut together = Cell::default();
    together.extend(&values);
    for size in [1, 7, 128, 4999] {
        let curves = |cell: Cell| Curves { cells: vec![cell] };
        let mut backwards: Vec<f64> = values.clone();
        backwards.reverse();
        let mut merged = curves(Cell::default());
        for group in backwards.chunks(size) {
            let mut cell = Cell::default();
            cell.extend(group);
            // Through the form in which parts are kept.
            let bytes = postcard::to_stdvec(&curves(cell)).expect("a cell can be written");
            merged.merge(&postcard::from_bytes(&bytes).expect("a cell can be read"));
        }
        assert_eq!(merged.cells[0], together, "groups of {size}, backwards");
    }
}

#[test]
fn curves_keep_the_start_each_new_year_and_the_end() {
    let dates = |start, end, ticks| frame(start, end, ticks).dates;
    assert_eq!(dates(1900.0, 1903.0, 4), [1900.0, 1901.0, 1902.0, 1903.0]);
    assert_eq!(dates(1900.5, 1902.25, 4), [1900.5, 1901.0, 1902.0, 1902.25]);
    assert_eq!(dates(1900.5, 1903.5, 1), [1900.5, 1901.5, 1902.5, 1903.5]);
    // A twelfth of a year has no exact form; the year is found all the same.
    let monthly = dates(1907.0, 1957.0, 12);
    assert_eq!(monthly.len(), 51);
    assert!(monthly.iter().enumerate().all(|(k, date)| (date - 1907.0 - k as f64).abs() < 1e-6), "{monthly:?}");
}

#[test]
fn large_worlds_keep_the_system_only() {
    let codes: Vec<String> = (0..700).map(|k| format!("S{k:03}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let world = |codes: &[&str]| {
        let mut setup = Setup::complete("world", Horizon { start: 0.0, end: 10.0, ticks_per_year: 1 }, &codes[..2]);
        setup.states = codes
            .iter()
            .map(|code| spiral_model::setup::State { code: (*code).to_string(), ..setup.states[0].clone() })
            .collect();
        Frame::new(&setup).states
    };
    // 11 dates · 7 metrics · 649 states = 49,973 cells.
    assert_eq!((world(&codes[..649]), world(&codes[..650])), (649, 0));
}

#[test]
fn the_hazard_counts_first_wars_within_a_year() {
    let frame = frame(1900.0, 1903.0, 4);
    let engine = plan(1);
    let template = in_memory_with::<Fake<1>, 1>(&engine, &Silent).expect("a study").outcomes().expect("outcomes")[0][0];
    let history =
        |war: Option<f64>| Outcome { first_war_date: war, end_date: 1903.0, ended: spiral_model::Ended::Horizon, ..template };
    let failed = Outcome { end_date: 1901.5, ended: spiral_model::Ended::Failure, ..history(None) };
    let outcomes =
        [history(None), history(Some(1900.0)), history(Some(1900.99)), history(Some(1901.0)), history(Some(1902.5)), failed];
    let mut curves = Curves::new(&frame);
    curves.add_hazard(&frame, &outcomes);
    let setup = Setup::complete("world", Horizon { start: 1900.0, end: 1903.0, ticks_per_year: 4 }, &["A", "B"]);
    let rows = curves.rows(&frame, "world", 0, &setup);
    let found: Vec<(f64, u64, f64)> = rows.iter().map(|row| (row.date, row.at_risk, row.mean)).collect();
    assert!(rows.iter().all(|row| row.state == "*" && row.metric == "hazard"));
    // In 1901 the failed history is no longer followed for a whole year; no year follows 1903.
    assert_eq!(found, [(1900.0, 6, 2.0 / 6.0), (1901.0, 3, 1.0 / 3.0), (1902.0, 2, 0.5)]);
}

#[test]
fn histories_at_risk_are_those_without_a_war_unless_through_war() {
    let at_risk = |through_war| {
        let plan = Plan { through_war, points: vec![point("long", &["A", "B"], 1.0)], ..plan(500) };
        let study = in_memory_with::<Fake<16>, 16>(&plan, &Silent).expect("a study");
        let outcomes = study.outcomes().expect("outcomes").remove(0);
        let rows = study.curves().expect("curves");
        let burden: Vec<_> = rows.into_iter().filter(|row| row.state == "A" && row.metric == "burden").collect();
        assert_eq!(burden.len(), 11, "one row a year from 1900 to 1910");
        for row in burden {
            let followed = |o: &&Outcome| {
                let whole = o.failure.is_none_or(|failure| 1900.0 + f64::from(failure.tick) / 4.0 >= row.date);
                whole && (through_war || o.first_war_date.is_none_or(|war| war >= row.date))
            };
            let count = outcomes.iter().filter(followed).count() as u64;
            assert_eq!(row.at_risk, count, "at risk on {}, through war: {through_war}", row.date);
        }
    };
    at_risk(false);
    at_risk(true);
}
