//! The tables as others read them.

use std::fs::{self, File};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{Fake, plan, run_fake};
use crate::run::in_memory_with;
use crate::tables::Table;
use crate::{Plan, Silent, Study};

const OUTCOMES: &str = "scenario point history inert crises wars war first_war_date general_war general_war_date motive \
    initiator target belligerents_30d great_powers_30d days_crisis_to_war peak_burden arms_growth spiral_rate entrapments \
    abandonments ended great_power_crises days_crisis_to_general_war passed great_power_dyad_years war_years end_date failure \
    conquests concentration";
const CURVES: &str = "scenario point date state metric at_risk mean sd q05 q25 q50 q75 q95";
const EVENTS: &str = "scenario point history crisis date day kind actor target fear first_strike_win strike_advantage motive";

fn complete(plan: &Plan) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    run_fake::<16>(plan, directory.path(), false, 2, &Silent).expect("the study runs");
    directory
}

fn read(directory: &tempfile::TempDir, name: &str) -> RecordBatch {
    let file = File::open(directory.path().join(name)).expect("the table");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is a Parquet file");
    let schema = builder.schema().clone();
    let batches: Vec<RecordBatch> = builder.build().expect("a reader").map(|batch| batch.expect("a batch")).collect();
    arrow::compute::concat_batches(&schema, &batches).expect("batches of one schema")
}

#[test]
fn columns_have_the_names_and_order_of_the_contract() {
    let directory = complete(&plan(150));
    for (table, columns) in [("outcomes", OUTCOMES), ("curves", CURVES), ("events", EVENTS)] {
        let batch = read(&directory, &format!("{table}.parquet"));
        let names: Vec<&str> = batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        // Columns that were added later stand after those of the contract.
        assert!(names.starts_with(&columns.split_whitespace().collect::<Vec<_>>()), "{table}.parquet: {names:?}");
        let text = fs::read_to_string(directory.path().join(format!("{table}.csv"))).expect("the CSV table");
        assert_eq!(text.lines().next().map(|line| line.replace(',', " ")), Some(names.join(" ")), "{table}.csv");
        assert_eq!(text.lines().count(), batch.num_rows() + 1, "{table}.csv has a line for each row");
    }
}

#[test]
fn outcomes_are_there_with_nulls_for_what_did_not_happen() {
    let directory = complete(&plan(150));
    let batch = read(&directory, "outcomes.parquet");
    let source = in_memory_with::<Fake<1>, 1>(&plan(150), &Silent).expect("a study").outcomes().expect("outcomes");
    assert_eq!(batch.num_rows(), 300);
    let text = |name: &str, row: usize| {
        let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
        (!column.is_null(row)).then(|| column.value(row).to_string())
    };
    let number = |name: &str, row: usize| {
        let column = batch.column_by_name(name).expect("a column").as_primitive::<Float64Type>();
        (!column.is_null(row)).then(|| column.value(row))
    };
    let integer = |name: &str, row: usize| {
        let column = batch.column_by_name(name).expect("a column").as_primitive::<Int32Type>();
        (!column.is_null(row)).then(|| column.value(row))
    };
    let codes = [["GBR", "GMY", "RUS"].as_slice(), &["FRN", "GMY"]];
    let (mut wars, mut failures) = (0, 0);
    for row in 0..300 {
        let point = row / 150;
        let outcome = &source[point][row % 150];
        let state = |position: u32| codes[point].get(position as usize).map(ToString::to_string);
        let at_war = |count: u8| outcome.first_war_date.map(|_| i32::from(count));
        let history = batch.column_by_name("history").expect("a column").as_primitive::<Int64Type>().value(row);
        let war = batch.column_by_name("war").expect("a column").as_boolean().value(row);
        assert_eq!(text("scenario", row).as_deref(), Some(["long", "short"][point]));
        assert_eq!(
            (integer("point", row), history),
            (Some(point.try_into().expect("a small number")), i64::from(outcome.history))
        );
        assert_eq!(war, outcome.first_war_date.is_some());
        assert_eq!(number("first_war_date", row), outcome.first_war_date);
        assert_eq!(number("general_war_date", row), outcome.general_war_date);
        assert_eq!(text("motive", row).as_deref(), outcome.motive.map(spiral_model::Motive::name));
        assert_eq!((text("initiator", row), text("target", row)), (state(outcome.initiator), state(outcome.target)));
        assert_eq!(integer("belligerents_30d", row), at_war(outcome.belligerents_30d));
        assert_eq!(number("peak_burden", row), Some(outcome.peak_burden).filter(|burden| burden.is_finite()));
        assert_eq!(text("ended", row).as_deref(), Some(outcome.ended.name()));
        let failure = outcome.failure.map(|f| format!("burden of {} in tick {}", codes[point][f.state as usize], f.tick));
        assert_eq!(text("failure", row), failure);
        wars += usize::from(war);
        failures += usize::from(failure.is_some());
    }
    assert!(wars > 100 && wars < 250 && failures > 0, "{wars} wars and {failures} failures test too little");
}

