//! Writes a register into its folder, so that whatever is interrupted leaves files that belong to the checkpoint.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use register::{Note, Written};

use crate::folder::{Folder, read_file, statement_of, write_durably};
use crate::words::hex;
use crate::{Error, Result};

impl Folder {
    /// Writes tiles; when it returns they are durable. Those that are there already are replaced.
    pub fn write(&self, tiles: &Written) -> Result<()> {
        let mut folders = Vec::new();
        for (tile, bytes) in tiles {
            let path = self.path().join(tile.to_string());
            let parent = path.parent().unwrap_or(self.path());
            in_place(&path, parent, bytes).map_err(|error| Error::write(path.display(), error))?;
            folders.extend(parent.ancestors().take_while(|above| above.starts_with(self.path())).map(Path::to_owned));
        }
        // The names of the files, too, and of folders that are new.
        folders.sort_unstable();
        folders.dedup();
        let sync = |folder: &Path| File::open(folder).and_then(|folder| folder.sync_all());
        folders.iter().try_for_each(|folder| sync(folder).map_err(|error| Error::write(folder.display(), error)))
    }

    /// Puts a checkpoint in the place of the one before; its tiles must have been written. When it returns it is durable.
    pub fn publish(&self, checkpoint: &Note) -> Result<()> {
        self.put("checkpoint", &checkpoint.to_string())
    }

    /// Puts a small text beside the tiles, durably, in the place of the one before.
    pub fn put(&self, name: &str, text: &str) -> Result<()> {
        fs::create_dir_all(self.path()).map_err(|error| Error::write(self.path().display(), error))?;
        write_durably(&self.path().join(name), text.as_bytes())
    }

    /// Publishes the text of a statement, durably.
    pub fn put_statement(&self, digest: &[u8; 32], text: &str) -> Result<()> {
        let path = self.statement_path(digest);
        let folder = path.parent().unwrap_or(self.path());
        fs::create_dir_all(folder).map_err(|error| Error::write(folder.display(), error))?;
        write_durably(&path, text.as_bytes())
    }

    /// The text of a statement; none if it is not there, or is not the one with this SHA-256.
    pub fn statement(&self, digest: &[u8; 32]) -> Result<Option<String>> {
        let path = self.statement_path(digest);
        if !path.exists() {
            return Ok(None);
        }
        Ok(statement_of(digest, read_file(&path)?))
    }

    fn statement_path(&self, digest: &[u8; 32]) -> PathBuf {
        self.path().join("statement").join(hex(digest))
    }
}

/// Writes a file whole or not at all: readers find the old one or the new one.
fn in_place(path: &Path, parent: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(parent)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}
