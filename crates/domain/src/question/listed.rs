//! Answers that are entries of a list, or one's own words: places and services, alone or as parts of an example.

use super::{OWN, bounded};
use crate::answer::AnswerError;
use crate::catalogue::{Found, Listed, Meant, Named, find, is_called, matching};
use crate::fields::Fields;
use crate::id::Slug;
use crate::language::Localised;
use crate::place::Places;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// The lists of a review that its questions draw on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lists {
    /// Its own places; none for those of the United Kingdom.
    pub(crate) places: Option<Places>,
    /// Its services.
    pub(crate) services: Vec<ListedService>,
}

impl Lists {
    /// The places that a question about a place knows.
    pub fn places(&self) -> &Places {
        self.places.as_ref().unwrap_or_else(|| Places::uk())
    }

    /// The services that a question about a service knows.
    pub fn services(&self) -> &[ListedService] {
        &self.services
    }

    /// The service of that code.
    pub fn service(&self, code: &str) -> Option<&ListedService> {
        self.services.iter().find(|service| service.id.as_str() == code)
    }

    /// What may be meant by the name of a service that somebody looks for.
    pub fn meant_service(&self, typed: &str) -> Meant {
        Meant::of(&self.services, typed)
    }
}

/// A service that people may mean by several names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedService {
    /// Its name within the review.
    pub id: Slug,
    /// What it is called.
    pub name: Localised,
    /// What else people call it, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<Language, Vec<String>>,
}

impl Listed for ListedService {
    fn code(&self) -> &str {
        self.id.as_str()
    }

    /// In English, or else in the first language that it has a name in: what is kept is the same whoever reads.
    fn name(&self) -> &str {
        self.name.text(&Language::undetermined())
    }

    fn names(&self) -> Vec<&str> {
        let aliases = self.aliases.values().flatten().map(String::as_str);
        self.name.iter().map(|(_, name)| name).chain(aliases).collect()
    }
}

/// The fields of an answer that may be an entry of a list.
#[derive(Debug, Clone, Copy)]
pub struct ListedFields {
    /// What was typed.
    pub typed: &'static str,
    /// Which entry was picked, by its code, or [`OWN`].
    pub pick: &'static str,
    /// For which typed text the entries to pick from were offered. It is there if somebody is there to be asked.
    pub offer: &'static str,
}

impl ListedFields {
    /// Those of a question about a place or a service.
    pub const ALONE: Self = Self { typed: super::ANSWER, pick: super::PICK, offer: "offer" };
    /// Those of the service of an example.
    pub const SERVICE: Self = Self { typed: "service", pick: "service-pick", offer: "service-offer" };
    /// Those of the place of an example.
    pub const PLACE: Self = Self { typed: "place", pick: "place-pick", offer: "place-offer" };

    /// Puts an answer back into its fields.
    pub(crate) fn push(&self, fields: &mut Fields, name: &str, code: Option<&str>) {
        fields.push(self.typed, name);
        fields.push(self.pick, code.unwrap_or(OWN));
    }

    /// What was meant: the entry that was picked among those offered; or else the one that is called just so; or else one's
    /// own words. Where something could be meant that is not called just so, whoever is there is asked; a table of answers gives
    /// its own words.
    ///
    /// # Errors
    /// [`AnswerError::Several`] if somebody must say what is meant; or what is wrong with the text.
    pub fn take<T: Listed>(&self, fields: &Fields, list: &[T]) -> Result<Option<Named>, AnswerError> {
        let Some(typed) = bounded(fields, self.typed, 200, true)? else {
            return Ok(None);
        };
        let asked = fields.given(self.offer);
        // What was picked for another text than the one that stands there now says nothing.
        let picked = fields.get(self.pick).filter(|_| !asked || fields.raw(self.offer).trim() == typed);
        match picked {
            Some(OWN) => return Ok(Some(Named::own(typed))),
            Some(code) => {
                let all = matching(list, &typed);
                if let Some(entry) = all.into_iter().find(|entry| entry.code() == code) {
                    return Ok(Some(Named::listed(entry)));
                }
            }
            None => {}
        }
        match find(list, &typed) {
            Found::One(entry) if is_called(entry, &typed) => Ok(Some(Named::listed(entry))),
            Found::One(_) | Found::Several(_) if asked => Err(AnswerError::Several { field: self.pick }),
            Found::One(_) | Found::Several(_) | Found::Nothing => Ok(Some(Named::own(typed))),
        }
    }
}
