//! Panels: the rows of single histories, beside the outcomes, curves and events of the same histories.

use spiral_analysis::{DyadPanelRow, StatePanelRow};
use spiral_model::{Setup, Simulation};

use super::simulations::{SEED, bits, ensemble, setup};
use crate::{Ensemble, Options, PanelOptions, PanelPeriod, simulate_with};

fn panel(histories: u32, by: PanelPeriod) -> Options {
    Options { panel: Some(PanelOptions { histories, by }), ..Options::default() }
}

#[test]
fn a_panel_changes_nothing_else() {
    let setup = setup();
    for events_for in [u32::MAX, 20, 0] {
        let without = ensemble(&setup, 0..60, Options { events_for, ..Options::default() });
        let mut with = ensemble(&setup, 0..60, Options { events_for, ..panel(40, PanelPeriod::Tick) });
        let rows = std::mem::take(&mut with.panel);
        assert!(bits(&with) == bits(&without), "outcomes, events and curves");
        assert!(rows.states.iter().all(|row| row.history < 40) && rows.states.iter().any(|row| row.history == 39));
        assert!(rows.dyads.iter().any(|row| row.war_onset), "made from events, whether they are kept or not");
    }
}

#[test]
fn calls_and_widths_change_no_bit_of_a_panel() {
    let setup = setup();
    for (options, through_war) in [(panel(50, PanelPeriod::Year), false), (panel(77, PanelPeriod::Tick), true)] {
        let options = Options { through_war, ..options };
        let whole = ensemble(&setup, 0..77, options);
        assert!(!whole.panel.is_empty());
        for cut in [1, 16, 33, 76] {
            let mut parts = ensemble(&setup, 0..cut, options);
            parts.append(ensemble(&setup, cut..77, options));
            assert!(bits(&parts) == bits(&whole), "cut at {cut}");
        }
        let mut singles = Ensemble::default();
        assert_eq!(simulate_with::<Simulation<1>, 1>(&setup, SEED, 0..77, &options, &mut singles), Ok(true));
        assert!(bits(&singles) == bits(&whole), "one history at a time");
    }
}

/// The histories of a state that have a row at a date.
fn rows(found: &Ensemble, state: u32, date: f64) -> impl Iterator<Item = &StatePanelRow> {
    found.panel.states.iter().filter(move |row| row.state == state && row.date == date)
}

#[test]
fn a_panel_is_what_the_curves_are_made_of() {
    let setup = setup();
    for through_war in [false, true] {
        let found = ensemble(&setup, 0..80, Options { through_war, ..panel(u32::MAX, PanelPeriod::Year) });
        let mut seen = 0;
        for row in found.curves.rows(&setup, "world", 0).iter().filter(|row| row.date < 1912.0 && row.metric == "arms") {
            let state = setup.state(&row.state).expect("a state") as u32;
            let arms: Vec<f64> = rows(&found, state, row.date).map(|row| row.arms).collect();
            assert_eq!(arms.len() as u64, row.at_risk, "histories of {} on {}", row.state, row.date);
            let mean = arms.iter().sum::<f64>() / arms.len() as f64;
            assert!((mean - row.mean).abs() < 1e-6 * mean, "{mean} and {} on {}", row.mean, row.date);
            seen += 1;
        }
        assert_eq!(seen, 3 * 12, "three states in twelve years");
    }
}

/// By history, the rows of all pairs.
fn by_history(rows: &[DyadPanelRow]) -> impl Iterator<Item = &[DyadPanelRow]> {
    rows.chunk_by(|one, other| one.history == other.history)
}

