//! Mail: enqueued in the transaction of whatever needs it, sent by one node at a time.
//!
//! Without settings for mail nothing is offered and nothing is sent; everything else works. [`Service::new_mail`] makes what
//! a command of the store enqueues in its own transaction; [`deliver`] takes it from there.

pub mod bounce;
mod compose;
mod deliver;
mod journal;
mod route;

use std::path::PathBuf;

use domain::{EmailAddress, Language};
use publish::mail::{Letter, words};
use store::mail::{EnqueueMail, NewMail};
use uuid::Uuid;

use crate::{CurrentReview, Error, Result, Service};

pub(crate) use compose::{hex, leave_address};
pub use publish::mail::Dkim;
pub use route::Route;

/// What the operator decides about mail.
#[derive(Debug)]
pub struct MailSettings {
    /// Where it goes.
    pub route: Route,
    /// From which address.
    pub from: EmailAddress,
    /// Where letters come back to that could not be delivered; it must take addresses with `+` and more before the @.
    pub bounces: Option<EmailAddress>,
    /// How many messages a second at most.
    pub rate: u32,
    /// What signs them, if the server that takes them does not.
    pub dkim: Option<Dkim>,
    /// The address that people know the installation by, without a slash at its end: links in mail lead there.
    pub public_url: String,
    /// A folder of this node, for the journal.
    pub folder: PathBuf,
}

impl MailSettings {
    /// The whole address of a page in a language of the interface.
    pub(crate) fn page(&self, language: &Language, path: &str) -> String {
        format!("{}{}{path}", self.public_url, words::prefix(language))
    }
}

impl Service {
    /// The same service on a node that sends mail.
    #[must_use]
    pub fn with_mail(self, settings: MailSettings) -> Self {
        Self { mail: Some(settings.into()), ..self }
    }

    /// Whether mail can be offered.
    pub fn sends_mail(&self) -> bool {
        self.mail.is_some()
    }

    /// Mail to be enqueued in the transaction of a command. `kind` is a fixed word for sums and logs.
    ///
    /// # Errors
    /// [`Error::NoMail`] if this installation sends none.
    pub fn new_mail(
        &self,
        review: &CurrentReview,
        kind: &'static str,
        recipient: &EmailAddress,
        letter: &Letter,
    ) -> Result<NewMail> {
        if !self.sends_mail() {
            return Err(Error::NoMail);
        }
        Ok(NewMail {
            review: review.id,
            id: self.random_id(),
            kind,
            recipient: recipient.clone(),
            language: letter.language.clone(),
            body: serde_json::to_string(letter).map_err(|error| Error::Broken(error.to_string()))?,
            now: self.now(),
        })
    }

    /// Enqueues mail that nothing else depends on.
    ///
    /// # Errors
    /// [`Error::NoMail`] if this installation sends none.
    pub async fn send_mail(
        &self,
        review: &CurrentReview,
        kind: &'static str,
        recipient: &EmailAddress,
        letter: &Letter,
    ) -> Result<()> {
        let mail = self.new_mail(review, kind, recipient, letter)?;
        Ok(self.db.write(EnqueueMail(mail)).await?)
    }

    /// An id that says nothing, not even when it was made.
    pub(crate) fn random_id(&self) -> Uuid {
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        uuid::Builder::from_random_bytes(random).into_uuid()
    }
}
