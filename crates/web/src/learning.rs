//! The learning pages: those that Folkmoot brings, and those of the team.

use std::borrow::Cow;

use domain::Review;
use domain::learning::OURS;

use crate::locale::{Lang, Locale, Said};
use crate::markdown;

/// Words that somebody reads in a minute who is not used to reading much.
const WORDS_A_MINUTE: usize = 180;

/// The pages of Folkmoot in English and in Welsh, as their files have them: the title in the first line that begins with `#`.
const TEXTS: [[&str; 2]; OURS.len()] = [
    [include_str!("../learning/en/what-counts.md"), include_str!("../learning/cy/what-counts.md")],
    [include_str!("../learning/en/what-happened.md"), include_str!("../learning/cy/what-happened.md")],
    [include_str!("../learning/en/what-works.md"), include_str!("../learning/cy/what-works.md")],
    [include_str!("../learning/en/what-to-change.md"), include_str!("../learning/cy/what-to-change.md")],
    [include_str!("../learning/en/other-people.md"), include_str!("../learning/cy/other-people.md")],
    [include_str!("../learning/en/what-becomes-of-it.md"), include_str!("../learning/cy/what-becomes-of-it.md")],
    [include_str!("../learning/en/helping.md"), include_str!("../learning/cy/helping.md")],
];

/// A learning page.
pub(crate) struct Lesson<'a> {
    /// Its name in addresses.
    pub id: Cow<'a, str>,
    /// Its title.
    pub title: Said<'a>,
    /// Minutes that it takes to read.
    pub minutes: i64,
    text: &'a str,
}

impl Lesson<'_> {
    /// What it says, as HTML.
    pub fn html(&self) -> String {
        markdown::html(self.text, 2)
    }
}

/// The pages that a review shows, in the order in which they are read.
pub(crate) fn lessons(locale: Locale, review: &Review) -> Vec<Lesson<'_>> {
    let ours = OURS.iter().zip(TEXTS).filter(|(id, _)| !is_hidden(review, id)).map(|(id, texts)| {
        // Where nobody has written them in the reader's language, they are English, and say so.
        let welsh = locale.tag() == "cy";
        let (title, text) = parts(if welsh { texts[1] } else { texts[0] });
        let lang = if welsh { Lang::default() } else { locale.lang(Locale::english().language()) };
        lesson(Cow::Borrowed(id), Said { text: title, lang }, text)
    });
    let own = review
        .learning
        .iter()
        .flat_map(|learning| &learning.pages)
        .map(|page| lesson(Cow::Borrowed(page.id.as_str()), locale.say(&page.title), locale.say(&page.text).text));
    ours.chain(own).collect()
}

/// Whether there are any.
pub(crate) fn are_shown(review: &Review) -> bool {
    review.learning.as_ref().is_some_and(|learning| !learning.pages.is_empty())
        || OURS.iter().any(|id| !is_hidden(review, id))
}

/// Whether the team does not want this page of ours.
fn is_hidden(review: &Review, id: &str) -> bool {
    let learning = review.learning.as_ref();
    learning.is_some_and(|learning| learning.hide.iter().any(|hidden| hidden.as_str() == id))
}

fn lesson<'a>(id: Cow<'a, str>, title: Said<'a>, text: &'a str) -> Lesson<'a> {
    let minutes = text.split_whitespace().count().div_ceil(WORDS_A_MINUTE).max(1);
    Lesson { id, title, minutes: i64::try_from(minutes).unwrap_or(1), text }
}

/// Title and text of a file. What stands before the title is a remark about the file.
fn parts(file: &'static str) -> (&'static str, &'static str) {
    let body = file.split_once("# ").map_or(file, |(_, body)| body);
    let (title, text) = body.split_once('\n').unwrap_or((body, ""));
    (title.trim(), text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_read_in_about_two_minutes() {
        for (id, files) in OURS.iter().zip(TEXTS) {
            for file in files {
                let (title, text) = parts(file);
                let words = text.split_whitespace().count();
                assert!((120..=350).contains(&words), "{id} has {words} words");
                assert!((8..60).contains(&title.chars().count()), "{id}: {title}");
                assert!(!text.contains("\n# "), "{id} has one title");
            }
        }
    }

    #[test]
    fn the_parts_of_a_page_are_the_same_in_both_languages() {
        for (id, [english, welsh]) in OURS.iter().zip(TEXTS) {
            let shape = |file: &'static str| {
                let (_, text) = parts(file);
                let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
                (lines("## "), lines("- "), text.split("\n\n").count())
            };
            assert_eq!(shape(english), shape(welsh), "{id}");
            assert_eq!(welsh.lines().next(), Some("<!-- Welsh by machine, awaiting a native reader. -->"), "{id}");
            assert!(english.starts_with("# "), "{id}");
        }
    }
}
