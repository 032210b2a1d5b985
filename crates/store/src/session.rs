//! Sessions: what a browser has opened, known by the digest of a secret that only the browser holds.

use domain::DraftId;
use jiff::Timestamp;

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    PUT = "insert into session (digest, receipt, draft, expires_at) values ($1, $2, $3, $4)
           on conflict (digest) do update set receipt = excluded.receipt, draft = excluded.draft,
             expires_at = excluded.expires_at";
    KEEP = "insert into session (digest, expires_at) values ($1, $2)
            on conflict (digest) do update set expires_at = excluded.expires_at";
    GET = "select receipt, draft from session where digest = $1 and expires_at > $2";
    SWEEP = "delete from session where expires_at <= $1";
}

/// What a session has opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// The digest of the receipt code that it may look at.
    pub receipt: Option<Vec<u8>>,
    /// The draft that the receipt came from, if this session sent it.
    pub draft: Option<DraftId>,
}

/// Opens a receipt for a session, or closes it with none.
pub struct PutReceipt {
    /// The session.
    pub session: [u8; 32],
    /// The digest of the receipt code.
    pub receipt: Option<[u8; 32]>,
    /// When the session ends.
    pub expires_at: Timestamp,
}

impl Command for PutReceipt {
    type Output = ();
    const NAME: &'static str = "put_receipt";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        put(tx, self.session, self.receipt, None, self.expires_at).await
    }
}

/// Lets a session look at a receipt.
pub(crate) async fn put(
    tx: &mut Tx<'_>,
    session: [u8; 32],
    receipt: Option<[u8; 32]>,
    draft: Option<DraftId>,
    expires_at: Timestamp,
) -> Result<()> {
    let values = args![session, receipt, draft.map(|draft| draft.0), expires_at.as_microsecond()];
    tx.execute(PUT, values).await.map(drop)
}

/// Begins a session, or makes it last longer.
pub(crate) async fn keep(tx: &mut Tx<'_>, session: [u8; 32], expires_at: Timestamp) -> Result<()> {
    tx.execute(KEEP, args![session, expires_at.as_microsecond()]).await.map(drop)
}

pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    tx.execute(SWEEP, args![now.as_microsecond()]).await
}

impl Db {
    /// What the session has opened, unless it has ended.
    pub async fn session(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Session>> {
        let row = self.optional(GET, args![digest, now.as_microsecond()]).await?;
        row.map(|row| Ok(Session { receipt: row.get(0)?, draft: row.get::<Option<uuid::Uuid>>(1)?.map(DraftId) }))
            .transpose()
    }
}
