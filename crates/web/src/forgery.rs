//! Refuses forms that another site made a browser send, by what browsers say of where a request comes from.
//!
//! `Sec-Fetch-Site` is the better witness, but is not sent over plain HTTP; then `Origin` has to do. Forms of a session
//! carry its token besides (see [`crate::form`]).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::{App, Settings};
use crate::error::Failure;

/// The layer.
pub(crate) async fn refuse(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !from_here(request.headers(), &app.settings) {
        return Failure::Forged.into_response();
    }
    next.run(request).await
}

fn from_here(headers: &HeaderMap, settings: &Settings) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        // Neither header: no browser of this age sends a form so, and tools have no cookie that another site could use.
        return true;
    };
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let public = settings.public_url.as_deref().map(|url| url.trim_end_matches('/'));
    (host.is_some() && host == text(header::HOST.as_str())) || public == Some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let settings = Settings { public_url: Some("https://review.example.org".to_owned()), ..Settings::default() };
        let headers = pairs.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
        });
        from_here(&headers.collect(), &settings)
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        assert!(allowed(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site"), ("origin", "https://review.example.org")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site")]));
        assert!(allowed(&[("origin", "http://10.0.0.1:8080"), ("host", "10.0.0.1:8080")]));
        assert!(allowed(&[("origin", "https://review.example.org"), ("host", "inner:8080")]));
        assert!(!allowed(&[("origin", "https://evil.example"), ("host", "inner:8080")]));
        assert!(!allowed(&[("origin", "null"), ("host", "null")]));
        assert!(allowed(&[]));
    }
}
