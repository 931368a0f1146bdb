//! Output and burdens of states in any year: from a file of output a head where one is given, else by the rule.

use std::collections::BTreeMap;

use spiral_kernel::maths::{exp, ln};

use super::capabilities::{Capabilities, ENERGY, PEOPLE, SPENDING};
use super::faults::Faults;
use super::kinds::Role;
use super::rules;
use super::source::Source;
use super::table::Table;

use crate::syntax::problem::{Error, Finding};

/// Longest time between two values of a file that is interpolated, years.
const LONGEST_GAP: i32 = 25;
/// Furthest value of a file that the rule is fitted to, years.
const FURTHEST: i32 = 30;

/// Names of states in the borders that they had before they broke up.
const WHOLE: &[&str] = &["SUN", "Former USSR", "USSR", "Soviet Union", "YUG", "Former Yugoslavia", "Yugoslavia"];

/// Output a head by state and year, int$ of 2011 a year.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct OutputFile(BTreeMap<u16, BTreeMap<i32, f64>>);

impl OutputFile {
    /// Reads the file; nothing after `as_of` is used.
    pub(crate) fn read(source: &Source, as_of: Option<i32>) -> Result<Self, Error> {
        let (table, _) = Table::of(source, Role::Output)?;
        let mut incomes: BTreeMap<u16, BTreeMap<i32, f64>> = BTreeMap::new();
        let mut faults = Faults::default();
        for row in 0..table.len() {
            let mut read = || -> Result<(), Finding> {
                let year = table.integer(row, 1)?;
                // The Maddison Project begins with the year 1.
                let Some(year) = i32::try_from(year).ok().filter(|year| (1500..=2500).contains(year)) else {
                    return if (0..1500).contains(&year) {
                        Ok(())
                    } else {
                        Err(table.finding(row, 1, "a year is from 0 to 2500"))
                    };
                };
                if as_of.is_some_and(|last| year > last) {
                    return Ok(());
                }
                // Regions and states that are not in the list are no mistake.
                let Ok(Some(state)) = table.state(row, 0, year) else { return Ok(()) };
                if let Some(income) = table.number(row, 2)?.filter(|income| *income > 0.0) {
                    if !(50.0..=1e6).contains(&income) {
                        let finding = table.finding(row, 2, &format!("an income a head of {income} is not in dollars a year"));
                        return Err(finding.help("output a head is in international dollars of 2011 a year, some 700 to 60000"));
                    }
                    let own = incomes.entry(state).or_default();
                    // The whole of a state that broke up comes before its successor in the borders of today.
                    if WHOLE.iter().any(|name| table.cell(row, 0).eq_ignore_ascii_case(name)) {
                        own.insert(year, income);
                    } else {
                        own.entry(year).or_insert(income);
                    }
                }
                Ok(())
            };
            if let Err(finding) = read() {
                faults.add(finding);
            }
        }
        if faults.is_empty() && incomes.is_empty() {
            faults.add(
                Finding::new("no state of the Correlates of War list has a value")
                    .help("states are named by codes of ISO (countrycode), by number (ccode, gwcode) or by name (country)"),
            );
        }
        if faults.is_empty() { Ok(Self(incomes)) } else { Err(source.error(faults.findings())) }
    }
}

/// What an output rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// The file of output has the year, or years on both sides.
    File,
    /// The rule, fitted to the nearest year of the file.
    Fitted,
    /// The rule alone.
    Rule,
}

/// Output of a state in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Output {
    /// Billion int$ of 2011 a year.
    pub(crate) value: f64,
    /// What it rests on.
    pub(crate) basis: Basis,
}

impl Output {
    /// Range of a factor on it, and the reason.
    pub(crate) fn factor(self, year: i32) -> ((f64, f64), &'static str) {
        match self.basis {
            Basis::File => ((0.85, 1.18), "output a head of the file times population"),
            Basis::Fitted => ((0.7, 1.45), "energy and population, by the rule above, fitted to the nearest output of the file"),
            Basis::Rule => (rules::output_factor(year), "energy and population, by the rule above"),
        }
    }
}

/// Everything that output and burdens follow from.
#[derive(Debug)]
pub(crate) struct Economy<'a> {
    pub(crate) capabilities: &'a Capabilities<'a>,
    pub(crate) file: Option<OutputFile>,
}

