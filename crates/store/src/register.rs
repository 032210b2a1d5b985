//! What enters the register: every event that counts carries its leaf, and waits for its place. Places are given in batches, in a
//! shuffled order that is decided here, once and durably; the files of the register follow from it.

use domain::{Contribution, ContributionId, Happened, ReviewId, State};
use jiff::Timestamp;
use register::batch::{self, Pace};
use register::{Commitment, Disposition, Exclusion, Leaf, Outcome, Salt, Stated, Statement, Sums};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
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
    WAITING = "select count(*), min(at) from event
               where entry is not null and place is null and (kind <> 'withdrawn' or at <= $1
                 or review in (select id from review where closed_at is not null))";
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
    ARRIVAL = "select place, entry, salt, at from event
               where review = $1 and contribution = $2 and kind = 'received' and entry is not null";
    PLACE = "update event set place = $3, entry = $4 where review = $1 and id = $2 and place is null";
    DROP = "update event set entry = null where review = $1 and id = $2 and place is null";
    NEXT = "select max(place) from event where place is not null";
    NEXT_OTHER = "select max(place) from other_leaf";
    ENTRIES = "select place, entry from event where place >= $1
               union all select place, entry from other_leaf where place >= $1 order by 1 limit $2";
    PUT_OTHER = "insert into other_leaf (place, review, disposed, entry) values ($1, $2, $3, $4)";
    CLOSE = "update review set closed_at = $2 where id = $1 and closed_at is null";
    CLOSED = "select closed_at from review where id = $1";
    UNPLACED_ENTRY = "select review, id from event where entry = $1 and place is null limit 1";
    ERASE_SALT = "update event set salt = null where review = $1 and contribution = $2 and salt is not null";
    STATE = "insert into statement (review, digest, body) values ($1, $2, $3) on conflict (review, digest) do nothing";
    STATEMENT = "select body from statement where digest = $1";
    UNENTERED = "select id, contribution from event
                 where review = $1 and kind = 'received' and entry is null and contribution is not null limit $2";
    ENTER = "update event set entry = $3, salt = $4 where review = $1 and id = $2 and entry is null";
    KEYS = "select public, name, sealed, made_at from register_key order by made_at, public";
    ADD_KEY = "insert into register_key (public, name, sealed, made_at) values ($1, $2, $3, $4)";
    REMOVE_KEY = "delete from register_key where public = $1";
}

/// What a contribution enters when it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The commitment to what was given.
    pub commitment: Commitment,
    /// What opens it, where no receipt code does.
    pub salt: Option<Salt>,
}

/// Sixty-four bytes in which the day, and the reference of a disposition, are still nought.
pub(crate) fn unplaced(review: ReviewId, event: register::Event) -> [u8; Leaf::LENGTH] {
    Leaf { review: review.0.into_bytes(), day: 0, event }.to_bytes()
}

/// What an act on a contribution enters.
pub(crate) fn entered(happened: &Happened, changed: &Contribution, review: ReviewId) -> Option<Entered> {
    let disposed = |outcome| {
        let disposition = Disposition::first(outcome);
        Some(Entered::Event(register::Event::Disposition { of: 0, disposition }))
    };
    match happened {
        Happened::Published { .. } => disposed(Outcome::Published),
        Happened::Withdrawn { .. } => disposed(Outcome::Withdrawn),
        // These only ever replace what was said before: of what nobody could read nobody is told before the review closes.
        Happened::ReleaseChanged { closed: true, .. } | Happened::TakenIn { .. } => disposed(Outcome::Considered),
        Happened::SetAside { .. } => disposed(Outcome::Excluded(Exclusion::NotGenuine)),
        Happened::Redacted { question, .. } if changed.state == State::Published => {
            let (contribution, question) = (changed.reference.to_string(), question.to_string());
            let stated = Stated::Redacted { contribution, question };
            Some(Entered::Statement(Statement { review: review.0.into_bytes(), stated }))
        }
        _ => None,
    }
}

/// What enters the register with an event.
#[derive(Debug, Clone)]
pub enum Entered {
    /// A leaf that says all.
    Event(register::Event),
    /// The digest of a statement, which is kept.
    Statement(Statement),
}

impl Entered {
    /// Its leaf without a place; a statement is kept beside it.
    pub(crate) async fn entry(&self, tx: &mut Tx<'_>, review: ReviewId) -> Result<[u8; Leaf::LENGTH]> {
        match self {
            Self::Event(event) => Ok(unplaced(review, *event)),
            Self::Statement(statement) => {
                tx.execute(STATE, args![review, statement.digest(), statement.to_string()]).await?;
                Ok(unplaced(review, statement.event()))
            }
        }
    }
}

