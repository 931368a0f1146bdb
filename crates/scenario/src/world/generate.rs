//! Generated worlds: the key `generate`, from text to states and borders.

use petgraph::visit::EdgeRef;
use spiral_kernel::maths::{exp, normal_quantile, powf};
use spiral_model::setup::{Dyad, DyadInputs, Horizon, Setup, State, StateInputs};
use spiral_model::specification::{Group, Specification};

use crate::syntax::problem::{Finding, Span};
use crate::syntax::reader;
use crate::syntax::text::{Kind as Form, Node};
use crate::syntax::words::{advice, explain, figure, quote, range};
use crate::world::network::{Kind, MOST_NEIGHBOURS, Purpose, draw, network, wrong_degree};

/// Largest number of generated states.
pub(crate) const MOST_STATES: usize = 100_000;
/// Largest seed: whole numbers up to here are exact.
const LARGEST_SEED: f64 = 9_007_199_254_740_992.0;
/// Farthest neighbours on a grid, km.
const FARTHEST: f64 = 5000.0;

/// The key `generate` as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Generate {
    pub(crate) span: Span,
    kind: Kind,
    states: usize,
    mean_degree: f64,
    seed: u64,
    /// Distance of neighbours on a grid, km.
    spacing: f64,
    /// Share of states that count as great powers.
    great_powers: f64,
    /// Position of a number of a state, and how it is drawn.
    pub(crate) draws: Vec<(usize, Drawn)>,
}

/// How a number of a state is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawn {
    shape: Shape,
    /// Its two numbers.
    of: (f64, f64),
    /// Where the distribution is taken from, or why it was chosen.
    pub(crate) basis: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// From low to high.
    Uniform,
    /// By median and standard deviation of the logarithm.
    Lognormal,
    /// By smallest value and exponent of the tail: Pr(X > x) = (smallest / x)^exponent.
    Pareto,
}

impl Shape {
    const NAMES: &'static [(&'static str, Self)] =
        &[("uniform", Self::Uniform), ("lognormal", Self::Lognormal), ("pareto", Self::Pareto)];

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, shape)| *shape == self).map_or("", |(name, _)| name)
    }
}

impl Drawn {
    /// The value at a uniform draw, within what the number allows.
    fn value(&self, u: f64, specification: &Specification) -> f64 {
        let (first, second) = self.of;
        let value = match self.shape {
            Shape::Uniform => first + (second - first) * u,
            Shape::Lognormal => first * exp(second * normal_quantile(u)),
            Shape::Pareto => first * powf(u, -1.0 / second),
        };
        value.clamp(specification.low, specification.high)
    }
}

impl std::fmt::Display for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, {})", self.shape.name(), figure(self.of.0), figure(self.of.1))
    }
}

/// Keys that take one number or word, and what each must be.
const SETTINGS: &[(&str, &str)] = &[
    ("kind", "\"grid\", \"geometric\" or \"scale-free\""),
    ("states", "a whole number, 1 to 100000"),
    ("mean_degree", "the mean number of neighbours: 4 or 8 on a grid, even in a scale-free network, at most 50"),
    ("seed", "a whole number from 0; another seed gives another world"),
    ("spacing", "km between neighbours on a grid, 1 to 5000; other distances are in units of it"),
    ("great_powers", "the share of states that count as great powers, 0 to 1"),
];

/// Names of the settings of a generated world, as `--set` takes them.
pub(crate) fn setting_names() -> impl Iterator<Item = String> {
    SETTINGS.iter().map(|(name, _)| format!("generate.{name}"))
}

fn what(name: &str) -> &'static str {
    SETTINGS.iter().find(|(known, _)| *known == name).map_or("", |(_, what)| what)
}

impl Generate {
    fn new(span: Span) -> Self {
        Self {
            span,
            kind: Kind::Grid,
            states: 100,
            mean_degree: 4.0,
            seed: 1,
            spacing: 500.0,
            great_powers: 0.0,
            draws: Vec::new(),
        }
    }

    /// Changes one number; the message of what is wrong with it.
    fn put(&mut self, name: &str, value: f64) -> Result<(), String> {
        let (low, high) = match name {
            "states" => (1.0, MOST_STATES as f64),
            "mean_degree" => (0.01, MOST_NEIGHBOURS),
            "seed" => (0.0, LARGEST_SEED),
            "spacing" => (1.0, FARTHEST),
            _ => (0.0, 1.0),
        };
        if !(value >= low && value <= high) {
            return Err(format!("generate.{name} is {}; allowed: {} to {}", figure(value), figure(low), figure(high)));
        }
        if matches!(name, "states" | "seed") && value.fract() != 0.0 {
            return Err(format!("generate.{name} is {}; it must be a whole number", figure(value)));
        }
        match name {
            "states" => self.states = value as usize,
            "mean_degree" => self.mean_degree = value,
            "seed" => self.seed = value as u64,
            "spacing" => self.spacing = value,
            _ => self.great_powers = value,
        }
        Ok(())
    }

