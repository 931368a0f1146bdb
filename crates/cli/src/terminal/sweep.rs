//! A sweep as tables: every outcome with the points that give it.

use std::path::Path;

use spiral_results::{
    Estimate, Measure, OutcomeName, Plan, Responses, SweepResults, changes, figures_in, format_difference, format_estimate,
    short_number,
};
use spiral_scenario::Factor;

use super::console::{Cells, Console, table, wrapped};
use crate::failure::Failure;

/// Points that are printed one by one; of more, the lowest and the highest are.
const MOST_PRINTED: usize = 20;
/// How many of the lowest, and how many of the highest.
const AT_EACH_END: usize = 5;
/// Columns between two columns of a table.
const GAP: usize = 3;

/// Prints the results of `spiral sweep`.
pub(crate) fn print(results: &SweepResults, directory: &Path, json: bool, console: Console) -> Result<(), Failure> {
    let (total, failed) = histories(&results.responses);
    let ended = || if total > 0 && failed == total { Err(Failure::nothing_succeeded()) } else { Ok(()) };
    if json {
        console.print_json(&results.summary())?;
        return ended();
    }
    console.print(&text(results, console))?;
    if let Some(remark) = results.plan.sweep.as_ref().and_then(|sweep| sweep.design.remark()) {
        console.print(&wrapped(&remark, console.columns, "Remark ", "       "))?;
    }
    let more = if results.responses.effects.is_empty() { "" } else { ", effects" };
    let curves = if results.plan.curves { ", curves" } else { "" };
    let panel = if results.plan.panel.is_some() { ", states, dyads" } else { "" };
    let (rows, events) = if results.plan.rows.is_all() { ("outcomes", ", events") } else { ("tallies", "") };
    let figures = match figures_in(directory) {
        0 => String::new(),
        1 => "; 1 figure in figures/".to_string(),
        number => format!("; {number} figures in figures/"),
    };
    let place = directory.display();
    let files = format!(
        "{place}: points, responses{more}, {rows}{curves}{panel}{events}, failures as Parquet; summary.json{figures}; report.html"
    );
    console.print_files(&files, None)?;
    ended()
}

/// All histories, and those of them that failed.
fn histories(responses: &Responses) -> (u64, u64) {
    responses.histories.iter().fold((0, 0), |(n, f), (more, bad)| (n + more, f + bad))
}

/// One table for each outcome.
fn text(SweepResults { plan, responses, .. }: &SweepResults, console: Console) -> String {
    let (total, failed) = histories(responses);
    let drawn = if plan.uncertain { ", judgements drawn" } else { "" };
    let heading = format!("{}: {} points, {total} histories{drawn}, {failed} failed numerically", plan.title, plan.points.len());
    let blocks = (0..responses.outcomes.len()).map(|outcome| block(plan, responses, outcome, console));
    let wide = too_wide(plan, responses).map(|note| wrapped(&note, console.columns, "", ""));
    std::iter::once(console.heading(&heading)).chain(blocks).chain(wide).collect::<Vec<_>>().join("\n\n")
}

/// The note if intervals are wider than the study asks for, although all allowed histories were simulated.
fn too_wide(plan: &Plan, responses: &Responses) -> Option<String> {
    let stop = plan.sweep.as_ref()?.stop.as_ref()?;
    let outcome = responses.outcomes.iter().position(|outcome| outcome.name == stop.outcome)?;
    let wide = |estimates: &&Vec<Estimate>| {
        let Estimate { lower, upper, .. } = &estimates[outcome];
        lower.zip(*upper).is_none_or(|(lower, upper)| upper - lower > stop.width)
    };
    let count = responses.estimates.iter().filter(wide).count();
    let (of, most) = (responses.estimates.len(), plan.histories);
    (count > 0).then(|| {
        format!(
            "In {count} of {of} points the interval of {} is wider than {} after the {most} histories allowed.",
            stop.outcome, stop.width
        )
    })
}

