//! Pattern 16: the crises over Czechoslovakia and Poland, and what the awareness of London and Paris does.

use std::collections::BTreeMap;

use spiral_analysis::intervals::share;
use spiral_model::{Event, EventKind, Outcome, Setup};

use super::{CRITICAL, Criterion, Finding, Picture, differences};
use crate::ensembles::{outcomes, scenario, share_of, told};
use crate::worlds::set;

const SEED: u64 = 1938;
const HISTORIES: u32 = 1000;
const AWARENESS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// From the claim on the Sudetenland to the eve of the war.
const CZECH_YEARS: [f64; 2] = [1938.0, 1939.5];

type History = (Outcome, Vec<Event>);

/// How the crises between two states that begin between two dates end: by a concession of the second, by a strike, in another way.
fn endings(seen: &[History], [one, other]: [usize; 2], [from, to]: [f64; 2]) -> [u64; 3] {
    let mut counts = [0; 3];
    for (_, events) in seen {
        for crisis in events.chunk_by(|one, other| one.crisis == other.crisis) {
            let begun = &crisis[0];
            let principals = [begun.actor as usize, begun.target as usize];
            if begun.crisis == 0
                || !(principals == [one, other] || principals == [other, one])
                || !(from..to).contains(&begun.date)
            {
                continue;
            }
            let has = |kind: EventKind| crisis.iter().any(|event| event.kind == kind);
            let conceded = crisis.iter().any(|event| event.kind == EventKind::Concession && event.actor as usize == other);
            counts[if has(EventKind::Strike) {
                1
            } else if conceded {
                0
            } else {
                2
            }] += 1;
        }
    }
    counts
}

/// Over which pair the first war of each history with a general war came: pairs by the principals of its crisis.
fn over_whom(setup: &Setup, seen: &[History]) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for (outcome, events) in seen {
        let Some(date) = outcome.general_war_date else { continue };
        let enters = events.iter().filter(|event| matches!(event.kind, EventKind::Strike | EventKind::Joining));
        let Some(last) = enters.filter(|event| event.date <= date + 0.003).max_by(|one, other| one.date.total_cmp(&other.date))
        else {
            continue;
        };
        let Some(first) = events.iter().find(|event| event.crisis == last.crisis) else { continue };
        let (one, other) = (first.actor.min(first.target) as usize, first.actor.max(first.target) as usize);
        *found.entry(format!("{} and {}", setup.states[one].code, setup.states[other].code)).or_insert(0) += 1;
    }
    found
}

fn aware(awareness: f64) -> Setup {
    let mut setup = scenario("pre-wwii", &[]).setup;
    for code in ["GBR", "FRA"] {
        set(&mut setup, &format!("states.{code}.awareness"), awareness);
    }
    setup
}

