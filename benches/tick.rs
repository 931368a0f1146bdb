//! What a tick costs: the full scenario of 1914 for each width and instruction set. An element is one dyad in one tick of one
//! history, or one history.
//!
//! Run: `cargo bench --bench tick`. Ratios with targets are in `ratios.rs`.
#![allow(missing_docs, reason = "criterion's macros write functions without documentation")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use spiral_kernel::dispatch::InstructionSet;
use spiral_model::mechanisms::Switches;
use spiral_model::world::kept_dyads;
use spiral_model::{Compiled, Setup, Simulation};
use spiral_scenario::{Overrides, load};

const INSTRUCTION_SETS: [(&str, InstructionSet); 3] =
    [("baseline", InstructionSet::Baseline), ("avx2", InstructionSet::Avx2), ("avx512", InstructionSet::Avx512)];

fn pre_wwi() -> Setup {
    load("pre-wwi", &Overrides::default()).expect("a built-in scenario").remove(0).setup
}

fn dyad_ticks(setup: &Setup) -> u64 {
    let dyads = kept_dyads(setup, &Switches::without(&setup.without)).len();
    dyads as u64 * u64::from(setup.horizon.ticks())
}

fn one_width<const WIDTH: usize>(criterion: &mut Criterion, setup: &Setup)
where
    Simulation<WIDTH>: Compiled,
{
    for (name, set) in INSTRUCTION_SETS.into_iter().filter(|(_, set)| *set <= InstructionSet::best()) {
        let mut group = criterion.benchmark_group(format!("dyad-ticks/{name}"));
        group.throughput(Throughput::Elements(dyad_ticks(setup) * WIDTH as u64));
        InstructionSet::limit(set);
        let mut simulation = Simulation::<WIDTH>::new(setup);
        let mut block = 0;
        group.bench_function(BenchmarkId::from_parameter(format!("width {WIDTH}")), |bencher| {
            bencher.iter(|| {
                block += 1;
                simulation.run(1, block * WIDTH as u32, false, &mut ())
            });
        });
        group.finish();
    }
}

fn ticks(criterion: &mut Criterion) {
    let setup = pre_wwi();
    one_width::<1>(criterion, &setup);
    one_width::<16>(criterion, &setup);
}

fn histories(criterion: &mut Criterion) {
    const WIDTH: usize = spiral_ensemble::WIDTH;
    let setup = pre_wwi();
    InstructionSet::limit(InstructionSet::best());
    let mut group = criterion.benchmark_group("histories");
    group.throughput(Throughput::Elements(WIDTH as u64));
    let mut simulation = Simulation::<WIDTH>::new(&setup);
    let mut block = 0;
    group.bench_function("pre-wwi", |bencher| {
        bencher.iter(|| {
            block += 1;
            simulation.run(1, block * WIDTH as u32, false, &mut ())
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = ticks, histories
}
criterion_main!(benches);
