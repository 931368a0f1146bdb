//! Charts of made-up studies: complete, readable by machines, the same bytes each time.

mod fixture;

use std::collections::BTreeMap;

use resvg::tiny_skia::Pixmap;
use roxmltree::Document;
use spiral_analysis::attribution::{GroupMeaning, StatePair, attribute};
use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::found::{Fitted, Generation, Sampled, TargetRow, TargetScore};
use spiral_analysis::calibration::targets::Use;
use spiral_analysis::intervals::{Term, rate};
use spiral_analysis::main_effect::Origin;
use spiral_analysis::table::Estimate;
use spiral_analysis::{Explanation, Worth};
use spiral_figures::report::{Report, Results};
use spiral_figures::{
    Across, Axis, Figure, Levels, OverFactors, PNG_SCALE, WIDTH_PX, attribution, draw, figures, validation_figures,
};

/// Every text of a chart in one string, a space between elements.
fn words(figure: &Figure) -> String {
    let document = Document::parse(&figure.svg).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
    document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect::<Vec<_>>().join(" ")
}

fn by_name(drawn: Vec<Figure>) -> BTreeMap<String, Figure> {
    drawn.into_iter().map(|figure| (figure.name.clone(), figure)).collect()
}

/// Every number in the places of a chart is finite, and every text lies on the page.
fn assert_sound(figure: &Figure) {
    let document = Document::parse(&figure.svg).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
    let root = document.root_element();
    let height: f64 = root.attribute("height").and_then(|height| height.parse().ok()).unwrap_or(f64::NAN);
    assert!(height > 200.0, "{}: height {height}", figure.name);
    assert_eq!(root.attribute("width"), Some("1200"), "{}", figure.name);
    assert_eq!(root.attribute("viewBox"), Some(format!("0 0 1200 {height}").as_str()), "{}", figure.name);
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "transform"].contains(&name) {
                assert!(!value.contains("NaN") && !value.contains("inf"), "{}: {name}=\"{value}\"", figure.name);
            }
            if ["width", "height", "r"].contains(&name) && value != "100%" {
                let length: f64 = value.parse().unwrap_or(f64::NAN);
                assert!(length >= 0.0, "{}: {name}=\"{value}\"", figure.name);
            }
        }
        if node.has_tag_name("text") {
            let shift = node
                .ancestors()
                .filter_map(|node| node.attribute("transform"))
                .filter_map(|place| place.strip_prefix("translate("));
            let (mut x, mut y) = (0.0, 0.0);
            for place in shift {
                let mut numbers = place.trim_end_matches(')').split_whitespace().filter_map(|number| number.parse::<f64>().ok());
                x += numbers.next().unwrap_or(0.0);
                y += numbers.next().unwrap_or(0.0);
            }
            let own = |name: &str| node.attribute(name).and_then(|place| place.parse::<f64>().ok()).unwrap_or(f64::NAN);
            let (x, y) = (x + own("x"), y + own("y"));
            let text = node.text().unwrap_or_default();
            assert!((0.0..=1200.0).contains(&x) && (0.0..=height).contains(&y), "{}: \"{text}\" stands at {x}, {y}", figure.name);
        }
    }
}

