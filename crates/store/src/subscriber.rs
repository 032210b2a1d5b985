//! Subscribers to the newsletter of a review. Their address is what is kept, and it goes when they do.

use domain::{EmailAddress, Language, ReviewId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::mail::{self, NewMail};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    INSERT = "insert into subscriber (review, id, address, address_key, language, token, asked_at, asked)
              values ($1, $2, $3, $4, $5, $6, $7, 1) on conflict (review, address_key) do nothing";
    BY_KEY = "select id, token, asked_at, asked, confirmed_at, language from subscriber where review = $1 and address_key = $2";
    ASKED = "update subscriber set asked_at = $3, asked = $4, language = $5 where review = $1 and id = $2";
    BY_TOKEN = "select id, token, asked_at, asked, confirmed_at, language from subscriber where review = $1 and token = $2";
    CONFIRM = "update subscriber set confirmed_at = $4
               where review = $1 and token = $2 and asked_at > $3 and confirmed_at is null";
    DELETE = "delete from subscriber where review = $1 and id = $2";
    // What is in hand just now comes to its end.
    DELETE_MAIL = "delete from mail where review = $1 and id = $2 and state <> 'sending'";
    DELETE_BOUNCES = "delete from bounce where review = $1 and subscriber = $2";
    BOUNCED = "insert into bounce (review, subscriber, newsletter)
               select review, id, $3 from subscriber where review = $1 and id = $2
               on conflict (review, subscriber, newsletter) do nothing";
    BOUNCES = "select count(*) from bounce where review = $1 and subscriber = $2";
    FIND = "select review from subscriber where id = $1";
    TOKEN = "select token from subscriber where review = $1 and id = $2";
    COUNT = "select coalesce(sum(case when confirmed_at is null then 0 else 1 end), 0),
                    coalesce(sum(case when confirmed_at is null then 1 else 0 end), 0)
             from subscriber where review = $1";
    SWEEP = "delete from subscriber where confirmed_at is null and asked_at <= $1";
}

/// For how long a link that confirms a subscription is good, in microseconds: seven days.
pub const CONFIRM_WITHIN: i64 = 7 * 24 * 3_600 * 1_000_000;

/// Somebody who has asked for the newsletter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// A random id, which says nothing of when they subscribed.
    pub id: Uuid,
    /// What their links carry.
    pub token: Vec<u8>,
    /// When they last asked.
    pub asked_at: Timestamp,
    /// How often they asked before they confirmed.
    pub asked: i64,
    /// When they confirmed, if they have.
    pub confirmed_at: Option<Timestamp>,
    /// The language that they read.
    pub language: Language,
}

fn subscriber(row: &Row) -> Result<Subscriber> {
    Ok(Subscriber {
        id: row.get(0)?,
        token: row.get(1)?,
        asked_at: row.moment(2)?,
        asked: row.get(3)?,
        confirmed_at: row.get::<Option<i64>>(4)?.map(crate::row::moment).transpose()?,
        language: row.parse(5)?,
    })
}

/// Asks for the newsletter. `mail` makes what is sent, of whoever is known already and the token that their links carry; it may
/// decide to send nothing.
pub struct Subscribe<F> {
    /// The review.
    pub review: ReviewId,
    /// A random id.
    pub id: Uuid,
    /// A random token.
    pub token: [u8; 16],
    /// The address.
    pub address: EmailAddress,
    /// The language of the page.
    pub language: Language,
    /// Makes the mail.
    pub mail: F,
    /// The present moment.
    pub now: Timestamp,
}

impl<F> Command for Subscribe<F>
where
    F: Fn(Option<&Subscriber>, &[u8]) -> Option<NewMail> + Send + Sync + 'static,
{
    type Output = ();
    const NAME: &'static str = "subscribe";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let key = self.address.key();
        let (review, now, language) = (self.review, self.now.as_microsecond(), self.language.as_str());
        let known = tx.optional(BY_KEY, args![review, key.as_str()]).await?.as_ref().map(subscriber).transpose()?;
        // Who is known keeps their token: it stands in mail that they have.
        let token = known.as_ref().map_or(&self.token[..], |known| &known.token);
        let Some(mail) = (self.mail)(known.as_ref(), token) else { return Ok(()) };
        let changed = if let Some(known) = &known {
            let (asked, language) = match known.confirmed_at {
                Some(_) => (known.asked, known.language.as_str()),
                None => (known.asked + 1, language),
            };
            tx.execute(ASKED, args![review, known.id, now, asked, language]).await?
        } else {
            let address = self.address.as_str();
            tx.execute(INSERT, args![review, self.id, address, key, language, token, now]).await?
        };
        if changed == 0 {
            return Err(Error::Conflict);
        }
        mail::enqueue(tx, &mail).await
    }
}

