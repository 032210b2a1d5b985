//! Makes the message of what is in the queue: the review's name and colour, the links, the headers.

use std::sync::Arc;

use domain::{EmailAddress, Language};
use lettre::Address;
use publish::mail::{Letter, List, Sending, words};
use store::mail::HeldMail;
use store::newsletter::Newsletter;

use super::MailSettings;
use crate::newsletter::NewsletterText;
use crate::{CurrentReview, Error, Result};

/// The colour of a review that has chosen none: that of the pages.
const COLOUR: &str = "#12362a";

/// A message, and where it goes.
pub(super) struct Composed {
    /// The return path.
    pub from: Address,
    /// The recipient.
    pub to: Address,
    /// Its name, without angle brackets.
    pub message_id: String,
    /// All of it.
    pub message: Vec<u8>,
}

/// What mail of a newsletter is made of: the newsletter, and the token of the subscriber's links.
pub(super) type Part = (Arc<Newsletter>, Vec<u8>);

/// Composes one message.
pub(super) fn compose(
    settings: &MailSettings,
    review: &CurrentReview,
    mail: &HeldMail,
    newsletter: Option<&Part>,
) -> Result<Composed> {
    let (letter, unsubscribe) = match newsletter {
        Some((newsletter, token)) => {
            let address = leave_address(settings, review, &mail.language, token);
            (newsletter_letter(review, &mail.language, newsletter, &address)?, Some(address))
        }
        None => (read(mail.body.as_deref().unwrap_or_default())?, None),
    };
    let message_id = format!("{}.{}@{}", mail.key.newsletter.simple(), mail.key.id.simple(), settings.from.domain());
    let list = format!("letters.{}.{}", review.slug, settings.from.domain());
    let contact = review.contact.email.as_ref().and_then(|email| email.as_str().parse::<EmailAddress>().ok());
    let sending = Sending {
        from_name: review.title.text(&letter.language),
        from: &settings.from,
        reply_to: contact.as_ref(),
        to: &mail.recipient,
        message_id: &message_id,
        date: mail.created_at,
        home: &settings.page(&letter.language, &format!("/r/{}", review.slug)),
        colour: review.look.as_ref().and_then(|look| look.colour.as_ref()).map_or(COLOUR, |colour| colour.as_str()),
        list: unsubscribe.as_deref().map(|unsubscribe| List { id: &list, unsubscribe }),
    };
    let message = letter.message(&sending, settings.dkim.as_ref()).map_err(|error| Error::Broken(error.to_string()))?;
    let from = return_path(settings, mail);
    let address = |address: &EmailAddress| {
        address
            .as_str()
            .parse::<Address>()
            .map_err(|_| Error::Broken("an address that cannot be written to".to_owned()))
    };
    Ok(Composed { from: address(&from)?, to: address(&mail.recipient)?, message_id, message })
}

/// Where a subscription is ended: a page, and one click of the mail program.
pub(crate) fn leave_address(
    settings: &MailSettings,
    review: &CurrentReview,
    language: &Language,
    token: &[u8],
) -> String {
    settings.page(language, &format!("/r/{}/newsletter/leave?t={}", review.slug, hex(token)))
}

/// A newsletter as a letter to one reader.
pub(crate) fn newsletter_letter(
    review: &CurrentReview,
    language: &Language,
    newsletter: &Newsletter,
    leave: &str,
) -> Result<Letter> {
    let text: NewsletterText = read(&newsletter.body)?;
    let (language, (title, markdown)) = text.for_reader(language, review.main_language());
    Ok(words::newsletter(language, review.title.text(language), title, markdown, leave))
}

/// Where it comes back to if it cannot be delivered: of a newsletter, to an address that says whose it was.
fn return_path(settings: &MailSettings, mail: &HeldMail) -> EmailAddress {
    let Some(bounces) = &settings.bounces else { return settings.from.clone() };
    if mail.key.newsletter.is_nil() {
        return bounces.clone();
    }
    bounces.tagged(&super::bounce::tag(mail.key.id, mail.key.newsletter)).unwrap_or_else(|| bounces.clone())
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    // Serde's own message could quote what stands there.
    serde_json::from_str(json).map_err(|_| Error::Broken("a letter in the queue cannot be read".to_owned()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
