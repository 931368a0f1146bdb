//! The tables `states` and `dyads`, written from the rows of the parts.

use std::path::Path;

use spiral_analysis::{DyadPanelRow, PanelRows, StatePanelRow};
use spiral_model::table_row::TableRow;

use crate::Error;
use crate::tables::{self, Table, Writer};

/// Rows that are written at a time. Always as many, so that the bytes of the files depend on the rows alone and not on the blocks in
/// which they came.
const ROWS: usize = 16_384;

/// Rows that wait until there are enough of them.
struct Regrouped<Row> {
    table: Table,
    writer: Writer,
    waiting: Vec<Row>,
}

impl<Row: TableRow> Regrouped<Row> {
    fn start(table: Table, directory: &Path) -> Result<Self, Error> {
        Ok(Self { table, writer: Writer::start(table, directory)?, waiting: Vec::new() })
    }

    /// Writes as many full groups as there are; with `all` the rest too.
    fn write(&mut self, of: &PointNames<'_>, all: bool) -> Result<(), Error> {
        let full = self.waiting.len() / ROWS * ROWS;
        let ready = if all { self.waiting.len() } else { full };
        for rows in self.waiting[..ready].chunks(ROWS) {
            self.writer.add(&tables::panel_batch(self.table, of.scenario, of.point, of.states, rows)?)?;
        }
        self.waiting.drain(..ready);
        Ok(())
    }
}

/// The point to which rows belong.
pub(crate) struct PointNames<'a> {
    pub(crate) scenario: &'a str,
    pub(crate) point: u32,
    pub(crate) states: &'a [String],
}

/// Both tables while they are written.
pub(crate) struct PanelWriter {
    states: Regrouped<StatePanelRow>,
    dyads: Regrouped<DyadPanelRow>,
}

impl PanelWriter {
    pub(crate) fn start(directory: &Path) -> Result<Self, Error> {
        Ok(Self { states: Regrouped::start(Table::States, directory)?, dyads: Regrouped::start(Table::Dyads, directory)? })
    }

    /// Adds rows of a point, by history.
    pub(crate) fn add(&mut self, of: &PointNames<'_>, mut rows: PanelRows) -> Result<(), Error> {
        self.states.waiting.append(&mut rows.states);
        self.dyads.waiting.append(&mut rows.dyads);
        self.states.write(of, false)?;
        self.dyads.write(of, false)
    }

    /// Ends a point.
    pub(crate) fn end_point(&mut self, of: &PointNames<'_>) -> Result<(), Error> {
        self.states.write(of, true)?;
        self.dyads.write(of, true)
    }

    /// Completes both files.
    pub(crate) fn finish(self) -> Result<(), Error> {
        self.states.writer.finish()?;
        self.dyads.writer.finish()
    }
}
