//! What a tick of one history costs as the world grows, from a hundred to a hundred thousand states, each the neighbour of four.
//!
//! `cargo bench --bench sizes`: time of building, of a tick by the clock on one thread and on all, per dyad, and the slope of the
//! logarithm of the one against that of the other: 1 is linear. With `-- --most N`, worlds of at most N states.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::time::Instant;

use cpu_time::ProcessTime;
use spiral_kernel::maths::ln;
use spiral_model::setup::Horizon;
use spiral_model::{Setup, Simulation};
use spiral_testkit::tiny::{chequerboard, quarters};

/// States on a side.
const SIDES: [usize; 4] = [10, 32, 100, 316];
/// Ticks of which the first ones, in which memory is touched for the first time, do not count.
const TICKS: u32 = 24;
const WARM_UP: u32 = 4;

/// What a world costs, in seconds.
struct Cost {
    states: usize,
    dyads: usize,
    building: f64,
    /// Seconds of a tick by the clock, on one thread and on all, and of all processors on one.
    alone: f64,
    together: f64,
    processor: f64,
}

/// Median seconds of a tick by the clock, and mean seconds of the processors.
fn tick(simulation: &mut Simulation<1>, threads: usize) -> (f64, f64) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| {
        simulation.reset(1, 0, false);
        let mut seconds = Vec::new();
        let mut processors = ProcessTime::now();
        for number in 0..TICKS {
            if number == WARM_UP {
                processors = ProcessTime::now();
            }
            let start = Instant::now();
            simulation.step(false);
            if number >= WARM_UP {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        let used = processors.elapsed().as_secs_f64() / f64::from(TICKS - WARM_UP);
        seconds.sort_by(f64::total_cmp);
        (seconds[seconds.len() / 2], used)
    })
}

fn cost(setup: &Setup, threads: usize) -> Cost {
    let start = Instant::now();
    let mut simulation = Simulation::<1>::new(setup);
    simulation.reset(1, 0, false);
    let building = start.elapsed().as_secs_f64();
    let (alone, processor) = tick(&mut simulation, 1);
    let (together, _) = tick(&mut simulation, threads);
    Cost { states: setup.states.len(), dyads: setup.dyads.len(), building, alone, together, processor }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let most = arguments.iter().position(|argument| argument == "--most").and_then(|at| arguments.get(at + 1)?.parse().ok());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let horizon = Horizon { end: f64::from(TICKS) / 4.0, ..quarters(1.0) };
    let sides = SIDES.into_iter().filter(|side| side * side <= most.unwrap_or(usize::MAX));
    let costs: Vec<Cost> = sides.map(|side| cost(&chequerboard(side, horizon), threads)).collect();
    println!(
        "{:>8} {:>8} {:>12} {:>14} {:>14} {:>18} {:>16} {:>7}",
        "states",
        "dyads",
        "building, s",
        "tick 1 thr, ms",
        format!("{threads} thr, ms"),
        "processor, ns/dyad",
        "1 thr, ns/dyad",
        "slope"
    );
    let mut before: Option<&Cost> = None;
    for now in &costs {
        let slope = before.map_or(String::new(), |before| {
            format!("{:.2}", ln(now.processor / before.processor) / ln(now.dyads as f64 / before.dyads as f64))
        });
        println!(
            "{:>8} {:>8} {:>12.3} {:>14.3} {:>14.3} {:>18.1} {:>16.1} {slope:>7}",
            now.states,
            now.dyads,
            now.building,
            now.alone * 1e3,
            now.together * 1e3,
            now.processor / now.dyads as f64 * 1e9,
            now.alone / now.dyads as f64 * 1e9,
        );
        before = Some(now);
    }
}
