//! How contributions look to a reader: headings, excerpts, redaction marks.

use std::borrow::Cow;
use std::ops::{Deref, Range};

use domain::{Channel, Contribution, Example, Publishable, RespondentKind, Slug, Verdict};
use service::{CurrentReview, Listed};

use crate::locale::{Locale, Said};
use crate::page::check::who;

pub(crate) mod named;
pub(crate) mod pieces;

use named::{About, Calling};

/// A contribution on a page that everybody may read. Such pages hold nothing else, and it is made of nothing but what
/// may be shown:
///
/// ```
/// fn page(shown: &domain::Publishable<domain::Contribution>) -> web::Shown<'_> {
///     web::Shown::new(shown)
/// }
/// ```
///
/// What was given does not become a page:
///
/// ```compile_fail,E0308
/// fn leak(given: &domain::Contribution) -> web::Shown<'_> {
///     web::Shown::new(given)
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(&'a Publishable<Contribution>);

impl<'a> Shown<'a> {
    /// The contribution as everybody may read it.
    pub const fn new(contribution: &'a Publishable<Contribution>) -> Self {
        Self(contribution)
    }

    /// What readers find in place of passages struck out of the answer to `question`.
    pub(crate) fn marks(self, question: &Slug) -> Vec<String> {
        let redactions = self.0.content.redactions.iter().filter(|redaction| redaction.question == *question);
        redactions.map(domain::Redaction::mark).collect()
    }

    /// Who speaks, as far as readers may know.
    pub(crate) fn who(self, locale: Locale) -> Vec<String> {
        who(locale, &self.0.content.respondent)
    }

    /// In what capacity they speak.
    pub(crate) fn kind(self, locale: Locale) -> Option<&'static str> {
        self.0.content.respondent.kind.map(|kind| kind_word(locale, kind))
    }

    /// What it is called if it says nothing in words: the call that it answers.
    pub(crate) fn wordless(self, locale: Locale, review: &'a CurrentReview) -> Cow<'a, str> {
        review.call(self.0.call.as_str()).map_or(Cow::Borrowed(""), |call| locale.say(&call.title).text.into())
    }

    /// What stands above it, and whether that is in its author's words.
    pub(crate) fn heading(self, locale: Locale, review: &'a CurrentReview) -> (String, bool) {
        let own = self.0.opening().heading;
        if own.is_empty() { (self.wordless(locale, review).into_owned(), false) } else { (own, true) }
    }

    /// The contribution, for as long as the page may borrow it.
    pub(crate) fn contribution(self) -> &'a Contribution {
        self.0
    }
}

impl Deref for Shown<'_> {
    type Target = Contribution;

    fn deref(&self) -> &Contribution {
        self.0
    }
}

/// A published contribution in a list.
pub(crate) struct Item<'a> {
    /// The contribution.
    pub contribution: Shown<'a>,
    /// Its first words, with what was searched for among them.
    pub heading: Pieces,
    /// Whether the heading is in its author's words.
    pub own_heading: bool,
    /// What it goes on to say.
    pub excerpt: &'a str,
    /// Where the words searched for stand in it.
    pub snippet: Pieces,
    /// Its first example, or the first that was asked for.
    pub example: Option<&'a Example>,
    /// What that is about.
    pub about: Option<About<'a>>,
    /// The questions by whose answers it was found, if that was no example, with what those name.
    pub names: Vec<(Said<'a>, Said<'a>)>,
    /// What its address ends in, so that the list that it was found in can be gone on with.
    pub asked: String,
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

    /// The body that speaks.
    pub fn body(&self) -> Option<&str> {
        self.contribution.content.respondent.organisation.as_ref().map(domain::Line::as_str)
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
    let contribution = Shown::new(&listed.contribution);
    let own_heading = !listed.opening.heading.is_empty();
    let example = listed.example.and_then(|number| contribution.contribution().examples().nth(number));
    let calling = Calling { locale, lists: &review.lists, author: &listed.contribution.language };
    let call = review.call(listed.contribution.call.as_str());
    let named = |id: &Slug| {
        let (_, question) = call?.question(id.as_str())?;
        let answer = contribution.contribution().content.answers.get(id)?;
        Some((locale.say(question.read(false).title()), calling.named(answer)?))
    };
    let (heading, snippet) = match &listed.snippet {
        Some(snippet) if own_heading => from_heading(&listed.opening.heading, snippet),
        None if own_heading => (vec![(listed.opening.heading.clone(), false)], vec![]),
        snippet => {
            let heading = vec![(contribution.wordless(locale, review).into_owned(), false)];
            (heading, snippet.clone().unwrap_or_default())
        }
    };
    Item {
        contribution,
        heading,
        own_heading,
        excerpt: &listed.opening.excerpt,
        snippet,
        example,
        about: example.map(|example| calling.about(example)),
        names: listed.names.iter().filter_map(named).collect(),
        asked: String::new(),
        verdict: example.map(|example| verdict(locale, example.verdict)),
        kind: contribution.kind(locale),
    }
}

