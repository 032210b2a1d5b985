//! Counts and finds: what thousands of contributions have in common, where they part, and who is missing.
//!
//! Pure functions from slices to structs: no files, no network, no clock. What involves chance takes a seed, and every result is
//! the same for the same input, whatever the number of threads. The formulas, their assumptions, and when not to trust them are
//! in `docs/methods.md`; the commands that run them on files are in the crate `sense-files`.

pub mod agreement;
pub mod campaigns;
mod chance;
pub mod coding;
pub mod opinions;
pub mod representation;
pub mod shares;
pub mod small_numbers;
pub mod themes;
