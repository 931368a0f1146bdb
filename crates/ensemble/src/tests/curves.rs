//! Sums, quantiles and the hazard against closed forms.

use spiral_model::setup::Horizon;
use spiral_model::{Outcome, Setup};

use crate::curves::{Cell, Curves, Frame};

fn frame(start: f64, end: f64, ticks_per_year: u32) -> Frame {
    Frame::new(&Setup::complete("world", Horizon { start, end, ticks_per_year }, &["A", "B"]))
}

/// A number from 0 to 1 that looks random: the mixing function of SplitMix64.
fn uniform(index: u32) -> f64 {
    let mut bits = u64::from(index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
}

/// Reads one cell back through the rows of a table.
fn row(values: &[f64]) -> spiral_analysis::table::CurveRow {
    let setup = Setup::complete("world", Horizon { start: 1900.0, end: 1901.0, ticks_per_year: 1 }, &["A", "B"]);
    let mut curves = Curves::new(&Frame::new(&setup));
    curves.cells[0].extend(values);
    curves.rows(&setup, "world", 0).remove(0)
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
    let value = |k: u32| {
        let [u, v] = [uniform(2 * k), uniform(2 * k + 1)];
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
    let template = Outcome::unwritten(0, 1900.0);
    let history =
        |war: Option<f64>| Outcome { first_war_date: war, end_date: 1903.0, ended: spiral_model::Ended::Horizon, ..template };
    let failed = Outcome { end_date: 1901.5, ended: spiral_model::Ended::Failure, ..history(None) };
    let outcomes =
        [history(None), history(Some(1900.0)), history(Some(1900.99)), history(Some(1901.0)), history(Some(1902.5)), failed];
    let mut curves = Curves::new(&frame);
    curves.add_hazard(&frame, &outcomes);
    let setup = Setup::complete("world", Horizon { start: 1900.0, end: 1903.0, ticks_per_year: 4 }, &["A", "B"]);
    let rows = curves.rows(&setup, "world", 0);
    let found: Vec<(f64, u64, f64)> = rows.iter().map(|row| (row.date, row.at_risk, row.mean)).collect();
    assert!(rows.iter().all(|row| row.state == "*" && row.metric == "hazard"));
    // In 1901 the failed history is no longer followed for a whole year; no year follows 1903.
    assert_eq!(found, [(1900.0, 6, 2.0 / 6.0), (1901.0, 3, 1.0 / 3.0), (1902.0, 2, 0.5)]);
}
