//! What crawlers ask first: where they may go, and which pages there are.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use domain::{Day, Reference};
use service::CurrentReview;

use crate::error::Outcome;
use crate::locale::Locale;
use crate::preview::{OF_A_CALL, PAGES};
use crate::visit::Visit;

/// So many of the newest contributions are named; the pages of the list lead to the others. A sitemap holds 50,000 at most.
const NEWEST: i64 = 10_000;

/// The sitemaps there are (the sitemaps.org protocol, version 0.9).
#[derive(Template)]
#[template(path = "sitemaps.xml")]
struct Sitemaps {
    addresses: Vec<String>,
}

/// The pages of a review.
#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Sitemap {
    /// Each page, with the same page in every language.
    pages: Vec<(String, Vec<(&'static str, String)>)>,
    /// The addresses of contributions, and the days on which they were published.
    contributions: Vec<(String, Day)>,
}

/// `GET /sitemap.xml`
pub(crate) async fn all(visit: Visit) -> Outcome {
    let origin = visit.origin();
    let reviews = visit.app.service.reviews().await?;
    let addresses = reviews.iter().map(|review| format!("{origin}/r/{}/sitemap.xml", review.slug));
    xml(&Sitemaps { addresses: addresses.collect() })
}

/// `GET /r/{review}/sitemap.xml`
pub(crate) async fn of_review(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let newest = visit.app.service.newest_references(&review, NEWEST).await?;
    xml(&sitemap(&visit.origin(), &review, &newest))
}

/// `GET /robots.txt`. What is only disallowed may still be listed by its address, so receipts, drafts and forms say `noindex`
/// themselves; disallowed is what leads crawlers round in circles, or carries a token.
pub(crate) async fn robots(visit: Visit) -> String {
    let marks: Vec<String> = Locale::all().map(|locale| locale.link("/r/*")).collect();
    let below = ["contributions?", "examples?", "receipt", "newsletter/", "calls/*/answer/", "calls/*/files/"];
    let closed: String = marks.iter().flat_map(|mark| below.map(|path| format!("Disallow: {mark}/{path}\n"))).collect();
    format!("User-agent: *\n{closed}Disallow: /metrics\nSitemap: {}/sitemap.xml\n", visit.origin())
}

fn sitemap(origin: &str, review: &CurrentReview, newest: &[(Reference, jiff::Timestamp)]) -> Sitemap {
    let spoken: Vec<Locale> =
        Locale::all().filter(|locale| locale.added() || review.languages.contains(locale.language())).collect();
    let base = format!("/r/{}", review.slug);
    let mut paths = vec![base.clone()];
    paths.extend(PAGES.map(|page| format!("{base}/{page}")));
    for call in &review.calls {
        paths.push(format!("{base}/calls/{}", call.id));
        paths.extend(OF_A_CALL.map(|page| format!("{base}/calls/{}/{page}", call.id)));
    }
    let pages = paths.iter().flat_map(|path| {
        let all: Vec<_> =
            spoken.iter().map(|locale| (locale.tag(), format!("{origin}{}", locale.link(path)))).collect();
        let each = all.clone().into_iter();
        each.map(move |(_, address)| (address, all.clone()))
    });
    let contribution = |(reference, at): &(Reference, jiff::Timestamp)| {
        (format!("{origin}{base}/contributions/{reference}"), Day::of(*at, &review.timezone))
    };
    Sitemap { pages: pages.collect(), contributions: newest.iter().map(contribution).collect() }
}

fn xml(page: &impl Template) -> Outcome {
    let headers =
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((headers, page.render()?).into_response())
}
