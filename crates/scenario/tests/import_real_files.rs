//! Data files as they really are: what has gone wrong with them once, each with the smallest file that shows it. All numbers are
//! invented.
#![allow(clippy::format_push_string, reason = "files of a few lines")]

use std::fs;
use std::path::{Path, PathBuf};

use spiral_scenario::import::{CowFiles, CowRequest, Imported, Missing, cow};
use spiral_scenario::{Overrides, Scenario, parse};

/// Three states of 1900 and the rows that say which of them touch.
const NMC: &str = "ccode,year,milex,milper,pec,tpop\n\
    220,1900,35000,500,60000,40000\n255,1900,40000,500,120000,65000\n300,1900,15000,500,30000,50000\n";
const BORDERS: &str = "ccode1,ccode2,year,conttype\n220,255,1900,1\n220,300,1900,0\n";

/// A folder with files, and what is asked of it.
struct Case {
    folder: tempfile::TempDir,
    files: CowFiles,
    year: i32,
    states: Vec<String>,
    as_of: Option<i32>,
}

impl Case {
    fn new(nmc: &str, borders: &str, year: i32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut case = Self { folder, files: CowFiles::default(), year, states: vec!["all".to_string()], as_of: None };
        case.files.nmc = Some(case.write("nmc.csv", nmc.as_bytes()));
        case.files.contiguity = Some(case.write("borders.csv", borders.as_bytes()));
        case
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("a writable folder");
        path
    }

    fn states(mut self, states: &[&str]) -> Self {
        self.states = states.iter().map(ToString::to_string).collect();
        self
    }

    fn import(&self) -> Result<Imported, String> {
        let request = CowRequest {
            files: &self.files,
            year: self.year,
            begins: None,
            states: &self.states,
            as_of: self.as_of,
            missing: Missing::default(),
            name: "made",
        };
        let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        cow(&request).map_err(|error| flat(error.to_string().replace(&format!("{}/", self.folder.path().display()), "")))
    }

    fn made(&self) -> Imported {
        self.import().unwrap_or_else(|error| panic!("{error}"))
    }

    fn scenario(&self) -> Scenario {
        let made = self.made();
        parse(&made.text, "made.ron", &Overrides::default()).unwrap_or_else(|error| panic!("{error}\n{}", made.text)).remove(0)
    }

    /// What was said, all of it.
    fn notes(&self) -> String {
        let notes = self.made().notes;
        notes.iter().map(|note| [note.summary.as_str(), &note.details.join("\n"), ""].join("\n")).collect()
    }
}

fn get(scenario: &Scenario, path: &str) -> f64 {
    let targets = scenario.setup.resolve(path).unwrap_or_else(|error| panic!("{error:?}"));
    scenario.setup.get(targets[0])
}

#[test]
fn rows_that_say_no_contiguity_are_passed_over() {
    let expected = Case::new(NMC, "ccode1,ccode2,year,conttype\n220,255,1900,1\n", 1900).scenario().setup;
    for none in ["0", "6", "NA", "", "-9", "0.0"] {
        let borders = BORDERS.replace("220,300,1900,0", &format!("220,300,1900,{none}"));
        assert_eq!(Case::new(NMC, &borders, 1900).scenario().setup, expected, "{none:?} means none");
    }
}

#[test]
fn a_fault_of_every_row_is_told_once_with_its_count() {
    let mut borders = "ccode1,ccode2,year,conttype\n".to_string();
    for year in 1816..=2016 {
        borders.push_str(&format!("220,255,{year},9\n"));
    }
    let told = Case::new(NMC, &borders, 1900).import().expect_err("nine is no type");
    assert!(told.contains("a type of contiguity is from 0 to 6; 200 more rows are wrong in the same way"), "{told}");
    assert_eq!(told.matches("a type of contiguity").count(), 1, "{told}");
}

