//! ABC-SMC: approximate Bayesian computation by population Monte Carlo (Toni, Welch, Strelkowa, Ipsen and Stumpf 2009, J. R. Soc.
//! Interface 6: 187, algorithm 2.1; Beaumont, Cornuet, Marin and Robert 2009, Biometrika 96: 983).
//!
//! ```text
//! generation 0   N places from the prior, all taken
//! generation t   draw a particle by weight, move it by N(0, 2 Σ), Σ the weighted covariance of the last population;
//!                begin again where it leaves the prior; take it if its distance is at most ε_t; until N are taken
//! weight         π(θ) / Σ_j w_j K(θ | θ_j)
//! ε_t            the q quantile of the distances of the last population, but never below ε_min
//! ```
//! The prior is uniform over the unit cube: over the range of each parameter, or over its logarithm where the range says so.
//!
//! A tolerance alone says nothing of how sure one is, since a simulation on common draws of chance hardly varies. So at the end
//! particles are weighted once more, by the normal density of the errors that the scales of the targets state, `exp(−d²/2)`
//! (Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12: 129: a kernel is a model of error, and then the sample is exact). The
//! smallest tolerance leaves room for it: `ε_min² = d_min² + χ²`, the 99 % quantile with as many degrees of freedom as there are
//! parameters, which is what a particle of the posterior may lie above the best one.

use spiral_kernel::maths::exp;

use super::linear::{cholesky, forward, times};
use super::{Batch, Search, Stage, Stream, chi_square_99, weighted};

/// Fewest candidates of a batch, so that processors have work.
const LEAST_BATCH: usize = 16;
/// Share of proposals taken below which the search gives up.
const LEAST_TAKEN: f64 = 0.01;
/// Draws within which a proposal must land in the prior.
const MOST_DRAWS: usize = 100_000;

/// What a search by ABC-SMC is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbcSmcSettings {
    /// Number of parameters, at least 1.
    pub parameters: usize,
    /// Particles of a population.
    pub population: u32,
    /// Quantile of the last distances that is the next tolerance.
    pub quantile: f64,
    /// Most candidates.
    pub budget: u32,
    /// Seed of its draws.
    pub seed: u64,
}

/// One place of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// Number of the candidate, in the order in which they were asked for.
    pub candidate: usize,
    /// Place in the unit cube.
    pub place: Vec<f64>,
    /// Distance from the targets.
    pub distance: f64,
    /// Weight; those of a population add up to 1.
    pub weight: f64,
}

/// The state of the search.
#[derive(Debug, Clone)]
pub struct AbcSmc {
    settings: AbcSmcSettings,
    generation: u32,
    tolerance: f64,
    /// The last full population.
    population: Vec<Particle>,
    /// Tolerance of the last full population.
    reached: f64,
    /// Its kernel: lower triangular factor of twice its covariance.
    kernel: Vec<f64>,
    taken: Vec<Particle>,
    /// Proposals of this generation so far.
    tried: u32,
    told: u32,
    asked: Vec<Vec<f64>>,
    closest: f64,
    stage: Stage,
}

impl AbcSmc {
    /// A search that begins with the prior.
    ///
    /// # Panics
    /// Without parameters, and with fewer than eight particles or a quantile outside of 0 to 1.
    #[must_use]
    pub fn new(settings: AbcSmcSettings) -> Self {
        assert!(settings.parameters > 0, "a search needs at least one parameter");
        assert!(settings.population >= 8, "a population needs at least eight particles");
        assert!(settings.quantile > 0.0 && settings.quantile < 1.0, "a quantile lies between 0 and 1");
        Self {
            settings,
            generation: 0,
            tolerance: f64::INFINITY,
            population: Vec::new(),
            reached: f64::INFINITY,
            kernel: Vec::new(),
            taken: Vec::new(),
            tried: 0,
            told: 0,
            asked: Vec::new(),
            closest: f64::INFINITY,
            stage: Stage::Searching,
        }
    }

    /// Tolerance of the generation that is being filled.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// The last full population and its tolerance; empty before the first is full.
    #[must_use]
    pub fn population(&self) -> (&[Particle], f64) {
        (&self.population, self.reached)
    }

