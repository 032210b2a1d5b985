//! The first page of a review: what it asks, what is open, how far it is, and what it is hearing.

use askama::Template;
use axum::extract::Path;
use domain::{Day, Form, Review, Slug};
use service::{CurrentReview, Filter, Listed, Tally};

use crate::error::Outcome;
use crate::frame::{Frame, Section};
use crate::page::call::{Card, cards};
use crate::page::contribution::{self, kept_or_not};
use crate::shown::{Item, Shown, item};
use crate::visit::Visit;

/// How many contributions the page shows.
const LATEST: usize = 3;

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct HomePage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a Review,
    /// Numbers with what they count.
    pub(super) facts: Vec<(String, String)>,
    pub(super) steps: Vec<Step<'a>>,
    pub(super) open: Vec<Card<'a>>,
    /// The open call that asks for stories, if there is one.
    pub(super) story: Option<&'a Slug>,
    pub(super) other: Vec<Card<'a>>,
    pub(super) latest: Vec<Item<'a>>,
    pub(super) published: i64,
    /// Whether everything has just been closed on this device.
    pub(super) closed: bool,
}

/// A stage of the timetable as of today.
pub(crate) struct Step<'a> {
    /// The stage.
    pub stage: &'a domain::review::Stage,
    /// `is-done`, `is-now` or nothing.
    pub class: &'static str,
    /// The same in words.
    pub state: &'static str,
}

/// `GET /r/{review}`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let tally = visit.app.service.tally(review.id).await?;
    let latest = visit.app.service.list(&review, &Filter::default(), None, LATEST).await?;
    let page = home_page(visit.frame(Some(&review)), &review, &tally, &latest.items);
    let page = HomePage { closed: visit.asked().get("closed").is_some(), ..page };
    kept_or_not(page.frame.exit.is_some(), &page)
}

pub(super) fn home_page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    tally: &Tally,
    latest: &'a [Listed],
) -> HomePage<'a> {
    let (open, other): (Vec<_>, Vec<_>) =
        cards(&frame, review).into_iter().partition(|card| card.status.takes_evidence());
    let title = frame.t("nav-home");
    // What was said to sensitive calls stands behind a way out, and the home page is for everybody who passes by.
    let latest = latest
        .iter()
        .filter(|listed| !contribution::is_sensitive(review, Shown::new(&listed.contribution).contribution()));
    HomePage {
        story: open.iter().map(|card| card.call).find(|call| call.form == Form::Story).map(|call| &call.id),
        facts: facts(&frame, review, tally, open.len()),
        steps: steps(&frame, review),
        latest: latest.map(|listed| item(frame.locale, review, listed)).collect(),
        published: tally.all().published,
        closed: false,
        frame: frame.titled(&[title], Section::Home),
        review: &review.definition,
        open,
        other,
    }
}

/// Only what says something: a review that has just begun does not boast of nothing.
fn facts(frame: &Frame<'_>, review: &Review, tally: &Tally, open: usize) -> Vec<(String, String)> {
    // What is said to sensitive calls is in no number that everybody sees: see `service::heard`.
    let is_sensitive = |call: &Slug| review.calls.iter().any(|one| one.id == *call && one.sensitive);
    let received = tally.calls.iter().filter(|(call, _)| !is_sensitive(call)).map(|(_, counts)| counts.received).sum();
    let all = tally.all();
    let open = i64::try_from(open).unwrap_or(0);
    let mut facts = Vec::new();
    for (number, key) in [(received, "fact-received"), (all.published, "fact-published"), (open, "fact-open")] {
        if number > 0 {
            facts.push((frame.number(&number), frame.count(key, &number)));
        }
    }
    let today = Day::of(frame.now, &review.timezone);
    let closing = review.calls.iter().filter(|call| call.opens <= today && today <= call.closes);
    if let Some(closes) = closing.map(|call| call.closes).min() {
        facts.push(match today.days_until(closes) {
            0 => (frame.t("fact-today").to_owned(), frame.t("fact-last-day").to_owned()),
            days => (frame.count("days", &days.into()), frame.t("fact-until-close").to_owned()),
        });
    }
    facts
}

/// The stages, with how far they are today. A stage without an end lasts until the next one begins.
pub(super) fn steps<'a>(frame: &Frame<'_>, review: &'a CurrentReview) -> Vec<Step<'a>> {
    let today = Day::of(frame.now, &review.timezone);
    let stages = &review.definition.stages;
    let step = |(at, stage): (usize, &'a domain::review::Stage)| {
        let next = stages.get(at + 1).map(|next| next.from.plus(-1));
        let last = stage.until.or(next).unwrap_or(stage.from).max(stage.from);
        let (class, state) = if last < today {
            ("is-done", frame.locale.word("step", "done"))
        } else if stage.from <= today {
            ("is-now", frame.locale.word("step", "now"))
        } else {
            ("", frame.locale.word("step", "next"))
        };
        Step { stage, class, state }
    };
    stages.iter().enumerate().map(step).collect()
}
