//! How well a forecast ranks: curves of hits and false alarms, of precision and recall, and the areas under them. Rows whose chances are
//! equal count as one: their order says nothing.

/// Points of a curve that is kept: at 0, 1/50, …, 1.
pub(crate) const POINTS: usize = 51;

/// Area under the curve of hits and false alarms that a forecaster has who knows every chance: it follows from the chances alone.
#[must_use]
pub fn area_of_known_chances(chances: &[f64]) -> f64 {
    let (mut above, mut all) = (0.0, 0.0);
    for one in chances {
        for other in chances {
            let weight = one * (1.0 - other);
            all += weight;
            above += weight * f64::midpoint(f64::from(u8::from(one > other)), f64::from(u8::from(one >= other)));
        }
    }
    above / all
}

/// How a forecast ranks the rows of one year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ranking {
    /// Area under the curve of hits and false alarms: the chance that a row with an event stands above one without, ties counting half.
    pub(crate) area: f64,
    /// Average precision: the precision at the rank of each event, ties taken together.
    pub(crate) average_precision: f64,
    /// Share of events that stand above, by share of the others that do.
    pub(crate) hits: Vec<f64>,
    /// Precision by recall.
    pub(crate) precision: Vec<f64>,
}

impl Ranking {
    /// Of rows with a chance and what came; `None` without an event or with nothing else.
    pub(crate) fn of(rows: &[(f64, bool)]) -> Option<Self> {
        let events = rows.iter().filter(|(_, came)| *came).count() as f64;
        let others = rows.len() as f64 - events;
        if events == 0.0 || others == 0.0 {
            return None;
        }
        let mut sorted: Vec<(f64, bool)> = rows.to_vec();
        sorted.sort_by(|one, other| other.0.total_cmp(&one.0));
        // After each block of equal chances: events and others at or above it.
        let mut blocks: Vec<(f64, f64)> = vec![(0.0, 0.0)];
        for block in sorted.chunk_by(|one, other| one.0 == other.0) {
            let own = block.iter().filter(|(_, came)| *came).count() as f64;
            let (hits, alarms) = blocks[blocks.len() - 1];
            blocks.push((hits + own, alarms + block.len() as f64 - own));
        }
        let (mut area, mut average_precision) = (0.0, 0.0);
        for pair in blocks.windows(2) {
            let ((hits, alarms), (more_hits, more_alarms)) = (pair[0], pair[1]);
            area += (more_alarms - alarms) * (hits + more_hits) / 2.0;
            average_precision += (more_hits - hits) * more_hits / (more_hits + more_alarms);
        }
        let point = |position: usize| position as f64 / (POINTS - 1) as f64;
        let hits = (0..POINTS).map(|position| along(&blocks, point(position) * others) / events).collect();
        let precision = (0..POINTS).map(|position| {
            let wanted = (point(position) * events).max(1.0);
            let block = blocks.iter().find(|(hits, _)| *hits >= wanted - 1e-9);
            block.map_or(0.0, |(hits, alarms)| hits / (hits + alarms))
        });
        Some(Self {
            area: area / (events * others),
            average_precision: average_precision / events,
            hits,
            precision: precision.collect(),
        })
    }
}

/// Hits at a number of false alarms, along the line through the blocks.
fn along(blocks: &[(f64, f64)], alarms: f64) -> f64 {
    let after = blocks.partition_point(|(_, own)| *own <= alarms);
    let Some((more_hits, more)) = blocks.get(after) else { return blocks.last().map_or(0.0, |(hits, _)| *hits) };
    let (hits, own) = blocks[after - 1];
    hits + (more_hits - hits) * (alarms - own) / (more - own)
}

/// Places of values in their order, from 1, equal values sharing the mean of theirs.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &other| values[one].total_cmp(&values[other]));
    let mut ranks = vec![0.0; values.len()];
    let mut place = 0.0;
    for block in order.chunk_by(|&one, &other| values[one] == values[other]) {
        let mean = place + f64::midpoint(block.len() as f64, 1.0);
        for &position in block {
            ranks[position] = mean;
        }
        place += block.len() as f64;
    }
    ranks
}

/// Spearman's rank correlation; `None` below three pairs or where one side is all alike.
pub(crate) fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let one = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let other = ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>());
    let middle = f64::midpoint(pairs.len() as f64, 1.0);
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (one, other) in one.iter().zip(&other) {
        both += (one - middle) * (other - middle);
        first += (one - middle) * (one - middle);
        second += (other - middle) * (other - middle);
    }
    let size = (first * second).sqrt();
    (size > 0.0).then(|| both / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_those_of_counting() {
        // Above: event, other, event, then three others that tie with an event.
        let rows = [(0.9, true), (0.8, false), (0.7, true), (0.2, true), (0.2, false), (0.2, false), (0.2, false)];
        let found = Ranking::of(&rows).expect("events and others");
        // Pairs of event and other: 4 + 3 + (0 + 1.5) of 12.
        assert!((found.area - 8.5 / 12.0).abs() < 1e-12, "{found:?}");
        // Precision at the events: 1, 2/3, and 3/7 for the block.
        assert!((found.average_precision - (1.0 + 2.0 / 3.0 + 3.0 / 7.0) / 3.0).abs() < 1e-12);
        assert!((found.hits[0] - 1.0 / 3.0).abs() < 1e-12 && (found.hits[POINTS - 1] - 1.0).abs() < 1e-12);
        assert!((found.precision[0] - 1.0).abs() < 1e-12 && (found.precision[POINTS - 1] - 3.0 / 7.0).abs() < 1e-12);
        // The mean of the curve is the area under it.
        let mean = found.hits.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).fold(0.0, |sum, x| sum + x) / 50.0;
        assert!((mean - found.area).abs() < 0.02, "{mean}");
        assert_eq!(Ranking::of(&[(0.5, true)]), None);
        let blind = Ranking::of(&[(0.1, true), (0.1, false), (0.1, false)]).expect("both");
        assert!((blind.area - 0.5).abs() < 1e-12 && (blind.average_precision - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn rank_correlations_know_ties() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(rank_correlation(&[(1.0, 10.0), (2.0, 20.0), (3.0, 400.0)]), Some(1.0));
        assert_eq!(rank_correlation(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]), Some(-1.0));
        assert_eq!(rank_correlation(&[(1.0, 3.0), (1.0, 2.0), (1.0, 1.0)]), None);
        assert_eq!(rank_correlation(&[(1.0, 3.0), (2.0, 2.0)]), None);
    }
}
