//! A register in a folder, laid out as C2SP tlog-tiles has its paths: `checkpoint`, and the tiles below `tile`.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use register::tile::{Tile, TileSource, WIDTH};
use register::{Note, Policy};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// No file of a register is longer: a bundle of the longest entries.
const LONGEST_FILE: u64 = WIDTH as u64 * (2 + u16::MAX as u64);

/// A register, wherever it is read from: a folder, or a web site.
pub trait Register: TileSource {
    /// Where it is, as people write it.
    fn place(&self) -> String;

    /// Its newest checkpoint, in the file `checkpoint`.
    fn checkpoint(&self) -> Result<Note>;

    /// The policy that it publishes for itself, in the file `policy`.
    fn policy(&self) -> Result<Policy>;

    /// The text of a statement with this SHA-256, in the folder `statement`; none if it is not there, or is another.
    fn stated(&self, digest: &[u8; 32]) -> Result<Option<String>>;

    /// Hears that all of a log of so many leaves is about to be read, from the first to the last.
    fn expect(&self, _size: u64) {}
}

/// A register in a folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The register in this folder.
    pub fn new(path: &Path) -> Folder {
        Folder(path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Register for Folder {
    fn place(&self) -> String {
        self.0.display().to_string()
    }

    fn checkpoint(&self) -> Result<Note> {
        read_note(&self.0.join("checkpoint"))
    }

    fn policy(&self) -> Result<Policy> {
        read_policy(&self.0.join("policy"))
    }

    fn stated(&self, digest: &[u8; 32]) -> Result<Option<String>> {
        self.statement(digest)
    }
}

/// The text of a statement, if these are its bytes.
pub fn statement_of(digest: &[u8; 32], bytes: Vec<u8>) -> Option<String> {
    let same = Sha256::digest(&bytes).as_slice() == digest;
    String::from_utf8(bytes).ok().filter(|_| same)
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

/// Reads a file, up to the length of the longest that a register has.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    read(path).map_err(|error| Error::read(path.display(), error))
}

/// Reads a signed note from a file; verifies nothing.
pub fn read_note(path: &Path) -> Result<Note> {
    Note::parse(&read_file(path)?).map_err(Error::content(path.display()))
}

/// Reads a policy from a file.
pub fn read_policy(path: &Path) -> Result<Policy> {
    String::from_utf8_lossy(&read_file(path)?).parse().map_err(Error::content(path.display()))
}

/// Writes a file so that after a crash it is there as it was before or as it is now, never in between: beside it, to the disk,
/// and then in its place.
pub fn write_durably(path: &Path, content: &[u8]) -> Result<()> {
    replace(path, content).map_err(|error| Error::write(path.display(), error))
}

fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let mut file = File::create(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
