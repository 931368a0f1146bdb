//! The scenario as a commented RON file.

mod pairs;
mod states;

use std::fmt::Write;

use super::alliances::{Alliances, Pledge};
use super::contiguity::Contiguity;
use super::economy::Economy;
use super::members::Member;
use super::rules::{self, Judged};
use super::{CowRequest, Extras};

use crate::syntax::words::figure;

/// Greed that every state gets, because there are no data, and its range.
const GREED: Judged = Judged { value: 0.05, range: (0.0, 0.3), why: "no figure: most want only safety" };
/// Years back from the start whose disputes and wars are told.
const PAST_YEARS: i32 = 10;

/// Everything that is written.
pub(super) struct World<'a> {
    pub(super) request: &'a CowRequest<'a>,
    pub(super) economy: &'a Economy<'a>,
    pub(super) members: &'a [Member],
    pub(super) contiguity: Contiguity,
    pub(super) alliances: Option<Alliances>,
    pub(super) extras: Extras,
    /// Last year.
    pub(super) end: i32,
    /// Pairs that are not simulated, once they are known.
    pub(super) dropped: Option<Vec<(String, String)>>,
}

/// A number to four figures.
pub(super) fn number(value: f64) -> String {
    figure(format!("{value:.3e}").parse().unwrap_or(value))
}

/// A judgement as RON. The range holds the value and has a length, whatever rounding does.
pub(super) fn judgement(judged: &Judged) -> String {
    let (low, high) = judged.range;
    format!("(value: {}, judgement: ({}, {}), why: {:?})", number(judged.value), number(low), number(high), judged.why)
}

/// A comment of many words, in lines.
fn comment(text: &str, indent: &str) -> String {
    let start = format!("{indent}// ");
    crate::syntax::problem::wrapped(text, 120, &start, &start) + "\n"
}

