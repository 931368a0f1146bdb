//! Help, mistakes and their exit codes.

use std::process::Stdio;

use super::{folder, run, run_to, spiral};

/// The smallest terminal that people still have.
const SCREEN: (usize, usize) = (80, 24);

/// Every command.
const COMMANDS: &[&str] = &[
    "scenarios",
    "show",
    "check",
    "new",
    "run",
    "ensemble",
    "compare",
    "explain",
    "sweep",
    "sensitivity",
    "calibrate",
    "replay",
    "shard",
    "cluster",
    "merge",
    "verify",
    "validate",
    "import",
    "odd",
    "report",
    "figures",
    "export",
    "columns",
    "completions",
];

#[test]
fn spiral_alone_explains_itself_in_one_screen() {
    let folder = folder();
    let alone = run_to(0, folder.path(), &[]);
    let help = run_to(0, folder.path(), &["--help"]);
    assert_eq!(alone.out, help.out);
    assert!(alone.err.is_empty(), "{}", alone.err);
    let lines: Vec<&str> = alone.out.lines().collect();
    let widest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(lines.len() < SCREEN.1 && widest <= SCREEN.0, "{} lines, {widest} columns:\n{}", lines.len(), alone.out);
    for &command in COMMANDS {
        assert!(alone.out.contains(&format!("  {command} ")), "{command} is not listed:\n{}", alone.out);
    }
}

#[test]
fn every_command_has_help() {
    let folder = folder();
    for &command in COMMANDS {
        let help = run_to(0, folder.path(), &[command, "--help"]);
        assert!(help.out.contains(&format!("Usage: spiral {command}")), "{}", help.out);
    }
    assert!(run_to(0, folder.path(), &["--version"]).out.starts_with("spiral "));
}

#[test]
fn mistakes_end_with_2_and_name_the_nearest() {
    let folder = folder();
    for (arguments, told) in [
        (&["ensembel", "pre-wwi"][..], "ensemble"),
        (&["run", "pre-ww1"], "did you mean `pre-wwi`?"),
        (&["run", "four-worlds/offence-distinguishible"], "did you mean `offence-distinguishable`?"),
        (&["run", "pre-wwi", "--set", "technology.balanse=0.5"], "did you mean `technology.balance`?"),
        (&["run", "pre-wwi", "--set", "states.GRE.greed=0.5"], "did you mean `states.GER.greed`?"),
        (&["run", "pre-wwi", "--set", "technology.balance=-3"], "technology.balance is -3; allowed: "),
        (&["run", "pre-wwi", "--set", "technology.balance"], "PATH=VALUE"),
        (&["run", "pre-wwi", "--without", "belief"], "did you mean `beliefs`?"),
        (&["run", "pre-wwi", "--years", "1914"], "1890..1914"),
        (&["run", "pre-wwi", "--years", "1914..1890"], "--years 1914..1890"),
        (&["ensemble", "pre-wwi", "-n", "0"], "--histories"),
        (&["ensemble", "pre-wwi", "--threads", "0"], "1 to 4096"),
        (&["ensemble", "pre-wwi", "--sed", "3"], "--seed"),
        (&["compare", "pre-wwi"], "at least two scenarios"),
        (&["compare", "pre-wwi", "pre-wwi"], "named twice"),
        (&["explain", "pre-wwi"], "<B>"),
        (&["explain", "pre-wwi", "pre-ww2"], "did you mean `pre-wwi`?"),
        (&["explain", "pre-wwi", "pre-wwi"], "named twice"),
        (&["explain", "pre-wwi", "four-worlds"], "name a member, such as four-worlds/"),
        (&["explain", "pre-wwi", "pre-wwii", "--outcome", "generel_war"], "'general_war'"),
        (&["explain", "pre-wwi", "pre-wwii", "--outcome", "war", "--outcome", "war"], "--outcome war is given twice"),
        (&["explain", "pre-wwi", "pre-wwii", "--counterpart", "AUH=AUS"], "pre-wwii has no state AUS; it has CZE, FRA"),
        (&["explain", "pre-wwi", "pre-wwii", "--counterpart", "AUH"], "SRB=CZE"),
        (&["explain", "pre-wwi", "cold-war", "-n", "0"], "--histories"),
        (&["show", "pre-wwi", "weather"], "no number under `weather`"),
        (&["ensemble", "two-states", "-n", "-1"], "write a whole number from 1 to 4294967295"),
        (&["run", "two-states", "--seed", "x"], "write a whole number from 0 to 18446744073709551615"),
        (&["rnu", "pre-wwi"], "similar subcommand exists: 'run'"),
        (&["rnu"], "commands: scenarios, show, check, new, import, odd, run, ensemble,"),
        (&["run", "pre-wwi", "--color=alwys"], "similar value exists: 'always'"),
        (&["run", "."], "`.` is a directory"),
        (&["compare", "pre-wwi", "pre-wwii", "--set", "states.SRB.greed=0.4"], "in pre-wwii; a change applies to every"),
        (&["validate", "two-states"], "no historical data for two-states: add `observed`"),
        (&["completions", "tcsh"], "bash"),
    ] {
        let ran = run_to(2, folder.path(), arguments);
        assert!(ran.told().contains(told), "spiral {arguments:?} should say {told:?}:\n{}", ran.err);
        let wide = ran.err.lines().find(|line| line.chars().count() > SCREEN.0);
        assert_eq!(wide, None, "spiral {arguments:?} says more than a line holds");
        assert!(ran.out.is_empty(), "spiral {arguments:?} wrote to stdout: {}", ran.out);
    }
    let left = std::fs::read_dir(folder.path()).expect("a readable folder").count();
    assert_eq!(left, 0, "a mistake leaves nothing on disk");
}

#[test]
fn a_typo_in_a_file_is_shown_where_it_stands() {
    let folder = folder();
    let text =
        "(\n    calendar: (start: 0, end: 10),\n    technology: (balanse: 1.0),\n    states: { \"A\": (), \"B\": () },\n)\n";
    std::fs::write(folder.path().join("mine.ron"), text).expect("a writable folder");
    for command in ["check", "run", "ensemble"] {
        let ran = run_to(2, folder.path(), &[command, "mine.ron"]);
        for part in ["mine.ron:3:18", "balanse", "did you mean `balance`?"] {
            assert!(ran.told().contains(part), "spiral {command} should say {part:?}:\n{}", ran.err);
        }
    }
    std::fs::write(folder.path().join("mine.ron"), text.replace("balanse", "balance")).expect("a writable folder");
    let ran = run_to(0, folder.path(), &["check", "mine.ron"]);
    assert!(ran.out.contains("mine is valid: 2 states"), "{}", ran.out);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let folder = folder();
    let mut child = spiral(folder.path(), &["show", "pre-wwi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ended: super::Ran = child.wait_with_output().expect("the program ends").into();
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn completions_know_the_commands() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run_to(0, folder.path(), &["completions", shell]).out;
        for word in ["ensemble", "histories", "spiral"] {
            assert!(script.contains(word), "{shell} completions lack {word}");
        }
    }
    // Where the shell is there, it must accept its script.
    for shell in ["bash", "zsh"] {
        let script = folder.path().join(format!("completions.{shell}"));
        std::fs::write(&script, run(folder.path(), &["completions", shell]).out).expect("a writable folder");
        if let Ok(parsed) = std::process::Command::new(shell).arg("-n").arg(&script).output() {
            assert!(parsed.status.success(), "{shell}: {}", String::from_utf8_lossy(&parsed.stderr));
        }
    }
}
