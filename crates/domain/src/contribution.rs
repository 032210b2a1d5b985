//! A contribution: whatever a person or body gave, and what may happen to it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Example, Verdict};
use crate::asked::{Asked, REPLY};
use crate::call::Form;
use crate::event::Happened;
use crate::file::{self, GivenFile};
use crate::helping::Helper;
use crate::id::{ContributionId, FileId, Reference, Slug};
use crate::language::Language;
use crate::release::{Redaction, Release};
use crate::respondent::Respondent;
use crate::text::{Line, first_words};

crate::words! {
    /// How a contribution came.
    Channel {
        /// The pages of the review.
        Web = "web",
        /// A message.
        Email = "email",
        /// A form or letter.
        Paper = "paper",
        /// Told over the telephone.
        Telephone = "telephone",
        /// Said or written at an event.
        Event = "event",
        /// Brought over from another system.
        Import = "import",
        /// Sent by another program.
        Api = "api",
    }
}

crate::words! {
    /// Where a contribution stands.
    State {
        /// Counted, and waiting to be read.
        Received = "received",
        /// Open to everybody.
        Published = "published",
        /// Set aside by the team as sent by a machine: kept as it came, and neither counted nor shown.
        SetAside = "set-aside",
        /// Withdrawn by whoever gave it: nothing of what they wrote is kept.
        Withdrawn = "withdrawn",
    }
}

/// A contribution as it was given. It is not for showing: see [`crate::publishable`].
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Inner id.
    pub id: ContributionId,
    /// Public name.
    pub reference: Reference,
    /// The call that it answers.
    pub call: Slug,
    /// The version of the review's definition that its author was shown.
    pub version: i64,
    /// How it came.
    pub channel: Channel,
    /// What may be done with it.
    pub release: Release,
    /// Where it stands.
    pub state: State,
    /// Whether it came after the call had closed.
    pub late: bool,
    /// The language of what was written, as far as it is known.
    pub language: Language,
    /// Who speaks, what they said, and what was struck out of it.
    pub content: Content,
    /// Its name in the system that it was brought over from.
    pub source: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}

/// How a contribution begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// Its first words; empty if nothing was said in words.
    pub heading: String,
    /// What the text goes on to say, shortened.
    pub excerpt: String,
}

/// The most code points of a heading.
const HEADING: usize = 90;
/// The most code points of an excerpt.
const EXCERPT: usize = 150;

/// A text cut at a word to at most `most` code points, with an ellipsis where something was cut off.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.into();
    };
    let at = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..at].trim_end_matches([',', ';', ':', '.', ' '])).into()
}

/// What a contribution says. Stored whole, as one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// How the call asked for it.
    #[serde(default, skip_serializing_if = "Form::is_usual")]
    pub form: Form,
    /// Who speaks.
    #[serde(default)]
    pub respondent: Respondent,
    /// What they said, by question.
    #[serde(default)]
    pub answers: BTreeMap<Slug, Answer>,
    /// Who helped to give it, if somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper: Option<Helper>,
    /// Which other calls it speaks to as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Slug>,
    /// What the team asked afterwards, and what came back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// What is struck out before anybody else reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redactions: Vec<Redaction>,
}

