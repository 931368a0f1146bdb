//! The command line parses, calls and prints: results come from `spiral-results`, and no file here estimates anything.

use super::{name, read, root, rust_files};

/// Crates that simulate, estimate, store and draw. The command line reaches them through `spiral-results` only.
const BELOW: &[&str] = &["spiral_analysis", "spiral_study", "spiral_ensemble", "spiral_figures", "spiral_kernel"];
/// Libraries of statistics, tables and parallel work.
const LIBRARIES: &[&str] = &["arrow", "parquet", "statrs", "rayon", "libm", "rand", "csv"];

#[test]
fn the_command_line_does_no_statistics() {
    let manifest = read(&root().join("crates/cli/Cargo.toml"));
    let dependencies = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split('[').next()).expect("dependencies");
    for line in dependencies.lines() {
        let used = line.split(['.', ' ', '=']).next().unwrap_or_default().replace('-', "_");
        let refused = BELOW.iter().chain(LIBRARIES).any(|other| *other == used);
        assert!(!refused, "cli depends on {used}: what needs it belongs into crates/results");
    }
    let files = rust_files(&root().join("crates/cli/src"));
    assert!(files.len() > 30, "the files of cli are not read");
    for file in files {
        let text = read(&file);
        for other in BELOW {
            assert!(!text.contains(&format!("{other}::")), "{} uses {other}: call spiral_results", file.display());
        }
    }
}

/// Means, variances and quantiles are computed where they can be tested and where Python finds them too.
#[test]
fn no_file_of_the_command_line_computes_an_estimate() {
    for file in rust_files(&root().join("crates/cli/src")) {
        let code: String = read(&file).lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for word in [".sqrt()", ".powi(", ".powf(", ".exp()", ".ln()", "quantile(", "variance(", "std_dev", "Simulation::run"] {
            assert!(!code.contains(word), "{} computes with {word}: that belongs into crates/results", name(&file));
        }
    }
}
