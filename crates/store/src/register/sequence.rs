//! Gives places in the register to what waits, batch by batch, and says at the close what became of everything.

use std::collections::{BTreeMap, HashSet};

use domain::{ReviewId, State};
use jiff::Timestamp;
use register::batch::{self, Pace};
use register::{Disposition, Exclusion, Leaf, Outcome, Sums};
use uuid::Uuid;

use super::{ENTRIES, leaf};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    // Withdrawals wait longer than the others, until the review is closed.
    UNPLACED = "select review, id, contribution, entry, at from event
                where entry is not null and place is null and (kind <> 'withdrawn' or at <= $1
                  or review in (select id from review where closed_at is not null))
                order by at, id limit $2";
    UNPLACED_OF = "select count(*) from event where review = $1 and entry is not null and place is null";
    OF_CONTRIBUTION = "select place, entry from event
                       where review = $1 and contribution = $2 and entry is not null and place is not null order by place";
    OTHER_OF = "select entry from other_leaf where disposed = $1 order by place";
    UNDISPOSED = "select e.place, c.state from event e
                  join contribution c on c.review = e.review and c.id = e.contribution
                  where e.review = $1 and e.kind = 'received' and e.place is not null
                    and not exists (select 1 from event d where d.review = e.review and d.contribution = e.contribution
                      and d.place is not null and d.kind in ('published', 'withdrawn'))
                    and not exists (select 1 from other_leaf o where o.disposed = e.place)
                  order by e.place limit $2";
    LOST = "select place, entry from other_leaf o where review = $1 and disposed is null
              and not exists (select 1 from other_leaf d where d.disposed = o.place) order by place";
    OF_REVIEW = "select place, entry from event where review = $1 and place is not null
                 union all select place, entry from other_leaf where review = $1 order by 1";
    DROP = "update event set entry = null where review = $1 and id = $2 and place is null";
    pub(crate) PLACE = "update event set place = $3, entry = $4 where review = $1 and id = $2 and place is null";
    pub(crate) PUT_OTHER = "insert into other_leaf (place, review, disposed, entry) values ($1, $2, $3, $4)";
    NEXT = "select max(place) from event where place is not null";
    NEXT_OTHER = "select max(place) from other_leaf";
}

/// Gives the next places of the register to what waits, if a batch is due: contributions first, shuffled, then what became of
/// contributions, shuffled, then statements and closes. How many it gave.
pub struct SequenceLeaves {
    /// When a batch is due.
    pub pace: Pace,
    /// Only what came before this moment is a withdrawal old enough.
    pub withdrawn_before: Timestamp,
    /// Random; the order follows from it, and it is forgotten.
    pub seed: [u8; 32],
    /// How many leaves the register's files have: a database with fewer was restored from an old copy.
    pub written: u64,
    /// The most at a time.
    pub limit: i64,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for SequenceLeaves {
    type Output = u64;
    const NAME: &'static str = "sequence_leaves";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let before = self.withdrawn_before.as_microsecond();
        let rows = tx.all(UNPLACED, args![before, self.limit]).await?;
        let mut all = rows.iter().map(waiting).collect::<Result<Vec<Waiting>>>()?;
        let oldest = all.iter().map(|one| age(one.at, self.now)).max();
        if !self.pace.is_due(all.len(), oldest.unwrap_or(0)) {
            return Ok(0);
        }
        let next = next(tx).await?;
        if next < self.written {
            return Err(Error::Broken(format!(
                "the register has {} leaves, and the database knows of {next}: was it restored from an old copy?",
                self.written
            )));
        }
        let day = self.day(tx, next).await?;
        batch::shuffle(&mut all, &self.seed, |one| one.leaf.to_bytes());
        let (contributions, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| matches!(one.leaf.event, register::Event::Contribution(_)));
        let (dispositions, rest): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|one| matches!(one.leaf.event, register::Event::Disposition { .. }));
        let mut batch = Batch { tx, day, first: next, next, disposed: HashSet::new() };
        for one in contributions.into_iter().chain(dispositions).chain(rest) {
            batch.put(one, self).await?;
        }
        Ok(batch.next - batch.first)
    }
}

