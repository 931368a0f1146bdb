//! What the sources say of the model, word for word: the page at the head of each mechanism, and the comment on each component,
//! phase, purpose and column. `spiral odd` and `spiral show --schedule` quote these, so that no description stands in two places.

use crate::mechanisms;

/// Files whose comments describe the model, besides those of the mechanisms themselves.
const SOURCES: &[&str] = &[
    include_str!("components.rs"),
    include_str!("draws.rs"),
    include_str!("ledger.rs"),
    include_str!("mechanisms/mod.rs"),
    include_str!("outcome.rs"),
    include_str!("phases.rs"),
    include_str!("record.rs"),
    include_str!("setup.rs"),
    include_str!("world/mod.rs"),
];

/// A type with a comment, and its fields or variants with theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Name of the type.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Name and meaning of each field or variant, in order.
    pub members: Vec<(String, String)>,
}

impl Described {
    /// What a field or variant is.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, about)| about.as_str())
    }
}

/// The page at the head of a mechanism's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// What it claims about the world.
    pub claim: String,
    /// Equations, symbols and remarks, as Markdown.
    pub body: String,
    /// Where it comes from.
    pub source: String,
    /// Where it departs from its source; empty where it does not.
    pub deviation: String,
    /// What the world is like without it.
    pub off: String,
}

/// The page of a mechanism, by its name in the registry.
#[must_use]
pub fn page(name: &str) -> Option<Page> {
    mechanisms::SOURCES.iter().find(|(mechanism, _)| *mechanism == name).map(|(_, source)| read_page(source))
}

/// The type of this name in the sources of the model; parameters of the type are left out of the name.
#[must_use]
pub fn described(name: &str) -> Option<Described> {
    let mechanisms = mechanisms::SOURCES.iter().map(|(_, source)| *source);
    SOURCES.iter().copied().chain(mechanisms).find_map(|source| read_type(source, name))
}

/// Reads the comment at the head of a file. A paragraph that begins with a label belongs to it; all else is the body.
fn read_page(source: &str) -> Page {
    let head = source.lines().map_while(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let mut page = Page::default();
    let (mut label, mut fenced) = (None, false);
    for line in head {
        if line.starts_with("```") {
            fenced = !fenced;
            label = None;
        }
        let labelled = |name: &'static str| Some((name, line.strip_prefix(name)?.strip_prefix(": ")?));
        if let (Some(title), true) = (line.strip_prefix("# "), page.title.is_empty()) {
            page.title = title.to_string();
            continue;
        }
        let begins = ["Claim", "Source", "Deviation", "Off"].into_iter().find_map(labelled).filter(|_| !fenced);
        let text = begins.map_or(line, |(_, rest)| rest);
        if line.is_empty() {
            label = None;
        }
        label = begins.map(|(name, _)| name).or(label);
        let (part, between) = match label {
            Some("Claim") => (&mut page.claim, " "),
            Some("Source") => (&mut page.source, " "),
            Some("Deviation") => (&mut page.deviation, " "),
            Some(_) => (&mut page.off, " "),
            None => (&mut page.body, "\n"),
        };
        if !part.is_empty() {
            part.push_str(between);
        }
        part.push_str(text);
    }
    page.body = page.body.trim().to_string();
    page
}

/// Finds `pub struct NAME`, `pub enum NAME`, or a line `NAME;` among the components that are lanes.
fn read_type(source: &str, name: &str) -> Option<Described> {
    let mut lines = source.lines();
    let mut comment = String::new();
    let mut found: Option<Described> = None;
    loop {
        let line = lines.next()?.trim();
        if let Some(text) = line.strip_prefix("///") {
            // What rustdoc takes for a link is plain code to everybody else.
            let text = text.replace("[`", "`").replace("`]", "`");
            comment.push_str(if comment.is_empty() { text.trim_start() } else { &text });
            continue;
        }
        if line.starts_with("#[") {
            continue;
        }
        match &mut found {
            None => {
                let words = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
                let declared = words.unwrap_or(line).split(|c: char| !c.is_alphanumeric() && c != '_').next();
                let is_lanes = words.is_none() && line.strip_prefix(name) == Some(";");
                if declared == Some(name) && (words.is_some() || is_lanes) {
                    let described = Described { name: name.to_string(), about: comment.clone(), members: Vec::new() };
                    if !line.ends_with('{') {
                        return Some(described);
                    }
                    found = Some(described);
                }
            }
            Some(described) if line == "}" => return Some(described.clone()),
            Some(described) => {
                let member = line.strip_prefix("pub ").unwrap_or(line).split([':', ',', ' ']).next().unwrap_or_default();
                if !comment.is_empty() {
                    described.members.push((member.to_string(), comment.clone()));
                }
            }
        }
        comment.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::REGISTRY;

    #[test]
    fn every_mechanism_has_a_page() {
        for entry in REGISTRY {
            let page = page(entry.name).unwrap_or_default();
            for (what, text) in [("title", &page.title), ("claim", &page.claim), ("source", &page.source), ("off", &page.off)] {
                assert!(text.ends_with('.') || (what == "title" && !text.is_empty()), "{}: {what} {text:?}", entry.name);
            }
            assert!(
                page.body.contains("```text\n") && page.body.matches("```").count().is_multiple_of(2),
                "{}: no equation",
                entry.name
            );
        }
    }

    #[test]
    fn types_are_quoted_with_their_members() {
        let phase = described("Phase").expect("an enum of phases.rs");
        assert_eq!(phase.members.len(), crate::phases::Phase::ALL.len());
        assert_eq!(phase.member("Arm"), Some("They arm."));
        let greed = described("Greed").expect("a line among the lanes");
        assert_eq!((greed.about.as_str(), greed.members.len()), ("Greed `μ_i`.", 0));
        let reach = described("Reach").expect("a component with fields");
        assert_eq!(reach.member("back"), Some("Share of the strength of `j` that reaches `i`."));
        assert_eq!(described("Terms").expect("a tuple struct").about, "What the scenario says of a dyad at the date.");
        assert_eq!(described("NoSuchType"), None);
    }

    #[test]
    fn a_page_is_read_by_its_labels() {
        let source = "//! # E0 Nothing\n//!\n//! Claim: one\n//! two.\n//!\n//! ```text\n//! Off: x\n//! ```\n//! Rest.\n//! Source: a.\n//! Off: b.\n\nuse c;";
        let page = read_page(source);
        assert_eq!((page.title.as_str(), page.claim.as_str()), ("E0 Nothing", "one two."));
        assert_eq!(page.body, "```text\nOff: x\n```\nRest.");
        assert_eq!((page.source.as_str(), page.off.as_str(), page.deviation.as_str()), ("a.", "b.", ""));
    }
}
