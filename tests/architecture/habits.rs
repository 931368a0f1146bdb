//! What people expect to find in a repository: a citation, a changelog, templates, a workflow. And no dependency that is not used.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cargo_metadata::{DependencyKind, Package};

use super::crates::metadata;
use super::{entries, name, read, root, rust_files};

/// The version of the program.
fn version() -> String {
    let packages = metadata().packages;
    let versions: BTreeSet<String> = packages.iter().map(|package| package.version.to_string()).collect();
    assert_eq!(versions.len(), 1, "all crates have one version: {versions:?}");
    versions.into_iter().collect()
}

/// `scripts/check-citation` validates the file against its schema.
#[test]
fn the_citation_names_the_version_and_the_licences() {
    let citation = read(&root().join("CITATION.cff"));
    let has = |line: &str| assert!(citation.lines().any(|other| other == line), "CITATION.cff has no line `{line}`");
    has("cff-version: 1.2.0");
    has(&format!("version: {}", version()));
    let licences = metadata().packages[0].license.clone().expect("a licence");
    for licence in licences.split(" OR ") {
        has(&format!("  - {licence}"));
    }
    assert!(read(&root().join("scripts/test")).contains("scripts/check-citation"), "nothing validates CITATION.cff");
}

#[test]
fn the_changelog_has_this_version_and_the_usual_headings() {
    let changelog = read(&root().join("CHANGELOG.md"));
    let version = version();
    assert!(changelog.contains(&format!("version {version}")) || changelog.contains(&format!("## [{version}]")), "no {version}");
    let allowed = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for heading in changelog.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(allowed.contains(&heading), "`{heading}` is no heading of a changelog: {allowed:?}");
    }
    assert!(changelog.contains("\n## [Unreleased]\n"), "no heading for what comes next");
}

/// Nothing builds the container here, so what can go out of date in its file is compared.
#[test]
fn the_container_takes_the_toolchain_and_the_files_of_a_release() {
    let toolchain = read(&root().join("rust-toolchain.toml"));
    let channel = toolchain.split('"').nth(1).expect("a channel in quotes");
    let container = read(&root().join("Containerfile"));
    assert!(container.contains(&format!("rust:{channel}-")), "Containerfile builds with another toolchain than {channel}");
    assert!(container.contains("\nRUN bash scripts/release program licences\n"), "Containerfile builds in another way");
    let release = read(&root().join("scripts/release"));
    assert!(release.contains("out=$target/release-files\n"), "scripts/release writes to another folder");
    let words = container.lines().filter(|line| line.starts_with("COPY --from=build ")).flat_map(|line| line.split(' '));
    let copied: Vec<&str> = words.filter_map(|word| word.strip_prefix("/source/")).collect();
    assert!(copied.len() >= 2, "Containerfile copies {copied:?}");
    for path in copied {
        let there = match path.strip_prefix("target/release-files/") {
            Some(made) => release.contains(&format!("\"$out/{made}\"")),
            None => root().join(path).is_file(),
        };
        assert!(there, "Containerfile copies {path}, which nobody makes");
    }
}

#[test]
fn the_workflow_runs_what_everybody_runs() {
    let workflow = read(&root().join(".github/workflows/ci.yml"));
    assert!(workflow.contains("run: bash .ci/run\n"), "the workflow runs something else than .ci/run");
    assert!(read(&root().join(".ci/run")).ends_with("exec bash scripts/test\n"), ".ci/run runs something else than scripts/test");
    assert!(root().join(".github/pull_request_template.md").is_file(), "no template of a pull request");
    let folder = root().join(".github/ISSUE_TEMPLATE");
    let templates: Vec<PathBuf> = entries(&folder).into_iter().filter(|path| name(path) != "config.yml").collect();
    assert!(templates.len() >= 3, "{templates:?}");
    for template in templates {
        let text = read(&template);
        for key in ["name: ", "description: ", "body:"] {
            assert!(text.lines().any(|line| line.starts_with(key)), "{}: no `{key}`", template.display());
        }
    }
}

