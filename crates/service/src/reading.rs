//! Reading what has been published: lists, search, single contributions, and how many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::publishable;
use domain::question::Lists;
use domain::{Contribution, Filter, Happened, Opening, Publishable, Reference, ReviewId, Slug, Unpublishable};
use jiff::Timestamp;
use store::contribution::PAGE;
use store::search::{DEEPEST, From, Search, Wanted};
pub use store::tally::Counts;

use crate::{CurrentReview, Error, Result, Service};

/// How many code points around the words that were searched for are shown.
const SNIPPET: usize = 170;

/// One published contribution in a list.
#[derive(Debug)]
pub struct Listed {
    /// The contribution.
    pub contribution: Publishable<Contribution>,
    /// How it begins.
    pub opening: Opening,
    /// Where the words that were searched for stand in it: pieces of text, and whether each is a hit.
    pub snippet: Option<Vec<(String, bool)>>,
    /// Which of its examples is shown, from 0: the first that was asked for, or none if other answers were.
    pub example: Option<usize>,
    /// The questions whose answers name the service and the place that were asked for, where no example does.
    pub names: Vec<Slug>,
    /// Its place in a search, from 0, where the best match stands first.
    pub place: Option<usize>,
}

/// A page of a list, the newest first; of a search, the best match first.
#[derive(Debug, Default)]
pub struct Listing {
    /// What stands on this page.
    pub items: Vec<Listed>,
    /// The value of `after` that leads to the next page.
    pub next: Option<String>,
    /// How many there are on all pages, where that is known.
    pub total: Option<u64>,
}

/// How many contributions there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// By call.
    pub calls: BTreeMap<Slug, Counts>,
}

impl Tally {
    /// The sums over all calls.
    pub fn all(&self) -> Counts {
        self.calls.values().fold(Counts::default(), |sum, counts| Counts {
            received: sum.received + counts.received,
            published: sum.published + counts.published,
            withdrawn: sum.withdrawn + counts.withdrawn,
        })
    }
}

/// What stands beside a contribution in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Which.
    pub reference: Reference,
    /// Its place in a search, from 0.
    pub place: Option<usize>,
}

/// What stands before and after a contribution in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Nearer to the top of the list.
    pub previous: Option<Neighbour>,
    /// Further down.
    pub next: Option<Neighbour>,
}

impl Service {
    /// A page of published contributions. `after` is what the page before gave as [`Listing::next`]; anything else is
    /// taken as the beginning. At most [`store::contribution::PAGE`] on a page.
    pub async fn list(
        &self,
        review: &CurrentReview,
        filter: &Filter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Arc<Listing>> {
        let limit = limit.clamp(1, PAGE);
        match after {
            _ if !filter.is_empty() => self.find(review, filter, after, limit).await.map(Arc::new),
            // The page that everybody opens is read once a second.
            None => self.newest_pages.get(&(review.id, limit), self.newest(review, None, limit)).await,
            Some(_) => self.newest(review, after, limit).await.map(Arc::new),
        }
    }

    async fn newest(&self, review: &CurrentReview, after: Option<&str>, limit: usize) -> Result<Listing> {
        let after = after.and_then(|cursor| cursor.split_once('.'));
        let after =
            after.and_then(|(moment, reference)| Some((moment.parse().ok()?, reference.parse::<Reference>().ok()?)));
        let after = after.as_ref().map(|(moment, reference)| (*moment, reference.as_str()));
        let mut rows = self.db.published(review.id, after, i64::try_from(limit + 1).unwrap_or(i64::MAX)).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).and_then(cursor);
        let total = self.tally(review.id).await?.all().published;
        Ok(Listing {
            items: shown(rows, &review.lists, &Filter::default(), None, |_| Ok(None))?,
            next,
            total: u64::try_from(total).ok(),
        })
    }

