//! What bodies say of models: that they will take them up. How to reach a body stands in a table of its own, which no
//! statement for readers touches.

use domain::take_up::{Kept, Said, TakeUp};
use domain::{ContributionId, Happened, Reference, ReviewId, Slug, TakeUpId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::{Db, Snapshot};
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    SAY = "insert into take_up (review, id, contribution, question, body, sentence, language, said_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (review, id) do nothing";
    SAY_CONTACT = "insert into take_up_contact (review, id, contact) values ($1, $2, $3)";
    SHOW = "update take_up set shown_at = $3 where review = $1 and id = $2 and shown_at is null";
    ONE = "select t.contribution, t.question, c.call, t.shown_at from take_up t
           join contribution c on c.review = t.review and c.id = t.contribution where t.review = $1 and t.id = $2";
    DELETE = "delete from take_up where review = $1 and id = $2";
    DELETE_CONTACT = "delete from take_up_contact where review = $1 and id = $2";
    SHOWN = "select body, sentence, language, shown_at from take_up
             where review = $1 and contribution = $2 and question = $3 and shown_at is not null
             order by shown_at, id limit 200";
    EVERY_KEPT = "select t.id, t.contribution, t.question, t.body, t.sentence, t.language, c.contact, t.said_at, t.shown_at,
               k.reference
             from take_up t join take_up_contact c on c.review = t.review and c.id = t.id
             join contribution k on k.review = t.review and k.id = t.contribution
             where t.review = $1 order by t.said_at, t.id limit 1000";
    EVERY_SHOWN = "select k.reference, k.call, t.question, t.body, t.sentence, t.language, t.shown_at
             from take_up t join contribution k on k.review = t.review and k.id = t.contribution
             where t.review = $1 and t.shown_at is not null and k.published_at is not null
             order by k.reference, t.question, t.shown_at, t.id";
}

/// Keeps what somebody said, for the team to look at. A form that is sent twice is kept once.
pub struct SayTakeUp {
    /// The review.
    pub review: ReviewId,
    /// What the form calls itself.
    pub id: TakeUpId,
    /// The contribution.
    pub contribution: ContributionId,
    /// The question that the model answers.
    pub question: Slug,
    /// What was said.
    pub said: Said,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for SayTakeUp {
    type Output = ();
    const NAME: &'static str = "say_take_up";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let TakeUp { body, sentence, language } = &self.said.take_up;
        let values = args![
            self.review,
            self.id.0,
            self.contribution,
            &self.question,
            body.as_str(),
            sentence.clone(),
            language.as_str(),
            self.now.as_microsecond(),
        ];
        if tx.execute(SAY, values).await? == 1 {
            tx.execute(SAY_CONTACT, args![self.review, self.id.0, self.said.contact.as_str()]).await?;
        }
        Ok(())
    }
}

/// What the team does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everybody may read it.
    Show,
    /// It goes, with how to reach the body.
    Refuse,
}

/// Lets it through or refuses it; `false` if there is no such thing, or it was let through before.
pub struct DecideTakeUp {
    /// The review.
    pub review: ReviewId,
    /// Which.
    pub id: TakeUpId,
    /// What is to become of it.
    pub verdict: Verdict,
    /// The id of the event.
    pub event: Uuid,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for DecideTakeUp {
    type Output = bool;
    const NAME: &'static str = "decide_take_up";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let key = || args![self.review, self.id.0];
        let Some(row) = tx.optional(ONE, key()).await? else { return Ok(false) };
        let (contribution, question, call) = (ContributionId(row.get(0)?), row.parse(1)?, row.parse(2)?);
        let shown = row.get::<Option<i64>>(3)?.is_some();
        let happened = match self.verdict {
            Verdict::Show => {
                if tx.execute(SHOW, args![self.review, self.id.0, self.now.as_microsecond()]).await? == 0 {
                    return Ok(false);
                }
                Some(Happened::TakenUp { call, question })
            }
            Verdict::Refuse => {
                tx.execute(DELETE_CONTACT, key()).await?;
                tx.execute(DELETE, key()).await?;
                // What nobody has seen did not happen.
                shown.then_some(Happened::TakeUpEnded { call, question })
            }
        };
        if let Some(happened) = happened {
            let event = NewEvent { id: self.event, happened, contribution: Some(contribution), at: self.now };
            event::append(tx, self.review, &event).await?;
        }
        Ok(true)
    }
}

/// What is read of it by everybody: what was said, and since when.
pub type Shown = (TakeUp, Timestamp);

fn take_up(row: &Row, first: usize) -> Result<TakeUp> {
    Ok(TakeUp { body: row.parse(first)?, sentence: row.get(first + 1)?, language: row.parse(first + 2)? })
}

impl Db {
    /// What the team has let through about one model, the oldest first, at most 200.
    pub async fn take_ups(
        &self,
        review: ReviewId,
        contribution: ContributionId,
        question: &Slug,
    ) -> Result<Vec<Shown>> {
        let rows = self.all(SHOWN, args![review, contribution, question]).await?;
        rows.iter().map(|row| Ok((take_up(row, 0)?, row.moment(3)?))).collect()
    }

    /// Everything that was said, for the team: with how to reach whoever said it, and the reference of the contribution.
    pub async fn kept_take_ups(&self, review: ReviewId) -> Result<Vec<(Kept, Reference)>> {
        let kept = |row: &Row| {
            let said = Said { take_up: take_up(row, 3)?, contact: row.parse(6)? };
            let kept = Kept {
                id: TakeUpId(row.get(0)?),
                contribution: ContributionId(row.get(1)?),
                question: row.parse(2)?,
                said,
                said_at: row.moment(7)?,
                shown_at: row.get::<Option<i64>>(8)?.map(crate::row::moment).transpose()?,
            };
            Ok((kept, row.parse(9)?))
        };
        self.all(EVERY_KEPT, args![review]).await?.iter().map(kept).collect()
    }
}

/// What was let through about a model, with where the model stands.
pub struct ShownTakeUp {
    /// The reference of the contribution.
    pub reference: Reference,
    /// The call that it answers.
    pub call: Slug,
    /// The question that the model answers.
    pub question: Slug,
    /// What was said.
    pub take_up: TakeUp,
    /// Since when it is shown.
    pub shown_at: Timestamp,
}

impl Snapshot {
    /// Everything that was let through about models that are published, one at a time.
    pub async fn each_take_up<E: From<Error>>(
        &mut self,
        review: ReviewId,
        mut visit: impl FnMut(ShownTakeUp) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let each = |row: Row| {
            visit(ShownTakeUp {
                reference: row.parse(0)?,
                call: row.parse(1)?,
                question: row.parse(2)?,
                take_up: take_up(&row, 3)?,
                shown_at: row.moment(6)?,
            })
        };
        self.tx().each(EVERY_SHOWN, args![review], each).await
    }
}
