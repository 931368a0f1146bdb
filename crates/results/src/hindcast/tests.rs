//! A made world: the program simulates it, and what one history did is written out as data files of the published layout. A hindcast from
//! these files must find what theory gives; a record of chance events must show nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use spiral_analysis::disputes::disputes;
use spiral_analysis::hindcast::area_of_known_chances;
use spiral_model::Simulation;

use super::*;

/// Numbers of states that are in the list from 1920 to 2016, and are no great powers.
const STATES: [u16; 24] =
    [20, 40, 41, 42, 90, 91, 92, 93, 94, 95, 100, 101, 130, 135, 140, 145, 150, 155, 160, 165, 200, 205, 210, 225];
const FIRST: i32 = 1926;
const START_YEARS: i32 = 10;
const HORIZON: i32 = 5;

/// A number of 0..1 from two numbers.
fn mixed(one: u32, other: u32) -> f64 {
    let mut x = u64::from(one).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(other).wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..3 {
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    (x >> 11) as f64 / (1u64 << 53) as f64
}

/// Capabilities and borders of the made world: neighbours stand beside each other in the list.
fn write_world(folder: &Path) {
    let mut nmc = "ccode,year,milex,milper,pec,tpop\n".to_string();
    let mut borders = "ccode1,ccode2,year,conttype\n".to_string();
    for (position, state) in STATES.iter().enumerate() {
        let people = 2000.0 + 40_000.0 * mixed(u32::from(*state), 1);
        for year in FIRST - 6..=FIRST + HORIZON * (START_YEARS + 1) {
            let energy = people * (0.5 + mixed(u32::from(*state), 2));
            let _ = writeln!(nmc, "{state},{year},{:.0},{:.0},{energy:.0},{people:.0}", energy * 2.0, people / 100.0);
            for step in 1..=2 {
                if let Some(other) = STATES.get(position + step) {
                    let _ = writeln!(borders, "{state},{other},{year},{}", 2 * step - 1);
                }
            }
        }
    }
    fs::write(folder.join("nmc.csv"), nmc).expect("a writable folder");
    fs::write(folder.join("contiguity.csv"), borders).expect("a writable folder");
}

/// A file of disputes with a row that is far from every forecast, so that it covers all years.
fn write_disputes(folder: &Path, rows: &[(u16, u16, i32, u8)]) {
    let mut text = "dispnum,ccode1,ccode2,year,hostlev1,hostlev2\n".to_string();
    let last = FIRST + HORIZON * START_YEARS;
    let ends = [(20, 225, FIRST - 6, 2), (20, 225, last, 2)];
    for (number, (one, other, year, level)) in ends.iter().chain(rows).enumerate() {
        let _ = writeln!(text, "{number},{one},{other},{year},{level},1");
    }
    fs::write(folder.join("disputes.csv"), text).expect("a writable folder");
}

fn files(folder: &Path) -> CowFiles {
    hindcast_files(folder).unwrap_or_else(|error| panic!("{error}")).0
}

fn options<'a>() -> Options<'a> {
    // More crises than states of this kind have, so that a small sample has events enough.
    let set = vec![("crisis.rate".to_string(), "0.3".to_string())];
    Options { histories: Some(96), changes: Overrides { set, ..Overrides::default() }, ..Options::default() }
}

fn request(files: &CowFiles) -> HindcastRequest<'_> {
    let last = FIRST + HORIZON * (START_YEARS - 1);
    HindcastRequest { files, years: (FIRST, last), every: HORIZON as u32, horizon: HORIZON as u32, states: &[] }
}

