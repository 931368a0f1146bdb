use super::*;
use spiral_scenario::StudyFile;

/// Factors of a study, made as a study file makes them.
fn factors(count: usize) -> Vec<Factor> {
    const PATHS: [&str; 5] =
        ["technology.balance", "technology.first_strike", "game.war_cost", "crisis.rate", "beliefs.suspicion"];
    let lines: Vec<String> =
        PATHS[..count].iter().map(|path| format!("(path: \"{path}\", range: (0.1, 0.9)),")).collect();
    let text = format!("(scenario: \"two-states\", design: (kind: \"grid\"), factors: [{}])", lines.concat());
    let source = spiral_scenario::StudySource { file: "test.ron".to_string(), text, ..Default::default() };
    StudyFile::again(&source, &["general_war", "preemption", "peak_burden"]).unwrap_or_else(|error| panic!("{error}")).factors
}

fn places(design: &Design, count: usize) -> Vec<Vec<f64>> {
    points(design, &factors(count), 7).expect("a design").places
}

#[test]
fn one_more_factor_moves_no_coordinate_of_the_others() {
    let designs = [Design::LatinHypercube { points: 32 }, Design::Sobol { points: 32 }];
    for design in designs {
        let (few, more) = (places(&design, 4), places(&design, 5));
        for (few, more) in few.iter().zip(&more) {
            assert_eq!(few[..], more[..4], "{design:?}");
        }
    }
    // A trajectory gains a step, and its places without the new factor stay in their order.
    let morris = Design::Morris { trajectories: 8, levels: 4 };
    let (few, more) = (places(&morris, 4), places(&morris, 5));
    for (few, more) in few.chunks(5).zip(more.chunks(6)) {
        let mut projected: Vec<Vec<f64>> = more.iter().map(|place| place[..4].to_vec()).collect();
        projected.dedup();
        assert_eq!(few, projected);
    }
    let saltelli = Design::Saltelli { samples: 8 };
    let (few, more) = (places(&saltelli, 4), places(&saltelli, 5));
    for (few, more) in few.chunks(6).zip(more.chunks(7)) {
        for row in 0..5 {
            assert_eq!(few[row][..], more[row][..4], "row {row} of a sample");
        }
        assert_eq!(few[5][..], more[6][..4], "B");
    }
}

#[test]
fn more_points_move_no_earlier_one() {
    let pairs = [
        (Design::Sobol { points: 20 }, Design::Sobol { points: 50 }),
        (Design::Morris { trajectories: 3, levels: 6 }, Design::Morris { trajectories: 9, levels: 6 }),
        (Design::Saltelli { samples: 5 }, Design::Saltelli { samples: 16 }),
    ];
    for (few, more) in pairs {
        let (few, more) = (places(&few, 3), places(&more, 3));
        assert_eq!(few[..], more[..few.len()]);
    }
}

#[test]
fn a_latin_hypercube_has_one_point_in_each_slice() {
    for points in [2_u32, 7, 100] {
        let places = places(&Design::LatinHypercube { points }, 3);
        for factor in 0..3 {
            let mut slices: Vec<u32> = places.iter().map(|place| (place[factor] * f64::from(points)) as u32).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..points).collect::<Vec<_>>(), "{points} points, factor {factor}");
        }
    }
}

#[test]
fn columns_of_a_latin_hypercube_are_uncorrelated() {
    // Spearman's correlation of random permutations of 1,000 has standard deviation 1/√999 = 0.032: four of them.
    let places = places(&Design::LatinHypercube { points: 1000 }, 3);
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let sum: f64 = places.iter().map(|place| (place[a] - 0.5) * (place[b] - 0.5)).sum();
        let correlation = 12.0 * sum / 1000.0;
        assert!(correlation.abs() < 0.127, "factors {a} and {b}: {correlation}");
    }
}

#[test]
fn trajectories_step_once_in_every_factor() {
    for levels in [2, 4, 8] {
        let step = f64::from(levels) / (2.0 * f64::from(levels - 1));
        let places = places(&Design::Morris { trajectories: 50, levels }, 4);
        let (mut ups, mut firsts) = (0, [0; 4]);
        for trajectory in places.chunks(5) {
            let mut stepped = Vec::new();
            for pair in trajectory.windows(2) {
                let moved: Vec<usize> = (0..4).filter(|factor| pair[0][*factor] != pair[1][*factor]).collect();
                assert_eq!(moved.len(), 1, "{pair:?}");
                let difference = pair[1][moved[0]] - pair[0][moved[0]];
                assert!((difference.abs() - step).abs() < 1e-12, "{difference}, not {step}");
                ups += u32::from(difference > 0.0);
                stepped.push(moved[0]);
            }
            firsts[stepped[0]] += 1;
            stepped.sort_unstable();
            assert_eq!(stepped, [0, 1, 2, 3]);
            for place in trajectory.iter().flatten() {
                let level = place * f64::from(levels - 1);
                assert!((level - level.round()).abs() < 1e-12 && (0.0..=1.0).contains(place), "{place} of {levels} levels");
            }
        }
        // 200 fair coins: within four standard deviations of 100; and everybody steps first at times.
        assert!((72..=128).contains(&ups), "{ups} of 200 steps go up");
        assert!(firsts.iter().all(|first| *first > 2), "{firsts:?}");
    }
}

#[test]
fn a_grid_has_every_combination_once() {
    let factors = factors(3);
    let values = points(&Design::Grid, &factors, 1).expect("a grid").values;
    assert_eq!(values.len(), 27);
    assert_eq!([&values[0][..], &values[1], &values[26]], [&[0.1, 0.1, 0.1][..], &[0.1, 0.1, 0.5], &[0.9, 0.9, 0.9]]);
    for (position, value) in values.iter().enumerate() {
        assert!(!values[..position].contains(value), "{value:?} comes twice");
    }
}

#[test]
fn mixed_rows_differ_from_a_in_one_factor() {
    for rows in places(&Design::Saltelli { samples: 16 }, 3).chunks(5) {
        for factor in 0..3 {
            let wanted: Vec<f64> = (0..3).map(|other| if other == factor { rows[4][other] } else { rows[0][other] }).collect();
            assert_eq!(rows[1 + factor], wanted);
        }
    }
}
