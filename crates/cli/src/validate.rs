//! `spiral validate`: a scenario beside history.

use std::fs;
use std::path::Path;

use spiral_analysis::history;
use spiral_analysis::table::{Estimate, Measure};
use spiral_analysis::validation::{Histories, NumberScore, Seen, SeriesScore, Validation};
use spiral_analysis::{format_estimate, validation};
use spiral_model::Setup;
use spiral_scenario::{Scenario, import};
use spiral_study::Whole;

use crate::commands::validate::Validate;
use crate::console::{self, Cells, Console, hundredths, table, wrapped};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::worlds::{self, World};
use crate::{interrupt, pool};

/// Most bytes that the curves of all histories may take.
const MOST_BYTES: u64 = 2_000_000_000;

pub(crate) fn validate(arguments: &Validate, console: Console) -> Result<(), Failure> {
    let worlds = worlds::named(&arguments.scenario, &arguments.changes)?;
    worlds::remark_on_years(&worlds, console);
    if let Some(directory) = &arguments.out {
        empty(directory)?;
    }
    for world in &worlds {
        let setup = &world.scenario.setup;
        if Whole::bytes(setup, arguments.histories.number) > MOST_BYTES {
            let message = format!("{} is too large to be held whole: fewer histories with -n", world.scenario.name);
            return Err(Failure::Usage(message));
        }
    }
    let bare = |world: &World| world.scenario.observed.is_empty() && history::record(&world.scenario.name).is_none();
    if arguments.nmc.is_none() && worlds.iter().all(bare) {
        let message = format!(
            "there is nothing to set {} beside: its file has no `observed` series, and no record of history belongs to it; --nmc FILE \
             takes your own series",
            arguments.scenario
        );
        return Err(Failure::Usage(message));
    }
    interrupt::catch()?;
    let bar = Bar::new(u64::from(arguments.histories.number) * worlds.len() as u64, console);
    let mut validations = Vec::new();
    for world in &worlds {
        let scored = pool::on(arguments.threads.number, || score(world, arguments, &bar));
        validations.push(scored.and_then(|scored| scored).inspect_err(|_| bar.clear())?);
    }
    bar.clear();
    if let Some(directory) = &arguments.out {
        write(&validations, &worlds, directory)?;
    }
    if arguments.json.asked {
        return if let [one] = validations.as_slice() { console.print_json(one) } else { console.print_json(&validations) };
    }
    let told: Vec<String> = validations.iter().map(|validation| tell(validation, console)).collect();
    console.print(&told.join("\n\n"))?;
    match &arguments.out {
        Some(directory) if !console.quiet => {
            console.print(&format!("\nFiles  {}: validation.json and figures/", directory.display()))
        }
        _ => Ok(()),
    }
}

/// A directory that does not exist or is empty.
fn empty(directory: &Path) -> Result<(), Failure> {
    let taken = fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some());
    if taken || (directory.exists() && !directory.is_dir()) {
        return Err(Failure::Usage(format!("{} is there already; name another directory with --out", directory.display())));
    }
    Ok(())
}

fn write(validations: &[Validation], worlds: &[World], directory: &Path) -> Result<(), Failure> {
    fs::create_dir_all(directory).map_err(|source| Failure::Write { path: directory.to_path_buf(), source })?;
    let text = match validations {
        [one] => console::json(one)?,
        all => console::json(&all)?,
    };
    spiral_study::write_atomically(directory, "validation.json", format!("{text}\n").as_bytes())?;
    for (validation, world) in validations.iter().zip(worlds) {
        let states = world.scenario.setup.states.iter().zip(&world.scenario.state_names);
        let names: Vec<(String, String)> = states.map(|(state, name)| (state.code.clone(), name.clone())).collect();
        let folder = if validations.len() == 1 {
            directory.to_path_buf()
        } else {
            directory.join(validation.scenario.rsplit('/').next().unwrap_or("member"))
        };
        spiral_figures::draw_validation(validation, &names, &folder)?;
    }
    Ok(())
}

fn score(world: &World, arguments: &Validate, bar: &Bar) -> Result<Validation, Failure> {
    let scenario = &world.scenario;
    let setup = &scenario.setup;
    let codes: Vec<String> = setup.states.iter().map(|state| state.code.clone()).collect();
    let record = history::record(&scenario.name);
    let mut seen = seen(scenario, record);
    if let Some(file) = &arguments.nmc {
        seen.extend(shares(file, &codes, setup)?);
    }
    let whole = Whole::simulate(setup, arguments.seed.number, 0, arguments.histories.number, bar);
    let whole = whole.ok_or_else(|| Failure::Interrupted("interrupted: nothing is kept".to_string()))?;
    bar.then("scoring");
    let scored = |histories: &Histories<'_>| validation::validate(&scenario.name, histories, &seen, record);
    Ok(whole.show(scenario, setup, arguments.seed.number, scored))
}

