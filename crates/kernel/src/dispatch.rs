//! Run-time choice of the instruction set: users build without flags and still get AVX-512 or AVX2.
//!
//! Every path gives the same bits: Rust never fuses `a * b + c`, and [`crate::maths`] uses only operations that IEEE 754
//! rounds correctly. The macro [`crate::simd!`] writes its body out once for each instruction set, so that each copy is a
//! closure with one caller and inlines into the function that carries the target feature.
#![allow(unsafe_code, reason = "calling a function with a target feature is unsafe; each call follows a check of the processor")]

use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction set that a body can be compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum InstructionSet {
    /// What every processor of the target has.
    Baseline = 1,
    /// AVX2, 256 bits.
    Avx2 = 2,
    /// AVX-512 (F, BW, CD, DQ, VL), 512 bits.
    Avx512 = 3,
}

static CHOSEN: AtomicU8 = AtomicU8::new(0);

impl InstructionSet {
    /// The best one that this processor has.
    #[must_use]
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512cd")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }

    /// The one in use: [`InstructionSet::best`] unless [`InstructionSet::limit`] lowered it.
    #[inline]
    #[must_use]
    pub fn current() -> Self {
        match CHOSEN.load(Ordering::Relaxed) {
            1 => Self::Baseline,
            2 => Self::Avx2,
            3 => Self::Avx512,
            _ => {
                let best = Self::best();
                CHOSEN.store(best as u8, Ordering::Relaxed);
                best
            }
        }
    }

    /// Use at most `highest` from now on, in the whole process; returns what is then in use. For tests and benches: results do
    /// not depend on it.
    pub fn limit(highest: Self) -> Self {
        let chosen = highest.min(Self::best());
        CHOSEN.store(chosen as u8, Ordering::Relaxed);
        chosen
    }
}

/// Calls `body` compiled for AVX-512 where the processor has it, as it is elsewhere.
#[inline(always)]
pub fn with_avx512<R>(body: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
        fn inner<R>(body: impl FnOnce() -> R) -> R {
            body()
        }
        if InstructionSet::current() == InstructionSet::Avx512 {
            // SAFETY: `current` is at most `best`, which found these features on this processor.
            return unsafe { inner(body) };
        }
    }
    body()
}

/// Calls `body` compiled for AVX2 where the processor has it, as it is elsewhere.
#[inline(always)]
pub fn with_avx2<R>(body: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn inner<R>(body: impl FnOnce() -> R) -> R {
            body()
        }
        if InstructionSet::current() >= InstructionSet::Avx2 {
            // SAFETY: `current` is at most `best`, which found AVX2 on this processor.
            return unsafe { inner(body) };
        }
    }
    body()
}

/// Runs a block compiled for the instruction set in use: `simd!({ … })`. The block must not `return`.
#[macro_export]
macro_rules! simd {
    ($body:block) => {
        match $crate::dispatch::InstructionSet::current() {
            $crate::dispatch::InstructionSet::Avx512 => $crate::dispatch::with_avx512(|| $body),
            $crate::dispatch::InstructionSet::Avx2 => $crate::dispatch::with_avx2(|| $body),
            $crate::dispatch::InstructionSet::Baseline => $body,
        }
    };
}
