//! Generated networks of states: which states are neighbours, and how far apart.
//!
//! Every network grows: a larger one of the same kind and seed holds the smaller one, place by place and border by border, since a
//! new state draws under its own number and joins states that were there before. Building takes time in proportion to the states.

use std::f64::consts::PI;

use petgraph::graph::{NodeIndex, UnGraph};
use spiral_kernel::draws::{Address, uniforms};

/// How borders are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A square grid, four or eight neighbours within it.
    Grid,
    /// Points at random in a square; points within a radius are neighbours (Gilbert 1961).
    Geometric,
    /// Each new state borders on earlier ones, the likelier the more borders they have (Barabási and Albert 1999).
    ScaleFree,
}

impl Kind {
    /// Every kind with the name that a scenario gives it.
    pub(crate) const NAMES: &'static [(&'static str, Self)] =
        &[("grid", Self::Grid), ("geometric", Self::Geometric), ("scale-free", Self::ScaleFree)];
}

/// Largest mean number of neighbours.
pub(crate) const MOST_NEIGHBOURS: f64 = 50.0;

/// What draws of a generated world are for. The numbers of the model's purposes lie below.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(crate) enum Purpose {
    /// Where a state lies.
    Place = 1001,
    /// Whom it borders on.
    Border = 1002,
    /// Whether it is a great power.
    Greatness = 1003,
    /// Its numbers.
    Number = 1004,
}

/// Two uniforms in (0, 1) for a state, by its number in the world; `what` separates draws of one purpose.
pub(crate) fn draw(seed: u64, purpose: Purpose, state: usize, what: usize) -> [f64; 2] {
    uniforms(seed, Address { purpose: purpose as u32, entity: state as u32, time: what as u32 }, 0)
}

/// Borders with their lengths in units of the spacing: the distance between the capitals of neighbours on a grid.
pub(crate) fn network(kind: Kind, states: usize, mean_degree: f64, seed: u64) -> UnGraph<(), f64> {
    match kind {
        Kind::Grid => grid(states, mean_degree > 4.0),
        Kind::Geometric => geometric(states, mean_degree, seed),
        Kind::ScaleFree => scale_free(states, (mean_degree / 2.0) as usize, seed),
    }
}

/// What is wrong with a mean number of neighbours for a kind of network, if anything is.
pub(crate) fn wrong_degree(kind: Kind, mean_degree: f64) -> Option<&'static str> {
    match kind {
        Kind::Grid if mean_degree != 4.0 && mean_degree != 8.0 => Some("a grid has 4 neighbours, or 8 with those across corners"),
        Kind::ScaleFree if mean_degree % 2.0 != 0.0 || mean_degree < 2.0 => {
            Some("in a scale-free network every new state brings half of it in borders: an even number, at least 2")
        }
        _ => None,
    }
}

fn unconnected(states: usize) -> UnGraph<(), f64> {
    let mut graph = UnGraph::with_capacity(states, 0);
    for _ in 0..states {
        graph.add_node(());
    }
    graph
}

/// The whole root of a number.
fn root(number: usize) -> usize {
    number.isqrt()
}

/// Where on the grid a state lies: the grid grows by rows and columns around its corner, so that no earlier state moves.
fn cell(state: usize) -> (usize, usize) {
    let shell = root(state);
    let along = state - shell * shell;
    if along <= shell { (shell, along) } else { (2 * shell - along, shell) }
}

/// The state on a cell of the grid.
fn on_cell(row: usize, column: usize) -> usize {
    if row >= column { row * row + column } else { column * column + 2 * column - row }
}

fn grid(states: usize, across_corners: bool) -> UnGraph<(), f64> {
    let mut graph = unconnected(states);
    let diagonal = 2.0_f64.sqrt();
    for state in 0..states {
        let (row, column) = cell(state);
        let mut join = |row: usize, column: usize, distance: f64| {
            let other = on_cell(row, column);
            if other < states {
                graph.add_edge(NodeIndex::new(state), NodeIndex::new(other), distance);
            }
        };
        // Each border once: from the state nearer to the corner.
        join(row + 1, column, 1.0);
        join(row, column + 1, 1.0);
        if across_corners {
            join(row + 1, column + 1, diagonal);
            if column > 0 {
                join(row + 1, column - 1, diagonal);
            }
        }
    }
    graph
}

