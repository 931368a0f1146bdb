//! `--panel`, `export` and `figures --phase`: single histories as tables, for other programs, and as figures.

use std::path::Path;

use super::{files, folder, run_to};

/// Names of the files of a folder.
fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().map(|path| path.to_string_lossy().into_owned()).collect()
}

#[test]
fn a_panel_is_kept_exported_and_drawn() {
    let folder = folder();
    let ran = run_to(0, folder.path(), &["ensemble", "richardson-1909", "-n", "12", "--panel", "5", "--csv", "--out", "study"]);
    assert!(ran.out.contains("outcomes, curves, states, dyads and events as Parquet and CSV"), "{}", ran.out);
    let study = folder.path().join("study");
    let found = files(&study);
    let text = |name: &str| String::from_utf8_lossy(&found[Path::new(name)]).into_owned();
    // Two states and one pair in five years of five histories.
    assert_eq!((text("states.csv").lines().count(), text("dyads.csv").lines().count()), (1 + 50, 1 + 25));
    assert!(text("report.html").contains("--panel 5") && text("report.html").contains("the first 5, by year"));
    assert!(found.contains_key(Path::new("figures/growth-richardson-1909.svg")), "{:?}", names(&study));
    assert!(text("figures/arms-richardson-1909.svg").contains("5 single histories"));

    // Without the option everything else is the same.
    run_to(0, folder.path(), &["ensemble", "richardson-1909", "-n", "12", "--csv", "--out", "plain"]);
    let plain = files(&folder.path().join("plain"));
    for name in ["outcomes.parquet", "curves.parquet", "events.parquet", "summary.json"] {
        assert!(plain[Path::new(name)] == found[Path::new(name)], "{name}");
    }
    assert!(!plain.contains_key(Path::new("states.parquet")));

    for (unit, format, told) in [
        ("dyad-year", "csv", "study/export/dyad-year.csv: 25 rows, "),
        ("state-year", "dta", "study/export/state-year.dta: 50 rows, "),
        ("history", "parquet", "study/export/history.parquet: 12 rows, "),
    ] {
        let ran = run_to(0, folder.path(), &["export", "study", "--unit", unit, "--to", format]);
        assert!(ran.out.starts_with(told), "{}", ran.out);
    }
    let exported = names(&study.join("export"));
    assert_eq!(exported, ["dyad-year.csv", "history.parquet", "load.R", "load.do", "state-year.dta"]);

    let ran = run_to(0, folder.path(), &["figures", "study", "--phase", "CEN-ENT"]);
    assert!(ran.out.contains("figures, as SVG and PNG"), "{}", ran.out);
    assert!(study.join("figures/phase-CEN-ENT-richardson-1909.png").is_file());
}

#[test]
fn mistakes_with_panels_are_explained() {
    let folder = folder();
    run_to(0, folder.path(), &["ensemble", "two-states", "-n", "4", "--years", "0..2", "--out", "plain"]);
    run_to(
        0,
        folder.path(),
        &["ensemble", "two-states", "-n", "4", "--years", "0..2", "--panel", "all", "--panel-by", "tick", "--out", "ticks"],
    );
    for (arguments, told) in [
        (&["export", "plain", "--unit", "dyad-year", "--to", "csv"][..], "with --panel N (or --panel all)"),
        (&["export", "ticks", "--unit", "state-year", "--to", "csv"], "--panel-by year"),
        (&["export", "plain", "--unit", "dyads", "--to", "csv"], "write one of history, event, state-year, dyad-year"),
        (&["export", "plain", "--unit", "history", "--to", "xls"], "write one of csv, dta, parquet"),
        (&["export", "nowhere", "--unit", "history", "--to", "csv"], "holds no study"),
        (&["ensemble", "two-states", "--panel", "0"], "write a whole number from 1 to 4294967295, in digits, or all"),
        (&["ensemble", "two-states", "--panel", "5", "--panel-by", "month"], "write year or tick"),
        (&["ensemble", "two-states", "--panel-by", "tick"], "--panel"),
        (&["figures", "plain", "--phase", "EAST-WEST"], "--panel 30"),
        (&["figures", "ticks", "--phase", "EAST-WETS"], "did you mean `WEST`?"),
        (&["figures", "ticks", "--phase", "EAST"], "FRA-GER"),
    ] {
        let ran = run_to(2, folder.path(), arguments);
        assert!(ran.told().contains(told), "{arguments:?} should say {told:?}:\n{}", ran.err);
    }
    // A study with another panel is another study.
    let again = ["ensemble", "two-states", "-n", "4", "--years", "0..2", "--panel", "3", "--out", "ticks", "--resume"];
    let told = run_to(2, folder.path(), &again).told();
    assert!(told.contains("histories in the panel: all by tick there, 3 by year asked for"), "{told}");
}