#[test]
fn spells_in_every_notation_say_the_same() {
    let expected = Case::new(NMC, "ccode1,ccode2,year,conttype\n220,255,1900,1\n255,300,1900,1\n", 1900).scenario().setup;
    for (header, begin, end) in [
        ("dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version", "181601", "201612"),
        ("dyad,ccode1,a,ccode2,b,conttype,stdate,enddate,notes,version", "1816-01-01", "2016-12-31"),
        ("dyad,ccode1,a,ccode2,b,conttype,stdate,enddate,notes,version", "18160101", "NA"),
        ("dyad,state1no,a,state2no,b,conttype,begin_year,end_year,notes,version", "1816", "2016"),
    ] {
        let mut text = format!("{header}\n");
        // A spell that had ended long before says nothing about 1900.
        let ended = begin.replacen("1816", "1817", 1);
        text.push_str(&format!("1,220,X,300,Y,1,{begin},{ended},,3.2\n"));
        for (one, other) in [(220, 255), (255, 300)] {
            text.push_str(&format!("1,{one},X,{other},Y,1,{begin},{end},\"a, note\",3.2\n"));
        }
        let case = Case::new(NMC, &text, 1900);
        assert_eq!(case.scenario().setup, expected, "{header} {begin}");
    }
}

#[test]
fn the_names_of_the_r_package_are_read() {
    let alliances =
        "ccode1,ccode2,year,cow_defense,cow_neutral,cow_nonagg,cow_entente\n220,255,1900,1,0,0,0\n255,300,1900,0,0,1,0\n";
    let mut case = Case::new(NMC, BORDERS, 1900);
    case.files.alliances = Some(case.write("alliances.csv", alliances.as_bytes()));
    assert_eq!(get(&case.scenario(), "dyads.FRA-GER.commitment"), 0.7);
}

#[test]
fn a_file_that_cannot_serve_says_which_one_can() {
    for (header, part) in [
        ("atopid,begyr,endyr,mem1,mem2,defense,offense,neutral,nonagg,consul", "atop5_1ddyr.csv"),
        ("ccode,year,defense,neutrality,nonaggression,entente", "give the file by dyad-year or by member"),
        ("dispnum,styear,endyear,hihost", "this is Militarised disputes, one row a dispute"),
        ("countrycode,year,gdppc,pop", "give this file with --gdp"),
    ] {
        let mut case = Case::new(NMC, BORDERS, 1900);
        let row = vec!["1"; header.split(',').count()].join(",");
        case.files.alliances = Some(case.write("alliances.csv", format!("{header}\n{row}\n").as_bytes()));
        let told = case.import().expect_err("it is the wrong file");
        assert!(told.contains(part) && told.matches("row 1").count() == 1, "{header} should say {part:?}:\n{told}");
    }
}

#[test]
fn states_are_named_as_the_project_names_them() {
    let nmc = NMC.replace("220,", "200,").replace("300,", "2,");
    let borders = BORDERS.replace("220", "200").replace("300", "2");
    let case = Case::new(&nmc, &borders, 1900).states(&["United Kingdom", "United States of America", "Germany"]);
    assert_eq!(case.made().states, ["GBR", "GER", "USA"]);
}

#[test]
fn a_state_that_ends_ends_the_scenario_and_is_named() {
    let nmc = "ccode,year,milex,milper,pec,tpop\n255,1905,40000,500,120000,65000\n300,1905,15000,500,30000,50000\n\
        255,1918,40000,500,120000,65000\n300,1918,15000,500,30000,50000\n255,1925,40000,500,120000,65000\n";
    let borders = "ccode1,ccode2,year,conttype\n255,300,1905,1\n";
    let mut case = Case::new(nmc, borders, 1905).states(&["GER", "AUH"]);
    let made = case.made();
    assert_eq!((made.end, case.scenario().setup.horizon.end), (1919, 1919.0));
    assert!(case.notes().contains("Austria-Hungary (AUH) ends in 1918: the scenario ends with 1919"), "{}", case.notes());
    assert!(made.text.contains("// This state ends in 1918."), "{}", made.text);
    // Nobody knew in 1905.
    case.as_of = Some(1905);
    assert_eq!(case.made().end, 1925);
    assert!(!case.notes().contains("ends in 1918"), "{}", case.notes());
    // A list of members has the year itself.
    case.as_of = None;
    let members = "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n\
        AUH,300,Austria-Hungary,1816,1,1,1911,11,12,2016\nGMY,255,Germany,1816,1,1,2016,12,31,2016\n";
    case.files.system = Some(case.write("states.csv", members.as_bytes()));
    assert_eq!(case.made().end, 1912);
}

