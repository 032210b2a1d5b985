//! Sessions: what a browser has opened, known by the digest of a secret that only the browser holds.

use domain::{ReceiptCode, Reference, ReviewId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    KEEP = "insert into session (digest, expires_at) values ($1, $2)
            on conflict (digest) do update set expires_at = excluded.expires_at";
    HOLD = "insert into holding (session, review, evidence, sealed, held_at) values ($1, $2, $3, $4, $5)
            on conflict (session, review, evidence) do update set sealed = excluded.sealed, held_at = excluded.held_at";
    RECEIPTS = "select h.evidence, h.sealed, c.reference from holding h
                join contribution c on c.review = h.review and c.id = h.evidence
                join session s on s.digest = h.session
                where h.session = $1 and h.review = $2 and s.expires_at > $3 order by h.held_at desc limit 50";
    CLOSE = "delete from holding where session = $1 and review = $2";
    FORGET = "delete from holding where review = $1 and evidence = $2";
    SWEEP = "delete from session where expires_at <= $1";
    SWEEP_HELD = "delete from holding where not exists (select 1 from session where digest = holding.session)";
}

/// The bytes of a receipt code, sealed with the secret of a session.
pub type Sealed = [u8; ReceiptCode::BYTES];

/// A contribution that a session has sent, or opened with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReceipt {
    /// The inner id of the contribution.
    pub evidence: Uuid,
    /// Its code, sealed; none if it was opened before codes were kept.
    pub sealed: Option<Sealed>,
    /// Its public name.
    pub reference: Reference,
}

/// Lets a session hold a draft or a contribution, the one that it has in hand from now on.
pub struct Hold {
    /// The session.
    pub session: [u8; 32],
    /// The review.
    pub review: ReviewId,
    /// The id of the draft or contribution.
    pub evidence: Uuid,
    /// Its code, sealed for that session.
    pub sealed: Sealed,
    /// The present moment.
    pub now: Timestamp,
    /// When the session ends.
    pub expires_at: Timestamp,
}

impl Command for Hold {
    type Output = ();
    const NAME: &'static str = "hold";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        keep(tx, self.session, self.expires_at).await?;
        hold(tx, self.session, self.review, self.evidence, &self.sealed, self.now).await
    }
}

/// Makes a session let go of everything of a review: for the next person at a shared computer.
pub struct LetGo {
    /// The session.
    pub session: [u8; 32],
    /// The review.
    pub review: ReviewId,
}

impl Command for LetGo {
    type Output = ();
    const NAME: &'static str = "let_go";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(CLOSE, args![self.session, self.review]).await.map(drop)
    }
}

pub(crate) async fn hold(
    tx: &mut Tx<'_>,
    session: [u8; 32],
    review: ReviewId,
    evidence: Uuid,
    sealed: &Sealed,
    now: Timestamp,
) -> Result<()> {
    let values = args![session, review, evidence, sealed.as_slice(), now.as_microsecond()];
    tx.execute(HOLD, values).await.map(drop)
}

/// Makes every session let go of something that is deleted.
pub(crate) async fn forget(tx: &mut Tx<'_>, review: ReviewId, evidence: Uuid) -> Result<()> {
    tx.execute(FORGET, args![review, evidence]).await.map(drop)
}

/// Begins a session, or makes it last longer.
pub(crate) async fn keep(tx: &mut Tx<'_>, session: [u8; 32], expires_at: Timestamp) -> Result<()> {
    tx.execute(KEEP, args![session, expires_at.as_microsecond()]).await.map(drop)
}

pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    let ended = tx.execute(SWEEP, args![now.as_microsecond()]).await?;
    tx.execute(SWEEP_HELD, args![]).await?;
    Ok(ended)
}

/// Bytes that were sealed; none if there are none, or if they are of another length.
pub(crate) fn sealed(bytes: Option<Vec<u8>>) -> Option<Sealed> {
    bytes.and_then(|bytes| bytes.try_into().ok())
}

impl Db {
    /// The receipts that a session holds, the one that it opened or sent last first; at most fifty.
    pub async fn held_receipts(&self, session: [u8; 32], review: ReviewId, now: Timestamp) -> Result<Vec<HeldReceipt>> {
        let rows = self.all(RECEIPTS, args![session, review, now.as_microsecond()]).await?;
        rows.iter()
            .map(|row| Ok(HeldReceipt { evidence: row.get(0)?, sealed: sealed(row.get(1)?), reference: row.parse(2)? }))
            .collect()
    }
}
