//! How contributions and answers look to a reader: pieces with their labels, headings, excerpts, redaction marks.

use std::borrow::Cow;

use domain::text::first_words;
use domain::{Answer, Channel, Chosen, Contribution, Example, Publishable, Question, RespondentKind, Slug, Verdict};
use service::{CurrentReview, Listed};

use crate::locale::{Lang, Locale, Said};

/// The most code points of an excerpt.
const EXCERPT: usize = 280;

/// One thing that an answer says.
pub(crate) struct Piece<'a> {
    /// What it is, where the question does not say it.
    pub label: Option<&'static str>,
    /// What it says.
    pub text: Cow<'a, str>,
    /// Whether its author wrote it, in the language of the contribution.
    pub own: bool,
    /// The language of a text of the team, where it is not the page's.
    pub lang: Lang<'a>,
}

/// What an answer says, in order.
pub(crate) fn pieces<'a>(locale: Locale, question: &'a Question, answer: &'a Answer) -> Vec<Piece<'a>> {
    let own = |text: &'a str| Piece { label: None, text: text.into(), own: true, lang: Lang::default() };
    let ours = |text: Cow<'a, str>| Piece { label: None, text, own: false, lang: Lang::default() };
    let chosen = |chosen: &'a Chosen| match chosen {
        Chosen::Other(text) => own(text),
        Chosen::Option(option) => {
            let Some(Said { text, lang }) = question.label(option).map(|label| locale.say(label)) else {
                return ours(option.as_str().into());
            };
            Piece { label: None, text: text.into(), own: false, lang }
        }
    };
    match answer {
        Answer::Text(text) => vec![own(text)],
        Answer::YesNoUnsure(word) => vec![ours(locale.word("yes-no-unsure", word.as_str()).into())],
        Answer::Choice(one) => vec![chosen(one)],
        Answer::Choices(all) => all.iter().map(chosen).collect(),
        Answer::Scale(step) => vec![ours(locale.word("scale", &step.to_string()).into())],
        Answer::Number(number) => vec![ours(amount(locale, question, *number).into())],
        Answer::Date(day) => vec![ours(locale.day(*day).into())],
        Answer::Example(example) => example_pieces(locale, example),
    }
}

fn example_pieces(locale: Locale, example: &Example) -> Vec<Piece<'_>> {
    let own = |key: &'static str, text| Piece {
        label: Some(locale.word("example", key)),
        text: Cow::Borrowed(text),
        own: true,
        lang: Lang::default(),
    };
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    pieces.extend(example.service.as_deref().map(|text| own("service", text)));
    pieces.extend(example.place.as_deref().map(|text| own("place", text)));
    pieces.push(Piece { own: false, ..own("verdict", locale.word("verdict", example.verdict.as_str())) });
    pieces.push(own("happened", &example.happened));
    if example.model {
        let text = locale.word("example", "model-said").into();
        pieces.push(Piece { label: None, text, own: false, lang: Lang::default() });
    }
    pieces
}

#[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53 is checked just before")]
fn amount(locale: Locale, question: &Question, number: f64) -> String {
    let whole = number.fract() == 0.0 && number.abs() < 9e15;
    let text = if whole { locale.number(number as i64) } else { number.to_string() };
    match &question.unit {
        Some(unit) => format!("{text} {}", locale.say(unit)),
        None => text,
    }
}

/// The lines of a text, each cut where a redaction mark begins or ends.
pub(crate) fn paragraphs<'a>(text: &'a str, marks: &[String]) -> Vec<Vec<(&'a str, bool)>> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| cut(line, marks)).collect()
}

