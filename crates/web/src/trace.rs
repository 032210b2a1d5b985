//! The outermost layers: a name for every request, a line in the log for it, and a page instead of a broken connection
//! when something panics. Addresses, cookies and what was searched for stay out of the log.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::app::App;
use crate::error::Failure;
use crate::locale::Locale;
use crate::{form, upload};

/// Names the request and logs its answer.
pub(crate) async fn log(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.request_id();
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    async move {
        let began = Instant::now();
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), began.elapsed());
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if response.status().is_server_error() {
            tracing::error!(status, milliseconds, "answered");
        } else {
            tracing::debug!(status, milliseconds, "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
    .instrument(span)
    .await
}

/// Reads the language from the address and takes its mark away, before the address is routed.
pub(crate) async fn locale(mut request: Request, next: Next) -> Response {
    let (locale, uri) = Locale::of(request.uri());
    request.extensions_mut().insert(locale);
    if let Some(uri) = uri {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

/// No request takes longer than this,
const TIMEOUT: Duration = Duration::from_secs(20);
/// but for one that brings files: ten megabytes take forty minutes on the slowest lines. None may pause for long.
const TIMEOUT_OF_FILES: Duration = Duration::from_hours(1);

/// Ends what takes too long.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    let most = if upload::brings_files(request.headers()) { TIMEOUT_OF_FILES } else { TIMEOUT };
    let answered = tokio::time::timeout(most, next.run(request)).await;
    answered.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// Counts forms by address, and refuses those that are too many, not without reading what was typed. The one click that ends a
/// subscription comes for many people from the address of their mail provider, and is never refused.
pub(crate) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() == Method::POST
        && !request.uri().path().ends_with("/newsletter/leave")
        && let Some(limiter) = &app.limiter
        && let Some(address) = address(&request, app.settings.trust_forwarded)
        && let Err(wait) = limiter.count(address, app.service.now())
    {
        form::keep(request).await;
        return Failure::TooMany(wait.as_secs() + 1).into_response();
    }
    next.run(request).await
}

/// What a panic becomes. Its message is in the log already, without anything of the request.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::Broken.into_response()
}

/// Where the request came from: what the last proxy says if it is trusted, or else the other end of the connection.
fn address(request: &Request, trust_forwarded: bool) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if trust_forwarded { forwarded(request.headers()).or(peer) } else { peer }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}
