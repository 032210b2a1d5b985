//! Drafts: answers that have not been sent yet, for the sessions that hold them.

use std::collections::BTreeMap;

use domain::{Draft, DraftContent, DraftId, DraftPart, Language, ReviewId, Slug};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::job::{self, ClaimedJob};
use crate::row::{Row, Value, args};
use crate::session::{self, Sealed};
use crate::sql::statements;
use crate::tx::Tx;
use crate::{file, subscriber};

statements! {
    INSERT = "insert into draft (review, id, call, code, content, revision, saved_at, expires_at)
              values ($1, $2, $3, $4, $5, 1, $6, $7)";
    // The one that the session has in hand, or the one that a page was made for.
    GET = "select d.id, d.call, d.content, d.saved_at, d.expires_at, d.revision, d.code, h.sealed
           from holding h join draft d on d.review = h.review and d.id = h.evidence
           where h.session = $1 and h.review = $2 and d.call = $3 and d.expires_at > $4
             and (d.id = $5 or $6) order by h.held_at desc limit 1";
    BY_CODE = "select id, call, content, saved_at, expires_at, revision, code from draft
               where review = $1 and code = $2 and expires_at > $3";
    SAVE = "update draft set content = $3, saved_at = $4, expires_at = $5, revision = revision + 1
            where review = $1 and id = $2 and revision = $6";
    CODE = "update draft set code = $3, revision = revision + 1 where review = $1 and id = $2 and code is null";
    TAKE = "delete from draft where review = $1 and id = $2 and revision = $3
              and exists (select 1 from review r where r.id = $1 and r.closed_at is null)";
    DELETE = "delete from draft where review = $1 and id = $2";
    SWEEP = "delete from draft where expires_at <= $1";
}

/// A draft, and how often it has been saved.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDraft {
    /// The draft.
    pub draft: Draft,
    /// Counts up with each save: what was checked is what is sent.
    pub revision: i64,
    /// The digest of its receipt code; none for drafts that were begun before drafts had one.
    pub code: Option<[u8; 32]>,
    /// The code itself, sealed for the session that asks.
    pub sealed: Option<Sealed>,
}

fn stored(row: &Row) -> Result<StoredDraft> {
    Ok(StoredDraft {
        draft: Draft {
            id: DraftId(row.get(0)?),
            call: row.parse(1)?,
            content: row.json(2)?,
            saved_at: row.moment(3)?,
            expires_at: row.moment(4)?,
        },
        revision: row.get(5)?,
        code: row.get::<Option<Vec<u8>>>(6)?.and_then(|digest| digest.try_into().ok()),
        sealed: None,
    })
}

fn held(row: &Row) -> Result<StoredDraft> {
    Ok(StoredDraft { sealed: session::sealed(row.get(7)?), ..stored(row)? })
}

/// Whose draft, and to which call.
#[derive(Debug, Clone)]
pub struct DraftKey {
    /// The review.
    pub review: ReviewId,
    /// The call.
    pub call: Slug,
    /// The session.
    pub session: [u8; 32],
    /// Which of several, where a page knows: whoever helps others has one for each of them. Without it, the one in hand.
    pub draft: Option<DraftId>,
}

impl DraftKey {
    fn values(&self, now: Timestamp) -> Vec<Value> {
        let draft = self.draft.map_or(Uuid::nil(), |draft| draft.0);
        args![self.session, self.review, &self.call, now.as_microsecond(), draft, self.draft.is_none()]
    }
}

/// Begins a draft unless the session has one to this call already, and begins the session if need be.
pub struct StartDraft {
    /// Whose.
    pub key: DraftKey,
    /// The id of a new one.
    pub id: DraftId,
    /// The digest of its receipt code.
    pub code: [u8; 32],
    /// That code, sealed for the session.
    pub sealed: Sealed,
    /// What stands in a new one.
    pub content: DraftContent,
    /// Whether a new one is begun in any case, for another person.
    pub another: bool,
    /// The present moment.
    pub now: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Command for StartDraft {
    type Output = Draft;
    const NAME: &'static str = "start_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Draft> {
        let DraftKey { review, call, session, .. } = &self.key;
        session::keep(tx, *session, self.expires_at).await?;
        if !self.another
            && let Some(row) = tx.optional(GET, self.key.values(self.now)).await?
        {
            return Ok(stored(&row)?.draft);
        }
        let document = serde_json::to_string(&self.content)?;
        let (now, expires) = (self.now.as_microsecond(), self.expires_at.as_microsecond());
        tx.execute(INSERT, args![*review, self.id, call, self.code, document, now, expires]).await?;
        session::hold(tx, *session, *review, self.id.0, &self.sealed, self.now).await?;
        let (id, call, content) = (self.id, call.clone(), self.content.clone());
        Ok(Draft { id, call, content, saved_at: self.now, expires_at: self.expires_at })
    }
}

/// Saves one part of a draft; `None` if there is no such draft.
pub struct SaveDraft {
    /// Whose.
    pub key: DraftKey,
    /// The part.
    pub part: DraftPart,
    /// The part as whoever saves it saw it; where it is known, and another window has changed it since, nothing is saved.
    pub seen: Option<String>,
    /// The language of the page.
    pub language: Language,
    /// The present moment.
    pub now: Timestamp,
    /// When it ends from now on.
    pub expires_at: Timestamp,
}

