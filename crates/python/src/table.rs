//! A table of a study, which any library that knows Arrow reads without a copy.

use arrow::array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::ffi::FFI_ArrowSchema;
use arrow::ffi_stream::FFI_ArrowArrayStream;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use spiral_results::table_definitions;

use crate::errors::unexpected;

/// Rows in memory, in batches of one schema.
#[pyclass(frozen, module = "spiral._spiral")]
pub(crate) struct Table {
    name: String,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// A table of at least one batch.
    pub(crate) fn new(name: &str, batches: Vec<RecordBatch>) -> PyResult<Self> {
        let schema = batches.first().map(RecordBatch::schema).ok_or_else(|| unexpected("a table has no batch"))?;
        Ok(Self { name: name.to_string(), schema, batches })
    }
}

#[pymethods]
impl Table {
    /// Name of the table.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Number of rows.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Name, unit and meaning of each column, in order.
    #[getter]
    fn columns(&self) -> Vec<(String, String, String)> {
        let listed = table_definitions().into_iter().find(|table| table.name == self.name);
        let described = |name: &String| {
            let column = listed.as_ref().and_then(|table| table.column(name));
            let (unit, meaning) = column.map_or(("", ""), |column| (column.unit, column.meaning));
            (name.clone(), unit.to_string(), meaning.trim().to_string())
        };
        self.schema.fields().iter().map(|field| described(field.name())).collect()
    }

    /// The first rows as text, nothing where there is no value.
    fn first_rows(&self, number: usize) -> PyResult<Vec<Vec<String>>> {
        let options = FormatOptions::default();
        let mut rows = Vec::new();
        for batch in &self.batches {
            let formatters: Result<Vec<_>, _> =
                batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options)).collect();
            let formatters = formatters.map_err(unexpected)?;
            for row in 0..batch.num_rows().min(number - rows.len()) {
                rows.push(formatters.iter().map(|column| column.value(row).to_string()).collect());
            }
        }
        Ok(rows)
    }

    /// Addresses of the first buffer of each column of each batch: they show that a reader made no copy.
    fn addresses(&self) -> Vec<Vec<usize>> {
        let first = |column: &dyn Array| column.to_data().buffers().first().map_or(0, |buffer| buffer.as_ptr() as usize);
        self.batches.iter().map(|batch| batch.columns().iter().map(|column| first(column.as_ref())).collect()).collect()
    }

    /// The rows as a stream of Arrow's C interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A reader may ask for another schema; the interface allows to give one's own.
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader: Box<dyn RecordBatchReader + Send> = Box::new(RecordBatchIterator::new(batches, self.schema.clone()));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
    }

    /// Names and types of the columns as a schema of Arrow's C interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(unexpected)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }
}
