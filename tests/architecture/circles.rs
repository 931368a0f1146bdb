//! No circles between files: a file that uses another is not used by it, directly or through others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{read, root, rust_files};

/// Crates whose files have no circles.
const CRATES: [&str; 5] = ["cli", "ensemble", "model", "results", "scenario"];

/// Modules of a crate, by path from its root (`""`, `terminal::console`), each with the code of its file outside tests.
fn modules(source: &Path) -> BTreeMap<String, String> {
    let module = |file: &Path| {
        let path = file.strip_prefix(source).expect("a file of the crate").with_extension("");
        let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let parts = match parts.as_slice() {
            [front @ .., last] if last == "mod" || (front.is_empty() && last == "lib") => front.to_vec(),
            all => all.to_vec(),
        };
        parts.join("::")
    };
    let files = rust_files(source).into_iter().filter(|file| !file.ends_with("main.rs"));
    files.map(|file| (module(&file), code(&read(&file)))).collect()
}

/// A text without comments and without its tests, which stand at its end.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every path that begins with this word, groups in braces written out: `crate::{a, b::C}` gives `a` and `b::C`.
fn paths(code: &str, word: &str) -> Vec<String> {
    let begin = format!("{word}::");
    let starts = code.match_indices(&begin).filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
    });
    starts.flat_map(|(at, _)| expanded(&code[at + begin.len()..]).0).collect()
}

/// The paths at the beginning of a text, and how long their text is.
fn expanded(text: &str) -> (Vec<String>, usize) {
    let mut at = 0;
    let mut path = String::new();
    loop {
        let rest = &text[at..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !name.is_empty() {
            at += name.len();
            path.push_str(&name);
            if text[at..].starts_with("::") {
                at += 2;
                path.push_str("::");
                continue;
            }
            return (vec![path], at);
        }
        if !rest.starts_with('{') {
            return (vec![path.trim_end_matches("::").to_string()], at);
        }
        at += 1;
        let mut all = Vec::new();
        while let Some(c) = text[at..].chars().next() {
            match c {
                '}' => return (all, at + 1),
                c if c.is_alphanumeric() || c == '_' => {
                    let (inner, length) = expanded(&text[at..]);
                    all.extend(inner.into_iter().map(|inner| format!("{path}{inner}")));
                    at += length;
                }
                c => at += c.len_utf8(),
            }
        }
        return (all, at);
    }
}

/// The module that a path from the root leads to: through what the root exports again, to the longest name of a module.
fn target(path: &str, modules: &BTreeMap<String, String>, exported: &BTreeMap<String, String>) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").collect();
    if let (Some(from), [_]) = (exported.get(path), parts.as_slice()) {
        parts = from.split("::").collect();
    }
    while !parts.is_empty() {
        let name = parts.join("::");
        if modules.contains_key(&name) {
            return Some(name);
        }
        parts.pop();
    }
    None
}

/// Which module uses which. The root, which only lists the modules and what they export, is no node.
fn edges(source: &Path) -> BTreeSet<(String, String)> {
    let modules = modules(source);
    let lib = modules.get("").cloned().unwrap_or_default();
    // `pub use a::{B, C};` in the root: `B` and `C` stand in `a`.
    let mut exported = BTreeMap::new();
    for (at, _) in lib.match_indices("use ") {
        for path in expanded(&lib[at + "use ".len()..]).0 {
            if let Some((_, name)) = path.rsplit_once("::") {
                exported.insert(name.to_string(), path.clone());
            }
        }
    }
    let mut edges = BTreeSet::new();
    for (module, code) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        let above = module.rsplit_once("::").map_or("", |(above, _)| above);
        let near = paths(code, "super").into_iter().map(|path| if above.is_empty() { path } else { format!("{above}::{path}") });
        for path in paths(code, "crate").into_iter().chain(near) {
            if let Some(other) = target(&path, &modules, &exported).filter(|other| other != module) {
                edges.insert((module.clone(), other));
            }
        }
    }
    edges
}

/// Whether one can go from a module to another.
fn reaches(edges: &BTreeSet<(String, String)>, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        if module == to {
            return true;
        }
        if seen.insert(module) {
            open.extend(edges.iter().filter(|(user, _)| user == module).map(|(_, used)| used.as_str()));
        }
    }
    false
}

#[test]
fn no_circles_between_files() {
    for name in CRATES {
        let mut edges = edges(&root().join("crates").join(name).join("src"));
        assert!(edges.len() > 5, "{name}: the edges are not read");
        // A folder's own file lists its files, which may use it: the registry of the mechanisms and the mechanisms.
        edges.retain(|(from, to)| !to.starts_with(&format!("{from}::")));
        let circles: Vec<String> =
            edges.iter().filter(|(from, to)| reaches(&edges, to, from)).map(|(from, to)| format!("{from} -> {to}")).collect();
        assert!(circles.is_empty(), "{name}: files in circles:\n  {}", circles.join("\n  "));
    }
}

#[test]
fn paths_are_read_with_their_groups() {
    let code = "use crate::{a, b::{C, d::E}};\nuse mycrate::x;\nlet y = crate::f::g(1);";
    assert_eq!(paths(code, "crate"), ["a", "b::C", "b::d::E", "f::g"]);
    let edges = BTreeSet::from([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")].map(|(a, b)| (a.to_string(), b.to_string())));
    assert!(reaches(&edges, "b", "a") && !reaches(&edges, "d", "a"));
}