    /// Changes one setting from outside the file.
    ///
    /// # Errors
    /// Message and advice.
    pub(crate) fn set(&mut self, name: &str, text: &str) -> Result<(), (String, String)> {
        let help = || what(name).to_string();
        if name == "kind" {
            let found = Kind::NAMES.iter().find(|(known, _)| *known == text).map(|(_, kind)| *kind);
            self.kind = found.ok_or_else(|| {
                (format!("no such name as {}", quote(text)), advice(text, Kind::NAMES.iter().map(|(name, _)| *name)))
            })?;
            return Ok(());
        }
        let number = text.parse::<f64>().map_err(|_| (format!("{} is not a number", quote(text)), help()))?;
        self.put(name, number).map_err(|message| (message, help()))
    }

    /// What is wrong with the whole, if anything is.
    pub(crate) fn problem(&self) -> Option<(String, String)> {
        let kind = Kind::NAMES.iter().find(|(_, kind)| *kind == self.kind).map_or("", |(name, _)| name);
        wrong_degree(self.kind, self.mean_degree)
            .map(|help| (format!("generate.mean_degree is {} in a {kind} network", figure(self.mean_degree)), help.to_string()))
    }

    /// The states and borders of the world, with every number at its default but for distances and what is drawn.
    pub(crate) fn setup(&self, name: &str, horizon: Horizon) -> Setup {
        let graph = network(self.kind, self.states, self.mean_degree, self.seed);
        let mut setup = Setup::complete(name, horizon, &[]);
        setup.states = (0..self.states)
            .map(|state| {
                let [u, _] = draw(self.seed, Purpose::Greatness, state, 0);
                let mut inputs = StateInputs::default();
                for (field, drawn) in &self.draws {
                    let [u, _] = draw(self.seed, Purpose::Number, state, *field);
                    inputs.set(*field, drawn.value(u, &StateInputs::SPECIFICATIONS[*field]));
                }
                State { code: code(state), great_power: u < self.great_powers, inputs }
            })
            .collect();
        let mut neighbours: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.states];
        for edge in graph.edge_references() {
            let (one, other, length) = (edge.source().index(), edge.target().index(), *edge.weight());
            neighbours[one].push((other, length));
            neighbours[other].push((one, length));
        }
        for (from, mut around) in neighbours.into_iter().enumerate() {
            around.sort_unstable_by_key(|(to, _)| *to);
            let dyads = around.into_iter().map(|(to, length)| Dyad {
                from,
                to,
                inputs: DyadInputs { distance: self.spacing * length, ..DyadInputs::default() },
            });
            setup.dyads.extend(dyads);
        }
        setup
    }
}

/// Code of a generated state: all of one length, so that their order is that of their numbers whatever the number of states.
fn code(state: usize) -> String {
    format!("S{state:06}")
}

/// Reads the key `generate`.
pub(crate) fn read(node: &Node, findings: &mut Vec<Finding>) -> Option<Generate> {
    let mut generate = Generate::new(node.span);
    let allowed: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).chain(["draws"]).collect();
    let before = findings.len();
    let mut kind = None;
    for (key, node) in reader::fields(node, "generate", &allowed, findings) {
        let path = format!("generate.{}", key.name);
        match (key.name.as_str(), &node.kind) {
            ("kind", _) => kind = reader::choice(node, &path, Kind::NAMES, findings),
            ("draws", _) => generate.draws = draws(node, findings),
            (name, Form::Number(value)) => {
                if let Err(message) = generate.put(name, *value) {
                    findings.push(Finding::at(node.span, message).help(what(name)));
                }
            }
            (name, _) => findings.push(reader::wrong(node, &path, "a number").help(what(name))),
        }
    }
    if findings.len() > before {
        return None;
    }
    let Some(kind) = kind else {
        findings.push(Finding::at(node.span, "generate has no `kind`").help(format!("kind: {}", what("kind"))));
        return None;
    };
    generate.kind = kind;
    Some(generate)
}

fn draws(node: &Node, findings: &mut Vec<Finding>) -> Vec<(usize, Drawn)> {
    let mut found = Vec::new();
    for (key, node) in reader::entries(node, "generate.draws", findings) {
        let names = StateInputs::SPECIFICATIONS.iter().map(|specification| specification.name);
        let Some(field) = StateInputs::position(&key.name) else {
            let finding = Finding::at(key.span, format!("{} is no number of a state", quote(&key.name)));
            findings.push(finding.help(advice(&key.name, names)));
            continue;
        };
        found.extend(drawn(node, &StateInputs::SPECIFICATIONS[field], findings).map(|drawn| (field, drawn)));
    }
    found
}

