//! Keyed draws: every random number is a pure function of (seed, purpose, entity, time, history).
//!
//! Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC '11): the key is the
//! seed, the counter is the address of the draw. Nothing is drawn from a shared stream, so one more state, mechanism or
//! history disturbs no other draw.

use crate::Lanes;

/// Where a draw belongs. Two draws with different addresses are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// What it is for; the model numbers its purposes, and never renumbers them.
    pub purpose: u32,
    /// The stable number of the state or dyad it is for.
    pub entity: u32,
    /// Tick or day.
    pub time: u32,
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

/// Two independent uniforms in the open interval (0, 1) for one history.
#[inline(always)]
#[must_use]
pub fn uniforms(seed: u64, address: Address, history: u32) -> [f64; 2] {
    let word = philox4x32([history, address.time, address.entity, address.purpose], [seed as u32, (seed >> 32) as u32]);
    [unit(word[0], word[1]), unit(word[2], word[3])]
}

/// Two independent uniforms for each of the histories `first_history..first_history + WIDTH`.
#[inline(always)]
#[must_use]
pub fn uniform_lanes<const WIDTH: usize>(seed: u64, address: Address, first_history: u32) -> [Lanes<WIDTH>; 2] {
    let mut pair = [Lanes::splat(0.0); 2];
    for lane in 0..WIDTH {
        let [a, b] = uniforms(seed, address, first_history.wrapping_add(lane as u32));
        pair[0][lane] = a;
        pair[1][lane] = b;
    }
    pair
}

/// One standard normal for each history of the block, by inverse CDF of the first uniform of the address.
#[inline(always)]
#[must_use]
pub fn normal_lanes<const WIDTH: usize>(seed: u64, address: Address, first_history: u32) -> Lanes<WIDTH> {
    let [u, _] = uniform_lanes::<WIDTH>(seed, address, first_history);
    Lanes::from_fn(|l| crate::maths::normal_quantile(u[l]))
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
