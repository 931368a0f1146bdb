//! CMA-ES: evolution strategy with covariance matrix adaptation (Hansen 2016, "The CMA Evolution Strategy: A Tutorial",
//! arXiv:1604.00772), with the tutorial's defaults: weighted recombination, active (negative) weights, cumulative step-size control.
//!
//! It searches the unit cube. Bounds are mirrors: the search itself is free, and a place outside is evaluated where its image in the
//! walls of the cube lies, so that the function is symmetric about every wall and an optimum on a wall needs no special treatment.
//! It has the usual ask-and-tell form: [`Search::ask`] returns a generation, [`Search::tell`] takes its distances. Only the order of the
//! distances matters.

use spiral_kernel::maths::{exp, ln};

use super::linear::{identity, symmetric_eigen, times};
use super::{Batch, Search, Stage, Stream};

/// Step, as a share of the range of every parameter, at which the search has converged.
const SMALLEST_STEP: f64 = 1e-4;
/// Relative spread of the best distances of many generations at which it has converged.
const SMALLEST_GAIN: f64 = 1e-7;

/// Settings of a search by CMA-ES.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CmaEsSettings {
    /// Number of parameters, at least 1.
    pub parameters: usize,
    /// Candidates of a generation; `4 + ⌊3 ln n⌋` where it is not given.
    pub population: Option<u32>,
    /// First step, a share of the range of every parameter.
    pub step: f64,
    /// Gain in the best squared distance over many generations below which the search has converged; with 0 it continues to
    /// the last digits.
    pub enough: f64,
    /// Most candidates.
    pub budget: u32,
    /// Seed of its draws.
    pub seed: u64,
}

/// The state of the search.
#[derive(Debug, Clone)]
pub struct CmaEs {
    settings: CmaEsSettings,
    constants: Constants,
    mean: Vec<f64>,
    step: f64,
    covariance: Vec<f64>,
    /// Eigenvectors and square roots of eigenvalues of the covariance.
    basis: Vec<f64>,
    lengths: Vec<f64>,
    step_path: Vec<f64>,
    shape_path: Vec<f64>,
    generation: u32,
    told: u32,
    /// Draws of the generation that was asked for, standard normal.
    drawn: Vec<Vec<f64>>,
    best: Vec<f64>,
    stage: Stage,
}

/// Weights and rates of the tutorial's table 1.
#[derive(Debug, Clone)]
struct Constants {
    population: usize,
    weights: Vec<f64>,
    effective: f64,
    step_rate: f64,
    damping: f64,
    path_rate: f64,
    rank_one: f64,
    rank_many: f64,
    /// Expected length of a standard normal vector.
    length: f64,
}