fn drawn(node: &Node, specification: &'static Specification, findings: &mut Vec<Finding>) -> Option<Drawn> {
    let path = format!("generate.draws.{}", specification.name);
    let allowed: Vec<&str> = Shape::NAMES.iter().map(|(name, _)| *name).chain(["source", "why"]).collect();
    let before = findings.len();
    let (mut found, mut basis) = (None, None);
    for (key, node) in reader::fields(node, &path, &allowed, findings) {
        let Some((_, shape)) = Shape::NAMES.iter().find(|(name, _)| *name == key.name) else {
            basis = reader::text(node, &format!("the {} of {path}", key.name), findings);
            continue;
        };
        let wanted = match shape {
            Shape::Uniform => "(low, high)",
            Shape::Lognormal => "(median, standard deviation of the logarithm)",
            Shape::Pareto => "(smallest, exponent of the tail)",
        };
        if found.is_some() {
            findings.push(Finding::at(key.span, format!("{path} has two distributions")).help("keep one of the two"));
        }
        let of = reader::two_numbers(node, &format!("{} of {path}", key.name), wanted, findings)?;
        found = Some((node.span, *shape, of));
    }
    if findings.len() > before {
        return None;
    }
    let Some((span, shape, of)) = found else {
        let finding = Finding::at(node.span, format!("{path} has no distribution"));
        findings.push(finding.help("such as uniform: (low, high), lognormal: (median, spread) or pareto: (smallest, exponent)"));
        return None;
    };
    let outside = [of.0].into_iter().chain((shape == Shape::Uniform).then_some(of.1)).find(|value| !specification.allows(*value));
    if let Some(value) = outside {
        let message = format!("{path} reaches {}; allowed: {}", figure(value), range(specification));
        findings.push(Finding::at(span, message).help(explain(specification)));
        return None;
    }
    let wrong = match shape {
        Shape::Uniform => (of.0 >= of.1).then_some("low must be below high"),
        Shape::Lognormal => (of.0 <= 0.0 || of.1 <= 0.0).then_some("median and spread must be above 0"),
        Shape::Pareto => (of.0 <= 0.0 || of.1 <= 0.0).then_some("the smallest value and the exponent must be above 0"),
    };
    if let Some(wrong) = wrong {
        let message = format!("{path} is {} ({}, {})", shape.name(), figure(of.0), figure(of.1));
        findings.push(Finding::at(span, message).help(wrong));
        return None;
    }
    Some(Drawn { shape, of, basis })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specification(name: &str) -> &'static Specification {
        &StateInputs::SPECIFICATIONS[StateInputs::position(name).expect("a number of a state")]
    }

    /// Quantiles of the distributions, from their textbook formulae.
    #[test]
    fn distributions_have_their_quantiles() {
        let output = specification("output");
        let of = |shape, first, second| Drawn { shape, of: (first, second), basis: None };
        assert_eq!(of(Shape::Uniform, 2.0, 6.0).value(0.25, output), 3.0);
        assert!((of(Shape::Lognormal, 100.0, 0.5).value(0.5, output) - 100.0).abs() < 1e-10);
        // The upper quartile of a standard normal is .6744897501960817.
        let quartile = of(Shape::Lognormal, 100.0, 0.5).value(0.75, output);
        assert!((quartile - 100.0 * libm::exp(0.5 * 0.674_489_750_196_081_7)).abs() < 1e-9, "{quartile}");
        let pareto = of(Shape::Pareto, 10.0, 2.0).value(0.25, output);
        assert!((pareto - 20.0).abs() < 1e-12, "Pr(X > 20) = (10/20)² = ¼: {pareto}");
        assert_eq!(of(Shape::Pareto, 10.0, 0.1).value(1e-12, output), output.high, "held within what is allowed");
    }

    #[test]
    fn more_states_change_no_earlier_one() {
        let horizon = Horizon { start: 0.0, end: 10.0, ticks_per_year: 4 };
        let mut small = Generate::new(Span { start: 0, end: 0 });
        small.kind = Kind::Geometric;
        small.great_powers = 0.3;
        small.draws = vec![(0, Drawn { shape: Shape::Lognormal, of: (100.0, 1.0), basis: None })];
        let large = Generate { states: 900, ..small.clone() };
        let (small, large) = (small.setup("x", horizon), large.setup("x", horizon));
        assert_eq!(small.states[..], large.states[..small.states.len()]);
        let inside: Vec<&Dyad> = large.dyads.iter().filter(|dyad| dyad.from.max(dyad.to) < small.states.len()).collect();
        assert_eq!(small.dyads.iter().collect::<Vec<_>>(), inside);
        assert!(small.states.iter().any(|state| state.great_power) && small.states.iter().any(|state| !state.great_power));
    }
}
