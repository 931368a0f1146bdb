//! Fills the panels of [`stylised_facts`](crate::stylised_facts) and [`stylised_dyads`](crate::stylised_dyads) from simulated histories:
//! an observer of the blocks, and the events of the same histories.
//!
//! Spending of a year is the procurement of its ticks together, whatever their number. It is the burden that observers see times the
//! output of the scenario, which is exact as long as there is no war: years from that of the first war of a history on are left out, of
//! spending and of crises. With the mechanism `war` off every history is followed to its end. A dispute with use of force is a crisis with
//! a clash or a strike.

use std::collections::BTreeMap;

use spiral_model::outcome::STATE_METRICS;
use spiral_model::setup::{Setup, Target, Track};
use spiral_model::specification::Group;
use spiral_model::{Event, EventKind, Observer, Snapshot};

use crate::stylised_dyads::{Dyads, History, Pair};
use crate::stylised_facts::{Panel, StateYears};

/// Contact of neighbours on land.
const LAND: f64 = 1.0;
/// Contact of two states that are neighbours neither on land nor across near water is below this.
const FAR: f64 = 0.15;
/// Commitment of a defence pact, or of an entente that is nearly one.
const PACT: f64 = 0.4;

/// Watches blocks of histories of one setup, in the order of the histories.
pub struct PanelObserver<'a> {
    setup: &'a Setup,
    first_year: i32,
    years: usize,
    outputs: Vec<Option<&'a Track>>,
    /// `spending[history][state][year]`.
    spending: Vec<Vec<Vec<f64>>>,
}

impl<'a> PanelObserver<'a> {
    /// An observer of the whole years from `first` to `last` (both count) that lie in the scenario.
    #[must_use]
    pub fn new(setup: &'a Setup, first: i32, last: i32) -> Self {
        let first_year = first.max((setup.horizon.start - 1e-6).ceil() as i32);
        let last_year = last.min((setup.horizon.end + 1e-6).floor() as i32 - 1);
        let position = spiral_model::setup::StateInputs::position("output").unwrap_or(0);
        let track = |state| setup.tracks.iter().find(|track| track.target == Target::State(state, position));
        let outputs = (0..setup.states.len()).map(track).collect();
        Self { setup, first_year, years: (last_year - first_year + 1).max(0) as usize, outputs, spending: Vec::new() }
    }

    /// The first year and the number of years.
    #[must_use]
    pub fn years(&self) -> (i32, usize) {
        (self.first_year, self.years)
    }

    fn output(&self, state: usize, date: f64) -> f64 {
        let given = self.setup.states[state].inputs.output;
        self.outputs[state].map_or(given, |track| track.value(date, given))
    }

