//! Designs: how the points of a study are placed.

use crate::study::factor::{Factor, FactorValues, groups};
use crate::syntax::problem::{Error, Finding};
use crate::syntax::reader::{self, count};
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::{advice, quote};

/// Most points of a design.
pub const MOST_POINTS: usize = 200_000;

/// How the points of a study are placed.
#[derive(Debug, Clone, PartialEq)]
pub enum Design {
    /// Every combination of the factors' values.
    Grid,
    /// These points; NaN where a point leaves a factor as the scenario has it.
    List(Vec<Vec<f64>>),
    /// One point in each of `points` equal slices of every factor.
    LatinHypercube {
        /// Number of points.
        points: u32,
    },
    /// Scrambled Sobol' points.
    Sobol {
        /// Number of points.
        points: u32,
    },
    /// Morris's trajectories of one step in every factor.
    Morris {
        /// Number of trajectories.
        trajectories: u32,
        /// Levels of each factor, even.
        levels: u32,
    },
    /// Saltelli's two matrices and their mixtures, for Sobol' indices.
    Saltelli {
        /// Rows of each matrix.
        samples: u32,
    },
}

/// Reads a design. Without factors, because one of them is wrong, a list of points is not looked at.
pub(crate) fn read(
    node: &Node,
    factors: Option<&[Factor]>,
    file: &mut dyn FnMut(&str) -> Result<String, Error>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Design>, Error> {
    let name = points_file(node, findings);
    let from_file = match name.zip(factors) {
        None => None,
        Some((name, factors)) => Some(crate::study::points_file::read(&file(&name)?, &name, factors)?),
    };
    Ok(design(node, factors, from_file, findings))
}

/// The name of the file of points that a design of kind list names.
fn points_file(node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
    let Kind::Map(entries) = &node.kind else { return None };
    let (_, node) = entries.iter().find(|(key, _)| key.name == "file")?;
    reader::text(node, "file", findings)
}

fn design(
    node: &Node,
    factors: Option<&[Factor]>,
    from_file: Option<Vec<Vec<f64>>>,
    findings: &mut Vec<Finding>,
) -> Option<Design> {
    const KINDS: &[(&str, &[&str])] = &[
        ("grid", &[]),
        ("list", &["points", "file"]),
        ("lhs", &["points"]),
        ("sobol", &["points"]),
        ("morris", &["trajectories", "levels"]),
        ("saltelli", &["samples"]),
    ];
    let (kind, entries) = reader::kind(node, "design", KINDS, findings)?;
    let get = |name: &str| entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let needed = |name: &str, findings: &mut Vec<Finding>| {
        let found = get(name);
        if found.is_none() {
            findings.push(Finding::at(node.span, format!("a design of kind {kind} needs `{name}`")));
        }
        found
    };
    let most = MOST_POINTS as u32;
    let design = match kind {
        "grid" => Design::Grid,
        "list" if get("file").is_some() => {
            if let Some(node) = get("points") {
                let finding = Finding::at(node.span, "a design of kind list has both `points` and `file`");
                findings.push(finding.help("keep one of the two"));
            }
            Design::List(from_file?)
        }
        "list" => Design::List(list_points(needed("points", findings)?, factors?, findings)?),
        "lhs" => Design::LatinHypercube { points: count(needed("points", findings)?, "points", 2, most, findings)? },
        "sobol" => Design::Sobol { points: count(needed("points", findings)?, "points", 1, most, findings)? },
        "morris" => {
            let levels = get("levels").map_or(Some(4), |node| count(node, "levels", 2, 100, findings))?;
            if levels % 2 == 1 {
                findings.push(Finding::at(node.span, format!("levels is {levels}; Morris's design needs an even number")));
            }
            let trajectories = count(needed("trajectories", findings)?, "trajectories", 2, most, findings)?;
            Design::Morris { trajectories, levels }
        }
        _ => Design::Saltelli { samples: count(needed("samples", findings)?, "samples", 2, most, findings)? },
    };
    let points = design.points(factors?);
    if points > MOST_POINTS {
        findings.push(Finding::at(node.span, format!("the design has {points} points; at most {MOST_POINTS} are allowed")));
        return None;
    }
    Some(design)
}

impl Design {
    /// How many points it has.
    #[must_use]
    pub fn points(&self, factors: &[Factor]) -> usize {
        match self {
            Self::Grid => factors.iter().fold(1, |all: usize, factor| all.saturating_mul(factor.values.grid().len())),
            Self::List(points) => points.len(),
            Self::LatinHypercube { points } | Self::Sobol { points } => *points as usize,
            Self::Morris { trajectories, .. } => (*trajectories as usize).saturating_mul(groups(factors).len() + 1),
            Self::Saltelli { samples } => (*samples as usize).saturating_mul(groups(factors).len() + 2),
        }
    }

    /// What is to be said about its size: Sobol' points fill the cube evenly in powers of two only.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let (number, what) = match self {
            Self::Sobol { points } => (*points, "points"),
            Self::Saltelli { samples } => (*samples, "samples"),
            _ => return None,
        };
        if number.is_power_of_two() {
            return None;
        }
        let above = number.checked_next_power_of_two()?;
        let choice = format!("{} or {above}", above / 2);
        Some(format!("{number} {what} are no power of two, and Sobol' points are even only in powers of two: better {choice}"))
    }

    /// Its name in a study file.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::List(_) => "list",
            Self::LatinHypercube { .. } => "lhs",
            Self::Sobol { .. } => "sobol",
            Self::Morris { .. } => "morris",
            Self::Saltelli { .. } => "saltelli",
        }
    }
}

