//! Sensitive pages: a way out of them that can be reached at any moment, titles that say nothing, and no copy in any cache.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Review;

use crate::app::App;
use crate::locale::Locale;

/// Where the way out leads unless the team says otherwise: a page that anybody may look at.
pub(crate) const HARMLESS: &str = "https://www.bbc.co.uk/weather";

/// The address that the way out of a page leads to; none where there is nothing to hide. `path` has no mark of the language.
pub(crate) fn way_out(review: &Review, path: &str) -> Option<String> {
    is_sensitive(review, path).then(|| address(review))
}

/// Where the way out of the review's sensitive pages leads.
pub(crate) fn address(review: &Review) -> String {
    review.exit.as_ref().map_or(HARMLESS, domain::WebAddress::as_str).to_owned()
}

/// Whether any page of the review has a way out.
pub(crate) fn is_needed(review: &Review) -> bool {
    review.sensitive || review.calls.iter().any(|call| call.sensitive)
}

fn is_sensitive(review: &Review, path: &str) -> bool {
    let mut parts = path.split('/').skip(3);
    review.sensitive
        || match (parts.next(), parts.next()) {
            (Some("calls" | "heard"), Some(call)) => review.call(call).is_some_and(|call| call.sensitive),
            // A receipt may be one of a sensitive call.
            (Some("receipt" | "hide"), _) => is_needed(review),
            _ => false,
        }
}

/// What a sensitive page is called in the history of a browser, and in the corner of a screen: what one does on it, and nothing
/// of what it is about.
pub(crate) fn harmless_title(locale: Locale, review: &Review, path: &str) -> String {
    let parts: Vec<&str> = path.split('/').skip(3).filter(|part| !part.is_empty()).collect();
    let number = |call: &str, question: &str| review.call(call)?.question(question).map(|(at, _)| at + 1);
    match parts.as_slice() {
        [] => locale.t("harmless-home").to_owned(),
        ["calls", _] => locale.t("harmless-start").to_owned(),
        ["calls", call, "answer", question] => {
            let number = number(call, question).and_then(|number| i64::try_from(number).ok()).unwrap_or(1);
            locale.t_with("harmless-question", &[("number", locale.number(number).into())])
        }
        [.., last] => {
            let word = locale.word("harmless", last);
            if word.is_empty() { locale.t("harmless-page") } else { word }.to_owned()
        }
    }
}

/// The layer that tells browsers to keep nothing of sensitive pages.
pub(crate) async fn keep_nothing(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let slug = path.strip_prefix("/r/").and_then(|rest| rest.split('/').next());
    if let Some(slug) = slug
        && let Ok(review) = app.service.review(slug).await
        && is_sensitive(&review, &path)
    {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
