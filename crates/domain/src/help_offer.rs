//! Offers of help: somebody says "I can help", and the team has a look before it stands in the directory.

use jiff::Timestamp;

use crate::answer::AnswerError;
use crate::directory::HelpKind;
use crate::fields::Fields;
use crate::id::{HelpOfferId, Reference};
use crate::language::Language;
use crate::place::Places;
use crate::question::ListedFields;
use crate::text::{self, Line, TextError};

/// The most code points of the sentences that may be added.
pub const SENTENCE: usize = 500;

/// An offer as everybody may read it once the team has let it through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpOffer {
    /// Who offers it: a person or a body.
    pub name: Line,
    /// The place that they help in, by its code; none for anywhere.
    pub place: Option<String>,
    /// What they help with.
    pub help: Vec<HelpKind>,
    /// Which languages they speak, in their own words.
    pub spoken: Option<Line>,
    /// What else they say.
    pub sentence: Option<String>,
    /// The language of what they wrote.
    pub language: Language,
    /// How to reach them, if they agreed to its being shown.
    pub contact: Option<Line>,
}

/// An offer with how the team can reach whoever made it: for the team only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedHelp {
    /// What everybody may read.
    pub offer: HelpOffer,
    /// How the team can reach them. It is kept apart.
    pub contact: Line,
}

/// An offer, waiting for the team or let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOffer {
    /// Its id.
    pub id: HelpOfferId,
    /// What it is called.
    pub reference: Reference,
    /// What was offered.
    pub offered: OfferedHelp,
    /// When.
    pub offered_at: Timestamp,
    /// When it was let through.
    pub shown_at: Option<Timestamp>,
}

/// Something wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferError {
    /// A text.
    Text(&'static str, TextError),
    /// Nothing was ticked.
    Unticked(&'static str),
    /// No place is called so.
    NoSuchPlace,
    /// Several places can be meant.
    SeveralPlaces,
}

impl OfferedHelp {
    /// Reads what was typed: `name`, `place`, `help` (any number), `spoken`, `sentence`, `contact`, `show-contact`, `consent`.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn read(fields: &Fields, places: &Places, language: &Language) -> Result<Self, Vec<OfferError>> {
        let mut errors = Vec::new();
        let name = line(fields, "name", &mut errors);
        let place = match ListedFields::PLACE.take(fields, places.all()) {
            Ok(Some(named)) if named.code.is_none() => {
                errors.push(OfferError::NoSuchPlace);
                None
            }
            Ok(named) => named.and_then(|named| named.code),
            Err(AnswerError::Several { .. }) => {
                errors.push(OfferError::SeveralPlaces);
                None
            }
            Err(_) => {
                errors.push(OfferError::NoSuchPlace);
                None
            }
        };
        let help: Vec<HelpKind> =
            HelpKind::ALL.iter().copied().filter(|kind| fields.has("help", kind.as_str())).collect();
        if help.is_empty() {
            errors.push(OfferError::Unticked("help"));
        }
        let spoken = fields.get("spoken").and_then(|_| line(fields, "spoken", &mut errors));
        let sentence = Some(text::tidy(fields.raw("sentence"))).filter(|sentence| !sentence.is_empty());
        if let Some(Err(error)) = sentence.as_deref().map(|sentence| text::check(sentence, SENTENCE)) {
            errors.push(OfferError::Text("sentence", error));
        }
        let contact = line(fields, "contact", &mut errors);
        if !fields.given("consent") {
            errors.push(OfferError::Unticked("consent"));
        }
        match (name, contact) {
            (Some(name), Some(contact)) if errors.is_empty() => {
                let shown = fields.given("show-contact").then(|| contact.clone());
                let language = language.clone();
                Ok(Self { offer: HelpOffer { name, place, help, spoken, sentence, language, contact: shown }, contact })
            }
            _ => Err(errors),
        }
    }
}

fn line(fields: &Fields, field: &'static str, errors: &mut Vec<OfferError>) -> Option<Line> {
    fields.raw(field).parse().map_err(|error| errors.push(OfferError::Text(field, error))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<OfferedHelp, Vec<OfferError>> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let language: Language = "en".parse().expect("a language");
        OfferedHelp::read(&pairs.collect::<Vec<_>>().into(), Places::uk(), &language)
    }

    const GOOD: [(&str, &str); 6] = [
        ("name", "Ada"),
        ("place", "leeds"),
        ("place-offer", ""),
        ("help", "writing"),
        ("contact", "ada@example.org"),
        ("consent", "yes"),
    ];

    #[test]
    fn how_to_reach_somebody_is_shown_only_with_their_consent() {
        let offered = read(&GOOD).expect("an offer");
        assert_eq!((offered.offer.contact, offered.offer.place.as_deref()), (None, Some("E08000035")));
        let shown = read(&[GOOD.as_slice(), &[("show-contact", "yes")]].concat()).expect("an offer");
        assert_eq!(shown.offer.contact, Some(shown.contact));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let long = "x".repeat(SENTENCE + 2);
        let errors =
            read(&[("place", "Atlantis"), ("place-offer", ""), ("sentence", &long)]).expect_err("nothing is right");
        let expected = [
            OfferError::Text("name", TextError::Empty),
            OfferError::NoSuchPlace,
            OfferError::Unticked("help"),
            OfferError::Text("sentence", TextError::TooLong { max: SENTENCE, by: 2 }),
            OfferError::Text("contact", TextError::Empty),
            OfferError::Unticked("consent"),
        ];
        assert_eq!(errors, expected);
        let several = [("place", "newc"), ("place-offer", "")];
        assert!(read(&several).is_err_and(|errors| errors.contains(&OfferError::SeveralPlaces)));
    }
}
