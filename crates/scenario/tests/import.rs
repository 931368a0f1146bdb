//! `import::cow` on small files made for these tests: the right columns, invented numbers.
#![allow(clippy::format_push_string, reason = "files of a few lines")]

use std::fs;
use std::path::PathBuf;

use spiral_kernel::maths::powf;
use spiral_model::setup::Target;
use spiral_model::{Ended, Simulation};
use spiral_scenario::import::{CowFiles, CowRequest, Imported, Missing, Note, cow, spending};
use spiral_scenario::{Overrides, Scenario, parse};

/// Rows of invented capabilities: abbreviation, number, spending, energy, population; the same every year.
const INVENTED: &[(&str, u16, f64, f64, f64)] = &[
    ("UKG", 200, 50_000.0, 150_000.0, 40_000.0),
    ("FRN", 220, 40_000.0, 40_000.0, 40_000.0),
    ("GMY", 255, 60_000.0, 140_000.0, 60_000.0),
    ("AUH", 300, 20_000.0, 30_000.0, 45_000.0),
    ("RUS", 365, 70_000.0, 30_000.0, 150_000.0),
    ("JPN", 740, 20_000.0, 10_000.0, 50_000.0),
];

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    /// Good files from 1900 to 1925.
    fn new() -> Self {
        let files = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        files.write("nmc.csv", &nmc(1900..=1925));
        files.write("contiguity.csv", &dyadic(1900..=1925));
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a writable folder");
    }

    fn files(&self, alliances: Option<&str>) -> CowFiles {
        CowFiles {
            nmc: Some(self.path("nmc.csv")),
            contiguity: Some(self.path("contiguity.csv")),
            alliances: alliances.map(|name| self.path(name)),
            ..CowFiles::default()
        }
    }

    fn import(files: &CowFiles, year: i32, states: &[&str], as_of: Option<i32>, missing: Missing) -> Result<Imported, String> {
        let states: Vec<String> = states.iter().map(|state| (*state).to_string()).collect();
        let request = CowRequest { files, year, begins: None, states: &states, as_of, missing, name: "made" };
        cow(&request).map_err(|error| flat(&error))
    }

    fn cow(&self, year: i32, states: &[&str], alliances: Option<&str>) -> Result<Imported, String> {
        Self::import(&self.files(alliances), year, states, None, Missing::default())
    }

    fn scenario(&self, year: i32, states: &[&str], alliances: Option<&str>) -> Scenario {
        let made = self.cow(year, states, alliances).unwrap_or_else(|error| panic!("{error}"));
        loaded(&made.text)
    }
}

fn loaded(text: &str) -> Scenario {
    parse(text, "made.ron", &Overrides::default()).unwrap_or_else(|error| panic!("{error}\n{text}")).remove(0)
}

fn nmc(years: std::ops::RangeInclusive<i32>) -> String {
    let mut text = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n".to_string();
    for (abbreviation, number, spending, energy, people) in INVENTED {
        for year in years.clone() {
            text.push_str(&format!("\"{abbreviation}\",{number},{year},{spending},500,1000,{energy},{people},5000,0.1,2021\n"));
        }
    }
    text
}

/// Land: France and Germany, Germany and Austria, Germany and Russia, Austria and Russia. Sea: the Channel, and Japan from Russia.
const BORDERS: &[(u16, u16, u8)] = &[(220, 255, 1), (255, 300, 1), (255, 365, 1), (300, 365, 1), (200, 220, 3), (365, 740, 2)];

fn dyadic(years: std::ops::RangeInclusive<i32>) -> String {
    let mut text = "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version\n".to_string();
    for (one, other, kind) in BORDERS {
        for year in years.clone() {
            text.push_str(&format!("{one}{other},{one},XXX,{other},YYY,{year},{kind},3.2\n"));
            text.push_str(&format!("{other}{one},{other},YYY,{one},XXX,{year},{kind},3.2\n"));
        }
    }
    text
}

fn spells() -> String {
    let mut text = "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n".to_string();
    for (one, other, kind) in BORDERS {
        text.push_str(&format!("{one}{other},{one},\"XXX\",{other},\"YYY\",{kind},181601,201612,\"a, note\",3.2\n"));
    }
    text
}

