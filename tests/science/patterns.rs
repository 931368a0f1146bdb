//! The patterns of theory and history. Each is measured by a function of the testkit, which the science report prints too; its
//! criteria, seed and sample stand there.

use spiral_testkit::patterns::PATTERNS;

/// One test a pattern, under its own name, and one that none is forgotten.
macro_rules! patterns {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                let pattern = PATTERNS.iter().find(|pattern| pattern.name == stringify!($name)).expect("a pattern of this name");
                let finding = pattern.measure.expect("a measurement")();
                println!("{}", finding.told());
                assert!(finding.holds(), "{}: {}\n{}", pattern.number, pattern.title, finding.told());
            }
        )*

        #[test]
        fn every_pattern_that_is_measured_is_tested() {
            let measured: Vec<&str> = PATTERNS.iter().filter(|pattern| pattern.measure.is_some()).map(|pattern| pattern.name).collect();
            assert_eq!(measured, [$( stringify!($name), )*]);
        }
    };
}

patterns! {
    four_worlds,
    tragedy,
    awareness_has_a_middle,
    belief_not_truth,
    levers,
    preemption_is_rare,
    arms_races_and_neighbours,
    before_1914_and_before_1939,
    nuclear,
    pacifist_paradox,
}

/// The report that stands in the repository tells of every pattern and every closed form there is.
#[test]
fn the_report_is_complete() {
    let report = include_str!("REPORT.md");
    for pattern in PATTERNS {
        let heading = format!("## Pattern {}: {}\n\n{}\n", pattern.number, pattern.title, pattern.claim);
        assert!(report.contains(&heading), "no {heading:?}: run scripts/science");
    }
    for check in spiral_testkit::checks() {
        let row = format!("| {} | {} |", check.oracle, check.what);
        assert!(report.contains(&row), "no {row:?}: run scripts/science");
    }
}
