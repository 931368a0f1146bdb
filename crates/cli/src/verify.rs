//! `spiral verify`: closed forms against the simulator.

use serde_json::{Value, json};
use spiral_testkit::Check;

use crate::commands::verify::Verify;
use crate::console::{Cells, Console, table};
use crate::failure::Failure;

pub(crate) fn verify(arguments: &Verify, console: Console) -> Result<(), Failure> {
    let checks = spiral_testkit::checks();
    if arguments.json.asked {
        console.print_json(&checks.iter().map(check_json).collect::<Vec<Value>>())?;
    } else {
        console.print(&told(&checks, console))?;
    }
    let failed = checks.iter().filter(|check| !check.holds()).count();
    if failed > 0 {
        return Err(Failure::Check(format!("{failed} of {} checks failed", checks.len())));
    }
    if !arguments.json.asked && !console.quiet {
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

fn told(checks: &[Check], console: Console) -> String {
    let columns = [
        ("oracle", Cells::Words),
        ("what", Cells::Words),
        ("expected", Cells::Figures),
        ("found", Cells::Figures),
        ("error", Cells::Figures),
        ("within", Cells::Figures),
        ("ok", Cells::Words),
    ];
    let number = |value: f64| format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_string();
    let row = |check: &Check| {
        vec![
            check.oracle.to_string(),
            check.what.clone(),
            number(check.expected),
            number(check.found),
            format!("{:.1e}", check.error()),
            format!("{:.0e}", check.tolerance),
            if check.holds() { "yes" } else { "NO" }.to_string(),
        ]
    };
    table(&columns.map(|(name, cells)| (name.to_string(), cells)), checks.iter().map(row).collect(), console)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_fails_stands_out() {
        let check = |found| Check { oracle: "O0", what: "one".to_string(), expected: 1.0, found, tolerance: 1e-6 };
        let told = |check| told(&[check], Console::new(clap::ColorChoice::Never, true));
        assert!(told(check(1.0 + 1e-7)).contains("yes"));
        assert!(told(check(1.1)).contains("NO"));
        assert!(told(check(f64::NAN)).contains("NO"), "what is no number never holds");
    }
}
