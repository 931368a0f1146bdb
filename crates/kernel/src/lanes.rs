//! One number for each history of a block.

use std::ops::{Index, IndexMut};

/// `WIDTH` values of one quantity, one lane for each history that advances in step.
///
/// Build a fresh one with [`Lanes::from_fn`] from shared references: such loops vectorise, loops that write through
/// several `&mut` do not.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(transparent)]
pub struct Lanes<const WIDTH: usize>([f64; WIDTH]);

impl<const WIDTH: usize> Lanes<WIDTH> {
    /// The same value in every lane.
    #[inline(always)]
    #[must_use]
    pub const fn splat(value: f64) -> Self {
        Self([value; WIDTH])
    }

    /// Lane `l` is `f(l)`.
    #[inline(always)]
    #[must_use]
    pub fn from_fn(f: impl Fn(usize) -> f64) -> Self {
        let mut lanes = [0.0; WIDTH];
        let mut lane = 0;
        while lane < WIDTH {
            lanes[lane] = f(lane);
            lane += 1;
        }
        Self(lanes)
    }

    /// The lanes as a plain array.
    #[inline(always)]
    #[must_use]
    pub const fn as_array(&self) -> &[f64; WIDTH] {
        &self.0
    }

    /// The lanes as a plain array, to write to.
    #[inline(always)]
    #[must_use]
    pub const fn as_mut_array(&mut self) -> &mut [f64; WIDTH] {
        &mut self.0
    }
}

impl<const WIDTH: usize> Default for Lanes<WIDTH> {
    fn default() -> Self {
        Self::splat(0.0)
    }
}

impl<const WIDTH: usize> Index<usize> for Lanes<WIDTH> {
    type Output = f64;
    #[inline(always)]
    fn index(&self, lane: usize) -> &f64 {
        &self.0[lane]
    }
}

impl<const WIDTH: usize> IndexMut<usize> for Lanes<WIDTH> {
    #[inline(always)]
    fn index_mut(&mut self, lane: usize) -> &mut f64 {
        &mut self.0[lane]
    }
}
