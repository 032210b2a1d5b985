//! Following a review by letters: asking for them, confirming that, and ending it. Where no mail is sent, the page offers
//! the feed alone.
//!
//! Nothing is confirmed or ended by opening an address, for programs open the links of mail before people do; only by a
//! button, or by the one click of a mail program (RFC 8058).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::EmailAddress;
use domain::text::TextError;

use crate::error::Outcome;
use crate::form::OpenForm;
use crate::frame::{Frame, Section, private, public};
use crate::locale::Locale;
use crate::page::mistake::{Mistake, at};
use crate::visit::Visit;

/// The page with the form.
#[derive(Template)]
#[template(path = "newsletter.html")]
pub(crate) struct NewsletterPage<'a> {
    pub(super) frame: Frame<'a>,
    /// Whether there are letters at all.
    pub(super) mail: bool,
    pub(super) typed: &'a str,
    pub(super) mistakes: Vec<Mistake>,
}

impl NewsletterPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }
}

/// A page on the way: what has happened, and perhaps a button for what comes next.
#[derive(Template)]
#[template(path = "newsletter-step.html")]
pub(crate) struct StepPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) heading: &'a str,
    pub(super) text: &'a str,
    /// Where the button leads, and what it says.
    pub(super) button: Option<(String, &'a str)>,
}

/// `GET /r/{review}/newsletter`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    public(&form_page(visit.frame(Some(&review)), visit.app.service.sends_mail(), "", vec![]))
}

/// `POST /r/{review}/newsletter`
pub(crate) async fn subscribe(visit: Visit, Path(review): Path<String>, OpenForm(fields): OpenForm) -> Outcome {
    let review = visit.review(&review).await?;
    let typed = fields.raw("address");
    if fields.get("switch").is_some() {
        let frame = visit.frame_in(visit.locale.changed(fields.get("switch")), Some(&review));
        return private(StatusCode::OK, &form_page(frame, visit.app.service.sends_mail(), typed, vec![]));
    }
    match typed.parse::<EmailAddress>() {
        Ok(address) => {
            visit.app.service.subscribe(&review, &address, visit.locale.language()).await?;
            let next = format!("/r/{}/newsletter/asked", review.slug);
            Ok(Redirect::to(&visit.locale.link(&next)).into_response())
        }
        Err(error) => {
            let mistakes = vec![wrong(visit.locale, &error)];
            let mail = visit.app.service.sends_mail();
            let page = form_page(visit.frame(Some(&review)), mail, typed, mistakes);
            private(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// `GET /r/{review}/newsletter/asked`
pub(crate) async fn asked(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    private(StatusCode::OK, &step_page(visit.frame(Some(&review)), "asked", None))
}

/// `GET /r/{review}/newsletter/confirm?t=…`
pub(crate) async fn ask_confirm(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let asked = visit.asked();
    let frame = visit.frame(Some(&review));
    if visit.app.service.can_confirm(&review, asked.raw("t")).await? {
        let action = (with_token(&frame, "confirm", asked.raw("t")), frame.t("newsletter-confirm-button"));
        return private(StatusCode::OK, &step_page(frame, "confirm", Some(action)));
    }
    private(StatusCode::NOT_FOUND, &step_page(frame.nowhere(), "expired", None))
}

/// `POST /r/{review}/newsletter/confirm?t=…`
pub(crate) async fn confirm(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    match visit.app.service.confirm_subscription(&review, visit.asked().raw("t")).await {
        Ok(()) => {
            let next = format!("/r/{}/newsletter/confirmed", review.slug);
            Ok(Redirect::to(&visit.locale.link(&next)).into_response())
        }
        Err(service::Error::NotFound) => {
            let frame = visit.frame(Some(&review)).nowhere();
            private(StatusCode::NOT_FOUND, &step_page(frame, "expired", None))
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /r/{review}/newsletter/confirmed`
pub(crate) async fn confirmed(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    private(StatusCode::OK, &step_page(visit.frame(Some(&review)), "confirmed", None))
}

/// `GET /r/{review}/newsletter/leave?t=…`
pub(crate) async fn ask_leave(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let frame = visit.frame(Some(&review));
    let action = (with_token(&frame, "leave", visit.asked().raw("t")), frame.t("newsletter-leave-button"));
    private(StatusCode::OK, &step_page(frame, "leave", Some(action)))
}

/// `POST /r/{review}/newsletter/leave?t=…`: the button, and the one click of a mail program, which comes without a cookie, in
/// any of two types of form, and takes no redirect for an answer. What it brings says nothing that the address does not.
pub(crate) async fn leave(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    visit.app.service.unsubscribe(&review, visit.asked().raw("t")).await?;
    private(StatusCode::OK, &step_page(visit.frame(Some(&review)).nowhere(), "left", None))
}

/// The address of a step with its token: only what can be one, so that nothing else gets into a page.
fn with_token(frame: &Frame<'_>, step: &str, token: &str) -> String {
    let token: String = token.chars().filter(char::is_ascii_hexdigit).take(32).collect();
    format!("{}/newsletter/{step}?t={token}", frame.base)
}

pub(super) fn wrong(locale: Locale, error: &TextError) -> Mistake {
    let key = match error {
        TextError::Empty => "newsletter-empty",
        TextError::TooLong { .. } => "newsletter-too-long",
        _ => "newsletter-wrong",
    };
    Mistake { field: "address", message: locale.t(key).to_owned() }
}

pub(super) fn form_page<'a>(
    mut frame: Frame<'a>,
    mail: bool,
    typed: &'a str,
    mistakes: Vec<Mistake>,
) -> NewsletterPage<'a> {
    frame.error = !mistakes.is_empty();
    frame.form = mail;
    frame.feed = Some(format!("{}/contributions.atom", frame.base));
    let title = frame.t("newsletter-heading");
    NewsletterPage { frame: frame.titled(&[title], Section::None), mail, typed, mistakes }
}

/// What a step says is in the messages `newsletter-STEP` and `newsletter-STEP-text`.
pub(super) fn step_page<'a>(frame: Frame<'a>, step: &str, button: Option<(String, &'a str)>) -> StepPage<'a> {
    let locale = frame.locale;
    let (heading, text) = (locale.word("newsletter", step), locale.word("newsletter", &format!("{step}-text")));
    StepPage { frame: frame.titled(&[heading], Section::None), heading, text, button }
}
