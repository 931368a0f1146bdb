//! Patterns 12 and 13: how arms have moved and how crises have come, in both eras, beside the numbers of history.

use spiral_analysis::Estimate;
use spiral_analysis::stylised_dyads::Onset;
use spiral_analysis::stylised_facts::{Clustered, Era, Fact};

use super::{Criterion, Finding, Picture};
use crate::panels::{ERAS, Years, panels_of, panels_until_war};

const SEED: u64 = 1860;
const HISTORIES: u32 = 512;

/// What a simulated number must show, and whether a test holds it.
fn of_arms(years: Years, fact: Fact, found: &Clustered) -> Criterion {
    let known = fact.history(years.era);
    let what = format!("{}, {}", fact.label(), years.scenario);
    let estimate = found.found.estimate.unwrap_or(f64::NAN);
    let (least, most, rule) = match fact {
        Fact::DeviationNetOfYear | Fact::Deviation => (known.value / 1.5, known.value * 4.0 / 3.0, "within a third"),
        Fact::Races => (known.value / 2.0, known.value * 2.0, "within a factor of two"),
        Fact::Autocorrelation => (known.value - 0.25, known.value + 0.25, "within .25"),
        _ => match known.error {
            Some(error) => {
                let both = 2.0 * (error * error + found.error * found.error).sqrt();
                (known.value - both, known.value + both, "within two standard errors")
            }
            // Without a standard error of history: half as much to twice as much.
            None => (known.value / 2.0, known.value * 2.0, "within a factor of two"),
        },
    };
    let holds = (least..=most).contains(&estimate);
    Criterion::new(&what, found.found.clone(), format!("history {}, {rule}: {least:.3} to {most:.3}", known.value), holds)
        .target()
}

pub(super) fn arms() -> Finding {
    let mut criteria = Vec::new();
    let mut rows = Vec::new();
    for years in ERAS {
        let mut found = panels_of(years, SEED, HISTORIES).0.facts();
        // Nobody mobilises where there is no war: the effect of disputes with use of force is measured before the first war.
        let disputed = |fact: Fact| matches!(fact, Fact::DisputeSameYear | Fact::DisputeYearAfter);
        found.retain(|(fact, _)| !disputed(*fact));
        let before_war = panels_until_war(years, SEED, HISTORIES).0.facts();
        found.extend(before_war.into_iter().filter(|(fact, _)| disputed(*fact)));
        let of = |fact: Fact| found.iter().find(|(name, _)| *name == fact).map(|(_, found)| found.clone());
        // Not a smooth curve: what theory and history demand of the direction.
        if let Some(spread) = of(Fact::DeviationNetOfYear) {
            let what = format!("standard deviation of yearly growth, mean of each year taken out, {}", years.scenario);
            criteria.push(Criterion::surely_above(&what, spread.found.clone(), 0.05));
            rows.push((years.scenario.to_string(), spread.found));
        }
        if let Some(answer) = of(Fact::Rivals) {
            let what = format!("answer to the mean growth of rivals in the year before, {}", years.scenario);
            criteria.push(Criterion::surely_above(&what, answer.found, 0.0));
        }
        criteria.extend(found.iter().map(|(fact, found)| of_arms(years, *fact, found)));
    }
    rows.push(("history, 1860-1913".to_string(), exactly(Fact::DeviationNetOfYear.history(Era::Before1914).value)));
    rows.push(("history, 1920-1938".to_string(), exactly(Fact::DeviationNetOfYear.history(Era::Before1939).value)));
    Finding {
        world:
            "great powers of pre-wwi to 1913 and of pre-wwii/1920 to 1938, war switched off; disputes with use of force in the \
                years before the first war, war switched on"
                .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![Picture::Dots {
            title: "How much one year's growth of spending differs from another's".to_string(),
            axis: "standard deviation, mean of each year taken out".to_string(),
            rows,
        }],
        remark: "The years between the wars are those of pre-wwii/1920. There the mean growth of spending is the thirties' \
                 alone: by the same definitions the great powers' spending (burdens of Our World in Data, output of the \
                 Maddison Project) grew by .075 a year from 1931 to 1938, and by .012 from 1920 to 1930, when what the war had \
                 left was taken down. The scenario begins after that, with the burdens of 1924 to 1929, so it lacks the falls \
                 of the first years, which are large and rare: its spread is a little too small and its tails are too fat. \
                 Its growth remembers the year before, because a programme is built up over years; in history the ups and \
                 downs of the twenties hide that (.31 from 1931 to 1938 alone)."
            .to_string(),
    }
}

/// A number of history without an interval.
fn exactly(value: f64) -> Estimate {
    Estimate::new(value, (f64::NAN, f64::NAN), 0, "history")
}

pub(super) fn crises() -> Finding {
    let mut criteria = Vec::new();
    let mut rows = Vec::new();
    for years in ERAS {
        let dyads = panels_of(years, SEED, HISTORIES).1;
        let mut found = dyads.facts();
        found.retain(|(onset, _)| *onset != Onset::Force);
        let before_war = panels_until_war(years, SEED, HISTORIES).1.facts();
        found.extend(before_war.into_iter().filter(|(onset, _)| *onset == Onset::Force));
        let of = |onset: Onset| found.iter().find(|(name, _)| *name == onset).map(|(_, found)| found.found.clone());
        criteria.push(Criterion::surely_above(
            &format!("rate of onset after one in five years divided by that after none, {}", years.scenario),
            dyads.breeding(),
            1.0,
        ));
        for (onset, found) in &found {
            let known = onset.history(years.era);
            // A scenario has pairs of some kinds only.
            let Some(estimate) = found.found.estimate else { continue };
            let (least, most) = if *onset == Onset::Force { (known - 0.2, known + 0.2) } else { (known / 2.0, known * 2.0) };
            let rule = if *onset == Onset::Force { "within .2" } else { "within a factor of two" };
            let required = format!("history {known}, {rule}: {least:.4} to {most:.4}");
            let what = format!("{}, {}", onset.label(), years.scenario);
            criteria.push(Criterion::new(&what, found.found.clone(), required, (least..=most).contains(&estimate)).target());
        }
        for after in 0..4 {
            rows.extend(of(Onset::After(after)).map(|found| (format!("{}, {after} in five years", years.scenario), found)));
        }
    }
    Finding {
        world: "pairs of pre-wwi to 1913 and of pre-wwii/1920 to 1938, war switched off (use of force, which is a clash or a \
                strike: before the first war, war switched on); neighbours and great powers are few there, \
                and they are those that history watched most"
            .to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![Picture::Dots {
            title: "Rate of onset by the number of onsets in the five years before (3: three or more)".to_string(),
            axis: "onsets a year, neighbours on land or two great powers".to_string(),
            rows,
        }],
        remark: "Two causes are known. First, the neighbours of pre-wwi are those of the Balkans and of the two alliances. They \
                 are rivals, and rivals quarrel more than other neighbours; so their rates are high, and highest after three \
                 disputes, because the pairs that have had three are the worst of them. Second, the allies and the far \
                 great powers of these scenarios are few, and before 1939 their rate rests on a handful of pairs. The rate of \
                 clashes is estimated from the share of disputes with use of force, and the limit of hostility from the rates \
                 after one, two and three disputes: these rows are fitted."
            .to_string(),
    }
}
