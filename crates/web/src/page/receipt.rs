//! The receipt: what became of a contribution, and what its author may still do with it.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::{Call, Fields, ReceiptCode, ReceiptError, Reference, Refused, Release, State};
use service::{CurrentReview, Opened, ReceiptView, SessionSecret};

use crate::error::{Failure, Outcome};
use crate::form::{OpenForm, SessionForm, Wish};
use crate::frame::{Frame, Section, private};
use crate::locale::{Lang, Locale, Said};
use crate::page::copy::calls_of;
use crate::page::draft::ConfirmPage;
use crate::page::mistake::{Mistake, at};
use crate::page::receipt::timeline::{Step, steps};
use crate::page::register;
use crate::page::release::{ReleasePage, unchosen};
use crate::page::replying::{Asking, asking};
use crate::visit::{Visit, expired_cookie};

pub(super) mod record;
mod timeline;

#[derive(Template)]
#[template(path = "receipt.html")]
pub(crate) struct ReceiptPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) heading: &'a str,
    pub(super) calls: Vec<&'a Call>,
    pub(super) view: &'a ReceiptView,
    pub(super) words: Option<[&'static str; 8]>,
    pub(super) withdrawn: bool,
    pub(super) steps: Vec<Step<'a>>,
    /// Where it stands in the register.
    pub(super) registered: Vec<String>,
    /// A question from the team that can be answered here.
    pub(super) asking: Option<Asking<'a>>,
    pub(super) typed: Typed,
    /// Whether the page can be sent by e-mail.
    pub(super) mail: bool,
}

/// What was typed in answer to the team, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Typed {
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
}

impl ReceiptPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.typed.mistakes, field)
    }
}

#[derive(Template)]
#[template(path = "receipt-form.html")]
pub(crate) struct ReceiptForm<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) typed: &'a str,
    pub(super) mistakes: Vec<Mistake>,
}

/// `GET /r/{review}/receipt`: the receipt if this session has one, and the form for the eight words if not.
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let frame = visit.frame(Some(&review));
    match view(&visit, &review).await {
        Ok(view) => {
            let asked = visit.asked();
            let page = receipt_page(frame, &review, &view, asked.get("asked"), Typed::default());
            private(StatusCode::OK, &ReceiptPage { mail: visit.app.service.sends_mail(), ..page })
        }
        Err(Failure::NoReceipt) => private(StatusCode::OK, &form_page(frame, "", vec![])),
        Err(other) => Err(other),
    }
}

/// `POST /r/{review}/receipt`: opens the receipt that has the words.
pub(crate) async fn open(visit: Visit, Path(review): Path<String>, OpenForm(fields): OpenForm) -> Outcome {
    let review = visit.review(&review).await?;
    let typed = fields.raw("code");
    if fields.get("switch").is_some() {
        let locale = visit.locale.changed(fields.get("switch"));
        return private(StatusCode::OK, &form_page(visit.frame_in(locale, Some(&review)), typed, vec![]));
    }
    let mistake = match typed.parse::<ReceiptCode>() {
        Ok(code) => match visit.app.service.open_code(&review, &code, visit.session.as_ref()).await {
            Ok((secret, opened)) => {
                let to = match opened {
                    Opened::Receipt => format!("/r/{}/receipt", review.slug),
                    Opened::Draft(call) => format!("/r/{}/calls/{call}/questions", review.slug),
                };
                return visit.go_on(&visit.locale.link(&to), &secret);
            }
            Err(service::Error::NoReceipt) => visit.locale.t("mistake-no-receipt").to_owned(),
            Err(other) => return Err(other.into()),
        },
        Err(error) => mistaken(visit.locale, &error),
    };
    let mistakes = vec![Mistake { field: "code", message: mistake }];
    private(StatusCode::UNPROCESSABLE_ENTITY, &form_page(visit.frame(Some(&review)), typed, mistakes))
}

/// `POST /r/{review}/receipt/close`
pub(crate) async fn close(visit: Visit, Path(review): Path<String>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    if let Some(session) = &form.session {
        visit.app.service.let_go(&review, session).await?;
    }
    // The next person at a shared computer gets a secret of their own.
    let forget = [(header::SET_COOKIE, expired_cookie(&visit.app.settings))];
    Ok((forget, Redirect::to(&visit.locale.link(&format!("/r/{}?closed=yes", review.slug)))).into_response())
}

/// `GET /r/{review}/receipt/release`
pub(crate) async fn ask_release(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let chosen = Some(view.contribution.release);
    private(StatusCode::OK, &release_page(visit.frame(Some(&review)), &review, &view, chosen, vec![]))
}

