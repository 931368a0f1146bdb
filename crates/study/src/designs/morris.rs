//! Morris's trajectories: from a random place of a grid of `levels`, one step of `levels / (2 (levels − 1))` in each factor, in a
//! random order (M. Morris 1991, "Factorial sampling plans for preliminary computational experiments", Technometrics 33, 161-174).

use spiral_kernel::draws::{Address, uniforms};

use super::TRAJECTORY;

/// Places by point, then factor: the `factors + 1` points of a trajectory follow each other.
pub(super) fn places(trajectories: u32, levels: u32, names: &[u32], seed: u64) -> Vec<Vec<f64>> {
    let step = f64::from(levels) / (2.0 * f64::from(levels - 1));
    let mut places = Vec::with_capacity(trajectories as usize * (names.len() + 1));
    for trajectory in 0..trajectories {
        let draws = |name: &u32, time| uniforms(seed, Address { purpose: TRAJECTORY, entity: *name, time }, trajectory);
        // The lower end of each factor's step, and whether the step goes up; then who steps when.
        let steps: Vec<(f64, bool)> = names
            .iter()
            .map(|name| {
                let [base, way] = draws(name, 0);
                ((base * f64::from(levels / 2)).floor() / f64::from(levels - 1), way < 0.5)
            })
            .collect();
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|a, b| draws(&names[*a], 1)[0].total_cmp(&draws(&names[*b], 1)[0]));
        let mut place: Vec<f64> = steps.iter().map(|(low, up)| if *up { *low } else { low + step }).collect();
        places.push(place.clone());
        for factor in order {
            let (low, up) = steps[factor];
            place[factor] = if up { low + step } else { low };
            places.push(place.clone());
        }
    }
    places
}
