//! The list of a call's questions: any order, and only those that matter to somebody.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, Draft, Question};
use jiff::Timestamp;

use crate::error::Outcome;
use crate::frame::{Frame, Section, private};
use crate::locale::Said;
use crate::page::draft::Writing;
use crate::visit::Visit;

/// More questions than this are offered as a list, and not one after the other.
pub(super) const MANY: usize = 10;

#[derive(Template)]
#[template(path = "questions.html")]
pub(crate) struct QuestionsPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) sections: Vec<Part<'a>>,
    pub(super) answered: i64,
    pub(super) of: i64,
    /// Whom somebody answers for, if they help.
    pub(super) helping: bool,
    pub(super) base: String,
    pub(super) until: Timestamp,
}

/// Questions under a heading.
pub(crate) struct Part<'a> {
    /// The heading; none for what stands before the first.
    pub heading: Option<Said<'a>>,
    pub tasks: Vec<Task<'a>>,
}

/// A question, and whether it has been answered.
pub(crate) struct Task<'a> {
    pub question: &'a Question,
    pub title: Said<'a>,
    pub answered: bool,
}

/// `GET /r/{review}/calls/{call}/questions`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    private(StatusCode::OK, &page(visit.frame(Some(&writing.review)), writing.call()?, &writing.draft))
}

pub(super) fn page<'a>(frame: Frame<'a>, call: &'a Call, draft: &Draft) -> QuestionsPage<'a> {
    let titles = [frame.t("questions-heading"), frame.say(&call.title).text];
    let answers = &draft.content.answers;
    let asked = call.asked(answers);
    let answered = asked.iter().filter(|question| answers.contains_key(&question.id)).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let of = count(asked.len());
    let mut sections: Vec<Part<'a>> = Vec::new();
    for question in asked {
        if sections.is_empty() || question.section.is_some() {
            sections.push(Part { heading: question.section.as_ref().map(|text| frame.say(text)), tasks: vec![] });
        }
        let task =
            Task { question, title: frame.locale.say(&question.title), answered: answers.contains_key(&question.id) };
        sections.last_mut().into_iter().for_each(|section| section.tasks.push(Task { ..task }));
    }
    QuestionsPage {
        base: format!("{}/calls/{}", frame.base, call.id),
        helping: draft.content.helper.is_some(),
        frame: frame.titled(&titles, Section::Give),
        call,
        sections,
        answered: count(answered),
        of,
        until: draft.expires_at,
    }
}
