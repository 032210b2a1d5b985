//! Leases: rows that say which node does something that only one may do, until when.

use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    // A free or expired lease is taken, one's own is prolonged; the engine's row lock decides between two who try. One that ends ten
    // minutes after anybody's would was taken by a clock that was wrong.
    CLAIM = "insert into lease (name, holder, until) values ($1, $2, $3)
             on conflict (name) do update set holder = excluded.holder, until = excluded.until
             where lease.until < $4 or lease.holder = excluded.holder or lease.until > excluded.until + 600000000";
    HELD = "update lease set until = until where name = $1 and holder = $2 and until > $3";
    RELEASE = "delete from lease where name = $1 and holder = $2";
}

/// Takes or prolongs a lease.
pub struct ClaimLease {
    /// What for.
    pub name: &'static str,
    /// Which node.
    pub holder: Uuid,
    /// The present moment.
    pub now: jiff::Timestamp,
    /// For how long, in microseconds.
    pub length: i64,
}

impl Command for ClaimLease {
    type Output = bool;
    const NAME: &'static str = "claim_lease";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        claim(tx, self.name, self.holder, self.now.as_microsecond(), self.length).await
    }
}

/// Gives a lease back before it runs out.
pub struct ReleaseLease {
    /// What for.
    pub name: &'static str,
    /// Which node.
    pub holder: Uuid,
}

impl Command for ReleaseLease {
    type Output = ();
    const NAME: &'static str = "release_lease";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        release_on(tx, self.name, self.holder).await
    }
}

impl Db {
    /// Whether `holder` has the lease from now on for a `length` in microseconds.
    pub async fn claim_lease(
        &self,
        name: &'static str,
        holder: Uuid,
        now: jiff::Timestamp,
        length: i64,
    ) -> Result<bool> {
        self.write(ClaimLease { name, holder, now, length }).await
    }
}

/// Whether `holder` has the lease; nobody else can take it before the transaction ends.
pub(crate) async fn is_held(tx: &mut Tx<'_>, name: &str, holder: Uuid, now: jiff::Timestamp) -> Result<bool> {
    Ok(tx.execute(HELD, args![name, holder, now.as_microsecond()]).await? > 0)
}

async fn claim(tx: &mut Tx<'_>, name: &str, holder: Uuid, now: i64, length: i64) -> Result<bool> {
    Ok(tx.execute(CLAIM, args![name, holder, now + length, now]).await? > 0)
}

/// For migrations, which come before anything that could be handed a clock.
#[expect(clippy::disallowed_methods, reason = "migrations run before there is anything to hand a clock to")]
pub(crate) async fn claim_on(tx: &mut Tx<'_>, name: &str, holder: Uuid, length: i64) -> Result<bool> {
    claim(tx, name, holder, jiff::Timestamp::now().as_microsecond(), length).await
}

pub(crate) async fn release_on(tx: &mut Tx<'_>, name: &str, holder: Uuid) -> Result<()> {
    tx.execute(RELEASE, args![name, holder]).await.map(drop)
}
