//! Fills a review as if people had written over some weeks and the team had read them: for demonstrations.

use domain::{
    Channel, Content, Contribution, ContributionId, Happened, Language, Line, ReceiptCode, Reference, Refused,
};
use domain::{Release, Slug, State};
use jiff::{SignedDuration, Timestamp};
use store::contribution::{ChangeAll, ChangeContribution, ImportContributions, NewContribution, Which};

use crate::{CurrentReview, Result, Service};

/// A contribution as it is to be told.
#[derive(Debug, Clone)]
pub struct Story {
    /// The call that it answers.
    pub call: Slug,
    /// How it came.
    pub channel: Channel,
    /// What was said, and by whom.
    pub content: Content,
    /// In what language.
    pub language: Language,
    /// What may be done with it.
    pub release: Release,
    /// When it came.
    pub received_at: Timestamp,
    /// When it was published, if it was.
    pub published_at: Option<Timestamp>,
    /// What was struck out of it before: question, passage, reason.
    pub redaction: Option<(Slug, String, Line)>,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
}

/// An act of the team or of an author.
type Act = Box<dyn Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + Send + Sync>;

impl Service {
    /// Tells the stories, in two transactions; the receipt codes, in their order.
    pub async fn tell(&self, review: &CurrentReview, stories: Vec<Story>) -> Result<Vec<ReceiptCode>> {
        let (mut arrivals, mut acts, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for story in stories {
            let code = ReceiptCode::draw(&*self.entropy);
            let arrival = self.arrival(review, &story, &code)?;
            acts.extend(self.acts(review, &arrival.contribution.reference, story));
            arrivals.push(arrival);
            codes.push(code);
        }
        self.db.write(ImportContributions(arrivals)).await?;
        for outcome in self.db.write(ChangeAll(acts)).await? {
            outcome.transpose()?;
        }
        self.catch_up().await?;
        Ok(codes)
    }

    fn arrival(&self, review: &CurrentReview, story: &Story, code: &ReceiptCode) -> Result<NewContribution> {
        let contribution = Contribution {
            id: ContributionId::new(story.received_at, &*self.entropy),
            reference: Reference::draw(&review.reference, &*self.entropy),
            call: story.call.clone(),
            version: review.version,
            channel: story.channel,
            release: story.release,
            state: State::Received,
            late: false,
            language: story.language.clone(),
            content: story.content.clone(),
            source: None,
            received_at: story.received_at,
            published_at: None,
        };
        let entry = self.arrival_of(&contribution, Some(code))?;
        let (review, receipt, event) = (review.id, Some(code.digest()), self.new_id());
        Ok(NewContribution { review, contribution, receipt, event, entry })
    }

    fn acts(&self, review: &CurrentReview, reference: &Reference, story: Story) -> Vec<ChangeContribution<Act>> {
        let mut acts: Vec<(Timestamp, Act)> = Vec::new();
        if let Some((question, passage, reason)) = story.redaction {
            let at = story.published_at.unwrap_or(story.received_at) - SignedDuration::from_mins(5);
            acts.push((at, Box::new(move |c| c.redact(&question, &passage, reason.clone(), at))));
        }
        if let Some(at) = story.published_at {
            acts.push((at, Box::new(move |c| c.publish(at))));
        }
        if let Some(at) = story.withdrawn_at {
            acts.push((at, Box::new(Contribution::withdraw)));
        }
        let change = |(now, act)| {
            let which = Which::Reference(reference.clone());
            ChangeContribution { review: review.id, which, act, event: self.new_id(), now }
        };
        acts.into_iter().map(change).collect()
    }
}
