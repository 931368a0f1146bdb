//! Broken data files: what the user sees of each. None panics, none is taken for a good one.

use std::fs;

use spiral_scenario::import::{CowFiles, CowRequest, Missing, cow};

/// Files that are good, and that each case changes.
const NMC: &str = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n\
    FRN,220,1900,35000,500,100,60000,40000,9000,0.1,2021\nGMY,255,1900,40000,500,100,120000,65000,9000,0.1,2021\n\
    AUH,300,1900,15000,500,100,30000,50000,9000,0.1,2021\n";
const BORDERS: &str = "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version\n220255,220,FRN,255,GMY,1900,1,3.2\n\
    255300,255,GMY,300,AUH,1900,1,3.2\n";
const SPELLS: &str =
    "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n1,220,FRN,255,GMY,1,181601,201612,,3.2\n";
const ALLIANCES: &str = "version4id,ccode1,state_name1,ccode2,state_name2,defense,neutrality,nonaggression,entente,year,version\n\
    1,255,Germany,300,Austria-Hungary,1,0,1,0,1900,4.1\n";
const MEMBERS: &str = "version4id,ccode,state_name,mem_st_year,mem_end_year,defense,neutrality,nonaggression,entente\n\
    1,255,Germany,1879,,1,0,0,0\n1,300,Austria-Hungary,1879,,1,0,0,0\n";
const GDP: &str = "countrycode,country,year,gdppc,pop\nFRA,France,1900,4650,40598\n";
const WARS: &str = "WarNum,WarName,ccode,Side,StartYear1,EndYear1,StartYear2,EndYear2\n1,Test,220,1,1895,1896,-8,-8\n";
const DISPUTES: &str = "disno,statea,stateb,strtyr,endyear\n1,220,255,1898,1898\n";
const CAPITALS: &str = "ccode,capital,lat,lng\n220,Paris,48.9,2.4\n";
const SYSTEM: &str = "stateabb,ccode,statenme,styear,endyear\nFRN,220,France,1816,2016\n";

/// What one broken file says.
fn told(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a writable folder");
        path
    };
    let mut files = CowFiles {
        nmc: Some(write("nmc.csv", NMC.as_bytes())),
        contiguity: Some(write("contiguity.csv", BORDERS.as_bytes())),
        ..CowFiles::default()
    };
    let path = Some(write(name, bytes));
    match name {
        "nmc.csv" => files.nmc = path,
        "contiguity.csv" => files.contiguity = path,
        "alliances.csv" => files.alliances = path,
        "gdp.csv" => files.gdp = path,
        "wars.csv" => files.wars = path,
        "disputes.csv" => files.disputes = path,
        "capitals.csv" => files.capitals = path,
        _ => files.system = path,
    }
    let states = ["all".to_string()];
    let request = CowRequest {
        files: &files,
        year: 1900,
        begins: None,
        states: &states,
        as_of: None,
        missing: Missing::LeaveOut,
        name: "made",
    };
    match cow(&request) {
        Ok(made) => panic!("{name} is taken for a good file: {:?}\n{}", made.states, String::from_utf8_lossy(bytes)),
        // The folder of the test is not told: lines are folded by what is left.
        Err(mut error) => {
            for problem in &mut error.problems {
                problem.origin = problem.origin.replace(&format!("{}/", folder.path().display()), "");
            }
            error.to_string()
        }
    }
}

