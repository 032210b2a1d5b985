//! Everything that can go wrong, and the one place where it becomes an answer: a page that says what happened and what
//! to do, or `application/problem+json` (RFC 9457) for programs that ask for it.
//!
//! Functions and layers return a [`Failure`]; it travels as an extension of an empty response to [`render`], which knows
//! the reader's language and what they accept. Empty error responses of the framework (405, 503) take the same way.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Fields;
use domain::question::DATE;
use service::CurrentReview;

use crate::app::App;
use crate::form::Typed;
use crate::frame::{Frame, Section, html};
use crate::locale::Locale;
use crate::page::file::WHAT;
use crate::visit::session;

/// The result of a page.
pub(crate) type Outcome = Result<Response, Failure>;

/// Why there is no page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failure {
    /// Nothing is here.
    NotFound,
    /// It was withdrawn.
    Gone,
    /// The session has no draft.
    NoDraft,
    /// The session has no receipt.
    NoReceipt,
    /// Another window has saved something else in between.
    ChangedSince,
    /// The call takes no evidence now.
    NotOpen,
    /// The draft has gaps.
    Incomplete,
    /// It cannot be done to this contribution.
    Refused,
    /// A form that another site may have sent, or an old one.
    Forged,
    /// The address is not used in this way.
    MethodNotAllowed,
    /// More than a form may hold.
    TooLarge,
    /// Too many forms from one address; seconds to wait.
    TooMany(u64),
    /// What came is no form.
    NoForm,
    /// It came too slowly, or broke off.
    Slow,
    /// Nothing was written; trying again will do.
    Unavailable,
    /// Something is broken on our side.
    Broken,
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoDraft | Self::NoReceipt => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::NotOpen | Self::Refused | Self::ChangedSince => StatusCode::CONFLICT,
            Self::Incomplete => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::NoForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The heading of the page, what happened, and what to do.
    fn words(&self, locale: Locale) -> [&'static str; 3] {
        let keys = match self {
            Self::NotFound => ["error-not-found", "error-not-found-why", "error-not-found-do"],
            Self::Gone => ["error-gone", "error-gone-why", "error-gone-do"],
            Self::NoDraft => ["error-no-draft", "error-no-draft-why", "error-no-draft-do"],
            Self::NoReceipt => ["error-no-receipt", "error-no-receipt-why", "error-no-receipt-do"],
            Self::ChangedSince => ["error-changed", "error-changed-why", "error-changed-do"],
            Self::NotOpen => ["error-not-open", "error-not-open-why", "error-not-open-do"],
            Self::Incomplete => ["error-incomplete", "error-incomplete-why", "error-incomplete-do"],
            Self::Refused => ["error-refused", "error-refused-why", "error-refused-do"],
            Self::Forged => ["error-forged", "error-forged-why", "error-forged-do"],
            Self::MethodNotAllowed => ["error-method", "error-method-why", "error-method-do"],
            Self::TooLarge => ["error-too-large", "error-too-large-why", "error-too-large-do"],
            Self::TooMany(_) => ["error-too-many", "error-too-many-why", "error-too-many-do"],
            Self::NoForm => ["error-no-form", "error-no-form-why", "error-no-form-do"],
            Self::Slow => ["error-slow", "error-slow-why", "error-slow-do"],
            Self::Unavailable => ["error-unavailable", "error-unavailable-why", "error-unavailable-do"],
            Self::Broken => ["error-broken", "error-broken-why", "error-broken-do"],
        };
        keys.map(|key| locale.t(key))
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Unavailable => Some(30),
            _ => None,
        }
    }

    /// What an empty response of that status says.
    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::NoForm,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Self::Unavailable,
            // An address that cannot be read, as with broken percent-encoding, leads nowhere.
            status if status.is_client_error() => Self::NotFound,
            _ => Self::Broken,
        }
    }
}

impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        match error {
            // Pages do not offer what cannot be had.
            service::Error::NotFound | service::Error::NoMail => Self::NotFound,
            service::Error::Gone => Self::Gone,
            service::Error::NoDraft => Self::NoDraft,
            service::Error::ChangedSince => Self::ChangedSince,
            // Where something is sent, a page of its own says what to do.
            service::Error::Flood(_) => Self::TooMany(service::flood::PATIENCE.unsigned_abs()),
            service::Error::NotOpen(_) => Self::NotOpen,
            service::Error::Incomplete(_) => Self::Incomplete,
            service::Error::NoReceipt => Self::NoReceipt,
            service::Error::Refused(_) | service::Error::Full => Self::Refused,
            service::Error::Unavailable(why) => {
                tracing::error!(why, "the store does not answer");
                Self::Unavailable
            }
            service::Error::Broken(why) => {
                tracing::error!(why, "something is broken");
                Self::Broken
            }
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a template cannot be rendered");
        Self::Broken
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The layer that turns failures into answers.
pub(crate) async fn render(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let typed = Typed::default();
    request.extensions_mut().insert(typed.clone());
    let locale = request.extensions().get::<Locale>().copied().unwrap_or_else(Locale::english);
    let path = request.uri().path().to_owned();
    let problem = prefers_problem(request.headers());
    let session = session(request.headers(), &app.settings);
    let response = next.run(request).await;
    let failure = match response.extensions().get::<Failure>() {
        Some(failure) => *failure,
        None if is_error(&response) => Failure::of(response.status()),
        None => return response,
    };
    let mut answer = if problem {
        as_problem(failure, locale)
    } else {
        let review = review_of(&app, &path, failure).await;
        let frame = Frame::new(&app, locale, &path, None, review.as_deref());
        as_page(failure, typed.fields(), frame.of(session.as_ref()))
    };
    if let Some(seconds) = failure.retry_after() {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    answer
}

/// An error that nobody has written a page for: pages that show a form again are HTML already.
fn is_error(response: &Response) -> bool {
    let status = response.status();
    let written = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.starts_with(b"text/html") || kind.starts_with(b"application/json")
    });
    (status.is_client_error() || status.is_server_error()) && !written
}

