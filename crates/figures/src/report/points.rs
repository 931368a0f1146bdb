//! The tables of a sweep: what each point has, what it gives, and how it differs from the first.

use maud::{Markup, html};
use serde_json::Value;
use spiral_analysis::{Estimate, FactorSensitivity, Measure, Sensitivity, format_difference, format_estimate};

use super::Section;
use super::tables::{MOST_ROWS, factor, plain, section, strings, table};

/// An outcome of the sweep: its name and unit, and its label with it.
struct Outcome {
    name: String,
    unit: String,
    label: String,
}

/// Points from which their table is closed until a reader opens it.
const MANY: usize = 60;

/// A factor of the sweep: its name, and whether it is a switch.
struct Factor {
    name: String,
    switch: bool,
}

/// The sections of a sweep; `None` if the summary does not belong to a sweep.
pub(super) fn sections(value: &Value) -> Option<Vec<Section>> {
    let points = value["points"].as_array()?;
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_string);
    let outcome =
        |value: &Value| Some(Outcome { name: text(value, "name")?, unit: text(value, "unit")?, label: text(value, "label")? });
    let outcomes: Vec<Outcome> = value["outcomes"].as_array()?.iter().filter_map(outcome).collect();
    let factor = |value: &Value| Some(Factor { name: text(value, "name")?, switch: value["unit"] == "on/off" });
    let factors: Vec<Factor> = value["factors"].as_array()?.iter().filter_map(factor).collect();
    let note = (points.len() > MOST_ROWS).then(|| {
        format!("Only the first {MOST_ROWS} of {} points are shown here; the table of responses holds all.", points.len())
    });
    let shown = &points[..points.len().min(MOST_ROWS)];
    // If a point changes only a few of many factors, words are shorter than a column for every factor.
    let sparse = shown.iter().any(|point| point["values"].as_object().is_some_and(|values| values.len() < factors.len()));
    let factors = if sparse { Vec::new() } else { factors };
    let indices: Vec<Sensitivity> = serde_json::from_value(value["sensitivity"].clone()).unwrap_or_default();
    let mut sections = Vec::new();
    if !indices.is_empty() {
        sections.push(section("sensitivity", "Which factors change each outcome", sensitivity(&indices, &outcomes)));
    }
    sections.extend([section("results", "Results", given(shown, &factors, &outcomes, note.as_deref(), sparse))]);
    if shown.iter().any(|point| point["against_point_0"].is_array()) {
        sections.push(section("effects", "Differences from point 0", differences(shown, &outcomes)));
    }
    Some(sections)
}

/// Number of a point and, where asked for, what it changes.
fn heading(point: &Value, told: bool) -> Markup {
    let changes = point["changes"].as_str().filter(|_| told);
    html! { (point["point"].to_string()) @if let Some(changes) = changes { " " (changes) } }
}

fn given(points: &[Value], factors: &[Factor], outcomes: &[Outcome], note: Option<&str>, told: bool) -> Markup {
    let mut header = vec!["point".to_string()];
    header.extend(factors.iter().map(|factor| factor.name.clone()));
    header.extend(outcomes.iter().map(|outcome| outcome.label.clone()));
    header.push("histories".to_string());
    let failed = points.iter().any(|point| point["failures"].as_u64().is_some_and(|failures| failures > 0));
    if failed {
        header.push("of them failed".to_string());
    }
    let rows: Vec<Vec<Markup>> = points
        .iter()
        .map(|point| {
            let mut row = vec![heading(point, told)];
            row.extend(factors.iter().map(|factor| {
                let value = point["values"][&factor.name].as_f64();
                plain(match (value, factor.switch) {
                    (None, _) => "–".to_string(),
                    (Some(value), true) => if value >= 0.5 { "on" } else { "off" }.to_string(),
                    (Some(value), false) => format!("{}", rounded(value)),
                })
            }));
            row.extend(outcomes.iter().map(|outcome| {
                let estimate: Option<Estimate> = serde_json::from_value(point["outcomes"][&outcome.name].clone()).ok();
                let measure = estimate.map(|estimate| Measure {
                    name: outcome.name.clone(),
                    label: outcome.label.clone(),
                    unit: outcome.unit.clone(),
                    estimate,
                });
                plain(measure.as_ref().map_or("–".to_string(), format_estimate))
            }));
            row.push(plain(point["histories"].to_string()));
            if failed {
                row.push(plain(point["failures"].to_string()));
            }
            row
        })
        .collect();
    let caption = "Outcomes of each point, with 95 % intervals";
    html! {
        @if let Some(note) = note { p.warning { (note) } }
        @if rows.len() > MANY {
            details { summary { "The " (rows.len()) " points" } (table(caption, &header, &rows)) }
        } @else {
            (table(caption, &header, &rows))
        }
    }
}

