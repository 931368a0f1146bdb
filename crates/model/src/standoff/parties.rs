//! Who has a part in a crisis, who faces whom, and what is remembered of that.

use super::appraisal::{DAYS, LOOK_AHEAD, Outlook, Perception, Readiness, Strength};

/// A state that has a part in a crisis, or that may take one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Party {
    pub(super) state: usize,
    /// 0 or 1; of no meaning for a bystander.
    pub(super) side: usize,
    /// Day of its order to mobilise.
    pub(super) mobilised: Option<u16>,
    /// Whether it is at war.
    pub(super) fighting: bool,
    pub(super) days_to_mobilise: f64,
    pub(super) great_power: bool,
    /// Strength in attack and in defence, forts apart.
    pub(super) attack: f64,
    pub(super) defence: f64,
    pub(super) forts: f64,
    /// What it believes of the balance.
    pub(super) balance: f64,
    /// What only it knows: its cost of a war less the mean, its cost of mobilising, its patience, its reluctance to help others.
    pub(super) cost: f64,
    pub(super) mobilisation: f64,
    pub(super) patience: f64,
    pub(super) reluctance: f64,
}

impl Party {
    /// Readiness on a day, 0..1, if the state gives no order before it.
    pub(super) fn ready_on(&self, day: u16) -> f64 {
        self.mobilised.map_or(0.0, |order| (f64::from(day.saturating_sub(order)) / self.days_to_mobilise).min(1.0))
    }

    /// How ready it and a rival will be on the days from one on, and how ready it would be if it gave the order that day.
    pub(super) fn readiness(&self, rival: &Self, first_day: u16) -> Readiness {
        let on = |party: &Self| -> [f64; DAYS] { std::array::from_fn(|later| party.ready_on(first_day + later as u16)) };
        let ordered = (LOOK_AHEAD as f64 / self.days_to_mobilise).min(1.0);
        Readiness { own: on(self), other: on(rival), own_if_ordered: if self.mobilised.is_some() { 0.0 } else { ordered } }
    }

    /// Whether its readiness still grows on a day.
    pub(super) fn is_mobilising(&self, day: u16) -> bool {
        self.mobilised.is_some() && self.ready_on(day) < 1.0
    }

    pub(super) fn strength(&self, reach: f64, sight: f64) -> Strength {
        Strength { attack: reach * self.attack * sight, defence: self.defence * sight, forts: self.forts, ..Strength::default() }
    }
}

/// One state's view of a rival: what it perceives, what it expects, and the chance with which the rival could have struck and did not.
pub(super) struct View {
    pub(super) own: usize,
    pub(super) other: usize,
    /// Key of the draws of the dyad.
    pub(super) number: u32,
    pub(super) perception: Perception,
    pub(super) outlook: Option<Outlook>,
    /// Last day for which the outlook holds.
    pub(super) holds_until: u16,
    pub(super) past: f64,
    /// Whether what the scenario says of the two has changed since it was perceived.
    pub(super) outdated: bool,
}

/// What others are expected to add to two foes, in attack and in defence, as long as parties, sides and orders stay.
pub(super) struct Support {
    pub(super) of: (usize, usize),
    /// Day for which it was worked out.
    pub(super) day: u16,
    pub(super) added: ((f64, f64), (f64, f64)),
}

/// Two parties on opposite sides: positions of the parties, and of the view that the first has of the second.
pub(super) struct OpposingPair {
    pub(super) own: usize,
    pub(super) other: usize,
    pub(super) view: usize,
}

/// A war that a state would join.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnsweredCall {
    /// The side that it would join.
    pub(super) side: usize,
    /// The state beside which it would fight.
    pub(super) friend: usize,
    /// What that is worth, and the chances that the striker wins without it and with it.
    pub(super) worth: (f64, f64, f64),
}