fn cut<'a>(mut rest: &'a str, marks: &[String]) -> Vec<(&'a str, bool)> {
    let mut parts = Vec::new();
    while let Some((at, length)) = marks.iter().filter_map(|mark| Some((rest.find(mark.as_str())?, mark.len()))).min() {
        parts.push((&rest[..at], false));
        parts.push((&rest[at..at + length], true));
        rest = &rest[at + length..];
    }
    parts.push((rest, false));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

/// What readers find in place of passages struck out of the answer to `question`.
pub(crate) fn marks(contribution: &Contribution, question: &Slug) -> Vec<String> {
    let redactions = contribution.content.redactions.iter().filter(|redaction| redaction.question == *question);
    redactions.map(domain::Redaction::mark).collect()
}

/// A published contribution in a list.
pub(crate) struct Item<'a> {
    /// The contribution.
    pub contribution: &'a Contribution,
    /// Its first words.
    pub heading: Cow<'a, str>,
    /// Whether the heading is in its author's words.
    pub own_heading: bool,
    /// What it goes on to say.
    pub excerpt: String,
    /// Where the words searched for stand in it.
    pub snippet: Option<&'a [(String, bool)]>,
    /// Its first example.
    pub example: Option<&'a Example>,
    /// In what capacity its author speaks.
    pub kind: Option<&'static str>,
    /// The name of the shape of its verdict, and its word.
    pub verdict: Option<(&'static str, &'static str)>,
}

impl Item<'_> {
    /// Whether it came on the pages of the review, which goes without saying.
    pub fn by_web(&self) -> bool {
        self.contribution.channel == Channel::Web
    }

    /// Whether its author holds it up as a model for others.
    pub fn is_model(&self) -> bool {
        self.example.is_some_and(|example| example.model)
    }
}

/// The name of the shape of a verdict, and its word.
pub(crate) fn verdict(locale: Locale, verdict: Verdict) -> (&'static str, &'static str) {
    (verdict.as_str(), locale.word("verdict", verdict.as_str()))
}

/// A contribution as a list shows it. It takes only what may be shown.
pub(crate) fn item<'a>(locale: Locale, review: &'a CurrentReview, listed: &'a Listed) -> Item<'a> {
    let contribution: &Contribution = &listed.contribution;
    let heading = contribution.heading();
    let own_heading = heading.is_some();
    let excerpt = heading.as_deref().map(|heading| excerpt(contribution, heading)).unwrap_or_default();
    Item {
        contribution,
        heading: heading.map_or_else(|| wordless(locale, review, &listed.contribution), Cow::Owned),
        own_heading,
        excerpt,
        snippet: listed.snippet.as_deref(),
        example: contribution.examples().next(),
        verdict: contribution.verdict().map(|found| verdict(locale, found)),
        kind: contribution.content.respondent.kind.map(|kind| kind_word(locale, kind)),
    }
}

/// What a contribution is called that says nothing in words: the call that it answers.
pub(crate) fn wordless<'a>(
    locale: Locale,
    review: &'a CurrentReview,
    contribution: &Publishable<Contribution>,
) -> Cow<'a, str> {
    review.call(contribution.call.as_str()).map_or(Cow::Borrowed(""), |call| locale.say(&call.title).text.into())
}

/// "a trade union", for a line about who speaks.
pub(crate) fn kind_word(locale: Locale, kind: RespondentKind) -> &'static str {
    locale.word("kind", kind.as_str())
}

/// What the text that the heading was taken from goes on to say.
fn excerpt(contribution: &Contribution, heading: &str) -> String {
    let words = contribution.own_words();
    let Some(text) = words.into_iter().find(|text| first_words(text, 90) == heading) else {
        return String::new();
    };
    let start = heading.trim_end_matches('…');
    let rest = text.trim().strip_prefix(start).unwrap_or_default();
    let rest = rest.trim_start_matches(['.', ',', ';', ':', '?', '!', ' ', '\n']);
    let flat = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = if heading.ends_with('…') && !flat.is_empty() { "…" } else { "" };
    format!("{before}{}", shortened(&flat))
}

fn shortened(text: &str) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(EXCERPT) else {
        return text.into();
    };
    let at = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..at].trim_end_matches([',', ';', ':', '.', ' '])).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redaction_marks_are_told_from_what_people_write() {
        let marks = ["[redacted: names a person]".to_owned()];
        let shown = paragraphs("Then [redacted: names a person] said [redacted: no].\n\nEnd", &marks);
        assert_eq!(
            shown,
            [
                vec![("Then ", false), ("[redacted: names a person]", true), (" said [redacted: no].", false)],
                vec![("End", false)]
            ]
        );
    }

    #[test]
    fn an_excerpt_ends_at_a_word() {
        let long = "word ".repeat(100);
        let short = shortened(long.trim());
        assert!(short.ends_with("word…") && short.chars().count() <= EXCERPT + 1, "{short}");
        assert_eq!(shortened("short"), "short");
    }
}
