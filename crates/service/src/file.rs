//! Files that people add to their evidence: looked at, cleaned, kept durably, read again, and deleted with what they
//! belong to.
//!
//! A file comes in piece by piece into one that has no name, is looked at whole, and only then kept: a row says first that
//! its bytes are about to be there, and the draft names it last. Whatever is broken off in between leaves nothing behind.

use std::io::{Read, Seek};

use bytes::Bytes;
use domain::{Call, DraftPart, FileId, FileKind, GivenFile, Language, Question, Reference};
use futures_util::stream::BoxStream;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use store::draft::{DraftKey, SaveDraft, Saved};
use store::file::{FileKey, ForgetFiles, ReserveFiles};

use crate::draft::key;
use crate::{CurrentReview, Error, Result, Service, Writer};

mod content;
mod package;
mod picture;

pub use content::Unfit;

/// How many files are looked at in memory at the same time.
pub(crate) const AT_ONCE: usize = 2;
/// For how long the bytes of a file may be there without its belonging to anything.
const RESERVED: SignedDuration = SignedDuration::from_hours(1);

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    /// It has no bytes.
    #[error("is empty")]
    Empty,
    /// It has too many.
    #[error("is larger than {0} MB")]
    TooLarge(u64),
    /// There are too many files already.
    #[error("is one too many: {0} files are allowed")]
    TooMany(usize),
    /// It is nothing that the question takes.
    #[error("is not taken: {0}")]
    Unfit(Unfit),
}

/// A file as it came.
#[derive(Debug)]
pub struct Upload {
    /// What the sender calls it.
    pub name: String,
    /// Its bytes, in a file that has no name: see [`Service::scratch`].
    pub bytes: std::fs::File,
}

/// A file that a question takes, cleaned.
#[derive(Debug)]
pub(crate) struct Looked {
    /// What is kept of it beside its bytes.
    pub file: GivenFile,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Looks at a file that was given in answer to `question`. Its kind is what its content says.
pub(crate) fn look(question: &Question, id: FileId, name: &str, bytes: Vec<u8>) -> Result<Looked, FileRefused> {
    let most = question.most_megabytes();
    if bytes.is_empty() {
        return Err(FileRefused::Empty);
    }
    if bytes.len() as u64 > most * domain::file::MEGABYTE {
        return Err(FileRefused::TooLarge(most));
    }
    let (kind, bytes) = content::clean(name, bytes).map_err(FileRefused::Unfit)?;
    if !question.file_kinds().contains(&kind) {
        return Err(FileRefused::Unfit(Unfit::NotTaken));
    }
    let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let (name, size) = (domain::file::file_name(name, kind), bytes.len() as u64);
    Ok(Looked { file: GivenFile { id, kind, size, digest, name, description: None, struck: false }, bytes })
}

/// A file that is being read.
pub struct Reading {
    /// What is known of it.
    pub file: GivenFile,
    /// Its bytes, piece by piece.
    pub pieces: BoxStream<'static, store::Result<Bytes>>,
}

impl Service {
    /// A file without a name, for what comes in piece by piece.
    pub fn scratch(&self) -> Result<std::fs::File> {
        Ok(self.files.scratch()?)
    }

    /// Adds a file to the answer to a question, or says why not. When it returns, the bytes and the draft that names them are
    /// on disk.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is no draft, or it has expired.
    pub async fn add_file(
        &self,
        review: &CurrentReview,
        call: &Call,
        writer: Writer<'_>,
        language: &Language,
        question: &Question,
        upload: Upload,
    ) -> Result<Result<(), FileRefused>> {
        let draft = self.draft(review, call, writer).await?;
        let answer = draft.content.answers.get(&question.id);
        if answer.is_some_and(|answer| answer.files().len() >= question.most_files()) {
            return Ok(Err(FileRefused::TooMany(question.most_files())));
        }
        let id = FileId::draw(&*self.entropy);
        let stored = FileKey { review: review.id, evidence: draft.id.0, id };
        let key = DraftKey { draft: Some(draft.id), ..key(review, call, writer) };
        let (service, language, question) = (self.clone(), language.clone(), question.clone());
        // A browser that hangs up cancels its handler: what has begun still comes to its end.
        let whole = tokio::spawn(async move { service.look_and_keep(stored, key, language, question, upload).await });
        whole.await.map_err(|error| Error::Broken(error.to_string()))?
    }

