//! A few questions about people themselves, after everything else: optional, kept apart, and only counted.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, DraftPart, Fields, Kind, Question, YesNoUnsure};

use crate::error::{Failure, Outcome};
use crate::frame::{Frame, Section, private};
use crate::locale::Lang;
use crate::page::draft::Writing;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "about-you.html")]
pub(crate) struct AboutYouPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) questions: &'a [Question],
    pub(super) fields: Fields,
    /// Whether something was given that no page offers.
    pub(super) mistaken: bool,
    /// Whether they are about a person whom somebody helps.
    pub(super) helping: bool,
    pub(super) base: String,
}

impl AboutYouPage<'_> {
    fn has(&self, question: &Question, value: &str) -> bool {
        self.fields.has(question.id.as_str(), value)
    }

    /// What can be chosen, with what people read and the language that it is in.
    fn options<'b>(&'b self, question: &'b Question) -> Vec<(&'b str, &'b str, Lang<'b>)> {
        if question.options.is_empty() {
            let word = |word: &YesNoUnsure| {
                (word.as_str(), self.frame.locale.word("yes-no-unsure", word.as_str()), Lang::default())
            };
            return YesNoUnsure::ALL.iter().map(word).collect();
        }
        let option = |option: &'b domain::question::Choosable| {
            let said = self.frame.say(&option.label);
            (option.id.as_str(), said.text, said.lang)
        };
        question.options.iter().map(option).collect()
    }
}

/// `GET /r/{review}/calls/{call}/about-you`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    if writing.review.about_you_question.is_empty() {
        return Err(Failure::NotFound);
    }
    let frame = visit.frame(Some(&writing.review));
    private(StatusCode::OK, &page(frame, writing.call()?, &writing, Fields::default(), false))
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    call: &'a Call,
    writing: &'a Writing,
    fields: Fields,
    mistaken: bool,
) -> AboutYouPage<'a> {
    let helping = writing.draft.content.helper.is_some();
    let titles = [frame.t("about-you"), frame.say(&call.title).text];
    frame.form = true;
    frame.error = mistaken;
    AboutYouPage {
        base: format!("{}/calls/{}", frame.base, call.id),
        frame: frame.writing(&writing.draft, &DraftPart::Also(vec![])).titled(&titles, Section::Give),
        call,
        questions: &writing.review.about_you_question,
        fields,
        mistaken,
        helping,
    }
}