/// Destroys what opens the commitment of a contribution.
pub(crate) async fn erase_salt(tx: &mut Tx<'_>, review: ReviewId, contribution: ContributionId) -> Result<()> {
    tx.execute(ERASE_SALT, args![review, contribution]).await.map(drop)
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

fn leaf(bytes: &[u8]) -> Result<Leaf> {
    Leaf::parse(bytes).map_err(|error| Error::Broken(format!("an entry of the register: {error}")))
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

/// How long something has waited, in seconds. Clocks may have been set back: what seems to come from further in the future than
/// clocks differ is as old as it can be.
fn age(at: Timestamp, now: Timestamp) -> u64 {
    let age = now.duration_since(at).as_secs();
    if age < -60 { u64::MAX } else { u64::try_from(age).unwrap_or(0) }
}

enum Placing {
    Now(register::Event),
    Later,
    Never,
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

/// The place of the leaf that comes next.
async fn next(tx: &mut Tx<'_>) -> Result<u64> {
    let mut next = 0;
    for last in [tx.one(NEXT, args![]).await?, tx.one(NEXT_OTHER, args![]).await?] {
        next = next.max(last.get::<Option<i64>>(0)?.map_or(0, |last| last + 1));
    }
    Ok(u64::try_from(next).unwrap_or(0))
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
            let waiting = match there.event {
                register::Event::Contribution(_) => tx.optional(UNPLACED_ENTRY, args![&waits[..]]).await?,
                _ => None,
            };
            match waiting {
                Some(row) => {
                    let (review, id): (Uuid, Uuid) = (row.get(0)?, row.get(1)?);
                    tx.execute(PLACE, args![review, id, place, &entry[..]]).await?;
                    known += 1;
                }
                None => {
                    let disposed = match there.event {
                        register::Event::Disposition { of, .. } => i64::try_from(of).ok(),
                        _ => None,
                    };
                    let review = Uuid::from_bytes(there.review);
                    tx.execute(PUT_OTHER, args![place, review, disposed, &entry[..]]).await?;
                }
            }
        }
        Ok(known)
    }
}

/// Where the arrival of a contribution stands.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its place; none before its batch is sequenced.
    pub place: Option<u64>,
    /// Its leaf; without a place its day is nought.
    pub leaf: Leaf,
    /// What opens the commitment, where no receipt code does.
    pub salt: Option<Salt>,
    /// When it came.
    pub at: Timestamp,
}

/// A contribution from before there was a register.
#[derive(Debug, Clone)]
pub struct Unentered {
    /// The event of its arrival.
    pub event: Uuid,
    /// The contribution.
    pub contribution: ContributionId,
}

/// Enters contributions from before there was a register.
pub struct EnterLate {
    /// The review.
    pub review: ReviewId,
    /// The events of their arrival, with what they enter.
    pub arrivals: Vec<(Uuid, Arrival)>,
}

impl Command for EnterLate {
    type Output = ();
    const NAME: &'static str = "enter_late";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for (event, Arrival { commitment, salt }) in &self.arrivals {
            let entry = unplaced(self.review, register::Event::Contribution(*commitment));
            let salt = salt.as_ref().map(|salt| salt.0);
            tx.execute(ENTER, args![self.review, *event, &entry[..], salt]).await?;
        }
        Ok(())
    }
}

/// A key that signs for the register.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// The public key.
    pub public: [u8; 32],
    /// The name that it signs under.
    pub name: String,
    /// Its seed, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Keeps a key: the first one only if there is none, a later one to sign beside it while the key is changed.
pub struct AddKey {
    /// The key.
    pub key: StoredKey,
    /// Whether it is to be the first.
    pub first: bool,
}

impl Command for AddKey {
    /// `false` if there was one already.
    type Output = bool;
    const NAME: &'static str = "add_key";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if self.first && tx.optional(KEYS, args![]).await?.is_some() {
            return Ok(false);
        }
        let StoredKey { public, name, sealed, made_at } = &self.key;
        tx.execute(ADD_KEY, args![*public, name.as_str(), &sealed[..], made_at.as_microsecond()]).await?;
        Ok(true)
    }
}

/// Destroys a key.
pub struct RemoveKey(pub [u8; 32]);

impl Command for RemoveKey {
    type Output = bool;
    const NAME: &'static str = "remove_key";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Ok(tx.execute(REMOVE_KEY, args![self.0]).await? > 0)
    }
}

/// Closes a review: from now on nothing is taken, and the register will say of every contribution what became of it.
pub struct CloseReview {
    /// The review.
    pub review: ReviewId,
    /// The id of the event.
    pub event: Uuid,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for CloseReview {
    /// `false` if it was closed already.
    type Output = bool;
    const NAME: &'static str = "close_review";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if tx.execute(CLOSE, args![self.review, self.now.as_microsecond()]).await? == 0 {
            return Ok(false);
        }
        let event = NewEvent { id: self.event, happened: Happened::ReviewClosed, contribution: None, at: self.now };
        event::append_entered(tx, self.review, &event, &Entered::Event(register::Event::Close(Sums::default())), None)
            .await?;
        Ok(true)
    }
}

