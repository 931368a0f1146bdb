//! Every table that a study can hold: its name, what a row is, and its columns with type, unit and meaning.
//!
//! Columns of outcomes and events are the entries of [`Outcome`] and [`Event`], those of curves the entries of [`CurveRow`], those of
//! panels the entries of [`StatePanelRow`] and [`DyadPanelRow`]. The other tables are listed here; the code that writes them is checked against the list.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use spiral_analysis::table::CurveRow;
use spiral_analysis::{DyadPanelRow, StatePanelRow, TallyRow};
use spiral_model::table_row::{ColumnDefinition, ColumnType, Count, TableRow};
use spiral_model::{Event, Outcome};

use crate::tables::Table;

/// A table of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDefinition {
    /// Its name: the file without its ending.
    pub name: &'static str,
    /// What one row describes: `a history`.
    pub rows: &'static str,
    /// Its columns, in order.
    pub columns: Cow<'static, [ColumnDefinition]>,
    /// The columns that come after them, one for each factor, parameter or group of the study; the name says of which.
    pub repeated: Option<ColumnDefinition>,
}

const TEXT: ColumnType = ColumnType::Text;
const INTEGER: ColumnType = ColumnType::Int32;
const NUMBER: ColumnType = ColumnType::Float64;

const fn column(name: &'static str, holds: ColumnType, unit: &'static str, meaning: &'static str) -> ColumnDefinition {
    ColumnDefinition::new(name, holds, unit, meaning)
}

const SCENARIO: ColumnDefinition = column("scenario", TEXT, "", "Name of the scenario.");
const POINT: ColumnDefinition = column("point", INTEGER, "", "Number of the design point, from 0.");
const OUTCOME: ColumnDefinition = column("outcome", TEXT, "", "Name of the outcome that is estimated.");
const UNIT: ColumnDefinition = column("unit", TEXT, "", "Unit of the estimate.");
const ESTIMATE: ColumnDefinition =
    column("estimate", NUMBER, "", "The estimate, in the unit of its row; empty where there is none.");
const LOWER: ColumnDefinition = column("lower", NUMBER, "", "Lower end of the 95 % interval; empty where there is none.");
const UPPER: ColumnDefinition = column("upper", NUMBER, "", "Upper end of the 95 % interval; empty where there is none.");
const SAMPLE: ColumnDefinition = column("n", INTEGER, "count", "Size of the sample on which the estimate rests.");
const METHOD: ColumnDefinition = column("method", TEXT, "", "How the interval was computed.");
const CANDIDATE: ColumnDefinition = column("candidate", INTEGER, "", "Number of the candidate, from 0.");
const DISTANCE: ColumnDefinition =
    column("distance", NUMBER, "", "Distance of the candidate from the targets; empty where its values make no valid scenario.");
const PARAMETER: ColumnDefinition = column("<parameter>", NUMBER, "", "Value of the parameter, in the parameter's own unit.");

/// The first columns of a row that belongs to one scenario and point.
pub(crate) const WHICH_POINT: [ColumnDefinition; 2] = [SCENARIO, POINT];

spiral_model::table_row! {
    /// A history that failed, in one row.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct FailureRow {
        /// Number of the history, from 0.
        history: u32 as Count = 0, "";
        /// Seed of the study.
        seed: String = String::new(), "";
        /// Where in the run the history failed.
        stage: String = String::new(), "";
        /// What was wrong.
        message: String = String::new(), "";
        /// Command that simulates the history again, to be called in the directory of the study.
        replay: String = String::new(), "";
    }
}

/// The columns of a type of rows.
fn fields<Row: TableRow>() -> impl Iterator<Item = ColumnDefinition> {
    Row::FIELDS.iter().map(|field| field.column)
}

impl Table {
    /// What a row is, and its columns.
    #[must_use]
    pub fn definition(self) -> TableDefinition {
        let (rows, columns) = match self {
            Self::Outcomes => ("a history", WHICH_POINT.into_iter().chain(fields::<Outcome>()).collect()),
            Self::Curves => ("a metric of a state, or of the whole system, at a date", fields::<CurveRow>().collect()),
            Self::Events => {
                ("an event of a history whose events are kept", WHICH_POINT.into_iter().chain(fields::<Event>()).collect())
            }
            Self::States => (
                "a state in a period of a history that is kept with --panel",
                WHICH_POINT.into_iter().chain(fields::<StatePanelRow>()).collect(),
            ),
            Self::Dyads => (
                "a pair of states in a period of a history that is kept with --panel",
                WHICH_POINT.into_iter().chain(fields::<DyadPanelRow>()).collect(),
            ),
            Self::Tallies => (
                "a number of an outcome at a point of a study with --rows none",
                WHICH_POINT.into_iter().chain(fields::<TallyRow>()).collect(),
            ),
            Self::Failures => ("a history that failed", WHICH_POINT.into_iter().chain(fields::<FailureRow>()).collect()),
        };
        TableDefinition { name: self.name(), rows, columns, repeated: None }
    }
}

