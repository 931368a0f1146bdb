//! What a user sees when a file is wrong: every file in `broken/` has its message as a snapshot. Read a new one before you
//! accept it: is it right, short, and does it say what to do?

use std::path::Path;

use spiral_scenario::{Overrides, parse_bytes};

/// Names of the broken files, sorted.
fn names() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is part of the crate")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".ron").map(str::to_string))
        .collect();
    names.sort();
    names
}

#[test]
fn every_broken_file_is_refused_with_its_message() {
    let names = names();
    assert!(names.len() >= 45, "only {} broken files", names.len());
    insta::with_settings!({ snapshot_path => "broken", prepend_module_to_snapshot => false, omit_expression => true }, {
        for name in &names {
            let path = format!("{}/tests/broken/{name}.ron", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).expect("the file was just listed");
            let message = match parse_bytes(&bytes, &format!("{name}.ron"), &Overrides::default()) {
                Ok(_) => panic!("{name}.ron was accepted"),
                Err(error) => error.to_string(),
            };
            insta::assert_snapshot!(name.as_str(), message);
        }
    });
}

#[test]
fn every_snapshot_has_its_file() {
    let names = names();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    for entry in std::fs::read_dir(folder).expect("the folder is part of the crate").flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        if let Some(name) = file.strip_suffix(".snap") {
            assert!(names.iter().any(|known| known == name), "{file} has no broken file");
        }
    }
}
