//! The database: how it is opened, and how it is read.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, PgPool, SqlitePool};
use tokio::sync::Notify;

use crate::error::{Error, Result};
use crate::group_commit::Writer;
use crate::row::{Row, Value};
use crate::sql::{Statement, statements};
use crate::tx::Tx;

/// How long somebody waits for a connection, or for another process to let go of the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections to a database server a node holds at most.
pub(crate) const MOST_CONNECTIONS: u32 = 16;

statements! {
    ANSWERS = "select cast(1 as bigint)";
}

/// A database that is open. Clones share it.
#[derive(Clone)]
pub struct Db {
    pub(crate) pools: Pools,
    pub(crate) changed: Arc<Notify>,
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// `PostgreSQL`, or a server that speaks like it.
    Postgres,
}

#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite { writer: Writer, readers: SqlitePool },
    Postgres(PgPool),
}

impl Db {
    /// Opens the embedded database in a file, makes it if there is none, and brings it up to date.
    pub async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .pragma("cache_size", "-8000")
            .pragma("secure_delete", "on")
            // A savepoint copies the pages that it changes: kept in memory, not in a temporary file.
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "67108864")
            .log_statements(tracing_level_off());
        let mut connection = options.clone().create_if_missing(true).connect().await?;
        crate::migration::run(&mut Tx::Sqlite(&mut connection)).await?;
        drop(connection);
        let writer = Writer::start(options.clone()).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(PATIENCE)
            .connect_with(options.read_only(true).pragma("query_only", "1"))
            .await?;
        Ok(Self { pools: Pools::Sqlite { writer, readers }, changed: Arc::default() })
    }

    /// Opens a `PostgreSQL` database and brings it up to date.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("folkmoot").log_statements(tracing_level_off());
        let pool = PgPoolOptions::new()
            .max_connections(MOST_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        let mut connection = pool.acquire().await?;
        crate::migration::run(&mut Tx::Postgres(&mut connection)).await?;
        drop(connection);
        Ok(Self { pools: Pools::Postgres(pool), changed: Arc::default() })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Whether it answers.
    pub async fn ready(&self) -> Result<()> {
        if let Pools::Sqlite { writer, .. } = &self.pools {
            writer.ready()?;
        }
        self.all(ANSWERS, vec![]).await.map(drop)
    }

    /// Waits until something was written through this very `Db`. Other processes are not heard: poll as well.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Closes every connection. What waits to be written is written first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Reads every row.
    pub(crate) async fn all(&self, statement: Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => Tx::Sqlite(&mut *readers.acquire().await?).all(statement, values).await,
            Pools::Postgres(pool) => {
                retry_read(|| async { Tx::Postgres(&mut *pool.acquire().await?).all(statement, values.clone()).await })
                    .await
            }
        }
    }

    /// Reads the first row.
    pub(crate) async fn optional(&self, statement: Statement, values: Vec<Value>) -> Result<Option<Row>> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                Tx::Sqlite(&mut *readers.acquire().await?).optional(statement, values).await
            }
            Pools::Postgres(pool) => {
                retry_read(|| async {
                    Tx::Postgres(&mut *pool.acquire().await?).optional(statement, values.clone()).await
                })
                .await
            }
        }
    }

    /// Holds the database as it is now, so that several reads tell one story.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let mut snapshot = match &self.pools {
            Pools::Sqlite { readers, .. } => Snapshot::Sqlite(readers.acquire().await?.detach()),
            Pools::Postgres(pool) => Snapshot::Postgres(pool.acquire().await?.detach()),
        };
        let begin = match self.engine() {
            Engine::Sqlite => "begin",
            Engine::Postgres => "begin isolation level repeatable read read only",
        };
        snapshot.tx().control(begin).await?;
        Ok(snapshot)
    }
}

/// A pooled connection may have died with the server that it led to: each dead one fails at once, and is then forgotten. A
/// failure that took long is the server's own.
async fn retry_read<T, F: Future<Output = Result<T>>>(read: impl Fn() -> F) -> Result<T> {
    for _ in 0..MOST_CONNECTIONS {
        let began = std::time::Instant::now();
        match read().await {
            Err(Error::Unavailable(_)) if began.elapsed() < Duration::from_secs(1) => {}
            outcome => return outcome,
        }
    }
    read().await
}

/// The database as it was at one moment. Dropping it lets go.
pub enum Snapshot {
    /// On `SQLite`.
    Sqlite(sqlx::SqliteConnection),
    /// On `PostgreSQL`.
    Postgres(sqlx::PgConnection),
}

impl Snapshot {
    /// What to read with.
    pub fn tx(&mut self) -> Tx<'_> {
        match self {
            Self::Sqlite(connection) => Tx::Sqlite(connection),
            Self::Postgres(connection) => Tx::Postgres(connection),
        }
    }
}

/// Statements hold what people wrote, so they are never logged.
fn tracing_level_off() -> log::LevelFilter {
    log::LevelFilter::Off
}
