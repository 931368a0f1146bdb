//! What recording costs, and how much memory a large study takes.

use std::time::Instant;

use spiral_kernel::Lanes;
use spiral_model::setup::Horizon;
use spiral_model::{Observer, Setup, Snapshot};

use super::{plan, point, run_fake};
use crate::curves::Frame;
use crate::part::Part;
use crate::plan::PartSpan;
use crate::recorder::Recorder;
use crate::{Plan, Silent, Status};

/// Ten states, 1880 to 1910 in quarters.
fn ten_states() -> Setup {
    let codes = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    Setup::complete("ten", Horizon { start: 1880.0, end: 1910.0, ticks_per_year: 4 }, &codes)
}

#[test]
#[ignore = "measures time: run it alone"]
#[expect(clippy::print_stderr, reason = "a measurement is there to be read")]
fn recording_is_cheap() {
    const W: usize = 16;
    let setup = ten_states();
    let frame = Frame::new(&setup);
    let noise: Vec<f64> = (0..4096_u64)
        .map(|k| spiral_kernel::draws::uniforms(1, spiral_kernel::draws::Address { purpose: 1, entity: 1, time: k as u32 }, 0)[0])
        .collect();
    for histories in [128_usize, 1024, 8192] {
        let begin = Instant::now();
        let mut recorder = Recorder::<W>::new(&frame, false);
        let mut producing = 0.0;
        for block in 0..histories / W {
            recorder.start_block(W);
            for boundary in 0..=120_u32 {
                let making = Instant::now();
                let value = |l: usize, k: usize| noise[(block * 997 + boundary as usize * 13 + k * 31 + l * 7) % 4096];
                let states: Vec<[Lanes<W>; 7]> = (0..10)
                    .map(|s| {
                        std::array::from_fn(|m| Lanes::from_fn(|l| 10.0_f64.powi(m as i32 - 3) * (0.2 + value(l, 7 * s + m))))
                    })
                    .collect();
                let system = [Lanes::from_fn(|l| 1e4 * value(l, 99)), Lanes::from_fn(|l| value(l, 98)), Lanes::default()];
                let running = [true; W];
                let date = setup.horizon.date(boundary);
                let tick = boundary.saturating_sub(1);
                let snapshot = Snapshot { tick, date, running: &running, at_peace: &running, states: &states, system: &system };
                producing += making.elapsed().as_secs_f64();
                if boundary == 0 { recorder.begin(&snapshot) } else { recorder.tick(&snapshot) }
            }
            recorder.end_block();
        }
        let curves = recorder.finish();
        let recording = (begin.elapsed().as_secs_f64() - producing) / histories as f64 * 1e6;
        let part = Part { outcomes: Vec::new(), events: Vec::new(), curves };
        let begin = Instant::now();
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(directory.path().join("parts")).expect("a directory");
        part.write(directory.path(), 0).expect("it can be written");
        let writing = begin.elapsed().as_secs_f64() / histories as f64 * 1e6;
        let bytes = std::fs::metadata(crate::part::path(directory.path(), 0)).expect("the part").len();
        eprintln!("{histories} histories a part: recording {recording:.1} µs, writing {writing:.1} µs a history, {bytes} bytes");
        assert!(
            recording + writing < 75.0,
            "{recording} µs recording and {writing} µs writing a history, against 500 µs to simulate it"
        );
    }
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
    let frame = Frame::new(&plan.points[0].setup);
    let span = PartSpan { point: 0, first: 0, count: 1 };
    let part = Part::simulate::<super::Fake<16>, 16>(&plan, &frame, span, &Silent).expect("it runs").expect("nobody cancels");
    assert_eq!(part.outcomes.len(), 1);
    let counts: Vec<u64> = part.curves.rows(&frame, "long", 0, &plan.points[0].setup).iter().map(|row| row.at_risk).collect();
    assert!(counts.iter().all(|count| *count == 1), "surplus lanes must not count: {counts:?}");
}
