//! What has been published: a list to read, to narrow down and to search.

use askama::Template;
use axum::extract::Path;
use domain::{Channel, Filter, Form, RespondentKind, Review, Verdict};
use service::{CurrentReview, Listing};

use crate::error::Outcome;
use crate::frame::{Frame, Section};
use crate::page::contribution::{self, kept_or_not};
use crate::page::narrowing::{Chip, chips, language_word, offered, query, titled, typed, unread, with_query};
use crate::shown::{Item, Shown, item, kind_word};
use crate::visit::Visit;

/// How many contributions stand on a page.
const PAGE: usize = 10;

/// The options of a list to choose from: value, words, and whether it is chosen.
type Options = Vec<(String, String, bool)>;

#[derive(Template)]
#[template(path = "contributions.html")]
pub(crate) struct ListPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a Review,
    pub(super) filter: &'a Filter,
    pub(super) chips: Vec<Chip<'a>>,
    pub(super) items: Vec<Item<'a>>,
    pub(super) total: Option<i64>,
    /// The address of the next page.
    pub(super) more: Option<String>,
    /// Whether this is not the first page.
    pub(super) further: bool,
    /// What may have been meant where nothing is found: the words, and the address at which they find something.
    pub(super) meant: Option<(String, String)>,
    /// What of the address was not understood.
    pub(super) unread: Option<String>,
}

impl ListPage<'_> {
    fn words(&self) -> &str {
        self.filter.words.as_ref().map(domain::Line::as_str).unwrap_or_default()
    }

    fn is_call(&self, call: &domain::Slug) -> bool {
        self.filter.call.as_ref() == Some(call)
    }

    fn kinds(&self) -> Options {
        let kind = |kind: RespondentKind| kind_word(self.frame.locale, kind);
        options(RespondentKind::ALL, self.filter.kind, RespondentKind::as_str, kind)
    }

    fn verdicts(&self) -> Options {
        let word = |verdict: Verdict| self.frame.locale.word("verdict", verdict.as_str());
        options(Verdict::ALL, self.filter.verdict, Verdict::as_str, word)
    }

    fn channels(&self) -> Options {
        let word = |channel: Channel| self.frame.locale.word("channel", channel.as_str());
        options(Channel::ALL, self.filter.channel, Channel::as_str, word)
    }

    /// The languages of the review, and the one that is asked for.
    fn languages(&self) -> Options {
        let asked = self.filter.language.as_ref().filter(|asked| !self.review.languages.contains(asked));
        let all = self.review.languages.iter().chain(asked);
        all.map(|language| {
            let chosen = self.filter.language.as_ref() == Some(language);
            (language.to_string(), language_word(&self.frame, language.as_str()), chosen)
        })
        .collect()
    }

    /// Whether any call asks for stories.
    fn has_stories(&self) -> bool {
        self.review.calls.iter().any(|call| call.form == Form::Story)
    }

    fn forms(&self) -> Options {
        let word = |form: Form| self.frame.locale.word("form", form.as_str());
        options(Form::ALL, self.filter.form, Form::as_str, word)
    }

    /// What was typed into a field.
    fn typed(&self, name: &str) -> String {
        typed(self.frame.locale, self.review, self.filter, name)
    }

    /// Whether something is asked for that stands in the folded part of the form.
    fn unfolded(&self) -> bool {
        const ALWAYS_SEEN: [&str; 4] = ["q", "call", "kind", "verdict"];
        self.filter.pairs().iter().any(|(name, _)| !ALWAYS_SEEN.contains(name))
    }
}

fn options<T: Copy + PartialEq>(
    all: &[T],
    chosen: Option<T>,
    value: impl Fn(T) -> &'static str,
    word: impl Fn(T) -> &'static str,
) -> Options {
    all.iter().map(|one| (value(*one).to_owned(), word(*one).to_owned(), chosen == Some(*one))).collect()
}

/// `GET /r/{review}/contributions`
pub(crate) async fn list(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let asked = visit.asked();
    let filter = Filter::asked(&asked);
    let after = asked.get("after");
    let listing = visit.app.service.list(&review, &filter, after, PAGE).await?;
    let mut page = page(visit.frame(Some(&review)), &review, &filter, &listing, after.is_some());
    page.unread = unread(&filter, &asked);
    if page.items.is_empty() && after.is_none() {
        let meant = visit.app.service.meant(&review, &filter).await?;
        page.meant = meant.and_then(|meant| offered(&format!("{}/contributions", page.frame.base), &meant));
    }
    kept_or_not(page.frame.exit.is_some(), &page)
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
    let chips = chips(&frame, &review.definition, filter, &base);
    let title = titled(&title, chips.iter().filter(|chip| chip.name != "q"), review, listing);
    let more = |next: &String| {
        let mut query = query(filter);
        query.append_pair("after", next);
        format!("{base}?{}", query.finish())
    };
    frame.feed = Some(with_query(&format!("{base}.atom"), filter));
    ListPage {
        review: &review.definition,
        chips,
        items: listing.items.iter().map(|listed| found(&frame, review, filter, listed)).collect(),
        total: listing.total.and_then(|total| i64::try_from(total).ok()),
        more: listing.next.as_ref().map(more),
        frame: contribution::hidden(frame.titled(&[&title], Section::Read), review, shown(listing)),
        filter,
        further,
        meant: None,
        unread: None,
    }
}

/// What stands in a list.
pub(super) fn shown(listing: &Listing) -> impl Iterator<Item = &domain::Contribution> {
    listing.items.iter().map(|listed| Shown::new(&listed.contribution).contribution())
}

/// A contribution in a list that can be gone on with from its page.
pub(super) fn found<'a>(
    frame: &Frame<'_>,
    review: &'a CurrentReview,
    filter: &Filter,
    listed: &'a service::Listed,
) -> Item<'a> {
    Item { asked: asked(filter, listed.place), ..item(frame.locale, review, listed) }
}

/// The end of the address of a contribution in a list, with its place in a search.
pub(super) fn asked(filter: &Filter, place: Option<usize>) -> String {
    if filter.is_empty() {
        return String::new();
    }
    let mut query = query(filter);
    if let Some(place) = place {
        query.append_pair("at", &place.to_string());
    }
    format!("?{}", query.finish())
}
