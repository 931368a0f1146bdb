//! Pattern 15: how a general war comes out of a crisis of Austria and Serbia, and who strikes whom.

use std::collections::BTreeMap;

use spiral_analysis::Estimate;
use spiral_analysis::intervals::{mean, share};
use spiral_model::{Event, EventKind, Outcome, Setup};

use super::{Criterion, Finding, Picture};
use crate::ensembles::{scenario, share_of, told};
use crate::worlds::set;

const SEED: u64 = 1914;
const HISTORIES: u32 = 1000;
/// Who acted in the summer of 1914, in this order.
const ORDER: [&str; 4] = ["AUH", "RUS", "GER", "FRA"];

type History = (Outcome, Vec<Event>);

/// The events of the crisis out of which the general war of a history came, in order.
fn out_of(history: &History) -> Option<Vec<&Event>> {
    let date = history.0.general_war_date?;
    let enters = |event: &&Event| matches!(event.kind, EventKind::Strike | EventKind::Joining);
    // The last entry that is not after the war became general.
    let last = history
        .1
        .iter()
        .filter(enters)
        .filter(|event| event.date <= date + 0.003)
        .max_by(|one, other| one.date.total_cmp(&other.date))?;
    Some(history.1.iter().filter(|event| event.crisis == last.crisis).collect())
}

/// The states in the order in which they mobilise or enter a war in a crisis.
fn order(crisis: &[&Event]) -> Vec<usize> {
    let mut acts: Vec<&&Event> = crisis.iter().filter(|event| acts_of(event).next().is_some()).collect();
    acts.sort_by(|one, other| one.date.total_cmp(&other.date).then(one.day.cmp(&other.day)));
    let mut order = Vec::new();
    for state in acts.into_iter().flat_map(|event| acts_of(event)) {
        if !order.contains(&state) {
            order.push(state);
        }
    }
    order
}

/// Who acts in an event: who mobilises, strikes, is struck or joins.
fn acts_of(event: &Event) -> impl Iterator<Item = usize> + use<> {
    let (actor, target) = (event.actor as usize, event.target as usize);
    let both = match event.kind {
        EventKind::Mobilisation | EventKind::Joining => [Some(actor), None],
        EventKind::Strike => [Some(actor), Some(target)],
        _ => [None, None],
    };
    both.into_iter().flatten()
}

/// Who strikes first in a history where one of two states strikes the other: 1 for the first state.
fn strikes(history: &History, one: usize, other: usize) -> Option<f64> {
    let between = |event: &&Event| {
        let (actor, target) = (event.actor as usize, event.target as usize);
        event.kind == EventKind::Strike && [(one, other), (other, one)].contains(&(actor, target))
    };
    history
        .1
        .iter()
        .filter(between)
        .min_by(|a, b| a.date.total_cmp(&b.date))
        .map(|event| f64::from(u8::from(event.actor as usize == one)))
}

/// Orders of the four powers in general wars out of crises of Austria and Serbia, with how often each comes.
fn orders(setup: &Setup, seen: &[History]) -> (BTreeMap<String, u64>, u64) {
    let of = |code: &str| setup.state(code).expect("a state of the scenario");
    let balkan = [of("AUH"), of("SRB")];
    let powers = ORDER.map(of);
    let mut found = BTreeMap::new();
    let mut all = 0;
    for crisis in seen.iter().filter_map(out_of) {
        let Some(first) = crisis.first() else { continue };
        let principals = [first.actor as usize, first.target as usize];
        if principals.contains(&balkan[0]) && principals.contains(&balkan[1]) {
            all += 1;
            let acted: Vec<&str> = order(&crisis)
                .into_iter()
                .filter_map(|state| powers.iter().position(|power| *power == state).map(|place| ORDER[place]))
                .collect();
            *found.entry(acted.join(", ")).or_insert(0) += 1;
        }
    }
    (found, all)
}

