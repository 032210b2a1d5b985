//! What may be done with a contribution, and the one door through which it becomes something that can be shown.

use std::collections::BTreeMap;
use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::asked::{Asked, REPLY};
use crate::contribution::{Contribution, State};
use crate::file;
use crate::helping::Helper;
use crate::id::Slug;
use crate::respondent::Respondent;
use crate::text::Line;

crate::words! {
    /// What its author allows to be done with a contribution.
    Release {
        /// Shown with the name, if one was given.
        Public = "public",
        /// Shown without the name of the person or body.
        Unnamed = "unnamed",
        /// Used, never quoted or shown.
        UseOnly = "use-only",
    }
}

/// A passage that is struck out, with the reason. Places are Unicode code points in the text as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// The question whose answer it stands in.
    pub question: Slug,
    /// Which text of that answer.
    pub field: String,
    /// The first code point struck out.
    pub start: usize,
    /// The first code point after it.
    pub end: usize,
    /// Why.
    pub reason: Line,
    /// When.
    pub at: Timestamp,
}

impl Redaction {
    /// What readers find in place of the passage.
    pub fn mark(&self) -> String {
        format!("[redacted: {}]", self.reason)
    }

    /// Whether it strikes out a whole file.
    pub fn is_whole_file(&self) -> bool {
        self.field.starts_with(file::WHOLE)
    }
}

/// Something that may be shown to everybody. Only [`publishable`] makes one, so the pages, the search index, the feeds
/// and the exports, which take nothing else, cannot leak: code that would does not compile.
///
/// ```compile_fail
/// fn show(contribution: domain::Publishable<domain::Contribution>) {}
/// fn leak(contribution: domain::Contribution) {
///     show(contribution); // what was given is not what may be shown
/// }
/// ```
///
/// ```compile_fail
/// fn leak(contribution: domain::Contribution) -> domain::Publishable<domain::Contribution> {
///     domain::Publishable(contribution) // and nobody else can make it so
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Publishable<T>(T);

impl<T> Deref for Publishable<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Why a contribution cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unpublishable {
    /// Nobody has published it.
    #[error("it has not been published")]
    NotPublished,
    /// Its author did not allow it.
    #[error("its author allows it to be used, but not to be shown")]
    UseOnly,
    /// The team has set it aside.
    #[error("it has been set aside")]
    SetAside,
    /// It has been withdrawn.
    #[error("it has been withdrawn")]
    Withdrawn,
    /// A redaction points to a text that is not there.
    #[error("a redaction has lost its place")]
    Misplaced,
}

/// What may be shown of a contribution: nothing unless it is published; no names if it is unnamed; no redacted passage;
/// nothing of its origin in another system if it is unnamed; nothing by which whoever helped could be known.
pub fn publishable(mut given: Contribution) -> Result<Publishable<Contribution>, Unpublishable> {
    match given.state {
        State::Published => {}
        State::Received => return Err(Unpublishable::NotPublished),
        State::SetAside => return Err(Unpublishable::SetAside),
        State::Withdrawn => return Err(Unpublishable::Withdrawn),
    }
    match given.release {
        Release::Public => {}
        Release::UseOnly => return Err(Unpublishable::UseOnly),
        Release::Unnamed => {
            given.content.respondent = Respondent { kind: given.content.respondent.kind, ..Respondent::default() };
            given.source = None;
        }
    }
    given.content.helper = given.content.helper.map(Helper::shown);
    given.content.asked.retain(Asked::is_shown);
    // What is struck out of a reply that is not shown has nothing to be struck out of.
    let mut redactions = std::mem::take(&mut given.content.redactions);
    redactions.retain(|redaction| redaction.field != REPLY || given.asked(&redaction.question).is_some());
    given.content.redactions = redactions;
    strike_out(&mut given)?;
    Ok(Publishable(given))
}