const fn table(
    name: &'static str,
    rows: &'static str,
    columns: &'static [ColumnDefinition],
    repeated: Option<ColumnDefinition>,
) -> TableDefinition {
    TableDefinition { name, rows, columns: Cow::Borrowed(columns), repeated }
}

/// The tables that only some studies have.
const OF_SOME_STUDIES: [TableDefinition; 9] = [
    table(
        "points",
        "a design point of a sweep",
        &[POINT, SCENARIO],
        Some(column(
            "<factor>",
            NUMBER,
            "",
            "Value of the factor, in the factor's own unit; empty where the point leaves it as the scenario has it.",
        )),
    ),
    table(
        "responses",
        "an outcome at a design point of a sweep",
        &[POINT, OUTCOME, UNIT, ESTIMATE, LOWER, UPPER, SAMPLE, METHOD],
        None,
    ),
    table(
        "effects",
        "an outcome at a design point of a sweep, compared with the first point",
        &[
            POINT,
            column("against", INTEGER, "", "Number of the design point with which it is compared."),
            OUTCOME,
            column("unit", TEXT, "", "Unit of the difference."),
            column(
                "difference",
                NUMBER,
                "",
                "The outcome at the point minus the outcome at the other point; empty where there is none.",
            ),
            LOWER,
            UPPER,
            METHOD,
            column(
                "variance_reduction",
                NUMBER,
                "factor",
                "How many times more histories independent draws would need for the same precision; empty where it is not estimated.",
            ),
        ],
        None,
    ),
    table(
        "sensitivity",
        "a sensitivity measure of a factor for an outcome",
        &[
            OUTCOME,
            column("factor", TEXT, "", "Name of the factor."),
            column(
                "measure",
                TEXT,
                "",
                "Name of the sensitivity measure: mu_star, mu and sigma (Morris), first_order and total (Sobol).",
            ),
            ESTIMATE,
            LOWER,
            UPPER,
            column("rows", INTEGER, "count", "Rows of the design on which the estimate rests."),
            METHOD,
        ],
        None,
    ),
    table(
        "explain",
        "an estimate of what explains the difference between two scenarios",
        &[
            OUTCOME,
            UNIT,
            column(
                "kind",
                TEXT,
                "",
                "What the estimate is: world (the outcome of one scenario), share (the part of the difference that one group explains), \
                 interaction (the part that two groups explain only together) or difference (the second scenario minus the first).",
            ),
            column("name", TEXT, "", "Name of the scenario, group or pair of groups."),
            ESTIMATE,
            LOWER,
            UPPER,
            SAMPLE,
            METHOD,
        ],
        None,
    ),
    table(
        "coalitions",
        "a combination of groups that are taken from the second scenario",
        &[
            column(
                "coalition",
                INTEGER,
                "",
                "Number of the combination: bit 0 for the first group, bit 1 for the second, and so on.",
            ),
            POINT,
        ],
        Some(column("<group>", INTEGER, "", "1 where the group is taken from the second scenario, 0 where it is not.")),
    ),
    table(
        "candidates",
        "a candidate of a calibration",
        &[CANDIDATE, column("generation", INTEGER, "", "Step of the search in which it was simulated."), DISTANCE],
        Some(PARAMETER),
    ),
    table(
        "simulated",
        "a candidate and a number of a target of a calibration",
        &[
            CANDIDATE,
            column("target", TEXT, "", "Name of the target."),
            column("date", NUMBER, "year", "Date of the number; empty where the target has no date."),
            column("observed", NUMBER, "", "The number in history, in the unit of the target."),
            column("simulated", NUMBER, "", "The number in the simulation; empty where there is none."),
        ],
        None,
    ),
    table(
        "posterior",
        "a candidate of the posterior sample of a calibration",
        &[CANDIDATE, column("weight", NUMBER, "share", "Weight of the candidate in the sample."), DISTANCE],
        Some(PARAMETER),
    ),
];

/// Every table that a study can hold, those of every study first.
#[must_use]
pub fn table_definitions() -> Vec<TableDefinition> {
    Table::ALL.map(Table::definition).into_iter().chain(OF_SOME_STUDIES).collect()
}

impl TableDefinition {
    /// The column of this name; a name that is not in the list is one of the repeated columns, if the table has them.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnDefinition> {
        self.columns.iter().find(|column| column.name == name).or(self.repeated.as_ref())
    }
}

/// The type of a column in Arrow.
pub(crate) fn arrow_field(name: &str, column: &ColumnDefinition) -> Field {
    let data_type = match column.holds {
        ColumnType::Text | ColumnType::State | ColumnType::Failure => DataType::Utf8,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Int32 | ColumnType::CowCode => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
    };
    Field::new(name, data_type, column.nullable)
}

/// The columns of a table in Arrow.
pub(crate) fn arrow_schema(columns: &[ColumnDefinition]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|column| arrow_field(column.name, column)).collect::<Vec<Field>>()))
}
