//! The receipt: what became of a contribution, for whoever holds its code.

use domain::{Contribution, Happened, ReceiptCode, Refused, Release};
use jiff::Timestamp;
use store::contribution::{ChangeContribution, Which};
use store::session::{PutReceipt, Session};

use crate::{CurrentReview, Error, Result, Service, SessionSecret};

/// What the holder of a receipt may see: their own contribution, whole, and what happened to it.
#[derive(Debug)]
pub struct ReceiptView {
    /// The contribution as it was given. If it was withdrawn, nothing of what was written is in it.
    pub contribution: Contribution,
    /// What happened to it, the oldest first.
    pub history: Vec<(Happened, Timestamp)>,
    /// The code, for the session that sent the contribution; somebody who came with the code knows it.
    pub code: Option<ReceiptCode>,
}

impl Service {
    /// Opens the receipt that has this code, for this session from now on.
    ///
    /// # Errors
    /// [`Error::NoReceipt`] if there is none.
    pub async fn open_receipt(
        &self,
        review: &CurrentReview,
        code: &ReceiptCode,
        session: Option<&SessionSecret>,
    ) -> Result<SessionSecret> {
        let digest = code.digest();
        self.db.contribution_of_receipt(review.id, &digest).await?.ok_or(Error::NoReceipt)?;
        let secret = session.cloned().unwrap_or_else(|| SessionSecret::draw(&*self.entropy));
        self.put_receipt(&secret, Some(digest)).await?;
        Ok(secret)
    }

    /// The receipt that this session has opened, or got by sending.
    ///
    /// # Errors
    /// [`Error::NoReceipt`] if it has none.
    pub async fn receipt(&self, review: &CurrentReview, session: &SessionSecret) -> Result<ReceiptView> {
        let (opened, digest) = self.opened(session).await?;
        let contribution = self.db.contribution_of_receipt(review.id, &digest).await?.ok_or(Error::NoReceipt)?;
        let history = self.db.history(review.id, contribution.id).await?;
        let code = opened.draft.map(|draft| ReceiptCode::from_secret(&session.for_draft(draft)));
        Ok(ReceiptView {
            contribution,
            history: history.into_iter().map(|event| (event.happened, event.at)).collect(),
            code: code.filter(|code| code.digest().as_slice() == digest),
        })
    }

    /// Closes the receipt on this device.
    pub async fn close_receipt(&self, session: &SessionSecret) -> Result<()> {
        self.put_receipt(session, None).await
    }

    /// Changes what may be done with the contribution.
    ///
    /// # Errors
    /// [`Error::NoReceipt`]; [`Error::Refused`] if it has been withdrawn, or has that level already.
    pub async fn change_release(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        release: Release,
    ) -> Result<()> {
        self.change_own(review, session, move |contribution| contribution.change_release(release)).await
    }

    /// Withdraws the contribution: all that was written is erased, and the receipt says so from then on.
    ///
    /// # Errors
    /// [`Error::NoReceipt`]; [`Error::Refused`] if it has been withdrawn already.
    pub async fn withdraw(&self, review: &CurrentReview, session: &SessionSecret) -> Result<()> {
        self.change_own(review, session, Contribution::withdraw).await
    }

    async fn change_own<F>(&self, review: &CurrentReview, session: &SessionSecret, act: F) -> Result<()>
    where
        F: Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + Send + Sync + 'static,
    {
        let (_, digest) = self.opened(session).await?;
        let which = Which::Receipt(digest);
        let command = ChangeContribution { review: review.id, which, act, event: self.new_id(), now: self.now() };
        self.db.write(command).await?.ok_or(Error::NoReceipt)??;
        self.newest_pages.forget();
        Ok(())
    }

    /// What this session has opened, with the digest of its receipt code.
    async fn opened(&self, session: &SessionSecret) -> Result<(Session, Vec<u8>)> {
        let opened = self.db.session(session.digest(), self.now()).await?.ok_or(Error::NoReceipt)?;
        let digest = opened.receipt.clone().ok_or(Error::NoReceipt)?;
        Ok((opened, digest))
    }

    async fn put_receipt(&self, session: &SessionSecret, receipt: Option<[u8; 32]>) -> Result<()> {
        let (session, expires_at) = (session.digest(), self.draft_expiry());
        Ok(self.db.write(PutReceipt { session, receipt, expires_at }).await?)
    }
}
