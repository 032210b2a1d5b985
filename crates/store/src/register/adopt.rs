//! Takes back leaves that the files of the register have, and a restored database has forgotten.

use register::Leaf;
use uuid::Uuid;

use super::leaf;
use super::sequence::{PLACE, PUT_OTHER, next};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    UNPLACED_ENTRY = "select review, id from event where entry = $1 and place is null limit 1";
}

/// Takes leaves that the register has, and this database has forgotten, for its own: the first stands at `place`. Those that wait
/// here, from before, get the places that they had.
pub struct AdoptLeaves {
    /// The place of the first; it must be the next.
    pub place: u64,
    /// The leaves.
    pub leaves: Vec<[u8; Leaf::LENGTH]>,
}

impl Command for AdoptLeaves {
    /// How many of them were waiting here.
    type Output = u64;
    const NAME: &'static str = "adopt_leaves";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        if next(tx).await? != self.place {
            return Err(Error::Conflict);
        }
        let mut known = 0;
        for (entry, place) in self.leaves.iter().zip(i64::try_from(self.place).unwrap_or(i64::MAX)..) {
            let there = leaf(entry)?;
            let waits = Leaf { day: 0, ..there }.to_bytes();
            if matches!(there.event, register::Event::Contribution(_))
                && let Some(row) = tx.optional(UNPLACED_ENTRY, args![&waits[..]]).await?
            {
                let (review, id): (Uuid, Uuid) = (row.get(0)?, row.get(1)?);
                tx.execute(PLACE, args![review, id, place, &entry[..]]).await?;
                known += 1;
                continue;
            }
            let disposed = match there.event {
                register::Event::Disposition { of, .. } => i64::try_from(of).ok(),
                _ => None,
            };
            let review = Uuid::from_bytes(there.review);
            tx.execute(PUT_OTHER, args![place, review, disposed, &entry[..]]).await?;
        }
        Ok(known)
    }
}