#[test]
fn two_worlds_have_every_chart_with_its_labels_and_units() {
    let study = fixture::two_worlds();
    let drawn = by_name(figures(&study.input()));
    let expected: [(&str, &[&str]); 12] = [
        (
            "arms-pre-wwi",
            &[
                "thousand million int$",
                "before the first war: pre-wwi",
                "Histories at risk",
                "median",
                "50 % of histories",
                "90 % of histories",
                "own scale",
                "GBR United Kingdom",
                "1890",
                "seed 1",
            ],
        ),
        ("arms-pre-wwii", &["thousand million int$", "CZE Czechoslovakia", "1930"]),
        ("burden-pre-wwi", &["% of output", "observed", "one scale", "Our World in Data", "AUH Austria-Hungary"]),
        ("burden-pre-wwii", &["% of output", "own scale"]),
        (
            "war-free",
            &[
                "years since the scenario's start (pre-wwi 1890, pre-wwii 1930)",
                "95 % interval",
                "Histories at risk",
                "Kaplan-Meier",
                "998",
            ],
        ),
        ("general-war-free", &["no general war", "at least three great powers"]),
        ("motives", &["preemption", "share of first wars", "Wilson", "pre-wwi: 585 first wars", "74 [70, 77]"]),
        ("days-to-general-war", &["days since the crisis began", "24 (19–29), 600"]),
        ("great-powers", &["great powers at war on day 30", "share of first wars"]),
        ("compare-arms", &["arms, index (start = 100)", "All panels have one scale", "GER Germany"]),
        ("compare-burden", &["burden, % of output", "pre-wwii"]),
        (
            "contrast",
            &[
                "difference, percentage points",
                "difference, days",
                "paired bootstrap",
                "−72 [−75, −68]",
                "no estimate",
                "χ² = 214.3",
                "p < 0.001",
                "McNemar's exact test of any war, against pre-wwi: pre-wwii p = 0.360",
                "a commitment lapsed",
            ],
        ),
    ];
    let mut names = expected.map(|(name, _)| name);
    names.sort_unstable();
    assert_eq!(drawn.keys().map(String::as_str).collect::<Vec<_>>(), names);
    for (name, phrases) in expected {
        assert_sound(&drawn[name]);
        let words = words(&drawn[name]);
        for phrase in phrases {
            assert!(words.contains(phrase), "{name} lacks \"{phrase}\": {words}");
        }
    }
    assert!(!words(&drawn["arms-pre-wwi"]).contains("observed"), "no arms were observed");
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let study = fixture::two_worlds();
    let (first, second) = (figures(&study.input()), figures(&study.input()));
    for (a, b) in first.iter().zip(&second) {
        assert!(a == b, "{} differs between two drawings", a.name);
    }
    let figure = &first[0];
    assert!(
        figure.png().expect("it can be drawn") == figure.png().expect("it can be drawn"),
        "the PNG of {} differs",
        figure.name
    );
}

#[test]
fn curves_in_any_order_make_the_same_charts() {
    let mut study = fixture::two_worlds();
    let straight = figures(&study.input());
    study.curves.reverse();
    study.names.reverse();
    assert!(straight == figures(&study.input()), "the order of rows changed a chart");
}

#[test]
fn a_world_without_war_says_so() {
    let study = fixture::quiet_world();
    let drawn = by_name(figures(&study.input()));
    assert_eq!(drawn.len(), 7, "{:?}", drawn.keys());
    for (name, phrase) in [
        ("arms-quiet", "No curve of arms was recorded"),
        ("burden-quiet", "No curve of burden was recorded"),
        ("war-free", "There was no war in any history."),
        ("general-war-free", "There was no general war in any history."),
        ("motives", "no motive to show"),
        ("days-to-general-war", "no days to count"),
        ("great-powers", "no great power is at war"),
    ] {
        assert_sound(&drawn[name]);
        assert!(words(&drawn[name]).contains(phrase), "{name}: {}", words(&drawn[name]));
    }
}

#[test]
fn no_scenario_at_all_is_no_failure() {
    let mut study = fixture::quiet_world();
    study.summary.scenarios.clear();
    for figure in figures(&study.input()) {
        assert_sound(&figure);
    }
}

#[test]
fn members_of_one_file_are_named_without_it_and_share_a_chart() {
    let study = fixture::four_worlds();
    let drawn = by_name(figures(&study.input()));
    drawn.values().for_each(assert_sound);
    assert!(drawn.contains_key("arms-four-worlds-offence-indistinguishable"), "{:?}", drawn.keys());
    let survival = words(&drawn["war-free"]);
    assert!(survival.contains("defence-distinguishable 100 %") && !survival.contains("four-worlds/"), "{survival}");
    assert!(
        survival.contains("years since the start") && survival.contains("No war in any history of defence-distinguishable."),
        "{survival}"
    );
    assert!(words(&drawn["contrast"]).contains("How each other scenario differs from offence-indistinguishable"));
}

