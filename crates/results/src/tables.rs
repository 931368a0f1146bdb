//! The tables of a study in memory, by name.

use spiral_study::{RecordBatch, StudyKind, Table, named_table, points_table};

use crate::Error;
use crate::explanation::share_columns;
use crate::finish::StudyResults;
use crate::sensitivity::index_columns;
use crate::sweep::{SweepResults, effect_columns, response_columns};
use crate::{SensitivitySummary, SweepSummary, to_json};

impl StudyResults {
    /// What kind of study it is.
    #[must_use]
    pub fn kind(&self) -> StudyKind {
        self.study().map_or(StudyKind::Calibrate, |study| study.manifest().kind)
    }

    /// Names of the tables that [`StudyResults::table`] gives.
    #[must_use]
    pub fn table_names(&self) -> Vec<&'static str> {
        let rows: &[&str] = match self {
            Self::Comparison(_) => &[],
            Self::Sweep(results) if results.responses.effects.is_empty() => &["points", "responses"],
            Self::Sweep(_) => &["points", "responses", "effects"],
            Self::Sensitivity(_) => &["points", "responses", "sensitivity"],
            Self::Explanation(_) => &["explain"],
            Self::Calibration(_) => return Vec::new(),
        };
        let Some(manifest) = self.study().map(spiral_study::Study::manifest) else { return Vec::new() };
        let tables = Table::of_study(manifest.panel.is_some(), manifest.rows);
        tables.map(Table::name).chain(rows.iter().copied()).collect()
    }

    /// A table with the columns of its file, as one Arrow batch or more. Every call makes them anew.
    ///
    /// # Errors
    /// A name of no table of this study; a file that cannot be read.
    pub fn table(&self, name: &str) -> Result<Vec<RecordBatch>, Error> {
        if let (Some(table), Some(study)) = (Table::ALL.into_iter().find(|table| table.name() == name), self.study()) {
            let mut batches = study.record_batches(table)?;
            if batches.is_empty() {
                batches.push(RecordBatch::new_empty(table.schema()));
            }
            return Ok(batches);
        }
        let sweep: Option<&SweepResults> = match self {
            Self::Sweep(results) => Some(results),
            Self::Sensitivity(results) => Some(&results.sweep),
            _ => None,
        };
        let batch = match (name, sweep, self) {
            ("points", Some(sweep), _) => points_table(&sweep.plan)?,
            ("responses", Some(sweep), _) => named_table(name, &response_columns(&sweep.responses))?,
            ("effects", Some(sweep), _) if !sweep.responses.effects.is_empty() => {
                named_table(name, &effect_columns(&sweep.responses))?
            }
            ("sensitivity", _, Self::Sensitivity(results)) => named_table(name, &index_columns(&results.indices))?,
            ("explain", _, Self::Explanation(results)) => named_table(name, &share_columns(&results.explanation))?,
            _ => {
                let names = self.table_names().join(", ");
                return Err(Error::Request(format!("this study has no table `{name}`; it has {names}")));
            }
        };
        Ok(vec![batch])
    }

    /// The results as JSON text: what `summary.json` holds, of a sensitivity study `sensitivity.json`, of an explanation `explain.json`,
    /// of a calibration `calibration.json`.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub fn json(&self) -> Result<String, Error> {
        match self {
            Self::Comparison(results) => to_json(&results.summary),
            Self::Sweep(results) => {
                let summary: SweepSummary = results.summary();
                to_json(&summary)
            }
            Self::Sensitivity(results) => {
                let summary: SensitivitySummary<'_> = results.summary();
                to_json(&summary)
            }
            Self::Explanation(results) => to_json(&results.explanation),
            Self::Calibration(results) => to_json(&**results),
        }
    }
}
