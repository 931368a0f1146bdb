//! A crisis as its events record it: whose it is, on which side everybody stands, and on which day of the calendar things happen.

use spiral_model::{Event, EventKind};

use crate::dates;

/// The events of one crisis and of the war that it became, in order, the first being its beginning.
pub(crate) struct Crisis<'a> {
    pub(crate) events: &'a [Event],
    /// The two states whose crisis it is, with the sides 0 and 1, and after them whoever takes a side, in order.
    camps: Vec<(u32, usize)>,
}

impl<'a> Crisis<'a> {
    pub(crate) fn new(events: &'a [Event]) -> Self {
        let mut crisis = Self { events, camps: vec![(events[0].actor, 0), (events[0].target, 1)] };
        for event in &events[1..] {
            let side = match event.kind {
                EventKind::Mobilisation | EventKind::Strike => crisis.side(event.target).map(|side| 1 - side),
                EventKind::Joining => crisis.side(event.target),
                _ => None,
            };
            if let Some(side) = side.filter(|_| crisis.side(event.actor).is_none()) {
                crisis.camps.push((event.actor, side));
            }
        }
        crisis
    }

    /// The challenger and the defender.
    pub(crate) fn principals(&self) -> [u32; 2] {
        [self.camps[0].0, self.camps[1].0]
    }

    pub(crate) fn is_principal(&self, state: u32) -> bool {
        self.principals().contains(&state)
    }

    /// 0 with the challenger, 1 with the defender.
    pub(crate) fn side(&self, state: u32) -> Option<usize> {
        self.camps.iter().find(|(known, _)| *known == state).map(|(_, side)| *side)
    }

    /// The side of the state that struck first; `None` where nobody struck.
    pub(crate) fn striking_side(&self) -> Option<usize> {
        self.events.iter().find(|event| event.kind == EventKind::Strike).and_then(|event| self.side(event.actor))
    }

    /// Everybody who fought on the side of a state; the state alone where it is not known to have fought.
    pub(crate) fn fighters_beside(&self, state: u32) -> Vec<u32> {
        if !self.fought(state) {
            return vec![state];
        }
        let side = self.side(state);
        let camp = self.camps.iter().filter(|(other, of)| Some(*of) == side && self.fought(*other));
        camp.map(|(other, _)| *other).collect()
    }

    /// Whether two states fought on different sides.
    pub(crate) fn have_fought(&self, one: u32, other: u32) -> bool {
        self.fought(one) && self.fought(other) && self.side(one) != self.side(other)
    }

    /// Whether a state fought.
    pub(crate) fn fought(&self, state: u32) -> bool {
        self.events.iter().any(|event| match event.kind {
            EventKind::Strike => event.actor == state || event.target == state,
            EventKind::Joining => event.actor == state,
            _ => false,
        })
    }

    /// Whether a state has mobilised in it.
    pub(crate) fn mobilised(&self, state: u32) -> bool {
        self.events.iter().any(|event| event.kind == EventKind::Mobilisation && event.actor == state)
    }

    /// Whether somebody struck.
    pub(crate) fn is_war(&self) -> bool {
        self.striking_side().is_some()
    }

    /// When its war ended; `None` where there was none or it had not ended.
    pub(crate) fn war_ended(&self) -> Option<f64> {
        let end = self.events.iter().find(|event| matches!(event.kind, EventKind::Victory | EventKind::Stalemate));
        end.map(|event| event.date)
    }

    /// Whether a state had been conquered in its war by a date.
    pub(crate) fn conquered(&self, state: u32, date: f64) -> bool {
        self.events.iter().any(|event| event.kind == EventKind::Conquest && event.target == state && event.date <= date)
    }

    /// Decimal year of an event. What happens in a crisis falls on a whole number of days after it began.
    pub(crate) fn date(&self, event: &Event) -> f64 {
        if ends_war(event.kind) { event.date } else { dates::days_after(self.events[0].date, event.day) }
    }
}

/// Whether an event belongs to the end of a war, which may come years after the crisis.
pub(crate) fn ends_war(kind: EventKind) -> bool {
    matches!(kind, EventKind::Victory | EventKind::Stalemate | EventKind::Annexation | EventKind::Conquest)
}