    /// What was seen of the histories `0..histories`, with their events. The two states of each entry of `rivals` are strategic rivals;
    /// an entry with a code that the scenario lacks is passed over. The first `settling` years are not in the panel of spending: the
    /// start of a history is felt in them.
    ///
    /// # Panics
    /// If fewer histories were seen.
    #[must_use]
    pub fn panels(mut self, histories: usize, settling: usize, events: &[Event], rivals: &[(String, String)]) -> (Panel, Dyads) {
        assert!(self.spending.len() >= histories, "{} histories seen, {histories} wanted", self.spending.len());
        self.spending.truncate(histories);
        let states = self.setup.states.len();
        // Years of each history before that of its first war.
        let peaceful: Vec<usize> = self
            .spending
            .iter()
            .map(|states| states.first().map_or(0, |years| years.iter().take_while(|spending| !spending.is_nan()).count()))
            .collect();
        let mut of = vec![Vec::new(); states];
        for (one, other) in rivals {
            if let (Some(one), Some(other)) = (self.setup.state(one), self.setup.state(other)) {
                of[one].push(other);
                of[other].push(one);
            }
        }
        let pairs: Vec<(usize, usize)> =
            self.setup.dyads.iter().filter(|dyad| dyad.from < dyad.to).map(|dyad| (dyad.from, dyad.to)).collect();
        let place: BTreeMap<(usize, usize), usize> = pairs.iter().enumerate().map(|(place, pair)| (*pair, place)).collect();
        let mut dyads = Dyads { pairs: pairs.iter().map(|&(one, other)| self.pair(one, other)).collect(), ..Dyads::default() };
        dyads.histories = vec![History { onsets: vec![vec![false; self.years]; pairs.len()], force: Vec::new() }; histories];
        let mut disputes = vec![vec![vec![false; self.years]; states]; histories];
        for crisis in events.chunk_by(|one, other| (one.history, one.crisis) == (other.history, other.crisis)) {
            let history = crisis[0].history as usize;
            if crisis[0].crisis == 0 || history >= histories {
                continue;
            }
            let force = crisis.iter().any(|event| matches!(event.kind, EventKind::Clash | EventKind::Strike));
            for ((one, other), date) in facing(crisis) {
                let Some(year) = self.year(date).filter(|year| *year < peaceful[history]) else { continue };
                let Some(&pair) = place.get(&(one, other)) else { continue };
                dyads.histories[history].onsets[pair][year] = true;
                if force && of[one].contains(&other) {
                    disputes[history][one][year] = true;
                    disputes[history][other][year] = true;
                }
            }
            // The crisis counts once, by its principals.
            let (one, other) = ordered(crisis[0].actor as usize, crisis[0].target as usize);
            let counted = place.get(&(one, other)).map(|&pair| &dyads.pairs[pair]);
            let begun = self.year(crisis[0].date).is_some_and(|year| year < peaceful[history]);
            if begun && counted.is_some_and(|pair| pair.land_neighbours || pair.great_powers == 2) {
                dyads.histories[history].force.push(force);
            }
        }
        // After its first war a history is no longer at risk.
        for (history, &years) in dyads.histories.iter_mut().zip(&peaceful) {
            history.onsets.iter_mut().for_each(|onsets| onsets.truncate(years));
        }
        let settling = settling.min(self.years);
        let years = |(spending, disputes): (Vec<Vec<f64>>, Vec<Vec<bool>>)| -> Vec<StateYears> {
            let state = |(spending, disputes): (Vec<f64>, Vec<bool>)| StateYears {
                spending: spending[settling..].to_vec(),
                disputes: disputes[settling..].to_vec(),
                at_war: Vec::new(),
            };
            spending.into_iter().zip(disputes).map(state).collect()
        };
        let panel = Panel {
            great: self.setup.states.iter().map(|state| state.great_power).collect(),
            rivals: of,
            histories: self.spending.into_iter().zip(disputes).map(years).collect(),
        };
        (panel, dyads)
    }

    /// Position of the year of a date.
    fn year(&self, date: f64) -> Option<usize> {
        let year = (date + 1e-6).floor() as i32 - self.first_year;
        usize::try_from(year).ok().filter(|year| *year < self.years)
    }

    fn pair(&self, one: usize, other: usize) -> Pair {
        let both = [(one, other), (other, one)].map(|(from, to)| self.setup.dyad(from, to));
        let contact = both[0].map_or(0.0, |dyad| self.setup.dyads[dyad].inputs.contact);
        let commitment = spiral_model::setup::DyadInputs::position("commitment").unwrap_or(0);
        let committed = |dyad: Option<usize>, date: f64| {
            let Some(dyad) = dyad else { return 0.0 };
            let target = Target::Dyad(dyad, commitment);
            let given = self.setup.get(target);
            self.setup.tracks.iter().find(|track| track.target == target).map_or(given, |track| track.value(date, given))
        };
        // An alliance counts from the year in whose middle it holds.
        let middle = |year: usize| f64::from(self.first_year) + year as f64 + 0.5;
        Pair {
            land_neighbours: contact >= LAND,
            far: contact < FAR,
            great_powers: [one, other].iter().filter(|state| self.setup.states[**state].great_power).count() as u8,
            allied: (0..self.years).map(|year| both.iter().any(|dyad| committed(*dyad, middle(year)) >= PACT)).collect(),
        }
    }
}

