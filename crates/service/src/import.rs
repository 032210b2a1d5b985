//! Bringing over what was gathered elsewhere: a CSV file whose rows become contributions of the channel *import*.
//!
//! A row is taken whole or refused with the reason; one that is there already, by its source id, is left as it is. So an
//! import can be looked at first, stopped, and run again.

mod csv;
mod map;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::{
    Answer, Call, Channel, Content, Contribution, ContributionId, Fields, Language, Line, Question, Reference,
};
use domain::{FileId, GivenFile, Kind, Respondent, Slug, State};
use jiff::Timestamp;
use store::contribution::{ImportContributions, NewContribution};
use store::file::FileKey;

pub use csv::{CsvError, Shape};
pub use map::{Map, MapError};

use crate::file::{self, FileRefused};
use crate::{CurrentReview, Error, Service};
use csv::{Row, Rows};
use map::Columns;

/// Rows that are kept in one transaction.
const BATCH: usize = 500;

/// What an import did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows that became contributions, or would have.
    pub taken: u64,
    /// Rows that were there already.
    pub known: u64,
    /// Rows that were refused.
    pub refused: u64,
}

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its source id, if that could be read.
    pub source: String,
    /// Why, in one sentence for each thing that is wrong.
    pub reasons: Vec<String>,
}

/// Why an import did not run, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The map does not fit the file or the call.
    #[error(transparent)]
    Map(#[from] MapError),
    /// The file cannot be read.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A file that a row names was changed or taken away while it was read.
    #[error("{} was changed while it was read: run it again", .0.display())]
    File(PathBuf),
    /// The review was closed for good.
    #[error("the review is closed, and takes nothing more")]
    Closed,
    /// It was stopped; what was taken before stays.
    #[error("stopped: what was taken before stays, and running it again goes on")]
    Stopped,
    /// The store.
    #[error(transparent)]
    Service(#[from] Error),
}

/// What is brought over.
#[derive(Debug)]
pub struct Source<'a, R> {
    /// The CSV file.
    pub table: R,
    /// The folder in which files that rows name are looked for.
    pub files: &'a Path,
}

/// Whoever watches an import.
pub trait Watcher {
    /// A row was refused.
    fn refused(&mut self, row: &RefusedRow);
    /// So far it has come; `false` stops it.
    fn progress(&mut self, so_far: &Imported) -> bool;
}

impl Service {
    /// Imports a CSV file into a call. A dry run reads and checks every row, and keeps none.
    pub async fn import_csv(
        &self,
        review: &CurrentReview,
        call: &Call,
        map: &Map,
        Source { table, files }: Source<'_, impl Read>,
        dry_run: bool,
        watcher: &mut impl Watcher,
    ) -> Result<Imported, ImportError> {
        if self.db.is_closed(review.id).await.map_err(Error::from)? {
            return Err(ImportError::Closed);
        }
        let mut rows = Rows::open(table, &map.shape()?)?;
        let columns = map.columns(rows.header(), call)?;
        let mut reader =
            RowReader { service: self, review, call, columns: &columns, files, language: map.language.clone() };
        let mut imported = Imported::default();
        let (mut batch, mut seen) = (Vec::with_capacity(BATCH), HashSet::new());
        while let Some(row) = rows.next()? {
            imported.rows += 1;
            let read = reader.read(&row).and_then(|new| {
                let first = seen.insert(digest(new.new.contribution.source.as_deref()));
                if first { Ok(new) } else { Err(vec!["repeats the source id of an earlier row".to_owned()]) }
            });
            match read {
                Ok(contribution) => batch.push(contribution),
                Err(reasons) => {
                    imported.refused += 1;
                    let source = columns.source(&row.cells).to_owned();
                    watcher.refused(&RefusedRow { line: row.line, source, reasons });
                }
            }
            if batch.len() == BATCH {
                self.keep(call, std::mem::take(&mut batch), dry_run, &mut imported).await?;
                if !watcher.progress(&imported) {
                    return Err(ImportError::Stopped);
                }
            }
        }
        self.keep(call, batch, dry_run, &mut imported).await?;
        watcher.progress(&imported);
        Ok(imported)
    }