/// Where a state lies among points that fill a square growing from its corner, one to a unit of area: somewhere in the strip by
/// which the square of the states before it grows, whose area is one.
fn point(state: usize, seed: u64) -> (f64, f64) {
    let [u, v] = draw(seed, Purpose::Place, state, 0);
    let (inner, outer) = ((state as f64).sqrt(), ((state + 1) as f64).sqrt());
    // The strip is an upright arm and a level one; the corner belongs to the upright one.
    let arm = inner * (outer - inner);
    let depth = inner + (outer - inner) * v;
    if u < arm { (inner * u / arm, depth) } else { (depth, outer * (u - arm) / (1.0 - arm)) }
}

fn geometric(states: usize, mean_degree: f64, seed: u64) -> UnGraph<(), f64> {
    let mut graph = unconnected(states);
    // One state to a unit of area: within the radius there are as many others as the mean degree says.
    let radius = (mean_degree / PI).sqrt();
    let across = (((states as f64).sqrt() / radius) as usize).max(1) + 1;
    let of = |(x, y): (f64, f64)| ((x / radius) as usize, (y / radius) as usize);
    let mut cells: Vec<Vec<usize>> = vec![Vec::new(); across * across];
    let points: Vec<(f64, f64)> = (0..states).map(|state| point(state, seed)).collect();
    for (state, &here) in points.iter().enumerate() {
        let (column, row) = of(here);
        for near_row in row.saturating_sub(1)..=(row + 1).min(across - 1) {
            for near_column in column.saturating_sub(1)..=(column + 1).min(across - 1) {
                for &other in &cells[near_row * across + near_column] {
                    let (dx, dy) = (points[other].0 - here.0, points[other].1 - here.1);
                    let distance = (dx * dx + dy * dy).sqrt();
                    if distance < radius {
                        graph.add_edge(NodeIndex::new(other), NodeIndex::new(state), distance);
                    }
                }
            }
        }
        cells[row * across + column].push(state);
    }
    graph
}

