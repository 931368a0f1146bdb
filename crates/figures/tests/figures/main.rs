//! Charts of made-up studies: complete, readable by machines, the same bytes each time.

mod attribution;
mod calibration;
mod fixture;
mod over_factors;

use std::collections::BTreeMap;

use resvg::tiny_skia::Pixmap;
use roxmltree::Document;
use spiral_analysis::intervals::{Term, rate};
use spiral_analysis::table::Estimate;
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
                "billion int$",
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
        ("arms-pre-wwii", &["billion int$", "CZE Czechoslovakia", "1930"]),
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
        ("war-free", "There was no war in any history shown here."),
        ("general-war-free", "There was no general war in any history shown here."),
        ("motives", "no motive to show"),
        ("days-to-general-war", "no days to count"),
        ("great-powers", "no great power is at war"),
    ] {
        assert_sound(&drawn[name]);
        assert!(words(&drawn[name]).contains(phrase), "{name}: {}", words(&drawn[name]));
    }
}

#[test]
fn curves_through_wars_are_called_so() {
    let study = fixture::two_worlds();
    let through = by_name(figures(&spiral_figures::Input { through_war: true, ..study.input() }));
    for (name, figure) in through.iter().filter(|(name, _)| name.contains("arms") || name.contains("burden")) {
        let said = words(figure);
        assert!(said.contains("through wars") || said.contains("through their wars"), "{name}: {said}");
        assert!(!said.contains("no war so far") && !said.contains("before the first war"), "{name}: {said}");
        assert!(!said.contains("before their"), "{name}: {said}");
    }
}

#[test]
fn judgements_that_are_drawn_are_a_paler_band_and_move_no_other() {
    let study = fixture::two_worlds();
    let plain = by_name(figures(&study.input()));
    let mut judged = study.curves.clone();
    for row in &mut judged {
        (row.q05, row.q95, row.at_risk) = (row.q05 / 2.0, row.q95 * 1.5, 200);
    }
    let drawn = by_name(figures(&spiral_figures::Input { judged: &judged, ..study.input() }));
    assert_eq!(drawn.keys().collect::<Vec<_>>(), plain.keys().collect::<Vec<_>>());
    for (name, figure) in &drawn {
        assert_sound(figure);
        let fan = name.starts_with("arms-") || name.starts_with("burden-");
        let said = words(figure);
        assert_eq!(said.contains("90 % with judgements drawn"), fan, "{name}: {said}");
        assert_eq!(said.contains("a sample of its own, of 200 histories"), fan, "{name}: {said}");
        // Other charts are the same to the byte.
        assert_eq!(figure == &plain[name], !fan, "{name}");
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
