//! RON text to a tree with the place in the text of each key and value. Keys that are given twice are kept.
//!
//! The library's own `Value` forgets positions and drops the first of two equal keys. Here each level is read by the library
//! into the borrowed texts of its parts, and the place of a part follows from where its text begins.

use ron::value::RawValue;
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::syntax::problem::{Finding, Span};

/// Largest scenario file.
pub(crate) const MOST_BYTES: usize = 4 << 20;
/// Deepest nesting of brackets; a scenario needs eight.
const MOST_LEVELS: usize = 12;

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// A key of a map or struct and its place.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) span: Span,
    pub(crate) name: String,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Number(f64),
    Text(String),
    Flag(bool),
    /// `None` or a bare word.
    Nothing,
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

impl Node {
    /// What the value is, in words, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::Flag(_) => "true or false",
            Kind::Nothing => "a bare word",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a group of keys",
        }
    }
}

/// Reads a whole file.
pub(crate) fn read(text: &str) -> Result<Node, Finding> {
    if text.len() > MOST_BYTES {
        let message = format!("the file is too large: {} bytes, at most {MOST_BYTES} are read", text.len());
        return Err(Finding::new(message));
    }
    if text.trim().is_empty() {
        return Err(empty());
    }
    if let Err(error) = ron::from_str::<IgnoredAny>(text) {
        return Err(syntax(text, &error));
    }
    let shallow = ron::from_str::<Shallow>(text).map_err(|error| syntax(text, &error))?;
    let start = text.len() - text.trim_start().len();
    Ok(Node { span: Span { start, end: start + 1 }, kind: deepen(shallow, text, MOST_LEVELS)? })
}

/// One level of a tree, its parts still text.
enum Shallow<'de> {
    Number(f64),
    Text(String),
    Flag(bool),
    Nothing,
    Wrapped(&'de RawValue),
    List(Vec<&'de RawValue>),
    Map(Vec<(ShallowKey<'de>, &'de RawValue)>),
}

/// A key, borrowed from the text where it has no escapes.
enum ShallowKey<'de> {
    Borrowed(&'de str),
    Owned(String),
}

fn deepen(shallow: Shallow<'_>, whole: &str, levels: usize) -> Result<Kind, Finding> {
    Ok(match shallow {
        Shallow::Number(value) => Kind::Number(value),
        Shallow::Text(text) => Kind::Text(text),
        Shallow::Flag(flag) => Kind::Flag(flag),
        Shallow::Nothing => Kind::Nothing,
        Shallow::Wrapped(raw) => node(raw, whole, levels)?.kind,
        Shallow::List(parts) => Kind::List(parts.into_iter().map(|part| node(part, whole, levels)).collect::<Result<_, _>>()?),
        Shallow::Map(parts) => {
            let mut entries = Vec::with_capacity(parts.len());
            for (key, part) in parts {
                let value = node(part, whole, levels)?;
                let key = match key {
                    ShallowKey::Borrowed(name) => Key { span: place(name, whole).unwrap_or(value.span), name: name.to_string() },
                    ShallowKey::Owned(name) => Key { span: value.span, name },
                };
                plain(&key.name, key.span)?;
                entries.push((key, value));
            }
            Kind::Map(entries)
        }
    })
}

fn node(raw: &RawValue, whole: &str, levels: usize) -> Result<Node, Finding> {
    let text = raw.trim().get_ron();
    let span = place(text, whole).unwrap_or(Span { start: 0, end: 0 });
    let Some(levels) = levels.checked_sub(1) else {
        return Err(too_deep(Some(span)));
    };
    let shallow = ron::from_str::<Shallow>(text).map_err(|error| {
        let start = span.start + offset(text, error.span.end.line, error.span.end.col);
        Finding::at(Span { start, end: start + 1 }, lower(&error.code.to_string()))
    })?;
    if let Shallow::Text(text) = &shallow {
        plain(text, span)?;
    }
    let kind = match deepen(shallow, whole, levels)? {
        Kind::Nothing if text.starts_with('(') => Kind::Map(Vec::new()),
        kind => kind,
    };
    Ok(Node { span, kind })
}

/// Refuses a text with control characters, which could command a terminal: texts of a file are shown there, in figures and on pages.
fn plain(text: &str, span: Span) -> Result<(), Finding> {
    match text.chars().find(|c| c.is_control() && *c != '\n') {
        None => Ok(()),
        Some(found) => {
            let finding = Finding::at(span, format!("a text contains a control character, U+{:04X}", u32::from(found)));
            Err(finding.help("texts are shown on terminals and pages: only letters, signs and line breaks"))
        }
    }
}

/// The place of a borrowed part in the whole text.
fn place(part: &str, whole: &str) -> Option<Span> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some(Span { start, end })
}

fn too_deep(span: Option<Span>) -> Finding {
    let finding = Finding { span, ..Finding::new(format!("brackets are nested more than {MOST_LEVELS} deep")) };
    finding.help("the deepest place of a scenario is a point of a series: group, states, state, number, points, point")
}

