//! What stands in no source file.

use std::path::{Path, PathBuf};

use super::{entries, name, read, root, rust_files};

/// Mathematics of the platform, whose bits differ between processors and libraries. `sqrt` is exact everywhere.
const TRANSCENDENTAL: &[&str] = &[
    ".exp()",
    ".exp2()",
    ".exp_m1()",
    ".ln()",
    ".ln_1p()",
    ".log(",
    ".log2()",
    ".log10()",
    ".powf(",
    ".powi(",
    ".cbrt()",
    ".sin()",
    ".cos()",
    ".tan()",
    ".sin_cos()",
    ".asin()",
    ".acos()",
    ".atan()",
    ".atan2(",
    ".sinh()",
    ".cosh()",
    ".tanh()",
    ".hypot(",
    ".mul_add(",
    "f64::exp",
    "f64::ln",
    "f64::pow",
    "f64::tanh",
    "f64::log",
    "f64::sin",
    "f64::cos",
    "f64::mul_add",
];

/// Speaking, ending the process, telling the time and maps without an order belong to the command line or nowhere.
const FORBIDDEN: &[&str] = &[
    "println!",
    "eprintln!",
    "print!(",
    "eprint!(",
    "dbg!(",
    "process::exit",
    "Instant::now",
    "SystemTime",
    "HashMap",
    "HashSet",
    "rand::rng",
    "thread_rng",
    "todo!(",
    "unimplemented!(",
];

/// A source file without comments and without its tests.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = read(path);
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim() == "#[cfg(test)]" && text.lines().nth(number + 1).is_some_and(|next| next.trim_end().ends_with('{')) {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        lines.push((number + 1, code.to_string()));
    }
    lines
}

/// Source files of the crates, without folders of tests.
fn sources(crates: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let folders = entries(&root().join("crates")).into_iter().filter(|folder| crates(&name(folder)));
    let files = folders.flat_map(|folder| rust_files(&folder.join("src")));
    files.filter(|file| !file.components().any(|part| part.as_os_str() == "tests")).collect()
}

fn refuse(files: &[PathBuf], patterns: &[&str], why: &str) {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in code(file) {
            for pattern in patterns.iter().filter(|pattern| line.contains(**pattern)) {
                found.push(format!("{}:{number}: {pattern}", file.strip_prefix(root()).unwrap_or(file).display()));
            }
        }
    }
    assert!(found.is_empty(), "{why}\n{}", found.join("\n"));
}

#[test]
fn no_mathematics_of_the_platform_where_results_are_made() {
    let files = sources(|name| ["kernel", "model", "ensemble"].contains(&name));
    assert!(files.len() > 30, "only {} files", files.len());
    refuse(&files, TRANSCENDENTAL, "spiral_kernel::maths gives the same bits everywhere");
    assert!(code(&root().join("crates/model/src/mechanisms/contest.rs")).len() > 100, "the code before the tests is read");
}

#[test]
fn only_the_command_line_speaks_exits_and_tells_the_time() {
    let files = sources(|name| name != "cli");
    assert!(files.len() > 60, "only {} files", files.len());
    refuse(&files, FORBIDDEN, "only crates/cli may");
    // The rules of the crates that make results hold for the command line too, but for what it is there for.
    let ordered = ["HashMap", "HashSet", "todo!(", "unimplemented!(", "dbg!("];
    refuse(&sources(|name| name == "cli"), &ordered, "not even crates/cli may");
}

#[test]
fn unsafe_code_stands_in_one_file() {
    let files = sources(|_| true);
    let found: Vec<String> = files
        .iter()
        .filter(|file| code(file).iter().any(|(_, line)| line.contains("unsafe {") || line.contains("unsafe fn")))
        .map(|file| file.strip_prefix(root()).unwrap_or(file).display().to_string())
        .collect();
    assert_eq!(found, ["crates/kernel/src/dispatch.rs"]);
}

#[test]
fn files_stay_short() {
    const LONGEST: usize = 520;
    let tests = rust_files(&root().join("tests"));
    let long: Vec<String> = sources(|_| true)
        .iter()
        .chain(&tests)
        // The closed forms of a file stand at its end, and do not count.
        .map(|file| (read(file).lines().take_while(|line| *line != "#[cfg(test)]").count(), file))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, file)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines:\n{}", long.join("\n"));
}
