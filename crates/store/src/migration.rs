//! Migrations: numbered SQL files, run once each, forward only. A changed file is refused, and a lease row keeps two
//! processes that start at the same moment from running them at once.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::lease;
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

/// The files, in order.
const FILES: &[(&str, &str)] = &[
    ("0001_review", include_str!("../migrations/0001_review.sql")),
    ("0002_flow", include_str!("../migrations/0002_flow.sql")),
    ("0003_telling", include_str!("../migrations/0003_telling.sql")),
    ("0004_reading", include_str!("../migrations/0004_reading.sql")),
    ("0005_files", include_str!("../migrations/0005_files.sql")),
    ("0006_support", include_str!("../migrations/0006_support.sql")),
    ("0007_after", include_str!("../migrations/0007_after.sql")),
    ("0008_sign", include_str!("../migrations/0008_sign.sql")),
    ("0009_register", include_str!("../migrations/0009_register.sql")),
    ("0010_sequence", include_str!("../migrations/0010_sequence.sql")),
];

/// What must be there before anything can be locked or remembered.
const GROUND: &str = "
    create table if not exists lease (name text not null primary key, holder uuid not null, until bigint not null);
    create table if not exists migration (
        number bigint not null primary key, name text not null, checksum bytea not null
    )";

statements! {
    APPLIED = "select number, checksum from migration order by number";
    RECORD = "insert into migration (number, name, checksum) values ($1, $2, $3)";
}

/// How long a migration may hold the lease, in microseconds: ten minutes.
const LEASE: i64 = 600_000_000;

/// Brings the database up to date.
pub(crate) async fn run(tx: &mut Tx<'_>) -> Result<()> {
    lay_ground(tx).await?;
    if pending(tx).await? == 0 {
        return Ok(());
    }
    let holder = Uuid::new_v4();
    while !lease::claim_on(tx, "migration", holder, LEASE).await? {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let outcome = run_pending(tx).await;
    lease::release_on(tx, "migration", holder).await?;
    outcome
}

/// Two processes that make the same table at the same moment collide in `PostgreSQL`'s catalogue; the second try finds it.
async fn lay_ground(tx: &mut Tx<'_>) -> Result<()> {
    match tx.control(GROUND).await {
        Err(Error::Duplicate(_) | Error::Broken(_)) => tx.control(GROUND).await,
        outcome => outcome,
    }
}

/// How many files have not been run. Refuses a database that is newer than this program, or a file that was changed.
async fn pending(tx: &mut Tx<'_>) -> Result<usize> {
    let applied = tx.all(APPLIED, args![]).await?;
    for (row, number) in applied.iter().zip(1_i64..) {
        let known = usize::try_from(number - 1).ok().and_then(|at| FILES.get(at));
        let Some((name, text)) = known else {
            return Err(Error::Broken("it was made by a newer version of Folkmoot".to_owned()));
        };
        if row.get::<i64>(0)? != number || row.get::<Vec<u8>>(1)? != checksum(text) {
            return Err(Error::Broken(format!("migration {name} is not the one that this database was made with")));
        }
    }
    Ok(FILES.len() - applied.len())
}

async fn run_pending(tx: &mut Tx<'_>) -> Result<()> {
    let todo = pending(tx).await?;
    let first = FILES.len() - todo;
    for ((name, text), number) in FILES.iter().zip(1_i64..).skip(first) {
        tx.control("begin").await?;
        let outcome = async {
            tx.control(text).await?;
            tx.execute(RECORD, args![number, *name, checksum(text).as_slice()]).await
        }
        .await;
        tx.control(if outcome.is_ok() { "commit" } else { "rollback" }).await?;
        outcome?;
    }
    Ok(())
}

fn checksum(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}
