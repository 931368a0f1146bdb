//! `new`.

use std::fs;

use super::{folder, run_to};

#[test]
fn a_copy_is_written_once_and_runs_as_its_head_says() {
    let folder = folder();
    let said = run_to(0, folder.path(), &["new", "my.ron", "--from", "two-states"]).out;
    assert_eq!(said, "my.ron: a copy of two-states. Its first lines say how to run it.\n");
    let text = fs::read_to_string(folder.path().join("my.ron")).expect("the copy");
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//   spiral ")).collect();
    assert_eq!(commands.len(), 4, "{text}");
    for command in commands.iter().filter(|command| !command.starts_with("ensemble")) {
        let words: Vec<&str> = command.split("  ").next().unwrap_or_default().split(' ').collect();
        run_to(0, folder.path(), &words);
    }
    // What a user has edited is never lost.
    fs::write(folder.path().join("my.ron"), "edited").expect("a writable folder");
    let refused = run_to(2, folder.path(), &["new", "my.ron", "--from", "pre-wwi"]).told();
    assert!(refused.contains("my.ron exists and is not overwritten"), "{refused}");
    assert_eq!(fs::read_to_string(folder.path().join("my.ron")).expect("the copy"), "edited");
}

#[test]
fn what_cannot_be_copied_is_refused_and_leaves_no_file() {
    let folder = folder();
    for (words, part) in [
        (&["new", "my.ron", "--from", "pre-wi"][..], "did you mean `pre-wwi`?"),
        (&["new", "my.ron", "--from", "four-worlds/none"], "no member `none` in four-worlds"),
        (&["new", "my.txt", "--from", "pre-wwi"], "must end in .ron"),
        (&["new", "nowhere/my.ron", "--from", "pre-wwi"], "cannot write nowhere/my.ron"),
    ] {
        let refused = run_to(2, folder.path(), words).told();
        assert!(refused.contains(part), "{words:?}: {refused}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
