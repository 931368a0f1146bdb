//! The arms race as a chart of characters: curves in braille dots, every one with the code of its state at its right end.

use std::fmt::Write as _;

use anstyle::{RgbColor, Style};

use spiral_results::World;
use spiral_results::history::{History, metric, percent};

use super::console::{Console, wrapped};

/// Most columns, and rows, of the plot area. The chart stays within 80 columns on a wide terminal, so that it looks the same in a file.
const COLUMNS: usize = 64;
const ROWS: usize = 18;
/// Columns left of the plot area, for the numbers.
const LEFT: usize = 8;
/// Letters of a code that find room right of it.
const CODE_COLUMNS: usize = 6;
/// Dots of a braille character, across and down.
const DOTS: (usize, usize) = (2, 4);
/// States drawn: more lines cannot be distinguished.
const MOST_LINES: usize = 8;
/// Numbers on the vertical axis are a quarter of its height apart.
const STEPS: usize = 4;
/// Colours of the lines, readable on black and on white, also distinguished by colour-blind readers (Okabe and Ito 2008, without black).
const COLOURS: [(u8, u8, u8); MOST_LINES] =
    [(0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233), (150, 110, 60), (153, 153, 153)];

/// A state that is drawn.
struct Line {
    state: usize,
    arms: Vec<f64>,
    colour: (u8, u8, u8),
}

/// Columns of the plot area on a terminal.
fn plot_columns(console: Console) -> usize {
    console.columns.saturating_sub(LEFT + CODE_COLUMNS).clamp(16, COLUMNS)
}

/// Arms of the most heavily armed states by year, with a legend: a text of lines of at most 80 columns, or those of the terminal.
pub(super) fn arms_race(world: &World, history: &History, console: Console) -> String {
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
    let mut text = format!("{}\n", console.bold(&format!("Arms, {}", world.scenario.money)));
    text.push_str(&drawn(world, &history.dates, &lines, (start, end), top, console));
    text.push_str(&legend(world, history, &lines, left_out, console));
    text
}

/// The plot area with its axes.
fn drawn(world: &World, dates: &[f64], lines: &[Line], years: (f64, f64), top: f64, console: Console) -> String {
    let columns = plot_columns(console);
    let mut canvas = Canvas::new(columns);
    for (number, line) in lines.iter().enumerate() {
        canvas.draw(number, dates, &line.arms, years, top);
    }
    // Each code stands in the row in which its line ends, or in the nearest free one.
    let mut codes = [None; ROWS];
    for (number, line) in lines.iter().enumerate() {
        let wanted = row_of_dots(line.arms.last().copied().unwrap_or(0.0), top) / DOTS.1;
        let free = (0..ROWS).filter(|row| codes[*row].is_none()).min_by_key(|row| row.abs_diff(wanted));
        if let Some(row) = free {
            codes[row] = Some(number);
        }
    }
    let mut text = String::new();
    for (row, code) in codes.iter().enumerate() {
        // The number of a step stands at the row whose middle is nearest to it.
        let step = (0..=STEPS).find(|step| row_of_dots(top * *step as f64 / STEPS as f64, top) / DOTS.1 == row);
        let label = step.map_or(String::new(), |step| figure(top * step as f64 / STEPS as f64));
        let tick = if step.is_some() { '┤' } else { '│' };
        let cells: String = canvas.cells[row]
            .chunk_by(|one, other| one.1 == other.1)
            .map(|run| {
                let characters: String = run.iter().map(|(dots, _)| braille(*dots)).collect();
                run[0].1.map_or(characters.clone(), |number| coloured(&lines[number], &characters, console))
            })
            .collect();
        let code = code.map_or(String::new(), |number| {
            let code = shortened(&world.scenario.setup.states[lines[number].state].code);
            coloured(&lines[number], &format!(" {code}"), console)
        });
        let _ = writeln!(text, "{}", format!("{label:>width$}{tick}{cells}{code}", width = LEFT - 1).trim_end());
    }
    text.push_str(&date_axis(years, columns));
    text
}

