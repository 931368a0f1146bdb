//! Morris's trajectories: from a random place of a grid of `levels`, one step of `levels / (2 (levels − 1))` in each factor, in a
//! random order; factors of one group step together, each its own way (M. Morris 1991, "Factorial sampling plans for preliminary
//! computational experiments", Technometrics 33, 161-174).

use spiral_kernel::draws::{Address, uniforms};

use super::TRAJECTORY;

/// Places by point, then factor: the points of a trajectory, one more than there are groups, follow each other.
pub(super) fn places(trajectories: u32, levels: u32, names: &[u32], groups: &[Vec<usize>], seed: u64) -> Vec<Vec<f64>> {
    let step = f64::from(levels) / (2.0 * f64::from(levels - 1));
    let mut places = Vec::with_capacity(trajectories as usize * (groups.len() + 1));
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
        // A group steps when its first factor does.
        let turn = |group: &Vec<usize>| group.first().map_or(0.0, |factor| draws(&names[*factor], 1)[0]);
        let mut order: Vec<&Vec<usize>> = groups.iter().collect();
        order.sort_by(|a, b| turn(a).total_cmp(&turn(b)));
        let mut place: Vec<f64> = steps.iter().map(|(low, up)| if *up { *low } else { low + step }).collect();
        places.push(place.clone());
        for group in order {
            for factor in group {
                let (low, up) = steps[*factor];
                place[*factor] = if up { low + step } else { low };
            }
            places.push(place.clone());
        }
    }
    places
}
