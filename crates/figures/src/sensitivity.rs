//! Bars of sensitivity: the effect of each factor with its interval, the largest first.

use kuva::render::render::TextAnchor;
use spiral_analysis::table::Estimate;
use spiral_analysis::{FactorSensitivity, Sensitivity};

use crate::Figure;
use crate::page::{BODY, Key, MARGIN, Mark, Page, TICK, area, line, words};
use crate::palette::{self, FAINT_INK, INK};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;
use crate::waterfall::lower_first;

/// Factors that are drawn.
const MOST_FACTORS: usize = 25;
const ROW: f64 = 44.0;
const BAR: f64 = 15.0;
const WIDEST_LABEL: f64 = 420.0;

/// The bars of a factor: μ* and σ, or the index alone and with others.
fn bars(factor: &FactorSensitivity) -> [Option<&Estimate>; 2] {
    if factor.mu_star.is_some() {
        [factor.mu_star.as_ref(), factor.sigma.as_ref()]
    } else {
        [factor.total.as_ref(), factor.first_order.as_ref()]
    }
}

fn middle(estimate: Option<&Estimate>) -> Option<f64> {
    estimate.and_then(|estimate| estimate.estimate)
}

/// The figure of one outcome.
pub(crate) fn figure(found: &Sensitivity, label: &str, unit: &str, study: &str) -> Figure {
    let morris = found.method == "morris";
    let name = format!("sensitivity-{}", found.outcome.replace('_', "-"));
    let title = format!("Which factors change this outcome: {}", lower_first(label));
    // Effects are in the unit of the outcome; indices are shares of a variance.
    let (times, axis) = match (morris, unit) {
        (false, _) => (1.0, "share of the variance between points".to_owned()),
        (true, "share") => (100.0, "effect, percentage points".to_owned()),
        (true, "") => (1.0, "effect".to_owned()),
        (true, "1/year") => (1.0, "effect, per year".to_owned()),
        (true, unit) => (1.0, format!("effect, {unit}")),
    };
    let subtitle = if morris {
        "Mean size of the effect when one factor moves over its range (μ*), and how much that effect depends on the other factors (σ)."
    } else {
        "Share of the variance between points that a factor explains alone (first order), and alone and together with others (total)."
    };
    let mut page = Page::new(&name, study, &title, subtitle);
    let [first, second] = [0, 1].map(|position| palette::style(position).colour);
    let keys = if morris {
        ["μ*: mean size of effects", "σ: their standard deviation"]
    } else {
        ["alone and with others (total)", "alone (first order)"]
    };
    page.keys(
        &[(first, keys[0]), (second, keys[1])].map(|(colour, label)| Key { mark: Mark::Area(colour, 1.0), label: label.into() }),
    );
    let mut factors: Vec<&FactorSensitivity> = found.factors.iter().collect();
    let rank = |factor: &FactorSensitivity| middle(bars(factor)[0]).unwrap_or(f64::NEG_INFINITY);
    factors.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let left_out = factors.len().saturating_sub(MOST_FACTORS);
    factors.truncate(MOST_FACTORS);
    let share = |share: Option<f64>| share.map_or_else(|| "unknown".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let mut footnotes = vec![format!(
        "{} rows of the design, {} of them without a value and left out. Lines: 95 % interval, bootstrap over rows. Chance explains at \
         most {} of the variance between points.",
        found.rows,
        found.masked,
        share(found.seed_noise)
    )];
    if left_out > 0 {
        footnotes.push(format!("{left_out} factors with smaller effects are not drawn."));
    }
    if factors.iter().all(|factor| rank(factor) == f64::NEG_INFINITY) {
        page.nothing("The outcome is the same at every point, or has no value, so no factor changes it.");
        return Figure { name, svg: page.finish(&footnotes) };
    }
    let size = f64::from(TICK);
    let wide = factors.iter().map(|factor| text::width(&factor.factor, size, false) + 12.0);
    let left = wide.fold(160.0, f64::max).min(WIDEST_LABEL);
    let ends = factors.iter().flat_map(|factor| bars(factor)).flatten();
    let values =
        ends.flat_map(|estimate| [estimate.estimate, estimate.lower, estimate.upper]).flatten().map(|value| value * times);
    let scale = Scale::from_zero(values, 6);
    let tall = ROW * factors.len() as f64 + 8.0;
    let margins = Margins { left, right: 40.0, top: 8.0, bottom: 66.0 };
    let height = tall + margins.top + margins.bottom;
    let places = Scale { range: (0.0, tall), step: 10.0 * tall };
    let mut panel = Panel::new((BODY, height), margins, (scale, Ticks::Numbers), (places, Ticks::None));
    panel.x_label(&axis);
    let place = |panel: &Panel, value: f64| panel.x((value * times).clamp(scale.range.0, scale.range.1));
    for (row, factor) in factors.iter().enumerate() {
        let top = margins.top + 4.0 + ROW * row as f64;
        let label = text::fit(&factor.factor, size, false, left - 12.0);
        panel.above(words(left - 12.0, top + ROW / 2.0 + 6.0, &label, TICK, TextAnchor::End, INK));
        for (position, (estimate, colour)) in bars(factor).into_iter().zip([first, second]).enumerate() {
            let y = top + 6.0 + BAR * position as f64;
            let Some(value) = middle(estimate) else {
                panel.above(words(place(&panel, 0.0) + 6.0, y + 12.0, "no estimate", TICK, TextAnchor::Start, FAINT_INK));
                continue;
            };
            let (zero, end) = (place(&panel, 0.0), place(&panel, value));
            panel.above(area(zero.min(end), y, (end - zero).abs().max(1.0), BAR - 2.0, colour, 0.85));
            if let Some((low, high)) = estimate.and_then(|estimate| estimate.lower.zip(estimate.upper)) {
                let (from, to) = (place(&panel, low), place(&panel, high));
                panel.above(line((from, y + BAR / 2.0 - 1.0), (to, y + BAR / 2.0 - 1.0), INK, 1.6, None));
            }
        }
    }
    let zero = place(&panel, 0.0);
    panel.above(line((zero, margins.top), (zero, panel.bottom()), INK, 1.2, None));
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + height;
    Figure { name, svg: page.finish(&footnotes) }
}
