//! Starts what tests and benchmarks need and stops it when it is dropped: a [`Postgres`], a [`Server`] (the `folkmoot`
//! binary), and a [`Browser`] to visit it with. Whatever was started also ends when the process that started it dies,
//! however it dies.
//!
//! This is a tool for tests: what cannot be started is a panic that says why, not an error to be handled.

#![warn(missing_docs)]

mod browser;
mod page;
mod postgres;
mod process;
mod run;
mod server;
mod usage;

pub use browser::Browser;
pub use page::{Page, field};
pub use postgres::Postgres;
pub use run::{run, run_measured};
pub use server::Server;
pub use usage::Usage;
