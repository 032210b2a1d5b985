//! What stands before and after a contribution in the list of all that is published.

use domain::{Reference, ReviewId};

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
}

impl Db {
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
