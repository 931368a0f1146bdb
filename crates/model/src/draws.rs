//! The purposes of random numbers, and how a block draws them.

use bevy_ecs::prelude::Resource;
use spiral_kernel::Lanes;
use spiral_kernel::draws::{Address, uniform_lanes, uniforms};

use crate::description::described;

described! {
    /// The purpose of a random draw. The numbers are fixed: a new purpose changes no other draw.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    #[repr(u32)]
    pub enum Purpose {
        /// Type of a state at the start.
        Type = 1,
        /// Errors in another's arms and growth.
        Sight = 2,
        /// Error in another's posture.
        Posture = 3,
        /// Outbreak of crises and false alarms.
        Outbreak = 4,
        /// Who challenges.
        Challenger = 5,
        /// Strike and mobilisation of a day.
        Day = 6,
        /// Settlement of a day, and who concedes.
        Settlement = 7,
        /// Whether an ally joins on a day.
        Ally = 8,
        /// Decision of a war in a tick, and who wins.
        Decision = 9,
        /// Whether a state cheats on its treaties in a tick.
        Cheating = 10,
        /// Whether a partner detects a breach in a tick.
        Inspection = 11,
        /// Whether a pair negotiates in a tick.
        Negotiation = 12,
        /// Whether a state makes a gesture of reassurance in a tick, and which.
        Gesture = 13,
        /// Whether a state builds against another in a tick.
        Restraint = 14,
        /// Whether a state revises its programme of arms in a tick, and its political mood then.
        Revision = 15,
        /// How far a state's spending of a year departs from its programme.
        Budget = 16,
        /// What a war and a mobilisation would cost a state in a crisis.
        CrisisCosts = 17,
        /// How patient a state is in a crisis, and how an ally's reluctance falls in it.
        CrisisTemper = 18,
        /// How severe a crisis is, and whether it has an accident.
        Severity = 19,
        /// Concession of a day.
        Concession = 20,
        /// When a crisis has a clash, and who begins it.
        Clash = 21,
    }
}

described! {
    /// The block of histories that a world simulates.
    #[derive(Resource, Debug, Clone, Copy)]
    pub struct Block {
        /// Seed of the study.
        pub seed: u64,
        /// First history of the block.
        pub first_history: u32,
    }
}

impl Block {
    /// Two uniforms for each lane.
    #[inline(always)]
    #[must_use]
    pub fn uniforms<const WIDTH: usize>(&self, purpose: Purpose, entity: u32, time: u32) -> [Lanes<WIDTH>; 2] {
        uniform_lanes(self.seed, Address { purpose: purpose as u32, entity, time }, self.first_history)
    }

    /// Two uniforms of one lane for each of `N` times from `first_time` on.
    #[must_use]
    pub fn uniforms_from<const N: usize>(&self, lane: usize, purpose: Purpose, entity: u32, first_time: u32) -> [Lanes<N>; 2] {
        let history = self.first_history.wrapping_add(lane as u32);
        let (mut first, mut second) = (Lanes::splat(0.0), Lanes::splat(0.0));
        spiral_kernel::simd!({
            for step in 0..N {
                let address = Address { purpose: purpose as u32, entity, time: first_time.wrapping_add(step as u32) };
                [first[step], second[step]] = uniforms(self.seed, address, history);
            }
        });
        [first, second]
    }

    /// Two uniforms for one lane.
    #[inline]
    #[must_use]
    pub fn lane_uniforms(&self, lane: usize, purpose: Purpose, entity: u32, time: u32) -> [f64; 2] {
        uniforms(self.seed, Address { purpose: purpose as u32, entity, time }, self.first_history.wrapping_add(lane as u32))
    }
}

/// Days are numbered through all ticks: room for this many in a tick.
pub const DAYS_PER_TICK: u32 = 512;

/// The number of a dyad's draws inside a crisis that two other states began.
#[must_use]
pub const fn within(crisis: u32, number: u32) -> u32 {
    if crisis == number { number } else { number ^ crisis.rotate_left(13).wrapping_mul(0x9E37_79B1) }
}

/// Days for which a crisis draws at once: it lasts some twelve.
const DAYS_AHEAD: usize = 16;

/// Draws of one key for the days of a crisis, made for many days at once.
#[derive(Debug, Clone)]
pub(crate) struct Days {
    purpose: Purpose,
    number: u32,
    /// Day of the first of `draws`; 0 before there are any.
    first: u16,
    draws: [Lanes<DAYS_AHEAD>; 2],
}

impl Days {
    pub(crate) fn new(purpose: Purpose, number: u32) -> Self {
        Self { purpose, number, first: 0, draws: [Lanes::splat(0.0); 2] }
    }

    /// The draws of a day of a tick in a lane. Days count from 1.
    #[inline]
    pub(crate) fn on(&mut self, day: u16, tick: u32, lane: usize, block: &Block) -> [f64; 2] {
        if self.first == 0 || day < self.first || usize::from(day - self.first) >= DAYS_AHEAD {
            self.first = day;
            self.draws = block.uniforms_from(lane, self.purpose, self.number, tick * DAYS_PER_TICK + u32::from(day));
        }
        let place = usize::from(day - self.first);
        [self.draws[0][place], self.draws[1][place]]
    }
}
