//! One published contribution, to be read, and how it is cited.

use std::ops::Range;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::{Call, Contribution, Filter, Publishable, Reference};
use service::{CurrentReview, Neighbour, Neighbours};

use crate::error::{Failure, Outcome};
use crate::exit;
use crate::frame::{Frame, Section, private, public};
use crate::page::narrowing::with_query;
use crate::page::reading::asked;
use crate::passage::{self, Read};
use crate::shown::{self, Shown};
use crate::visit::Visit;

/// From so many minutes on, a contribution begins with a list of what is in it.
const LONG: i64 = 3;

#[derive(Template)]
#[template(path = "contribution.html")]
pub(crate) struct ContributionPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) contribution: Shown<'a>,
    /// The call that it answers, and those that it speaks to besides.
    pub(super) calls: Vec<&'a Call>,
    pub(super) heading: String,
    /// Whether the heading is in its author's words.
    pub(super) own_heading: bool,
    pub(super) who: Vec<String>,
    /// The verdicts of its examples, each once.
    pub(super) verdicts: Vec<(&'static str, &'static str)>,
    pub(super) channel: &'static str,
    pub(super) release: &'static str,
    pub(super) answers: Vec<Read<'a>>,
    /// How many minutes it takes to read.
    pub(super) minutes: i64,
    /// Where it stands in the list that it was found in.
    pub(super) around: Around,
}

/// The addresses around a contribution.
#[derive(Default)]
pub(crate) struct Around {
    /// The list that it was found in.
    pub list: String,
    /// What stands before it.
    pub previous: Option<String>,
    /// What stands after it.
    pub next: Option<String>,
    /// Whether the list is a part of what has been published.
    pub narrowed: bool,
}

impl ContributionPage<'_> {
    fn long(&self) -> bool {
        self.minutes >= LONG && self.answers.len() > 1
    }
}

/// Where a contribution is read if its reference is not written as we write it; `below` is what follows it in the address.
pub(super) fn elsewhere(visit: &Visit, review: &CurrentReview, written: &str, below: &str) -> Result<Found, Failure> {
    let reference: Reference = written.parse().map_err(|_| Failure::NotFound)?;
    if reference.as_str() == written {
        return Ok(Found::Here(reference));
    }
    let query = visit.query.as_deref().map(|query| format!("?{query}")).unwrap_or_default();
    let canonical = format!("/r/{}/contributions/{reference}{below}{query}", review.slug);
    Ok(Found::Elsewhere(visit.locale.link(&canonical)))
}

/// Where a contribution is read.
pub(super) enum Found {
    /// Here.
    Here(Reference),
    /// At that address.
    Elsewhere(String),
}

/// `GET /r/{review}/contributions/{reference}`
pub(crate) async fn show(visit: Visit, Path((review, written)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let reference = match elsewhere(&visit, &review, &written, "")? {
        Found::Here(reference) => reference,
        Found::Elsewhere(address) => return Ok(Redirect::permanent(&address).into_response()),
    };
    let contribution = visit.app.service.published(&review, &reference).await?;
    let asked = visit.asked();
    let (filter, place) = (Filter::asked(&asked), asked.get("at").and_then(|at| at.parse().ok()));
    let neighbours = visit.app.service.neighbours(&review, &filter, &contribution, place).await?;
    let frame = visit.frame(Some(&review));
    let around = around(&frame, &filter, &neighbours);
    let hits = |text: &str| visit.app.service.hits(&filter, text);
    let page = page(frame, &review, &contribution, around, &hits);
    kept_or_not(page.frame.exit.is_some(), &page)
}

/// A page that everybody sees alike; of a sensitive one no cache keeps a copy.
pub(super) fn kept_or_not(sensitive: bool, page: &impl Template) -> Outcome {
    if sensitive { private(StatusCode::OK, page) } else { public(page) }
}

/// A page on which something stands that was said to a sensitive call has a way out, as the call has, and search engines keep no
/// copy of it.
pub(super) fn hidden<'a, 'c>(
    mut frame: Frame<'a>,
    review: &CurrentReview,
    shown: impl IntoIterator<Item = &'c Contribution>,
) -> Frame<'a> {
    if shown.into_iter().any(|given| is_sensitive(review, given)) {
        frame.exit = Some(exit::address(review));
        frame.listed = false;
    }
    frame
}

/// Whether it was said to a sensitive call.
pub(super) fn is_sensitive(review: &CurrentReview, given: &Contribution) -> bool {
    let mut calls = std::iter::once(&given.call).chain(&given.content.also);
    calls.any(|id| review.call(id.as_str()).is_some_and(|call| call.sensitive))
}

fn around(frame: &Frame<'_>, filter: &Filter, neighbours: &Neighbours) -> Around {
    let base = format!("{}/contributions", frame.base);
    // Only the gallery asks for whatever has an example.
    let gallery = || with_query(&format!("{}/examples", frame.base), &Filter { example: false, ..filter.clone() });
    let address =
        |near: &Option<Neighbour>| near.as_ref().map(|n| format!("{base}/{}{}", n.reference, asked(filter, n.place)));
    Around {
        previous: address(&neighbours.previous),
        next: address(&neighbours.next),
        list: if filter.example { gallery() } else { with_query(&base, filter) },
        narrowed: !filter.is_empty(),
    }
}

/// The page; it takes only what may be shown.
pub(super) fn page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    contribution: &'a Publishable<Contribution>,
    around: Around,
    hits: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> ContributionPage<'a> {
    let locale = frame.locale;
    let contribution = Shown::new(contribution);
    let call = review.call(contribution.call.as_str());
    let also = contribution.contribution().content.also.iter().filter_map(|id| review.definition.call(id.as_str()));
    let (heading, own_heading) = contribution.heading(locale, review);
    let reference = contribution.contribution().reference.as_str();
    let calls: Vec<&Call> = call.into_iter().chain(also).collect();
    let frame = hidden(frame, review, [contribution.contribution()]);
    let mut verdicts: Vec<_> = contribution.examples().map(|example| example.verdict).collect();
    verdicts.sort_unstable();
    verdicts.dedup();
    let frame = frame.described(&contribution.contribution().opening().excerpt);
    ContributionPage {
        who: contribution.who(locale),
        verdicts: verdicts.into_iter().map(|verdict| shown::verdict(locale, verdict)).collect(),
        channel: locale.word("channel", contribution.channel.as_str()),
        release: locale.word("release-shown", contribution.release.as_str()),
        answers: passage::answers(locale, call, contribution, hits),
        minutes: passage::minutes(contribution),
        frame: frame.titled(&[&heading, reference], Section::Read),
        calls,
        contribution,
        heading,
        own_heading,
        around,
    }
}
