//! No test and no scenario is silently left out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::TargetKind;
use spiral_scenario::{Overrides, catalogue, load};

use super::crates::metadata;
use super::{entries, name, read, root, rust_files};

/// Suites of the root package: folders of `tests/`, each a module of its one binary.
const SUITES: &[&str] = &["architecture", "cli", "determinism", "golden", "metamorphic", "science"];

/// Every file that the modules of a file reach, itself included.
fn reached(file: &Path, found: &mut BTreeSet<PathBuf>) {
    if !found.insert(file.to_path_buf()) {
        return;
    }
    let folder = file.parent().expect("a file stands in a folder");
    let stem = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let own = if ["main", "lib", "mod"].contains(&stem.as_str()) || folder.ends_with("tests") {
        folder.to_path_buf()
    } else {
        folder.join(&stem)
    };
    for line in read(file).lines() {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        let Some(module) = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) else { continue };
        let candidates = [own.join(format!("{module}.rs")), own.join(module).join("mod.rs")];
        if let Some(next) = candidates.iter().find(|path| path.is_file()) {
            reached(next, found);
        }
    }
}

#[test]
fn every_file_of_tests_is_in_the_one_binary_of_its_crate() {
    // A hidden folder is no suite: it holds the packages of Python that a script needs.
    let folders: Vec<String> = entries(&root().join("tests")).iter().map(|path| name(path)).collect();
    let folders: Vec<&String> = folders.iter().filter(|name| !name.starts_with('.') && *name != "main.rs").collect();
    assert_eq!(folders, SUITES, "folders in tests/");
    for package in metadata().packages {
        let folder = package.manifest_path.parent().expect("a manifest stands in a folder").as_std_path().join("tests");
        let targets: Vec<PathBuf> = package
            .targets
            .iter()
            .filter(|target| target.kind.contains(&TargetKind::Test))
            .map(|target| target.src_path.clone().into_std_path_buf())
            .collect();
        // The tests of the Python module are in Python.
        if !folder.exists() || rust_files(&folder).is_empty() {
            assert!(targets.is_empty(), "{}: tests from elsewhere", package.name);
            continue;
        }
        assert_eq!(targets.len(), 1, "{}: each binary of tests costs its own link; one is enough", package.name);
        let mut found = BTreeSet::new();
        reached(&targets[0], &mut found);
        for file in rust_files(&folder) {
            assert!(found.contains(&file), "{} is in no test binary", file.display());
        }
        assert!(found.iter().any(|file| read(file).contains("#[test]")), "{} tests nothing", package.name);
    }
}

#[test]
fn every_source_file_is_in_its_crate() {
    for folder in entries(&root().join("crates")) {
        let mut found = BTreeSet::new();
        for top in ["lib.rs", "main.rs"].map(|top| folder.join("src").join(top)) {
            if top.is_file() {
                reached(&top, &mut found);
            }
        }
        for file in rust_files(&folder.join("src")) {
            // The mechanisms are declared by the list that registers them.
            let listed = file.parent().is_some_and(|parent| parent.ends_with("mechanisms"));
            assert!(listed || found.contains(&file), "{} is in no crate", file.display());
        }
    }
}

#[test]
fn every_configuration_is_in_the_catalogue_and_loads() {
    let folder = root().join("configs");
    assert_eq!(
        entries(&folder).iter().map(|path| name(path)).collect::<Vec<_>>(),
        ["calibrations", "history", "scenarios", "studies", "weapons"],
        "folders of configs/"
    );
    let histories: Vec<String> = entries(&folder.join("history")).iter().map(|path| name(path)).collect();
    let listed: Vec<String> = spiral_scenario::history_names().map(|name| format!("{name}.ron")).collect();
    assert_eq!(histories, listed, "configs/history against the names of records");
    let weapons: BTreeSet<String> =
        entries(&folder.join("weapons")).iter().map(|path| name(path).trim_end_matches(".ron").to_string()).collect();
    let menu: BTreeSet<String> = spiral_scenario::weapons().into_iter().map(|card| card.name).collect();
    assert_eq!(weapons, menu, "configs/weapons against the menu");
    let files: Vec<String> = entries(&folder.join("scenarios")).iter().map(|path| name(path)).collect();
    let listed: Vec<String> = catalogue().iter().map(|entry| format!("{}.ron", entry.name)).collect();
    assert_eq!(files, listed, "configs/scenarios against the catalogue");
    for entry in catalogue() {
        let path = folder.join("scenarios").join(format!("{}.ron", entry.name));
        assert_eq!(read(&path), entry.text, "{}: the catalogue holds another text", entry.name);
        let from_file = load(&path.to_string_lossy(), &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(from_file.len(), entry.members.len().max(1), "{}", entry.name);
    }
}
