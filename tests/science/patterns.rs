//! The patterns of theory and history. Each is measured by a function of the crate of oracles, and the report prints the same numbers.
//! Criteria, seed and sample stand in that function.

use spiral_oracles::patterns::{PATTERNS, Pattern, SURPRISES};

fn holds(pattern: &Pattern) {
    // Directions are held; targets are compared in the report.
    let finding = pattern.quick.or(pattern.measure).expect("a measurement")();
    println!("{}", finding.in_words());
    assert!(finding.sound(), "{}: {}\n{}", pattern.number, pattern.title, finding.in_words());
}

/// One test a pattern, under its own name, and one that none is forgotten.
macro_rules! patterns {
    ($list:ident, $complete:ident: $($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                holds($list.iter().find(|pattern| pattern.name == stringify!($name)).expect("a pattern of this name"));
            }
        )*

        #[test]
        fn $complete() {
            let measured: Vec<&str> = $list.iter().filter(|pattern| pattern.measure.is_some()).map(|pattern| pattern.name).collect();
            assert_eq!(measured, [$( stringify!($name), )*]);
        }
    };
}

patterns! {
    PATTERNS, every_pattern_that_is_measured_is_tested:
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
    the_spiral_carries,
    arms_have_moved,
    crises_have_come,
    burdens_of_both_eras,
    summer_of_1914,
    munich_and_poland,
    fear_without_a_cliff,
    nothing_hangs_on_the_tick,
    crises_in_made_worlds,
}

patterns! {
    SURPRISES, every_surprise_is_tested:
    conquest_gathers_power_where_attack_pays,
    arms_by_threat_do_not_meet_technology,
}

/// The report in the repository has every pattern and every closed form.
#[test]
fn the_report_is_complete() {
    let report = include_str!("REPORT.md");
    for pattern in PATTERNS {
        let heading = format!("## Pattern {}: {}\n\n{}\n", pattern.number, pattern.title, pattern.claim);
        assert!(report.contains(&heading), "no {heading:?}: run scripts/science");
    }
    for surprise in SURPRISES {
        assert!(
            report.contains(&format!("## {}\n\n{}\n", surprise.title, surprise.claim)),
            "{}: run scripts/science",
            surprise.title
        );
    }
    for check in spiral_oracles::checks() {
        let row = format!("| {} | {} |", check.oracle, check.what);
        assert!(report.contains(&row), "no {row:?}: run scripts/science");
    }
}
