//! Group commit on `SQLite`: one task owns the only connection that writes. It takes every command that is waiting into
//! one transaction, each in a savepoint of its own, and answers them all after the one commit. While that commit waits
//! for the disk the next commands gather, so the more people write, the more share each wait.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _, SqliteConnection};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::command::Command;
use crate::error::{Error, Result};
use crate::sql::Statement;
use crate::tx::Tx;

/// The most commands that share a commit.
const MOST: usize = 256;
/// How many may wait before those who want to write have to wait themselves.
const QUEUE: usize = 1024;

/// For how long what was erased may still stand in the write-ahead log, unless somebody reads all that time.
const WIPE: Duration = Duration::from_secs(5);
/// Only for this engine, so it is not among the statements of the program.
const TRUNCATE: Statement = Statement::new("pragma wal_checkpoint(truncate)");

/// The way to the writing task.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Box<dyn Pending>>,
    closing: Arc<Notify>,
    /// Its other half is gone once the task has ended.
    ended: watch::Receiver<()>,
}

/// A command of any type that waits to be run and answered.
trait Pending: Send {
    fn run<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Waiting<C: Command> {
    command: C,
    outcome: Option<Result<C::Output>>,
    reply: oneshot::Sender<Result<C::Output>>,
}

impl<C: Command> Pending for Waiting<C> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            // A defect in one command must not stop the task that everybody's writing depends on.
            let run = AssertUnwindSafe(self.command.run(tx)).catch_unwind().await;
            let outcome = run.unwrap_or_else(|_| Err(Error::Broken(format!("the command {} panicked", C::NAME))));
            let ended = outcome.as_ref().map(drop).map_err(Clone::clone);
            self.outcome = Some(outcome);
            ended
        })
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let outcome = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Error::Broken("a command was answered before it ran".to_owned())),
            (Err(error), _) => Err(error),
        };
        // Whoever asked may have gone away: the change counts all the same.
        drop(self.reply.send(outcome));
    }
}

