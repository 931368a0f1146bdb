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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_hold_what_was_put_in() {
        let mut lanes = Lanes::<4>::from_fn(|lane| lane as f64 * 0.5);
        assert_eq!(lanes.as_array(), &[0.0, 0.5, 1.0, 1.5]);
        lanes[2] = -7.0;
        lanes.as_mut_array()[3] += 1.0;
        assert_eq!((lanes[0], lanes[1], lanes[2], lanes[3]), (0.0, 0.5, -7.0, 2.5));
        assert_eq!(Lanes::<3>::splat(2.5), Lanes::from_fn(|_| 2.5));
        assert_eq!(Lanes::<3>::default(), Lanes::splat(0.0));
        assert_eq!(Lanes::<0>::default().as_array().len(), 0);
    }

    #[test]
    fn every_lane_is_asked_for_once_in_order() {
        let asked = std::cell::RefCell::new(Vec::new());
        let lanes = Lanes::<32>::from_fn(|lane| {
            asked.borrow_mut().push(lane);
            lane as f64
        });
        assert_eq!(asked.into_inner(), (0..32).collect::<Vec<_>>());
        assert_eq!(lanes[31], 31.0);
    }

    /// The block of lanes is the plain array and nothing more: columns of them are columns of floats.
    #[test]
    fn no_room_beside_the_values() {
        assert_eq!(size_of::<Lanes<32>>(), 32 * size_of::<f64>());
        assert_eq!(align_of::<Lanes<32>>(), align_of::<f64>());
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn there_is_no_lane_beyond_the_width() {
        let lanes = Lanes::<8>::splat(1.0);
        let _ = lanes[std::hint::black_box(8)];
    }
}
