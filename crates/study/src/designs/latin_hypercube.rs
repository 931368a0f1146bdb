//! Latin hypercube: each factor's range is cut into as many slices as there are points, and each slice holds one point
//! (M. McKay, R. Beckman and W. Conover 1979, Technometrics 21, 239-245).

use spiral_kernel::draws::{Address, KeyedGenerator, uniforms};

use super::{JITTER, PERMUTATION};

/// Places by point, then factor.
pub(super) fn places(points: u32, names: &[u32], seed: u64) -> Vec<Vec<f64>> {
    let columns: Vec<Vec<f64>> = names.iter().map(|name| column(points, *name, seed)).collect();
    (0..points as usize).map(|point| columns.iter().map(|column| column[point]).collect()).collect()
}

fn column(points: u32, name: u32, seed: u64) -> Vec<f64> {
    let address = |purpose| Address { purpose, entity: name, time: 0 };
    let mut slices: Vec<u32> = (0..points).collect();
    let mut generator = KeyedGenerator::new(seed, address(PERMUTATION), 0);
    // Fisher and Yates, from the end.
    for last in (1..slices.len()).rev() {
        let other = (generator.uniform() * (last + 1) as f64) as usize;
        slices.swap(last, other.min(last));
    }
    let within = |point: u32| uniforms(seed, address(JITTER), point)[0];
    (0..points).zip(slices).map(|(point, slice)| (f64::from(slice) + within(point)) / f64::from(points)).collect()
}
