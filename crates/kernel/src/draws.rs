//! Keyed draws: every random number is a pure function of (seed, purpose, entity, time, history).
//!
//! Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC '11): the key is the
//! seed, the counter is the address of the draw. Nothing is drawn from a shared stream, so one more state, mechanism or
//! history changes no other draw.
//!
//! The counter of a draw is (history, time, entity, purpose). The 12 low bits of its last word are the purpose; the 20 high bits
//! are zero, except in a [`KeyedGenerator`], which counts its blocks there. So no two draws share a counter.

use std::convert::Infallible;

use rand::TryRng;
use rand::rand_core::utils::{fill_bytes_via_next_word, next_u64_via_u32};

use crate::Lanes;

/// Bits of the counter's last word that hold the purpose.
const PURPOSE_BITS: u32 = 12;

/// Where a draw belongs. Two draws with different addresses are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address {
    /// What it is for, at most [`Address::LARGEST_PURPOSE`]; the model numbers its purposes, and never renumbers them.
    pub purpose: u32,
    /// The stable number of the state or dyad it is for.
    pub entity: u32,
    /// Tick or day.
    pub time: u32,
}

impl Address {
    /// The largest purpose, 4,095: the counter's bits above it belong to [`KeyedGenerator`].
    pub const LARGEST_PURPOSE: u32 = (1 << PURPOSE_BITS) - 1;

    /// The Philox counter of this address in one history.
    #[inline(always)]
    const fn counter(self, history: u32) -> [u32; 4] {
        debug_assert!(self.purpose <= Self::LARGEST_PURPOSE, "a purpose is at most 4,095");
        [history, self.time, self.entity, self.purpose]
    }
}

/// The Philox key of a seed.
#[inline(always)]
const fn key(seed: u64) -> [u32; 2] {
    [seed as u32, (seed >> 32) as u32]
}

/// The ten-round Philox4x32 block function.
#[inline(always)]
#[must_use]
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let mut c = counter;
    let mut k = key;
    let mut round = 0;
    while round < 10 {
        let product0 = 0xD251_1F53_u64 * u64::from(c[0]);
        let product1 = 0xCD9E_8D57_u64 * u64::from(c[2]);
        c = [(product1 >> 32) as u32 ^ c[1] ^ k[0], product1 as u32, (product0 >> 32) as u32 ^ c[3] ^ k[1], product0 as u32];
        k = [k[0].wrapping_add(0x9E37_79B9), k[1].wrapping_add(0xBB67_AE85)];
        round += 1;
    }
    c
}

/// Two words as a number in the open interval (0, 1): the 52 high bits, centred.
#[inline(always)]
fn unit(high: u32, low: u32) -> f64 {
    let bits = (u64::from(high) << 20) | (u64::from(low) >> 12);
    f64::from_bits(0x3FF0_0000_0000_0000 | bits) - (1.0 - f64::EPSILON / 2.0)
}

/// Two independent uniforms in the open interval (0, 1) for one history: odd multiples of 2⁻⁵³.
#[inline(always)]
#[must_use]
pub fn uniforms(seed: u64, address: Address, history: u32) -> [f64; 2] {
    let word = philox4x32(address.counter(history), key(seed));
    [unit(word[0], word[1]), unit(word[2], word[3])]
}

/// Two independent uniforms for each of the histories `first_history..first_history + WIDTH`, to the bit as [`uniforms`] gives them.
#[inline(always)]
#[must_use]
pub fn uniform_lanes<const WIDTH: usize>(seed: u64, address: Address, first_history: u32) -> [Lanes<WIDTH>; 2] {
    let mut first = Lanes::splat(0.0);
    let mut second = Lanes::splat(0.0);
    for lane in 0..WIDTH {
        [first[lane], second[lane]] = uniforms(seed, address, first_history.wrapping_add(lane as u32));
    }
    [first, second]
}

/// One standard normal for each history of the block, by inverse CDF of the first uniform of the address.
#[inline(always)]
#[must_use]
pub fn normal_lanes<const WIDTH: usize>(seed: u64, address: Address, first_history: u32) -> Lanes<WIDTH> {
    let [u, _] = uniform_lanes::<WIDTH>(seed, address, first_history);
    crate::maths::normal_quantiles(&u)
}

/// A generator for scalar code that needs many numbers for one purpose: it starts at an address and a history, and walks on
/// through counters that no other address or history reaches.
///
/// It implements [`rand::TryRng`] without failure, hence `rand::Rng`, so `rand`'s distributions draw from it. Two generators
/// with the same seed, address and history give the same numbers; the plain draws [`uniforms`] of that address are others.
///
/// ```
/// use rand::RngExt;
/// use spiral_kernel::draws::{Address, KeyedGenerator};
///
/// let mut generator = KeyedGenerator::new(1, Address { purpose: 7, entity: 42, time: 0 }, 0);
/// let die = generator.random_range(1..=6);
/// assert!((1..=6).contains(&die));
/// ```
#[derive(Debug, Clone)]
pub struct KeyedGenerator {
    key: [u32; 2],
    counter: [u32; 4],
    words: [u32; 4],
    /// How many of `words` are used up.
    used: usize,
}

impl KeyedGenerator {
    /// How many words of 32 bits it has: four for each of 2²⁰ − 1 blocks.
    pub const WORDS: usize = 4 * ((1 << (32 - PURPOSE_BITS)) - 1);

    /// The generator of `address` in `history`.
    ///
    /// # Panics
    /// If the purpose is above [`Address::LARGEST_PURPOSE`].
    #[must_use]
    pub fn new(seed: u64, address: Address, history: u32) -> Self {
        assert!(
            address.purpose <= Address::LARGEST_PURPOSE,
            "purpose {} is above the largest, {}",
            address.purpose,
            Address::LARGEST_PURPOSE
        );
        Self { key: key(seed), counter: address.counter(history), words: [0; 4], used: 4 }
    }

    /// The next uniform in the open interval (0, 1), an odd multiple of 2⁻⁵³.
    ///
    /// # Panics
    /// After [`KeyedGenerator::WORDS`] words.
    pub fn uniform(&mut self) -> f64 {
        let high = self.next_word();
        unit(high, self.next_word())
    }

    fn next_word(&mut self) -> u32 {
        if self.used == 4 {
            let next = self.counter[3].checked_add(1 << PURPOSE_BITS);
            self.counter[3] =
                next.expect("a keyed generator gives at most 4,194,300 words: spread the draws over entities or times");
            self.words = philox4x32(self.counter, self.key);
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }
}

/// # Panics
/// After [`KeyedGenerator::WORDS`] words, as to repeat them would be a silent error.
impl TryRng for KeyedGenerator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_u64_via_u32(self)
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(destination, || self.try_next_u32())
    }
}

/// The stable number of a name (FNV-1a, 32 bits): a state keeps its draws whoever else is in the world.
#[must_use]
pub const fn entity_number(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let mut hash = 0x811C_9DC5_u32;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}
