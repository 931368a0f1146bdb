//! ABC-SMC: approximate Bayesian computation by population Monte Carlo (Toni, Welch, Strelkowa, Ipsen and Stumpf 2009, J. R. Soc.
//! Interface 6: 187, algorithm 2.1; Beaumont, Cornuet, Marin and Robert 2009, Biometrika 96: 983).
//!
//! ```text
//! generation 0   N places from the prior, all taken
//! generation t   draw a particle by weight, move it by N(0, 2 Σ), Σ the weighted covariance of the last population;
//!                draw again if it leaves the prior; take it if its distance is at most ε_t; until N are taken
//! weight         π(θ) / Σ_j w_j K(θ | θ_j)
//! ε_t            the q quantile of the distances of the last population, but never below ε_min
//! ```
//! The prior is uniform over the unit cube: over the range of each parameter, or over its logarithm where the range says so.
//!
//! A tolerance alone does not measure uncertainty, since simulations with the same random draws hardly vary. The posterior is
//! that of the errors which the scales of the targets state: a kernel is a model of error, and with the normal one the sample is exact
//! (Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12: 129). The tolerances lead to this posterior: they fall to `ε_min² =
//! d_min² + χ²`, the 99 %
//! quantile with as many degrees of freedom as there are parameters, which is how far a particle of the posterior may lie above the best
//! one. Then come two rounds of importance sampling: particles are drawn and moved as before, all are kept, and weigh
//! `π(θ) exp(−d²/2) / Σ_j w_j K(θ | θ_j)`. Two fifths of the budget are kept for them, so a search that ends early has a posterior
//! too, with a smaller effective sample size.

use spiral_kernel::maths::exp;

use super::linear::{cholesky, forward, times};
use super::{Batch, Search, Stage, Stream, chi_square_99, weighted};

/// Fewest candidates of a batch, so that all processors have work.
const LEAST_BATCH: u32 = 16;
/// Fewest candidates of a round of importance sampling.
const LEAST_ROUND: u32 = 8;
/// Share of proposals taken below which the search gives up.
const LEAST_TAKEN: f64 = 0.01;
/// Part of the budget that tolerances may take.
const FALLING: f64 = 0.6;
/// The last round has at most this many times the particles of a population.
const LAST_ROUND: u32 = 10;
/// Draws within which a proposal must land in the prior.
const MOST_DRAWS: usize = 100_000;

