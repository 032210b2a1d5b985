//! How a contribution is cited, as a whole and passage by passage.

use std::fmt::Write;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use domain::{Contribution, Publishable};
use service::CurrentReview;

use crate::error::Outcome;
use crate::frame::{Frame, Section};
use crate::page::contribution::{Found, elsewhere, hidden, kept_or_not};
use crate::passage::{self, Read};
use crate::shown::Shown;
use crate::visit::Visit;

/// How many words at either end of a passage lead a browser to it.
const WORDS: usize = 4;

#[derive(Template)]
#[template(path = "cite.html")]
pub(crate) struct CitePage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) contribution: Shown<'a>,
    pub(super) heading: String,
    pub(super) own_heading: bool,
    /// The contribution as a whole, as it stands in a footnote.
    pub(super) whole: String,
    /// The address of the contribution, absolute.
    pub(super) address: String,
    pub(super) answers: Vec<Read<'a>>,
}

impl CitePage<'_> {
    /// The address of a paragraph that also marks it, in browsers that know text fragments (WICG, URL Fragment Text
    /// Directives); others go to the paragraph.
    fn marked(&self, paragraph: &passage::Paragraph) -> String {
        format!("{}#{}:~:text={}", self.address, paragraph.id, text_directive(&paragraph.plain()))
    }

    /// The first words of a paragraph.
    #[expect(clippy::unused_self, reason = "templates reach functions through the page")]
    fn beginning(&self, paragraph: &passage::Paragraph) -> String {
        domain::text::first_words(&paragraph.plain(), 90)
    }
}

/// `GET /r/{review}/contributions/{reference}/cite`
pub(crate) async fn show(visit: Visit, Path((review, written)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let reference = match elsewhere(&visit, &review, &written, "/cite")? {
        Found::Here(reference) => reference,
        Found::Elsewhere(address) => return Ok(Redirect::permanent(&address).into_response()),
    };
    let contribution = visit.app.service.published(&review, &reference).await?;
    let page = page(visit.frame(Some(&review)), &review, &contribution, &visit.origin());
    kept_or_not(page.frame.exit.is_some(), &page)
}

pub(super) fn page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    contribution: &'a Publishable<Contribution>,
    origin: &str,
) -> CitePage<'a> {
    let locale = frame.locale;
    let shown = Shown::new(contribution);
    let (heading, own_heading) = shown.heading(locale, review);
    let reference = shown.contribution().reference.as_str();
    let address = format!("{origin}{}/contributions/{reference}", frame.base);
    let mut answers = passage::answers(locale, review.call(shown.call.as_str()), shown, &|_| vec![]);
    for read in &mut answers {
        read.parts.iter_mut().for_each(|part| part.paragraphs.retain(|paragraph| paragraph.number.is_some()));
        read.parts.retain(|part| !part.paragraphs.is_empty());
    }
    answers.retain(|read| !read.parts.is_empty());
    let frame = hidden(frame, review, [shown.contribution()]);
    let title = frame.t("cite").to_owned();
    CitePage {
        whole: whole(&frame, review, shown, &heading, &address),
        frame: frame.titled(&[&title, reference], Section::Read),
        contribution: shown,
        heading,
        own_heading,
        address,
        answers,
    }
}

/// Author, “title”, evidence to the review, reference, when it was published, address.
fn whole(frame: &Frame<'_>, review: &CurrentReview, shown: Shown<'_>, heading: &str, address: &str) -> String {
    let who = shown.contribution().content.respondent.who();
    let author = who.unwrap_or_else(|| frame.t("unnamed-contributor").to_owned());
    let review = frame.say(&review.title).text.to_owned();
    let published = shown.published_at.as_ref().map(|at| frame.date(at)).unwrap_or_default();
    let arguments = [
        ("author", author.into()),
        ("title", heading.to_owned().into()),
        ("review", review.into()),
        ("reference", shown.contribution().reference.to_string().into()),
        ("date", published.into()),
        ("address", address.to_owned().into()),
    ];
    frame.locale.t_with("cite-as", &arguments)
}

/// What follows `text=`: the whole of a short text, or where a longer one begins and ends.
fn text_directive(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= 2 * WORDS {
        return encoded(&words.join(" "));
    }
    let (beginning, end) = (&words[..WORDS], &words[words.len() - WORDS..]);
    format!("{},{}", encoded(&beginning.join(" ")), encoded(&end.join(" ")))
}

/// Percent-encoded, with the characters that have a meaning in a directive: comma, ampersand, hyphen.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            encoded.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::text_directive;

    #[test]
    fn a_directive_has_the_ends_of_a_long_text() {
        assert_eq!(text_directive("Self-service, they say."), "Self%2Dservice%2C%20they%20say.");
        let long = "The form would not save what I had typed into it that evening";
        assert_eq!(text_directive(long), "The%20form%20would%20not,into%20it%20that%20evening");
        assert_eq!(text_directive(""), "");
    }
}