#[test]
fn events_are_kept_for_the_first_histories_only() {
    for (events_for, expected) in [(0, 0), (1, 1), (130, 130), (u32::MAX, 150)] {
        let plan = Plan { events_for, ..plan(150) };
        let directory = complete(&plan);
        let study = Study::open(directory.path()).expect("the study opens");
        let outcomes = study.outcomes().expect("outcomes");
        for (point, events) in study.events().expect("events").iter().enumerate() {
            let wars = outcomes[point][..expected].iter().filter(|outcome| outcome.first_war_date.is_some()).count();
            assert_eq!(events.len(), 2 * wars, "events of point {point} for {events_for}: a crisis and a strike for each war");
            assert!(events.is_sorted_by_key(|event| (event.history, event.crisis, event.day)));
        }
        assert_eq!(read(&directory, "events.parquet").num_rows(), study.events().expect("events").concat().len());
    }
}

#[test]
fn floats_are_split_by_byte_strings_have_a_dictionary_and_all_is_zstd() {
    let directory = complete(&plan(1000));
    for name in ["outcomes", "curves", "events"] {
        let file = File::open(directory.path().join(format!("{name}.parquet"))).expect("the table");
        let reader = SerializedFileReader::new(file).expect("it is a Parquet file");
        let created = reader.metadata().file_metadata().created_by().map(ToString::to_string);
        assert_eq!(created, Some(format!("spiral {}", env!("CARGO_PKG_VERSION"))));
        for column in reader.metadata().row_group(0).columns() {
            let path = column.column_path().string();
            let encodings: Vec<Encoding> = column.encodings().collect();
            assert!(matches!(column.compression(), Compression::ZSTD(_)), "{name}.{path}: {:?}", column.compression());
            match column.column_type() {
                parquet::basic::Type::DOUBLE => {
                    assert!(encodings.contains(&Encoding::BYTE_STREAM_SPLIT), "{name}.{path}: {encodings:?}");
                }
                parquet::basic::Type::BYTE_ARRAY => {
                    assert!(encodings.contains(&Encoding::RLE_DICTIONARY), "{name}.{path}: {encodings:?}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn csv_gives_numbers_back_exactly() {
    let directory = complete(&plan(150));
    let batch = read(&directory, "outcomes.parquet");
    let dates = batch.column_by_name("first_war_date").expect("a column").as_primitive::<Float64Type>();
    let mut reader = csv::Reader::from_path(directory.path().join("outcomes.csv")).expect("the CSV table");
    for (row, record) in reader.records().enumerate() {
        let record = record.expect("a record");
        let field = &record[7];
        let expected = (!dates.is_null(row)).then(|| dates.value(row).to_bits());
        assert_eq!(field.parse::<f64>().ok().map(f64::to_bits), expected, "row {row}: `{field}`");
        assert!(["true", "false"].contains(&&record[6]), "row {row}: `{}`", &record[6]);
    }
}

#[test]
fn every_column_has_a_meaning() {
    for table in Table::ALL {
        for column in table.schema().fields() {
            let about = table.meaning(column.name()).unwrap_or_default();
            assert!(about.ends_with('.'), "{} {}: {about:?}", table.name(), column.name());
        }
        assert_eq!(table.meaning("no such column"), None);
    }
}
