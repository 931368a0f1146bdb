//! Nanoseconds a value of the portable functions and the draws, in blocks of 32 lanes, for each instruction set.
//!
//! Run: `cargo bench -p spiral-kernel`. A function that an instruction set does not speed up was not inlined into its copy of
//! the block: AVX2 should need about half of the baseline's time or less, AVX-512 about half of AVX2's.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::time::Instant;

use spiral_kernel::dispatch::InstructionSet;
use spiral_kernel::draws::{Address, normal_lanes, uniform_lanes};
use spiral_kernel::{Lanes, maths, simd};

const BLOCKS: usize = 64;
type Blocks = [Lanes<32>; BLOCKS];

/// The best of many runs, in nanoseconds a value.
fn nanoseconds(run: impl Fn(&Blocks, &mut Blocks)) -> f64 {
    let mut input = [Lanes::splat(0.0); BLOCKS];
    for (b, block) in input.iter_mut().enumerate() {
        *block = Lanes::from_fn(|l| 0.001 + ((b * 32 + l) as f64 * 0.618_034).fract() * 0.99);
    }
    let mut output = input;
    let mut best = f64::INFINITY;
    for _ in 0..200 {
        let start = Instant::now();
        run(black_box(&input), black_box(&mut output));
        best = best.min(start.elapsed().as_nanos() as f64);
    }
    best / (BLOCKS * 32) as f64
}

macro_rules! each_value {
    ($x:ident => $value:expr) => {
        nanoseconds(|input, output| {
            simd!({
                for b in 0..BLOCKS {
                    let block = &input[b];
                    output[b] = Lanes::from_fn(|l| {
                        let $x = block[l];
                        $value
                    });
                }
            });
        })
    };
}

fn main() {
    let address = |b: usize| Address { purpose: 1, entity: b as u32, time: 7 };
    println!("{:>10} {:>9} {:>9} {:>9} {:>9}", "ns/value", "libm", "baseline", "AVX2", "AVX-512");
    InstructionSet::limit(InstructionSet::Baseline);
    let libm = [
        ("exp", each_value!(x => libm::exp(x))),
        ("ln", each_value!(x => libm::log(x))),
        ("tanh", each_value!(x => libm::tanh(x))),
        ("logistic", each_value!(x => 1.0 / (1.0 + libm::exp(-x)))),
        ("powf", each_value!(x => libm::pow(x, 1.7))),
        ("quantile", f64::NAN),
        ("uniforms", f64::NAN),
        ("normal", f64::NAN),
    ];
    let columns = [InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512].map(|highest| {
        if InstructionSet::limit(highest) != highest {
            return [f64::NAN; 8];
        }
        [
            each_value!(x => maths::exp(x)),
            each_value!(x => maths::ln(x)),
            each_value!(x => maths::tanh(x)),
            each_value!(x => maths::logistic(x)),
            each_value!(x => maths::powf(x, 1.7)),
            each_value!(x => maths::normal_quantile(x)),
            nanoseconds(|_, output| {
                simd!({
                    for (b, block) in output.iter_mut().enumerate() {
                        let [u, v] = uniform_lanes::<32>(1, address(b), 32);
                        *block = Lanes::from_fn(|l| u[l] + v[l]);
                    }
                });
            }),
            nanoseconds(|_, output| {
                simd!({
                    for (b, block) in output.iter_mut().enumerate() {
                        *block = normal_lanes(1, address(b), 32);
                    }
                });
            }),
        ]
    });
    for (row, (name, libm)) in libm.iter().enumerate() {
        let cells = columns.map(|column| cell(column[row]));
        println!("{name:>10} {} {}", cell(*libm), cells.join(" "));
    }
}

/// One cell of the table, a dash where nothing was measured.
fn cell(nanoseconds: f64) -> String {
    if nanoseconds.is_nan() { format!("{:>9}", "-") } else { format!("{nanoseconds:9.2}") }
}
