//! Giving evidence, page by page: everything is saved at each Continue.

use domain::{Call, CallStatus, Channel, Content, Contribution, ContributionId, Draft, DraftId, DraftPart, Language};
use domain::{ReceiptCode, Reference, Release, State};
use store::contribution::{NewContribution, SendDraft};
use store::draft::{DeleteDraft, DraftKey, SaveDraft, StartDraft, StoredDraft};

use crate::{CurrentReview, Error, Result, Service, SessionSecret};

/// How often a reference is drawn anew when the one drawn is taken.
const DRAWS: usize = 5;

impl Service {
    /// Begins a draft, or finds the one that this session has begun already.
    ///
    /// # Errors
    /// [`Error::NotOpen`] if the call takes no evidence now.
    pub async fn start_draft(
        &self,
        review: &CurrentReview,
        call: &Call,
        session: Option<&SessionSecret>,
        language: &Language,
    ) -> Result<(SessionSecret, Draft)> {
        self.taking_evidence(review, call)?;
        let secret = session.cloned().unwrap_or_else(|| SessionSecret::draw(&*self.entropy));
        let now = self.now();
        let id = DraftId::new(now, &*self.entropy);
        let (language, expires_at) = (language.clone(), self.draft_expiry());
        let command = StartDraft { key: key(review, call, &secret), id, language, now, expires_at };
        Ok((secret, self.db.write(command).await?))
    }

    /// The draft that this session has begun.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is none, or it has expired.
    pub async fn draft(&self, review: &CurrentReview, call: &Call, session: &SessionSecret) -> Result<Draft> {
        let stored = self.db.draft(&key(review, call, session), self.now()).await?;
        Ok(stored.ok_or(Error::NoDraft)?.draft)
    }

    /// Saves one part. Parts saved at the same time from two windows do not overwrite each other.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is none, or it has expired.
    pub async fn save_draft(
        &self,
        review: &CurrentReview,
        call: &Call,
        session: &SessionSecret,
        language: &Language,
        part: DraftPart,
    ) -> Result<()> {
        let (language, now, expires_at) = (language.clone(), self.now(), self.draft_expiry());
        let command = SaveDraft { key: key(review, call, session), part, language, now, expires_at };
        if self.db.write(command).await? { Ok(()) } else { Err(Error::NoDraft) }
    }

    /// Deletes the draft, and everything in it.
    pub async fn delete_draft(&self, review: &CurrentReview, call: &Call, session: &SessionSecret) -> Result<()> {
        Ok(self.db.write(DeleteDraft(key(review, call, session))).await?)
    }

    /// Sends the draft: it becomes a contribution, and this session may see its receipt ([`Service::receipt`]).
    /// Sending it twice makes one contribution and gives the same receipt.
    ///
    /// # Errors
    /// [`Error::Incomplete`] if something is missing, [`Error::NotOpen`] if the call has closed, [`Error::NoDraft`] if
    /// there is nothing to send.
    pub async fn send_draft(&self, review: &CurrentReview, call: &Call, session: &SessionSecret) -> Result<()> {
        let key = key(review, call, session);
        for _ in 0..DRAWS {
            let Some(stored) = self.db.draft(&key, self.now()).await? else {
                return self.was_sent(review, call, session).await;
            };
            let status = self.taking_evidence(review, call)?;
            let gaps = stored.draft.content.gaps(call);
            if !gaps.is_empty() {
                return Err(Error::Incomplete(gaps));
            }
            let command = self.sending(review, call, session, stored, status == CallStatus::Late);
            match self.db.write(command).await {
                Ok(true) => return Ok(()),
                // Sent, or saved again, from another window in between: look again. Or the reference is taken.
                Ok(false) | Err(store::Error::Duplicate(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Unavailable("it could not be sent just now".to_owned()))
    }

    /// Whether the draft that is not there any more is the one whose receipt this session has.
    async fn was_sent(&self, review: &CurrentReview, call: &Call, session: &SessionSecret) -> Result<()> {
        match self.receipt(review, session).await {
            Ok(receipt) if receipt.code.is_some() && receipt.contribution.call == call.id => Ok(()),
            Ok(_) | Err(Error::NoReceipt) => Err(Error::NoDraft),
            Err(error) => Err(error),
        }
    }

    fn sending(
        &self,
        review: &CurrentReview,
        call: &Call,
        session: &SessionSecret,
        stored: StoredDraft,
        late: bool,
    ) -> SendDraft {
        let StoredDraft { draft, revision } = stored;
        let now = self.now();
        let code = ReceiptCode::from_secret(&session.for_draft(draft.id));
        let mut answers = draft.content.answers;
        // What was answered before another answer made it unasked stays in the draft, and is not sent.
        let asked = call.asked(&answers);
        answers.retain(|id, _| asked.iter().any(|question| question.id == *id));
        let contribution = Contribution {
            id: ContributionId::new(now, &*self.entropy),
            reference: Reference::draw(&review.reference, &*self.entropy),
            call: call.id.clone(),
            version: review.version,
            channel: Channel::Web,
            release: draft.content.release.unwrap_or(Release::UseOnly),
            state: State::Received,
            late,
            language: draft.content.language.unwrap_or_else(|| review.main_language().clone()),
            content: Content { respondent: draft.content.respondent, answers, redactions: vec![] },
            source: None,
            received_at: now,
            published_at: None,
        };
        SendDraft {
            draft: draft.id,
            revision,
            session: session.digest(),
            expires_at: self.draft_expiry(),
            contribution: NewContribution {
                review: review.id,
                contribution,
                receipt: Some(code.digest()),
                event: self.new_id(),
            },
        }
    }

    fn taking_evidence(&self, review: &CurrentReview, call: &Call) -> Result<CallStatus> {
        let status = call.status(self.now(), &review.timezone);
        if status.takes_evidence() { Ok(status) } else { Err(Error::NotOpen(status)) }
    }
}

fn key(review: &CurrentReview, call: &Call, session: &SessionSecret) -> DraftKey {
    DraftKey { review: review.id, call: call.id.clone(), session: session.digest() }
}
