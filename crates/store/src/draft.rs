//! Drafts: answers that have not been sent yet, one for each session and call.

use domain::{Draft, DraftContent, DraftId, DraftPart, Language, ReviewId, Slug};
use jiff::Timestamp;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::job::{self, ClaimedJob};
use crate::row::{Row, args};
use crate::session;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    INSERT = "insert into draft (review, id, session, call, content, revision, saved_at, expires_at)
              values ($1, $2, $3, $4, $5, 1, $6, $7) on conflict (session, review, call) do nothing";
    GET = "select id, call, content, saved_at, expires_at, revision from draft
           where session = $1 and review = $2 and call = $3 and expires_at > $4";
    SAVE = "update draft set content = $3, saved_at = $4, expires_at = $5, revision = revision + 1
            where review = $1 and id = $2 and revision = $6";
    TAKE = "delete from draft where review = $1 and id = $2 and revision = $3";
    DELETE = "delete from draft where session = $1 and review = $2 and call = $3";
    SWEEP = "delete from draft where expires_at <= $1";
}

/// A draft, and how often it has been saved.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDraft {
    /// The draft.
    pub draft: Draft,
    /// Counts up with each save: what was checked is what is sent.
    pub revision: i64,
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
    })
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
}

/// Begins a draft unless the session has one to this call already, and begins the session if need be.
pub struct StartDraft {
    /// Whose.
    pub key: DraftKey,
    /// The id of a new one.
    pub id: DraftId,
    /// The language of the page.
    pub language: Language,
    /// The present moment.
    pub now: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Command for StartDraft {
    type Output = Draft;
    const NAME: &'static str = "start_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Draft> {
        let DraftKey { review, call, session } = &self.key;
        session::keep(tx, *session, self.expires_at).await?;
        let now = self.now.as_microsecond();
        if let Some(row) = tx.optional(GET, args![*session, *review, call, now]).await? {
            return Ok(stored(&row)?.draft);
        }
        // One that has expired and was not swept yet stands in the way.
        tx.execute(DELETE, args![*session, *review, call]).await?;
        let content = DraftContent { language: Some(self.language.clone()), ..DraftContent::default() };
        let document = serde_json::to_string(&content)?;
        let expires = self.expires_at.as_microsecond();
        if tx.execute(INSERT, args![*review, self.id, *session, call, document, now, expires]).await? == 0 {
            return Err(Error::Conflict);
        }
        Ok(Draft { id: self.id, call: call.clone(), content, saved_at: self.now, expires_at: self.expires_at })
    }
}

/// Saves one part of a draft; `false` if there is no such draft.
pub struct SaveDraft {
    /// Whose.
    pub key: DraftKey,
    /// The part.
    pub part: DraftPart,
    /// The language of the page.
    pub language: Language,
    /// The present moment.
    pub now: Timestamp,
    /// When it ends from now on.
    pub expires_at: Timestamp,
}

impl Command for SaveDraft {
    type Output = bool;
    const NAME: &'static str = "save_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let DraftKey { review, call, session } = &self.key;
        let now = self.now.as_microsecond();
        let Some(row) = tx.optional(GET, args![*session, *review, call, now]).await? else { return Ok(false) };
        let StoredDraft { draft, revision } = stored(&row)?;
        let mut content = draft.content;
        content.language = Some(self.language.clone());
        content.put(self.part.clone());
        let document = serde_json::to_string(&content)?;
        let expires = self.expires_at.as_microsecond();
        // Another window may have saved another part in between: then this one is put on top of that.
        match tx.execute(SAVE, args![*review, draft.id, document, now, expires, revision]).await? {
            0 => Err(Error::Conflict),
            _ => Ok(true),
        }
    }
}

/// Deletes a draft.
pub struct DeleteDraft(pub DraftKey);

impl Command for DeleteDraft {
    type Output = ();
    const NAME: &'static str = "delete_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(DELETE, args![self.0.session, self.0.review, &self.0.call]).await.map(drop)
    }
}

/// Takes a draft away to make a contribution of it; `false` if it was taken, deleted or saved again in between.
pub(crate) async fn take(tx: &mut Tx<'_>, review: ReviewId, id: DraftId, revision: i64) -> Result<bool> {
    Ok(tx.execute(TAKE, args![review, id, revision]).await? == 1)
}

/// Deletes drafts and sessions that have expired, as the effect of a job that will come again.
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
        let drafts = tx.execute(SWEEP, args![self.now.as_microsecond()]).await?;
        let sessions = session::sweep(tx, self.now).await?;
        job::finish(tx, &self.job, self.now).await?;
        job::enqueue(tx, &self.again).await?;
        Ok(drafts + sessions)
    }
}

impl Db {
    /// The draft of a session to a call, unless it has expired.
    pub async fn draft(&self, key: &DraftKey, now: Timestamp) -> Result<Option<StoredDraft>> {
        let values = args![key.session, key.review, &key.call, now.as_microsecond()];
        self.optional(GET, values).await?.as_ref().map(stored).transpose()
    }
}
