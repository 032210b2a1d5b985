//! How a result came about: stands at the head of every JSON file, so that anybody can have it again.

use std::path::Path;

use serde::Serialize;

use crate::{Error, Result};

/// What was run on what. The same version, parameters and inputs give the same result, to the byte.
#[derive(Debug, Serialize)]
pub struct About<P> {
    /// The version of Folkmoot.
    pub version: &'static str,
    /// The command, such as `sense opinions`.
    pub method: &'static str,
    /// Everything that was chosen, by the person or by default, the seed included.
    pub parameters: P,
    /// What was read.
    pub inputs: Vec<Input>,
}

/// A file that was read.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// Its name, without the folder: that would say something about the machine.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

impl<P> About<P> {
    /// Says what `method` was run with.
    pub fn new(method: &'static str, parameters: P, inputs: Vec<Input>) -> About<P> {
        About { version: env!("CARGO_PKG_VERSION"), method, parameters, inputs }
    }
}

impl Input {
    /// Looks at the file at `path`.
    pub fn of(path: &Path) -> Result<Input> {
        let bytes = std::fs::metadata(path).map_err(Error::file(path))?.len();
        Ok(Input { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes })
    }
}
