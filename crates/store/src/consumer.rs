//! How far each consumer of the event log has read. A consumer that keeps its results in this database moves forward
//! in the same transaction; dropping its position makes it read everything again.

use domain::ReviewId;

use crate::error::{Error, Result};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    pub(crate) POSITION = "select position from consumer where review = $1 and name = $2";
    BEGIN = "insert into consumer (review, name, position) values ($1, $2, 0) on conflict (review, name) do nothing";
    ADVANCE = "update consumer set position = $4 where review = $1 and name = $2 and position = $3";
    DROP = "delete from consumer where review = $1 and name = $2";
}

/// How far the consumer has read; 0 if it has not begun.
pub(crate) async fn position(tx: &mut Tx<'_>, review: ReviewId, name: &str) -> Result<i64> {
    tx.optional(POSITION, args![review, name]).await?.map_or(Ok(0), |row| row.get(0))
}

/// Moves the consumer forward; a conflict if another node moved it in between.
pub(crate) async fn advance(tx: &mut Tx<'_>, review: ReviewId, name: &str, from: i64, to: i64) -> Result<()> {
    if from == 0 {
        tx.execute(BEGIN, args![review, name]).await?;
    }
    if tx.execute(ADVANCE, args![review, name, from, to]).await? == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Forgets how far the consumer has read.
pub(crate) async fn forget(tx: &mut Tx<'_>, review: ReviewId, name: &str) -> Result<()> {
    tx.execute(DROP, args![review, name]).await.map(drop)
}
