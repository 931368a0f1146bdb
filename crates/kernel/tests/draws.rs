//! The draws: published vectors, another implementation, ranges, distributions, independence.
//!
//! The statistical tests have fixed seeds. Their critical values hold with probability 0.999 under the null hypothesis; none was
//! chosen after the run.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rand::distr::{Distribution, Uniform};
use rand::{Rng, RngExt};
use spiral_kernel::draws::{Address, KeyedGenerator, entity_number, normal_lanes, philox4x32, uniform_lanes, uniforms};
use spiral_kernel::maths::normal_quantile;

const SMALLEST: f64 = 1.0 / 9_007_199_254_740_992.0;

fn address(purpose: u32, entity: u32, time: u32) -> Address {
    Address { purpose, entity, time }
}

/// Random123's file `kat_vectors`, lines `philox4x32 10`.
#[test]
fn known_answers_of_random123() {
    let counters = [[0; 4], [u32::MAX; 4], [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]];
    let keys = [[0; 2], [u32::MAX; 2], [0xa4093822, 0x299f31d0]];
    let answers = [
        [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
        [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
        [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ];
    for ((counter, key), answer) in counters.into_iter().zip(keys).zip(answers) {
        assert_eq!(philox4x32(counter, key), answer, "counter {counter:x?}, key {key:x?}");
    }
}

#[test]
fn agrees_with_rand_philox() {
    let mut inputs = rand_philox::Philox::from_u64_seed(20);
    for _ in 0..100_000 {
        let counter = std::array::from_fn(|_| inputs.next_u32());
        let key = std::array::from_fn(|_| inputs.next_u32());
        assert_eq!(philox4x32(counter, key), rand_philox::philox4x32_10(counter, key), "counter {counter:x?}, key {key:x?}");
    }
}

/// The layout of the counter is part of the file format: it may never change.
#[test]
fn the_counter_is_history_time_entity_purpose() {
    let word = rand_philox::philox4x32_10([4, 3, 2, 1], [0x9abc_def0, 0x1234_5678]);
    let [u, v] = uniforms(0x1234_5678_9abc_def0, address(1, 2, 3), 4);
    let centred = |high: u32, low: u32| {
        let k = (u64::from(high) << 32 | u64::from(low)) >> 12;
        (k as f64 + 0.5) / 4_503_599_627_370_496.0
    };
    assert_eq!((u, v), (centred(word[0], word[1]), centred(word[2], word[3])));
    let mut generator = KeyedGenerator::new(0x1234_5678_9abc_def0, address(1, 2, 3), 4);
    for block in 1..=3 {
        let words: [u32; 4] = std::array::from_fn(|_| generator.next_u32());
        assert_eq!(words, rand_philox::philox4x32_10([4, 3, 2, 1 + (block << 12)], [0x9abc_def0, 0x1234_5678]));
    }
}

proptest! {
    #[test]
    fn lanes_are_the_scalar_draws(seed: u64, purpose in 0u32..4096, entity: u32, time: u32, first_history: u32) {
        let at = address(purpose, entity, time);
        let [u, v] = uniform_lanes::<7>(seed, at, first_history);
        let z = normal_lanes::<7>(seed, at, first_history);
        for l in 0..7 {
            let [a, b] = uniforms(seed, at, first_history.wrapping_add(l as u32));
            prop_assert_eq!((u[l].to_bits(), v[l].to_bits()), (a.to_bits(), b.to_bits()));
            prop_assert_eq!(z[l].to_bits(), normal_quantile(a).to_bits());
            for x in [a, b] {
                prop_assert!((SMALLEST..=1.0 - SMALLEST).contains(&x), "{} is outside the open interval", x);
                prop_assert_eq!((x / SMALLEST) % 2.0, 1.0, "{} is no odd multiple of 2^-53", x);
            }
        }
    }
}

/// The counter that Philox4x32-10 turns into `words`: every round is a bijection.
fn counter_of(words: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let multipliers = [0xD251_1F53_u32, 0xCD9E_8D57];
    // Newton's method for the inverse modulo 2³²: each step doubles the right bits, from three
    let inverses = multipliers.map(|m| (0..4).fold(m, |x, _| x.wrapping_mul(2u32.wrapping_sub(m.wrapping_mul(x)))));
    let high = |m: u32, x: u32| ((u64::from(m) * u64::from(x)) >> 32) as u32;
    let mut c = words;
    for round in (0..10u32).rev() {
        let k0 = key[0].wrapping_add(round.wrapping_mul(0x9E37_79B9));
        let k1 = key[1].wrapping_add(round.wrapping_mul(0xBB67_AE85));
        let c0 = c[3].wrapping_mul(inverses[0]);
        let c2 = c[1].wrapping_mul(inverses[1]);
        c = [c0, c[0] ^ high(multipliers[1], c2) ^ k0, c2, c[2] ^ high(multipliers[0], c0) ^ k1];
    }
    c
}

/// The least and the greatest uniform, from the words 0 and 2³² − 1: their addresses are found by running Philox backwards from
/// one seed after another until the purpose is a valid one.
#[test]
fn extreme_uniforms_are_reached_and_lie_inside() {
    for (words, expected) in [([0; 4], SMALLEST), ([u32::MAX; 4], 1.0 - SMALLEST)] {
        let (seed, [history, time, entity, purpose]) = (0..100_000_000u64)
            .map(|seed| (seed, counter_of(words, [seed as u32, (seed >> 32) as u32])))
            .find(|(_, counter)| counter[3] <= Address::LARGEST_PURPOSE)
            .expect("one seed in 2^20 has such a counter");
        assert_eq!(uniforms(seed, address(purpose, entity, time), history), [expected; 2], "seed {seed}, purpose {purpose}");
    }
    // the quantile of 2⁻⁵³ from mpmath
    let z = normal_quantile(SMALLEST);
    assert!((z + 8.209536151601387).abs() < 2e-15, "least normal {z:?}");
    assert_eq!(normal_quantile(1.0 - SMALLEST), -z);
}

/// Mean and variance of 2²⁰ uniforms and normals over histories; bounds of 3.29 standard errors.
#[test]
fn moments() {
    const N: usize = 1 << 20;
    let at = address(11, entity_number("GBR"), 57);
    let (mut u1, mut u2, mut z1, mut z2, mut z4) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for block in 0..N / 32 {
        let [_, u] = uniform_lanes::<32>(1, at, (block * 32) as u32);
        let z = normal_lanes::<32>(1, at, (block * 32) as u32);
        for l in 0..32 {
            u1 += u[l] - 0.5;
            u2 += (u[l] - 0.5) * (u[l] - 0.5);
            z1 += z[l];
            z2 += z[l] * z[l];
            z4 += z[l] * z[l] * z[l] * z[l];
        }
    }
    let n = N as f64;
    for (name, found, expected, variance) in [
        ("mean of uniforms", u1 / n + 0.5, 0.5, 1.0 / 12.0),
        ("variance of uniforms", u2 / n, 1.0 / 12.0, 1.0 / 180.0),
        ("mean of normals", z1 / n, 0.0, 1.0),
        ("variance of normals", z2 / n, 1.0, 2.0),
        ("fourth moment of normals", z4 / n, 3.0, 96.0),
    ] {
        let errors = (found - expected) / (variance / n).sqrt();
        assert!(errors.abs() < 3.2905, "{name}: {found}, {errors:.2} standard errors from {expected}");
    }
}

/// The Kolmogorov-Smirnov statistic of values that should be uniform, times √n; critical value at 0.001: 1.9495.
fn kolmogorov_smirnov(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let gaps = values.iter().enumerate().map(|(i, u)| (u - i as f64 / n).max((i + 1) as f64 / n - u));
    gaps.fold(0.0, f64::max) * n.sqrt()
}

#[test]
fn distributions_by_kolmogorov_smirnov() {
    const N: u32 = 100_000;
    let at = address(5, entity_number("FRA"), 1914);
    let normal = (0..N).step_by(32).flat_map(|first| *normal_lanes::<32>(2, at, first).as_array());
    let through_cdf = normal.map(|z| 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)).collect();
    let mut generator = KeyedGenerator::new(2, at, 0);
    let mut other = KeyedGenerator::new(3, at, 0);
    for (name, values) in [
        ("uniforms over histories", (0..N).map(|history| uniforms(2, at, history)[0]).collect()),
        ("uniforms over time", (0..N).map(|time| uniforms(2, address(5, 1, time), 0)[1]).collect()),
        ("uniforms over entities", (0..N).map(|entity| uniforms(2, address(5, entity, 0), 0)[0]).collect()),
        ("normals over histories", through_cdf),
        ("a generator's uniforms", (0..N).map(|_| generator.uniform()).collect()),
        ("rand's uniforms", (0..N).map(|_| other.random::<f64>()).collect()),
    ] {
        let statistic = kolmogorov_smirnov(values);
        assert!(statistic < 1.9495, "{name}: {statistic:.3}");
    }
}

/// Neighbours in every part of the address are independent: 16 × 16 tables with known margins, χ² summed over the seeds 0 to 15
/// with 2¹⁷ pairs each; 16 · 255 = 4,080 degrees of freedom, critical value at 0.001: 4,364.9.
#[test]
fn neighbouring_addresses_are_independent() {
    /// The i-th pair of a seed.
    type Pair<'a> = dyn Fn(u64, u32) -> (f64, f64) + 'a;
    const PAIRS: u32 = 1 << 17;
    let first = |seed, purpose, entity, time, history| uniforms(seed, address(purpose, entity, time), history)[0];
    let pairs: [(&str, &Pair<'_>); 7] = [
        ("histories", &|seed, i| (first(seed, 9, 77, 3, 2 * i), first(seed, 9, 77, 3, 2 * i + 1))),
        ("times", &|seed, i| (first(seed, 9, 77, 2 * i, 0), first(seed, 9, 77, 2 * i + 1, 0))),
        ("entities", &|seed, i| (first(seed, 9, 2 * i, 3, 0), first(seed, 9, 2 * i + 1, 3, 0))),
        ("purposes", &|seed, i| (first(seed, 9, 77, 3, i), first(seed, 10, 77, 3, i))),
        ("seeds", &|seed, i| (first(2 * seed, 9, 77, 3, i), first(2 * seed + 1, 9, 77, 3, i))),
        ("the two of one address", &|seed, i| uniforms(seed, address(9, 77, 3), i).into()),
        ("plain draw and generator", &|seed, i| {
            (first(seed, 9, 77, 3, i), KeyedGenerator::new(seed, address(9, 77, 3), i).uniform())
        }),
    ];
    let expected = f64::from(PAIRS) / 256.0;
    for (name, pair) in pairs {
        let mut chi_square = 0.0;
        for seed in 0..16 {
            let mut counts = [0u32; 256];
            for i in 0..PAIRS {
                let (a, b) = pair(seed, i);
                counts[(a * 16.0) as usize * 16 + (b * 16.0) as usize] += 1;
            }
            chi_square += counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum::<f64>();
        }
        assert!(chi_square < 4364.86, "{name}: chi-square {chi_square:.1} with 4,080 degrees of freedom");
    }
}

/// A die from `rand`: χ² with 5 degrees of freedom, critical value at 0.001: 20.52.
#[test]
fn a_die_from_the_generator_is_fair() {
    let mut generator = KeyedGenerator::new(6, address(3, entity_number("GER"), 12), 99);
    let die = Uniform::new_inclusive(1, 6).expect("1 is below 6");
    let mut counts = [0u32; 6];
    for _ in 0..60_000 {
        let face: usize = die.sample(&mut generator);
        counts[face - 1] += 1;
    }
    let chi_square: f64 = counts.iter().map(|&count| (f64::from(count) - 10_000.0).powi(2) / 10_000.0).sum();
    assert!(chi_square < 20.52, "chi-square {chi_square:.2} of {counts:?}");
}

#[test]
fn generator_conventions() {
    let new = || KeyedGenerator::new(8, address(4095, 1, 2), 3);
    let mut generator = new();
    let words: [u32; 6] = std::array::from_fn(|_| generator.next_u32());
    let mut wide = new();
    assert_eq!(wide.next_u64(), u64::from(words[1]) << 32 | u64::from(words[0]), "the low word comes first");
    let mut bytes = [0; 10];
    new().fill_bytes(&mut bytes);
    let expected: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).take(10).collect();
    assert_eq!(bytes.as_slice(), expected, "bytes are the words in little-endian order");
    let mut copy = generator.clone();
    assert_eq!(copy.next_u64(), generator.next_u64(), "a copy walks on alike");
}

/// Words of 64 bits: two equal ones among these 85,000 have probability 2·10⁻¹⁰ if the counters differ.
#[test]
fn no_purpose_and_no_generator_meets_another() {
    let mut seen = BTreeSet::new();
    let mut drawn = 0;
    for purpose in 0..=Address::LARGEST_PURPOSE {
        let at = address(purpose, 5, 6);
        seen.insert(uniforms(9, at, 0)[0].to_bits());
        let mut generator = KeyedGenerator::new(9, at, 0);
        seen.extend((0..20).map(|_| generator.uniform().to_bits()));
        drawn += 21;
    }
    assert_eq!(seen.len(), drawn, "{} of {drawn} draws are alike", drawn - seen.len());
}

#[test]
fn a_generator_ends_after_its_words() {
    let mut generator = KeyedGenerator::new(1, address(17, 0, 0), 0);
    for _ in 0..KeyedGenerator::WORDS {
        generator.next_u32();
    }
    let after = std::panic::catch_unwind(move || generator.next_u32());
    assert!(after.is_err(), "word {} is {after:?}", KeyedGenerator::WORDS + 1);
}

#[test]
#[should_panic(expected = "purpose 4096 is above the largest, 4095")]
fn a_purpose_of_13_bits_is_refused() {
    let _ = KeyedGenerator::new(1, address(4096, 0, 0), 0);
}

/// The vectors of the FNV authors for 32-bit FNV-1a.
#[test]
fn entity_numbers_are_fnv_1a() {
    for (name, number) in [("", 0x811c9dc5), ("a", 0xe40c292c), ("foobar", 0xbf9cf968)] {
        assert_eq!(entity_number(name), number, "{name:?}");
    }
}