    async fn find(
        &self,
        review: &CurrentReview,
        filter: &Filter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Listing> {
        let number = after.and_then(|cursor| cursor.split('.').next()?.parse::<i64>().ok());
        let from = match number {
            Some(number) if filter.words.is_some() => From::Skip(usize::try_from(number).unwrap_or(0)),
            Some(number) => From::Before(number),
            None => From::Beginning,
        };
        let found = self.search(review, filter, move |search, wanted| search.find(wanted, from, limit)).await?;
        let rows = self.db.contributions(review.id, &found.ids).await?;
        let skipped = if let From::Skip(skipped) = from { skipped } else { 0 };
        let next = match (&filter.words, found.last) {
            _ if !found.more => None,
            (Some(_), _) => Some(skipped + limit).filter(|reached| *reached < DEEPEST).map(|n| n.to_string()),
            (None, moment) => moment.map(|moment| moment.to_string()),
        };
        let place = filter.words.is_some().then_some(skipped);
        let snippet = |contribution: &Contribution| match (&filter.words, &self.search) {
            (Some(words), Some(search)) => Ok(search.snippet(words, &contribution.own_words().join("\n"), SNIPPET)?),
            _ => Ok(None),
        };
        Ok(Listing {
            items: shown(rows, &review.lists, filter, place, snippet)?,
            next,
            total: Some(found.total as u64),
        })
    }

    /// The newest published contributions of that kind, the newest first.
    pub async fn latest(&self, review: &CurrentReview, filter: &Filter, limit: usize) -> Result<Vec<Listed>> {
        if filter.is_empty() {
            let rows = self.db.published(review.id, None, i64::try_from(limit).unwrap_or(i64::MAX)).await?;
            return shown(rows, &review.lists, filter, None, |_| Ok(None));
        }
        let ids = self.search(review, filter, move |search, wanted| search.latest(wanted, limit)).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for page in ids.chunks(PAGE) {
            rows.extend(self.db.contributions(review.id, page).await?);
        }
        shown(rows, &review.lists, filter, None, |_| Ok(None))
    }

    /// Where the words of a search stand in a text, in bytes.
    pub fn hits(&self, filter: &Filter, text: &str) -> Vec<std::ops::Range<usize>> {
        match (&filter.words, &self.search) {
            (Some(words), Some(search)) => search.hits(words, text),
            _ => vec![],
        }
    }

    /// What was published last, and when, for those who list it by address; nothing of calls that are sensitive.
    pub async fn newest_references(&self, review: &CurrentReview, limit: i64) -> Result<Vec<(Reference, Timestamp)>> {
        let open = |call: &Slug| !review.sensitive && review.call(call.as_str()).is_some_and(|call| !call.sensitive);
        let newest = self.db.newest_references(review.id, limit).await?;
        Ok(newest.into_iter().filter(|(_, _, call)| open(call)).map(|(reference, at, _)| (reference, at)).collect())
    }

    /// The same filter with words that were meant, where its own find nothing.
    pub async fn meant(&self, review: &CurrentReview, filter: &Filter) -> Result<Option<Filter>> {
        if filter.words.is_none() {
            return self.in_other_words(review, filter).await;
        }
        let words = self.search(review, filter, Search::meant).await?.and_then(|words| words.parse().ok());
        Ok(words.map(|words| Filter { words: Some(words), ..filter.clone() }))
    }

    /// The name of a service or a place that is nobody's, as words that somebody said.
    async fn in_other_words(&self, review: &CurrentReview, filter: &Filter) -> Result<Option<Filter>> {
        let without_service = filter.service.clone().map(|words| (words, Filter { service: None, ..filter.clone() }));
        let without_place = filter.place.clone().map(|words| (words, Filter { place: None, ..filter.clone() }));
        for (words, filter) in [without_service, without_place].into_iter().flatten() {
            let filter = Filter { words: Some(words), ..filter };
            if self.how_many(review, &filter).await? > 0 {
                return Ok(Some(filter));
            }
        }
        Ok(None)
    }

    /// How many published contributions there are of that kind.
    pub async fn how_many(&self, review: &CurrentReview, filter: &Filter) -> Result<usize> {
        self.search(review, filter, Search::count).await
    }

    /// What stands beside a contribution in the list that a filter makes. `place` is its place in a search by words; without
    /// it nothing stands beside it there.
    pub async fn neighbours(
        &self,
        review: &CurrentReview,
        filter: &Filter,
        contribution: &Publishable<Contribution>,
        place: Option<usize>,
    ) -> Result<Neighbours> {
        let Some(moment) = contribution.published_at.map(Timestamp::as_microsecond) else {
            return Ok(Neighbours::default());
        };
        let near = |reference: Option<Reference>| reference.map(|reference| Neighbour { reference, place: None });
        if filter.is_empty() {
            let (newer, older) = self.db.beside(review.id, moment, &contribution.reference).await?;
            return Ok(Neighbours { previous: near(newer), next: near(older) });
        }
        if filter.words.is_some() {
            return match place {
                Some(place) => self.neighbours_in_search(review, filter, contribution, place).await,
                None => Ok(Neighbours::default()),
            };
        }
        let around = self.search(review, filter, move |search, wanted| search.around(wanted, moment)).await?;
        let ids: Vec<_> = [around.newer, around.older].into_iter().flatten().collect();
        let rows = self.db.contributions(review.id, &ids).await?;
        let named = |id| near(rows.iter().find(|row| Some(row.id) == id).map(|row| row.reference.clone()));
        Ok(Neighbours { previous: named(around.newer), next: named(around.older) })
    }

    async fn neighbours_in_search(
        &self,
        review: &CurrentReview,
        filter: &Filter,
        contribution: &Publishable<Contribution>,
        place: usize,
    ) -> Result<Neighbours> {
        let first = place.saturating_sub(1).min(DEEPEST);
        let three =
            self.search(review, filter, move |search, wanted| search.find(wanted, From::Skip(first), 3)).await?;
        let rows = self.db.contributions(review.id, &three.ids).await?;
        let at = |place: usize| {
            let id = place.checked_sub(first).and_then(|at| three.ids.get(at))?;
            let row = rows.iter().find(|row| row.id == *id && row.id != contribution.id)?;
            Some(Neighbour { reference: row.reference.clone(), place: Some(place) })
        };
        Ok(Neighbours { previous: place.checked_sub(1).and_then(at), next: at(place.saturating_add(1)) })
    }

    /// Asks the index. A search is short but not free: it runs beside the threads that serve pages.
    async fn search<T: Send + 'static>(
        &self,
        review: &CurrentReview,
        filter: &Filter,
        ask: impl FnOnce(&Search, &Wanted<'_>) -> store::Result<T> + Send + 'static,
    ) -> Result<T> {
        let index =
            self.search.clone().ok_or_else(|| Error::Unavailable("this node has no search index".to_owned()))?;
        let (filter, zone, lists) = (filter.clone(), review.timezone.clone(), Arc::clone(&review.lists));
        let review = review.id;
        let asked = tokio::task::spawn_blocking(move || {
            ask(&index, &Wanted { review, filter: &filter, lists: &lists, zone: &zone })
        });
        Ok(asked.await.map_err(|error| Error::Broken(error.to_string()))??)
    }

    /// A published contribution.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none or it may not be shown; [`Error::Gone`] if it was once published and its
    /// author has withdrawn it.
    pub async fn published(&self, review: &CurrentReview, reference: &Reference) -> Result<Publishable<Contribution>> {
        let given = self.db.contribution(review.id, reference).await?.ok_or(Error::NotFound)?;
        let id = given.id;
        match publishable(given) {
            Ok(shown) => Ok(shown),
            Err(
                Unpublishable::NotPublished
                | Unpublishable::UseOnly
                | Unpublishable::SetAside
                | Unpublishable::Misplaced,
            ) => Err(Error::NotFound),
            Err(Unpublishable::Withdrawn) => {
                let history = self.db.history(review.id, id).await?;
                let known = history.iter().any(|event| matches!(event.happened, Happened::Published { .. }));
                Err(if known { Error::Gone } else { Error::NotFound })
            }
        }
    }

    /// How many contributions there are, as counted from the event log within the last second or so.
    pub async fn tally(&self, review: ReviewId) -> Result<Arc<Tally>> {
        let read = async { Ok(Tally { calls: self.db.tally(review).await? }) };
        self.tallies.get(&review, read).await
    }
}

/// Where the next page begins: after the moment and the reference of this contribution.
fn cursor(last: &Contribution) -> Option<String> {
    last.published_at.map(|at| format!("{}.{}", at.as_microsecond(), last.reference))
}

/// What may be shown of what was found; the index may lag behind, so some of it may be nothing. `place` is that of the
/// first in a search.
fn shown(
    rows: Vec<Contribution>,
    lists: &Lists,
    filter: &Filter,
    place: Option<usize>,
    snippet: impl Fn(&Contribution) -> Result<Option<Vec<(String, bool)>>>,
) -> Result<Vec<Listed>> {
    let sought = filter.sought(lists);
    let listed = |(number, contribution): (usize, Publishable<Contribution>)| {
        let example = contribution.examples().position(|example| sought.fits(example));
        let mut names = Vec::new();
        if example.is_none() {
            let named = contribution.content.answers.iter().filter(|(_, answer)| sought.names(answer));
            names.extend(named.map(|(question, _)| question.clone()));
        }
        Ok(Listed {
            snippet: snippet(&contribution)?,
            opening: contribution.opening(),
            example: example.or(names.is_empty().then_some(0)),
            names,
            place: place.map(|place| place + number),
            contribution,
        })
    };
    let publishable = rows.into_iter().enumerate().filter_map(|(number, row)| Some((number, publishable(row).ok()?)));
    publishable.map(listed).collect()
}