impl Economy<'_> {
    /// Output of a state in a year from its people and energy, in the units of the file of capabilities.
    pub(crate) fn output(&self, number: u16, year: i32, people: f64, energy: f64) -> Output {
        let rule = |year: i32, energy_a_head: f64| rules::income(energy_a_head, year);
        let by_rule = rule(year, energy / people);
        let total = |income: f64, basis: Basis| Output { value: people * 1e3 * income / 1e9, basis };
        let Some(own) = self.file.as_ref().and_then(|file| file.0.get(&number)) else { return total(by_rule, Basis::Rule) };
        if let Some(income) = own.get(&year) {
            return total(*income, Basis::File);
        }
        let (before, after) = (own.range(..year).next_back(), own.range(year + 1..).next());
        if let (Some((from, low)), Some((to, high))) = (before, after)
            && to - from <= LONGEST_GAP
        {
            let share = f64::from(year - from) / f64::from(to - from);
            return total(exp(ln(*low) + share * (ln(*high) - ln(*low))), Basis::File);
        }
        let near = before.into_iter().chain(after).min_by_key(|(at, _)| (**at - year).abs());
        let fitted = near.filter(|(at, _)| (**at - year).abs() <= FURTHEST).and_then(|(at, income)| {
            let known = |column| self.capabilities.known(number, *at, column);
            let then = known(ENERGY)? / known(PEOPLE).filter(|people| *people > 0.0)?;
            Some(by_rule * income / rule(*at, then))
        });
        match fitted {
            Some(income) => total(income.max(rules::SUBSISTENCE), Basis::Fitted),
            None => total(by_rule, Basis::Rule),
        }
    }

    /// Output of a state in a year, where the file of capabilities has its people, and its energy unless output is in a file.
    pub(crate) fn known_output(&self, number: u16, year: i32) -> Option<Output> {
        let people = self.capabilities.known(number, year, PEOPLE).filter(|people| *people > 0.0)?;
        let energy = self.capabilities.known(number, year, ENERGY);
        if energy.is_none() && !self.in_file(number, year) {
            return None;
        }
        Some(self.output(number, year, people, energy.unwrap_or(0.0)))
    }

    /// Whether the file of output makes energy unnecessary for a state in a year.
    pub(crate) fn in_file(&self, number: u16, year: i32) -> bool {
        let output = |own: &BTreeMap<i32, f64>| {
            let (before, after) = (own.range(..=year).next_back(), own.range(year..).next());
            before.zip(after).is_some_and(|((from, _), (to, _))| to - from <= LONGEST_GAP)
        };
        self.file.as_ref().and_then(|file| file.0.get(&number)).is_some_and(output)
    }

    /// Burden of a state in a year as the file has it.
    pub(crate) fn burden(&self, number: u16, year: i32) -> Option<f64> {
        let spending = self.capabilities.known(number, year, SPENDING)?;
        let output = self.known_output(number, year)?;
        let people = self.capabilities.known(number, year, PEOPLE)?;
        Some(rules::burden(spending, output.value, people, year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("f.csv".to_string(), text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn maddison_by_code_by_name_and_by_number_say_the_same() {
        let rows = |column: &str, name: &str| {
            format!(
                "{column},year,gdppc,pop\n{name},1,700,5\n{name},1913,\"8,212\",45649\n{name},1920,7017,46821\nHKG,1950,3128,2237\n"
            )
        };
        let file = |text: &str| OutputFile::read(&source(text), None).unwrap_or_else(|error| panic!("{error}"));
        let by_code = file(&rows("countrycode", "GBR"));
        assert_eq!(by_code, file(&rows("country", "United Kingdom").replace("HKG", "Hong Kong")));
        assert_eq!(by_code, file(&rows("gwcode", "200").replace("HKG", "NA")));
        assert_eq!(
            by_code.0.get(&200).map(std::collections::BTreeMap::len),
            Some(2),
            "the year 1 is before any state of the list"
        );
        assert_eq!(
            OutputFile::read(&source(&rows("iso3c", "GBR")), Some(1913)).ok().and_then(|file| file
                .0
                .get(&200)?
                .keys()
                .last()
                .copied()),
            Some(1913)
        );
        let wrong = OutputFile::read(&source("ccode,year,gdppc\n200,1913,8.2\n"), None);
        assert!(wrong.is_err_and(|error| error.problems[0].message.contains("not in dollars a year")));
    }

    #[test]
    fn output_comes_from_the_file_then_from_the_rule_fitted_to_it_then_from_the_rule() {
        let nmc = source(
            "ccode,year,milex,milper,pec,tpop\n200,1900,1,1,40000,10000\n200,1905,1,1,40000,10000\n200,1910,1,1,40000,10000\n200,1930,1,1,40000,10000\n220,1900,1,1,40000,10000\n",
        );
        let capabilities = Capabilities::read(&nmc, None).unwrap_or_else(|error| panic!("{error}"));
        let gdp = source("countrycode,year,gdppc\nGBR,1900,4000\nGBR,1910,9000\n");
        let file = OutputFile::read(&gdp, None).ok();
        let economy = Economy { capabilities: &capabilities, file };
        let found = |state, year| {
            economy.known_output(state, year).map_or((f64::NAN, Basis::Rule), |output| (output.value, output.basis))
        };
        assert_eq!(found(200, 1900), (40.0, Basis::File));
        let (value, basis) = found(200, 1905);
        assert!((value / 60.0 - 1.0).abs() < 1e-12 && basis == Basis::File, "between 40 and 90: {value}");
        let (value, basis) = found(200, 1930);
        let expected = 90.0 * rules::income(4.0, 1930) / rules::income(4.0, 1910);
        assert!((value / expected - 1.0).abs() < 1e-12 && basis == Basis::Fitted, "{value}, not {expected}");
        let (value, basis) = found(220, 1900);
        assert!((value / (rules::income(4.0, 1900) * 0.01) - 1.0).abs() < 1e-12 && basis == Basis::Rule, "{value}");
        assert!(economy.in_file(200, 1905) && !economy.in_file(200, 1930) && !economy.in_file(220, 1900));
    }
}
