use std::collections::BTreeMap;
use std::path::Path;

use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::value::Value as StataValue;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use spiral_analysis::DyadPanelRow;
use spiral_ensemble::PanelOptions;
use spiral_model::table_row::TableRow;

use super::table::fields;
use super::*;
use crate::tables::Table;
use crate::tests::plan;
use crate::{Plan, Silent};

/// A study of two short worlds with panels of 40 histories.
fn study(by: PanelPeriod) -> tempfile::TempDir {
    let panel = Some(PanelOptions { histories: 40, by });
    let mut plan = Plan { panel, through_war: true, ..plan(60) };
    for point in &mut plan.points {
        point.setup.horizon.end = 1903.0;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    crate::run(&plan, directory.path(), false, &Silent).expect("the study runs");
    directory
}

/// A Stata file as the library reads it: names, labels and rows as text, and the labels of values.
struct Read {
    names: Vec<String>,
    labels: Vec<String>,
    rows: Vec<Vec<String>>,
    values: BTreeMap<String, Vec<(i32, String)>>,
}

fn read(path: &Path) -> Read {
    let reader = DtaReader::new().from_path(path).expect("a Stata file").read_header().expect("a header");
    let mut characteristics = reader.read_schema().expect("variables");
    characteristics.skip_to_end().expect("characteristics");
    let mut records = characteristics.into_record_reader().expect("records");
    let variables = records.schema().variables().to_vec();
    let mut rows = Vec::new();
    while let Some(record) = records.read_record().expect("a row") {
        rows.push(record.values().iter().map(text).collect());
    }
    let mut strings = records.into_long_string_reader().expect("long strings");
    strings.skip_to_end().expect("long strings");
    let mut reader = strings.into_value_label_reader().expect("labels");
    let mut table = ValueLabelTable::new();
    reader.read_remaining_into(&mut table).expect("labels");
    let entries = |set: &dta::stata::dta::value_label::ValueLabelSet| {
        (set.name().to_string(), set.entries().iter().map(|entry| (entry.value(), entry.label().to_string())).collect())
    };
    Read {
        names: variables.iter().map(|variable| variable.name().to_string()).collect(),
        labels: variables.iter().map(|variable| variable.label().to_string()).collect(),
        rows,
        values: table.iter().map(entries).collect(),
    }
}

/// A value as the CSV file has it.
fn text(value: &StataValue<'_>) -> String {
    match value {
        StataValue::Byte(StataByte::Present(value)) => value.to_string(),
        StataValue::Int(StataInt::Present(value)) => value.to_string(),
        StataValue::Long(StataLong::Present(value)) => value.to_string(),
        StataValue::Double(StataDouble::Present(value)) => format!("{value:?}"),
        StataValue::String(text) => text.to_string(),
        _ => String::new(),
    }
}

#[test]
fn a_stata_file_holds_what_the_csv_file_holds() {
    let study = study(PanelPeriod::Year);
    for unit in ExportUnit::ALL {
        let csv = export(study.path(), unit, ExportFormat::Csv).expect("it is written");
        let dta = export(study.path(), unit, ExportFormat::Dta).expect("it is written");
        let parquet = export(study.path(), unit, ExportFormat::Parquet).expect("it is written");
        assert_eq!((csv.rows, csv.columns), (dta.rows, dta.columns));
        assert_eq!((csv.rows, csv.columns), (parquet.rows, parquet.columns));
        let found = read(&dta.path);
        let mut reader = csv::Reader::from_path(&csv.path).expect("a CSV file");
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_string).collect();
        assert_eq!(found.names, header);
        assert!(found.labels.iter().all(|label| !label.is_empty() && label.chars().count() <= 80), "{:?}", found.labels);
        let all = fields(unit);
        let mut rows = 0;
        for (record, row) in reader.records().zip(&found.rows) {
            for ((cell, value), field) in record.expect("a record").iter().zip(row).zip(&all) {
                let named = field.place(cell).filter(|_| field.kind == table::Kind::Named).map(|place| place.to_string());
                assert_eq!(named.as_deref().unwrap_or(cell), value, "{} of {}", field.name, unit.name());
            }
            rows += 1;
        }
        assert_eq!((rows, found.rows.len() as u64), (csv.rows, csv.rows), "{}", unit.name());
        assert!(rows > 0, "{} has no rows: the test shows too little", unit.name());
        for field in all.iter().filter(|field| !field.values.is_empty()) {
            let labels: Vec<(i32, String)> = field.values.iter().map(|(value, label)| (*value, (*label).to_string())).collect();
            assert_eq!(found.values[field.name], labels);
        }
    }
    let scripts = |name: &str| fs::read_to_string(study.path().join("export").join(name)).expect("a script");
    let (r, stata) = (scripts("load.R"), scripts("load.do"));
    for line in [
        "dyad_year <- utils::read.csv(\"dyad-year.csv\", na.strings = \"\", encoding = \"UTF-8\")",
        "attr(dyad_year$midonset, \"label\") <- \"Onset of a dispute\"",
        "\"display of force\" = 3",
        "attr(state_year$major, \"labels\") <- c(\"no\" = 0, \"yes\" = 1)",
    ] {
        assert!(r.contains(line), "load.R lacks {line}:\n{r}");
    }
    assert!(stata.contains("frame dyad_year {\n    use \"dyad-year.dta\", clear\n}"), "{stata}");
}

