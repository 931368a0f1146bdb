//! A made world of 190 states and 60 years: invented, in the published layout of the files.
#![allow(clippy::format_push_string, reason = "files that are made")]

use std::fs;

use spiral_model::{Ended, Simulation};
use spiral_scenario::import::{CowFiles, CowRequest, Missing, cow};
use spiral_scenario::{Overrides, parse};

/// Numbers of states of the year 2000 that the Correlates of War list has, as far as this test needs them.
fn numbers() -> Vec<u32> {
    let list = include_str!("../src/import/states.csv").lines().skip(1);
    let mut numbers: Vec<u32> = list.filter_map(|line| line.split(',').next()?.parse().ok()).collect();
    numbers.dedup();
    // States of the nineteenth century, and those that were one with others in 2000.
    numbers.retain(|number| {
        ![240, 245, 260, 265, 267, 269, 271, 273, 275, 280, 300, 315, 327, 329, 332, 335, 337, 511, 678, 680, 730, 817]
            .contains(number)
    });
    numbers.truncate(190);
    numbers
}

/// A number from 0 to 1 that looks like chance and is the same everywhere.
fn mixed(one: u32, other: u32) -> f64 {
    let mut x = u64::from(one).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(other).wrapping_mul(0xD1B5_4A32_D192_ED03);
    x ^= x >> 31;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 29;
    (x >> 11) as f64 / (1u64 << 53) as f64
}

#[test]
fn a_world_of_190_states_is_imported_checked_and_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let states = numbers();
    assert_eq!(states.len(), 190);
    let mut nmc = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n".to_string();
    let mut borders = "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version\n".to_string();
    let mut alliances = "ccode1,ccode2,year,defense,neutrality,nonaggression,entente\n".to_string();
    let mut missing = 0;
    for (position, state) in states.iter().enumerate() {
        let people = 500.0 + 200_000.0 * mixed(*state, 1) * mixed(*state, 2) * mixed(*state, 3);
        for year in 1950..=2009 {
            let energy = people * 4.0 * mixed(*state, 4) * 1.01_f64.powi(year - 1950);
            let spending = 0.02 * energy * 500.0;
            // One cell in forty is missing.
            let spending = if mixed(*state, year as u32) < 0.025 { "-9".to_string() } else { format!("{spending:.0}") };
            missing += u32::from(year == 1990 && spending == "-9");
            nmc.push_str(&format!("XXX,{state},{year},{spending},{:.0},-9,{energy:.0},{people:.0},-9,-9,2021\n", people / 100.0));
            for step in [1, 2] {
                if let Some(other) = states.get(position + step) {
                    borders
                        .push_str(&format!("1,{state},X,{other},Y,{year},{step},3.2\n2,{other},Y,{state},X,{year},{step},3.2\n"));
                }
            }
            if let Some(other) = states.get(position + 1)
                && position % 4 == 0
                && !(1995..2000).contains(&year)
            {
                alliances.push_str(&format!("{state},{other},{year},1,0,0,0\n"));
            }
        }
    }
    for (name, text) in [("nmc.csv", &nmc), ("contdird.csv", &borders), ("alliances.csv", &alliances)] {
        fs::write(folder.path().join(name), text).expect("a writable folder");
    }
    let mut files = CowFiles::default();
    assert_eq!(files.add_folder(folder.path()).map(|notes| notes.len()), Ok(0), "every file is used");
    let all = ["all".to_string()];
    let request = CowRequest {
        files: &files,
        year: 1990,
        begins: None,
        states: &all,
        as_of: None,
        missing: Missing::default(),
        name: "world",
    };
    let made = cow(&request).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((made.states.len(), made.end), (190, 2010), "{:?}", made.notes);
    assert!(missing > 0);
    let filled = format!("{missing} missing cells that were filled");
    assert!(made.notes.iter().any(|note| note.summary.starts_with(&filled)), "{filled}: {:?}", made.notes);
    assert!(made.notes.len() <= 8, "one line each: {:?}", made.notes);
    let scenario = parse(&made.text, "world.ron", &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0);
    // Beliefs, greed and awareness are judgements that `--uncertain` draws.
    for path in ["greed", "awareness", "perceived_balance", "suspicion"] {
        let ranged = scenario.judgements.iter().any(|judgement| judgement.path.ends_with(path) && judgement.low < judgement.high);
        assert!(ranged, "{path} has no range");
    }
    let mut setup = scenario.setup.clone();
    setup.horizon.end = 1992.0;
    let (outcomes, _) = Simulation::<1>::new(&setup).run(1, 0, false, &mut ());
    assert!(outcomes.iter().all(|outcome| outcome.ended != Ended::Failure));
}