pub(super) fn munich_and_poland() -> Finding {
    let setup = scenario("pre-wwii", &[]).setup;
    let state = |code: &str| setup.state(code).expect("a state of the scenario");
    let seen = told(&setup, SEED, HISTORIES);
    let [conceded, fought, other] = endings(&seen, [state("GER"), state("CZE")], CZECH_YEARS);
    let pairs = over_whom(&setup, &seen);
    let general: u64 = pairs.values().sum();
    let polish = pairs.get("GER and POL").copied().unwrap_or(0);
    let commonest = pairs.iter().max_by_key(|(_, count)| **count).map_or(("none", 0), |(pair, count)| (pair.as_str(), *count));
    let by_awareness = AWARENESS.map(|awareness| outcomes(&aware(awareness), SEED, HISTORIES));
    let shares = by_awareness.each_ref().map(|seen| share_of(seen, |outcome| outcome.general_war_date.is_some()));
    let war = |outcome: &Outcome| f64::from(u8::from(outcome.general_war_date.is_some()));
    let number = |place: usize| shares[place].estimate.unwrap_or(f64::NAN);
    let order = |one: &usize, other: &usize| number(*one).total_cmp(&number(*other));
    let least = (0..AWARENESS.len()).min_by(order).unwrap_or(0);
    let most = (0..AWARENESS.len()).max_by(order).unwrap_or(0);
    let what = format!(
        "general war, awareness {} minus awareness {}, the highest and the lowest of five",
        AWARENESS[most], AWARENESS[least]
    );
    let mut criteria = vec![
        Criterion::above(
            "crises of Germany and Czechoslovakia of 1938 to June 1939 that end by a Czech concession, of those that end so or in war",
            share(conceded, conceded + fought),
            0.5,
        ),
        Criterion::above("the same, of all such crises", share(conceded, conceded + fought + other), 0.5).target(),
        Criterion::new(
            "general wars out of a crisis of Germany and Poland",
            share(polish, general),
            format!("the commonest pair; it is {}, {} of {general}", commonest.0, commonest.1),
            general > 0 && polish == commonest.1,
        )
        .target(),
        // Highest against lowest of five: twice the usual bound stands for the choice among ten pairs.
        Criterion::beyond_chance(&what, &differences(&by_awareness[least], &by_awareness[most], war), 1.0, 2.0 * CRITICAL)
            .target(),
    ];
    for end in [0, 4] {
        let what = format!("general war, awareness {} minus awareness {}", AWARENESS[end], AWARENESS[2]);
        criteria.push(
            Criterion::beyond_chance(&what, &differences(&by_awareness[2], &by_awareness[end], war), 1.0, CRITICAL).target(),
        );
    }
    let ends = [("conceded by Czechoslovakia", conceded), ("war", fought), ("another end", other)];
    let mut listed: Vec<(&String, &u64)> = pairs.iter().collect();
    listed.sort_by(|one, other| other.1.cmp(one.1));
    Finding {
        world: "pre-wwii".to_string(),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![
            Picture::Dots {
                title: "How crises of Germany and Czechoslovakia end, 1938 to June 1939".to_string(),
                axis: "share of such crises".to_string(),
                rows: ends.map(|(name, count)| (name.to_string(), share(count, conceded + fought + other))).to_vec(),
            },
            Picture::Dots {
                title: "Out of whose crisis general wars come".to_string(),
                axis: "share of general wars".to_string(),
                rows: listed.into_iter().take(6).map(|(pair, count)| (pair.clone(), share(*count, general))).collect(),
            },
            Picture::Lines {
                title: "General war by the awareness of London and Paris".to_string(),
                x: "awareness e of Britain and France".to_string(),
                y: "histories with a general war".to_string(),
                lines: vec![("pre-wwii".to_string(), AWARENESS.into_iter().zip(shares.clone()).collect())],
            },
        ],
        remark: "Awareness changes what London and Paris believe, less what they spend, and still less whether war comes. In \
                 a trial of 512 histories, raising the awareness of both from 0 to 1 lowered the mean chance that Britain \
                 gives to greed in others at the start of 1938 from .42 to .14, and that of France from .43 to .15. The \
                 median of British spending fell from 4.6 to 3.7 % of output, that of French spending from 8.5 to 7.1 %. \
                 General war is 4 points rarer with awareness 1 than with awareness 0.5 (3.6 standard errors), and as \
                 frequent with 0 as with 0.5. So more awareness does not bring war here, and no middle is best. All first \
                 wars but for an accident are begun for what they could win, by states whose awareness did not change. E7 \
                 lets nobody explain growth beyond what fear could justify, so also a state that explains all it can sees a \
                 greedy Germany in the end. Half of the Czech crises end by a concession and a fifth in war. In the others \
                 nobody gives way: they are settled. The model settles a crisis by chance, on any day, with a chance of 3.3 % \
                 a day, and half of that once both have mobilised, as they had in 194 of these 280 crises; 58 of them went on \
                 to the longest time that the model allows. Over Poland a historian misses the refusal of 1939: of 660 crises \
                 of Germany and Poland that began from March 1939 to June 1940, Poland gave way in 439, mostly within days. \
                 It gives a German attack a chance of almost 1 and its own victory almost none, whatever London has promised."
            .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use spiral_model::table_row::TableRow;

    use super::*;

    #[test]
    fn crises_are_counted_by_their_end() {
        use EventKind::{Concession, Crisis, FalseAlarm, Settlement, Strike};
        let event = |crisis: u32, date: f64, kind: EventKind, actor: u32, target: u32| Event {
            crisis,
            date,
            kind,
            actor,
            target,
            ..Event::BLANK
        };
        let events = vec![
            event(1, 1938.2, Crisis, 0, 1),
            event(1, 1938.3, Concession, 1, 0),
            event(2, 1938.4, FalseAlarm, 1, 0),
            event(2, 1938.5, Strike, 0, 1),
            event(3, 1938.6, Crisis, 0, 1),
            event(3, 1938.7, Concession, 0, 1),
            event(4, 1938.8, Crisis, 0, 2),
            event(4, 1938.8, Concession, 2, 0),
            event(5, 1940.0, Crisis, 0, 1),
            event(5, 1940.1, Settlement, 0, 1),
        ];
        let seen = [(Outcome::unwritten(0, 1930.0), events)];
        assert_eq!(endings(&seen, [0, 1], [1938.0, 1939.0]), [1, 1, 1], "conceded by 1, struck, conceded by 0");
        assert_eq!(endings(&seen, [0, 1], [1938.0, 1941.0]), [1, 1, 2]);
    }
}