/// Settings of a search by ABC-SMC.
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
    /// Round of importance sampling, 0 while tolerances fall.
    round: u32,
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
            round: 0,
        }
    }

    /// The last full population and its tolerance; empty before the first is full.
    #[must_use]
    pub fn population(&self) -> (&[Particle], f64) {
        (&self.population, self.reached)
    }

    /// The posterior: the last round of importance sampling, or, where none is full, the last population weighted by the density of
    /// the errors that the scales of the targets state. Empty where no candidate has a value of every target.
    #[must_use]
    pub fn posterior(&self) -> Vec<Particle> {
        if self.round > 0 { self.population.clone() } else { Self::weighted(self.population.clone()) }
    }

    /// Particles with their weights times the density of the errors, without those of weight zero: none remain where no distance
    /// is finite.
    fn weighted(mut sample: Vec<Particle>) -> Vec<Particle> {
        // Taken above the sample's own least distance the density of the nearest particle is 1, so not all of them can vanish.
        let least = sample.iter().map(|particle| particle.distance).fold(f64::INFINITY, f64::min);
        let mut sum = 0.0;
        for particle in &mut sample {
            let above = particle.distance * particle.distance - least * least;
            particle.weight *= if above.is_finite() { exp(-0.5 * above) } else { 0.0 };
            sum += particle.weight;
        }
        for particle in &mut sample {
            particle.weight /= sum;
        }
        sample.retain(|particle| particle.weight > 0.0);
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
        if !self.spread() {
            self.stage = Stage::Arrived;
            return;
        }
        let floor = (self.closest * self.closest + chi_square_99(self.settings.parameters)).sqrt();
        let distances: Vec<f64> = self.population.iter().map(|particle| particle.distance).collect();
        let next = weighted::quantile(&distances, &vec![1.0; distances.len()], self.settings.quantile);
        if self.reached <= floor || next >= self.reached || rate < LEAST_TAKEN {
            self.sample();
            return;
        }
        self.tolerance = if next > floor { next } else { floor };
        self.generation += 1;
        self.tried = 0;
    }

    /// Sets the kernel to twice the covariance of the population. False where it has no width.
    fn spread(&mut self) -> bool {
        let places: Vec<&[f64]> = self.population.iter().map(|particle| particle.place.as_slice()).collect();
        let weights: Vec<f64> = self.population.iter().map(|particle| particle.weight).collect();
        let n = self.settings.parameters;
        let mut covariance = weighted::covariance(&places, &weights, n);
        for value in &mut covariance {
            *value *= 2.0;
        }
        // A direction in which the population has no width would never be searched again.
        for k in 0..n {
            covariance[k * n + k] += 1e-10;
        }
        cholesky(&covariance, n).map(|kernel| self.kernel = kernel).is_some()
    }

    /// Changes from tolerances to importance sampling.
    fn sample(&mut self) {
        self.population = self.posterior();
        self.round = 1;
        self.next_round();
    }

    fn next_round(&mut self) {
        self.taken.clear();
        self.generation += 1;
        self.tried = 0;
        if self.population.is_empty() || !self.spread() {
            self.stage = Stage::Stuck;
        }
    }

    /// Ends a round of importance sampling, in which every proposal is kept.
    fn end_round(&mut self, distances: &[f64]) {
        let mut sample = Vec::with_capacity(distances.len());
        for (position, (place, distance)) in std::mem::take(&mut self.asked).into_iter().zip(distances).enumerate() {
            let distance = if distance.is_nan() { f64::INFINITY } else { *distance };
            self.closest = self.closest.min(distance);
            let (candidate, weight) = (self.told as usize + position, self.weight(&place));
            sample.push(Particle { candidate, place, distance, weight });
        }
        self.told += distances.len() as u32;
        let sample = Self::weighted(sample);
        if sample.is_empty() {
            // The last population is kept: it is better than no result.
            self.stage = Stage::Stuck;
            return;
        }
        self.population = sample;
        self.round += 1;
        if self.round > 2 {
            self.stage = Stage::Arrived;
        } else {
            self.next_round();
        }
    }

    /// Candidates of the next batch; 0 ends the search.
    fn wanted(&self) -> usize {
        let AbcSmcSettings { population, budget, .. } = self.settings;
        let left = budget - self.told;
        let number = match self.round {
            0 => (population - self.taken.len() as u32).max(LEAST_BATCH).min(((FALLING * f64::from(budget)) as u32) - self.told),
            1 => population.min(left / 2),
            2 => left.min(LAST_ROUND * population),
            _ => 0,
        };
        number as usize
    }
}

impl Search for AbcSmc {
    fn ask(&mut self) -> Option<Batch> {
        if self.stage == Stage::Searching && self.round == 0 && self.told >= (FALLING * f64::from(self.settings.budget)) as u32 {
            self.sample();
        }
        if self.stage != Stage::Searching {
            return None;
        }
        let number = self.wanted() as u32;
        if number < LEAST_ROUND && self.round > 0 {
            self.stage = Stage::Spent;
            return None;
        }
        self.asked = (0..number).map(|k| self.proposal(self.tried + k)).collect();
        Some(Batch { generation: self.generation, places: self.asked.clone() })
    }

