//! What goes on behind the pages: events get their places, are counted and indexed; jobs that are due are done.
//!
//! Any number of nodes may do this at once. Sequencing and counting are done by whoever holds the lease; the search
//! index is each node's own; a job is claimed by one node at a time.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::{Contribution, Day, Happened, ReviewId, Slug, publishable};
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::draft::SweepExpired;
use store::event::{NewEvent, SequenceEvents};
use store::job::{ClaimJob, ClaimedJob, CompleteJob, EnqueueJob, NewJob, PostponeJob};
use store::lease::ReleaseLease;
use store::search::{Change, Search};
use store::tally::CountEvents;
use tokio::sync::watch;
use uuid::Uuid;

use crate::review::{CurrentReview, logo_file};
use crate::{Error, Result, Service};

/// How often a node looks for work that other processes have made.
const POLL: Duration = Duration::from_secs(1);
/// The shortest time between two looks, so that a rush of changes is taken in batches.
const GATHER: Duration = Duration::from_millis(100);
/// How long a job is held, in microseconds.
const JOB_LEASE: i64 = 30_000_000;
/// How long one node does what only one may, in microseconds, unless it gives that back or goes on: a node that died holds
/// the others up for no longer.
const SEQUENCER_LEASE: i64 = 5_000_000;
/// The name of that lease.
const SEQUENCER: &str = "sequencer";
/// How often a command that must see its own changes looks whether they have been taken up.
const LOOKS: u32 = 150;
/// Events that are sequenced or counted in one transaction: few enough that nobody who writes waits for long.
const BATCH: i64 = 500;
/// Events that are indexed in one commit.
const INDEX_BATCH: i64 = 5_000;
/// The id of the job that deletes what has expired: there is only ever one.
const SWEEP: Uuid = Uuid::from_u128(0x5357_4545_5000_0000_0000_0000_0000_0001);

/// Something that is done later, durably.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// Tells the log that a call has opened, if it still opens on that day.
    OpenCall {
        /// The review.
        review: ReviewId,
        /// Its name.
        slug: Slug,
        /// The call.
        call: Slug,
        /// The day.
        day: Day,
    },
    /// Tells the log that a call has closed, if it still closes on that day.
    CloseCall {
        /// The review.
        review: ReviewId,
        /// Its name.
        slug: Slug,
        /// The call.
        call: Slug,
        /// The day.
        day: Day,
    },
    /// Deletes a picture, if the review does not use it any more.
    DeleteLogo {
        /// The review.
        review: ReviewId,
        /// Its name.
        slug: Slug,
        /// The digest of the picture.
        digest: String,
    },
    /// Deletes drafts and sessions that have expired, every hour.
    Sweep,
}

impl Job {
    /// The job as a row of which there is only one for that moment, however often it is enqueued.
    pub(crate) fn once(&self, run_at: Timestamp) -> NewJob {
        let body = serde_json::to_string(self).unwrap_or_default();
        let digest = Sha256::new().chain_update(body).chain_update(run_at.to_string()).finalize();
        let id = std::array::from_fn(|at| digest[at]);
        self.at(run_at, uuid::Builder::from_custom_bytes(id).into_uuid())
    }

    /// The job as a row to be enqueued.
    pub(crate) fn at(&self, run_at: Timestamp, id: Uuid) -> NewJob {
        let kind = match self {
            Self::OpenCall { .. } => "open-call",
            Self::CloseCall { .. } => "close-call",
            Self::DeleteLogo { .. } => "delete-logo",
            Self::Sweep => "sweep",
        };
        NewJob { id, kind, body: serde_json::to_string(self).unwrap_or_default(), run_at }
    }
}

