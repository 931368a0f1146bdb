//! Calibration: parameters are fitted to targets by a search that asks for candidates and receives their distances.
//!
//! Nothing here simulates. A [`Search`] walks over the unit cube, one coordinate for each parameter; the caller makes worlds of
//! the places, simulates them with the same random draws, measures [`targets`] and returns the distances. A search is a pure function
//! of its settings and of the distances, so an interrupted search is restored by giving it the same distances again.
//!
//! Everything uses one model of error: each target was observed with a normal error whose standard deviation is its scale,
//! so the squared distance, `d² = Σ (residual / scale)²`, is minus twice the logarithm of the likelihood. The interval of an optimum
//! (`local.rs`) and the posterior sample ([`abc_smc`]) both depend on it, and are only as good as the scales.

pub mod abc_smc;
pub mod cma_es;
pub mod found;
mod linear;
mod local;
mod scores;
pub mod targets;
mod weighted;

use spiral_kernel::draws::{Address, KeyedGenerator, entity_number};
use spiral_kernel::maths::normal_quantile;

use crate::intervals::chi_square;

pub use abc_smc::{AbcSmc, AbcSmcSettings, Particle};
pub use cma_es::{CmaEs, CmaEsSettings};
pub use found::{Calibration, calibration};

/// Purpose of the draws of a search, far from those of the model; designs have 4001 to 4004.
const PURPOSE: u32 = 4011;

/// Candidates that are to be simulated together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Generation that they belong to.
    pub generation: u32,
    /// Places in the unit cube.
    pub places: Vec<Vec<f64>>,
}

/// The stage of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It continues.
    Searching,
    /// It has converged.
    Arrived,
    /// Its budget is spent.
    Spent,
    /// No candidate is near enough to the targets to continue.
    Stuck,
}

impl Stage {
    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Searching => "searching",
            Self::Arrived => "arrived",
            Self::Spent => "the budget allows no further generation",
            Self::Stuck => "no candidate was near enough",
        }
    }
}

/// A search by ask and tell.
pub trait Search {
    /// The next candidates; `None` once it has ended.
    fn ask(&mut self) -> Option<Batch>;
    /// The distances of the candidates that were asked for, in their order; NaN counts as infinite.
    ///
    /// # Panics
    /// If there is not one distance for each candidate.
    fn tell(&mut self, distances: &[f64]);
    /// Its stage.
    fn stage(&self) -> Stage;
}

/// The draws of one candidate: a pure function of seed, method, generation and number.
pub(crate) struct Stream(KeyedGenerator);

impl Stream {
    pub(crate) fn new(seed: u64, method: &str, generation: u32, number: u32) -> Self {
        Self(KeyedGenerator::new(seed, Address { purpose: PURPOSE, entity: entity_number(method), time: generation }, number))
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.0.uniform()
    }

    pub(crate) fn normal(&mut self) -> f64 {
        normal_quantile(self.0.uniform())
    }
}

/// The 95 % quantile of χ².
#[must_use]
pub fn chi_square_95(degrees: usize) -> f64 {
    chi_square(degrees as f64, 0.95)
}

/// The 99 % quantile of χ².
fn chi_square_99(degrees: usize) -> f64 {
    chi_square(degrees as f64, 0.99)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables give three digits after the point.
    #[test]
    fn quantiles_of_chi_square() {
        for (degrees, wanted) in [(1, 6.635), (2, 9.210), (3, 11.345), (5, 15.086), (10, 23.209)] {
            let found = chi_square_99(degrees);
            assert!((found - wanted).abs() < 0.0005, "99 % of {degrees}: {found}, not {wanted}");
        }
        for (degrees, wanted) in [(1, 3.841), (2, 5.991), (3, 7.815), (5, 11.070), (10, 18.307)] {
            let found = chi_square_95(degrees);
            assert!((found - wanted).abs() < 0.001, "95 % of {degrees}: {found}, not {wanted}");
        }
        // With one degree it is the square of the normal quantile of the middle 95 or 99 %.
        let squares = [(chi_square_95(1), normal_quantile(0.975)), (chi_square_99(1), normal_quantile(0.995))];
        for (found, normal) in squares {
            assert!((found - normal * normal).abs() < 1e-9, "{found}, not {}", normal * normal);
        }
    }
}
