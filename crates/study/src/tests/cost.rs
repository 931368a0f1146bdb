//! What recording costs, and how much memory a large study takes.

use std::time::Instant;

use spiral_ensemble::{Ensemble, Frame, Recorder};
use spiral_kernel::Lanes;
use spiral_kernel::draws::{Address, uniforms};
use spiral_model::setup::Horizon;
use spiral_model::{Observer, Setup, Snapshot};

use super::{plan, point, run_fake};
use crate::part;
use crate::plan::PartSpan;
use crate::{Plan, Silent, Status};

/// Ten states, 1880 to 1910 in quarters.
fn ten_states() -> Setup {
    let codes = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    Setup::complete("ten", Horizon { start: 1880.0, end: 1910.0, ticks_per_year: 4 }, &codes)
}

/// Time that this thread has spent on a processor, µs: what others do on the machine does not count.
#[cfg(target_os = "linux")]
fn worked() -> f64 {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells");
    status.split(' ').next().and_then(|word| word.parse::<f64>().ok()).expect("a number") / 1e3
}

/// Shows blocks of noise to an observer.
#[cfg(target_os = "linux")]
fn show<const W: usize>(setup: &Setup, blocks: u32, mut observe: impl FnMut(Option<&Snapshot<'_, W>>)) {
    const SCALES: [f64; 7] = [1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1000.0];
    let noise: Vec<f64> = (0..4096).map(|time| uniforms(1, Address { purpose: 1, entity: 1, time }, 0)[0]).collect();
    for block in 0..blocks {
        for boundary in (0..=setup.horizon.ticks()).step_by(4) {
            let start = (block * 997 + boundary * 13) as usize;
            let value = |lane: usize, k: usize| noise[(start + k * 31 + lane * 7) % 4096];
            let of_state =
                |s| std::array::from_fn(|metric| Lanes::from_fn(|lane| SCALES[metric] * (0.2 + value(lane, 7 * s + metric))));
            let states: Vec<[Lanes<W>; 7]> = (0..setup.states.len()).map(of_state).collect();
            let system = [Lanes::from_fn(|l| 1e4 * value(l, 99)), Lanes::from_fn(|l| value(l, 98)), Lanes::default()];
            let (tick, date, all) = (boundary.saturating_sub(1), setup.horizon.date(boundary), [true; W]);
            observe(Some(&Snapshot { tick, date, running: &all, at_peace: &all, states: &states, system: &system }));
        }
        observe(None);
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "measures time: run it alone"]
#[expect(clippy::print_stderr, reason = "a measurement is there to be read")]
fn recording_is_cheap() {
    const W: usize = 16;
    let setup = ten_states();
    let frame = Frame::new(&setup);
    let mut worst: f64 = 0.0;
    for histories in [128_u32, 1024, 8192] {
        let (mut recording, mut writing, mut bytes) = (f64::INFINITY, f64::INFINITY, 0);
        // The fastest of some rounds.
        for _ in 0..(16_384 / histories).min(16) {
            let start = worked();
            show::<W>(&setup, histories / W as u32, |snapshot| {
                std::hint::black_box(snapshot.map(|snapshot| snapshot.states[0][0][0]));
            });
            let shown = worked();
            let mut recorder = Recorder::<W>::new(&frame, false);
            recorder.start_block(W);
            show::<W>(&setup, histories / W as u32, |snapshot| match snapshot {
                Some(snapshot) if snapshot.date == setup.horizon.start => recorder.begin(snapshot),
                Some(snapshot) => recorder.tick(snapshot),
                None => recorder.end_block(),
            });
            let ensemble = Ensemble { curves: recorder.finish(), ..Ensemble::default() };
            let part = part::Part { ensemble, tally: None };
            let recorded = worked();
            let directory = tempfile::tempdir().expect("a temporary directory");
            std::fs::create_dir(directory.path().join("parts")).expect("a directory");
            let before = worked();
            part::write(&part, directory.path(), 0).expect("it can be written");
            writing = writing.min((worked() - before) / f64::from(histories));
            recording = recording.min((recorded - shown - (shown - start)) / f64::from(histories));
            bytes = std::fs::metadata(crate::part::path(directory.path(), 0)).expect("the part").len();
        }
        eprintln!("{histories} histories a part: recording {recording:.1} µs, writing {writing:.1} µs a history, {bytes} bytes");
        worst = worst.max(recording + writing);
    }
    assert!(worst < 100.0, "{worst} µs a history, against 500 µs to simulate it");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "measures time: run it alone"]
#[expect(clippy::print_stderr, reason = "a measurement is there to be read")]
fn recording_costs_little_beside_the_model() {
    const W: usize = 16;
    let setup = ten_states();
    let frame = Frame::new(&setup);
    let mut simulation = spiral_model::Simulation::<W>::new(&setup);
    let (mut bare, mut watched) = (f64::INFINITY, f64::INFINITY);
    for round in 0..8 {
        let start = worked();
        for block in 0..8 {
            std::hint::black_box(simulation.run(round, block * W as u32, false, &mut ()));
        }
        let between = worked();
        let mut recorder = Recorder::<W>::new(&frame, false);
        recorder.start_block(W);
        for block in 0..8 {
            std::hint::black_box(simulation.run(round, block * W as u32, false, &mut recorder));
            recorder.end_block();
        }
        std::hint::black_box(recorder.finish());
        bare = bare.min((between - start) / (8.0 * W as f64));
        watched = watched.min((worked() - between) / (8.0 * W as f64));
    }
    eprintln!("a history takes {bare:.0} µs, with curves {watched:.0} µs");
    assert!(watched < 1.3 * bare, "{watched} µs with curves, {bare} µs without");
}

/// Largest resident memory of this process so far, in MB.
#[cfg(target_os = "linux")]
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1000.0
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes a minute, and measures memory: run it alone"]
#[expect(clippy::print_stderr, reason = "a measurement is there to be read")]
fn a_million_histories_fit_in_400_megabytes() {
    let mut point = point("long", &["A", "B"], 1.0);
    point.setup = ten_states();
    let plan = Plan { points: vec![point], csv: false, events_for: u32::MAX, ..plan(1_000_000) };
    let directory = tempfile::tempdir().expect("a temporary directory");
    let begin = Instant::now();
    assert_eq!(run_fake::<16>(&plan, directory.path(), false, 2, &Silent).expect("the study runs"), Status::Complete);
    let running = peak_megabytes();
    eprintln!("{running:.0} MB at most while running, {:.1} s", begin.elapsed().as_secs_f64());
    assert!(running < 400.0, "{running} MB");
    for file in std::fs::read_dir(directory.path()).expect("the study").flatten() {
        eprintln!("{:?}: {} bytes", file.file_name(), file.metadata().expect("a file").len());
    }
    let outcomes = crate::Study::open(directory.path()).expect("the study").outcomes().expect("outcomes");
    let reading = peak_megabytes();
    eprintln!("{reading:.0} MB at most with {} outcomes read back", outcomes[0].len());
    assert!(reading < 400.0, "{reading} MB");
}

#[test]
fn a_part_of_one_history_is_whole() {
    let plan = plan(1);
    let span = PartSpan { point: 0, first: 0, count: 1 };
    let part = part::simulate::<super::Fake<16>, 16>(&plan, None, (0, span), None, &Silent)
        .expect("it runs")
        .expect("nobody cancels")
        .part
        .ensemble;
    assert_eq!(part.outcomes.len(), 1);
    let counts: Vec<u64> = part.curves.rows(&plan.points[0].setup, "long", 0).iter().map(|row| row.at_risk).collect();
    assert!(counts.iter().all(|count| *count == 1), "surplus lanes must not count: {counts:?}");
}
