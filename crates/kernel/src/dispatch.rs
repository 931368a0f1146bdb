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

/// Proof that AVX2 is there: only [`Path::current`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(());

/// Proof that AVX-512 is there: only [`Path::current`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(());

/// The copy of a body to run, with the proof that the processor can.
#[derive(Debug, Clone, Copy)]
pub enum Path {
    /// The copy compiled for every processor of the target.
    Baseline,
    /// The copy compiled for AVX2.
    Avx2(Avx2),
    /// The copy compiled for AVX-512.
    Avx512(Avx512),
}

impl Path {
    /// The copy for [`InstructionSet::current`].
    #[inline]
    #[must_use]
    pub fn current() -> Self {
        match InstructionSet::current() {
            InstructionSet::Baseline => Self::Baseline,
            InstructionSet::Avx2 => Self::Avx2(Avx2(())),
            InstructionSet::Avx512 => Self::Avx512(Avx512(())),
        }
    }
}

/// Calls `body` compiled for AVX-512. It must have this one caller, or it is too large to be inlined and stays as it is.
#[inline(always)]
pub fn with_avx512<R>(_proof: Avx512, body: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[inline]
        #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
        fn inner<R>(body: impl FnOnce() -> R) -> R {
            body()
        }
        // SAFETY: the proof exists only where `InstructionSet::best` found these features on this processor.
        unsafe { inner(body) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    body()
}

/// Calls `body` compiled for AVX2. It must have this one caller, or it is too large to be inlined and stays as it is.
#[inline(always)]
pub fn with_avx2<R>(_proof: Avx2, body: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[inline]
        #[target_feature(enable = "avx2")]
        fn inner<R>(body: impl FnOnce() -> R) -> R {
            body()
        }
        // SAFETY: the proof exists only where `InstructionSet::best` found AVX2 on this processor.
        unsafe { inner(body) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    body()
}

/// Runs a block compiled for the instruction set in use: `simd!({ … })`.
///
/// The block is written out once for each instruction set and must not `return`. What it calls joins its copy only if it is
/// inlined: mark functions `#[inline(always)]`. A closure with one caller, as in `Lanes::from_fn(|l| …)`, is inlined whatever
/// its size.
#[macro_export]
macro_rules! simd {
    ($body:block) => {
        match $crate::dispatch::Path::current() {
            $crate::dispatch::Path::Avx512(proof) => $crate::dispatch::with_avx512(
                proof,
                #[inline(always)]
                || $body,
            ),
            $crate::dispatch::Path::Avx2(proof) => $crate::dispatch::with_avx2(
                proof,
                #[inline(always)]
                || $body,
            ),
            $crate::dispatch::Path::Baseline => $body,
        }
    };
}
