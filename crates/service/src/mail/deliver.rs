//! Sends what is due: the node that holds the lease takes a small batch into hand, hands it over on a few connections at
//! the rate that is set, and records what became of it. What a killed node had in hand is settled by its journal.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::ReviewId;
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use store::lease::ReleaseLease;
use store::mail::{HeldMail, MailKey, MailOutcome, SettleMail, TakeMail};
use store::newsletter::{FillMail, Newsletter};
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use uuid::Uuid;

use super::compose::{Composed, compose};
use super::journal::Journal;
use super::route::{Connection, Refusal};
use super::{MailSettings, Route};
use crate::{CurrentReview, Error, Result, Service};

/// The name of the lease.
const LEASE: &str = "mail";
/// For how long it is held, in microseconds: longer than a batch can last with a server that is as slow as it may be.
const LENGTH: i64 = 300_000_000;
/// No message of a batch is begun later than this.
const BATCH: Duration = Duration::from_mins(1);
/// How many letters of a newsletter are enqueued at a time.
const FILL: i64 = 500;
/// How often a node looks for mail that other processes enqueued.
const POLL: Duration = Duration::from_secs(1);
/// After this long mail is given up.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(72);

/// What the node that sends has at hand.
struct Desk {
    journal: Arc<std::sync::Mutex<Journal>>,
    pace: Arc<Mutex<Interval>>,
    idle: Arc<Mutex<Vec<Connection>>>,
    /// Whether what was in hand when this node became the one that sends is settled.
    settled: bool,
}

impl Service {
    /// Sends mail until `stop` turns true; does nothing on a node that sends none. Trouble is logged, and tried again.
    pub(crate) async fn deliver(&self, mut stop: watch::Receiver<bool>) {
        let Some(settings) = self.mail.clone() else { return };
        let mut desk: Option<Desk> = None;
        while !*stop.borrow() {
            let step = AssertUnwindSafe(self.deliver_some(&settings, &mut desk, &stop)).catch_unwind().await;
            let pause = match step.unwrap_or_else(|_| Err(Error::Broken("the sending of mail panicked".to_owned()))) {
                Ok(true) => continue,
                Ok(false) => POLL,
                Err(error) => {
                    tracing::warn!(%error, "mail will be tried again");
                    // Whatever was in hand then is settled as if this process had ended.
                    desk.iter_mut().for_each(|desk| desk.settled = false);
                    10 * POLL
                }
            };
            tokio::select! {
                _ = stop.changed() => {}
                () = async {
                    drop(tokio::time::timeout(pause, self.db.changed()).await);
                    tokio::time::sleep(pause / 10).await;
                } => {}
            }
        }
        if let Some(desk) = desk {
            let holder = lock(&desk.journal).holder();
            drop(self.db.write(ReleaseLease { name: LEASE, holder }).await);
            close(&desk).await;
        }
    }

    /// Sends a batch; `true` if there may be more to do at once.
    async fn deliver_some(
        &self,
        settings: &Arc<MailSettings>,
        desk: &mut Option<Desk>,
        stop: &watch::Receiver<bool>,
    ) -> Result<bool> {
        let now = self.now();
        let due = self.db.mail_is_due(now).await?;
        if !due && !self.db.newsletter_is_being_sent().await? && self.db.mail_in_hand().await?.is_empty() {
            if let Some(desk) = desk {
                close(desk).await;
            }
            return Ok(false);
        }
        if desk.is_none() {
            *desk = self.sit_down(settings)?;
        }
        // Another process of this machine sends from this folder.
        let Some(desk) = desk else { return Ok(false) };
        let holder = lock(&desk.journal).holder();
        if !self.db.claim_lease(LEASE, holder, now, LENGTH).await? {
            desk.settled = false;
            return Ok(false);
        }
        if !desk.settled {
            self.settle_in_hand(desk).await?;
            desk.settled = true;
        }
        let held = self.db.write(TakeMail { limit: batch_size(settings), now }).await?;
        if held.is_empty() {
            return Ok(self.db.write(FillMail { limit: FILL, now }).await?);
        }
        let outcomes = self.send_batch(settings, desk, held, stop).await;
        self.settle(desk, outcomes).await?;
        Ok(true)
    }

    fn sit_down(&self, settings: &MailSettings) -> Result<Option<Desk>> {
        let journal = Journal::open(&settings.folder, self.random_id()).map_err(unwritable)?;
        let every = Duration::from_secs(1) / settings.rate.max(1);
        let mut pace = interval(every);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(journal.map(|journal| Desk {
            journal: Arc::new(journal.into()),
            pace: Arc::new(pace.into()),
            idle: Arc::default(),
            settled: false,
        }))
    }