pub(super) fn summer_of_1914() -> Finding {
    let setup = scenario("pre-wwi", &[]).setup;
    let seen = told(&setup, SEED, HISTORIES);
    let (orders, all) = orders(&setup, &seen);
    let wanted = ORDER.join(", ");
    let count = |order: &str| orders.get(order).copied().unwrap_or(0);
    let commonest = orders.iter().max_by_key(|(_, count)| **count).map_or(("none", 0), |(order, count)| (order.as_str(), *count));
    let required = format!("the commonest; it is {}, {} of {all}", commonest.0, commonest.1);
    let [germany, france] = ["GER", "FRA"].map(|code| setup.state(code).expect("a state of the scenario"));
    let struck = |seen: &[History]| seen.iter().filter_map(|history| strikes(history, germany, france)).collect::<Vec<f64>>();
    let first = struck(&seen);
    let german = first.iter().filter(|first| **first > 0.5).count() as u64;
    let german_share = share(german, first.len() as u64);
    let mut fast = setup.clone();
    set(&mut fast, "states.FRA.mobilisation_days", 8.0);
    let hurried = told(&fast, SEED, HISTORIES);
    // 1 where Germany strikes France first, over all histories: the same draws with both times of mobilisation.
    let victim = |history: &History| strikes(history, germany, france).unwrap_or(0.0);
    let more: Vec<f64> = seen.iter().zip(&hurried).map(|(slow, fast)| victim(fast) - victim(slow)).collect();
    let outcomes: Vec<Outcome> = seen.iter().map(|(outcome, _)| *outcome).collect();
    let general = share_of(&outcomes, |outcome| outcome.general_war_date.is_some());
    let mut listed: Vec<(&String, &u64)> = orders.iter().collect();
    listed.sort_by(|one, other| other.1.cmp(one.1));
    let rows: Vec<(String, Estimate)> = listed
        .into_iter()
        .take(6)
        .map(|(order, count)| (if order.is_empty() { "none of the four".to_string() } else { order.clone() }, share(*count, all)))
        .collect();
    Finding {
        world: "pre-wwi; a state acts when it mobilises, strikes, is struck or joins".to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria: vec![
            Criterion::new(
                &format!("order {wanted} in general wars out of crises of Austria and Serbia"),
                share(count(&wanted), all),
                required,
                all > 0 && count(&wanted) == commonest.1,
            )
            .target(),
            Criterion::at_most("Germany strikes France first, France in 8 days minus France in 16 days", mean(&more), 0.05),
            Criterion::above(
                "Germany strikes France first, of all histories in which one of them strikes the other",
                german_share,
                0.499,
            )
            .target(),
            Criterion::surely_above("general war", general.clone(), 0.2),
            Criterion::within("general war", general, 0.4, 0.9).target(),
        ],
        pictures: vec![Picture::Dots {
            title: "Order in which four powers act in general wars out of crises of Austria and Serbia".to_string(),
            axis: "share of such wars".to_string(),
            rows,
        }],
        remark: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use spiral_model::table_row::TableRow;

    use super::*;

    fn event(crisis: u32, date: f64, day: u16, kind: EventKind, actor: u32, target: u32) -> Event {
        Event { crisis, date, day, kind, actor, target, ..Event::BLANK }
    }

    /// Two crises; the second becomes a general war, in which 0 and 1 quarrel, 2 mobilises before 3, 3 strikes 4.
    #[test]
    fn the_order_of_a_war() {
        use EventKind::{Crisis, Joining, Mobilisation, Settlement, Strike};
        let events = vec![
            event(1, 1900.0, 0, Crisis, 3, 4),
            event(1, 1900.1, 9, Settlement, 3, 4),
            event(2, 1905.0, 0, Crisis, 0, 1),
            event(2, 1905.01, 4, Mobilisation, 0, 1),
            event(2, 1905.02, 8, Strike, 0, 1),
            event(2, 1905.021, 9, Mobilisation, 2, 0),
            event(2, 1905.022, 10, Joining, 3, 0),
            event(2, 1905.03, 11, Strike, 3, 4),
        ];
        let outcome = Outcome { general_war_date: Some(1905.03), ..Outcome::unwritten(0, 1890.0) };
        let history = (outcome, events);
        let crisis = out_of(&history).expect("a general war");
        assert_eq!(crisis.len(), 6);
        assert_eq!(order(&crisis), [0, 1, 2, 3, 4]);
        assert_eq!((strikes(&history, 3, 4), strikes(&history, 4, 3), strikes(&history, 2, 3)), (Some(1.0), Some(0.0), None));
    }
}
