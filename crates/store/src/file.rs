//! Files: their bytes in a folder by default, or in anything that `object_store` can reach where several nodes share one;
//! and the rows that say which of them belong to evidence, so that the others can be deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use domain::{Answer, FileId, ReviewId, Slug};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    RESERVE = "insert into file (review, evidence, id, unwanted_at) values ($1, $2, $3, $4)";
    OF = "select id, unwanted_at from file where review = $1 and evidence = $2";
    WANT = "update file set unwanted_at = $4 where review = $1 and evidence = $2 and id = $3";
    SWEEP = "update file set unwanted_at = $1 where unwanted_at is null and exists (
               select 1 from draft where review = file.review and id = file.evidence and expires_at <= $1)";
    UNWANTED = "select review, evidence, id from file where unwanted_at <= $1 order by unwanted_at limit 100";
    FORGET = "delete from file where review = $1 and evidence = $2 and id = $3 and unwanted_at <= $4";
}

/// Where files are kept. Clones share it.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

impl Files {
    /// Files in a folder, which is made if need be. Folders in it go when they are empty.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(unavailable)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(unavailable)?;
        let store = Arc::new(store.with_fsync(true).with_automatic_cleanup(true));
        Ok(Self { store, folder: folder.to_owned() })
    }

    /// Keeps a file, durably; one of the same name is replaced.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.store.put(&Key::from(name), bytes.into()).await.map(drop).map_err(unavailable)
    }

    /// The bytes of a file.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.store.get(&Key::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(unavailable)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// The bytes of a file, piece by piece.
    pub async fn read(&self, name: &str) -> Result<Option<BoxStream<'static, Result<Bytes>>>> {
        match self.store.get(&Key::from(name)).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(unavailable).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Deletes a file; it need not be there.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.store.delete(&Key::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// A file without a name on the same disk, for what comes in piece by piece: it is gone when it is closed, whatever
    /// becomes of the process.
    pub fn scratch(&self) -> Result<std::fs::File> {
        tempfile::tempfile_in(&self.folder).map_err(unavailable)
    }
}

fn unavailable(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(error.to_string())
}

/// A file of evidence: the id of its draft is that of the contribution that becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKey {
    /// The review.
    pub review: ReviewId,
    /// The draft or contribution.
    pub evidence: Uuid,
    /// The file.
    pub id: FileId,
}

impl FileKey {
    /// Its name in [`Files`].
    pub fn name(&self) -> String {
        format!("{}/evidence/{}/{}", self.review.0, self.evidence, self.id)
    }
}

/// Says that the bytes of files are about to be kept. Unless they belong to evidence by `until`, they are deleted then.
pub struct ReserveFiles {
    /// Which.
    pub files: Vec<FileKey>,
    /// Until when.
    pub until: Timestamp,
}

impl Command for ReserveFiles {
    type Output = ();
    const NAME: &'static str = "reserve_files";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for file in &self.files {
            let values = args![file.review, file.evidence, file.id.0, self.until.as_microsecond()];
            tx.execute(RESERVE, values).await?;
        }
        Ok(())
    }
}

/// Forgets files whose bytes have been deleted, unless they are wanted again.
pub struct ForgetFiles {
    /// Which.
    pub files: Vec<FileKey>,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for ForgetFiles {
    type Output = ();
    const NAME: &'static str = "forget_files";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for file in &self.files {
            let values = args![file.review, file.evidence, file.id.0, self.now.as_microsecond()];
            tx.execute(FORGET, values).await?;
        }
        Ok(())
    }
}

/// Brings the rows in line with the answers that the evidence has now, in the same transaction: what stands in them stays,
/// what stands there no more is deleted soon. What is only reserved is left alone.
///
/// # Errors
/// [`Error::Unavailable`] if a file stands in the answers whose row is gone: it took longer than it was reserved for.
pub(crate) async fn settle(
    tx: &mut Tx<'_>,
    review: ReviewId,
    evidence: Uuid,
    answers: &BTreeMap<Slug, Answer>,
    now: Timestamp,
) -> Result<()> {
    let mut wanted: BTreeSet<FileId> = domain::file::files(answers).map(|(_, file)| file.id).collect();
    for row in tx.all(OF, args![review, evidence]).await? {
        let (id, unwanted): (Uuid, Option<i64>) = (row.get(0)?, row.get(1)?);
        let until = match (wanted.remove(&FileId(id)), unwanted) {
            (true, Some(_)) => None,
            (false, None) => Some(now.as_microsecond()),
            _ => continue,
        };
        tx.execute(WANT, args![review, evidence, id, until]).await?;
    }
    if wanted.is_empty() { Ok(()) } else { Err(Error::Unavailable("a file came too late to be kept".to_owned())) }
}

/// Whether there is any file among answers.
pub(crate) fn any(answers: &BTreeMap<Slug, Answer>) -> bool {
    domain::file::files(answers).next().is_some()
}

/// The files of drafts that expire now are not wanted any more.
pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<()> {
    tx.execute(SWEEP, args![now.as_microsecond()]).await.map(drop)
}

impl Db {
    /// Some files whose bytes are to be deleted.
    pub async fn unwanted_files(&self, now: Timestamp) -> Result<Vec<FileKey>> {
        let key = |row: &crate::row::Row| {
            Ok(FileKey { review: ReviewId(row.get(0)?), evidence: row.get(1)?, id: FileId(row.get(2)?) })
        };
        self.all(UNWANTED, args![now.as_microsecond()]).await?.iter().map(key).collect()
    }
}
