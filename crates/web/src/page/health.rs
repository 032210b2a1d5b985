//! What machines ask: whether the process lives, whether the store answers, and what crawlers may visit.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// `GET /healthz`: the process lives.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: people may be sent here.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    if app.service.ready().await.is_ok() {
        return "ok\n".into_response();
    }
    // Named as JSON so that it stays as short as this: no reader comes here.
    let headers = [("content-type", "application/json"), ("retry-after", "30")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "{\"ready\":false}\n").into_response()
}

/// `GET /robots.txt`: everything but forms and receipts.
pub(crate) async fn robots() -> &'static str {
    "User-agent: *\n\
     Disallow: /r/*/receipt\n\
     Disallow: /r/*/calls/*/answer/\n\
     Disallow: /r/*/calls/*/who\n\
     Disallow: /r/*/calls/*/release\n\
     Disallow: /r/*/calls/*/check\n\
     Disallow: /r/*/calls/*/delete\n\
     Disallow: /r/*/newsletter/\n\
     Disallow: /cy/r/*/newsletter/\n\
     Disallow: /cy/r/*/receipt\n\
     Disallow: /cy/r/*/calls/*/answer/\n\
     Disallow: /cy/r/*/calls/*/who\n\
     Disallow: /cy/r/*/calls/*/release\n\
     Disallow: /cy/r/*/calls/*/check\n\
     Disallow: /cy/r/*/calls/*/delete\n\
     Disallow: /metrics\n"
}
