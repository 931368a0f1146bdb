//! What a notebook shows of a study: its most important estimates, each with its interval.

use spiral_results::{
    Comparison, Estimate, Measure, SensitivityResults, StudyResults, SweepResults, changes, format_difference, format_estimate,
};

/// Points of a design that are listed; more are counted.
const MOST_POINTS: usize = 20;

/// The estimates of a study as an HTML table.
pub(crate) fn html(results: &StudyResults) -> String {
    match results {
        StudyResults::Comparison(results) => comparison(results),
        StudyResults::Sweep(results) => points(results),
        StudyResults::Sensitivity(results) => indices(results),
        StudyResults::Explanation(results) => {
            let explanation = &results.explanation;
            explanation
                .outcomes
                .iter()
                .map(|found| {
                    let mut rows: Vec<Vec<String>> =
                        found.shares().map(|share| vec![share.label.clone(), format_difference(&share)]).collect();
                    rows.push(vec!["difference".to_string(), format_difference(&found.whole())]);
                    table(&[found.label.clone(), format!("{} less {}", explanation.b, explanation.a)], &rows)
                })
                .collect()
        }
        StudyResults::Calibration(found) => {
            let shown = |value: Option<f64>| value.map_or_else(|| "–".to_string(), |value| format!("{value:.4}"));
            let rows: Vec<Vec<String>> = found
                .parameters
                .iter()
                .map(|fitted| {
                    let Estimate { estimate, lower, upper, .. } = &fitted.estimate;
                    vec![
                        fitted.name.clone(),
                        format!("{} [{}, {}]", shown(*estimate), shown(*lower), shown(*upper)),
                        fitted.unit.clone(),
                    ]
                })
                .collect();
            table(&["parameter".to_string(), "fitted".to_string(), "unit".to_string()], &rows)
        }
    }
}

fn comparison(results: &Comparison) -> String {
    let summary = &results.summary;
    let Some(first) = summary.scenarios.first() else { return String::new() };
    let mut heads = vec![format!("{} histories each, seed {}", summary.histories, summary.seed)];
    heads.extend(summary.scenarios.iter().map(|scenario| scenario.scenario.clone()));
    heads.extend(summary.contrasts.iter().map(|contrast| format!("{} less {}", contrast.b, contrast.a)));
    let named = |measures: &[Measure], name: &str| measures.iter().find(|measure| measure.name == name).cloned();
    let mut rows = Vec::new();
    for Measure { name, label, .. } in &first.measures {
        let all: Vec<Option<Measure>> = summary.scenarios.iter().map(|scenario| named(&scenario.measures, name)).collect();
        let says = |found: &Measure| found.estimate.estimate.is_some_and(|estimate| estimate != 0.0);
        if !all.iter().flatten().any(says) {
            continue;
        }
        let mut row = vec![label.clone()];
        row.extend(all.iter().map(|found| found.as_ref().map_or_else(String::new, format_estimate)));
        let differences = summary.contrasts.iter().map(|contrast| named(&contrast.measures, name));
        row.extend(differences.map(|found| found.as_ref().map_or_else(String::new, format_difference)));
        rows.push(row);
    }
    table(&heads, &rows)
}

fn points(results: &SweepResults) -> String {
    let outcomes = &results.responses.outcomes;
    let heads: Vec<String> = ["point".to_string(), "changes".to_string()]
        .into_iter()
        .chain(outcomes.iter().map(|outcome| outcome.label.clone()))
        .collect();
    let estimates = &results.responses.estimates;
    let rows: Vec<Vec<String>> = estimates
        .iter()
        .enumerate()
        .take(MOST_POINTS)
        .map(|(point, estimates)| {
            let mut row = vec![point.to_string(), changes(&results.plan, point).join(", ")];
            row.extend(outcomes.iter().zip(estimates).map(|(outcome, estimate)| {
                let (name, label, unit) = (outcome.name.clone(), outcome.label.clone(), outcome.unit.clone());
                format_estimate(&Measure { name, label, unit, estimate: estimate.clone() })
            }));
            row
        })
        .collect();
    let more = estimates.len().saturating_sub(MOST_POINTS);
    let note = if more > 0 { format!("<p>and {more} more points</p>") } else { String::new() };
    table(&heads, &rows) + &note
}

fn indices(results: &SensitivityResults) -> String {
    let plain = |estimate: &Estimate| {
        let (name, label, unit) = (String::new(), String::new(), String::new());
        format_estimate(&Measure { name, label, unit, estimate: estimate.clone() })
    };
    let outcomes = results.indices.iter().map(|found| {
        let Some(first) = found.factors.first() else { return String::new() };
        let mut heads = vec![found.outcome.clone()];
        heads.extend(first.measures().map(|(name, _)| name.replace('_', " ")));
        let rows: Vec<Vec<String>> = found
            .factors
            .iter()
            .map(|factor| {
                let measures = factor.measures().map(|(_, estimate)| plain(estimate));
                [factor.factor.clone()].into_iter().chain(measures).collect()
            })
            .collect();
        table(&heads, &rows)
    });
    outcomes.collect()
}

fn table(heads: &[String], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, cells: &[String]| -> String {
        let cell = |text: &String| format!("<{tag} style=\"text-align:left\">{}</{tag}>", escaped(text));
        format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>())
    };
    let body: String = rows.iter().map(|row| cells("td", row)).collect();
    format!("<table><thead>{}</thead><tbody>{body}</tbody></table>", cells("th", heads))
}

/// A text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
