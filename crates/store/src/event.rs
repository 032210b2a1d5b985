//! The event log: what happened, appended in the transaction that makes it so.
//!
//! Places in the log are given afterwards, in batches, by one node at a time ([`SequenceEvents`]). If every writer took
//! the next number itself, all writers of a review would wait for one another; and two that commit in the other order
//! would make a reader miss the first. Whoever reads forward by position therefore misses nothing.

use domain::{ContributionId, Event, Happened, Reference, ReviewId};
use jiff::Timestamp;
use register::Salt;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::register::Entered;
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    APPEND = "insert into event (review, id, kind, body, contribution, at) values ($1, $2, $3, $4, $5, $6)";
    APPEND_ENTERED = "insert into event (review, id, kind, body, contribution, at, entry, salt)
                      values ($1, $2, $3, $4, $5, $6, $7, $8)";
    SEQUENCE = "
        with waiting as (
            select review, id, at from event where position is null order by at, id limit $1
        ), numbered as (
            select w.review, w.id, row_number() over (partition by w.review order by w.at, w.id)
                + coalesce((select e.position from event e where e.review = w.review and e.position is not null
                            order by e.position desc limit 1), 0)
                as place
            from waiting w
        )
        update event set position = numbered.place from numbered
        where event.review = numbered.review and event.id = numbered.id and event.position is null";
    AFTER = "select position, body, contribution, at from event
             where review = $1 and position > $2 order by position limit $3";
    HISTORY = "select coalesce(position, 0), body, contribution, at from event
               where review = $1 and contribution = $2 order by at, id";
    END = "select max(p.position) from (
             select position from event where review = $1 and position > $2 order by position limit $3) p";
    LAST = "select position from event where review = $1 and position is not null order by position desc limit 1";
    WAITING = "select count(*) from event where position is null";
    EVERY_SHOWN = "select e.position, e.body, e.contribution, e.at, c.reference from event e
             left join contribution c on c.review = e.review and c.id = e.contribution
             where e.review = $1 and e.position is not null and e.kind not in ('received', 'asked', 'replied')
               and (e.contribution is null or c.published_at is not null)
             order by e.position";
}

/// An event that is about to be appended.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// A new id, ordered by time.
    pub id: Uuid,
    /// What happens.
    pub happened: Happened,
    /// To which contribution.
    pub contribution: Option<ContributionId>,
    /// When.
    pub at: Timestamp,
}

/// Appends an event in the caller's transaction.
pub async fn append(tx: &mut Tx<'_>, review: ReviewId, event: &NewEvent) -> Result<()> {
    let body = serde_json::to_string(&event.happened)?;
    let contribution = event.contribution.map(|id| id.0);
    let values = args![review, event.id, event.happened.kind(), body, contribution, event.at.as_microsecond()];
    tx.execute(APPEND, values).await.map(drop)
}

/// Appends an event that enters the register, with what opens its commitment if no receipt code does.
pub(crate) async fn append_entered(
    tx: &mut Tx<'_>,
    review: ReviewId,
    event: &NewEvent,
    entered: &Entered,
    salt: Option<&Salt>,
) -> Result<()> {
    let entry = entered.entry(tx, review).await?;
    let body = serde_json::to_string(&event.happened)?;
    let (kind, contribution, at) =
        (event.happened.kind(), event.contribution.map(|id| id.0), event.at.as_microsecond());
    let salt = salt.map(|salt| salt.0);
    let values = args![review, event.id, kind, body, contribution, at, &entry[..], salt];
    tx.execute(APPEND_ENTERED, values).await.map(drop)
}

/// Gives the next places to events that have none, oldest first; how many it gave. Only the holder of a lease should
/// run it; if two do, the unique index lets one win.
pub struct SequenceEvents {
    /// The most at a time.
    pub limit: i64,
}

impl Command for SequenceEvents {
    type Output = u64;
    const NAME: &'static str = "sequence_events";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        tx.execute(SEQUENCE, args![self.limit]).await
    }
}

fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        position: row.get(0)?,
        happened: row.json(1)?,
        contribution: row.get::<Option<Uuid>>(2)?.map(ContributionId),
        at: row.moment(3)?,
    })
}

/// The events of a review after a position, in order.
pub(crate) async fn after(tx: &mut Tx<'_>, review: ReviewId, position: i64, limit: i64) -> Result<Vec<Event>> {
    tx.all(AFTER, args![review, position, limit]).await?.iter().map(event).collect()
}

impl Db {
    /// The position of the last of the next `limit` events of a review after a position; `None` if there are none.
    pub async fn position_after(&self, review: ReviewId, position: i64, limit: i64) -> Result<Option<i64>> {
        self.optional(END, args![review, position, limit]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// What happened to one contribution, the oldest first, with or without a place in the log yet.
    pub async fn history(&self, review: ReviewId, contribution: ContributionId) -> Result<Vec<Event>> {
        self.all(HISTORY, args![review, contribution]).await?.iter().map(event).collect()
    }

    /// The last position given; 0 if none.
    pub async fn last_position(&self, review: ReviewId) -> Result<i64> {
        self.optional(LAST, args![review]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// How many events wait for a position.
    pub async fn events_waiting(&self) -> Result<i64> {
        self.optional(WAITING, args![]).await?.map_or(Ok(0), |row| row.get(0))
    }
}

impl crate::db::Snapshot {
    /// Every event that may be shown, in order, one at a time: those about the review and its calls, and what was done to
    /// contributions that are published, with their references. Not their arrival, whose order tells who wrote after whom,
    /// and not what passes between their authors and the team.
    pub async fn each_shown_event<E: From<crate::Error>>(
        &mut self,
        review: ReviewId,
        mut visit: impl FnMut(Event, Option<Reference>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let each = |row: Row| {
            let reference: Option<String> = row.get(4)?;
            let reference = reference.map(|text| text.parse()).transpose();
            visit(event(&row)?, reference.map_err(|error| crate::Error::Broken(format!("a reference {error}")))?)
        };
        self.tx().each(EVERY_SHOWN, args![review], each).await
    }
}
