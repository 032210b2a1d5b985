//! Languages, and text that the team wrote in several of them.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::text::TextError;

/// A language tag as in RFC 5646, kept to a primary language and an optional region or script: `en`, `cy`, `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Text whose language nobody has stated (ISO 639-2 `und`).
    pub fn undetermined() -> Self {
        Self("und".to_owned())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_undetermined(&self) -> bool {
        self.0 == "und"
    }
}

impl FromStr for Language {
    type Err = TextError;

    fn from_str(tag: &str) -> Result<Self, TextError> {
        let mut parts = tag.split('-');
        let primary =
            parts.next().is_some_and(|p| matches!(p.len(), 2 | 3) && p.bytes().all(|b| b.is_ascii_lowercase()));
        let rest = parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        if primary && rest && tag.len() <= 20 {
            Ok(Self(tag.to_owned()))
        } else {
            Err(TextError::Form("is not a language tag such as \"en\" or \"cy\""))
        }
    }
}

crate::text_newtype!(Language);

/// One text in the languages that the team wrote. In a file it is a plain string (in the first language of the
/// review) or a table `{ en = "…", cy = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Localised(BTreeMap<Language, String>);

impl Localised {
    /// A text in one language.
    pub fn new(language: Language, text: String) -> Self {
        Self(BTreeMap::from([(language, text)]))
    }

    /// The text for a reader of `language`, or else in English, or else the first there is, with the language that it is
    /// really in.
    pub fn get(&self, language: &Language) -> (&str, &Language) {
        self.0
            .get_key_value(language)
            .or_else(|| self.0.iter().find(|(known, _)| known.as_str() == "en"))
            .or_else(|| self.0.first_key_value())
            .map(|(found, text)| (text.as_str(), found))
            .expect("a localised text has at least one language")
    }

    /// The text for a reader of `language`, or else the first there is.
    pub fn text(&self, language: &Language) -> &str {
        self.get(language).0
    }

    /// Which of `languages` are missing.
    pub fn missing<'a>(&self, languages: &'a [Language]) -> Vec<&'a Language> {
        languages.iter().filter(|language| !self.0.contains_key(language)).collect()
    }

    /// Whether every text of `earlier` is still there, word for word.
    pub fn extends(&self, earlier: &Self) -> bool {
        earlier.0.iter().all(|(language, text)| self.0.get(language) == Some(text))
    }

    /// Every text with its language.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.as_str()))
    }

    /// Says that a plain string was written in `first`.
    pub(crate) fn settle(&mut self, first: &Language) {
        if let Some(text) = self.0.remove(&Language::undetermined()) {
            self.0.insert(first.clone(), text);
        }
    }
}

impl FromIterator<(Language, String)> for Localised {
    /// A text in several languages, of which there must be at least one.
    fn from_iter<I: IntoIterator<Item = (Language, String)>>(texts: I) -> Self {
        Self(texts.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for Localised {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Localised;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text, or a table of texts by language such as { en = \"…\", cy = \"…\" }")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Localised, E> {
                filled(text).map_err(E::custom)?;
                Ok(Localised::new(Language::undetermined(), text.trim().to_owned()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Localised, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some((language, text)) = map.next_entry::<Language, String>()? {
                    filled(&text).map_err(serde::de::Error::custom)?;
                    if language.is_undetermined() {
                        return Err(serde::de::Error::custom("`und` is not a language to write in"));
                    }
                    texts.insert(language, text.trim().to_owned());
                }
                if texts.is_empty() {
                    return Err(serde::de::Error::custom(TextError::Empty));
                }
                Ok(Localised(texts))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The most code points of a text that the team writes: enough for a long background paper.
const MAX: usize = 200_000;

fn filled(text: &str) -> Result<(), TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    crate::text::check(text, MAX)
}
