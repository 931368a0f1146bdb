//! What `outcome.rs` says of its columns and events, word for word.

/// Files whose comments describe the model.
const SOURCES: &[&str] = &[include_str!("outcome.rs")];

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

/// The type of this name in the sources of the model; parameters of the type are left out of the name.
#[must_use]
pub fn described(name: &str) -> Option<Described> {
    SOURCES.iter().copied().find_map(|source| read_type(source, name))
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
