//! Durable jobs: rows enqueued in the transaction of whatever needs them, and claimed by lease.
//!
//! A job's effect and its completion are one transaction ([`finish`]), and a node whose lease has run out cannot
//! complete it, so what a job writes here is written exactly once.

use domain::ReviewId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    ENQUEUE = "insert into job (id, kind, body, run_at, attempts, lease_until) values ($1, $2, $3, $4, 0, 0)
               on conflict (id) do nothing";
    // The condition stands twice: a second node that waited for the row must see that it is taken.
    CLAIM = "update job set lease_until = $2, holder = $3, attempts = attempts + 1
             where id = (select id from job where run_at <= $1 and lease_until < $1 order by run_at, id limit 1)
               and run_at <= $1 and lease_until < $1
             returning id, kind, body, attempts";
    FINISH = "delete from job where id = $1 and holder = $2 and lease_until >= $3";
    POSTPONE = "update job set run_at = $3, lease_until = 0, holder = null, failure = $4 where id = $1 and holder = $2";
    COUNT = "select count(*) from job";
    DUE = "select id from job where run_at <= $1 and lease_until < $1 limit 1";
}

/// Something to be done later.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// A new id; or a fixed one, for something of which there is only ever one.
    pub id: Uuid,
    /// What kind.
    pub kind: &'static str,
    /// What it needs to know, as JSON.
    pub body: String,
    /// Not before this moment.
    pub run_at: Timestamp,
}

/// A job that this node holds.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// Its id.
    pub id: Uuid,
    /// What kind.
    pub kind: String,
    /// What it needs to know.
    pub body: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// Which node holds it.
    pub holder: Uuid,
}

/// Enqueues a job in the caller's transaction. A second one of the same id changes nothing.
pub async fn enqueue(tx: &mut Tx<'_>, job: &NewJob) -> Result<()> {
    let values = args![job.id, job.kind, job.body.as_str(), job.run_at.as_microsecond()];
    tx.execute(ENQUEUE, values).await.map(drop)
}

/// Completes a job in the transaction of its effect.
///
/// # Errors
/// [`Error::Broken`] if this node's lease has run out: then the effect must not count either.
pub async fn finish(tx: &mut Tx<'_>, job: &ClaimedJob, now: Timestamp) -> Result<()> {
    match tx.execute(FINISH, args![job.id, job.holder, now.as_microsecond()]).await? {
        1 => Ok(()),
        _ => Err(Error::Broken(format!("the lease on job {} has run out", job.id))),
    }
}

/// Takes the next job that is due.
pub struct ClaimJob {
    /// Which node.
    pub holder: Uuid,
    /// The present moment.
    pub now: Timestamp,
    /// For how long, in microseconds.
    pub length: i64,
}

impl Command for ClaimJob {
    type Output = Option<ClaimedJob>;
    const NAME: &'static str = "claim_job";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<ClaimedJob>> {
        let now = self.now.as_microsecond();
        let row = tx.optional(CLAIM, args![now, now + self.length, self.holder]).await?;
        row.map(|row| {
            Ok(ClaimedJob {
                id: row.get(0)?,
                kind: row.get(1)?,
                body: row.get(2)?,
                attempt: row.get(3)?,
                holder: self.holder,
            })
        })
        .transpose()
    }
}

/// Enqueues a job on its own.
pub struct EnqueueJob(pub NewJob);

impl Command for EnqueueJob {
    type Output = ();
    const NAME: &'static str = "enqueue_job";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        enqueue(tx, &self.0).await
    }
}

/// Completes a job whose effect is an event, or is outside the database and can be repeated.
pub struct CompleteJob {
    /// The job.
    pub job: ClaimedJob,
    /// What happens by it.
    pub event: Option<(ReviewId, NewEvent)>,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for CompleteJob {
    type Output = ();
    const NAME: &'static str = "complete_job";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        finish(tx, &self.job, self.now).await?;
        match &self.event {
            Some((review, event)) => event::append(tx, *review, event).await,
            None => Ok(()),
        }
    }
}

/// Puts a job back that could not be done, or that is to be done again.
pub struct PostponeJob {
    /// The job.
    pub job: ClaimedJob,
    /// Not before this moment.
    pub run_at: Timestamp,
    /// What went wrong, if anything did.
    pub failure: Option<String>,
}

impl Command for PostponeJob {
    type Output = ();
    const NAME: &'static str = "postpone_job";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let values = args![self.job.id, self.job.holder, self.run_at.as_microsecond(), self.failure.clone()];
        tx.execute(POSTPONE, values).await.map(drop)
    }
}

impl Db {
    /// Whether any job could be claimed: a read, so that idle nodes do not write.
    pub async fn job_is_due(&self, now: Timestamp) -> Result<bool> {
        Ok(self.optional(DUE, args![now.as_microsecond()]).await?.is_some())
    }

    /// How many jobs there are, due or not.
    pub async fn jobs(&self) -> Result<i64> {
        self.optional(COUNT, args![]).await?.map_or(Ok(0), |row| row.get(0))
    }
}