#[test]
fn gaps_are_not_told_as_contradictions() {
    let rows = |state: u16, years: &[i32]| {
        years.iter().map(|year| format!("{state},{year},1000,50,9000,40000\n")).collect::<Vec<_>>().concat()
    };
    let nmc = format!(
        "ccode,year,milex,milper,pec,tpop\n{}{}{}{}",
        rows(220, &[1940, 1945]),
        rows(200, &[1940, 1943, 1945, 1960]),
        rows(260, &[1960]),
        rows(265, &[1960])
    ) + &rows(255, &[1940, 1943]);
    let borders = "ccode1,ccode2,year,conttype\n200,255,1943,3\n260,265,1960,1\n";
    let told = Case::new(&nmc, borders, 1943).states(&["FRA", "GBR"]).import().expect_err("France has no row");
    for part in
        ["no row of France (FRN, number 220) in 1943", "from 1940 to 1940 and from 1945 to 1945", "the years between are missing"]
    {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    let told = Case::new(&nmc, borders, 1960).states(&["GER", "GBR"]).import().expect_err("there are two Germanies");
    assert!(told.contains("in 1960 there are in its place GFR (German Federal Republic) and GDR"), "{told}");
}

#[test]
fn missing_spending_deletes_no_state() {
    let nmc = "ccode,year,milex,milper,pec,tpop\n640,1848,900,90,10,25000\n640,1850,-9,90,10,25000\n640,1855,1500,90,10,25000\n\
        220,1850,9000,300,60000,36000\n200,1850,8000,200,150000,28000\n731,1850,-9,100,20,9000\n700,1850,-9,-9,20,5000\n";
    let borders = "ccode1,ccode2,year,conttype\n220,200,1850,3\n";
    let case = Case::new(nmc, borders, 1850);
    let made = case.made();
    assert_eq!(made.states, ["FRA", "GBR", "PRK", "TUR"], "Afghanistan has neither spending nor soldiers");
    let notes = case.notes();
    for part in [
        "2 missing cells that were filled",
        "TUR military expenditure interpolated between 1848 and 1855",
        "PRK military expenditure from 100 thousand soldiers",
        "1 states left out, because a cell is missing and no year near has it: AFG (military expenditure)",
    ] {
        assert!(notes.contains(part), "{part:?} is not in\n{notes}");
    }
    // What was filled is a judgement, wider than what the file has.
    let scenario = case.scenario();
    let width = |state: &str| {
        let path = format!("states.{state}.habitual_burden");
        let judgement = scenario.judgements.iter().find(|judgement| judgement.path == path);
        judgement.map_or(f64::NAN, |judgement| judgement.high / judgement.low)
    };
    assert!(
        width("PRK") > 3.0 * width("GBR") && width("TUR") > 1.2 * width("GBR"),
        "{} {} {}",
        width("PRK"),
        width("TUR"),
        width("GBR")
    );
}

#[test]
fn far_great_powers_reach_each_other_and_what_does_not_is_listed() {
    let rows = |states: &[(u16, u32)], year: i32| {
        states
            .iter()
            .map(|(state, size)| format!("{state},{year},{},500,{},{}\n", size * 10, size * 1000, size * 300))
            .collect::<Vec<_>>()
            .concat()
    };
    let header = "ccode,year,milex,milper,pec,tpop\n";
    let cold_war = header.to_string() + &rows(&[(2, 900), (365, 500), (155, 30), (900, 30), (775, 20)], 1960);
    let case = Case::new(&cold_war, "ccode1,ccode2,year,conttype\n775,900,1960,0\n", 1960);
    let notes = case.notes();
    assert!(!notes.contains("RUS-USA"), "{notes}");
    assert!(notes.contains("not simulated") && notes.contains("AUL-CHL"), "what is too far is listed:\n{notes}");
    assert!(case.made().text.contains("AUL-CHL"), "in the file too");
    let between = header.to_string() + &rows(&[(2, 1400), (740, 290), (200, 470)], 1937);
    let notes = Case::new(&between, "ccode1,ccode2,year,conttype\n2,200,1937,0\n", 1937).notes();
    assert!(!notes.contains("not simulated"), "JPN-USA and GBR-JPN are:\n{notes}");
}

#[test]
fn output_is_read_from_a_file_where_there_is_one() {
    let mut case = Case::new(NMC, BORDERS, 1900);
    let by_rule = get(&case.scenario(), "states.FRA.output");
    case.files.gdp =
        Some(case.write("mpd.csv", "countrycode,country,year,gdppc,pop\nFRA,France,1900,\"4,650\",40598\n".as_bytes()));
    let from_file = get(&case.scenario(), "states.FRA.output");
    assert!((from_file - 186.0).abs() < 0.1 && (from_file - by_rule).abs() > 1.0, "4650 int$ for forty million: {from_file}");
}

#[test]
fn years_of_war_make_no_habit() {
    let mut nmc = "ccode,year,milex,milper,pec,tpop\n".to_string();
    for year in 1904..=1914 {
        // From 1914 in dollars, and four times as much.
        let spending = if year == 1914 { 74_700.0 * 4.87 * 4.0 } else { 60_000.0 };
        nmc.push_str(&format!("220,{year},{spending},500,60000,41000\n300,{year},20000,500,45000,50000\n"));
    }
    let mut case = Case::new(&nmc, "ccode1,ccode2,year,conttype\n220,300,1914,0\n", 1914);
    let habit = |case: &Case| get(&case.scenario(), "states.FRA.habitual_burden");
    let without = habit(&case);
    assert!((0.02..0.06).contains(&without), "a burden of peace, not of war: {without}");
    assert!(case.made().text.contains("Years of war that make no habit: 1914."));
    let wars =
        "warnum,warname,ccode,side,startyear1,endyear1\n106,World War I,220,1,1914,1918\n106,World War I,300,2,1914,1918\n";
    case.files.wars = Some(case.write("wars.csv", wars.as_bytes()));
    assert_eq!(habit(&case), without);
    let text = case.made().text.replace("// ", "").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("war of 1914 (World War I): FRA AUH"), "{text}");
}

