//! Dots with intervals in rows: motives of first wars, and differences between scenarios.

use std::collections::BTreeSet;

use kuva::render::render::TextAnchor;
use spiral_analysis::table::{Contrast, Estimate, Measure};

use crate::page::{BODY, Key, MARGIN, Mark, Page, TICK, bold, dot, line, words};
use crate::palette::{self, FAINT_INK, INK};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;
use crate::view::View;

const ROW: f64 = 31.0;
const HEADING: f64 = 36.0;
const LINE: f64 = 20.0;
const WIDEST_LABEL: f64 = 400.0;

/// One dot with its interval, in the unit of the axis.
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) colour: &'static str,
    pub(crate) value: Option<(f64, Option<(f64, f64)>)>,
}

impl Row {
    /// Its label in lines that fit beside the plot area.
    fn lines(&self, left: f64) -> Vec<String> {
        text::wrap(&self.label, f64::from(TICK), false, left - 12.0)
    }

    /// Its height, px.
    fn height(&self, left: f64) -> f64 {
        ROW.max(self.lines(left).len() as f64 * LINE + 10.0)
    }
}

/// Rows below one heading.
pub(crate) struct Section {
    pub(crate) heading: Option<String>,
    pub(crate) rows: Vec<Row>,
}

impl Section {
    /// Its heading in lines that fit beside the plot area.
    fn lines(&self, left: f64) -> Vec<String> {
        self.heading.as_deref().map(|heading| text::wrap(heading, f64::from(TICK), true, left)).unwrap_or_default()
    }

    /// Height of its heading, px.
    fn head(&self, left: f64) -> f64 {
        match self.lines(left).len() {
            0 => 0.0,
            lines => HEADING + LINE * (lines - 1) as f64,
        }
    }
}

/// The finite numbers of an estimate, times a factor.
pub(crate) fn value(estimate: &Estimate, factor: f64) -> Option<(f64, Option<(f64, f64)>)> {
    let finite = |number: Option<f64>| number.filter(|number| number.is_finite()).map(|number| number * factor);
    finite(estimate.estimate).map(|middle| (middle, finite(estimate.lower).zip(finite(estimate.upper))))
}

/// Step to which a number is rounded if its interval has the width `width`: a power of ten between a fortieth and a quarter of the
/// width, at most one; a tenth if the width is zero.
fn precision(width: f64) -> f64 {
    if width <= 0.0 {
        return 0.1;
    }
    let mut step = 1.0;
    while step > width / 4.0 && step > 1e-6 {
        step /= 10.0;
    }
    step
}

pub(crate) fn methods<'a>(measures: impl Iterator<Item = &'a Measure>) -> String {
    let known: BTreeSet<&str> = measures
        .filter(|measure| measure.estimate.estimate.is_some())
        .map(|measure| measure.estimate.method.as_str())
        .filter(|method| !method.is_empty())
        .collect();
    if known.is_empty() {
        String::new()
    } else {
        format!(" Intervals: 95 %, {}.", known.into_iter().collect::<Vec<_>>().join("; "))
    }
}

/// A number as it is written at the right of a row, with its sign where zero means no difference.
fn signed(number: f64, step: f64, zero: bool) -> String {
    let written = text::number(number, step);
    if zero && number > 0.0 { format!("+{written}") } else { written }
}

/// The numbers at the right of a row: estimate and interval.
fn numbers(row: &Row, zero: bool) -> String {
    match row.value {
        Some((middle, Some((low, high)))) => {
            let step = precision(high - low);
            format!("{} [{}, {}]", signed(middle, step, zero), signed(low, step, zero), signed(high, step, zero))
        }
        Some((middle, None)) => signed(middle, precision(middle.abs()), zero),
        None => "no estimate".to_owned(),
    }
}

