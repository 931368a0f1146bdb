//! Repeated problems of a file as one message with a count: a wrong file is wrong in every row.

use std::collections::BTreeMap;

use crate::syntax::problem::Finding;

/// Problems by their kind: the first of each in full, and how many more there are.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kinds: BTreeMap<String, (Finding, usize)>,
}

impl Faults {
    /// Adds a problem.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.kinds.entry(kind(&finding.message)).or_insert((finding, 0)).1 += 1;
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// One finding for each kind of problem.
    pub(crate) fn findings(self) -> Vec<Finding> {
        let told = |(mut finding, count): (Finding, usize)| {
            match count - 1 {
                0 => {}
                1 => finding.message.push_str("; 1 more row is wrong in the same way"),
                more => finding.message = format!("{}; {more} more rows are wrong in the same way", finding.message),
            }
            finding
        };
        self.kinds.into_values().map(told).collect()
    }
}

/// A message without what differs from row to row: figures, and what stands in quotes after the name of the column.
fn kind(message: &str) -> String {
    let mut kept = String::new();
    for (position, part) in message.split('`').enumerate() {
        // Odd parts are quoted; the first of them is the column.
        if position % 2 == 0 || position == 1 {
            kept.extend(part.chars().filter(|character| !character.is_ascii_digit()));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_problem_is_told_once_with_its_count() {
        let mut faults = Faults::default();
        for row in 2..40 {
            faults.add(Finding::new(format!("row {row}, column `milex`: `x{row}` is not a number")));
        }
        faults.add(Finding::new("row 3, column `pec`: `x` is not a number"));
        faults.add(Finding::new("row 9, column `pec`: `y` is not a number"));
        let told: Vec<String> = faults.findings().into_iter().map(|finding| finding.message).collect();
        assert_eq!(
            told,
            [
                "row 2, column `milex`: `x2` is not a number; 37 more rows are wrong in the same way",
                "row 3, column `pec`: `x` is not a number; 1 more row is wrong in the same way",
            ]
        );
    }
}
