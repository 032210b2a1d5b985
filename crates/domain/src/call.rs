//! A call for evidence: a proposition, its background and its questions, open between two days.

use serde::{Deserialize, Serialize};

use crate::id::Slug;
use crate::language::Localised;
use crate::question::Question;
use crate::respondent::RespondentKind;
use crate::time::{Day, Zone};

/// A call for evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Its name within the review, and in addresses.
    pub id: Slug,
    /// Its title.
    pub title: Localised,
    /// What the review holds to be so, and wants to test.
    pub proposition: Localised,
    /// What one should know before answering; Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Localised>,
    /// Whom it is addressed to. Nobody is turned away; the first stands first in the form.
    pub audiences: Vec<RespondentKind>,
    /// The first day on which evidence is taken.
    pub opens: Day,
    /// The last day on which evidence is taken.
    pub closes: Day,
    /// The last day on which evidence is still taken, and marked late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_until: Option<Day>,
    /// How long it takes to answer everything, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// What is asked, in this order.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// Where a call stands at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStatus {
    /// It has not opened.
    Coming,
    /// It takes evidence.
    Open,
    /// It has closed, and still takes evidence, which is marked late.
    Late,
    /// It takes no more evidence.
    Closed,
}

impl CallStatus {
    /// Whether evidence is taken.
    pub const fn takes_evidence(self) -> bool {
        matches!(self, Self::Open | Self::Late)
    }
}

impl Call {
    /// Where the call stands at `now`.
    pub fn status(&self, now: jiff::Timestamp, zone: &Zone) -> CallStatus {
        if now < self.opens.begins(zone) {
            CallStatus::Coming
        } else if now < self.closes.ends(zone) {
            CallStatus::Open
        } else if self.late_until.is_some_and(|day| now < day.ends(zone)) {
            CallStatus::Late
        } else {
            CallStatus::Closed
        }
    }

    /// Whether any of its questions can be read in easy words.
    pub fn has_easy(&self) -> bool {
        self.questions.iter().any(|question| question.easy.is_some())
    }

    /// The question of that name, with its place counted from zero.
    pub fn question(&self, id: &str) -> Option<(usize, &Question)> {
        self.questions.iter().enumerate().find(|(_, question)| question.id.as_str() == id)
    }
}
