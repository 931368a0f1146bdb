//! `--set`, `--without` and `--years`.

use spiral_model::setup::{Ending, Setup};
use spiral_scenario::{Overrides, load, mechanism_names};

use super::common;

fn set(pairs: &[(&str, &str)]) -> Overrides {
    let set = pairs.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect();
    Overrides { set, ..Overrides::default() }
}

fn setup(name: &str, overrides: &Overrides) -> Setup {
    let setup = load(name, overrides).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
    common::assert_valid(&setup);
    setup
}

fn refused(name: &str, overrides: &Overrides) -> String {
    flat(&load(name, overrides).expect_err("it must be refused"))
}

fn get(setup: &Setup, path: &str) -> f64 {
    setup.get(setup.resolve(path).expect(path)[0])
}

/// What an error says, in one line: where it is wrapped does not matter.
fn flat(error: &impl ToString) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn set_changes_a_number_and_drops_what_moves_it() {
    let changed = setup(
        "pre-wwi",
        &set(&[
            ("technology.balance", "1"),
            ("states.GER.perceived_balance", " 0.4 "),
            ("pairs.FRA-GBR.commitment", "0.9"),
            ("ending", "never"),
            ("calendar.ticks_per_year", "12"),
        ]),
    );
    let plain = setup("pre-wwi", &Overrides::default());
    assert_eq!(get(&changed, "technology.balance"), 1.0);
    assert_eq!(get(&changed, "states.GER.perceived_balance"), 0.4);
    for path in ["dyads.GBR-FRA.commitment", "dyads.FRA-GBR.commitment"] {
        let target = changed.resolve(path).unwrap()[0];
        assert_eq!(changed.get(target), 0.9, "{path}");
        assert!(changed.tracks.iter().all(|track| track.target != target), "{path} still moves");
    }
    assert_eq!(plain.tracks.len() - changed.tracks.len(), 3);
    assert_eq!((changed.ending, changed.horizon.ticks()), (Ending::Never, 360));
}

#[test]
fn set_takes_its_judgement_away() {
    let paths = |overrides: &Overrides| -> Vec<String> {
        load("pre-wwi", overrides).unwrap()[0].judgements.iter().map(|judgement| judgement.path.clone()).collect()
    };
    let before = paths(&Overrides::default());
    let after = paths(&set(&[("pairs.GBR-FRA.commitment", "0.9"), ("states.GER.greed", "0.5")]));
    let count = |list: &[String], path: &str| list.iter().filter(|listed| *listed == path).count();
    assert_eq!((count(&before, "pairs.GBR-FRA.commitment"), count(&after, "pairs.GBR-FRA.commitment")), (2, 0));
    assert_eq!((count(&before, "states.GER.greed"), count(&after, "states.GER.greed")), (1, 0));
    assert_eq!(before.len() - after.len(), 3);
}

/// `*` stands for every state, at either end of a pair.
#[test]
fn a_star_reaches_them_all() {
    let plain = setup("pre-wwi", &Overrides::default());
    for (path, value, reaches) in [
        ("states.*.greed", 0.1, None),
        ("pairs.*.contact", 0.25, Some(("*", "*", true))),
        ("pairs.*-*.contact", 0.25, Some(("*", "*", true))),
        ("dyads.*.claim", 0.5, Some(("*", "*", false))),
        ("dyads.GER-*.claim", 0.5, Some(("GER", "*", false))),
        ("dyads.*-FRA.claim", 0.5, Some(("*", "FRA", false))),
        ("pairs.GBR-*.commitment", 0.9, Some(("GBR", "*", true))),
    ] {
        let changed = setup("pre-wwi", &set(&[(path, &value.to_string())]));
        let field = path.rsplit('.').next().expect("a field");
        let mut reached = 0;
        for (position, state) in plain.states.iter().enumerate().filter(|_| reaches.is_none()) {
            let of = |setup: &Setup| get(setup, &format!("states.{}.{field}", setup.states[position].code));
            assert_eq!(of(&changed), value, "{path} in {}", state.code);
            reached += 1;
        }
        for dyad in plain.dyads.iter().filter(|_| reaches.is_some()) {
            let (from, to) = (&plain.states[dyad.from].code, &plain.states[dyad.to].code);
            let (one, other, both) = reaches.expect("it is a path of pairs");
            let is = |wanted: &str, code: &str| wanted == "*" || wanted == code;
            let fits = (is(one, from) && is(other, to)) || (both && is(one, to) && is(other, from));
            // A pair by its directed number, or, where both directions are one, by either.
            let path = format!("pairs.{from}-{to}.{field}");
            let wanted = if fits { value } else { get(&plain, &path) };
            assert_eq!(get(&changed, &path), wanted, "{path}");
            reached += usize::from(fits);
        }
        let all = (plain.states.len(), plain.dyads.len());
        let wanted = match reaches {
            None => all.0,
            Some(("*", "*", _)) => all.1,
            Some((_, _, both)) => (all.0 - 1) * if both { 2 } else { 1 },
        };
        assert_eq!(reached, wanted, "{path} reaches so many numbers");
    }
    // A larger world than any in the catalogue, at once.
    let lattice = setup("lattice", &set(&[("states.*.greed", "0"), ("pairs.*.contact", "0.5")]));
    assert!(lattice.states.iter().all(|state| state.inputs.greed == 0.0));
    assert!(lattice.dyads.iter().all(|dyad| dyad.inputs.contact == 0.5));
}

