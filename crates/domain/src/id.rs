//! What things are called: inner ids, addresses and references.

use jiff::Timestamp;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::TextError;

/// A source of random bytes, fit for secrets.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with randomness that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, ordered by time (UUID version 7). It reveals its time, so nobody sees it but, in the pages of a draft,
            /// whoever writes it.
            pub fn new(now: jiff::Timestamp, entropy: &dyn Entropy) -> Self {
                let mut random = [0; 10];
                entropy.fill(&mut random);
                let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A review.
    ReviewId
);
id!(
    /// A contribution, within its review.
    ContributionId
);
id!(
    /// Answers that have not been sent yet.
    DraftId
);
id!(
    /// A file that belongs to evidence.
    FileId
);
id!(
    /// What a body says of a model.
    TakeUpId
);
id!(
    /// An offer of help.
    HelpOfferId
);

impl DraftId {
    /// When it was begun, which its id tells.
    pub fn begun_at(&self) -> Option<Timestamp> {
        let (seconds, nanoseconds) = self.0.get_timestamp()?.to_unix();
        Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanoseconds).ok()?).ok()
    }
}

/// A name that can stand in an address: 1 to 60 of `a–z`, `0–9` and single hyphens between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let tame = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
        if text.is_empty() || text.len() > 60 || !tame || hyphens {
            return Err(TextError::Form(
                "must be 1 to 60 small letters a-z, digits and single hyphens, as in \"access-and-skills\"",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

crate::text_newtype!(Slug);

/// What every reference of a review begins with: 2 to 6 capital letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferencePrefix(String);

impl ReferencePrefix {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReferencePrefix {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        if (2..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::Form("must be 2 to 6 capital letters, as in \"DGR\""))
        }
    }
}

crate::text_newtype!(ReferencePrefix);

/// Letters and digits that are not mistaken for one another on paper or over the telephone, and that spell no words.
const REFERENCE_ALPHABET: &[u8; 27] = b"23456789BCDFGHJKMNPQRTVWXYZ";
/// Symbols after the prefix: 27⁷ ≈ 10¹⁰ references a review.
const REFERENCE_LENGTH: usize = 7;

/// The public name of a contribution, as in `DGR-4K7-M2QX`.
///
/// It is random on purpose: a running number would tell when, and after whom, somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

impl Reference {
    /// Draws a reference.
    pub fn draw(prefix: &ReferencePrefix, entropy: &dyn Entropy) -> Self {
        let mut text = format!("{prefix}-");
        let mut drawn = 0;
        while drawn < REFERENCE_LENGTH {
            let mut byte = [0];
            entropy.fill(&mut byte);
            // 243 = 9 × 27: a larger byte would favour the first letters.
            if byte[0] < 243 {
                text.push(REFERENCE_ALPHABET[usize::from(byte[0]) % REFERENCE_ALPHABET.len()].into());
                drawn += 1;
                if drawn == 3 {
                    text.push('-');
                }
            }
        }
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it begins with.
    pub fn prefix(&self) -> ReferencePrefix {
        ReferencePrefix(self.0.split('-').next().unwrap_or_default().to_owned())
    }
}

impl FromStr for Reference {
    type Err = TextError;

    /// Accepts small letters, and missing or additional hyphens and spaces.
    fn from_str(text: &str) -> Result<Self, TextError> {
        const FORM: TextError = TextError::Form("is not a reference such as DGR-4K7-M2QX");
        if text.len() > 40 {
            return Err(FORM);
        }
        let compact: String =
            text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let split = compact.len().checked_sub(REFERENCE_LENGTH).ok_or(FORM)?;
        let (prefix, symbols) = compact.split_at_checked(split).ok_or(FORM)?;
        let prefix: ReferencePrefix = prefix.parse().map_err(|_| FORM)?;
        if !symbols.bytes().all(|b| REFERENCE_ALPHABET.contains(&b)) {
            return Err(FORM);
        }
        Ok(Self(format!("{prefix}-{}-{}", &symbols[..3], &symbols[3..])))
    }
}

crate::text_newtype!(Reference);

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn references_read_back_however_they_are_typed() -> Result<(), TextError> {
        let reference = Reference::draw(&"DGR".parse()?, &Counting(3.into()));
        assert_eq!(reference.as_str(), "DGR-567-89BC");
        assert_eq!("dgr 567 89bc".parse::<Reference>()?, reference);
        assert_eq!("DGR56789BC".parse::<Reference>()?, reference);
        for wrong in ["", "DGR", "DGR-567-89BO", "D-567-89BC", "DGR-567-89B€", "../../etc"] {
            assert!(wrong.parse::<Reference>().is_err(), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn slugs_are_safe_in_addresses() {
        assert!("access-and-skills".parse::<Slug>().is_ok());
        for wrong in ["", "-a", "a-", "a--b", "A", "a/b", "é", &"a".repeat(61)] {
            assert!(wrong.parse::<Slug>().is_err(), "{wrong}");
        }
    }
}