/// What history shows: the scenario's own observed values, then those of its record.
fn seen(scenario: &Scenario, record: Option<&history::Record>) -> Vec<Seen> {
    let own = scenario.observed.iter().map(|seen| Seen {
        state: seen.state.clone(),
        metric: seen.metric.clone(),
        date: seen.date,
        value: seen.value,
        source: seen.source.clone(),
    });
    let mut all: Vec<Seen> = own.collect();
    for series in record.map_or(&[][..], |record| record.series) {
        all.extend(series.points.iter().map(|(date, value)| Seen {
            state: series.state.to_string(),
            metric: series.metric.to_string(),
            date: *date,
            value: *value,
            source: series.source.to_string(),
        }));
    }
    all
}

/// Shares of spending by state and year from a user's file. Within a year all are in one currency, so no series crosses the seam.
fn shares(file: &Path, codes: &[String], setup: &Setup) -> Result<Vec<Seen>, Failure> {
    let (first, last) = (setup.horizon.start.ceil() as i32, setup.horizon.end.floor() as i32 - 1);
    let spending = import::spending(file, codes, (first, last))?;
    let mut seen = Vec::new();
    for year in first..=last {
        let own: Vec<_> = spending.iter().filter(|one| one.year == year).collect();
        let total = own.iter().map(|one| one.thousands).fold(0.0, |sum, x| sum + x);
        if own.len() < 2 || total <= 0.0 {
            continue;
        }
        seen.extend(own.into_iter().map(|one| Seen {
            state: one.state.clone(),
            metric: "spending_share".to_string(),
            date: f64::from(year) + 0.5,
            value: one.thousands / total,
            source: format!("milex in {}, of what all states of the scenario spend that year", file.display()),
        }));
    }
    if seen.is_empty() {
        let message =
            format!("{}: no year from {first} to {last} has the expenditure of two states of the scenario", file.display());
        return Err(Failure::Usage(message));
    }
    Ok(seen)
}

/// An estimate as text, in a unit of the tables.
fn text(estimate: &Estimate, unit: &str) -> String {
    let measure = Measure { name: String::new(), label: String::new(), unit: unit.to_string(), estimate: estimate.clone() };
    format_estimate(&measure).replace(" [", "\n[")
}

fn figure(value: Option<f64>, decimals: usize) -> String {
    value.map_or("–".to_string(), |value| format!("{value:.decimals$}"))
}

/// Header of the standings.
const STANDING: &str = "standing";

/// Columns of names, of figures, and at the end of standings, which are words, where there are any.
fn columns(header: &[&str]) -> Vec<(String, Cells)> {
    let cells = |name: &str| if name.is_empty() || name == STANDING { Cells::Words } else { Cells::Figures };
    header.iter().map(|name| ((*name).to_string(), cells(name))).collect()
}

fn tell(validation: &Validation, console: Console) -> String {
    let title = format!("{} beside history: {} histories, seed {}", validation.scenario, validation.histories, validation.seed);
    let mut parts = vec![console.heading(&title)];
    parts.push(wrapped(
        "Skill is 1 - error / error of a naive forecast: 1 perfect, 0 no better, below 0 worse. Estimates with 95 % intervals over \
         histories, which do not say what other years there might have been. Only what was held out can validate: what was fitted, or looked at when values were chosen, cannot.",
        console.columns,
        "",
        "",
    ));
    let mut metrics: Vec<&str> = Vec::new();
    for score in &validation.series {
        if !metrics.contains(&score.metric.as_str()) {
            metrics.push(&score.metric);
        }
    }
    parts.extend(metrics.into_iter().map(|metric| curves(validation, metric, console)));
    if !validation.numbers.is_empty() {
        parts.push(numbers(validation, console));
    }
    if !validation.entries.is_empty() {
        parts.push(entries(validation, console));
    }
    parts.extend(validation.notes.iter().map(|note| wrapped(note, console.columns, "Note   ", "       ")));
    parts.join("\n\n")
}

/// First and last year that count.
fn scored_years(score: &SeriesScore) -> String {
    let scored: Vec<f64> = score.rows.iter().filter(|row| row.scored).map(|row| row.date).collect();
    match (scored.first(), scored.last()) {
        (Some(first), Some(last)) => format!("{}-{}", first.floor(), last.floor()),
        _ => "none".to_string(),
    }
}

/// States by what is said of them, in the order in which it is first said.
fn grouped<'a>(scores: &[&'a SeriesScore], what: &dyn Fn(&SeriesScore) -> String) -> Vec<(String, Vec<&'a str>)> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for score in scores {
        let said = what(score);
        match groups.iter_mut().find(|(known, _)| *known == said) {
            Some((_, states)) => states.push(&score.state),
            None => groups.push((said, vec![&score.state])),
        }
    }
    groups
}

