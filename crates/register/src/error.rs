//! What can be wrong with bytes that somebody brings, or with what they claim.

use crate::tile::Tile;

/// Why something could not be read, or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes that are not of the format.
    #[error("this is no {what}: {why}")]
    Malformed {
        /// The format, such as `checkpoint`.
        what: &'static str,
        /// What is amiss, with the line where there are lines.
        why: String,
    },
    /// No key that is known has signed.
    #[error("no known key has signed this; the signatures are by {}", names(.0))]
    Unsigned(Vec<String>),
    /// A known key is named, and the signature is not its.
    #[error("the signature in the name of {0} is not by its key")]
    Forged(String),
    /// A checkpoint, proof or promise of another log.
    #[error("this is of the log `{found}`, not of `{expected}`")]
    OtherLog {
        /// The origin that was expected.
        expected: String,
        /// The origin that it states.
        found: String,
    },
    /// Fewer witnesses than the policy wants.
    #[error("{found} of the known witnesses have cosigned, and {needed} are needed")]
    TooFewWitnesses {
        /// How many known witnesses have cosigned.
        found: usize,
        /// How many the policy wants.
        needed: usize,
    },
    /// The proof does not lead from the leaf to the root.
    #[error(
        "the proof does not lead from this leaf to the root: the leaf is not at this place of the log, or was altered"
    )]
    NotIncluded,
    /// The newer tree does not continue the older one.
    #[error(
        "the log of {new} leaves does not continue the log of {old} leaves: something in it was altered or taken away"
    )]
    Inconsistent {
        /// Size of the older tree.
        old: u64,
        /// Size of the newer tree.
        new: u64,
    },
    /// A place at or beyond the end.
    #[error("the log has {size} leaves, counted from 0, and none at {index}")]
    BeyondTheEnd {
        /// The place that was asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tile that the log must have, and has not.
    #[error("{0} is missing")]
    Missing(Tile),
    /// A tile that could not be read.
    #[error("{tile} could not be read: {why}")]
    Unreadable {
        /// Which one.
        tile: Tile,
        /// What the storage said.
        why: String,
    },
    /// The tiles are not those of the checkpoint.
    #[error("the tiles give another root than the checkpoint of {0} leaves")]
    TilesDiffer(u64),
    /// Something that would not fit into its format.
    #[error("{what} cannot be written: {why}")]
    Unwritable {
        /// What it is.
        what: &'static str,
        /// Why it does not fit.
        why: &'static str,
    },
    /// Keys or numbers that cannot make a policy.
    #[error("this is no policy to verify by: {0}")]
    Policy(String),
}

fn names(list: &[String]) -> String {
    if list.is_empty() { "nobody".into() } else { list.join(", ") }
}

impl Error {
    pub(crate) fn malformed(what: &'static str, why: impl Into<String>) -> Error {
        Error::Malformed { what, why: why.into() }
    }
}
