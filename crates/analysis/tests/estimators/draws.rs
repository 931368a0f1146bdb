//! Draws for tests, keyed like those of the simulator.

use spiral_kernel::draws::{Address, uniforms};

/// A stream of uniforms in (0, 1), one for each test and replication.
pub(crate) struct Stream {
    seed: u64,
    replication: u32,
    next: u32,
    kept: Option<f64>,
}

impl Stream {
    pub(crate) fn new(seed: u64, replication: u32) -> Self {
        Self { seed, replication, next: 0, kept: None }
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        if let Some(kept) = self.kept.take() {
            return kept;
        }
        let [first, second] = uniforms(self.seed, Address { purpose: 0, entity: 0, time: self.replication }, self.next);
        self.next += 1;
        self.kept = Some(second);
        first
    }

    pub(crate) fn bernoulli(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -spiral_kernel::maths::ln(self.uniform())
    }

    /// Arrivals of a Poisson process of rate 1 within `mean`.
    pub(crate) fn poisson(&mut self, mean: f64) -> u64 {
        let (mut time, mut count) = (self.exponential(), 0);
        while time < mean {
            count += 1;
            time += self.exponential();
        }
        count
    }
}
