//! `spiral verify`: closed forms against the simulator.

use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};
use spiral_testkit::Check;

use crate::arguments::Listing;
use crate::console::{Console, HEADED};
use crate::failure::Failure;

pub(crate) fn verify(arguments: &Listing, console: Console) -> Result<(), Failure> {
    let checks = spiral_testkit::checks();
    if arguments.json {
        console.print_json(&checks.iter().map(check_json).collect::<Vec<Value>>())?;
    } else {
        console.print(&table(&checks))?;
    }
    let failed = checks.iter().filter(|check| !check.holds()).count();
    if failed > 0 {
        return Err(Failure::Check(format!("{failed} of {} checks failed", checks.len())));
    }
    if !arguments.json && !console.quiet {
        console.print(&format!("all {} checks hold", checks.len()))?;
    }
    Ok(())
}

fn check_json(check: &Check) -> Value {
    json!({
        "oracle": check.oracle,
        "what": check.what,
        "expected": check.expected,
        "found": check.found,
        "error": check.error(),
        "tolerance": check.tolerance,
        "ok": check.holds(),
    })
}

fn table(checks: &[Check]) -> String {
    let mut table = Table::new();
    table.load_style(HEADED);
    table.set_header(["oracle", "what", "expected", "found", "error", "tolerance", "ok"]);
    for check in checks {
        let number = |value: f64| format!("{value:.9}").trim_end_matches('0').trim_end_matches('.').to_string();
        let ok = if check.holds() { "yes" } else { "NO" };
        table.add_row([
            check.oracle.to_string(),
            check.what.clone(),
            number(check.expected),
            number(check.found),
            format!("{:.1e}", check.error()),
            format!("{:.0e}", check.tolerance),
            ok.to_string(),
        ]);
    }
    for column in table.column_iter_mut().skip(2).take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_fails_stands_out() {
        let check = |found| Check { oracle: "O0", what: "one".to_string(), expected: 1.0, found, tolerance: 1e-6 };
        assert!(table(&[check(1.0 + 1e-7)]).contains("yes"));
        assert!(table(&[check(1.1)]).contains("NO"));
        assert!(table(&[check(f64::NAN)]).contains("NO"), "what is no number never holds");
    }
}
