//! The command that gives the same numbers.

use crate::world::Run;

/// The command of the command line that gives the numbers of a run, ready to be pasted into a shell.
#[must_use]
pub fn command(run: &Run) -> String {
    let b = run.b.name();
    let words = match run.pinned() {
        Some(a) => format!("spiral compare {} {}", quoted(&a.name()), quoted(&b)),
        None => format!("spiral ensemble {}", quoted(&b)),
    };
    format!("{words} -n {} --seed {}", run.histories, run.seed)
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if word.chars().all(plain) { word.to_string() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorldRequest;

    #[test]
    fn stars_are_quoted() {
        let set = vec![("pairs.*.contact".to_string(), "1".to_string())];
        let b = WorldRequest { scenario: "two-states".to_string(), set, without: vec!["trade".to_string()] };
        let run = Run { a: None, b, seed: 3, histories: 64 };
        assert_eq!(command(&run), "spiral ensemble 'two-states+pairs.*.contact=1+without=trade' -n 64 --seed 3");
    }
}
