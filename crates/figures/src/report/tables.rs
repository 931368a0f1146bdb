//! The tables of a report: everything that `summary.json` holds.

use maud::{Markup, html};
use serde_json::Value;
use spiral_analysis::intervals::point_quantile;
use spiral_analysis::{
    Contrast, Estimate, Measure, ScenarioSummary, Summary, SurvivalPoint, VarianceParts, format_difference, format_estimate,
};

use super::Section;
use crate::text::count;

pub(super) fn section(id: &str, heading: &str, body: Markup) -> Section {
    Section { id: id.to_string(), heading: heading.to_string(), body }
}

/// A table that scrolls sideways by itself where the page is narrow.
pub(super) fn table(caption: &str, header: &[String], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for name in header { th scope="col" { (name) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (position, cell) in row.iter().enumerate() {
                                @if position == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn strings<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(str::to_string).collect()
}

pub(super) fn plain(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}

/// Most scenarios and points on one page; a large design would make a page that no browser opens.
const MOST: usize = 24;
/// Scenarios side by side in one table.
const ABREAST: usize = 6;

/// Sections of the estimates of a study.
pub(super) fn summary(summary: &Summary) -> Vec<Section> {
    let (scenarios, contrasts) = (summary.scenarios.len(), summary.contrasts.len());
    let mut shown = summary.clone();
    shown.scenarios.truncate(MOST);
    shown.contrasts.truncate(MOST);
    let summary = &shown;
    let left_out = (scenarios > MOST)
        .then(|| format!("Only the first {MOST} of {scenarios} scenarios and points are shown here; summary.json holds all."));
    let mut sections = vec![section("results", "Results", results(summary, left_out.as_deref()))];
    for (position, contrast) in summary.contrasts.iter().enumerate() {
        let heading = format!(
            "{} against {}",
            label(&contrast.b, contrast.b_point, summary),
            label(&contrast.a, contrast.a_point, summary)
        );
        sections.push(section(&format!("contrast-{position}"), &heading, differences(contrast, summary.uncertain)));
    }
    if contrasts > MOST {
        let note =
            html! { p { "Only the first " (MOST) " of " (contrasts) " contrasts are shown here; summary.json holds all." } };
        sections.push(section("more-contrasts", "More contrasts", note));
    }
    if summary.uncertain {
        sections.push(section("variance", "Judgement and chance", variance(summary)));
    }
    sections.push(section("first-wars", "First wars", first_wars(summary)));
    sections.push(section("distributions", "Distributions", distributions(summary)));
    sections
}

/// A scenario's name; with its point where the study has it at several.
fn label(scenario: &str, point: u32, summary: &Summary) -> String {
    let several = summary.scenarios.iter().filter(|other| other.scenario == scenario).count() > 1;
    if several { format!("{scenario}, point {point}") } else { scenario.to_string() }
}

fn name(scenario: &ScenarioSummary, summary: &Summary) -> String {
    label(&scenario.scenario, scenario.point, summary)
}

/// Every measure of every scenario: estimate, interval, sample; the method once a row.
fn results(summary: &Summary, left_out: Option<&str>) -> Markup {
    let mut measures: Vec<&Measure> = Vec::new();
    for measure in summary.scenarios.iter().flat_map(|scenario| scenario.measures.iter().chain(&scenario.motives)) {
        if !measures.iter().any(|known| known.name == measure.name) {
            measures.push(measure);
        }
    }
    let tables: Vec<Markup> = summary.scenarios.chunks(ABREAST).map(|scenarios| abreast(&measures, scenarios, summary)).collect();
    let failures: Vec<String> = summary
        .scenarios
        .iter()
        .filter(|scenario| scenario.failures > 0)
        .map(|scenario| format!("{}: {}", name(scenario, summary), count(scenario.failures)))
        .collect();
    html! {
        p { (count(summary.histories)) " histories of each scenario, seed " (summary.seed) ". Each cell: estimate, 95 % interval, sample." @if summary.uncertain { " Every two histories drew the judgements from their ranges." } }
        @if !failures.is_empty() {
            p.warning { "Histories that failed numerically. They are left out of every estimate. " (failures.join(", ")) }
        }
        @if let Some(left_out) = left_out { p.warning { (left_out) } }
        @for table in tables { (table) }
    }
}

/// The share of the variance of every measure that the judgements make.
fn variance(summary: &Summary) -> Markup {
    let parts: Vec<&VarianceParts> = summary.scenarios.iter().flat_map(|scenario| &scenario.variance).collect();
    let mut names: Vec<&str> = Vec::new();
    for part in parts.iter().filter(|part| part.judgement.estimate.is_some()) {
        if !names.contains(&part.name.as_str()) {
            names.push(&part.name);
        }
    }
    let tables = summary.scenarios.chunks(ABREAST).map(|scenarios| {
        let mut header = vec![String::new()];
        header.extend(scenarios.iter().map(|scenario| name(scenario, summary)));
        let row = |wanted: &&str| {
            let found = |scenario: &ScenarioSummary| {
                scenario.variance.iter().find(|part| part.name == *wanted).map(VarianceParts::measure)
            };
            let label = parts.iter().find(|part| part.name == *wanted).map_or("", |part| part.label.as_str());
            let cells = scenarios
                .iter()
                .map(|scenario| found(scenario).map_or_else(|| plain("–"), |part| estimate(&part, format_estimate)));
            std::iter::once(plain(label)).chain(cells).collect::<Vec<Markup>>()
        };
        table(
            "Share of the variance over histories that the judgements make",
            &header,
            &names.iter().map(row).collect::<Vec<_>>(),
        )
    });
    html! {
        p { "Two histories share a draw of the judgements and differ by chance. So their difference shows chance, and the differences between draws show the judgements; the sample is the number of draws. One-way analysis of variance with random effects; 95 % intervals by bootstrap over draws. What the judgements do not make is chance." }
        @for table in tables { (table) }
    }
}

/// The measures of some scenarios side by side.
fn abreast(measures: &[&Measure], scenarios: &[ScenarioSummary], summary: &Summary) -> Markup {
    let mut header = vec![String::new()];
    header.extend(scenarios.iter().map(|scenario| name(scenario, summary)));
    header.push("method".to_string());
    let row = |measure: &&Measure| {
        let mut methods: Vec<&str> = Vec::new();
        let mut row = vec![plain(&measure.label)];
        for scenario in scenarios {
            let found = scenario.measures.iter().chain(&scenario.motives).find(|other| other.name == measure.name);
            if let Some(method) = found.map(|found| found.estimate.method.as_str()).filter(|method| !methods.contains(method)) {
                methods.push(method);
            }
            row.push(found.map_or_else(|| plain("–"), |found| estimate(found, format_estimate)));
        }
        row.push(html! { span.method { (methods.join("; ")) } });
        row
    };
    table("Every outcome of every scenario", &header, &measures.iter().map(row).collect::<Vec<_>>())
}

/// Estimate with its interval, and the sample in small.
fn estimate(measure: &Measure, write: fn(&Measure) -> String) -> Markup {
    let text = write(measure);
    let (number, interval) = text.split_once(" [").map_or((text.as_str(), None), |(number, rest)| (number, Some(rest)));
    html! {
        strong { (number) }
        @if let Some(interval) = interval { " " span.interval { "[" (interval) } }
        " " span.sample { "n " (count(measure.estimate.n)) }
    }
}

fn differences(contrast: &Contrast, uncertain: bool) -> Markup {
    let rows: Vec<Vec<Markup>> = contrast
        .measures
        .iter()
        .map(|measure| {
            vec![plain(&measure.label), estimate(measure, format_difference), html! { span.method { (measure.estimate.method) } }]
        })
        .collect();
    let tests = [
        ("War: McNemar, exact", contrast.war_p),
        ("General war: McNemar, exact", contrast.general_war_p),
        ("War-free years: log-rank", contrast.log_rank_p),
    ];
    let p = |p: Option<f64>| {
        p.map_or_else(|| "–".to_string(), |p| if p < 0.0001 { "below 0.0001".to_string() } else { format!("{p:.4}") })
    };
    let tests: Vec<Vec<Markup>> = tests.into_iter().map(|(name, value)| vec![plain(name), plain(p(value))]).collect();
    html! {
        p { "The value in " (contrast.b) " minus the value in " (contrast.a) ", on the same draws of chance. Dates count from the first date of each scenario." }
        (table("Differences", &strings(["", "difference", "method"]), &rows))
        // Where judgements are drawn, histories are not independent and there are no tests.
        @if !uncertain { (table("Tests of the hypothesis that there is no difference", &strings(["", "p"]), &tests)) }
        @if !contrast.variance_reductions.is_empty() {
            @let rows: Vec<Vec<Markup>> = contrast.variance_reductions.iter().map(|measure| vec![plain(&measure.label), factor(&measure.estimate), plain(&measure.estimate.method)]).collect();
            p { "Gain by common random numbers: how many times as many histories a difference would need, for the same precision, with independent draws of chance." }
            (table("Variance with independent draws divided by variance with the same draws", &strings(["", "factor", "method"]), &rows))
        }
    }
}

/// A factor with its interval.
pub(super) fn factor(estimate: &Estimate) -> Markup {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_string(), |value| format!("{value:.2}"));
    html! {
        strong { (number(estimate.estimate)) }
        @if estimate.lower.is_some() { " [" (number(estimate.lower)) ", " (number(estimate.upper)) "]" }
    }
}

fn first_wars(summary: &Summary) -> Markup {
    html! {
        @for scenario in &summary.scenarios {
            h3 { (name(scenario, summary)) }
            @if scenario.first_pairs.is_empty() {
                p { "There was no war." }
            } @else {
                @let rows: Vec<Vec<Markup>> = scenario.first_pairs.iter().map(|pair| vec![plain(&pair.name), estimate(pair, format_estimate)]).collect();
                (table("Who struck first whom, share of first wars", &strings(["first strike", "share"]), &rows))
                @let powers: Vec<(usize, u64)> = scenario.great_powers_30d.iter().copied().enumerate().filter(|(_, histories)| *histories > 0).collect();
                @let rows: Vec<Vec<Markup>> = powers.iter().map(|(number, histories)| vec![plain(number.to_string()), plain(count(*histories))]).collect();
                (table("Great powers at war on day 30 of the first war", &strings(["great powers", "histories"]), &rows))
            }
        }
    }
}

fn distributions(summary: &Summary) -> Markup {
    let quantiles = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];
    let days: Vec<Vec<Markup>> =
        summary
            .scenarios
            .iter()
            .flat_map(|scenario| {
                [
                    ("to the first strike", &scenario.days_crisis_to_war),
                    ("to the third great power", &scenario.days_crisis_to_general_war),
                ]
                .map(|(until, days)| {
                    let mut row = vec![plain(format!("{} {until}", name(scenario, summary))), plain(count(days.len() as u64))];
                    row.extend(quantiles.map(|p| {
                        plain(if days.is_empty() { "–".to_string() } else { format!("{:.0}", point_quantile(days, p)) })
                    }));
                    row
                })
            })
            .collect();
    let header = strings(["days from the crisis", "wars", "shortest", "5 %", "25 %", "median", "75 %", "95 %", "longest"]);
    html! {
        (table("Days from the crisis; at most the first 10,000 wars", &header, &days))
        @for scenario in &summary.scenarios {
            (survival(&format!("{}: histories without any war", name(scenario, summary)), &scenario.war_free))
            (survival(&format!("{}: histories without a general war", name(scenario, summary)), &scenario.general_war_free))
        }
    }
}

/// A Kaplan-Meier curve as a table, closed until a reader opens it.
fn survival(title: &str, points: &[SurvivalPoint]) -> Markup {
    let rows: Vec<Vec<Markup>> = points
        .iter()
        .map(|point| {
            vec![
                plain(format!("{:.2}", point.date)),
                html! { strong { (format!("{:.1} %", 100.0 * point.survival)) } " " span.interval { (format!("[{:.1}, {:.1}]", 100.0 * point.lower, 100.0 * point.upper)) } },
                plain(count(point.at_risk)),
                plain(count(point.events)),
            ]
        })
        .collect();
    html! {
        details {
            summary { (title) " (" (points.len()) " steps)" }
            (table(title, &strings(["date", "share without it", "at risk", "events"]), &rows))
        }
    }
}

/// Sections of a summary of any other form: a section for each of its entries.
pub(super) fn other(value: &Value) -> Vec<Section> {
    let Value::Object(entries) = value else { return vec![section("results", "Results", any(value, "Results"))] };
    let (scalars, parts): (Vec<_>, Vec<_>) = entries.iter().partition(|(_, value)| !value.is_object() && !value.is_array());
    let mut sections = Vec::new();
    if !scalars.is_empty() {
        let rows: Vec<Vec<Markup>> = scalars.iter().map(|(name, value)| vec![plain(words(name)), scalar(value)]).collect();
        sections.push(section("results", "Results", table("Results", &strings(["", "value"]), &rows)));
    }
    for (position, (name, value)) in parts.into_iter().enumerate() {
        let heading = words(name);
        sections.push(section(&format!("part-{position}"), &heading, any(value, &heading)));
    }
    sections
}

/// `first_pairs` as words.
fn words(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn scalar(value: &Value) -> Markup {
    let text = match value {
        Value::Null => "–".to_string(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), significant),
        other => other.to_string(),
    };
    html! { (text) }
}

/// A number with at most six significant digits.
pub(super) fn significant(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 {
        return format!("{number}");
    }
    let rounded: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// Rows of a table of any other summary; a design of thousands of points would make a page that no browser opens.
pub(super) const MOST_ROWS: usize = 500;

/// Whether a value fits a cell: a scalar, a list of scalars, an estimate.
fn fits(value: &Value) -> bool {
    let scalar = |value: &Value| !value.is_object() && !value.is_array();
    scalar(value) || value.as_array().is_some_and(|items| items.iter().all(scalar)) || is_estimate(value)
}

/// Whether a value is an estimate with its interval and nothing else.
fn is_estimate(value: &Value) -> bool {
    let keys = ["estimate", "lower", "method", "n", "upper"];
    value.as_object().is_some_and(|entries| entries.len() == keys.len() && keys.iter().all(|key| entries.contains_key(*key)))
}

/// The entries of an object as columns; an entry one level deeper gets both names, as in `outcomes war`.
fn columns(item: &Value) -> Vec<(String, &Value)> {
    let entries = item.as_object().into_iter().flatten();
    entries
        .flat_map(|(name, value)| match value.as_object() {
            Some(inner) if !is_estimate(value) && inner.values().all(fits) => {
                inner.iter().map(|(inner, value)| (format!("{name} {inner}"), value)).collect()
            }
            _ => vec![(name.clone(), value)],
        })
        .collect()
}

/// Any value: an array of objects as a table, an object as a table of two columns, the rest as text.
fn any(value: &Value, title: &str) -> Markup {
    match value {
        Value::Array(items) if items.iter().any(Value::is_object) => objects(items, title),
        Value::Object(entries) => {
            let (simple, nested): (Vec<_>, Vec<_>) = entries.iter().partition(|(_, value)| fits(value));
            let rows: Vec<Vec<Markup>> = simple.iter().map(|(name, value)| vec![plain(words(name)), short(value)]).collect();
            html! {
                @if !rows.is_empty() { (table(title, &strings(["", "value"]), &rows)) }
                @for (name, value) in nested { h3 { (words(name)) } (any(value, &words(name))) }
            }
        }
        other => html! { p { (short(other)) } },
    }
}

/// A table of a list of objects; entries that do not fit a cell follow the table, to be opened.
fn objects(items: &[Value], title: &str) -> Markup {
    let shown = &items[..items.len().min(MOST_ROWS)];
    let all: Vec<Vec<(String, &Value)>> = shown.iter().map(columns).collect();
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in all.iter().flatten() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let value = |item: &[(String, &'_ Value)], name: &str| item.iter().position(|(other, _)| other == name);
    let (flat, nested): (Vec<&String>, Vec<&String>) =
        names.into_iter().partition(|name| all.iter().all(|item| value(item, name).is_none_or(|at| fits(item[at].1))));
    let header: Vec<String> = flat.iter().map(|name| words(name)).collect();
    let cell = |item: &Vec<(String, &Value)>, name: &String| value(item, name).map_or_else(|| plain("–"), |at| short(item[at].1));
    let rows: Vec<Vec<Markup>> = all.iter().map(|item| flat.iter().map(|name| cell(item, name)).collect()).collect();
    html! {
        @if items.len() > MOST_ROWS { p.warning { "Only the first " (MOST_ROWS) " of " (items.len()) " rows are shown here; summary.json holds all." } }
        (table(title, &header, &rows))
        @for (position, item) in all.iter().enumerate() {
            @for name in &nested {
                @if let Some(at) = value(item, name) {
                    @let first = item.iter().find_map(|(_, value)| value.as_str().map(str::to_string)).unwrap_or_else(|| position.to_string());
                    @let title = format!("{first}: {}", words(name));
                    details { summary { (title) } (any(item[at].1, &title)) }
                }
            }
        }
    }
}

/// A value in a cell.
fn short(value: &Value) -> Markup {
    match value {
        Value::Array(items) => {
            html! { @for (position, item) in items.iter().enumerate() { @if position > 0 { ", " } (short(item)) } }
        }
        Value::Object(entries) if is_estimate(value) => html! {
            strong { (scalar(&entries["estimate"])) }
            " " span.interval { "[" (scalar(&entries["lower"])) ", " (scalar(&entries["upper"])) "]" }
            " " span.sample { "n " (scalar(&entries["n"])) }
        },
        other => scalar(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn any_summary_becomes_tables() {
        let value = json!({
            "outcome": "general_war",
            "total": 0.123_456_789,
            "groups": [{ "name": "technology", "share": 0.4, "pairs": [{ "with": "beliefs", "share": 0.1 }] }, { "name": "beliefs <&>", "share": null }],
        });
        let sections = other(&value);
        let text: Vec<String> = sections.iter().map(|section| section.body.0.clone()).collect();
        assert_eq!(sections.iter().map(|section| section.heading.as_str()).collect::<Vec<_>>(), ["Results", "Groups"]);
        assert!(text[0].contains("general_war") && text[0].contains("0.123457"), "{}", text[0]);
        assert!(text[1].contains("beliefs &lt;&amp;&gt;") && text[1].contains("<td>–</td>"), "{}", text[1]);
        assert!(text[1].contains("technology: Pairs"), "what is nested is shown too: {}", text[1]);
    }

    #[test]
    fn the_points_of_a_design_are_one_table() {
        let point = |number: usize| {
            let war = json!({ "estimate": 0.25, "lower": 0.125, "upper": 0.5, "n": 40, "method": "Wilson" });
            json!({ "point": number, "values": { "technology.balance": 0.5 }, "outcomes": { "war": war } })
        };
        let sections = other(&json!({ "format": 1, "points": (0..600).map(point).collect::<Vec<_>>() }));
        let text = &sections[1].body.0;
        for part in [
            "first 500 of 600 rows",
            "Values technology.balance",
            "Outcomes war",
            "<strong>0.25</strong>",
            "[0.125, 0.5]",
            "n 40",
        ] {
            assert!(text.contains(part), "no {part:?} in {}", &text[..2000]);
        }
        assert!(!text.contains("<details>") && text.matches("<tr>").count() == 501, "{}", &text[..2000]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [significant(1.0), significant(0.1 + 0.2), significant(1_234_567.891), significant(-1e-9)],
            ["1", "0.3", "1234570", "-0.000000001"]
        );
    }

    #[test]
    fn a_large_design_is_told_in_part() {
        let scenario = |number: usize| ScenarioSummary {
            scenario: format!("world <{number}>"),
            point: number as u32,
            histories: 10,
            failures: u64::from(number == 3),
            years: (0.0, 10.0),
            measures: Vec::new(),
            motives: Vec::new(),
            first_pairs: Vec::new(),
            variance: Vec::new(),
            war_free: Vec::new(),
            general_war_free: Vec::new(),
            days_crisis_to_war: Vec::new(),
            days_crisis_to_general_war: Vec::new(),
            great_powers_30d: Vec::new(),
        };
        let all = Summary {
            format: 1,
            seed: 1,
            uncertain: false,
            histories: 10,
            scenarios: (0..30).map(scenario).collect(),
            contrasts: (1..30)
                .map(|number| Contrast { a: "world <0>".into(), b: format!("world <{number}>"), ..Contrast::default() })
                .collect(),
        };
        let sections = summary(&all);
        let results = &sections[0].body.0;
        assert!(results.contains("first 24 of 30 scenarios") && results.contains("world &lt;3&gt;: 1"), "{results}");
        assert!(results.contains("world &lt;23&gt;") && !results.contains("world &lt;24&gt;"), "{results}");
        assert_eq!(results.matches("<table>").count(), 4, "six abreast");
        assert_eq!(sections.iter().filter(|section| section.id.starts_with("contrast-")).count(), 24);
        assert!(sections.iter().any(|section| section.body.0.contains("first 24 of 29 contrasts")));
    }
}
