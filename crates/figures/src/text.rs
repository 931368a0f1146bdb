//! Words and numbers as they are written in a chart: widths, line breaks, formats.

/// Width of a text in DejaVu Sans, rounded up: precise enough to reserve space, not for typesetting.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.33,
            'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.42,
            'm' | 'w' | 'W' | 'M' | '%' | '@' | '—' | '…' => 1.0,
            '→' | '−' | '+' | '=' | '<' | '>' | '&' | '≥' => 0.84,
            'A'..='Z' => 0.73,
            character if character.is_ascii() || ('\u{80}'..'\u{2000}').contains(&character) || character == '–' => 0.64,
            _ => 1.0,
        })
        .sum();
    ems * size * if bold { 1.12 } else { 1.0 }
}

/// Lines no wider than `limit`, broken at spaces; a single longer word is not broken.
pub(crate) fn wrap(text: &str, size: f64, bold: bool, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, size, bold) + width(" ", size, bold) + width(word, size, bold) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The text, cut with an ellipsis where it is wider than `limit`.
pub(crate) fn fit(text: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(text, size, bold) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if width(&kept, size, bold) + size > limit {
            break;
        }
    }
    kept.pop();
    format!("{}…", kept.trim_end())
}

/// What may stand in an XML file, with `$` kept from being read as mathematics.
pub(crate) fn clean(text: &str) -> String {
    let legal = |character: char| !character.is_control() && character != '\u{fffe}' && character != '\u{ffff}';
    let words: String = text.chars().map(|character| if legal(character) { character } else { ' ' }).collect();
    words.replace('$', "\\$")
}

/// A file name from a scenario's name: ASCII letters, digits, `-`, `_` and `.` stay, the rest becomes `-`.
pub(crate) fn file_name(name: &str) -> String {
    name.chars()
        .map(|character| if character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.') { character } else { '-' })
        .collect()
}

/// An integer with commas: `12,000`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A number with as many decimals as a step of `step` needs, with commas and a true minus sign.
pub(crate) fn number(value: f64, step: f64) -> String {
    let mut decimals = 0;
    let mut scaled = step.abs();
    while decimals < 6 && scaled > 0.0 && (scaled - scaled.round()).abs() > 1e-6 * scaled {
        scaled *= 10.0;
        decimals += 1;
    }
    let written = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let zero = written.chars().all(|character| matches!(character, '0' | '.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A positive number with as many decimals as its own first two digits need: `0.015`, `0.2`, `30`.
pub(crate) fn own_digits(value: f64) -> String {
    let power = libm::exp10(libm::log10(value.abs()).floor());
    let step =
        [1.0, 0.5, 0.1, 0.01].into_iter().find(|part| (value / (power * part) - (value / (power * part)).round()).abs() < 1e-6);
    number(value, step.unwrap_or(0.01) * power)
}

/// A share as a percentage: `4 %`, and one decimal below ten and above ninety: `0.3 %`.
pub(crate) fn percent(share: f64) -> String {
    let value = share * 100.0;
    let exact = value == 0.0 || value == 100.0;
    format!("{} %", number(value, if exact || (10.0..=90.0).contains(&value) { 1.0 } else { 0.1 }))
}

/// Names in a row: `a, b and c`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_prose() {
        let written =
            [count(0), count(999), count(1000), count(1_234_567), number(-0.04, 0.1), number(-1250.5, 0.5), number(0.25, 0.05)];
        assert_eq!(written, ["0", "999", "1,000", "1,234,567", "0.0", "−1,250.5", "0.25"]);
        assert_eq!(
            [percent(0.0), percent(0.034), percent(0.5), percent(0.999), percent(1.0)],
            ["0 %", "3.4 %", "50 %", "99.9 %", "100 %"]
        );
        assert_eq!([0.015, 0.2, 1.0, 2.5, 30.0, 1000.0].map(own_digits), ["0.015", "0.2", "1", "2.5", "30", "1,000"]);
    }

    #[test]
    fn lines_keep_every_word_and_their_limit() {
        let text = "Arms of each state before the first war, in billion int$ of 2011";
        let lines = wrap(text, 16.0, false, 200.0);
        assert_eq!(lines.join(" "), text);
        assert!(lines.len() > 2 && lines.iter().all(|line| width(line, 16.0, false) <= 200.0), "{lines:?}");
        let cut = fit(text, 16.0, false, 200.0);
        assert!(cut.ends_with('…') && width(&cut, 16.0, false) <= 200.0, "{cut}");
    }

    #[test]
    fn names_become_safe() {
        assert_eq!(file_name("four-worlds/<&> a.b"), "four-worlds-----a.b");
        assert_eq!(clean("a\u{7}b$c$"), "a b\\$c\\$");
    }
}
