//! The use cases: one function for each thing that a person can do, and the jobs that run behind them.
//!
//! [`Service`] is what the pages and the commands hold. Every function checks what may be done, opens one transaction,
//! appends what happened to the event log, and answers only when the store has it durably.

#![warn(missing_docs)]

mod about_you;
pub mod asked;
mod cache;
pub mod contribution;
pub mod definition;
pub mod demo;
pub mod draft;
mod error;
pub mod export;
pub mod file;
pub mod flood;
pub mod heard;
pub mod help_offer;
pub mod import;
pub mod mail;
pub mod newsletter;
pub mod own_mail;
pub mod reading;
pub mod receipt;
pub mod register;
pub mod review;
mod session;
pub mod spam;
mod system;
pub mod take_up;
pub mod work;

pub use domain::Filter;
pub use draft::{Sending, Writer};
pub use error::{Error, Result};
pub use mail::MailSettings;
pub use own_mail::OwnMail;
pub use reading::{Listed, Listing, Neighbour, Neighbours, Tally};
pub use receipt::{Opened, ReceiptView};
pub use register::{Register, RegisterSettings};
pub use review::CurrentReview;
pub use session::SessionSecret;
pub use system::{SystemClock, SystemEntropy};

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Entropy, ReviewId};
use jiff::Timestamp;
use store::Db;
use store::file::Files;
use store::search::Search;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::cache::Cache;
use crate::flood::Meter;
use crate::heard::Heard;

/// How long what was read about a review may be shown before it is read again.
const FRESH: Duration = Duration::from_secs(1);
/// How long a draft, and the session that it belongs to, is kept after it was last saved.
const DRAFT_DAYS: i64 = 30;

/// Everything that a person or a command can ask for. Clones share it.
#[derive(Clone)]
pub struct Service {
    db: Db,
    files: Files,
    search: Option<Arc<Search>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    node: Uuid,
    current: Arc<Cache<String, CurrentReview>>,
    tallies: Arc<Cache<ReviewId, Tally>>,
    newest_pages: Arc<Cache<(ReviewId, usize), Listing>>,
    heard: Arc<Cache<ReviewId, Option<Heard>>>,
    mail: Option<Arc<MailSettings>>,
    sent: Meter,
    register: Option<Arc<Register>>,
    /// How many files are looked at in memory at the same time.
    looking: Arc<Semaphore>,
}

impl Service {
    /// A service over what is open. Commands that only write have no search index.
    pub fn new(
        db: Db,
        files: Files,
        search: Option<Arc<Search>>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let mut node = [0; 16];
        entropy.fill(&mut node);
        let node = uuid::Builder::from_random_bytes(node).into_uuid();
        let (current, tallies, newest_pages, heard) = (Arc::default(), Arc::default(), Arc::default(), Arc::default());
        Self {
            db,
            files,
            search,
            clock,
            entropy,
            node,
            current,
            tallies,
            newest_pages,
            heard,
            mail: None,
            sent: Meter::new(0),
            register: None,
            looking: Arc::new(Semaphore::new(file::AT_ONCE)),
        }
    }

    /// Has it ask for patience, or a second of work, from whoever sends while more than `most` are sent in a minute on this
    /// node; 0 for never.
    #[must_use]
    pub fn with_most_sent(self, most: u32) -> Self {
        Self { sent: Meter::new(most), ..self }
    }

    /// The present moment, as the service sees it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where randomness comes from.
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.entropy
    }

    /// Whether the store answers: what a load balancer asks before it sends people here.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it does not.
    pub async fn ready(&self) -> Result<()> {
        Ok(self.db.ready().await?)
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        self.db.close().await;
    }

    fn new_id(&self) -> Uuid {
        domain::ContributionId::new(self.now(), &*self.entropy).0
    }

    fn draft_expiry(&self) -> Timestamp {
        self.now() + jiff::SignedDuration::from_hours(24 * DRAFT_DAYS)
    }
}
