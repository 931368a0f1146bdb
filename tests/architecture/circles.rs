//! No files of a crate name each other in a circle. A folder's own file may name its children, and they may name it: the registry of
//! the mechanisms and its mechanisms are such a pair, explained in `mechanisms/mod.rs`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{read, root, rust_files};

/// Crates that are checked.
const CRATES: [&str; 1] = ["model"];

/// Path of the module that a file holds, from the root of its crate.
fn module(file: &str) -> Vec<String> {
    let mut parts: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_string).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        parts.pop();
    }
    parts
}

/// The paths of a tree of `use`, without what stands after `as`.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").filter(|part| !part.is_empty()).map(|part| part.trim().to_string()).collect()];
    };
    let before: Vec<String> =
        tree[..open].split("::").filter(|part| !part.is_empty()).map(|part| part.trim().to_string()).collect();
    let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut begin, mut parts) = (0, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[begin..]);
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(paths).map(|path| before.iter().cloned().chain(path).collect()).collect()
}

/// The `use` lines of a file without comments and tests, each without its `use` and semicolon.
fn uses(text: &str) -> Vec<String> {
    let code = text.split("\n#[cfg(test)]\n").next().unwrap_or_default();
    let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let begins = |line: &str| {
        ["use ", "pub use ", "pub(crate) use ", "pub(super) use "]
            .into_iter()
            .find_map(|words| line.strip_prefix(words).map(str::to_string))
    };
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in code {
        let mut statement = match open.take() {
            Some(statement) => statement + line,
            None => match begins(line.trim_start()) {
                Some(statement) => statement,
                None => continue,
            },
        };
        if statement.trim_end().ends_with(';') {
            statement.truncate(statement.rfind(';').unwrap_or(statement.len()));
            found.push(statement);
        } else {
            open = Some(statement);
        }
    }
    found
}

/// For each module of a crate the modules that it names.
fn named(name: &str) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let source = root().join("crates").join(name).join("src");
    let files: Vec<(Vec<String>, String)> = rust_files(&source)
        .iter()
        .map(|file| (module(&file.strip_prefix(&source).expect("a file below src").to_string_lossy()), read(file)))
        .collect();
    let modules: BTreeSet<Vec<String>> = files.iter().map(|(module, _)| module.clone()).collect();
    let of = |from: &[String], path: &[String]| -> Option<Vec<String>> {
        let mut whole = match path.first()?.as_str() {
            "crate" => path[1..].to_vec(),
            "self" => from.iter().chain(&path[1..]).cloned().collect(),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                from.iter().take(from.len().saturating_sub(ups)).chain(&path[ups..]).cloned().collect()
            }
            // A child, or another crate.
            _ => from.iter().chain(path).cloned().collect(),
        };
        let own = whole.starts_with(from) && path[0] != "crate" && path[0] != "super";
        while !modules.contains(&whole) {
            whole.pop()?;
        }
        (whole != from && (own || !whole.is_empty())).then_some(whole)
    };
    files
        .iter()
        .map(|(from, text)| {
            let targets = uses(text).iter().flat_map(|tree| paths(tree)).filter_map(|path| of(from, &path)).collect();
            (from.clone(), targets)
        })
        .collect()
}

/// Modules that lie on a circle, or between two.
fn circles(mut graph: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Vec<String> {
    // A folder's own file and its children.
    for (from, targets) in &mut graph {
        targets.retain(|to| !(to.starts_with(from) && to.len() == from.len() + 1));
    }
    loop {
        let named: BTreeSet<Vec<String>> = graph.values().flatten().cloned().collect();
        let before = graph.len();
        graph.retain(|module, targets| !targets.is_empty() && named.contains(module));
        let left: BTreeSet<Vec<String>> = graph.keys().cloned().collect();
        for targets in graph.values_mut() {
            targets.retain(|target| left.contains(target));
        }
        if graph.len() == before {
            break;
        }
    }
    let line = |targets: &BTreeSet<Vec<String>>| targets.iter().map(|target| target.join("::")).collect::<Vec<_>>().join(", ");
    graph.iter().map(|(module, targets)| format!("{} names {}", module.join("::"), line(targets))).collect()
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    for name in CRATES {
        let graph = named(name);
        assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 20, "{name}: hardly any file names another");
        let found = circles(graph);
        assert!(found.is_empty(), "crates/{name}: a circle of files:\n{}", found.join("\n"));
    }
}

#[test]
fn a_circle_is_found() {
    let module = |name: &str| vec![name.to_string()];
    let graph = |edges: &[(&str, &[&str])]| {
        edges.iter().map(|(from, to)| (module(from), to.iter().map(|to| module(to)).collect())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(circles(graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"]), ("d", &["a"])])).len(), 3);
    assert!(circles(graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    assert_eq!(paths("crate::a::{b, c::{self, d as e}}").len(), 3);
    assert_eq!(uses("use a::{\n    b,\n    c,\n};\nfn d() {}\n// use e;\n"), ["a::{    b,    c,}"]);
}
