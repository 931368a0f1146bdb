//! `spiral odd`: the ODD document (Overview, Design concepts, Details) of what would run.
//!
//! Everything that can change is quoted: mechanisms from their pages, components, phases and draws from their comments, numbers and sources
//! from the scenario, the order of the step from the engine. Only what holds for every scenario is written here.

mod concepts;
mod details;
mod overview;

use spiral_model::Simulation;
use spiral_model::mechanisms::{Entry, REGISTRY};
use spiral_model::step::{Inventory, Step};
use spiral_scenario::{Overrides, ResolvedRow, resolved};

use crate::Error;
use crate::worlds::{World, worlds};

/// The ODD document of a scenario, or of each member of a file, as Markdown.
///
/// # Errors
/// A scenario that cannot be used.
pub fn odd(scenario: &str, changes: &Overrides) -> Result<String, Error> {
    let documents: Vec<String> = worlds(scenario, changes)?.iter().map(document).collect();
    Ok(documents.join("\n"))
}

/// The mechanism that a system belongs to; none where every world needs it.
#[must_use]
pub fn mechanism(step: &Step) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == step.file)
}

/// What a document is made from.
struct Subject<'a> {
    world: &'a World,
    steps: Vec<Step>,
    inventory: Inventory,
    rows: Vec<ResolvedRow>,
}

impl Subject<'_> {
    /// Whether a mechanism runs.
    fn runs(&self, name: &str) -> bool {
        !self.world.scenario.setup.without.contains(name)
    }

    /// The mechanisms that run, in the order of their files.
    fn running(&self) -> impl Iterator<Item = &'static Entry> + '_ {
        REGISTRY.iter().filter(|entry| self.runs(entry.name))
    }
}

/// The document of one world.
fn document(world: &World) -> String {
    let mut simulation = Simulation::<1>::new(&world.scenario.setup);
    let subject =
        Subject { world, steps: simulation.steps(), inventory: simulation.inventory(), rows: resolved(&world.scenario) };
    let mut text = Markdown::default();
    text.heading(1, &format!("ODD of {}", world.scenario.name));
    text.paragraph(
        "This document follows the ODD protocol for describing simulation models (Overview, Design concepts, Details; Grimm et al. \
         2020). It is printed by the program that it describes, from the same registry, numbers and schedule that run, so it \
         describes only this scenario with these changes and this version.",
    );
    text.table(&["", ""], made_from(world));
    overview::write(&mut text, &subject);
    concepts::write(&mut text, &subject);
    details::write(&mut text, &subject);
    text.heading(2, "Reference");
    text.paragraph(
        "Grimm, V., Railsback, S. F., Vincenot, C. E., and others (2020). The ODD Protocol for Describing Agent-Based and Other \
         Simulation Models: A Second Update to Improve Clarity, Replication, and Structural Realism. Journal of Artificial Societies \
         and Social Simulation 23(2) 7.",
    );
    text.0
}

/// What the document describes: scenario, changes, version.
fn made_from(world: &World) -> Vec<Vec<String>> {
    let row = |name: &str, value: String| vec![name.to_string(), value];
    let mut rows = vec![
        row("scenario", world.scenario.name.clone()),
        row("file", world.scenario.file.clone()),
        row("program", format!("spiral {}", env!("CARGO_PKG_VERSION"))),
    ];
    let request = &world.request;
    let set: Vec<String> = request.set.iter().map(|(path, value)| format!("`{path}={value}`")).collect();
    if !set.is_empty() {
        rows.push(row("numbers changed by the user", set.join(", ")));
    }
    if let Some((from, to)) = request.years {
        rows.push(row("years chosen by the user", format!("{from} to {to}")));
    }
    let off: Vec<&str> = world.scenario.setup.without.iter().map(String::as_str).collect();
    if !off.is_empty() {
        rows.push(row("switched off", off.join(", ")));
    }
    rows
}

/// A Markdown text in the making.
#[derive(Debug, Default)]
struct Markdown(String);

impl Markdown {
    fn block(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {text}", "#".repeat(level)));
    }

    fn paragraph(&mut self, text: &str) {
        self.block(text);
    }

    fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let lines: Vec<String> = items.into_iter().map(|item| format!("- {item}")).collect();
        if !lines.is_empty() {
            self.block(&lines.join("\n"));
        }
    }

    /// A table; columns that are empty in every row are left out, and a table without rows altogether.
    #[expect(clippy::needless_pass_by_value, reason = "the caller builds the rows for this call")]
    fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) {
        let used: Vec<usize> = (0..header.len())
            .filter(|&column| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty())))
            .collect();
        if used.is_empty() {
            return;
        }
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let mut lines = vec![
            line(used.iter().map(|&column| header[column].to_string()).collect()),
            line(used.iter().map(|_| "---".to_string()).collect()),
        ];
        lines.extend(rows.iter().map(|row| line(used.iter().map(|&column| cell(&row[column])).collect())));
        self.block(&lines.join("\n"));
    }
}

