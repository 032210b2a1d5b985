//! Giving evidence, page by page: everything is saved at each Continue.

use domain::{
    AboutYou, Call, CallStatus, Channel, Content, Contribution, ContributionId, Draft, DraftContent, DraftId, DraftPart,
};
use domain::{Helper, Language, ReceiptCode, Reference, Release, Sign, State};
use jiff::SignedDuration;
use store::contribution::{NewContribution, SendDraft};
use store::draft::{DeleteDraft, DraftKey, GiveCode, SaveDraft, Saved, StartDraft, StoredDraft};

use crate::flood::Ticket;
use crate::{CurrentReview, Error, Result, Service, SessionSecret};

/// How often a reference is drawn anew when the one drawn is taken.
const DRAWS: usize = 5;
/// Nobody reads a page, answers, and sends in less time than this.
const QUICK: SignedDuration = SignedDuration::from_secs(5);

/// Whose evidence a request is about.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The session.
    pub session: &'a SessionSecret,
    /// Which of its drafts to the call, where the page says so; otherwise the one that it has in hand.
    pub draft: Option<DraftId>,
}

/// What the form that sends something says besides.
#[derive(Debug, Default)]
pub struct Sending<'a> {
    /// What people said about themselves, to be kept apart.
    pub about_you: Option<AboutYou>,
    /// Whether the field was filled in that people cannot see.
    pub trapped: bool,
    /// The ticket of somebody who was asked for patience before.
    pub ticket: Option<&'a str>,
    /// What their device worked out for it.
    pub proof: Option<&'a str>,
}

impl<'a> From<&'a SessionSecret> for Writer<'a> {
    fn from(session: &'a SessionSecret) -> Self {
        Self { session, draft: None }
    }
}

impl Service {
    /// Begins a draft, or finds the one that this session has begun already. For somebody who is helped, a new one is begun
    /// in any case: those of other people stay as they are, and their codes lead back to them.
    ///
    /// # Errors
    /// [`Error::NotOpen`] if the call takes no evidence now.
    pub async fn start_draft(
        &self,
        review: &CurrentReview,
        call: &Call,
        session: Option<&SessionSecret>,
        language: &Language,
        helper: Option<Helper>,
    ) -> Result<(SessionSecret, Draft)> {
        self.taking_evidence(review, call)?;
        let secret = session.cloned().unwrap_or_else(|| SessionSecret::draw(&*self.entropy));
        let now = self.now();
        let id = DraftId::new(now, &*self.entropy);
        let code = ReceiptCode::draw(&*self.entropy);
        let command = StartDraft {
            key: key(review, call, (&secret).into()),
            id,
            code: code.digest(),
            sealed: secret.seal(id.0, &code),
            another: helper.is_some(),
            content: DraftContent { language: Some(language.clone()), helper, ..DraftContent::default() },
            now,
            expires_at: self.draft_expiry(),
        };
        Ok((secret, self.db.write(command).await?))
    }

    /// The draft that this session has begun.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is none, or it has expired.
    pub async fn draft(&self, review: &CurrentReview, call: &Call, writer: Writer<'_>) -> Result<Draft> {
        Ok(self.stored(review, call, writer).await?.draft)
    }

    /// The code that leads back to the draft, on any device, and to the receipt once it is sent.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is none, or it has expired.
    pub async fn draft_code(&self, review: &CurrentReview, call: &Call, writer: Writer<'_>) -> Result<ReceiptCode> {
        for _ in 0..DRAWS {
            let stored = self.stored(review, call, writer).await?;
            if let Some(sealed) = stored.sealed {
                return Ok(writer.session.open(stored.draft.id.0, sealed));
            }
            self.give_code(review, writer, &stored).await?;
        }
        Err(Error::Unavailable("it could not be given a code just now".to_owned()))
    }

