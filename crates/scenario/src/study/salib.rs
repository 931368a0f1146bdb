//! Parameter files of SALib, as its `read_param_file` takes them.

use crate::study::factor::{self, Factor, FactorValues, Subject, judgement_name};
use crate::study::factor_list::STEPS;
use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::words::{explain, figure, quote};
use crate::world::paths::{mechanism_names, resolve};
use crate::world::scenario::Scenario;

/// The factors of a parameter file as SALib's `read_param_file` takes it: `name,low,high` or `name low high`, a line each; a
/// name is that of a
/// judgement within its own range, a mechanism, or the path of a number. A group may stand after them: factors of one group move
/// together in the designs `morris` and `saltelli`, whose indices are then those of groups. A distribution after that is `unif` or
/// `logunif`.
pub(crate) fn read(lines: &str, file: &str, base: &Scenario, factors: &mut Vec<Factor>) -> Result<(), Error> {
    let mut start = 0;
    for line in lines.split_inclusive('\n') {
        let span = Span { start, end: start + line.trim_end().len() };
        start += line.len();
        let fail = |finding: Finding| Error::new(file, lines, vec![Finding { span: Some(span), ..finding }]);
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> =
            if text.contains(',') { text.split(',').map(str::trim).collect() } else { text.split_whitespace().collect() };
        let numbers = parts.get(1).and_then(|low| low.parse::<f64>().ok()).zip(parts.get(2).and_then(|high| high.parse().ok()));
        let Some((low, high)) = numbers.filter(|(low, high): &(f64, f64)| low < high) else {
            return Err(fail(Finding::new("a line has a name, a lower and a higher bound: `technology.balance,0.25,4.0`")));
        };
        // SALib gives each factor that has no group its own name.
        let group = parts.get(3).filter(|group| !group.is_empty() && **group != parts[0]).map(|group| (*group).to_string());
        let logarithmic = match parts.get(4) {
            None | Some(&"unif") => false,
            Some(&"logunif") if low > 0.0 => true,
            Some(other) => {
                let finding = Finding::new(format!("the distribution {} is not supported", quote(other)));
                return Err(fail(finding.help("`unif`, or `logunif` above zero")));
            }
        };
        if mechanism_names().contains(&parts[0]) {
            let (name, subject) = (parts[0].to_string(), Subject::Mechanism(parts[0].to_string()));
            factors.push(Factor { name, unit: "on/off", values: FactorValues::Switch, group, subject });
            continue;
        }
        let values = FactorValues::Range { low, high, logarithmic, steps: STEPS };
        if let Some(judgement) = base.judgements.iter().find(|judgement| judgement_name(judgement) == parts[0])
            && low >= judgement.low
            && high <= judgement.high
        {
            factors.push(Factor { values, group, ..factor::of_judgement(judgement, STEPS) });
            continue;
        }
        let targets = resolve(&base.setup, parts[0]).map_err(|(message, help)| fail(Finding::new(message).help(help)))?;
        let Some(first) = targets.first() else { continue };
        let specification = base.setup.specification(*first);
        if !(specification.allows(low) && specification.allows(high)) {
            let (least, most) = (figure(specification.low), figure(specification.high));
            return Err(fail(Finding::new(format!("{}: allowed: {least} to {most}", parts[0])).help(explain(specification))));
        }
        let (name, unit) = (parts[0].to_string(), specification.unit);
        let subject = Subject::Number { paths: vec![name.clone()], targets };
        factors.push(Factor { name, unit, values, group, subject });
    }
    Ok(())
}