    /// The last full population, weighted by the density of the errors that the scales of the targets state.
    #[must_use]
    pub fn posterior(&self) -> Vec<Particle> {
        let least = self.population.iter().map(|particle| particle.distance).fold(f64::INFINITY, f64::min);
        let mut sample: Vec<Particle> = self.population.clone();
        let mut sum = 0.0;
        for particle in &mut sample {
            let above = particle.distance * particle.distance - least * least;
            particle.weight *= if above.is_finite() { exp(-0.5 * above) } else { 0.0 };
            sum += particle.weight;
        }
        for particle in &mut sample {
            particle.weight /= sum;
        }
        sample
    }

    fn proposal(&self, number: u32) -> Vec<f64> {
        let n = self.settings.parameters;
        let mut stream = Stream::new(self.settings.seed, "abc-smc", self.generation, number);
        if self.generation == 0 {
            return (0..n).map(|_| stream.uniform()).collect();
        }
        for _ in 0..MOST_DRAWS {
            let mut left = stream.uniform();
            let chosen = self.population.iter().find(|particle| {
                left -= particle.weight;
                left <= 0.0
            });
            let Some(from) = chosen.or(self.population.last()) else { break };
            let z: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
            let place: Vec<f64> = from.place.iter().zip(times(&self.kernel, n, &z)).map(|(x, step)| x + step).collect();
            if place.iter().all(|x| (0.0..=1.0).contains(x)) {
                return place;
            }
        }
        // A kernel so wide that it never lands within the prior: the prior itself.
        (0..n).map(|_| stream.uniform()).collect()
    }

    /// Weight of a place before all are made to add up to 1: the prior is uniform.
    fn weight(&self, place: &[f64]) -> f64 {
        if self.generation == 0 {
            return 1.0;
        }
        let n = place.len();
        let mut density = 0.0;
        for particle in &self.population {
            let away: Vec<f64> = place.iter().zip(&particle.place).map(|(x, y)| x - y).collect();
            let square = forward(&self.kernel, n, &away).iter().fold(0.0, |sum, z| sum + z * z);
            density += particle.weight * exp(-0.5 * square);
        }
        1.0 / density
    }

    /// Ends a generation that is full.
    fn close(&mut self) {
        let sum = self.taken.iter().fold(0.0, |sum, particle| sum + particle.weight);
        for particle in &mut self.taken {
            particle.weight /= sum;
        }
        let rate = f64::from(self.settings.population) / f64::from(self.tried);
        self.population = std::mem::take(&mut self.taken);
        self.reached = self.tolerance;
        let places: Vec<&[f64]> = self.population.iter().map(|particle| particle.place.as_slice()).collect();
        let weights: Vec<f64> = self.population.iter().map(|particle| particle.weight).collect();
        let n = self.settings.parameters;
        let mut covariance = weighted::covariance(&places, &weights);
        for value in &mut covariance {
            *value *= 2.0;
        }
        // A direction in which the population has no width would never be searched again.
        (0..n).for_each(|k| covariance[k * n + k] += 1e-12);
        let Some(kernel) = cholesky(&covariance, n) else {
            self.stage = Stage::Arrived;
            return;
        };
        self.kernel = kernel;
        let floor = (self.closest * self.closest + chi_square_99(n)).sqrt();
        let distances: Vec<f64> = self.population.iter().map(|particle| particle.distance).collect();
        let next = weighted::quantile(&distances, &vec![1.0; distances.len()], self.settings.quantile);
        if self.reached <= floor || next >= self.reached {
            self.stage = Stage::Arrived;
        } else if rate < LEAST_TAKEN {
            self.stage = Stage::Stuck;
        }
        self.tolerance = if next > floor { next } else { floor };
        self.generation += 1;
        self.tried = 0;
    }
}

impl Search for AbcSmc {
    fn ask(&mut self) -> Option<Batch> {
        if self.stage == Stage::Searching && self.told >= self.settings.budget {
            self.stage = Stage::Spent;
        }
        if self.stage != Stage::Searching {
            return None;
        }
        let missing = self.settings.population as usize - self.taken.len();
        let left = (self.settings.budget - self.told) as usize;
        let number = missing.max(LEAST_BATCH).min(left) as u32;
        self.asked = (0..number).map(|k| self.proposal(self.tried + k)).collect();
        Some(Batch { generation: self.generation, places: self.asked.clone() })
    }

