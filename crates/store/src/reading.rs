//! What stands before and after a contribution in the list of all that is published.

use domain::{Reference, ReviewId, Slug};
use jiff::Timestamp;

use crate::db::Db;
use crate::error::Result;
use crate::row::args;
use crate::sql::statements;

statements! {
    NEWER = "select reference from contribution
             where review = $1 and published_at is not null and (published_at, reference) > ($2, $3)
             order by published_at, reference limit 1";
    OLDER = "select reference from contribution
             where review = $1 and published_at is not null and (published_at, reference) < ($2, $3)
             order by published_at desc, reference desc limit 1";
    NEWEST = "select reference, published_at, call from contribution where review = $1 and published_at is not null
              order by published_at desc, reference desc limit $2";
}

impl Db {
    /// The references of the contributions that were published last, with the moment and the call of each, the newest first.
    pub async fn newest_references(&self, review: ReviewId, limit: i64) -> Result<Vec<(Reference, Timestamp, Slug)>> {
        let rows = self.all(NEWEST, args![review, limit]).await?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.moment(1)?, row.parse(2)?))).collect()
    }

    /// What was published next after, and next before, the contribution that was published at that moment, in
    /// microseconds, with that reference.
    pub async fn beside(
        &self,
        review: ReviewId,
        moment: i64,
        reference: &Reference,
    ) -> Result<(Option<Reference>, Option<Reference>)> {
        let values = || args![review, moment, reference.as_str()];
        let newer = self.optional(NEWER, values()).await?.map(|row| row.parse(0)).transpose()?;
        let older = self.optional(OLDER, values()).await?.map(|row| row.parse(0)).transpose()?;
        Ok((newer, older))
    }
}
