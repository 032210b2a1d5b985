//! A letter as HTML: one column, styles on the elements because mail programs drop everything else.

use askama::Template;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Letter, Part};

#[derive(Template)]
#[template(path = "mail.html")]
struct Page<'a> {
    letter: &'a Letter,
    from_name: &'a str,
    home: &'a str,
    colour: &'a str,
}

/// The whole document.
pub(super) fn page(letter: &Letter, from_name: &str, home: &str, colour: &str) -> askama::Result<String> {
    Page { letter, from_name, home, colour }.render()
}

#[expect(clippy::unused_self, reason = "templates reach functions through the page")]
impl Page<'_> {
    /// Markdown as HTML that cannot do harm, its headings below that of the letter.
    fn prose(&self, text: &str) -> String {
        let events = parse(text).map(|event| match event {
            Event::Start(Tag::Heading { classes, attrs, .. }) => {
                Event::Start(Tag::Heading { level: HeadingLevel::H2, id: None, classes, attrs })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H2)),
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            // Pictures would be fetched when the letter is opened, and tell that it was.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Event::Text(CowStr::Borrowed("")),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = if absolute(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
                Event::Start(Tag::Link { link_type, dest_url, title, id })
            }
            other => other,
        });
        let mut html = String::with_capacity(text.len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut html, events);
        html
    }
}

/// The Markdown that letters know.
pub(super) fn parse(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_SMART_PUNCTUATION)
}

/// Whether a link leads somewhere from a letter, and runs nothing.
pub(super) fn absolute(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    ["https://", "http://", "mailto:", "tel:"].iter().any(|start| lower.starts_with(start))
}
