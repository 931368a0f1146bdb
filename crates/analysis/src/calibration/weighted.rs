//! Samples with weights: means, quantiles, covariance, effective size.

/// Sum of weighted values over the sum of weights.
pub(super) fn mean(values: &[f64], weights: &[f64]) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (value, weight) in values.iter().zip(weights) {
        sum += weight * value;
        all += weight;
    }
    sum / all
}

/// A quantile: values are in order, each in the middle of its weight, with straight lines between them. NaN of nothing.
///
/// With equal weights this is type 5 of Hyndman and Fan (1996). The quantiles of samples without weights elsewhere are type 7
/// ([`crate::intervals::point_quantile`]), which has no equivalent with weights: both put the median of an odd number at the middle value.
pub(super) fn quantile(values: &[f64], weights: &[f64], p: f64) -> f64 {
    let mut pairs: Vec<(f64, f64)> =
        values.iter().copied().zip(weights.iter().copied()).filter(|(_, weight)| *weight > 0.0).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = pairs.iter().fold(0.0, |sum, pair| sum + pair.1);
    let mut before = 0.0;
    let mut last: Option<(f64, f64)> = None;
    for (value, weight) in pairs {
        let middle = (before + 0.5 * weight) / all;
        if middle >= p {
            return match last {
                Some((place, low)) if middle > place => low + (value - low) * ((p - place) / (middle - place)),
                _ => value,
            };
        }
        last = Some((middle, value));
        before += weight;
    }
    last.map_or(f64::NAN, |(_, value)| value)
}

/// Covariance of places of `n` numbers, row by row. NaN of no place.
pub(super) fn covariance(places: &[&[f64]], weights: &[f64], n: usize) -> Vec<f64> {
    let means: Vec<f64> = (0..n).map(|k| mean(&places.iter().map(|place| place[k]).collect::<Vec<f64>>(), weights)).collect();
    let all = weights.iter().fold(0.0, |sum, weight| sum + weight);
    let mut covariance = vec![if places.is_empty() { f64::NAN } else { 0.0 }; n * n];
    for (place, weight) in places.iter().zip(weights) {
        for row in 0..n {
            for column in 0..n {
                covariance[row * n + column] += weight / all * (place[row] - means[row]) * (place[column] - means[column]);
            }
        }
    }
    covariance
}

/// Correlations of a covariance; NaN where a number does not vary.
pub(super) fn correlations(covariance: &[f64], n: usize) -> Vec<Vec<f64>> {
    let sd = |k: usize| covariance[k * n + k].sqrt();
    (0..n).map(|row| (0..n).map(|column| covariance[row * n + column] / (sd(row) * sd(column))).collect()).collect()
}

/// Effective sample size, the number of equally weighted places with the same precision: `(Σw)² / Σw²` (Kish 1965).
pub(super) fn effective_size(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    sum * sum / squares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_are_no_weights() {
        let values = [3.0, 1.0, 2.0, 5.0, 4.0];
        let ones = [0.2; 5];
        assert!((mean(&values, &ones) - 3.0).abs() < 1e-15);
        assert_eq!(quantile(&values, &ones, 0.5), 3.0);
        assert_eq!([quantile(&values, &ones, 0.0), quantile(&values, &ones, 1.0)], [1.0, 5.0]);
        assert!((effective_size(&ones) - 5.0).abs() < 1e-12);
        assert!(quantile(&[], &[], 0.5).is_nan());
    }

    #[test]
    fn weight_pulls() {
        assert_eq!(mean(&[0.0, 1.0], &[1.0, 3.0]), 0.75);
        assert_eq!(quantile(&[0.0, 1.0, 9.0], &[1.0, 1.0, 0.0], 1.0), 1.0, "what has no weight is not there");
        let covariance = covariance(&[&[0.0, 0.0], &[2.0, 4.0]], &[0.5, 0.5], 2);
        assert!(super::covariance(&[], &[], 2).iter().all(|entry| entry.is_nan()), "nothing varies in nothing");
        assert_eq!(covariance, [1.0, 2.0, 2.0, 4.0]);
        assert_eq!(correlations(&covariance, 2)[0], [1.0, 1.0]);
        assert!((effective_size(&[1.0, 0.0, 0.0]) - 1.0).abs() < 1e-15);
    }
}
