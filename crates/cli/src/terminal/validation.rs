//! A scenario compared with history, as tables.

use spiral_results::{Estimate, Measure, NumberScore, SeriesScore, Validation, format_estimate};

use super::console::{Cells, Console, hundredths, table, wrapped};

/// An estimate as text, in a unit of the tables.
fn estimate(estimate: &Estimate, unit: &str) -> String {
    let measure = Measure { name: String::new(), label: String::new(), unit: unit.to_string(), estimate: estimate.clone() };
    format_estimate(&measure).replace(" [", "\n[")
}

fn figure(value: Option<f64>, decimals: usize) -> String {
    value.map_or("–".to_string(), |value| format!("{value:.decimals$}"))
}

/// Header of the standings.
const STANDING: &str = "standing";

/// Columns of names, of figures, and at the end of standings, which are words, where there are any.
fn columns(header: &[&str]) -> Vec<(String, Cells)> {
    let cells = |name: &str| if name.is_empty() || name == STANDING { Cells::Words } else { Cells::Figures };
    header.iter().map(|name| ((*name).to_string(), cells(name))).collect()
}

pub(crate) fn text(validation: &Validation, console: Console) -> String {
    let title =
        format!("{} compared with history: {} histories, seed {}", validation.scenario, validation.histories, validation.seed);
    let mut parts = vec![console.heading(&title)];
    parts.push(wrapped(
        "Skill is 1 - error / error of a naive forecast: 1 perfect, 0 no better, below 0 worse. Estimates have 95 % intervals over \
         simulated histories; they do not include the uncertainty that real history happened only once. Only facts that were held out can validate the \
         model. A fact is `fitted` if values were fitted to it, and `looked at` if the author knew it when choosing values.",
        console.columns,
        "",
        "",
    ));
    let mut metrics: Vec<&str> = Vec::new();
    for score in &validation.series {
        if !metrics.contains(&score.metric.as_str()) {
            metrics.push(&score.metric);
        }
    }
    parts.extend(metrics.into_iter().map(|metric| curves(validation, metric, console)));
    if !validation.numbers.is_empty() {
        parts.push(numbers(validation, console));
    }
    if !validation.entries.is_empty() {
        parts.push(entries(validation, console));
    }
    parts.extend(validation.notes.iter().map(|note| wrapped(note, console.columns, "Note   ", "       ")));
    parts.join("\n\n")
}

/// First and last year that count.
fn scored_years(score: &SeriesScore) -> String {
    let scored: Vec<f64> = score.rows.iter().filter(|row| row.scored).map(|row| row.date).collect();
    match (scored.first(), scored.last()) {
        (Some(first), Some(last)) => format!("{}-{}", first.floor(), last.floor()),
        _ => "none".to_string(),
    }
}

/// States grouped by a text about each, in the order in which each text first occurs.
fn grouped<'a>(scores: &[&'a SeriesScore], what: &dyn Fn(&SeriesScore) -> String) -> Vec<(String, Vec<&'a str>)> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for score in scores {
        let said = what(score);
        match groups.iter_mut().find(|(known, _)| *known == said) {
            Some((_, states)) => states.push(&score.state),
            None => groups.push((said, vec![&score.state])),
        }
    }
    groups
}

