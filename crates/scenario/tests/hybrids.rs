//! Worlds between two scenarios.

use spiral_model::Setup;
use spiral_model::setup::{StateInputs, Target};
use spiral_model::specification::Group as _;
use spiral_scenario::{Group, Hybrids, Overrides, Role, Scenario, load};

use super::common;

const WHOLE: u32 = 511;

fn one(name: &str, set: &[(&str, &str)], without: &[&str]) -> Scenario {
    let set = set.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect();
    let without = without.iter().map(|name| (*name).to_string()).collect();
    let mut found = load(name, &Overrides { set, without, years: None }).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0)
}

fn between(a: &str, b: &str) -> Hybrids {
    Hybrids::new(one(a, &[], &[]), one(b, &[], &[]), &[]).expect("both count in the same money")
}

fn world(hybrids: &Hybrids, coalition: u32) -> Setup {
    hybrids.world(coalition).unwrap_or_else(|what| panic!("{what}")).setup
}

fn nameless(setup: &Setup) -> Setup {
    Setup { name: String::new(), ..setup.clone() }
}

#[test]
fn no_group_is_the_first_world_and_all_are_the_second_to_the_bit() {
    for (a, b) in
        [("pre-wwi", "pre-wwii"), ("pre-wwii", "cold-war"), ("two-states", "splendid-isolation"), ("naval-race", "pre-wwi")]
    {
        let (first, second) = (one(a, &[], &[]), one(b, &[], &[]));
        let Ok(hybrids) = Hybrids::new(first.clone(), second.clone(), &[]) else {
            assert_ne!(first.money, second.money, "{a} and {b}");
            continue;
        };
        assert_eq!(format!("{:?}", world(&hybrids, 0)), format!("{:?}", first.setup));
        assert_eq!(format!("{:?}", world(&hybrids, WHOLE)), format!("{:?}", second.setup));
    }
}

#[test]
fn every_hybrid_of_the_two_pre_war_worlds_is_valid_whichever_comes_first() {
    let (forth, back) = (between("pre-wwi", "pre-wwii"), between("pre-wwii", "pre-wwi"));
    for coalition in 0..=WHOLE {
        let found = world(&forth, coalition);
        common::assert_valid(&found);
        assert!(nameless(&found) == nameless(&world(&back, WHOLE - coalition)), "coalition {coalition:#b} depends on the order");
    }
}

#[test]
fn states_stand_for_each_other_by_code_and_then_by_role() {
    let hybrids = between("pre-wwi", "pre-wwii");
    let found: Vec<(Option<&str>, Option<&str>, Role)> =
        hybrids.counterparts().iter().map(|pair| (pair.a.as_deref(), pair.b.as_deref(), pair.role)).collect();
    let same = ["FRA", "GBR", "GER", "ITA", "JPN", "RUS", "USA"].map(|code| (Some(code), Some(code), Role::Same));
    assert_eq!(found[..7], same);
    // Turkey's output of 1890 is larger than Serbia's, Poland's of 1930 larger than Czechoslovakia's.
    let roles = [
        (Some("TUR"), Some("POL"), Role::MinorPower),
        (Some("SRB"), Some("CZE"), Role::MinorPower),
        (Some("AUH"), None, Role::None),
    ];
    assert_eq!(found[7..], roles);
}

#[test]
fn states_stand_for_each_other_as_asked() {
    let asked = |pairs: &[(&str, &str)]| {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).to_string(), (*b).to_string())).collect();
        Hybrids::new(one("pre-wwi", &[], &[]), one("pre-wwii", &[], &[]), &pairs)
    };
    let hybrids = asked(&[("AUH", "POL"), ("JPN", "ITA")]).expect("they are states");
    let found: Vec<(Option<&str>, Option<&str>, Role)> =
        hybrids.counterparts().iter().map(|pair| (pair.a.as_deref(), pair.b.as_deref(), pair.role)).collect();
    assert_eq!(found[..2], [(Some("AUH"), Some("POL"), Role::Asked), (Some("JPN"), Some("ITA"), Role::Asked)]);
    // Italy and Japan have lost their namesakes and are the great powers left.
    assert_eq!(
        found[7..],
        [
            (Some("ITA"), Some("JPN"), Role::GreatPower),
            (Some("TUR"), Some("CZE"), Role::MinorPower),
            (Some("SRB"), None, Role::None)
        ]
    );
    for coalition in 0..=WHOLE {
        common::assert_valid(&world(&hybrids, coalition));
    }
    for (pairs, told) in [
        (&[("AUS", "POL")][..], "pre-wwi has no state AUS; it has AUH, FRA"),
        (&[("AUH", "AUH")], "pre-wwii has no state AUH"),
        (&[("AUH", "POL"), ("TUR", "POL")], "TUR=POL: one of the two has a counterpart already"),
    ] {
        let refused = asked(pairs).expect_err("it refuses");
        assert!(refused.contains(told), "{pairs:?} should say {told:?}: {refused}");
    }
}

