//! Takes back leaves that the files of the register have, and a restored database has forgotten.

use domain::{ContributionId, ReviewId};
use jiff::Timestamp;
use register::{Event, Leaf, Outcome};
use uuid::Uuid;

use super::sequence::{PLACE, PUT_OTHER, next};
use super::{LEASE, leaf};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::lease;
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    SAME = "select id from event where review = $1 and entry = $2 and place is null order by at, id limit 1";
    CLOSE_OF = "select id from event where review = $1 and kind = 'review-closed' and entry is not null and place is null";
    CONTRIBUTION_AT = "select contribution from event where place = $1 and contribution is not null";
    DISPOSITIONS_OF = "select id, entry from event where review = $1 and contribution = $2 and kind <> 'received'
                       and entry is not null and place is null order by at, id";
    CLOSED_AGAIN = "update review set closed_at = $2 where id = $1 and closed_at is null";
}

/// Takes leaves that the register has, and this database has forgotten, for its own: the first stands at `place`. Events that wait
/// here, from before, get the places that they had.
pub struct AdoptLeaves {
    /// Who has the lease.
    pub holder: Uuid,
    /// The place of the first; it must be the next.
    pub place: u64,
    /// The leaves.
    pub leaves: Vec<[u8; Leaf::LENGTH]>,
    /// The present moment.
    pub now: Timestamp,
}

/// What came of taking leaves back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// How many of the contributions among them were waiting here.
    pub known: u64,
    /// What the register says of contributions that are here, and this database has forgotten; the last said is the last.
    pub said: Vec<(ReviewId, ContributionId, Outcome)>,
}

impl Command for AdoptLeaves {
    type Output = Adopted;
    const NAME: &'static str = "adopt_leaves";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Adopted> {
        if !lease::is_held(tx, LEASE, self.holder, self.now).await? || next(tx).await? != self.place {
            return Err(Error::Conflict);
        }
        let mut adopted = Adopted::default();
        for (entry, place) in self.leaves.iter().zip(i64::try_from(self.place).unwrap_or(i64::MAX)..) {
            let there = leaf(entry)?;
            let review = ReviewId(Uuid::from_bytes(there.review));
            let waits = self.waiting(tx, review, there, &mut adopted).await?;
            if let Some(id) = waits {
                tx.execute(PLACE, args![review, id, place, &entry[..]]).await?;
            } else {
                let disposed = match there.event {
                    Event::Disposition { of, .. } => i64::try_from(of).ok(),
                    _ => None,
                };
                tx.execute(PUT_OTHER, args![place, review, disposed, &entry[..]]).await?;
            }
        }
        Ok(adopted)
    }
}

impl AdoptLeaves {
    /// The event that waits here for the place that this leaf has. What a leaf says that no event here does is done, or told.
    async fn waiting(
        &self,
        tx: &mut Tx<'_>,
        review: ReviewId,
        there: Leaf,
        adopted: &mut Adopted,
    ) -> Result<Option<Uuid>> {
        let id = |row: Row| row.get::<Uuid>(0);
        match there.event {
            Event::Close(_) => {
                tx.execute(CLOSED_AGAIN, args![review, self.now.as_microsecond()]).await?;
                tx.optional(CLOSE_OF, args![review]).await?.map(id).transpose()
            }
            Event::Disposition { of, disposition } => {
                let of = i64::try_from(of).unwrap_or(i64::MAX);
                let Some(row) = tx.optional(CONTRIBUTION_AT, args![of]).await? else { return Ok(None) };
                let contribution: Uuid = row.get(0)?;
                for row in tx.all(DISPOSITIONS_OF, args![review, contribution]).await? {
                    let waits = leaf(&row.get::<Vec<u8>>(1)?)?.event;
                    if matches!(waits, Event::Disposition { disposition: here, .. } if here.outcome == disposition.outcome)
                    {
                        return id(row).map(Some);
                    }
                }
                adopted.said.push((review, ContributionId(contribution), disposition.outcome));
                Ok(None)
            }
            event => {
                let waits = Leaf { day: 0, ..there }.to_bytes();
                let found = tx.optional(SAME, args![review, &waits[..]]).await?.map(id).transpose()?;
                adopted.known += u64::from(found.is_some() && matches!(event, Event::Contribution(_)));
                Ok(found)
            }
        }
    }
}
