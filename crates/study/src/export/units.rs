//! The columns of each unit: from which column of a study they come, their names, and labels of values.

use super::ExportUnit;
use crate::tables::Table;

/// How a column is made from a column of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Make {
    /// The column itself.
    Same,
    /// The calendar year of a date.
    Year,
    /// Number in the Correlates of War list of the state that the column names.
    CowNumber,
    /// Type of contiguity of the Correlates of War data, from the contact of two states.
    Contiguity,
    /// 1 where a level of hostility is above 1, else 0.
    Dispute,
}

/// A column that has another name, is made from another one, or has labels for its values.
pub(super) struct Special {
    /// Its name.
    pub(super) name: &'static str,
    /// Column of the study from which it comes.
    pub(super) from: &'static str,
    pub(super) make: Make,
    /// Label in place of the beginning of the meaning; empty where that serves.
    pub(super) label: &'static str,
}

const fn renamed(from: &'static str, name: &'static str, label: &'static str) -> Special {
    Special { name, from, make: Make::Same, label }
}

const fn made(from: &'static str, make: Make, name: &'static str, label: &'static str) -> Special {
    Special { name, from, make, label }
}

/// Columns that have other names than in the study. Several may come from one column; columns that are not here keep their names.
const HISTORY: &[Special] = &[
    renamed("initiator", "initiator", "State that struck first in the first war"),
    made("initiator", Make::CowNumber, "initiator_ccode", "COW number of the state that struck first in the first war"),
    renamed("target", "target", "State that was struck first in the first war"),
    made("target", Make::CowNumber, "target_ccode", "COW number of the state that was struck first in the first war"),
];

const EVENT: &[Special] = &[
    made("date", Make::Year, "year", "Year"),
    renamed("date", "date", "Date (decimal year)"),
    renamed("actor", "actor", "State that acted"),
    made("actor", Make::CowNumber, "ccode1", "COW number of the state that acted"),
    renamed("target", "target", "State to which the event was directed"),
    made("target", Make::CowNumber, "ccode2", "COW number of the state to which the event was directed"),
];

const STATE_YEAR: &[Special] = &[
    made("date", Make::Year, "year", "Year"),
    renamed("state", "stateabb", "Code of the state"),
    renamed("ccode", "ccode", "COW number of the state"),
    renamed("great_power", "major", "Great power"),
    renamed("output", "output", "Output, mean of the year (billion int$ a year)"),
    renamed("arms", "arms", "Arms at the start of the year (billion int$)"),
    renamed("procurement", "procurement", "Procurement of arms, mean of the year (billion int$ a year)"),
    renamed("burden", "burden", "Military burden: procurement as a share of output"),
    renamed("offensive_share", "offensive_share", "Offensive share of the arms at the start of the year"),
    renamed("threat", "threat", "Threat felt from all others at the start of the year (billion int$)"),
    renamed("perceived_balance", "perceived_balance", "Offence-defence balance believed in (1 is parity)"),
    renamed("warheads", "warheads", "Nuclear warheads at the start of the year"),
    renamed("capability_share", "cinc", "Capability share: mean of the shares in arms and output"),
    renamed("alive", "alive", "The state exists"),
    renamed("at_war", "at_war", "At war at some time of the year"),
];

const DYAD_YEAR: &[Special] = &[
    made("date", Make::Year, "year", "Year"),
    renamed("state_a", "stateabb1", "Code of state 1"),
    renamed("ccode1", "ccode1", "COW number of state 1"),
    renamed("state_b", "stateabb2", "Code of state 2"),
    renamed("ccode2", "ccode2", "COW number of state 2"),
    renamed("distance", "capdist", "Distance between the capitals (km)"),
    renamed("contact", "contact", "Contact: 1 for neighbours on land"),
    made("contact", Make::Contiguity, "conttype", "Contiguity type (1 land, 2 to 5 sea, 0 none)"),
    renamed("allied", "defense", "One is firmly committed to defend the other"),
    renamed("great_powers", "majors", "Number of great powers in the pair"),
    renamed("capability_ratio", "capratio", "Capability of the weaker / of the stronger state"),
    renamed("mistrust_a", "mistrust1", "Probability that 2 is greedy, as 1 believes"),
    renamed("mistrust_b", "mistrust2", "Probability that 1 is greedy, as 2 believes"),
    renamed("threat_a", "threat1", "Threat that 1 feels from 2 (billion int$)"),
    renamed("threat_b", "threat2", "Threat that 2 feels from 1 (billion int$)"),
    renamed("vulnerability_a", "vulnerability1", "Chance that 1 is beaten if 2 strikes first, as 1 judges it"),
    renamed("vulnerability_b", "vulnerability2", "Chance that 2 is beaten if 1 strikes first, as 2 judges it"),
    renamed("risk_a", "risk1", "Largest risk of being struck by 2 that 1 saw in a crisis"),
    renamed("risk_b", "risk2", "Largest risk of being struck by 1 that 2 saw in a crisis"),
    renamed("crisis_onset", "midonset", "Onset of a dispute"),
    made("hostility", Make::Dispute, "midongoing", "A dispute in the year"),
    renamed("hostility", "hihost", "Highest level of hostility"),
    renamed("war_onset", "waronset", "Onset of war between the two"),
    renamed("days", "wardays", "Days of war between the two"),
];

impl ExportUnit {
    /// The table of the study from which it comes.
    pub(super) const fn table(self) -> Table {
        match self {
            Self::History => Table::Outcomes,
            Self::Event => Table::Events,
            Self::StateYear => Table::States,
            Self::DyadYear => Table::Dyads,
        }
    }

    pub(super) const fn special(self) -> &'static [Special] {
        match self {
            Self::History => HISTORY,
            Self::Event => EVENT,
            Self::StateYear => STATE_YEAR,
            Self::DyadYear => DYAD_YEAR,
        }
    }
}

/// Least contact of each type of contiguity, nearest first: halfway between the contacts that imported data give the types (1, 0.6, 0.5,
/// 0.35 and 0.25; 0.1 for no contiguity).
const LEAST_CONTACT: [(f64, i64); 5] = [(0.8, 1), (0.55, 2), (0.425, 3), (0.3, 4), (0.175, 5)];

/// Type of contiguity for a contact: 1 land, 2 to 5 across at most 12, 24, 150 and 400 miles of sea, 0 none.
pub(super) fn contiguity(contact: f64) -> i64 {
    LEAST_CONTACT.iter().find(|(least, _)| contact >= *least).map_or(0, |(_, kind)| *kind)
}

/// Labels of the levels of hostility.
pub(super) const HOSTILITY: [&str; 5] = ["no dispute", "threat", "display of force", "use of force", "war"];
