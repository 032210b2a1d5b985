//! Models, and the bodies that say that they will take them up.

use domain::take_up::{Kept, Said};
use domain::{Contribution, Example, Publishable, Reference, Slug, TakeUpId};
use store::take_up::{DecideTakeUp, SayTakeUp};
pub use store::take_up::{Shown, Verdict};

use crate::{CurrentReview, Error, Result, Service};

/// A model as everybody may read it.
#[derive(Debug)]
pub struct Model {
    /// The contribution that it stands in.
    pub contribution: Publishable<Contribution>,
    /// The question that it answers.
    pub question: Slug,
    /// Who will take it up, as far as the team has let it through.
    pub taken_up: Vec<Shown>,
}

impl Model {
    /// The example itself.
    pub fn example(&self) -> Option<&Example> {
        model(&self.contribution, &self.question)
    }
}

fn model<'a>(contribution: &'a Publishable<Contribution>, question: &Slug) -> Option<&'a Example> {
    let mut examples = contribution.examples_by_question();
    examples.find(|(id, example)| *id == question && example.model).map(|(_, example)| example)
}

impl Service {
    /// A model.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such contribution, or that answer is no model; [`Error::Gone`] if its author has
    /// withdrawn it.
    pub async fn model(&self, review: &CurrentReview, reference: &Reference, question: &Slug) -> Result<Model> {
        let contribution = self.published(review, reference).await?;
        model(&contribution, question).ok_or(Error::NotFound)?;
        let taken_up = self.db.take_ups(review.id, contribution.id, question).await?;
        Ok(Model { contribution, question: question.clone(), taken_up })
    }

    /// The id that a form carries, so that it is kept once however often it is sent; a new one if it carries none.
    pub fn take_up_id(&self, carried: Option<&str>) -> TakeUpId {
        if let Some(id) = carried.and_then(|text| uuid::Uuid::try_parse(text).ok()) {
            return TakeUpId(id);
        }
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        TakeUpId(uuid::Builder::from_random_bytes(random).into_uuid())
    }

    /// Keeps what a body says of a model, for the team to look at.
    pub async fn say_take_up(&self, review: &CurrentReview, model: &Model, id: TakeUpId, said: Said) -> Result<()> {
        let (contribution, question) = (model.contribution.id, model.question.clone());
        let now = self.now();
        Ok(self.db.write(SayTakeUp { review: review.id, id, contribution, question, said, now }).await?)
    }

    /// Everything that was said, for the team.
    pub async fn kept_take_ups(&self, review: &CurrentReview) -> Result<Vec<(Kept, Reference)>> {
        Ok(self.db.kept_take_ups(review.id).await?)
    }

    /// Lets it through to readers, or refuses and forgets it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such thing, or it was let through before.
    pub async fn decide_take_up(&self, review: &CurrentReview, id: TakeUpId, verdict: Verdict) -> Result<()> {
        let command = DecideTakeUp { review: review.id, id, verdict, event: self.new_id(), now: self.now() };
        if self.db.write(command).await? { Ok(()) } else { Err(Error::NotFound) }
    }
}