/// Strikes the union of all redacted passages out of each text. A redaction whose text cannot be found is a refusal:
/// better nothing is shown than what somebody meant to hide.
fn strike_out(given: &mut Contribution) -> Result<(), Unpublishable> {
    let mut texts: BTreeMap<(Slug, String), Vec<Redaction>> = BTreeMap::new();
    for redaction in &given.content.redactions {
        texts.entry((redaction.question.clone(), redaction.field.clone())).or_default().push(redaction.clone());
    }
    // Whole files last: what stands in place of one is not its name.
    let (whole, texts): (BTreeMap<_, _>, BTreeMap<_, _>) =
        texts.into_iter().partition(|((_, field), _)| field.starts_with(file::WHOLE));
    for ((question, field), mut redactions) in texts {
        let text = text_mut(given, &question, &field).ok_or(Unpublishable::Misplaced)?;
        redactions.sort_by_key(|redaction| redaction.start);
        // From the end, so that earlier places stay right.
        for (start, end, mark) in union(&redactions).into_iter().rev() {
            let place = |code_points: usize| text.char_indices().nth(code_points).map_or(text.len(), |(at, _)| at);
            let (start, end) = (place(start), place(end));
            let marked = marked(&text[start..end], &mark);
            text.replace_range(start..end, &marked);
        }
    }
    for ((question, field), redactions) in whole {
        let answer = given.content.answers.get_mut(&question);
        let files = if let Some(Answer::Files(files)) = answer { files.as_mut_slice() } else { &mut [] };
        let file = files.iter_mut().find(|file| file.whole() == field).ok_or(Unpublishable::Misplaced)?;
        file.strike_out(redactions.iter().map(Redaction::mark).collect());
    }
    Ok(())
}

/// One text of an answer, or of a reply to a question from the team.
fn text_mut<'a>(given: &'a mut Contribution, question: &Slug, field: &str) -> Option<&'a mut String> {
    if field == REPLY {
        return given.asked_mut(question)?.reply.as_mut()?.text.as_mut();
    }
    given.content.answers.get_mut(question)?.own_words_mut(field)
}

