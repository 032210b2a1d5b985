//! What can go wrong in the store, sorted by what the caller can do about it.

use sqlx::error::ErrorKind;

/// The result of anything that touches the store.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A unique constraint was hit; its name as in the migrations, `table_column`.
    #[error("there is one already: {0}")]
    Duplicate(String),
    /// Somebody else changed the same thing in between. Commands are run again by themselves.
    #[error("somebody else changed it at the same time")]
    Conflict,
    /// The database does not answer, is locked for too long, or its disk is full. Nothing was written.
    #[error("the database cannot be reached or written: {0}")]
    Unavailable(String),
    /// What is stored cannot be read, or a statement is wrong: a defect.
    #[error("the database holds something unexpected: {0}")]
    Broken(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => from_database(database.as_ref()),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Broken(error.to_string()),
        }
    }
}

fn from_database(error: &dyn sqlx::error::DatabaseError) -> Error {
    let code = error.code().unwrap_or_default();
    if error.kind() == ErrorKind::UniqueViolation {
        return Error::Duplicate(error.constraint().map_or_else(|| sqlite_constraint(error.message()), str::to_owned));
    }
    match code.as_ref() {
        // PostgreSQL: serialization failure, deadlock.
        "40001" | "40P01" => Error::Conflict,
        // PostgreSQL: connection trouble (08…), no resources (53…), operator intervention (57…), disk errors (58…).
        _ if code.len() == 5 && ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            Error::Unavailable(error.message().to_owned())
        }
        // SQLite, primary result codes in the low byte: BUSY 5, LOCKED 6, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14.
        _ if code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14)) => {
            Error::Unavailable(error.message().to_owned())
        }
        _ => Error::Broken(error.to_string()),
    }
}

/// `SQLite` names the columns, "UNIQUE constraint failed: draft.review, draft.call" or an index, and never the constraint.
fn sqlite_constraint(message: &str) -> String {
    let columns = message.rsplit(": ").next().unwrap_or_default();
    columns.rsplit(", ").next().unwrap_or_default().replace('.', "_")
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.to_string())
    }
}
