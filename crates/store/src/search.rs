//! The search index: tantivy, one for each node, a consumer of the event log that can be thrown away and rebuilt.
//!
//! It holds words and ids, and gives ids: what is then shown is read from the database and made publishable anew, so an
//! index that lags behind a withdrawal cannot show anything.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{Contribution, ContributionId, Publishable, ReviewId};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::MmapDirectory;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::query::{BooleanQuery, Query, RangeQuery};
use tantivy::schema::Value;
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, Order, TantivyDocument, TantivyError, Term};
use uuid::Uuid;

use crate::error::{Error, Result};

mod document;
mod meant;
mod snippet;
mod wanted;

use document::Fields;
pub use wanted::Wanted;

/// The least memory that tantivy takes for one writing thread.
const WRITER_BYTES: usize = 15_000_000;
/// Deleted documents are cleared out of the files no more often: large ones are written anew for it.
const WIPE: Duration = Duration::from_secs(10);
/// How deep a search by words can be paged.
pub const DEEPEST: usize = 10_000;

/// The index of this node.
pub struct Search {
    index: Index,
    reader: IndexReader,
    /// Begun when it is needed, and anew after an error: tantivy's writers do not recover from one.
    writer: Mutex<Option<IndexWriter>>,
    fields: Fields,
    /// When deleted documents were last cleared out of the files.
    wiped: Mutex<Option<Instant>>,
}

/// What becomes of one contribution in the index. What was given cannot get into it, only what may be shown:
///
/// ```compile_fail
/// fn leak(contribution: domain::Contribution) -> store::search::Change {
///     store::search::Change::Show(Box::new(contribution)) // not publishable: does not compile
/// }
/// ```
pub enum Change {
    /// It can be found from now on, as it is now.
    Show(Box<Publishable<Contribution>>),
    /// It cannot be found any more.
    Hide(ContributionId),
}

/// Documents in an index, with the moments at which they were published where that orders them.
type Addresses = Vec<(DocAddress, Option<i64>)>;

/// Where a page of results begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// At the newest, or the best.
    Beginning,
    /// After what was published at this moment, in microseconds.
    Before(i64),
    /// After so many of the best.
    Skip(usize),
}

/// A page of results.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The contributions.
    pub ids: Vec<ContributionId>,
    /// When the last of them was published, in microseconds: where the next page of the newest begins.
    pub last: Option<i64>,
    /// Whether there are more after them.
    pub more: bool,
    /// How many there are on all pages.
    pub total: usize,
}

/// The neighbours of a contribution in a list of the newest.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// What was published next after it.
    pub newer: Option<ContributionId>,
    /// What was published next before it.
    pub older: Option<ContributionId>,
}

impl Search {
    /// Opens the index in a folder; one that cannot be read, or was made by another version, is begun anew.
    pub fn open(folder: &Path) -> Result<Self> {
        let (schema, fields) = document::schema();
        let open = || -> tantivy::Result<Index> {
            std::fs::create_dir_all(folder)?;
            Index::open_or_create(MmapDirectory::open(folder)?, schema.clone())
        };
        let index = match open() {
            // A disk or a permission that is missing will come back; what cannot be understood is a cache, and made anew.
            Err(error @ (TantivyError::IoError(_) | TantivyError::OpenDirectoryError(_))) => Err(error),
            Err(_) => std::fs::remove_dir_all(folder).map_err(TantivyError::from).and_then(|()| open()),
            Ok(index) => Ok(index),
        };
        let index = index.map_err(outcome)?;
        document::register_tokenizers(index.tokenizers());
        let writer = index.writer_with_num_threads(1, WRITER_BYTES).map_err(outcome)?;
        let writer = Mutex::new(Some(writer));
        let reader = index.reader().map_err(outcome)?;
        Ok(Self { index, reader, writer, fields, wiped: Mutex::default() })
    }

    /// How far each review has been read, as of the last commit.
    pub fn positions(&self) -> Result<BTreeMap<ReviewId, i64>> {
        let payload = self.index.load_metas().map_err(outcome)?.payload;
        Ok(payload.and_then(|payload| serde_json::from_str(&payload).ok()).unwrap_or_default())
    }

    /// Makes changes, and remembers how far that is, in one commit.
    pub fn apply(&self, review: ReviewId, changes: &[Change], positions: &BTreeMap<ReviewId, i64>) -> Result<()> {
        self.commit(positions, |writer| {
            for change in changes {
                let id = match change {
                    Change::Show(contribution) => contribution.id,
                    Change::Hide(id) => *id,
                };
                writer.delete_term(Term::from_field_text(self.fields.id, &id.0.to_string()));
                if let Change::Show(contribution) = change {
                    writer.add_document(document::document(&self.fields, review, contribution))?;
                }
            }
            Ok(())
        })
    }

    /// Writes anew what holds documents that were deleted or changed: until then their words are still in its files. `false` if there
    /// was nothing of the kind, or it was done a moment ago.
    pub fn wipe(&self) -> Result<bool> {
        let mut wiped = self.wiped.lock().unwrap_or_else(PoisonError::into_inner);
        if wiped.is_some_and(|at| at.elapsed() < WIPE) {
            return Ok(false);
        }
        let metas = self.index.searchable_segment_metas().map_err(outcome)?;
        let stale: Vec<SegmentId> = metas.iter().filter(|meta| meta.has_deletes()).map(SegmentMeta::id).collect();
        if stale.is_empty() {
            return Ok(false);
        }
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = writer.as_mut() else { return Ok(true) };
        // One that is being merged already will be gone by itself.
        drop(writer.merge(&stale).wait());
        self.reader.reload().map_err(outcome)?;
        writer.garbage_collect_files().wait().map_err(outcome)?;
        *wiped = Some(Instant::now());
        Ok(true)
    }

