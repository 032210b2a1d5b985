//! Gives places in the register to what waits, batch by batch, and says at the close what became of everything.

use std::collections::{BTreeMap, HashMap};

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

/// Columns of what waits for its place, `$2` at most; of withdrawals, only those before `$1`.
macro_rules! unplaced {
    ($columns:literal) => {
        concat!(
            "select ",
            $columns,
            " from event where entry is not null and place is null and (kind <> 'withdrawn' or at <= $1
                or review in (select id from review where closed_at is not null))
              order by (kind <> 'received'), at, id limit $2"
        )
    };
}

statements! {
    // Contributions first, for the others refer to them. Withdrawals wait longer than the others, until the review is closed.
    UNPLACED = unplaced!("review, id, contribution, entry, at");
    UNPLACED_OF = "select count(*) from event where review = $1 and entry is not null and place is null";
    STANDING = concat!("with waiting as (", unplaced!("review, contribution"), ")
                select w.contribution, p.place, p.entry from waiting w
                  join event p on p.review = w.review and p.contribution = w.contribution and p.place is not null
                union select w.contribution, o.place, o.entry from waiting w
                  join event p on p.review = w.review and p.contribution = w.contribution and p.kind = 'received'
                  join other_leaf o on o.disposed = p.place
                order by 2");
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
    PLACE_MANY = "with given (review, id, place, entry) as (select review, id, place, entry from event where 1 = 0
                    union all select $1, $2, $3, $4 union all select $5, $6, $7, $8
                    union all select $9, $10, $11, $12 union all select $13, $14, $15, $16
                    union all select $17, $18, $19, $20 union all select $21, $22, $23, $24
                    union all select $25, $26, $27, $28 union all select $29, $30, $31, $32
                    union all select $33, $34, $35, $36 union all select $37, $38, $39, $40
                    union all select $41, $42, $43, $44 union all select $45, $46, $47, $48
                    union all select $49, $50, $51, $52 union all select $53, $54, $55, $56
                    union all select $57, $58, $59, $60 union all select $61, $62, $63, $64)
                  update event set place = given.place, entry = given.entry from given
                  where event.review = given.review and event.id = given.id and event.place is null";
    pub(crate) PUT_OTHER = "insert into other_leaf (place, review, disposed, entry) values ($1, $2, $3, $4)";
    NEXT = "select max(place) from event where place is not null";
    NEXT_OTHER = "select max(place) from other_leaf";
}

/// How many places one statement gives.
const MANY: usize = 16;

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
        let mut batch = Batch { tx, day, first: next, next, placed: Vec::with_capacity(MANY) };
        for one in contributions {
            batch.place(&one, one.leaf.event).await?;
        }
        batch.flush().await?;
        batch.dispositions(dispositions, before, self.limit).await?;
        for one in rest {
            batch.put(one, self).await?;
        }
        batch.flush().await?;
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
    /// What has its place, and is still to be written.
    placed: Vec<(ReviewId, Uuid, i64, [u8; Leaf::LENGTH])>,
}

/// What the register says of a contribution.
#[derive(Default)]
struct Standing {
    /// Its place.
    of: Option<u64>,
    /// What became of it, by number.
    outcome: Option<u8>,
}

impl Batch<'_, '_> {
    /// Gives the next place to a leaf that says `event`.
    async fn place(&mut self, one: &Waiting, event: register::Event) -> Result<()> {
        let entry = Leaf { day: self.day, event, ..one.leaf }.to_bytes();
        let place = self.take()?;
        self.placed.push((one.review, one.id, place, entry));
        if self.placed.len() == MANY { self.flush().await } else { Ok(()) }
    }

    /// The next place, which is taken.
    fn take(&mut self) -> Result<i64> {
        let place = i64::try_from(self.next).map_err(|_| Error::Broken("the register is full".to_owned()))?;
        self.next += 1;
        Ok(place)
    }