/// Why something cannot be done to a contribution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has been withdrawn.
    #[error("it has been withdrawn")]
    Withdrawn,
    /// It has been set aside.
    #[error("it has been set aside")]
    SetAside,
    /// It has not been set aside.
    #[error("it has not been set aside")]
    NotSetAside,
    /// Its author did not allow it to be shown.
    #[error("its author allows it to be used, but not to be shown")]
    UseOnly,
    /// It is published already.
    #[error("it is published already")]
    AlreadyPublished,
    /// It is not published.
    #[error("it is not published; publish it first")]
    NotPublished,
    /// None of its files was held back.
    #[error("no file of it was held back when it was published")]
    NothingHeldBack,
    /// It has that release level already.
    #[error("it has that release level already")]
    SameRelease,
    /// The team has put no such question, or nothing was answered to it.
    #[error("there is no answer to `{asked}`, or no such question")]
    NothingAsked {
        /// The question from the team.
        asked: Slug,
    },
    /// The question has been answered already.
    #[error("that question has been answered already")]
    Replied,
    /// Whoever answered the team's question did not allow that to be shown.
    #[error("whoever answered did not allow the answer to be shown")]
    ReplyNotForShowing,
    /// The passage to be redacted is not there.
    #[error("the passage does not stand in the answer to `{question}`")]
    NoSuchPassage {
        /// The question.
        question: Slug,
    },
    /// The file to be struck out is not there.
    #[error("the answer to `{question}` has no such file: give its name, or its number from 1")]
    NoSuchFile {
        /// The question.
        question: Slug,
    },
    /// Several files have that name.
    #[error("{times} files of the answer to `{question}` have that name: give the number of one, from 1")]
    AmbiguousFile {
        /// The question.
        question: Slug,
        /// How many.
        times: usize,
    },
    /// The passage stands there several times.
    #[error("the passage stands {times} times in the answer to `{question}`: give more of its surroundings")]
    AmbiguousPassage {
        /// The question.
        question: Slug,
        /// How often.
        times: usize,
    },
}

impl Contribution {
    /// Opens it to everybody.
    pub fn publish(&mut self, now: Timestamp) -> Result<Happened, Refused> {
        match (self.state, self.release) {
            (State::Withdrawn, _) => Err(Refused::Withdrawn),
            (State::SetAside, _) => Err(Refused::SetAside),
            (State::Published, _) => Err(Refused::AlreadyPublished),
            (State::Received, Release::UseOnly) => Err(Refused::UseOnly),
            (State::Received, _) => {
                self.state = State::Published;
                self.published_at = Some(now);
                Ok(Happened::Published { call: self.call.clone() })
            }
        }
    }

    /// Sets it aside as sent by a machine. Nothing of it is lost.
    pub fn set_aside(&mut self) -> Result<Happened, Refused> {
        match self.state {
            State::Withdrawn => Err(Refused::Withdrawn),
            State::SetAside => Err(Refused::SetAside),
            was @ (State::Received | State::Published) => {
                self.state = State::SetAside;
                self.published_at = None;
                Ok(Happened::SetAside { call: self.call.clone(), was })
            }
        }
    }

    /// Takes it in again after it was set aside: it waits to be read, as if it had just come.
    pub fn take_in(&mut self) -> Result<Happened, Refused> {
        if self.state != State::SetAside {
            return Err(Refused::NotSetAside);
        }
        self.state = State::Received;
        Ok(Happened::TakenIn { call: self.call.clone() })
    }

