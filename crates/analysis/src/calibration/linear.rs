//! Small dense matrices in plain arithmetic, so that results are bit-identical on every machine. Matrices are stored row by row.

/// Eigenvalues and eigenvectors of a symmetric matrix of `n` rows by cyclic Jacobi rotations (Golub and Van Loan 2013, "Matrix
/// Computations", 8.5). Column `k` of the second result, `vectors[row * n + k]`, belongs to value `k`.
pub(super) fn symmetric_eigen(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    /// Six sweeps are usual for ten rows.
    const MOST_SWEEPS: usize = 60;
    let mut a = matrix.to_vec();
    let mut v = identity(n);
    for _ in 0..MOST_SWEEPS {
        let (mut off, mut all) = (0.0, 0.0);
        for row in 0..n {
            for column in 0..n {
                let square = a[row * n + column] * a[row * n + column];
                all += square;
                off += if row == column { 0.0 } else { square };
            }
        }
        if off <= 1e-30 * all {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                let apq = a[p * n + q];
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let t = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[k * n + p], a[k * n + q]);
                    a[k * n + p] = c * x - s * y;
                    a[k * n + q] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (a[p * n + k], a[q * n + k]);
                    a[p * n + k] = c * x - s * y;
                    a[q * n + k] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (v[k * n + p], v[k * n + q]);
                    v[k * n + p] = c * x - s * y;
                    v[k * n + q] = s * x + c * y;
                }
            }
        }
    }
    ((0..n).map(|k| a[k * n + k]).collect(), v)
}

/// The identity of `n` rows.
pub(super) fn identity(n: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; n * n];
    (0..n).for_each(|k| matrix[k * n + k] = 1.0);
    matrix
}

/// Lower triangular factor of a symmetric positive definite matrix; `None` where it is not.
pub(super) fn cholesky(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut lower = vec![0.0; n * n];
    for row in 0..n {
        for column in 0..=row {
            let mut sum = matrix[row * n + column];
            for k in 0..column {
                sum -= lower[row * n + k] * lower[column * n + k];
            }
            if row == column {
                if sum.is_nan() || sum <= 0.0 {
                    return None;
                }
                lower[row * n + row] = sum.sqrt();
            } else {
                lower[row * n + column] = sum / lower[column * n + column];
            }
        }
    }
    Some(lower)
}

/// `x` with `L x = b`, for a lower triangular `L`.
pub(super) fn forward(lower: &[f64], n: usize, b: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; n];
    for row in 0..n {
        let mut sum = b[row];
        for k in 0..row {
            sum -= lower[row * n + k] * x[k];
        }
        x[row] = sum / lower[row * n + row];
    }
    x
}

/// `x` with `L Lᵀ x = b`.
pub(super) fn solve(lower: &[f64], n: usize, b: &[f64]) -> Vec<f64> {
    let mut x = forward(lower, n, b);
    for row in (0..n).rev() {
        for k in row + 1..n {
            x[row] -= lower[k * n + row] * x[k];
        }
        x[row] /= lower[row * n + row];
    }
    x
}

/// `L z`.
pub(super) fn times(matrix: &[f64], n: usize, z: &[f64]) -> Vec<f64> {
    (0..n)
        .map(|row| {
            let mut sum = 0.0;
            for (k, z) in z.iter().enumerate() {
                sum += matrix[row * n + k] * z;
            }
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_put_a_matrix_together_again() {
        let a = [4.0, 1.0, -2.0, 0.5, 1.0, 3.0, 0.0, 1.5, -2.0, 0.0, 5.0, -1.0, 0.5, 1.5, -1.0, 2.0];
        let (values, vectors) = symmetric_eigen(&a, 4);
        let mut worst: f64 = 0.0;
        for row in 0..4 {
            for column in 0..4 {
                let sum: f64 = (0..4).map(|k| vectors[row * 4 + k] * values[k] * vectors[column * 4 + k]).sum();
                worst = worst.max((sum - a[row * 4 + column]).abs());
                let unit: f64 = (0..4).map(|k| vectors[k * 4 + row] * vectors[k * 4 + column]).sum();
                worst = worst.max((unit - f64::from(u8::from(row == column))).abs());
            }
        }
        assert!(worst < 1e-13, "{worst}");
        assert_eq!(symmetric_eigen(&[2.0, 0.0, 0.0, 7.0], 2).0, [2.0, 7.0]);
    }

    #[test]
    fn a_system_is_solved_and_an_indefinite_one_refused() {
        let a = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let lower = cholesky(&a, 3).expect("positive definite");
        let x = [1.0, -2.0, 0.5];
        let found = solve(&lower, 3, &times(&a, 3, &x));
        assert!(found.iter().zip(x).all(|(found, x)| (found - x).abs() < 1e-14), "{found:?}");
        assert_eq!(cholesky(&[1.0, 2.0, 2.0, 1.0], 2), None);
    }
}
