//! Who gets a page and who gets a problem, and that nothing typed is lost on the way.

use axum::body::to_bytes;
use axum::http::HeaderValue;
use jiff::Timestamp;

use super::*;

fn accepting(accept: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))])
}

#[test]
fn programs_get_problems_and_people_get_pages() {
    assert!(prefers_problem(&accepting("application/json")));
    assert!(prefers_problem(&accepting("application/problem+json, */*;q=0.1")));
    assert!(!prefers_problem(&accepting("text/html,application/xhtml+xml,application/json;q=0.9")));
    assert!(!prefers_problem(&accepting("*/*")));
    assert!(!prefers_problem(&HeaderMap::new()));
}

#[tokio::test]
async fn a_problem_says_what_happened_in_the_readers_language() -> Result<(), Box<dyn std::error::Error>> {
    let response = as_problem(Failure::Unavailable, Locale::welsh());
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_slice(&to_bytes(response.into_body(), 10_000).await?)?;
    assert_eq!(problem["status"], 503);
    assert_eq!(problem["title"], Locale::welsh().t("error-unavailable"));
    Ok(())
}

#[test]
fn what_was_typed_stands_on_the_page_of_every_failure() -> Result<(), askama::Error> {
    let mut typed = Fields::default();
    typed.push("csrf", "0123456789abcdef");
    typed.push("answer", "It took </textarea> three weeks");
    for part in ["27", "3", "2025"].into_iter().zip(["answer-day", "answer-month", "answer-year"]) {
        typed.push(part.1, part.0);
    }
    for failure in [Failure::NoDraft, Failure::NotOpen, Failure::TooMany(12), Failure::Unavailable, Failure::Broken] {
        let frame = Frame::at(Timestamp::UNIX_EPOCH, Locale::english(), "/r/a/calls/b/answer/c", None, None);
        let page = failure_page(failure, Some(&typed), frame).render()?;
        assert!(page.contains("It took &#60;/textarea&#62; three weeks"), "{page}");
        assert!(page.contains("\n27 3 2025</textarea>"), "{page}");
        assert!(!page.contains("0123456789abcdef"), "the token of the session is no business of the page");
    }
    Ok(())
}

#[test]
fn every_failure_has_a_page_in_both_languages() -> Result<(), askama::Error> {
    let failures = [
        (Failure::NotFound, 404),
        (Failure::Gone, 410),
        (Failure::NoReceipt, 404),
        (Failure::NotOpen, 409),
        (Failure::Incomplete, 422),
        (Failure::Refused, 409),
        (Failure::Forged, 403),
        (Failure::NoDraft, 404),
        (Failure::MethodNotAllowed, 405),
        (Failure::TooLarge, 413),
        (Failure::TooMany(12), 429),
        (Failure::NoForm, 415),
        (Failure::Unavailable, 503),
        (Failure::Broken, 500),
    ];
    for (failure, status) in failures {
        assert_eq!(failure.status().as_u16(), status);
        for locale in [Locale::english(), Locale::welsh()] {
            let page =
                failure_page(failure, None, Frame::at(Timestamp::UNIX_EPOCH, locale, "/", None, None)).render()?;
            let [heading, ..] = failure.words(locale);
            assert!(
                page.contains(&format!("<title>{}</title>", askama::filters::escape(heading, askama::filters::Html)?)),
                "{page}"
            );
            assert!(page.contains(&format!("<html lang=\"{}\"", locale.tag())), "{page}");
        }
    }
    Ok(())
}

#[test]
fn an_empty_response_of_the_framework_gets_its_page() {
    let empty = StatusCode::METHOD_NOT_ALLOWED.into_response();
    assert!(is_error(&empty));
    assert!(matches!(Failure::of(empty.status()), Failure::MethodNotAllowed));
    let written = (StatusCode::UNPROCESSABLE_ENTITY, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], "");
    assert!(!is_error(&written.into_response()));
}
