//! The page of a mechanism: the Markdown file beside it. Rustdoc shows the file; `spiral odd` and `spiral show` print its sections.

/// The sections of a page, each as one text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// What it claims about the world.
    pub claim: String,
    /// Equations, symbols and remarks, as Markdown.
    pub equation: String,
    /// Where it comes from.
    pub source: String,
    /// Where it departs from its source; empty where it does not.
    pub deviation: String,
    /// What the world is like without it.
    pub off: String,
}

impl Page {
    /// Names of the sections in the order in which they stand; only the deviation may be missing.
    pub const SECTIONS: [&'static str; 5] = ["Claim", "Equation", "Source", "Deviation", "Off"];

    /// Reads a page. A line `## NAME` begins a section; inside a block of equations a `#` means nothing. The lines of a section of
    /// prose are joined. Text outside the known sections belongs to none; a test holds that there is none.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut page = Self::default();
        let (mut section, mut fenced) = ("", false);
        for line in text.lines() {
            fenced ^= line.starts_with("```");
            if let (Some(title), false) = (line.strip_prefix("# "), fenced) {
                page.title = title.to_string();
            } else if let (Some(name), false) = (line.strip_prefix("## "), fenced) {
                section = name;
            } else if let Some(part) = page.section(section) {
                let between = if section == "Equation" { "\n" } else { " " };
                if !part.is_empty() {
                    part.push_str(between);
                }
                part.push_str(line);
            }
        }
        for name in Self::SECTIONS {
            if let Some(part) = page.section(name) {
                *part = part.trim().to_string();
            }
        }
        page
    }

    fn section(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "Claim" => Some(&mut self.claim),
            "Equation" => Some(&mut self.equation),
            "Source" => Some(&mut self.source),
            "Deviation" => Some(&mut self.deviation),
            "Off" => Some(&mut self.off),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_by_its_sections() {
        let page = Page::read(
            "# E0 Nothing\n\n## Claim\n\nOne\ntwo.\n\n## Equation\n\n```text\n## Off\n```\n\nRest.\n\n## Source\n\na.\n\n## Off\n\nb.\n",
        );
        assert_eq!((page.title.as_str(), page.claim.as_str()), ("E0 Nothing", "One two."));
        assert_eq!(page.equation, "```text\n## Off\n```\n\nRest.");
        assert_eq!((page.source.as_str(), page.off.as_str(), page.deviation.as_str()), ("a.", "b.", ""));
    }
}
