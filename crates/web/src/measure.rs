//! Numbers for the operator: how many requests, how they ended, how long they took, by the route and never by the
//! address, so that nothing of what people read is told.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::error::Failure;

/// Seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// One recorder a process, however many routers it makes; none if the process has installed another.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder, once.
pub(crate) fn recorder() -> Option<&'static PrometheusHandle> {
    let install = || {
        let builder = PrometheusBuilder::new();
        let matcher = Matcher::Full("http_request_duration_seconds".to_owned());
        builder.set_buckets_for_metric(matcher, &BUCKETS).ok()?.install_recorder().ok()
    };
    RECORDER.get_or_init(install).as_ref()
}

/// The layer; it stands inside the router, where the route is known.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    // Anybody can invent a method: each would be a number kept for ever.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let began = Instant::now();
    let response = next.run(request).await;
    let labels = [("route", route), ("method", method)];
    metrics::histogram!("http_request_duration_seconds", &labels).record(began.elapsed().as_secs_f64());
    let [route, method] = labels;
    let status = ("status", response.status().as_u16().to_string());
    metrics::counter!("http_requests_total", &[route, method, status]).increment(1);
    response
}

/// `GET /metrics`
pub(crate) async fn show() -> Response {
    match recorder() {
        Some(recorder) => recorder.render().into_response(),
        None => Failure::NotFound.into_response(),
    }
}
