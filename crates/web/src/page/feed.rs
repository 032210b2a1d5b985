//! The Atom feed of what has been published, with the same filters as the list.

use axum::extract::Path;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use domain::Filter;
use publish::feed::{Entry, Feed, atom};
use service::{CurrentReview, Listed};

use crate::error::{Failure, Outcome};
use crate::frame::Frame;
use crate::page::contribution::is_sensitive;
use crate::page::narrowing::{chips, with_query};
use crate::shown::{Shown, item};
use crate::visit::Visit;

/// The header for search engines.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// How many of the latest contributions a feed has.
const LATEST: usize = 50;

/// `GET /r/{review}/contributions.atom`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let filter = Filter::asked(&visit.asked());
    let latest = visit.app.service.latest(&review, &filter, LATEST).await?;
    let (locale, origin) = (visit.locale, visit.origin());
    let base = format!("{origin}{}", locale.link(&format!("/r/{}/contributions", review.slug)));
    let entry = |listed: &Listed| {
        let item = item(locale, &review, listed);
        (
            item.heading.into_iter().map(|(text, _)| text).collect(),
            item.kind.unwrap_or_else(|| locale.t("unnamed-contributor")),
        )
    };
    let titles: Vec<(String, &str)> = latest.iter().map(entry).collect();
    let entries = latest.iter().zip(&titles).map(|(listed, (title, author))| Entry {
        contribution: &listed.contribution,
        title,
        author,
        address: format!("{base}/{}", listed.contribution.reference),
        sensitive: is_sensitive(&review, Shown::new(&listed.contribution).contribution()),
    });
    let feed = Feed {
        title: &title(&visit.frame(Some(&review)), &review, &filter),
        language: locale.tag(),
        author: locale.say(&review.title).text,
        rights: review.licence.as_ref().map(|licence| locale.say(licence).text),
        own_address: with_query(&format!("{base}.atom"), &filter),
        page_address: with_query(&base, &filter),
        otherwise_updated: review
            .stages
            .first()
            .map_or(visit.app.service.now(), |stage| stage.from.begins(&review.timezone))
            .to_string(),
    };
    let text = atom(&feed, entries).map_err(|error| {
        tracing::error!(%error, "a feed cannot be written");
        Failure::Broken
    })?;
    let headers = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    // Search engines keep the page of each, and no second copy.
    Ok((headers, [(ROBOTS, "noindex")], text).into_response())
}

/// What the list is called, with what narrows it down: people follow several feeds of a review side by side.
fn title(frame: &Frame<'_>, review: &CurrentReview, filter: &Filter) -> String {
    let narrowed = chips(frame, review, filter, "").into_iter().map(|chip| chip.label);
    let parts: Vec<String> = std::iter::once(frame.t("nav-read").to_owned()).chain(narrowed).collect();
    format!("{} – {}", parts.join(", "), frame.say(&review.title))
}
