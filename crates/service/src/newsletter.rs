//! The newsletter of a review: asking for it, confirming, unsubscribing, and sending one.

use std::collections::BTreeMap;

use domain::{EmailAddress, Language};
use jiff::SignedDuration;
use publish::mail::{Letter, words};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::mail::{EnqueueMail, NewMail};
use store::newsletter::{Newsletter, StartNewsletter, StopNewsletter};
use store::subscriber::{ConfirmSubscriber, Subscribe, Subscriber, Unsubscribe};
use uuid::Uuid;

use crate::mail::{hex, leave_address};
use crate::{CurrentReview, Error, Result, Service};

/// How often somebody who does not confirm is asked at most, and how long after one another: a form on a page must not be
/// a way to flood somebody else's mailbox.
const ASKED_AT_MOST: i64 = 3;
/// Between two mails to an address that did not confirm.
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);
/// Between two mails to an address that is subscribed already.
const BETWEEN_SUBSCRIBED: SignedDuration = SignedDuration::from_hours(24);

/// What a newsletter says, in every language that the team wrote it in: title and Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NewsletterText(pub BTreeMap<Language, (String, String)>);

impl NewsletterText {
    /// Reads a letter: its first line is its title, with or without the mark of a heading; the rest is Markdown.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn parse(text: &str) -> Result<(String, String), &'static str> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let (title, body) =
            text.split_once('\n').ok_or("it has no text: the first line is the title, the letter stands below it")?;
        let title = title.trim_start_matches('#').trim();
        let body = body.trim();
        if title.is_empty() || body.is_empty() {
            return Err("it has no title or no text: the first line is the title, the letter stands below it");
        }
        domain::text::check(text, 200_000).map_err(|_| "it is too long, or holds a control character")?;
        Ok((title.to_owned(), body.to_owned()))
    }

    /// The text for a reader, or in the main language of the review, or in whatever there is.
    pub(crate) fn for_reader<'a>(
        &'a self,
        reader: &'a Language,
        main: &'a Language,
    ) -> (&'a Language, (&'a str, &'a str)) {
        let found =
            self.0.get_key_value(reader).or_else(|| self.0.get_key_value(main)).or_else(|| self.0.first_key_value());
        found.map_or((main, ("", "")), |(language, (title, text))| (language, (title, text)))
    }

    /// An id made of what it says: the same letter is the same newsletter, however often it is sent off.
    pub fn id(&self) -> Uuid {
        let digest = Sha256::new().chain_update("newsletter\n").chain_update(self.json()).finalize();
        uuid::Builder::from_custom_bytes(std::array::from_fn(|at| digest[at])).into_uuid()
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Service {
    /// Asks for the newsletter: whoever has the address gets a mail that says how to confirm it. Who calls learns nothing
    /// of whether the address is subscribed.
    ///
    /// # Errors
    /// [`Error::NoMail`] if this installation sends none.
    pub async fn subscribe(&self, review: &CurrentReview, address: &EmailAddress, language: &Language) -> Result<()> {
        let settings = self.mail.clone().ok_or(Error::NoMail)?;
        let mut token = [0; 16];
        self.entropy.fill(&mut token);
        let (now, mail_id) = (self.now(), self.random_id());
        let (reader, recipient) = (language.clone(), address.clone());
        let review_copy = self.review(review.slug.as_str()).await?;
        let mail = move |known: Option<&Subscriber>, token: &[u8]| {
            let review = &*review_copy;
            let since = known.map(|known| now.duration_since(known.asked_at));
            let letter = match known {
                Some(known) if known.confirmed_at.is_some() => {
                    if since.is_some_and(|since| since < BETWEEN_SUBSCRIBED) {
                        return None;
                    }
                    let leave = leave_address(&settings, review, &known.language, token);
                    words::subscribed(&known.language, review.title.text(&known.language), &leave)
                }
                Some(known) if known.asked >= ASKED_AT_MOST || since.is_some_and(|since| since < BETWEEN) => {
                    return None;
                }
                _ => {
                    let path = format!("/r/{}/newsletter/confirm?t={}", review.slug, hex(token));
                    words::confirm(&reader, review.title.text(&reader), &settings.page(&reader, &path))
                }
            };
            Some(NewMail {
                review: review.id,
                id: mail_id,
                kind: "subscription",
                recipient: recipient.clone(),
                language: letter.language.clone(),
                body: serde_json::to_string(&letter).ok()?,
                now,
            })
        };
        let (id, address, language) = (self.random_id(), address.clone(), language.clone());
        Ok(self.db.write(Subscribe { review: review.id, id, token, address, language, mail, now }).await?)
    }

    /// Whether a link that confirms is still good, or was used already.
    pub async fn can_confirm(&self, review: &CurrentReview, token: &str) -> Result<bool> {
        let Some(token) = read_token(token) else { return Ok(false) };
        let subscriber = self.db.subscriber(review.id, token).await?;
        let within = SignedDuration::from_micros(store::subscriber::CONFIRM_WITHIN);
        Ok(subscriber.is_some_and(|s| s.confirmed_at.is_some() || self.now().duration_since(s.asked_at) < within))
    }

    /// Confirms a subscription; doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the link is not good any more.
    pub async fn confirm_subscription(&self, review: &CurrentReview, token: &str) -> Result<()> {
        let token = read_token(token).ok_or(Error::NotFound)?;
        let confirmed = self.db.write(ConfirmSubscriber { review: review.id, token, now: self.now() }).await?;
        if confirmed { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Ends a subscription and forgets the address. There is nothing to go wrong: who is not subscribed is not.
    pub async fn unsubscribe(&self, review: &CurrentReview, token: &str) -> Result<()> {
        if let Some(token) = read_token(token) {
            self.db.write(Unsubscribe { review: review.id, token }).await?;
        }
        Ok(())
    }

    /// Begins to send a newsletter to everybody who is subscribed now; `false` if it was begun before.
    pub async fn start_newsletter(&self, review: &CurrentReview, text: &NewsletterText) -> Result<bool> {
        let command = StartNewsletter { review: review.id, id: text.id(), body: text.json(), now: self.now() };
        Ok(self.db.write(command).await?)
    }

    /// Sends a letter to one address, to see how it looks there. Whether mail is sent at all is known to the node that does.
    pub async fn send_test(&self, review: &CurrentReview, recipient: &EmailAddress, letter: &Letter) -> Result<()> {
        let mail = NewMail {
            review: review.id,
            id: self.random_id(),
            kind: "test",
            recipient: recipient.clone(),
            language: letter.language.clone(),
            body: serde_json::to_string(letter).map_err(|error| Error::Broken(error.to_string()))?,
            now: self.now(),
        };
        Ok(self.db.write(EnqueueMail(mail)).await?)
    }

    /// Stops a newsletter, or goes on with it; `false` if there was nothing to stop or to go on with.
    pub async fn stop_newsletter(&self, review: &CurrentReview, id: Uuid, stop: bool) -> Result<bool> {
        Ok(self.db.write(StopNewsletter { review: review.id, id, stop }).await?)
    }

    /// How far a newsletter has come.
    pub async fn newsletter(&self, review: &CurrentReview, id: Uuid) -> Result<Option<Newsletter>> {
        Ok(self.db.newsletter(review.id, id).await?)
    }

    /// The newsletters of a review, the oldest first.
    pub async fn newsletters(&self, review: &CurrentReview) -> Result<Vec<Newsletter>> {
        Ok(self.db.newsletters(review.id).await?)
    }

    /// How many are subscribed, and how many have not confirmed yet.
    pub async fn subscribers(&self, review: &CurrentReview) -> Result<(i64, i64)> {
        Ok(self.db.subscribers(review.id).await?)
    }
}

/// The token of a link: 32 hexadecimal digits.
fn read_token(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}
