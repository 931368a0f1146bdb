//! The menu of weapons: every file is read, broken ones teach, and what states hold makes the world that it should.

use std::path::Path;

use spiral_model::Setup;
use spiral_model::weapons::{Arsenal, Weapon};
use spiral_scenario::{Overrides, Scenario, WeaponCard, parse, parse_weapon, weapons};

use super::common;

fn card(name: &str) -> WeaponCard {
    weapons().into_iter().find(|card| card.name == name).unwrap_or_else(|| panic!("no weapon {name}"))
}

fn scenario(body: &str) -> Scenario {
    let text = format!(
        "( question: \"?\", calendar: (start: 1950, end: 1990), states: {{ \"EAST\": (), \"WEST\": (), \"POOR\": () }}, {body} )"
    );
    let mut found = parse(&text, "test.ron", &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    common::assert_valid(&found[0].setup);
    found.remove(0)
}

fn get(setup: &Setup, path: &str) -> f64 {
    setup.get(setup.resolve(path).expect(path)[0])
}

#[test]
fn every_weapon_file_is_on_the_menu() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/weapons");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().trim_end_matches(".ron").to_string())
        .collect();
    files.sort();
    let listed: Vec<String> = weapons().into_iter().map(|card| card.name).collect();
    assert_eq!(files, listed);
    for card in weapons() {
        let text = std::fs::read_to_string(folder.join(format!("{}.ron", card.name))).expect("it was just listed");
        assert_eq!(text, card.text);
        assert!(text.starts_with("// "), "{} begins with what it is", card.name);
        assert!(card.founded, "{} has a number without source or judgement", card.name);
        assert!(!card.about.is_empty() && card.title != card.name, "{} says what it is known for", card.name);
        for (number, low, high) in &card.judgements {
            assert!(low < high, "{}: {number} is judged {low} to {high}", card.name);
        }
    }
}

#[test]
fn every_broken_weapon_is_refused_with_its_message() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken_weapons");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder is part of the crate")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".ron").map(str::to_string))
        .collect();
    names.sort();
    assert!(names.len() >= 12, "only {} broken weapons", names.len());
    insta::with_settings!({ snapshot_path => "broken_weapons", prepend_module_to_snapshot => false, omit_expression => true }, {
        for name in &names {
            let text = std::fs::read_to_string(folder.join(format!("{name}.ron"))).expect("it was just listed");
            let message = match parse_weapon(&text, &format!("{name}.ron")) {
                Ok(_) => panic!("{name}.ron was accepted"),
                Err(error) => error.to_string(),
            };
            insta::assert_snapshot!(name.as_str(), message);
        }
    });
}

/// Jervis (1978), 206-10: missiles in silos cannot be told apart by purpose and reward the first strike; missiles at sea can, and do not.
#[test]
fn silos_and_submarines_are_worlds_apart() {
    let world = |weapon: &str| {
        let held = format!("weapons: {{ \"EAST\": {{ \"{weapon}\": 1.0 }}, \"WEST\": {{ \"{weapon}\": 1.0 }} }}");
        scenario(&held).setup
    };
    let (silos, submarines) = (world("icbm"), world("slbm"));
    let technology = |setup: &Setup| {
        let t = setup.parameters.technology;
        (t.balance, t.first_strike, t.distinguishability)
    };
    let (silo, boat) = (card("icbm").weapon, card("slbm").weapon);
    assert_eq!(technology(&silos), (1.0, silo.surprise, 0.0), "a silo serves both purposes alike");
    let (balance, first_strike, revealed) = technology(&submarines);
    assert!((balance - boat.offence / boat.defence).abs() < 1e-15, "{balance}");
    assert_eq!(first_strike, 1.0);
    assert!((revealed - boat.information()).abs() < 1e-15 && revealed > 0.5, "{revealed}");
    for (setup, weapon) in [(&silos, silo), (&submarines, boat)] {
        assert_eq!(get(setup, "states.EAST.survivable_share"), weapon.survivable_share);
        assert_eq!(get(setup, "states.POOR.survivable_share"), 0.5, "who holds nothing keeps the default");
        assert_eq!(get(setup, "states.POOR.perceived_balance"), setup.parameters.technology.balance, "all believe the truth");
        assert_eq!(setup.parameters.deterrence.warhead_price, weapon.cost / weapon.warheads);
        assert_eq!(get(setup, "states.WEST.nuclear_share"), 1.0);
    }
}

