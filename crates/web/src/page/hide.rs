//! Hide that you were here: what somebody can do whose computer or telephone is watched, and the way out of sensitive pages.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect};

use crate::error::{Failure, Outcome};
use crate::exit;
use crate::form::same;
use crate::frame::{Frame, Section, private};
use crate::visit::{Visit, expired_cookie};

/// Nobody who leaves in a hurry waits longer than this for the store.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Template)]
#[template(path = "hide.html")]
pub(crate) struct HidePage<'a> {
    pub(super) frame: Frame<'a>,
}

/// `GET /r/{review}/hide`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    if !exit::is_needed(&review) {
        return Err(Failure::NotFound);
    }
    private(axum::http::StatusCode::OK, &page(visit.frame(Some(&review))))
}

/// `GET /r/{review}/leave?from=…`: leads away from a sensitive page. What was open on this device is closed on the way, so that
/// nobody who comes after finds it there: only the eight words open it again. It is a link, so that it needs no script; the token of the
/// session keeps other sites from following it.
pub(crate) async fn leave(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await;
    let to = review.as_ref().map_or_else(|_| exit::HARMLESS.to_owned(), |review| exit::address(review));
    let mut response = Redirect::to(&to).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let asked = visit.asked();
    let session = visit.session.as_ref().filter(|session| same(&session.csrf_token(), asked.raw("from")));
    if let (Some(session), Ok(review)) = (session, &review) {
        headers.insert(header::SET_COOKIE, expired_cookie(&visit.app.settings));
        let closing = visit.app.service.let_go(review, session);
        // Without its cookie the browser finds nothing in any case.
        if !matches!(tokio::time::timeout(PATIENCE, closing).await, Ok(Ok(()))) {
            tracing::warn!("somebody has left, and the store could not be told");
        }
    }
    Ok(response)
}

pub(super) fn page(frame: Frame<'_>) -> HidePage<'_> {
    let title = frame.t("hide");
    HidePage { frame: frame.titled(&[title], Section::None) }
}