/// The line of dates under the plot area, and the years under that.
fn date_axis((start, end): (f64, f64), columns: usize) -> String {
    // A year has room in eight columns.
    let step = year_step(end - start, (columns as f64 / 7.0).min(9.0));
    let mut axis = vec!['─'; columns];
    let mut years = vec![' '; LEFT + columns + CODE_COLUMNS];
    let mut year = (start / step).ceil() * step;
    while year <= end {
        let column = (((year - start) / (end - start) * columns as f64) as usize).min(columns - 1);
        axis[column] = '┬';
        let label = format!("{year:.0}");
        let from = (LEFT + column).saturating_sub(label.len() / 2);
        for (offset, character) in label.chars().enumerate() {
            if let Some(place) = years.get_mut(from + offset) {
                *place = character;
            }
        }
        year += step;
    }
    let years: String = years.into_iter().collect();
    format!("{}└{}\n{}\n", " ".repeat(LEFT - 1), axis.into_iter().collect::<String>(), years.trim_end())
}

/// Row of dots, from the top, of a value.
fn row_of_dots(value: f64, top: f64) -> usize {
    let rows = ROWS * DOTS.1;
    let up = (value / top).clamp(0.0, 1.0) * (rows - 1) as f64;
    rows - 1 - up.round() as usize
}

fn braille(dots: u8) -> char {
    if dots == 0 { ' ' } else { char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' ') }
}

/// Characters of dots, each with the last line that crosses it.
struct Canvas {
    cells: Vec<Vec<(u8, Option<usize>)>>,
}

impl Canvas {
    fn new(columns: usize) -> Self {
        Self { cells: vec![vec![(0, None); columns]; ROWS] }
    }

    /// Draws a line: in every column of dots from its height in the column before to its height in this.
    fn draw(&mut self, number: usize, dates: &[f64], values: &[f64], (start, end): (f64, f64), top: f64) {
        let columns = self.cells[0].len() * DOTS.0;
        let mut before = None;
        for column in 0..columns {
            let date = start + (end - start) * column as f64 / (columns - 1) as f64;
            let row = row_of_dots(interpolated(dates, values, date), top);
            let (high, low) = before.map_or((row, row), |before: usize| (before.min(row), before.max(row)));
            for dot in high..=low {
                self.set(column, dot, number);
            }
            before = Some(row);
        }
    }

    fn set(&mut self, column: usize, row: usize, number: usize) {
        // Bits of a braille character: three down on the left, three on the right, then the lowest pair.
        const BITS: [[u8; DOTS.1]; DOTS.0] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
        let cell = &mut self.cells[row / DOTS.1][column / DOTS.0];
        *cell = (cell.0 | BITS[column % DOTS.0][row % DOTS.1], Some(number));
    }
}

/// The value at a date, by a straight line between the recorded dates.
fn interpolated(dates: &[f64], values: &[f64], date: f64) -> f64 {
    let after = dates.partition_point(|known| *known <= date).clamp(1, dates.len() - 1);
    let (from, to) = (dates[after - 1], dates[after]);
    let share = ((date - from) / (to - from)).clamp(0.0, 1.0);
    values[after - 1] + share * (values[after] - values[after - 1])
}

