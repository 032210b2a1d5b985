//! What people said about themselves, apart from their evidence. It is counted, never shown, and erased with the evidence.

use domain::{AboutYou, ContributionId, ReviewId};

use crate::db::Snapshot;
use crate::error::{Error, Result};
use crate::row::args;
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    KEEP = "insert into about_you (review, contribution, answers) values ($1, $2, $3)
            on conflict (review, contribution) do update set answers = excluded.answers";
    ERASE = "delete from about_you where review = $1 and contribution = $2";
    // In an order that says nothing of whose they are.
    EVERY = "select answers from about_you where review = $1 order by answers";
}

pub(crate) async fn keep(tx: &mut Tx<'_>, review: ReviewId, of: ContributionId, said: &AboutYou) -> Result<()> {
    tx.execute(KEEP, args![review, of, serde_json::to_string(said)?]).await.map(drop)
}

pub(crate) async fn erase(tx: &mut Tx<'_>, review: ReviewId, of: ContributionId) -> Result<()> {
    tx.execute(ERASE, args![review, of]).await.map(drop)
}

impl Snapshot {
    /// What everybody said about themselves, one person at a time, without saying who.
    pub async fn each_about_you<E: From<Error>>(
        &mut self,
        review: ReviewId,
        mut visit: impl FnMut(AboutYou) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.tx().each(EVERY, args![review], |row| visit(row.json(0)?)).await
    }
}
