//! What two states did to each other in the crises of one history: when they began to face each other, how far it went, and the days on
//! which they fought. Made from the events of the history.
//!
//! The level is that of the disputes of the Correlates of War project (highest level of hostility, 1 to 5): see [`Level`].

use std::collections::BTreeMap;

use spiral_kernel::calendar::DAYS_PER_YEAR;
use spiral_model::{Event, EventKind};

/// How far a dispute went, on the scale of 1 to 5 of the Correlates of War dispute data.
///
/// Level 1 (no militarised action) has no name here: it is the level of a pair that has no dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// Threat: a crisis in which neither of the two mobilised against the other.
    Threat = 2,
    /// Display of force: one of the two mobilised against the other.
    Display = 3,
    /// Use of force: the two had a clash short of war.
    Force = 4,
    /// War: the two were on opposite sides of a war.
    War = 5,
}

/// A step of a dispute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Date, decimal year.
    pub date: f64,
    /// Level reached.
    pub level: Level,
    /// State that acted, and the probability of being struck by the other as it judged it, where the event names one.
    pub risk: Option<(u32, f64)>,
}

/// What two states did to each other in one crisis.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    /// Positions of the two states, the lower one first.
    pub pair: (u32, u32),
    /// Number of the crisis in its history.
    pub crisis: u32,
    /// Its steps, in the order of the events; there is at least one.
    pub steps: Vec<Step>,
    /// First and last date of the fighting between the two, decimal years. Where the war goes on at the end of the history, the last date
    /// is infinite.
    pub war: Option<(f64, f64)>,
}

impl Dispute {
    /// Date on which the two began to face each other, decimal year.
    #[must_use]
    pub fn onset(&self) -> f64 {
        self.steps.iter().map(|step| step.date).fold(f64::INFINITY, f64::min)
    }

    /// Days from one date to another, decimal years, on which the two fought.
    #[must_use]
    pub fn days_of_war(&self, from: f64, to: f64) -> f64 {
        self.war.map_or(0.0, |(began, ended)| days_between(began.max(from), ended.min(to)).max(0.0))
    }
}

/// Days from one date to another, decimal years.
#[must_use]
pub fn days_between(from: f64, to: f64) -> f64 {
    (to - from) * DAYS_PER_YEAR
}

/// The disputes of one history by crisis, then by pair. `events` are those of the history, in order of (crisis, day). The sides of a
/// war fight as wholes: whoever enters a war fights against everybody on the other side.
#[must_use]
pub fn disputes(events: &[Event]) -> Vec<Dispute> {
    let mut all = Vec::new();
    for crisis in events.chunk_by(|one, other| one.crisis == other.crisis).filter(|crisis| crisis[0].crisis > 0) {
        all.extend(of_crisis(crisis));
    }
    all
}

