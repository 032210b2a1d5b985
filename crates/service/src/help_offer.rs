//! Offers of help: what somebody can do for others, until the team has looked at it, and after.
//!
//! A form carries a secret that is drawn with its page. Everything about the offer is drawn from that secret: its id, its reference and
//! the words that take it back. So a form that is sent twice is one offer, whose maker sees the same words again; and the
//! store, which keeps only what is drawn, could not say what the words are.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::help_offer::KeptOffer;
use domain::{Entropy, HelpOfferId, OfferedHelp, ReceiptCode, Reference};
use sha2::{Digest, Sha256};
use store::help_offer::{DecideOffer, OfferHelp, WhichOffer};
pub use store::help_offer::{OfferVerdict, ShownOffer};
use uuid::Uuid;

use crate::{CurrentReview, Error, Result, Service};

/// What a form carries, and what everything about its offer is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferSecret(pub Uuid);

impl std::fmt::Display for OfferSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What somebody who has offered help is told.
#[derive(Debug)]
pub struct Acknowledged {
    /// What the offer is called.
    pub reference: Reference,
    /// The words by which it can be withdrawn.
    pub code: ReceiptCode,
}

/// Bytes drawn from a secret: the same ones every time.
struct Drawn {
    secret: [u8; 32],
    drawn: AtomicU32,
}

impl Entropy for Drawn {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let at = self.drawn.fetch_add(1, Ordering::Relaxed);
            let digest = Sha256::new().chain_update(self.secret).chain_update(at.to_be_bytes()).finalize();
            *byte = digest[0];
        }
    }
}

impl Service {
    /// The secret that a form carries; a new one if it carries none.
    pub fn offer_secret(&self, carried: Option<&str>) -> OfferSecret {
        OfferSecret(carried.and_then(|text| Uuid::try_parse(text).ok()).unwrap_or_else(|| self.random_id()))
    }

    /// Keeps an offer for the team to look at. The same secret gives the same acknowledgement, and one offer.
    pub async fn offer_help(
        &self,
        review: &CurrentReview,
        secret: OfferSecret,
        offered: OfferedHelp,
    ) -> Result<Acknowledged> {
        let secret =
            Sha256::new().chain_update("folkmoot help offer 1\n").chain_update(review.id.0).chain_update(secret.0);
        let drawn = Drawn { secret: secret.finalize().into(), drawn: AtomicU32::new(0) };
        let mut id = [0; 16];
        drawn.fill(&mut id);
        let id = HelpOfferId(uuid::Builder::from_random_bytes(id).into_uuid());
        let reference = Reference::draw(&review.reference, &drawn);
        let code = ReceiptCode::draw(&drawn);
        let command = OfferHelp {
            review: review.id,
            id,
            reference: reference.clone(),
            code: code.digest(),
            offered,
            now: self.now(),
        };
        self.db.write(command).await?;
        Ok(Acknowledged { reference, code })
    }

    /// What the team has let through.
    pub async fn help_offers(&self, review: &CurrentReview) -> Result<Vec<ShownOffer>> {
        Ok(self.db.help_offers(review.id).await?)
    }

    /// Every offer, for the team.
    pub async fn kept_help_offers(&self, review: &CurrentReview) -> Result<Vec<KeptOffer>> {
        Ok(self.db.kept_help_offers(review.id).await?)
    }

    /// Lets an offer through to readers, or removes it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such offer, or it was let through before.
    pub async fn decide_help_offer(
        &self,
        review: &CurrentReview,
        reference: &Reference,
        verdict: OfferVerdict,
    ) -> Result<()> {
        self.decide(review, WhichOffer::Reference(reference.clone()), verdict).await
    }

    /// Withdraws an offer, for whoever has its words: nothing of it is kept.
    ///
    /// # Errors
    /// [`Error::NoReceipt`] if no offer has these words.
    pub async fn withdraw_help_offer(&self, review: &CurrentReview, code: &ReceiptCode) -> Result<()> {
        match self.decide(review, WhichOffer::Code(code.digest()), OfferVerdict::Remove).await {
            Err(Error::NotFound) => Err(Error::NoReceipt),
            outcome => outcome,
        }
    }

    async fn decide(&self, review: &CurrentReview, which: WhichOffer, verdict: OfferVerdict) -> Result<()> {
        let command = DecideOffer { review: review.id, which, verdict, event: self.new_id(), now: self.now() };
        if self.db.write(command).await? { Ok(()) } else { Err(Error::NotFound) }
    }
}