impl Service {
    /// Works until `stop` turns true: events and jobs, beside them mail, which may take its time, counting, which takes as
    /// long as there is much, and the register, which waits for witnesses. Nothing waits for the others.
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        let register = Box::pin(self.keep_register(stop.clone()));
        tokio::join!(self.keep_up(stop.clone()), self.keep_counting(stop.clone()), register, self.deliver(stop));
    }

    /// Trouble is logged, and tried again.
    async fn keep_up(&self, mut stop: watch::Receiver<bool>) {
        self.begin_sweeping().await;
        let mut indexed = BTreeMap::new();
        while !*stop.borrow() {
            // A defect in one step must not end all of them while pages are still served.
            let step = AssertUnwindSafe(self.step(&mut indexed)).catch_unwind().await;
            let outcome =
                step.unwrap_or_else(|_| Err(Error::Broken("a step of the background work panicked".to_owned())));
            if let Err(error) = outcome {
                tracing::warn!(%error, "background work will be tried again");
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = async {
                    // A change made here is taken up at once; one made elsewhere at the next poll.
                    drop(tokio::time::timeout(POLL, self.db.changed()).await);
                    tokio::time::sleep(GATHER).await;
                } => {}
            }
        }
        self.give_back().await;
    }

    /// Sees to it that everything that has happened has its place and is counted, by this node or another: for commands
    /// that must see their own changes.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if another node holds it up for too long.
    pub async fn catch_up(&self) -> Result<()> {
        let mut indexed = BTreeMap::new();
        for _ in 0..LOOKS {
            self.step(&mut indexed).await?;
            let waiting = self.db.events_waiting().await? > 0 || self.uncounted(&self.reviews().await?).await?;
            if !waiting {
                self.give_back().await;
                return Ok(());
            }
            tokio::time::sleep(GATHER).await;
        }
        Err(Error::Unavailable("another node holds up the sequencing of events".to_owned()))
    }

    /// Lets another node go on at once. If that fails, the lease runs out by itself.
    async fn give_back(&self) {
        drop(self.db.write(ReleaseLease { name: SEQUENCER, holder: self.node }).await);
    }

    async fn step(&self, indexed: &mut BTreeMap<ReviewId, i64>) -> Result<()> {
        self.do_jobs().await?;
        let reviews = self.reviews().await?;
        if self.db.events_waiting().await? > 0 || self.uncounted(&reviews).await? {
            self.sequence_and_count(&reviews).await?;
        }
        if let Some(search) = &self.search {
            for review in &reviews {
                self.index(search, review.id, indexed).await?;
            }
            // What was withdrawn is not to be found from now on; its words leave the files, too.
            let search = Arc::clone(search);
            let wipe = tokio::task::spawn_blocking(move || search.wipe());
            wipe.await.map_err(|error| Error::Broken(error.to_string()))??;
        }
        self.delete_unwanted_files().await
    }

    async fn sequence_and_count(&self, reviews: &[Arc<CurrentReview>]) -> Result<()> {
        let claim = || self.db.claim_lease(SEQUENCER, self.node, self.now(), SEQUENCER_LEASE);
        while claim().await? {
            let sequenced = self.db.write(SequenceEvents { limit: BATCH }).await?;
            let mut counted = 0;
            for review in reviews {
                counted += self.db.write(CountEvents { review: review.id, limit: BATCH }).await?;
            }
            if sequenced == 0 && counted == 0 {
                break;
            }
        }
        self.tallies.forget();
        Ok(())
    }

    async fn uncounted(&self, reviews: &[Arc<CurrentReview>]) -> Result<bool> {
        for review in reviews {
            if self.db.counted(review.id).await? < self.db.last_position(review.id).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Brings this node's search index up to date with one review. While one batch is committed, the next is read.
    async fn index(&self, search: &Arc<Search>, review: ReviewId, indexed: &mut BTreeMap<ReviewId, i64>) -> Result<()> {
        let mut positions = search.positions()?;
        let mut read = positions.get(&review).max(indexed.get(&review)).copied().unwrap_or(0);
        let mut batch = self.batch(review, read).await?;
        while let Some((last, changes)) = batch {
            read = last;
            // Arrivals change nothing that can be found: their place is remembered with the next commit.
            if changes.is_empty() {
                indexed.insert(review, last);
                batch = self.batch(review, last).await?;
            } else {
                positions.insert(review, last);
                let (search, positions) = (Arc::clone(search), positions.clone());
                let commit = tokio::task::spawn_blocking(move || search.apply(review, &changes, &positions));
                let (committed, next) = tokio::join!(commit, self.batch(review, last));
                committed.map_err(|error| Error::Broken(error.to_string()))??;
                // Only now: what failed before is read again.
                indexed.insert(review, last);
                batch = next?;
            }
        }
        self.index_is_not_ahead(search, review, read, indexed).await
    }

    /// An index that has read further than the log goes belongs to another past, as after a restored backup.
    async fn index_is_not_ahead(
        &self,
        search: &Arc<Search>,
        review: ReviewId,
        position: i64,
        indexed: &mut BTreeMap<ReviewId, i64>,
    ) -> Result<()> {
        if position > self.db.last_position(review).await? {
            tracing::warn!("the search index is ahead of the event log and is made anew");
            let search = Arc::clone(search);
            let forget = tokio::task::spawn_blocking(move || search.forget(review));
            forget.await.map_err(|error| Error::Broken(error.to_string()))??;
            indexed.remove(&review);
        }
        Ok(())
    }

    /// The next events after a position: where the last of them stands, and what becomes in the index of every contribution
    /// that something happened to. `None` if there are none.
    async fn batch(&self, review: ReviewId, position: i64) -> Result<Option<(i64, Vec<Change>)>> {
        let Some(last) = self.db.position_after(review, position, INDEX_BATCH).await? else { return Ok(None) };
        let contributions = self.db.changed_between(review, position, last).await?;
        let change = |contribution: Contribution| {
            let id = contribution.id;
            publishable(contribution).map_or(Change::Hide(id), |shown| Change::Show(Box::new(shown)))
        };
        Ok(Some((last, contributions.into_iter().map(change).collect())))
    }

    async fn begin_sweeping(&self) {
        let job = Job::Sweep.at(self.now() + SignedDuration::from_hours(1), SWEEP);
        if let Err(error) = self.db.write(EnqueueJob(job)).await {
            tracing::warn!(%error, "what expires will not be deleted before the next start");
        }
    }

    async fn do_jobs(&self) -> Result<()> {
        while self.db.job_is_due(self.now()).await? {
            let claim = ClaimJob { holder: self.node, now: self.now(), length: JOB_LEASE };
            let Some(claimed) = self.db.write(claim).await? else { continue };
            let kind = claimed.kind.clone();
            let outcome = self.do_job(claimed.clone()).await;
            metrics::counter!("folkmoot_jobs_total", "kind" => kind, "outcome" => if outcome.is_ok() { "done" } else { "failed" }).increment(1);
            if let Err(error) = outcome {
                tracing::warn!(job = claimed.kind, attempt = claimed.attempt, %error, "a job failed and will be tried again");
                // Twice as long after each attempt, up to about an hour.
                let pause = SignedDuration::from_secs(5 << claimed.attempt.clamp(0, 10).unsigned_abs().min(10));
                let run_at = self.now() + pause;
                self.db.write(PostponeJob { job: claimed, run_at, failure: Some(error.to_string()) }).await?;
            }
        }
        Ok(())
    }

    async fn do_job(&self, claimed: ClaimedJob) -> Result<()> {
        let job: Job = serde_json::from_str(&claimed.body).map_err(|error| Error::Broken(error.to_string()))?;
        let now = self.now();
        let event = match &job {
            Job::OpenCall { review, slug, call, day } => {
                let due = self.call_has(slug, call, |call| call.opens == *day).await?;
                due.then(|| (*review, Happened::CallOpened { call: call.clone() }))
            }
            Job::CloseCall { review, slug, call, day } => {
                let due = self.call_has(slug, call, |call| call.closes == *day).await?;
                due.then(|| (*review, Happened::CallClosed { call: call.clone() }))
            }
            Job::DeleteLogo { review, slug, digest } => {
                let current = self.db.review(slug.as_str()).await?.and_then(|review| review.logo);
                if current.is_none_or(|(used, _)| used != *digest) {
                    self.files.delete(&logo_file(*review, digest)).await?;
                }
                None
            }
            Job::Sweep => {
                let again = Job::Sweep.at(now + SignedDuration::from_hours(1), SWEEP);
                self.db.write(SweepExpired { job: claimed, again, now }).await?;
                return Ok(());
            }
        };
        let event = event
            .map(|(review, happened)| (review, NewEvent { id: self.new_id(), happened, contribution: None, at: now }));
        Ok(self.db.write(CompleteJob { job: claimed, event, now }).await?)
    }

    async fn call_has(&self, slug: &Slug, call: &Slug, test: impl Fn(&domain::Call) -> bool) -> Result<bool> {
        let Some(stored) = self.db.review(slug.as_str()).await? else { return Ok(false) };
        Ok(CurrentReview::try_from(stored)?.call(call.as_str()).is_some_and(test))
    }
}