/// What became of a part that was to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is on disk.
    Yes,
    /// Another window has changed that part since; nothing was saved.
    ChangedSince,
    /// The question takes no more files.
    Full,
    /// There is no such draft.
    NoDraft,
}

impl Command for SaveDraft {
    type Output = Saved;
    const NAME: &'static str = "save_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Saved> {
        let DraftKey { review, session, .. } = &self.key;
        let Some(row) = tx.optional(GET, self.key.values(self.now)).await? else { return Ok(Saved::NoDraft) };
        let StoredDraft { draft, revision, sealed, .. } = held(&row)?;
        let mut content = draft.content;
        if self.seen.as_ref().is_some_and(|seen| *seen != content.mark(&self.part)) && !content.holds(&self.part) {
            return Ok(Saved::ChangedSince);
        }
        if let DraftPart::AddFile(question, _, most) = &self.part
            && content.answers.get(question).is_some_and(|answer| answer.files().len() >= *most)
        {
            return Ok(Saved::Full);
        }
        let had_files = file::any(&content.answers);
        content.language = Some(self.language.clone());
        content.put(self.part.clone());
        let document = serde_json::to_string(&content)?;
        let (now, expires) = (self.now.as_microsecond(), self.expires_at.as_microsecond());
        // Another window may have saved another part in between: then this one is put on top of that.
        if tx.execute(SAVE, args![*review, draft.id, document, now, expires, revision]).await? == 0 {
            return Err(Error::Conflict);
        }
        if had_files || file::any(&content.answers) {
            file::settle(tx, *review, draft.id.0, &content.answers, self.now).await?;
        }
        session::keep(tx, *session, self.expires_at).await?;
        if let (Some(_), Some(sealed)) = (self.key.draft, sealed) {
            session::hold(tx, *session, *review, draft.id.0, &sealed, self.now).await?;
        }
        Ok(Saved::Yes)
    }
}

/// Gives a code to a draft that has none; `false` if it has one, or is gone.
pub struct GiveCode {
    /// The review.
    pub review: ReviewId,
    /// The draft.
    pub draft: DraftId,
    /// The digest of the code.
    pub code: [u8; 32],
    /// The session.
    pub session: [u8; 32],
    /// The code, sealed for the session.
    pub sealed: Sealed,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for GiveCode {
    type Output = bool;
    const NAME: &'static str = "give_code";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if tx.execute(CODE, args![self.review, self.draft, self.code]).await? == 0 {
            return Ok(false);
        }
        session::hold(tx, self.session, self.review, self.draft.0, &self.sealed, self.now).await?;
        Ok(true)
    }
}

/// Deletes a draft, on every device that has opened it.
pub struct DeleteDraft {
    /// Whose.
    pub key: DraftKey,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for DeleteDraft {
    type Output = ();
    const NAME: &'static str = "delete_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(row) = tx.optional(GET, self.key.values(self.now)).await? else { return Ok(()) };
        let id = stored(&row)?.draft.id;
        tx.execute(DELETE, args![self.key.review, id]).await?;
        file::settle(tx, self.key.review, id.0, &BTreeMap::new(), self.now).await?;
        session::forget(tx, self.key.review, id.0).await
    }
}

/// Takes a draft away to make a contribution of it; `false` if it was taken, deleted or saved again in between.
pub(crate) async fn take(tx: &mut Tx<'_>, review: ReviewId, id: DraftId, revision: i64) -> Result<bool> {
    Ok(tx.execute(TAKE, args![review, id, revision]).await? == 1)
}

/// Deletes drafts, sessions and unconfirmed subscriptions that have expired, as the effect of a job that will come again.
pub struct SweepExpired {
    /// The job.
    pub job: ClaimedJob,
    /// The same job, for the next time.
    pub again: job::NewJob,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for SweepExpired {
    type Output = u64;
    const NAME: &'static str = "sweep_expired";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        file::sweep(tx, self.now).await?;
        let drafts = tx.execute(SWEEP, args![self.now.as_microsecond()]).await?;
        let sessions = session::sweep(tx, self.now).await?;
        let subscribers = subscriber::sweep(tx, self.now).await?;
        job::finish(tx, &self.job, self.now).await?;
        job::enqueue(tx, &self.again).await?;
        Ok(drafts + sessions + subscribers)
    }
}

impl Db {
    /// The draft of a session to a call, unless it has expired.
    pub async fn draft(&self, key: &DraftKey, now: Timestamp) -> Result<Option<StoredDraft>> {
        self.optional(GET, key.values(now)).await?.as_ref().map(held).transpose()
    }

    /// The draft with this digest of a receipt code, unless it has expired.
    pub async fn draft_of_code(&self, review: ReviewId, code: [u8; 32], now: Timestamp) -> Result<Option<StoredDraft>> {
        let row = self.optional(BY_CODE, args![review, code, now.as_microsecond()]).await?;
        row.as_ref().map(stored).transpose()
    }
}