    async fn look_and_keep(
        self,
        stored: FileKey,
        key: DraftKey,
        language: Language,
        question: Question,
        upload: Upload,
    ) -> Result<Result<(), FileRefused>> {
        let most = question.most_files();
        let _permit = self.looking.acquire().await.map_err(|error| Error::Broken(error.to_string()))?;
        let Upload { name, bytes } = upload;
        let of = question.id.clone();
        let looking = tokio::task::spawn_blocking(move || {
            Ok::<_, std::io::Error>(look(&question, stored.id, &name, whole(bytes)?))
        });
        let looked = looking.await.map_err(|error| Error::Broken(error.to_string()))?;
        let Looked { file, bytes } = match looked.map_err(|error| Error::Unavailable(error.to_string()))? {
            Ok(looked) => looked,
            Err(refused) => return Ok(Err(refused)),
        };
        self.keep_bytes(vec![(stored, bytes)]).await?;
        let part = DraftPart::AddFile(of, file, most);
        let (now, expires_at) = (self.now(), self.draft_expiry());
        let saved = self.db.write(SaveDraft { key, part, seen: None, language, now, expires_at }).await;
        if !matches!(saved, Ok(Saved::Yes)) {
            self.discard(stored).await?;
        }
        match saved? {
            Saved::Yes => Ok(Ok(())),
            Saved::Full => Ok(Err(FileRefused::TooMany(most))),
            Saved::ChangedSince | Saved::NoDraft => Err(Error::NoDraft),
        }
    }

    /// Keeps the bytes of files that will belong to evidence soon, durably.
    pub(crate) async fn keep_bytes(&self, files: Vec<(FileKey, Vec<u8>)>) -> Result<()> {
        let (keys, until) = (files.iter().map(|(key, _)| *key).collect(), self.now() + RESERVED);
        self.db.write(ReserveFiles { files: keys, until }).await?;
        for (key, bytes) in files {
            if let Err(error) = self.files.put(&key.name(), bytes).await {
                self.discard(key).await?;
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Takes back what was kept for nothing. What fails here is done when the reservation has run out.
    async fn discard(&self, key: FileKey) -> Result<()> {
        self.files.delete(&key.name()).await?;
        Ok(self.db.write(ForgetFiles { files: vec![key], now: self.now() + RESERVED }).await?)
    }

    /// Deletes the bytes of files that belong to nothing any more.
    pub(crate) async fn delete_unwanted_files(&self) -> Result<()> {
        loop {
            let now = self.now();
            let files = self.db.unwanted_files(now).await?;
            if files.is_empty() {
                return Ok(());
            }
            for file in &files {
                self.files.delete(&file.name()).await?;
            }
            self.db.write(ForgetFiles { files, now }).await?;
        }
    }

    /// A file of the draft that this session has in hand.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is no draft; [`Error::NotFound`] if it has no such file.
    pub async fn draft_file(
        &self,
        review: &CurrentReview,
        call: &Call,
        writer: Writer<'_>,
        id: FileId,
    ) -> Result<Reading> {
        let draft = self.draft(review, call, writer).await?;
        let file = domain::file::files(&draft.content.answers).map(|(_, file)| file).find(|file| file.id == id);
        self.read(review, draft.id.0, file.ok_or(Error::NotFound)?).await
    }

    /// A file of a published contribution.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none or it may not be shown; [`Error::Gone`] if it was withdrawn.
    pub async fn published_file(&self, review: &CurrentReview, of: &Reference, id: FileId) -> Result<Reading> {
        let shown = self.published(review, of).await?;
        let file = shown.file(id).filter(|file| !file.struck).ok_or(Error::NotFound)?;
        self.read(review, shown.id.0, file).await
    }

    pub(crate) async fn read(&self, review: &CurrentReview, evidence: uuid::Uuid, file: &GivenFile) -> Result<Reading> {
        let key = FileKey { review: review.id, evidence, id: file.id };
        let pieces = self.files.read(&key.name()).await?.ok_or(Error::NotFound)?;
        Ok(Reading { file: file.clone(), pieces })
    }
}

fn whole(mut file: std::fs::File) -> std::io::Result<Vec<u8>> {
    file.rewind()?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.metadata()?.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What the kinds of file are called where people read it, in the order in which they are declared.
pub fn kinds(question: &Question) -> Vec<FileKind> {
    FileKind::ALL.iter().copied().filter(|kind| question.file_kinds().contains(kind)).collect()
}
