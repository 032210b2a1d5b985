//! The Atom feed of what has been published, with the same filters as the list.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use publish::feed::{Entry, Feed, atom};

use crate::error::{Failure, Outcome};
use crate::page::reading::{filter, with_query};
use crate::shown::{item, kind_word};
use crate::visit::Visit;

/// How many of the latest contributions a feed has.
const LATEST: usize = 50;

/// `GET /r/{review}/contributions.atom`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let filter = filter(&visit.asked());
    let listing = visit.app.service.list(&review, &filter, None, LATEST).await?;
    let (locale, origin) = (visit.locale, visit.origin());
    let base = format!("{origin}{}", locale.link(&format!("/r/{}/contributions", review.slug)));
    let entry = |listed: &service::Listed| {
        let item = item(locale, &review, listed);
        let author = listed.contribution.content.respondent.kind.map(|kind| kind_word(locale, kind));
        (item.heading.into_owned(), author.unwrap_or_else(|| locale.t("unnamed-contributor")))
    };
    let titles: Vec<(String, &str)> = listing.items.iter().map(entry).collect();
    let entries = listing.items.iter().zip(&titles).map(|(listed, (title, author))| Entry {
        contribution: &listed.contribution,
        title,
        author,
        address: format!("{base}/{}", listed.contribution.reference),
    });
    let feed = Feed {
        title: &format!("{} – {}", locale.t("nav-read"), locale.say(&review.title)),
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
    Ok((headers, text).into_response())
}
