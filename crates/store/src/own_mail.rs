//! Mail that whoever holds a draft or a receipt sends to themselves: a few a day for each, so that nobody can be pestered
//! by way of it. The address stands in the queue of mail alone, and goes from there.

use domain::ReviewId;
use uuid::Uuid;

use crate::command::Command;
use crate::error::Result;
use crate::mail::{NewMail, enqueue};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    FORGET = "delete from own_mail where review = $1 and day < $2";
    COUNT = "insert into own_mail (review, evidence, day, times) values ($1, $2, $3, 1)
             on conflict (review, evidence) do update set times = own_mail.times + 1 where own_mail.times < $4";
}

/// Enqueues mail about a draft or contribution, unless there were enough today.
pub struct SendOwnMail {
    /// The draft or contribution.
    pub evidence: Uuid,
    /// The day, as a number that counts up.
    pub day: i64,
    /// The most a day.
    pub most: i64,
    /// The mail.
    pub mail: NewMail,
}

impl SendOwnMail {
    const fn review(&self) -> ReviewId {
        self.mail.review
    }
}

impl Command for SendOwnMail {
    /// `false` if there were enough today.
    type Output = bool;
    const NAME: &'static str = "send_own_mail";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        tx.execute(FORGET, args![self.review(), self.day]).await?;
        if tx.execute(COUNT, args![self.review(), self.evidence, self.day, self.most]).await? == 0 {
            return Ok(false);
        }
        enqueue(tx, &self.mail).await?;
        Ok(true)
    }
}