#[test]
fn what_follows_changes_with_the_date_and_runs_straight_between() {
    let setup = scenario(
        "weapons: {
            \"EAST\": [ (date: 1950, shares: { \"field-army\": 1.0 }), (date: 1970, shares: { \"field-army\": 0.5, \"slbm\": 0.5 }) ],
            \"WEST\": { \"field-army\": 1.0 },
        }",
    )
    .setup;
    let track = |path: &str| {
        let target = setup.resolve(path).expect(path)[0];
        setup.tracks.iter().find(|track| track.target == target).unwrap_or_else(|| panic!("{path} does not change")).clone()
    };
    let of = |shares: &[(&str, f64)]| Arsenal::of(shares.iter().map(|(name, share)| (card(name).weapon, *share)).collect());
    let (east, west) = (of(&[("field-army", 0.5), ("slbm", 0.5)]), of(&[("field-army", 1.0)]));
    let balance = track("technology.balance");
    assert_eq!(balance.points, [(1950.0, 1.0), (1970.0, Arsenal::pooled(&[east.clone(), west]).balance())]);
    assert_eq!(track("states.EAST.nuclear_share").points, [(1950.0, 0.0), (1970.0, 0.5)]);
    assert_eq!(get(&setup, "states.EAST.survivable_share"), card("slbm").weapon.survivable_share, "from the first boat on");
    assert_eq!(get(&setup, "states.WEST.nuclear_share"), 0.0);
}

#[test]
fn what_the_file_says_itself_stands() {
    let setup = scenario(
        "weapons: { \"EAST\": { \"icbm\": 1.0 } }, technology: (balance: 0.4), defaults: (state: (perceived_balance: 0.7, nuclear_share: 0)),
         menu: { \"icbm\": (survivable_share: 0.9) }",
    )
    .setup;
    assert_eq!(setup.parameters.technology.balance, 0.4);
    assert_eq!(setup.parameters.technology.first_strike, card("icbm").weapon.surprise, "what it does not say follows");
    assert_eq!(get(&setup, "states.EAST.perceived_balance"), 0.7);
    assert_eq!(get(&setup, "states.EAST.nuclear_share"), 0.0);
    assert_eq!(get(&setup, "states.EAST.survivable_share"), 0.9, "a row of the menu laid over");
}

#[test]
fn a_weapon_of_its_own_is_held_like_any_other() {
    let setup = scenario(
        "menu: { \"space-gun\": (cost: 2.0, offence: 6.0, defence: 0.0) },
         weapons: { \"EAST\": { \"space-gun\": 0.5, \"fortress\": 0.5 } }",
    )
    .setup;
    let gun = Weapon { cost: 2.0, offence: 6.0, defence: 0.0, ..Weapon::default() };
    let expected = Arsenal::of(vec![(gun, 0.5), (card("fortress").weapon, 0.5)]);
    assert_eq!(setup.parameters.technology.balance, expected.balance());
}

/// The range of a number that follows is the widest move of one judgement alone, and can be drawn from like any other.
#[test]
fn judgements_of_the_menu_become_judgements_of_the_scenario() {
    let scenario = scenario(
        "weapons: { \"EAST\": { \"icbm\": (value: 0.6, judgement: (0.4, 0.8)), \"slbm\": (value: 0.4, judgement: (0.2, 0.6)) } }",
    );
    let found =
        |path: &str| scenario.judgements.iter().find(|judgement| judgement.path == path).unwrap_or_else(|| panic!("{path}"));
    let q = found("technology.distinguishability");
    let (silo, boat) = (card("icbm").weapon, card("slbm").weapon);
    let of = |silos: f64, boats: f64| Arsenal::of(vec![(silo, silos), (boat, boats)]).distinguishability();
    assert_eq!(q.value, of(0.6, 0.4));
    // Moving the share of boats to .6 raises q to 1/2 × information; a boat that cannot attack at all raises it further.
    let sure = Weapon { offence: 0.0, ..boat };
    let highest = of(0.6, 0.6).max(0.4 * sure.information());
    assert!((q.high - highest).abs() < 1e-15, "{} is not {highest}", q.high);
    assert!(q.low < q.value && q.low > 0.0);
    for judgement in &scenario.judgements {
        for value in [judgement.low, judgement.high] {
            let mut setup = scenario.setup.clone();
            judgement.apply(&mut setup, value);
            common::assert_valid(&setup);
        }
    }
}