/// A value of a factor in four figures; the table of points has it in full.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// The indices of every outcome; the factors that change it most come first.
fn sensitivity(found: &[Sensitivity], outcomes: &[Outcome]) -> Markup {
    let number = |value: Option<f64>| value.map_or("–".to_string(), |value| format!("{value:.3}"));
    let cell = |estimate: &Estimate| {
        html! {
            strong { (number(estimate.estimate)) }
            @if estimate.lower.is_some() { " " span.interval { "[" (number(estimate.lower)) ", " (number(estimate.upper)) "]" } }
        }
    };
    let rank = |factor: &FactorSensitivity| {
        let by = factor.mu_star.as_ref().or(factor.total.as_ref());
        by.and_then(|estimate| estimate.estimate).unwrap_or(f64::NEG_INFINITY)
    };
    let share = |share: Option<f64>| share.map_or("an unknown share".to_string(), |share| format!("{:.1} %", 100.0 * share));
    let morris = found.iter().any(|found| found.method == "morris");
    let header: &[&str] =
        if morris { &["factor", "μ*", "μ", "σ"] } else { &["factor", "alone (first order)", "alone and with others (total)"] };
    let outcome = |found: &Sensitivity| {
        let label =
            outcomes.iter().find(|outcome| outcome.name == found.outcome).map_or(&found.outcome, |outcome| &outcome.label);
        let mut factors: Vec<&FactorSensitivity> = found.factors.iter().collect();
        factors.sort_by(|one, other| rank(other).total_cmp(&rank(one)));
        let row = |factor: &&FactorSensitivity| {
            // The order of the command's own table.
            std::iter::once(plain(&factor.factor)).chain(factor.measures().map(|(_, estimate)| cell(estimate))).collect()
        };
        let rows: Vec<Vec<Markup>> = factors.iter().map(row).collect();
        let masked =
            if found.masked > 0 { format!(", {} of them without a value and left out", found.masked) } else { String::new() };
        html! {
            (table(label, &strings(header.iter().copied()), &rows))
            p {
                (found.rows) " rows of the design" (masked) ". Chance explains at most " (share(found.seed_noise))
                " of the variance between points, and " (share(found.history_noise)) " of the variance between single histories."
            }
        }
    };
    let told = if morris {
        "Elementary effects (Morris 1991): how the outcome changes when one factor moves over its range, in the unit of the outcome (shares from 0 to 1). μ* is their mean size, μ their mean, σ their standard deviation, \
         which shows how much an effect depends on the other factors."
    } else {
        "Shares of the variance between points (Sobol' indices, Saltelli 2010): what a factor explains alone, and what it explains alone and together with others."
    };
    html! {
        p { (told) " In brackets: 95 % intervals by bootstrap over the rows of the design." }
        @for found in found { (outcome(found)) }
    }
}

