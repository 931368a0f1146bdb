//! Speeds and ratios of one run, as a table: what lanes gain, what the ECS costs, what a second thread gains.
//!
//! `cargo bench --bench ratios`; with `-- --check` it exits with 1 if a ratio misses its target. Candidates take turns, and of
//! their processor times the median counts, so that a change in the machine's load falls on all alike; two threads against one
//! are best times of the clock, and need two idle cores. `-- --workload N` runs N blocks and prints nothing: what
//! `scripts/count-instructions` counts.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use cpu_time::ThreadTime;
use rayon::prelude::*;
use spiral_ensemble::WIDTH;
use spiral_kernel::dispatch::InstructionSet;
use spiral_model::mechanisms::Switches;
use spiral_model::world::kept_dyads;
use spiral_model::{Compiled, Setup, Simulation};
use spiral_scenario::{Overrides, load};
use spiral_testkit::twin::Twin;

/// How often candidates take turns.
const ROUNDS: u32 = 15;
/// Histories of a turn: the least common multiple of the widths.
const HISTORIES: u32 = 32;
fn setups(name: &str, without: &[&str]) -> Vec<Setup> {
    let overrides = Overrides { without: without.iter().map(|name| (*name).to_string()).collect(), ..Overrides::default() };
    load(name, &overrides).expect("a built-in scenario").into_iter().map(|scenario| scenario.setup).collect()
}

fn dyad_ticks(setup: &Setup) -> f64 {
    let dyads = kept_dyads(setup, &Switches::without(&setup.without)).len();
    dyads as f64 * f64::from(setup.horizon.ticks())
}

/// Something that is timed: the argument is the first of the [`HISTORIES`] to run.
type Candidate<'a> = Box<dyn FnMut(u32) + 'a>;

/// Median seconds of each candidate.
fn medians(mut candidates: Vec<Candidate<'_>>) -> Vec<f64> {
    let mut seconds = vec![Vec::new(); candidates.len()];
    for round in 0..=ROUNDS {
        for (candidate, seconds) in candidates.iter_mut().zip(&mut seconds) {
            let start = ThreadTime::now();
            candidate(round * HISTORIES);
            // The first round warms up.
            if round > 0 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
    }
    let median = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    };
    seconds.into_iter().map(median).collect()
}

fn engine<'a, const W: usize>(setup: &Setup, set: InstructionSet) -> Candidate<'a>
where
    Simulation<W>: Compiled,
{
    let mut simulation = Simulation::<W>::new(setup);
    Box::new(move |first| {
        InstructionSet::limit(set);
        for block in 0..HISTORIES / W as u32 {
            black_box(simulation.run(1, first + block * W as u32, false, &mut ()));
        }
    })
}

fn twin<'a>(setup: &Setup) -> Candidate<'a> {
    let mut twin = Twin::<WIDTH>::new(setup).expect("only crises are switched off");
    Box::new(move |first| {
        InstructionSet::limit(InstructionSet::best());
        for block in 0..HISTORIES / WIDTH as u32 {
            black_box(twin.run(1, first + block * WIDTH as u32, |_| {}));
        }
    })
}

/// Best seconds of a piece of work on this many threads.
fn on_threads(threads: usize, work: &(impl Fn() + Sync)) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let once = || {
        let start = Instant::now();
        pool.install(work);
        start.elapsed().as_secs_f64()
    };
    once().min(once())
}

/// What a second thread gains: of the blocks of a study, and of work that touches no memory, which is what the machine can give.
fn second_thread(setup: &Setup) -> Vec<Ratio> {
    let blocks = || {
        (0..64_u32).into_par_iter().for_each_init(
            || Simulation::<WIDTH>::new(setup),
            |simulation, block| {
                black_box(simulation.run(1, block * WIDTH as u32, false, &mut ()));
            },
        );
    };
    let words = || {
        (0..64_u64).into_par_iter().for_each(|seed| {
            // Knuth's congruential generator (MMIX): a chain in which every step waits for the last.
            let step = |word: u64, _| word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            black_box((0..5_000_000).fold(seed, step));
        });
    };
    let [mut study, mut machine] = [[f64::INFINITY; 2]; 2];
    for _ in 0..4 {
        for threads in [1, 2] {
            study[threads - 1] = study[threads - 1].min(on_threads(threads, &blocks));
            machine[threads - 1] = machine[threads - 1].min(on_threads(threads, &words));
        }
    }
    let ratio = |what: &str, [one, two]: [f64; 2], target| Ratio { what: what.to_string(), found: one / two, target };
    vec![
        ratio("blocks on two threads against one", study, Some((true, 1.8))),
        ratio("arithmetic in registers on two threads against one", machine, None),
    ]
}

