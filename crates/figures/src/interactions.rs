//! What two groups of differences do together, as a triangle of all pairs.

use kuva::render::render::{Primitive, TextAnchor};
use spiral_analysis::attribution::Interaction;
use spiral_analysis::{Attribution, Explanation};

use crate::Figure;
use crate::heat_map::{EMPTY, bar, ink_on, pixel, rectangle};
use crate::page::{BODY, LABEL, MARGIN, Page, TICK, bold, words};
use crate::palette::{self, INK};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;
use crate::waterfall::{lower_first, simulated};

/// Least height of a row, px, and of all.
const LEAST: (f64, f64) = (58.0, 300.0);
/// Size of the interval below a number, px.
const SMALL: u32 = 13;
/// Colour of no interaction.
const MIDDLE: &str = "#f7f7f7";

/// The figure of one outcome.
pub(crate) fn figure(found: &Attribution, explanation: &Explanation) -> Figure {
    let name = format!("interactions-{}", found.outcome.replace('_', "-"));
    let (a, b) = (&explanation.a, &explanation.b);
    let label = lower_first(&found.label);
    let title = format!("What two groups do together: {label}");
    let subtitle = format!(
        "From {a} to {b}: what the group of the row and the group of the column add together, beyond what each adds alone (Shapley \
         interaction), with its 95 % interval. Bold in a frame: the interval does not contain zero."
    );
    let mut page = Page::new(&name, &format!("{a}, {b}"), &title, &subtitle);
    let (factor, unit) = match found.unit.as_str() {
        "share" => (100.0, "percentage points"),
        "1/year" => (1.0, "per year"),
        other => (1.0, other),
    };
    let mut footnotes = vec![simulated(found, explanation)];
    let known = || found.interactions.iter().filter_map(|pair| pair.index).filter(|index| index.is_finite());
    if known().next().is_none() || found.groups.len() < 2 {
        page.nothing(&found.caveat().unwrap_or_else(|| "No pair of groups has a value.".to_owned()));
        return Figure { name, svg: page.finish(&footnotes) };
    }
    footnotes.push(
        "If the number has the sign of both shares, the two groups strengthen each other. If it has the opposite sign, one of them is enough.".to_owned(),
    );
    footnotes.extend(found.caveat());
    let widest = known().fold(0.0, |widest: f64, index| widest.max(index.abs())) * factor;
    let widest = if widest > 0.0 { widest } else { 1.0 };
    let scale = Scale::around([-widest, widest], 6);
    let groups: Vec<&str> = found.groups.iter().map(|group| group.name.as_str()).collect();
    let side = groups.len() - 1;
    let tall = LEAST.0.max((LEAST.1 / side as f64).round());
    let size = f64::from(TICK);
    let left = groups[1..].iter().map(|name| text::width(name, size, false)).fold(60.0, f64::max).min(260.0) + 16.0;
    let margins = Margins { left, right: 168.0, top: 26.0, bottom: 12.0 };
    let height = tall * side as f64 + margins.top + margins.bottom;
    let places = |count: usize| Scale { range: (0.0, count as f64), step: 1e9 };
    let mut panel = Panel::new((BODY, height), margins, (places(side), Ticks::None), (places(side), Ticks::None));
    let right = panel.right();
    let edge = |column: usize| (left + (right - left) * column as f64 / side as f64).round();
    let step = scale.step / if scale.step >= 5.0 { 5.0 } else { 10.0 };
    // Covers the axes, which have no meaning here.
    panel.above(rectangle(left - 4.0, margins.top - 4.0, right - left + 8.0, height - margins.top, "#ffffff", None));
    let (mut framed, mut over) = (Vec::new(), Vec::new());
    for row in 1..groups.len() {
        let top = margins.top + tall * (row - 1) as f64;
        let label = text::fit(groups[row], size, false, left - 14.0);
        over.push(words(left - 12.0, top + tall / 2.0 + 6.0, &label, TICK, TextAnchor::End, INK));
        // The name of a column is at its top, on the diagonal.
        let (head, wide) = (edge(row - 1), edge(row) - edge(row - 1));
        let label = text::fit(groups[row - 1], size, false, wide.max(140.0));
        over.push(words(head + 2.0, top - 8.0, &label, TICK, TextAnchor::Start, INK));
        for column in 0..row {
            let (x, wide) = (edge(column), edge(column + 1) - edge(column));
            let pair = pair(found, groups[row], groups[column]);
            let index = pair.and_then(|pair| pair.index).filter(|index| index.is_finite()).map(|index| index * factor);
            let fill = index.map_or_else(|| EMPTY.to_owned(), |index| colour(scale, index));
            panel.above(rectangle(x + 1.0, top + 1.0, wide - 2.0, tall - 2.0, &fill, None));
            let interval = pair.and_then(|pair| pair.lower.zip(pair.upper)).map(|(low, high)| (low * factor, high * factor));
            let sure = interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
            if sure {
                framed.push(frame(x + 2.0, top + 2.0, wide - 4.0, tall - 4.0));
            }
            let centre = pixel(x + wide / 2.0);
            let ink = ink_on(&fill);
            let written = index.map_or_else(|| "–".to_owned(), |index| text::number(index, step));
            let write = if sure { bold } else { words };
            over.push(write(centre, top + tall / 2.0 - 3.0, &written, TICK + 1, TextAnchor::Middle, ink));
            if let Some((low, high)) = interval {
                let ends = format!("[{}, {}]", text::number(low, step), text::number(high, step));
                if text::width(&ends, f64::from(SMALL), false) <= wide - 4.0 {
                    over.push(words(centre, top + tall / 2.0 + 17.0, &ends, SMALL, TextAnchor::Middle, ink));
                }
            }
        }
    }
    framed.into_iter().chain(over).for_each(|element| panel.above(element));
    let label = format!("effect of both beyond each alone, {unit}");
    let label = if text::width(&label, f64::from(LABEL), false) > height - 40.0 { unit.to_owned() } else { label };
    bar(&mut panel, margins.top, scale, &label, |value| colour(scale, value));
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + height;
    Figure { name, svg: page.finish(&footnotes) }
}