/// The mark in place of each line that something is struck out of: the paragraphs after it keep their numbers, by which
/// they are cited.
fn marked(struck: &str, mark: &str) -> String {
    let line = |line: &'_ str| if line.trim().is_empty() { line.to_owned() } else { mark.to_owned() };
    struck.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Passages that touch or overlap become one, with the marks of all of them.
fn union(sorted: &[Redaction]) -> Vec<(usize, usize, String)> {
    let mut passages: Vec<(usize, usize, String)> = Vec::new();
    for redaction in sorted {
        let mark = redaction.mark();
        match passages.last_mut() {
            Some((_, end, marks)) if redaction.start <= *end => {
                *end = redaction.end.max(*end);
                if !marks.contains(&mark) {
                    marks.push_str(&mark);
                }
            }
            _ => passages.push((redaction.start, redaction.end, mark)),
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::contribution::{Channel, Content};
    use crate::id::ContributionId;

    fn contribution(release: Release) -> Contribution {
        let mut content = Content::default();
        content.respondent.name = "Ada Tully".parse().ok();
        content.respondent.kind = Some(crate::RespondentKind::Individual);
        content.answers.insert("what".parse().expect("slug"), Answer::Text("É, Dr Jones of Barry said no.".to_owned()));
        Contribution {
            id: ContributionId(uuid::Uuid::nil()),
            reference: "DGR-234-5678".parse().expect("reference"),
            call: "access".parse().expect("slug"),
            version: 1,
            channel: Channel::Import,
            release,
            state: State::Received,
            late: false,
            language: "en".parse().expect("language"),
            content,
            source: Some("17".to_owned()),
            received_at: Timestamp::UNIX_EPOCH,
            published_at: None,
        }
    }

    fn text(shown: &Contribution) -> String {
        shown.own_words().join("\n")
    }

    #[test]
    fn nothing_is_shown_before_it_is_published_or_against_its_release() {
        assert_eq!(publishable(contribution(Release::Public)), Err(Unpublishable::NotPublished));
        let mut use_only = contribution(Release::UseOnly);
        assert!(use_only.publish(Timestamp::UNIX_EPOCH).is_err());
        use_only.state = State::Published;
        assert_eq!(publishable(use_only), Err(Unpublishable::UseOnly));
        let mut withdrawn = contribution(Release::Public);
        withdrawn.withdraw().expect("withdrawn");
        assert_eq!(withdrawn.content, Content::default());
        assert_eq!(publishable(withdrawn), Err(Unpublishable::Withdrawn));
    }

    #[test]
    fn an_unnamed_contribution_loses_names_and_source() {
        let mut given = contribution(Release::Unnamed);
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        let shown = publishable(given).expect("publishable");
        assert_eq!(shown.content.respondent.name, None);
        assert_eq!(shown.content.respondent.kind, Some(crate::RespondentKind::Individual));
        assert_eq!(shown.source, None);
    }

    #[test]
    fn redacted_passages_are_gone_even_where_they_overlap() {
        let mut given = contribution(Release::Public);
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        let question: Slug = "what".parse().expect("slug");
        let mut redact = |passage: &str| {
            given.redact(&question, passage, "names a person".parse().expect("line"), Timestamp::UNIX_EPOCH)
        };
        assert!(matches!(redact("nowhere"), Err(Refused::NoSuchPassage { .. })));
        assert!(matches!(redact("n"), Err(Refused::AmbiguousPassage { times: 2, .. })));
        redact("Dr Jones").expect("redacted");
        redact("Jones of Barry").expect("redacted");
        let shown = text(&publishable(given).expect("publishable"));
        assert!(!shown.contains("Jones") && !shown.contains("Barry") && !shown.contains("Dr"), "{shown}");
        assert!(shown.starts_with("É, [redacted: names a person]") && shown.ends_with(" said no."), "{shown}");
    }

    #[test]
    fn paragraphs_after_a_redaction_keep_their_numbers() {
        let mut given = contribution(Release::Public);
        let question: Slug = "what".parse().expect("slug");
        let text = "One.\n\nTwo names Ada.\nThree does too.\n\nFour.".to_owned();
        given.content.answers.insert(question.clone(), Answer::Text(text));
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        given
            .redact(&question, "Ada.\nThree does", "a name".parse().expect("line"), Timestamp::UNIX_EPOCH)
            .expect("redacted");
        let shown = publishable(given).expect("publishable");
        let shown = shown.own_words().join("");
        assert_eq!(shown, "One.\n\nTwo names [redacted: a name]\n[redacted: a name] too.\n\nFour.");
    }

    #[test]
    fn no_character_of_any_redacted_range_survives() {
        // Every way in which three ranges can lie to one another within twelve characters.
        let text = "abcdefghijkl";
        let ranges: Vec<(usize, usize)> =
            (0..11).step_by(2).flat_map(|s| (s + 1..=12).step_by(3).map(move |e| (s, e))).collect();
        let question: Slug = "what".parse().expect("slug");
        let redaction = |(start, end): (usize, usize)| Redaction {
            question: question.clone(),
            field: "answer".to_owned(),
            start,
            end,
            reason: "0".parse().expect("line"),
            at: Timestamp::UNIX_EPOCH,
        };
        for one in &ranges {
            for two in &ranges {
                for three in &ranges {
                    let mut given = contribution(Release::Public);
                    given.publish(Timestamp::UNIX_EPOCH).expect("published");
                    given.content.answers.insert(question.clone(), Answer::Text(text.to_owned()));
                    given.content.redactions = [one, two, three].map(|range| redaction(*range)).into();
                    let shown = publishable(given).expect("publishable");
                    let left = shown.own_words().join("").replace("[redacted: 0]", "");
                    let struck = |at: usize| [one, two, three].iter().any(|(s, e)| (*s..*e).contains(&at));
                    let expected: String =
                        text.chars().enumerate().filter(|(at, _)| !struck(*at)).map(|(_, c)| c).collect();
                    assert_eq!(left, expected, "{one:?} {two:?} {three:?}");
                }
            }
        }
    }

    #[test]
    fn a_redaction_without_its_text_shows_nothing() {
        let mut given = contribution(Release::Public);
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        let question: Slug = "what".parse().expect("slug");
        given
            .redact(&question, "Dr Jones", "names a person".parse().expect("line"), Timestamp::UNIX_EPOCH)
            .expect("redacted");
        given.content.answers.remove(&question);
        assert_eq!(publishable(given), Err(Unpublishable::Misplaced));
    }

    #[test]
    fn closing_the_release_of_what_is_published_closes_it_at_once() {
        let mut given = contribution(Release::Public);
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        given.change_release(Release::UseOnly).expect("changed");
        assert_eq!((given.state, given.published_at), (State::Received, None));
    }

    use crate::contribution::Refused;
}
