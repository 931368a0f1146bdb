//! One history: told by date, and as a network of states over time.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spiral_chronicle::{chronicle, history_json, in_short, simulate};
use spiral_ensemble::{Ensemble, Options, PanelOptions, PanelPeriod};

use crate::error::Error;
use crate::sample::Explorer;
use crate::world::WorldRequest;

/// Years up to which the network is shown by tick.
const FEW_YEARS: f64 = 12.0;

/// One history of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    /// The world.
    pub world: WorldRequest,
    /// Seed of all random draws.
    pub seed: u64,
    /// Number of the history.
    pub history: u32,
}

/// A state of a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkState {
    /// Code, such as `GBR`.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Whether it is a great power.
    pub great_power: bool,
    /// Latitude and longitude of its capital, degrees; `None` in worlds without a map.
    pub capital: Option<(f64, f64)>,
    /// Its arms on each date, in the money of the scenario; `None` once it is conquered.
    pub arms: Vec<Option<f32>>,
    /// The threat that it feels from all others on each date, in the money of the scenario.
    pub threat: Vec<Option<f32>>,
}

/// Two states of a network. Pairs between which nothing ever happens are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkPair {
    /// Position of the first state.
    pub a: u32,
    /// Position of the second state.
    pub b: u32,
    /// Threat that the first feels from the second on each date, in the money of the scenario; `None` where out of reach.
    pub threat_a: Vec<Option<f32>>,
    /// Threat that the second feels from the first.
    pub threat_b: Vec<Option<f32>>,
    /// Whether one is firmly committed to defend the other, on each date.
    pub allied: Vec<bool>,
    /// Whether they fight each other between this date and the next one.
    pub war: Vec<bool>,
}

/// Who stands where to whom, by date, in one history from its first date to its last, through its wars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Network {
    /// Number of the history.
    pub history: u32,
    /// Dates, decimal years; the history ends before the next one would come.
    pub dates: Vec<f64>,
    /// The states, in the order of the scenario.
    pub states: Vec<NetworkState>,
    /// The pairs.
    pub pairs: Vec<NetworkPair>,
}

impl Explorer {
    /// One history with its chronicle, as `spiral run --json` gives it, and with a short account under `in_short`.
    ///
    /// # Errors
    /// A world that cannot be used.
    pub fn history(&self, request: &HistoryRequest) -> Result<Value, Error> {
        let scenario = request.world.scenario(&self.given)?;
        let history = simulate(&scenario.setup, request.seed, request.history);
        let entries = chronicle(&scenario, &history, false);
        let mut told = history_json(&scenario, request.history, &history, &entries);
        told["in_short"] = json!(in_short(&scenario, &history.outcome));
        Ok(told)
    }

    /// One history as a network of states over time.
    ///
    /// # Errors
    /// A world that cannot be used.
    pub fn network(&self, request: &HistoryRequest) -> Result<Network, Error> {
        let scenario = request.world.scenario(&self.given)?;
        let setup = &scenario.setup;
        let years = setup.horizon.end - setup.horizon.start;
        let by = if years <= FEW_YEARS { PanelPeriod::Tick } else { PanelPeriod::Year };
        let end = request.history.checked_add(1);
        let end = end.ok_or_else(|| Error::Request("there is no history of this number".to_string()))?;
        let panel = Some(PanelOptions { histories: end, by });
        let options = Options { curves: false, through_war: true, events_for: 0, panel };
        let mut sample = Ensemble::default();
        spiral_ensemble::simulate(setup, request.seed, request.history..end, &options, &mut sample)?;

        let mut dates: Vec<f64> = sample.panel.states.iter().map(|row| row.date).collect();
        dates.dedup();
        let many = dates.len();
        let at = |date: f64| dates.partition_point(|known| *known < date);
        let number = |value: f64| value.is_finite().then_some(value as f32);
        let mut states: Vec<NetworkState> = setup
            .states
            .iter()
            .zip(&scenario.state_names)
            .zip(&scenario.capitals)
            .map(|((state, name), capital)| NetworkState {
                code: state.code.clone(),
                name: name.clone(),
                great_power: state.great_power,
                capital: *capital,
                arms: vec![None; many],
                threat: vec![None; many],
            })
            .collect();
        for row in sample.panel.states.iter().filter(|row| row.alive) {
            if let Some(state) = states.get_mut(row.state as usize) {
                state.arms[at(row.date)] = number(row.arms);
                state.threat[at(row.date)] = number(row.threat);
            }
        }
        let mut rows = sample.panel.dyads;
        rows.sort_by(|one, other| {
            (one.state_a, one.state_b).cmp(&(other.state_a, other.state_b)).then(one.date.total_cmp(&other.date))
        });
        let pair = |rows: &[spiral_analysis::panel_rows::DyadPanelRow]| {
            let mut pair = NetworkPair {
                a: rows[0].state_a,
                b: rows[0].state_b,
                threat_a: vec![None; many],
                threat_b: vec![None; many],
                allied: vec![false; many],
                war: vec![false; many],
            };
            for row in rows {
                let date = at(row.date);
                pair.threat_a[date] = number(row.threat_a);
                pair.threat_b[date] = number(row.threat_b);
                pair.allied[date] = row.allied;
                pair.war[date] = row.war_onset || row.days > 0.0;
            }
            pair
        };
        let something = |pair: &NetworkPair| {
            let felt = |threat: &[Option<f32>]| threat.iter().flatten().any(|threat| *threat > 0.0);
            felt(&pair.threat_a) || felt(&pair.threat_b) || pair.allied.contains(&true) || pair.war.contains(&true)
        };
        let pairs = rows.chunk_by(|one, other| (one.state_a, one.state_b) == (other.state_a, other.state_b)).map(pair);
        let pairs = pairs.filter(something).collect();
        Ok(Network { history: request.history, states, pairs, dates })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(history: u32) -> HistoryRequest {
        let world = WorldRequest { scenario: "pre-wwi".to_string(), ..WorldRequest::default() };
        HistoryRequest { world, seed: 1, history }
    }

    #[test]
    fn the_network_fights_where_the_history_does() {
        let explorer = Explorer::default();
        let mut wars = 0;
        for history in 0..4 {
            let network = explorer.network(&request(history)).unwrap_or_else(|error| panic!("{error}"));
            let told = explorer.history(&request(history)).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(network.history, history);
            assert!(network.states.iter().all(|state| state.capital.is_some()), "every state of pre-wwi has a capital");
            assert!(network.states.iter().all(|state| state.arms.len() == network.dates.len()));
            assert!(network.pairs.iter().any(|pair| pair.allied[0]), "there are alliances in 1890");
            let war = told["outcome"]["first_war_date"].as_f64();
            let first = (0..network.dates.len()).find(|date| network.pairs.iter().any(|pair| pair.war[*date]));
            match (war, first) {
                (Some(war), Some(first)) => {
                    let next = network.dates.get(first + 1).copied().unwrap_or(f64::INFINITY);
                    assert!(network.dates[first] <= war + 1e-6 && war < next + 1e-6, "{war} is not in {first}");
                    wars += 1;
                }
                (None, None) => {}
                other => panic!("history {history}: {other:?}"),
            }
        }
        assert!(wars > 0, "no war in four histories of pre-wwi");
    }
}