/// Pieces of text, each with whether it was searched for.
type Pieces = Vec<(String, bool)>;

/// A snippet as its heading and what goes on from there: what the heading says is not said twice.
fn from_heading(heading: &str, snippet: &[(String, bool)]) -> (Pieces, Pieces) {
    let whole: String = snippet.iter().map(|(text, _)| text.as_str()).collect();
    let said = heading.trim_end_matches('…');
    let plain = vec![(heading.to_owned(), false)];
    let Some(rest) = whole.strip_prefix(said).filter(|_| !said.is_empty()) else { return (plain, snippet.to_vec()) };
    let goes_on = whole.len() - rest.trim_start_matches(['.', ',', ';', ':', '?', '!', ' ', '\n']).len();
    let mut first = stretch(snippet, 0..said.len());
    let mut then = stretch(snippet, goes_on..whole.len());
    if heading.ends_with('…') {
        first.push(("…".to_owned(), false));
        then.insert(0, ("…".to_owned(), false));
    }
    // Nothing but the heading was found: what it goes on to say stands beside it, as in any other list.
    if goes_on == whole.len() { (first, vec![]) } else { (first, then) }
}

/// The pieces of a stretch of text, in bytes.
fn stretch(pieces: &[(String, bool)], wanted: Range<usize>) -> Pieces {
    let mut at = 0;
    let mut within = Vec::new();
    for (text, hit) in pieces {
        let cut = |place: usize| place.saturating_sub(at).min(text.len());
        let part = text.get(cut(wanted.start)..cut(wanted.end)).unwrap_or_default();
        if !part.is_empty() {
            within.push((part.to_owned(), *hit));
        }
        at += text.len();
    }
    within
}

/// "a trade union", for a line about who speaks.
pub(crate) fn kind_word(locale: Locale, kind: RespondentKind) -> &'static str {
    locale.word("kind", kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(all: &[(&str, bool)]) -> Pieces {
        all.iter().map(|(text, hit)| ((*text).to_owned(), *hit)).collect()
    }

    #[test]
    fn what_the_heading_says_is_not_said_twice() {
        let snippet = pieces(&[
            ("The ", false),
            ("form", true),
            (" would not save. The ", false),
            ("form", true),
            (" died", false),
        ]);
        let (heading, rest) = from_heading("The form would not save", &snippet);
        assert_eq!(heading, pieces(&[("The ", false), ("form", true), (" would not save", false)]));
        assert_eq!(rest, pieces(&[("The ", false), ("form", true), (" died", false)]));
        let (heading, rest) = from_heading("The form would…", &snippet);
        assert_eq!(heading.last(), Some(&("…".to_owned(), false)));
        assert_eq!(rest.first(), Some(&("…".to_owned(), false)));
        // All of it is in the heading, or none.
        let alone = pieces(&[("No ", false), ("form", true), (".", false)]);
        assert_eq!(from_heading("No form", &alone), (alone[..2].to_vec(), vec![]));
        assert_eq!(from_heading("Élan", &snippet), (pieces(&[("Élan", false)]), snippet));
    }
}
