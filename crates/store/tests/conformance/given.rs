//! What the stories begin with: an empty database of either engine, and small things to put into it.

use std::sync::OnceLock;

use domain::{Channel, Content, Contribution, ContributionId, DraftId, Entropy, Happened, Release, ReviewId, State};
use jiff::Timestamp;
use register::Commitment;
use store::contribution::NewContribution;
use store::draft::DraftKey;
use store::event::NewEvent;
use store::register::Arrival;
use store::review::ApplyReview;
use store::{Db, Result};
use trial::Postgres;
use uuid::Uuid;

/// An empty database.
pub struct Given {
    pub db: Db,
    place: Place,
}

enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(String),
}

struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| Uuid::new_v4().as_bytes()[0]);
    }
}

impl Given {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = Db::open_sqlite(&folder.path().join("folkmoot.db")).await.expect("SQLite");
        Self { db, place: Place::Sqlite(folder) }
    }

    pub async fn postgres() -> Self {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        let url = tokio::task::spawn_blocking(|| SERVER.get_or_init(Postgres::start).create_database()).await;
        let url = url.expect("PostgreSQL");
        Self { db: Db::open_postgres(&url).await.expect("PostgreSQL"), place: Place::Postgres(url) }
    }

    pub async fn open_again(&self) -> Result<Db> {
        match &self.place {
            Place::Sqlite(folder) => Db::open_sqlite(&folder.path().join("folkmoot.db")).await,
            Place::Postgres(url) => Db::open_postgres(url).await,
        }
    }

    #[expect(clippy::unused_self, reason = "stories read better when all that is given comes from one place")]
    pub fn id(&self) -> Uuid {
        ContributionId::new(moment(0), &Random).0
    }

    pub fn draft_id(&self) -> DraftId {
        DraftId(self.id())
    }

    /// A review with nothing in its definition.
    pub async fn review(&self) -> Result<ReviewId> {
        let review = ReviewId(self.id());
        self.apply(review, 0, "{}").await?;
        Ok(review)
    }

    pub async fn apply(&self, id: ReviewId, follows: i64, body: &str) -> Result<()> {
        let event = event(self, Happened::ReviewApplied { version: follows + 1 });
        let (slug, body) = ("trial".to_owned(), body.to_owned());
        let (moved, jobs, now) = (vec![], vec![], moment(0));
        self.db.write(ApplyReview { id, slug, follows, body, logo: None, event, moved, jobs, now }).await
    }
}

/// So many seconds after the stories begin.
pub fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).expect("a moment")
}

pub fn event(given: &Given, happened: Happened) -> NewEvent {
    NewEvent { id: given.id(), happened, contribution: None, at: moment(0) }
}

pub fn draft_key(review: ReviewId) -> DraftKey {
    DraftKey { review, call: "access".parse().expect("slug"), session: [1; 32], draft: None }
}

pub fn contribution(review: ReviewId, reference: &str, source: Option<u32>, receipt: [u8; 32]) -> NewContribution {
    let contribution = Contribution {
        id: ContributionId::new(moment(1), &Random),
        reference: reference.parse().expect("reference"),
        call: "access".parse().expect("slug"),
        version: 1,
        channel: Channel::Web,
        release: Release::Public,
        state: State::Received,
        late: false,
        language: "en".parse().expect("language"),
        content: Content::default(),
        source: source.map(|source| source.to_string()),
        received_at: moment(1),
        published_at: None,
    };
    let event = ContributionId::new(moment(1), &Random).0;
    let entry =
        Arrival { commitment: Commitment(event.as_u128().to_be_bytes().repeat(2).try_into().expect("32")), salt: None };
    NewContribution { review, contribution, receipt: Some(receipt), event, entry }
}
