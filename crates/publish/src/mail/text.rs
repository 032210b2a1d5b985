//! A letter as plain text, in lines of at most 72 characters.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::html::{absolute, parse};
use super::{Letter, Part};

/// The length that lines of mail should keep to (RFC 5322, section 2.1.1, asks for 78; quoting adds to it).
const WIDTH: usize = 72;

/// The whole letter.
pub(super) fn plain(letter: &Letter) -> String {
    let mut blocks = vec![underlined(&letter.subject)];
    blocks.extend(letter.parts.iter().map(block));
    // The mark before a signature, so that replies leave the foot out.
    let foot: Vec<String> = letter.foot.iter().map(block).collect();
    format!("{}\n\n-- \n{}\n", blocks.join("\n\n"), foot.join("\n\n"))
}

fn block(part: &Part) -> String {
    match part {
        Part::Text(text) => wrap(text, ""),
        Part::Heading(text) => underlined(text),
        Part::Link(label, address) => format!("{}\n{address}", wrap(label, "")),
        Part::Words(words) => wrap(&words.join(" "), "    "),
        Part::Rows(rows) => rows
            .iter()
            .map(|(term, text)| format!("{}\n{}", wrap(term, ""), wrap(text, "    ")))
            .collect::<Vec<_>>()
            .join("\n\n"),
        Part::Prose(markdown) => prose(markdown),
    }
}

/// With hyphens, which stay as they are in quoted-printable.
fn underlined(text: &str) -> String {
    let wrapped = wrap(text, "");
    let longest = wrapped.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    format!("{wrapped}\n{}", "-".repeat(longest))
}

/// The text with its own line breaks, and others at words so that no line is too long for want of one.
fn wrap(text: &str, indent: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let length = indent.len() + line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > WIDTH {
                lines.push(format!("{indent}{line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(if line.is_empty() { line } else { format!("{indent}{line}") });
    }
    lines.join("\n")
}

/// Markdown as people write plain text: lists with hyphens, links with their address behind them.
fn prose(markdown: &str) -> String {
    let mut writing = Writing::default();
    for event in parse(markdown) {
        writing.take(event);
    }
    writing.end_block();
    writing.blocks.join("\n\n")
}

#[derive(Default)]
struct Writing {
    blocks: Vec<String>,
    words: String,
    links: Vec<String>,
    /// One entry for each list that we are in: the next number, if it is numbered.
    lists: Vec<Option<u64>>,
    mark: String,
    /// Whether a list has begun that has no item yet.
    fresh: bool,
    heading: bool,
}

impl Writing {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = true,
            Event::Start(Tag::List(first)) => {
                self.end_block();
                self.fresh |= self.lists.is_empty();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.end_block();
                self.lists.pop();
            }
            Event::Start(Tag::Item) => self.begin_item(),
            Event::Start(Tag::Link { dest_url, .. }) => self.links.push(dest_url.into_string()),
            Event::End(TagEnd::Link) => self.end_link(),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.words.push_str(&text);
            }
            Event::SoftBreak => self.words.push(' '),
            Event::HardBreak => self.words.push('\n'),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock) => self.end_block(),
            Event::Rule => self.blocks.push("-".repeat(WIDTH / 2)),
            _ => {}
        }
    }

    fn begin_item(&mut self) {
        self.end_block();
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.mark = format!("{}{mark}", "  ".repeat(depth));
    }

    fn end_link(&mut self) {
        if let Some(address) = self.links.pop().filter(|address| absolute(address))
            && !self.words.ends_with(&address)
        {
            let shown = address.strip_prefix("mailto:").unwrap_or(&address);
            if !self.words.ends_with(shown) {
                self.words.push_str(" <");
                self.words.push_str(shown);
                self.words.push('>');
            }
        }
    }

    fn end_block(&mut self) {
        let words = std::mem::take(&mut self.words);
        let mark = std::mem::take(&mut self.mark);
        if words.trim().is_empty() {
            return;
        }
        if std::mem::take(&mut self.heading) {
            self.blocks.push(underlined(&words));
            return;
        }
        let indent = " ".repeat(mark.chars().count().max(2 * self.lists.len()));
        let wrapped = if self.lists.is_empty() { wrap(&words, "") } else { wrap(&words, &indent) };
        let block = match wrapped.strip_prefix(&indent) {
            Some(rest) if !mark.is_empty() => format!("{mark}{rest}"),
            _ => wrapped,
        };
        // Items of a list stand close together.
        match self.blocks.last_mut() {
            Some(last) if !mark.is_empty() && !std::mem::take(&mut self.fresh) => {
                last.push('\n');
                last.push_str(&block);
            }
            _ => self.blocks.push(block),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_reads_well_as_plain_text() {
        let markdown = "# What *we* heard\n\nRead [the findings](https://review.example.org/f) and tell us what you think of all that stands in them.\n\n- one\n- two\n  1. inner\n\n3. three\n4. four\n\n<b>x</b> https://a.example [here](javascript:alert(1))";
        assert_eq!(
            prose(markdown),
            "What we heard\n-------------\n\n\
             Read the findings <https://review.example.org/f> and tell us what you\nthink of all that stands in them.\n\n\
             - one\n- two\n  1. inner\n\n3. three\n4. four\n\n<b>x</b> https://a.example here"
        );
    }

    #[test]
    fn no_line_is_longer_than_its_longest_word_needs() {
        let text = "word ".repeat(100) + &"x".repeat(200);
        for line in wrap(&text, "    ").lines() {
            assert!(line.len() <= WIDTH || !line.trim().contains(' '), "{line}");
        }
        assert_eq!(wrap("a\n\nb", "  "), "  a\n\n  b");
    }
}