/// A text as a cell of a table takes it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_in_their_table() {
        let mut text = Markdown::default();
        text.table(&["a", "b", "c"], vec![vec!["x|y".into(), String::new(), "1\n2".into()]]);
        assert_eq!(text.0, "| a | c |\n| --- | --- |\n| x\\|y | 1 2 |\n");
        text.table(&["nothing"], Vec::new());
        assert!(!text.0.contains("nothing"));
    }

    fn of(name: &str, without: &[&str], set: &[(&str, &str)]) -> String {
        let changes = Overrides {
            set: set.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect(),
            without: without.iter().map(ToString::to_string).collect(),
            years: None,
        };
        document(&worlds(name, &changes).expect("a built-in scenario")[0])
    }

    /// Nothing that the model has is left out: every mechanism, component, phase, purpose, parameter, column, event and metric.
    #[test]
    fn the_document_is_complete() {
        use spiral_model::description::Described as _;
        use spiral_model::draws::Purpose;
        use spiral_model::mechanisms::Parameters;
        use spiral_model::outcome::{EventKind, Motive, STATE_METRICS, SYSTEM_METRICS};
        use spiral_model::phases::Phase;
        use spiral_model::setup::{DyadInputs, Horizon, Setup, StateInputs};
        use spiral_model::specification::Group;

        let document = of("pre-wwi", &[], &[]);
        let mut expected: Vec<String> = REGISTRY.iter().map(|entry| format!("(`{}`, ", entry.name)).collect();
        expected.extend(REGISTRY.iter().map(|entry| entry.page().equation));
        for (group, specifications) in Parameters::GROUPS {
            expected.extend(specifications.iter().map(|specification| format!("| `{group}.{}` |", specification.name)));
        }
        for specification in StateInputs::SPECIFICATIONS.iter().chain(DyadInputs::SPECIFICATIONS) {
            expected.push(format!("| `{}` |", specification.name));
        }
        let setup = Setup::complete("pair", Horizon { start: 0.0, end: 1.0, ticks_per_year: 4 }, &["A", "B"]);
        let Inventory { state, dyad, passing, system } = Simulation::<1>::new(&setup).inventory();
        expected.extend([state, dyad, passing, system].into_iter().flatten().map(|component| format!("| `{component}` |")));
        expected.extend(Phase::ALL.iter().map(|phase| format!("**{phase:?}**")));
        expected.extend(Purpose::DESCRIPTION.members().map(|(purpose, _)| format!("| `{purpose}` |")));
        for table in spiral_study::Table::ALL {
            expected.extend(table.schema().fields().iter().map(|column| format!("| `{}` | `{}` |", table.name(), column.name())));
        }
        expected.extend(STATE_METRICS.iter().chain(&SYSTEM_METRICS).map(|metric| format!("`{metric}`")));
        expected.extend(EventKind::ALL.iter().map(|kind| format!("`{}`", kind.name())));
        expected.extend(Motive::ALL.iter().map(|motive| format!("`{}`", motive.name())));
        let missing: Vec<&String> = expected.iter().filter(|text| !document.contains(*text)).collect();
        assert!(missing.is_empty(), "the ODD document lacks {missing:#?}");
    }

    #[test]
    fn the_seven_elements_and_eleven_concepts_are_there_in_order() {
        let document = of("two-states", &[], &[]);
        let headings: Vec<&str> = document.lines().filter(|line| line.starts_with("## ") || line.starts_with("### ")).collect();
        let expected = [
            "## 1. Purpose and patterns",
            "## 2. Entities, state variables and scales",
            "## 3. Process overview and scheduling",
            "## 4. Design concepts",
            "### Basic principles",
            "### Emergence",
            "### Adaptation",
            "### Objectives",
            "### Learning",
            "### Prediction",
            "### Sensing",
            "### Interaction",
            "### Stochasticity",
            "### Collectives",
            "### Observation",
            "## 5. Initialisation",
            "## 6. Input data",
            "## 7. Submodels",
        ];
        let mut rest = headings.iter();
        for heading in expected {
            assert!(rest.any(|found| *found == heading), "no {heading} at its place in {headings:#?}");
        }
    }

    #[test]
    fn what_is_printed_is_what_would_run() {
        let changed = of("pre-wwi", &["trade", "timeline"], &[("technology.balance", "0.5")]);
        assert!(!changed.contains("`trade.") && !changed.contains("E19 Trade"), "what is off has no submodel");
        assert!(changed.contains("| `trade` | Trade counts for nothing."), "what is off is named, with what that means");
        assert!(!changed.contains("Sarajevo"), "without the timeline nothing is dated");
        let row = changed.lines().find(|line| line.starts_with("| `technology.balance` |")).expect("the balance");
        assert!(row.contains("| 0.5 |") && row.contains("--set"), "{row}");
        let plain = of("pre-wwi", &[], &[]);
        assert!(plain.contains("Sarajevo") && plain.contains("E19 Trade"));
        let row = plain.lines().find(|line| line.starts_with("| `technology.balance` |")).expect("the balance");
        assert!(row.contains("| 0.35 |") && row.contains("judgement, 0.25 to 0.6"), "{row}");
    }
}
