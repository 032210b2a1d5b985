//! Signs that a machine may have sent a contribution, and what the team makes of them.

use domain::{ContributionId, Reference, ReviewId, Sign, Slug, State};
use jiff::Timestamp;

use crate::command::Command;
use crate::db::Db;
use crate::error::Result;
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    KEEP = "insert into sign (review, contribution, sign) values ($1, $2, $3) on conflict (review, contribution, sign) do nothing";
    CLEAR = "delete from sign where review = $1 and contribution = $2";
    CLEAR_BY_REFERENCE = "delete from sign where review = $1 and contribution in
                            (select id from contribution where review = $1 and reference = $2)";
    // One row for each sign, those of one contribution beside each other.
    SIGNED = "select c.reference, c.call, c.state, c.received_at, s.sign
              from sign s join contribution c on c.review = s.review and c.id = s.contribution
              where s.review = $1 and c.received_at >= $2 and c.received_at < $3
              order by c.received_at, c.reference, s.sign";
    SET_ASIDE = "select reference from contribution where review = $1 and state = 'set-aside' order by reference";
}

/// A contribution that a machine may have sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Which.
    pub reference: Reference,
    /// The call that it answers.
    pub call: Slug,
    /// Where it stands.
    pub state: State,
    /// When it came.
    pub received_at: Timestamp,
    /// What speaks for a machine.
    pub signs: Vec<Sign>,
}

pub(crate) async fn keep(tx: &mut Tx<'_>, review: ReviewId, of: ContributionId, sign: Sign) -> Result<()> {
    tx.execute(KEEP, args![review, of, sign.as_str()]).await.map(drop)
}

pub(crate) async fn clear(tx: &mut Tx<'_>, review: ReviewId, of: ContributionId) -> Result<()> {
    tx.execute(CLEAR, args![review, of]).await.map(drop)
}

/// Takes the signs off contributions that the team has looked at; how many had one.
pub struct ClearSigns {
    /// The review.
    pub review: ReviewId,
    /// Which contributions.
    pub references: Vec<Reference>,
}

impl Command for ClearSigns {
    type Output = usize;
    const NAME: &'static str = "clear_signs";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize> {
        let mut cleared = 0;
        for reference in &self.references {
            let gone = tx.execute(CLEAR_BY_REFERENCE, args![self.review, reference.as_str()]).await?;
            cleared += usize::from(gone > 0);
        }
        Ok(cleared)
    }
}

impl Db {
    /// The contributions with a sign that came in that time, in the order in which they came.
    pub async fn signed(&self, review: ReviewId, from: Timestamp, until: Timestamp) -> Result<Vec<Signed>> {
        let mut found: Vec<Signed> = Vec::new();
        for row in self.all(SIGNED, args![review, from.as_microsecond(), until.as_microsecond()]).await? {
            let next = signed(&row)?;
            match found.last_mut() {
                Some(last) if last.reference == next.reference => last.signs.extend(next.signs),
                _ => found.push(next),
            }
        }
        Ok(found)
    }

    /// The references of everything that is set aside.
    pub async fn set_aside(&self, review: ReviewId) -> Result<Vec<Reference>> {
        self.all(SET_ASIDE, args![review]).await?.iter().map(|row| row.parse(0)).collect()
    }
}

fn signed(row: &Row) -> Result<Signed> {
    Ok(Signed {
        reference: row.parse(0)?,
        call: row.parse(1)?,
        state: row.parse(2)?,
        received_at: row.moment(3)?,
        signs: vec![row.parse(4)?],
    })
}
