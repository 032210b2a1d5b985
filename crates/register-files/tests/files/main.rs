//! Registers and proofs in files, and what is said of them.

mod exports;
mod logs;
mod made;
mod receipts;
mod witnesses;
