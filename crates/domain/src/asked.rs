//! Questions back from the team to whoever gave a contribution, and what they answer. They stand in its content, so that whatever
//! is done to it is done to them: withdrawing erases them, passages of a reply can be struck out, and nothing of them is
//! shown but through [`crate::publishable`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::contribution::{Contribution, Refused, State};
use crate::event::Happened;
use crate::id::Slug;
use crate::language::Language;
use crate::text::{TextError, check, tidy};
use crate::time::Day;

/// The most code points of a question or a reply.
pub const LONGEST: usize = 4_000;

/// What the text of a reply is called among the texts that passages are struck out of.
pub(crate) const REPLY: &str = "reply";

/// A question from the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its name within the contribution: `asked-1`.
    pub id: Slug,
    /// What the team asks.
    pub text: String,
    /// In which language.
    pub language: Language,
    /// By which day an answer would help; later ones are taken too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Day>,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
}

/// What came back to a question from the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// What was said; nothing if somebody would rather not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// In which language.
    pub language: Language,
    /// Whether its author allows it to be shown like the contribution itself.
    pub publish: bool,
    /// When it came.
    pub at: Timestamp,
    /// When the team let it through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
}

impl Asked {
    /// Whether an answer can still come: there is none, or only that somebody would rather not say.
    pub fn is_open(&self) -> bool {
        self.text_of_reply().is_none()
    }

    /// What was said.
    pub fn text_of_reply(&self) -> Option<&str> {
        self.reply.as_ref()?.text.as_deref()
    }

    /// Whether everybody may read it, as far as it goes with the contribution: its author allows it and the team let it through.
    pub(crate) fn is_shown(&self) -> bool {
        self.reply.as_ref().is_some_and(|reply| reply.publish && reply.shown_at.is_some() && reply.text.is_some())
    }
}

/// A question or a reply as somebody typed it, tidied.
pub fn read(typed: &str) -> Result<String, TextError> {
    let text = tidy(typed);
    check(&text, LONGEST)?;
    if text.is_empty() { Err(TextError::Empty) } else { Ok(text) }
}

impl Contribution {
    /// Puts a question to its author.
    pub fn ask(&mut self, text: String, language: Language, by: Option<Day>) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        let taken = |id: &Slug| self.content.answers.contains_key(id) || self.asked(id).is_some();
        let mut free = (1..).filter_map(|number| format!("asked-{number}").parse::<Slug>().ok());
        let Some(id) = free.find(|id| !taken(id)) else { return Err(Refused::Withdrawn) };
        self.content.asked.push(Asked { id: id.clone(), text, language, by, reply: None });
        Ok(Happened::Asked { call: self.call.clone(), asked: id })
    }

    /// Takes what its author answers. Who would rather not say may still do so later; who has said something has said it.
    pub fn reply(&mut self, id: &Slug, reply: Reply) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        let call = self.call.clone();
        let asked = self.asked_mut(id).ok_or_else(|| Refused::NothingAsked { asked: id.clone() })?;
        let declined = reply.text.is_none();
        if !asked.is_open() || (declined && asked.reply.is_some()) {
            return Err(Refused::Replied);
        }
        asked.reply = Some(reply);
        Ok(Happened::Replied { call, asked: id.clone(), declined })
    }

    /// Lets a reply through that its author allows to be shown: it stands beside the contribution wherever that is shown.
    pub fn show_reply(&mut self, id: &Slug, now: Timestamp) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        let call = self.call.clone();
        let asked = self.asked_mut(id).ok_or_else(|| Refused::NothingAsked { asked: id.clone() })?;
        match asked.reply.as_mut().filter(|reply| reply.text.is_some()) {
            Some(reply) if !reply.publish => Err(Refused::ReplyNotForShowing),
            Some(reply) if reply.shown_at.is_none() => {
                reply.shown_at = Some(now);
                Ok(Happened::ReplyShown { call, asked: id.clone() })
            }
            Some(_) => Err(Refused::AlreadyPublished),
            None => Err(Refused::NothingAsked { asked: id.clone() }),
        }
    }

    /// The question of that name.
    pub fn asked(&self, id: &Slug) -> Option<&Asked> {
        self.content.asked.iter().find(|asked| asked.id == *id)
    }

    pub(crate) fn asked_mut(&mut self, id: &Slug) -> Option<&mut Asked> {
        self.content.asked.iter_mut().find(|asked| asked.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contribution::{Channel, Content};
    use crate::id::ContributionId;
    use crate::release::{Release, publishable};

    fn contribution() -> Contribution {
        Contribution {
            id: ContributionId(uuid::Uuid::nil()),
            reference: "DGR-234-5678".parse().expect("reference"),
            call: "access".parse().expect("slug"),
            version: 1,
            channel: Channel::Web,
            release: Release::Public,
            state: State::Received,
            late: false,
            language: "en".parse().expect("language"),
            content: Content::default(),
            source: None,
            received_at: Timestamp::UNIX_EPOCH,
            published_at: None,
        }
    }

    fn reply(text: Option<&str>, publish: bool) -> Reply {
        let language = "en".parse().expect("language");
        Reply { text: text.map(str::to_owned), language, publish, at: Timestamp::UNIX_EPOCH, shown_at: None }
    }

    fn asked(given: &mut Contribution) -> Slug {
        let Ok(Happened::Asked { asked, .. }) =
            given.ask("Which office?".to_owned(), "en".parse().expect("language"), None)
        else {
            panic!("not asked")
        };
        asked
    }

    #[test]
    fn a_reply_is_shown_only_if_its_author_and_the_team_say_so() {
        let mut given = contribution();
        let (first, second) = (asked(&mut given), asked(&mut given));
        assert_eq!((first.as_str(), second.as_str()), ("asked-1", "asked-2"));
        given.reply(&first, reply(Some("The one in Barry."), true)).expect("replied");
        given.reply(&second, reply(Some("Between us."), false)).expect("replied");
        given.publish(Timestamp::UNIX_EPOCH).expect("published");
        assert!(publishable(given.clone()).expect("shown").content.asked.is_empty(), "not let through yet");
        assert_eq!(given.show_reply(&second, Timestamp::UNIX_EPOCH), Err(Refused::ReplyNotForShowing));
        given.show_reply(&first, Timestamp::UNIX_EPOCH).expect("let through");
        let reason = "a place".parse().expect("line");
        given.redact(&first, "Barry", reason, Timestamp::UNIX_EPOCH).expect("struck out");
        let shown = publishable(given.clone()).expect("shown");
        let texts: Vec<_> = shown.content.asked.iter().filter_map(Asked::text_of_reply).collect();
        assert_eq!(texts, ["The one in [redacted: a place]."]);
        given.withdraw().expect("withdrawn");
        assert!(given.content.asked.is_empty());
    }

    #[test]
    fn who_would_rather_not_say_may_still_do_so() {
        let mut given = contribution();
        let id = asked(&mut given);
        given.reply(&id, reply(None, false)).expect("declined");
        assert_eq!(given.reply(&id, reply(None, false)), Err(Refused::Replied));
        given.reply(&id, reply(Some("After all."), false)).expect("said");
        assert_eq!(given.reply(&id, reply(Some("Again."), false)), Err(Refused::Replied));
        let other = "asked-9".parse().expect("slug");
        assert_eq!(given.reply(&other, reply(None, false)), Err(Refused::NothingAsked { asked: other }));
    }
}