#[test]
fn odd_names_are_escaped_and_kept() {
    let mut study = fixture::two_worlds();
    let odd = "a <b> & \"c\" $d$ \u{1}\u{fffe}";
    for row in study.curves.iter_mut().filter(|row| row.scenario == "pre-wwi") {
        odd.clone_into(&mut row.scenario);
    }
    odd.clone_into(&mut study.summary.scenarios[0].scenario);
    odd.clone_into(&mut study.summary.contrasts[0].a);
    study.names[0].1 = "<&> 'Empire'".to_owned();
    let drawn = by_name(figures(&study.input()));
    drawn.values().for_each(assert_sound);
    let name = drawn.keys().find(|name| name.starts_with("arms-a")).expect("it has a chart");
    assert!(name.chars().all(|character| character.is_ascii_alphanumeric() || character == '-'), "{name}");
    let shown = words(&drawn[name]);
    assert!(shown.contains("a <b> & \"c\" $d$") && shown.contains("AUH <&> 'Empire'"), "{shown}");
}

#[test]
fn numbers_that_are_none_stay_out() {
    let mut study = fixture::two_worlds();
    study.curves[40].q50 = f64::NAN;
    study.curves[41].q95 = f64::INFINITY;
    let scenario = &mut study.summary.scenarios[0];
    scenario.war_free[3].lower = f64::NAN;
    scenario.war_free[5].survival = f64::NAN;
    scenario.days_crisis_to_war[2] = f64::NAN;
    scenario.motives[0].estimate.upper = Some(f64::INFINITY);
    study.summary.contrasts[0].measures[0].estimate.estimate = Some(f64::NAN);
    study.observed[0].value = f64::NAN;
    figures(&study.input()).iter().for_each(assert_sound);
}

#[test]
fn a_state_has_one_colour_in_every_chart() {
    let study = fixture::two_worlds();
    let drawn = by_name(figures(&study.input()));
    // GER is the fifth of twelve codes: orange, solid. Only its charts hold an orange line on a white ground.
    for name in ["arms-pre-wwi", "arms-pre-wwii", "burden-pre-wwi", "compare-arms", "compare-burden"] {
        let document = Document::parse(&drawn[name].svg).expect("it is XML");
        let orange = document
            .descendants()
            .filter(|node| node.has_tag_name("path") && node.attribute("stroke") == Some("#e69f00"))
            .count();
        let worlds = if name.starts_with("compare") { 2 } else { 1 };
        assert_eq!(orange, worlds, "{name} has {orange} orange curves");
    }
}

