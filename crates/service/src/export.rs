//! The export: everything that may be shown, as open tables in a folder, streamed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::{Contribution, GivenFile, Publishable, Slug, publishable};
use futures_util::StreamExt;
use publish::table::{Tables, descriptor, file_path};
use sha2::{Digest, Sha256};
use store::register::StateExport;
use uuid::Uuid;

use crate::{CurrentReview, Error, Service};

/// The file that shows that an export is whole: it is written last.
const DESCRIPTOR: &str = "datapackage.json";

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder holds something else.
    #[error("{0} holds something that is not an export: choose another folder")]
    Occupied(PathBuf),
    /// The files could not be written.
    #[error("cannot write: {0}")]
    Write(#[from] publish::table::Error),
    /// A contribution was withdrawn while its files were being written.
    #[error("a contribution was withdrawn in the meantime: nothing was written; run it again")]
    Withdrawn,
    /// It was stopped.
    #[error("stopped: nothing was written")]
    Stopped,
    /// The store.
    #[error(transparent)]
    Service(#[from] Error),
}

impl From<store::Error> for ExportError {
    fn from(error: store::Error) -> Self {
        Self::Service(error.into())
    }
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error.into())
    }
}

impl Service {
    /// Writes the tables of a review into a folder, which appears when it is whole; an older export there is replaced.
    /// `progress` hears how many contributions are written, and stops it by `false`. How many there are.
    pub async fn export(
        &self,
        review: &CurrentReview,
        folder: &Path,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<u64, ExportError> {
        let folder = &std::path::absolute(folder)?;
        if folder.file_name().is_none() || (folder.exists() && !is_ours(folder)?) {
            return Err(ExportError::Occupied(folder.clone()));
        }
        self.catch_up().await?;
        let beside = beside(folder, "partial");
        if beside.exists() {
            std::fs::remove_dir_all(&beside)?;
        }
        std::fs::create_dir_all(&beside)?;
        let written = self.write_tables(review, &beside, &mut progress).await;
        match written {
            Ok(count) => {
                let digest = Sha256::digest(std::fs::read(beside.join(DESCRIPTOR))?).into();
                replace(folder, &beside)?;
                let (review, event, now) = (review.id, self.new_id(), self.now());
                self.db.write(StateExport { review, digest, contributions: count, event, now }).await?;
            }
            Err(_) => std::fs::remove_dir_all(&beside)?,
        }
        written
    }

    async fn write_tables(
        &self,
        review: &CurrentReview,
        folder: &Path,
        progress: &mut impl FnMut(u64) -> bool,
    ) -> Result<u64, ExportError> {
        let zone = &review.timezone;
        let mut files = Vec::new();
        let mut tables = Tables::begin(|name| Ok(BufWriter::new(File::create(folder.join(name))?)))?;
        let offers = !self.db.help_offers(review.id).await?.is_empty();
        tables.lists(review, offers)?;
        for call in &review.calls {
            for (question, number) in call.questions.iter().zip(1..) {
                tables.question(call, number, question, review.main_language())?;
            }
        }
        let mut count = 0;
        let mut snapshot = self.db.snapshot().await?;
        snapshot
            .each_published(review.id, |given| {
                if let Ok(shown) = publishable(given) {
                    tables.contribution(&shown, zone)?;
                    files.extend(files_of(&shown));
                    count += 1;
                }
                if count % 1000 == 0 && !progress(count) { Err(ExportError::Stopped) } else { Ok(()) }
            })
            .await?;
        snapshot
            .each_take_up(review.id, |shown| {
                let day = domain::Day::of(shown.shown_at, zone);
                let place = [&shown.call, &shown.question];
                Ok::<(), ExportError>(tables.take_up(&shown.reference, place, &shown.take_up, day)?)
            })
            .await?;
        snapshot
            .each_help_offer(review.id, |shown| {
                let day = domain::Day::of(shown.shown_at, zone);
                let mut offer = shown.offer;
                // The list may have changed since.
                offer.place = offer.place.filter(|code| review.known_places().get(code).is_some());
                Ok::<(), ExportError>(tables.help_offer(&offer, &shown.reference, day)?)
            })
            .await?;
        snapshot
            .each_shown_event(review.id, |event, reference| {
                Ok::<(), ExportError>(tables.event(&event, reference.as_ref(), zone)?)
            })
            .await?;
        for table in tables.end()? {
            table.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        }
        for (path, evidence, file) in files {
            self.write_file(review, &folder.join(path), evidence, &file).await?;
        }
        let mut file = File::create(folder.join(DESCRIPTOR))?;
        let mut descriptor = descriptor(review, self.now());
        with_digests(&mut descriptor, folder)?;
        writeln!(file, "{descriptor:#}")?;
        file.sync_all()?;
        progress(count);
        Ok(count)
    }

    async fn write_file(
        &self,
        review: &CurrentReview,
        path: &Path,
        evidence: Uuid,
        file: &GivenFile,
    ) -> Result<(), ExportError> {
        let mut reading = match self.read(review, evidence, file).await {
            Err(Error::NotFound) => return Err(ExportError::Withdrawn),
            read => read?,
        };
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        let mut written = File::create(path)?;
        while let Some(piece) = reading.pieces.next().await {
            written.write_all(&piece?)?;
        }
        Ok(written.sync_all()?)
    }
}

/// The files of a contribution that may be shown: where each is written, and what it belongs to.
fn files_of(shown: &Publishable<Contribution>) -> Vec<(String, Uuid, GivenFile)> {
    let numbered = shown.content.answers.iter().flat_map(|(question, answer)| {
        answer.files().iter().zip(1..).map(move |(file, number)| (question, number, file))
    });
    let path = |question: &Slug, number, file: &GivenFile| file_path(&shown.reference, question, number, file.kind);
    numbered
        .filter(|(_, _, file)| !file.struck)
        .map(|(question, number, file)| (path(question, number, file), shown.id.0, file.clone()))
        .collect()
}

/// Says of every table how many bytes it has, and its SHA-256: so that the digest of the descriptor vouches for all of them.
fn with_digests(descriptor: &mut serde_json::Value, folder: &Path) -> std::io::Result<()> {
    let resources = descriptor.get_mut("resources").and_then(serde_json::Value::as_array_mut);
    for resource in resources.into_iter().flatten() {
        let path = resource.get("path").and_then(serde_json::Value::as_str).unwrap_or_default();
        let (mut file, mut hash) = (File::open(folder.join(path))?, Sha256::new());
        let (mut bytes, mut buffer) = (0, vec![0; 1 << 16]);
        loop {
            let read = std::io::Read::read(&mut file, &mut buffer)?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            bytes += read;
        }
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        resource["bytes"] = bytes.into();
        resource["hash"] = format!("sha256:{hex}").into();
    }
    Ok(())
}

/// Whether a folder is empty, or holds an export and nothing else: then it may be replaced.
fn is_ours(folder: &Path) -> std::io::Result<bool> {
    let mut names = folder.read_dir()?.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>()?;
    names.retain(|name| !publish::table::FILES.iter().any(|ours| name == ours));
    let marked =
        || std::fs::read_to_string(folder.join(DESCRIPTOR)).is_ok_and(|text| text.contains(publish::table::MARK));
    Ok(names.is_empty() && (folder.read_dir()?.next().is_none() || marked()))
}

fn beside(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    folder.with_file_name(name)
}

/// Puts the new folder in the place of the old one.
fn replace(folder: &Path, new: &Path) -> std::io::Result<()> {
    let old = beside(folder, "old");
    // Left behind by a process that died between the two steps below.
    if old.exists() && is_ours(&old)? {
        std::fs::remove_dir_all(&old)?;
    }
    if folder.exists() {
        std::fs::rename(folder, &old)?;
    }
    std::fs::rename(new, folder)?;
    if let Some(parent) = folder.parent() {
        File::open(parent)?.sync_all()?;
    }
    if old.exists() { std::fs::remove_dir_all(&old) } else { Ok(()) }
}
