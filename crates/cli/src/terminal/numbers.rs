//! Every number of a scenario, as `spiral show` prints it.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use spiral_results::history::dates;
use spiral_results::{World, origin};
use spiral_scenario::{Origin, ResolvedRow};

use super::console::{Console, wrapped};

/// What is not a number: years, rules, what is switched off.
pub(crate) fn header(world: &World, console: Console) -> String {
    let scenario = &world.scenario;
    let setup = &scenario.setup;
    let mut lines = vec![console.bold(&scenario.name)];
    if !scenario.question.is_empty() {
        lines.push(wrapped(&scenario.question, console.columns, "", ""));
    }
    if let Some(look_at) = &scenario.look_at {
        lines.push(wrapped(look_at, console.columns, "Look at: ", "         "));
    }
    let named =
        |pairs: &[(&str, String)]| pairs.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(" · ");
    let rule =
        spiral_model::setup::ArmingRule::NAMES.iter().find(|(_, rule)| *rule == setup.arming_rule).map_or("", |(name, _)| name);
    let ending =
        spiral_model::setup::Ending::NAMES.iter().find(|(_, ending)| *ending == setup.ending).map_or("", |(name, _)| name);
    let rules = named(&[
        ("years", format!("{} to {}", setup.horizon.start, setup.horizon.end)),
        ("ticks a year", setup.horizon.ticks_per_year.to_string()),
        ("arming rule", rule.to_string()),
        ("ending", ending.to_string()),
    ]);
    lines.push(wrapped(&rules, console.columns, "", "  "));
    if !setup.without.is_empty() {
        let off: Vec<&str> = setup.without.iter().map(String::as_str).collect();
        lines.push(wrapped(&off.join(", "), console.columns, "Switched off: ", "  "));
    }
    let judgements = scenario.judgements.iter().filter(|judgement| judgement.low < judgement.high).count();
    if judgements > 0 {
        let note = format!(
            "{judgements} numbers are judgements with a range. --uncertain draws them from it, in run, ensemble and others."
        );
        lines.push(wrapped(&note, console.columns, "", "  "));
    }
    lines.join("\n")
}

/// Width of a terminal, in characters, from which six cells fit on one line without broken words.
const WIDE: usize = 120;

/// The numbers. On a wide terminal the cells are folded into its width; on a narrow one unit, meaning and origin are below the number;
/// in a pipe every number is one line.
pub(crate) fn table(rows: &[ResolvedRow], console: Console) -> String {
    if console.terminal && console.columns < WIDE {
        return rows.iter().map(|row| paragraph(row, console)).collect::<Vec<_>>().join("\n");
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["path", "value", "unit", "symbol", "origin", "meaning"]);
    if console.terminal {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(console.columns as u16);
    }
    for row in rows {
        table.add_row([
            dated(row),
            row.value.clone(),
            row.unit.clone(),
            row.symbol.to_string(),
            origin(row),
            row.meaning.to_string(),
        ]);
    }
    table.trim_fmt()
}

/// A number with what it means and where it comes from, in lines of the terminal.
fn paragraph(row: &ResolvedRow, console: Console) -> String {
    let symbol = if row.symbol.is_empty() { String::new() } else { format!("({})", row.symbol) };
    // A plain number has no unit.
    let unit = if row.unit == "1" { "" } else { row.unit.as_str() };
    let value: Vec<&str> = [row.value.as_str(), unit, &symbol].into_iter().filter(|part| !part.is_empty()).collect();
    let below = [row.meaning.to_string(), origin(row)].into_iter().filter(|text| !text.is_empty());
    let mut lines = vec![wrapped(&format!("{}  {}", dated(row), value.join(" ")), console.columns, "", "    ")];
    lines.extend(below.map(|text| wrapped(&text, console.columns, "    ", "    ")));
    lines.join("\n")
}

/// The path of a number, with the date from which it holds.
fn dated(row: &ResolvedRow) -> String {
    row.date.map_or(row.path.clone(), |date| format!("{} from {}", row.path, dates::day(date)))
}

pub(crate) fn row_json(row: &ResolvedRow) -> Value {
    let origin = match &row.origin {
        Origin::Default => json!({ "kind": "default" }),
        Origin::File => json!({ "kind": "file" }),
        Origin::Judgement { low, high, why } => json!({ "kind": "judgement", "low": low, "high": high, "why": why }),
        Origin::Source(source) => json!({ "kind": "source", "source": source }),
        Origin::Capitals => json!({ "kind": "capitals" }),
        Origin::Generated(basis) => json!({ "kind": "generated", "basis": basis }),
        Origin::Set => json!({ "kind": "set" }),
    };
    json!({
        "path": row.path,
        "date": row.date,
        "value": row.value.parse::<f64>().map_or_else(|_| json!(row.value), |number| json!(number)),
        "unit": row.unit,
        "symbol": row.symbol,
        "meaning": row.meaning,
        "origin": origin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use spiral_scenario::resolved;

    /// Every number of a scenario with its value, what it means and where it comes from, in whole words.
    #[test]
    fn a_narrow_terminal_breaks_no_word() {
        let scenario =
            spiral_scenario::load("pre-wwi", &spiral_scenario::Overrides::default()).expect("a built-in scenario").remove(0);
        let rows = resolved(&scenario);
        for columns in [60, 80, 119] {
            let text = table(&rows, Console { colour: false, quiet: false, columns, terminal: true });
            let words: std::collections::BTreeSet<&str> = text.split_whitespace().collect();
            let missing = rows.iter().flat_map(|row| row.meaning.split_whitespace().chain([row.path.as_str()]));
            let missing: Vec<&str> = missing.filter(|word| !words.contains(word)).collect();
            assert!(missing.is_empty(), "{columns} columns: not in whole {missing:?}");
            let wide: Vec<&str> =
                text.lines().filter(|line| textwrap::core::display_width(line) > columns && line.trim().contains(' ')).collect();
            assert!(wide.is_empty(), "{columns} columns: {wide:#?}");
        }
    }
}