/// Room for the labels at the left and the numbers at the right of all sections below each other, px.
pub(crate) fn sides<'a>(sections: impl Iterator<Item = &'a Section> + Clone, zero: bool) -> (f64, f64) {
    let rows = sections.clone().flat_map(|section| &section.rows);
    let wide = |words: &str| text::width(words, f64::from(TICK), false);
    let headings =
        sections.filter_map(|section| section.heading.as_deref()).map(|heading| text::width(heading, f64::from(TICK), true));
    let left =
        rows.clone().map(|row| wide(&row.label)).chain(headings).map(|wide| wide + 12.0).fold(160.0, f64::max).min(WIDEST_LABEL);
    (left, rows.map(|row| wide(&numbers(row, zero)) + 30.0).fold(150.0, f64::max))
}

/// Draws the sections on one axis; `zero` marks the place of no difference.
pub(crate) fn draw(page: &mut Page, sections: &[Section], sides: (f64, f64), scale: Scale, kind: Ticks, label: &str, zero: bool) {
    let size = f64::from(TICK);
    let (left, right) = sides;
    let tall: f64 = sections
        .iter()
        .map(|section| section.rows.iter().map(|row| row.height(left)).sum::<f64>() + section.head(left))
        .sum::<f64>()
        + 8.0;
    let margins = Margins { left, right, top: 8.0, bottom: 66.0 };
    let places = Scale { range: (0.0, tall), step: 10.0 * tall };
    let height = tall + margins.top + margins.bottom;
    let mut panel = Panel::new((BODY, height), margins, (scale, kind), (places, Ticks::None));
    panel.x_label(label);
    if zero {
        let x = panel.x(0.0);
        panel.above(line((x, margins.top), (x, panel.bottom()), INK, 1.6, None));
    }
    let mut y = margins.top + 4.0;
    for section in sections {
        y += section.head(left);
        for (above, line) in section.lines(left).iter().rev().enumerate() {
            let place = y - 9.0 - LINE * above as f64;
            panel.above(bold(0.0, place, &text::fit(line, size, true, left), TICK, TextAnchor::Start, INK));
        }
        for row in &section.rows {
            let (lines, height) = (row.lines(left), row.height(left));
            let middle = y + height / 2.0;
            y += height;
            let first = middle + 6.0 - LINE * (lines.len().max(1) - 1) as f64 / 2.0;
            for (position, line) in lines.iter().enumerate() {
                let line = text::fit(line, size, false, left - 12.0);
                panel.above(words(left - 12.0, first + LINE * position as f64, &line, TICK, TextAnchor::End, INK));
            }
            if let Some((centre, interval)) = row.value {
                if let Some((low, high)) = interval {
                    let place = |value: f64| panel.x(value.clamp(scale.range.0, scale.range.1));
                    let (from, to) = (place(low), place(high));
                    panel.above(line((from, middle), (to, middle), row.colour, 3.0, None));
                    for x in [from, to] {
                        panel.above(line((x, middle - 6.0), (x, middle + 6.0), row.colour, 2.0, None));
                    }
                }
                let x = panel.x(centre.clamp(scale.range.0, scale.range.1));
                panel.above(dot(x, middle, 7.0, row.colour));
            }
            let (number, colour) = (numbers(row, zero), if row.value.is_some() { INK } else { FAINT_INK });
            panel.above(words(panel.right() + 20.0, middle + 6.0, &number, TICK, TextAnchor::Start, colour));
        }
    }
    let top = page.cursor;
    panel.draw(page, MARGIN, top);
    page.cursor = top + height;
}