impl SequenceLeaves {
    /// Today, but never before the day of the last leaf.
    async fn day(&self, tx: &mut Tx<'_>, next: u64) -> Result<u32> {
        let last = i64::try_from(next).unwrap_or(i64::MAX) - 1;
        let last = tx.optional(ENTRIES, args![last.max(0), 1_i64]).await?;
        let last = last.map(|row| leaf(&row.get::<Vec<u8>>(1)?)).transpose()?.map_or(0, |leaf| leaf.day);
        let today = u32::try_from(self.now.as_second() / 86_400).unwrap_or(0);
        Ok(today.max(last))
    }
}

/// An event that waits for its place.
struct Waiting {
    review: ReviewId,
    id: Uuid,
    contribution: Option<Uuid>,
    leaf: Leaf,
    at: Timestamp,
}

fn waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        review: ReviewId(row.get(0)?),
        id: row.get(1)?,
        contribution: row.get(2)?,
        leaf: leaf(&row.get::<Vec<u8>>(3)?)?,
        at: row.moment(4)?,
    })
}

/// A batch that is being given its places.
struct Batch<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    day: u32,
    first: u64,
    next: u64,
    /// The contributions of which it says something already.
    disposed: HashSet<Option<Uuid>>,
}

impl Batch<'_, '_> {
    async fn put(&mut self, one: Waiting, sequence: &SequenceLeaves) -> Result<()> {
        let placing = match one.leaf.event {
            // The second of two about one contribution comes after the first, in the next batch.
            register::Event::Disposition { disposition, .. } if self.disposed.insert(one.contribution) => {
                dispose(self.tx, &one, disposition).await?
            }
            register::Event::Disposition { .. } => Placing::Later,
            register::Event::Close(_) => self.close(&one, sequence).await?,
            event => Placing::Now(event),
        };
        match placing {
            Placing::Now(event) => {
                let entry = Leaf { day: self.day, event, ..one.leaf }.to_bytes();
                let place = self.place()?;
                self.tx.execute(PLACE, args![one.review, one.id, place, &entry[..]]).await.map(drop)
            }
            Placing::Never => self.tx.execute(DROP, args![one.review, one.id]).await.map(drop),
            Placing::Later => Ok(()),
        }
    }

    /// The next place, which is taken.
    fn place(&mut self) -> Result<i64> {
        let place = i64::try_from(self.next).map_err(|_| Error::Broken("the register is full".to_owned()))?;
        self.next += 1;
        Ok(place)
    }

    /// Says of every contribution of which nothing was said what became of it, so many at a time; then states the sums.
    async fn close(&mut self, one: &Waiting, sequence: &SequenceLeaves) -> Result<Placing> {
        let waiting: i64 = self.tx.one(UNPLACED_OF, args![one.review]).await?.get(0)?;
        if waiting > 1 {
            return Ok(Placing::Later);
        }
        let mut undisposed = Vec::new();
        for row in self.tx.all(UNDISPOSED, args![one.review, sequence.limit]).await? {
            let outcome = match row.parse(1)? {
                State::SetAside => Outcome::Excluded(Exclusion::NotGenuine),
                State::Withdrawn => Outcome::Withdrawn,
                State::Published => Outcome::Published,
                State::Received => Outcome::Considered,
            };
            undisposed.push((row.get::<i64>(0)?, outcome));
        }
        if undisposed.is_empty() {
            undisposed = self.lost(one.review).await?;
        }
        if undisposed.is_empty() {
            return Ok(Placing::Now(register::Event::Close(self.sums(one.review).await?)));
        }
        let leaf = |(of, outcome): &(i64, Outcome)| {
            let (of, disposition) = (of.unsigned_abs(), Disposition::first(*outcome));
            Leaf { day: self.day, event: register::Event::Disposition { of, disposition }, ..one.leaf }.to_bytes()
        };
        batch::shuffle(&mut undisposed, &sequence.seed, leaf);
        let entries: Vec<(i64, [u8; Leaf::LENGTH])> = undisposed.iter().map(|each| (each.0, leaf(each))).collect();
        for (of, entry) in entries {
            let place = self.place()?;
            self.tx.execute(PUT_OTHER, args![place, one.review, of, &entry[..]]).await?;
        }
        Ok(Placing::Later)
    }

