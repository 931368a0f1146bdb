//! The tables of an attribution.

use maud::{Markup, html};
use spiral_analysis::{Attribution, Explanation, Measure, format_difference, format_estimate};

use super::Section;
use super::tables::{plain, section, strings, table};
use crate::text::count;

/// Sections of the shares, the groups, the states and the interactions.
pub(super) fn sections(explanation: &Explanation) -> Vec<Section> {
    vec![
        section("results", "What explains the difference", results(explanation)),
        section("groups", "How the worlds between the two scenarios were made", worlds(explanation)),
        section("interactions", "What two groups do together", interactions(explanation)),
    ]
}

fn rows(header: &[String], explanation: &Explanation, row: impl Fn(&Attribution) -> Vec<Markup>) -> Vec<Vec<Markup>> {
    let columns: Vec<Vec<Markup>> = explanation.outcomes.iter().map(row).collect();
    let row = |(position, name): (usize, &String)| {
        let cells = columns.iter().map(|column| column.get(position).cloned().unwrap_or_else(|| plain("–")));
        std::iter::once(plain(name)).chain(cells).collect()
    };
    header.iter().enumerate().map(row).collect()
}

fn header(explanation: &Explanation) -> Vec<String> {
    std::iter::once(String::new()).chain(explanation.outcomes.iter().map(|outcome| outcome.label.clone())).collect()
}

fn results(explanation: &Explanation) -> Markup {
    let (a, b) = (&explanation.a, &explanation.b);
    let mut names = vec![a.clone()];
    names.extend(explanation.groups.iter().map(|group| group.name.clone()));
    names.extend(["difference".to_string(), b.clone()]);
    let cells = |found: &Attribution| {
        let [first, last] = found.ends(a, b);
        let mut column = vec![plain(format_estimate(&first))];
        column.extend(found.shares().map(|share| plain(format_difference(&share))));
        column.extend([plain(format_difference(&found.whole())), plain(format_estimate(&last))]);
        column
    };
    let mut methods: Vec<&str> = explanation.outcomes.iter().map(|found| found.method.as_str()).collect();
    methods.dedup();
    html! {
        p {
            "What each group of differences adds from " (a) " to " (b) ": its Shapley share, which is its mean effect over all orders in which the groups can be \
            exchanged. The shares add up to the difference. " (count(explanation.histories)) " histories of each of " (count(explanation.worlds))
            " different worlds, seed " (explanation.seed) ". Each cell: estimate, 95 % interval."
        }
        (table("Shares of the difference", &header(explanation), &rows(&names, explanation, cells)))
        p { "The values of the two worlds have the intervals of their kind of outcome. Method of the shares: " (methods.join("; ")) ". Dates count from the first date of each world." }
        @for caveat in explanation.outcomes.iter().filter_map(Attribution::caveat) { p.warning { (caveat) } }
        @if explanation.failures > 0 {
            p.warning { (count(explanation.failures)) " histories failed numerically. They are left out of every estimate." }
        }
    }
}

fn worlds(explanation: &Explanation) -> Markup {
    let (a, b) = (&explanation.a, &explanation.b);
    let groups: Vec<Vec<Markup>> = explanation.groups.iter().map(|group| vec![plain(&group.name), plain(&group.holds)]).collect();
    let code = |code: &Option<String>| plain(code.as_deref().unwrap_or("–"));
    let states: Vec<Vec<Markup>> =
        explanation.states.iter().map(|pair| vec![code(&pair.a), code(&pair.b), plain(&pair.role)]).collect();
    html! {
        p { (explanation.method) }
        (table("Groups of differences", &strings(["group", "what it contains"]), &groups))
        p {
            "The states are those of the world from which the group system comes. A group from the other world gives each state the numbers of its counterpart there. Dates \
            count from the first date of the world that they come from. Counterparts have the same code. Other states are paired by rank of output on the first date, great powers \
            with great powers and minor powers with minor powers. A state without a counterpart keeps its own numbers, in its dyads too; its effect belongs to the group \
            system."
        }
        (table("Counterparts", &[a.clone(), b.clone(), "why".to_string()], &states))
    }
}

fn interactions(explanation: &Explanation) -> Markup {
    let pairs = explanation.outcomes.first().map_or(&[][..], |found| &found.interactions);
    let names: Vec<String> = pairs.iter().map(|pair| format!("{} × {}", pair.first, pair.second)).collect();
    let cells = |found: &Attribution| {
        let named = found.strongest_interactions();
        let find = |name: &String| named.iter().find(|measure: &&Measure| measure.name == *name).map(format_difference);
        names.iter().map(|name| plain(find(name).unwrap_or_else(|| "–".to_string()))).collect()
    };
    html! {
        p {
            "What two groups do together beyond what each does alone, on average over all others (Shapley interaction index, Grabisch and Roubens 1999). If \
            the number has the sign of both shares, the groups strengthen each other. If it has the opposite sign, one of them is enough."
        }
        (table("Interactions of two groups", &header(explanation), &rows(&names, explanation, cells)))
    }
}