    async fn keep(
        &self,
        call: &Call,
        batch: Vec<NewRow>,
        dry_run: bool,
        imported: &mut Imported,
    ) -> Result<(), ImportError> {
        if !dry_run {
            self.keep_files(call, &batch).await?;
        }
        let batch: Vec<NewContribution> = batch.into_iter().map(|row| row.new).collect();
        let Some(first) = batch.first() else { return Ok(()) };
        if dry_run {
            let sources: Vec<&str> = batch.iter().filter_map(|new| new.contribution.source.as_deref()).collect();
            let known = self.db.known_sources(first.review, &first.contribution.call, &sources).await;
            let known = known.map_err(Error::from)? as u64;
            imported.known += known;
            imported.taken += batch.len() as u64 - known;
            return Ok(());
        }
        let redraw = |mut new: NewContribution, review: &domain::ReferencePrefix| {
            new.contribution.reference = Reference::draw(review, &*self.entropy);
            new
        };
        let mut outcome = self.db.write(ImportContributions(batch.clone())).await;
        // A reference that is taken already is about one in ten thousand million for each that there is.
        if let (Err(store::Error::Duplicate(_)), Some(first)) = (&outcome, batch.first()) {
            let prefix = first.contribution.reference.prefix();
            let again = batch.into_iter().map(|new| redraw(new, &prefix)).collect();
            outcome = self.db.write(ImportContributions(again)).await;
        }
        for new in outcome.map_err(Error::from)? {
            *(if new { &mut imported.taken } else { &mut imported.known }) += 1;
        }
        Ok(())
    }

    /// Keeps the bytes of the files of rows that are new. Each is read again: all of a batch would be too much to hold.
    async fn keep_files(&self, call: &Call, batch: &[NewRow]) -> Result<(), ImportError> {
        for NewRow { new, files } in batch.iter().filter(|row| !row.files.is_empty()) {
            let source = new.contribution.source.as_deref().unwrap_or_default();
            if self.db.known_sources(new.review, &call.id, &[source]).await.map_err(Error::from)? > 0 {
                continue;
            }
            for named in files {
                let changed = || ImportError::File(named.path.clone());
                let (_, question) = call.question(named.question.as_str()).ok_or_else(changed)?;
                let bytes = read_file(&named.path, question).map_err(|_| changed())?;
                let looked = file::look(question, named.id, &named.name, bytes).map_err(|_| changed())?;
                let key = FileKey { review: new.review, evidence: new.contribution.id.0, id: named.id };
                if new.contribution.file(named.id).is_none_or(|kept| kept.digest != looked.file.digest) {
                    return Err(changed());
                }
                self.keep_bytes(vec![(key, looked.bytes)]).await?;
            }
        }
        Ok(())
    }
}

/// A row that can be kept.
struct NewRow {
    new: NewContribution,
    files: Vec<NamedFile>,
}

/// A file that a row names.
struct NamedFile {
    question: Slug,
    id: FileId,
    name: String,
    path: PathBuf,
}

/// The bytes of a file, of as many as the question takes and one more.
fn read_file(path: &Path, question: &Question) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = question.most_megabytes() * domain::file::MEGABYTE;
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes contributions of rows.
struct RowReader<'a> {
    service: &'a Service,
    review: &'a CurrentReview,
    call: &'a Call,
    columns: &'a Columns,
    files: &'a Path,
    language: Option<Language>,
}