    /// Forgets a review, to be read again from its first event.
    pub fn forget(&self, review: ReviewId) -> Result<()> {
        let mut positions = self.positions()?;
        positions.remove(&review);
        self.commit(&positions, |writer| {
            writer.delete_term(Term::from_field_text(self.fields.review, &review.0.to_string()));
            Ok(())
        })
    }

    fn commit(
        &self,
        positions: &BTreeMap<ReviewId, i64>,
        change: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>,
    ) -> Result<()> {
        let payload = serde_json::to_string(positions)?;
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out while it is used: after an error it is not put back.
        let mut writer = match held.take() {
            Some(writer) => writer,
            None => self.index.writer_with_num_threads(1, WRITER_BYTES).map_err(outcome)?,
        };
        change(&mut writer).map_err(outcome)?;
        let mut commit = writer.prepare_commit().map_err(outcome)?;
        commit.set_payload(&payload);
        commit.commit().map_err(outcome)?;
        *held = Some(writer);
        self.reader.reload().map_err(outcome)
    }

    /// Finds published contributions: the best match first if there are words, else the newest first.
    pub fn find(&self, wanted: &Wanted<'_>, from: From, limit: usize) -> Result<Found> {
        let Some(query) = wanted.query(&self.index, &self.fields) else {
            return Ok(Found::default());
        };
        let ranked = wanted.filter.words.is_some();
        let and_one = limit + 1;
        let (total, mut found) =
            if ranked { self.best(&query, from, and_one)? } else { self.newest(query, from, and_one)? };
        let more = found.len() > limit;
        found.truncate(limit);
        let ids = found.iter().map(|(address, _)| self.id(*address)).collect::<Result<_>>()?;
        Ok(Found { ids, last: found.last().and_then(|(_, moment)| *moment), more, total })
    }

    /// The newest of them, whatever words are looked for.
    pub fn latest(&self, wanted: &Wanted<'_>, limit: usize) -> Result<Vec<ContributionId>> {
        let Some(query) = wanted.query(&self.index, &self.fields) else { return Ok(vec![]) };
        let (_, found) = self.newest(query, From::Beginning, limit)?;
        found.iter().map(|(address, _)| self.id(*address)).collect()
    }

    /// How many there are.
    pub fn count(&self, wanted: &Wanted<'_>) -> Result<usize> {
        let Some(query) = wanted.query(&self.index, &self.fields) else { return Ok(0) };
        self.reader.searcher().search(&query, &Count).map_err(outcome)
    }

    /// What was published next before and next after that moment, in microseconds: the neighbours in a list of the newest.
    pub fn around(&self, wanted: &Wanted<'_>, moment: i64) -> Result<Around> {
        let Some(query) = wanted.query(&self.index, &self.fields) else { return Ok(Around::default()) };
        let moment = Term::from_field_i64(self.fields.published_at, moment);
        let nearest = |lower: Bound<Term>, upper: Bound<Term>, order: Order| -> Result<Option<ContributionId>> {
            let range: Box<dyn Query> = Box::new(RangeQuery::new(lower, upper));
            let query = BooleanQuery::intersection(vec![Box::new(query.clone()), range]);
            let one = TopDocs::with_limit(1).order_by_fast_field::<i64>("published_at", order);
            let found = self.reader.searcher().search(&query, &one).map_err(outcome)?;
            found.first().map(|(_, address)| self.id(*address)).transpose()
        };
        Ok(Around {
            newer: nearest(Bound::Excluded(moment.clone()), Bound::Unbounded, Order::Asc)?,
            older: nearest(Bound::Unbounded, Bound::Excluded(moment), Order::Desc)?,
        })
    }

    fn id(&self, address: DocAddress) -> Result<ContributionId> {
        let document: TantivyDocument = self.reader.searcher().doc(address).map_err(outcome)?;
        let text = document.get_first(self.fields.id).and_then(|value| value.as_str()).unwrap_or_default();
        Uuid::try_parse(text).map(ContributionId).map_err(|error| Error::Broken(error.to_string()))
    }

    fn best(&self, query: &BooleanQuery, from: From, limit: usize) -> Result<(usize, Addresses)> {
        let skip = if let From::Skip(skip) = from { skip.min(DEEPEST) } else { 0 };
        let best = TopDocs::with_limit(limit).and_offset(skip).order_by_score();
        let (total, found) = self.reader.searcher().search(query, &(Count, best)).map_err(outcome)?;
        Ok((total, found.into_iter().map(|(_, address)| (address, None)).collect()))
    }

    fn newest(&self, mut query: BooleanQuery, from: From, limit: usize) -> Result<(usize, Addresses)> {
        let searcher = self.reader.searcher();
        let total = searcher.search(&query, &Count).map_err(outcome)?;
        if let From::Before(moment) = from {
            let before = Bound::Excluded(Term::from_field_i64(self.fields.published_at, moment));
            let range: Box<dyn Query> = Box::new(RangeQuery::new(Bound::Unbounded, before));
            query = BooleanQuery::intersection(vec![Box::new(query), range]);
        }
        let newest = TopDocs::with_limit(limit).order_by_fast_field::<i64>("published_at", Order::Desc);
        let found = searcher.search(&query, &newest).map_err(outcome)?;
        Ok((total, found.into_iter().map(|(moment, address)| (address, moment)).collect()))
    }
}

fn outcome(error: TantivyError) -> Error {
    match error {
        TantivyError::IoError(error) => Error::Unavailable(error.to_string()),
        error => Error::Broken(format!("the search index: {error}")),
    }
}
