//! What may be done with a contribution, and the one door through which it becomes something that can be shown.

use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::contribution::{Contribution, State};
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
    /// It has been withdrawn.
    #[error("it has been withdrawn")]
    Withdrawn,
}

/// What may be shown of a contribution: nothing unless it is published; no names if it is unnamed; no redacted passage;
/// nothing of its origin in another system if it is unnamed.
pub fn publishable(mut given: Contribution) -> Result<Publishable<Contribution>, Unpublishable> {
    match given.state {
        State::Published => {}
        State::Received => return Err(Unpublishable::NotPublished),
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
    strike_out(&mut given);
    Ok(Publishable(given))
}

fn strike_out(given: &mut Contribution) {
    let mut redactions = given.content.redactions.clone();
    // From the end of each text, so that earlier places stay right; of two that overlap, the later start goes first.
    redactions.sort_by_key(|redaction| std::cmp::Reverse(redaction.start));
    let mut last: Option<Redaction> = None;
    for mut redaction in redactions {
        let Some(text) =
            given.content.answers.get_mut(&redaction.question).and_then(|a| a.own_words_mut(&redaction.field))
        else {
            continue;
        };
        if let Some(later) = last.as_ref().filter(|l| l.question == redaction.question && l.field == redaction.field) {
            redaction.end = redaction.end.min(later.start);
        }
        let place = |code_points: usize| text.char_indices().nth(code_points).map_or(text.len(), |(at, _)| at);
        let (start, end) = (place(redaction.start), place(redaction.end));
        text.replace_range(start..end, &redaction.mark());
        last = Some(redaction);
    }
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
    fn closing_the_release_of_what_is_published_closes_it_at_once() {
        let mut given = contribution(Release::Public);
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        given.change_release(Release::UseOnly).expect("changed");
        assert_eq!((given.state, given.published_at), (State::Received, None));
    }

    use crate::contribution::Refused;
}
