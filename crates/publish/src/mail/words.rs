//! The letters that the program itself writes, in the languages of its pages.

use std::sync::OnceLock;

use domain::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::{Letter, Part};

/// The messages, by language; the first is for readers of any other.
const SOURCES: [(&str, &str); 2] =
    [("en", include_str!("../../locales/en/mail.ftl")), ("cy", include_str!("../../locales/cy/mail.ftl"))];

/// A language of the pages, with its messages if letters can be written in it.
type Spoken = (Language, Option<FluentBundle<FluentResource>>);

/// The languages of the pages: those that are built in, and then what was added before the first letter.
static SPOKEN: OnceLock<Vec<Spoken>> = OnceLock::new();

fn spoken() -> &'static [Spoken] {
    SPOKEN.get_or_init(|| SOURCES.iter().filter_map(|(tag, source)| load(tag, &[source])).collect())
}

/// Later sources go before earlier ones.
fn load(tag: &str, sources: &[&str]) -> Option<Spoken> {
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().ok()?]);
    bundle.set_use_isolating(false);
    for source in sources {
        bundle.add_resource_overriding(FluentResource::try_new((*source).to_owned()).ok()?);
    }
    Some((tag.parse().ok()?, Some(bundle)))
}

/// Adds languages to those that letters are written in, each with the texts of its files of messages; what they lack is in
/// English. A language with no message of a letter at all has its letters in English, and its links lead to its pages.
/// Nothing happens once a letter was written.
pub fn add_languages(added: &[(String, Vec<String>)]) {
    let mut all: Vec<Spoken> = SOURCES.iter().filter_map(|(tag, source)| load(tag, &[source])).collect();
    for (tag, texts) in added {
        let built_in = SOURCES.iter().position(|(known, _)| known == tag);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let Some((language, bundle)) = load(tag, &[&[SOURCES[built_in.unwrap_or(0)].1], texts.as_slice()].concat())
        else {
            continue;
        };
        let own =
            messages().any(|key| texts.iter().flat_map(|text| text.lines()).any(|line| key_of(line) == Some(key)));
        match built_in {
            Some(at) => all[at] = (language, bundle),
            None => all.push((language, bundle.filter(|_| own))),
        }
    }
    drop(SPOKEN.set(all));
}

/// The keys of all messages that letters are made of.
pub fn messages() -> impl Iterator<Item = &'static str> {
    SOURCES[0].1.lines().filter_map(key_of)
}

/// The key that a line of a file of messages defines, if it defines one.
fn key_of(line: &str) -> Option<&str> {
    line.split_once(" =").map(|(key, _)| key).filter(|key| key.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// What the addresses of pages in that language begin with: nothing in English, or in a language that no page speaks.
pub fn prefix(language: &Language) -> String {
    let marked = spoken().iter().skip(1).any(|(known, _)| known == language);
    if marked { format!("/{}", language.as_str().to_ascii_lowercase()) } else { String::new() }
}

/// The words of one language.
struct Words<'a> {
    language: &'a Language,
    bundle: &'a FluentBundle<FluentResource>,
    review: &'a str,
}

impl<'a> Words<'a> {
    /// The words for a reader of `language`, about that review. A test sees to it that there are any.
    fn new(language: &Language, review: &'a str) -> Self {
        let written = || spoken().iter().filter_map(|(known, bundle)| Some((known, bundle.as_ref()?)));
        let found = written().find(|(known, _)| *known == language).or_else(|| written().next());
        let (language, bundle) = found.expect("there is a language");
        Self { language, bundle, review }
    }

    fn t(&self, key: &str) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("review", self.review);
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        pattern.map_or_else(
            || key.to_owned(),
            |pattern| self.bundle.format_pattern(pattern, Some(&arguments), &mut vec![]).into_owned(),
        )
    }

    fn letter(&self, subject: &str, parts: Vec<Part>, foot: Vec<Part>) -> Letter {
        Letter { language: self.language.clone(), subject: self.t(subject), parts, foot }
    }
}

