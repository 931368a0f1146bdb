//! The arithmetic of games: Shapley values and interaction indices from the worth (the value) of every coalition.

/// The Shapley value of each player, from the worth of every coalition by bit mask: `2ⁿ` of them. No player, no value.
///
/// Terms are added in an order such that the reversed game, `v'(S) = v(N − S)`, has the same values with the opposite sign, bit for
/// bit, and a player that changes nothing has exactly zero.
///
/// # Panics
/// If the number of coalitions is not a power of two.
#[must_use]
pub fn shapley(worth: &[f64]) -> Vec<f64> {
    let players = players(worth);
    (0..players)
        .map(|player| {
            let rest = worth.len() / 2;
            let marginal = |others: usize| {
                let without = spread(others, player);
                worth[without | 1 << player] - worth[without]
            };
            let mut sum = 0.0;
            // A set of other players and its complement among them have the same weight.
            for others in 0..rest.div_ceil(2) {
                let mirror = rest - 1 - others;
                let term = if mirror == others { marginal(others) } else { marginal(others) + marginal(mirror) };
                sum += weight(others.count_ones() as usize, players) * term;
            }
            sum
        })
        .collect()
}

/// The Shapley interaction index of each pair of players `(i, j)`, `i < j`, in order, from the worth of every coalition by bit mask.
///
/// # Panics
/// If the number of coalitions is not a power of two.
#[must_use]
pub fn shapley_interactions(worth: &[f64]) -> Vec<((usize, usize), f64)> {
    let players = players(worth);
    let pairs = (0..players).flat_map(|first| (first + 1..players).map(move |second| (first, second)));
    pairs
        .map(|(first, second)| {
            let rest = worth.len() / 4;
            let both = |others: usize| {
                let none = spread(spread(others, first), second);
                let (i, j) = (1 << first, 1 << second);
                (worth[none | i | j] - worth[none | i]) - (worth[none | j] - worth[none])
            };
            let sum = (0..rest).fold(0.0, |sum, others| {
                // Two players fewer among the others, one fewer in the factorials: the weight of a game with one player less.
                sum + weight(others.count_ones() as usize, players - 1) * both(others)
            });
            ((first, second), sum)
        })
        .collect()
}

/// Number of players of a game with this number of coalitions.
fn players(worth: &[f64]) -> usize {
    assert!(worth.len().is_power_of_two(), "a game has 2ⁿ coalitions, not {}", worth.len());
    worth.len().trailing_zeros() as usize
}

/// The mask with a zero put in at a position.
fn spread(mask: usize, position: usize) -> usize {
    let below = mask & ((1 << position) - 1);
    (mask - below) << 1 | below
}