fn scale_free(states: usize, borders: usize, seed: u64) -> UnGraph<(), f64> {
    /// Draws before the earliest free state is taken: needed only where a few states have nearly all borders.
    const PATIENCE: usize = 64;
    let mut graph = unconnected(states);
    // Every border stands here twice, once for each of its ends: a draw from the list favours who has many.
    let mut ends: Vec<usize> = Vec::with_capacity(2 * states * borders);
    let mut chosen: Vec<usize> = Vec::with_capacity(borders);
    for state in 1..states {
        chosen.clear();
        let mut attempt = 0;
        while chosen.len() < borders.min(state) {
            let [u, _] = draw(seed, Purpose::Border, state, attempt);
            let drawn = ends.get((u * ends.len() as f64) as usize).copied().filter(|_| attempt < PATIENCE + borders);
            attempt += 1;
            match drawn {
                Some(other) if chosen.contains(&other) => {}
                Some(other) => chosen.push(other),
                None => chosen.extend((0..state).find(|other| !chosen.contains(other))),
            }
        }
        chosen.sort_unstable();
        for &other in &chosen {
            graph.add_edge(NodeIndex::new(other), NodeIndex::new(state), 1.0);
            ends.extend([other, state]);
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use petgraph::algo::connected_components;
    use petgraph::visit::EdgeRef;

    use super::*;

    fn edges(graph: &UnGraph<(), f64>) -> Vec<(usize, usize, f64)> {
        let ends = |edge: petgraph::graph::EdgeReference<'_, f64>| (edge.source().index(), edge.target().index(), *edge.weight());
        let mut found: Vec<_> =
            graph.edge_references().map(ends).map(|(one, two, length)| (one.min(two), one.max(two), length)).collect();
        found.sort_by_key(|edge| (edge.0, edge.1));
        found
    }

    #[test]
    fn cells_and_states_of_the_grid_are_each_others_inverse() {
        for state in 0..5000 {
            let (row, column) = cell(state);
            assert_eq!(on_cell(row, column), state);
            assert!(row <= root(state) && column <= root(state));
        }
    }

    #[test]
    fn a_grid_has_the_borders_of_a_grid() {
        // n × n: 2 n (n − 1) sides and 2 (n − 1)² corners.
        let four = network(Kind::Grid, 400, 4.0, 1);
        assert_eq!(four.edge_count(), 2 * 20 * 19);
        let eight = network(Kind::Grid, 400, 8.0, 1);
        assert_eq!(eight.edge_count(), 2 * 20 * 19 + 2 * 19 * 19);
        assert_eq!((connected_components(&four), connected_components(&eight)), (1, 1));
        assert_eq!(four.node_indices().map(|node| four.edges(node).count()).max(), Some(4));
        assert_eq!(eight.node_indices().map(|node| eight.edges(node).count()).max(), Some(8));
    }

    /// Mean degree of points in a square of area n: π r² (n − 1)/n less what the edges cut off, 4 r/(3 π √n)·… of order r/√n.
    #[test]
    fn points_have_the_mean_degree_that_was_asked_for() {
        for degree in [2.0, 5.0, 12.0] {
            let n = 20_000_usize;
            let graph = network(Kind::Geometric, n, degree, 7);
            let mean = 2.0 * graph.edge_count() as f64 / n as f64;
            let radius = (degree / PI).sqrt();
            // A point within r of a side loses on average 2/(3π) of its disc per side, and 4 r √n of n lie there.
            let expected = degree * (1.0 - 8.0 * radius / (3.0 * PI * (n as f64).sqrt()));
            let error = (degree / n as f64).sqrt() * 2.0;
            assert!((mean - expected).abs() < 4.0 * error, "degree {degree}: mean {mean}, expected {expected} ± {error}");
            assert!(edges(&graph).iter().all(|edge| edge.2 < radius));
        }
    }

    /// Points fill the square evenly: counts in a hundred boxes against a Poisson's variance, and no box left out.
    #[test]
    fn points_fill_the_square_evenly() {
        let n = 10_000;
        let mut boxes = [0_u32; 100];
        for state in 0..n {
            let (x, y) = point(state, 3);
            assert!((0.0..=100.0).contains(&x) && (0.0..=100.0).contains(&y), "{x}, {y}");
            boxes[(x / 10.0) as usize * 10 + (y / 10.0) as usize] += 1;
        }
        let chi: f64 = boxes.iter().map(|&count| (f64::from(count) - 100.0) * (f64::from(count) - 100.0) / 100.0).sum();
        // χ² with 99 degrees of freedom: 0.1 % lie above 148.2. Strips are no more uneven than chance.
        assert!(chi < 148.2, "χ² {chi} of 100 boxes, seed 3");
    }

    /// The share of states with at least k borders falls as k^−2 (the degrees themselves as k^−3): log-log slope by Hill.
    #[test]
    fn a_scale_free_network_has_its_tail() {
        let graph = network(Kind::ScaleFree, 50_000, 4.0, 11);
        assert_eq!(graph.edge_count(), 1 + 2 * (50_000 - 2), "the second state brings one border, every later one two");
        assert_eq!(connected_components(&graph), 1);
        let mut tail: Vec<f64> =
            graph.node_indices().map(|node| graph.edges(node).count() as f64).filter(|k| *k >= 20.0).collect();
        tail.sort_by(f64::total_cmp);
        // Maximum likelihood for a discrete power law (Clauset, Shalizi and Newman 2009): standard error (γ − 1)/√n.
        let n = tail.len() as f64;
        let exponent = 1.0 + n / tail.iter().map(|k| libm::log(k / 19.5)).sum::<f64>();
        let error = (exponent - 1.0) / n.sqrt();
        assert!((exponent - 3.0).abs() < 4.0 * error + 0.1, "exponent {exponent} ± {error} of {n} states, expected 3");
        let mut seen = std::collections::BTreeSet::new();
        assert!(edges(&graph).iter().all(|edge| edge.0 != edge.1 && seen.insert((edge.0, edge.1))), "a border twice");
    }

    #[test]
    fn a_larger_network_holds_the_smaller_one() {
        for (kind, degree) in [(Kind::Grid, 4.0), (Kind::Grid, 8.0), (Kind::Geometric, 5.0), (Kind::ScaleFree, 6.0)] {
            let small = edges(&network(kind, 150, degree, 5));
            let mut large = edges(&network(kind, 700, degree, 5));
            large.retain(|edge| edge.1 < 150);
            assert_eq!(small, large, "{kind:?}");
            if kind != Kind::Grid {
                assert_ne!(small, edges(&network(kind, 150, degree, 6)), "{kind:?}: the seed matters");
            }
        }
    }

    #[test]
    fn the_smallest_networks_are_networks() {
        for (kind, degree) in [(Kind::Grid, 4.0), (Kind::Geometric, 50.0), (Kind::ScaleFree, 50.0)] {
            assert_eq!(network(kind, 1, degree, 1).edge_count(), 0);
            assert!(network(kind, 2, degree, 1).edge_count() <= 1);
        }
    }
}