fn get(scenario: &Scenario, path: &str) -> f64 {
    let targets: Vec<Target> = scenario.setup.resolve(path).unwrap_or_else(|error| panic!("{error:?}"));
    scenario.setup.get(targets[0])
}

/// What an error says, in one line: where it is wrapped does not matter.
fn flat(error: &impl ToString) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The note that has a text.
fn told_by(notes: &[Note], part: &str) -> String {
    let found = notes.iter().find(|note| note.summary.contains(part));
    found.map_or_else(|| panic!("no note has {part:?}: {notes:?}"), |note| note.summary.clone())
}

#[test]
fn a_written_scenario_loads_runs_and_is_not_inert() {
    let files = Files::new();
    let made = files.cow(1900, &[], None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(made.states, ["AUH", "FRA", "GBR", "GER", "JPN", "RUS"], "the great powers of 1900 in the file");
    let scenario = loaded(&made.text);
    assert_eq!((scenario.setup.horizon.start, scenario.setup.horizon.end), (1900.0, 1920.0));
    assert!(scenario.sources.iter().all(|sourced| !sourced.basis.is_bare()), "every number says what it rests on");
    let (mut active, mut failed) = (0, 0);
    for block in 0..4 {
        let (outcomes, _) = Simulation::<16>::new(&scenario.setup).run(1, block * 16, false, &mut ());
        active += outcomes.iter().filter(|outcome| !outcome.inert).count();
        failed += outcomes.iter().filter(|outcome| outcome.ended == Ended::Failure).count();
    }
    assert_eq!(failed, 0);
    assert!(active > 32, "{active} of 64 histories see a crisis or arm");
}

#[test]
fn numbers_follow_the_rules_that_the_file_states() {
    let files = Files::new();
    let scenario = files.scenario(1900, &["GBR", "fra", "255", "RUS", "Japan"], None);
    // Income a head 4277 (150000/40000)^0.384 in 1900, thirty years after 1870 and thirteen before 1913; times forty million.
    let share = 30.0 / 43.0;
    let income = 3600.0 * powf(1.25, share) * powf(150.0 / 40.0, 0.3 + 0.12 * share);
    let output = 40.0e6 * income / 1e9;
    let found = get(&scenario, "states.GBR.output");
    assert!((found / output - 1.0).abs() < 1e-3, "output {found}, by the rule {output}");
    // Fifty million pounds at 4.87 dollars of 1914, more by the lower level of prices.
    let prices = powf(income / 8038.0, 0.25);
    let habit = 0.05 * 4.87 * 22.49 / prices / output;
    let found = get(&scenario, "states.GBR.habitual_burden");
    assert!((found / habit - 1.0).abs() < 2e-3, "burden {found}, by the rule {habit}");
    assert_eq!(get(&scenario, "pairs.FRA-GER.contact"), 1.0, "common border");
    assert_eq!(get(&scenario, "pairs.GBR-FRA.contact"), 0.5, "the Channel is at most 24 miles wide");
    assert_eq!(get(&scenario, "pairs.GBR-JPN.contact"), 0.1, "not contiguous: the default of the file");
    let far = get(&scenario, "pairs.GBR-JPN.distance");
    assert!((2_500.0..4_480.0).contains(&far), "London to Tokyo is 9560 km, and ships carry force over it: {far} km");
    let near = get(&scenario, "pairs.GBR-FRA.distance");
    assert!((near - 342.0).abs() < 5.0, "London to Paris is {near} km");
    let capital = get(&scenario, "pairs.GER-RUS.distance");
    assert!((capital - 1320.0).abs() < 10.0, "Berlin to St Petersburg is {capital} km, not 1320");
    let later = files.scenario(1922, &["GER", "RUS"], None);
    assert_eq!(get(&later, "pairs.GER-RUS.distance"), 1500.0, "Moscow is 1608 km away: they meet at the border");
}

#[test]
fn no_series_crosses_the_seam_between_pounds_and_dollars() {
    let files = Files::new();
    let before = files.scenario(1905, &["GBR", "GER"], None);
    let last = before.observed.iter().map(|seen| seen.date).fold(0.0, f64::max);
    assert_eq!(last, 1913.5, "observed values end with the pounds");
    let after = files.scenario(1914, &["GBR", "GER"], None);
    let first = after.observed.iter().map(|seen| seen.date).fold(f64::INFINITY, f64::min);
    assert_eq!(first, 1914.5);
    // The same number of thousands is 4.87 times as much in pounds as in dollars.
    let burden = |scenario: &Scenario| {
        scenario.observed.iter().find(|seen| seen.state == "GBR" && seen.date.fract() == 0.5).map(|seen| seen.value)
    };
    let of_1913 = before.observed.iter().find(|seen| seen.state == "GBR" && seen.date == 1913.5).map(|seen| seen.value);
    let ratio = of_1913.zip(burden(&after)).map_or(f64::NAN, |(before, after)| before / after);
    // Output changes a little from year to year.
    assert!((ratio / 4.87 - 1.0).abs() < 0.02, "{ratio}");
}

#[test]
fn both_forms_of_contiguity_say_the_same() {
    let files = Files::new();
    let dyadic = files.scenario(1900, &[], None);
    files.write("contiguity.csv", &spells());
    let spells = files.scenario(1900, &[], None);
    assert_eq!(dyadic.setup, spells.setup);
}

#[test]
fn pledges_become_commitments_and_their_changes_a_timeline() {
    let files = Files::new();
    let mut rows =
        "version4id,ccode1,state_name1,ccode2,state_name2,defense,neutrality,nonaggression,entente,year,version\n".to_string();
    for year in 1900..=1925 {
        rows.push_str(&format!("1,255,Germany,300,Austria-Hungary,1,0,1,0,{year},4.1\n"));
        let (defence, entente) = if year >= 1907 { (1, 1) } else { (0, 1) };
        rows.push_str(&format!("2,220,France,365,Russia,{defence},0,0,{entente},{year},4.1\n"));
    }
    files.write("alliances.csv", &rows);
    let scenario = files.scenario(1900, &[], Some("alliances.csv"));
    assert_eq!(get(&scenario, "dyads.GER-AUH.commitment"), 0.7);
    assert_eq!(get(&scenario, "dyads.RUS-FRA.commitment"), 0.25, "an entente until 1906");
    assert_eq!(get(&scenario, "dyads.GBR-FRA.commitment"), 0.0);
    let dates: Vec<f64> = scenario.setup.incidents.iter().map(|incident| incident.date).collect();
    assert_eq!(dates, [1907.0], "the pact of 1907 is the one change: {:?}", scenario.setup.incidents);
    let track = scenario.setup.tracks.iter().filter(|track| track.points.contains(&(1907.0, 0.7))).count();
    assert_eq!(track, 2, "both directions of one pair");
    // The same pledges in every other form of the project's files give the same world.
    let forms = [
        (
            "peacesciencer.csv",
            rows.replace("version4id,ccode1,state_name1,ccode2,state_name2,defense,neutrality,nonaggression,entente,year,version", "id,ccode1,n1,ccode2,n2,cow_defense,cow_neutral,cow_nonagg,cow_entente,year,version"),
        ),
        (
            "by_dyad.csv",
            "version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,dyad_end_day,dyad_end_month,dyad_end_year,left_censor,right_censor,defense,neutrality,nonaggression,entente,version\n\
             1,255,Germany,300,Austria-Hungary,7,10,1879,,,,0,1,1,0,1,0,4.1\n2,220,France,365,Russia,1,1,1891,31,12,1906,0,0,0,0,0,1,4.1\n\
             3,220,France,365,Russia,1,1,1907,,,,0,1,1,0,0,1,4.1\n"
                .to_string(),
        ),
        (
            "by_member.csv",
            "version4id,ccode,state_name,all_st_year,all_end_year,mem_st_year,mem_end_year,defense,neutrality,nonaggression,entente,version\n\
             1,255,Germany,1879,,1879,,1,0,1,0,4.1\n1,300,Austria-Hungary,1879,,1879,-9,1,0,1,0,4.1\n\
             2,220,France,1891,1906,1891,1906,0,0,0,1,4.1\n2,365,Russia,1891,1906,1891,1906,0,0,0,1,4.1\n\
             3,220,France,1907,,1907,NA,1,0,0,1,4.1\n3,365,Russia,1907,,1907,,1,0,0,1,4.1\n"
                .to_string(),
        ),
    ];
    for (name, text) in forms {
        files.write(name, &text);
        assert_eq!(files.scenario(1900, &[], Some(name)).setup, scenario.setup, "{name}");
    }
}

#[test]
fn pledges_keep_their_kind_and_their_direction() {
    let files = Files::new();
    let mut directed = "dirdyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul\n".to_string();
    let mut mutual = "dyad,mem1,mem2,year,atopally,defense,offense,neutral,nonagg,consul\n".to_string();
    for year in 1900..=1925 {
        // Germany has promised to defend Austria, which has promised to stay neutral; the other two consult.
        directed.push_str(&format!("255300,255,300,{year},1,1,0,0,1,1\n300255,300,255,{year},1,0,0,1,1,0\n"));
        directed.push_str(&format!("220365,220,365,{year},1,0,0,0,0,1\n365220,365,220,{year},1,0,0,0,0,1\n"));
        mutual.push_str(&format!("255300,255,300,{year},1,1,0,0,1,1\n220365,220,365,{year},1,0,0,0,0,1\n"));
    }
    files.write("directed.csv", &directed);
    files.write("mutual.csv", &mutual);
    let scenario = files.scenario(1900, &[], Some("directed.csv"));
    assert_eq!((get(&scenario, "dyads.GER-AUH.commitment"), get(&scenario, "dyads.AUH-GER.commitment")), (0.7, 0.0));
    assert_eq!(get(&scenario, "dyads.FRA-RUS.commitment"), 0.03, "to consult is no promise to fight");
    assert_eq!(get(&scenario, "pairs.FRA-RUS.rivalry"), 1.35, "and makes no friends of two great powers without a border");
    let scenario = files.scenario(1900, &[], Some("mutual.csv"));
    assert_eq!((get(&scenario, "dyads.GER-AUH.commitment"), get(&scenario, "dyads.AUH-GER.commitment")), (0.7, 0.7));
    let by_member = "atopid,member,yrent,yrexit,defense,offense,neutral,nonagg,consul\n\
        1350,255,1879,0,1,0,0,1,1\n1350,300,1879,0,0,0,1,1,0\n1385,220,1891,0,0,0,0,0,1\n1385,365,1891,0,0,0,0,0,1\n";
    files.write("members.csv", by_member);
    assert_eq!(files.scenario(1900, &[], Some("members.csv")).setup, files.scenario(1900, &[], Some("directed.csv")).setup);
}

#[test]
fn versions_differ_in_order_and_quotes_only() {
    let files = Files::new();
    let first = files.scenario(1900, &["GBR", "FRA"], None);
    // Version 7 without the version, everything quoted, a byte order mark, another order of columns.
    let mut text = "\u{feff}\"year\",\"ccode\",\"stateabb\",\"tpop\",\"upop\",\"pec\",\"irst\",\"milper\",\"milex\",\"cinc\"\r\n"
        .to_string();
    for (abbreviation, number, spending, energy, people) in INVENTED {
        for year in 1900..=1925 {
            text.push_str(&format!(
                "\"{year}\",\"{number}\",\"{abbreviation}\",\"{people}\",\"5000\",\"{energy}\",\"1000\",\"500\",\"{spending}\",\"0.1\"\r\n"
            ));
        }
    }
    files.write("nmc.csv", &text);
    assert_eq!(files.scenario(1900, &["GBR", "FRA"], None).setup, first.setup);
}

#[test]
fn missing_cells_name_file_row_and_column_and_all_leaves_such_states_out() {
    let files = Files::new();
    let text = nmc(1900..=1925).replace("\"JPN\",740,1900,20000,", "\"JPN\",740,1900,-9,");
    files.write("nmc.csv", &text);
    let leave_out = |states: &[&str]| Files::import(&files.files(None), 1900, states, None, Missing::LeaveOut);
    let told = leave_out(&["GBR", "JPN"]).expect_err("a cell is missing");
    let line = text.lines().position(|line| line.contains("JPN") && line.contains(",1900,")).expect("it is there") + 1;
    for part in [&format!("nmc.csv:{line}:16")[..], &format!("row {line}, column `milex`"), "missing (`-9`)", "1901"] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    let made = leave_out(&["all"]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(made.states, ["AUH", "FRA", "GBR", "GER", "RUS"]);
    assert!(told_by(&made.notes, "1 states left out, because a cell is missing").contains("JPN (military expenditure)"));
    // Filled, it is a judgement with a wider range.
    let filled = files.cow(1900, &["all"], None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(filled.states.len(), 6);
    assert!(told_by(&filled.notes, "filled").contains("JPN military expenditure taken from 1901"), "{:?}", filled.notes);
    assert!(filled.text.contains("The file has no military expenditure of 1900: taken from 1901."), "{}", filled.text);
}

#[test]
fn what_is_wrong_is_told_with_the_nearest_right_thing() {
    let files = Files::new();
    let told = |year, states: &[&str]| files.cow(year, states, None).expect_err("it is wrong");
    for (year, states, part) in [
        (1950, &[][..], "no row of 1950: the years of the file are 1900 to 1925"),
        (1900, &["GBR", "GRE"], "did you mean `"),
        (1900, &["GBR", "ukg"], "named twice"),
        (1900, &["GBR", "POL"], "no row of Poland (POL, number 290) in 1900"),
        (1900, &["GBR"], "a scenario needs two"),
    ] {
        let told = told(year, states);
        assert!(told.contains(part), "{year} {states:?} should say {part:?}:\n{told}");
    }
    for (name, text, part) in [
        ("nmc.csv", dyadic(1900..=1901), "--nmc takes National Material Capabilities"),
        ("nmc.csv", nmc(1900..=1901).replace(',', ";"), "separated by semicolons"),
        ("nmc.csv", nmc(1900..=1901).replacen("milex", "milx", 1), "no column `milex`"),
        ("nmc.csv", nmc(1900..=1901).replacen("50000,500", "50.000,0,500", 1), "has 12 cells, the header has 11"),
        ("nmc.csv", nmc(1900..=1901).replacen("\"UKG\",200,1900", "\"UKG,200,1900", 1), "the cell continues in the next line"),
        ("nmc.csv", nmc(1900..=1901).replacen("50000", "fifty", 1), "row 2, column `milex`: `fifty` is not a number"),
        ("nmc.csv", nmc(1900..=1901).replacen("200,1901", "200,1900", 1), "state 200 has 1900 a second time; the first is row 2"),
        ("contiguity.csv", dyadic(1910..=1911), "the years of Direct Contiguity by dyad-year are 1910 to 1911"),
        ("contiguity.csv", nmc(1900..=1901), "this is National Material Capabilities"),
        ("contiguity.csv", dyadic(1900..=1901).replacen("1900,1,", "1900,7,", 1), "a type of contiguity is from 0 to 6"),
        ("contiguity.csv", spells().replacen("181601", "1816-soon", 1), "`1816-soon` is not a date"),
    ] {
        let files = Files::new();
        files.write(name, &text);
        let told = files.cow(1900, &["GBR", "FRA"], None).expect_err("it is wrong");
        assert!(told.contains(part) && told.contains(name), "{name} should say {part:?}:\n{told}");
    }
}

#[test]
fn spending_is_given_as_the_file_has_it() {
    let files = Files::new();
    files.write("nmc.csv", &nmc(1912..=1915).replace("\"FRN\",220,1913,40000,", "\"FRN\",220,1913,-9,"));
    let codes = ["FRA", "GER", "ENT"].map(str::to_string);
    let found = spending(&files.path("nmc.csv"), &codes, (1913, 1920)).unwrap_or_else(|error| panic!("{error}"));
    let seen: Vec<(&str, i32, f64)> = found.iter().map(|one| (one.state.as_str(), one.year, one.thousands)).collect();
    let expected = [
        ("FRA", 1914, 40_000.0),
        ("FRA", 1915, 40_000.0),
        ("GER", 1913, 60_000.0),
        ("GER", 1914, 60_000.0),
        ("GER", 1915, 60_000.0),
    ];
    assert_eq!(seen, expected);
}