    /// Gives a code to a draft that was begun before drafts had one.
    async fn give_code(&self, review: &CurrentReview, writer: Writer<'_>, stored: &StoredDraft) -> Result<()> {
        let code = ReceiptCode::draw(&*self.entropy);
        let command = GiveCode {
            review: review.id,
            draft: stored.draft.id,
            code: code.digest(),
            session: writer.session.digest(),
            sealed: writer.session.seal(stored.draft.id.0, &code),
            now: self.now(),
        };
        self.db.write(command).await?;
        Ok(())
    }

    /// Saves one part. Parts saved at the same time from two windows do not overwrite each other; nor does the same part,
    /// where the page says by `seen` ([`DraftContent::mark`]) what stood there when it was made.
    ///
    /// # Errors
    /// [`Error::NoDraft`] if there is none, or it has expired; [`Error::ChangedSince`] if another window was quicker.
    pub async fn save_draft(
        &self,
        review: &CurrentReview,
        call: &Call,
        writer: Writer<'_>,
        language: &Language,
        part: DraftPart,
        seen: Option<String>,
    ) -> Result<()> {
        let (language, now, expires_at) = (language.clone(), self.now(), self.draft_expiry());
        let command = SaveDraft { key: key(review, call, writer), part, seen, language, now, expires_at };
        match self.db.write(command).await? {
            Saved::Yes => Ok(()),
            Saved::ChangedSince => Err(Error::ChangedSince),
            Saved::Full => Err(Error::Full),
            Saved::NoDraft => Err(Error::NoDraft),
        }
    }

    async fn stored(&self, review: &CurrentReview, call: &Call, writer: Writer<'_>) -> Result<StoredDraft> {
        self.db.draft(&key(review, call, writer), self.now()).await?.ok_or(Error::NoDraft)
    }

    /// Deletes the draft, and everything in it.
    pub async fn delete_draft(&self, review: &CurrentReview, call: &Call, writer: Writer<'_>) -> Result<()> {
        Ok(self.db.write(DeleteDraft { key: key(review, call, writer), now: self.now() }).await?)
    }

