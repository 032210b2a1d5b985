//! Beginning a draft, finding it again, and deleting it.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::{Call, Draft, DraftPart, Form};
use service::{CurrentReview, Writer};

use crate::error::{Failure, Outcome};
use crate::form::{OpenForm, SessionForm};
use crate::frame::{Frame, Section, private};
use crate::page::questions::MANY;
use crate::visit::Visit;

/// A page that asks whether something that cannot be undone shall be done.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(crate) struct ConfirmPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) heading: &'a str,
    pub(super) text: &'a str,
    pub(super) button: &'a str,
    /// Where the form goes.
    pub(super) action: String,
    /// Where somebody goes who would rather not.
    pub(super) cancel: String,
}

/// `POST /r/{review}/calls/{call}/start`
pub(crate) async fn start(visit: Visit, Path((review, call)): Path<(String, String)>, form: OpenForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let base = visit.locale.link(&format!("/r/{}/calls/{}", review.slug, call.id));
    let session = visit.session.as_ref();
    match visit.app.service.start_draft(&review, call, session, visit.written_in(&review), None).await {
        Ok((secret, draft)) => {
            if let Some(easy) = form.0.get("easy") {
                let part = DraftPart::Easy(easy == "yes");
                let language = visit.written_in(&review);
                visit.app.service.save_draft(&review, call, (&secret).into(), language, part, None).await?;
            }
            let answers = &draft.content.answers;
            let open = call.asked(answers).into_iter().find(|question| !answers.contains_key(&question.id));
            let begun = !draft.content.answers.is_empty() || draft.content.release.is_some();
            let next = match open {
                Some(_) if call.form == Form::Questions && call.asked(answers).len() > MANY => {
                    format!("{base}/questions")
                }
                Some(question) => format!("{base}/answer/{}", question.id),
                None if begun => format!("{base}/check"),
                None => format!("{base}/who"),
            };
            visit.go_on(&next, &secret)
        }
        // The page of the call says when it opens, or that it has closed.
        Err(service::Error::NotOpen(_)) => Ok(Redirect::to(&base).into_response()),
        Err(other) => Err(other.into()),
    }
}

/// `GET /r/{review}/calls/{call}/delete`
pub(crate) async fn ask_delete(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let frame = visit.frame(Some(&writing.review));
    let base = frame.base.clone();
    let call = writing.call()?;
    let heading = frame.t("delete-draft-heading");
    let call_title = frame.say(&call.title).text;
    private(
        StatusCode::OK,
        &ConfirmPage {
            heading,
            text: frame.t("delete-draft-text"),
            button: frame.t("delete-draft-button"),
            action: format!("{base}/calls/{}/delete", call.id),
            cancel: format!("{base}/calls/{}", call.id),
            frame: frame
                .writing(&writing.draft, &DraftPart::Also(vec![]))
                .titled(&[heading, call_title], Section::Give),
        },
    )
}

/// `POST /r/{review}/calls/{call}/delete`
pub(crate) async fn delete(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    visit.app.service.delete_draft(&review, call, form.writer()?).await?;
    Ok(Redirect::to(&visit.locale.link(&format!("/r/{}/calls/{}", review.slug, call.id))).into_response())
}

/// A draft with what it belongs to.
pub(crate) struct Writing {
    /// The review.
    pub review: Arc<CurrentReview>,
    /// What was saved so far.
    pub draft: Draft,
    call: String,
}

impl Writing {
    /// The draft that this visitor has begun.
    ///
    /// # Errors
    /// [`Failure::NoDraft`] if there is none.
    pub async fn open(visit: &Visit, Path((review, call)): Path<(String, String)>) -> Result<Self, Failure> {
        let review = visit.review(&review).await?;
        let session = visit.session.as_ref().ok_or(Failure::NoDraft)?;
        Self::of(visit, review, &call, session.into()).await
    }

    /// The draft of that writer to that call.
    pub async fn of(
        visit: &Visit,
        review: Arc<CurrentReview>,
        call: &str,
        writer: Writer<'_>,
    ) -> Result<Self, Failure> {
        let definition = review.call(call).ok_or(Failure::NotFound)?;
        let draft = visit.app.service.draft(&review, definition, writer).await?;
        Ok(Self { review, draft, call: call.to_owned() })
    }

    /// The call.
    pub fn call(&self) -> Result<&Call, Failure> {
        self.review.call(&self.call).ok_or(Failure::NotFound)
    }
}
