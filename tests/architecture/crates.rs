//! The arrows between crates, what each may depend on, and their lints.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::{entries, name, read, root};

/// Which of our crates each may use outside tests. `cli` stands above all.
const ARROWS: &[(&str, &[&str])] = &[
    ("spiral-kernel", &[]),
    ("spiral-model", &["spiral-kernel"]),
    ("spiral-analysis", &["spiral-kernel", "spiral-model"]),
    // A scenario file may say what history did, in the types with which analysis scores it.
    ("spiral-scenario", &["spiral-kernel", "spiral-model", "spiral-analysis"]),
    ("spiral-study", &["spiral-kernel", "spiral-model", "spiral-scenario", "spiral-analysis"]),
    ("spiral-figures", &["spiral-analysis"]),
    ("spiral-testkit", &["spiral-kernel", "spiral-model", "spiral-scenario", "spiral-analysis"]),
    (
        "spiral-results",
        &[
            "spiral-model",
            "spiral-scenario",
            "spiral-analysis",
            "spiral-study",
            "spiral-figures",
            // The ODD document lists its patterns.
            "spiral-testkit",
        ],
    ),
    (
        "spiral-cli",
        &[
            "spiral-model",
            "spiral-scenario",
            "spiral-results",
            // `spiral verify` prints its oracles.
            "spiral-testkit",
        ],
    ),
    ("spiral", &["spiral-cli"]),
];

/// Heavy or telling dependencies, and who alone may have them.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("parquet", &["spiral-study"]),
    ("arrow", &["spiral-study"]),
    ("ron", &["spiral-scenario"]),
    ("bevy_ecs", &["spiral-model"]),
    ("petgraph", &["spiral-model", "spiral-scenario"]),
    ("resvg", &["spiral-figures"]),
    ("clap", &["spiral-cli"]),
    ("ctrlc", &["spiral-cli"]),
    ("indicatif", &["spiral-cli"]),
];

pub(crate) fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps().other_options(["--offline".to_string()]);
    command.exec().unwrap_or_else(|error| panic!("{error}"))
}

/// Dependencies outside tests, by name.
fn dependencies(package: &Package) -> BTreeSet<&str> {
    let outside_tests = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    outside_tests.map(|dependency| dependency.name.as_str()).collect()
}

#[test]
fn the_arrows_go_one_way() {
    let metadata = metadata();
    let packages: BTreeMap<&str, &Package> = metadata.packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(packages.keys().copied().collect::<BTreeSet<_>>(), known, "a crate without arrows, or arrows without a crate");
    for (position, (crate_name, allowed)) in ARROWS.iter().enumerate() {
        let used = dependencies(packages[crate_name]);
        for other in used.iter().filter(|other| known.contains(*other)) {
            assert!(allowed.contains(other), "{crate_name} must not use {other}: it may use {allowed:?}");
        }
        // The list itself has no circle: who stands in it may use only who stands above.
        for other in *allowed {
            let place = ARROWS.iter().position(|(above, _)| above == other);
            assert!(place.is_some_and(|place| place < position), "{other} must stand above {crate_name} in the list");
            assert!(used.contains(other), "{crate_name} no longer uses {other}: take the arrow out");
        }
    }
}

#[test]
fn tests_need_nothing_from_above() {
    // A crate whose tests use one that stands above it can be neither read nor tested by itself.
    for package in &metadata().packages {
        let allowed = ARROWS.iter().find(|(name, _)| *name == package.name.as_str()).map_or(&[][..], |(_, allowed)| *allowed);
        let development = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Development);
        for other in development.map(|dependency| dependency.name.as_str()).filter(|other| other.starts_with("spiral-")) {
            let fine = package.name.as_str() == "spiral" || allowed.contains(&other);
            assert!(fine, "tests of {} use {other}", package.name);
        }
    }
}

#[test]
fn heavy_dependencies_stay_where_they_belong() {
    let metadata = metadata();
    for (dependency, allowed) in KEPT_TO {
        let users: Vec<&str> = metadata
            .packages
            .iter()
            .filter(|package| dependencies(package).contains(dependency))
            .map(|package| package.name.as_str())
            .collect();
        assert_eq!(users, *allowed, "who uses {dependency}");
    }
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    let manifests = entries(&root().join("crates")).into_iter().chain([root().to_path_buf()]);
    let mut exceptions = Vec::new();
    for folder in manifests {
        let text = read(&folder.join("Cargo.toml"));
        if text.contains("\n[lints]\nworkspace = true\n") {
            continue;
        }
        let before = text.split("\n[lints.rust]").next().unwrap_or_default();
        let reason = before.lines().last().is_some_and(|line| line.starts_with("# As the workspace's, but for"));
        assert!(reason && text.contains("\n[lints.clippy]\n"), "{}: no lints, or no reason for its own", folder.display());
        for lint in ["missing_docs", "unreachable_pub", "unsafe_code", "pedantic", "allow_attributes_without_reason"] {
            assert!(text.contains(&format!("\n{lint} = ")), "{}: {lint} is not set", folder.display());
        }
        exceptions.push(name(&folder));
    }
    assert_eq!(exceptions, ["kernel"]);
}
