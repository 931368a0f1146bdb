//! What loads, runs: the model takes every built-in scenario, and Richardson's file gives his closed form in the simulator.

use spiral_model::simulation::{Observer, Simulation, Snapshot};
use spiral_model::{Ended, outcome};
use spiral_scenario::{Overrides, catalogue, load};

#[test]
fn every_built_in_scenario_runs_to_its_end() {
    for entry in catalogue() {
        for scenario in load(entry.name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")) {
            let (outcomes, _) = Simulation::<16>::new(&scenario.setup).run(1, 0, false, &mut ());
            assert_eq!(outcomes.len(), 16, "{}", scenario.name);
            for outcome in outcomes {
                assert_ne!(outcome.ended, Ended::Failure, "{}: history {} failed", scenario.name, outcome.history);
            }
        }
    }
}

/// Arms of every state of lane 0 at the end of every tick.
struct Arms(Vec<(f64, Vec<f64>)>);

impl Observer<16> for Arms {
    fn tick(&mut self, snapshot: &Snapshot<'_, 16>) {
        let arms = outcome::STATE_METRICS.iter().position(|name| *name == "arms").expect("arms is a metric");
        self.0.push((snapshot.date, snapshot.states.iter().map(|metrics| metrics[arms][0]).collect()));
    }
}

/// O1 of the oracles: (ENT, CEN) after one, two, three and four years.
#[test]
fn richardson_runs_along_his_closed_form() {
    let setup = load("richardson-1909", &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
    let mut arms = Arms(Vec::new());
    let _ = Simulation::<16>::new(&setup).run(1, 0, false, &mut arms);
    let (cen, ent) = (setup.state("CEN").expect("it is a bloc"), setup.state("ENT").expect("it is a bloc"));
    for (year, x, y) in [
        (1910.0, 107.4618330535, 97.0096810254),
        (1911.0, 109.2831295001, 105.8039103275),
        (1912.0, 118.8111075009, 117.6529760445),
        (1913.0, 139.9488358413, 139.5633273684),
    ] {
        let found = arms.0.iter().find(|(date, _)| (date - year).abs() < 1e-9).expect("a tick ends with the year");
        let (first, second) = (found.1[ent], found.1[cen]);
        assert!((first - x).abs() < 1e-8 && (second - y).abs() < 1e-8, "in {year}: {first} and {second}, not {x} and {y}");
    }
}
