//! Rows of the tables `states` and `dyads`: single histories by state and by pair of states, a period (a year or a tick) in each row.

use serde::{Deserialize, Serialize};
use spiral_model::outcome::NOBODY;
use spiral_model::table_row::{Count, CowCode, StateCode};

spiral_model::table_row! {
    /// A state in a period of a history.
    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
    pub struct StatePanelRow {
        /// Number of the history, from 0.
        history: u32 as Count = 0, "";
        /// Date at which the period of the row begins: a year, or a tick with `--panel-by tick`.
        date: f64 = 0.0, "year";
        /// Code of the state.
        state: u32 as StateCode = NOBODY, "";
        derived {
            /// Number of the state in the Correlates of War list; empty where its code is in no such list.
            ccode: CowCode = |row| CowCode(row.state), "";
        }
        /// True where the state counts as a great power.
        great_power: bool = false, "";
        /// Output, mean over the period.
        output: f64 = 0.0, "billion int$ a year";
        /// Arms when the period begins.
        arms: f64 = 0.0, "billion int$";
        /// Procurement of arms, mean over the period.
        procurement: f64 = 0.0, "billion int$ a year";
        /// Military burden: procurement of the period as a share of the output of the period.
        burden: f64 = 0.0, "share";
        /// Share of the arms that is offensive when the period begins.
        offensive_share: f64 = 0.0, "share";
        /// Threat that the state felt from all others in the first tick of the period.
        threat: f64 = 0.0, "billion int$";
        /// Offence-defence balance that the state believes in when the period begins.
        perceived_balance: f64 = 0.0, "ratio";
        /// Nuclear warheads when the period begins.
        warheads: f64 = 0.0, "count";
        /// Share of the state in the capabilities of all states when the period begins: the mean of its shares in all arms and in all
        /// output, what the model has of the composite index of national capability (CINC).
        capability_share: f64 = 0.0, "share";
        /// True where the state exists when the period begins; a conquered state has no numbers from then on.
        alive: bool = true, "";
        /// True where the state was at war at some time of the period.
        at_war: bool = false, "";
    }
}

spiral_model::table_row! {
    /// A pair of states in a period of a history; a pair with a conquered state has no row.
    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
    pub struct DyadPanelRow {
        /// Number of the history, from 0.
        history: u32 as Count = 0, "";
        /// Date at which the period of the row begins: a year, or a tick with `--panel-by tick`.
        date: f64 = 0.0, "year";
        /// Code of the first state of the pair, A.
        state_a: u32 as StateCode = NOBODY, "";
        derived {
            /// Number of A in the Correlates of War list; empty where its code is in no such list.
            ccode1: CowCode = |row| CowCode(row.state_a), "";
        }
        /// Code of the second state of the pair, B.
        state_b: u32 as StateCode = NOBODY, "";
        derived {
            /// Number of B in the Correlates of War list; empty where its code is in no such list.
            ccode2: CowCode = |row| CowCode(row.state_b), "";
        }
        /// Distance between the capitals.
        distance: f64 = 0.0, "km";
        /// How often the two come into contact; 1 for neighbours on land.
        contact: f64 = 0.0, "ratio";
        /// True where one of the two is firmly committed (0.25 or more) to defend the other when the period begins.
        allied: bool = false, "";
        /// Number of great powers in the pair: 0, 1 or 2.
        great_powers: u8 = 0, "count";
        /// Capability share of the weaker state divided by that of the stronger one when the period begins, from 0 to 1.
        capability_ratio: f64 = 0.0, "ratio";
        /// Probability that B is greedy, as A believes when the period begins; empty where the two are beyond each other's reach.
        mistrust_a: f64 = 0.0, "share";
        /// Probability that A is greedy, as B believes when the period begins; empty where the two are beyond each other's reach.
        mistrust_b: f64 = 0.0, "share";
        /// Threat that A felt from B in the first tick of the period; empty where the two are beyond each other's reach.
        threat_a: f64 = 0.0, "billion int$";
        /// Threat that B felt from A in the first tick of the period; empty where the two are beyond each other's reach.
        threat_b: f64 = 0.0, "billion int$";
        /// Chance that A would be beaten if B struck first, as A judged it in the first tick of the period; empty where the two are
        /// beyond each other's reach.
        vulnerability_a: f64 = 0.0, "share";
        /// Chance that B would be beaten if A struck first, as B judged it in the first tick of the period; empty where the two are
        /// beyond each other's reach.
        vulnerability_b: f64 = 0.0, "share";
        /// Largest risk of being struck by B that A saw in a crisis of the period; empty where it judged none.
        risk_a: Option<f64> = None, "share";
        /// Largest risk of being struck by A that B saw in a crisis of the period; empty where it judged none.
        risk_b: Option<f64> = None, "share";
        /// True where the two began to face each other in a crisis of the period, as its principals or as allies that mobilised or fought.
        crisis_onset: bool = false, "";
        /// Highest level of hostility between the two in the period, on the scale of the Correlates of War dispute data: 1 no dispute,
        /// 2 threat (a crisis in which neither mobilised against the other), 3 display of force (one mobilised against the other), 4 use
        /// of force without war (a clash), 5 war (the two on opposite sides of a war).
        hostility: u8 = 1, "";
        /// True where the two began to fight each other in a war in the period.
        war_onset: bool = false, "";
        /// Days of the period on which the two fought each other in a war.
        days: f64 = 0.0, "days";
    }
}

/// Rows of both tables, by history, then by date, then by state or pair.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PanelRows {
    /// Rows of `states`.
    pub states: Vec<StatePanelRow>,
    /// Rows of `dyads`.
    pub dyads: Vec<DyadPanelRow>,
}

impl PanelRows {
    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty() && self.dyads.is_empty()
    }

    /// Adds the rows of the histories that follow on these.
    pub fn append(&mut self, mut next: Self) {
        self.states.append(&mut next.states);
        self.dyads.append(&mut next.dyads);
    }
}

#[cfg(test)]
mod tests {
    use spiral_model::table_row::{CellValue, ColumnType, TableRow};

    use super::*;

    #[test]
    fn the_number_of_a_state_follows_from_its_code() {
        let column = |name: &str| {
            let field = DyadPanelRow::field(name).expect("a column");
            (field.column.holds, (field.get)(&DyadPanelRow { state_a: 3, state_b: 7, ..DyadPanelRow::BLANK }))
        };
        assert_eq!(column("ccode1"), (ColumnType::CowCode, CellValue::State(3)));
        assert_eq!(column("ccode2"), (ColumnType::CowCode, CellValue::State(7)));
        let names: Vec<&str> = StatePanelRow::FIELDS.iter().map(|field| field.column.name).collect();
        assert_eq!(names[..4], ["history", "date", "state", "ccode"]);
        for (meaning, name) in StatePanelRow::FIELDS.iter().map(|field| (field.column.meaning, field.column.name)) {
            assert!(meaning.ends_with('.'), "{name}: {meaning}");
        }
    }
}