/// A message of the RON library in our words and place.
fn syntax(text: &str, error: &ron::error::SpannedError) -> Finding {
    use ron::Error as Ron;
    let mut start = offset(text, error.span.end.line, error.span.end.col);
    let next = text[start..].chars().next();
    let quotes = "keys with a hyphen stand in quotes within `{ … }`, such as { \"GBR-FRA\": … }";
    let help = match (&error.code, unclosed(text)) {
        (Ron::ExceededRecursionLimit, _) => return too_deep(Some(Span { start, end: start })),
        (Ron::Eof, None) => return empty(),
        (Ron::Eof | Ron::ExpectedStringEnd, Some((open, _))) => {
            start = open;
            "this is never closed".to_string()
        }
        (Ron::ExpectedComma | Ron::ExpectedMapColon, _) if next == Some('=') => "write `key: value`, with a colon".to_string(),
        (Ron::ExpectedComma | Ron::ExpectedMapColon, _) if next == Some('-') => quotes.to_string(),
        (_, Some((open, Some(close)))) if close == start => {
            let line = text[..open].matches('\n').count() + 1;
            format!("the `{}` of line {line} is not closed before this", &text[open..=open])
        }
        (Ron::ExpectedComma, _) => "entries are separated by commas: is one missing before this?".to_string(),
        (Ron::ExpectedMapColon, _) => "write `key: value`".to_string(),
        (Ron::TrailingCharacters, _) => "a file is one group `( … )`: is a bracket closed too early?".to_string(),
        (Ron::ExpectedIdentifier, _) => format!("the keys of `( … )` are plain words; {quotes}"),
        _ => String::new(),
    };
    let end = start + text[start..].chars().next().map_or(0, char::len_utf8);
    let finding = Finding::at(Span { start, end }, format!("not readable as RON: {}", lower(&error.code.to_string())));
    if help.is_empty() { finding } else { finding.help(help) }
}

fn empty() -> Finding {
    Finding::new("the file is empty").help(
        "it must be one group `( … )`: of a scenario with at least `calendar` and `states`, of a study with at least `scenario` and \
         `design`",
    )
}

fn lower(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// Byte offset of a line and column, both from 1, columns in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(position, _)| position)
}

/// The first bracket that is closed by one of another kind, with that one; or the last that is never closed, or a quote that is
/// never closed. Texts and line comments are skipped.
fn unclosed(text: &str) -> Option<(usize, Option<usize>)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((position, character)) = characters.next() {
        match character {
            '(' => open.push((position, ')')),
            '[' => open.push((position, ']')),
            '{' => open.push((position, '}')),
            ')' | ']' | '}' => match open.pop() {
                Some((opened, close)) if close != character => return Some((opened, Some(position))),
                _ => {}
            },
            '/' if characters.peek().is_some_and(|(_, next)| *next == '/') => {
                characters.by_ref().find(|(_, next)| *next == '\n');
            }
            '"' => loop {
                match characters.next() {
                    Some((_, '\\')) => {
                        characters.next();
                    }
                    Some((_, '"')) => break,
                    Some(_) => {}
                    None => return Some((position, None)),
                }
            },
            _ => {}
        }
    }
    open.pop().map(|(opened, _)| (opened, None))
}

impl<'de> Deserialize<'de> for ShallowKey<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = ShallowKey<'de>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a key: a word, or a text in quotes such as \"GBR\"")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(ShallowKey::Borrowed(name))
            }
            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(ShallowKey::Owned(name.to_string()))
            }
        }
        deserializer.deserialize_any(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Shallow<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShallowVisitor)
    }
}

struct ShallowVisitor;

impl<'de> Visitor<'de> for ShallowVisitor {
    type Value = Shallow<'de>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a number, a text, true or false, a list or a group of keys")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Shallow::Flag(flag))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Shallow::Number(value as f64))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Shallow::Number(value as f64))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Shallow::Number(value))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Shallow::Text(text.to_string()))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Shallow::Nothing)
    }
    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Shallow::Nothing)
    }
    fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Self::Value, E> {
        Err(E::custom("byte strings have no use in a scenario"))
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Shallow::Wrapped)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(part) = parts.next_element()? {
            list.push(part);
        }
        Ok(Shallow::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = parts.next_key()? {
            let value = parts.next_value::<&RawValue>().map_err(|error| {
                if matches!(&key, ShallowKey::Owned(name) if name == "start" || name == "end") {
                    A::Error::custom("write a range as (low, high), without dots")
                } else {
                    error
                }
            })?;
            entries.push((key, value));
        }
        Ok(Shallow::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_know_their_place() {
        let text = "// head\n( alpha: 0.1, /* x */ beta: { \"GBR\": [1, 2], \"GBR\": true } )";
        let root = read(text).unwrap();
        let Kind::Map(entries) = &root.kind else { panic!("not a map: {root:?}") };
        assert_eq!(&text[entries[0].0.span.start..entries[0].0.span.end], "alpha");
        assert_eq!(&text[entries[0].1.span.start..entries[0].1.span.end], "0.1");
        assert!(matches!(entries[0].1.kind, Kind::Number(value) if value.to_bits() == 0.1_f64.to_bits()));
        let Kind::Map(inner) = &entries[1].1.kind else { panic!("not a map: {:?}", entries[1]) };
        assert_eq!(inner.len(), 2, "both of two equal keys are kept");
        assert_eq!(&text[inner[0].1.span.start..inner[0].1.span.end], "[1, 2]");
    }

    #[test]
    fn numbers_are_read_to_the_last_bit() {
        for (text, value) in [("0.1", 0.1), ("1_000", 1000.0), ("-3", -3.0), ("1e-7", 1e-7), ("16777217", 16_777_217.0)] {
            let root = read(&format!("(a: {text})")).unwrap();
            let Kind::Map(entries) = root.kind else { panic!("not a map") };
            let Kind::Number(read) = entries[0].1.kind else { panic!("{text} is not a number") };
            assert_eq!(read.to_bits(), f64::to_bits(value), "{text} was read as {read}");
        }
    }

    #[test]
    fn an_open_bracket_is_found() {
        assert_eq!(unclosed("( a: [1, 2 )"), Some((5, Some(11))));
        assert_eq!(unclosed("( a: [1, 2] "), Some((0, None)));
        assert_eq!(unclosed("( a: \"x)"), Some((5, None)));
        assert_eq!(unclosed("( a: 1 ) // ("), None);
    }
}
