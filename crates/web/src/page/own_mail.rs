//! Sending the eight words, or a copy of what was given, to oneself: one message, after which the address is gone.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::{DraftPart, EmailAddress, Fields};
use service::own_mail::may_be_mailed;
use service::{CurrentReview, OwnMail, ReceiptView};

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::{Frame, Section, private};
use crate::page::draft::Writing;
use crate::page::mistake::{Mistake, at};
use crate::page::newsletter::wrong;
use crate::page::receipt::{of, record, view};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "own-mail.html")]
pub(crate) struct OwnMailPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) heading: &'a str,
    pub(super) holds: Holds,
    /// Whether it was sent just now.
    pub(super) sent: bool,
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) action: String,
    /// Where one came from, and what that is called.
    pub(super) back: (String, &'a str),
}

/// What the message can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The words that lead back to a draft.
    Draft,
    /// The words, and if wished what was given.
    Copy,
    /// The words alone: what was given is in confidence.
    InConfidence,
}

impl Holds {
    fn of(view: &ReceiptView) -> Self {
        let open = may_be_mailed(view.contribution.release, view.contribution.state);
        if open { Self::Copy } else { Self::InConfidence }
    }

    fn is_copy(self) -> bool {
        self == Self::Copy
    }

    fn is_in_confidence(self) -> bool {
        self == Self::InConfidence
    }
}

impl OwnMailPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    fn wants_copy(&self) -> bool {
        self.fields.get("holds") == Some("copy")
    }
}

/// `GET /r/{review}/receipt/mail`
pub(crate) async fn ask(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = offered(&visit, &review).await?;
    let view = view(&visit, &review).await?;
    let sent = visit.asked().get("sent").is_some();
    private(StatusCode::OK, &of_receipt(visit.frame(Some(&review)), &view, sent, Fields::default(), vec![]))
}

