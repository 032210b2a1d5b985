//! What has been published: a list to read, to narrow down and to search.

use askama::Template;
use axum::extract::Path;
use domain::{Fields, Line, RespondentKind, Review, Verdict};
use service::{CurrentReview, Filter, Listing};

use crate::error::Outcome;
use crate::frame::{Frame, Section, public};
use crate::shown::{Item, item, kind_word};
use crate::visit::Visit;

/// How many contributions stand on a page.
const PAGE: usize = 15;

#[derive(Template)]
#[template(path = "contributions.html")]
pub(crate) struct ListPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a Review,
    pub(super) filter: &'a Filter,
    pub(super) items: Vec<Item<'a>>,
    pub(super) total: Option<i64>,
    /// The address of the next page.
    pub(super) more: Option<String>,
    /// Whether this is not the first page.
    pub(super) further: bool,
}

impl ListPage<'_> {
    fn words(&self) -> &str {
        self.filter.words.as_deref().unwrap_or_default()
    }

    fn is_call(&self, call: &domain::Slug) -> bool {
        self.filter.call.as_ref() == Some(call)
    }

    /// Kinds of respondent with their words, and whether they are chosen.
    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let locale = self.frame.locale;
        let option = |kind: &RespondentKind| (kind.as_str(), kind_word(locale, *kind), self.filter.kind == Some(*kind));
        RespondentKind::ALL.iter().map(option).collect()
    }

    /// Verdicts with their words, and whether they are chosen.
    fn verdicts(&self) -> Vec<(&'static str, &'static str, bool)> {
        let locale = self.frame.locale;
        let option = |verdict: &Verdict| {
            (verdict.as_str(), locale.word("verdict", verdict.as_str()), self.filter.verdict == Some(*verdict))
        };
        Verdict::ALL.iter().map(option).collect()
    }

    /// Whether anything narrows the list down.
    fn narrowed(&self) -> bool {
        *self.filter != Filter::default()
    }
}

/// `GET /r/{review}/contributions`
pub(crate) async fn list(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let asked = visit.asked();
    let filter = filter(&asked);
    let after = asked.get("after");
    let listing = visit.app.service.list(&review, &filter, after, PAGE).await?;
    public(&page(visit.frame(Some(&review)), &review, &filter, &listing, after.is_some()))
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    filter: &'a Filter,
    listing: &'a Listing,
    further: bool,
) -> ListPage<'a> {
    let title = match &filter.words {
        Some(words) => frame.with("title-found", "words", words),
        None if further => frame.t("title-more").to_owned(),
        None => frame.t("nav-read").to_owned(),
    };
    let base = format!("{}/contributions", frame.base);
    let more = |next: &String| {
        let mut query = query(filter);
        query.append_pair("after", next);
        format!("{base}?{}", query.finish())
    };
    frame.feed = Some(with_query(&format!("{base}.atom"), filter));
    ListPage {
        review: &review.definition,
        items: listing.items.iter().map(|listed| item(frame.locale, review, listed)).collect(),
        total: listing.total.and_then(|total| i64::try_from(total).ok()),
        more: listing.next.as_ref().map(more),
        frame: frame.titled(&[&title], Section::Read),
        filter,
        further,
    }
}

/// What somebody asks for; what cannot be meant narrows nothing down.
pub(super) fn filter(asked: &Fields) -> Filter {
    Filter {
        call: asked.get("call").and_then(|word| word.parse().ok()),
        kind: asked.get("kind").and_then(|word| word.parse().ok()),
        verdict: asked.get("verdict").and_then(|word| word.parse().ok()),
        words: asked.get("q").and_then(|words| words.parse::<Line>().ok()).map(|words| words.as_str().to_owned()),
    }
}

/// The address with what narrows the list down.
pub(super) fn with_query(address: &str, filter: &Filter) -> String {
    let query = query(filter).finish();
    if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") }
}

fn query(filter: &Filter) -> form_urlencoded::Serializer<'static, String> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let pairs = [
        ("q", filter.words.as_deref()),
        ("call", filter.call.as_ref().map(domain::Slug::as_str)),
        ("kind", filter.kind.map(RespondentKind::as_str)),
        ("verdict", filter.verdict.map(Verdict::as_str)),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query
}
