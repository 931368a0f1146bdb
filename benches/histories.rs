//! What a study costs as its histories grow, from a thousand to a million: time, its slope, and memory.
//!
//! `cargo bench --bench histories`: `spiral ensemble pre-wwi` from its first to its last file, in a process of its own for every
//! size. Processor time less that of 64 histories (which is reading, summarising and drawing) over histories, its slope on
//! logarithmic scales (1 is linear), and the most memory that was resident at any time. `-- --most 1000000` goes on to a million,
//! `-- --scenario NAME` takes another scenario, `-- --check` fails where the last slope is not within a tenth of 1 or memory
//! passes 400 MB.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::process::{Command, ExitCode};
use std::time::Instant;

use cpu_time::ProcessTime;
use spiral_kernel::maths::ln;

/// Histories whose cost is that of everything but histories.
const FEW: u32 = 64;
const SIZES: [u32; 6] = [1000, 10_000, 31_623, 100_000, 316_228, 1_000_000];
/// Largest size unless `--most` says otherwise.
const MOST: u32 = 100_000;
/// Memory that a million histories may take, MB.
const MEMORY: f64 = 400.0;

/// What a study costs: seconds by the clock and of all processors, most resident memory in MB where the system tells it.
struct Cost {
    seconds: f64,
    processor: f64,
    memory: Option<f64>,
}

/// Most memory of this process that was resident, MB.
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kibibytes| kibibytes * 1024.0 / 1e6)
}

/// Runs the study in this process and prints its cost in one line.
fn child(scenario: &str, histories: &str, directory: &str) -> ExitCode {
    let (start, processors) = (Instant::now(), ProcessTime::now());
    let words = ["spiral", "ensemble", scenario, "--histories", histories, "--out", directory, "--quiet"];
    let code = spiral_cli::run(words);
    let memory = peak_megabytes().map_or("-".to_string(), |memory| memory.to_string());
    println!("\ncost {} {} {memory}", start.elapsed().as_secs_f64(), processors.elapsed().as_secs_f64());
    code
}

/// The cost of a study, run in a process of its own.
fn cost(scenario: &str, histories: u32) -> Cost {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let directory = folder.path().join("study");
    let program = std::env::current_exe().expect("this program");
    let arguments = ["--child", scenario, &histories.to_string(), &directory.to_string_lossy()].map(str::to_string);
    let output = Command::new(program).args(arguments).output().expect("it starts");
    assert!(output.status.success(), "{histories} histories: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().rev().find_map(|line| line.strip_prefix("cost ")).expect("the line of costs");
    let words: Vec<&str> = line.split(' ').collect();
    let number = |position: usize| words[position].parse::<f64>();
    Cost { seconds: number(0).expect("seconds"), processor: number(1).expect("seconds"), memory: number(2).ok() }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, scenario, histories, directory] = arguments.as_slice()
        && first == "--child"
    {
        return child(scenario, histories, directory);
    }
    let after = |flag: &str| arguments.iter().position(|argument| argument == flag).and_then(|at| arguments.get(at + 1));
    let most = after("--most").map_or(MOST, |most| most.parse().expect("--most takes a number"));
    let scenario = after("--scenario").map_or("pre-wwi", String::as_str);
    let fixed = cost(scenario, FEW);
    println!("{scenario}; {FEW} histories take {:.2} s of processors, which is not counted", fixed.processor);
    println!(
        "{:>10} {:>12} {:>14} {:>14} {:>7} {:>12}",
        "histories", "seconds", "processors, s", "µs a history", "slope", "memory, MB"
    );
    #[expect(clippy::type_complexity, reason = "two readings, each of a time and a size")]
    let (mut before, mut last): (Option<(u32, f64)>, Option<(f64, Option<f64>)>) = (None, None);
    for histories in SIZES.into_iter().filter(|size| *size <= most) {
        let found = cost(scenario, histories);
        let counted = found.processor - fixed.processor;
        let slope = before.map(|(fewer, less)| ln(counted / less) / ln(f64::from(histories) / f64::from(fewer)));
        println!(
            "{histories:>10} {:>12.2} {:>14.2} {:>14.1} {:>7} {:>12}",
            found.seconds,
            found.processor,
            1e6 * counted / f64::from(histories),
            slope.map_or(String::new(), |slope| format!("{slope:.2}")),
            found.memory.map_or("unknown".to_string(), |memory| format!("{memory:.0}"))
        );
        before = Some((histories, counted));
        last = slope.map(|slope| (slope, found.memory));
    }
    let kept = last.is_some_and(|(slope, memory)| (slope - 1.0).abs() <= 0.1 && memory.is_none_or(|memory| memory <= MEMORY));
    if arguments.iter().any(|argument| argument == "--check") && !kept {
        println!("not kept: a slope within a tenth of 1 and at most {MEMORY:.0} MB");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
