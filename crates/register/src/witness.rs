//! The witness: signs that a log has only grown (C2SP tlog-witness). Pure: whoever runs it keeps the last head of each log, and
//! must store the new one, if and only if the old one is still there, before the answer is sent.

use std::fmt;

use crate::checkpoint::decimal;
use crate::key::{SigningKey, VerifyingKey};
use crate::note::{self, Note, Signature};
use crate::{Checkpoint, Error, Hash, Head, Result, proof};

/// C2SP tlog-witness allows so many hashes in a request.
pub const MOST_HASHES: usize = 63;

/// What a log asks of a witness: the body of `POST add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness has cosigned last, as far as the log knows.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl AddCheckpoint {
    /// Reads the body of a request.
    pub fn parse(body: &[u8]) -> Result<AddCheckpoint> {
        let malformed = |why: &str| Error::malformed("request to a witness", why);
        if body.len() > note::LONGEST {
            return Err(malformed("it is longer than a megabyte"));
        }
        let text = std::str::from_utf8(body).map_err(|_| malformed("it is not UTF-8"))?;
        let (lines, checkpoint) = text.split_once("\n\n").ok_or_else(|| malformed("it has no empty line"))?;
        let mut lines = lines.split('\n');
        let old = lines.next().and_then(|line| decimal(line.strip_prefix("old ")?));
        let old = old.ok_or_else(|| malformed("line 1 is not `old` and a size"))?;
        let proof = lines.map(str::parse).collect::<Result<Vec<Hash>>>()?;
        if proof.len() > MOST_HASHES {
            return Err(malformed("its proof has more than 63 hashes"));
        }
        Ok(AddCheckpoint { old, proof, checkpoint: Note::parse(checkpoint.as_bytes())? })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(formatter, "{hash}"))?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}

/// What a witness knows of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLog {
    /// The keys that may sign for the log, two while they are changed. Their names need not be its origin.
    pub keys: Vec<VerifyingKey>,
    /// The head that was cosigned last; none before the first.
    pub latest: Option<Head>,
}

/// What a witness answers if all is well. To be stored, then sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The head to remember for this origin, in place of the one before.
    pub latest: Head,
    /// The body of the answer is this line with a line break.
    pub cosignature: Signature,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request is not of the form.
    #[error("{0}")]
    Malformed(Error),
    /// The witness was not told of this log.
    #[error("this witness does not know the log `{0}`")]
    UnknownLog(String),
    /// No key of the log has signed.
    #[error("{0}")]
    Unsigned(Error),
    /// The old size is above that of the checkpoint.
    #[error("the old size {old} is above the size {new} of the checkpoint")]
    Older {
        /// The old size in the request.
        old: u64,
        /// The size of the checkpoint.
        new: u64,
    },
    /// The witness is at another size; the log should begin there.
    #[error("the checkpoint cosigned last is of size {0}")]
    Conflict(u64),
    /// The same size with another root: the log has forked.
    #[error("a checkpoint of the same size {0} with another root was cosigned")]
    Forked(u64),
    /// The proof does not hold.
    #[error("{0}")]
    Inconsistent(Error),
}

impl Refusal {
    /// The HTTP status of the answer.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Malformed(_) | Refusal::Older { .. } => 400,
            Refusal::Unsigned(_) => 403,
            Refusal::UnknownLog(_) => 404,
            Refusal::Conflict(_) | Refusal::Forked(_) => 409,
            Refusal::Inconsistent(_) => 422,
        }
    }

    /// The content type and the body of the answer.
    pub fn answer(&self) -> (&'static str, String) {
        match self {
            Refusal::Conflict(size) => ("text/x.tlog.size", format!("{size}\n")),
            other => ("text/plain; charset=utf-8", format!("{other}\n")),
        }
    }
}

/// Considers a request. `log` finds what is known of an origin; `time` is POSIX seconds. The checks and their order are those of
/// C2SP tlog-witness, "add-checkpoint".
///
/// ```
/// use folkmoot_register::tile::MemoryTiles;
/// use folkmoot_register::witness::{self, AddCheckpoint, KnownLog};
/// use folkmoot_register::{Checkpoint, Kind, SigningKey, Tree};
///
/// let log_key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32])?;
/// let witness_key = SigningKey::from_seed("library.example/witness", Kind::Cosignature, &[2; 32])?;
/// let mut tree = Tree::default();
/// tree.append(&["first"])?;
///
/// let checkpoint = Checkpoint::new("example.org/register", tree.head()).sign(&[&log_key])?;
/// let body = AddCheckpoint { old: 0, proof: Vec::new(), checkpoint }.to_string();
///
/// let keys = vec![log_key.verifying().clone()];
/// let known = |origin: &str| (origin == "example.org/register").then(|| KnownLog { keys: keys.clone(), latest: None });
/// let cosigned = witness::cosign(body.as_bytes(), known, &witness_key, 1_700_000_000)?;
/// assert_eq!(cosigned.latest, tree.head());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cosign(
    body: &[u8],
    log: impl FnOnce(&str) -> Option<KnownLog>,
    key: &SigningKey,
    time: u64,
) -> Result<Cosigned, Refusal> {
    let request = AddCheckpoint::parse(body).map_err(Refusal::Malformed)?;
    let checkpoint: Checkpoint = request.checkpoint.text().parse().map_err(Refusal::Malformed)?;
    let log = log(&checkpoint.origin).ok_or_else(|| Refusal::UnknownLog(checkpoint.origin.clone()))?;
    request.checkpoint.verify(&log.keys).map_err(Refusal::Unsigned)?;
    let new = checkpoint.head;
    if request.old > new.size {
        return Err(Refusal::Older { old: request.old, new: new.size });
    }
    let latest = log.latest.unwrap_or(Head { size: 0, root: Hash::of_empty_tree() });
    if request.old != latest.size {
        return Err(Refusal::Conflict(latest.size));
    }
    if latest.size == new.size && latest.root != new.root {
        return Err(Refusal::Forked(new.size));
    }
    proof::verify_consistency(&latest, &new, &request.proof).map_err(Refusal::Inconsistent)?;
    Ok(Cosigned { latest: new, cosignature: key.sign(request.checkpoint.text(), time) })
}

/// Adds to a signed checkpoint what a witness has answered: the lines that are by witnesses one knows, and hold. Gives their
/// number; lines by others are ignored.
pub fn collect(checkpoint: &mut Note, answer: &str, witnesses: &[VerifyingKey]) -> Result<usize> {
    let mut added = 0;
    for line in note::signature_lines(answer)? {
        let holds = |key: &VerifyingKey| key.verify(checkpoint.text(), &line).is_ok();
        if witnesses.iter().any(holds) {
            checkpoint.add(line)?;
            added += 1;
        }
    }
    Ok(added)
}

/// The size in an answer of status 409.
pub fn conflict(body: &str) -> Result<u64> {
    let size = body.strip_suffix('\n').and_then(decimal);
    size.ok_or_else(|| Error::malformed("answer of a witness", "it is not a size and a line break"))
}

/// To be asked before the first checkpoint after a start: a log that is smaller than what a witness has cosigned was restored
/// from an old copy, and would fork if it went on.
pub fn check_not_behind(log: &Head, witnessed: &[u64]) -> Result<()> {
    match witnessed.iter().find(|size| **size > log.size) {
        Some(size) => Err(Error::Inconsistent { old: *size, new: log.size }),
        None => Ok(()),
    }
}
