//! Initialisation, input data and submodels.

use std::collections::BTreeMap;

use spiral_model::mechanisms::{Parameters, REGISTRY};
use spiral_model::setup::Interpolation;
use spiral_scenario::{Origin, ResolvedRow};

use super::{Markdown, Subject};
use crate::history::dates;
use crate::origin::origin;

pub(super) fn write(text: &mut Markdown, subject: &Subject<'_>) {
    initialisation(text, subject);
    input_data(text, subject);
    submodels(text, subject);
}

/// Whether a row is a parameter of the system.
fn of_system(row: &ResolvedRow) -> bool {
    Parameters::GROUPS.iter().any(|(group, _)| row.path.split('.').next() == Some(*group))
}

fn initialisation(text: &mut Markdown, subject: &Subject<'_>) {
    let scenario = &subject.world.scenario;
    text.heading(2, "5. Initialisation");
    text.paragraph(
        "Every history starts from the numbers below; only the type of a state is drawn, if it can be greedy. Where no \
         arms are given, a state starts with the stock that its habitual burden maintains, divided into offence and defence by its \
         posture; the customary threat starts at the threat of the first date, mistrust at the prior with the dyad's shift, and \
         no state is at war. Parameters of the system are in section 7.",
    );
    let states =
        scenario.setup.states.iter().zip(&scenario.state_names).map(|(state, name)| {
            vec![state.code.clone(), name.clone(), if state.great_power { "yes" } else { "no" }.to_string()]
        });
    text.table(&["state", "name", "great power"], states.collect());
    let rows: Vec<&ResolvedRow> = subject.rows.iter().filter(|row| row.date.is_none() && !of_system(row)).collect();
    let (given, default): (Vec<&ResolvedRow>, Vec<&ResolvedRow>) =
        rows.into_iter().partition(|row| !matches!(row.origin, Origin::Default));
    text.paragraph("Numbers that the scenario gives. The dated values of a series are in section 6.");
    text.table(&["number", "value", "unit", "origin"], given.into_iter().map(numbers).collect());
    text.paragraph(
        "Numbers that the scenario does not give: the program's default, the same for every state or pair that is not listed above:",
    );
    let mut defaults: BTreeMap<String, (String, String, Vec<String>)> = BTreeMap::new();
    for row in default {
        let mut parts = row.path.split('.');
        let (kind, whose, name) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let entry =
            defaults.entry(format!("{kind}.*.{name}")).or_insert_with(|| (row.value.clone(), row.unit.clone(), Vec::new()));
        entry.2.push(whose.to_string());
    }
    let all = scenario.setup.states.len();
    let rows = defaults.into_iter().map(|(path, (value, unit, whose))| {
        let whose = if whose.len() == all || whose.iter().any(|name| name == "*") { "all".to_string() } else { whose.join(" ") };
        vec![format!("`{path}`"), value, unit, whose]
    });
    text.table(&["number", "value", "unit", "whose"], rows.collect());
}

fn numbers(row: &ResolvedRow) -> Vec<String> {
    // Distances of capitals come with all the digits of an arc on a sphere.
    let computed = matches!(row.origin, Origin::Capitals).then(|| row.value.parse::<f64>().ok()).flatten();
    let value = computed.map_or_else(|| row.value.clone(), |value| format!("{value:.1}"));
    vec![format!("`{}`", row.path), value, row.unit.clone(), origin(row)]
}

