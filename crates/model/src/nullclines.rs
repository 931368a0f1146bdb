//! Where an arms race of two states stands still.

use crate::setup::Setup;
use crate::simulation::Simulation;

/// Where the arms of two states stand still under one of Richardson's linear rules, all others at their arms at the start: the factors
/// `[first, second, constant]` of `first · x + second · y + constant = 0` for the first and for the second state, where x and y are
/// the arms of the two. `None` under another rule, and where the setup does not give the arms of a third state.
#[must_use]
pub fn nullclines(setup: &Setup, (first, second): (usize, usize)) -> Option<[[f64; 3]; 2]> {
    let mut simulation = Simulation::<1>::new(setup);
    simulation.reset(0, 0, false);
    let (coefficients, constants) = simulation.richardson()?;
    let arms: Vec<f64> = setup.states.iter().map(|state| state.inputs.arms).collect();
    if (0..arms.len()).any(|other| other != first && other != second && arms[other] <= 0.0) {
        return None;
    }
    let line = |state: usize| {
        let row = &coefficients[state];
        let others = (0..row.len()).filter(|other| *other != first && *other != second);
        [row[first], row[second], constants[state] + others.map(|other| row[other] * arms[other]).sum::<f64>()]
    };
    Some([line(first), line(second)])
}