/// Every number of a hybrid is that of one of the two worlds, of the state or dyad that stands for its own, with its dates moved.
#[test]
fn numbers_come_from_the_world_of_their_group() {
    let (a, b) = (one("pre-wwi", &[], &[]), one("pre-wwii", &[], &[]));
    let hybrids = Hybrids::new(a.clone(), b.clone(), &[]).expect("the same money");
    let number = |setup: &Setup, path: &str| setup.get(setup.resolve(path).expect(path)[0]);
    let points = |setup: &Setup, path: &str| {
        let target = setup.resolve(path).expect(path)[0];
        setup.tracks.iter().find(|track| track.target == target).map(|track| track.points.clone())
    };
    // (group, path in the first world, path of its counterpart in the second)
    let numbers = [
        (Group::Technology, "technology.balance", "technology.balance"),
        (Group::Technology, "states.GER.mobilisation_days", "states.GER.mobilisation_days"),
        (Group::Beliefs, "states.SRB.awareness", "states.CZE.awareness"),
        (Group::Beliefs, "states.GER.perceived_balance", "states.GER.perceived_balance"),
        (Group::Beliefs, "game.war_cost", "game.war_cost"),
        (Group::Geography, "pairs.FRA-GER.terrain", "pairs.FRA-GER.terrain"),
        (Group::Geography, "pairs.GER-TUR.contact", "pairs.GER-POL.contact"),
        (Group::Alliances, "pairs.FRA-TUR.commitment", "pairs.FRA-POL.commitment"),
        (Group::Economy, "states.TUR.output", "states.POL.output"),
        (Group::Economy, "states.GER.maximum_burden", "states.GER.maximum_burden"),
        (Group::Types, "dyads.GER-TUR.claim", "dyads.GER-POL.claim"),
        (Group::Types, "states.GER.greed", "states.GER.greed"),
        (Group::Institutions, "institutions.collective_security", "institutions.collective_security"),
    ];
    for (group, here, there) in numbers {
        assert_eq!(Group::of_target(a.setup.resolve(here).expect(here)[0]), group, "{here}");
        let hybrid = world(&hybrids, group.bit());
        assert_eq!(number(&hybrid, here).to_bits(), number(&b.setup, there).to_bits(), "{here} with {}", group.name());
        let moved = points(&b.setup, there).map(|points| points.iter().map(|(date, value)| (date - 40.0, *value)).collect());
        assert_eq!(points(&hybrid, here), moved, "{here}: dates are forty years earlier");
        // All others leave it alone.
        let others = world(&hybrids, WHOLE & !group.bit() & !Group::System.bit() & !Group::Calendar.bit());
        assert_eq!(number(&others, here).to_bits(), number(&a.setup, here).to_bits(), "{here} without {}", group.name());
        assert_eq!(points(&others, here), points(&a.setup, here), "{here} without {}", group.name());
    }
    // Nothing stands for Austria-Hungary: its numbers are its own whatever is taken.
    let all_but_system = world(&hybrids, WHOLE & !Group::System.bit() & !Group::Calendar.bit());
    let auh = a.setup.state("AUH").expect("it is there");
    for field in 0..StateInputs::SPECIFICATIONS.len() {
        let target = Target::State(auh, field);
        assert_eq!(all_but_system.get(target).to_bits(), a.setup.get(target).to_bits(), "{}", a.setup.path(target));
    }
    assert_eq!((all_but_system.horizon, all_but_system.ending), (a.setup.horizon, a.setup.ending));
    assert_eq!(all_but_system.incidents, a.setup.incidents);
}

