//! States, and the series that are compared with the simulation.

use std::fmt::Write;

use super::super::economy::Basis;
use super::super::members::Member;
use super::super::{rules, warheads};
use super::{GREED, World, comment, judgement, number};

/// Burdens outside these limits count as errors of the rule and are set to the limit.
const BURDENS: (f64, f64) = (0.002, 0.6);

impl World<'_> {
    pub(super) fn states(&self, text: &mut String) -> std::fmt::Result {
        let year = self.request.year;
        writeln!(text)?;
        writeln!(
            text,
            "    // habitual_burden: what a state spends in ordinary years; how much of it is greed follows from the model (E5)."
        )?;
        writeln!(text, "    states: {{")?;
        for member in self.members {
            self.described(text, member)?;
            let (latitude, longitude) = member.place;
            writeln!(text, "        {:?}: (", member.seat.code)?;
            writeln!(text, "            name: {:?}, great_power: {},", member.seat.name, member.great)?;
            writeln!(text, "            capital: ({latitude:.2}, {longitude:.2}), // {}", one_line(&member.city))?;
            writeln!(text, "            output:          {},", self.output(member))?;
            let (burden, (low, high)) = burden(member);
            let source = format!("milex in {}, years {}, by the rules above", self.source(), spelled(&member.habit.years));
            writeln!(
                text,
                "            habitual_burden: (value: {}, judgement: ({}, {}), source: {source:?}),",
                number(burden),
                number(low),
                number(high),
            )?;
            if member.great {
                // A great power's aims matter most: each is uncertain on its own.
                writeln!(text, "            greed:           {},", judgement(&GREED))?;
            }
            let held = warheads::series(member.number, (year, self.end), self.request.as_of);
            match held.as_slice() {
                [] => {}
                [(at, count)] if *at > warheads::last_year() => writeln!(
                    text,
                    "            warheads:        (value: {count}, judgement: ({}, {}), why: \"the number of {}; most arsenals have changed since\"), // {}",
                    number(count * 0.2),
                    number(count * 1.5),
                    warheads::last_year(),
                    warheads::SOURCE
                )?,
                [(_, count)] => writeln!(text, "            warheads:        (value: {count}, source: {:?}),", warheads::SOURCE)?,
                points => {
                    let points: Vec<String> = points.iter().map(|(year, count)| format!("({year}, {count})")).collect();
                    writeln!(
                        text,
                        "            warheads:        (points: [{}], source: {:?}),",
                        points.join(", "),
                        warheads::SOURCE
                    )?;
                }
            }
            writeln!(text, "        ),")?;
        }
        writeln!(text, "    }},")
    }

    /// What the files have of a state, as a comment.
    fn described(&self, text: &mut String, member: &Member) -> std::fmt::Result {
        let year = self.request.year;
        let means = &member.means;
        let personnel = means.personnel.map_or("unknown".to_string(), |men| format!("{} thousand", number(men)));
        let index = self.economy.capabilities.index(member.number, year);
        let index = index.map_or(String::new(), |share| format!("; {} of the world's capabilities (CINC)", number(share)));
        writeln!(
            text,
            "        // {} (number {}): milex {}, personnel {personnel}, energy {}, population {}{index}.",
            member.seat.abbreviation,
            member.number,
            number(means.spending.value),
            number(means.energy.value),
            number(means.people.value),
        )?;
        for (what, how) in means.filled() {
            text.push_str(&comment(&format!("The file has no {what} of {year}: {how}."), "        "));
        }
        let habit = &member.habit;
        if !habit.war.is_empty() {
            let told = if habit.only_war {
                format!("Every year of {} was one of war: the lowest burden counts as the habit.", spelled(&habit.war))
            } else {
                format!("Years of war that make no habit: {}.", spelled(&habit.war))
            };
            text.push_str(&comment(&told, "        "));
        }
        let (limited, _) = burden(member);
        if (limited - habit.burden).abs() > 1e-12 {
            writeln!(
                text,
                "        // The rule gives a burden of {}, which is limited to {}.",
                number(habit.burden),
                number(limited)
            )?;
        }
        if let Some(ends) = member.ends {
            writeln!(text, "        // This state ends in {ends}.")?;
        }
        Ok(())
    }

    /// Output, every ten years as far as the data go: from the start on, or, where nothing later may be used, up to the start, so that it
    /// goes on growing as it has grown.
    fn output(&self, member: &Member) -> String {
        let (start, end) = self.years();
        let first = member.output;
        let known = |year: i32| self.economy.known_output(member.number, year).map(|output| (year, output.value));
        let year = self.request.year;
        let mut points = vec![(year, first.value)];
        if self.request.as_of.is_some() {
            let mut before = [year - 10, year - 5].into_iter().filter_map(known);
            if let Some(point) = before.next() {
                points.insert(0, point);
            }
        } else {
            let middle = i32::midpoint(start, end);
            points.extend([middle, end].into_iter().filter(|year| *year > start).filter_map(known));
            points.dedup_by_key(|(year, _)| *year);
        }
        let ((low, high), why) = first.factor(year);
        let (low, high) = match &member.means.people.filled {
            Some((factor, _)) => (low / factor, high * factor),
            None => (low, high),
        };
        let (low, high) = match (&member.means.energy.filled, first.basis) {
            (Some((factor, _)), Basis::Rule | Basis::Fitted) => (low / factor.sqrt(), high * factor.sqrt()),
            _ => (low, high),
        };
        if points.len() < 2 {
            let range = format!("({}, {})", number(first.value * low), number(first.value * high));
            return format!("(value: {}, judgement: {range}, why: {why:?})", number(first.value));
        }
        let points: Vec<String> = points.iter().map(|(year, value)| format!("({year}, {})", number(*value))).collect();
        format!("(points: [{}], factor: ({}, {}), why: {why:?})", points.join(", "), number(low), number(high))
    }

    pub(super) fn observed(&self, text: &mut String) -> std::fmt::Result {
        let (start, end) = self.years();
        let last = self.request.as_of.unwrap_or(end);
        // The currency of the file changes after 1913: a series stays on the side on which it begins.
        let last = if start <= rules::LAST_YEAR_OF_POUNDS { last.min(rules::LAST_YEAR_OF_POUNDS) } else { last };
        let mut lines = String::new();
        for member in self.members {
            let points: Vec<String> = (start..end.min(last + 1))
                .filter_map(|year| {
                    let burden = self.economy.burden(member.number, year)?;
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

/// Habitual burden within limits, and its range.
fn burden(member: &Member) -> (f64, (f64, f64)) {
    let habit = &member.habit;
    let value = habit.burden.clamp(BURDENS.0, BURDENS.1);
    let (low, high) = rules::BURDEN_FACTOR;
    let factor = member.means.spending.filled.as_ref().map_or(1.0, |(factor, _)| *factor);
    let (least, greatest) = habit.spread;
    let low = (value * low / factor).min(least);
    let high = (value * high * factor).max(greatest.min(BURDENS.1)).min(1.0);
    (value, (low, high.max(value)))
}

/// Years as spans: `1909 to 1913 and 1920`.
fn spelled(years: &[i32]) -> String {
    let mut spans: Vec<(i32, i32)> = Vec::new();
    for year in years {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *year => *last = *year,
            _ => spans.push((*year, *year)),
        }
    }
    let spans = spans.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first} to {last}") });
    spans.collect::<Vec<_>>().join(" and ")
}

/// A text from a file in one line of a comment.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_told_as_spans() {
        assert_eq!(spelled(&[1909, 1910, 1911, 1914, 1916, 1917]), "1909 to 1911 and 1914 and 1916 to 1917");
        assert_eq!(one_line("Port\nau Prince"), "Port au Prince");
    }
}