#[test]
fn set_says_what_is_wrong() {
    for (path, value, parts) in [
        ("technology.balanse", "1", ["no `balanse` in technology", "did you mean `technology.balance`?"]),
        ("tecnology.balance", "1", ["no `tecnology` group", "did you mean `technology.balance`?"]),
        ("balance", "1", ["`balance` names no number", "did you mean `technology.balance`?"]),
        ("states.GRE.greed", "1", ["no state `GRE`", "did you mean `states.GER.greed`?"]),
        ("states.GER.gread", "1", ["no `gread`", "did you mean `states.GER.greed`?"]),
        ("pairs.GBR-FRE.trade", "1", ["no state `FRE`", "did you mean `pairs.GBR-FRA.trade`?"]),
        ("pairs.GBR.trade", "1", ["no `GBR` pair of states", "two codes with a hyphen"]),
        ("pairs.GBR-GBR.trade", "1", ["no `GBR-GBR` pair", "two different states"]),
        ("dyads.GBR-FRA.trade", "1", ["trade is the same in both directions", "write `pairs.GBR-FRA.trade`"]),
        ("states.*.gread", "1", ["no `gread`", "did you mean `states.*.greed`?"]),
        ("states.**.greed", "1", ["no state `**`", "allowed: AUH"]),
        ("pairs.*.contacts", "1", ["no `contacts`", "did you mean `pairs.*.contact`?"]),
        ("pairs.GRB-*.contact", "1", ["no state `GRB`", "did you mean `pairs.GBR-*.contact`?"]),
        ("dyads.*.trade", "1", ["trade is the same in both directions", "write `pairs.*.trade`"]),
        ("states.*.greed", "2", ["states.*.greed is 2; allowed: 0 to 1", "greed"]),
        ("defaults.state.greed", "0.1", ["defaults can be given in files only", "write `states.*.greed`"]),
        ("technology.balance", "1000", ["technology.balance is 1000; allowed: 0.01 to 100, ratio", "balance (m)"]),
        ("technology.balance", "NaN", ["must be a finite number", "balance (m)"]),
        ("technology.balance", "much", ["`much` is not a number", "balance (m)"]),
        ("endings", "never", ["`endings` names no number", "did you mean `ending`?"]),
        ("ending", "sometimes", ["no such name as `sometimes`", "allowed: never, general-war, first-war"]),
        ("calendar.ticks_per_year", "0", ["`0` is not a number of ticks", "1 to 366"]),
        ("", "1", ["names no number", "a path is GROUP.NUMBER"]),
    ] {
        let error = refused("pre-wwi", &set(&[(path, value)]));
        assert!(error.starts_with("--set"), "{error}");
        for part in parts {
            assert!(error.contains(part), "{path}={value}: {error}");
        }
    }
    let both = refused("pre-wwi", &set(&[("technology.balanse", "1"), ("greed", "2")]));
    assert!(both.ends_with("2 problems"), "{both}");
}

#[test]
fn without_takes_mechanisms_only() {
    let without = |name: &str| Overrides { without: vec![name.to_string()], ..Overrides::default() };
    for name in mechanism_names() {
        assert!(setup("two-states", &without(name)).without.contains(name), "{name}");
    }
    let error = refused("two-states", &without("time-line"));
    assert!(error.starts_with("--without: no mechanism `time-line`") && error.contains("did you mean `timeline`?"), "{error}");
}