/// What each line is, with arms and burdens at its ends.
fn legend(world: &World, history: &History, lines: &[Line], left_out: usize, console: Console) -> String {
    let names = lines.iter().map(|line| world.state_name(line.state as u32).chars().count()).max().unwrap_or(0).min(24);
    // Code, name, two numbers and an arrow, twice: where that is too wide, the numbers stand below the name.
    let narrow = CODE_COLUMNS + names + 37 > console.columns;
    let mut text = if narrow {
        format!("{:>15}  {:>17}\n", "arms", "burden of output")
    } else {
        format!("{:>names$}    {:>19}  {:>17}\n", "", "arms", "burden of output")
    };
    for line in lines {
        let ends = |metric: usize, first: usize| {
            let values = &history.states[line.state][metric];
            (values.get(first).copied().unwrap_or(f64::NAN), values.last().copied().unwrap_or(f64::NAN))
        };
        // Before the first tick nothing has been procured.
        let ((arms, arms_then), (burden, burden_then)) = (ends(metric("arms"), 0), ends(metric("burden"), 1));
        let code = &world.scenario.setup.states[line.state].code;
        let name: String = world.state_name(line.state as u32).chars().take(names).collect();
        let code = coloured(line, &format!("{:<CODE_COLUMNS$}", shortened(code)), console);
        let gap = if narrow { "\n" } else { "  " };
        let width = if narrow { 0 } else { names };
        let _ = writeln!(
            text,
            "{code}{name:<width$}{gap}{:>7} → {:>7}   {:>6} → {:>6}",
            figure(arms),
            figure(arms_then),
            percent(burden),
            percent(burden_then)
        );
    }
    if left_out > 0 {
        let told = match left_out {
            1 => "The other state, less armed, is not drawn.".to_string(),
            many => format!("The other {many} states, less armed, are not drawn."),
        };
        let _ = writeln!(text, "{}", wrapped(&told, console.columns, "", ""));
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

/// A number with about three digits.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{value:.1e}"),
        size if size >= 99.95 || size == 0.0 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The next number with round quarters.
fn round_up(value: f64) -> f64 {
    let mut power = 1e-9;
    while power * 10.0 <= value {
        power *= 10.0;
    }
    [1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|round| *round >= value)
        .unwrap_or(value)
}

/// Years between ticks, so that there are no more than some number of them.
fn year_step(years: f64, most: f64) -> f64 {
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]
        .into_iter()
        .find(|step| years / step <= most)
        .unwrap_or(years / 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_on_round_numbers() {
        for (value, round) in [(0.7, 0.8), (1.0, 1.0), (3.1, 3.2), (45.0, 60.0), (81.0, 100.0), (101.0, 120.0)] {
            assert!((round_up(value) / round - 1.0).abs() < 1e-9, "{value} gives {}", round_up(value));
        }
        assert_eq!([5.0, 24.0, 40.0, 46.0].map(|years| year_step(years, 9.0)), [1.0, 5.0, 5.0, 10.0]);
    }

    #[test]
    fn a_rising_line_goes_from_corner_to_corner() {
        let mut canvas = Canvas::new(COLUMNS);
        canvas.draw(0, &[0.0, 1.0], &[0.0, 1.0], (0.0, 1.0), 1.0);
        assert_eq!((canvas.cells[ROWS - 1][0].0 & 0x40, canvas.cells[0][COLUMNS - 1].0 & 0x08), (0x40, 0x08));
        assert_eq!((canvas.cells[0][0].0, canvas.cells[ROWS - 1][COLUMNS - 1].0), (0, 0));
        let columns = (0..COLUMNS).filter(|column| (0..ROWS).any(|row| canvas.cells[row][*column].0 != 0)).count();
        assert_eq!(columns, COLUMNS, "the line has no gap");
    }

    #[test]
    fn a_narrow_terminal_has_a_narrow_plot_and_all_its_dates() {
        for columns in [40, 60, 80, 120] {
            let console = Console { colour: false, quiet: false, columns, terminal: true };
            let axis = date_axis((1890.0, 1914.0), plot_columns(console));
            let widest = axis.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= columns.min(80), "{columns}: {widest}\n{axis}");
            assert!(axis.split_whitespace().filter(|word| word.parse::<u32>().is_ok()).count() >= 2, "{axis}");
        }
    }

    #[test]
    fn years_stand_under_their_ticks() {
        let axis = date_axis((1890.0, 1920.0), COLUMNS);
        let (ticks, years) = axis.trim_end().split_once('\n').unwrap_or_default();
        let at = |text: &str, what: &str| text.find(what).map(|byte| text[..byte].chars().count());
        assert_eq!(at(years, "1890").map(|column| column + 2), at(ticks, "┬"), "{axis}");
        assert_eq!(years.split_whitespace().count(), ticks.matches('┬').count(), "{axis}");
    }

    #[test]
    fn numbers_keep_three_digits() {
        assert_eq!([figure(0.0), figure(2.34567), figure(31.4159), figure(314.159)], ["0", "2.35", "31.4", "314"]);
    }
}