/// `s! (n−s−1)! / n!`: one over n times the number of sets of s among n − 1.
fn weight(size: usize, players: usize) -> f64 {
    let chosen = (0..size).fold(1.0, |chosen, k| chosen * (players - 1 - k) as f64 / (k + 1) as f64);
    1.0 / (players as f64 * chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spiral_kernel::draws::philox4x32;

    /// The worth of every coalition of so many players.
    fn game(players: u32, worth: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..1 << players).map(worth).collect()
    }

    /// A game without a pattern.
    fn any_game(players: u32, number: u32) -> Vec<f64> {
        game(players, |coalition| f64::from(philox4x32([coalition as u32, number, 0, 9], [1, 0])[0]) / 4_294_967_296.0)
    }

    #[track_caller]
    fn assert_close(found: &[f64], wanted: &[f64], what: &str) {
        assert_eq!(found.len(), wanted.len(), "{what}");
        for (position, (found, wanted)) in found.iter().zip(wanted).enumerate() {
            assert!((found - wanted).abs() < 1e-12, "{what}: player {position} has {found}, not {wanted}");
        }
    }

    #[test]
    fn in_an_additive_game_each_has_what_it_brings() {
        let brings = [3.0, -1.5, 0.25, 0.0, 7.0];
        let worth = game(5, |coalition| (0..5).filter(|i| coalition >> i & 1 == 1).map(|i| brings[i]).sum::<f64>() - 2.0);
        assert_close(&shapley(&worth), &brings, "shares");
        for (pair, index) in shapley_interactions(&worth) {
            assert!(index.abs() < 1e-12, "nobody does anything together: {pair:?} {index}");
        }
    }

    /// Two left gloves and one right one, worth one a pair: 1/6, 1/6, 2/3 (Shapley and Shubik 1969).
    #[test]
    fn in_the_glove_game_the_right_glove_has_two_thirds() {
        let worth = game(3, |coalition| f64::from(u8::from(coalition & 0b100 != 0 && coalition & 0b011 != 0)));
        assert_close(&shapley(&worth), &[1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0], "gloves");
    }

    /// The game that is worth one to all who hold every member of T: 1/t to each, and 1/(t−1) to each pair of them (Grabisch and
    /// Roubens 1999).
    #[test]
    fn in_a_unanimity_game_members_share_alike() {
        for members in [0b1_usize, 0b110, 0b10101, 0b11111] {
            let t = f64::from(members.count_ones());
            let worth = game(5, |coalition| f64::from(u8::from(coalition & members == members)));
            let wanted: Vec<f64> = (0..5).map(|i| if members >> i & 1 == 1 { 1.0 / t } else { 0.0 }).collect();
            assert_close(&shapley(&worth), &wanted, "shares");
            for ((first, second), index) in shapley_interactions(&worth) {
                let both = members >> first & 1 == 1 && members >> second & 1 == 1;
                let wanted = if both { 1.0 / (t - 1.0) } else { 0.0 };
                assert!((index - wanted).abs() < 1e-12, "T = {members:b}, {first} and {second}: {index}, not {wanted}");
            }
        }
    }

    /// The definition: what a player adds to those before it, on average over all orders of arrival.
    #[test]
    fn shares_are_the_mean_over_all_orders_of_arrival() {
        fn arrive(worth: &[f64], here: usize, sums: &mut [f64], orders: &mut f64, added: &mut Vec<(usize, f64)>) {
            if added.len() == sums.len() {
                *orders += 1.0;
                for (player, more) in added.iter() {
                    sums[*player] += more;
                }
                return;
            }
            for player in (0..sums.len()).filter(|player| here >> player & 1 == 0) {
                let with = here | 1 << player;
                added.push((player, worth[with] - worth[here]));
                arrive(worth, with, sums, orders, added);
                added.pop();
            }
        }
        for number in 0..4 {
            let worth = any_game(6, number);
            let (mut sums, mut orders) = (vec![0.0; 6], 0.0);
            arrive(&worth, 0, &mut sums, &mut orders, &mut Vec::new());
            let wanted: Vec<f64> = sums.iter().map(|sum| sum / orders).collect();
            assert!((orders - 720.0).abs() < 0.5, "6! orders, {orders}");
            assert_close(&shapley(&worth), &wanted, "mean over orders");
        }
    }

    #[test]
    fn shares_add_up_and_the_other_side_sees_the_other_sign() {
        for (players, number) in [(1, 0), (2, 1), (3, 2), (8, 3), (8, 4), (10, 5)] {
            let worth = any_game(players, number);
            let shares = shapley(&worth);
            let (sum, total) = (shares.iter().sum::<f64>(), worth[worth.len() - 1] - worth[0]);
            assert!((sum - total).abs() < 1e-12, "{players} players: shares make {sum}, the difference is {total}");
            let mirrored: Vec<f64> = worth.iter().rev().copied().collect();
            let back: Vec<f64> = shapley(&mirrored).iter().map(|share| -share).collect();
            assert_eq!(shares, back, "to the last bit");
        }
        assert!(shapley(&[0.5]).is_empty() && shapley_interactions(&[0.5]).is_empty());
    }

    #[test]
    #[should_panic(expected = "a game has 2ⁿ coalitions, not 3")]
    fn a_game_has_a_worth_for_every_coalition() {
        let _ = shapley(&[0.0, 1.0, 2.0]);
    }

    #[test]
    fn who_changes_nothing_has_exactly_nothing_and_equals_have_the_same() {
        // Player 1 changes nothing; 0 and 2 do the same; all in a game without another pattern.
        let base = any_game(8, 7);
        let alike = |coalition: usize| {
            let (rest, few) = (coalition >> 3, (coalition & 1) + (coalition >> 2 & 1));
            base[rest << 2 | few]
        };
        let worth = game(6, alike);
        let shares = shapley(&worth);
        assert_eq!(shares[1], 0.0);
        assert!((shares[0] - shares[2]).abs() < 1e-15, "{} and {}", shares[0], shares[2]);
        for ((first, second), index) in shapley_interactions(&worth) {
            assert!(first != 1 && second != 1 || index == 0.0, "{first} and {second}: {index}");
        }
    }
}
