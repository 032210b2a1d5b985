//! What can go wrong with a file: said with its name, line and column, and what to do.

use std::path::{Path, PathBuf};

/// A command that could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read or written at all.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something in the file is not as it must be.
    #[error("{}, line {line}{}: {message}", path.display(), column.map(|column| format!(", column {column}")).unwrap_or_default())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column of the table, from 1; in JSON lines the place in the line, in bytes from 1.
        column: Option<u64>,
        /// What is wrong there, and what to do.
        message: String,
    },
    /// The file as a whole, or the arguments, do not allow it.
    #[error("{0}")]
    Unfit(String),
}

/// What a command ends with.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// For `map_err`: the file cannot be read or written.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    }
}