/// The figure of the motives of first wars.
pub(crate) fn motives(view: &View) -> (String, String) {
    let subtitle = "Share of first wars by motive. Dot: estimate; line: 95 % interval.";
    let mut page = Page::new("motives", view.input.title, "Why first wars began", subtitle);
    let worlds = &view.worlds;
    let measures = || worlds.iter().flat_map(|world| &world.summary.motives);
    let footnotes = [
        format!("{}{}", view.method(&view.all()), methods(measures())),
        "Preemption: the attacker would not have struck without the fear of being struck first. Prevention: not without a closing window. Predation: what it could win was enough. Accident: by chance, while both sides were mobilised.".to_owned(),
    ];
    if !measures().any(|measure| value(&measure.estimate, 1.0).is_some()) {
        page.nothing("There was no war in any history shown here, so there is no motive to show.");
        return ("motives".to_owned(), page.finish(&footnotes));
    }
    let wars = |position: usize| worlds[position].summary.motives.first().map_or(0, |measure| measure.estimate.n);
    let key = |position: usize| format!("{}: {} first wars", worlds[position].label, text::count(wars(position)));
    page.keys(
        &(0..worlds.len())
            .map(|position| Key { mark: Mark::Dot(worlds[position].style.colour), label: key(position) })
            .collect::<Vec<_>>(),
    );
    let mut names: Vec<&str> = Vec::new();
    for measure in measures() {
        if !names.contains(&measure.name.as_str()) {
            names.push(&measure.name);
        }
    }
    let sections: Vec<Section> = names
        .iter()
        .map(|name| {
            let of = |position: usize| worlds[position].summary.motives.iter().find(|measure| measure.name == *name);
            let rows = worlds.iter().enumerate().map(|(position, world)| Row {
                label: if worlds.len() == 1 { (*name).to_owned() } else { world.label.clone() },
                colour: world.style.colour,
                value: of(position).and_then(|measure| value(&measure.estimate, 100.0)),
            });
            Section { heading: (worlds.len() > 1).then(|| (*name).to_owned()), rows: rows.collect() }
        })
        .collect();
    let scale = Scale { range: (0.0, 100.0), step: 20.0 };
    draw(&mut page, &sections, sides(sections.iter(), false), scale, Ticks::Percent, "share of first wars", false);
    ("motives".to_owned(), page.finish(&footnotes))
}

/// Axis label, factor and words of a unit of the tables.
pub(crate) fn unit(name: &str) -> (f64, String) {
    match name {
        "share" => (100.0, "difference, percentage points".to_owned()),
        "year" => (1.0, "difference, years".to_owned()),
        "1/year" => (1.0, "difference, per year".to_owned()),
        "" => (1.0, "difference".to_owned()),
        other => (1.0, format!("difference, {other}")),
    }
}

