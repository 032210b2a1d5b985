//! The longer texts that the team writes in Markdown, as HTML that cannot do harm: what looks like HTML in them stays
//! text, and headings begin below those of the page.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The text as HTML whose highest heading is `<h{top}>`.
pub(crate) fn html(text: &str, top: u8) -> String {
    let least = levels(text).min().unwrap_or(1);
    let shift = |level: HeadingLevel| heading((level as u8 - least + top).min(6));
    let events = parse(text).map(|event| match event {
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            Event::Start(Tag::Heading { level: shift(level), id: None, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(shift(level))),
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        // Pictures would be asked for from elsewhere, and the content policy forbids that.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Event::Text(CowStr::Borrowed("")),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if harmless(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut html = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, events);
    // No other place of the renderer's output has this text: within text it is escaped.
    html.replace("<a href=", "<a class=\"govuk-link\" rel=\"noopener\" href=")
}

fn parse(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_SMART_PUNCTUATION)
}

fn levels(text: &str) -> impl Iterator<Item = u8> {
    parse(text).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as u8),
        _ => None,
    })
}

fn heading(level: u8) -> HeadingLevel {
    HeadingLevel::try_from(usize::from(level)).unwrap_or(HeadingLevel::H6)
}

/// Whether following the link runs nothing.
fn harmless(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    ["https://", "http://", "mailto:", "tel:", "/", "#"].iter().any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn headings_begin_where_the_page_leaves_off() {
        assert_eq!(html("## A\n\n### B", 3), "<h3>A</h3>\n<h4>B</h4>\n");
        assert_eq!(html("# A", 2), "<h2>A</h2>\n");
        assert!(html("# a\n\n###### b", 3).contains("<h6>b</h6>"));
    }

    #[test]
    fn what_looks_like_html_stays_text() {
        let shown = html("<script>alert(1)</script>\n\nx <b onclick=y>z</b>", 3);
        assert!(!shown.contains("<script") && !shown.contains("<b "), "{shown}");
        assert!(shown.contains("&lt;script&gt;"), "{shown}");
    }

    #[test]
    fn links_run_nothing_and_pictures_are_not_fetched() {
        let shown = html("[a](javascript:alert(1)) [b](https://example.org/) ![c](https://example.org/c.png)", 3);
        assert!(!shown.contains("javascript:") && !shown.contains("<img"), "{shown}");
        assert!(shown.contains("href=\"https://example.org/\""), "{shown}");
    }
}