impl Writer {
    /// Opens the connection and starts the writing task, on a thread of its own beside those that serve pages.
    pub(crate) async fn start(options: SqliteConnectOptions) -> Result<Self> {
        let connection = options.connect().await?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let failed = |error: std::io::Error| Error::Unavailable(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
        let closing = Arc::new(Notify::new());
        let (ending, ended) = watch::channel(());
        let writing = {
            let closing = Arc::clone(&closing);
            move || {
                runtime.block_on(serve(options, connection, receiver, &closing));
                drop(ending);
            }
        };
        std::thread::Builder::new().name("writer".to_owned()).spawn(writing).map_err(failed)?;
        Ok(Self { queue: sender, closing, ended })
    }

    /// Has a command run and committed with whatever else is waiting.
    pub(crate) async fn write<C: Command>(&self, command: C) -> Result<C::Output> {
        let (reply, answer) = oneshot::channel();
        self.queue.send(Box::new(Waiting { command, outcome: None, reply })).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Whether the writing task is there.
    pub(crate) fn ready(&self) -> Result<()> {
        if self.queue.is_closed() { Err(stopped()) } else { Ok(()) }
    }

    /// Ends the task: what waits is still written, nothing else is taken, and the write-ahead log is left empty.
    pub(crate) async fn close(&self) {
        self.closing.notify_one();
        // Nothing is ever sent: it ends with an error once the other half is gone.
        drop(self.ended.clone().changed().await);
    }
}

fn stopped() -> Error {
    Error::Unavailable("the writer has stopped".to_owned())
}

async fn serve(
    options: SqliteConnectOptions,
    connection: SqliteConnection,
    mut queue: mpsc::Receiver<Box<dyn Pending>>,
    closing: &Notify,
) {
    let mut connection = Some(connection);
    // Whatever ended before may have left something there.
    let mut trace = Trace::default();
    trace.left();
    loop {
        let first = tokio::select! {
            first = queue.recv() => first,
            () = closing.notified() => {
                queue.close();
                continue;
            }
            () = trace.due() => {
                trace.wipe(connection.as_mut()).await;
                continue;
            }
        };
        let Some(first) = first else { break };
        trace.left();
        let mut batch = vec![first];
        let committed = match reopened(&options, &mut connection).await {
            Ok(connection) => run_batch(&mut Tx::Sqlite(connection), &mut batch, &mut queue).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &committed {
            tracing::error!(commands = batch.len(), %error, "a commit failed; nothing of it was written");
            // Whatever state it is in, closing it rolls back; the next batch begins on a new one.
            connection = None;
        }
        for waiting in batch {
            waiting.answer(committed.clone());
        }
        if trace.due_in().is_some_and(|pause| pause.is_zero()) {
            trace.wipe(connection.as_mut()).await;
        }
    }
    trace.wipe(connection.as_mut()).await;
    if let Some(connection) = connection {
        // The last one that closes also removes the log.
        drop(connection.close().await);
    }
}

/// What was changed or erased still stands in the write-ahead log as it was before. So the log is emptied soon after.
#[derive(Default)]
struct Trace(Option<Instant>);

impl Trace {
    /// Something was written.
    fn left(&mut self) {
        self.0.get_or_insert_with(Instant::now);
    }

    /// How long until the log is to be emptied; none where it is empty.
    fn due_in(&self) -> Option<Duration> {
        self.0.map(|since| WIPE.saturating_sub(since.elapsed()))
    }

    /// Waits until the log is to be emptied; for ever where it is empty.
    async fn due(&self) {
        match self.due_in() {
            Some(pause) => tokio::time::sleep(pause).await,
            None => std::future::pending().await,
        }
    }

    /// Moves everything into the database and empties the log. Where somebody is reading just now it waits for nobody, and is tried
    /// again.
    async fn wipe(&mut self, connection: Option<&mut SqliteConnection>) {
        let (Some(connection), true) = (connection, self.0.is_some()) else { return };
        let emptied = async {
            let mut tx = Tx::Sqlite(connection);
            tx.control("pragma busy_timeout = 0").await?;
            let row = tx.one(TRUNCATE, vec![]).await;
            tx.control("pragma busy_timeout = 5000").await?;
            row?.get::<i64>(0)
        };
        let emptied = emptied.await;
        self.0 = if matches!(emptied, Ok(0)) { None } else { Some(Instant::now()) };
    }
}

async fn reopened<'a>(
    options: &SqliteConnectOptions,
    connection: &'a mut Option<SqliteConnection>,
) -> Result<&'a mut SqliteConnection> {
    if connection.is_none() {
        *connection = Some(options.connect().await?);
    }
    connection.as_mut().ok_or_else(stopped)
}

/// Runs what waits in one transaction. An error is about the transaction as a whole; what went wrong with one command
/// stays with that command.
async fn run_batch(
    tx: &mut Tx<'_>,
    batch: &mut Vec<Box<dyn Pending>>,
    queue: &mut mpsc::Receiver<Box<dyn Pending>>,
) -> Result<()> {
    tx.control("begin immediate; savepoint command").await?;
    run_each(tx, batch, queue).await?;
    tx.control("commit").await
}

async fn run_each(
    tx: &mut Tx<'_>,
    batch: &mut Vec<Box<dyn Pending>>,
    queue: &mut mpsc::Receiver<Box<dyn Pending>>,
) -> Result<()> {
    loop {
        let ended = match batch.last_mut() {
            Some(waiting) => waiting.run(tx).await,
            None => return Ok(()),
        };
        let next = if batch.len() < MOST { queue.try_recv().ok() } else { None };
        match (&ended, next.is_some()) {
            // A full disk or a lost file concerns everybody who waits, not one command.
            (Err(error @ Error::Unavailable(_)), _) => {
                batch.extend(next);
                return Err(error.clone());
            }
            (Ok(()), true) => tx.control("release command; savepoint command").await?,
            (Ok(()), false) => {}
            (Err(_), _) => tx.control("rollback to command; release command; savepoint command").await?,
        }
        match next {
            Some(next) => batch.push(next),
            None => return Ok(()),
        }
    }
}
