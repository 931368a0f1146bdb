//! Every instruction set gives the same bits.
//!
//! `InstructionSet::limit` holds for the whole process, so only one test of this binary sets it. The other tests pass under any limit.

use spiral_kernel::dispatch::{InstructionSet, Path};
use spiral_kernel::draws::{Address, normal_lanes, uniform_lanes, uniforms};
use spiral_kernel::{Lanes, maths, simd};

const WIDTH: usize = 32;
/// 2¹⁷ pairs of numbers.
const BLOCKS: usize = 4096;

fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Half of the numbers from all bit patterns, the rest from the range of common arguments, and the special ones.
fn inputs(seed: u64) -> Vec<Lanes<WIDTH>> {
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MAX,
        f64::MIN,
        709.8,
    ];
    let mut state = seed;
    (0..BLOCKS)
        .map(|block| {
            let mut lanes = Lanes::splat(0.0);
            for l in 0..WIDTH {
                let bits = splitmix64(&mut state);
                let unit = (bits >> 11) as f64 / 9007199254740992.0;
                lanes[l] = match (block, block % 4) {
                    (0..=15, _) => special[(bits % special.len() as u64) as usize],
                    (_, 0 | 1) => f64::from_bits(bits),
                    (_, 2) => unit,
                    _ => (unit - 0.5) * 80.0,
                };
            }
            lanes
        })
        .collect()
}

/// Bits of a result; a NaN's sign and payload are not promised.
fn bits(lanes: Lanes<WIDTH>) -> [u64; WIDTH] {
    lanes.as_array().map(|x| if x.is_nan() { u64::MAX } else { x.to_bits() })
}

/// All results of one run: exp, ln, tanh, logistic, quantile, powf, two uniforms and a normal for each block.
fn results(x: &[Lanes<WIDTH>], y: &[Lanes<WIDTH>]) -> Vec<[[u64; WIDTH]; 9]> {
    x.iter()
        .zip(y)
        .enumerate()
        .map(|(block, (x, y))| {
            let address = Address { purpose: block as u32 % 4096, entity: block as u32 ^ 0xDEAD_BEEF, time: 3 };
            let first_history = (block * WIDTH) as u32;
            let lanes = simd!({
                let [u, v] = uniform_lanes::<WIDTH>(1914, address, first_history);
                [
                    Lanes::from_fn(|l| maths::exp(x[l])),
                    Lanes::from_fn(|l| maths::ln(x[l])),
                    Lanes::from_fn(|l| maths::tanh(x[l])),
                    Lanes::from_fn(|l| maths::logistic(x[l])),
                    Lanes::from_fn(|l| maths::normal_quantile(x[l])),
                    Lanes::from_fn(|l| maths::powf(x[l], y[l])),
                    u,
                    v,
                    normal_lanes(1914, address, first_history),
                ]
            });
            lanes.map(bits)
        })
        .collect()
}

#[test]
fn every_instruction_set_gives_the_bits_of_scalar_code() {
    let (x, y) = (inputs(1), inputs(2));
    // one value at a time, outside every copy of a block
    let scalar: Vec<[[u64; WIDTH]; 9]> = (0..BLOCKS)
        .map(|block| {
            let address = Address { purpose: block as u32 % 4096, entity: block as u32 ^ 0xDEAD_BEEF, time: 3 };
            let mut table = [[0; WIDTH]; 9];
            for l in 0..WIDTH {
                let (a, b) = std::hint::black_box((x[block][l], y[block][l]));
                let [u, v] = uniforms(1914, address, (block * WIDTH + l) as u32);
                let row = [
                    maths::exp(a),
                    maths::ln(a),
                    maths::tanh(a),
                    maths::logistic(a),
                    maths::normal_quantile(a),
                    maths::powf(a, b),
                    u,
                    v,
                    maths::normal_quantile(u),
                ];
                for (function, value) in row.into_iter().enumerate() {
                    table[function][l] = if value.is_nan() { u64::MAX } else { value.to_bits() };
                }
            }
            table
        })
        .collect();
    let names = ["exp", "ln", "tanh", "logistic", "normal_quantile", "powf", "uniform 1", "uniform 2", "normal"];
    let best = InstructionSet::best();
    let mut tried = 0;
    for highest in [InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512] {
        let used = InstructionSet::limit(highest);
        assert_eq!(used, highest.min(best));
        if used != highest {
            continue;
        }
        assert!(
            matches!(
                (Path::current(), used),
                (Path::Baseline, InstructionSet::Baseline)
                    | (Path::Avx2(_), InstructionSet::Avx2)
                    | (Path::Avx512(_), InstructionSet::Avx512)
            ),
            "{used:?} runs {:?}",
            Path::current()
        );
        tried += 1;
        for (block, (found, expected)) in results(&x, &y).iter().zip(&scalar).enumerate() {
            for (function, name) in names.iter().enumerate() {
                for l in 0..WIDTH {
                    let (found, expected) = (found[function][l], expected[function][l]);
                    assert_eq!(
                        found, expected,
                        "{name} with {used:?} at {:?}, {:?}: {found:#x} instead of {expected:#x}",
                        x[block][l], y[block][l]
                    );
                }
            }
        }
    }
    InstructionSet::limit(best);
    assert_eq!(tried, best as usize, "{tried} of the instruction sets up to {best:?} were compared");
}