fn list_points(node: &Node, factors: &[Factor], findings: &mut Vec<Finding>) -> Option<Vec<Vec<f64>>> {
    let list = reader::list(node, "points", "a list of points, [ {\"technology.balance\": 0.5}, … ]", findings)?;
    let mut points = Vec::with_capacity(list.len());
    for node in list {
        if let Kind::List(values) = &node.kind {
            points.extend(in_order(node, values, factors, findings));
            continue;
        }
        let mut point = vec![f64::NAN; factors.len()];
        for (key, node) in reader::entries(node, "a point", findings) {
            let Some(position) = factors.iter().position(|factor| factor.name == key.name) else {
                let help = advice(&key.name, factors.iter().map(|factor| factor.name.as_str()));
                findings.push(Finding::at(key.span, format!("no factor {}", quote(&key.name))).help(help));
                continue;
            };
            let (low, high) = factors[position].values.bounds();
            match node.kind {
                Kind::Flag(on) if factors[position].values == FactorValues::Switch => point[position] = f64::from(u8::from(on)),
                _ => {
                    let what = "within the range of the factor";
                    point[position] = reader::number(node, &key.name, low, high, what, findings).unwrap_or(f64::NAN);
                }
            }
        }
        points.push(point);
    }
    if points.is_empty() {
        findings.push(Finding::at(node.span, "the list has no points"));
        return None;
    }
    Some(points)
}

/// A point that gives every factor a value, in the order of the factors.
fn in_order(node: &Node, values: &[Node], factors: &[Factor], findings: &mut Vec<Finding>) -> Option<Vec<f64>> {
    if values.len() != factors.len() {
        let message = format!("a point has {} values, and the study has {} factors", values.len(), factors.len());
        let help = "a list gives every factor a value; to leave some out, write a group of names: {\"technology.balance\": 0.5}";
        findings.push(Finding::at(node.span, message).help(help));
        return None;
    }
    let read = |(node, factor): (&Node, &Factor)| {
        let (low, high) = factor.values.bounds();
        reader::number(node, &factor.name, low, high, "within the range of the factor", findings)
    };
    values.iter().zip(factors).map(read).collect()
}