/// Confirms a subscription; whether there is one now.
pub struct ConfirmSubscriber {
    /// The review.
    pub review: ReviewId,
    /// What the link carried.
    pub token: [u8; 16],
    /// The present moment.
    pub now: Timestamp,
}

impl Command for ConfirmSubscriber {
    type Output = bool;
    const NAME: &'static str = "confirm_subscriber";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let now = self.now.as_microsecond();
        tx.execute(CONFIRM, args![self.review, &self.token[..], now - CONFIRM_WITHIN, now]).await?;
        let known = tx.optional(BY_TOKEN, args![self.review, &self.token[..]]).await?;
        Ok(known.as_ref().map(subscriber).transpose()?.is_some_and(|known| known.confirmed_at.is_some()))
    }
}

/// Ends a subscription: the address goes, and whatever letters still wait for it.
pub struct Unsubscribe {
    /// The review.
    pub review: ReviewId,
    /// What the link carried.
    pub token: [u8; 16],
}

impl Command for Unsubscribe {
    type Output = bool;
    const NAME: &'static str = "unsubscribe";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let Some(row) = tx.optional(BY_TOKEN, args![self.review, &self.token[..]]).await? else { return Ok(false) };
        forget(tx, self.review, subscriber(&row)?.id).await?;
        Ok(true)
    }
}

async fn forget(tx: &mut Tx<'_>, review: ReviewId, id: Uuid) -> Result<()> {
    tx.execute(DELETE, args![review, id]).await?;
    tx.execute(DELETE_MAIL, args![review, id]).await?;
    tx.execute(DELETE_BOUNCES, args![review, id]).await.map(drop)
}

/// What a letter that came back has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounced {
    /// There is no such subscriber (any more).
    Unknown,
    /// It was counted.
    Counted,
    /// It was the one too many: the subscription is ended.
    Ended,
}

/// Counts a letter that came back for good, once for each newsletter however often that is told.
pub struct CountBounce {
    /// The subscriber.
    pub subscriber: Uuid,
    /// Which newsletter, by a part of its id.
    pub newsletter: String,
    /// How many end the subscription.
    pub most: i64,
}

impl Command for CountBounce {
    type Output = Bounced;
    const NAME: &'static str = "count_bounce";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Bounced> {
        let Some(row) = tx.optional(FIND, args![self.subscriber]).await? else { return Ok(Bounced::Unknown) };
        let review = ReviewId(row.get(0)?);
        tx.execute(BOUNCED, args![review, self.subscriber, self.newsletter.as_str()]).await?;
        let count: i64 = tx.one(BOUNCES, args![review, self.subscriber]).await?.get(0)?;
        if count < self.most {
            return Ok(Bounced::Counted);
        }
        forget(tx, review, self.subscriber).await?;
        Ok(Bounced::Ended)
    }
}

pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    tx.execute(SWEEP, args![now.as_microsecond() - CONFIRM_WITHIN]).await
}

impl Db {
    /// Whoever a link belongs to.
    pub async fn subscriber(&self, review: ReviewId, token: [u8; 16]) -> Result<Option<Subscriber>> {
        self.optional(BY_TOKEN, args![review, &token[..]]).await?.as_ref().map(subscriber).transpose()
    }

    /// What the links of a subscriber carry; none if they are gone.
    pub async fn subscriber_token(&self, review: ReviewId, id: Uuid) -> Result<Option<Vec<u8>>> {
        self.optional(TOKEN, args![review, id]).await?.map(|row| row.get(0)).transpose()
    }

    /// How many are subscribed, and how many have not confirmed yet.
    pub async fn subscribers(&self, review: ReviewId) -> Result<(i64, i64)> {
        self.optional(COUNT, args![review]).await?.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
    }
}
