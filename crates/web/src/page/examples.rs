//! The gallery: what works and what failed, example by example.

use askama::Template;
use axum::extract::Path;
use domain::filter::Sought;
use domain::{Example, Filter, Slug, Verdict};
use service::{CurrentReview, Listed, Listing};

use crate::error::Outcome;
use crate::frame::{Frame, Section};
use crate::page::contribution::{self, kept_or_not};
use crate::page::narrowing::{Chip, chips, offered, query, titled, typed, unread, with_query};
use crate::page::reading::{self, asked};
use crate::shown::named::{About, Calling};
use crate::shown::{self, Shown};
use crate::visit::Visit;

/// How many contributions stand on a page.
const PAGE: usize = 12;
/// The most code points that a card tells of what happened.
const EXCERPT: usize = 220;

#[derive(Template)]
#[template(path = "examples.html")]
pub(crate) struct ExamplesPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a CurrentReview,
    pub(super) filter: &'a Filter,
    /// The ways to look at them: words, address, how many, and whether it is this one.
    pub(super) views: Vec<(&'a str, String, i64, bool)>,
    pub(super) chips: Vec<Chip<'a>>,
    pub(super) cards: Vec<Card<'a>>,
    pub(super) total: Option<i64>,
    pub(super) more: Option<String>,
    pub(super) further: bool,
    /// What may have been meant where nothing is found: the words, and the address at which they find something.
    pub(super) meant: Option<(String, String)>,
    /// What of the address was not understood.
    pub(super) unread: Option<String>,
}

/// An example.
pub(crate) struct Card<'a> {
    /// What it stands in.
    pub contribution: Shown<'a>,
    /// The question that it answers.
    pub question: &'a Slug,
    /// The example.
    pub example: &'a Example,
    /// What it is about.
    pub about: About<'a>,
    /// The name of the shape of its verdict, and its word.
    pub verdict: (&'static str, &'static str),
    /// How its story begins.
    pub excerpt: String,
    /// What the address of the contribution ends in.
    pub asked: String,
}

impl ExamplesPage<'_> {
    /// What was typed into a field.
    fn typed(&self, name: &str) -> String {
        typed(self.frame.locale, self.review, self.filter, name)
    }

    /// What narrows the gallery down and has no field in its form.
    fn kept(&self) -> Vec<(&'static str, String)> {
        self.filter.pairs().into_iter().filter(|(name, _)| !["q", "service", "place"].contains(name)).collect()
    }
}

/// `GET /r/{review}/examples`
pub(crate) async fn list(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let asked = visit.asked();
    let filter = Filter::asked(&asked);
    let with_example = Filter { example: true, ..filter.clone() };
    let after = asked.get("after");
    let listing = visit.app.service.list(&review, &with_example, after, PAGE).await?;
    let mut counts = Vec::new();
    for view in views(&filter) {
        let view = Filter { example: true, ..view };
        counts.push(i64::try_from(visit.app.service.how_many(&review, &view).await?).unwrap_or(i64::MAX));
    }
    let mut page = page(visit.frame(Some(&review)), &review, &filter, &listing, &counts, after.is_some());
    page.unread = unread(&filter, &asked);
    if page.cards.is_empty() && after.is_none() {
        let meant = visit.app.service.meant(&review, &with_example).await?;
        let meant = meant.map(|meant| Filter { example: filter.example, ..meant });
        page.meant = meant.and_then(|meant| offered(&format!("{}/examples", page.frame.base), &meant));
    }
    kept_or_not(page.frame.exit.is_some(), &page)
}

/// What the views are called, in their order.
const VIEWS: [&str; 5] = ["gallery-all", "gallery-works", "gallery-failed", "gallery-mixed", "gallery-models"];

/// All of them, by verdict, and the models, each narrowed down by everything else that is asked.
fn views(filter: &Filter) -> Vec<Filter> {
    let all = Filter { verdict: None, model: false, ..filter.clone() };
    let by_verdict = Verdict::ALL.iter().map(|verdict| Filter { verdict: Some(*verdict), ..all.clone() });
    let models = Filter { model: true, ..all.clone() };
    std::iter::once(all.clone()).chain(by_verdict).chain([models]).collect()
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    filter: &'a Filter,
    listing: &'a Listing,
    counts: &[i64],
    further: bool,
) -> ExamplesPage<'a> {
    let base = format!("{}/examples", frame.base);
    let sought = filter.sought(&review.lists);
    let views = views(filter).into_iter().zip(VIEWS).zip(counts);
    let views = views.map(|((view, key), count)| (key, with_query(&base, &view), *count, view == *filter)).collect();
    let more = |next: &String| {
        let mut query = query(filter);
        query.append_pair("after", next);
        format!("{base}?{}", query.finish())
    };
    let with_example = Filter { example: true, ..filter.clone() };
    frame.feed = Some(with_query(&format!("{}/contributions.atom", frame.base), &with_example));
    let text = frame.t("gallery-text");
    let title = if further { frame.t("gallery-more") } else { frame.t("gallery") };
    let chips = chips(&frame, &review.definition, filter, &base);
    let title = titled(title, &chips, review, listing);
    ExamplesPage {
        // Verdicts and models have links of their own.
        chips: chips.into_iter().filter(|chip| !chip.is_view()).collect(),
        cards: listing.items.iter().flat_map(|listed| cards(&frame, review, &sought, listed)).collect(),
        total: listing.total.and_then(|total| i64::try_from(total).ok()),
        more: listing.next.as_ref().map(more),
        frame: contribution::hidden(frame.titled(&[&title], Section::Read), review, reading::shown(listing))
            .described(text),
        review,
        filter,
        views,
        further,
        meant: None,
        unread: None,
    }
}

/// The examples of a contribution that are asked for; its first, if none of them fits by itself.
fn cards<'a>(frame: &Frame<'_>, review: &'a CurrentReview, sought: &Sought<'_>, listed: &'a Listed) -> Vec<Card<'a>> {
    let contribution = Shown::new(&listed.contribution);
    let calling = Calling { locale: frame.locale, lists: &review.lists, author: &listed.contribution.language };
    let list = Filter { example: true, ..sought.filter.clone() };
    let card = |(question, example): (&'a Slug, &'a Example)| Card {
        verdict: shown::verdict(frame.locale, example.verdict),
        excerpt: domain::contribution::shortened(&example.happened, EXCERPT).into_owned(),
        asked: asked(&list, listed.place),
        contribution,
        question,
        example,
        about: calling.about(example),
    };
    let all = || contribution.contribution().examples_by_question();
    let fitting: Vec<Card<'a>> = all().filter(|(_, example)| sought.fits(example)).map(card).collect();
    if fitting.is_empty() { all().take(1).map(card).collect() } else { fitting }
}
