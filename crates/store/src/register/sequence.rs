//! Gives places in the register to what waits, batch by batch, and says at the close what became of everything.

use std::collections::{BTreeMap, HashMap};

use domain::{ReviewId, State};
use jiff::Timestamp;
use register::batch::{self, Pace};
use register::{Disposition, Exclusion, Leaf, Outcome, Sums};
use uuid::Uuid;

use super::{ENTRIES, LEASE, leaf};
use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::lease;
use crate::row::{Row, Value, args, moment};
use crate::sql::statements;
use crate::tx::Tx;

/// Columns of what may get its place, `$2` at most, and as the last whether it is patient. Contributions first, for the others refer
/// to them. Withdrawals are held back until `$1` and are patient, unless their review is closed; a close is held back until `$3`, when
/// everything has come in that was on its way.
macro_rules! unplaced {
    ($columns:literal) => {
        concat!(
            "select ",
            $columns,
            ", cast(case when kind = 'withdrawn' and review not in (select id from review where closed_at is not null)
                 then 1 else 0 end as bigint) as patient
              from event where entry is not null and place is null and (kind not in ('withdrawn', 'review-closed')
                or kind = 'withdrawn' and (at < $1 or review in (select id from review where closed_at is not null))
                or kind = 'review-closed' and at < $3)
              order by (kind <> 'received'), at, id limit $2"
        )
    };
}

