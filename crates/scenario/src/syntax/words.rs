//! Words for messages: names and numbers as a person writes them, what is allowed, the nearest right name.

use spiral_model::specification::Specification;

/// A text safe to print.
pub(crate) fn plain(text: &str) -> String {
    text.chars().take(200).flat_map(char::escape_debug).collect()
}

/// A name as given by a user, safe to print: shortened and without control characters.
pub(crate) fn quote(name: &str) -> String {
    let mut short: String = name.chars().take(40).flat_map(char::escape_debug).collect();
    if name.chars().count() > 40 {
        short.push('…');
    }
    format!("`{short}`")
}

/// A number as a person writes it.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    if value != 0.0 && value.is_finite() && !(1e-4..1e9).contains(&size) { format!("{value:e}") } else { format!("{value}") }
}

/// A computed number, to four figures.
pub(crate) fn rounded(value: f64) -> String {
    figure(format!("{value:.3e}").parse().unwrap_or(value))
}

/// The allowed range with its unit.
pub(crate) fn range(specification: &Specification) -> String {
    let unit = if matches!(specification.unit, "1" | "0..1") { String::new() } else { format!(", {}", specification.unit) };
    format!("{} to {}{unit}", figure(specification.low), figure(specification.high))
}

/// A line that says what a number is.
pub(crate) fn explain(specification: &Specification) -> String {
    format!("{} ({}): {}", specification.name, specification.symbol, specification.meaning.trim())
}

/// What a number must be, for values that are something else.
pub(crate) fn wanted(specification: &Specification) -> String {
    format!("a number, {}", range(specification))
}

/// The nearest of the allowed names, where one is near.
pub fn nearest<'a>(name: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    if name.len() > 64 {
        return None;
    }
    let name = plain(name);
    allowed
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Advice on a wrong name: the nearest right one, or all of them.
pub(crate) fn advice<'a>(name: &str, allowed: impl IntoIterator<Item = &'a str> + Clone) -> String {
    const MOST_NAMES: usize = 40;
    if let Some(near) = nearest(name, allowed.clone()) {
        return format!("did you mean `{near}`?");
    }
    let names: Vec<&str> = allowed.into_iter().collect();
    let more = if names.len() > MOST_NAMES {
        format!(", … ({} in all; `spiral show` lists those of a scenario)", names.len())
    } else {
        String::new()
    };
    if names.is_empty() {
        return "no name is allowed here".to_string();
    }
    format!("allowed: {}{more}", names[..names.len().min(MOST_NAMES)].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_or_none() {
        let names = ["balance", "first_strike", "distinguishability"];
        assert_eq!(nearest("balanse", names), Some("balance"));
        assert_eq!(nearest("First-Strike", names), Some("first_strike"));
        assert_eq!(nearest("greed", names), None);
        assert_eq!(nearest("GRE", ["GER", "FRA"]), Some("GER"));
    }

    #[test]
    fn a_list_that_is_cut_says_where_the_whole_stands() {
        let names: Vec<String> = (0..41).map(|number| format!("S{number:06}")).collect();
        let told = |names: &[String]| advice("nothing like it", names.iter().map(String::as_str));
        assert!(told(&names).ends_with("S000039, … (41 in all; `spiral show` lists those of a scenario)"), "{}", told(&names));
        assert!(told(&names[..40]).ends_with("S000039"), "{}", told(&names[..40]));
    }
}
