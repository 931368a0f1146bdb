//! Designs: where the points of a study lie in the unit cube of its factors.
//!
//! Every coordinate is a pure function of (seed, name of the factor, number of the point): no point depends on how many threads
//! make it, and one more factor at the end of the list does not change the coordinates of the others. More points do not change them
//! either, except in the Latin hypercube, which has as many slices as points.

mod latin_hypercube;
mod morris;
mod sobol;

use spiral_kernel::draws::entity_number;
use spiral_scenario::{Design, Factor, groups};

pub(crate) use sobol::MOST_DIMENSIONS;

use sobol::Coordinate;

use crate::Error;

// Purposes of draws, above those of the model.
pub(super) const PERMUTATION: u32 = 4001;
pub(super) const JITTER: u32 = 4002;
pub(super) const SCRAMBLING: u32 = 4003;
pub(super) const TRAJECTORY: u32 = 4004;

/// The points of a design.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// Places in the unit cube, by point, then factor; empty for a grid or a list, which have values only.
    pub places: Vec<Vec<f64>>,
    /// Values, by point, then factor; NaN where a point leaves a factor as the scenario has it.
    pub values: Vec<Vec<f64>>,
}

/// Makes the points of a design.
///
/// # Errors
/// Two factors whose names have the same number in the draws; more dimensions than the table of Sobol' numbers has.
pub fn points(design: &Design, factors: &[Factor], seed: u64) -> Result<Points, Error> {
    let names: Vec<u32> = factors.iter().map(|factor| entity_number(&factor.name)).collect();
    for (position, number) in names.iter().enumerate() {
        if let Some(other) = names[..position].iter().position(|other| other == number) {
            let (one, two) = (&factors[other].name, &factors[position].name);
            let reason = format!("the factors `{one}` and `{two}` have the same number in the draws of chance; rename one");
            return Err(Error::Plan { reason });
        }
    }
    let places = match design {
        Design::Grid => return Ok(Points { places: Vec::new(), values: grid(factors) }),
        Design::List(points) => return Ok(Points { places: Vec::new(), values: points.clone() }),
        Design::LatinHypercube { points } => latin_hypercube::places(*points, &names, seed),
        Design::Sobol { points } => {
            let axes = axes(names.iter().enumerate().map(|(dimension, name)| (dimension, *name)), seed)?;
            (0..*points).map(|index| axes.iter().map(|axis| axis.at(index)).collect()).collect()
        }
        Design::Morris { trajectories, levels } => morris::places(*trajectories, *levels, &names, &members(factors), seed),
        Design::Saltelli { samples } => saltelli(*samples, &names, &members(factors), seed)?,
    };
    let values = places.iter().map(|place| factors.iter().zip(place).map(|(factor, place)| factor.values.at(*place)).collect());
    Ok(Points { values: values.collect(), places })
}

/// Positions of the factors of each group.
fn members(factors: &[Factor]) -> Vec<Vec<usize>> {
    groups(factors).into_iter().map(|(_, members)| members).collect()
}

fn axes(dimensions: impl Iterator<Item = (usize, u32)>, seed: u64) -> Result<Vec<Coordinate>, Error> {
    let axes: Option<Vec<Coordinate>> = dimensions.map(|(dimension, name)| Coordinate::new(dimension, seed, name)).collect();
    axes.ok_or_else(|| Error::Plan {
        reason: format!("the design needs more than the {MOST_DIMENSIONS} dimensions that the table of Sobol' numbers has"),
    })
}

/// Every combination, the last factor fastest.
fn grid(factors: &[Factor]) -> Vec<Vec<f64>> {
    let mut points = vec![Vec::new()];
    for factor in factors {
        let values = factor.values.grid();
        points = points.iter().flat_map(|point| values.iter().map(|value| [point.as_slice(), &[*value]].concat())).collect();
    }
    points
}

/// Saltelli's rows: for each sample A, then for each group of factors A with that group from B, then B. Factor `f` has dimension `2f` of
/// the sequence in A and `2f + 1` in B, so that one more factor changes neither (A. Saltelli and others 2010, "Variance based
/// sensitivity analysis of model output", Computer Physics Communications 181, 259-270).
fn saltelli(samples: u32, names: &[u32], groups: &[Vec<usize>], seed: u64) -> Result<Vec<Vec<f64>>, Error> {
    let both = axes(names.iter().enumerate().flat_map(|(f, name)| [(2 * f, *name), (2 * f + 1, *name)]), seed)?;
    let mut rows = Vec::with_capacity(samples as usize * (groups.len() + 2));
    for index in 0..samples {
        let a: Vec<f64> = both.iter().step_by(2).map(|axis| axis.at(index)).collect();
        let b: Vec<f64> = both.iter().skip(1).step_by(2).map(|axis| axis.at(index)).collect();
        rows.push(a.clone());
        for group in groups {
            let mut mixed = a.clone();
            for factor in group {
                mixed[*factor] = b[*factor];
            }
            rows.push(mixed);
        }
        rows.push(b);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests;
