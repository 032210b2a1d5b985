//! What can be wrong with a log, in plain words.

use serde::Serialize;

use crate::tile::Tile;
use crate::{Error, Standing};

/// Something that is wrong with a log. Places are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A file is missing or not of its form.
    #[error("{0}")]
    Tile(Error),
    /// A file of hashes is not what the leaves give.
    #[error("{0} has other hashes than the leaves give")]
    TileDiffers(Tile),
    /// The leaves are not those of the checkpoint.
    #[error("the leaves give another root than the signed checkpoint: a leaf was altered, dropped, added or moved")]
    Root,
    /// The log is shorter than it was.
    #[error("the log has {size} leaves, and had {remembered} before: leaves were taken away")]
    Shrunk {
        /// Size of the remembered head.
        remembered: u64,
        /// Size now.
        size: u64,
    },
    /// The log does not continue what it was.
    #[error("the first {0} leaves are not those that the log had before: it was forked")]
    Forked(u64),
    /// Bytes that are no leaf.
    #[error("leaf {place}: {why}")]
    Leaf {
        /// Where.
        place: u64,
        /// What is amiss.
        why: Error,
    },
    /// A day before that of an earlier leaf.
    #[error("leaf {0} has an earlier day than a leaf before it")]
    DayGoesBack(u64),
    /// A disposition of something that is no contribution of its review, or comes later.
    #[error("leaf {place} disposes of leaf {of}, which is no earlier contribution of the same review")]
    NoContribution {
        /// Place of the disposition.
        place: u64,
        /// What it refers to.
        of: u64,
    },
    /// A second disposition that does not take the place of the one that stands.
    #[error("leaf {place} disposes of contribution {of}, which has another disposition")]
    SecondDisposition {
        /// Place of the disposition.
        place: u64,
        /// Place of the contribution.
        of: u64,
    },
    /// Something new after the review was closed.
    #[error("leaf {0} comes after its review was closed")]
    AfterClose(u64),
    /// A closing leaf with contributions that nobody knows the end of.
    #[error(
        "the review was closed at leaf {place}, and {count} contributions have no disposition, the first at leaf {first}"
    )]
    Undisposed {
        /// Place of the closing leaf.
        place: u64,
        /// How many have none.
        count: u64,
        /// The first of them.
        first: u64,
    },
    /// A closing leaf with other sums.
    #[error("the closing leaf {0} states other sums than its contributions and dispositions give")]
    Sums(u64),
    /// The text of a statement, by its digest in hexadecimal digits.
    #[error("statement {0} is missing, or is not the text that its leaf commits to")]
    Statement(String),
    /// A promise that was not kept.
    #[error("promise {number} was not kept: its deadline is over and its commitment is not in the log{}", for_others(.standing))]
    Promise {
        /// Which of the promises that were brought, from 0.
        number: usize,
        /// Overdue or broken.
        standing: Standing,
    },
}

fn for_others(standing: &Standing) -> &'static str {
    match standing {
        Standing::Broken => "; promise and checkpoint together prove it to anybody",
        _ => "",
    }
}

/// As its sentence.
impl Serialize for Fault {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
