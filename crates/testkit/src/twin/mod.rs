//! The vector step of the model without the ECS: plain columns of lanes, plain loops, the model's own equations.
//!
//! The tests hold it to the engine bit for bit; the bench measures what the ECS costs beside it. It covers what every state and
//! dyad does in every tick: dates, looks, beliefs, threats, odds, stakes, arms, repair in peace, the audit and the accounts. It has
//! no crises, hence no wars, and arms by programmes with every other mechanism on.

mod arming;
mod start;
mod step;

use spiral_kernel::Lanes;
use spiral_kernel::maths::ln;
use spiral_model::Setup;
use spiral_model::draws::Block;
use spiral_model::mechanisms::arming::ArmingStart;
use spiral_model::mechanisms::{Parameters, Switches};
use spiral_model::setup::{ArmingRule, DyadInputs, StateInputs, Track};

type Column<const WIDTH: usize> = Vec<Lanes<WIDTH>>;

/// Declares a struct of columns with a constructor that fills them all with zeros.
macro_rules! columns {
    ($(#[doc = $about:literal])* $name:ident { $( $column:ident, )* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone)]
        struct $name<const WIDTH: usize> {
            $( $column: Column<WIDTH>, )*
        }

        impl<const WIDTH: usize> $name<WIDTH> {
            fn zero(rows: usize) -> Self {
                Self { $( $column: vec![Lanes::splat(0.0); rows], )* }
            }
        }
    };
}

columns! {
    /// One row a state; names as in `spiral_model::components`.
    States {
        greedy, greed, output, unharmed, offence, defence, attack_strength, defence_strength, arms_growth, justified_growth,
        new_offence, procurement, threat_total, threat_ceiling, provocation, customary_need, aim, burden, ordinary, mood, planned_greed,
        planned_cap, spent_this_year, spent_last_year, programme_growth, perceived_balance, weariness, vulnerability, punishable, at_war,
        expected_of_seeker, expected_of_greedy, first_burden,
    }
}

columns! {
    /// One row a directed dyad; names as in `spiral_model::components`.
    Dyads {
        mistrust, sight, growth_error, threat_felt, threat_if_greedy, support_in_attack, support_in_defence, attack, resistance,
        assault, holding, first, struck, mutual, payoff_of_peace, payoff_of_strike, payoff_of_struck, payoff_of_mutual,
    }
}

/// What a dyad is, and what the scenario says of it at the date.
#[derive(Debug, Clone, Copy)]
struct Link {
    setup_dyad: usize,
    from: usize,
    to: usize,
    mirror: usize,
    number: u32,
    inputs: DyadInputs,
    reach: f64,
}

/// What a state is, and what the scenario says of it at the date.
#[derive(Debug, Clone)]
struct Actor {
    number: u32,
    inputs: StateInputs,
    output_growth: f64,
    start: ArmingStart,
    habit: f64,
    outgoing: Vec<usize>,
}

/// A number that moves with the date.
#[derive(Debug, Clone)]
struct Mover {
    track: Track,
    initial: f64,
    last: f64,
}

/// Allies that count, with their shares.
type Helpers = Vec<(usize, f64)>;

/// The account of a block, lane by lane.
#[derive(Debug, Clone, Copy)]
pub struct Accounts<const WIDTH: usize> {
    /// Largest burden of any state, share of output.
    pub peak_burden: Lanes<WIDTH>,
    /// All arms at the end of the first tick, billion int$.
    pub first_arms: Lanes<WIDTH>,
    /// All output at the end of the first tick, billion int$ a year.
    pub first_output: Lanes<WIDTH>,
    /// All arms at the end of the last tick, billion int$.
    pub last_arms: Lanes<WIDTH>,
    /// All output at the end of the last tick, billion int$ a year.
    pub last_output: Lanes<WIDTH>,
    /// Largest relative change of a burden.
    pub moved: Lanes<WIDTH>,
    /// Finite as long as every stock and belief is.
    pub audit: Lanes<WIDTH>,
    /// Years from the end of the first tick to that of the last.
    pub elapsed: f64,
}

impl<const WIDTH: usize> Accounts<WIDTH> {
    const EMPTY: Self = Self {
        peak_burden: Lanes::splat(0.0),
        first_arms: Lanes::splat(0.0),
        first_output: Lanes::splat(0.0),
        last_arms: Lanes::splat(0.0),
        last_output: Lanes::splat(0.0),
        moved: Lanes::splat(0.0),
        audit: Lanes::splat(0.0),
        elapsed: 0.0,
    };

    /// Mean growth of all arms in a lane, per year.
    #[must_use]
    pub fn arms_growth(&self, lane: usize) -> f64 {
        ln(self.last_arms[lane] / self.first_arms[lane]) / self.elapsed
    }

    /// Mean growth of all arms beyond that of all output in a lane, per year.
    #[must_use]
    pub fn spiral_rate(&self, lane: usize) -> f64 {
        self.arms_growth(lane) - ln(self.last_output[lane] / self.first_output[lane]) / self.elapsed
    }
}

/// A world of `WIDTH` histories of one setup, without an ECS.
#[derive(Debug, Clone)]
pub struct Twin<const WIDTH: usize> {
    setup: Setup,
    switches: Switches,
    movers: Vec<Mover>,
    simulated: Vec<Option<usize>>,
    parameters: Parameters,
    actors: Vec<Actor>,
    links: Vec<Link>,
    helpers_in_attack: Vec<Helpers>,
    helpers_in_defence: Vec<Helpers>,
    states: States<WIDTH>,
    dyads: Dyads<WIDTH>,
    block: Block,
    tick: u32,
    security: Lanes<WIDTH>,
    accounts: Accounts<WIDTH>,
}

impl<const WIDTH: usize> Twin<WIDTH> {
    /// A world for this setup; `None` where the setup wants what the twin has not: crises, another rule of arming, or a mechanism
    /// switched off.
    #[must_use]
    pub fn new(setup: &Setup) -> Option<Self> {
        let without: Vec<&str> = setup.without.iter().map(String::as_str).collect();
        if without != ["crisis"] || setup.arming_rule != ArmingRule::Programmes {
            return None;
        }
        Some(Self::laid_out(setup))
    }

    /// Directed dyads that are simulated.
    #[must_use]
    pub fn dyads(&self) -> usize {
        self.links.len()
    }

    /// Runs the histories `first_history..first_history + WIDTH`. `see` is called after every tick.
    pub fn run(&mut self, seed: u64, first_history: u32, mut see: impl FnMut(&Self)) -> Accounts<WIDTH> {
        self.reset(seed, first_history);
        for _ in 0..self.setup.horizon.ticks() {
            self.step();
            see(self);
        }
        self.accounts
    }

    /// What observers of the engine see of each state: metrics as in `spiral_model::outcome::STATE_METRICS`.
    #[must_use]
    pub fn metrics(&self) -> Vec<[Lanes<WIDTH>; 7]> {
        let states = &self.states;
        let one = |(state, actor): (usize, &Actor)| {
            let (offence, defence) = (&states.offence[state], &states.defence[state]);
            let (output, procurement) = (&states.output[state], &states.procurement[state]);
            let arms = Lanes::<WIDTH>::from_fn(|l| offence[l] + defence[l]);
            let mut mistrust = Lanes::<WIDTH>::splat(0.0);
            for &dyad in &actor.outgoing {
                let held = &self.dyads.mistrust[dyad];
                mistrust = Lanes::from_fn(|l| mistrust[l] + spiral_kernel::maths::logistic(held[l]));
            }
            let number = (actor.outgoing.len() as f64).max(1.0);
            [
                arms,
                Lanes::from_fn(|l| procurement[l] / output[l]),
                Lanes::from_fn(|l| if arms[l] > 0.0 { offence[l] / arms[l] } else { 0.0 }),
                states.threat_total[state],
                Lanes::from_fn(|l| mistrust[l] / number),
                states.perceived_balance[state],
                Lanes::splat(actor.inputs.warheads),
            ]
        };
        self.actors.iter().enumerate().map(one).collect()
    }

    /// Payoffs of peace, strike, mutual war and being struck of every dyad in a lane.
    #[must_use]
    pub fn payoffs(&self, lane: usize) -> Vec<[f64; 4]> {
        let Dyads { payoff_of_peace, payoff_of_strike, payoff_of_mutual, payoff_of_struck, .. } = &self.dyads;
        let of = |dyad: usize| [payoff_of_peace, payoff_of_strike, payoff_of_mutual, payoff_of_struck].map(|c| c[dyad][lane]);
        (0..self.links.len()).map(of).collect()
    }

    /// Whether a dyad is in contact at the date.
    #[must_use]
    pub fn in_contact(&self, dyad: usize) -> bool {
        self.links[dyad].inputs.contact > 0.0
    }
}

#[cfg(test)]
mod tests {
    use spiral_model::mechanisms::game::{GameClass, classify};
    use spiral_model::{Compiled, Observer, Simulation, Snapshot};
    use spiral_scenario::{Overrides, load};

    use super::*;

    /// Bits of every metric of every state and of the system at every tick.
    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        states: Vec<u64>,
        system: Vec<u64>,
    }

    fn bits<const WIDTH: usize>(lanes: &Lanes<WIDTH>) -> impl Iterator<Item = u64> + '_ {
        lanes.as_array().iter().map(|value| value.to_bits())
    }

    impl<const WIDTH: usize> Observer<WIDTH> for Seen {
        fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
            self.states.extend(snapshot.states.iter().flatten().flat_map(bits));
            self.system.extend(snapshot.system.iter().flat_map(bits));
        }
    }

    impl Seen {
        fn look<const WIDTH: usize>(&mut self, twin: &Twin<WIDTH>) {
            let metrics = twin.metrics();
            self.states.extend(metrics.iter().flatten().flat_map(bits));
            let mut total = Lanes::<WIDTH>::splat(0.0);
            for metrics in &metrics {
                total = Lanes::from_fn(|l| total[l] + metrics[0][l]);
            }
            let games: Vec<usize> = (0..twin.dyads()).filter(|&dyad| twin.in_contact(dyad)).collect();
            let mut shares = [Lanes::<WIDTH>::splat(0.0); 2];
            for lane in 0..WIDTH {
                let payoffs = twin.payoffs(lane);
                let classes: Vec<GameClass> = games
                    .iter()
                    .map(|&dyad| {
                        let [peace, strike, mutual, struck] = payoffs[dyad];
                        classify(peace, strike, mutual, struck)
                    })
                    .collect();
                for (share, wanted) in shares.iter_mut().zip([GameClass::StagHunt, GameClass::PrisonersDilemma]) {
                    let number = classes.iter().filter(|&&class| class == wanted).count() as f64;
                    share[lane] = number / (games.len() as f64).max(1.0);
                }
            }
            self.system.extend([total, shares[0], shares[1]].iter().flat_map(bits));
        }
    }

    fn at_peace(name: &str) -> Vec<Setup> {
        let overrides = Overrides { without: vec!["crisis".to_string()], ..Overrides::default() };
        load(name, &overrides).expect("built in").into_iter().map(|scenario| scenario.setup).collect()
    }

    fn hold<const WIDTH: usize>(name: &str, blocks: u32)
    where
        Simulation<WIDTH>: Compiled,
    {
        for setup in at_peace(name) {
            let mut engine = Simulation::<WIDTH>::new(&setup);
            let mut twin = Twin::<WIDTH>::new(&setup).expect("only crises are off");
            for block in 0..blocks {
                let (mut by_engine, mut by_twin) = (Seen::default(), Seen::default());
                let first = block * WIDTH as u32;
                let (outcomes, _) = engine.run(11, first, false, &mut by_engine);
                let accounts = twin.run(11, first, |twin| by_twin.look(twin));
                assert_eq!(by_engine.states.len(), setup.horizon.ticks() as usize * setup.states.len() * 7 * WIDTH);
                let differing = by_engine.states.iter().zip(&by_twin.states).position(|(engine, twin)| engine != twin);
                assert_eq!(
                    differing,
                    None,
                    "{} from history {first}: a metric of a state, of {}",
                    setup.name,
                    by_twin.states.len()
                );
                assert_eq!(by_engine, by_twin, "{} from history {first}", setup.name);
                for (lane, outcome) in outcomes.iter().enumerate() {
                    let of_engine = [outcome.peak_burden, outcome.arms_growth, outcome.spiral_rate];
                    let of_twin = [accounts.peak_burden[lane], accounts.arms_growth(lane), accounts.spiral_rate(lane)];
                    assert_eq!(of_engine.map(f64::to_bits), of_twin.map(f64::to_bits), "{} lane {lane}", setup.name);
                    assert!(accounts.audit[lane].is_finite() && outcome.failure.is_none());
                }
            }
        }
    }

    #[test]
    fn engine_and_twin_agree_to_the_bit_on_the_eve_of_1914() {
        hold::<16>("pre-wwi", 2);
    }

    #[test]
    fn engine_and_twin_agree_to_the_bit_in_the_four_worlds() {
        hold::<16>("four-worlds", 2);
        hold::<1>("four-worlds", 1);
    }

    #[test]
    fn there_is_no_twin_of_a_world_with_crises() {
        let loaded = load("four-worlds/offence-distinguishable", &Overrides::default()).expect("built in");
        assert!(Twin::<16>::new(&loaded[0].setup).is_none());
    }
}
