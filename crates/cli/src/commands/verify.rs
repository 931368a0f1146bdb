//! `spiral verify`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use spiral_oracles::Check;
use spiral_oracles::report::{Report, Verdict};
use spiral_results::{held_out_by_era, on_threads};

use crate::arguments::{Json, Threads};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::console::{Cells, Console, table};
use crate::terminal::progress::Parts;

/// Compare the simulator with closed forms, whose answers are known
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Measure the patterns of theory and history too, and write REPORT.md
    /// with its pictures into this directory (takes minutes)
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    json: Json,
}

impl Verify {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        match &self.report {
            None => self.closed_forms(call.console),
            Some(directory) => self.report(directory, call.console),
        }
    }

    fn closed_forms(&self, console: Console) -> Result<(), Failure> {
        let checks = on_threads(self.threads.number, spiral_oracles::checks)?;
        if self.json.asked {
            console.print_json(&checks.iter().map(check_json).collect::<Vec<Value>>())?;
        } else {
            console.print(&closed_forms(&checks, console))?;
        }
        let failed = checks.iter().filter(|check| !check.holds()).count();
        if failed > 0 {
            return Err(Failure::Check(format!("{failed} of {} checks failed", checks.len())));
        }
        if !self.json.asked && !console.quiet {
            console.print(&format!("all {} checks hold", checks.len()))?;
        }
        Ok(())
    }

    fn report(&self, directory: &Path, console: Console) -> Result<(), Failure> {
        // A directory that cannot be written to is noticed before minutes of work.
        std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
        let parts = Parts::new(console);
        let mut measured = 0;
        let begin = |done, all, title: &str| {
            measured = all;
            parts.begin(done, all + 1, title);
        };
        let mut report = on_threads(self.threads.number, || Report::measure(begin))?;
        parts.begin(measured, measured + 1, "One set of constants, held out by era");
        report.markdown.push_str(&held_out_by_era(self.threads.number)?);
        parts.clear();
        report.write(directory).map_err(|error| unwritable(directory, &error))?;
        let path = directory.join("REPORT.md");
        if self.json.asked {
            let verdicts: Vec<Value> = report.verdicts.iter().map(verdict_json).collect();
            console.print_json(&json!({ "report": path, "verdicts": verdicts }))?;
        } else {
            console.print(&verdicts(&report.verdicts, console))?;
            if !console.quiet {
                console.print(&format!("the report is in {}", path.display()))?;
            }
        }
        let failed = report.verdicts.iter().filter(|verdict| !verdict.sound).count();
        if failed > 0 {
            return Err(Failure::Check(format!("{failed} of {} lines of the report do not hold", report.verdicts.len())));
        }
        Ok(())
    }
}

fn unwritable(directory: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("the report cannot be written to {}: {error}", directory.display()))
}

fn verdict_json(verdict: &Verdict) -> Value {
    json!({
        "title": verdict.title,
        "criteria": verdict.criteria,
        "holding": verdict.holding,
        "in_part": verdict.in_part,
        "ok": verdict.sound,
    })
}

fn verdicts(verdicts: &[Verdict], console: Console) -> String {
    let columns = [("what", Cells::Words), ("criteria that hold", Cells::Figures), ("verdict", Cells::Words)];
    let row = |verdict: &Verdict| {
        vec![verdict.title.clone(), format!("{} of {}", verdict.holding, verdict.criteria), verdict.in_words().to_string()]
    };
    table(&columns.map(|(name, cells)| (name.to_string(), cells)), verdicts.iter().map(row).collect(), console)
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

fn closed_forms(checks: &[Check], console: Console) -> String {
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
        let printed = |check| closed_forms(&[check], Console::FILE);
        assert!(printed(check(1.0 + 1e-7)).contains("yes"));
        assert!(printed(check(1.1)).contains("NO"));
        assert!(printed(check(f64::NAN)).contains("NO"), "a value that is not a number never passes");
    }
}
