//! Reading what has been published: lists, search, single contributions, and how many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::publishable;
use domain::{
    Contribution, Happened, Opening, Publishable, Reference, RespondentKind, ReviewId, Slug, Unpublishable, Verdict,
};
use store::contribution::PAGE;
use store::search::{DEEPEST, From, Wanted};
pub use store::tally::Counts;

use crate::{CurrentReview, Error, Result, Service};

/// How many code points around the words that were searched for are shown.
const SNIPPET: usize = 170;

/// Which published contributions somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Those that answer this call.
    pub call: Option<Slug>,
    /// Those from this kind of respondent.
    pub kind: Option<RespondentKind>,
    /// Those whose first example has this verdict.
    pub verdict: Option<Verdict>,
    /// Those that contain these words.
    pub words: Option<String>,
}

/// One published contribution in a list.
#[derive(Debug)]
pub struct Listed {
    /// The contribution.
    pub contribution: Publishable<Contribution>,
    /// How it begins.
    pub opening: Opening,
    /// Where the words that were searched for stand in it: pieces of text, and whether each is a hit.
    pub snippet: Option<Vec<(String, bool)>>,
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

impl Filter {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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
        Ok(Listing { items: shown(rows, |_| Ok(None))?, next, total: u64::try_from(total).ok() })
    }

    async fn find(
        &self,
        review: &CurrentReview,
        filter: &Filter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Listing> {
        let search =
            self.search.clone().ok_or_else(|| Error::Unavailable("this node has no search index".to_owned()))?;
        let number = after.and_then(|cursor| cursor.split('.').next()?.parse::<i64>().ok());
        let from = match number {
            Some(number) if filter.words.is_some() => From::Skip(usize::try_from(number).unwrap_or(0)),
            Some(number) => From::Before(number),
            None => From::Beginning,
        };
        let (id, wanted) = (review.id, filter.clone());
        let index = Arc::clone(&search);
        // A search is short but not free: it runs beside the threads that serve pages.
        let found = tokio::task::spawn_blocking(move || {
            let words = wanted.words.as_deref();
            let wanted = Wanted { call: wanted.call.as_ref(), kind: wanted.kind, verdict: wanted.verdict, words };
            index.find(id, &wanted, from, limit)
        });
        let found = found.await.map_err(|error| Error::Broken(error.to_string()))??;
        let rows = self.db.contributions(review.id, &found.ids).await?;
        let skipped = if let From::Skip(skipped) = from { skipped } else { 0 };
        let full = found.ids.len() == limit;
        let next = match (&filter.words, found.last) {
            (Some(_), _) => Some(skipped + limit)
                .filter(|reached| full && *reached < found.total.min(DEEPEST))
                .map(|n| n.to_string()),
            (None, Some(moment)) if full => Some(moment.to_string()),
            _ => None,
        };
        let snippet = |contribution: &Contribution| match &filter.words {
            Some(words) => Ok(search.snippet(words, &contribution.own_words().join("\n"), SNIPPET)?),
            None => Ok(None),
        };
        Ok(Listing { items: shown(rows, snippet)?, next, total: Some(found.total as u64) })
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
            Err(Unpublishable::NotPublished | Unpublishable::UseOnly | Unpublishable::Misplaced) => {
                Err(Error::NotFound)
            }
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

/// What may be shown of what was found; the index may lag behind, so some of it may be nothing.
fn shown(
    rows: Vec<Contribution>,
    snippet: impl Fn(&Contribution) -> Result<Option<Vec<(String, bool)>>>,
) -> Result<Vec<Listed>> {
    let publishable = rows.into_iter().filter_map(|row| publishable(row).ok());
    let listed = |contribution: Publishable<Contribution>| {
        Ok(Listed { snippet: snippet(&contribution)?, opening: contribution.opening(), contribution })
    };
    publishable.map(listed).collect()
}
