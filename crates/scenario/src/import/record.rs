//! What came: disputes, wars and military expenditure of a user's files, to set beside what was simulated.

use std::collections::BTreeMap;

use super::capabilities::{Capabilities, SPENDING};
use super::events::{Disputes, Wars};
use super::folder::CowFiles;
use super::kinds::Role;
use super::needed;
use super::source::Source;

use crate::syntax::problem::Error;

/// What came between two states in some years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Came {
    /// A dispute between the two began.
    pub dispute: bool,
    /// Such a dispute reached the use of force: level 4 or 5 of hostility. `None` where the file does not say how far disputes went.
    pub force: Option<bool>,
    /// The two began to fight each other in a war. `None` where neither file says so.
    pub war: Option<bool>,
}

/// Disputes, wars and military expenditure of every state and year of the files.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    disputes: Disputes,
    /// Years in which pairs began to fight, the lower number first; `None` where no file of wars says who stood on which side.
    wars: Option<BTreeMap<(u16, u16), Vec<i32>>>,
    /// Last year that the file of wars reaches.
    wars_until: i32,
    spending: BTreeMap<(u16, i32), f64>,
    states: Vec<(u16, i32, i32)>,
}

impl Record {
    /// Reads the files: disputes and capabilities must be there.
    ///
    /// # Errors
    /// A file that is missing or wrong, with file, row and column.
    pub fn read(files: &CowFiles) -> Result<Self, Error> {
        let source = Source::read(needed(files.nmc.as_deref(), Role::Capabilities)?)?;
        let capabilities = Capabilities::read(&source, None)?;
        let numbers: Vec<u16> = capabilities.first_years().into_keys().collect();
        let disputes = Source::read(needed(files.disputes.as_deref(), Role::Disputes)?)?;
        let disputes = Disputes::read(&disputes, &numbers, None)?;
        let wars = files.wars.as_deref().map(Source::read).transpose()?.map(|source| Wars::read(&source, None)).transpose()?;
        let wars_until = wars.as_ref().and_then(Wars::last_year).unwrap_or(i32::MAX);
        let wars = wars.and_then(|wars| wars.onsets()).map(|onsets| {
            let mut by_pair: BTreeMap<(u16, u16), Vec<i32>> = BTreeMap::new();
            for (pair, year) in onsets {
                by_pair.entry(pair).or_default().push(year);
            }
            by_pair
        });
        let mut spending = BTreeMap::new();
        let mut states = Vec::new();
        for number in numbers {
            spending.extend(capabilities.series(number, SPENDING).into_iter().map(|(year, value)| ((number, year), value)));
            states.extend(capabilities.spells(number).into_iter().map(|(first, last)| (number, first, last)));
        }
        Ok(Self { disputes, wars, wars_until, spending, states })
    }

    /// First and last year of the file of disputes.
    #[must_use]
    pub fn years(&self) -> (i32, i32) {
        self.disputes.years
    }

    /// First and last year in which any state has a row of capabilities.
    #[must_use]
    pub fn years_of_capabilities(&self) -> (i32, i32) {
        let first = self.states.iter().map(|(_, first, _)| *first).min().unwrap_or(0);
        (first, self.states.iter().map(|(.., last)| *last).max().unwrap_or(0))
    }

    /// Which file says what a war is, in words; `None` where no file does.
    #[must_use]
    pub fn source_of_wars(&self) -> Option<&'static str> {
        match (&self.wars, self.disputes.levels) {
            (Some(_), _) => Some("the file of wars: states on opposite sides of a war in the same year"),
            (None, true) => Some("the file of disputes: level 5 of hostility"),
            (None, false) => None,
        }
    }

    /// What came between two states from a year to another.
    #[must_use]
    pub fn between(&self, one: u16, other: u16, first: i32, last: i32) -> Came {
        let levels: Vec<Option<u8>> = self.disputes.of(one, other, first, last).map(|onset| onset.level).collect();
        let reached = |least: u8| levels.iter().flatten().any(|level| *level >= least);
        let by_disputes = self.disputes.levels.then(|| reached(5));
        let fought = |wars: &BTreeMap<(u16, u16), Vec<i32>>| {
            let years = wars.get(&(one.min(other), one.max(other)));
            years.is_some_and(|years| years.iter().any(|year| (first..=last).contains(year)))
        };
        Came {
            dispute: !levels.is_empty(),
            force: self.disputes.levels.then(|| reached(4)),
            war: match &self.wars {
                // Years that the file of wars does not reach are not known.
                Some(wars) => (last <= self.wars_until).then(|| fought(wars)),
                None => by_disputes,
            },
        }
    }

    /// Military expenditure of a state in a year, in the currency of the file; `None` where it is missing or nought.
    #[must_use]
    pub fn spending(&self, number: u16, year: i32) -> Option<f64> {
        self.spending.get(&(number, year)).copied().filter(|value| *value > 0.0)
    }
}