statements! {
    WAITING = concat!("select count(case when patient = 0 then 1 end), min(case when patient = 0 then at end),
                count(case when patient = 1 then 1 end) from (", unplaced!("at"), ") waiting");
    UNPLACED = unplaced!("review, id, contribution, entry, at");
    UNPLACED_OF = "select count(*) from event where review = $1 and entry is not null and place is null";
    // For the same reason the place is asked for in a way that no index answers: the contributions lead to it.
    STANDING = concat!("with waiting as (", unplaced!("review, contribution"), ")
                select w.contribution, p.place, p.entry from waiting w
                  join event p on p.review = w.review and p.contribution = w.contribution and coalesce(p.place, -1) >= 0
                union select w.contribution, o.place, o.entry from waiting w
                  join event p on p.review = w.review and p.contribution = w.contribution and p.kind = 'received'
                  join other_leaf o on o.disposed = p.place
                order by 2");
    // What stands of a review, in order; of a contribution that is here, also its state. Without a state, and placed by no event, is
    // what was lost with a database.
    OF_REVIEW = "select e.place, e.entry, c.state from event e
                   left join contribution c on c.review = e.review and c.id = e.contribution and e.kind = 'received'
                   where e.review = $1 and e.place is not null
                 union all select place, entry, null from other_leaf where review = $1 order by 1";
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
    // Sorted, and not the maximum: while its statistics are old, PostgreSQL would go through all places for that.
    NEXT = "select place from event where place is not null order by place desc limit 1";
    NEXT_OTHER = "select place from other_leaf order by place desc limit 1";
}

/// How many places one statement gives.
const MANY: usize = 16;
/// In how many times of the limit all is said at the close: nobody gives evidence any more who would have to wait.
const AT_THE_CLOSE: usize = 10;

/// Which waiting events may get a place.
#[derive(Debug, Clone, Copy)]
pub struct Eligible {
    /// Withdrawals from before this moment; of a closed review all.
    pub withdrawn_before: Timestamp,
    /// Closes from before this moment.
    pub closed_before: Timestamp,
}

/// What waits for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// How much, without withdrawals.
    pub waiting: usize,
    /// How long the oldest of these has waited, in seconds.
    pub oldest: u64,
    /// Withdrawals that may be entered.
    pub withdrawals: usize,
}

impl Queue {
    /// Whether a batch is due.
    pub fn is_due(&self, pace: Pace) -> bool {
        pace.is_due(self.waiting, self.oldest) || self.withdrawals > 0
    }
}

/// Gives the next places of the register to what waits, if a batch is due: contributions first, shuffled, then what became of
/// contributions, shuffled, then statements and closes. How many it gave. Withdrawals bring nothing along that is not due itself.
pub struct SequenceLeaves {
    /// Who has the lease; whoever has not gives nothing.
    pub holder: Uuid,
    /// When a batch is due.
    pub pace: Pace,
    /// What may get a place.
    pub eligible: Eligible,
    /// Random; the order follows from it, and it is forgotten.
    pub seed: [u8; 32],
    /// How many leaves the register's files have: a database with fewer was restored from an old copy.
    pub written: u64,
    /// The most at a time.
    pub limit: usize,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for SequenceLeaves {
    type Output = u64;
    const NAME: &'static str = "sequence_leaves";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        if !lease::is_held(tx, LEASE, self.holder, self.now).await? {
            return Ok(0);
        }
        let rows = tx.all(UNPLACED, self.eligible.args(self.limit)).await?;
        let mut all = rows.iter().map(waiting).collect::<Result<Vec<Waiting>>>()?;
        let ages = all.iter().filter(|one| !one.patient).map(|one| age(one.at, self.now));
        let (waiting, oldest) = ages.fold((0, 0), |(count, oldest), age| (count + 1, oldest.max(age)));
        if !self.pace.is_due(waiting, oldest) {
            all.retain(|one| one.patient);
        }
        if all.is_empty() {
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
        first_of_each(&mut all);
        batch::shuffle(&mut all, &self.seed, |one| one.id.into_bytes());
        let (contributions, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| matches!(one.leaf.event, register::Event::Contribution(_)));
        let (dispositions, rest): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|one| matches!(one.leaf.event, register::Event::Disposition { .. }));
        let mut batch = Batch { tx, day, first: next, next, placed: Vec::with_capacity(MANY) };
        for one in contributions {
            batch.place(&one, one.leaf.event).await?;
        }
        batch.flush().await?;
        batch.dispositions(dispositions, self).await?;
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

impl Eligible {
    fn args(&self, limit: usize) -> Vec<Value> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        args![self.withdrawn_before.as_microsecond(), limit, self.closed_before.as_microsecond()]
    }
}

impl Db {
    /// What waits for its place, counted up to `most`.
    pub async fn leaves_waiting(&self, eligible: Eligible, most: usize, now: Timestamp) -> Result<Queue> {
        let row = self.optional(WAITING, eligible.args(most)).await?;
        let row = row.ok_or_else(|| Error::Broken("nothing could be counted".to_owned()))?;
        let count = |at: usize| Ok::<usize, Error>(usize::try_from(row.get::<i64>(at)?).unwrap_or(0));
        let oldest = row.get::<Option<i64>>(1)?.map(moment).transpose()?;
        Ok(Queue { waiting: count(0)?, oldest: oldest.map_or(0, |at| age(at, now)), withdrawals: count(2)? })
    }
}

/// Leaves only the first event that says what became of a contribution: the second waits for the next batch, so that what stands at
/// the end is what was said last.
fn first_of_each(all: &mut Vec<Waiting>) {
    let mut firsts: HashMap<(ReviewId, Uuid), (Timestamp, Uuid)> = HashMap::new();
    let disposes = |one: &Waiting| {
        let is_disposition = matches!(one.leaf.event, register::Event::Disposition { .. });
        one.contribution.filter(|_| is_disposition).map(|contribution| (one.review, contribution))
    };
    for one in all.iter() {
        if let Some(contribution) = disposes(one) {
            let moment = (one.at, one.id);
            firsts.entry(contribution).and_modify(|first| *first = moment.min(*first)).or_insert(moment);
        }
    }
    all.retain(|one| disposes(one).is_none_or(|contribution| firsts.get(&contribution) == Some(&(one.at, one.id))));
}

/// An event that waits for its place.
struct Waiting {
    review: ReviewId,
    id: Uuid,
    contribution: Option<Uuid>,
    leaf: Leaf,
    at: Timestamp,
    /// Whether it brings nothing along that is not due itself.
    patient: bool,
}

fn waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        review: ReviewId(row.get(0)?),
        id: row.get(1)?,
        contribution: row.get(2)?,
        leaf: leaf(&row.get::<Vec<u8>>(3)?)?,
        at: row.moment(4)?,
        patient: row.get::<i64>(5)? == 1,
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
    /// What it is here; none where it is not here any more, or that was not asked.
    state: Option<State>,
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

    /// What became of contributions, each with the place of its contribution and what it replaces.
    async fn dispositions(&mut self, waiting: Vec<Waiting>, sequence: &SequenceLeaves) -> Result<()> {
        let mut standing: HashMap<Option<Uuid>, Standing> = HashMap::new();
        for row in self.tx.all(STANDING, sequence.eligible.args(sequence.limit)).await? {
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
            let Some(Standing { of: Some(of), outcome, .. }) = standing.remove(&one.contribution) else { continue };
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

    /// Says of every contribution what became of it, unless that stands there already, so many at a time; then states the sums.
    async fn close(&mut self, one: &Waiting, sequence: &SequenceLeaves) -> Result<Option<Sums>> {
        self.flush().await?;
        let waiting: i64 = self.tx.one(UNPLACED_OF, args![one.review]).await?.get(0)?;
        if waiting > 1 {
            return Ok(None);
        }
        let contributions = self.contributions(one.review).await?;
        let mut unsaid: Vec<(u64, Disposition)> = contributions.iter().filter_map(Standing::unsaid).collect();
        if unsaid.is_empty() {
            return Ok(Some(sums(&contributions)));
        }
        unsaid.truncate(sequence.limit.saturating_mul(AT_THE_CLOSE));
        batch::shuffle(&mut unsaid, &sequence.seed, |(of, _)| of.to_be_bytes());
        for (of, disposition) in unsaid {
            let event = register::Event::Disposition { of, disposition };
            let entry = Leaf { day: self.day, event, ..one.leaf }.to_bytes();
            let place = self.take()?;
            let of = i64::try_from(of).unwrap_or(i64::MAX);
            self.tx.execute(PUT_OTHER, args![place, one.review, of, &entry[..]]).await?;
        }
        Ok(None)
    }

    /// The contributions of a review that stand in the register, in order.
    async fn contributions(&mut self, review: ReviewId) -> Result<Vec<Standing>> {
        let mut all: BTreeMap<u64, Standing> = BTreeMap::new();
        let visit = |row: Row| -> Result<()> {
            let place = row.get::<i64>(0)?.unsigned_abs();
            match leaf(&row.get::<Vec<u8>>(1)?)?.event {
                register::Event::Contribution(_) => {
                    let state = row.get::<Option<String>>(2)?.map(|_| row.parse(2)).transpose()?;
                    all.insert(place, Standing { of: Some(place), outcome: None, state });
                }
                register::Event::Disposition { of, disposition } => {
                    all.entry(of).or_default().outcome = Some(disposition.outcome.number());
                }
                _ => {}
            }
            Ok(())
        };
        self.tx.each(OF_REVIEW, args![review], visit).await?;
        Ok(all.into_values().collect())
    }
}

impl Standing {
    /// What is to be said of it at the close.
    fn unsaid(&self) -> Option<(u64, Disposition)> {
        let outcome = match self.state {
            Some(State::SetAside) => Outcome::Excluded(Exclusion::NotGenuine),
            Some(State::Withdrawn) => Outcome::Withdrawn,
            Some(State::Published) => Outcome::Published,
            Some(State::Received) => Outcome::Considered,
            // Lost with a database: nothing of it is left.
            None => Outcome::Erased,
        };
        let may = self.outcome.is_none_or(|stands| outcome.may_replace(stands));
        self.of.filter(|_| may).map(|of| (of, Disposition { outcome, replaces: self.outcome }))
    }
}

/// What became of contributions, counted.
fn sums(contributions: &[Standing]) -> Sums {
    let mut sums = Sums { contributions: u32::try_from(contributions.len()).unwrap_or(u32::MAX), ..Sums::default() };
    for outcome in contributions.iter().filter_map(|one| one.outcome) {
        if let Some(sum) = sums.of(outcome) {
            *sum += 1;
        }
    }
    sums
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
    for last in [tx.optional(NEXT, args![]).await?, tx.optional(NEXT_OTHER, args![]).await?].into_iter().flatten() {
        next = next.max(last.get::<i64>(0)? + 1);
    }
    Ok(u64::try_from(next).unwrap_or(0))
}