fn differences(points: &[Value], outcomes: &[Outcome]) -> Markup {
    let header = strings(["point"]).into_iter().chain(outcomes.iter().map(|outcome| outcome.label.clone()));
    let header: Vec<String> = header.collect();
    let of = |point: &Value, list: &str, name: &str| -> Option<Measure> {
        let found = point[list].as_array()?.iter().find(|measure| measure["name"] == name)?;
        serde_json::from_value(found.clone()).ok()
    };
    let later = || points.iter().filter(|point| point["against_point_0"].is_array());
    let rows = |cell: &dyn Fn(&Value, &Outcome) -> Markup| -> Vec<Vec<Markup>> {
        later()
            .map(|point| {
                std::iter::once(heading(point, true)).chain(outcomes.iter().map(|outcome| cell(point, outcome))).collect()
            })
            .collect()
    };
    let effects = rows(&|point, outcome| {
        plain(of(point, "against_point_0", &outcome.name).as_ref().map_or("–".to_string(), format_difference))
    });
    let factors = rows(&|point, outcome| {
        of(point, "variance_reductions", &outcome.name).map_or_else(|| plain("–"), |measure| factor(&measure.estimate))
    });
    html! {
        (table("Differences from point 0 on the same draws of chance, with 95 % intervals", &header, &effects))
        p { "Gain by common random numbers: how many times as many histories a difference would need, for the same precision, with independent draws of chance. A dash: the difference is not paired by history, or there is no difference." }
        (table("Variance with independent draws divided by variance with the same draws", &header, &factors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn points_stand_first_and_numbers_have_their_units() {
        let war =
            |share: f64| json!({ "estimate": share, "lower": share - 0.05, "upper": share + 0.05, "n": 400, "method": "Wilson" });
        let effect = json!({ "name": "war", "label": "Histories with a war", "unit": "share", "estimate": -0.25, "lower": -0.3, "upper": -0.2, "n": 400, "method": "Newcombe" });
        let worth = json!({ "name": "war", "label": "Histories with a war", "unit": "factor", "estimate": 2.5, "lower": 2.0, "upper": 3.1, "n": 400, "method": "jackknife" });
        let summary = json!({
            "format": 1,
            "outcomes": [{ "name": "war", "label": "Histories with a war", "unit": "share" }],
            "factors": [{ "name": "a hotline", "unit": "on/off" }, { "name": "trade", "unit": "on/off" }],
            "points": [
                { "point": 0, "changes": "as the scenario is", "values": {}, "histories": 400, "failures": 0, "outcomes": { "war": war(0.75) } },
                { "point": 1, "changes": "a <hotline>", "values": { "a hotline": 1.0 }, "histories": 400, "failures": 2, "outcomes": { "war": war(0.5) },
                  "against_point_0": [effect], "variance_reductions": [worth] },
            ],
        });
        let sections = sections(&summary).expect("a sweep");
        assert_eq!(
            sections.iter().map(|section| section.heading.as_str()).collect::<Vec<_>>(),
            ["Results", "Differences from point 0"]
        );
        let (results, effects) = (&sections[0].body.0, &sections[1].body.0);
        for part in ["0 as the scenario is", "1 a &lt;hotline&gt;", "75 % [70, 80]", "of them failed", ">2<"] {
            assert!(results.contains(part), "no {part:?} in {results}");
        }
        for part in ["-25 points [-30, -20]", "2.50", "[2.00, 3.10]"] {
            assert!(effects.contains(part), "no {part:?} in {effects}");
        }
        assert!(super::sections(&json!({ "points": [] })).is_none(), "no list of outcomes: some other summary");
    }
    #[test]
    fn indices_stand_before_the_points_and_switches_are_words() {
        let estimate =
            |value: f64| json!({ "estimate": value, "lower": value - 0.1, "upper": value + 0.1, "n": 32, "method": "bootstrap" });
        let factor =
            |name: &str, total: f64| json!({ "factor": name, "first_order": estimate(total / 2.0), "total": estimate(total) });
        let point = |number: u32| json!({ "point": number, "values": { "a": 0.123_456_7, "b": number % 2 }, "histories": 4, "failures": 0, "outcomes": {} });
        let summary = json!({
            "outcomes": [{ "name": "war", "label": "Histories with a war", "unit": "share" }],
            "factors": [{ "name": "a", "unit": "ratio" }, { "name": "b", "unit": "on/off" }],
            "points": (0..100).map(point).collect::<Vec<_>>(),
            "sensitivity": [{ "outcome": "war", "method": "saltelli", "rows": 25, "masked": 1, "mean": 0.5, "variance": 0.1, "seed_noise": 0.02,
                "history_noise": 0.5, "factors": [factor("a", 0.25), factor("b", 0.75)] }],
        });
        let sections = sections(&summary).expect("a sweep");
        let headings: Vec<&str> = sections.iter().map(|section| section.heading.as_str()).collect();
        assert_eq!(headings, ["Which factors change each outcome", "Results"]);
        let (indices, points) = (&sections[0].body.0, &sections[1].body.0);
        for part in [
            "Histories with a war",
            "0.375",
            "[0.650, 0.850]",
            "25 rows of the design, 1 of them without a value and left out",
            "at most 2.0 %",
            "50.0 %",
        ] {
            assert!(indices.contains(part), "no {part:?} in {indices}");
        }
        assert!(indices.find(">b<") < indices.find(">a<"), "what moves more stands first: {indices}");
        for part in ["<details><summary>The 100 points", "0.1235<", ">off<", ">on<"] {
            assert!(points.contains(part), "no {part:?} in {}", &points[..3000]);
        }
    }
}
