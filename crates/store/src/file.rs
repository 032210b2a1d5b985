//! Files: a folder by default, anything that `object_store` can reach where several nodes share one.

use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::error::{Error, Result};

/// Where files are kept. Clones share it.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Files in a folder, which is made if need be.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Error::Unavailable(error.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(outcome)?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Keeps a file, durably; one of the same name is replaced.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&Key::from(name), bytes.into()).await.map(drop).map_err(outcome)
    }

    /// The bytes of a file.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.0.get(&Key::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(outcome)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(outcome(error)),
        }
    }

    /// Deletes a file; it need not be there.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.0.delete(&Key::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(outcome(error)),
        }
    }
}

fn outcome(error: object_store::Error) -> Error {
    Error::Unavailable(error.to_string())
}
