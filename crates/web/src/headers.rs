//! What browsers are told about every response, so that a page of a review can do nothing but be read and answered.

use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::asset;
use crate::page::register;

/// Nothing from elsewhere, nothing inline but our own style sheet, no frames.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let digest = asset::style_digest();
    let policy = format!(
        "default-src 'none'; style-src 'self' 'sha256-{digest}'; script-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base 64 can stand in a header")
});

/// The layer. What a response brings of its own it keeps.
pub(crate) async fn add(State(app): State<App>, request: Request, next: Next) -> Response {
    // Programs of other sites may also read that a file is not there.
    let for_programs = register::is_file(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY.clone());
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: browsers then send `Origin: null` with forms, and old ones would be turned away.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // The first page that a browser gets holds the style sheet; later ones name it. What anybody may read from anywhere is the
    // same for all, and one copy serves them.
    if !headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.append(header::VARY, HeaderValue::from_static("Sec-Fetch-Site, Referer, Cookie"));
    }
    if for_programs {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers
            .insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    }
    if app.settings.secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}
