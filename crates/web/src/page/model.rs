//! A model: an example that is held up for others, and the bodies that will take it up.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::take_up::{SENTENCE, Said, SaidError};
use domain::text::TextError;
use domain::{Fields, Reference, Slug, TakeUpId};
use service::CurrentReview;
use service::take_up::Model;

use crate::error::{Failure, Outcome};
use crate::form::OpenForm;
use crate::frame::{Frame, Section, private};
use crate::locale::Locale;
use crate::page::contribution::hidden;
use crate::page::mistake::{Mistake, at, of_line};
use crate::passage::{self, Read};
use crate::shown::named::{About, Calling};
use crate::shown::{self, Shown};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "model.html")]
pub(crate) struct ModelPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) contribution: Shown<'a>,
    /// What it is about.
    pub(super) about: About<'a>,
    pub(super) verdict: (&'static str, &'static str),
    pub(super) who: Vec<String>,
    /// The answer that it is.
    pub(super) answers: Vec<Read<'a>>,
    pub(super) taken_up: &'a [service::take_up::Shown],
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    /// What the form calls itself, so that it counts once.
    pub(super) once: TakeUpId,
    pub(super) action: String,
    /// Whether somebody has just said so.
    pub(super) said: bool,
}

impl ModelPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    /// The fields that take a line: name, what a browser may fill in.
    #[expect(clippy::unused_self, reason = "templates reach functions through the page")]
    fn lines(&self) -> [(&'static str, &'static str); 2] {
        [("body", "organization"), ("contact", "email")]
    }

    #[expect(clippy::unused_self, reason = "templates reach functions through the page")]
    fn longest(&self) -> i64 {
        i64::try_from(SENTENCE).unwrap_or(i64::MAX)
    }
}

/// `GET /r/{review}/models/{reference}/{question}`
pub(crate) async fn show(visit: Visit, Path((review, reference, question)): Path<(String, String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let model = find(&visit, &review, &reference, &question).await?;
    let said = visit.asked().get("said").is_some();
    let once = visit.app.service.take_up_id(None);
    let page = page(visit.frame(Some(&review)), &review, &model, Fields::default(), vec![], once);
    private(StatusCode::OK, &ModelPage { said, ..page.ok_or(Failure::NotFound)? })
}

/// `POST /r/{review}/models/{reference}/{question}`
pub(crate) async fn say(
    visit: Visit,
    Path((review, reference, question)): Path<(String, String, String)>,
    OpenForm(fields): OpenForm,
) -> Outcome {
    let review = visit.review(&review).await?;
    let model = find(&visit, &review, &reference, &question).await?;
    let once = visit.app.service.take_up_id(fields.get("once"));
    let switch = fields.get("switch").is_some();
    let locale = visit.locale.changed(fields.get("switch"));
    let again = |fields, mistakes, status| -> Result<Response, Failure> {
        let page = page(visit.frame_in(locale, Some(&review)), &review, &model, fields, mistakes, once);
        private(status, &page.ok_or(Failure::NotFound)?)
    };
    if switch {
        return again(fields, vec![], StatusCode::OK);
    }
    match Said::read(&fields, visit.written_in(&review)) {
        Ok(said) => {
            visit.app.service.say_take_up(&review, &model, once, said).await?;
            let here = format!("{}?said=yes#said", address(&review, &model));
            Ok(Redirect::to(&locale.link(&here)).into_response())
        }
        Err(errors) => {
            let mistakes = errors.iter().map(|error| mistake(locale, error)).collect();
            again(fields, mistakes, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn find(visit: &Visit, review: &CurrentReview, reference: &str, question: &str) -> Result<Model, Failure> {
    let reference: Reference = reference.parse().map_err(|_| Failure::NotFound)?;
    let question: Slug = question.parse().map_err(|_| Failure::NotFound)?;
    Ok(visit.app.service.model(review, &reference, &question).await?)
}

fn address(review: &CurrentReview, model: &Model) -> String {
    format!("/r/{}/models/{}/{}", review.slug, model.contribution.reference, model.question)
}

pub(super) fn mistake(locale: Locale, error: &SaidError) -> Mistake {
    match (error.field, &error.error) {
        ("body", TextError::Empty) => Mistake { field: "body", message: locale.t("mistake-body").to_owned() },
        ("contact", TextError::Empty) => Mistake { field: "contact", message: locale.t("mistake-contact").to_owned() },
        (field, wrong) => of_line(locale, field, wrong),
    }
}

pub(super) fn page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    model: &'a Model,
    fields: Fields,
    mistakes: Vec<Mistake>,
    once: TakeUpId,
) -> Option<ModelPage<'a>> {
    let locale = frame.locale;
    let (contribution, example) = (Shown::new(&model.contribution), model.example()?);
    let call = review.call(contribution.call.as_str());
    let mut answers = passage::answers(locale, call, contribution, &|_| vec![]);
    answers.retain(|read| read.id == passage::id(&model.question));
    let mut frame = hidden(frame, review, [contribution.contribution()]);
    frame.form = true;
    frame.error = !mistakes.is_empty();
    let author = &contribution.contribution().language;
    let about = Calling { locale, lists: &review.lists, author }.about(example);
    let name = about.service.as_ref().map_or_else(|| frame.t("gallery-no-service"), |service| service.text);
    let reference = contribution.contribution().reference.as_str();
    Some(ModelPage {
        verdict: shown::verdict(locale, example.verdict),
        who: contribution.who(locale),
        action: locale.link(&address(review, model)),
        frame: {
            let title = frame.with("model-title", "service", name);
            frame.titled(&[&title, reference], Section::Read)
        },
        taken_up: &model.taken_up,
        said: false,
        contribution,
        about,
        answers,
        fields,
        mistakes,
        once,
    })
}
