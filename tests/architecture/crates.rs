//! The arrows between crates, what each may depend on, and their lints.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

use super::{entries, name, read, root};

/// Which of our crates each may use outside tests. `cli` stands above all.
const ARROWS: &[(&str, &[&str])] = &[
    ("spiral-kernel", &[]),
    ("spiral-model", &["spiral-kernel"]),
    ("spiral-analysis", &["spiral-kernel", "spiral-model"]),
    // A scenario file may say what history did, in the types with which analysis scores it.
    ("spiral-scenario", &["spiral-kernel", "spiral-model", "spiral-analysis"]),
    ("spiral-ensemble", &["spiral-model", "spiral-analysis"]),
    ("spiral-chronicle", &["spiral-kernel", "spiral-model", "spiral-scenario"]),
    ("spiral-study", &["spiral-kernel", "spiral-model", "spiral-scenario", "spiral-analysis", "spiral-ensemble"]),
    ("spiral-figures", &["spiral-analysis"]),
    ("spiral-oracles", &["spiral-kernel", "spiral-model", "spiral-scenario", "spiral-analysis", "spiral-figures"]),
    // For tests and benches only.
    ("spiral-testkit", &["spiral-kernel", "spiral-model", "spiral-oracles"]),
    (
        "spiral-results",
        &[
            "spiral-model",
            "spiral-scenario",
            "spiral-analysis",
            "spiral-chronicle",
            "spiral-study",
            "spiral-figures",
            // The ODD document lists its patterns.
            "spiral-oracles",
        ],
    ),
    // What a page asks and what it gets, without network and files.
    ("spiral-explorer", &["spiral-model", "spiral-scenario", "spiral-analysis", "spiral-ensemble", "spiral-chronicle"]),
    // The same for a page without a server.
    ("spiral-browser", &["spiral-ensemble", "spiral-explorer"]),
    ("spiral-serve", &["spiral-scenario", "spiral-explorer", "spiral-results"]),
    // `spiral verify` prints what the oracles measure.
    ("spiral-cli", &["spiral-model", "spiral-scenario", "spiral-results", "spiral-oracles", "spiral-serve"]),
    ("spiral", &["spiral-cli"]),
    // The module carries the command line.
    ("spiral-python", &["spiral-scenario", "spiral-results", "spiral-cli"]),
];

/// Heavy or telling dependencies, and who alone may have them.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("parquet", &["spiral-study"]),
    ("arrow", &["spiral-study", "spiral-python"]),
    ("tempfile", &["spiral-results", "spiral-study"]),
    ("zstd", &["spiral-study"]),
    ("ron", &["spiral-scenario"]),
    ("bevy_ecs", &["spiral-model"]),
    ("petgraph", &["spiral-model", "spiral-scenario"]),
    ("resvg", &["spiral-figures"]),
    ("clap", &["spiral-cli"]),
    ("ctrlc", &["spiral-cli"]),
    ("pyo3", &["spiral-python"]),
    ("indicatif", &["spiral-cli"]),
    ("axum", &["spiral-serve"]),
    ("tokio", &["spiral-serve"]),
    ("rust-embed", &["spiral-serve"]),
];

pub(crate) fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps().other_options(["--offline".to_string()]);
    command.exec().unwrap_or_else(|error| panic!("{error}"))
}

/// Crates that a browser runs, and the packages that must not be in their trees: files, pictures and terminals are not for them.
const FOR_THE_BROWSER: &[&str] = &[
    "spiral-kernel",
    "spiral-model",
    "spiral-scenario",
    "spiral-analysis",
    "spiral-ensemble",
    "spiral-chronicle",
    "spiral-explorer",
    "spiral-browser",
];
const NOT_FOR_THE_BROWSER: &[&str] = &["parquet", "arrow", "zstd", "tempfile", "ctrlc", "clap", "indicatif", "resvg"];

/// The packages of the whole workspace with their dependencies, as they are on this machine's kind of processor and system.
fn resolved() -> Metadata {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc says its version");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names the host").to_string();
    let mut command = MetadataCommand::new();
    let options = ["--offline".to_string(), "--filter-platform".to_string(), host];
    command.manifest_path(root().join("Cargo.toml")).other_options(options);
    command.exec().unwrap_or_else(|error| panic!("{error}"))
}

/// Names of everything that a crate needs outside tests, directly or through others.
fn tree(metadata: &Metadata, name: &str) -> BTreeSet<String> {
    let nodes = &metadata.resolve.as_ref().expect("dependencies are resolved").nodes;
    let package = |id: &PackageId| metadata.packages.iter().find(|package| package.id == *id).expect("a package of the tree");
    let mut todo: Vec<&PackageId> =
        metadata.packages.iter().filter(|package| package.name.as_str() == name).map(|package| &package.id).collect();
    assert_eq!(todo.len(), 1, "packages of the name {name}");
    let mut seen = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = nodes.iter().find(|node| node.id == *id).expect("a node of the tree");
        let needed = |kind: &DependencyKind| *kind != DependencyKind::Development;
        todo.extend(node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|info| needed(&info.kind))).map(|dep| &dep.pkg));
    }
    seen.into_iter().map(|id| package(id).name.to_string()).collect()
}

#[test]
fn what_a_browser_runs_needs_no_files_and_no_terminal() {
    let metadata = resolved();
    for name in FOR_THE_BROWSER {
        let tree = tree(&metadata, name);
        let found: Vec<&String> = tree
            .iter()
            .filter(|name| NOT_FOR_THE_BROWSER.iter().any(|not| name.as_str() == *not || name.starts_with(&format!("{not}-"))))
            .collect();
        assert!(found.is_empty(), "{name} needs {found:?}, which a browser cannot run");
    }
    // The search finds what is there.
    let study = tree(&metadata, "spiral-study");
    for name in ["parquet", "zstd", "tempfile", "arrow-array"] {
        assert!(study.contains(name), "spiral-study needs {name}, and the search did not find it");
    }
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

/// The crates on which one stands, directly or through others.
fn below(crate_name: &str) -> BTreeSet<&'static str> {
    let direct = ARROWS.iter().find(|(name, _)| *name == crate_name).map_or(&[][..], |(_, allowed)| *allowed);
    direct.iter().flat_map(|name| below(name).into_iter().chain([*name])).collect()
}

#[test]
fn tests_need_nothing_from_above() {
    // A crate whose tests use one that stands above it can be neither read nor tested by itself.
    for package in &metadata().packages {
        let allowed = below(package.name.as_str());
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
        let (users, allowed): (BTreeSet<&str>, BTreeSet<&str>) = (users.into_iter().collect(), allowed.iter().copied().collect());
        assert_eq!(users, allowed, "who uses {dependency}");
    }
}

/// `cargo build` and `cargo test` neither need Python nor take time for its module; every other crate is built and tested.
#[test]
fn all_but_the_python_module_are_built_by_default() {
    let metadata = metadata();
    let default: BTreeSet<String> =
        metadata.workspace_default_packages().iter().map(|package| package.name.to_string()).collect();
    let mut all: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    assert!(all.remove("spiral-python"), "the Python module is a crate of the workspace");
    assert_eq!(default, all, "default-members in Cargo.toml");
    let manifest = read(&root().join("crates/python/Cargo.toml"));
    assert!(manifest.contains("\ntest = false\ndoctest = false\n"), "a test binary would have to link Python");
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
    // The browser calls functions by their names, which must not be mangled.
    assert_eq!(exceptions, ["browser", "kernel"]);
}