    fn tell(&mut self, distances: &[f64]) {
        assert_eq!(distances.len(), self.asked.len(), "one distance for each candidate that was asked for");
        let wanted = self.settings.population as usize;
        for (position, (place, distance)) in std::mem::take(&mut self.asked).into_iter().zip(distances).enumerate() {
            let distance = if distance.is_nan() { f64::INFINITY } else { *distance };
            self.closest = self.closest.min(distance);
            // What comes after the last one that is needed is not looked at, as if one had been tried after the other.
            if self.taken.len() == wanted {
                continue;
            }
            self.tried += 1;
            if distance <= self.tolerance {
                let (candidate, weight) = (self.told as usize + position, self.weight(&place));
                self.taken.push(Particle { candidate, place, distance, weight });
            }
        }
        self.told += distances.len() as u32;
        if self.taken.len() == wanted {
            self.close();
        }
    }

    fn stage(&self) -> Stage {
        self.stage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the search to its end on a distance of places.
    fn run(settings: AbcSmcSettings, distance: impl Fn(&[f64]) -> f64) -> AbcSmc {
        let mut search = AbcSmc::new(settings);
        while let Some(batch) = search.ask() {
            search.tell(&batch.places.iter().map(|place| distance(place)).collect::<Vec<f64>>());
        }
        search
    }

    fn settings(parameters: usize, population: u32, seed: u64) -> AbcSmcSettings {
        AbcSmcSettings { parameters, population, quantile: 0.5, budget: 20_000, seed }
    }

    #[test]
    fn a_normal_posterior_has_its_mean_and_width() {
        // One parameter observed with error 0.05 at 0.4: the posterior is normal.
        let search = run(settings(1, 1000, 1), |place| ((place[0] - 0.4) / 0.05).abs());
        let sample = search.posterior();
        let weighted = |of: &dyn Fn(f64) -> f64| sample.iter().fold(0.0, |sum, p| sum + p.weight * of(p.place[0]));
        let mean = weighted(&|x| x);
        let sd = weighted(&|x| (x - mean) * (x - mean)).sqrt();
        // Some 700 effective particles: standard errors of .002 and .0014.
        assert!((mean - 0.4).abs() < 0.008 && (sd - 0.05).abs() < 0.006, "mean {mean}, sd {sd}, not .4 and .05");
        assert_eq!(search.stage(), Stage::Arrived);
        let tolerance = search.population().1;
        assert!((tolerance * tolerance - 6.635).abs() < 0.1, "ends at the 99 % quantile: {tolerance}");
    }

    #[test]
    fn weights_undo_the_kernel() {
        // Nothing is learnt where the distance is the same everywhere but for a wall: the population stays uniform behind it.
        let search = run(settings(1, 1000, 3), |place| if place[0] < 0.5 { 1.0 } else { 100.0 + place[0] });
        let sample = search.posterior();
        let below = |x: f64| sample.iter().filter(|p| p.place[0] < x).fold(0.0, |sum, p| sum + p.weight);
        for quarter in [0.125, 0.25, 0.375] {
            let share = below(quarter);
            assert!((share - 2.0 * quarter).abs() < 0.06, "{share} below {quarter}");
        }
    }

    #[test]
    fn a_budget_ends_the_search_with_the_last_full_population() {
        let short = AbcSmcSettings { budget: 130, ..settings(2, 50, 2) };
        let search = run(short, |place| (place[0] - 0.2).abs() * 1e3 + place[1]);
        assert_eq!((search.stage(), search.told, search.population().0.len()), (Stage::Spent, 130, 50));
        let weights: f64 = search.population().0.iter().map(|particle| particle.weight).sum();
        assert!((weights - 1.0).abs() < 1e-12, "{weights}");
    }

    #[test]
    fn places_without_a_distance_are_never_taken_twice() {
        let search = run(settings(1, 100, 5), |place| if place[0] > 0.3 { f64::NAN } else { 10.0 * place[0] });
        assert!(search.posterior().iter().all(|particle| particle.weight == 0.0 || particle.place[0] <= 0.3));
    }
}
