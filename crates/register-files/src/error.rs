//! Why something could not be verified at all; what is wrong with something that could is in its report.

use std::path::{Path, PathBuf};

/// A file, and what is the matter with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It could not be read.
    #[error("{} cannot be read: {error}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is not what it should be, or is not to be believed.
    #[error("{}: {error}", path.display())]
    Content {
        /// Which one.
        path: PathBuf,
        /// What is amiss.
        error: register::Error,
    },
    /// A proof file without the leaf.
    #[error("{}: it does not hold the leaf that it proves, in its line `extra`; without that it proves nothing", .0.display())]
    NoLeaf(PathBuf),
}

/// What this crate gives back.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn content(path: &Path) -> impl FnOnce(register::Error) -> Error {
        let path = path.to_owned();
        move |error| Error::Content { path, error }
    }
}
