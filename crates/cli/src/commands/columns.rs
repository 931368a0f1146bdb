//! `spiral columns`.

use clap::Args;
use serde_json::{Value, json};
use spiral_model::table_row::ColumnDefinition;
use spiral_results::{TableDefinition, table_definitions};

use crate::arguments::Json;
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::console::{Console, wrapped};

/// List every column of every table: name, type, unit and meaning
#[derive(Debug, Args)]
pub(crate) struct Columns {
    /// Name of a table, such as `outcomes`; without one, all tables are listed
    pub(crate) table: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Width of a terminal, in characters, from which the meaning fits on the line of the name.
const WIDE: usize = 72;

impl Columns {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let mut tables = table_definitions();
        if let Some(name) = &self.table {
            let names: Vec<&str> = tables.iter().map(|table| table.name).collect();
            let unknown = format!("there is no table `{name}`; the tables are {}", names.join(", "));
            tables.retain(|table| table.name == name);
            if tables.is_empty() {
                return Err(Failure::Usage(unknown));
            }
        }
        if self.json.asked {
            return call.console.print_json(&tables.iter().map(table_json).collect::<Vec<Value>>());
        }
        let mut parts: Vec<String> = tables.iter().map(|table| text(table, call.console)).collect();
        parts.push(wrapped(
            "* A cell may be empty (null). A date is a decimal year. A share is a number from 0 to 1, so 0.05 is 5 %.",
            call.console.columns,
            "",
            "  ",
        ));
        call.console.print(&parts.join("\n\n"))
    }
}

/// The columns of a table, those that are repeated last; true for these.
fn columns(table: &TableDefinition) -> impl Iterator<Item = (&ColumnDefinition, bool)> {
    let listed = table.columns.iter().map(|column| (column, false));
    listed.chain(table.repeated.iter().map(|column| (column, true)))
}

fn text(table: &TableDefinition, console: Console) -> String {
    let longest = columns(table).map(|(column, _)| column.name.len()).max().unwrap_or(0);
    let mut lines = vec![console.heading(&format!("{}: one row is {}", table.name, table.rows))];
    for (column, repeated) in columns(table) {
        let holds = format!("{}{}", column.holds.name(), if column.nullable { "*" } else { "" });
        let start = format!("  {:<longest$}  {holds:<8}  {:<6}  ", column.name, column.unit);
        let meaning = if repeated { format!("One column each. {}", column.meaning) } else { column.meaning.to_string() };
        if console.columns < WIDE {
            lines.push(start.trim_end().to_string());
            lines.push(wrapped(&meaning, console.columns, "      ", "      "));
        } else {
            lines.push(wrapped(&meaning, console.columns, &start, &" ".repeat(start.len())));
        }
    }
    lines.join("\n")
}

fn table_json(table: &TableDefinition) -> Value {
    let column = |(column, repeated): (&ColumnDefinition, bool)| {
        json!({
            "name": column.name,
            "type": column.holds.name(),
            "nullable": column.nullable,
            "unit": if column.unit.is_empty() { None } else { Some(column.unit) },
            "meaning": column.meaning,
            "repeated": repeated,
        })
    };
    json!({ "table": table.name, "rows": table.rows, "columns": columns(table).map(column).collect::<Vec<Value>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_as_wide_as_the_terminal_and_says_what_every_column_means() {
        for columns in [60, 80, 119] {
            let console = Console { colour: false, quiet: false, columns, terminal: true };
            for table in table_definitions() {
                let text = text(&table, console);
                let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > columns).collect();
                assert!(wide.is_empty(), "{columns} columns: {wide:#?}");
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let unit = |unit: &str| unit.is_empty() || words.contains(unit);
                assert!(super::columns(&table).all(|(column, _)| words.contains(column.name) && unit(column.unit)), "{text}");
            }
        }
    }
}