fn curves(validation: &Validation, metric: &str, console: Console) -> String {
    let (called, factor) = match metric {
        "burden" => ("Burdens, per cent of output", 100.0),
        "spending_share" => ("Shares of all spending, per cent", 100.0),
        "warheads" => ("Warheads", 1.0),
        _ => ("Arms, in the unit of the scenario", 1.0),
    };
    let scores: Vec<&SeriesScore> = validation.series.iter().filter(|score| score.metric == metric).collect();
    let mut rows = Vec::new();
    for score in &scores {
        let mut row = vec![score.state.clone(), figure(score.error.map(|error| error * factor), 2)];
        row.extend((0..3).map(|naive| score.scores.get(naive).map_or("–".to_string(), |score| hundredths(&score.skill))));
        row.push(score.after.name().to_string());
        rows.push(row);
    }
    let mut all = vec!["all".to_string(), String::new()];
    for naive in ["no change", "linear trend", "Richardson"] {
        let pooled = validation.pooled.iter().find(|pooled| pooled.metric == metric && pooled.naive == naive);
        all.push(pooled.map_or("–".to_string(), |pooled| hundredths(&pooled.skill)));
    }
    all.push(String::new());
    rows.push(all);
    let header = ["", "error", "against\nno change", "against\ntrend", "against\nRichardson", STANDING];
    let mut lines = vec![console.bold(called), table(&columns(&header), rows, console)];
    if let Some(first) = scores.first() {
        let scored = scores.iter().filter(|score| score.error.is_some()).map(|score| score.least_at_peace);
        let Some(least) = scored.min() else {
            let note = "No error: too few histories are still at peace in the years that are scored; more with -n.";
            lines.push(wrapped(note, console.columns, "", ""));
            return lines.join("\n");
        };
        let note = format!(
            "Naive forecasts know the years before {:.0}. Error: root mean square of the mean over the histories still at peace, at \
             least {least} of them. All: each state relative to its own size.",
            first.split
        );
        lines.push(wrapped(&note, console.columns, "", ""));
    }
    let listed = |what: &dyn Fn(&SeriesScore) -> String| {
        let groups = grouped(&scores, what);
        groups.iter().map(|(what, states)| format!("{} {what}", states.join(" "))).collect::<Vec<_>>().join("; ")
    };
    let text =
        format!("Scored: {}. The years before: {}.", listed(&scored_years), listed(&|score| score.before.name().to_string()));
    lines.push(wrapped(&text, console.columns, "", "  "));
    for (why, states) in grouped(&scores, &|score| score.why.clone()).iter().filter(|(why, _)| !why.is_empty()) {
        lines.push(wrapped(&format!("{}: {why}.", states.join(" ")), console.columns, "", "  "));
    }
    let mut sources: Vec<&str> = Vec::new();
    for score in &scores {
        if !sources.contains(&score.source.as_str()) {
            sources.push(&score.source);
        }
    }
    lines.push(wrapped(&format!("History: {}.", sources.join("; ")), console.columns, "", "  "));
    lines.join("\n")
}

fn numbers(validation: &Validation, console: Console) -> String {
    let unit = |score: &NumberScore| if score.unit == "share" { "share" } else { "count" };
    let plain = |value: f64, unit: &str| text(&Estimate::new(value, (f64::NAN, f64::NAN), 1, ""), unit);
    let rows = validation.numbers.iter().map(|score| {
        let unit = unit(score);
        vec![
            score.label.to_string(),
            plain(score.history, unit),
            text(&score.simulated, unit),
            text(&score.skill, "count"),
            score.standing.name().to_string(),
        ]
    });
    let header = ["", "history", "simulated", "skill", STANDING];
    let mut lines = vec![console.bold("Single numbers"), table(&columns(&header), rows.collect(), console)];
    for score in &validation.numbers {
        let naive = plain(score.naive, unit(score));
        let told = format!("{}: {}. Naive: {}, {naive}. History: {}.", score.label, score.why, score.naive_is, score.source);
        lines.push(wrapped(&told, console.columns, "", "  "));
    }
    lines.push(wrapped(
        "Distances of rates and ratios are those of their logarithms. Powers by day 30: of the largest war of each history. Crises \
         are fewer than disputes. Arms race: both sides' arms grew, over the three years before the crisis, faster than in half of all \
         crises; the crises up to the first war count.",
        console.columns,
        "",
        "",
    ));
    lines.join("\n")
}

fn entries(validation: &Validation, console: Console) -> String {
    let rows = validation.entries.iter().map(|score| {
        vec![
            score.state.clone(),
            score.history_day.map_or("stayed out".to_string(), |day| format!("{day:.0}")),
            text(&score.simulated, "share").replace('\n', " "),
            figure(score.median_day, 0),
            String::new(),
        ]
    });
    let header = ["", "entered on day", "simulated: in by day 30", "median day", ""];
    let mut lines =
        vec![console.bold("Entry into the largest war of each history"), table(&columns(&header), rows.collect(), console)];
    if let Some(order) = &validation.order {
        let told = format!(
            "Order of entry, Kendall's tau over {} wars: {}; no order at all has 0. Who is in by day 30, Brier score {:.3}, naive \
             {:.3}: skill {}. Standing: {}. History: {}.",
            order.wars,
            text(&order.kendall, "count").replace('\n', " "),
            order.brier,
            order.brier_naive,
            text(&order.skill, "count").replace('\n', " "),
            order.standing.name(),
            order.source
        );
        lines.push(wrapped(&told, console.columns, "", "  "));
    }
    lines.join("\n")
}
