//! Group commit on `SQLite`: one task owns the only connection that writes. It takes every command that is waiting into
//! one transaction, each in a savepoint of its own, and answers them all after the one commit. While that commit waits
//! for the disk the next commands gather, so the more people write, the more share each wait.

use std::future::Future;
use std::pin::Pin;

use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use crate::command::Command;
use crate::error::{Error, Result};
use crate::tx::Tx;

/// The most commands that share a commit.
const MOST: usize = 256;
/// How many may wait before those who want to write have to wait themselves.
const QUEUE: usize = 1024;

/// The way to the writing task.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Box<dyn Pending>>);

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
            let outcome = self.command.run(tx).await;
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
    /// Starts the writing task on `connection`, which nobody else may hold.
    pub(crate) fn start(connection: SqliteConnection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(serve(connection, receiver));
        Self(sender)
    }

    /// Has a command run and committed with whatever else is waiting.
    pub(crate) async fn write<C: Command>(&self, command: C) -> Result<C::Output> {
        let stopped = || Error::Unavailable("the writer has stopped".to_owned());
        let (reply, answer) = oneshot::channel();
        self.0.send(Box::new(Waiting { command, outcome: None, reply })).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn serve(mut connection: SqliteConnection, mut queue: mpsc::Receiver<Box<dyn Pending>>) {
    while let Some(first) = queue.recv().await {
        let mut batch = vec![first];
        let committed = run_batch(&mut Tx::Sqlite(&mut connection), &mut batch, &mut queue).await;
        if let Err(error) = &committed {
            tracing::error!(commands = batch.len(), %error, "a commit failed; nothing of it was written");
        }
        for waiting in batch {
            waiting.answer(committed.clone());
        }
    }
}

/// Runs what waits in one transaction. An error is about the transaction as a whole; what went wrong with one command
/// stays with that command.
async fn run_batch(
    tx: &mut Tx<'_>,
    batch: &mut Vec<Box<dyn Pending>>,
    queue: &mut mpsc::Receiver<Box<dyn Pending>>,
) -> Result<()> {
    tx.control("begin immediate; savepoint command").await?;
    let outcome = run_each(tx, batch, queue).await;
    let ended = match outcome {
        Ok(()) => tx.control("commit").await,
        Err(error) => Err(error),
    };
    if ended.is_err() {
        // SQLite may have rolled back by itself, as it does when the disk is full; then this has nothing to do.
        drop(tx.control("rollback").await);
    }
    ended
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
