//! What in a list could be meant by what somebody typed, to pick from.

use domain::catalogue::{Listed, matching};
use domain::question::{ListedFields, OWN};
use domain::{Fields, Kind, Places, Question};

use crate::locale::Locale;
use crate::shown::named::{place_note, place_said, service_said};

/// The most entries that are offered at once.
const MOST: usize = 30;

/// Entries to pick from.
pub(crate) struct Offer {
    /// What was typed.
    pub typed: String,
    /// The entries.
    pub entries: Vec<Entry>,
    /// How many there are, if they are too many to offer all of them.
    pub of: Option<i64>,
    /// Whether what was typed is to stay as it is.
    pub own: bool,
}

/// An entry to pick.
pub(crate) struct Entry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What tells it from another one of the same name.
    pub note: String,
    /// Whether it was picked.
    pub picked: bool,
}

impl Offer {
    /// What is offered: something if somebody is asked (`asked`), or has picked before.
    pub fn of(locale: Locale, question: &Question, listed: ListedFields, fields: &Fields, asked: bool) -> Option<Self> {
        let typed = fields.get(listed.typed)?;
        let picked = fields.get(listed.pick).unwrap_or_default();
        if !asked && picked.is_empty() {
            return None;
        }
        let lists = &question.lists;
        let of_services = listed.typed == ListedFields::SERVICE.typed || question.kind == Kind::Service;
        let mut entries: Vec<Entry> = if of_services {
            let entry = |service| Entry { name: service_said(locale, service), ..Entry::of(service, picked) };
            matching(lists.services(), typed).into_iter().map(entry).collect()
        } else {
            matching_places(locale, lists.places(), typed, picked)
        };
        if entries.is_empty() {
            return None;
        }
        let of = (entries.len() > MOST).then(|| i64::try_from(entries.len()).unwrap_or(i64::MAX));
        entries.truncate(MOST);
        Some(Self { typed: typed.to_owned(), entries, of, own: picked == OWN })
    }
}

/// The first places that could be meant by what was typed.
pub(crate) fn places_meant(locale: Locale, places: &Places, typed: &str, picked: &str) -> Vec<Entry> {
    let mut entries = matching_places(locale, places, typed, picked);
    entries.truncate(MOST);
    entries
}

fn matching_places(locale: Locale, places: &Places, typed: &str, picked: &str) -> Vec<Entry> {
    let entry = |place| {
        let (name, note) = (place_said(locale, place), place_note(locale, places, place));
        Entry { name, note, ..Entry::of(place, picked) }
    };
    matching(places.all(), typed).into_iter().map(entry).collect()
}

impl Entry {
    fn of(entry: &impl Listed, picked: &str) -> Self {
        let picked = entry.code() == picked;
        Self { code: entry.code().to_owned(), name: String::new(), note: String::new(), picked }
    }
}