/// What one history of every start year did, written as the record: a history of its own for each, which no forecast has simulated.
fn truth(folder: &Path) -> Vec<(u16, u16, i32, u8)> {
    write_disputes(folder, &[]);
    let found = files(folder);
    let record = Record::read(&found).unwrap_or_else(|error| panic!("{error}"));
    let mut rows = Vec::new();
    for start in 0..START_YEARS {
        let year = FIRST + HORIZON * start;
        let scenario = world_of(&request(&found), year, &options()).unwrap_or_else(|error| panic!("{error}")).1;
        let history = 5000 + 16 * start.cast_unsigned();
        let (_, events) = Simulation::<16>::new(&scenario.setup).run(1, history, true, &mut ());
        let number = |state: u32| cow_number(&scenario.setup.states[state as usize].code).unwrap_or(0);
        for dispute in disputes(&events.iter().filter(|event| event.history == history).copied().collect::<Vec<_>>()) {
            let (one, other) = (number(dispute.pair.0), number(dispute.pair.1));
            let level = dispute.steps.iter().map(|step| step.level as u8).max().unwrap_or(2);
            rows.push((one.min(other), one.max(other), dispute.onset().floor() as i32, level));
        }
    }
    assert!(record.source_of_wars().is_some());
    rows
}

fn simulation(results: &HindcastResults, outcome: usize) -> &spiral_analysis::hindcast::ForecastScore {
    &results.scores.outcomes[outcome].eras[0].scores[0]
}

/// The record of each start year is one more history of the very worlds that are forecast; the disputes of the years before do not differ
/// from those that the worlds were made with, because they are not told to either.
#[test]
fn a_hindcast_of_its_own_world_is_calibrated_and_ranks_as_theory_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_world(folder.path());
    let rows = truth(folder.path());
    assert!(rows.len() > 40, "only {} disputes in the made world", rows.len());
    write_disputes(folder.path(), &rows);
    let found = files(folder.path());
    let mut asked = options();
    // The made record leaves no hostility, as in the worlds that made it.
    asked.changes.set.push(("pairs.*.hostility".to_string(), "0".to_string()));
    let results = hindcast(&request(&found), &asked).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(results.scores.start_years.len(), START_YEARS as usize);
    let crisis = simulation(&results, 0);
    let ratio = &crisis.expected_over_observed;
    assert!(ratio.lower < Some(1.05) && ratio.upper > Some(0.95), "{ratio:?}");
    // The area of somebody who knows every chance, from the chances alone.
    let expected = best_area(&found, &asked);
    let auc = &crisis.auc;
    assert!(auc.lower < Some(expected) && auc.upper > Some(expected - 0.02), "{auc:?}, theory {expected}");
    assert!(auc.lower > Some(0.6), "{auc:?}");
}

/// Area under the curve of hits and false alarms that the simulated chances themselves imply.
fn best_area(files: &CowFiles, options: &Options<'_>) -> f64 {
    let record = Record::read(files).unwrap_or_else(|error| panic!("{error}"));
    let mut input = Input { horizon: HORIZON as u32, histories: 96, ..Input::default() };
    one_year(&request(files), &record, FIRST, 96, options, &mut input).unwrap_or_else(|error| panic!("{error}"));
    let chances: Vec<f64> = input.dyads.iter().map(|dyad| dyad.chance(Forecast::Crisis)).collect();
    area_of_known_chances(&chances)
}

#[test]
fn a_record_of_chance_events_shows_no_skill_and_no_gain() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_world(folder.path());
    let mut rows = Vec::new();
    for (position, one) in STATES.iter().enumerate() {
        for other in &STATES[position + 1..] {
            for start in 0..START_YEARS as u32 {
                if mixed(u32::from(*one) * 1000 + u32::from(*other), 77 + start) < 0.04 {
                    rows.push((*one, *other, FIRST + HORIZON * start.cast_signed() + 2, 4));
                }
            }
        }
    }
    write_disputes(folder.path(), &rows);
    let found = files(folder.path());
    let mut asked = options();
    asked.changes.set.push(("pairs.*.hostility".to_string(), "0".to_string()));
    let results = hindcast(&request(&found), &asked).unwrap_or_else(|error| panic!("{error}"));
    let auc = &simulation(&results, 0).auc;
    assert!(auc.lower < Some(0.5) && auc.upper > Some(0.5), "{auc:?}");
    for addition in &results.scores.outcomes[0].eras[0].additions {
        let (lower, estimate) = (addition.gain.lower.expect("an interval"), addition.gain.estimate.expect("a gain"));
        assert!(lower < 0.0 && estimate < 0.02, "{addition:?}");
    }
}

