//! The search index: tantivy, one for each node, a consumer of the event log that can be thrown away and rebuilt.
//!
//! It holds words and ids, and gives ids: what is then shown is read from the database and made publishable anew, so an
//! index that lags behind a withdrawal cannot show anything.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use domain::{Contribution, ContributionId, Publishable, RespondentKind, ReviewId, Slug, Verdict};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::MmapDirectory;
use tantivy::query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, Order, TantivyDocument, TantivyError, Term};
use uuid::Uuid;

use crate::error::{Error, Result};

/// The name of the tokenizer that folds case and accents.
const FOLDED: &str = "folded";
/// The name of the tokenizer that also reduces English words to their stems.
const ENGLISH: &str = "english";
/// The least memory that tantivy takes for one writing thread.
const WRITER_BYTES: usize = 15_000_000;
/// How deep a search by words can be paged.
pub const DEEPEST: usize = 10_000;

/// The index of this node.
pub struct Search {
    index: Index,
    reader: IndexReader,
    /// Begun when it is needed, and anew after an error: tantivy's writers do not recover from one.
    writer: Mutex<Option<IndexWriter>>,
    fields: Fields,
}

struct Fields {
    review: Field,
    id: Field,
    call: Field,
    kind: Field,
    verdict: Field,
    published_at: Field,
    text: Field,
    english: Field,
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

/// What is looked for. Everything that is given must be true of what is found.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// The call that it answers.
    pub call: Option<&'a Slug>,
    /// The kind of respondent.
    pub kind: Option<RespondentKind>,
    /// The verdict of its first example.
    pub verdict: Option<Verdict>,
    /// Words that it contains, in any order; words in quotation marks stand together.
    pub words: Option<&'a str>,
}

/// Documents in an index, with the moments at which they were published where that orders them.
type Addresses = Vec<(DocAddress, Option<i64>)>;
/// Parts of a query.
type Clauses = Vec<(Occur, Box<dyn Query>)>;

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
    /// How many there are on all pages.
    pub total: usize,
}

