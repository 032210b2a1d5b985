//! Commands: the only way to write. A command is a small struct that says what should change; the store runs it in a
//! transaction, again if the engine asks for that, and answers when the change is durable.

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use crate::db::{Db, Pools};
use crate::error::{Error, Result};
use crate::tx::Tx;

/// Something that changes what is stored. It may run several times before it counts once, so it must not reach outside
/// the transaction.
pub trait Command: Send + Sync + 'static {
    /// What the caller learns.
    type Output: Send + 'static;

    /// Its name, for measurements.
    const NAME: &'static str;

    /// Makes the change.
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// How often a command is run again after a conflict.
const ATTEMPTS: u32 = 8;

impl Db {
    /// Makes a change. When it returns, the change is on disk, or nothing of it is.
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Output> {
        let began = Instant::now();
        let outcome = match &self.pools {
            Pools::Sqlite { writer, .. } => writer.write(command).await,
            Pools::Postgres(pool) => {
                // On a task of its own: whoever waits may go away, a transaction that was begun is brought to its end.
                let pool = pool.clone();
                let task = tokio::spawn(async move { on_postgres(&pool, &command).await });
                task.await.map_err(|error| Error::Broken(error.to_string()))?
            }
        };
        let ended = match &outcome {
            Ok(_) => "done",
            Err(Error::Duplicate(_) | Error::Conflict) => "refused",
            Err(Error::Unavailable(_)) => "unavailable",
            Err(Error::Broken(_)) => "broken",
        };
        metrics::histogram!("folkmoot_command_seconds", "command" => C::NAME, "outcome" => ended)
            .record(began.elapsed().as_secs_f64());
        if outcome.is_ok() {
            self.changed.notify_waiters();
        }
        outcome
    }
}

async fn on_postgres<C: Command>(pool: &sqlx::PgPool, command: &C) -> Result<C::Output> {
    for attempt in 1.. {
        match attempt_on_postgres(pool, command).await {
            Err(Error::Conflict) if attempt < ATTEMPTS => tokio::time::sleep(pause(attempt)).await,
            outcome => return outcome,
        }
    }
    Err(Error::Conflict)
}

async fn attempt_on_postgres<C: Command>(pool: &sqlx::PgPool, command: &C) -> Result<C::Output> {
    let mut transaction = begin(pool).await?;
    // Dropping the transaction after an error rolls it back.
    let output = command.run(&mut Tx::Postgres(&mut transaction)).await?;
    transaction.commit().await?;
    Ok(output)
}

/// Connections that were idle when the server went away are found dead one by one, before anything was sent over them.
async fn begin(pool: &sqlx::PgPool) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    for _ in 0..crate::db::MOST_CONNECTIONS {
        match pool.begin().await {
            Err(sqlx::Error::Io(_)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Ok(pool.begin().await?)
}

/// Doubling pauses from 2 ms, half of each random, so that those who collided do not meet again.
fn pause(attempt: u32) -> Duration {
    let longest = 2_000_u64 << attempt.min(8);
    // The standard library's own seeds are random enough to part two tasks.
    let random = RandomState::new().build_hasher().finish();
    Duration::from_micros(longest / 2 + random % (longest / 2))
}