/// `POST /r/{review}/receipt/mail`
pub(crate) async fn send(visit: Visit, Path(review): Path<String>, form: SessionForm) -> Outcome {
    let review = offered(&visit, &review).await?;
    let session = form.session.as_ref().ok_or(Failure::NoReceipt)?;
    let receipt = view(&visit, &review).await?;
    if form.fields.get("switch").is_some() {
        let frame = visit.frame_in(visit.locale.changed(form.fields.get("switch")), Some(&review));
        return private(StatusCode::OK, &of_receipt(frame, &receipt, false, form.fields, vec![]));
    }
    let outcome = match address(&visit, &form.fields) {
        Ok(address) => {
            let copy = form.fields.get("holds") == Some("copy") && Holds::of(&receipt).is_copy();
            let answers = if copy { record::answers(visit.locale, &review, &receipt) } else { vec![] };
            let told = (visit.locale.language(), answers);
            let of = of(&visit);
            told_of(&visit, visit.app.service.mail_receipt(&review, session, of.as_ref(), &address, told).await?)
        }
        Err(mistake) => Err(mistake),
    };
    match outcome {
        Ok(()) => {
            let of = &receipt.contribution.reference;
            let to = format!("/r/{}/receipt/mail?of={of}&sent=yes", review.slug);
            Ok(Redirect::to(&visit.locale.link(&to)).into_response())
        }
        Err(mistake) => {
            let page = of_receipt(visit.frame(Some(&review)), &receipt, false, form.fields, vec![mistake]);
            private(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// `GET /r/{review}/calls/{call}/later/mail`
pub(crate) async fn ask_later(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    offered(&visit, writing.review.slug.as_str()).await?;
    let sent = visit.asked().get("sent").is_some();
    private(StatusCode::OK, &of_draft(visit.frame(Some(&writing.review)), &writing, sent, Fields::default(), vec![])?)
}

/// `POST /r/{review}/calls/{call}/later/mail`
pub(crate) async fn send_later(
    visit: Visit,
    Path((review, call)): Path<(String, String)>,
    form: SessionForm,
) -> Outcome {
    let review = visit.app.service.sends_mail().then_some(visit.review(&review).await?).ok_or(Failure::NotFound)?;
    let writer = form.writer()?;
    let writing = Writing::of(&visit, review, &call, writer).await?;
    let call = writing.call()?;
    if form.fields.get("switch").is_some() {
        let frame = visit.frame_in(visit.locale.changed(form.fields.get("switch")), Some(&writing.review));
        return private(StatusCode::OK, &of_draft(frame, &writing, false, form.fields.clone(), vec![])?);
    }
    let outcome = match address(&visit, &form.fields) {
        Ok(address) => {
            let until = visit.frame(Some(&writing.review)).date(&writing.draft.expires_at);
            let told = (visit.locale.language(), until.as_str());
            let sending = visit.app.service.mail_draft_code(&writing.review, call, writer, &address, told);
            told_of(&visit, sending.await?)
        }
        Err(mistake) => Err(mistake),
    };
    match outcome {
        Ok(()) => {
            let to = format!("/r/{}/calls/{}/later/mail?sent=yes", writing.review.slug, call.id);
            Ok(Redirect::to(&visit.locale.link(&to)).into_response())
        }
        Err(mistake) => {
            let frame = visit.frame(Some(&writing.review));
            let page = of_draft(frame, &writing, false, form.fields, vec![mistake])?;
            private(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The review, if mail can be offered.
async fn offered(visit: &Visit, review: &str) -> Result<std::sync::Arc<CurrentReview>, Failure> {
    let review = visit.review(review).await?;
    if visit.app.service.sends_mail() { Ok(review) } else { Err(Failure::NotFound) }
}

/// The address that was typed, if there is room for one more message to it.
fn address(visit: &Visit, fields: &Fields) -> Result<EmailAddress, Mistake> {
    let address = fields.raw("address").parse::<EmailAddress>().map_err(|error| wrong(visit.locale, &error))?;
    let now = visit.app.service.now();
    if visit.app.letters.as_ref().is_none_or(|letters| letters.count_letter(&address, now)) {
        return Ok(address);
    }
    Err(Mistake { field: "address", message: visit.locale.t("own-mail-crowded").to_owned() })
}

fn told_of(visit: &Visit, outcome: OwnMail) -> Result<(), Mistake> {
    match outcome {
        OwnMail::Sent => Ok(()),
        OwnMail::Enough => Err(Mistake { field: "address", message: visit.locale.t("own-mail-enough").to_owned() }),
    }
}

pub(super) fn of_receipt<'a>(
    frame: Frame<'a>,
    view: &ReceiptView,
    sent: bool,
    fields: Fields,
    mistakes: Vec<Mistake>,
) -> OwnMailPage<'a> {
    let of = &view.contribution.reference;
    let back = (format!("{}/receipt?of={of}", frame.base), frame.locale.word("back", "to-receipt"));
    let action = format!("{}/receipt/mail?of={of}", frame.base);
    page(frame, Holds::of(view), sent, (fields, mistakes), (action, back))
}

fn of_draft<'a>(
    frame: Frame<'a>,
    writing: &'a Writing,
    sent: bool,
    fields: Fields,
    mistakes: Vec<Mistake>,
) -> Result<OwnMailPage<'a>, Failure> {
    let frame = frame.writing(&writing.draft, &DraftPart::Also(vec![]));
    let later = format!("{}/calls/{}/later", frame.base, writing.call()?.id);
    let back = (later.clone(), frame.locale.word("later", "heading"));
    Ok(page(frame, Holds::Draft, sent, (fields, mistakes), (format!("{later}/mail"), back)))
}

fn page<'a>(
    mut frame: Frame<'a>,
    holds: Holds,
    sent: bool,
    (fields, mistakes): (Fields, Vec<Mistake>),
    (action, back): (String, (String, &'a str)),
) -> OwnMailPage<'a> {
    frame.error = !mistakes.is_empty();
    frame.form = !sent;
    let key = match (sent, holds) {
        (true, _) => "sent",
        (false, Holds::Draft) => "heading-code",
        (false, _) => "heading",
    };
    let heading = frame.locale.word("own-mail", key);
    OwnMailPage { frame: frame.titled(&[heading], Section::Give), heading, holds, sent, fields, mistakes, action, back }
}