#[test]
fn files_are_whole_pictures_of_the_expected_size() {
    let study = fixture::two_worlds();
    let folder = tempfile::tempdir().expect("a folder");
    let paths = draw(&study.input(), folder.path()).expect("it can be written");
    assert_eq!(paths.len(), 24);
    let mut found: Vec<_> = std::fs::read_dir(folder.path().join("figures"))
        .expect("it is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    found.sort();
    let mut sorted = paths.clone();
    sorted.sort();
    assert_eq!(found, sorted, "nothing but the charts is left behind");
    for pair in paths.chunks(2) {
        let svg = std::fs::read_to_string(&pair[0]).expect("it is text");
        let height: u32 = Document::parse(&svg)
            .expect("it is XML")
            .root_element()
            .attribute("height")
            .and_then(|height| height.parse().ok())
            .expect("a whole number");
        let picture = Pixmap::load_png(&pair[1]).expect("it is a PNG");
        assert_eq!((picture.width(), picture.height()), (PNG_SCALE * WIDTH_PX, PNG_SCALE * height), "{}", pair[1].display());
        // Text is there: without a font the title's strip would be blank.
        let dark = (0..picture.width())
            .flat_map(|x| (80..140).map(move |y| (x, y)))
            .filter(|(x, y)| picture.pixel(*x, *y).is_some_and(|pixel| pixel.red() < 64))
            .count();
        assert!(dark > 2_000, "{}: {dark} dark pixels in the title", pair[1].display());
    }
    let again = draw(&study.input(), folder.path()).expect("it can be written over");
    assert_eq!(again, paths);
}

#[test]
fn a_validation_shows_what_was_fitted_and_keeps_far_skills_on_the_page() {
    let drawn = by_name(validation_figures(&fixture::validation(), &[("GER".to_owned(), "Germany".to_owned())]));
    assert_eq!(drawn.keys().map(String::as_str).collect::<Vec<_>>(), ["skill", "validation-burden"]);
    drawn.values().for_each(assert_sound);
    let told = words(&drawn["validation-burden"]);
    for part in ["GER Germany: looked at", "no change", "linear trend", "Richardson", "observed", "burden, % of output"] {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    let told = words(&drawn["skill"]);
    // Far below the axis: the dot stays on the page, the number says how far.
    for part in ["−12", "held out", "against no change"] {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
}

/// A made-up calibration of three parameters, one over its logarithm, some numbers missing.
fn made_up(method: &str) -> Calibration {
    let posterior = method == "abc-smc";
    let parameter = |name: &str, logarithmic: bool, at_bound: Option<&str>| Fitted {
        name: name.to_owned(),
        unit: "1/year".to_owned(),
        low: 0.01,
        high: 1.0,
        logarithmic,
        before: (name != "c").then_some(0.5),
        estimate: Estimate::new(0.3, if at_bound.is_some() { (f64::NAN, f64::NAN) } else { (0.2, 0.4) }, 50, "made up"),
        quantiles: None,
        narrowed_to: Some(0.3),
        at_bound: at_bound.map(str::to_owned),
    };
    let row = |date: f64, simulated: Option<f64>| TargetRow {
        date: Some(date),
        observed: 0.03,
        before: Some(0.05),
        simulated,
        range: simulated.filter(|_| posterior).map(|value| (value - 0.01, value + 0.01)),
    };
    let target = |label: &str, state: Option<&str>, role: Use, rows: Vec<TargetRow>| TargetScore {
        label: label.to_owned(),
        of: if state.is_some() { "burden" } else { "war" }.to_owned(),
        state: state.map(str::to_owned),
        unit: "share".to_owned(),
        role,
        scale: 0.01,
        source: "a <book>".to_owned(),
        standing: None,
        residual_before: Some(-4.0),
        residual: rows[0].simulated.map(|_| 0.7),
        rows,
        skills: Vec::new(),
    };
    let sample = (0..60).map(|number| {
        let place = f64::from(number) / 60.0;
        let distance = if number == 7 { None } else { Some(2.0 + 5.0 * (place - 0.3).abs()) };
        let weight = posterior.then_some(if number < 30 { 1.0 / 30.0 } else { 0.0 });
        Sampled { values: vec![0.01 + 0.99 * place, 0.5, 1.0], distance, weight }
    });
    let generation = |generation: u32| Generation {
        generation,
        candidates: 30,
        least: Some(2.0),
        median: (generation > 0).then_some(4.0),
        least_so_far: Some(2.0),
    };
    Calibration {
        format: 1,
        title: "Made & up".to_owned(),
        question: String::new(),
        scenario: "nowhere".to_owned(),
        method: method.to_owned(),
        seed: 1,
        histories: 100,
        candidates: 60,
        ended: "arrived".to_owned(),
        distance_before: None,
        distance: Some(2.0),
        least_distance: Some(2.0),
        tolerance: None,
        effective_sample: posterior.then_some(30.0),
        parameters: vec![parameter("a", false, None), parameter("b", true, None), parameter("c", false, Some("upper"))],
        correlations: vec![vec![Some(1.0), Some(-0.25), None]; 3],
        targets: vec![
            target("war", None, Use::Fit, vec![TargetRow { date: None, ..row(0.0, Some(0.5)) }]),
            target("burden GER 1900-1901", Some("GER"), Use::Fit, vec![row(1900.5, Some(0.04)), row(1901.5, Some(0.04))]),
            target("burden GER 1902-1903", Some("GER"), Use::HoldOut, vec![row(1902.5, None), row(1903.5, None)]),
        ],
        pooled: Vec::new(),
        generations: (0..2).map(generation).collect(),
        sample: sample.collect(),
        notes: vec!["c lies at the upper bound of its range".to_owned()],
    }
}

#[test]
fn a_calibration_shows_its_parameters_its_targets_and_the_way_there() {
    for (method, name) in [("abc-smc", "posterior"), ("cma-es", "candidate")] {
        let drawn = by_name(spiral_figures::calibration(&made_up(method)));
        drawn.values().for_each(assert_sound);
        let names: Vec<&str> = drawn.keys().map(String::as_str).collect();
        let all = ["convergence", "fit", "pairs", "parameters", "residuals"].map(|name| format!("calibration-{name}"));
        assert_eq!(names, all);
        for (figure, told) in [
            ("calibration-parameters", &["1/year, log scale", "upper bound", "the scenario as it stood", "Made & up"][..]),
            ("calibration-pairs", &["r = −0.25", "0.03", name]),
            ("calibration-fit", &["GER burden", "fitted years", "burden, % of output", "a <book>"]),
            ("calibration-residuals", &["burden GER 1902-1903 (held out)", "no value", "4.0"]),
            ("calibration-convergence", &["generation", "least so far"]),
        ] {
            let words = words(&drawn[figure]);
            for told in told {
                assert!(words.contains(told), "{method}, {figure}: no {told:?} in {words}");
            }
        }
    }
}

/// A search in which no candidate has a value of every target has no posterior: its pictures say so instead of failing.
#[test]
fn a_calibration_without_a_posterior_is_drawn() {
    let mut found = made_up("abc-smc");
    found.sample.clear();
    found.correlations.clear();
    (found.distance, found.least_distance, found.effective_sample) = (None, None, None);
    for parameter in &mut found.parameters {
        parameter.estimate = Estimate::none(0, "no candidate has a value of every target");
        (parameter.quantiles, parameter.narrowed_to, parameter.at_bound) = (None, None, None);
    }
    for generation in &mut found.generations {
        (generation.least, generation.median, generation.least_so_far) = (None, None, None);
    }
    let drawn = by_name(spiral_figures::calibration(&found));
    assert!(drawn.contains_key("calibration-residuals"), "{:?}", drawn.keys());
    drawn.values().for_each(assert_sound);
}

/// Three groups between two worlds; so many of a hundred histories have a war, or none counts.
fn explanation(wars: [Option<u32>; 8]) -> Explanation {
    let worlds = wars.map(|wars| {
        let terms: Vec<Term> = (0..100).map(|history| Term::of(wars.map(|wars| f64::from(u8::from(history < wars))))).collect();
        Worth::new(&terms, rate(&terms))
    });
    let names = ["technology", "beliefs", "types"].map(str::to_string);
    let pair = |a: Option<&str>, b: Option<&str>, role: &str| StatePair {
        a: a.map(str::to_string),
        b: b.map(str::to_string),
        role: role.to_string(),
    };
    Explanation {
        format: 1,
        a: "before <1914>".to_string(),
        b: "after".to_string(),
        seed: 1,
        histories: 100,
        worlds: 8,
        failures: 0,
        method: "Shapley values".to_string(),
        groups: names.iter().map(|name| GroupMeaning { name: name.clone(), holds: format!("all of {name}") }).collect(),
        states: vec![
            pair(Some("GER"), Some("GER"), "same state"),
            pair(Some("TUR"), Some("POL"), "minor power of the same rank of output"),
            pair(Some("AUH"), None, "no counterpart"),
        ],
        outcomes: vec![attribute("general_war", &names, &[0, 1, 2, 3, 4, 5, 6, 7], &worlds, 1)],
    }
}

#[test]
fn a_waterfall_leads_from_one_world_to_the_other() {
    // Technology adds ten wars alone and thirty with beliefs, which take forty away alone and twenty with it; types add nothing.
    let found = explanation([80, 90, 40, 70, 80, 90, 40, 70].map(Some));
    let drawn = attribution(&found);
    assert_eq!(drawn.len(), 2);
    let figure = &drawn[0];
    assert_sound(figure);
    assert_eq!(figure.name, "explain-general-war");
    let said = words(figure);
    for part in [
        "What carries the contrast: histories with a general war",
        "before <1914>",
        "−30 points",
        "+20 points",
        "TUR and POL stand for each other",
        "AUH of before <1914> has no counterpart and counts with the system",
        "technology × beliefs +20 points",
    ] {
        assert!(said.contains(part), "the picture lacks {part:?}: {said}");
    }
    // Bars in order: the first world, the largest share, the smaller, the one of nothing, the second world. Each begins where the one
    // before ended, and a point is as wide everywhere.
    let document = Document::parse(&figure.svg).expect("it is XML");
    let number =
        |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).and_then(|x| x.parse::<f64>().ok()).expect(name);
    let bars: Vec<(f64, f64)> = document
        .descendants()
        .filter(|node| node.has_tag_name("rect") && node.attribute("height") == Some("26"))
        .map(|node| (number(&node, "x"), number(&node, "x") + number(&node, "width")))
        .collect();
    assert_eq!(bars.len(), 5, "{bars:?}");
    let point = (bars[0].1 - bars[0].0) / 80.0;
    for (bar, (from, to)) in bars.iter().zip([(0.0, 80.0), (50.0, 80.0), (50.0, 70.0), (70.0, 70.0), (0.0, 70.0)]) {
        let (left, right) = ((bar.0 - bars[0].0) / point, (bar.1 - bars[0].0) / point);
        assert!((left - from).abs() < 0.3 && (right - to).abs() < 0.3, "a bar from {left} to {right}, not from {from} to {to}");
    }
    // The page has the same numbers in tables.
    let report = Report {
        title: "before, after",
        kind: "explain",
        facts: &[],
        command: "spiral explain",
        results: Results::Explanation(&found),
        pictures: &[],
        attachments: &[],
    };
    let page = report.html();
    for part in
        ["-30 points [", "+20 points [", "minor power of the same rank of output", "all of beliefs", "technology × beliefs"]
    {
        assert!(page.contains(part), "the page lacks {part:?}");
    }
}

#[test]
fn a_triangle_holds_every_pair_and_marks_the_sure_ones() {
    let found = explanation([80, 90, 40, 70, 80, 90, 40, 70].map(Some));
    let drawn = by_name(attribution(&found));
    let figure = &drawn["interactions-general-war"];
    assert_sound(figure);
    let said = words(figure);
    for part in
        ["beliefs technology 20 [9, 32]", "types beliefs 0 [0, 0] 0 [0, 0]", "percentage points", "From before <1914> to after"]
    {
        assert!(said.contains(part), "the picture lacks {part:?}: {said}");
    }
    let document = Document::parse(&figure.svg).expect("it is XML");
    let cells = |what: &dyn Fn(&roxmltree::Node<'_, '_>) -> bool| {
        document.descendants().filter(|node| node.has_tag_name("rect") && what(node)).count()
    };
    // Of three groups there are three pairs; one adds twenty points for sure, those with types nothing.
    assert_eq!(cells(&|node| node.attribute("height") == Some("148")), 3, "cells");
    assert_eq!(cells(&|node| node.attribute("fill") == Some("none") && node.attribute("height") == Some("146")), 1, "frames");
    assert!(figure.svg.contains("#d55e00"), "the strongest colour of what adds");
    // An interval stands below its number, in the same cell.
    let place = |what: &str| {
        let found =
            document.descendants().find(|node| node.has_tag_name("text") && node.text().is_some_and(|text| text.trim() == what));
        let number = |name: &str| found.and_then(|node| node.attribute(name)?.parse::<f64>().ok()).expect(what);
        (number("x"), number("y"))
    };
    let (number, interval) = (place("20"), place("[9, 32]"));
    assert_eq!(interval.0, number.0, "under each other");
    assert!((16.0..30.0).contains(&(interval.1 - number.1)), "{number:?}, {interval:?}");
}

#[test]
fn a_waterfall_without_an_end_says_why() {
    let found = explanation([Some(80), Some(80), None, Some(3), Some(9), Some(7), Some(1), None]);
    let drawn = attribution(&found);
    for figure in &drawn {
        assert_sound(figure);
        assert!(words(figure).contains("No history of one of the two worlds counts"), "{}: {}", figure.name, words(figure));
    }
}

/// A factor of so many values.
fn across(name: &str, values: Vec<f64>, logarithmic: bool, switch: bool) -> Across {
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    let names = switch.then(|| ["off", "on"].map(str::to_owned).to_vec());
    Across { name: name.to_owned(), unit: "ratio".to_owned(), values, range: (low, high), logarithmic, names }
}

fn circles(figure: &Figure, fill: &str) -> Vec<(f64, f64)> {
    let document = Document::parse(&figure.svg).expect("it is XML");
    let number =
        |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).and_then(|x| x.parse::<f64>().ok()).expect(name);
    let all = document.descendants().filter(|node| node.has_tag_name("circle") && node.attribute("fill") == Some(fill));
    all.map(|node| (number(&node, "cx"), number(&node, "cy"))).collect()
}

#[test]
fn an_outcome_stands_over_every_factor() {
    const POINT: &str = "#0072b2";
    const MEAN: &str = "#d55e00";
    let factors = [
        across("rate", (0..60).map(|k| 0.01 * libm::pow(100.0, f64::from((k * 7) % 60) / 59.0)).collect(), true, false),
        across("level", (0..60).map(|k| f64::from((k * 11) % 60)).collect(), false, false),
        across("switch", (0..60).map(|k| f64::from(k % 2)).collect(), false, true),
    ];
    // War grows with the logarithm of the rate; one point has no value.
    let value = |k: usize| if k == 5 { f64::NAN } else { (k * 7 % 60) as f64 / 59.0 };
    let points: Vec<Estimate> = (0..60).map(|k| Estimate::new(value(k), (f64::NAN, f64::NAN), 10, "made up")).collect();
    let over = OverFactors {
        name: "over-war",
        study: "A <study>",
        outcome: "Histories with a war",
        unit: "share",
        probability: true,
        factors: &factors,
        points: &points,
        origin: Origin::Sample { group: 1 },
        note: "60 points.",
    };
    let figure = over.figure();
    assert_sound(&figure);
    let said = words(&figure);
    for part in [
        "rate",
        "level",
        "switch",
        "off on",
        "0.01",
        "0.1",
        "Histories with a war, %",
        "1 of 60 points have no value",
        "95 % interval",
        "60 points.",
    ] {
        assert!(said.contains(part), "the picture lacks {part:?}: {said}");
    }
    // 59 dots in each panel and one in the key; ten bins along a number, two values of the switch.
    let (dots, means) = (circles(&figure, POINT), circles(&figure, MEAN));
    assert_eq!((dots.len(), means.len()), (3 * 59 + 1, 22));
    // On a logarithmic axis the means of the first panel lie on a straight line: equal steps across and up.
    let steps: Vec<(f64, f64)> = means[1..9].windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1)).collect();
    let slope = |step: &(f64, f64)| step.1 / step.0;
    assert!(steps.iter().all(|step| step.0 > 0.0 && (slope(step) / slope(&steps[0]) - 1.0).abs() < 0.05), "{steps:?}");
    assert!(over.figure() == figure, "two drawings differ");

    let grid = OverFactors { factors: &factors[..1], origin: Origin::Complete, ..over };
    let line = grid.figure();
    assert_sound(&line);
    assert_eq!(circles(&line, POINT).len(), 59, "every point of a grid of one factor is its own mean");
    assert!(words(&line).contains("Histories with a war, over rate"), "{}", words(&line));
    let nothing = OverFactors { points: &[], ..over }.figure();
    assert!(words(&nothing).contains("No point has a value."), "{}", words(&nothing));
}