impl Search {
    /// Opens the index in a folder; one that cannot be read, or was made by another version, is begun anew.
    pub fn open(folder: &Path) -> Result<Self> {
        let (schema, fields) = schema();
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
        let folded =
            || TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(60)).filter(LowerCaser);
        index.tokenizers().register(FOLDED, folded().filter(AsciiFoldingFilter).build());
        index
            .tokenizers()
            .register(ENGLISH, folded().filter(AsciiFoldingFilter).filter(Stemmer::new(Language::English)).build());
        let writer = index.writer_with_num_threads(1, WRITER_BYTES).map_err(outcome)?;
        let writer = Mutex::new(Some(writer));
        let reader = index.reader().map_err(outcome)?;
        Ok(Self { index, reader, writer, fields })
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
                    writer.add_document(self.document(review, contribution))?;
                }
            }
            Ok(())
        })
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

    /// What is indexed of a contribution: of what may be shown, and of nothing else.
    fn document(&self, review: ReviewId, contribution: &Publishable<Contribution>) -> TantivyDocument {
        let fields = &self.fields;
        let mut document = TantivyDocument::default();
        document.add_text(fields.review, review.0.to_string());
        document.add_text(fields.id, contribution.id.0.to_string());
        document.add_text(fields.call, contribution.call.as_str());
        if let Some(kind) = contribution.content.respondent.kind {
            document.add_text(fields.kind, kind.as_str());
        }
        if let Some(verdict) = contribution.verdict() {
            document.add_text(fields.verdict, verdict.as_str());
        }
        document.add_i64(fields.published_at, contribution.published_at.map_or(0, jiff::Timestamp::as_microsecond));
        let respondent = &contribution.content.respondent;
        let names = respondent.name.iter().chain(&respondent.organisation).map(domain::Line::as_str);
        let words = contribution.content.answers.values().flat_map(domain::Answer::words);
        let english = contribution.language.as_str() == "en";
        for text in words.chain(names).chain([contribution.reference.as_str()]) {
            document.add_text(fields.text, text);
            if english {
                document.add_text(fields.english, text);
            }
        }
        document
    }

    /// Finds published contributions: the best match first if there are words, else the newest first.
    pub fn find(&self, review: ReviewId, wanted: &Wanted<'_>, from: From, limit: usize) -> Result<Found> {
        let words = wanted.words.map(|words| self.words(words));
        if words.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Found::default());
        }
        let ranked = words.is_some();
        let query = self.query(review, wanted, words.unwrap_or_default());
        let (total, found) = if ranked { self.best(&query, from, limit)? } else { self.newest(query, from, limit)? };
        let searcher = self.reader.searcher();
        let mut ids = Vec::with_capacity(found.len());
        for (address, _) in &found {
            let document: TantivyDocument = searcher.doc(*address).map_err(outcome)?;
            let text = document.get_first(self.fields.id).and_then(|value| value.as_str()).unwrap_or_default();
            ids.push(Uuid::try_parse(text).map(ContributionId).map_err(|error| Error::Broken(error.to_string()))?);
        }
        Ok(Found { ids, last: found.last().and_then(|(_, moment)| *moment), total })
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

    /// The part of `text` where `words` stand, in pieces, each with whether it is one of the words. `None` if none is.
    pub fn snippet(&self, words: &str, text: &str, longest: usize) -> Result<Option<Vec<(String, bool)>>> {
        let searcher = self.reader.searcher();
        for field in [self.fields.text, self.fields.english] {
            let query = BooleanQuery::new(self.words(words));
            let mut generator = SnippetGenerator::create(&searcher, &query, field).map_err(outcome)?;
            generator.set_max_num_chars(longest);
            let snippet = generator.snippet(text);
            if !snippet.highlighted().is_empty() {
                return Ok(Some(pieces(snippet.fragment(), snippet.highlighted())));
            }
        }
        Ok(None)
    }

    fn query(&self, review: ReviewId, wanted: &Wanted<'_>, words: Clauses) -> BooleanQuery {
        let term = |field, text: &str| -> (Occur, Box<dyn Query>) {
            (Occur::Must, Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)))
        };
        let mut must = vec![term(self.fields.review, &review.0.to_string())];
        must.extend(wanted.call.map(|call| term(self.fields.call, call.as_str())));
        must.extend(wanted.kind.map(|kind| term(self.fields.kind, kind.as_str())));
        must.extend(wanted.verdict.map(|verdict| term(self.fields.verdict, verdict.as_str())));
        must.extend(words);
        must.push((Occur::Should, Box::new(AllQuery)));
        BooleanQuery::new(must)
    }

    /// One clause for each word or quoted phrase; the stem of an English word counts as the word.
    fn words(&self, typed: &str) -> Clauses {
        let mut clauses = Clauses::new();
        for (at, part) in typed.split('"').enumerate() {
            let quoted = at % 2 == 1;
            let folded = self.terms(FOLDED, self.fields.text, part);
            if quoted && folded.len() > 1 {
                clauses.push((Occur::Must, Box::new(PhraseQuery::new(folded))));
                continue;
            }
            let stems = self.terms(ENGLISH, self.fields.english, part);
            for (word, stem) in folded.into_iter().zip(stems) {
                let either = [word, stem]
                    .map(|term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) });
                clauses.push((Occur::Must, Box::new(BooleanQuery::union(either.into()))));
            }
        }
        clauses
    }

    fn terms(&self, tokenizer: &str, field: Field, text: &str) -> Vec<Term> {
        let mut terms = Vec::new();
        if let Some(mut analyzer) = self.index.tokenizers().get(tokenizer) {
            analyzer.token_stream(text).process(&mut |token| terms.push(Term::from_field_text(field, &token.text)));
        }
        // Nobody types more words than that by hand; a longer list would only make the server work.
        terms.truncate(30);
        terms
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |tokenizer: &str| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer);
        TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions))
    };
    let fields = Fields {
        review: builder.add_text_field("review", STRING),
        id: builder.add_text_field("id", STRING | STORED),
        call: builder.add_text_field("call", STRING),
        kind: builder.add_text_field("kind", STRING),
        verdict: builder.add_text_field("verdict", STRING),
        published_at: builder.add_i64_field("published_at", INDEXED | FAST),
        text: builder.add_text_field("text", text(FOLDED)),
        english: builder.add_text_field("english", text(ENGLISH)),
    };
    (builder.build(), fields)
}

fn pieces(fragment: &str, hits: &[std::ops::Range<usize>]) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for hit in hits.iter().filter(|hit| !hit.is_empty()) {
        if hit.start > at {
            pieces.push((fragment[at..hit.start].to_owned(), false));
        }
        if hit.end > at {
            pieces.push((fragment[hit.start.max(at)..hit.end].to_owned(), true));
            at = hit.end;
        }
    }
    if at < fragment.len() {
        pieces.push((fragment[at..].to_owned(), false));
    }
    pieces
}

fn outcome(error: TantivyError) -> Error {
    match error {
        TantivyError::IoError(error) => Error::Unavailable(error.to_string()),
        error => Error::Broken(format!("the search index: {error}")),
    }
}