    fn tell(&mut self, distances: &[f64]) {
        assert_eq!(distances.len(), self.asked.len(), "one distance for each candidate that was asked for");
        if self.round > 0 {
            self.end_round(distances);
            return;
        }
        let wanted = self.settings.population as usize;
        for (position, (place, distance)) in std::mem::take(&mut self.asked).into_iter().zip(distances).enumerate() {
            let distance = if distance.is_nan() { f64::INFINITY } else { *distance };
            self.closest = self.closest.min(distance);
            // Candidates after the last one that is needed are ignored, as if candidates had been tried one after the other.
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
        let search = run(settings(1, 500, 1), |place| ((place[0] - 0.4) / 0.05).abs());
        let sample = search.posterior();
        let weighted = |of: &dyn Fn(f64) -> f64| sample.iter().fold(0.0, |sum, p| sum + p.weight * of(p.place[0]));
        let mean = weighted(&|x| x);
        let sd = weighted(&|x| (x - mean) * (x - mean)).sqrt();
        // Some thousands of effective particles: standard errors below .001.
        assert!((mean - 0.4).abs() < 0.004 && (sd - 0.05).abs() < 0.003, "mean {mean}, sd {sd}, not .4 and .05");
        assert_eq!(search.stage(), Stage::Arrived);
        let tolerance = search.population().1;
        assert!((tolerance * tolerance - 6.635).abs() < 0.1, "tolerances end at the 99 % quantile: {tolerance}");
    }

    #[test]
    fn weights_undo_the_kernel() {
        // Nothing is learnt where the distance is the same everywhere but for a wall: the population stays uniform behind it.
        let search = run(settings(1, 500, 3), |place| if place[0] < 0.5 { 1.0 } else { 100.0 + place[0] });
        let sample = search.posterior();
        let below = |x: f64| sample.iter().filter(|p| p.place[0] < x).fold(0.0, |sum, p| sum + p.weight);
        for quarter in [0.125, 0.25, 0.375] {
            let share = below(quarter);
            assert!((share - 2.0 * quarter).abs() < 0.06, "{share} below {quarter}");
        }
    }

    #[test]
    fn a_budget_that_ends_early_leaves_a_posterior() {
        let short = AbcSmcSettings { budget: 130, ..settings(2, 50, 2) };
        let search = run(short, |place| (place[0] - 0.2).abs() * 1e3 + place[1]);
        assert_eq!((search.stage(), search.told), (Stage::Arrived, 130));
        let weights: f64 = search.posterior().iter().map(|particle| particle.weight).sum();
        assert!((weights - 1.0).abs() < 1e-12, "{weights}");
    }

    #[test]
    fn places_without_a_distance_are_not_in_the_posterior() {
        let search = run(settings(1, 100, 5), |place| if place[0] > 0.3 { f64::NAN } else { 10.0 * place[0] });
        let sample = search.posterior();
        assert!(sample.len() > 100, "{} particles", sample.len());
        let farthest = sample.iter().map(|particle| particle.place[0]).fold(0.0, f64::max);
        assert!(farthest <= 0.3, "a particle at {farthest} has no distance");
    }

    /// The twelfth candidate meets the targets, but the population is full with eight; all others lie 2000 or more above it in d².
    #[test]
    fn a_posterior_without_the_nearest_candidate_has_particles() {
        let mut search = AbcSmc::new(AbcSmcSettings { budget: 60, ..settings(1, 8, 7) });
        let mut told = 0;
        while let Some(batch) = search.ask() {
            let distance = |number: u32| if number == 11 { 0.0 } else { (2000.0 + 0.1 * f64::from(number)).sqrt() };
            let distances: Vec<f64> = (told..told + batch.places.len() as u32).map(distance).collect();
            search.tell(&distances);
            told += distances.len() as u32;
        }
        let sample = search.posterior();
        let weights = sample.iter().map(|particle| particle.weight).sum::<f64>();
        assert_eq!(search.closest, 0.0);
        assert!(!sample.is_empty() && sample.iter().all(|particle| particle.distance > 44.0), "{sample:?}");
        assert!((weights - 1.0).abs() < 1e-12, "weights make {weights}");
    }

    #[test]
    fn a_round_without_a_distance_leaves_the_last_population() {
        // Three fifths of the budget have distances, the rounds of importance sampling have none.
        let mut search = AbcSmc::new(AbcSmcSettings { budget: 60, ..settings(1, 8, 7) });
        while let Some(batch) = search.ask() {
            let distance = |place: &Vec<f64>| if search.round > 0 { f64::NAN } else { place[0] };
            search.tell(&batch.places.iter().map(distance).collect::<Vec<f64>>());
        }
        assert_eq!(search.stage(), Stage::Stuck);
        assert_eq!(search.posterior().len(), 8, "{:?}", search.posterior());
    }
}