/// Sections of the measures in one unit: one row for each measure, or with several contrasts one heading for each measure and one row for
/// each contrast.
fn sections(view: &View, contrasts: &[&Contrast], unit_name: &str, factor: f64) -> Vec<Section> {
    let colour = |position: usize| {
        let contrast = contrasts[position];
        view.world(&contrast.b, contrast.b_point).map_or_else(|| palette::style(position + 1).colour, |world| world.style.colour)
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    for measure in contrasts.iter().flat_map(|contrast| &contrast.measures).filter(|measure| measure.unit == unit_name) {
        if seen.contains(&measure.name.as_str()) {
            continue;
        }
        seen.push(&measure.name);
        let heading = if measure.label.is_empty() { &measure.name } else { &measure.label };
        let of = |contrast: &Contrast| {
            let same = contrast.measures.iter().find(|other| other.name == measure.name && other.unit == unit_name);
            same.and_then(|other| value(&other.estimate, factor))
        };
        let rows = contrasts.iter().enumerate().map(|(position, contrast)| Row {
            label: if contrasts.len() == 1 { heading.clone() } else { view.label(&contrast.b, contrast.b_point).to_owned() },
            colour: colour(position),
            value: of(contrast),
        });
        match sections.last_mut() {
            Some(section) if contrasts.len() == 1 => section.rows.extend(rows),
            _ => sections.push(Section { heading: (contrasts.len() > 1).then(|| heading.clone()), rows: rows.collect() }),
        }
    }
    sections
}

/// The tests against the base, each in one sentence, if there are any.
fn tests(view: &View, contrasts: &[&Contrast], base: &str) -> Vec<String> {
    let probability = |p: f64| if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {}", text::number(p, 0.001)) };
    let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
    let each = |of: &dyn Fn(&Contrast) -> Option<String>| {
        let found = contrasts
            .iter()
            .filter_map(|contrast| Some(format!("{} {}", view.label(&contrast.b, contrast.b_point), of(contrast)?)));
        found.collect::<Vec<_>>().join("; ")
    };
    [
        (
            "Log-rank test of the time without war (conservative: it treats histories as independent), one degree of freedom",
            each(&|contrast| {
                let (square, p) = (finite(contrast.log_rank_chi_square)?, finite(contrast.log_rank_p)?);
                Some(format!("χ² = {}, {}", text::number(square, 0.1), probability(p)))
            }),
        ),
        ("McNemar's exact test of any war", each(&|contrast| finite(contrast.war_p).map(probability))),
        ("McNemar's exact test of a general war", each(&|contrast| finite(contrast.general_war_p).map(probability))),
    ]
    .into_iter()
    .filter(|(_, found)| !found.is_empty())
    .map(|(test, found)| format!("{test}, against {base}: {found}."))
    .collect()
}

/// The figure of the differences between scenarios, grouped by unit; `None` where the study has no contrast.
pub(crate) fn contrast(view: &View) -> Option<(String, String)> {
    let first = view.input.summary.contrasts.first()?;
    let contrasts: Vec<&Contrast> = view
        .input
        .summary
        .contrasts
        .iter()
        .filter(|contrast| contrast.a == first.a && contrast.a_point == first.a_point)
        .take(7)
        .collect();
    let base = view.label(&first.a, first.a_point);
    let other = if contrasts.len() == 1 { view.label(&first.b, first.b_point) } else { "each other scenario" };
    let title = format!("How {other} differs from {base}");
    let subtitle = format!(
        "Differences with the same draws of chance. Right of the line: more, or later, than in {base}. Lines: 95 % interval."
    );
    let mut page = Page::new("contrast", view.input.title, &title, &subtitle);
    let measures = || contrasts.iter().flat_map(|contrast| &contrast.measures);
    let mut footnotes = vec![format!("{}{}", view.method(&view.all()), methods(measures()))];
    footnotes.extend(tests(view, &contrasts, base));
    let mut units: Vec<&str> = Vec::new();
    for measure in measures() {
        if !units.contains(&measure.unit.as_str()) && value(&measure.estimate, 1.0).is_some() {
            units.push(&measure.unit);
        }
    }
    if units.is_empty() {
        page.nothing("No outcome has an estimate in both scenarios.");
        return Some(("contrast".to_owned(), page.finish(&footnotes)));
    }
    let groups: Vec<(String, Vec<Section>)> = units
        .into_iter()
        .map(|name| {
            let (factor, label) = unit(name);
            (label, sections(view, &contrasts, name, factor))
        })
        .collect();
    draw_groups(&mut page, &groups);
    Some(("contrast".to_owned(), page.finish(&footnotes)))
}

/// Draws sections of differences in several units below each other: each unit has its own axis, with the place of zero marked.
pub(crate) fn draw_groups(page: &mut Page, groups: &[(String, Vec<Section>)]) {
    let sides = sides(groups.iter().flat_map(|(_, sections)| sections), true);
    for (label, sections) in groups {
        let values = sections.iter().flat_map(|section| &section.rows).filter_map(|row| row.value);
        let ends = values.flat_map(|(middle, interval)| {
            let (low, high) = interval.unwrap_or((middle, middle));
            [low, middle, high]
        });
        let values: Vec<f64> = ends.chain([0.0]).collect();
        let mut scale = Scale::around(values.iter().copied(), 6);
        // Long numbers would touch each other.
        if text::number(scale.range.0, scale.step).chars().count() > 5 {
            scale = Scale::around(values, 4);
        }
        page.cursor += 6.0;
        draw(page, sections, sides, scale, Ticks::Signed, label, true);
        page.cursor += 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_heading_is_wrapped_and_not_cut() {
        let heading = "Crises in which a commitment lapsed and no war came, in a history";
        let section = Section { heading: Some(heading.to_owned()), rows: Vec::new() };
        let lines = section.lines(300.0);
        assert!(lines.len() > 1 && lines.join(" ") == heading, "{lines:?}");
        assert_eq!(section.head(300.0), HEADING + LINE * (lines.len() - 1) as f64);
    }

    #[test]
    fn numbers_are_as_precise_as_their_intervals() {
        for (width, step) in [(82.0, 1.0), (4.0, 1.0), (2.0, 0.1), (0.8, 0.1), (0.008, 0.001), (0.0, 0.1)] {
            let found = precision(width);
            assert!((found - step).abs() < 1e-9 * step, "{width} gave {found}, not {step}");
        }
    }
}