    /// Takes it back for its author: all that they wrote is erased here and now.
    pub fn withdraw(&mut self) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        let happened = Happened::Withdrawn { call: self.call.clone(), was: self.state };
        self.state = State::Withdrawn;
        self.published_at = None;
        self.content = Content::default();
        self.source = None;
        Ok(happened)
    }

    /// Changes what may be done with it. What is published and may no longer be shown is closed again at once.
    pub fn change_release(&mut self, to: Release) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        if self.release == to {
            return Err(Refused::SameRelease);
        }
        let from = std::mem::replace(&mut self.release, to);
        let closed = to == Release::UseOnly && self.state == State::Published;
        if closed {
            self.state = State::Received;
            self.published_at = None;
        }
        Ok(Happened::ReleaseChanged { call: self.call.clone(), from, to, closed })
    }

    /// Strikes out `passage`, which must stand exactly once in the answer to `question`, which may be one from the team.
    pub fn redact(
        &mut self,
        question: &Slug,
        passage: &str,
        reason: Line,
        now: Timestamp,
    ) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        let missing = || Refused::NoSuchPassage { question: question.clone() };
        let words = if let Some(answer) = self.content.answers.get(question) {
            answer.own_words()
        } else {
            let reply = self.asked(question).and_then(Asked::text_of_reply);
            reply.map(|text| (Cow::Borrowed(REPLY), text)).into_iter().collect()
        };
        let found: Vec<(&Cow<'static, str>, usize)> = words
            .iter()
            .flat_map(|(field, text)| {
                text.match_indices(passage).map(move |(at, _)| (field, text[..at].chars().count()))
            })
            .collect();
        let (field, start) = match found.as_slice() {
            _ if passage.trim().is_empty() => return Err(missing()),
            [] => return Err(missing()),
            [one] => *one,
            many => {
                return Err(Refused::AmbiguousPassage { question: question.clone(), times: many.len() });
            }
        };
        self.content.redactions.push(Redaction {
            question: question.clone(),
            field: field.to_string(),
            start,
            end: start + passage.chars().count(),
            reason: reason.clone(),
            at: now,
        });
        Ok(Happened::Redacted { call: self.call.clone(), question: question.clone(), reason })
    }

    /// Strikes out a whole file of the answer to `question`: by its name, or by its number from 1 where several have that.
    pub fn redact_file(
        &mut self,
        question: &Slug,
        file: &str,
        reason: Line,
        now: Timestamp,
    ) -> Result<Happened, Refused> {
        if self.state == State::Withdrawn {
            return Err(Refused::Withdrawn);
        }
        let files = self.content.answers.get(question).map(Answer::files).unwrap_or_default();
        let numbered = || files.get(file.parse::<usize>().ok()?.checked_sub(1)?);
        let named: Vec<&GivenFile> = files.iter().filter(|given| given.name == file).collect();
        let found = match named.as_slice() {
            [one] => *one,
            [] => numbered().ok_or_else(|| Refused::NoSuchFile { question: question.clone() })?,
            many => return Err(Refused::AmbiguousFile { question: question.clone(), times: many.len() }),
        };
        let redaction = whole_file(question, found, reason.clone(), now);
        self.content.redactions.push(redaction);
        Ok(Happened::Redacted { call: self.call.clone(), question: question.clone(), reason })
    }

    /// Opens it to everybody without its files.
    pub fn publish_without_files(&mut self, reason: &Line, now: Timestamp) -> Result<Happened, Refused> {
        let happened = self.publish(now)?;
        let files = file::files(&self.content.answers);
        let struck: Vec<Redaction> =
            files.map(|(question, file)| whole_file(question, file, reason.clone(), now)).collect();
        self.content.redactions.extend(struck);
        Ok(happened)
    }

    /// Opens the files that were held back when it was published at one of these moments. What was struck out by itself stays so.
    pub fn publish_files(&mut self, published: &[Timestamp]) -> Result<Happened, Refused> {
        if self.state != State::Published {
            return Err(Refused::NotPublished);
        }
        let at = |moment: &Timestamp| moment.as_microsecond();
        let held_back = |redaction: &Redaction| {
            redaction.is_whole_file() && published.iter().any(|moment| at(moment) == at(&redaction.at))
        };
        let before = self.content.redactions.len();
        self.content.redactions.retain(|redaction| !held_back(redaction));
        if self.content.redactions.len() == before {
            return Err(Refused::NothingHeldBack);
        }
        Ok(Happened::FilesPublished { call: self.call.clone() })
    }

    /// What its author gave, and nothing that was done with it since, in one line of JSON: what the register commits to. It must stay
    /// the same, byte for byte, for as long as anybody may want to verify it.
    ///
    /// # Errors
    /// None in practice: everything in it has a place in JSON.
    pub fn as_given(&self) -> serde_json::Result<String> {
        let content = Content { asked: Vec::new(), redactions: Vec::new(), ..self.content.clone() };
        let (reference, call, language) = (self.reference.as_str(), &self.call, &self.language);
        serde_json::to_string(&AsGiven { reference, call, language, content })
    }

    /// Its file of that id.
    pub fn file(&self, id: FileId) -> Option<&GivenFile> {
        file::files(&self.content.answers).map(|(_, file)| file).find(|file| file.id == id)
    }

    /// The verdict of its first example, if it has one.
    pub fn verdict(&self) -> Option<Verdict> {
        self.examples().next().map(|example| example.verdict)
    }

    /// Its examples, by question.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        self.examples_by_question().map(|(_, example)| example)
    }

    /// Its examples, each with the question that it answers.
    pub fn examples_by_question(&self) -> impl Iterator<Item = (&Slug, &Example)> {
        self.content.answers.iter().filter_map(|(question, answer)| match answer {
            Answer::Example(example) => Some((question, example)),
            _ => None,
        })
    }

    /// Everything said in the author's own words, examples first, then the longest answer first, files last.
    pub fn own_words(&self) -> Vec<&str> {
        let is_example = |answer: &&Answer| matches!(answer, Answer::Example(_));
        let mut rest: Vec<(bool, &str)> = Vec::new();
        for answer in self.content.answers.values().filter(|answer| !is_example(answer)) {
            let files = !answer.files().is_empty();
            rest.extend(answer.own_words().iter().map(|(_, text)| (files, *text)));
        }
        rest.sort_by_key(|(files, text)| (*files, std::cmp::Reverse(text.len())));
        let rest = rest.into_iter().map(|(_, text)| text);
        self.examples().map(|example| example.happened.as_str()).chain(rest).collect()
    }

    /// How it begins: what a list shows of it.
    pub fn opening(&self) -> Opening {
        let mut texts = self.own_words().into_iter().map(str::trim).filter(|text| !text.is_empty());
        let text = texts.next().unwrap_or_default();
        let heading = first_words(text, HEADING);
        let rest = text.strip_prefix(heading.trim_end_matches('…')).unwrap_or_default();
        let rest = rest.trim_start_matches(['.', ',', ';', ':', '?', '!', ' ', '\n']);
        // Where the heading says all of it, the next answer has something to say.
        let rest = if rest.is_empty() { texts.next().unwrap_or_default() } else { rest };
        // Twice as much as is shown is enough to find the last whole word in, however long the text is.
        let near = rest.char_indices().nth(2 * EXCERPT).map_or(rest, |(end, _)| &rest[..end]);
        let flat = near.split_whitespace().collect::<Vec<_>>().join(" ");
        let before = if heading.ends_with('…') && !flat.is_empty() { "…" } else { "" };
        Opening { excerpt: format!("{before}{}", shortened(&flat, EXCERPT)), heading }
    }
}

