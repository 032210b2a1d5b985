//! Mail that whoever holds a draft or a receipt sends to themselves: the eight words, or a copy of what they gave. The address
//! is used for that one message. What was given in confidence is not put into mail, which anybody on its way can read.

use domain::{Call, EmailAddress, Language, ReceiptCode, Reference, Release, State};
use publish::mail::words::{self, Own};
use store::own_mail::SendOwnMail;
use uuid::Uuid;

use crate::{CurrentReview, Error, Result, Service, SessionSecret, Writer};

/// How many messages a day there can be about one draft or contribution.
const MOST: i64 = 3;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// What became of the wish for mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnMail {
    /// It is on its way.
    Sent,
    /// There were enough today.
    Enough,
}

impl Service {
    /// Sends the words that lead back to a draft; `until` says until when it is kept.
    ///
    /// # Errors
    /// [`Error::NoDraft`]; [`Error::NoMail`] if this installation sends none.
    pub async fn mail_draft_code(
        &self,
        review: &CurrentReview,
        call: &Call,
        writer: Writer<'_>,
        address: &EmailAddress,
        (language, until): (&Language, &str),
    ) -> Result<OwnMail> {
        let draft = self.draft(review, call, writer).await?;
        let code = self.draft_code(review, call, writer).await?;
        let own = Own { until: Some(until), ..Own::default() };
        self.send_own(review, draft.id.0, &code, address, language, own).await
    }

    /// Sends the words of a receipt, and with them what was given: `answers` are questions with their answers.
    ///
    /// # Errors
    /// [`Error::NoReceipt`], also if the session has not kept the words; [`Error::NoMail`] if this installation sends none.
    pub async fn mail_receipt(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
        address: &EmailAddress,
        (language, answers): (&Language, Vec<(String, String)>),
    ) -> Result<OwnMail> {
        let view = self.receipt(review, session, reference).await?;
        let code = view.code.as_ref().ok_or(Error::NoReceipt)?;
        let open = may_be_mailed(view.contribution.release, view.contribution.state);
        let own = Own {
            reference: Some(view.contribution.reference.as_str()),
            answers: if open { answers } else { Vec::new() },
            in_confidence: !open,
            until: None,
        };
        self.send_own(review, view.contribution.id.0, code, address, language, own).await
    }

    async fn send_own(
        &self,
        review: &CurrentReview,
        evidence: Uuid,
        code: &ReceiptCode,
        address: &EmailAddress,
        language: &Language,
        own: Own<'_>,
    ) -> Result<OwnMail> {
        let settings = self.mail.as_ref().ok_or(Error::NoMail)?;
        let receipt = settings.page(language, &format!("/r/{}/receipt", review.slug));
        let kind = if own.answers.is_empty() { "own-code" } else { "own-copy" };
        let letter = words::own(language, review.title.text(language), code.words(), &receipt, own);
        let mail = self.new_mail(review, kind, address, &letter)?;
        let day = self.now().as_second().div_euclid(SECONDS_OF_A_DAY);
        let sent = self.db.write(SendOwnMail { evidence, day, most: MOST, mail }).await?;
        Ok(if sent { OwnMail::Sent } else { OwnMail::Enough })
    }
}

/// Whether what was given may stand in mail: not if it may only be used, and not once it was withdrawn.
pub fn may_be_mailed(release: Release, state: State) -> bool {
    release != Release::UseOnly && state != State::Withdrawn
}