fn input_data(text: &mut Markdown, subject: &Subject<'_>) {
    let scenario = &subject.world.scenario;
    let setup = &scenario.setup;
    text.heading(2, "6. Input data");
    let dated = subject.runs("timeline");
    if dated {
        text.paragraph(
            "No data are read while the model runs. Its external drivers are in the scenario: numbers with dates, and dated crises.",
        );
    } else {
        text.paragraph(
            "Dated changes are switched off: every number keeps its first value, except output, which continues to grow.",
        );
    }
    let tracks = setup.tracks.iter().filter(|track| dated || setup.is_output(track.target));
    let rows = tracks.map(|track| {
        let between = match track.interpolation {
            Interpolation::Step => "holds",
            Interpolation::Linear => "straight line",
            Interpolation::Geometric => "constant growth, also after the last point",
        };
        let points: Vec<String> =
            track.points.iter().map(|(date, value)| format!("{value} from {}", dates::day(*date))).collect();
        vec![format!("`{}`", setup.path(track.target)), points.join("; "), between.to_string()]
    });
    text.table(&["number", "values", "between"], rows.collect());
    if dated {
        let rows = setup.incidents.iter().map(|incident| {
            let crisis = incident.crisis.map_or_else(String::new, |(challenger, defender)| {
                format!("crisis: {} challenges {}", setup.states[challenger].code, setup.states[defender].code)
            });
            vec![dates::day(incident.date), incident.what.clone(), crisis]
        });
        text.table(&["date", "what", "crisis that it causes"], rows.collect());
        let rows: Vec<Vec<String>> = subject
            .rows
            .iter()
            .filter_map(|row| {
                Some(vec![dates::day(row.date?), format!("`{}`", row.path), row.value.clone(), row.unit.clone(), origin(row)])
            })
            .collect();
        if !rows.is_empty() {
            text.paragraph("Values that the timeline sets, with their sources:");
            text.table(&["from", "number", "value", "unit", "origin"], rows);
        }
    }
    let mut observed: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for seen in &scenario.observed {
        *observed.entry((seen.state.as_str(), seen.metric.as_str(), seen.source.as_str())).or_default() += 1;
    }
    if !observed.is_empty() {
        text.paragraph(
            "Observed values of history are drawn together with the simulated curves; the simulation does not use them:",
        );
        let rows = observed.into_iter().map(|((state, metric, source), values)| {
            vec![state.to_string(), metric.to_string(), values.to_string(), source.to_string()]
        });
        text.table(&["state", "metric", "values", "source"], rows.collect());
    }
}

fn submodels(text: &mut Markdown, subject: &Subject<'_>) {
    text.heading(2, "7. Submodels");
    text.paragraph("Each mechanism states a claim about the world, and can be switched off by its name.");
    let setup = &subject.world.scenario.setup;
    for entry in subject.running() {
        let page = entry.page();
        text.heading(3, &format!("{} (`{}`)", page.title, entry.name));
        text.paragraph(&page.claim);
        text.paragraph(&page.equation);
        text.paragraph(&format!("Source: {}", page.source));
        if !page.deviation.is_empty() {
            text.paragraph(&format!("Deviation: {}", page.deviation));
        }
        text.paragraph(&format!("Switched off: {}", page.off));
        let own = |row: &&ResolvedRow| row.date.is_none() && row.path.split('.').next() == Some(entry.name);
        let rows = subject.rows.iter().filter(own).map(|row| {
            let target = setup.resolve(&row.path).ok().and_then(|targets| targets.first().copied());
            let range = target.map_or_else(String::new, |target| {
                let specification = setup.specification(target);
                format!("{} to {}", specification.low, specification.high)
            });
            let meaning = row.meaning.to_string();
            vec![
                format!("`{}`", row.path),
                row.symbol.to_string(),
                row.value.clone(),
                row.unit.clone(),
                range,
                meaning,
                origin(row),
            ]
        });
        text.table(&["parameter", "symbol", "value", "unit", "allowed", "meaning", "origin"], rows.collect());
    }
    let off = REGISTRY.iter().filter(|entry| !subject.runs(entry.name));
    let rows: Vec<Vec<String>> = off.map(|entry| vec![format!("`{}`", entry.name), entry.page().off]).collect();
    if !rows.is_empty() {
        text.heading(3, "Mechanisms that are switched off");
        text.table(&["mechanism", "what the world is like without it"], rows);
    }
}
