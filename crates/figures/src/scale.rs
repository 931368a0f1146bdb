//! Round axis limits and steps, by arithmetic alone so that every platform rounds alike.

/// A numeric axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// First and last value.
    pub(crate) range: (f64, f64),
    /// Distance between ticks.
    pub(crate) step: f64,
}

/// Smallest of 1, 2, 2.5, 5 × 10^k that is at least `least`; 1 where that is no positive number.
pub(crate) fn round_step(least: f64) -> f64 {
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    let mut power = 1.0;
    while power * 10.0 <= least {
        power *= 10.0;
    }
    while power > least {
        power /= 10.0;
    }
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * (1.0 - 1e-12))
        .unwrap_or(10.0 * power)
}

impl Scale {
    /// From a round number below the values to a round number above them, with about `ticks` steps; values that are not finite are ignored.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, ticks: usize) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if high - low <= 1e-9 * high.abs().max(low.abs()) {
            let margin = if high == 0.0 { 1.0 } else { high.abs() * 0.5 };
            if low != 0.0 || high == 0.0 {
                high += margin;
            }
            if low != 0.0 {
                low -= margin;
            }
        }
        // Of some steps near the desired number, the one whose round limits waste the least space.
        let limits = |step: f64| ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        let mut best: Option<(f64, f64)> = None;
        for count in ticks.max(1)..=ticks.max(1) + 2 {
            let step = round_step((high - low) / count as f64);
            let (first, last) = limits(step);
            let span = (last - first) * step;
            if best.is_none_or(|(shortest, _)| span < shortest * (1.0 - 1e-9)) {
                best = Some((span, step));
            }
        }
        let step = best.map_or(1.0, |(_, step)| step);
        let (first, last) = limits(step);
        Self { range: (first * step, last * step), step }
    }

    /// From zero to a round number above the values.
    pub(crate) fn from_zero(values: impl IntoIterator<Item = f64>, ticks: usize) -> Self {
        Self::around(values.into_iter().chain([0.0]), ticks)
    }

    /// Exactly this range, with about `ticks` round steps.
    pub(crate) fn exactly(range: (f64, f64), ticks: usize) -> Self {
        let range = if range.1 > range.0 { range } else { (range.0, range.0 + 1.0) };
        Self { range, step: round_step((range.1 - range.0) / ticks.max(1) as f64) }
    }
}

/// Round numbers within a range of positive numbers, for an axis on which equal steps are equal ratios: at most `most`, as many as
/// possible. Ranges of several decades have powers of ten, shorter ones more digits, the shortest a round step.
pub(crate) fn ratio_ticks((low, high): (f64, f64), most: usize) -> Vec<f64> {
    const DIGITS: [&[f64]; 5] =
        [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], &[1.0, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
    let slack = 1e-9;
    let within = |value: &f64| *value >= low * (1.0 - slack) && *value <= high * (1.0 + slack);
    if high < 2.0 * low {
        let step = round_step((high - low) / most.max(1) as f64);
        let first = (low / step - slack).ceil();
        return (0..=most).map(|position| (first + position as f64) * step).filter(within).collect();
    }
    let powers = |every: usize| (-12..=12).step_by(every).map(|power: i32| libm::exp10(f64::from(power)));
    let of = |digits: &[f64]| {
        let all = powers(1).flat_map(|power| digits.iter().map(move |digit| digit * power));
        all.filter(within).collect::<Vec<f64>>()
    };
    let fitting = DIGITS.iter().map(|digits| of(digits)).find(|ticks| ticks.len() <= most);
    fitting.unwrap_or_else(|| {
        let sparse = (2..=24).map(|every| powers(every).filter(within).collect::<Vec<f64>>());
        sparse.into_iter().find(|ticks| ticks.len() <= most).unwrap_or_default()
    })
}

/// Moves positions apart until neighbours are `gap` apart, in order, near their desired places and within `low..=high` if they fit.
pub(crate) fn spread(wished: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wished.len()).collect();
    order.sort_by(|&a, &b| wished[a].total_cmp(&wished[b]).then(a.cmp(&b)));
    // Clusters of labels that touch, each centred on the mean of its desired places: pool adjacent violators.
    let mut clusters: Vec<(f64, usize)> = Vec::new();
    for &item in &order {
        let mut cluster = (wished[item].clamp(low, high.max(low)), 1);
        while let Some(&(centre, size)) = clusters.last() {
            if centre + gap * (size as f64 + f64::from(u32::try_from(cluster.1).unwrap_or(u32::MAX))) / 2.0 <= cluster.0 {
                break;
            }
            clusters.pop();
            let total = size + cluster.1;
            let mean = (centre * size as f64 + cluster.0 * cluster.1 as f64) / total as f64;
            let half = gap * (total - 1) as f64 / 2.0;
            cluster = (if 2.0 * half > high - low { mean } else { mean.clamp(low + half, high - half) }, total);
        }
        clusters.push(cluster);
    }
    let mut placed = vec![0.0; wished.len()];
    let mut next = order.into_iter();
    for (centre, size) in clusters {
        for position in 0..size {
            if let Some(item) = next.next() {
                placed[item] = centre + gap * (position as f64 - (size - 1) as f64 / 2.0);
            }
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_round_and_hold_the_values() {
        for (values, range, step) in [
            (vec![0.0, 9.7], (0.0, 10.0), 2.0),
            (vec![3.2, 3.9], (3.2, 3.9), 0.1),
            (vec![-0.013, 0.041], (-0.02, 0.05), 0.01),
            (vec![0.0, 11.2], (0.0, 12.0), 2.0),
            (vec![f64::NAN], (0.0, 1.0), 0.2),
            (vec![7.0], (3.0, 11.0), 1.0),
        ] {
            let scale = Scale::around(values.clone(), 5);
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(
                near(scale.range.0, range.0) && near(scale.range.1, range.1) && near(scale.step, step),
                "{values:?} gave {scale:?}"
            );
        }
        assert_eq!(Scale::from_zero([0.0], 4), Scale { range: (0.0, 1.0), step: 0.25 });
    }

    #[test]
    fn ticks_of_ratios_are_round_and_few() {
        for (range, most, wanted) in [
            ((0.01, 0.3), 5, vec![0.01, 0.02, 0.05, 0.1, 0.2]),
            ((0.25, 4.0), 5, vec![0.5, 1.0, 2.0]),
            ((1.0, 3.0), 5, vec![1.0, 1.5, 2.0, 3.0]),
            ((0.002, 0.1), 5, vec![0.003, 0.01, 0.03, 0.1]),
            ((1e-6, 1e6), 5, vec![1e-6, 1e-3, 1.0, 1e3, 1e6]),
            ((0.8, 1.2), 5, vec![0.8, 0.9, 1.0, 1.1, 1.2]),
        ] {
            let found = ratio_ticks(range, most);
            let near = found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| (a / b - 1.0).abs() < 1e-9);
            assert!(near, "{range:?} gave {found:?}, not {wanted:?}");
        }
    }

    #[test]
    fn labels_move_apart_and_stay_inside() {
        let placed = spread(&[50.0, 52.0, 51.0, 0.0, 100.0], 10.0, 0.0, 100.0);
        assert_eq!(placed, [41.0, 61.0, 51.0, 0.0, 100.0]);
        let low = spread(&[1.0, 0.0, 2.0], 10.0, 0.0, 100.0);
        assert_eq!(low, [10.0, 0.0, 20.0]);
    }
}