    /// Contributions that stand in the register, and were lost with a database: nothing of them is left.
    async fn lost(&mut self, review: ReviewId) -> Result<Vec<(i64, Outcome)>> {
        let mut lost = Vec::new();
        for row in self.tx.all(LOST, args![review]).await? {
            if matches!(leaf(&row.get::<Vec<u8>>(1)?)?.event, register::Event::Contribution(_)) {
                lost.push((row.get(0)?, Outcome::Erased));
            }
        }
        Ok(lost)
    }

    /// What became of the contributions of a review, by its leaves.
    async fn sums(&mut self, review: ReviewId) -> Result<Sums> {
        let mut outcomes: BTreeMap<u64, u8> = BTreeMap::new();
        let visit = |row: Row| -> Result<()> {
            let place: i64 = row.get(0)?;
            match leaf(&row.get::<Vec<u8>>(1)?)?.event {
                register::Event::Contribution(_) => drop(outcomes.insert(place.unsigned_abs(), 0)),
                register::Event::Disposition { of, disposition } => {
                    outcomes.insert(of, disposition.outcome.number());
                }
                _ => {}
            }
            Ok(())
        };
        self.tx.each(OF_REVIEW, args![review], visit).await?;
        let mut sums = Sums { contributions: u32::try_from(outcomes.len()).unwrap_or(u32::MAX), ..Sums::default() };
        for outcome in outcomes.into_values() {
            if let Some(sum) = sums.of(outcome) {
                *sum += 1;
            }
        }
        Ok(sums)
    }
}

enum Placing {
    Now(register::Event),
    Later,
    Never,
}

/// A disposition with the place of its contribution, and what it replaces. It is never entered if nothing is changed by it, or if
/// nothing can be changed any more.
async fn dispose(tx: &mut Tx<'_>, one: &Waiting, stated: Disposition) -> Result<Placing> {
    let Some(contribution) = one.contribution else { return Ok(Placing::Never) };
    let (mut of, mut stands) = (None, None);
    for row in tx.all(OF_CONTRIBUTION, args![one.review, contribution]).await? {
        let place: i64 = row.get(0)?;
        match leaf(&row.get::<Vec<u8>>(1)?)?.event {
            register::Event::Contribution(_) => of = u64::try_from(place).ok(),
            register::Event::Disposition { disposition, .. } => stands = Some(disposition.outcome.number()),
            _ => {}
        }
    }
    if let Some(of) = of {
        for row in tx.all(OTHER_OF, args![i64::try_from(of).unwrap_or(i64::MAX)]).await? {
            if let register::Event::Disposition { disposition, .. } = leaf(&row.get::<Vec<u8>>(0)?)?.event {
                stands = Some(disposition.outcome.number());
            }
        }
    }
    let never_first = matches!(stated.outcome, Outcome::Considered | Outcome::Excluded(_));
    Ok(match (of, stands) {
        (None, _) => Placing::Later,
        (Some(_), None) if never_first => Placing::Never,
        (Some(_), Some(number)) if !stated.outcome.may_replace(number) => Placing::Never,
        (Some(of), replaces) => {
            let disposition = Disposition { outcome: stated.outcome, replaces };
            Placing::Now(register::Event::Disposition { of, disposition })
        }
    })
}

/// How long something has waited, in seconds. Clocks may have been set back: what seems to come from further in the future than
/// clocks differ is as old as it can be.
pub(super) fn age(at: Timestamp, now: Timestamp) -> u64 {
    let age = now.duration_since(at).as_secs();
    if age < -60 { u64::MAX } else { u64::try_from(age).unwrap_or(0) }
}

/// The place of the leaf that comes next.
pub(super) async fn next(tx: &mut Tx<'_>) -> Result<u64> {
    let mut next = 0;
    for last in [tx.one(NEXT, args![]).await?, tx.one(NEXT_OTHER, args![]).await?] {
        next = next.max(last.get::<Option<i64>>(0)?.map_or(0, |last| last + 1));
    }
    Ok(u64::try_from(next).unwrap_or(0))
}