#[test]
fn thirty_broken_files_are_told_apart() {
    let changed = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from:?} is not in {text:?}");
        text.replacen(from, to, 1).into_bytes()
    };
    let mut cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("an empty file", "nmc.csv", Vec::new()),
        ("a header without rows", "nmc.csv", NMC.lines().next().unwrap_or_default().as_bytes().to_vec()),
        ("an archive", "nmc.csv", b"PK\x03\x04\x14\x00".to_vec()),
        ("a file of Stata", "nmc.csv", b"<stata_dta><header>\x00\x01".to_vec()),
        ("semicolons", "nmc.csv", NMC.replace(',', ";").into_bytes()),
        ("tabulators", "nmc.csv", NMC.replace(',', "\t").into_bytes()),
        ("a misspelt column", "nmc.csv", changed(NMC, "milex", "mil_exp")),
        ("a column less", "nmc.csv", changed(NMC, ",pec,", ",coal,")),
        ("a row too long", "nmc.csv", changed(NMC, "35000,", "35000,,")),
        ("a row too short", "nmc.csv", changed(NMC, "FRN,220,", "220,")),
        ("an open quote", "nmc.csv", changed(NMC, "FRN,", "\"FRN,")),
        ("a word for a number", "nmc.csv", changed(NMC, "35000", "many")),
        ("a negative number", "nmc.csv", changed(NMC, "35000", "-35000")),
        ("an infinite number", "nmc.csv", changed(NMC, "35000", "1e999")),
        ("a comma for a point", "nmc.csv", changed(NMC, "35000", "\"35000,5\"")),
        ("a state of no list", "nmc.csv", changed(NMC, ",220,", ",Atlantis,")),
        ("a number of Gleditsch and Ward", "nmc.csv", changed(NMC, ",220,", ",340,")),
        ("a year that is none", "nmc.csv", changed(NMC, "220,1900", "220,19000")),
        ("a year twice", "nmc.csv", changed(NMC, "GMY,255", "FRN,220")),
        ("nobody lives there", "nmc.csv", changed(NMC, "60000,40000", "60000,0")),
        ("another year", "nmc.csv", NMC.replace(",1900,", ",1850,").into_bytes()),
        (
            "all is missing",
            "nmc.csv",
            NMC.replace(",35000,500,", ",-9,500,")
                .replace(",40000,500,", ",NA,500,")
                .replace(",15000,500,", ",,500,")
                .into_bytes(),
        ),
        ("the wrong file", "contiguity.csv", NMC.as_bytes().to_vec()),
        ("a type of contiguity that is none", "contiguity.csv", changed(BORDERS, "1900,1,", "1900,8,")),
        ("contiguity in words", "contiguity.csv", changed(BORDERS, "1900,1,", "1900,land,")),
        ("a month that is none", "contiguity.csv", changed(SPELLS, "181601", "181613")),
        ("a spell that ends before it begins", "contiguity.csv", changed(SPELLS, "201612", "180001")),
        ("contiguity of other years", "contiguity.csv", BORDERS.replace(",1900,", ",1950,").into_bytes()),
        ("a pledge that is no number", "alliances.csv", changed(ALLIANCES, ",1,0,1,0,", ",strong,0,1,0,")),
        ("alliances of other years", "alliances.csv", ALLIANCES.replace(",1900,", ",1950,").into_bytes()),
        ("a member that leaves before it enters", "alliances.csv", changed(MEMBERS, "1879,,", "1879,1800,")),
        ("one row an alliance", "alliances.csv", b"atopid,begyr,endyr,mem1,mem2\n1,1879,1914,255,300\n".to_vec()),
        ("output in thousands", "gdp.csv", changed(GDP, "4650", "4.65")),
        ("output of nobody", "gdp.csv", changed(GDP, "FRA", "XYZ")),
        ("a war that ends before it begins", "wars.csv", changed(WARS, "1895,1896", "1895,1890")),
        ("a dispute without states", "disputes.csv", changed(DISPUTES, "statea", "side")),
        ("a dispute in words", "disputes.csv", changed(DISPUTES, "1898,", "long ago,")),
        ("a capital in the sky", "capitals.csv", changed(CAPITALS, "48.9", "489")),
        ("a state that ends before it begins", "system.csv", changed(SYSTEM, "2016", "1700")),
    ];
    // A thousand rows that are wrong in the same way.
    let mut many = NMC.lines().next().unwrap_or_default().to_string() + "\n";
    many += &(1000..2000).map(|year| format!("FRN,220,{year},x,500,100,1,1,1,0,1\n")).collect::<Vec<_>>().concat();
    cases.push(("a thousand rows of one mistake", "nmc.csv", many.into_bytes()));
    let mut all = String::new();
    for (what, name, bytes) in &cases {
        let message = told(name, bytes);
        assert!(message.contains(name), "{what}: the message names no file\n{message}");
        all += &["# ", what, "\n", &message, "\n\n"].concat();
    }
    insta::assert_snapshot!("broken_data_files", all);
}

/// No cut of a good file, and no byte of it that is something else, makes the reader panic.
#[test]
fn no_damage_panics() {
    for (name, text) in [
        ("nmc.csv", NMC),
        ("contiguity.csv", SPELLS),
        ("alliances.csv", MEMBERS),
        ("gdp.csv", GDP),
        ("wars.csv", WARS),
        ("disputes.csv", DISPUTES),
        ("capitals.csv", CAPITALS),
        ("system.csv", SYSTEM),
    ] {
        for position in (0..text.len()).step_by(3) {
            let mut bytes = text.as_bytes().to_vec();
            bytes[position] = [b'"', b',', 0xff, b'\n', b'-', 0xc3][position % 6];
            let _ = std::panic::catch_unwind(|| told(name, &bytes)).map_err(|panic| {
                let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                assert!(message.contains("is taken for a good file"), "{name} at {position}: {message}");
            });
        }
    }
}
