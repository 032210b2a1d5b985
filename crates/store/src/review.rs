//! Reviews and the versions of their definitions.

use domain::{Day, Happened, ReviewId, Slug};
use jiff::Timestamp;
use register::{Stated, Statement};
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
use crate::job::{self, NewJob};
use crate::register::Entered;
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    CURRENT = "select r.id, r.version, d.body, d.logo_digest, d.logo_type from review r
               join definition d on d.review = r.id and d.version = r.version where r.slug = $1";
    ALL = "select r.id, r.version, d.body, d.logo_digest, d.logo_type from review r
           join definition d on d.review = r.id and d.version = r.version order by r.id desc";
    VERSION = "select body from definition where review = $1 and version = $2";
    INSERT = "insert into review (id, slug, version) values ($1, $2, 1)";
    NEXT = "update review set version = version + 1 where id = $1 and version = $2";
    INSERT_DEFINITION = "insert into definition (review, version, body, logo_digest, logo_type, applied_at)
                         values ($1, $2, $3, $4, $5, $6)";
}

/// A definition as it is kept.
#[derive(Debug, Clone)]
pub struct StoredReview {
    /// The review.
    pub id: ReviewId,
    /// The version of the definition, from 1.
    pub version: i64,
    /// The definition, as JSON.
    pub body: String,
    /// Its picture: digest and content type.
    pub logo: Option<(String, String)>,
}

fn stored(row: &Row) -> Result<StoredReview> {
    let (digest, kind): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    Ok(StoredReview { id: ReviewId(row.get(0)?), version: row.get(1)?, body: row.get(2)?, logo: digest.zip(kind) })
}

/// A call that closes on another day than was said before.
#[derive(Debug, Clone)]
pub struct MovedCall {
    /// The id of the event.
    pub event: Uuid,
    /// The call.
    pub call: Slug,
    /// The last day on which it takes evidence now.
    pub closes: Day,
}

/// Adds a version of a definition; the first one makes the review.
pub struct ApplyReview {
    /// The review.
    pub id: ReviewId,
    /// Its name in addresses.
    pub slug: String,
    /// The version that this one follows; 0 for a new review.
    pub follows: i64,
    /// The definition, as JSON.
    pub body: String,
    /// Its picture: digest and content type.
    pub logo: Option<(String, String)>,
    /// What happens.
    pub event: NewEvent,
    /// Calls that close on another day than was said before.
    pub moved: Vec<MovedCall>,
    /// What is to be done later because of it.
    pub jobs: Vec<NewJob>,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for ApplyReview {
    type Output = ();
    const NAME: &'static str = "apply_review";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.follows == 0 {
            tx.execute(INSERT, args![self.id, self.slug.as_str()]).await?;
        } else if tx.execute(NEXT, args![self.id, self.follows]).await? == 0 {
            return Err(Error::Conflict);
        }
        let (digest, kind) = self.logo.clone().unzip();
        let now = self.now.as_microsecond();
        tx.execute(INSERT_DEFINITION, args![self.id, self.follows + 1, self.body.as_str(), digest, kind, now]).await?;
        for job in &self.jobs {
            job::enqueue(tx, job).await?;
        }
        for MovedCall { event, call, closes } in &self.moved {
            let stated = Stated::CallCloses { call: call.to_string(), day: closes.to_string() };
            let statement = Statement { review: self.id.0.into_bytes(), stated };
            let happened = Happened::CallMoved { call: call.clone(), closes: *closes };
            let event = NewEvent { id: *event, happened, contribution: None, at: self.now };
            event::append_entered(tx, self.id, &event, &Entered::Statement(statement), None).await?;
        }
        event::append(tx, self.id, &self.event).await
    }
}

impl Db {
    /// The review of that name, in its current version.
    pub async fn review(&self, slug: &str) -> Result<Option<StoredReview>> {
        self.optional(CURRENT, args![slug]).await?.as_ref().map(stored).transpose()
    }

    /// Every review in its current version, the newest first.
    pub async fn reviews(&self) -> Result<Vec<StoredReview>> {
        self.all(ALL, args![]).await?.iter().map(stored).collect()
    }

    /// A version of a definition, as JSON.
    pub async fn definition(&self, review: ReviewId, version: i64) -> Result<Option<String>> {
        self.optional(VERSION, args![review, version]).await?.map(|row| row.get(0)).transpose()
    }
}
