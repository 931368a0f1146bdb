//! Sobol' points with the direction numbers of Joe and Kuo (2008), scrambled.
//!
//! The scrambling is Matoušek's random linear one with a digital shift (J. Matoušek 1998, "On the L2-discrepancy for anchored
//! boxes", Journal of Complexity 14, 527-556): every coordinate is uniform, and the stratification of the sequence stays. Its
//! random bits are keyed by seed and factor, so one more factor changes none of the others.

use spiral_kernel::draws::philox4x32;

use super::SCRAMBLING;

/// Joe and Kuo's table.
const TABLE: &str = include_str!("joe-kuo-6.1000.txt");
/// Bits of a coordinate.
const BITS: usize = 32;
/// Dimensions of the table.
pub(crate) const MOST_DIMENSIONS: usize = 1000;

/// Direction integers of one dimension: the first bit is the highest of each.
type Directions = [u32; BITS];

/// Direction integers of the dimension at a position, from 0; `None` past the end of the table.
pub(crate) fn directions(dimension: usize) -> Option<Directions> {
    if dimension == 0 {
        return Some(std::array::from_fn(|bit| 1 << (BITS - 1 - bit)));
    }
    let line = TABLE.lines().filter(|line| !line.starts_with('#')).nth(dimension - 1)?;
    let mut numbers = line.split(' ').skip(1).map(|number| number.parse::<u32>().ok());
    let (degree, coefficients) = (numbers.next()?? as usize, numbers.next()??);
    let initial: Vec<u32> = numbers.collect::<Option<_>>()?;
    let mut v = [0; BITS];
    for bit in 0..BITS {
        v[bit] = match initial.get(bit) {
            Some(m) => m << (BITS - 1 - bit),
            None => (1..degree).fold(v[bit - degree] ^ (v[bit - degree] >> degree), |sum, k| {
                sum ^ (((coefficients >> (degree - 1 - k)) & 1) * v[bit - k])
            }),
        };
    }
    Some(v)
}

/// The integer of a point in the order of Gray's code, as `scipy.stats.qmc.Sobol` gives them.
fn integer(directions: &Directions, index: u32) -> u32 {
    let gray = index ^ (index >> 1);
    (0..BITS).filter(|bit| gray >> bit & 1 == 1).fold(0, |sum, bit| sum ^ directions[bit])
}

/// One coordinate of the scrambled points.
pub(crate) struct Coordinate {
    directions: Directions,
    shift: u32,
}

impl Coordinate {
    /// The coordinate of a dimension, scrambled by a seed and the number of a factor; `None` past the end of the table.
    pub(crate) fn new(dimension: usize, seed: u64, factor: u32) -> Option<Self> {
        let plain = directions(dimension)?;
        let word = |position: u32| {
            philox4x32([position, dimension as u32 & 1, factor, SCRAMBLING], [seed as u32, (seed >> 32) as u32])[0]
        };
        // Row r of the matrix gives bit r of the result, from the highest: ones on the diagonal, random bits before it.
        let rows: [u32; BITS] = std::array::from_fn(|row| {
            let diagonal = 1_u32 << (BITS - 1 - row);
            let before = !(diagonal | (diagonal - 1));
            (word(row as u32) & before) | diagonal
        });
        let times = |v: u32| (0..BITS).fold(0, |sum, row| sum | (((rows[row] & v).count_ones() & 1) << (BITS - 1 - row)));
        Some(Self { directions: plain.map(times), shift: word(BITS as u32) })
    }