/// Dependencies that no source file of their crate names, and why they are needed.
const NAMED_ELSEWHERE: &[(&str, &str, &str)] = &[
    ("spiral-testkit", "bevy_ecs", "the worked example of CONTRIBUTING.md uses it"),
    ("spiral-testkit", "serde", "the macro `parameters!` in that example derives from it"),
];

/// The names, of these, that no text uses as a path, in a `use` line, or in an attribute.
fn unused<'a>(names: &[&'a str], texts: &[String]) -> Vec<&'a str> {
    let part_of_a_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let used = |name: &str| {
        let name = name.replace('-', "_");
        texts.iter().any(|text| {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            code.match_indices(&name).any(|(at, _)| {
                let after = &code[at + name.len()..];
                let whole = !code[..at].ends_with(part_of_a_name) && !after.starts_with(part_of_a_name);
                whole
                    && (after.starts_with("::")
                        || after.starts_with(';')
                        || after.starts_with(" as ")
                        || after.starts_with(" :: "))
            })
        })
    };
    names.iter().copied().filter(|name| !used(name)).collect()
}

/// The texts of the files that may use a dependency of this kind.
fn texts(package: &Package, kind: DependencyKind) -> Vec<String> {
    let folder = package.manifest_path.parent().expect("a manifest stands in a folder").as_std_path();
    let folders: &[&str] = match kind {
        DependencyKind::Development => &["src", "tests", "benches", "examples"],
        _ => &["src"],
    };
    let mut files: Vec<PathBuf> =
        folders.iter().map(|name| folder.join(name)).filter(|path| path.is_dir()).flat_map(|path| rust_files(&path)).collect();
    // The root package has no src/: its program stands in the crate of the command line.
    files.extend(
        package.targets.iter().filter(|target| target.is_bin()).map(|target| target.src_path.clone().into_std_path_buf()),
    );
    files.iter().map(|file| read(file)).collect()
}

#[test]
fn every_dependency_is_used() {
    let mut found = Vec::new();
    let packages = metadata().packages;
    for package in &packages {
        for kind in [DependencyKind::Normal, DependencyKind::Development, DependencyKind::Build] {
            let of_kind = package.dependencies.iter().filter(|dependency| dependency.kind == kind);
            let names: Vec<&str> = of_kind.map(|dependency| dependency.rename.as_deref().unwrap_or(&dependency.name)).collect();
            let unused = unused(&names, &texts(package, kind));
            found.extend(unused.into_iter().map(|name| (package.name.to_string(), name.to_string())));
        }
    }
    found.retain(|(package, name)| !NAMED_ELSEWHERE.iter().any(|(of, dependency, _)| of == package && dependency == name));
    assert!(found.is_empty(), "dependencies that nothing uses, as (crate, dependency): {found:?}");
    // What the workspace offers, some crate takes.
    let manifest = read(&root().join("Cargo.toml"));
    let offered = manifest.split("\n[workspace.dependencies]\n").nth(1).expect("a list").split("\n[").next().unwrap_or_default();
    let offered = offered.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let taken: BTreeSet<&str> =
        packages.iter().flat_map(|package| &package.dependencies).map(|dependency| dependency.name.as_str()).collect();
    let left: Vec<&str> = offered.filter(|name| !taken.contains(name)).collect();
    assert!(left.is_empty(), "no crate takes {left:?} from the workspace");
}

#[test]
fn a_dependency_that_is_only_named_is_not_used() {
    let text =
        "use used_in_use::Thing;\n// in_a_comment::Thing\nlet x = in_a_path::y();\nlet only_a_word = 1;\nlong_in_a_name::z();";
    let names = ["used-in-use", "in-a-comment", "in-a-path", "only-a-word", "in-a-name"];
    assert_eq!(unused(&names, &[text.to_string()]), ["in-a-comment", "only-a-word", "in-a-name"]);
}
