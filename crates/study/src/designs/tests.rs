use super::*;
use spiral_analysis::sensitivity::sobol;
use spiral_analysis::table::Estimate;
use spiral_scenario::StudyFile;

/// Factors of a study, made as a study file makes them.
fn factors(count: usize) -> Vec<Factor> {
    const PATHS: [&str; 5] =
        ["technology.balance", "technology.first_strike", "game.war_cost", "crisis.rate", "beliefs.suspicion"];
    let lines: Vec<String> = PATHS[..count].iter().map(|path| format!("(path: \"{path}\", range: (0.1, 0.9)),")).collect();
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

/// Indices of a function of the unit cube, by the design and the estimators of the program.
fn indices(samples: u32, dimensions: u32, seed: u64, function: &dyn Fn(&[f64]) -> f64) -> Vec<(Estimate, Estimate)> {
    let names: Vec<u32> = (0..dimensions).map(|factor| 1000 + factor).collect();
    let outputs: Vec<f64> =
        saltelli(samples, &names, &alone(names.len()), seed).expect("rows").iter().map(|place| function(place)).collect();
    let words: Vec<String> = names.iter().map(ToString::to_string).collect();
    let found = sobol("y", &outputs, &words, seed);
    found.factors.into_iter().map(|factor| (factor.first_order.expect("it"), factor.total.expect("it"))).collect()
}

fn value(estimate: &Estimate) -> f64 {
    estimate.estimate.expect("a number")
}

/// Ishigami and Homma 1990, a = 7, b = 0.1: sin x1 + a sin² x2 + b x3⁴ sin x1 over ±π.
fn ishigami(place: &[f64]) -> f64 {
    let x: Vec<f64> = place.iter().map(|place| std::f64::consts::PI * (2.0 * place - 1.0)).collect();
    libm::sin(x[0]) + 7.0 * libm::sin(x[1]) * libm::sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * libm::sin(x[0])
}

/// First-order and total indices of [`ishigami`] in closed form.
fn ishigami_indices() -> [(f64, f64); 3] {
    let (a, b) = (7.0_f64, 0.1_f64);
    let p4 = std::f64::consts::PI * std::f64::consts::PI * std::f64::consts::PI * std::f64::consts::PI;
    let v1 = 0.5 * (1.0 + b * p4 / 5.0) * (1.0 + b * p4 / 5.0);
    let (v2, v13) = (a * a / 8.0, b * b * p4 * p4 * (1.0 / 18.0 - 1.0 / 50.0));
    let v = v1 + v2 + v13;
    [(v1 / v, (v1 + v13) / v), (v2 / v, v2 / v), (0.0, v13 / v)]
}

#[test]
fn indices_of_ishigami_are_those_of_the_closed_form() {
    let wanted = ishigami_indices();
    assert!((wanted[0].0 - 0.3139).abs() < 1e-4 && (wanted[2].1 - 0.2437).abs() < 1e-4, "{wanted:?}");
    for ((first, total), (s, t)) in indices(4096, 3, 5, &ishigami).iter().zip(wanted) {
        let (s_error, t_error) = ((value(first) - s).abs(), (value(total) - t).abs());
        assert!(s_error < 0.02 && t_error < 0.02, "first order {first:?} of {s}, total {total:?} of {t}");
    }
}

/// Numbers of the g-function.
const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

/// Saltelli and Sobol' 1995: ∏ (|4x − 2| + a) / (1 + a).
fn g_function(place: &[f64]) -> f64 {
    place.iter().zip(G).fold(1.0, |product, (x, a)| product * ((4.0 * x - 2.0).abs() + a) / (1.0 + a))
}

#[test]
fn indices_of_the_g_function_are_those_of_the_closed_form() {
    // Partial variances 1 / (3 (1 + a)²).
    let parts = G.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let all = parts.iter().fold(1.0, |product, part| product * (1.0 + part));
    for ((first, total), part) in indices(4096, 8, 3, &g_function).iter().zip(parts) {
        let (s, t) = (part / (all - 1.0), part * all / (1.0 + part) / (all - 1.0));
        assert!((value(first) - s).abs() < 0.02 && (value(total) - t).abs() < 0.02, "{first:?} of {s}, {total:?} of {t}");
    }
}

#[test]
fn intervals_cover_the_truth() {
    // 120 scrambles of 256 rows, three factors: the 95 % interval of a total index should hold the closed form about 342 times of
    // 360. Rows of a scrambled sequence spread more evenly than the independent ones that the bootstrap takes them for, so it may
    // hold more often, not less: at least 93 %.
    let wanted = ishigami_indices();
    let (mut inside, mut all) = (0, 0);
    for seed in 0..120 {
        for ((_, total), (_, t)) in indices(256, 3, seed, &ishigami).iter().zip(wanted) {
            let (lower, upper) = (total.lower.expect("an end"), total.upper.expect("an end"));
            inside += u32::from(lower <= t && t <= upper);
            all += 1;
        }
    }
    assert!(f64::from(inside) >= 0.93 * f64::from(all), "{inside} of {all} intervals hold the closed form");
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

/// Writes designs, outputs and indices of the test functions for `scripts/check-salib`: a folder each with `problem.txt`,
/// `places.txt`, `outputs.txt` and `indices.txt` (factor, measure, value).
#[test]
#[ignore = "run by scripts/check-salib"]
fn test_functions_are_written_for_salib() {
    let Some(folder) = std::env::var_os("SPIRAL_SALIB") else { panic!("SPIRAL_SALIB names the folder to write to") };
    #[expect(clippy::type_complexity, reason = "a table with a function in each row")]
    let functions: [(&str, u32, &dyn Fn(&[f64]) -> f64); 2] = [("ishigami", 3, &ishigami), ("g-function", 8, &g_function)];
    for (name, dimensions, function) in functions {
        let numbers: Vec<u32> = (0..dimensions).map(|factor| 1000 + factor).collect();
        let names: Vec<String> = (1..=dimensions).map(|factor| format!("x{factor}")).collect();
        for (method, places) in [
            ("sobol", saltelli(1024, &numbers, &alone(numbers.len()), 5).expect("rows")),
            ("morris", morris::places(200, 4, &numbers, &alone(numbers.len()), 5)),
        ] {
            let outputs: Vec<f64> = places.iter().map(|place| function(place)).collect();
            let found = match method {
                "sobol" => sobol(name, &outputs, &names, 5),
                _ => spiral_analysis::sensitivity::morris(name, &outputs, &places, &names, 5),
            };
            let folder = std::path::Path::new(&folder).join(format!("{name}-{method}"));
            std::fs::create_dir_all(&folder).expect("a folder");
            let write = |file: &str, lines: Vec<String>| {
                std::fs::write(folder.join(file), lines.join("\n") + "\n").expect("it can be written");
            };
            write("problem.txt", names.iter().map(|name| format!("{name},0,1,{name},unif")).collect());
            let line = |place: &Vec<f64>| place.iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(" ");
            write("places.txt", places.iter().map(line).collect());
            write("outputs.txt", outputs.iter().map(|y| format!("{y:?}")).collect());
            let measures = found.factors.iter().flat_map(|factor| {
                factor.measures().map(|(name, estimate)| format!("{} {name} {:?}", factor.factor, value(estimate)))
            });
            write("indices.txt", measures.collect());
        }
    }
}

/// Every factor a group of its own.
fn alone(factors: usize) -> Vec<Vec<usize>> {
    (0..factors).map(|factor| vec![factor]).collect()
}

#[test]
fn factors_of_a_group_move_together() {
    let names = [11, 12, 13];
    let groups = [vec![0, 2], vec![1]];
    // SALib with two groups of three factors and four trajectories: 4 (2 + 1) rows.
    let rows = morris::places(4, 4, &names, &groups, 1);
    assert_eq!(rows.len(), 12);
    for trajectory in rows.chunks(3) {
        let moved =
            |step: usize| (0..3).filter(|factor| trajectory[step][*factor] != trajectory[step + 1][*factor]).collect::<Vec<_>>();
        let mut steps = [moved(0), moved(1)];
        steps.sort();
        assert_eq!(steps, groups, "each group once");
    }
    // Alone, nothing has changed.
    assert_eq!(morris::places(4, 4, &names, &alone(3), 1).len(), 16);
    let rows = saltelli(8, &names, &groups, 1).expect("rows");
    assert_eq!(rows.len(), 8 * 4);
    for row in rows.chunks(4) {
        let from_b = |mixed: &Vec<f64>| (0..3).filter(|factor| mixed[*factor] == row[3][*factor]).collect::<Vec<_>>();
        assert_eq!([from_b(&row[1]), from_b(&row[2])], groups);
    }
}