    /// Writes what has its place. Each must still have waited: otherwise somebody else sequences, too, and all of this is undone.
    async fn flush(&mut self) -> Result<()> {
        let placed = std::mem::take(&mut self.placed);
        let value = |(review, id, place, entry): &(ReviewId, Uuid, i64, [u8; Leaf::LENGTH])| {
            args![*review, *id, *place, &entry[..]]
        };
        let mut written = 0;
        if placed.len() == MANY {
            written += self.tx.execute(PLACE_MANY, placed.iter().flat_map(value).collect()).await?;
        } else {
            for one in &placed {
                written += self.tx.execute(PLACE, value(one)).await?;
            }
        }
        if written == placed.len() as u64 {
            Ok(())
        } else {
            Err(Error::Broken("places were given twice at once".to_owned()))
        }
    }

    /// What became of contributions, each with the place of its contribution and what it replaces. The second of two about one
    /// contribution comes after the first, in the next batch.
    async fn dispositions(&mut self, waiting: Vec<Waiting>, before: i64, limit: i64) -> Result<()> {
        let mut standing: HashMap<Option<Uuid>, Standing> = HashMap::new();
        for row in self.tx.all(STANDING, args![before, limit]).await? {
            let (contribution, place): (Option<Uuid>, i64) = (row.get(0)?, row.get(1)?);
            let stands = standing.entry(contribution).or_default();
            match leaf(&row.get::<Vec<u8>>(2)?)?.event {
                register::Event::Contribution(_) => stands.of = u64::try_from(place).ok(),
                register::Event::Disposition { disposition, .. } => stands.outcome = Some(disposition.outcome.number()),
                _ => {}
            }
        }
        for one in waiting {
            let register::Event::Disposition { disposition, .. } = one.leaf.event else { continue };
            let Some(Standing { of: Some(of), outcome }) = standing.remove(&one.contribution) else { continue };
            if may_follow(disposition.outcome, outcome) {
                let disposition = Disposition { outcome: disposition.outcome, replaces: outcome };
                self.place(&one, register::Event::Disposition { of, disposition }).await?;
            } else {
                self.tx.execute(DROP, args![one.review, one.id]).await?;
            }
        }
        Ok(())
    }

    /// A statement; or a close, unless something is to be said before it.
    async fn put(&mut self, one: Waiting, sequence: &SequenceLeaves) -> Result<()> {
        let event = match one.leaf.event {
            register::Event::Close(_) => self.close(&one, sequence).await?.map(register::Event::Close),
            event => Some(event),
        };
        match event {
            Some(event) => self.place(&one, event).await,
            None => Ok(()),
        }
    }

    /// Says of every contribution of which nothing was said what became of it, so many at a time; then states the sums.
    async fn close(&mut self, one: &Waiting, sequence: &SequenceLeaves) -> Result<Option<Sums>> {
        self.flush().await?;
        let waiting: i64 = self.tx.one(UNPLACED_OF, args![one.review]).await?.get(0)?;
        if waiting > 1 {
            return Ok(None);
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
            return self.sums(one.review).await.map(Some);
        }
        let leaf = |(of, outcome): &(i64, Outcome)| {
            let (of, disposition) = (of.unsigned_abs(), Disposition::first(*outcome));
            Leaf { day: self.day, event: register::Event::Disposition { of, disposition }, ..one.leaf }.to_bytes()
        };
        batch::shuffle(&mut undisposed, &sequence.seed, leaf);
        let entries: Vec<(i64, [u8; Leaf::LENGTH])> = undisposed.iter().map(|each| (each.0, leaf(each))).collect();
        for (of, entry) in entries {
            let place = self.take()?;
            self.tx.execute(PUT_OTHER, args![place, one.review, of, &entry[..]]).await?;
        }
        Ok(None)
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

/// Whether this may be said of a contribution after what stands there. It may not if nothing is changed by it, if nothing can be
/// changed any more, or if it only ever replaces what was said before.
fn may_follow(outcome: Outcome, stands: Option<u8>) -> bool {
    match stands {
        None => !matches!(outcome, Outcome::Considered | Outcome::Excluded(_)),
        Some(number) => outcome.may_replace(number),
    }
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
