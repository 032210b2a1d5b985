//! Keeps everything: one dialect of SQL for two engines, transactions that are retried, durable jobs, the event log,
//! files and the search index.
//!
//! Reading order: [`Db`] (what opens and reads), [`Command`] (the only way to write), [`sql`] (every statement), then
//! one module for each thing that is kept.

#![warn(missing_docs)]

mod command;
mod db;
mod error;
mod group_commit;
mod migration;
mod row;
pub mod sql;
mod tx;

pub mod about_you;
pub mod consumer;
pub mod contribution;
pub mod draft;
pub mod event;
pub mod figures;
pub mod file;
pub mod help_offer;
pub mod job;
pub mod lease;
pub mod mail;
pub mod newsletter;
pub mod own_mail;
pub mod reading;
pub mod register;
pub mod review;
pub mod search;
pub mod session;
pub mod sign;
pub mod subscriber;
pub mod take_up;
pub mod tally;

pub use command::Command;
pub use db::{Db, Engine, Snapshot};
pub use error::{Error, Result};
pub use row::Row;
pub use tx::Tx;