#[test]
fn a_judgement_before_the_new_start_is_overtaken() {
    let overrides = Overrides { years: Some((1935.0, 1945.0)), ..Overrides::default() };
    let scenario = load("pre-wwii", &overrides).unwrap().remove(0);
    let greed: Vec<_> = scenario.judgements.iter().filter(|judgement| judgement.path == "states.GER.greed").collect();
    let mut setup = scenario.setup.clone();
    greed[0].apply(&mut setup, 0.05);
    assert_eq!(get(&setup, "states.GER.greed"), 0.8, "the value of 1930 no longer counts in 1935");
    greed[1].apply(&mut setup, 0.6);
    assert_eq!(get(&setup, "states.GER.greed"), 0.6, "the value of 1933 holds at the start");
}

#[test]
fn years_replace_the_calendar() {
    let years = |start, end| Overrides { years: Some((start, end)), ..Overrides::default() };
    let late = setup("pre-wwi", &years(1905.0, 1910.0));
    assert_eq!((late.horizon.start, late.horizon.end, late.horizon.ticks()), (1905.0, 1910.0, 20));
    assert_eq!(get(&late, "pairs.GBR-FRA.commitment"), 0.4, "what the timeline had set by then");
    assert_eq!(get(&late, "pairs.FRA-RUS.commitment"), 0.7);
    assert_eq!(get(&late, "states.GER.perceived_balance"), 1.0, "the series at the new start");
    assert!((get(&late, "states.GER.output") - 290.0).abs() < 1e-9);
    assert!(late.incidents.iter().all(|incident| incident.date >= 1905.0 && incident.date <= 1910.0));
    assert_eq!(late.incidents.len(), 4, "Morocco, Dreadnought, convention, Bosnia");
    for (start, end, part) in [
        (1920.0, 1910.0, "the calendar ends in 1910, not after its start in 1920"),
        (1900.0, 1900.1, "shorter than one tick"),
        (-9000.0, 9000.0, "grows to"),
        (f64::NAN, 1900.0, "a year is from -10000 to 10000"),
        (1890.0, f64::INFINITY, "a year is from -10000 to 10000"),
        (2500.0, 2510.0, "far outside the calendar"),
    ] {
        let error = refused("pre-wwi", &years(start, end));
        assert!(error.contains(part), "{start}..{end}: {error}");
    }
}

/// A generated world is made after what is set of its making, and a larger one holds the smaller one.
#[test]
fn a_generated_world_is_made_anew() {
    let small = setup("lattice", &Overrides::default());
    let large = setup("lattice", &set(&[("generate.states", "400"), ("game.war_cost", "0.4"), ("states.S000399.greed", "0.7")]));
    assert_eq!((small.states.len(), large.states.len()), (100, 400));
    assert_eq!(small.states[..], large.states[..100], "more states change no earlier one");
    assert_eq!((get(&large, "game.war_cost"), get(&large, "states.S000399.greed")), (0.4, 0.7));
    // 2 n (n − 1) borders of an n × n grid, each two dyads.
    assert_eq!((small.dyads.len(), large.dyads.len()), (2 * 180, 2 * 760));
    let hubs = setup("lattice", &set(&[("generate.kind", "scale-free"), ("generate.states", "400"), ("generate.seed", "2")]));
    assert_eq!(hubs.dyads.len(), 2 * (1 + 2 * 398));
    let points =
        setup("lattice", &set(&[("generate.kind", "geometric"), ("generate.mean_degree", "5.5"), ("generate.spacing", "300")]));
    let farthest = points.dyads.iter().map(|dyad| dyad.inputs.distance).fold(0.0, f64::max);
    let reach = 300.0 * (5.5 / std::f64::consts::PI).sqrt();
    assert!(farthest < reach && farthest > 0.9 * reach, "the farthest neighbours are {farthest} km apart, at most {reach}");
}

#[test]
fn what_cannot_be_made_is_refused() {
    for (name, path, value, says) in [
        ("lattice", "generate.kind", "scalefree", "did you mean `scale-free`?"),
        ("lattice", "generate.states", "0", "generate.states is 0; allowed: 1 to 100000"),
        ("lattice", "generate.states", "1e6", "generate.states is 1000000; allowed: 1 to 100000"),
        ("lattice", "generate.states", "12.5", "must be a whole number"),
        ("lattice", "generate.seed", "one", "`one` is not a number"),
        ("lattice", "generate.mean_degree", "5", "a grid has 4 neighbours, or 8"),
        ("lattice", "generate.state", "9", "did you mean `generate.states`?"),
        ("lattice", "pairs.S000000-S000099.contact", "1", "only neighbours make a pair"),
        ("pre-wwi", "generate.states", "9", "the states of this scenario are listed, not generated"),
    ] {
        let said = refused(name, &set(&[(path, value)]));
        assert!(said.contains(says), "{path}={value}:\n{said}");
    }
}