#[test]
fn files_and_pages_are_written_whole_and_what_is_missing_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_world(folder.path());
    let rows: Vec<_> = (0..START_YEARS).map(|start| (40, 41, FIRST + HORIZON * start + 1, 5)).collect();
    write_disputes(folder.path(), &rows);
    let found = files(folder.path());
    let out = folder.path().join("out");
    let few = HindcastRequest { years: (FIRST - 20, FIRST + 10), ..request(&found) };
    let asked = Options { histories: Some(16), directory: Some(out.clone()), ..Options::default() };
    let results = hindcast(&few, &asked).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(results.scores.start_years, [FIRST - 5, FIRST, FIRST + 5, FIRST + 10], "{:?}", results.notes);
    assert!(results.notes[0].starts_with("left out"), "{:?}", results.notes);
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("a file");
    let page = read("report.html");
    for told in ["Does the simulation add?", "fitted on other start years", "spiral hindcast --cow FOLDER", "Growth of arms"] {
        assert!(page.contains(told), "{told}");
    }
    let pairs = STATES.len() * (STATES.len() - 1) / 2;
    assert_eq!(read("dyads.csv").lines().count(), 1 + 4 * pairs);
    let again: HindcastResults = serde_json::from_str(&read("hindcast.json")).expect("JSON");
    assert_eq!(again.scores.start_years, results.scores.start_years);
    for name in ["roc-crisis", "precision-war", "calibration-force"] {
        assert!(out.join("figures").join(format!("{name}.png")).is_file(), "{name}");
    }
    let message = hindcast(&few, &asked).expect_err("the directory is in use").to_string();
    assert!(message.contains("exists already"), "{message}");
    let never = HindcastRequest { years: (1800, 1805), ..request(&found) };
    let message = hindcast(&never, &Options::default()).expect_err("no such years").to_string();
    assert!(message.contains("no start year has the data that it needs"), "{message}");
}

/// Histories that failed are no histories without an event: the chances are those of the others.
#[test]
fn chances_are_those_of_the_histories_that_did_not_fail() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_world(folder.path());
    write_disputes(folder.path(), &[]);
    let found = files(folder.path());
    let record = Record::read(&found).unwrap_or_else(|error| panic!("{error}"));
    let (made, scenario) = world_of(&request(&found), FIRST, &options()).unwrap_or_else(|error| panic!("{error}"));
    let numbers: Vec<u16> = scenario.setup.states.iter().map(|state| cow_number(&state.code).unwrap_or(0)).collect();
    let nothing = vec![f64::NAN; numbers.len()];
    let counts = PairCounts { pairs: BTreeMap::from([((0, 1), [19, 9, 0])]), growth: nothing, histories: 39, failures: 57 };
    let mut input = Input { horizon: HORIZON as u32, histories: 96, ..Input::default() };
    add(&mut input, &made, &counts, &numbers, &record, FIRST, HORIZON);
    let pair = (numbers[0].min(numbers[1]), numbers[0].max(numbers[1]));
    let row = input.dyads.iter().find(|dyad| dyad.states == pair).expect("a row of the pair");
    let chances = Forecast::ALL.map(|forecast| row.chance(forecast));
    // One history of the mean of all 276 pairs is added.
    let all = 276.0 * 39.0 + 1.0;
    assert_eq!(chances, [(19.0 + 19.5 / all) / 40.0, (9.0 + 9.5 / all) / 40.0, 0.5 / all / 40.0]);
    let expected: f64 = input.dyads.iter().map(|dyad| dyad.chance(Forecast::Crisis)).sum();
    assert!((expected - 19.0 / 39.0).abs() < 0.01, "the sum of all chances is that of the histories: {expected}");
    let line = format!("{FIRST},{},{},", pair.0, pair.1);
    let text = dyads_csv(&input);
    let written = text.lines().find(|text| text.starts_with(&line)).expect("a line of the pair");
    assert!(written.contains(",19,0.475045,") && written.contains(",9,0.225022,"), "{written}");
}
