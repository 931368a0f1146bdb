//! Outcomes that are read from the first to the last, several times if it must be, so that none need be kept: a mean reads twice,
//! once for the sum and once for the squares about the mean, which is as exact as with all values at hand.

use std::collections::BTreeMap;
use std::convert::Infallible;

use spiral_model::{Ended, Outcome};

/// Outcomes of one scenario at one design point, wherever they are kept.
pub trait Outcomes {
    /// Why they could not be read.
    type Error;

    /// Reads them from the first: one outcome a history, by rising number.
    ///
    /// # Errors
    /// Whatever keeps them from being read, now or on the way.
    fn read(&self) -> Result<impl Iterator<Item = Result<Outcome, Self::Error>>, Self::Error>;

    /// The same without the histories that failed.
    ///
    /// # Errors
    /// As [`Outcomes::read`].
    fn valid(&self) -> Result<impl Iterator<Item = Result<Outcome, Self::Error>>, Self::Error> {
        Ok(self.read()?.filter(|found| found.as_ref().map_or(true, |outcome| outcome.ended != Ended::Failure)))
    }
}

/// Outcomes in memory, in any order.
impl Outcomes for [Outcome] {
    type Error = Infallible;

    fn read(&self) -> Result<impl Iterator<Item = Result<Outcome, Infallible>>, Infallible> {
        let mut sorted: Vec<&Outcome> = self.iter().collect();
        // No history stands twice, so nothing is lost by a sort that keeps no order among equals and needs no memory.
        sorted.sort_unstable_by_key(|outcome| outcome.history);
        Ok(sorted.into_iter().copied().map(Ok))
    }
}

/// An estimate that reads its sample from the first to the last as often as it must.
pub(crate) trait Reader: Sized {
    /// What the sample consists of.
    type Item;

    /// Takes the next of the sample. What has read enough ignores it.
    fn take(&mut self, item: Self::Item);

    /// Ends a reading; whether the sample must be read again.
    fn again(&mut self) -> bool;

    /// Reads a sample that is at hand.
    fn over(mut self, sample: impl Iterator<Item = Self::Item> + Clone) -> Self {
        loop {
            for item in sample.clone() {
                self.take(item);
            }
            if !self.again() {
                return self;
            }
        }
    }
}

/// Pairs of outcomes of the histories that stand in both readings, which are by rising number.
pub(crate) fn common_histories<E>(
    a: impl Iterator<Item = Result<Outcome, E>>,
    b: impl Iterator<Item = Result<Outcome, E>>,
) -> impl Iterator<Item = Result<(Outcome, Outcome), E>> {
    let mut rest = b.peekable();
    a.filter_map(move |first| {
        let first = match first {
            Ok(first) => first,
            Err(error) => return Some(Err(error)),
        };
        let behind = |second: &Result<Outcome, E>| second.as_ref().is_ok_and(|second| second.history < first.history);
        while rest.next_if(behind).is_some() {}
        let here = |second: &Result<Outcome, E>| second.as_ref().map_or(true, |second| second.history == first.history);
        rest.next_if(here).map(|second| second.map(|second| (first, second)))
    })
}

/// Integer that is ordered as [`f64::total_cmp`] orders its number; its own inverse.
fn ordered(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// What is counted at each distinct number. Dates are ticks and days and spans whole days, so there are few, however many
/// histories there are.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByNumber<T>(BTreeMap<i64, T>);

impl<T: Default> ByNumber<T> {
    /// What is counted at a number.
    pub(crate) fn at(&mut self, number: f64) -> &mut T {
        self.0.entry(ordered(number.to_bits().cast_signed())).or_default()
    }

    /// Numbers, rising, with what is counted there.
    pub(crate) fn rising(self) -> impl Iterator<Item = (f64, T)> {
        self.0.into_iter().map(|(key, counted)| (f64::from_bits(ordered(key).cast_unsigned()), counted))
    }
}

/// A sorted sample: distinct values, each with the number of values up to and with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sorted {
    values: Vec<(f64, u64)>,
}

impl Sorted {
    pub(crate) fn new(counts: ByNumber<u64>) -> Self {
        let mut below = 0;
        let values = counts.rising().map(|(value, count)| {
            below += count;
            (value, below)
        });
        Self { values: values.collect() }
    }

    /// Values in the sample.
    pub(crate) fn len(&self) -> usize {
        self.values.last().map_or(0, |last| last.1 as usize)
    }

    /// The mean of the two values in the middle; NaN of nothing.
    pub(crate) fn median(&self) -> f64 {
        let n = self.len();
        if n == 0 { f64::NAN } else { f64::midpoint(self.at((n - 1) / 2), self.at(n / 2)) }
    }

    /// The value at a position, from 0; NaN beyond the last.
    pub(crate) fn at(&self, position: usize) -> f64 {
        self.value_and_place(position).map_or(f64::NAN, |(value, _)| value)
    }

    /// The value at a position, and which of the equal values it is, from 0.
    fn value_and_place(&self, position: usize) -> Option<(f64, u64)> {
        let found = self.values.partition_point(|(_, up_to)| *up_to <= position as u64);
        let below = found.checked_sub(1).map_or(0, |before| self.values[before].1);
        self.values.get(found).map(|(value, _)| (*value, position as u64 - below))
    }
}

/// The history whose first war comes in the middle of all: of an even number of wars the later of the two, of equal dates by number.
///
/// # Errors
/// If the outcomes cannot be read.
pub fn typical_history<S: Outcomes + ?Sized>(outcomes: &S) -> Result<Option<u32>, S::Error> {
    let mut counts = ByNumber::<u64>::default();
    for outcome in outcomes.read()? {
        if let Some(date) = outcome?.first_war_date {
            *counts.at(date) += 1;
        }
    }
    let dates = Sorted::new(counts);
    let middle = dates.len() / 2;
    let Some((date, mut before)) = dates.value_and_place(middle) else { return Ok(None) };
    for outcome in outcomes.read()? {
        let outcome = outcome?;
        if outcome.first_war_date == Some(date) {
            if before == 0 {
                return Ok(Some(outcome.history));
            }
            before -= 1;
        }
    }
    Ok(None)
}
