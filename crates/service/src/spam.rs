//! What a machine may have sent: the team looks at it, takes the signs off, sets it aside, or takes it in again.

use domain::{Contribution, Happened, Reference, Refused};
use jiff::Timestamp;
use store::contribution::{ChangeAll, ChangeContribution, Which};
use store::sign::ClearSigns;
pub use store::sign::Signed;

use crate::{CurrentReview, Error, Result, Service};

/// How many contributions are changed in one transaction.
const BATCH: usize = 200;

/// What became of contributions.
#[derive(Debug, Default)]
pub struct Changed {
    /// How many were changed.
    pub done: usize,
    /// Which could not be, and why.
    pub refused: Vec<(Reference, Error)>,
}

impl Service {
    /// The contributions with a sign that came in that time, in the order in which they came.
    pub async fn signed(&self, review: &CurrentReview, from: Timestamp, until: Timestamp) -> Result<Vec<Signed>> {
        Ok(self.db.signed(review.id, from, until).await?)
    }

    /// The references of everything that is set aside.
    pub async fn all_set_aside(&self, review: &CurrentReview) -> Result<Vec<Reference>> {
        Ok(self.db.set_aside(review.id).await?)
    }

    /// Takes the signs off: the team has looked, and it is like any other. How many had one.
    pub async fn clear_signs(&self, review: &CurrentReview, references: &[Reference]) -> Result<usize> {
        let mut cleared = 0;
        for batch in references.chunks(BATCH) {
            cleared += self.db.write(ClearSigns { review: review.id, references: batch.to_vec() }).await?;
        }
        Ok(cleared)
    }

    /// Sets contributions aside: they are closed to readers and not counted, and nothing of them is lost.
    pub async fn set_aside(&self, review: &CurrentReview, references: &[Reference]) -> Result<Changed> {
        self.change_all(review, references, Contribution::set_aside).await
    }

    /// Takes contributions in again that were set aside. They wait to be read, without any sign.
    pub async fn take_in(&self, review: &CurrentReview, references: &[Reference]) -> Result<Changed> {
        let changed = self.change_all(review, references, Contribution::take_in).await?;
        self.clear_signs(review, references).await?;
        Ok(changed)
    }

    async fn change_all(
        &self,
        review: &CurrentReview,
        references: &[Reference],
        act: fn(&mut Contribution) -> Result<Happened, Refused>,
    ) -> Result<Changed> {
        let mut changed = Changed::default();
        for batch in references.chunks(BATCH) {
            let change = |reference: &Reference| ChangeContribution {
                review: review.id,
                which: Which::Reference(reference.clone()),
                act,
                event: self.new_id(),
                now: self.now(),
            };
            let outcomes = self.db.write(ChangeAll(batch.iter().map(change).collect())).await?;
            for (reference, outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    Some(Ok(())) => changed.done += 1,
                    Some(Err(refused)) => changed.refused.push((reference.clone(), refused.into())),
                    None => changed.refused.push((reference.clone(), Error::NotFound)),
                }
            }
        }
        Ok(changed)
    }
}
