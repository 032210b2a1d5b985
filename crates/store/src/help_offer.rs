//! Offers of help. How the team can reach whoever made one stands in a table of its own, which no statement for readers touches.

use domain::help_offer::KeptOffer;
use domain::{Happened, HelpOffer, HelpOfferId, OfferedHelp, Reference, ReviewId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::{Db, Snapshot};
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    OFFER = "insert into help_offer
               (review, id, reference, code, name, place, help, spoken, sentence, language, contact, offered_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (review, id) do nothing";
    OFFER_CONTACT = "insert into help_offer_contact (review, id, contact) values ($1, $2, $3)";
    SHOW = "update help_offer set shown_at = $3 where review = $1 and id = $2 and shown_at is null";
    OF_REFERENCE = "select id, reference, shown_at from help_offer where review = $1 and reference = $2";
    OF_CODE = "select id, reference, shown_at from help_offer where review = $1 and code = $2";
    DELETE = "delete from help_offer where review = $1 and id = $2";
    DELETE_CONTACT = "delete from help_offer_contact where review = $1 and id = $2";
    SHOWN = "select name, place, help, spoken, sentence, language, contact, reference, shown_at from help_offer
             where review = $1 and shown_at is not null order by name, id limit 2000";
    EVERY_KEPT = "select o.name, o.place, o.help, o.spoken, o.sentence, o.language, o.contact, o.id, o.reference, c.contact,
               o.offered_at, o.shown_at
             from help_offer o join help_offer_contact c on c.review = o.review and c.id = o.id
             where o.review = $1 order by o.offered_at, o.id limit 2000";
    EVERY_SHOWN = "select name, place, help, spoken, sentence, language, contact, reference, shown_at from help_offer
             where review = $1 and shown_at is not null order by reference";
}

/// Keeps an offer, for the team to look at. A form that is sent twice is kept once.
pub struct OfferHelp {
    /// The review.
    pub review: ReviewId,
    /// Its id, the same whenever the same form is sent.
    pub id: HelpOfferId,
    /// What it is called.
    pub reference: Reference,
    /// A digest of the words by which it can be withdrawn.
    pub code: [u8; 32],
    /// What was offered.
    pub offered: OfferedHelp,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for OfferHelp {
    type Output = ();
    const NAME: &'static str = "offer_help";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let HelpOffer { name, place, help, spoken, sentence, language, contact } = &self.offered.offer;
        let line = |line: &Option<domain::Line>| line.as_ref().map(ToString::to_string);
        let help: Vec<&str> = help.iter().map(|kind| kind.as_str()).collect();
        let values = args![
            self.review,
            self.id.0,
            self.reference.as_str(),
            self.code,
            name.as_str(),
            place.clone(),
            help.join(";"),
            line(spoken),
            sentence.clone(),
            language.as_str(),
            line(contact),
            self.now.as_microsecond(),
        ];
        if tx.execute(OFFER, values).await? == 1 {
            tx.execute(OFFER_CONTACT, args![self.review, self.id.0, self.offered.contact.as_str()]).await?;
        }
        Ok(())
    }
}

/// Which offer is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichOffer {
    /// By its name.
    Reference(Reference),
    /// By a digest of the words of whoever made it.
    Code([u8; 32]),
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferVerdict {
    /// Everybody may read it.
    Show,
    /// It goes, with how to reach whoever made it.
    Remove,
}

/// Lets an offer through, or removes it; `false` if there is no such offer, or it was let through before.
pub struct DecideOffer {
    /// The review.
    pub review: ReviewId,
    /// Which.
    pub which: WhichOffer,
    /// What is to become of it.
    pub verdict: OfferVerdict,
    /// The id of the event.
    pub event: Uuid,
    /// The present moment.
    pub now: Timestamp,
}

impl Command for DecideOffer {
    type Output = bool;
    const NAME: &'static str = "decide_help_offer";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let found = match &self.which {
            WhichOffer::Reference(reference) => {
                tx.optional(OF_REFERENCE, args![self.review, reference.as_str()]).await?
            }
            WhichOffer::Code(code) => tx.optional(OF_CODE, args![self.review, *code]).await?,
        };
        let Some(row) = found else { return Ok(false) };
        let (id, offer): (Uuid, Reference) = (row.get(0)?, row.parse(1)?);
        let was_shown = row.get::<Option<i64>>(2)?.is_some();
        let happened = match self.verdict {
            OfferVerdict::Show => {
                if tx.execute(SHOW, args![self.review, id, self.now.as_microsecond()]).await? == 0 {
                    return Ok(false);
                }
                Some(Happened::HelpShown { offer })
            }
            OfferVerdict::Remove => {
                tx.execute(DELETE_CONTACT, args![self.review, id]).await?;
                tx.execute(DELETE, args![self.review, id]).await?;
                // What nobody has seen did not happen.
                was_shown.then_some(Happened::HelpEnded { offer })
            }
        };
        if let Some(happened) = happened {
            let event = NewEvent { id: self.event, happened, contribution: None, at: self.now };
            event::append(tx, self.review, &event).await?;
        }
        Ok(true)
    }
}

/// An offer that everybody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownOffer {
    /// What is offered.
    pub offer: HelpOffer,
    /// What it is called.
    pub reference: Reference,
    /// Since when it is shown.
    pub shown_at: Timestamp,
}

fn offer(row: &Row) -> Result<HelpOffer> {
    let line = |column| row.get::<Option<String>>(column).map(|text| text.and_then(|text| text.parse().ok()));
    let help: String = row.get(2)?;
    Ok(HelpOffer {
        name: row.parse(0)?,
        place: row.get(1)?,
        // A kind that this Folkmoot does not know any more is left out.
        help: help.split(';').filter_map(|word| word.parse().ok()).collect(),
        spoken: line(3)?,
        sentence: row.get(4)?,
        language: row.parse(5)?,
        contact: line(6)?,
    })
}

fn shown(row: &Row) -> Result<ShownOffer> {
    Ok(ShownOffer { offer: offer(row)?, reference: row.parse(7)?, shown_at: row.moment(8)? })
}

impl Db {
    /// The offers that the team has let through, by name, at most 2,000.
    pub async fn help_offers(&self, review: ReviewId) -> Result<Vec<ShownOffer>> {
        self.all(SHOWN, args![review]).await?.iter().map(shown).collect()
    }

    /// Every offer, for the team: with how to reach whoever made it.
    pub async fn kept_help_offers(&self, review: ReviewId) -> Result<Vec<KeptOffer>> {
        let kept = |row: &Row| {
            Ok(KeptOffer {
                id: HelpOfferId(row.get(7)?),
                reference: row.parse(8)?,
                offered: OfferedHelp { offer: offer(row)?, contact: row.parse(9)? },
                offered_at: row.moment(10)?,
                shown_at: row.get::<Option<i64>>(11)?.map(crate::row::moment).transpose()?,
            })
        };
        self.all(EVERY_KEPT, args![review]).await?.iter().map(kept).collect()
    }
}

impl Snapshot {
    /// Every offer that was let through, one at a time.
    pub async fn each_help_offer<E: From<Error>>(
        &mut self,
        review: ReviewId,
        mut visit: impl FnMut(ShownOffer) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.tx().each(EVERY_SHOWN, args![review], |row| visit(shown(&row)?)).await
    }
}
