//! The waterfall of an attribution: from one world to the other, one bar for each group, the largest first.

use kuva::render::render::TextAnchor;
use spiral_analysis::{Attribution, Explanation, Measure, format_difference, format_estimate};

use crate::Figure;
use crate::page::{BODY, Key, MARGIN, Mark, Page, TICK, area, bold, line, words};
use crate::palette::{self, FAINT_INK, INK, NEUTRAL};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;

const ROW: f64 = 46.0;
const BAR: f64 = 26.0;
/// Pairs of groups that a footnote names.
const MOST_PAIRS: usize = 3;

/// One bar: from where to where, its label, its numbers, its colour.
struct Bar {
    label: String,
    from: f64,
    to: f64,
    interval: Option<(f64, f64)>,
    numbers: String,
    colour: &'static str,
    whole: bool,
}

/// The figure of one outcome.
pub(crate) fn figure(found: &Attribution, explanation: &Explanation) -> Figure {
    let name = format!("explain-{}", found.outcome.replace('_', "-"));
    let (a, b) = (&explanation.a, &explanation.b);
    let study = format!("{a}, {b}");
    let title = format!("What explains the difference: {}", lower_first(&found.label));
    let subtitle = format!(
        "From {a} (top) to {b} (bottom): what each group of differences adds (Shapley share), largest first. Lines: 95 % interval of \
         the share."
    );
    let mut page = Page::new(&name, &study, &title, &subtitle);
    let [less, more] = [0, 1].map(|position| palette::style(position).colour);
    let mut footnotes = vec![simulated(found, explanation)];
    footnotes.extend(roles(explanation));
    let Some(bars) = bars(found, (a, b), (less, more)) else {
        page.nothing(&found.caveat().unwrap_or_else(|| "One of the two worlds has no value.".to_owned()));
        return Figure { name, svg: page.finish(&footnotes) };
    };
    footnotes.extend(found.caveat());
    footnotes.extend(together(found));
    page.keys(
        &[(NEUTRAL, "value in one world"), (more, "group raises it"), (less, "group lowers it")]
            .map(|(colour, label)| Key { mark: Mark::Area(colour, 1.0), label: label.into() }),
    );
    let label = lower_first(&found.label);
    let label = if found.unit == "years" { format!("{label}, years since the start") } else { label };
    draw(&mut page, &bars, &found.unit, &label);
    Figure { name, svg: page.finish(&footnotes) }
}

/// What was simulated, and how the intervals were made.
pub(crate) fn simulated(found: &Attribution, explanation: &Explanation) -> String {
    format!(
        "{} histories of each of {} worlds, seed {}; all worlds use the same draws of chance. {}",
        text::count(found.n),
        text::count(explanation.worlds),
        explanation.seed,
        found.method_sentence()
    )
}

/// A number with the minus sign of the axis.
fn minus(number: &str) -> String {
    number.replace('-', "−")
}

pub(crate) fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The bars in order; `None` where a share or an end does not exist.
fn bars(found: &Attribution, (a, b): (&str, &str), (less, more): (&'static str, &'static str)) -> Option<Vec<Bar>> {
    let factor = factor(&found.unit);
    let [first, last] = found.ends(a, b);
    let end = |measure: &Measure| {
        Some(Bar {
            label: measure.name.clone(),
            from: 0.0,
            to: measure.estimate.estimate? * factor,
            interval: None,
            numbers: format_estimate(measure),
            colour: NEUTRAL,
            whole: true,
        })
    };
    let mut shares = found.shares().collect::<Vec<Measure>>();
    let size = |measure: &Measure| measure.estimate.estimate.map_or(f64::NAN, f64::abs);
    // Stable: equal ones keep the order of the groups.
    shares.sort_by(|one, other| size(other).total_cmp(&size(one)));
    let mut bars = vec![end(&first)?];
    let mut level = first.estimate.estimate?;
    for share in &shares {
        let size = share.estimate.estimate?;
        let next = level + size;
        let interval = share.estimate.lower.zip(share.estimate.upper);
        bars.push(Bar {
            label: share.name.clone(),
            from: level * factor,
            to: next * factor,
            interval: interval.map(|(low, high)| ((level + low) * factor, (level + high) * factor)),
            numbers: minus(&format_difference(share)),
            colour: if size < 0.0 { less } else { more },
            whole: false,
        });
        level = next;
    }
    bars.push(end(&last)?);
    Some(bars)
}

