//! What machines ask: whether the process lives, and whether the store answers.

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