impl Constants {
    fn new(parameters: usize, population: usize) -> Self {
        let n = parameters as f64;
        let half = f64::midpoint(population as f64, 1.0);
        let raw: Vec<f64> = (1..=population).map(|rank| ln(half) - ln(rank as f64)).collect();
        let (best, rest) = raw.split_at(population / 2);
        let sums = |part: &[f64]| part.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
        let ((good, good_squares), (bad, bad_squares)) = (sums(best), sums(rest));
        let effective = good * good / good_squares;
        let effective_bad = bad * bad / bad_squares;
        let rank_one = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
        let rank_many =
            (1.0 - rank_one).min(2.0 * (0.25 + effective + 1.0 / effective - 2.0) / ((n + 2.0) * (n + 2.0) + effective));
        let negative = (1.0 + rank_one / rank_many)
            .min(1.0 + 2.0 * effective_bad / (effective + 2.0))
            .min((1.0 - rank_one - rank_many) / (n * rank_many));
        let all_bad = raw.iter().filter(|w| **w < 0.0).fold(0.0, |sum, w| sum - w);
        let weights = raw.iter().map(|w| if *w >= 0.0 { w / good } else { negative * w / all_bad }).collect();
        let step_rate = (effective + 2.0) / (n + effective + 5.0);
        Self {
            population,
            weights,
            effective,
            step_rate,
            damping: 1.0 + 2.0 * (((effective - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + step_rate,
            path_rate: (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n),
            rank_one,
            rank_many,
            length: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
        }
    }
}

impl CmaEs {
    /// A search that begins in the middle of the cube.
    ///
    /// # Panics
    /// Without parameters, and with fewer than four candidates a generation.
    #[must_use]
    pub fn new(settings: CmaEsSettings) -> Self {
        let n = settings.parameters;
        assert!(n > 0, "a search needs at least one parameter");
        let population = settings.population.unwrap_or_else(|| default_population(n)) as usize;
        assert!(population >= 4, "a generation needs at least four candidates");
        Self {
            settings,
            constants: Constants::new(n, population),
            mean: vec![0.5; n],
            step: settings.step,
            covariance: identity(n),
            basis: identity(n),
            lengths: vec![1.0; n],
            step_path: vec![0.0; n],
            shape_path: vec![0.0; n],
            generation: 0,
            told: 0,
            drawn: Vec::new(),
            best: Vec::new(),
            stage: Stage::Searching,
        }
    }

    /// The step, a share of the range, times the longest axis.
    fn reach(&self) -> f64 {
        self.step * self.lengths.iter().fold(0.0, |longest: f64, length| longest.max(*length))
    }

    /// A draw along the axes of the covariance.
    fn direction(&self, z: &[f64]) -> Vec<f64> {
        let scaled: Vec<f64> = z.iter().zip(&self.lengths).map(|(z, length)| z * length).collect();
        times(&self.basis, z.len(), &scaled)
    }

    fn move_on(&mut self, distances: &[f64]) {
        let n = self.mean.len();
        let Constants { weights, effective, step_rate, damping, path_rate, rank_one, rank_many, length, .. } =
            self.constants.clone();
        let mut order: Vec<usize> = (0..distances.len()).collect();
        order.sort_by(|a, b| rank(distances[*a]).total_cmp(&rank(distances[*b])).then(a.cmp(b)));
        let ranked: Vec<(f64, &Vec<f64>)> = weights.iter().copied().zip(order.iter().map(|at| &self.drawn[*at])).collect();
        let directions: Vec<Vec<f64>> = ranked.iter().map(|(_, z)| self.direction(z)).collect();
        let (mut moved, mut white) = (vec![0.0; n], vec![0.0; n]);
        for ((weight, z), y) in ranked.iter().zip(&directions).filter(|((weight, _), _)| *weight > 0.0) {
            for (sum, y) in moved.iter_mut().zip(y) {
                *sum += weight * y;
            }
            for (sum, z) in white.iter_mut().zip(z.iter()) {
                *sum += weight * z;
            }
        }
        // C^{-1/2} of the step is the basis times the mean of the draws themselves.
        let white = times(&self.basis, n, &white);
        let gain = (step_rate * (2.0 - step_rate) * effective).sqrt();
        let mut squares = 0.0;
        for ((mean, path), (moved, white)) in self.mean.iter_mut().zip(&mut self.step_path).zip(moved.iter().zip(&white)) {
            *mean += self.step * moved;
            *path = (1.0 - step_rate) * *path + gain * white;
            squares += *path * *path;
        }
        let path_length = squares.sqrt();
        let mut fade = 1.0;
        for _ in 0..=self.generation {
            fade *= (1.0 - step_rate) * (1.0 - step_rate);
        }
        let follows = path_length / (1.0 - fade).sqrt() < (1.4 + 2.0 / (n as f64 + 1.0)) * length;
        let gain = (path_rate * (2.0 - path_rate) * effective).sqrt();
        for (path, moved) in self.shape_path.iter_mut().zip(&moved) {
            let step = if follows { gain * moved } else { 0.0 };
            *path = (1.0 - path_rate) * *path + step;
        }
        let stalled = if follows { 0.0 } else { path_rate * (2.0 - path_rate) };
        let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
        let kept = 1.0 + rank_one * stalled - rank_one - rank_many * sum;
        for value in &mut self.covariance {
            *value *= kept;
        }
        // A bad direction counts by its own length, so that the covariance stays positive definite.
        let lengths: Vec<f64> = ranked.iter().map(|(_, z)| z.iter().fold(0.0, |sum, z| sum + z * z)).collect();
        for row in 0..n {
            for column in 0..n {
                let mut many = 0.0;
                for (((weight, _), y), square) in ranked.iter().zip(&directions).zip(&lengths) {
                    let weight = if *weight >= 0.0 { *weight } else { weight * n as f64 / square.max(1e-300) };
                    many += weight * y[row] * y[column];
                }
                self.covariance[row * n + column] += rank_one * self.shape_path[row] * self.shape_path[column] + rank_many * many;
            }
        }
        self.step *= exp((step_rate / damping * (path_length / length - 1.0)).min(1.0));
        let (values, vectors) = symmetric_eigen(&self.covariance, n);
        self.basis = vectors;
        self.lengths = values.into_iter().map(|value| value.max(1e-20).sqrt()).collect();
        self.best.push(rank(distances[order[0]]));
    }

    /// Why the search ends, if it does.
    fn arrived(&self) -> bool {
        let n = self.mean.len();
        let window = 10 + (30 * n).div_ceil(self.constants.population);
        let recent = &self.best[self.best.len().saturating_sub(window)..];
        let (low, high) = recent.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), d| (low.min(*d), high.max(*d)));
        let gained = high - low <= SMALLEST_GAIN * high || high * high - low * low <= self.settings.enough;
        self.reach() < SMALLEST_STEP || (recent.len() == window && gained)
    }
}

/// Distances that are NaN come last.
fn rank(distance: f64) -> f64 {
    if distance.is_nan() { f64::INFINITY } else { distance }
}

/// The tutorial's number of candidates of a generation.
fn default_population(parameters: usize) -> u32 {
    4 + (3.0 * ln(parameters as f64)) as u32
}

/// The image of a number in the walls of the unit interval.
fn mirrored(x: f64) -> f64 {
    let turned = x.rem_euclid(2.0);
    if turned > 1.0 { 2.0 - turned } else { turned }
}

impl Search for CmaEs {
    fn ask(&mut self) -> Option<Batch> {
        let population = self.constants.population as u32;
        if self.stage == Stage::Searching && self.told + population > self.settings.budget {
            self.stage = Stage::Spent;
        }
        if self.stage != Stage::Searching {
            return None;
        }
        let n = self.mean.len();
        self.drawn = (0..population)
            .map(|candidate| {
                let mut stream = Stream::new(self.settings.seed, "cma-es", self.generation, candidate);
                (0..n).map(|_| stream.normal()).collect()
            })
            .collect();
        let place = |z: &Vec<f64>| {
            let direction = self.direction(z);
            self.mean.iter().zip(direction).map(|(mean, y)| mirrored(mean + self.step * y)).collect()
        };
        Some(Batch { generation: self.generation, places: self.drawn.iter().map(place).collect() })
    }

