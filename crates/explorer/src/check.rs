//! What is wrong with a scenario that is being edited, line by line.

use serde::Serialize;

use crate::error::Error;
use crate::sample::Explorer;
use crate::world::WorldRequest;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineProblem {
    /// Line and column of the text, both from 1, where the place is known.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What is allowed, what may have been meant.
    pub help: Vec<String>,
}

/// What was found in a scenario: nothing where it can be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// In the order of the text.
    pub problems: Vec<LineProblem>,
}

impl Explorer {
    /// Everything that is wrong with a scenario as it is edited, in the program's own words.
    #[must_use]
    pub fn check(&self, request: &WorldRequest) -> Checked {
        let problems = match request.scenario(&self.given) {
            Ok(_) => Vec::new(),
            Err(Error::Scenario(error)) => {
                let problem = |found: spiral_scenario::Problem| LineProblem {
                    // A place in a change of a slider is none in the text.
                    place: found.place.filter(|_| !found.origin.starts_with('-')),
                    message: found.message,
                    help: found.help,
                };
                error.problems.into_iter().map(problem).collect()
            }
            Err(other) => vec![LineProblem { place: None, message: other.to_string(), help: Vec::new() }],
        };
        Checked { problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Edit;

    fn edited(line: usize, removed: usize, text: &str) -> WorldRequest {
        let edit = Some(Edit { line, removed, text: Some(text.to_string()) });
        WorldRequest { scenario: "two-states".to_string(), edit, ..WorldRequest::default() }
    }

    #[test]
    fn a_mistake_stands_beside_its_line() {
        let explorer = Explorer::default();
        let plain = WorldRequest { scenario: "two-states".to_string(), ..WorldRequest::default() };
        let text = explorer.describe(&plain).unwrap_or_else(|error| panic!("{error}")).text;
        let line = 1 + text.lines().position(|line| line.contains("first_strike:")).unwrap_or_else(|| panic!("no such line"));
        assert_eq!(explorer.check(&plain).problems, []);
        let wrong = explorer.check(&edited(line, 1, "        first_strik: 2.2,"));
        assert_eq!(wrong.problems.len(), 1, "{wrong:?}");
        assert_eq!(wrong.problems[0].place.map(|(line, _)| line), Some(line), "{wrong:?}");
        assert!(wrong.problems[0].help.concat().contains("first_strike"), "{wrong:?}");
        assert_eq!(explorer.check(&edited(line, 1, "        first_strike: 1.5,")).problems, []);
        assert!(!explorer.check(&edited(1, 10_000, "(")).problems.is_empty());
    }

    #[test]
    fn an_edited_number_is_the_same_as_a_moved_one_and_has_a_name_of_its_own() {
        let explorer = Explorer::default();
        let plain = WorldRequest { scenario: "two-states".to_string(), ..WorldRequest::default() };
        let text = explorer.describe(&plain).unwrap_or_else(|error| panic!("{error}")).text;
        let line = 1 + text.lines().position(|line| line.contains("first_strike:")).unwrap_or_else(|| panic!("no such line"));
        let request = edited(line, 1, "        first_strike: 1.5,");
        let set = vec![("technology.first_strike".to_string(), "1.5".to_string())];
        let moved = explorer.scenario(&WorldRequest { set, ..plain.clone() }).unwrap_or_else(|error| panic!("{error}"));
        let found = explorer.scenario(&request).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.setup.parameters, moved.setup.parameters);
        assert!(request.name().starts_with("two-states-edited-") && request.name().contains(".ron"), "{}", request.name());
        assert_ne!(request.name(), edited(line, 1, "        first_strike: 1.6,").name());
    }
}