fn curves(validation: &Validation, metric: &str, console: Console) -> String {
    let (called, factor) = match metric {
        "burden" => ("Burdens, per cent of output", 100.0),
        "spending_share" => ("Shares of all spending, per cent", 100.0),
        "warheads" => ("Warheads", 1.0),
        _ => ("Arms, in the unit of the scenario", 1.0),
    };
    let scores: Vec<&SeriesScore> = validation.series.iter().filter(|score| score.metric == metric).collect();
    let mut rows = Vec::new();
    for score in &scores {
        let mut row = vec![score.state.clone(), figure(score.error.map(|error| error * factor), 2)];
        row.extend((0..3).map(|naive| score.scores.get(naive).map_or("–".to_string(), |score| hundredths(&score.skill))));
        row.push(score.after.name().to_string());
        rows.push(row);
    }
    let mut all = vec!["all".to_string(), String::new()];
    for naive in ["no change", "linear trend", "Richardson"] {
        let pooled = validation.pooled.iter().find(|pooled| pooled.metric == metric && pooled.naive == naive);
        all.push(pooled.map_or("–".to_string(), |pooled| hundredths(&pooled.skill)));
    }
    all.push(String::new());
    rows.push(all);
    let header = ["", "error", "against\nno change", "against\ntrend", "against\nRichardson", STANDING];
    let mut lines = vec![console.bold(called), table(&columns(&header), rows, console)];
    if let Some(first) = scores.first() {
        let scored = scores.iter().filter(|score| score.error.is_some()).map(|score| score.least_at_peace);
        let Some(least) = scored.min() else {
            let note =
                "No error can be computed: too few histories are still at peace in the years that are scored; use more with -n.";
            lines.push(wrapped(note, console.columns, "", ""));
            return lines.join("\n");
        };
        let note = format!(
            "Naive forecasts know the years before {:.0}. Error: root mean square of the mean over the histories still at peace, at \
             least {least} of them. All: each state relative to its own size.",
            first.split
        );
        lines.push(wrapped(&note, console.columns, "", ""));
    }
    let listed = |what: &dyn Fn(&SeriesScore) -> String| {
        let groups = grouped(&scores, what);
        groups.iter().map(|(what, states)| format!("{} {what}", states.join(" "))).collect::<Vec<_>>().join("; ")
    };
    let text =
        format!("Scored: {}. The years before: {}.", listed(&scored_years), listed(&|score| score.before.name().to_string()));
    lines.push(wrapped(&text, console.columns, "", "  "));
    for (why, states) in grouped(&scores, &|score| score.why.clone()).iter().filter(|(why, _)| !why.is_empty()) {
        lines.push(wrapped(&format!("{}: {why}.", states.join(" ")), console.columns, "", "  "));
    }
    let mut sources: Vec<&str> = Vec::new();
    for score in &scores {
        if !sources.contains(&score.source.as_str()) {
            sources.push(&score.source);
        }
    }
    lines.push(wrapped(&format!("History: {}.", sources.join("; ")), console.columns, "", "  "));
    lines.join("\n")
}

fn numbers(validation: &Validation, console: Console) -> String {
    let unit = |score: &NumberScore| if score.unit == "share" { "share" } else { "count" };
    let plain = |value: f64, unit: &str| estimate(&Estimate::new(value, (f64::NAN, f64::NAN), 1, ""), unit);
    let rows = validation.numbers.iter().map(|score| {
        let unit = unit(score);
        vec![
            score.label.to_string(),
            plain(score.history, unit),
            estimate(&score.simulated, unit),
            estimate(&score.skill, "count"),
            score.standing.name().to_string(),
        ]
    });
    let header = ["", "history", "simulated", "skill", STANDING];
    let mut lines = vec![console.bold("Single numbers"), table(&columns(&header), rows.collect(), console)];
    for score in &validation.numbers {
        let naive = plain(score.naive, unit(score));
        let note = format!("{}: {}. Naive: {}, {naive}. History: {}.", score.label, score.why, score.naive_is, score.source);
        lines.push(wrapped(&note, console.columns, "", "  "));
    }
    lines.push(wrapped(
        "The error of a rate or a ratio is the error of its logarithm. Powers by day 30: in the largest war of each history. Crises \
         are fewer than disputes. Arms race: both sides' arms grew, over the three years before the crisis, faster than in half of all \
         crises; the crises up to the first war count.",
        console.columns,
        "",
        "",
    ));
    lines.join("\n")
}

fn entries(validation: &Validation, console: Console) -> String {
    let rows = validation.entries.iter().map(|score| {
        vec![
            score.state.clone(),
            score.history_day.map_or("stayed out".to_string(), |day| format!("{day:.0}")),
            estimate(&score.simulated, "share").replace('\n', " "),
            figure(score.median_day, 0),
            String::new(),
        ]
    });
    let header = ["", "entered on day", "simulated: in by day 30", "median day", ""];
    let mut lines =
        vec![console.bold("Entry into the largest war of each history"), table(&columns(&header), rows.collect(), console)];
    if let Some(order) = &validation.order {
        let note = format!(
            "Order of entry, Kendall's tau over {} wars: {}; no order at all has 0. Who is in by day 30, Brier score {:.3}, naive \
             {:.3}: skill {}. Standing: {}. History: {}.",
            order.wars,
            estimate(&order.kendall, "count").replace('\n', " "),
            order.brier,
            order.brier_naive,
            estimate(&order.skill, "count").replace('\n', " "),
            order.standing.name(),
            order.source
        );
        lines.push(wrapped(&note, console.columns, "", "  "));
    }
    lines.join("\n")
}