    fn tell(&mut self, distances: &[f64]) {
        assert_eq!(distances.len(), self.drawn.len(), "one distance for each candidate that was asked for");
        self.move_on(distances);
        self.told += distances.len() as u32;
        self.generation += 1;
        if self.arrived() {
            self.stage = Stage::Arrived;
        }
    }

    fn stage(&self) -> Stage {
        self.stage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches from the unit cube stretched over [-5, 5]; the best value and its place, in those units.
    fn minimum(n: usize, budget: u32, seed: u64, f: impl Fn(&[f64]) -> f64) -> (f64, Vec<f64>, u32) {
        let settings = CmaEsSettings { parameters: n, population: None, step: 0.2, enough: 0.0, budget, seed };
        let mut search = CmaEs::new(settings);
        let mut best = (f64::INFINITY, Vec::new(), 0);
        while let Some(batch) = search.ask() {
            let points: Vec<Vec<f64>> = batch.places.iter().map(|place| place.iter().map(|x| 10.0 * x - 5.0).collect()).collect();
            let values: Vec<f64> = points.iter().map(|point| f(point)).collect();
            for (value, point) in values.iter().zip(points) {
                if *value < best.0 {
                    best = (*value, point, search.told);
                }
            }
            search.tell(&values);
        }
        (best.0, best.1, search.told)
    }

    #[test]
    fn the_tutorials_constants() {
        // Ten parameters, ten candidates: pycma prints mu_w=3.2, w_1=45% (cut off).
        let constants = Constants::new(10, 10);
        assert!((constants.effective - 3.167_299_281_410_702_6).abs() < 1e-12, "{}", constants.effective);
        let good: f64 = constants.weights.iter().filter(|weight| **weight > 0.0).sum();
        assert!((good - 1.0).abs() < 1e-15, "{good}");
        assert!((constants.weights[0] - 0.456_272_646_903_405_97).abs() < 1e-12, "{:?}", constants.weights);
        assert_eq!([default_population(1), default_population(2), default_population(10)], [4, 6, 10]);
    }

    #[test]
    fn sphere_ellipsoid_and_rosenbrock_are_solved() {
        let shifted = |x: &[f64]| -> Vec<f64> { x.iter().enumerate().map(|(k, x)| x - 1.0 - 0.3 * k as f64).collect() };
        for seed in 1..=3 {
            let sphere = minimum(5, 4000, seed, |x| shifted(x).iter().map(|x| x * x).sum());
            assert!(sphere.0 < 1e-5, "sphere {sphere:?}");
            let ellipsoid = minimum(5, 8000, seed, |x| {
                shifted(x).iter().enumerate().map(|(k, x)| [1.0, 31.6, 1e3, 3.16e4, 1e6][k] * x * x).sum()
            });
            assert!(ellipsoid.0 < 1e-2, "ellipsoid of condition 10⁶: {ellipsoid:?}");
            let rosenbrock =
                |x: &[f64]| -> f64 { x.windows(2).map(|x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2)).sum() };
            let valley = minimum(4, 8000, seed, rosenbrock);
            assert!(valley.0 < 1e-3 && valley.1.iter().all(|x| (x - 1.0).abs() < 0.03), "rosenbrock {valley:?}");
        }
    }

