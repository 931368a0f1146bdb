//! Made worlds of sixty states, eight of them great powers, as a user's data files would tell them: the files are written, and imported by
//! the same rules as those of the Correlates of War project. So every number that is not in the files is the importer's own.
//!
//! States lie on one continent with gulfs and islands: sites on a shaken grid, around each its Voronoi cell as far as `COAST`. Who owns
//! a square next to another's is its neighbour by land; two states near the same piece of sea are neighbours by water. Outputs are
//! lognormal with a standard deviation of 1.5; the eight largest are the great powers.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use spiral_kernel::maths::{exp, normal_quantile};
use spiral_model::Setup;
use spiral_scenario::import::{CowFiles, CowRequest, Missing, cow};
use spiral_scenario::{Overrides, parse};

/// States of a world.
pub const STATES: usize = 60;
/// Great powers of a world.
pub const GREAT_POWERS: usize = 8;
/// Year of the data, in which the scenario begins: eight states were great powers in it.
pub const YEAR: i32 = 1900;

/// Columns and rows of the grid of sites.
const GRID: (usize, usize) = (10, 6);
/// From one site of the grid to the next, degrees near the equator.
const SPACING: f64 = 9.0;
/// How far a site may lie off the grid, in shares of the spacing: half of this to each side.
const SHAKEN: f64 = 0.85;
/// A state has the land that is nearest to its site, no further than this, degrees.
const COAST: f64 = 5.2;
/// Side of a square of the map, degrees.
const SQUARE: f64 = 0.5;
/// Two states within these of the same piece of sea are neighbours by water of at most 400 and 150 miles, degrees: half of these widths.
const NEAR_SEA: (f64, f64) = (2.9, 1.08);
/// Standard deviation of the logarithm of output, and its median, billion int$ of 2011.
const OUTPUT: (f64, f64) = (1.5, 12.0);
/// Median income a head, int$ of 2011, and burden, share of output, each with the largest factor to either side.
const INCOME: (f64, f64) = (2000.0, 1.6);
const BURDEN: (f64, f64) = (0.025, 1.8);
/// Chance of a defence pact: neighbours by land that are both great powers, other neighbours by land, other great powers, neighbours by
/// water, all others. They are about the shares of 1821 to 1913 (ATOP 5.1).
const PACTS: [f64; 5] = [0.33, 0.21, 0.13, 0.05, 0.015];
/// What a pound of 1900 buys in the United States, int$ of 2011, in the rules of the import: spending is told in pounds.
const POUND: f64 = 109.5;

/// Numbers of the states that were great powers in [`YEAR`], and of others that the Correlates of War list has.
const NUMBERS_OF_GREAT_POWERS: [u16; GREAT_POWERS] = [2, 200, 220, 255, 300, 325, 365, 740];
const OTHER_NUMBERS: [u16; STATES - GREAT_POWERS] = [
    20, 40, 41, 42, 70, 90, 91, 92, 93, 94, 95, 100, 101, 130, 135, 140, 145, 150, 155, 160, 165, 205, 210, 211, 212, 225, 230,
    235, 290, 310, 339, 343, 344, 345, 350, 352, 355, 360, 366, 367, 368, 375, 380, 385, 390, 395, 432, 434, 436, 437, 438, 439,
];

