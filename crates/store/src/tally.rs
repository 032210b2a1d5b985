//! How many contributions there are, by call: a consumer of the event log that keeps its sums in the database.

use std::collections::BTreeMap;

use domain::{Happened, ReviewId, Slug, State};

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;
use crate::{consumer, event};

const CONSUMER: &str = "tally";

statements! {
    COUNTS = "select call, received, published, withdrawn from tally where review = $1 order by call";
    ADD = "insert into tally (review, call, received, published, withdrawn) values ($1, $2, $3, $4, $5)
           on conflict (review, call) do update set received = tally.received + excluded.received,
             published = tally.published + excluded.published, withdrawn = tally.withdrawn + excluded.withdrawn";
    CLEAR = "delete from tally where review = $1";
}

/// Numbers of contributions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ever received, with those that were withdrawn later, without those that are set aside.
    pub received: i64,
    /// Open to everybody now.
    pub published: i64,
    /// Withdrawn.
    pub withdrawn: i64,
}

impl Counts {
    fn add(&mut self, happened: &Happened) {
        match happened {
            Happened::Received { .. } | Happened::TakenIn { .. } => self.received += 1,
            Happened::Published { .. } => self.published += 1,
            Happened::ReleaseChanged { closed: true, .. } => self.published -= 1,
            Happened::SetAside { was, .. } => {
                self.received -= 1;
                self.published -= i64::from(*was == State::Published);
            }
            Happened::Withdrawn { was, .. } => {
                self.withdrawn += 1;
                self.published -= i64::from(*was == State::Published);
            }
            _ => {}
        }
    }
}

/// Counts the next events; how many it read.
pub struct CountEvents {
    /// The review.
    pub review: ReviewId,
    /// The most at a time.
    pub limit: i64,
}

impl Command for CountEvents {
    type Output = usize;
    const NAME: &'static str = "count_events";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize> {
        let from = consumer::position(tx, self.review, CONSUMER).await?;
        let events = event::after(tx, self.review, from, self.limit).await?;
        let Some(last) = events.last() else { return Ok(0) };
        let mut counts: BTreeMap<&Slug, Counts> = BTreeMap::new();
        for event in &events {
            if let Some(call) = event.happened.call() {
                counts.entry(call).or_default().add(&event.happened);
            }
        }
        for (call, counts) in counts.into_iter().filter(|(_, counts)| *counts != Counts::default()) {
            let Counts { received, published, withdrawn } = counts;
            tx.execute(ADD, args![self.review, call, received, published, withdrawn]).await?;
        }
        consumer::advance(tx, self.review, CONSUMER, from, last.position).await?;
        Ok(events.len())
    }
}

/// Throws the sums away, to be counted again from the first event.
pub struct DropTally(pub ReviewId);

impl Command for DropTally {
    type Output = ();
    const NAME: &'static str = "drop_tally";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(CLEAR, args![self.0]).await?;
        consumer::forget(tx, self.0, CONSUMER).await
    }
}

impl Db {
    /// How far the counting has come.
    pub async fn counted(&self, review: ReviewId) -> Result<i64> {
        self.optional(consumer::POSITION, args![review, CONSUMER]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// The numbers of each call that has any.
    pub async fn tally(&self, review: ReviewId) -> Result<BTreeMap<Slug, Counts>> {
        let rows = self.all(COUNTS, args![review]).await?;
        let counts = |row: &crate::Row| {
            Ok((row.parse(0)?, Counts { received: row.get(1)?, published: row.get(2)?, withdrawn: row.get(3)? }))
        };
        rows.iter().map(counts).collect()
    }
}
