//! How crises come, in the measures in which history is known: rates of onset in undirected pairs of states and years, by border, by
//! power, by alliance and by how many onsets the five years before have seen; and how many of the crises see the use of force.
//!
//! A pair has an onset in a year if at least one crisis between the two begins in it; who joins a crisis counts too. These are the
//! definitions of the numbers of history (Correlates of War: militarised disputes, version 5; ATOP 5.1 for alliances), where an onset
//! is the onset of a militarised dispute.
//!
//! Standard errors are by the delta method over histories: years and pairs of one history are not independent, histories are.

use crate::intervals::{Term, rate};
use crate::stylised_facts::{Clustered, Era};
use crate::table::Estimate;

/// Years over which earlier onsets are counted.
pub const MEMORY: usize = 5;

/// What two states are to each other. It may change from year to year where the field is a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pair {
    /// Whether they have a common border on land.
    pub land_neighbours: bool,
    /// Whether they are neither neighbours on land nor across near water.
    pub far: bool,
    /// How many of the two are great powers.
    pub great_powers: u8,
    /// Whether they are allies by a defence pact, in each year.
    pub allied: Vec<bool>,
}

/// The pairs of one history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// `onsets[pair][year]`: whether a crisis began between the two.
    pub onsets: Vec<Vec<bool>>,
    /// The crises between neighbours on land or two great powers: whether there was use of force in each.
    pub force: Vec<bool>,
}

/// The pairs of an ensemble over years.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dyads {
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Every history has the same pairs and years.
    pub histories: Vec<History>,
}

/// One thing that is known of how crises have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onset {
    /// Rate of onset between neighbours on land.
    LandNeighbours,
    /// Rate of onset between neighbours on land that are both great powers.
    GreatNeighbours,
    /// Rate of onset between any two great powers.
    GreatPowers,
    /// Rate of onset between neighbours on land of which neither is a great power.
    SmallNeighbours,
    /// Rate of onset between two states without a border by land or near water that are not two great powers.
    Far,
    /// Rate of onset between allies.
    Allies,
    /// Share of crises, between neighbours on land or two great powers, with use of force.
    Force,
    /// Rate of onset, between neighbours on land or two great powers, after this many onsets in the five years before (3: three or
    /// more).
    After(u8),
}

impl Onset {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::LandNeighbours,
        Self::GreatNeighbours,
        Self::GreatPowers,
        Self::SmallNeighbours,
        Self::Far,
        Self::Allies,
        Self::Force,
        Self::After(0),
        Self::After(1),
        Self::After(2),
        Self::After(3),
    ];

    /// What it is, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::LandNeighbours => "onsets a year, neighbours on land",
            Self::GreatNeighbours => "onsets a year, neighbours on land, both great powers",
            Self::GreatPowers => "onsets a year, any two great powers",
            Self::SmallNeighbours => "onsets a year, neighbours on land, neither a great power",
            Self::Far => "onsets a year, no border by land or near water, not two great powers",
            Self::Allies => "onsets a year, allies",
            Self::Force => "share of crises with use of force",
            Self::After(0) => "onsets a year after none in five years",
            Self::After(1) => "onsets a year after one in five years",
            Self::After(2) => "onsets a year after two in five years",
            Self::After(_) => "onsets a year after three or more in five years",
        }
    }
}

impl Onset {
    /// What history did: 64 141 years of pairs with 540 onsets before 1914, 37 841 with 182 from 1920 to 1938, all states of the system.
    /// Computed for this project from the data that the head of this file names.
    #[must_use]
    pub const fn history(self, era: Era) -> f64 {
        let [before_1914, before_1939] = match self {
            Self::LandNeighbours | Self::SmallNeighbours => [0.038, 0.052],
            Self::GreatNeighbours => [0.052, 0.177],
            Self::GreatPowers => [0.046, 0.078],
            Self::Far => [0.0045, 0.0018],
            Self::Allies => [0.018, 0.017],
            Self::Force => [0.65, 0.63],
            Self::After(0) => [0.028, 0.032],
            Self::After(1) => [0.094, 0.121],
            Self::After(2) => [0.140, 0.176],
            Self::After(_) => [0.105, 0.219],
        };
        match era {
            Era::Before1914 => before_1914,
            Era::Before1939 => before_1939,
        }
    }
}

impl Dyads {
    /// Each thing that is known, with its standard error clustered by history, its 95 % interval and the number of histories.
    #[must_use]
    pub fn facts(&self) -> Vec<(Onset, Clustered)> {
        Onset::ALL.into_iter().map(|onset| (onset, self.rate_of(|history| self.term(onset, history)))).collect()
    }

    /// Relative frequency of onset after one onset in five years and after none.
    #[must_use]
    pub fn breeding(&self) -> Estimate {
        let terms = |after: u8| self.histories.iter().map(|history| self.term(Onset::After(after), history)).collect::<Vec<_>>();
        crate::intervals::rate_ratio(&terms(1), &terms(0))
    }

