//! What enters the register: every event that counts carries its leaf, and waits for its place. Places are given in batches, in a
//! shuffled order that is decided here, once and durably; the files of the register follow from it.

use domain::{Contribution, ContributionId, Happened, ReviewId, State};
use jiff::Timestamp;
use register::{Commitment, Disposition, Exclusion, Leaf, Outcome, Salt, Stated, Statement, Sums};
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

mod adopt;
mod key;
mod sequence;

pub use adopt::{AdoptLeaves, Adopted};
pub use key::{AddKey, DestroyKey, StoredKey};
pub use sequence::{Eligible, Queue, SequenceLeaves};

/// The name of the lease of whoever gives places.
pub const LEASE: &str = "register";

/// The statements of its parts.
pub(crate) const PARTS: [&[crate::sql::Statement]; 3] = [adopt::STATEMENTS, key::STATEMENTS, sequence::STATEMENTS];

statements! {
    ARRIVAL = "select place, entry, salt, at from event
               where review = $1 and contribution = $2 and kind = 'received' and entry is not null";
    PLACED = "select count(*) from event where place is not null";
    OTHERS = "select count(*) from other_leaf";
    ENTRIES = "select place, entry from event where place >= $1
               union all select place, entry from other_leaf where place >= $1 order by 1 limit $2";
    CLOSE = "update review set closed_at = $2 where id = $1 and closed_at is null";
    CLOSED = "select closed_at from review where id = $1";
    ERASE_SALT = "update event set salt = null where review = $1 and contribution = $2 and salt is not null";
    STATE = "insert into statement (review, digest, body) values ($1, $2, $3) on conflict (review, digest) do nothing";
    STATEMENT = "select body from statement where digest = $1";
    UNENTERED = "select id, contribution from event
                 where review = $1 and kind = 'received' and entry is null and contribution is not null limit $2";
    ENTER = "update event set entry = $3, salt = $4 where review = $1 and id = $2 and entry is null";
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

fn leaf(bytes: &[u8]) -> Result<Leaf> {
    Leaf::parse(bytes).map_err(|error| Error::Broken(format!("an entry of the register: {error}")))
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

/// Keeps the text of a statement that the register's files have.
pub struct KeepStatement {
    /// The review.
    pub review: ReviewId,
    /// SHA-256 of the text.
    pub digest: [u8; 32],
    /// The text.
    pub text: String,
}

impl Command for KeepStatement {
    type Output = ();
    const NAME: &'static str = "keep_statement";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(STATE, args![self.review, self.digest, self.text.as_str()]).await.map(drop)
    }
}

impl Db {
    /// How many leaves have a place.
    pub async fn leaves(&self) -> Result<u64> {
        let mut snapshot = self.snapshot().await?;
        sequence::next(&mut snapshot.tx()).await
    }

    /// The same, counted one by one.
    ///
    /// # Errors
    /// [`Error::Broken`] if a place is empty, or taken twice.
    pub async fn whole_leaves(&self) -> Result<u64> {
        let mut snapshot = self.snapshot().await?;
        let mut tx = snapshot.tx();
        let (next, mut placed) = (sequence::next(&mut tx).await?, 0);
        for count in [PLACED, OTHERS] {
            placed += u64::try_from(tx.one(count, args![]).await?.get::<i64>(0)?).unwrap_or(0);
        }
        if placed == next {
            Ok(next)
        } else {
            Err(Error::Broken(format!("{placed} leaves of the register have a place, and the last is {next}")))
        }
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
}