#[test]
fn a_panel_tells_the_first_war_in_the_year_in_which_it_began() {
    let found = ensemble(&setup(), 0..240, panel(u32::MAX, PanelPeriod::Year));
    let (mut wars, mut crises) = (0, 0);
    for (outcome, rows) in found.outcomes.iter().zip(by_history(&found.panel.dyads)) {
        assert!(rows.iter().all(|row| row.history == outcome.history));
        let onset = rows.iter().find(|row| row.war_onset);
        let last = rows.last().expect("a row");
        // A crisis of the last days of a year may become a war in the first ones of the next, which has no row.
        let year = outcome.first_war_date.map(|date| date.floor().min(last.date));
        assert_eq!(onset.map(|row| row.date), year, "history {}", outcome.history);
        if let Some(row) = onset {
            let (pair, fought) = ([row.state_a, row.state_b], row.days > 0.0);
            let late = outcome.first_war_date.is_some_and(|date| date >= last.date + 1.0);
            assert!(row.hostility == 5 && row.crisis_onset && (fought || late) && row.date == last.date, "{row:?}");
            let principals = rows.iter().filter(|row| row.war_onset);
            assert!(principals.clone().any(|row| [row.state_a, row.state_b].contains(&outcome.initiator)), "{pair:?}");
            wars += 1;
        }
        crises += rows.iter().filter(|row| row.crisis_onset).count();
        for row in rows {
            let judged = row.risk_a.is_some() || row.risk_b.is_some();
            assert!(!judged || row.hostility > 1, "a risk is judged in crises only: {row:?}");
            // Who joins a war fights against everybody on the other side, also where it judged no risk.
            assert!(judged || [1, 5].contains(&row.hostility), "a crisis is judged: {row:?}");
            assert!(row.crisis_onset || row.hostility == 1 || row.date > 1900.0, "{row:?}");
            assert!((0.0..=1.0).contains(&row.capability_ratio) && (0.0..=1.0).contains(&row.vulnerability_a), "{row:?}");
            assert!(row.threat_a > 0.0 && row.mistrust_b > 0.0 && row.distance == 1000.0 && row.great_powers == 2, "{row:?}");
        }
    }
    assert!(wars > 10 && crises > wars, "{wars} wars and {crises} crises: the test shows too little");
}

#[test]
fn through_war_a_panel_counts_the_days_of_war() {
    let options = Options { through_war: true, ..panel(u32::MAX, PanelPeriod::Year) };
    let found = ensemble(&setup(), 0..60, options);
    let mut days = 0.0;
    for (outcome, rows) in found.outcomes.iter().zip(by_history(&found.panel.dyads)) {
        assert_eq!(rows.len(), 3 * 12, "every pair in every year");
        let fought: f64 = rows.iter().map(|row| row.days).sum();
        assert_eq!(fought > 0.0, outcome.wars > 0, "history {}", outcome.history);
        // Each war has at least one pair that fights from its first to its last day.
        assert!(fought > 365.0 * outcome.war_years - 1.0, "{fought} days, {} years of war", outcome.war_years);
        days += fought;
    }
    assert!(days > 0.0);
    let states = &found.panel.states;
    assert!(states.iter().any(|row| row.at_war) && states.iter().any(|row| !row.at_war));
    for row in states.iter().filter(|row| row.alive) {
        assert!((row.burden - row.procurement / row.output).abs() < 1e-12 && row.output > 0.0, "{row:?}");
    }
    let share: f64 =
        rows(&found, 0, 1900.0).chain(rows(&found, 1, 1900.0)).chain(rows(&found, 2, 1900.0)).map(|r| r.capability_share).sum();
    assert!((share / 60.0 - 1.0).abs() < 1e-9, "shares add up to one");
}

#[test]
fn years_and_ticks_tell_the_same_history() {
    let setup: Setup = setup();
    let by = |by| ensemble(&setup, 0..20, panel(20, by)).panel;
    let (years, ticks) = (by(PanelPeriod::Year), by(PanelPeriod::Tick));
    for year in &years.states {
        let own: Vec<&StatePanelRow> = ticks
            .states
            .iter()
            .filter(|tick| {
                (tick.history, tick.state) == (year.history, year.state)
                    && (tick.date - year.date) < 1.0
                    && tick.date >= year.date
            })
            .collect();
        assert!((1..=4).contains(&own.len()));
        assert_eq!((own[0].arms, own[0].threat, own[0].perceived_balance), (year.arms, year.threat, year.perceived_balance));
        // A year that ends with a war in it goes on past the last tick that begins in peace.
        if own.len() == 4 {
            let mean = own.iter().map(|tick| tick.procurement).sum::<f64>() / 4.0;
            assert!((mean - year.procurement).abs() < 1e-9 * mean, "{mean} {}", year.procurement);
        }
    }
    let onsets = |rows: &[DyadPanelRow]| rows.iter().filter(|row| row.war_onset).count();
    assert_eq!(onsets(&years.dyads), onsets(&ticks.dyads));
}
