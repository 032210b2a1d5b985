//! A register in a folder, laid out as C2SP tlog-tiles has its paths: `checkpoint`, and the tiles below `tile`.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use register::tile::{Tile, TileSource, WIDTH};
use register::{Note, Policy};

use crate::{Error, Result};

/// No file of a register is longer: a bundle of the longest entries.
const LONGEST_FILE: u64 = WIDTH as u64 * (2 + u16::MAX as u64);

/// A register in a folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The register in this folder.
    pub fn new(path: &Path) -> Folder {
        Folder(path.to_owned())
    }

    /// Its newest checkpoint, in the file `checkpoint`.
    pub fn checkpoint(&self) -> Result<Note> {
        read_note(&self.0.join("checkpoint"))
    }

    /// The policy that it publishes for itself, in the file `policy`.
    pub fn policy(&self) -> Result<Policy> {
        read_policy(&self.0.join("policy"))
    }
}

impl TileSource for Folder {
    fn read(&self, tile: Tile) -> register::Result<Vec<u8>> {
        read(&self.0.join(tile.to_string())).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => register::Error::Missing(tile),
            _ => register::Error::Unreadable { tile, why: error.to_string() },
        })
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len().min(LONGEST_FILE);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, "it is longer than any file of a register"));
    }
    Ok(bytes)
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    read(path).map_err(|error| Error::Read { path: path.to_owned(), error })
}

pub(crate) fn read_note(path: &Path) -> Result<Note> {
    Note::parse(&read_file(path)?).map_err(Error::content(path))
}

pub(crate) fn read_policy(path: &Path) -> Result<Policy> {
    let bytes = read_file(path)?;
    String::from_utf8_lossy(&bytes).parse().map_err(Error::content(path))
}