fn ordered(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

fn of_crisis(crisis: &[Event]) -> impl Iterator<Item = Dispute> {
    let mut found: BTreeMap<(u32, u32), Dispute> = BTreeMap::new();
    let number = crisis[0].crisis;
    let ended = crisis.iter().find(|event| matches!(event.kind, EventKind::Victory | EventKind::Stalemate));
    let end = ended.map_or(f64::INFINITY, |event| event.date);
    let mut note = |one: u32, other: u32, step: Step, fights: bool| {
        let pair = ordered(one, other);
        let dispute = found.entry(pair).or_insert_with(|| Dispute { pair, crisis: number, steps: Vec::new(), war: None });
        dispute.steps.push(step);
        if fights {
            dispute.war.get_or_insert((step.date, end));
        }
    };
    // Everybody who fights, by side.
    let mut sides: [Vec<u32>; 2] = [Vec::new(), Vec::new()];
    for event in crisis {
        let (actor, target, date) = (event.actor, event.target, event.date);
        let risk = event.fear.is_finite().then_some((actor, event.fear));
        match event.kind {
            EventKind::Crisis | EventKind::FalseAlarm | EventKind::Settlement | EventKind::Concession => {
                note(actor, target, Step { date, level: Level::Threat, risk }, false);
            }
            EventKind::Clash => note(actor, target, Step { date, level: Level::Force, risk }, false),
            EventKind::Mobilisation => note(actor, target, Step { date, level: Level::Display, risk }, false),
            EventKind::Strike => {
                let side = usize::from(sides[1].contains(&actor) || sides[0].contains(&target));
                for (state, side) in [(actor, side), (target, 1 - side)] {
                    if !sides[side].contains(&state) {
                        sides[side].push(state);
                        for &foe in &sides[1 - side] {
                            note(state, foe, Step { date, level: Level::War, risk: risk.filter(|_| foe == target) }, true);
                        }
                    }
                }
            }
            EventKind::Joining => {
                let side = usize::from(sides[1].contains(&target));
                if !sides[side].contains(&actor) {
                    sides[side].push(actor);
                    for &foe in &sides[1 - side] {
                        note(actor, foe, Step { date, level: Level::War, risk: None }, true);
                    }
                }
            }
            _ => {}
        }
    }
    found.into_values()
}

#[cfg(test)]
mod tests {
    use spiral_model::table_row::TableRow;

    use super::*;

    fn event(crisis: u32, date: f64, kind: EventKind, actor: u32, target: u32) -> Event {
        Event { crisis, date, kind, actor, target, fear: 0.25, ..Event::BLANK }
    }

    #[test]
    fn a_crisis_that_is_settled_goes_as_far_as_its_mobilisations() {
        use EventKind::{Alliance, Clash, Crisis, Mobilisation, Settlement};
        let events = [
            event(0, 1900.0, Alliance, 0, 1),
            event(1, 1901.0, Crisis, 2, 0),
            event(1, 1901.05, Clash, 0, 2),
            event(1, 1901.1, Settlement, 2, 0),
            event(2, 1902.0, Crisis, 0, 1),
            event(2, 1902.1, Mobilisation, 1, 0),
            event(2, 1902.2, Mobilisation, 2, 0),
        ];
        let found = disputes(&events);
        let seen: Vec<_> = found
            .iter()
            .map(|dispute| (dispute.pair, dispute.crisis, dispute.onset(), dispute.steps.iter().map(|step| step.level).max()))
            .collect();
        let expected = [
            ((0, 2), 1, 1901.0, Some(Level::Force)),
            ((0, 1), 2, 1902.0, Some(Level::Display)),
            ((0, 2), 2, 1902.2, Some(Level::Display)),
        ];
        assert_eq!(seen, expected, "an alliance is no dispute, and an ally that mobilises has one of its own");
        assert!(found.iter().all(|dispute| dispute.war.is_none()));
        assert_eq!(found[1].steps[1].risk, Some((1, 0.25)), "who mobilised, and what it feared");
    }

    #[test]
    fn the_sides_of_a_war_fight_as_wholes_until_its_end() {
        use EventKind::{Crisis, Joining, Mobilisation, Strike, Victory};
        let events = [
            event(3, 1914.5, Crisis, 0, 1),
            event(3, 1914.51, Mobilisation, 2, 0),
            event(3, 1914.52, Strike, 0, 1),
            event(3, 1914.53, Joining, 2, 1),
            event(3, 1914.54, Strike, 3, 2),
            event(3, 1918.5, Victory, 1, 0),
        ];
        let found = disputes(&events);
        let wars: Vec<_> = found.iter().map(|dispute| (dispute.pair, dispute.war)).collect();
        // 1 and 2 stand against 0; 3 strikes 2 and so stands against 1 too.
        let until = 1918.5;
        let expected = [
            ((0, 1), Some((1914.52, until))),
            ((0, 2), Some((1914.53, until))),
            ((1, 3), Some((1914.54, until))),
            ((2, 3), Some((1914.54, until))),
        ];
        assert_eq!(wars, expected);
        assert_eq!(found[1].onset(), 1914.51, "2 mobilised against 0 before it joined");
        let going_on = disputes(&events[..5]);
        assert_eq!(going_on[0].war, Some((1914.52, f64::INFINITY)));
        assert!((going_on[0].days_of_war(1915.0, 1916.0) - DAYS_PER_YEAR).abs() < 1e-9);
        assert!((found[0].days_of_war(1918.0, 1919.0) - DAYS_PER_YEAR / 2.0).abs() < 1e-9);
        assert_eq!(found[0].days_of_war(1919.0, 1920.0), 0.0);
        assert!(disputes(&[]).is_empty());
    }
}