/// Says in the register that everything that may be shown was exported.
pub struct StateExport {
    /// The review.
    pub review: ReviewId,
    /// SHA-256 of the descriptor of the data package.
    pub digest: [u8; 32],
    /// How many contributions are in it.
    pub contributions: u64,
    /// The id of the event.
    pub event: Uuid,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for StateExport {
    type Output = ();
    const NAME: &'static str = "state_export";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let stated = Stated::Exported { digest: self.digest, contributions: self.contributions };
        let statement = Statement { review: self.review.0.into_bytes(), stated };
        let happened = Happened::Exported { contributions: self.contributions };
        let event = NewEvent { id: self.event, happened, contribution: None, at: self.now };
        event::append_entered(tx, self.review, &event, &Entered::Statement(statement), None).await
    }
}

impl Db {
    /// How many leaves have a place.
    pub async fn leaves(&self) -> Result<u64> {
        let mut snapshot = self.snapshot().await?;
        next(&mut snapshot.tx()).await
    }

    /// How many wait for one, and how long the oldest has waited, in seconds; of withdrawals only those before that moment.
    pub async fn leaves_waiting(&self, withdrawn_before: Timestamp, now: Timestamp) -> Result<(usize, u64)> {
        let Some(row) = self.optional(WAITING, args![withdrawn_before.as_microsecond()]).await? else {
            return Ok((0, 0));
        };
        let oldest = row.get::<Option<i64>>(1)?.map(crate::row::moment).transpose()?.map_or(0, |at| age(at, now));
        Ok((usize::try_from(row.get::<i64>(0)?).unwrap_or(0), oldest))
    }

    /// The leaves from a place on, at most `limit`; an error where one is missing.
    pub async fn leaves_from(&self, place: u64, limit: i64) -> Result<Vec<[u8; Leaf::LENGTH]>> {
        let from = i64::try_from(place).unwrap_or(i64::MAX);
        let mut leaves = Vec::new();
        for (row, expected) in self.all(ENTRIES, args![from, limit]).await?.iter().zip(from..) {
            let (place, entry): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let entry = entry.try_into().ok().filter(|_| place == expected);
            leaves.push(entry.ok_or_else(|| Error::Broken(format!("leaf {expected} of the register is missing")))?);
        }
        Ok(leaves)
    }

    /// How the arrival of a contribution stands in the register.
    pub async fn entry(&self, review: ReviewId, contribution: ContributionId) -> Result<Option<Entry>> {
        let Some(row) = self.optional(ARRIVAL, args![review, contribution]).await? else { return Ok(None) };
        Ok(Some(Entry {
            place: row.get::<Option<i64>>(0)?.and_then(|place| u64::try_from(place).ok()),
            leaf: leaf(&row.get::<Vec<u8>>(1)?)?,
            salt: row.get::<Option<Vec<u8>>>(2)?.and_then(|salt| salt.try_into().ok()).map(Salt),
            at: row.moment(3)?,
        }))
    }

    /// Contributions that have not entered the register, from before there was one.
    pub async fn unentered(&self, review: ReviewId, limit: i64) -> Result<Vec<Unentered>> {
        let rows = self.all(UNENTERED, args![review, limit]).await?;
        rows.iter().map(|row| Ok(Unentered { event: row.get(0)?, contribution: ContributionId(row.get(1)?) })).collect()
    }

    /// A statement by the SHA-256 of its text.
    pub async fn statement(&self, digest: [u8; 32]) -> Result<Option<String>> {
        self.optional(STATEMENT, args![digest]).await?.map(|row| row.get(0)).transpose()
    }

    /// Whether a review is closed.
    pub async fn is_closed(&self, review: ReviewId) -> Result<bool> {
        let closed = self.optional(CLOSED, args![review]).await?.map(|row| row.get::<Option<i64>>(0)).transpose()?;
        Ok(closed.flatten().is_some())
    }

    /// The keys that sign for the register, the oldest first.
    pub async fn register_keys(&self) -> Result<Vec<StoredKey>> {
        let rows = self.all(KEYS, args![]).await?;
        let key = |row: &Row| {
            let public: Vec<u8> = row.get(0)?;
            let public = public.try_into().map_err(|_| Error::Broken("a key of the register is damaged".to_owned()))?;
            Ok(StoredKey { public, name: row.get(1)?, sealed: row.get(2)?, made_at: row.moment(3)? })
        };
        rows.iter().map(key).collect()
    }
}
