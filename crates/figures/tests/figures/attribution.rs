//! What an attribution shows.

use spiral_analysis::attribution::{GroupMeaning, StatePair, attribute};
use spiral_analysis::{Explanation, Worth};

use crate::*;

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
        uncertain: false,
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
        "What explains the difference: histories with a general war",
        "before <1914>",
        "−30 points",
        "+20 points",
        "TUR and POL are counterparts",
        "AUH of before <1914> has no counterpart and belongs to the group system",
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
        assert!(words(figure).contains("In one of the two worlds no history has a value"), "{}: {}", figure.name, words(figure));
    }
}