fn factor(unit: &str) -> f64 {
    if unit == "share" { 100.0 } else { 1.0 }
}

fn draw(page: &mut Page, bars: &[Bar], unit: &str, label: &str) {
    let size = f64::from(TICK);
    let widest = |of: fn(&Bar) -> &str, bold| bars.iter().map(|bar| text::width(of(bar), size, bold)).fold(120.0, f64::max);
    let left = widest(|bar| &bar.label, true).min(380.0) + 16.0;
    let right = widest(|bar| &bar.numbers, false) + 30.0;
    let values = bars
        .iter()
        .flat_map(|bar| [bar.from, bar.to].into_iter().chain(bar.interval.into_iter().flat_map(|ends| [ends.0, ends.1])));
    let scale = Scale::from_zero(values, 6);
    let tall = ROW * bars.len() as f64 + 8.0;
    let margins = Margins { left, right, top: 8.0, bottom: 66.0 };
    let height = tall + margins.top + margins.bottom;
    let places = Scale { range: (0.0, tall), step: 10.0 * tall };
    let ticks = if unit == "share" { Ticks::Percent } else { Ticks::Numbers };
    let mut panel = Panel::new((BODY, height), margins, (scale, ticks), (places, Ticks::None));
    panel.x_label(label);
    let top = |row: usize| margins.top + 4.0 + ROW * row as f64 + (ROW - BAR) / 2.0;
    for (row, bar) in bars.iter().enumerate() {
        let (y, middle) = (top(row), top(row) + BAR / 2.0);
        let (from, to) = (panel.x(bar.from), panel.x(bar.to));
        panel.above(area(from.min(to), y, (to - from).abs().max(1.5), BAR, bar.colour, 0.85));
        if let Some(next) = bars.get(row + 1) {
            // Where this bar ends, the next begins; the last stands on zero and ends there.
            let level = panel.x(if next.whole { next.to } else { next.from });
            panel.above(line((level, y + BAR), (level, top(row + 1)), FAINT_INK, 1.2, Some("3 3")));
        }
        if let Some((low, high)) = bar.interval {
            let (low, high) = (panel.x(low), panel.x(high));
            panel.above(line((low, middle), (high, middle), INK, 2.0, None));
            for x in [low, high] {
                panel.above(line((x, middle - 5.0), (x, middle + 5.0), INK, 2.0, None));
            }
        }
        let label = text::fit(&bar.label, size, bar.whole, left - 16.0);
        let write = if bar.whole { bold } else { words };
        panel.above(write(left - 12.0, middle + 6.0, &label, TICK, TextAnchor::End, INK));
        panel.above(words(panel.right() + 18.0, middle + 6.0, &bar.numbers, TICK, TextAnchor::Start, INK));
    }
    let zero = panel.x(0.0);
    panel.above(line((zero, margins.top), (zero, panel.bottom()), INK, 1.2, None));
    let place = page.cursor;
    panel.draw(page, MARGIN, place);
    page.cursor = place + height;
}

/// The strongest pairs whose interval does not contain zero.
fn together(found: &Attribution) -> Option<String> {
    let pairs: Vec<String> = found
        .strongest_interactions()
        .iter()
        .filter(|pair| pair.estimate.excludes_zero())
        .take(MOST_PAIRS)
        .map(|pair| format!("{} {}", pair.name, minus(&format_difference(pair))))
        .collect();
    (!pairs.is_empty())
        .then(|| format!("What two groups do together, beyond what each does alone (Shapley interaction): {}.", pairs.join("; ")))
}

/// Counterparts whose codes differ, and states without one.
fn roles(explanation: &Explanation) -> Option<String> {
    let (a, b) = (&explanation.a, &explanation.b);
    let mut parts: Vec<String> = Vec::new();
    for pair in &explanation.states {
        match (&pair.a, &pair.b) {
            (Some(first), Some(second)) if first != second => {
                parts.push(format!("{first} and {second} are counterparts ({})", pair.role));
            }
            (Some(code), None) => parts.push(format!("{code} of {a} has no counterpart and belongs to the group system")),
            (None, Some(code)) => parts.push(format!("{code} of {b} has no counterpart and belongs to the group system")),
            _ => {}
        }
    }
    (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
}