    /// What is in hand now is of a process that is gone: what stands in the journal of this folder was taken by the server.
    async fn settle_in_hand(&self, desk: &Desk) -> Result<()> {
        let taken = lock(&desk.journal).handed_over().map_err(unwritable)?;
        let now = self.now();
        let held = self.db.mail_in_hand().await?;
        let outcome =
            |key: MailKey| (key, if taken.contains(&key) { MailOutcome::Sent } else { MailOutcome::Again(now) });
        let outcomes: Vec<_> = held.into_iter().map(outcome).collect();
        if !outcomes.is_empty() {
            tracing::info!(messages = outcomes.len(), "settling mail that a node had in hand when it ended");
        }
        self.settle(desk, outcomes).await
    }

    /// Records outcomes; until the database knows them, the journal must.
    async fn settle(&self, desk: &Desk, outcomes: Vec<(MailKey, MailOutcome)>) -> Result<()> {
        while let Err(error) = self.db.write(SettleMail { outcomes: outcomes.clone() }).await {
            tracing::warn!(%error, "what became of mail will be recorded again");
            tokio::time::sleep(POLL).await;
        }
        lock(&desk.journal).clear().map_err(unwritable)
    }

    async fn send_batch(
        &self,
        settings: &Arc<MailSettings>,
        desk: &Desk,
        held: Vec<HeldMail>,
        stop: &watch::Receiver<bool>,
    ) -> Vec<(MailKey, MailOutcome)> {
        let (queue, until) = (Arc::new(Mutex::new(held.into_iter())), Instant::now() + BATCH);
        let material = Arc::new(Mutex::new(Material::default()));
        let workers = (0..connections(settings)).map(|_| {
            let worker = Worker {
                service: self.clone(),
                settings: Arc::clone(settings),
                journal: Arc::clone(&desk.journal),
                pace: Arc::clone(&desk.pace),
                idle: Arc::clone(&desk.idle),
                material: Arc::clone(&material),
                stop: stop.clone(),
                until,
            };
            let queue = Arc::clone(&queue);
            async move {
                let mut worker = worker;
                let mut outcomes = Vec::new();
                let mut connection = None;
                loop {
                    let next = queue.lock().await.next();
                    let Some(mail) = next else { break };
                    let outcome = worker.send(&mail, &mut connection).await;
                    metrics::counter!("folkmoot_mail_total", "kind" => mail.kind.clone(), "outcome" => name(outcome))
                        .increment(1);
                    outcomes.push((mail.key, outcome));
                }
                if let Some(connection) = connection {
                    worker.idle.lock().await.push(connection);
                }
                outcomes
            }
        });
        futures_util::future::join_all(workers).await.into_iter().flatten().collect()
    }
}

/// What messages of a batch are made of, read once.
#[derive(Default)]
struct Material {
    reviews: HashMap<ReviewId, Arc<CurrentReview>>,
    newsletters: HashMap<Uuid, Arc<Newsletter>>,
}

/// Sends one message after another.
struct Worker {
    service: Service,
    settings: Arc<MailSettings>,
    journal: Arc<std::sync::Mutex<Journal>>,
    pace: Arc<Mutex<Interval>>,
    idle: Arc<Mutex<Vec<Connection>>>,
    material: Arc<Mutex<Material>>,
    stop: watch::Receiver<bool>,
    until: Instant,
}

impl Worker {
    /// What becomes of a message. `connection` stays open for the next one unless there was trouble.
    async fn send(&mut self, mail: &HeldMail, connection: &mut Option<Connection>) -> MailOutcome {
        let composed = match self.compose(mail).await {
            Ok(Some(composed)) => composed,
            Ok(None) => return MailOutcome::Dropped,
            Err(error) => {
                tracing::error!(kind = mail.kind, %error, "mail cannot be written");
                return self.later(mail, 300);
            }
        };
        self.pace.lock().await.tick().await;
        if *self.stop.borrow() || Instant::now() >= self.until {
            return MailOutcome::Again(self.service.now());
        }
        match self.hand_over(mail.key, &composed, connection).await {
            Ok(()) => MailOutcome::Sent,
            Err(Refusal::Forever(code)) => {
                tracing::info!(kind = mail.kind, code, "the mail server refuses a message for good");
                MailOutcome::Failed
            }
            Err(Refusal::ForNow(code)) => {
                tracing::info!(kind = mail.kind, code, "the mail server does not take a message now");
                // A minute, then four times as long each time, up to about four hours.
                self.later(mail, 60 << (2 * (mail.attempt - 1).clamp(0, 4)))
            }
            Err(Refusal::Trouble(why)) => {
                tracing::warn!(why, "mail cannot be sent now");
                *connection = None;
                // Five seconds, then twice as long each time, up to about five minutes: most trouble with a line is short.
                self.later(mail, 5 << (mail.attempt - 1).clamp(0, 6))
            }
        }
    }

    fn later(&self, mail: &HeldMail, seconds: i64) -> MailOutcome {
        let now: Timestamp = self.service.now();
        if now.duration_since(mail.created_at) > GIVE_UP {
            return MailOutcome::Failed;
        }
        MailOutcome::Again(now + SignedDuration::from_secs(seconds))
    }