/// The same states in the years of the other world: what is dated begins with them, and what would come after them does not.
#[test]
fn the_calendar_moves_every_date() {
    let (a, b) = (one("pre-wwi", &[], &[]), one("pre-wwii", &[], &[]));
    let hybrids = Hybrids::new(a.clone(), b.clone(), &[]).expect("the same money");
    let hybrid = world(&hybrids, Group::Calendar.bit());
    assert_eq!((hybrid.horizon, hybrid.ending), (b.setup.horizon, b.setup.ending));
    assert_eq!(hybrid.states, a.setup.states);
    for (moved, own) in hybrid.tracks.iter().zip(&a.setup.tracks) {
        let wanted: Vec<(f64, f64)> = own.points.iter().map(|(date, value)| (date + 40.0, *value)).collect();
        assert_eq!((moved.target, &moved.points), (own.target, &wanted));
    }
    // Fifteen years of thirty: the notes up to 1904, and no Sarajevo.
    let until = |setup: &Setup, end: f64| setup.incidents.iter().filter(|incident| incident.date <= end).count();
    assert_eq!(hybrid.incidents.len(), until(&a.setup, 1905.0));
    assert!(hybrid.incidents.iter().all(|incident| incident.crisis.is_none()), "{:?}", hybrid.incidents);
    assert!((hybrid.incidents[0].date - a.setup.incidents[0].date - 40.0).abs() < 1e-9);
    // With longer years every crisis of the other world comes.
    let long = world(&hybrids, WHOLE & !Group::Calendar.bit());
    let crises = |setup: &Setup| setup.incidents.iter().filter(|incident| incident.crisis.is_some()).count();
    assert_eq!((long.horizon, crises(&long)), (a.setup.horizon, crises(&b.setup)));
}

#[test]
fn a_mechanism_that_is_off_goes_with_its_group() {
    let hybrids =
        Hybrids::new(one("pre-wwi", &[], &["prevention", "timeline"]), one("pre-wwii", &[], &["trade"]), &[]).expect("money");
    let off = |groups: &[Group]| {
        let coalition = groups.iter().fold(0, |coalition, group| coalition | group.bit());
        world(&hybrids, coalition).without.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(off(&[]), ["prevention", "timeline"]);
    assert_eq!(off(&[Group::Beliefs]), ["timeline"]);
    assert_eq!(off(&[Group::Economy]), ["prevention", "timeline", "trade"]);
    assert_eq!(off(&[Group::Calendar, Group::Economy]), ["prevention", "trade"]);
}

#[test]
fn scenarios_that_differ_in_one_group_have_two_worlds_only() {
    let base = one("two-states", &[], &[]);
    for (set, group) in [
        (("technology.balance", "0.4"), Group::Technology),
        (("states.EAST.awareness", "0.7"), Group::Beliefs),
        (("pairs.EAST-WEST.distance", "900"), Group::Geography),
        (("dyads.EAST-WEST.commitment", "0.7"), Group::Alliances),
        (("states.WEST.output", "150"), Group::Economy),
        (("dyads.EAST-WEST.claim", "0.2"), Group::Types),
        (("institutions.collective_security", "0.2"), Group::Institutions),
    ] {
        let other = one("two-states", &[set], &[]);
        let hybrids = Hybrids::new(base.clone(), other.clone(), &[]).expect("the same money");
        for coalition in 0..=WHOLE {
            let wanted = if coalition & group.bit() == 0 { &base.setup } else { &other.setup };
            assert!(nameless(&world(&hybrids, coalition)) == nameless(wanted), "{set:?} in coalition {coalition:#b}");
        }
    }
}

#[test]
fn worlds_that_count_in_different_money_do_not_mix() {
    let mut other = one("pre-wwii", &[], &[]);
    other.money = "million marks".to_string();
    let refused = Hybrids::new(one("pre-wwi", &[], &[]), other, &[]).expect_err("it refuses");
    assert!(refused.contains("million marks") && refused.contains("billion int$"), "{refused}");
}
