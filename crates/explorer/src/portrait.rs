//! The phase portrait of two states: what one has against what the other has.

use serde::{Deserialize, Serialize};
use spiral_model::nullclines;

use crate::error::Error;
use crate::sample::Explorer;
use crate::strands::StrandsRequest;
use crate::world::WorldRequest;

/// Which two states, in which histories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortraitRequest {
    /// The world.
    pub world: WorldRequest,
    /// Seed of all random draws.
    pub seed: u64,
    /// Code of the state along the axis.
    pub first: String,
    /// Code of the state up the axis.
    pub second: String,
    /// How many histories, from number 0.
    pub histories: u32,
}

/// A phase portrait.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portrait {
    /// Code of each of the two states.
    pub states: [String; 2],
    /// Unit of the arms.
    pub money: String,
    /// Dates of the values.
    pub dates: Vec<f64>,
    /// Arms of the first and of the second state in each history, by date; none after its first war.
    pub paths: Vec<[Vec<Option<f32>>; 2]>,
    /// Where the arms of the first, and of the second state, stand still: `[first, second, constant]` of
    /// `first · x + second · y + constant = 0`. `None` where the world does not arm by a linear rule.
    pub nullclines: Option<[[f64; 3]; 2]>,
    /// What history has: date, arms of the first and of the second state.
    pub observed: Vec<(f64, f64, f64)>,
}

impl Explorer {
    /// The arms of two states against each other in the first histories of a world.
    ///
    /// # Errors
    /// A world that cannot be used, a state that it does not have, too many histories.
    pub fn portrait(&self, request: &PortraitRequest) -> Result<Portrait, Error> {
        let scenario = request.world.scenario(&self.given)?;
        let codes: Vec<&str> = scenario.setup.states.iter().map(|state| state.code.as_str()).collect();
        let position = |code: &str| {
            let found = codes.iter().position(|known| *known == code);
            found.ok_or_else(|| Error::Request(format!("the world has no state of this code; it has {}", codes.join(", "))))
        };
        let (first, second) = (position(&request.first)?, position(&request.second)?);
        if first == second {
            return Err(Error::Request("a phase portrait has two states".to_string()));
        }
        let strands = self.strands(&StrandsRequest {
            world: request.world.clone(),
            seed: request.seed,
            metric: "arms".to_string(),
            histories: request.histories,
        })?;
        let of = |state: usize| strands.states[state].1.iter().cloned();
        let paths = of(first).zip(of(second)).map(|(x, y)| [x, y]).collect();
        let seen = |code: &str| -> Vec<(f64, f64)> {
            let own = scenario.observed.iter().filter(|seen| seen.metric == "arms" && seen.state == code);
            own.map(|seen| (seen.date, seen.value)).collect()
        };
        let other = seen(&request.second);
        let same = |date: f64| other.iter().find(|(at, _)| (at - date).abs() < 1e-6).map(|(_, value)| *value);
        Ok(Portrait {
            states: [request.first.clone(), request.second.clone()],
            money: scenario.money.clone(),
            paths,
            nullclines: nullclines(&scenario.setup, (first, second)),
            observed: seen(&request.first).into_iter().filter_map(|(date, x)| Some((date, x, same(date)?))).collect(),
            dates: strands.dates,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portrait(scenario: &str, first: &str, second: &str) -> Result<Portrait, Error> {
        let world = WorldRequest { scenario: scenario.to_string(), ..WorldRequest::default() };
        let request = PortraitRequest { world, seed: 1, first: first.to_string(), second: second.to_string(), histories: 3 };
        Explorer::default().portrait(&request)
    }

    #[test]
    fn richardsons_race_has_lines_and_the_others_have_none() {
        let race = portrait("richardson-1909", "CEN", "ENT").unwrap_or_else(|error| panic!("{error}"));
        let [own, other] = race.nullclines.unwrap_or_else(|| panic!("Richardson's rule is linear"));
        // Fatigue holds one's own arms back, the other's arms drive them on.
        assert!(own[0] < 0.0 && own[1] > 0.0 && other[0] > 0.0 && other[1] < 0.0, "{own:?} {other:?}");
        assert_eq!((race.paths.len(), race.paths[0][0].len()), (3, race.dates.len()));
        let worlds = portrait("two-states", "EAST", "WEST").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(worlds.nullclines, None);
        for (first, second, words) in [("EAST", "EAST", "two states"), ("EAST", "MARS", "EAST, WEST")] {
            let said = portrait("two-states", first, second).expect_err("a mistake").to_string();
            assert!(said.contains(words), "{said}");
        }
    }
}