    fn rate_of(&self, term: impl Fn(&History) -> Term) -> Clustered {
        let terms: Vec<Term> = self.histories.iter().map(term).collect();
        let found = rate(&terms);
        let n = terms.len() as f64;
        let lower: f64 = terms.iter().map(|term| term.denominator).sum();
        let ratio = found.estimate.unwrap_or(f64::NAN);
        let squares: f64 = terms.iter().map(|term| (term.numerator - ratio * term.denominator).powi(2)).sum();
        Clustered { found, error: (squares * n / (n - 1.0)).sqrt() / lower }
    }

    /// Onsets over pairs and years of one history.
    fn term(&self, onset: Onset, history: &History) -> Term {
        if onset == Onset::Force {
            let used = history.force.iter().filter(|used| **used).count() as f64;
            return Term { numerator: used, denominator: history.force.len() as f64 };
        }
        let mut term = Term { numerator: 0.0, denominator: 0.0 };
        for (pair, years) in self.pairs.iter().zip(&history.onsets) {
            for (_, began) in years.iter().enumerate().filter(|(year, _)| counts(onset, pair, years, *year)) {
                term.numerator += f64::from(u8::from(*began));
                term.denominator += 1.0;
            }
        }
        term
    }
}

/// Whether a year of a pair counts for a fact.
fn counts(onset: Onset, pair: &Pair, years: &[bool], year: usize) -> bool {
    let (near, both) = (pair.land_neighbours, pair.great_powers == 2);
    match onset {
        Onset::LandNeighbours => near,
        Onset::GreatNeighbours => near && both,
        Onset::GreatPowers => both,
        Onset::SmallNeighbours => near && pair.great_powers == 0,
        Onset::Far => pair.far && !both,
        Onset::Allies => pair.allied.get(year).copied().unwrap_or(false),
        Onset::Force => false,
        Onset::After(wanted) => {
            let earlier = || years[year - MEMORY..year].iter().filter(|began| **began).count().min(3);
            (near || both) && year >= MEMORY && earlier() == usize::from(wanted)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(land_neighbours: bool, great_powers: u8) -> Pair {
        Pair { land_neighbours, far: !land_neighbours, great_powers, allied: Vec::new() }
    }

    fn years(onsets: &[usize], years: usize) -> Vec<bool> {
        (0..years).map(|year| onsets.contains(&year)).collect()
    }

    fn value(dyads: &Dyads, onset: Onset) -> Option<f64> {
        dyads.facts().into_iter().find(|(name, _)| *name == onset).and_then(|(_, found)| found.found.estimate)
    }

    /// Four pairs over ten years with 3, 1, 2 and 0 onsets.
    #[test]
    fn rates_by_hand() {
        let mut ally = pair(false, 1);
        ally.allied = years(&[0, 1, 2, 3, 4], 10);
        let dyads = Dyads {
            pairs: vec![pair(true, 2), pair(true, 0), pair(false, 2), ally],
            histories: vec![History {
                onsets: vec![years(&[0, 4, 9], 10), years(&[5], 10), years(&[1, 2], 10), years(&[2], 10)],
                force: vec![true, true, false, true],
            }],
        };
        for (onset, wanted) in [
            (Onset::LandNeighbours, 4.0 / 20.0),
            (Onset::GreatNeighbours, 3.0 / 10.0),
            (Onset::GreatPowers, 5.0 / 20.0),
            (Onset::SmallNeighbours, 1.0 / 10.0),
            (Onset::Far, 1.0 / 10.0),
            (Onset::Allies, 1.0 / 5.0),
            (Onset::Force, 3.0 / 4.0),
        ] {
            assert_eq!(value(&dyads, onset), Some(wanted), "{}", onset.label());
        }
        // Of the years 5 to 9. First pair: two onsets in 0–4, then one (that of year 4) in each of 1–5 to 4–8; one onset, in year 9.
        // Second: none before year 5, which has one, then one in each. Third: two in 0–4 and 1–5, one in 2–6, none after.
        assert_eq!(value(&dyads, Onset::After(0)), Some(1.0 / 3.0));
        assert_eq!(value(&dyads, Onset::After(1)), Some(1.0 / 9.0));
        assert_eq!(value(&dyads, Onset::After(2)), Some(0.0));
        assert_eq!(value(&dyads, Onset::After(3)), None, "no year follows three onsets");
        assert!((dyads.breeding().estimate.expect("a ratio") - 1.0 / 3.0).abs() < 1e-12);
    }

    /// Two histories with rates .1 and .3: mean .2, and their spread gives a standard error of .1.
    #[test]
    fn errors_are_clustered_by_history() {
        let history = |onsets: &[usize]| History { onsets: vec![years(onsets, 10)], force: Vec::new() };
        let dyads = Dyads { pairs: vec![pair(true, 1)], histories: vec![history(&[1]), history(&[1, 2, 3])] };
        let (_, found) = &dyads.facts()[0];
        assert_eq!(found.found.estimate, Some(0.2));
        assert!((found.error - 0.1).abs() < 1e-12, "{}", found.error);
    }
}
