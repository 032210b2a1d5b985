//! Mail that is to be sent: rows enqueued in the transaction of whatever needs them.
//!
//! A row is `waiting`, or `sending` while the one node that sends has it in hand; when it was sent, or given up, it is
//! deleted. What it means that a node died with a row in hand is decided by `service::mail`, which keeps a journal.

use domain::{EmailAddress, Language, ReviewId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::newsletter;
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    ENQUEUE = "insert into mail (review, newsletter, id, kind, recipient, language, body, state, attempts, run_at, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $8)";
    // What one person waits for goes before what goes to everybody: its newsletter is the nil id.
    DUE = "select review, newsletter, id, kind, recipient, language, body, attempts, created_at from mail
           where state = 'waiting' and run_at <= $1
           order by case when newsletter = $3 then 0 else 1 end, run_at, id limit $2";
    TAKE = "update mail set state = 'sending', attempts = attempts + 1
            where review = $1 and newsletter = $2 and id = $3 and state = 'waiting'";
    HELD = "select review, newsletter, id from mail where state = 'sending'";
    DELETE = "delete from mail where review = $1 and newsletter = $2 and id = $3";
    BACK = "update mail set run_at = $4, state = case when exists (
                select 1 from newsletter n where n.review = $1 and n.id = $2 and n.state = 'stopped'
            ) then 'parked' else 'waiting' end
            where review = $1 and newsletter = $2 and id = $3";
    IS_DUE = "select id from mail where state = 'waiting' and run_at <= $1 limit 1";
    COUNT = "select count(*) from mail where review = $1 and newsletter = $2";
    ALL = "select count(*) from mail";
}

/// Which mail: the review, the newsletter that it is part of (the nil id if none), and its own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailKey {
    /// The review.
    pub review: ReviewId,
    /// The newsletter, or the nil id.
    pub newsletter: Uuid,
    /// The mail; within a newsletter the subscriber.
    pub id: Uuid,
}

/// Mail to one person that is about to be enqueued.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// The review.
    pub review: ReviewId,
    /// A new id.
    pub id: Uuid,
    /// What kind, as a fixed word for the log and for sums.
    pub kind: &'static str,
    /// To whom.
    pub recipient: EmailAddress,
    /// In which language.
    pub language: Language,
    /// What it says, as JSON.
    pub body: String,
    /// The present moment.
    pub now: Timestamp,
}

/// Mail that this node has in hand.
#[derive(Debug, Clone)]
pub struct HeldMail {
    /// Which.
    pub key: MailKey,
    /// What kind.
    pub kind: String,
    /// To whom.
    pub recipient: EmailAddress,
    /// In which language.
    pub language: Language,
    /// What it says; none if that is the newsletter's.
    pub body: Option<String>,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// What became of mail that was in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailOutcome {
    /// The server took it.
    Sent,
    /// The server will never take it, or it was tried too often.
    Failed,
    /// To be tried again, not before that moment.
    Again(Timestamp),
    /// Not wanted any more.
    Dropped,
}

/// Enqueues mail in the caller's transaction.
pub async fn enqueue(tx: &mut Tx<'_>, mail: &NewMail) -> Result<()> {
    let now = mail.now.as_microsecond();
    let (recipient, language) = (mail.recipient.as_str(), mail.language.as_str());
    let values = args![mail.review, Uuid::nil(), mail.id, mail.kind, recipient, language, mail.body.as_str(), now];
    tx.execute(ENQUEUE, values).await.map(drop)
}

/// Enqueues mail on its own.
pub struct EnqueueMail(pub NewMail);

impl Command for EnqueueMail {
    type Output = ();
    const NAME: &'static str = "enqueue_mail";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        enqueue(tx, &self.0).await
    }
}

/// Takes what is due into hand, at most `limit`, and letters of newsletters after everything else.
pub struct TakeMail {
    /// The most.
    pub limit: i64,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for TakeMail {
    type Output = Vec<HeldMail>;
    const NAME: &'static str = "take_mail";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<HeldMail>> {
        let due = tx.all(DUE, args![self.now.as_microsecond(), self.limit, Uuid::nil()]).await?;
        let mut held = Vec::with_capacity(due.len());
        for row in &due {
            let mail = held_mail(row)?;
            if tx.execute(TAKE, args![mail.key.review, mail.key.newsletter, mail.key.id]).await? == 1 {
                held.push(mail);
            }
        }
        Ok(held)
    }
}

fn key(row: &Row) -> Result<MailKey> {
    Ok(MailKey { review: ReviewId(row.get(0)?), newsletter: row.get(1)?, id: row.get(2)? })
}

fn held_mail(row: &Row) -> Result<HeldMail> {
    // An address is never part of an error that could be logged.
    let recipient: String = row.get(4)?;
    let recipient = recipient.parse().map_err(|_| Error::Broken("an address in the queue of mail".to_owned()))?;
    Ok(HeldMail {
        key: key(row)?,
        kind: row.get(3)?,
        recipient,
        language: row.parse(5)?,
        body: row.get(6)?,
        attempt: row.get::<i64>(7)? + 1,
        created_at: row.moment(8)?,
    })
}

/// Records what became of mail that was in hand. What was unsubscribed in between is counted all the same.
pub struct SettleMail {
    /// Each with its outcome.
    pub outcomes: Vec<(MailKey, MailOutcome)>,
}

impl Command for SettleMail {
    type Output = ();
    const NAME: &'static str = "settle_mail";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for (key, outcome) in &self.outcomes {
            let MailKey { review, newsletter, id } = *key;
            match outcome {
                MailOutcome::Again(at) => {
                    tx.execute(BACK, args![review, newsletter, id, at.as_microsecond()]).await?;
                }
                MailOutcome::Sent | MailOutcome::Failed | MailOutcome::Dropped => {
                    tx.execute(DELETE, args![review, newsletter, id]).await?;
                    if !newsletter.is_nil() && *outcome != MailOutcome::Dropped {
                        newsletter::count(tx, review, newsletter, *outcome == MailOutcome::Sent).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// How much of a newsletter still waits or is in hand.
pub(crate) async fn left(tx: &mut Tx<'_>, review: ReviewId, newsletter: Uuid) -> Result<i64> {
    tx.one(COUNT, args![review, newsletter]).await?.get(0)
}

impl Db {
    /// Everything that is in hand: of the node that asks, if it alone sends, or of one that died.
    pub async fn mail_in_hand(&self) -> Result<Vec<MailKey>> {
        self.all(HELD, args![]).await?.iter().map(key).collect()
    }

    /// Whether anything could be sent now: a read, so that idle nodes do not write.
    pub async fn mail_is_due(&self, now: Timestamp) -> Result<bool> {
        Ok(self.optional(IS_DUE, args![now.as_microsecond()]).await?.is_some())
    }

    /// How much mail there is that was not sent yet.
    pub async fn mail_waiting(&self) -> Result<i64> {
        self.optional(ALL, args![]).await?.map_or(Ok(0), |row| row.get(0))
    }
}