    /// The coordinate of point `index`: the middle of its cell of 2⁻³².
    pub(crate) fn at(&self, index: u32) -> f64 {
        (f64::from(integer(&self.directions, index) ^ self.shift) + 0.5) / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.qmc.Sobol(d=1000, scramble=False).random(n)`, scipy 1.17.1.
    #[test]
    fn points_are_those_of_scipy() {
        let plain = |dimension: usize, index: u32| {
            let directions = directions(dimension).expect("a dimension of the table");
            f64::from(integer(&directions, index)) / 4_294_967_296.0
        };
        for (dimension, index, wanted) in SCIPY {
            assert_eq!(plain(*dimension, *index), *wanted, "dimension {dimension}, point {index}");
        }
        assert!(directions(MOST_DIMENSIONS).is_none() && directions(MOST_DIMENSIONS - 1).is_some());
    }

    const SCIPY: &[(usize, u32, f64)] = &[
        (0, 1, 0.5),
        (0, 2, 0.75),
        (0, 3, 0.25),
        (0, 5, 0.875),
        (0, 100, 0.4140625),
        (0, 1023, 0.0009765625),
        (1, 1, 0.5),
        (1, 2, 0.25),
        (1, 3, 0.75),
        (1, 5, 0.875),
        (1, 100, 0.2578125),
        (1, 1023, 0.7529296875),
        (2, 1, 0.5),
        (2, 2, 0.25),
        (2, 3, 0.75),
        (2, 5, 0.125),
        (2, 100, 0.7734375),
        (2, 1023, 0.6123046875),
        (3, 1, 0.5),
        (3, 2, 0.25),
        (3, 3, 0.75),
        (3, 5, 0.375),
        (3, 100, 0.7265625),
        (3, 1023, 0.1455078125),
        (4, 1, 0.5),
        (4, 2, 0.75),
        (4, 3, 0.25),
        (4, 5, 0.875),
        (4, 100, 0.8828125),
        (4, 1023, 0.1865234375),
        (9, 1, 0.5),
        (9, 2, 0.75),
        (9, 3, 0.25),
        (9, 5, 0.125),
        (9, 100, 0.6953125),
        (9, 1023, 0.8505859375),
        (49, 1, 0.5),
        (49, 2, 0.75),
        (49, 3, 0.25),
        (49, 5, 0.875),
        (49, 100, 0.6640625),
        (49, 1023, 0.8232421875),
        (199, 1, 0.5),
        (199, 2, 0.25),
        (199, 3, 0.75),
        (199, 5, 0.375),
        (199, 100, 0.1328125),
        (199, 1023, 0.1865234375),
        (499, 1, 0.5),
        (499, 2, 0.25),
        (499, 3, 0.75),
        (499, 5, 0.125),
        (499, 100, 0.4921875),
        (499, 1023, 0.4736328125),
        (999, 1, 0.5),
        (999, 2, 0.75),
        (999, 3, 0.25),
        (999, 5, 0.625),
        (999, 100, 0.9140625),
        (999, 1023, 0.8564453125),
    ];

    #[test]
    fn scrambled_points_keep_their_stratification() {
        // Each of the 2^k slices of a coordinate holds one of 2^k points; in the first two dimensions, a (0, 2)-sequence, so does
        // every rectangle of area 2^-k.
        let (first, second) = (Coordinate::new(0, 7, 11).expect("a dimension"), Coordinate::new(1, 7, 12).expect("a dimension"));
        for k in 1..=10_u32 {
            for split in 0..=k {
                let (columns, rows) = (1_u32 << split, 1_u32 << (k - split));
                let mut count = vec![0; 1 << k];
                for index in 0..1 << k {
                    let cell = (first.at(index) * f64::from(columns)) as u32 * rows + (second.at(index) * f64::from(rows)) as u32;
                    count[cell as usize] += 1;
                }
                assert!(count.iter().all(|count| *count == 1), "2^{k} points in {columns} × {rows} cells");
            }
        }
        for dimension in [2, 3, 500, 999] {
            let coordinate = Coordinate::new(dimension, 3, 5).expect("a dimension");
            let mut seen = vec![false; 1024];
            (0..1024).for_each(|index| seen[(coordinate.at(index) * 1024.0) as usize] = true);
            assert!(seen.iter().all(|seen| *seen), "dimension {dimension}");
        }
    }

    #[test]
    fn the_integral_converges_faster_than_chance() {
        // ∏ (1 + c(x − ½)), c = 1, in six dimensions: the mean over the cube is 1. Root mean square of 32 scrambles.
        let error = |points: u32| {
            let mut squares = 0.0;
            for seed in 0..32 {
                let axes: Vec<Coordinate> = (0..6).map(|d| Coordinate::new(d, seed, d as u32).expect("a dimension")).collect();
                let product = |index| axes.iter().fold(1.0, |product, axis| product * (0.5 + axis.at(index)));
                let mean = (0..points).map(product).sum::<f64>() / f64::from(points);
                squares += (mean - 1.0) * (mean - 1.0);
            }
            (squares / 32.0).sqrt()
        };
        // A random sample of n has √(((13/12)^6 − 1)/n): 0.0123 at 4096.
        let (few, many) = (error(256), error(4096));
        assert!(many < 0.0123 / 10.0, "{many} at 4096 points");
        assert!(few / many > 8.0, "error {few} at 256 and {many} at 4096 points: slower than 1/n^0.75");
    }
}
