//! Newsletters: letters to everybody who subscribed, put into the queue of mail piece by piece.
//!
//! A newsletter remembers the subscriber that it has reached, in the order of their ids, and moves on in the transaction
//! that enqueues the next ones. So each is enqueued once, however often the sending is stopped, killed or continued.

use domain::ReviewId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::mail;
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    START = "insert into newsletter (review, id, body, state, reached, recipients, sent, failed, created_at)
             select $1, $2, $3, 'sending', $4, count(*), 0, 0, $5 from subscriber
             where review = $1 and confirmed_at <= $5
             on conflict (review, id) do nothing";
    GET = "select id, body, state, recipients, sent, failed, created_at, finished_at from newsletter
           where review = $1 and id = $2";
    OF_REVIEW = "select id, body, state, recipients, sent, failed, created_at, finished_at from newsletter
                 where review = $1 order by created_at, id";
    UNFINISHED = "select review, id, reached, created_at from newsletter where state = 'sending' order by created_at, id";
    NEXT = "select id from subscriber where review = $1 and id > $2 and confirmed_at <= $3 order by id limit $4";
    FILL = "insert into mail (review, newsletter, id, kind, recipient, language, state, attempts, run_at, created_at)
            select review, $2, id, 'newsletter', address, language, 'waiting', 0, $5, $5 from subscriber
            where review = $1 and id > $3 and id <= $4 and confirmed_at <= $6";
    REACH = "update newsletter set reached = $4 where review = $1 and id = $2 and reached = $3 and state = 'sending'";
    FINISH = "update newsletter set state = 'sent', finished_at = $3 where review = $1 and id = $2 and state = 'sending'";
    COUNT_SENT = "update newsletter set sent = sent + 1 where review = $1 and id = $2";
    COUNT_FAILED = "update newsletter set failed = failed + 1 where review = $1 and id = $2";
    SET_STATE = "update newsletter set state = $3 where review = $1 and id = $2 and state = $4";
    // What waits is parked where nobody takes it from; what is in hand comes to its end.
    PARK = "update mail set state = $4 where review = $1 and newsletter = $2 and state = $3";
}

/// How far a newsletter has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newsletter {
    /// Its id.
    pub id: Uuid,
    /// What it says, as JSON.
    pub body: String,
    /// `sending`, `stopped` or `sent`.
    pub state: String,
    /// How many subscribers there were when it began.
    pub recipients: i64,
    /// To how many it was sent.
    pub sent: i64,
    /// How many will not get it.
    pub failed: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// When the last was sent.
    pub finished_at: Option<Timestamp>,
}

fn newsletter(row: &Row) -> Result<Newsletter> {
    Ok(Newsletter {
        id: row.get(0)?,
        body: row.get(1)?,
        state: row.get(2)?,
        recipients: row.get(3)?,
        sent: row.get(4)?,
        failed: row.get(5)?,
        created_at: row.moment(6)?,
        finished_at: row.get::<Option<i64>>(7)?.map(crate::row::moment).transpose()?,
    })
}

/// Begins to send a newsletter to everybody who is subscribed now. A second one of the same id changes nothing.
pub struct StartNewsletter {
    /// The review.
    pub review: ReviewId,
    /// An id made from what it says.
    pub id: Uuid,
    /// What it says, as JSON.
    pub body: String,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for StartNewsletter {
    type Output = bool;
    const NAME: &'static str = "start_newsletter";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let values = args![self.review, self.id, self.body.as_str(), Uuid::nil(), self.now.as_microsecond()];
        Ok(tx.execute(START, values).await? == 1)
    }
}

/// Stops a newsletter, or goes on with it; `false` if it was not in the other state.
pub struct StopNewsletter {
    /// The review.
    pub review: ReviewId,
    /// The newsletter.
    pub id: Uuid,
    /// Whether to stop rather than to go on.
    pub stop: bool,
}

impl Command for StopNewsletter {
    type Output = bool;
    const NAME: &'static str = "stop_newsletter";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (from, to, mail_from, mail_to) = if self.stop {
            ("sending", "stopped", "waiting", "parked")
        } else {
            ("stopped", "sending", "parked", "waiting")
        };
        let changed = tx.execute(SET_STATE, args![self.review, self.id, to, from]).await? == 1;
        tx.execute(PARK, args![self.review, self.id, mail_from, mail_to]).await?;
        Ok(changed)
    }
}

/// Enqueues the next letters of every newsletter that is being sent and has few left; `true` if there was anything to do.
pub struct FillMail {
    /// How many of a newsletter are enqueued at a time.
    pub limit: i64,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for FillMail {
    type Output = bool;
    const NAME: &'static str = "fill_mail";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let mut anything = false;
        for row in tx.all(UNFINISHED, args![]).await? {
            let (review, id, reached) = (ReviewId(row.get(0)?), row.get::<Uuid>(1)?, row.get::<Uuid>(2)?);
            anything |= self.fill(tx, review, id, reached, row.get(3)?).await?;
        }
        Ok(anything)
    }
}

impl FillMail {
    async fn fill(&self, tx: &mut Tx<'_>, review: ReviewId, id: Uuid, reached: Uuid, began: i64) -> Result<bool> {
        let left = mail::left(tx, review, id).await?;
        if left >= self.limit {
            return Ok(false);
        }
        let next = tx.all(NEXT, args![review, reached, began, self.limit]).await?;
        let now = self.now.as_microsecond();
        match next.last() {
            Some(last) => {
                let last: Uuid = last.get(0)?;
                // Refused if another node was here at the same moment: then nothing of this counts.
                if tx.execute(REACH, args![review, id, reached, last]).await? == 0 {
                    return Err(crate::Error::Conflict);
                }
                tx.execute(FILL, args![review, id, reached, last, now, began]).await?;
                Ok(true)
            }
            None if left == 0 => {
                tx.execute(FINISH, args![review, id, now]).await?;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// Counts one letter that was sent or given up.
pub(crate) async fn count(tx: &mut Tx<'_>, review: ReviewId, id: Uuid, sent: bool) -> Result<()> {
    let statement = if sent { COUNT_SENT } else { COUNT_FAILED };
    tx.execute(statement, args![review, id]).await.map(drop)
}

impl Db {
    /// A newsletter.
    pub async fn newsletter(&self, review: ReviewId, id: Uuid) -> Result<Option<Newsletter>> {
        self.optional(GET, args![review, id]).await?.as_ref().map(newsletter).transpose()
    }

    /// The newsletters of a review, the oldest first.
    pub async fn newsletters(&self, review: ReviewId) -> Result<Vec<Newsletter>> {
        self.all(OF_REVIEW, args![review]).await?.iter().map(newsletter).collect()
    }

    /// Whether any newsletter is being sent: a read, so that idle nodes do not write.
    pub async fn newsletter_is_being_sent(&self) -> Result<bool> {
        Ok(self.optional(UNFINISHED, args![]).await?.is_some())
    }
}
