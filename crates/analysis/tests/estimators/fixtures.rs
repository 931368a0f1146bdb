//! Outcomes made by hand.

use spiral_analysis::{Measure, ScenarioOutcomes};
use spiral_model::{Ended, Motive, Outcome};

use crate::draws::Stream;

/// A history in which nothing happens from 1900 to `end`.
pub(crate) fn peace(history: u32, end: f64) -> Outcome {
    Outcome {
        peak_burden: 0.03,
        arms_growth: 0.01,
        great_power_dyad_years: 10.0 * (end - 1900.0),
        concentration: 0.2,
        ..Outcome::unwritten(history, end)
    }
}

/// The same with a first war on `date`, begun `days` after its crisis by the first state against the second.
pub(crate) fn war(history: u32, date: f64, motive: Motive, days: f64, end: f64) -> Outcome {
    Outcome {
        crises: 2,
        great_power_crises: 1,
        wars: 1,
        first_war_date: Some(date),
        motive: Some(motive),
        initiator: 0,
        target: 1,
        belligerents_30d: 3,
        great_powers_30d: 2,
        days_crisis_to_war: Some(days),
        ..peace(history, end)
    }
}

/// The same war as a general one.
pub(crate) fn general(outcome: Outcome) -> Outcome {
    Outcome {
        general_war_date: outcome.first_war_date,
        days_crisis_to_general_war: outcome.days_crisis_to_war.map(|days| days + 10.0),
        great_powers_30d: 4,
        belligerents_30d: 6,
        initiator: 1,
        target: 2,
        ended: Ended::War,
        ..outcome
    }
}

pub(crate) fn scenario<'a>(
    name: &'a str,
    years: (f64, f64),
    codes: &'a [String],
    great_powers: &'a [bool],
    outcomes: &'a [Outcome],
) -> ScenarioOutcomes<'a> {
    ScenarioOutcomes { scenario: name, point: 0, years, state_codes: codes, great_powers, outcomes }
}

/// Four states, three of them great powers.
pub(crate) fn states() -> (Vec<String>, Vec<bool>) {
    (["AUH", "GMY", "RUS", "SRB"].map(str::to_string).to_vec(), vec![true, true, true, false])
}

/// Histories from `start` over 34 years, with a constant hazard of war; the same history has the same draws in every scenario.
pub(crate) fn simulated(histories: u32, start: f64, hazard: f64) -> Vec<Outcome> {
    let one = |history| {
        let mut stream = Stream::new(301, history);
        let date = start + (stream.exponential() / hazard * 365.0).ceil() / 365.0;
        let (kind, wide, days) = (stream.uniform(), stream.uniform(), (40.0 * stream.exponential()).ceil());
        let failed = stream.bernoulli(0.01);
        let motive = Motive::ALL[((kind * 4.0) as usize).min(3)];
        let mut outcome = if date > start + 34.0 {
            peace(history, start + 34.0)
        } else if wide < 0.4 {
            general(war(history, date, motive, days, date))
        } else {
            war(history, date, motive, days, start + 34.0)
        };
        outcome.great_power_dyad_years = 10.0 * (outcome.end_date - start);
        outcome.peak_burden = 0.03 + 0.02 * kind * hazard;
        if failed {
            outcome.ended = Ended::Failure;
            outcome.peak_burden = f64::NAN;
        }
        outcome
    };
    (0..histories).map(one).collect()
}

/// The measure of a name.
#[track_caller]
pub(crate) fn find<'a>(measures: &'a [Measure], name: &str) -> &'a Measure {
    measures.iter().find(|measure| measure.name == name).unwrap_or_else(|| panic!("no measure {name}"))
}
