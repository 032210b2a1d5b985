//! Answering a question from the team, on the receipt.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::text::TextError;
use domain::{Asked, Fields, Refused, Release, Reply, Slug, asked};
use service::ReceiptView;

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::{Frame, private};
use crate::locale::Lang;
use crate::page::mistake::{Mistake, of_line};
use crate::page::receipt::{Typed, of, receipt_page, view};
use crate::visit::Visit;

/// A question from the team with its form.
pub(crate) struct Asking<'a> {
    /// Which.
    pub id: &'a Slug,
    /// The question.
    pub text: &'a str,
    /// Its language.
    pub lang: Lang<'a>,
    /// By when an answer would help most.
    pub by: Option<String>,
    /// What its author allowed to be done with the contribution, if any of it may be shown.
    pub publish: Option<String>,
}

/// The question that stands on the receipt with its form: the one that was asked for, or else the oldest without an answer.
pub(super) fn asking<'a>(frame: &Frame<'_>, view: &'a ReceiptView, wanted: Option<&str>) -> Option<Asking<'a>> {
    let all = &view.contribution.content.asked;
    let wanted = wanted.and_then(|id| all.iter().find(|asked| asked.id.as_str() == id && asked.is_open()));
    let Asked { id, text, language, by, .. } = wanted.or_else(|| all.iter().find(|asked| asked.reply.is_none()))?;
    let release = view.contribution.release;
    let shown = frame.locale.word("release", release.as_str());
    Some(Asking {
        id,
        text,
        lang: frame.locale.lang(language),
        by: by.map(|by| frame.with("asked-by", "date", frame.day(&by))),
        publish: (release != Release::UseOnly).then(|| frame.with("asked-publish-hint", "release", shown)),
    })
}

/// `POST /r/{review}/receipt/reply`
pub(crate) async fn send(visit: Visit, Path(review): Path<String>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let session = form.session.as_ref().ok_or(Failure::NoReceipt)?;
    let asked: Slug = form.fields.raw("asked").parse().map_err(|_| Failure::NotFound)?;
    if form.fields.get("switch").is_some() {
        let locale = visit.locale.changed(form.fields.get("switch"));
        let view = view(&visit, &review).await?;
        let typed = Typed { fields: form.fields, mistakes: vec![] };
        let page = receipt_page(visit.frame_in(locale, Some(&review)), &review, &view, Some(asked.as_str()), typed);
        return private(StatusCode::OK, &page);
    }
    let text = match said(&form.fields) {
        Ok(text) => text,
        Err(error) => {
            let view = view(&visit, &review).await?;
            let typed = Typed { mistakes: vec![wrong(&visit, &error)], fields: form.fields };
            let page = receipt_page(visit.frame(Some(&review)), &review, &view, Some(asked.as_str()), typed);
            return private(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let reply = Reply {
        publish: text.is_some() && form.fields.get("publish").is_some(),
        text,
        language: visit.written_in(&review).clone(),
        at: visit.app.service.now(),
        shown_at: None,
    };
    match visit.app.service.reply(&review, session, of(&visit).as_ref(), &asked, reply).await {
        // The receipt says what is so: that it was answered already, or that all was withdrawn.
        Ok(()) | Err(service::Error::Refused(Refused::Replied | Refused::Withdrawn)) => {
            let of = of(&visit).map(|reference| format!("?of={reference}")).unwrap_or_default();
            let to = format!("/r/{}/receipt{of}#happened", review.slug);
            Ok(Redirect::to(&visit.locale.link(&to)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// What was said; nothing if somebody would rather not.
fn said(fields: &Fields) -> Result<Option<String>, TextError> {
    if fields.get("decline").is_some() { Ok(None) } else { asked::read(fields.raw("reply")).map(Some) }
}

fn wrong(visit: &Visit, error: &TextError) -> Mistake {
    match error {
        TextError::Empty => Mistake { field: "reply", message: visit.locale.t("asked-missing").to_owned() },
        other => of_line(visit.locale, "reply", other),
    }
}
