//! Opening contributions to readers, and striking out what must not be read.

use domain::{Contribution, Happened, Line, Reference, Refused, Slug};
use jiff::{SignedDuration, Timestamp};
use store::contribution::{ChangeAll, ChangeContribution, Which};

use crate::{CurrentReview, Error, Result, Service};

/// How many contributions are published in one transaction.
const BATCH: usize = 200;

/// What became of each contribution that was to be published.
#[derive(Debug, Default)]
pub struct Publication {
    /// How many are open to everybody now.
    pub published: usize,
    /// Which could not be, and why.
    pub refused: Vec<(Reference, Error)>,
}

impl Service {
    /// The references of everything that waits to be published and may be, the oldest first.
    pub async fn waiting(&self, review: &CurrentReview, call: Option<&Slug>) -> Result<Vec<Reference>> {
        Ok(self.db.waiting(review.id, call).await?)
    }

    /// Opens contributions to everybody, batch by batch; `progress` hears how many are done, and stops it by `false`.
    /// What was published before it stopped stays published. With a reason to publish them `without_files`, those are struck out.
    pub async fn publish(
        &self,
        review: &CurrentReview,
        references: &[Reference],
        without_files: Option<&Line>,
        mut progress: impl FnMut(usize) -> bool,
    ) -> Result<Publication> {
        let mut publication = Publication::default();
        for (number, batch) in references.chunks(BATCH).enumerate() {
            if !progress(number * BATCH) {
                return Ok(publication);
            }
            let now = self.now();
            let command = ChangeAll(
                batch.iter().zip(0..).map(|(r, place)| self.publishing(review, r, without_files, now, place)).collect(),
            );
            let outcomes = self.db.write(command).await?;
            for (reference, outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    Some(Ok(())) => publication.published += 1,
                    Some(Err(refused)) => publication.refused.push((reference.clone(), refused.into())),
                    None => publication.refused.push((reference.clone(), Error::NotFound)),
                }
            }
        }
        progress(references.len());
        Ok(publication)
    }

    /// A microsecond lies between two of a batch, so that each has its own place in a list by date.
    fn publishing(
        &self,
        review: &CurrentReview,
        reference: &Reference,
        without_files: Option<&Line>,
        now: Timestamp,
        place: i64,
    ) -> ChangeContribution<impl Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + use<>> {
        let at = now + SignedDuration::from_micros(place);
        let which = Which::Reference(reference.clone());
        let without_files = without_files.cloned();
        let act = move |contribution: &mut Contribution| match &without_files {
            Some(reason) => contribution.publish_without_files(reason, at),
            None => contribution.publish(at),
        };
        ChangeContribution { review: review.id, which, act, event: self.new_id(), now: at }
    }

    /// Opens the files of a published contribution that were held back when it was published.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such contribution; [`Error::Refused`] if it is not published, or no file was held back.
    pub async fn publish_files(&self, review: &CurrentReview, reference: &Reference) -> Result<()> {
        let given = self.db.contribution(review.id, reference).await?.ok_or(Error::NotFound)?;
        let history = self.db.history(review.id, given.id).await?;
        let published = history.iter().filter(|event| matches!(event.happened, Happened::Published { .. }));
        let moments: Vec<Timestamp> = published.map(|event| event.at).collect();
        let now = self.now();
        let act = move |contribution: &mut Contribution| contribution.publish_files(&moments);
        let which = Which::Reference(reference.clone());
        let command = ChangeContribution { review: review.id, which, act, event: self.new_id(), now };
        Ok(self.db.write(command).await?.ok_or(Error::NotFound)??)
    }

    /// Strikes out a passage of an answer, which must stand there exactly once.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such contribution; [`Error::Refused`] if the passage is not there, or stands
    /// there several times.
    pub async fn redact(
        &self,
        review: &CurrentReview,
        reference: &Reference,
        question: &Slug,
        passage: &str,
        reason: &Line,
    ) -> Result<()> {
        let now = self.now();
        let (question, passage, reason) = (question.clone(), passage.to_owned(), reason.clone());
        let act = move |contribution: &mut Contribution| contribution.redact(&question, &passage, reason.clone(), now);
        let which = Which::Reference(reference.clone());
        let command = ChangeContribution { review: review.id, which, act, event: self.new_id(), now };
        Ok(self.db.write(command).await?.ok_or(Error::NotFound)??)
    }

    /// Strikes out a whole file of an answer, by its name or its number.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such contribution; [`Error::Refused`] if it has no such file, or several.
    pub async fn redact_file(
        &self,
        review: &CurrentReview,
        reference: &Reference,
        question: &Slug,
        file: &str,
        reason: &Line,
    ) -> Result<()> {
        let now = self.now();
        let (question, file, reason) = (question.clone(), file.to_owned(), reason.clone());
        let act =
            move |contribution: &mut Contribution| contribution.redact_file(&question, &file, reason.clone(), now);
        let which = Which::Reference(reference.clone());
        let command = ChangeContribution { review: review.id, which, act, event: self.new_id(), now };
        Ok(self.db.write(command).await?.ok_or(Error::NotFound)??)
    }
}
