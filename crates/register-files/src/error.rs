//! Why something could not be verified at all, or is not to be believed at all; what else is wrong is in its report.

use register::Error as Reason;

/// A file or address, and what is the matter with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It could not be read.
    #[error("{place} cannot be read: {why}")]
    Read {
        /// Which one.
        place: String,
        /// What the system says.
        why: String,
    },
    /// It could not be written.
    #[error("{place} cannot be written: {why}")]
    Write {
        /// Which one.
        place: String,
        /// What the system says.
        why: String,
    },
    /// It is not what it should be, or is not to be believed.
    #[error("{place}: {error}")]
    Content {
        /// Which one.
        place: String,
        /// What is amiss.
        error: Reason,
    },
    /// A proof file without the leaf.
    #[error("{0}: it does not hold the leaf that it proves, in its line `extra`; without that it proves nothing")]
    NoLeaf(String),
    /// Something of another kind than what was asked for.
    #[error("{place}: {why}")]
    Other {
        /// Which one.
        place: String,
        /// What it is, and what to do.
        why: String,
    },
}

/// What this crate gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Something could be read, and is not to be believed: it is signed by nobody that one trusts, or does not lead to where it
    /// says. Anything else says only that there was nothing to verify.
    pub fn is_unsound(&self) -> bool {
        matches!(self, Error::Content { error, .. } if says_something(error))
    }

    /// What is the matter with the content of a place.
    pub fn content(place: impl ToString) -> impl FnOnce(Reason) -> Error {
        let place = place.to_string();
        move |error| Error::Content { place, error }
    }

    pub(crate) fn read(place: impl ToString, why: impl ToString) -> Error {
        Error::Read { place: place.to_string(), why: why.to_string() }
    }

    pub(crate) fn write(place: impl ToString, why: impl ToString) -> Error {
        Error::Write { place: place.to_string(), why: why.to_string() }
    }

    pub(crate) fn other(place: impl ToString, why: impl ToString) -> Error {
        Error::Other { place: place.to_string(), why: why.to_string() }
    }
}

fn says_something(error: &Reason) -> bool {
    matches!(
        error,
        Reason::Unsigned(_)
            | Reason::Forged(_)
            | Reason::OtherLog { .. }
            | Reason::TooFewWitnesses { .. }
            | Reason::NotIncluded
            | Reason::Inconsistent { .. }
            | Reason::BeyondTheEnd { .. }
            | Reason::TilesDiffer(_)
    )
}
