//! The scenario as a commented RON file.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::alliances::{Alliances, Pledge};
use super::capabilities::Capabilities;
use super::contiguity::Contiguity;
use super::rules::{self, Judged};
use super::{CowRequest, Member, YEARS, states};

use crate::syntax::words::figure;
use crate::world::distance::great_circle_km;

/// Greed that every state gets, because there are no data, and its range.
const GREED: Judged = Judged { value: 0.05, range: (0.0, 0.3), why: "no figure: most want only safety" };
/// Burdens outside these limits count as errors of the rule and are set to the limit.
const BURDENS: (f64, f64) = (0.002, 0.6);

/// Everything that is written.
pub(super) struct World<'a> {
    pub(super) request: &'a CowRequest<'a>,
    pub(super) capabilities: &'a Capabilities<'a>,
    pub(super) members: &'a [Member],
    pub(super) contiguity: Contiguity,
    pub(super) alliances: Option<Alliances>,
}

/// A number to four figures.
fn number(value: f64) -> String {
    figure(format!("{value:.3e}").parse().unwrap_or(value))
}

/// A judgement as RON.
fn judgement(judged: &Judged) -> String {
    let (low, high) = judged.range;
    format!("(value: {}, judgement: ({}, {}), why: {:?})", number(judged.value), number(low), number(high), judged.why)
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

    fn years(&self) -> (i32, i32) {
        (self.request.year, self.request.year + YEARS)
    }

    fn source(&self) -> String {
        let version = self.capabilities.version().map_or(String::new(), |version| format!(", version {version}"));
        format!("National Material Capabilities{version}")
    }

    fn head(&self, text: &mut String) -> std::fmt::Result {
        let (start, end) = self.years();
        let CowRequest { year, .. } = self.request;
        let names: Vec<&str> = self.members.iter().map(|member| member.seat.name).collect();
        let files = match &self.alliances {
            Some(alliances) => format!("{}, {} and {}", self.source(), self.contiguity.form, alliances.form),
            None => format!("{} and {}; no file of alliances was given", self.source(), self.contiguity.form),
        };
        let money = if *year <= rules::LAST_YEAR_OF_POUNDS {
            format!("thousands of current pounds, of which each buys {} int$ of 2011", number(rules::POUND))
        } else {
            let buys = number(rules::purchasing_power(*year));
            format!("thousands of current dollars, of which each buys {buys} int$ of 2011 (consumer prices)")
        };
        writeln!(
            text,
            r#"// {names} from {start}: a world made from capabilities.
//
// Made from {files}.
// The files give the resources of states, not their aims or beliefs: every number below that rests on a rule or
// on no data is a judgement and has a range. Look at them before you rely on a result.
//
// Rules
// - output: no file has it. Income a head is {income} int$ of 2011 times (tons of coal equivalent a head) to
//   the power {elasticity}, times exp({growth} (year - 1913)), at least {least}: within a factor of 1.6 of the great powers of 1913.
// - burden: military expenditure is in {money}.
//   The file changes from pounds to dollars after 1913: no series below crosses that seam.
// - forces: the stock of arms that this burden maintains, so that arms do not drift at the start.
// - reach: great-circle distance between the capitals of {year}; land neighbours meet at {border} km at most.
// - contact and terrain by type of contiguity; commitment and rivalry by the strongest pledge.
(
    question: "How does the security dilemma develop among {states} states with the capabilities of {year}?",
    look_at: "the burdens compared with those of the file, who strikes first and why; then change the judgements",

    calendar: (start: {start}, end: {end}, ticks_per_year: 4),

    // The files have no data on technology, fear and beliefs.
    technology: (
        balance:            (value: 0.5, judgement: (0.3333, 1.0), why: "no figure: between three to one and parity"),
        first_strike:       (value: 1.8, judgement: (1.0, 2.6), why: "no figure: some gain from moving first"),
        distinguishability: (value: 0.2, judgement: (0.0, 0.5), why: "no figure: most arms serve both ends"),
    ),
    crisis: (
        rate:               (value: 0.166, judgement: (0.05, 0.3), why: "land neighbours have 0.064 disputes a year"),
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
            contact: (value: 0.1,  judgement: (0.03, 0.2), why: "not contiguous"),
            terrain: (value: 0.3,  judgement: (0.1, 0.6), why: "the land of other states or the sea lies between"),
            trade:   (value: 0.05, judgement: (0.0, 0.15), why: "no figure"),
        ),
    ),"#,
            names = names.join(", "),
            states = names.len(),
            income = rules::INCOME_AT_A_TON,
            elasticity = rules::ENERGY_ELASTICITY,
            growth = rules::OTHER_GROWTH,
            least = rules::SUBSISTENCE,
            border = rules::BORDER_DISTANCE_KM,
            greed = judgement(&GREED),
        )
    }

    fn states(&self, text: &mut String) -> std::fmt::Result {
        let year = self.request.year;
        writeln!(text)?;
        writeln!(text, "    // habitual_burden: the burden of {year}; how much of it is greed follows from the model (E5).")?;
        writeln!(text, "    states: {{")?;
        for member in self.members {
            let output = rules::output(member.means.people, member.means.energy, year);
            let raw = rules::burden(member.means.spending, output, year);
            let burden = raw.clamp(BURDENS.0, BURDENS.1);
            let great = states::great_power(member.number, year);
            let (latitude, longitude) = member.seat.place;
            let personnel = member.means.personnel.map_or("unknown".to_string(), |men| format!("{} thousand", number(men)));
            let index = self.capabilities.index(member.number, year);
            let index = index.map_or(String::new(), |share| format!("; {} of the world's capabilities (CINC)", number(share)));
            writeln!(
                text,
                "        // {} (number {}): milex {}, personnel {personnel}, energy {}, population {}{index}.",
                member.seat.abbreviation,
                member.number,
                number(member.means.spending),
                number(member.means.energy),
                number(member.means.people),
            )?;
            if raw != burden {
                writeln!(text, "        // The rule gives a burden of {}, which is limited to {}.", number(raw), number(burden))?;
            }
            writeln!(text, "        {:?}: (", member.seat.code)?;
            writeln!(text, "            name: {:?}, great_power: {great},", member.seat.name)?;
            writeln!(text, "            capital: ({latitude:.2}, {longitude:.2}), // {}", member.seat.city)?;
            writeln!(text, "            output:          {},", self.output(member, output))?;
            let factor = rules::BURDEN_FACTOR;
            let source = format!("milex of {year} in {}, by the rules above", self.source());
            writeln!(
                text,
                "            habitual_burden: (value: {}, judgement: ({}, {}), source: {source:?}),",
                number(burden),
                number(burden * factor.0),
                number((burden * factor.1).min(1.0)),
            )?;
            writeln!(text, "        ),")?;
        }
        writeln!(text, "    }},")
    }

    /// Output by the rule, every ten years as far as the file goes.
    fn output(&self, member: &Member, first: f64) -> String {
        let (start, end) = self.years();
        let mut points = vec![(start, first)];
        for year in [start + YEARS / 2, end] {
            if let Some(Ok(means)) = self.capabilities.means(member.number, year) {
                points.push((year, rules::output(means.people, means.energy, year)));
            }
        }
        let (low, high) = rules::OUTPUT_FACTOR;
        if points.len() < 2 {
            let range = format!("({}, {})", number(first * low), number(first * high));
            return format!("(value: {}, judgement: {range}, why: \"energy and population, by the rule above\")", number(first));
        }
        let points: Vec<String> = points.iter().map(|(year, value)| format!("({year}, {})", number(*value))).collect();
        format!("(points: [{}], factor: ({low}, {high}), why: \"energy and population, by the rule above\")", points.join(", "))
    }

    fn pairs(&self, text: &mut String) -> std::fmt::Result {
        let mut lines = String::new();
        for (position, one) in self.members.iter().enumerate() {
            for other in &self.members[position + 1..] {
                let contiguous = self.contiguity.of(one.number, other.number);
                let pledged = self.pledge(one.number, other.number, self.request.year);
                if contiguous.is_none() && pledged.is_none() {
                    continue;
                }
                writeln!(lines, "        \"{}-{}\": (", one.seat.code, other.seat.code)?;
                if let Some(kind) = contiguous {
                    let (contact, terrain) = rules::border(kind);
                    writeln!(lines, "            contact:    {}, // type {kind}", judgement(&contact))?;
                    writeln!(lines, "            terrain:    {},", judgement(&terrain))?;
                    let apart = great_circle_km(one.seat.place, other.seat.place);
                    let limit = rules::BORDER_DISTANCE_KM;
                    if kind == 1 && apart > limit {
                        let why = "forces meet at the border, not at the capitals";
                        let high = apart.max(limit * 1.01);
                        let near = Judged { value: limit, range: (limit / 2.0, high), why };
                        writeln!(
                            lines,
                            "            distance:   {}, // {} km between capitals",
                            judgement(&near),
                            number(apart)
                        )?;
                    }
                }
                if pledged.is_some() {
                    let (commitment, rivalry) = rules::pledge(pledged);
                    writeln!(lines, "            commitment: {},", judgement(&commitment))?;
                    writeln!(lines, "            rivalry:    {},", judgement(&rivalry))?;
                }
                writeln!(lines, "        ),")?;
            }
        }
        if lines.is_empty() {
            return writeln!(
                text,
                "\n    // No two of these states are contiguous or pledged to each other in {}.",
                self.request.year
            );
        }
        write!(text, "\n    pairs: {{\n{lines}    }},\n")
    }

    /// What holds between two states in a year; past the file's last year, what held in that.
    fn pledge(&self, one: u16, other: u16, year: i32) -> Option<Pledge> {
        let alliances = self.alliances.as_ref()?;
        alliances.of(one, other, year.min(alliances.years.1))
    }

    fn timeline(&self, text: &mut String) -> std::fmt::Result {
        let Some(alliances) = &self.alliances else { return Ok(()) };
        let (start, end) = self.years();
        let mut by_year: BTreeMap<i32, Vec<(String, Option<Pledge>)>> = BTreeMap::new();
        for (position, one) in self.members.iter().enumerate() {
            for other in &self.members[position + 1..] {
                for year in start + 1..end {
                    let (before, now) =
                        (self.pledge(one.number, other.number, year - 1), self.pledge(one.number, other.number, year));
                    if before != now {
                        by_year.entry(year).or_default().push((format!("{}-{}", one.seat.code, other.seat.code), now));
                    }
                }
            }
        }
        if by_year.is_empty() {
            return Ok(());
        }
        writeln!(text)?;
        writeln!(
            text,
            "    // Pledges as they change from one year to the next. The file gives years only: each date is 1 January."
        )?;
        writeln!(text, "    timeline: [")?;
        for (year, changes) in by_year {
            let what: Vec<String> = changes.iter().map(|(pair, pledge)| format!("{pair} {}", rules::called(*pledge))).collect();
            writeln!(text, "        (date: {year}, what: \"Pledges: {}\", source: {:?},", what.join(", "), alliances.form)?;
            writeln!(text, "            set: {{")?;
            for (pair, pledge) in &changes {
                let (commitment, rivalry) = rules::pledge(*pledge);
                writeln!(text, "                \"pairs.{pair}.commitment\": {},", judgement(&commitment))?;
                writeln!(text, "                \"pairs.{pair}.rivalry\":    {},", judgement(&rivalry))?;
            }
            writeln!(text, "            }}),")?;
        }
        writeln!(text, "    ],")
    }

    fn observed(&self, text: &mut String) -> std::fmt::Result {
        let (start, end) = self.years();
        // The currency of the file changes after 1913: a series stays on the side on which it begins.
        let last = if start <= rules::LAST_YEAR_OF_POUNDS { end.min(rules::LAST_YEAR_OF_POUNDS + 1) } else { end };
        let mut lines = String::new();
        for member in self.members {
            let points: Vec<String> = (start..last)
                .filter_map(|year| {
                    let means = self.capabilities.means(member.number, year)?.ok()?;
                    let burden = rules::burden(means.spending, rules::output(means.people, means.energy, year), year);
                    (burden <= 1.0).then(|| format!("({year}.5, {})", number(burden)))
                })
                .collect();
            if points.is_empty() {
                continue;
            }
            let source = format!("milex in {}, by the rules above", self.source());
            writeln!(lines, "        {:?}: (burden: (source: {source:?}, points: [", member.seat.code)?;
            for some in points.chunks(6) {
                writeln!(lines, "            {},", some.join(", "))?;
            }
            writeln!(lines, "        ])),")?;
        }
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(text)?;
        writeln!(
            text,
            "    // Values of the file, by the same rules: drawn with the simulated burdens; the simulation does not use them."
        )?;
        write!(text, "    observed: {{\n{lines}    }},\n")
    }
}