impl World<'_> {
    /// The file.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.head(&mut text);
        let _ = self.states(&mut text);
        let _ = self.pairs(&mut text);
        let _ = self.timeline(&mut text);
        let _ = self.observed(&mut text);
        text.push_str(")\n");
        text
    }

    /// First and last year of the scenario.
    pub(super) fn years(&self) -> (i32, i32) {
        (self.request.begins.unwrap_or(self.request.year), self.end)
    }

    fn source(&self) -> String {
        let version = self.economy.capabilities.version().map_or(String::new(), |version| format!(", version {version}"));
        format!("National Material Capabilities{version}")
    }

    fn files(&self) -> String {
        let mut files = vec![self.source(), self.contiguity.form.to_string()];
        files.extend(self.alliances.as_ref().map(|alliances| alliances.form.to_string()));
        files.extend(self.economy.file.is_some().then(|| "a file of output a head".to_string()));
        files.extend(self.extras.capitals.is_some().then(|| "a file of capitals".to_string()));
        files.extend(self.extras.disputes.as_ref().map(|disputes| disputes.form.to_string()));
        files.extend(self.extras.wars.is_some().then(|| "Wars by participant".to_string()));
        files.extend(self.extras.membership.is_some().then(|| "Members of the state system".to_string()));
        let none = if self.alliances.is_none() { "; no file of alliances was given" } else { "" };
        format!("{}{none}", files.join(", "))
    }

    fn head(&self, text: &mut String) -> std::fmt::Result {
        let (start, end) = self.years();
        let CowRequest { year, as_of, .. } = self.request;
        let states = self.members.len();
        let names: Vec<&str> = self.members.iter().map(|member| member.seat.name).collect();
        let names = if states > 12 { format!("{states} states") } else { names.join(", ") };
        text.push_str(&comment(&format!("{names} from {start}: a world made from capabilities."), ""));
        text.push_str("//\n");
        text.push_str(&comment(&format!("Made from {}.", self.files()), ""));
        if let Some(last) = as_of {
            text.push_str(&comment(&format!("Nothing after {last} is used: the world as it was known then."), ""));
        }
        let money = if *year <= rules::LAST_YEAR_OF_POUNDS { "pounds, each 4.87 dollars of 1914" } else { "dollars" };
        let buys = number(rules::purchasing_power(*year));
        let (at_a_ton, elasticity) = rules::energy_rule(*year);
        writeln!(
            text,
            r"// The files give the resources of states, not their aims or beliefs: every number below that rests on a rule or
// on no data is a judgement and has a range. Look at them before you rely on a result. Defaults of the model are
// calibrated to no single year: compare rates of crises and wars with history before you use them as forecasts.
//
// Rules
// - output, where no file has it: income a head is {income} int$ of 2011 times (tons of coal equivalent a head) to the
//   power {elasticity} in {year}, at least {least}; the two numbers change from era to era.
// - burden: military expenditure is in thousands of current {money}. Each buys {buys} int$ of 2011 in the
//   United States, and more where income is lower, because prices are lower there.
// - habitual burden: the median of the last years of peace. Years of war are left out.
// - forces: the stock of arms that this burden maintains, so that arms do not drift at the start.
// - reach: great-circle distance between the capitals of {year}; neighbours meet at {border} km at most; great powers carry
//   force over the sea and, from 1940 on, through the air, as if distances were shorter.
// - contact and terrain by type of contiguity; without a border, contact by distance and by great powers; commitment and
//   rivalry by pledges; hostility at the start by the disputes of the twenty years before, as the model's own law has it.
// - rate of crises, contact and what an alliance takes from the rate: by the onsets of militarised disputes of 1821 to 1938.",
            income = number(at_a_ton),
            elasticity = number(elasticity),
            least = rules::SUBSISTENCE,
            border = rules::BORDER_DISTANCE_KM,
        )?;
        self.ends(text);
        self.far(text);
        self.past(text);
        writeln!(
            text,
            r#"(
    question: "How does the security dilemma develop among {states} states with the capabilities of {year}?",
    look_at: "the burdens compared with those of the file, who strikes first and why; then change the judgements",

    calendar: (start: {start}, end: {end}, ticks_per_year: 4),

    // The files have no data on technology, fear and beliefs.
    technology: (
        balance:            (value: 0.5, judgement: (0.3333, 1.0), why: "no figure: between three to one and parity"),
        first_strike:       (value: 1.8, judgement: (1.0, 2.6), why: "no figure: some gain from moving first"),
        distinguishability: (value: 0.2, judgement: (0.0, 0.5), why: "no figure: most arms serve both ends"),
    ),
    beliefs: (
        suspicion:          (value: 0.15, judgement: (0.05, 0.4), why: "no figure: a stranger may be greedy"),
    ),
    crisis: (
        rate:               {rate},
        between_allies:     {between_allies},
    ),

    defaults: (
        state: (
            perceived_balance: (value: 0.6,  judgement: (0.33, 1.2), why: "no figure: a little above the truth"),
            awareness:         (value: 0.25, judgement: (0.0, 0.6), why: "no figure"),
            greed:             {greed},
            unrest:            (value: 0.1,  judgement: (0.0, 0.4), why: "no figure"),
            mobilisation_days: (value: 18,   judgement: (10, 30), why: "no figure: the great powers of 1914"),
        ),
        pair: (
            contact: {contact},
            terrain: (value: 0.3,  judgement: (0.1, 0.6), why: "the land of other states or the sea lies between"),
            trade:   (value: 0.05, judgement: (0.0, 0.15), why: "no figure"),
        ),
    ),"#,
            rate = judgement(&rules::CRISIS_RATE),
            between_allies = judgement(&rules::BETWEEN_ALLIES),
            contact = judgement(&rules::CONTACT_FAR_AWAY),
            greed = judgement(&GREED),
        )
    }

    /// States that end while the world goes on, or with whose end it ends.
    fn ends(&self, text: &mut String) {
        let ending = self.members.iter().filter_map(|member| Some(format!("{} in {}", member.seat.code, member.ends?)));
        let ending: Vec<String> = ending.collect();
        if !ending.is_empty() {
            let told = format!(
                "States that end within twenty years of the start: {}. In the simulation states do not come and go; the calendar ends with the first great power or named state that ends.",
                ending.join(", ")
            );
            text.push_str("//\n");
            text.push_str(&comment(&told, ""));
        }
    }

    /// Pairs that are not simulated.
    fn far(&self, text: &mut String) {
        const MOST_NAMED: usize = 200;
        let Some(dropped) = self.dropped.as_ref().filter(|dropped| !dropped.is_empty()) else { return };
        let great = |code: &String| self.members.iter().any(|member| member.great && member.seat.code == code);
        let with_great: Vec<String> = dropped
            .iter()
            .filter(|(one, other)| great(one) || great(other))
            .map(|(one, other)| format!("{one}-{other}"))
            .collect();
        let all: Vec<String> = dropped.iter().map(|(one, other)| format!("{one}-{other}")).collect();
        let named =
            if all.len() <= MOST_NAMED { all.join(", ") } else { format!("with a great power: {}", with_great.join(", ")) };
        let told = format!(
            "{} pairs are out of each other's reach and are not simulated (geography.negligible = 0 simulates them all): {named}.",
            all.len()
        );
        text.push_str("//\n");
        text.push_str(&comment(&told, ""));
    }

    /// Wars and disputes of the years before and, where the data are not cut at the start, of the years of the scenario.
    fn past(&self, text: &mut String) {
        let (start, end) = self.years();
        let code = |number: u16| self.members.iter().find(|member| member.number == number).map(|member| member.seat.code);
        let mut told = Vec::new();
        if let Some(wars) = &self.extras.wars {
            for (name, year, parties) in wars.between(start - PAST_YEARS, end) {
                let parties: Vec<&str> = parties.iter().filter_map(|number| code(*number)).collect();
                if parties.len() > 1 {
                    told.push(format!(
                        "war of {year} ({}): {}",
                        if name.is_empty() { "no name" } else { name },
                        parties.join(" ")
                    ));
                }
            }
        }
        if let Some(disputes) = &self.extras.disputes {
            let pairs = disputes.between(start - PAST_YEARS, end).into_iter().filter_map(|((one, other), years)| {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                Some(format!("{}-{} {}", code(one)?, code(other)?, years.join(" ")))
            });
            let pairs: Vec<String> = pairs.collect();
            if !pairs.is_empty() {
                told.push(format!("disputes began: {}", pairs.join(", ")));
            }
        }
        if !told.is_empty() {
            text.push_str("//\n");
            let history =
                format!("What history had from {} to {end}, as far as the files go: {}.", start - PAST_YEARS, told.join("; "));
            text.push_str(&comment(&history, ""));
        }
    }

    /// What a state has promised another in a year; past the file's last year, what held in that.
    pub(super) fn pledge(&self, from: u16, to: u16, year: i32) -> Option<Pledge> {
        let alliances = self.alliances.as_ref()?;
        alliances.of(from, to, year.min(alliances.years.1))
    }
}
