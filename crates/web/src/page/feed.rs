//! The Atom feed of what has been published, with the same filters as the list.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use publish::feed::{Entry, Feed, atom};
use service::{CurrentReview, Filter, Listed, Listing};

use crate::error::{Failure, Outcome};
use crate::page::reading::{filter, with_query};
use crate::shown::item;
use crate::visit::Visit;

/// How many of the latest contributions a feed has.
const LATEST: usize = 50;

/// `GET /r/{review}/contributions.atom`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let filter = filter(&visit.asked());
    let pages = pages(&visit, &review, &filter).await?;
    let latest = newest_first(&pages);
    let (locale, origin) = (visit.locale, visit.origin());
    let base = format!("{origin}{}", locale.link(&format!("/r/{}/contributions", review.slug)));
    let entry = |listed: &Listed| {
        let item = item(locale, &review, listed);
        (item.heading.into_owned(), item.kind.unwrap_or_else(|| locale.t("unnamed-contributor")))
    };
    let titles: Vec<(String, &str)> = latest.iter().copied().map(entry).collect();
    let entries = latest.iter().zip(&titles).map(|(listed, (title, author))| Entry {
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

/// Pages of the list that hold the latest contributions together: more than one page has.
async fn pages(visit: &Visit, review: &CurrentReview, filter: &Filter) -> Result<Vec<Arc<Listing>>, Failure> {
    let mut pages: Vec<Arc<Listing>> = Vec::new();
    let mut found = 0;
    while found < LATEST {
        let after = match pages.last().map(|page| page.next.as_deref()) {
            Some(None) => break,
            Some(next) => next,
            None => None,
        };
        let page = visit.app.service.list(review, filter, after, LATEST - found).await?;
        found += page.items.len();
        pages.push(page);
    }
    Ok(pages)
}

/// What stands on the pages, the newest first: a search gives the best matches first.
fn newest_first(pages: &[Arc<Listing>]) -> Vec<&Listed> {
    let mut latest: Vec<&Listed> = pages.iter().flat_map(|page| &page.items).collect();
    latest.sort_by_key(|listed| std::cmp::Reverse(listed.contribution.published_at));
    latest
}