    #[test]
    fn an_optimum_on_a_wall_is_found_there() {
        let (value, place, _) = minimum(3, 3000, 1, |x| (x[0] - 8.0).powi(2) + (x[1] + 9.0).powi(2) + x[2] * x[2]);
        assert!((value - 25.0).abs() < 0.02, "{value}");
        assert!((place[0] - 5.0).abs() < 1e-2 && (place[1] + 5.0).abs() < 1e-2 && place[2].abs() < 0.05, "{place:?}");
        assert_eq!([-0.25, 0.25, 1.25, 2.25, -1.75].map(mirrored), [0.25, 0.25, 0.75, 0.25, 0.25]);
    }

    #[test]
    fn only_the_order_of_distances_counts_and_nan_comes_last() {
        let run = |f: fn(f64) -> f64| {
            let settings = CmaEsSettings { parameters: 2, population: Some(8), step: 0.3, enough: 0.0, budget: 160, seed: 7 };
            let mut search = CmaEs::new(settings);
            while let Some(batch) = search.ask() {
                let value = |place: &Vec<f64>| f(place[0] * place[0] + (place[1] - 0.3) * (place[1] - 0.3));
                search.tell(&batch.places.iter().map(value).collect::<Vec<f64>>());
            }
            (search.mean, search.told, search.stage)
        };
        let plain = run(|value| value);
        assert_eq!(plain, run(|value| if value > 0.9 { f64::NAN } else { value * value * value + 7.0 }));
        assert_eq!((plain.1, plain.2), (160, Stage::Spent));
    }
}