/// The interaction of two groups, given in either order.
fn pair<'a>(found: &'a Attribution, one: &str, other: &str) -> Option<&'a Interaction> {
    let same = |pair: &&Interaction| (pair.first == one && pair.second == other) || (pair.first == other && pair.second == one);
    found.interactions.iter().find(same)
}

/// From the colour of a decrease, through near white, to the colour of an increase, as in the waterfall.
fn colour(scale: Scale, value: f64) -> String {
    let place = (value / scale.range.1).clamp(-1.0, 1.0);
    let end = palette::style(usize::from(place > 0.0)).colour;
    let channel = |hex: &str, from: usize| f64::from(u8::from_str_radix(&hex[from..from + 2], 16).unwrap_or(0));
    let mixed = [1, 3, 5].map(|from| {
        let (middle, end) = (channel(MIDDLE, from), channel(end, from));
        (middle + (end - middle) * place.abs()).round() as u8
    });
    format!("#{:02x}{:02x}{:02x}", mixed[0], mixed[1], mixed[2])
}

/// The edge of a cell.
fn frame(x: f64, y: f64, width: f64, height: f64) -> Primitive {
    let (stroke, stroke_width) = (Some(INK.into()), Some(2.6));
    Primitive::Rect { x, y, width, height, fill: "none".into(), stroke, stroke_width, opacity: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_two_ends_and_a_middle_and_every_number_can_be_read() {
        let scale = Scale { range: (-20.0, 20.0), step: 5.0 };
        assert_eq!([-20.0, 0.0, 20.0].map(|value| colour(scale, value)), ["#0072b2", "#f7f7f7", "#d55e00"]);
        let level = |hex: &str, from: usize| f64::from(u8::from_str_radix(&hex[from..from + 2], 16).expect("a colour")) / 255.0;
        let linear = |level: f64| if level <= 0.04045 { level / 12.92 } else { libm::pow((level + 0.055) / 1.055, 2.4) };
        let luminance =
            |hex: &str| 0.2126 * linear(level(hex, 1)) + 0.7152 * linear(level(hex, 3)) + 0.0722 * linear(level(hex, 5));
        for value in -20..=20 {
            let fill = colour(scale, f64::from(value));
            let (paper, ink) = (luminance(&fill), luminance(ink_on(&fill)));
            let contrast = (paper.max(ink) + 0.05) / (paper.min(ink) + 0.05);
            assert!(contrast >= 4.5, "{value}: {contrast:.2} on {fill}");
        }
    }
}