    /// Sends the draft: it becomes a contribution, and this session may see its receipt ([`Service::receipt`]).
    /// Sending it twice makes one contribution and gives the same receipt. What people said about themselves is kept apart
    /// from it.
    ///
    /// # Errors
    /// [`Error::Incomplete`] if something is missing, [`Error::NotOpen`] if the call has closed, [`Error::NoDraft`] if
    /// there is nothing to send, [`Error::Flood`] if very many are sending: it is kept, and can be sent soon.
    pub async fn send_draft(
        &self,
        review: &CurrentReview,
        call: &Call,
        writer: Writer<'_>,
        sending: &Sending<'_>,
    ) -> Result<()> {
        let key = key(review, call, writer);
        let flooded = self.sent.count(self.now());
        for _ in 0..DRAWS {
            let Some(stored) = self.db.draft(&key, self.now()).await? else {
                return self.was_sent(review, call, writer).await;
            };
            let status = self.taking_evidence(review, call)?;
            let gaps = stored.draft.content.gaps(call);
            if !gaps.is_empty() {
                return Err(Error::Incomplete(gaps));
            }
            let Some(code) = stored.code else {
                self.give_code(review, writer, &stored).await?;
                continue;
            };
            let signs = self.signs(writer, stored.draft.id, sending, flooded)?;
            let late = status == CallStatus::Late;
            let command = self.sending(review, call, writer, stored, late, code, sending.about_you.clone(), signs)?;
            match self.db.write(command).await {
                Ok(true) => return Ok(()),
                // Sent, or saved again, from another window in between: look again. Or the reference is taken.
                Ok(false) | Err(store::Error::Duplicate(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Unavailable("it could not be sent just now".to_owned()))
    }

    /// What speaks for a machine.
    ///
    /// # Errors
    /// [`Error::Flood`] for whoever has shown neither patience nor a proof while very many are sending.
    fn signs(&self, writer: Writer<'_>, draft: DraftId, sending: &Sending<'_>, flooded: bool) -> Result<Vec<Sign>> {
        let now = self.now();
        if flooded {
            let ticket = sending.ticket.and_then(|text| Ticket::read(writer.session, draft, text, now));
            if !ticket.as_ref().is_some_and(|ticket| ticket.lets_through(sending.proof, now)) {
                return Err(Error::Flood(ticket.unwrap_or_else(|| Ticket::write(writer.session, draft, now))));
            }
        }
        let quick = draft.begun_at().is_some_and(|begun| now.duration_since(begun) < QUICK);
        let signs = [(Sign::Trap, sending.trapped), (Sign::Quick, quick), (Sign::Flood, flooded)];
        Ok(signs.into_iter().filter_map(|(sign, seen)| seen.then_some(sign)).collect())
    }

    /// Whether the draft that is not there any more is the one whose receipt this session has.
    async fn was_sent(&self, review: &CurrentReview, call: &Call, writer: Writer<'_>) -> Result<()> {
        let held = self.db.held_receipts(writer.session.digest(), review.id, self.now()).await?;
        if let Some(draft) = writer.draft {
            let sent = held.iter().any(|receipt| receipt.evidence == draft.0);
            return if sent { Ok(()) } else { Err(Error::NoDraft) };
        }
        match self.receipt(review, writer.session, None).await {
            Ok(receipt) if receipt.code.is_some() && receipt.contribution.call == call.id => Ok(()),
            Ok(_) | Err(Error::NoReceipt) => Err(Error::NoDraft),
            Err(error) => Err(error),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "everything that is known when something is sent, once")]
    fn sending(
        &self,
        review: &CurrentReview,
        call: &Call,
        writer: Writer<'_>,
        stored: StoredDraft,
        late: bool,
        code: [u8; 32],
        about_you: Option<AboutYou>,
        signs: Vec<Sign>,
    ) -> Result<SendDraft> {
        let StoredDraft { draft, revision, sealed, .. } = stored;
        let words = sealed.map(|sealed| writer.session.open(draft.id.0, sealed));
        let now = self.now();
        let DraftContent { language, respondent, mut answers, release, helper, also, .. } = draft.content;
        // What was answered before another answer made it unasked stays in the draft, and is not sent.
        let asked = call.asked(&answers);
        answers.retain(|id, _| asked.iter().any(|question| question.id == *id));
        let contribution = Contribution {
            // What was held as a draft is held as a contribution.
            id: ContributionId(draft.id.0),
            reference: Reference::draw(&review.reference, &*self.entropy),
            call: call.id.clone(),
            version: review.version,
            channel: Channel::Web,
            release: release.unwrap_or(Release::UseOnly),
            state: State::Received,
            late,
            language: language.unwrap_or_else(|| review.main_language().clone()),
            content: Content { form: call.form, respondent, answers, helper, also, asked: vec![], redactions: vec![] },
            source: None,
            received_at: now,
            published_at: None,
        };
        let entry = self.arrival_of(&contribution, words.as_ref())?;
        let (review, receipt, event) = (review.id, Some(code), self.new_id());
        Ok(SendDraft {
            draft: draft.id,
            revision,
            session: writer.session.digest(),
            expires_at: self.draft_expiry(),
            now,
            contribution: NewContribution { review, contribution, receipt, event, entry },
            about_you,
            signs,
        })
    }

    fn taking_evidence(&self, review: &CurrentReview, call: &Call) -> Result<CallStatus> {
        let status = call.status(self.now(), &review.timezone);
        if status.takes_evidence() { Ok(status) } else { Err(Error::NotOpen(status)) }
    }
}

pub(crate) fn key(review: &CurrentReview, call: &Call, writer: Writer<'_>) -> DraftKey {
    DraftKey { review: review.id, call: call.id.clone(), session: writer.session.digest(), draft: writer.draft }
}
