//! The arms race as a chart of characters: kuva draws it in braille, every line bears the code of its state at its right end.

use std::fmt::Write as _;

use anstream::adapter::strip_str;
use anstyle::{RgbColor, Style};
use kuva::backend::terminal::TerminalBackend;
use kuva::plot::LinePlot;
use kuva::render::layout::{ComputedLayout, Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::render_multiple;
use kuva::render::theme::Theme;

use crate::console::Console;
use crate::history::{History, metric};
use crate::sentences::percent;
use crate::worlds::World;

/// Columns and rows of the chart. It stays within 80 columns whatever the terminal, so that it looks the same in a file.
const COLUMNS: usize = 74;
const ROWS: usize = 20;
/// Columns left of the plot area, for the numbers; right of it, before the codes.
const LEFT: usize = 9;
const RIGHT: usize = 1;
/// Letters of a code that find room within 80 columns.
const CODE_COLUMNS: usize = 6;
/// Rows below the plot area, for the years.
const BELOW: usize = 2;
/// States drawn: more lines cannot be told apart.
const MOST_LINES: usize = 8;
/// Pixels of a character. kuva thinks in pixels; with these a character cell is one.
const CELL: (f64, f64) = (8.0, 16.0);
/// Colours of the lines, readable on black and on white, told apart by the colour-blind (Okabe and Ito 2008, without black).
const COLOURS: [(u8, u8, u8); MOST_LINES] =
    [(0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233), (150, 110, 60), (153, 153, 153)];
/// Colour of axes and numbers.
const AXIS: &str = "#808080";

/// A state that is drawn.
struct Line {
    state: usize,
    arms: Vec<f64>,
    colour: (u8, u8, u8),
}

/// Arms of the most heavily armed states by year, with a legend: a text of lines of at most 80 columns.
pub(crate) fn arms_race(world: &World, history: &History, console: Console) -> String {
    let position = metric("arms");
    let mut order: Vec<usize> = (0..history.states.len()).collect();
    let peak = |state: usize| history.states[state][position].iter().copied().fold(0.0, f64::max);
    order.sort_by(|a, b| peak(*b).total_cmp(&peak(*a)).then(a.cmp(b)));
    let left_out = order.len().saturating_sub(MOST_LINES);
    let lines: Vec<Line> = order
        .into_iter()
        .take(MOST_LINES)
        .zip(COLOURS)
        .map(|(state, colour)| Line { state, arms: history.states[state][position].clone(), colour })
        .collect();
    let (Some(&start), Some(&end)) = (history.dates.first(), history.dates.last()) else { return String::new() };
    let highest = lines.iter().flat_map(|line| &line.arms).copied().fold(0.0, f64::max);
    if highest <= 0.0 || end <= start || !highest.is_finite() {
        return String::new();
    }
    let top = round_up(highest);
    let mut text = format!("{}\n", console.bold("Arms, thousand million int$"));
    text.push_str(&drawn(world, &history.dates, &lines, (start, end), top, console));
    text.push_str(&legend(world, history, &lines, left_out, console));
    text
}

fn drawn(world: &World, dates: &[f64], lines: &[Line], (start, end): (f64, f64), top: f64, console: Console) -> String {
    let size = (COLUMNS as f64 * CELL.0, ROWS as f64 * CELL.1);
    let years = year_step(end - start);
    let layout = Layout::new((start, end), (0.0, top))
        .with_width(size.0)
        .with_height(size.1)
        .with_force_margins(LEFT as f64 * CELL.0, RIGHT as f64 * CELL.0)
        .with_force_margins_y(0.5 * CELL.1, BELOW as f64 * CELL.1)
        .with_x_axis_min(start)
        .with_x_axis_max(end)
        .with_y_axis_min(0.0)
        .with_y_axis_max(top)
        .with_x_tick_step(years)
        .with_y_tick_step(top / 4.0)
        .with_x_tick_format(TickFormat::Custom(std::sync::Arc::new(|year: f64| format!("{year:.0}"))))
        .with_y_tick_format(TickFormat::Custom(std::sync::Arc::new(figure)))
        .with_show_grid(false)
        .with_theme(Theme { axis_color: AXIS.into(), tick_color: AXIS.into(), text_color: AXIS.into(), ..Theme::light() });
    let computed = ComputedLayout::from_layout(&layout);
    let plots = lines.iter().map(|line| {
        let points = dates.iter().copied().zip(line.arms.iter().copied());
        Plot::Line(LinePlot::new().with_data(points).with_color(hexadecimal(line.colour)))
    });
    let scene = render_multiple(plots.collect::<Vec<_>>(), layout);
    let chart = TerminalBackend::new(COLUMNS, ROWS).render_scene(&scene);
    // Each code stands in the row in which its line ends, or in the nearest free one.
    let mut codes: Vec<Option<&Line>> = vec![None; ROWS];
    for line in lines {
        let last = line.arms.last().copied().unwrap_or(0.0);
        let wanted = ((computed.map_y(last) / CELL.1) as usize).min(ROWS - 1 - BELOW);
        let free = (0..ROWS - BELOW).filter(|row| codes[*row].is_none()).min_by_key(|row| row.abs_diff(wanted));
        if let Some(row) = free {
            codes[row] = Some(line);
        }
    }
    let mut text = String::new();
    for (row, codes) in chart.lines().take(ROWS).zip(codes) {
        let row = if console.colour { row.to_string() } else { strip_str(row).to_string() };
        let code = codes
            .map_or(String::new(), |line| coloured(line, &shortened(&world.scenario.setup.states[line.state].code), console));
        let _ = writeln!(text, "{}", format!("{row}{code}").trim_end());
    }
    text
}

/// What each line is, with arms and burdens at its ends.
fn legend(world: &World, history: &History, lines: &[Line], left_out: usize, console: Console) -> String {
    let names = lines.iter().map(|line| world.state_name(line.state as u16).chars().count()).max().unwrap_or(0).min(24);
    let mut text = format!("{:>names$}    {:>19}  {:>17}\n", "", "arms", "burden of output");
    for line in lines {
        let ends = |metric: usize, first: usize| {
            let values = &history.states[line.state][metric];
            (values.get(first).copied().unwrap_or(f64::NAN), values.last().copied().unwrap_or(f64::NAN))
        };
        // Before the first tick nothing has been procured.
        let ((arms, arms_then), (burden, burden_then)) = (ends(metric("arms"), 0), ends(metric("burden"), 1));
        let code = &world.scenario.setup.states[line.state].code;
        let name: String = world.state_name(line.state as u16).chars().take(names).collect();
        let code = coloured(line, &format!("{:<CODE_COLUMNS$}", shortened(code)), console);
        let _ = writeln!(
            text,
            "{code}{name:<names$}  {:>7} → {:>7}   {:>6} → {:>6}",
            figure(arms),
            figure(arms_then),
            percent(burden),
            percent(burden_then)
        );
    }
    if left_out > 0 {
        let _ = writeln!(text, "The other {left_out} states, less armed, are not drawn.");
    }
    text
}

fn coloured(line: &Line, text: &str, console: Console) -> String {
    let (red, green, blue) = line.colour;
    console.styled(Style::new().fg_color(Some(RgbColor(red, green, blue).into())), text)
}

fn shortened(code: &str) -> String {
    code.chars().take(CODE_COLUMNS - 1).collect()
}

fn hexadecimal((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A number with about three digits.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 || size == 0.0 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The next number of the form 1, 2, 4 or 8 times a power of ten: it has round quarters.
fn round_up(value: f64) -> f64 {
    let mut power = 1e-9;
    while power * 10.0 <= value {
        power *= 10.0;
    }
    [1.0, 2.0, 4.0, 8.0, 10.0].into_iter().map(|factor| factor * power).find(|round| *round >= value).unwrap_or(value)
}

/// Years between ticks, so that there are about eight.
fn year_step(years: f64) -> f64 {
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]
        .into_iter()
        .find(|step| years / step <= 9.0)
        .unwrap_or(years / 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_on_round_numbers() {
        for (value, round) in [(0.7, 0.8), (1.0, 1.0), (3.2, 4.0), (45.0, 80.0), (81.0, 100.0), (150.0, 200.0)] {
            assert!((round_up(value) / round - 1.0).abs() < 1e-9, "{value} gives {}", round_up(value));
        }
        assert_eq!([year_step(5.0), year_step(24.0), year_step(40.0), year_step(46.0)], [1.0, 5.0, 5.0, 10.0]);
    }

    #[test]
    fn numbers_keep_three_digits() {
        assert_eq!([figure(0.0), figure(3.14159), figure(31.4159), figure(314.159)], ["0", "3.14", "31.4", "314"]);
    }
}
