//! The habitual burden of a state: what it spends in ordinary years. Years of war are left out: those of the file of wars where one is
//! given, and the year after each; else years in which the burden leaps to more than twice what it was in peace, until it has come down.

use super::economy::Economy;
use super::events::Wars;

/// Years back from the start that are looked at.
const WINDOW: i32 = 15;
/// Years of peace that the habit is the median of.
const YEARS_OF_PEACE: usize = 5;
/// A burden above this multiple of the last one in peace is that of a war.
const LEAP: f64 = 2.2;
/// The war is over when the burden is below this multiple of the last one in peace.
const BACK: f64 = 1.5;

/// A habitual burden and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Habit {
    /// Share of output.
    pub(crate) burden: f64,
    /// Least and greatest burden of the years that it rests on.
    pub(crate) spread: (f64, f64),
    /// The years that it rests on.
    pub(crate) years: Vec<i32>,
    /// Years of war that were left out.
    pub(crate) war: Vec<i32>,
    /// Whether every year was one of war: the habit is then that of the least burden.
    pub(crate) only_war: bool,
}

/// The habit of a state at a year, whose burden is `now`.
pub(crate) fn habit(economy: &Economy<'_>, wars: Option<&Wars>, number: u16, year: i32, now: f64) -> Habit {
    let past = (year - WINDOW..year).filter_map(|at| Some((at, economy.burden(number, at)?)));
    let burdens: Vec<(i32, f64)> = past.chain([(year, now)]).collect();
    let at_war = |position: usize| {
        let (at, _) = burdens[position];
        wars.is_some_and(|wars| wars.at_war(number, at) || wars.at_war(number, at - 1))
    };
    of(&burdens, &at_war, wars.is_some())
}

fn of(burdens: &[(i32, f64)], at_war: &dyn Fn(usize) -> bool, wars_known: bool) -> Habit {
    let (mut peace, mut war): (Vec<(i32, f64)>, Vec<i32>) = (Vec::new(), Vec::new());
    let mut leapt = false;
    for (position, (year, burden)) in burdens.iter().enumerate() {
        let is_war = if wars_known {
            at_war(position)
        } else {
            // A state that spent next to nothing has no level to leap from.
            let before = peace.last().map_or(f64::INFINITY, |(_, before)| before.max(0.01));
            leapt = *burden > before * if leapt { BACK } else { LEAP };
            leapt
        };
        if is_war { war.push(*year) } else { peace.push((*year, *burden)) }
    }
    let only_war = peace.is_empty();
    if only_war {
        peace.extend(burdens.iter().min_by(|one, other| one.1.total_cmp(&other.1)));
    }
    let from = peace.len().saturating_sub(YEARS_OF_PEACE);
    let used = &peace[from..];
    let mut sorted: Vec<f64> = used.iter().map(|(_, burden)| *burden).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let burden = if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) };
    let spread = (sorted[0], sorted[sorted.len() - 1]);
    Habit { burden, spread, years: used.iter().map(|(year, _)| *year).collect(), war, only_war }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_wars(burdens: &[(i32, f64)]) -> Habit {
        of(burdens, &|_| false, false)
    }

    /// France and Russia in Our World in Data, per cent.
    #[test]
    fn years_of_war_make_no_habit() {
        let france = [(1909, 0.0298), (1910, 0.0305), (1911, 0.0311), (1912, 0.0314), (1913, 0.034), (1914, 0.16)];
        let found = without_wars(&france);
        assert_eq!((found.burden, found.war.clone(), found.only_war), (0.0311, vec![1914], false));
        let russia = [
            (1901, 0.0364),
            (1902, 0.0342),
            (1903, 0.0378),
            (1904, 0.0387),
            (1905, 0.127),
            (1906, 0.0685),
            (1907, 0.0488),
            (1908, 0.0371),
        ];
        assert_eq!(without_wars(&russia).war, [1905, 1906], "until it has come down");
        // Germany arms; that is no war.
        let germany = [(1933, 0.0266), (1934, 0.0269), (1935, 0.0526), (1936, 0.0693), (1937, 0.0864), (1938, 0.1753)];
        let found = without_wars(&germany);
        assert_eq!((found.burden, found.war.len(), found.spread), (0.0693, 0, (0.0269, 0.1753)));
    }

    #[test]
    fn a_file_of_wars_decides_where_there_is_one() {
        let burdens =
            [(1898, 0.0227), (1899, 0.0351), (1900, 0.0634), (1901, 0.0618), (1902, 0.049), (1903, 0.0353), (1904, 0.0317)];
        let boer = of(&burdens, &|position| (1..=5).contains(&position), true);
        assert_eq!((boer.years.clone(), boer.war.len()), (vec![1898, 1904], 5));
        assert!((boer.burden - 0.0272).abs() < 1e-12);
        let always = of(&burdens, &|_| true, true);
        assert_eq!((always.burden, always.only_war), (0.0227, true));
    }
}