#[test]
fn the_names_are_those_of_conflict_data() {
    let names = |unit| fields(unit).iter().map(|field| field.name).collect::<Vec<_>>();
    let dyads = names(ExportUnit::DyadYear);
    let expected =
        ["scenario", "point", "history", "year", "stateabb1", "ccode1", "stateabb2", "ccode2", "capdist", "contact", "conttype"];
    assert_eq!(dyads[..expected.len()], expected);
    for name in ["defense", "capratio", "midonset", "midongoing", "hihost", "waronset", "wardays"] {
        assert!(dyads.contains(&name), "{name}");
    }
    assert_eq!(names(ExportUnit::StateYear)[..6], ["scenario", "point", "history", "year", "stateabb", "ccode"]);
    assert!(names(ExportUnit::Event).contains(&"ccode2") && names(ExportUnit::History).contains(&"initiator_ccode"));
    for unit in ExportUnit::ALL {
        let all = fields(unit);
        for field in &all {
            assert!(field.name.len() <= 32, "{} is too long for Stata", field.name);
            assert_eq!(all.iter().filter(|other| other.name == field.name).count(), 1, "{}", field.name);
            let texts = field.values.iter().map(|(_, label)| *label).chain([field.label.as_str()]);
            assert!(texts.into_iter().all(|text| !text.contains(['"', '\\'])), "{}: {}", field.name, field.label);
            assert!(field.label.chars().count() <= 80, "{}: {}", field.name, field.label);
        }
        // Every special column comes from a column that the study has.
        let made: usize = unit.special().iter().filter(|special| dyads_has(unit, special.from)).count();
        assert_eq!(made, unit.special().len(), "{}", unit.name());
    }
}

fn dyads_has(unit: ExportUnit, column: &str) -> bool {
    unit.table().definition().columns.iter().any(|other| other.name == column)
}

#[test]
fn the_state_with_the_lower_number_stands_first() {
    let row = DyadPanelRow {
        date: 1905.0,
        state_a: 0,
        state_b: 1,
        threat_a: 3.0,
        threat_b: 7.0,
        risk_a: Some(0.5),
        hostility: 3,
        ..DyadPanelRow::BLANK
    };
    let one = |codes: [&str; 2]| {
        let states = codes.map(str::to_string);
        let batch = crate::tables::panel_batch(Table::Dyads, "pair", 0, &states, &[row]).expect("a batch");
        let all = fields(ExportUnit::DyadYear);
        let value = |name: &str| format!("{:?}", all.iter().find(|field| field.name == name).expect("a field").value(&batch, 0));
        ["stateabb1", "ccode1", "ccode2", "threat1", "risk1", "risk2", "hihost", "year"].map(value).join(" ")
    };
    // Austria-Hungary is 300 and France 220, so they change places; Germany is 255.
    let expected = "Text(\"FRA\") Integer(220) Integer(300) Number(7.0) Missing Number(0.5) Integer(3) Integer(1905)";
    assert_eq!(one(["AUH", "FRA"]), expected);
    let expected = "Text(\"FRA\") Integer(220) Integer(255) Number(3.0) Number(0.5) Missing Integer(3) Integer(1905)";
    assert_eq!(one(["FRA", "GER"]), expected);
    let expected = "Text(\"X\") Missing Integer(255) Number(3.0) Number(0.5) Missing Integer(3) Integer(1905)";
    assert_eq!(one(["X", "GER"]), expected, "a state without a number stays where it is");
}

#[test]
fn contacts_give_back_the_types_of_contiguity_from_which_they_come() {
    let kinds = [1.0, 0.6, 0.5, 0.35, 0.25, 0.1, 0.0].map(units::contiguity);
    assert_eq!(kinds, [1, 2, 3, 4, 5, 0, 0]);
}

#[test]
fn what_a_study_does_not_hold_is_refused_with_the_remedy() {
    let ticks = study(PanelPeriod::Tick);
    let told = |directory: &Path, unit| {
        export(directory, unit, ExportFormat::Csv).map_or_else(|error| error.to_string(), |exported| format!("{exported:?}"))
    };
    let by_tick = told(ticks.path(), ExportUnit::StateYear);
    assert!(by_tick.contains("by tick") && by_tick.contains("--panel-by year"), "{by_tick}");
    assert!(!ticks.path().join("export").exists(), "nothing is left behind");
    let plain = tempfile::tempdir().expect("a temporary directory");
    let mut without = plan(20);
    without.points.iter_mut().for_each(|point| point.setup.horizon.end = 1901.0);
    crate::run(&without, plain.path(), false, &Silent).expect("the study runs");
    let no_panel = told(plain.path(), ExportUnit::DyadYear);
    assert!(no_panel.contains("--panel N") && no_panel.contains("spiral compare"), "{no_panel}");
    assert!(told(plain.path(), ExportUnit::History).contains("history.csv"));
    let nothing = tempfile::tempdir().expect("a temporary directory");
    assert!(told(nothing.path(), ExportUnit::History).contains("holds no study"));
}