impl RowReader<'_> {
    fn read(&mut self, row: &Row) -> Result<NewRow, Vec<String>> {
        if let Some(fault) = &row.fault {
            return Err(vec![fault.clone()]);
        }
        let cells = &row.cells;
        let mut reasons = Vec::new();
        let source = self.columns.source(cells).parse::<Line>().map_or_else(
            |error| {
                reasons.push(format!("the source id in column \"{}\" {error}", self.columns.source_name()));
                String::new()
            },
            |line| line.to_string(),
        );
        let respondent = self.columns.respondent(cells).unwrap_or_else(|mut wrong| {
            reasons.append(&mut wrong);
            Respondent::default()
        });
        let received_at = self.received(cells).unwrap_or_else(|reason| {
            reasons.push(reason);
            None
        });
        let mut content = Content { form: self.call.form, respondent, ..Content::default() };
        let mut files = Vec::new();
        for (column, question) in self.columns.answers(self.call) {
            if question.kind == Kind::File {
                let fields = column.fields(cells, question);
                let (given, named) = self.files(question, &fields, &mut reasons);
                if !given.is_empty() {
                    content.answers.insert(question.id.clone(), Answer::Files(given));
                }
                files.extend(named);
                continue;
            }
            match answer(question, &column.fields(cells, question)) {
                Ok(Some(answer)) => {
                    content.answers.insert(question.id.clone(), answer);
                }
                Ok(None) => {}
                Err(reason) => reasons.push(reason),
            }
        }
        if content.answers.is_empty() && reasons.is_empty() {
            reasons.push("answers no question".to_owned());
        }
        if reasons.is_empty() {
            let new = self.contribution(source, content, received_at).map_err(|error| vec![error.to_string()])?;
            Ok(NewRow { new, files })
        } else {
            Err(reasons)
        }
    }

    /// The files that a row names in answer to a question; what is wrong with any of them goes to `reasons`.
    fn files(
        &self,
        question: &Question,
        fields: &Fields,
        reasons: &mut Vec<String>,
    ) -> (Vec<GivenFile>, Vec<NamedFile>) {
        let (mut given, mut named) = (Vec::new(), Vec::new());
        for written in fields.all(domain::file::FILE) {
            let within = Path::new(written).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            let path = self.files.join(written);
            let id = FileId::draw(&*self.service.entropy);
            let looked = if !within {
                Err("must be a path within the folder of files".to_owned())
            } else if given.len() == question.most_files() {
                Err(FileRefused::TooMany(given.len()).to_string())
            } else {
                let bytes = read_file(&path, question).map_err(|error| format!("cannot be read: {error}"));
                bytes.and_then(|bytes| file::look(question, id, written, bytes).map_err(|refused| refused.to_string()))
            };
            match looked {
                Ok(looked) => {
                    named.push(NamedFile { question: question.id.clone(), id, name: written.to_owned(), path });
                    given.push(looked.file);
                }
                Err(why) => reasons.push(format!("question `{}`: the file \"{written}\" {why}", question.id)),
            }
        }
        (given, named)
    }

    fn received(&self, cells: &[String]) -> Result<Option<Timestamp>, String> {
        let Some(text) = self.columns.received(cells) else { return Ok(None) };
        let day = || text.parse::<domain::Day>().ok().map(|day| day.begins(&self.review.timezone));
        let moment = text.parse::<Timestamp>().ok().or_else(day);
        moment.map(Some).ok_or_else(|| {
            format!("\"{text}\" is neither a day such as 2026-12-19 nor a moment such as 2026-12-19T14:30:00Z")
        })
    }

    fn contribution(
        &self,
        source: String,
        content: Content,
        received_at: Option<Timestamp>,
    ) -> crate::Result<NewContribution> {
        let entropy = &*self.service.entropy;
        let now = self.service.now();
        let contribution = Contribution {
            id: ContributionId::new(now, entropy),
            reference: Reference::draw(&self.review.reference, entropy),
            call: self.call.id.clone(),
            version: self.review.version,
            channel: Channel::Import,
            release: self.columns.release(),
            state: State::Received,
            late: received_at.is_some_and(|at| at >= self.call.closes.ends(&self.review.timezone)),
            language: self.language.clone().unwrap_or_else(|| self.review.main_language().clone()),
            content,
            source: Some(source),
            received_at: received_at.unwrap_or(now),
            published_at: None,
        };
        let entry = self.service.arrival_of(&contribution, None)?;
        let (review, event) = (self.review.id, self.service.new_id());
        Ok(NewContribution { review, contribution, receipt: None, event, entry })
    }
}

/// A source id as a number: two in the same file that collide by chance are one in ten million million.
fn digest(source: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    source.hash(&mut hasher);
    hasher.finish()
}

fn answer(question: &Question, fields: &Fields) -> Result<Option<Answer>, String> {
    // What others gathered may leave out what this call demands.
    let asked = Question { required: false, ..question.clone() };
    asked.answer(fields).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("question `{}`: {}", question.id, errors.join("; "))
    })
}