fn block(plan: &Plan, responses: &Responses, outcome: usize, console: Console) -> String {
    let OutcomeName { name, label, unit } = &responses.outcomes[outcome];
    let value = |point: usize| {
        let estimate: Estimate = responses.estimates[point][outcome].clone();
        format_estimate(&Measure { name: name.clone(), label: String::new(), unit: unit.clone(), estimate })
    };
    let difference = |point: usize| {
        let effects = point.checked_sub(1).and_then(|row| responses.effects.get(row)?.measures.get(outcome));
        effects.map_or_else(String::new, format_difference)
    };
    let (shown, about) = shown(responses, outcome);
    let width = |texts: &mut dyn Iterator<Item = String>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let widest = width(&mut shown.iter().flatten().map(|&point| value(point)));
    let contrasts = !responses.effects.is_empty();
    let widest = widest + if contrasts { GAP + width(&mut shown.iter().flatten().map(|&point| difference(point))) } else { 0 };
    let (columns, left_out) = columns(plan, &shown, console.columns.saturating_sub(widest + 3 * GAP));
    let figures = |name: &str| (name.to_string(), Cells::Figures);
    let header = columns.iter().map(|column| (column.header.clone(), column.cells));
    let header =
        std::iter::once(figures("")).chain(header).chain([figures("")]).chain(contrasts.then(|| figures("less point 0")));
    let row = |point: &Option<usize>| {
        let Some(point) = *point else { return vec!["…".to_string()] };
        let row = std::iter::once(point.to_string()).chain(columns.iter().map(|column| (column.cell)(point)));
        row.chain([value(point)]).chain(contrasts.then(|| difference(point))).collect()
    };
    let text = table(&header.collect::<Vec<_>>(), shown.iter().map(row).collect(), console);
    let judgement = judgement(responses, outcome);
    let factors = match left_out {
        0 => String::new(),
        1 => "One more factor is in points.parquet.".to_string(),
        more => format!("{more} more factors are in points.parquet."),
    };
    let notes = [about, factors, judgement].into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" ");
    let notes = if notes.is_empty() { notes } else { format!("\n{}", wrapped(&notes, console.columns, "", "")) };
    format!("{}\n\n{text}{notes}", console.heading(label))
}

/// How much of the variance of an outcome is judgement, over all points; nothing where judgements are not drawn.
fn judgement(responses: &Responses, outcome: usize) -> String {
    let shares = responses.variance.iter().filter_map(|parts| parts.get(outcome)?.judgement.estimate);
    let (low, high) = shares.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), share| (low.min(share), high.max(share)));
    if low > high {
        return String::new();
    }
    let (low, high) = (format!("{:.0}", 100.0 * low), format!("{:.0}", 100.0 * high));
    let part = if low == high { format!("{low} %") } else { format!("{low} to {high} %") };
    format!("Of the variance over histories {part} comes from the judgements, by point; the rest is chance.")
}

/// Points to show of an outcome, `None` where some are left out, and what they are.
fn shown(responses: &Responses, outcome: usize) -> (Vec<Option<usize>>, String) {
    let points = responses.estimates.len();
    if points <= MOST_PRINTED {
        return ((0..points).map(Some).collect(), String::new());
    }
    let value = |point: &usize| responses.estimates[*point][outcome].estimate;
    let mut order: Vec<usize> = (0..points).filter(|point| value(point).is_some()).collect();
    order.sort_by(|a, b| value(a).partial_cmp(&value(b)).unwrap_or(std::cmp::Ordering::Equal));
    if order.len() <= 2 * AT_EACH_END {
        let about = format!("The other points of {points} have no value.");
        return (order.into_iter().map(Some).collect(), about);
    }
    let low = order[..AT_EACH_END].iter().copied().map(Some);
    let high = order[order.len() - AT_EACH_END..].iter().copied().map(Some);
    let about =
        format!("The {AT_EACH_END} lowest and the {AT_EACH_END} highest of {points} points; all are in responses.parquet.");
    (low.chain([None]).chain(high).collect(), about)
}

/// A column of the table of points.
struct Column<'a> {
    header: String,
    cell: Box<dyn Fn(usize) -> String + 'a>,
    cells: Cells,
}

/// If all factors are numbers, a column for each factor that fits into the width, and how many do not fit; otherwise the changes of
/// each point in words.
fn columns<'a>(plan: &'a Plan, shown: &[Option<usize>], room: usize) -> (Vec<Column<'a>>, usize) {
    let Some(sweep) = &plan.sweep else { return (Vec::new(), 0) };
    if sweep.factors.iter().any(|factor| matches!(factor.kind(), "mechanism" | "intervention")) {
        let cell = Box::new(|point| changes(plan, point).join(", "));
        return (vec![Column { header: String::new(), cell, cells: Cells::Words }], 0);
    }
    let (mut columns, mut used) = (Vec::new(), 0);
    for (position, factor) in sweep.factors.iter().enumerate() {
        let header = short_name(&factor.name, &sweep.factors);
        let cell =
            move |point: usize| sweep.points.values[point].get(position).map_or_else(String::new, |value| short_number(*value));
        let widest = shown.iter().flatten().map(|&point| cell(point).len()).fold(header.chars().count(), usize::max);
        used += widest + GAP;
        if used > room && !columns.is_empty() {
            break;
        }
        columns.push(Column { header, cell: Box::new(cell), cells: Cells::Figures });
    }
    let left_out = sweep.factors.len() - columns.len();
    (columns, left_out)
}

/// The last part of a path, with the part before it if another factor has the same last part.
fn short_name(name: &str, factors: &[Factor]) -> String {
    let last = |name: &str, parts: usize| {
        name.rsplitn(parts + 1, '.').take(parts).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(".")
    };
    let alike = |parts: usize| factors.iter().filter(|other| last(&other.name, parts) == last(name, parts)).count() > 1;
    (1..4)
        .map(|parts| (parts, last(name, parts)))
        .find(|(parts, _)| !alike(*parts))
        .map_or_else(|| name.to_string(), |(_, short)| short)
}
