//! Histories as dated texts.

use spiral_results::history::{Entry, KEY, dates};
use spiral_results::{Draw, HISTORIES_A_DRAW, HistoryResults};

use super::chart;
use super::console::{Console, wrapped};

/// Columns of the date and the space after it.
const DATE_COLUMNS: usize = 14;

/// The chronicle with its heading, its chart and its sum.
pub(crate) fn text(histories: &[HistoryResults], console: Console) -> String {
    let mut parts = Vec::new();
    for one in histories {
        let HistoryResults { world, seed, number, draw, history, entries } = one;
        let scenario = &world.scenario;
        let horizon = scenario.setup.horizon;
        let heading = format!(
            "{}, {} to {}, history {} of seed {}",
            scenario.name,
            dates::year(horizon.start),
            dates::year(horizon.end),
            number,
            seed
        );
        parts.push(console.bold(&heading));
        if !scenario.question.is_empty() {
            parts.push(wrapped(&scenario.question, console.columns, "", ""));
        }
        if let Some(draw) = draw {
            parts.push(wrapped(&drawn(draw, *number), console.columns, "", ""));
        }
        parts.push(String::new());
        parts.push(render(entries, console));
        parts.push(String::new());
        parts.push(wrapped(&one.in_short(), console.columns, "In short: ", ""));
        parts.push(wrapped(KEY, console.columns, "", ""));
        let chart = chart::arms_race(world, history, console);
        if !chart.is_empty() {
            parts.push(String::new());
            parts.push(chart);
        }
    }
    parts.join("\n")
}

/// What a history with drawn judgements is, in words.
fn drawn(draw: &Draw, history: u32) -> String {
    let first = draw.number * HISTORIES_A_DRAW;
    let other = if history == first { first + 1 } else { first };
    let how_many = match draw.judgements.len() {
        0 => String::new(),
        1 => ": one number from its range, which --json names".to_string(),
        many => format!(": {many} numbers from their ranges, which --json lists"),
    };
    format!(
        "Its judgements are those of draw {}{how_many}. History {other} has the same judgements and another chance.",
        draw.number
    )
}

/// The chronicle as text.
fn render(entries: &[Entry], console: Console) -> String {
    let mut lines = Vec::new();
    let rest = " ".repeat(DATE_COLUMNS);
    for entry in entries {
        let first = format!("{:>width$}  ", entry.when, width = DATE_COLUMNS - 2);
        let text = wrapped(&entry.text, console.columns, &first, &rest);
        lines.push(if entry.war { console.bold(&text) } else { text });
        let indent = format!("{rest}  ");
        for (when, text) in &entry.details {
            let first = format!("{when:>width$}    ", width = DATE_COLUMNS - 2);
            lines.push(wrapped(text, console.columns, &first, &indent));
        }
    }
    lines.join("\n")
}
