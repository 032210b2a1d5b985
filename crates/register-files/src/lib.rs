//! Verifies registers and proofs that lie in files: the library half of `folkmoot verify`.
//!
//! [`VerifyLog`] reads a whole register from a folder, [`VerifyProof`] a single proof file. Each gives a report that can be printed
//! as it is, for people, or written as JSON, for programs. What is verified, and what that shows, is in `docs/register.md`.

mod error;
mod folder;
mod log;
mod proof;
mod words;

pub use error::{Error, Result};
pub use folder::Folder;
pub use log::{LogReport, PromiseReport, ReviewReport, VerifyLog};
pub use proof::{Opening, ProofReport, VerifyProof};
pub use words::Witnessed;