#[test]
fn as_of_a_year_nothing_later_is_used() {
    let rows = |last: i32, pact: i32| {
        let (mut nmc, mut alliances) = (
            "ccode,year,milex,milper,pec,tpop\n".to_string(),
            "ccode1,ccode2,year,defense,neutrality,nonaggression,entente\n".to_string(),
        );
        for year in 1890..=last {
            let growth = 1000 * (year - 1889) * if year > 1905 { 7 } else { 1 };
            for state in [220, 255, 365] {
                nmc.push_str(&format!("{state},{year},{},500,{growth},40000\n", 30_000 + growth));
            }
            let defence = i32::from(year >= pact);
            alliances.push_str(&format!("220,365,{year},{defence},0,0,1\n"));
        }
        (nmc, alliances)
    };
    let made = |(nmc, alliances): (String, String), as_of: Option<i32>| {
        let mut case = Case::new(&nmc, "ccode1,ccode2,year,conttype\n220,255,1905,1\n", 1905);
        case.files.alliances = Some(case.write("alliances.csv", alliances.as_bytes()));
        case.as_of = as_of;
        case.made().text
    };
    assert_eq!(made(rows(1930, 1909), Some(1905)), made(rows(1905, 1950), Some(1905)), "a later world is the same as of 1905");
    assert_ne!(made(rows(1930, 1909), None), made(rows(1905, 1950), None));
    let mut case = Case::new(NMC, BORDERS, 1900);
    case.as_of = Some(1890);
    let told = case.import().expect_err("the start is later");
    assert!(told.contains("--as-of 1900 uses what was known at the start"), "{told}");
}

#[test]
fn warheads_are_there_by_date() {
    let mut nmc = "ccode,year,milex,milper,pec,tpop\n".to_string();
    for state in [2, 365, 200, 220, 666] {
        nmc.push_str(&format!("{state},1960,9000000,500,900000,90000\n"));
    }
    let case = Case::new(&nmc, "ccode1,ccode2,year,conttype\n200,220,1960,3\n", 1960);
    let scenario = case.scenario();
    assert_eq!(
        ["USA", "RUS", "GBR", "FRA"].map(|code| get(&scenario, &format!("states.{code}.warheads"))),
        [18_638.0, 1627.0, 105.0, 0.0]
    );
    let tracked = scenario.setup.tracks.iter().any(|track| track.points.contains(&(1968.0, 36.0)));
    assert!(tracked, "France has 36 in 1968");
    assert!(case.notes().contains("whose number the program does not know") && case.notes().contains("ISR"), "{}", case.notes());
}