impl<const WIDTH: usize> Observer<WIDTH> for PanelObserver<'_> {
    fn begin(&mut self, _: &Snapshot<'_, WIDTH>) {
        let nothing = vec![vec![0.0; self.years]; self.setup.states.len()];
        self.spending.extend(std::iter::repeat_n(nothing, WIDTH));
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        let Some(burden) = STATE_METRICS.iter().position(|metric| *metric == "burden") else { return };
        // What a tick holds was decided on its first date.
        let date = self.setup.horizon.date(snapshot.tick);
        let Some(year) = self.year(date) else { return };
        let length = 1.0 / f64::from(self.setup.horizon.ticks_per_year);
        let first = self.spending.len() - WIDTH;
        for (state, metrics) in snapshot.states.iter().enumerate() {
            let output = self.output(state, date);
            for (lane, burden) in metrics[burden].as_array().iter().enumerate() {
                let seen = snapshot.running[lane] && snapshot.at_peace[lane];
                self.spending[first + lane][state][year] += if seen { burden * output * length } else { f64::NAN };
            }
        }
    }
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// The pairs that face each other in the events of one crisis, each with the date on which it first did: principals, whoever mobilises
/// or strikes, and who joins a war against all on the other side of it.
fn facing(crisis: &[Event]) -> BTreeMap<(usize, usize), f64> {
    let mut found = BTreeMap::new();
    let mut sides = [vec![crisis[0].actor as usize], vec![crisis[0].target as usize]];
    for event in crisis {
        let (actor, target) = (event.actor as usize, event.target as usize);
        let against: Vec<usize> = match event.kind {
            EventKind::Crisis | EventKind::FalseAlarm | EventKind::Mobilisation => vec![target],
            EventKind::Strike => {
                let side = usize::from(sides[1].contains(&actor) || sides[0].contains(&target));
                sides[side].push(actor);
                sides[1 - side].push(target);
                vec![target]
            }
            EventKind::Joining => {
                let side = usize::from(sides[1].contains(&target));
                sides[side].push(actor);
                sides[1 - side].clone()
            }
            _ => Vec::new(),
        };
        for other in against.into_iter().filter(|other| *other != actor) {
            found.entry(ordered(actor, other)).or_insert(event.date);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use spiral_kernel::Lanes;
    use spiral_model::setup::{Horizon, Interpolation, StateInputs};
    use spiral_model::table_row::TableRow;

    use super::*;
    use crate::stylised_facts::Fact;

    fn event(history: u32, crisis: u32, date: f64, kind: EventKind, actor: u32, target: u32) -> Event {
        Event { history, crisis, date, kind, actor, target, ..Event::BLANK }
    }

    /// Three states over four years in halves of a year. The output of B doubles from one year to the next; nothing else moves.
    fn world() -> Setup {
        let mut setup = Setup::complete("world", Horizon { start: 1900.0, end: 1904.0, ticks_per_year: 2 }, &["A", "B", "C"]);
        for dyad in &mut setup.dyads {
            dyad.inputs.contact = if dyad.from + dyad.to == 1 { 1.0 } else { 0.1 };
        }
        setup.states[2].great_power = false;
        setup.states[1].inputs.output = 10.0;
        let points = (0..5).map(|year| (1900.0 + f64::from(year), 10.0 * f64::from(1 << year))).collect();
        let target = Target::State(1, StateInputs::position("output").expect("states have output"));
        setup.tracks.push(Track { target, points, interpolation: Interpolation::Step });
        setup
    }

    #[test]
    fn a_year_is_the_sum_of_its_ticks() {
        let setup = world();
        let mut observer = PanelObserver::new(&setup, 1890, 1902);
        assert_eq!(observer.years(), (1900, 3));
        let mut states = [[Lanes::<1>::splat(0.0); 7]; 3];
        let system = [Lanes::<1>::splat(0.0); 3];
        let burden = STATE_METRICS.iter().position(|metric| *metric == "burden").expect("a metric");
        let shown = |tick: u32, states: &[[Lanes<1>; 7]], at_peace: bool, observer: &mut PanelObserver<'_>| {
            let date = setup.horizon.date(tick + 1);
            let snapshot = Snapshot { tick, date, running: &[true], at_peace: &[at_peace], states, system: &system };
            if tick == 0 {
                observer.begin(&snapshot);
            }
            observer.tick(&snapshot);
        };
        for tick in 0..8 {
            states[1][burden] = Lanes::splat(if tick % 2 == 0 { 0.02 } else { 0.04 });
            shown(tick, &states, tick < 5, &mut observer);
        }
        let (panel, dyads) = observer.panels(1, 0, &[], &[]);
        assert!(dyads.histories[0].onsets.iter().all(|years| years.len() == 2), "no crisis counts from the year of the war on");
        let spending = &panel.histories[0][1].spending;
        // (.02 + .04) / 2 of 10 and of 20; the war in the third year is left out.
        assert!((spending[0] - 0.3).abs() < 1e-12 && (spending[1] - 0.6).abs() < 1e-12 && spending[2].is_nan(), "{spending:?}");
        assert!((panel.value(Fact::MeanGrowth) - spiral_kernel::maths::ln(2.0)).abs() < 1e-9, "one growth of ln 2, below e^.7");
    }

    #[test]
    fn crises_become_onsets_and_disputes() {
        use EventKind::{Clash, Concession, Crisis, Joining, Mobilisation, Strike};
        let setup = world();
        let mut observer = PanelObserver::new(&setup, 1900, 1903);
        observer.spending = vec![vec![vec![1.0; 4]; 3]; 2];
        let events = [
            // A and B without force, though one mobilises; then with it, and C, an ally, mobilises against A a year later.
            event(0, 1, 1900.2, Crisis, 0, 1),
            event(0, 1, 1900.25, Mobilisation, 1, 0),
            event(0, 1, 1900.3, Concession, 1, 0),
            event(0, 2, 1902.9, Crisis, 0, 1),
            event(0, 2, 1902.95, Clash, 1, 0),
            event(0, 2, 1903.1, Mobilisation, 2, 0),
            // What belongs to no crisis does not count, nor do histories beyond those asked for.
            event(1, 0, 1901.0, Mobilisation, 0, 1),
            event(1, 1, 1901.5, Crisis, 0, 2),
            event(1, 1, 1901.5, Strike, 0, 2),
            event(1, 1, 1901.5, Joining, 1, 2),
            event(2, 1, 1901.5, Crisis, 0, 1),
        ];
        let rivals = [("A".to_string(), "B".to_string()), ("A".to_string(), "X".to_string())];
        let (panel, dyads) = observer.panels(2, 1, &events, &rivals);
        let years = |history: usize, pair: usize| dyads.histories[history].onsets[pair].clone();
        assert_eq!(years(0, 0), [true, false, true, false], "A and B");
        assert_eq!(years(0, 1), [false, false, false, true], "A and C, who mobilised in the year after");
        assert_eq!(years(1, 1), [false, true, false, false], "A struck C");
        assert_eq!(years(1, 0), [false, true, false, false], "B joined C against A");
        assert_eq!(years(1, 2), [false; 4], "B and C stood together");
        assert_eq!(dyads.histories[0].force, [false, true]);
        assert!(dyads.histories[1].force.is_empty(), "A and C are far from each other, and C is no great power");
        // Without the first year: A and B, rivals, in the third year of the four.
        assert_eq!(panel.histories[0][0].disputes, [false, true, false]);
        assert_eq!(panel.histories[0][2].disputes, [false; 3], "C has no rival");
        assert_eq!(panel.rivals, vec![vec![1], vec![0], Vec::new()]);
        assert_eq!((dyads.pairs[0].land_neighbours, dyads.pairs[0].great_powers), (true, 2));
        assert!(dyads.pairs[1].far && dyads.pairs[1].allied.iter().all(|allied| !allied));
    }
}
