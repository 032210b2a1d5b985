//! What was counted of everything received: one document for a review, made anew from time to time.

use domain::ReviewId;
use domain::figures::{Countable, Figures};
use jiff::Timestamp;

use crate::command::Command;
use crate::db::{Db, Snapshot};
use crate::error::{Error, Result};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    GET = "select changes, counted_at, took, body from figures where review = $1";
    PUT = "insert into figures (review, changes, counted_at, took, body) values ($1, $2, $3, $4, $5)
           on conflict (review) do update set changes = excluded.changes, counted_at = excluded.counted_at,
             took = excluded.took, body = excluded.body";
    EVERY_COUNTABLE = "select call, channel, received_at, content from contribution
           where review = $1 and state not in ('withdrawn', 'set-aside')";
}

/// A count of everything.
#[derive(Debug, Clone)]
pub struct Counted {
    /// How many contributions had come, and how many had been withdrawn, taken together.
    pub changes: i64,
    /// When it was made.
    pub counted_at: Timestamp,
    /// How long it took, in microseconds.
    pub took: i64,
    /// The numbers.
    pub figures: Figures,
}

/// Keeps a count in place of the one before.
pub struct PutFigures {
    /// The review.
    pub review: ReviewId,
    /// The count.
    pub counted: Counted,
}

impl Command for PutFigures {
    type Output = ();
    const NAME: &'static str = "put_figures";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Counted { changes, counted_at, took, figures } = &self.counted;
        let body = serde_json::to_string(figures)?;
        tx.execute(PUT, args![self.review, *changes, counted_at.as_microsecond(), *took, body]).await.map(drop)
    }
}

impl Db {
    /// The last count, if there was one.
    pub async fn figures(&self, review: ReviewId) -> Result<Option<Counted>> {
        let Some(row) = self.optional(GET, args![review]).await? else { return Ok(None) };
        // What another version wrote may be something else: then it is counted again.
        let Ok(figures) = serde_json::from_str(&row.get::<String>(3)?) else { return Ok(None) };
        Ok(Some(Counted { changes: row.get(0)?, counted_at: row.moment(1)?, took: row.get(2)?, figures }))
    }
}

impl Snapshot {
    /// What is to be counted of every contribution that was neither withdrawn nor set aside, one at a time, in no order.
    pub async fn each_countable<E: From<Error>>(
        &mut self,
        review: ReviewId,
        mut visit: impl FnMut(Countable) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let each = |row: Row| {
            visit(Countable {
                call: row.parse(0)?,
                channel: row.parse(1)?,
                received_at: row.moment(2)?,
                content: row.json(3)?,
            })
        };
        self.tx().each(EVERY_COUNTABLE, args![review], each).await
    }
}
