//! The library as Python and the explorer call it: in memory, in a directory, interrupted.

use std::sync::atomic::{AtomicU64, Ordering};

use spiral_results::{
    Continuation, Error, Options, Overrides, Progress, Question, Results, StudyKind, StudyResults, compare, ensemble, explain,
    history, open, validate,
};

const TWO: [&str; 2] = ["two-states", "splendid-isolation"];

fn few() -> Options<'static> {
    Options { histories: Some(16), seed: Some(3), ..Options::default() }
}

#[test]
fn a_comparison_is_the_same_in_memory_and_in_a_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    let memory = compare(&TWO, &few()).expect("two built-in scenarios");
    let kept = compare(&TWO, &Options { directory: Some(folder.path().to_path_buf()), ..few() }).expect("an empty folder");
    assert_eq!(memory.summary, kept.summary);
    assert_eq!(memory.study.outcomes().expect("in memory"), kept.study.outcomes().expect("in the folder"));
    assert_eq!(memory.figures().expect("figures"), kept.figures().expect("figures"));
    // What is opened is what was written, and the manifest says of which kind it is.
    let opened = open(folder.path()).expect("a finished study");
    let StudyResults::Comparison(opened) = opened else { panic!("another kind of study") };
    assert_eq!(opened.study.manifest().kind, StudyKind::Compare);
    assert_eq!(opened.summary.scenarios.len(), 2);
    for name in ["summary.json", "report.html", "outcomes.parquet", "figures/contrast.svg"] {
        assert!(folder.path().join(name).is_file(), "no {name}");
    }
}

#[test]
fn an_explanation_adds_up_in_memory() {
    let question = Question { outcomes: vec!["war".to_string()], ..Question::default() };
    let changed = Overrides { set: vec![("technology.balance".to_string(), "0.9".to_string())], ..Overrides::default() };
    let refused = explain("two-states", "two-states", &question, &Options { changes: changed, ..few() });
    assert!(refused.is_err_and(|error| error.to_string().contains("named twice")));
    let found = explain("four-worlds/offence-distinguishable", "four-worlds/defence-distinguishable", &question, &few());
    let explanation = found.expect("two worlds of one file").explanation;
    assert_eq!(explanation.outcomes.len(), 1);
    let shares: f64 = explanation.outcomes[0].shares().filter_map(|share| share.estimate.estimate).sum();
    let whole = explanation.outcomes[0].whole().estimate.estimate.expect("a difference");
    assert!((shares - whole).abs() < 1e-9, "{shares} and {whole}");
}

/// Asks to stop after the first histories.
#[derive(Default)]
struct Impatient(AtomicU64);

impl Progress for Impatient {
    fn advance(&self, histories: u64) {
        self.0.fetch_add(histories, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

#[test]
fn an_interruption_says_what_is_kept_and_how_to_continue() {
    let folder = tempfile::tempdir().expect("a folder");
    let impatient = Impatient::default();
    let options = Options { histories: Some(2000), progress: &impatient, ..Options::default() };
    let stopped = ensemble("two-states", &options).expect_err("it was stopped");
    assert!(matches!(stopped, Error::Interrupted { next: Continuation::Nothing, .. }), "{stopped}");
    let impatient = Impatient::default();
    let options = Options { directory: Some(folder.path().to_path_buf()), progress: &impatient, ..options };
    let stopped = ensemble("two-states", &options).expect_err("it was stopped");
    assert!(matches!(stopped, Error::Interrupted { next: Continuation::Resume, .. }), "{stopped}");
    assert!(stopped.to_string().contains("of 2000 histories are kept in"), "{stopped}");
}

#[test]
fn mistakes_are_errors_with_the_words_of_the_user() {
    let message = |error: Error| error.to_string();
    assert!(ensemble("pre-ww1", &few()).map_err(message).is_err_and(|text| text.contains("did you mean `pre-wwi`?")));
    assert!(compare(&["two-states"], &few()).map_err(message).is_err_and(|text| text.contains("at least two scenarios")));
    assert!(validate("two-states", None, &few()).map_err(message).is_err_and(|text| text.contains("no historical data")));
    let ended = history("two-states", 4, false, &few()).expect("a built-in scenario");
    assert_eq!((ended.len(), ended[0].number, ended[0].seed), (1, 4, 3));
    assert!(!ended[0].entries.is_empty());
}