#[test]
fn a_mark_before_another_encoding_is_no_part_of_the_first_name() {
    let case = Case::new(NMC, BORDERS, 1900);
    let bytes = b"\xef\xbb\xbfccode,statenme,year,milex,milper,pec,tpop\n300,\xd6sterreich,1900,15000,500,30000,50000\n\
        255,Preu\xdfen,1900,40000,500,120000,65000\n";
    case.write("nmc.csv", bytes);
    assert_eq!(case.made().states, ["AUH", "GER"]);
}

#[test]
fn notes_are_one_line_each_with_a_count() {
    let mut nmc = NMC.to_string();
    for state in [640, 645, 652, 660, 663, 666, 670, 678, 690, 692, 694] {
        nmc.push_str(&format!("{state},1900,-9,-9,-9,500\n"));
    }
    let made = Case::new(&nmc, BORDERS, 1900).made();
    let left: Vec<_> = made.notes.iter().filter(|note| note.summary.contains("left out")).collect();
    assert_eq!(left.len(), 1, "{:?}", made.notes);
    assert!(left[0].summary.starts_with("11 states left out") && left[0].summary.ends_with("and 5 more"), "{}", left[0].summary);
    assert_eq!(left[0].details.len(), 11);
}

#[test]
fn numbers_and_lines_as_programs_write_them() {
    let expected = Case::new(NMC, BORDERS, 1900).scenario().setup;
    for (what, text) in [
        ("floats", NMC.replace("1900,", "1900.0,").replace("220,", "220.0,")),
        ("quotes and separators", NMC.replace(",35000,", ",\"35,000\",").replace("220,1900", "\"220\",\"1900\"")),
        ("lines of Windows", NMC.replace('\n', "\r\n")),
        ("exponents", NMC.replace(",35000,", ",3.5e4,").replace(",120000,", ",1.2E+05,")),
        ("another order and capitals", "TPOP,PEC,MilPer,MilEx,YEAR,CCODE\n40000,60000,500,35000,1900,220\n65000,120000,500,40000,1900,255\n50000,30000,500,15000,1900,300\n".to_string()),
        ("more columns", NMC.replace("ccode,", "stateabb,ccode,").replace("\n2", "\nX,2").replace("\n3", "\nX,3")),
        ("abbreviations", NMC.replace("ccode,", "stateabb,").replace("220,", "FRN,").replace("255,", "GMY,").replace("300,1900", "AUH,1900")),
    ] {
        assert_eq!(Case::new(&text, BORDERS, 1900).scenario().setup, expected, "{what}:\n{text}");
    }
}

#[test]
fn a_folder_is_enough() {
    let case = Case::new(NMC, BORDERS, 1900);
    let inside = |name: &str, text: &str| case.write(name, text.as_bytes());
    inside("alliances.csv", "ccode1,ccode2,year,defense,neutrality,nonaggression,entente\n220,255,1900,1,0,0,0\n");
    inside("majors.csv", "stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version\nFRN,220,1816,1,1,1940,1,1,1\n");
    inside("older.csv", &NMC.replace("1900", "1890"));
    inside("readme.txt", "nothing of use\n");
    fs::create_dir(case.folder.path().join("more")).expect("a folder");
    inside("more/mpd.csv", "countrycode,year,gdppc\nFRA,1900,4650\n");
    let mut files = CowFiles::default();
    let notes = files.add_folder(case.folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let name = |path: &Option<PathBuf>| path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    assert_eq!(name(&files.nmc).as_deref(), Some("nmc.csv"), "the file whose years reach furthest");
    assert_eq!(name(&files.contiguity).as_deref(), Some("borders.csv"));
    assert_eq!((name(&files.alliances).as_deref(), name(&files.gdp).as_deref()), (Some("alliances.csv"), Some("mpd.csv")));
    let said: String = notes.iter().map(|note| note.summary.clone() + "\n").collect();
    for part in ["older.csv", "majors.csv (Great powers)", "readme.txt (not known)"] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    let empty = tempfile::tempdir().expect("a folder");
    let told = CowFiles::default().add_folder(empty.path()).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(told.contains("no file in this folder"), "{told}");
}
