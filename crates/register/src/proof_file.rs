//! Proof files: everything needed to verify, offline and for ever, that a leaf is in the log (C2SP tlog-proof).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::decimal;
use crate::{Error, Hash, Note, Policy, Result, Trusted, note, proof};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A proof that a leaf is in the log, as a file to keep; its name should end with `.tlog-proof`.
///
/// ```
/// use folkmoot_register::tile::MemoryTiles;
/// use folkmoot_register::{Checkpoint, Kind, Policy, ProofFile, Prover, SigningKey, Tree};
///
/// let key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32])?;
/// let mut tree = Tree::default();
/// let tiles: MemoryTiles = tree.append(&["first", "second"])?.into_iter().collect();
/// let file = ProofFile {
///     extra: None,
///     index: 1,
///     path: Prover::new(&tiles, tree.head()).inclusion(1)?,
///     checkpoint: Checkpoint::new("example.org/register", tree.head()).sign(&[&key])?,
/// };
///
/// let policy = Policy::new(&[key.verifying().clone()], &[], 0)?;
/// let read = ProofFile::parse(file.to_string().as_bytes())?;
/// assert_eq!(read.verify(b"second", &policy)?.checkpoint.head.size, 2);
/// assert!(read.verify(b"another", &policy).is_err());
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Bytes for the application, which nothing vouches for. Folkmoot puts the 64 bytes of the leaf here, so that the file
    /// says what it proves; they are verified with the rest.
    pub extra: Option<Vec<u8>>,
    /// The place of the leaf, from 0.
    pub index: u64,
    /// The inclusion proof, from beside the leaf to below the root.
    pub path: Vec<Hash>,
    /// The signed and cosigned checkpoint.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Reads a proof file; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<ProofFile> {
        let malformed = |why: &str| Error::malformed("proof file", why);
        if bytes.len() > note::LONGEST {
            return Err(malformed("it is longer than a megabyte"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        let (lines, checkpoint) = text.split_once("\n\n").ok_or_else(|| malformed("it has no empty line"))?;
        let mut lines = lines.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(malformed("line 1 is not `c2sp.org/tlog-proof@v1`"));
        }
        let mut line = lines.next().unwrap_or_default();
        let mut extra = None;
        if let Some(encoded) = line.strip_prefix("extra ") {
            extra = Some(STANDARD.decode(encoded).map_err(|_| malformed("the line `extra` is not base64"))?);
            line = lines.next().unwrap_or_default();
        }
        let index = line.strip_prefix("index ").and_then(decimal).ok_or_else(|| malformed("it has no line `index`"))?;
        let path = lines.map(str::parse).collect::<Result<Vec<Hash>>>()?;
        if path.len() > proof::LONGEST {
            return Err(malformed("it has more than 64 hashes"));
        }
        Ok(ProofFile { extra, index, path, checkpoint: Note::parse(checkpoint.as_bytes())? })
    }

    /// Verifies that the entry is in the log, at a place and in a checkpoint that the policy believes.
    pub fn verify(&self, entry: &[u8], policy: &Policy) -> Result<Trusted> {
        let trusted = policy.open(&self.checkpoint)?;
        proof::verify_inclusion(Hash::of_leaf(entry), self.index, &self.path, &trusted.checkpoint.head)?;
        Ok(trusted)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(formatter, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(formatter, "{hash}"))?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}
