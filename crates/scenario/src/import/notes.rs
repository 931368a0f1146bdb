//! What a user should know about an import: each thing once, with a count; the single cases behind it.

/// One thing that a user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// One sentence.
    pub summary: String,
    /// The single cases, where there are more than the sentence names.
    pub details: Vec<String>,
}

impl Note {
    /// A note of one sentence.
    pub(crate) fn new(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), details: Vec::new() }
    }

    /// A note about many cases: the sentence names the first few, the details have them all.
    pub(crate) fn of(summary: &str, cases: Vec<String>) -> Self {
        const MOST_NAMED: usize = 6;
        let named = cases.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
        if cases.len() <= MOST_NAMED {
            return Self { summary: format!("{summary}: {named}"), details: Vec::new() };
        }
        Self { summary: format!("{summary}: {named} and {} more", cases.len() - MOST_NAMED), details: cases }
    }
}

/// `1 state`, `2 states`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_the_first_cases_and_keeps_them_all() {
        let cases = |count: usize| (0..count).map(|case| format!("S{case}")).collect::<Vec<_>>();
        assert_eq!(Note::of("left out", cases(2)), Note::new("left out: S0, S1"));
        let many = Note::of("left out", cases(9));
        assert_eq!(many.summary, "left out: S0, S1, S2, S3, S4, S5 and 3 more");
        assert_eq!(many.details.len(), 9);
        assert_eq!((counted(1, "state", "states"), counted(3, "state", "states")), ("1 state".into(), "3 states".into()));
    }
}