/// Whether a program asks: it names a kind of JSON and does not name HTML before it.
fn prefers_problem(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .map(|part| part.split(';').next().unwrap_or_default().trim())
        .find_map(|kind| match kind {
            "application/problem+json" | "application/json" => Some(true),
            "text/html" | "application/xhtml+xml" => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}

fn as_problem(failure: Failure, locale: Locale) -> Response {
    let [title, why, what] = failure.words(locale);
    let problem = serde_json::json!({
        "type": "about:blank",
        "title": title,
        "status": failure.status().as_u16(),
        "detail": format!("{why} {what}"),
    });
    let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, locale.tag())];
    (failure.status(), headers, problem.to_string()).into_response()
}

/// The review that the address belongs to, for its name and contact on the page; not asked for while the store is down.
async fn review_of(app: &App, path: &str, failure: Failure) -> Option<Arc<CurrentReview>> {
    if matches!(failure, Failure::Unavailable | Failure::Broken) {
        return None;
    }
    let slug = path.strip_prefix("/r/")?.split('/').next()?;
    app.service.review(slug).await.ok()
}

/// The page of a failure.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct FailurePage<'a> {
    frame: Frame<'a>,
    heading: &'a str,
    why: &'a str,
    what: &'a str,
    /// What was typed, by field.
    typed: Vec<String>,
    /// Where to begin again: an address and the text of the link.
    again: Option<(String, &'a str)>,
}

fn as_page(failure: Failure, typed: Option<&Fields>, frame: Frame<'_>) -> Response {
    let page = failure_page(failure, typed, frame.nowhere());
    html(failure.status(), &page).unwrap_or_else(|_| failure.status().into_response())
}

fn failure_page<'a>(failure: Failure, typed: Option<&Fields>, frame: Frame<'a>) -> FailurePage<'a> {
    let locale = frame.locale;
    let [heading, why, what] = failure.words(locale);
    let typed = typed.map(texts).unwrap_or_default();
    let again = again(failure, &frame);
    FailurePage { frame: frame.titled(&[heading], Section::None), heading, why, what, typed, again }
}

fn again<'a>(failure: Failure, frame: &Frame<'a>) -> Option<(String, &'a str)> {
    let review = frame.review?;
    let mut parts = frame.path.split('/').skip(3);
    let call = match (parts.next(), parts.next()) {
        (Some("calls"), Some(call)) => review.call(call),
        _ => None,
    };
    let base = &frame.base;
    let t = |key| frame.locale.t(key);
    match (failure, call) {
        // Whatever saves a part of a draft has a page at the same address.
        (Failure::ChangedSince, Some(_)) => Some((frame.locale.link(frame.path), t("error-to-page"))),
        (Failure::NoDraft, Some(_)) => Some((format!("{base}/receipt"), t("error-to-words"))),
        (Failure::NotOpen | Failure::Forged, Some(call)) => {
            Some((format!("{base}/calls/{}", call.id), t("error-to-call")))
        }
        (Failure::Incomplete, Some(call)) => Some((format!("{base}/calls/{}/check", call.id), t("error-to-check"))),
        (Failure::NoReceipt | Failure::Refused, _) => Some((format!("{base}/receipt"), t("error-to-receipt"))),
        (Failure::Gone, _) => Some((format!("{base}/contributions"), t("error-to-contributions"))),
        _ => None,
    }
}

/// What somebody typed into a form, without what the form itself put in.
fn texts(fields: &Fields) -> Vec<String> {
    const OWN_WORDS: [&str; 19] = [
        "answer",
        "other",
        "service",
        "place",
        "happened",
        "name",
        "organisation",
        "members",
        "asked",
        "code",
        "body",
        "contact",
        "sentence",
        "address",
        "reply",
        "spoken",
        "helper-name",
        "helper-organisation",
        "reason",
    ];
    let words = OWN_WORDS.into_iter().map(|name| fields.all(name).collect::<Vec<_>>().join("\n"));
    let date = DATE.into_iter().filter_map(|name| fields.get(name)).collect::<Vec<_>>().join(" ");
    let files = WHAT.into_iter().map(|name| fields.raw(name).trim().to_owned());
    words.chain([date]).chain(files).filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests;
