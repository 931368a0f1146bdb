//! Outcomes and curves over factors.

use spiral_analysis::main_effect::Origin;

use crate::*;

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
        range: (0.0, 1.0),
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
    assert!(words(&line).contains("Histories with a war, by rate"), "{}", words(&line));
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
        range: (0.0, f64::INFINITY),
        factors: &factors,
        points: &points,
        origin: Origin::Sample { group: 1 },
        note: "",
    };
    let figure = over.figure();
    assert_sound(&figure);
    let said = words(&figure);
    for part in ["12 of 15 factors are shown", "factor.14", "One in 18 of the 9,000 points is drawn as a dot"] {
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
