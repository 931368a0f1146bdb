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

/// Pairs of outcomes of the histories that are in both samples, which are by rising number.
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

/// Numbers as they come, in any order. Of whole days and of the date at which all ends there are few different ones, which are
/// counted; of moments there are as many as histories, and they are kept, eight bytes each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    /// By [`ordered`] bits.
    counted: BTreeMap<i64, u64>,
    kept: Vec<f64>,
}

impl Sample {
    /// Different numbers that are counted at most.
    const MOST_COUNTED: usize = 4096;

    pub(crate) fn add(&mut self, number: f64) {
        let key = ordered(number.to_bits().cast_signed());
        if self.counted.len() < Self::MOST_COUNTED {
            *self.counted.entry(key).or_default() += 1;
        } else if let Some(count) = self.counted.get_mut(&key) {
            *count += 1;
        } else {
            self.kept.push(number);
        }
    }

    pub(crate) fn sorted(mut self) -> Sorted {
        self.kept.sort_unstable_by(f64::total_cmp);
        let number = |key: i64| f64::from_bits(ordered(key).cast_unsigned());
        Sorted { counted: self.counted.into_iter().map(|(key, count)| (number(key), count)).collect(), kept: self.kept }
    }
}

/// A sorted sample.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sorted {
    /// Some numbers, each with how often it came.
    counted: Vec<(f64, u64)>,
    /// The others, each as often as it came.
    kept: Vec<f64>,
}

impl Sorted {
    /// Numbers in the sample.
    pub(crate) fn len(&self) -> usize {
        self.kept.len() + self.counted.iter().map(|(_, count)| *count as usize).sum::<usize>()
    }

    /// The numbers, rising, each with how often it came; a number that came often may come in several items.
    pub(crate) fn rising(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let (mut counted, mut kept) = (self.counted.iter().copied().peekable(), self.kept.iter().copied().peekable());
        std::iter::from_fn(move || match (counted.peek(), kept.peek()) {
            (Some(one), Some(other)) if one.0.total_cmp(other).is_gt() => kept.next().map(|number| (number, 1)),
            (Some(_), _) => counted.next(),
            (None, _) => kept.next().map(|number| (number, 1)),
        })
    }

    /// The number at a position, from 0, which is looked for from the least; NaN beyond the last.
    pub(crate) fn at(&self, position: usize) -> f64 {
        let mut up_to = 0;
        let found = self.rising().find(|(_, count)| {
            up_to += count;
            up_to > position as u64
        });
        found.map_or(f64::NAN, |found| found.0)
    }

    /// The mean of the two numbers in the middle; NaN of nothing.
    pub(crate) fn median(&self) -> f64 {
        let n = self.len();
        if n == 0 { f64::NAN } else { f64::midpoint(self.at((n - 1) / 2), self.at(n / 2)) }
    }
}

/// The history whose first war comes in the middle of all: of an even number of wars the later of the two, of equal dates by number.
///
/// # Errors
/// If the outcomes cannot be read.
pub fn typical_history<S: Outcomes + ?Sized>(outcomes: &S) -> Result<Option<u32>, S::Error> {
    let mut dates = Sample::default();
    for outcome in outcomes.read()? {
        if let Some(date) = outcome?.first_war_date {
            dates.add(date);
        }
    }
    let dates = dates.sorted();
    let middle = dates.len() / 2;
    let date = dates.at(middle);
    let earlier: u64 = dates.rising().take_while(|(other, _)| other.total_cmp(&date).is_lt()).map(|(_, count)| count).sum();
    let mut before = middle as u64 - earlier;
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
