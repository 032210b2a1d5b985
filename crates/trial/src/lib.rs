//! Starts what tests and benchmarks need and stops it when it is dropped: a [`Postgres`], a [`Server`] (the `folkmoot`
//! binary), a [`Browser`] to visit it with, and a mail server ([`Smtp`]). Whatever was started also ends when the process that started it dies,
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
mod smtp;
mod usage;

pub use browser::Browser;
pub use page::{Page, field};
pub use postgres::Postgres;
pub use run::{run, run_measured};
pub use server::Server;
pub use smtp::{Delivered, Smtp, Whim};
pub use usage::Usage;