/// Asks whoever has an address to confirm that they want letters about `review`; `address` leads to the page that does.
pub fn confirm(language: &Language, review: &str, address: &str) -> Letter {
    let words = Words::new(language, review);
    let parts = vec![
        Part::Text(words.t("confirm-text")),
        Part::Link(words.t("confirm-link"), address.to_owned()),
        Part::Text(words.t("confirm-until")),
    ];
    words.letter("confirm-subject", parts, vec![Part::Text(words.t("confirm-not-you"))])
}

/// Tells somebody who is subscribed already, and asked again, that they are; `address` ends it.
pub fn subscribed(language: &Language, review: &str, address: &str) -> Letter {
    let words = Words::new(language, review);
    let parts =
        vec![Part::Text(words.t("subscribed-text")), Part::Link(words.t("newsletter-leave"), address.to_owned())];
    words.letter("subscribed-subject", parts, vec![Part::Text(words.t("subscribed-not-you"))])
}

/// A letter that the team wrote, with why it came and how to end that below it. `title` and `markdown` are in `language`.
pub fn newsletter(language: &Language, review: &str, title: &str, markdown: &str, address: &str) -> Letter {
    let words = Words::new(language, review);
    let foot = vec![
        Part::Text(words.t("newsletter-why")),
        Part::Link(words.t("newsletter-leave"), address.to_owned()),
        Part::Text(words.t("newsletter-private")),
    ];
    Letter {
        language: language.clone(),
        subject: title.to_owned(),
        parts: vec![Part::Prose(markdown.to_owned())],
        foot,
    }
}

/// What somebody sends to themselves about what they gave.
#[derive(Debug, Default)]
pub struct Own<'a> {
    /// The reference, if it was sent already.
    pub reference: Option<&'a str>,
    /// Questions with what was answered.
    pub answers: Vec<(String, String)>,
    /// Whether what was answered is left out because it was given in confidence.
    pub in_confidence: bool,
    /// Until when it is kept, if it was not sent yet.
    pub until: Option<&'a str>,
}

/// The code in words that leads back to what somebody gave, for themselves; `address` is where the words are typed.
pub fn own(language: &Language, review: &str, code: [&str; 8], address: &str, own: Own<'_>) -> Letter {
    let words = Words::new(language, review);
    let copy = !own.answers.is_empty();
    let mut parts = vec![
        Part::Text(words.t(if copy { "own-copy-text" } else { "own-code-text" })),
        Part::Words(code.map(str::to_owned).to_vec()),
        Part::Link(words.t("own-link"), address.to_owned()),
        Part::Text(words.t("own-keep")),
    ];
    let mut facts = Vec::new();
    facts.extend(own.reference.map(|reference| (words.t("own-reference"), reference.to_owned())));
    facts.extend(own.until.map(|until| (words.t("own-until"), until.to_owned())));
    if !facts.is_empty() {
        parts.push(Part::Rows(facts));
    }
    if own.in_confidence {
        parts.push(Part::Text(words.t("own-in-confidence")));
    }
    if copy {
        parts.push(Part::Heading(words.t("own-answers")));
        parts.push(Part::Rows(own.answers));
    }
    let subject = if copy { "own-copy-subject" } else { "own-code-subject" };
    words.letter(subject, parts, once(language, review))
}

/// The foot of mail that somebody asked for on a page of the review: that it was once only, and that nothing is kept.
pub fn once(language: &Language, review: &str) -> Vec<Part> {
    vec![Part::Text(Words::new(language, review).t("once"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_message() {
        let keys = |source: &'static str| -> Vec<&str> {
            let mut keys: Vec<_> = source.lines().filter_map(key_of).collect();
            keys.sort_unstable();
            keys
        };
        assert_eq!(spoken().len(), SOURCES.len(), "every file can be read");
        for (tag, source) in SOURCES {
            assert_eq!(keys(source), keys(SOURCES[0].1), "{tag}");
            let language: Language = tag.parse().expect("a language");
            let words = Words::new(&language, "the review");
            for key in keys(source) {
                let said = words.t(key);
                assert!(said != key && !said.contains(['{', '}']), "{tag}: {key}: {said}");
            }
        }
    }
}
