//! What a world of the size of the year 2000 costs, in the form that an import writes: 186 states, five years, 200 histories.
//!
//! `cargo bench --bench imported`: data files are made and imported, then `spiral ensemble` runs from its first to its last file. Printed
//! are the pairs that are simulated, seconds by the clock and of all processors. `-- --histories N` runs so many; `-- --check` fails
//! where 200 histories would take more than two minutes of two processors.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use cpu_time::ProcessTime;
use spiral_model::mechanisms::Switches;
use spiral_model::world::kept_dyads;
use spiral_scenario::{Overrides, load};

/// States, and year of the data.
const STATES: usize = 186;
const YEAR: i32 = 2000;
/// Histories of the study that is to take no longer than [`LIMIT`] seconds on [`PROCESSORS`] processors.
const HISTORIES: u32 = 200;
const LIMIT: f64 = 120.0;
const PROCESSORS: f64 = 2.0;
/// Neighbours on land that each state has at least: those whose capitals are nearest.
const NEIGHBOURS: usize = 3;

/// A number between 0 and 1 that looks like chance, the same everywhere.
fn mixed(one: u32, other: u32) -> f64 {
    let mut word = u64::from(one).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(other).wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..3 {
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    (word >> 11) as f64 / (1_u64 << 53) as f64
}

/// Number, latitude and longitude of the states that there were in the year: the importer's own list of capitals.
fn states() -> Vec<(u32, f64, f64)> {
    // States that had ended, or that were one with others, in 2000.
    const GONE: [u32; 22] =
        [240, 245, 260, 265, 267, 269, 271, 273, 275, 280, 300, 315, 327, 329, 332, 335, 337, 511, 678, 680, 730, 817];
    let mut found: Vec<(u32, f64, f64)> = Vec::new();
    for line in include_str!("../crates/scenario/src/import/states.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number: u32 = cells[0].parse().expect("a number");
        let place = [6, 7].map(|column| cells[column].parse::<f64>().expect("degrees"));
        let from: f64 = cells[4].parse().expect("a year");
        if GONE.contains(&number) || from > f64::from(YEAR) {
            continue;
        }
        // Of several capitals the last one counts.
        found.retain(|(known, ..)| *known != number);
        found.push((number, place[0], place[1]));
    }
    found.truncate(STATES);
    assert_eq!(found.len(), STATES, "states of {YEAR}");
    found
}

/// The files of the made world: capabilities, borders, alliances within parts of the world.
fn write_files(folder: &Path) {
    let states = states();
    let mut capabilities = "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n".to_string();
    let mut contiguity = "ccode1,ccode2,year,conttype\n".to_string();
    let mut alliances = "ccode1,ccode2,year,defense,neutrality,nonaggression,entente\n".to_string();
    for (number, latitude, longitude) in &states {
        let size = mixed(*number, 1) * mixed(*number, 2) * mixed(*number, 3);
        let (people, energy_a_head) = (500.0 + 300_000.0 * size, 0.3 + 6.0 * mixed(*number, 4));
        let (energy, spending) = (people * energy_a_head, people * energy_a_head * 40.0);
        // Writing to a string cannot fail.
        let _ = writeln!(capabilities, "{number},{YEAR},{spending:.0},{:.1},-9,{energy:.0},{people:.0},-9,-9", people / 150.0);
        let away = |(_, north, east): &(u32, f64, f64)| {
            let (up, across) = (north - latitude, (east - longitude + 540.0).rem_euclid(360.0) - 180.0);
            (up * up + across * across).sqrt()
        };
        let mut others: Vec<&(u32, f64, f64)> = states.iter().filter(|other| other.0 != *number).collect();
        others.sort_by(|one, other| away(one).total_cmp(&away(other)));
        for (other, ..) in &others[..NEIGHBOURS] {
            let _ = writeln!(contiguity, "{number},{other},{YEAR},1\n{other},{number},{YEAR},1");
        }
        // The first figure of a number is a part of the world: a third of its pairs have a pact, as some 1,100 pairs had in 2000.
        for (other, ..) in states.iter().filter(|(other, ..)| other > number && other / 200 == number / 200) {
            if mixed(*number, 1000 + other) < 0.28 {
                let _ = writeln!(alliances, "{number},{other},{YEAR},1,0,0,0");
            }
        }
    }
    for (name, text) in [("capabilities.csv", capabilities), ("contiguity.csv", contiguity), ("alliances.csv", alliances)] {
        fs::write(folder.join(name), text).expect("a writable folder");
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| arguments.iter().position(|argument| argument == flag).and_then(|at| arguments.get(at + 1));
    let histories = after("--histories").map_or(HISTORIES, |number| number.parse().expect("--histories takes a number"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    write_files(folder.path());
    let scenario = path("world.ron");
    let (data, year) = (folder.path().to_string_lossy().into_owned(), YEAR.to_string());
    let import = ["spiral", "import", "cow", "--cow", &data, "--year", &year, "--states", "all", "-o", &scenario, "--quiet"];
    assert_eq!(spiral_cli::run(import), ExitCode::SUCCESS, "the files are imported");
    let years = format!("{YEAR}..{}", YEAR + 5);
    let overrides = Overrides { years: Some((f64::from(YEAR), f64::from(YEAR + 5))), ..Overrides::default() };
    let setup = load(&scenario, &overrides).expect("the written scenario").remove(0).setup;
    let pairs = kept_dyads(&setup, &Switches::without(&setup.without)).len() / 2;
    let (start, processors) = (Instant::now(), ProcessTime::now());
    let (number, study) = (histories.to_string(), path("study"));
    let run = ["spiral", "ensemble", &scenario, "--years", &years, "-n", &number, "--out", &study, "--quiet"];
    assert_eq!(spiral_cli::run(run), ExitCode::SUCCESS, "the study runs");
    let (seconds, used) = (start.elapsed().as_secs_f64(), processors.elapsed().as_secs_f64());
    println!(
        "\n{} states, {pairs} pairs that are simulated, five years, {histories} histories: {seconds:.1} s by the clock, {used:.1} s of the \
         processors",
        setup.states.len()
    );
    // Busy neighbours on the machine change the time by the clock, not that of the processors.
    let expected = used / PROCESSORS * f64::from(HISTORIES) / f64::from(histories);
    println!(
        "{HISTORIES} histories take {expected:.0} s of {PROCESSORS:.0} processors that do nothing else (limit: {LIMIT:.0} s)"
    );
    if expected > LIMIT && arguments.iter().any(|argument| argument == "--check") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