/// A ratio with its target.
struct Ratio {
    what: String,
    found: f64,
    /// Whether the target is a floor or a ceiling, and where it is; `None` where there is none.
    target: Option<(bool, f64)>,
}

impl Ratio {
    fn holds(&self) -> bool {
        self.target.is_none_or(|(floor, target)| if floor { self.found >= target } else { self.found <= target })
    }

    fn print(&self) {
        let target = self.target.map_or(String::new(), |(floor, target)| {
            let verdict = if self.holds() { "held" } else { "MISSED" };
            format!("{} {target:<5} {verdict}", if floor { "≥" } else { "≤" })
        });
        println!("{:<58} {:>8.2}   {target}", self.what, self.found);
    }
}

/// Speeds of a scenario by width and instruction set; returns the ratios that follow. `target` is that of AVX2.
fn speeds(setup: &Setup, about: &str, target: Option<(bool, f64)>) -> Vec<Ratio> {
    let sets: Vec<(&str, InstructionSet)> =
        [("baseline", InstructionSet::Baseline), ("AVX2", InstructionSet::Avx2), ("AVX-512", InstructionSet::Avx512)]
            .into_iter()
            .filter(|(_, set)| *set <= InstructionSet::best())
            .collect();
    let widths = [1, WIDTH];
    let mut candidates = Vec::new();
    for (_, set) in &sets {
        candidates.push(engine::<1>(setup, *set));
        candidates.push(engine::<16>(setup, *set));
    }
    let seconds = medians(candidates);
    let work = dyad_ticks(setup) * f64::from(HISTORIES);
    println!("{}, {about}, one thread", setup.name);
    println!("{:<10} {:>6} {:>18} {:>14}", "", "width", "ns per dyad-tick", "histories/s");
    for ((name, _), seconds) in sets.iter().zip(seconds.chunks(widths.len())) {
        for (width, seconds) in widths.iter().zip(seconds) {
            println!("{name:<10} {width:>6} {:>18.1} {:>14.0}", seconds / work * 1e9, f64::from(HISTORIES) / seconds);
        }
    }
    println!();
    let chosen = widths.iter().position(|&width| width == WIDTH).expect("the study's width is among those measured");
    let mut ratios = Vec::new();
    for ((name, set), seconds) in sets.iter().zip(seconds.chunks(widths.len())) {
        let target = target.filter(|_| *set == InstructionSet::Avx2);
        let what = format!("{name}: width {WIDTH} against width 1, {about}");
        ratios.push(Ratio { what, found: seconds[0] / seconds[chosen], target });
    }
    ratios
}

/// Engine against twin, where there are no crises.
fn overhead(name: &str, target: Option<(bool, f64)>) -> Vec<Ratio> {
    let of = |setup: &Setup| {
        let seconds = medians(vec![engine::<WIDTH>(setup, InstructionSet::best()), twin(setup)]);
        let nanoseconds = |seconds: f64| seconds / (dyad_ticks(setup) * f64::from(HISTORIES)) * 1e9;
        let (engine, twin) = (nanoseconds(seconds[0]), nanoseconds(seconds[1]));
        println!("{:<48} engine {engine:>6.1}   twin {twin:>6.1}   ns per dyad-tick, no crises", setup.name);
        Ratio { what: format!("{}: engine against twin", setup.name), found: engine / twin, target }
    };
    setups(name, &["crisis"]).iter().map(of).collect()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pre_wwi = setups("pre-wwi", &[]).remove(0);
    if let Some(position) = arguments.iter().position(|argument| argument == "--workload") {
        let blocks: u32 = arguments.get(position + 1).and_then(|number| number.parse().ok()).unwrap_or(1);
        let mut simulation = Simulation::<WIDTH>::new(&pre_wwi);
        for block in 0..blocks {
            black_box(simulation.run(1, block * WIDTH as u32, false, &mut ()));
        }
        return ExitCode::SUCCESS;
    }
    // The targets are those of the step that the lanes take together, on `pre-wwi`. Of whole histories less is gained: crises differ
    // from history to history and are told one by one, and a block runs until its last history has ended.
    let mut ratios = speeds(&pre_wwi, "whole histories", None);
    ratios.extend(speeds(&setups("pre-wwi", &["crisis"])[0], "the step, no crises", Some((true, 3.0))));
    ratios.extend(overhead("pre-wwi", Some((false, 1.25))));
    ratios.extend(overhead("four-worlds", None));
    println!();
    InstructionSet::limit(InstructionSet::best());
    if std::thread::available_parallelism().is_ok_and(|cores| cores.get() >= 2) {
        ratios.extend(second_thread(&pre_wwi));
    }
    println!("{:<58} {:>8}   target", "ratio", "found");
    for ratio in &ratios {
        ratio.print();
    }
    let missed = ratios.iter().any(|ratio| !ratio.holds());
    if missed && arguments.iter().any(|argument| argument == "--check") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
