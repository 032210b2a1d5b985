//! The receipt: what became of a contribution, for whoever holds its code. The same code leads back to a draft before it is sent.

use domain::{Contribution, ContributionId, Happened, ReceiptCode, Reference, Refused, Release, Slug};
use jiff::Timestamp;
use store::contribution::{ChangeContribution, Which};
use store::session::{HeldReceipt, Hold, LetGo};
use uuid::Uuid;

use crate::register::Registered;
use crate::{CurrentReview, Error, Result, Service, SessionSecret};

/// What the holder of a receipt may see: their own contribution, whole, and what happened to it.
#[derive(Debug)]
pub struct ReceiptView {
    /// The contribution as it was given. If it was withdrawn, nothing of what was written is in it.
    pub contribution: Contribution,
    /// What happened to it, the oldest first.
    pub history: Vec<(Happened, Timestamp)>,
    /// Whether it stands in the sums of the review: its arrival has a place in the log, and the counting has come that far.
    pub counted: bool,
    /// The code; none if the session opened it before codes were kept.
    pub code: Option<ReceiptCode>,
    /// Where it stands in the register, if one is kept.
    pub registered: Option<Registered>,
    /// The other receipts that this session holds.
    pub others: Vec<Reference>,
}

/// What a code has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A draft to this call.
    Draft(Slug),
    /// The receipt of something that was sent.
    Receipt,
}

impl Service {
    /// Opens the draft or the receipt that has this code, for this session from now on.
    ///
    /// # Errors
    /// [`Error::NoReceipt`] if there is none.
    pub async fn open_code(
        &self,
        review: &CurrentReview,
        code: &ReceiptCode,
        session: Option<&SessionSecret>,
    ) -> Result<(SessionSecret, Opened)> {
        let secret = session.cloned().unwrap_or_else(|| SessionSecret::draw(&*self.entropy));
        let digest = code.digest();
        if let Some(stored) = self.db.draft_of_code(review.id, digest, self.now()).await? {
            self.hold(review, &secret, stored.draft.id.0, code).await?;
            return Ok((secret, Opened::Draft(stored.draft.call)));
        }
        let sent = self.db.contribution_of_receipt(review.id, &digest).await?.ok_or(Error::NoReceipt)?;
        self.hold(review, &secret, sent.id.0, code).await?;
        Ok((secret, Opened::Receipt))
    }

    async fn hold(
        &self,
        review: &CurrentReview,
        secret: &SessionSecret,
        evidence: Uuid,
        code: &ReceiptCode,
    ) -> Result<()> {
        let (session, sealed) = (secret.digest(), secret.seal(evidence, code));
        let (review, now, expires_at) = (review.id, self.now(), self.draft_expiry());
        Ok(self.db.write(Hold { session, review, evidence, sealed, now, expires_at }).await?)
    }

    /// A receipt that this session has opened, or got by sending: the one of `reference`, or else the last.
    ///
    /// # Errors
    /// [`Error::NoReceipt`] if it has none.
    pub async fn receipt(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
    ) -> Result<ReceiptView> {
        let (held, others) = self.held(review, session, reference).await?;
        let id = ContributionId(held.evidence);
        let contribution = self.db.contributions(review.id, &[id]).await?.pop().ok_or(Error::NoReceipt)?;
        let history = self.db.history(review.id, id).await?;
        let counting = self.db.counted(review.id).await?;
        let registered = self.registered(review, &contribution).await?;
        let came = history.iter().find(|event| matches!(event.happened, Happened::Received { .. }));
        Ok(ReceiptView {
            contribution,
            counted: came.is_some_and(|event| (1..=counting).contains(&event.position)),
            history: history.into_iter().map(|event| (event.happened, event.at)).collect(),
            code: held.sealed.map(|sealed| session.open(held.evidence, sealed)),
            registered,
            others,
        })
    }

    /// Closes every receipt and draft of the review on this device.
    pub async fn let_go(&self, review: &CurrentReview, session: &SessionSecret) -> Result<()> {
        Ok(self.db.write(LetGo { session: session.digest(), review: review.id }).await?)
    }

    /// Changes what may be done with the contribution.
    ///
    /// # Errors
    /// [`Error::NoReceipt`]; [`Error::Refused`] if it has been withdrawn, or has that level already.
    pub async fn change_release(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
        release: Release,
    ) -> Result<()> {
        self.change_own(review, session, reference, move |contribution| contribution.change_release(release)).await
    }

    /// Withdraws the contribution: all that was written is erased, and the receipt says so from then on.
    ///
    /// # Errors
    /// [`Error::NoReceipt`]; [`Error::Refused`] if it has been withdrawn already.
    pub async fn withdraw(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
    ) -> Result<()> {
        self.change_own(review, session, reference, Contribution::withdraw).await
    }

    pub(crate) async fn change_own<F>(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
        act: F,
    ) -> Result<()>
    where
        F: Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + Send + Sync + 'static,
    {
        let (held, _) = self.held(review, session, reference).await?;
        let which = Which::Id(ContributionId(held.evidence));
        let command = ChangeContribution { review: review.id, which, act, event: self.new_id(), now: self.now() };
        self.db.write(command).await?.ok_or(Error::NoReceipt)??;
        self.newest_pages.forget();
        Ok(())
    }

    /// The receipt of `reference` among those that this session holds, or else the last, with the names of the others.
    async fn held(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
    ) -> Result<(HeldReceipt, Vec<Reference>)> {
        let mut held = self.db.held_receipts(session.digest(), review.id, self.now()).await?;
        let wanted = |receipt: &HeldReceipt| reference.is_none_or(|reference| receipt.reference == *reference);
        let at = held.iter().position(wanted).ok_or(Error::NoReceipt)?;
        let found = held.remove(at);
        Ok((found, held.into_iter().map(|receipt| receipt.reference).collect()))
    }
}
