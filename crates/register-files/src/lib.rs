//! Verifies registers, receipts and exports, and remembers for a witness: the library half of `folkmoot verify` and
//! `folkmoot witness`.
//!
//! [`VerifyLog`] reads a whole register, from a folder or another [`Register`]; [`VerifyReceipt`] a single receipt, proof or promise;
//! [`VerifyExport`] an open-data package, alone or against a register. Each gives a report that can be printed as it is, for people,
//! or written as JSON, for programs. What is verified, and what that shows, is in `docs/register.md`.

mod error;
mod export;
mod folder;
mod keep;
mod log;
mod receipt;
mod witness;
mod words;

pub use error::{Error, Result};
pub use export::{ExportReport, VerifyExport};
pub use folder::{Folder, Register, read_file, read_note, read_policy, statement_of, write_durably};
pub use log::{LogReport, PromiseReport, ReviewReport, Unconfirmed, VerifyLog};
pub use receipt::{Brought, ReceiptReport, Shows, VerifyReceipt};
pub use witness::{Refused, Witness};
pub use words::Witnessed;
