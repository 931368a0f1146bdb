//! `report.html`: a study in one file that opens offline. It contains text, tables and pictures; it needs no script, no
//! network and no other file.

mod attribution;
mod hindcast;
mod points;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use spiral_analysis::hindcast::Hindcast;
use spiral_analysis::{Explanation, Summary};

use crate::Figure;

/// Style of the page.
const STYLE: &str = include_str!("style.css");

/// A text that is part of a study, shown on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub title: String,
    /// The text.
    pub text: String,
}

/// A picture of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Name of its file without extension.
    pub name: String,
    /// The picture as SVG.
    pub svg: String,
}

/// The results of a study.
#[derive(Debug, Clone, Copy)]
pub enum Results<'a> {
    /// Estimates of scenarios and their contrasts.
    Summary(&'a Summary),
    /// Shares of the difference between two scenarios.
    Explanation(&'a Explanation),
    /// Any other `summary.json`.
    Other(&'a serde_json::Value),
}

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Title of the study.
    pub title: &'a str,
    /// What kind of study it is: `ensemble`, `compare`, …
    pub kind: &'a str,
    /// What was simulated: name and value.
    pub facts: &'a [(String, String)],
    /// The commands that repeat it.
    pub command: &'a str,
    /// Its results.
    pub results: Results<'a>,
    /// Its pictures, in order.
    pub pictures: &'a [Picture],
    /// Manifest and scenario files.
    pub attachments: &'a [Attachment],
}

/// A section of the page: its name in the navigation, its heading, its content.
struct Section {
    id: String,
    heading: String,
    body: Markup,
}

impl Report<'_> {
    /// The report as one HTML file.
    #[must_use]
    pub fn html(&self) -> String {
        let mut sections = match self.results {
            Results::Summary(summary) => tables::summary(summary),
            Results::Explanation(explanation) => attribution::sections(explanation),
            Results::Other(value) => points::sections(value).unwrap_or_else(|| tables::other(value)),
        };
        if !self.pictures.is_empty() {
            // The most useful part comes first: pictures before the long tables; a design has no short table.
            let place = if matches!(self.results, Results::Summary(_)) { sections.len().min(1) } else { 0 };
            sections.insert(place, figures(self.pictures));
        }
        sections.push(self.repeat());
        let data = format!("{}, manifest.json", self.tables());
        page((self.kind, self.title), self.facts, &sections, self.pictures, &data)
    }

    /// The files in the directory of the page.
    fn tables(&self) -> &'static str {
        match self.kind {
            "calibrate" => "candidates, simulated and (if there is one) posterior as Parquet, calibration.json",
            "sweep" | "sensitivity" => {
                "points, responses, outcomes, events and (if the study file asks for them) curves as Parquet, summary.json"
            }
            "explain" => "explain, coalitions and outcomes as Parquet, explain.json",
            _ => "outcomes, curves and events as Parquet, summary.json",
        }
    }

    fn repeat(&self) -> Section {
        let body = html! {
            p { "This command repeats the study, with bit-identical results on any machine and with any number of threads:" }
            pre.command { code { (self.command) } }
            @for attachment in self.attachments {
                details { summary { (attachment.title) } pre { code { (attachment.text) } } }
            }
        };
        Section { id: "repeat".to_string(), heading: "How to repeat it".to_string(), body }
    }
}

/// A page: its kind and title, its facts, sections, pictures (which stand in the section `figures`), and the files beside it.
fn page(
    (kind, title): (&str, &str),
    facts: &[(String, String)],
    sections: &[Section],
    pictures: &[Picture],
    data: &str,
) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "spiral " (env!("CARGO_PKG_VERSION")) };
                title { (title) " – " (kind) " – spiral" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the results" }
                header.top {
                    p.kicker { "spiral " (kind) }
                    h1 { (title) }
                    dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
                }
                nav aria-label="Contents" {
                    p { "Contents" }
                    ol {
                        @for section in sections {
                            li {
                                a href={ "#" (section.id) } { (section.heading) }
                                @if section.id == "figures" {
                                    ul { @for picture in pictures { li { a href={ "#" (id(&picture.name)) } { (caption(picture)) } } } }
                                }
                            }
                        }
                    }
                }
                main id="content" {
                    @for section in sections {
                        section id=(section.id) aria-labelledby={ (section.id) "-heading" } {
                            h2 id={ (section.id) "-heading" } { (section.heading) }
                            (section.body)
                        }
                    }
                }
                footer { p { "Written by spiral " (env!("CARGO_PKG_VERSION")) ". Intervals are 95 %. The folder of the study also holds the data of this page: " (data) "." } }
            }
        }
    };
    page.into_string()
}

/// The section of the pictures.
fn figures(pictures: &[Picture]) -> Section {
    let body = html! {
        @for picture in pictures {
            figure id=(id(&picture.name)) {
                (PreEscaped(inline(&picture.svg)))
                figcaption { (caption(picture)) " " span.file { "figures/" (picture.name) ".svg" } }
            }
        }
    };
    Section { id: "figures".to_string(), heading: "Figures".to_string(), body }
}

/// The page of a hindcast as one HTML file: `facts` are its data, `notes` what the reader should know, `figures` its figures.
#[must_use]
pub fn hindcast(found: &Hindcast, facts: &[(String, String)], notes: &[String], figures: &[Figure]) -> String {
    hindcast::html(found, facts, notes, figures)
}

/// A name as the fragment of an address.
fn id(name: &str) -> String {
    format!("figure-{}", crate::text::file_name(name))
}

/// What a picture shows: its own title.
fn caption(picture: &Picture) -> String {
    let title = picture.svg.split_once("aria-label=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(title, _)| title);
    let plain = |title: &str| title.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    title.map(plain).filter(|title| !title.is_empty()).unwrap_or_else(|| picture.name.replace('-', " "))
}

/// An SVG as a part of a page, without the parts that only a separate file needs.
fn inline(svg: &str) -> &str {
    svg.find("<svg").map_or("", |start| &svg[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_called_by_its_title() {
        let picture = |svg: &str| Picture { name: "war-free".to_string(), svg: svg.to_string() };
        assert_eq!(caption(&picture("<?xml?><svg aria-label=\"A &lt;B&gt; &amp; C\" xmlns=\"x\"/>")), "A <B> & C");
        assert_eq!(caption(&picture("<svg/>")), "war free");
        assert_eq!(inline("<?xml version=\"1.0\"?>\n<svg/>"), "<svg/>");
    }
}