    /// The message; `None` if nobody wants it any more.
    async fn compose(&self, mail: &HeldMail) -> Result<Option<Composed>> {
        let Some(review) = self.review(mail.key.review).await? else { return Ok(None) };
        let newsletter = if mail.key.newsletter.is_nil() {
            None
        } else {
            let token = self.service.db.subscriber_token(mail.key.review, mail.key.id).await?;
            let newsletter = self.newsletter(mail.key).await?;
            let Some(part) = newsletter.zip(token) else { return Ok(None) };
            Some(part)
        };
        compose(&self.settings, &review, mail, newsletter.as_ref()).map(Some)
    }

    async fn review(&self, id: ReviewId) -> Result<Option<Arc<CurrentReview>>> {
        let mut material = self.material.lock().await;
        if !material.reviews.contains_key(&id) {
            for review in self.service.reviews().await? {
                material.reviews.insert(review.id, review);
            }
        }
        Ok(material.reviews.get(&id).cloned())
    }

    async fn newsletter(&self, key: MailKey) -> Result<Option<Arc<Newsletter>>> {
        let mut material = self.material.lock().await;
        if let Some(known) = material.newsletters.get(&key.newsletter) {
            return Ok(Some(Arc::clone(known)));
        }
        let found = self.service.db.newsletter(key.review, key.newsletter).await?.map(Arc::new);
        if let Some(found) = &found {
            material.newsletters.insert(key.newsletter, Arc::clone(found));
        }
        Ok(found)
    }

    async fn hand_over(
        &mut self,
        key: MailKey,
        composed: &Composed,
        connection: &mut Option<Connection>,
    ) -> Result<(), Refusal> {
        let server = match &self.settings.route {
            Route::Folder(folder) => {
                // Writing the same file twice is writing it once: no journal is needed.
                let name = format!("{}.eml", composed.message_id);
                let written = tokio::fs::create_dir_all(folder).await;
                let written = match written {
                    Ok(()) => tokio::fs::write(folder.join(name), &composed.message).await,
                    failed => failed,
                };
                return written.map_err(|error| Refusal::Trouble(error.to_string()));
            }
            Route::Smtp(server) => server,
        };
        let mut open = match connection.take() {
            Some(open) => open,
            None => self.connect(server).await?,
        };
        let (from, to) = (&composed.from, &composed.to);
        match open.announce(from.clone(), to.clone()).await {
            Ok(()) => {}
            // The server may have closed a connection that was idle; a new one tells.
            Err(Refusal::Trouble(_)) => {
                open = self.fresh(server).await?;
                open.announce(from.clone(), to.clone()).await?;
            }
            Err(refusal) => {
                if open.reset().await.is_ok() {
                    *connection = Some(open);
                }
                return Err(refusal);
            }
        }
        let mut noted = Ok(());
        let at_last = || noted = self.note(|journal| journal.hand_over(key));
        let handed = open.hand_over(&composed.message, at_last).await;
        if let Err(Refusal::Trouble(error)) = noted {
            tracing::error!(error, "if this process is killed now, a message may be sent again");
        }
        match &handed {
            Ok(()) => *connection = Some(open),
            Err(refusal) => {
                self.note(|journal| journal.take_back(key))?;
                if !matches!(refusal, Refusal::Trouble(_)) && open.reset().await.is_ok() {
                    *connection = Some(open);
                }
            }
        }
        handed
    }

    fn note(&self, write: impl FnOnce(&mut Journal) -> std::io::Result<()>) -> Result<(), Refusal> {
        write(&mut lock(&self.journal)).map_err(|error| Refusal::Trouble(format!("the journal of mail: {error}")))
    }

    async fn connect(&self, server: &super::route::SmtpServer) -> Result<Connection, Refusal> {
        let idle = self.idle.lock().await.pop();
        match idle {
            Some(connection) => Ok(connection),
            None => self.fresh(server).await,
        }
    }

    async fn fresh(&self, server: &super::route::SmtpServer) -> Result<Connection, Refusal> {
        Connection::open(server, self.settings.from.domain()).await
    }
}

/// As much as goes out in a second: what a machine that dies may have to send again.
fn batch_size(settings: &MailSettings) -> i64 {
    i64::from(settings.rate.clamp(1, 50))
}

/// A server takes a few dozen messages a second on one connection.
fn connections(settings: &MailSettings) -> u32 {
    settings.rate.div_ceil(25).clamp(1, 8)
}

fn name(outcome: MailOutcome) -> &'static str {
    match outcome {
        MailOutcome::Sent => "sent",
        MailOutcome::Failed => "failed",
        MailOutcome::Again(_) => "again",
        MailOutcome::Dropped => "dropped",
    }
}

async fn close(desk: &Desk) {
    let idle = std::mem::take(&mut *desk.idle.lock().await);
    for connection in idle {
        connection.close().await;
    }
}

fn lock(journal: &std::sync::Mutex<Journal>) -> std::sync::MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn unwritable(error: std::io::Error) -> Error {
    Error::Unavailable(format!("the journal of mail cannot be used: {error}"))
}