/// `POST /r/{review}/receipt/release`
pub(crate) async fn change_release(visit: Visit, Path(review): Path<String>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let here = here(&visit, &review);
    if form.wish() == Some(Wish::Back) {
        return Ok(Redirect::to(&here).into_response());
    }
    let chosen = form.fields.get("release").and_then(|word| word.parse::<Release>().ok());
    let switch = form.fields.get("switch");
    let Some(release) = chosen.filter(|_| switch.is_none()) else {
        let view = view(&visit, &review).await?;
        let locale = visit.locale.changed(switch);
        let frame = visit.frame_in(locale, Some(&review));
        let mistakes = if switch.is_some() { vec![] } else { vec![unchosen(locale)] };
        let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return private(status, &release_page(frame, &review, &view, chosen, mistakes));
    };
    let session = form.session.as_ref().ok_or(Failure::NoReceipt)?;
    match visit.app.service.change_release(&review, session, of(&visit).as_ref(), release).await {
        // The receipt says what is so: that it has the level already, or that it was withdrawn.
        Ok(()) | Err(service::Error::Refused(Refused::SameRelease | Refused::Withdrawn)) => {
            Ok(Redirect::to(&here).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /r/{review}/receipt/withdraw`
pub(crate) async fn ask_withdraw(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let frame = visit.frame(Some(&review));
    let here = format!("{}/receipt", frame.base);
    if view.contribution.state == State::Withdrawn {
        return Ok(Redirect::to(&here).into_response());
    }
    let heading = frame.t("withdraw-heading");
    let page = ConfirmPage {
        heading,
        text: frame.t("withdraw-text"),
        button: frame.t("withdraw-button"),
        action: format!("{here}/withdraw?of={}", view.contribution.reference),
        cancel: here,
        frame: frame.titled(&[heading], Section::Give),
    };
    private(StatusCode::OK, &page)
}

/// `POST /r/{review}/receipt/withdraw`
pub(crate) async fn withdraw(visit: Visit, Path(review): Path<String>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let session = form.session.as_ref().ok_or(Failure::NoReceipt)?;
    match visit.app.service.withdraw(&review, session, of(&visit).as_ref()).await {
        Ok(()) | Err(service::Error::Refused(Refused::Withdrawn)) => {
            Ok(Redirect::to(&here(&visit, &review)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /r/{review}/receipt/download`, as text or with `?format=json`
pub(crate) async fn download(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let json = visit.asked().get("format") == Some("json");
    let (kind, ending, text) = if json {
        ("application/json", "json", record::json(&review, &view))
    } else {
        ("text/plain; charset=utf-8", "txt", record::text(visit.locale, &review, &view))
    };
    // Whoever finds the file holds what the words open: its name says so.
    let words = if view.code.is_some() && !json { "-with-the-eight-words" } else { "" };
    let name = format!("attachment; filename=\"{}{words}.{ending}\"", view.contribution.reference);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Failure::Broken)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}

/// The receipt that the address asks for.
pub(super) async fn view(visit: &Visit, review: &CurrentReview) -> Result<ReceiptView, Failure> {
    let session: &SessionSecret = visit.session.as_ref().ok_or(Failure::NoReceipt)?;
    Ok(visit.app.service.receipt(review, session, of(visit).as_ref()).await?)
}

/// The page of that receipt.
fn here(visit: &Visit, review: &CurrentReview) -> String {
    let of = of(visit).map(|reference| format!("?of={reference}")).unwrap_or_default();
    visit.locale.link(&format!("/r/{}/receipt{of}", review.slug))
}

/// Which of several receipts the address asks for: `?of=DGR-4K7-M2QX`.
pub(super) fn of(visit: &Visit) -> Option<Reference> {
    visit.asked().get("of").and_then(|reference| reference.parse().ok())
}

pub(super) fn form_page<'a>(mut frame: Frame<'a>, typed: &'a str, mistakes: Vec<Mistake>) -> ReceiptForm<'a> {
    let title = frame.t("receipt-form-heading");
    frame.error = !mistakes.is_empty();
    frame.form = true;
    ReceiptForm { frame: frame.titled(&[title], Section::Give), typed, mistakes }
}

pub(super) fn mistaken(locale: Locale, error: &ReceiptError) -> String {
    match error {
        ReceiptError::Count(words) => locale.count("mistake-words", i64::try_from(*words).unwrap_or(i64::MAX)),
        ReceiptError::Unknown { word, meant: Some(meant) } => {
            locale.t_with("mistake-word-meant", &[("word", word.as_str().into()), ("meant", (*meant).into())])
        }
        ReceiptError::Unknown { word, meant: None } => locale.t_with("mistake-word", &[("word", word.as_str().into())]),
    }
}

fn release_page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    view: &'a ReceiptView,
    chosen: Option<Release>,
    mistakes: Vec<Mistake>,
) -> ReleasePage<'a> {
    let titles = [frame.t("release-heading"), view.contribution.reference.as_str()];
    frame.form = true;
    frame.error = !mistakes.is_empty();
    let receipt = format!("{}/receipt", frame.base);
    ReleasePage {
        review: &review.definition,
        caption: Said { text: view.contribution.reference.as_str(), lang: Lang::default() },
        helping: false,
        chosen,
        mistakes,
        button: frame.t("release-change"),
        action: format!("{receipt}/release?of={}", view.contribution.reference),
        back: receipt,
        frame: frame.titled(&titles, Section::Give),
    }
}

/// `wanted` is the question from the team that somebody wants to answer.
pub(super) fn receipt_page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    view: &'a ReceiptView,
    wanted: Option<&str>,
    typed: Typed,
) -> ReceiptPage<'a> {
    let withdrawn = view.contribution.state == State::Withdrawn;
    let heading = frame.t(if withdrawn { "receipt-withdrawn" } else { "receipt-heading" });
    frame.error = !typed.mistakes.is_empty();
    let asking = asking(&frame, view, wanted);
    frame.form = asking.is_some();
    ReceiptPage {
        heading,
        calls: calls_of(review, &view.contribution).collect(),
        words: view.code.as_ref().map(ReceiptCode::words),
        steps: steps(&frame, review, view),
        registered: register::sentences(&frame, view),
        asking,
        frame: frame.titled(&[heading, view.contribution.reference.as_str()], Section::Give),
        view,
        withdrawn,
        typed,
        mail: false,
    }
}
