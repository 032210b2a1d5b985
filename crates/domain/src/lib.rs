//! The vocabulary of a review: ids, newtypes that parse, states and their transitions, release levels and events.
//!
//! Nothing here reads a clock, draws a random number or touches a disk: time and randomness come in as arguments
//! ([`Clock`], [`Entropy`]). Every rule that a web form, an import or a command must obey stands here once.

#![warn(missing_docs)]

pub mod about_you;
pub mod answer;
pub mod asked;
pub mod call;
pub mod catalogue;
pub mod contribution;
pub mod directory;
pub mod draft;
pub mod email;
pub mod event;
pub mod fields;
pub mod figures;
pub mod file;
pub mod filter;
pub mod help_offer;
pub mod helping;
pub mod id;
pub mod language;
pub mod learning;
pub mod place;
pub mod postcode;
pub mod question;
pub mod receipt;
pub mod release;
pub mod respondent;
pub mod review;
pub mod shown_if;
pub mod sign;
pub mod take_up;
pub mod text;
pub mod time;
pub mod ways;
pub mod web_address;

pub use about_you::AboutYou;
pub use answer::{Answer, AnswerError, Chosen, Example, Verdict, YesNoUnsure};
pub use asked::{Asked, Reply};
pub use call::{Call, CallStatus, Form};
pub use catalogue::Named;
pub use contribution::{Channel, Content, Contribution, Opening, Refused, State};
pub use directory::{HelpKind, HelpPlace};
pub use draft::{Draft, DraftContent, DraftPart, Gap};
pub use email::EmailAddress;
pub use event::{Event, Happened};
pub use fields::Fields;
pub use file::{FileKind, GivenFile};
pub use filter::Filter;
pub use help_offer::{HelpOffer, OfferedHelp};
pub use helping::{Helper, HelpingRole, HelpingWay, ReadBack};
pub use id::{
    ContributionId, DraftId, Entropy, FileId, HelpOfferId, Reference, ReferencePrefix, ReviewId, Slug, TakeUpId,
};
pub use language::{Language, Localised};
pub use place::{Place, Places};
pub use question::{Kind, Question};
pub use receipt::{ReceiptCode, ReceiptError};
pub use release::{Publishable, Redaction, Release, Unpublishable, publishable};
pub use respondent::{Respondent, RespondentKind};
pub use review::Review;
pub use shown_if::ShownIf;
pub use sign::Sign;
pub use text::Line;
pub use time::{Clock, Day, Zone};
pub use ways::Ways;
pub use web_address::WebAddress;

/// Implements `serde` and `Display` for a newtype through its `FromStr`, so that every way in obeys the same rule.
macro_rules! text_newtype {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_newtype;

/// An enum whose variants are stored, sent and written as fixed words: one table for all three.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }
        impl $name {
            /// Every value, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The fixed word that is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = $crate::text::TextError;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::text::TextError::NotOneOf(&[$($word),+])),
                }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use words;