/// A number between 0 and 1 that looks like chance, the same everywhere.
fn mixed(seed: u64, what: u64, which: u64) -> f64 {
    let mut word = 0_u64;
    for part in [seed, what, which] {
        // SplitMix64 (Steele, Lea and Flood 2014).
        word = (word ^ part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^= word >> 31;
    }
    ((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// How two states border on each other, as types of contiguity: 1 land, 4 water of at most 150 miles, 5 of at most 400 miles.
type Borders = Vec<Vec<Option<u8>>>;

/// A made world, before it is written as files.
#[derive(Debug, Clone, PartialEq)]
struct Map {
    /// Longitude and latitude of each capital, degrees.
    sites: Vec<(f64, f64)>,
    borders: Borders,
    /// Billion int$.
    outputs: Vec<f64>,
    /// Position of each state in the order of outputs, the largest first.
    ranks: Vec<usize>,
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (x, y) = (one.0 - other.0, one.1 - other.1);
    (x * x + y * y).sqrt()
}

impl Map {
    fn new(seed: u64) -> Self {
        let shaken = |what: u64, which: usize| SHAKEN * (mixed(seed, what, which as u64) - 0.5);
        let middle = ((GRID.0 - 1) as f64 / 2.0, (GRID.1 - 1) as f64 / 2.0);
        let site = |which: usize| {
            let (column, row) = ((which / GRID.1) as f64, (which % GRID.1) as f64);
            ((column - middle.0 + shaken(1, which)) * SPACING, (row - middle.1 + shaken(2, which)) * SPACING)
        };
        let sites: Vec<(f64, f64)> = (0..STATES).map(site).collect();
        let (spread, median) = OUTPUT;
        let outputs: Vec<f64> =
            (0..STATES).map(|which| median * exp(spread * normal_quantile(mixed(seed, 3, which as u64)))).collect();
        let mut order: Vec<usize> = (0..STATES).collect();
        order.sort_by(|one, other| outputs[*other].total_cmp(&outputs[*one]));
        let mut ranks = vec![0; STATES];
        for (rank, state) in order.into_iter().enumerate() {
            ranks[state] = rank;
        }
        let borders = borders(&sites);
        Self { sites, borders, outputs, ranks }
    }

    fn is_great(&self, state: usize) -> bool {
        self.ranks[state] < GREAT_POWERS
    }

    fn number(&self, state: usize) -> u16 {
        let rank = self.ranks[state];
        NUMBERS_OF_GREAT_POWERS.get(rank).copied().unwrap_or_else(|| OTHER_NUMBERS[rank - GREAT_POWERS])
    }

    fn pact(&self, one: usize, other: usize) -> f64 {
        let both = self.is_great(one) && self.is_great(other);
        match self.borders[one][other] {
            Some(1) => PACTS[usize::from(!both)],
            _ if both => PACTS[2],
            Some(_) => PACTS[3],
            None => PACTS[4],
        }
    }

    /// The files by name.
    fn files(&self, seed: u64) -> [(&'static str, String); 5] {
        let mut capabilities = "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n".to_string();
        let mut incomes = "ccode,year,gdppc\n".to_string();
        let mut capitals = "ccode,capital,lat,lng\n".to_string();
        let mut contiguity = "ccode1,ccode2,year,conttype\n".to_string();
        let mut alliances = "ccode1,ccode2,year,defense,neutrality,nonaggression,entente\n".to_string();
        let within = |(median, factor): (f64, f64), what: u64, state: usize| {
            median * exp(spiral_kernel::maths::ln(factor) * (2.0 * mixed(seed, what, state as u64) - 1.0))
        };
        for state in 0..STATES {
            let (number, (longitude, latitude)) = (self.number(state), self.sites[state]);
            let (income, burden) = (within(INCOME, 4, state), within(BURDEN, 5, state));
            let thousands = self.outputs[state] * 1e6 / income;
            let pounds = burden * self.outputs[state] * 1e6 / POUND;
            // Writing to a string cannot fail.
            let _ = writeln!(
                capabilities,
                "{number},{YEAR},{pounds:.3},{:.2},-9,{thousands:.1},{thousands:.1},-9,-9",
                thousands / 100.0
            );
            let _ = writeln!(incomes, "{number},{YEAR},{income:.2}");
            let _ = writeln!(capitals, "{number},City {state},{latitude:.3},{longitude:.3}");
            for other in 0..STATES {
                if let Some(kind) = self.borders[state][other] {
                    let _ = writeln!(contiguity, "{number},{},{YEAR},{kind}", self.number(other));
                }
                if other > state && mixed(seed, 6, (state * STATES + other) as u64) < self.pact(state, other) {
                    let _ = writeln!(alliances, "{number},{},{YEAR},1,0,0,0", self.number(other));
                }
            }
        }
        [
            ("capabilities.csv", capabilities),
            ("incomes.csv", incomes),
            ("capitals.csv", capitals),
            ("contiguity.csv", contiguity),
            ("alliances.csv", alliances),
        ]
    }
}

/// Neighbours by land and by water, from a map of squares.
fn borders(sites: &[(f64, f64)]) -> Borders {
    let (columns, rows) = ((GRID.0 + 2) as f64 * SPACING, (GRID.1 + 2) as f64 * SPACING);
    let (across, down) = ((columns / SQUARE) as usize, (rows / SQUARE) as usize);
    let place = |column: usize, row: usize| (column as f64 * SQUARE - columns / 2.0, row as f64 * SQUARE - rows / 2.0);
    let owner = |column: usize, row: usize| {
        let here = place(column, row);
        let nearest =
            (0..sites.len()).map(|site| (site, distance(here, sites[site]))).min_by(|one, other| one.1.total_cmp(&other.1));
        nearest.filter(|(_, away)| *away < COAST).map(|(site, _)| site)
    };
    let map: Vec<Vec<Option<usize>>> = (0..across).map(|column| (0..down).map(|row| owner(column, row)).collect()).collect();
    let mut borders = vec![vec![None; sites.len()]; sites.len()];
    let mut meet = |one: usize, other: usize, kind: u8| {
        // The nearest kind counts.
        let nearest = borders[one][other].map_or(kind, |known: u8| known.min(kind));
        borders[one][other] = Some(nearest);
        borders[other][one] = Some(nearest);
    };
    let reach = (NEAR_SEA.0 / SQUARE) as usize;
    for column in 0..across {
        for row in 0..down {
            let Some(own) = map[column][row] else {
                // A piece of sea: who has land near it.
                let mut near: Vec<(usize, f64)> = Vec::new();
                for (there, line) in map.iter().enumerate().take(column + reach + 1).skip(column.saturating_sub(reach)) {
                    for (at, owner) in line.iter().enumerate().take(row + reach + 1).skip(row.saturating_sub(reach)) {
                        let Some(owner) = owner else { continue };
                        let away = distance(place(column, row), place(there, at));
                        match near.iter_mut().find(|(known, _)| known == owner) {
                            Some((_, least)) => *least = least.min(away),
                            None => near.push((*owner, away)),
                        }
                    }
                }
                near.retain(|(_, away)| *away <= NEAR_SEA.0);
                for (position, (one, near_one)) in near.iter().enumerate() {
                    for (other, near_other) in &near[position + 1..] {
                        meet(*one, *other, if near_one.max(*near_other) <= NEAR_SEA.1 { 4 } else { 5 });
                    }
                }
                continue;
            };
            for (there, at) in [(column + 1, row), (column, row + 1)] {
                let Some(other) = map.get(there).and_then(|line| line.get(at)).copied().flatten() else { continue };
                if other != own {
                    meet(own, other, 1);
                }
            }
        }
    }
    borders
}

/// A folder that is removed when it is no longer needed.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("spiral-made-world-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind among the temporary ones is no fault of what was measured.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The made world with this seed, over some years from [`YEAR`] on, with every number that an import writes.
///
/// # Panics
/// If the folder for temporary files cannot be written, or the importer refuses the files.
#[must_use]
pub fn made_world(seed: u64, years: u32) -> Setup {
    let folder = Folder::new();
    for (name, text) in Map::new(seed).files(seed) {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let mut files = CowFiles::default();
    files.add_folder(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let all = ["all".to_string()];
    let request = CowRequest {
        files: &files,
        year: YEAR,
        begins: None,
        states: &all,
        as_of: Some(YEAR),
        missing: Missing::default(),
        name: "made-world",
    };
    let made = cow(&request).unwrap_or_else(|error| panic!("{error}"));
    let mut scenarios = parse(&made.text, "made-world.ron", &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    let mut setup = scenarios.remove(0).setup;
    setup.horizon.end = setup.horizon.start + f64::from(years);
    setup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_has_sixty_states_and_borders_of_every_kind() {
        for seed in 1..=4 {
            let map = Map::new(seed);
            let count = |wanted: fn(Option<u8>) -> bool| {
                let pairs = (0..STATES).flat_map(|one| (one + 1..STATES).map(move |other| (one, other)));
                pairs.filter(|(one, other)| wanted(map.borders[*one][*other])).count()
            };
            // Every map without holes would have three neighbours a state less those of its edge; here the sea takes some away.
            let (land, water) = (count(|kind| kind == Some(1)), count(|kind| kind > Some(1)));
            assert!((60..=150).contains(&land) && (20..=150).contains(&water), "world {seed}: {land} by land, {water} by water");
            let great: Vec<f64> = (0..STATES).filter(|state| map.is_great(*state)).map(|state| map.outputs[state]).collect();
            let others = (0..STATES).filter(|state| !map.is_great(*state)).map(|state| map.outputs[state]).fold(0.0, f64::max);
            assert!(great.len() == GREAT_POWERS && great.iter().all(|output| *output > others));
        }
        assert_ne!(Map::new(1), Map::new(2));
    }

    /// Outputs over many worlds have the standard deviation that they are drawn with.
    #[test]
    fn outputs_are_lognormal() {
        let logs: Vec<f64> = (1..=40).flat_map(|seed| Map::new(seed).outputs).map(spiral_kernel::maths::ln).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (logs.len() - 1) as f64;
        // 2400 draws: the error of the mean is .031, that of the standard deviation .022.
        assert!((mean - spiral_kernel::maths::ln(12.0)).abs() < 0.1 && (variance.sqrt() - 1.5).abs() < 0.07, "{mean} {variance}");
    }

    #[test]
    fn a_world_is_imported_as_it_was_made() {
        let (setup, map) = (made_world(3, 30), Map::new(3));
        assert_eq!((setup.states.len(), setup.horizon.end), (STATES, 1930.0));
        assert_eq!(setup.states.iter().filter(|state| state.great_power).count(), GREAT_POWERS);
        let total = setup.states.iter().map(|state| state.inputs.output).sum::<f64>();
        assert!((total / map.outputs.iter().sum::<f64>() - 1.0).abs() < 0.01, "{total}");
        let by_land = setup.dyads.iter().filter(|dyad| dyad.inputs.contact >= 1.0).count();
        let made = map.borders.iter().flatten().filter(|kind| **kind == Some(1)).count();
        assert_eq!(by_land, made);
        assert_eq!(setup.parameters.crisis.rate, 0.05, "the rate that an import writes");
        assert_eq!(made_world(3, 30), setup, "the same seed makes the same world");
    }
}