#[test]
fn of_many_factors_those_that_move_most_are_shown_and_of_many_points_some() {
    let values = |k: u32| (0..9000_u32).map(|point| f64::from((point * (2 * k + 7)) % 9001)).collect::<Vec<f64>>();
    let factors: Vec<Across> = (0..15).map(|k| across(&format!("factor.{k:02}"), values(k), false, false)).collect();
    let points: Vec<Estimate> = values(14).iter().map(|x| Estimate::new(*x, (f64::NAN, f64::NAN), 10, "made up")).collect();
    let over = OverFactors {
        name: "over-days",
        study: "Many",
        outcome: "Days",
        unit: "days",
        probability: false,
        factors: &factors,
        points: &points,
        origin: Origin::Sample { group: 1 },
        note: "",
    };
    let figure = over.figure();
    assert_sound(&figure);
    let said = words(&figure);
    for part in ["12 of 15 factors are shown", "factor.14", "Of 9,000 points one in 18 has a dot"] {
        assert!(said.contains(part), "the picture lacks {part:?}: {said}");
    }
    assert_eq!(circles(&figure, "#0072b2").len(), 12 * 500 + 1);
}

#[test]
fn curves_over_a_factor_have_a_line_a_value() {
    let study = fixture::two_worlds();
    // Three values of a factor, of one state each of the world that has curves.
    let rows = study.curves.iter().filter(|row| row.scenario == "pre-wwi" && ["GER", "GBR"].contains(&row.state.as_str()));
    let curves: Vec<_> = rows
        .flat_map(|row| {
            (0..12_u32).map(|point| spiral_analysis::CurveRow {
                point,
                q50: row.q50 * (1.0 + 0.1 * f64::from(point)),
                ..row.clone()
            })
        })
        .collect();
    let values: Vec<f64> = (1..=12).map(f64::from).collect();
    let levels = Levels {
        study: "A sweep",
        axis: &Axis { label: "beliefs.suspicion, probability".to_owned(), values, names: None, logarithmic: false },
        points: &(0..12).collect::<Vec<u32>>(),
        curves: &curves,
        state_names: &[("GER".to_owned(), "Germany".to_owned())],
        money: "million marks",
        years: (1890.0, 1920.0),
        note: "12 points.",
    };
    let drawn = by_name(levels.figures());
    assert_eq!(drawn.keys().map(String::as_str).collect::<Vec<_>>(), ["curves-arms", "curves-burden"]);
    for figure in drawn.values() {
        assert_sound(figure);
        let said = words(figure);
        for part in [
            "GER Germany",
            "GBR",
            "beliefs.suspicion (probability)",
            "9 of 12 values of the factor are drawn",
            "1910",
            "12 points.",
        ] {
            assert!(said.contains(part), "{} lacks {part:?}: {said}", figure.name);
        }
        let document = Document::parse(&figure.svg).expect("it is XML");
        let colours: Vec<&str> = document
            .descendants()
            .filter(|node| node.has_tag_name("path"))
            .filter_map(|node| node.attribute("stroke"))
            .filter(|stroke| ["#440154", "#2a788e", "#7ad151"].contains(stroke))
            .collect();
        assert_eq!(colours.len(), 6, "{}: first, middle and last value of two states: {colours:?}", figure.name);
    }
    assert!(words(&drawn["curves-arms"]).contains("arms, million marks"));
    let none = Levels { curves: &[], ..levels };
    assert!(words(&none.figures()[0]).contains("No curve of arms was recorded"));
}
