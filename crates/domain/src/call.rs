//! A call for evidence: a proposition, its background and its questions, open between two days.

use serde::{Deserialize, Serialize};

use crate::id::Slug;
use crate::language::Localised;
use crate::question::{Kind, Question};
use crate::respondent::RespondentKind;
use crate::time::{Day, Zone};

crate::words! {
    /// How a call asks.
    #[derive(Default)]
    Form {
        /// Question by question.
        #[default]
        Questions = "questions",
        /// A story first, in one's own words; then a few questions about it.
        Story = "story",
    }
}

impl Form {
    /// Whether it is the form of calls that say nothing of it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

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
    /// How it asks.
    #[serde(default, skip_serializing_if = "Form::is_usual")]
    pub form: Form,
    /// Whether nobody should see that somebody answers it: its pages then have a way out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// How long it takes to answer everything, in minutes, if the team knows better than [`Call::about_minutes`] would.
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

    /// How long it takes to answer everything, in minutes: what the team says, or else reckoned from what is asked.
    pub fn about_minutes(&self) -> i64 {
        // Who speaks, what may be done with it, and a last look.
        const AROUND: i64 = 120;
        let reckoned = || (AROUND + self.questions.iter().map(seconds).sum::<i64>() + 59) / 60;
        self.minutes.map_or_else(reckoned, i64::from)
    }

    /// Whether it must say anything at all: some question must be answered.
    pub fn insists(&self) -> bool {
        self.questions.iter().any(|question| question.required)
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

/// How many seconds somebody who types slowly needs for a question, with reading it.
fn seconds(question: &Question) -> i64 {
    let rows = |list: usize, each: i64| i64::try_from(list).unwrap_or(0).saturating_mul(each);
    match question.kind {
        Kind::LongText | Kind::Example | Kind::File => 240,
        Kind::ShortText => 45,
        Kind::Ranking => 20 + rows(question.options.len(), 6),
        Kind::Grid => 15 + rows(question.rows.len(), 8),
        Kind::Choices | Kind::Place | Kind::Service | Kind::Date => 30,
        Kind::Number | Kind::Choice | Kind::YesNoUnsure | Kind::Scale => 20,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(more: &str) -> Call {
        let text = format!(
            r#"{{"id":"c","title":"T","proposition":"P","audiences":["individual"],"opens":"2026-01-01",
            "closes":"2026-02-01",{more}"question":[{{"id":"a","kind":"long-text","title":"A"}},
            {{"id":"b","kind":"scale","title":"B"}}]}}"#
        );
        serde_json::from_str(&text).expect("a call")
    }

    #[test]
    fn time_is_reckoned_from_the_questions_unless_the_team_says() {
        assert_eq!((call("").about_minutes(), call(r#""minutes":25,"#).about_minutes()), (7, 25));
    }

    #[test]
    fn a_call_asks_question_by_question_unless_it_says_otherwise() {
        assert_eq!((call("").form, call(r#""form":"story","#).form), (Form::Questions, Form::Story));
        assert!(!serde_json::to_string(&call("")).expect("JSON").contains("form"));
    }
}
