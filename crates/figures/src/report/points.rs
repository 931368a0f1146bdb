//! The tables of a sweep: what each point has, what it gives, and how it differs from the first.

use maud::{Markup, html};
use serde_json::Value;
use spiral_analysis::{Estimate, Measure, format_difference, format_estimate};

use super::Section;
use super::tables::{MOST_ROWS, factor, plain, section, significant, strings, table};

/// An outcome of the sweep: its name and unit, and its label with it.
struct Outcome {
    name: String,
    unit: String,
    label: String,
}

/// The sections of a sweep; `None` where the summary is none of a sweep.
pub(super) fn sections(value: &Value) -> Option<Vec<Section>> {
    let points = value["points"].as_array()?;
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_string);
    let outcome =
        |value: &Value| Some(Outcome { name: text(value, "name")?, unit: text(value, "unit")?, label: text(value, "label")? });
    let outcomes: Vec<Outcome> = value["outcomes"].as_array()?.iter().filter_map(outcome).collect();
    let factors: Vec<String> = value["factors"].as_array()?.iter().filter_map(|factor| text(factor, "name")).collect();
    let note = (points.len() > MOST_ROWS)
        .then(|| format!("The first {MOST_ROWS} of {} points are shown; the table of responses has all.", points.len()));
    let shown = &points[..points.len().min(MOST_ROWS)];
    // Where a point changes little of much, words say it shorter than a column for every factor.
    let sparse = shown.iter().any(|point| point["values"].as_object().is_some_and(|values| values.len() < factors.len()));
    let factors = if sparse { Vec::new() } else { factors };
    let mut sections = vec![section("results", "Results", given(shown, &factors, &outcomes, note.as_deref(), sparse))];
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

fn given(points: &[Value], factors: &[String], outcomes: &[Outcome], note: Option<&str>, told: bool) -> Markup {
    let mut header = vec!["point".to_string()];
    header.extend(factors.iter().cloned());
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
            row.extend(factors.iter().map(|factor| plain(point["values"][factor].as_f64().map_or("–".to_string(), significant))));
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
    html! {
        @if let Some(note) = note { p.warning { (note) } }
        (table("What each point gives, with 95 % intervals", &header, &rows))
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
        p { "What common random numbers are worth: how many times the histories a difference would need, for the same precision, on independent draws. A dash: the difference is not paired by history, or there is none." }
        (table("Variance on independent draws over that on the same draws", &header, &factors))
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
}