#[derive(Serialize)]
struct AsGiven<'a> {
    reference: &'a str,
    call: &'a Slug,
    language: &'a Language,
    content: Content,
}

fn whole_file(question: &Slug, file: &GivenFile, reason: Line, at: Timestamp) -> Redaction {
    Redaction { question: question.clone(), field: file.whole(), start: 0, end: 0, reason, at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_written_so_for_ever() -> Result<(), Box<dyn std::error::Error>> {
        // Receipts are verified against it for years: whatever changes here makes them fail.
        let mut content = Content::default();
        content.respondent.name = Some("Ada Tully".parse()?);
        content.answers.insert("what".parse()?, Answer::Text("No.\nNever “again”.".to_owned()));
        let mut given = Contribution {
            id: ContributionId(uuid::Uuid::nil()),
            reference: "DGR-234-5678".parse()?,
            call: "access".parse()?,
            version: 1,
            channel: Channel::Web,
            release: Release::Public,
            state: State::Received,
            late: false,
            language: "en".parse()?,
            content,
            source: None,
            received_at: Timestamp::UNIX_EPOCH,
            published_at: None,
        };
        let written = given.as_given()?;
        let expected = concat!(
            r#"{"reference":"DGR-234-5678","call":"access","language":"en","content":{"respondent":{"name":"Ada Tully"},"#,
            r#""answers":{"what":{"text":"No.\nNever “again”."}}}}"#
        );
        assert_eq!(written, expected);
        // What is done with it afterwards changes nothing of that.
        given.publish(Timestamp::UNIX_EPOCH)?;
        given.redact(&"what".parse()?, "Never", "a name".parse()?, Timestamp::UNIX_EPOCH)?;
        assert_eq!(given.as_given()?, written);
        Ok(())
    }

    #[test]
    fn an_excerpt_ends_at_a_word() {
        let long = "word ".repeat(100);
        let short = shortened(long.trim(), EXCERPT);
        assert!(short.ends_with("word…") && short.chars().count() <= EXCERPT + 1, "{short}");
        assert_eq!(shortened("short", EXCERPT), "short");
    }
}
