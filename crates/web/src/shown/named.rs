//! What places and services are called: in the reader's language where they are listed, else as their author wrote it.

use domain::question::{ListedService, Lists};
use domain::{Answer, Example, Language, Place, Places, Question};

use crate::locale::{Lang, Locale, Said};

/// A listed place as readers see it: its name, and where it lies.
pub(super) fn listed_place(locale: Locale, question: &Question, code: Option<&str>) -> Option<String> {
    let places = question.lists.places();
    let place = places.get(code?)?;
    let note = place_note(locale, places, place);
    Some(format!("{} ({note})", place_said(locale, place)))
}

/// The name of a place.
pub(crate) fn place_said(locale: Locale, place: &Place) -> String {
    place.name_in(locale.language()).to_owned()
}

/// What tells a place from another one of the same name: its kind, and what it is a part of.
pub(crate) fn place_note(locale: Locale, places: &Places, place: &Place) -> String {
    let kind = Some(locale.word("place-kind", &place.kind)).filter(|word| !word.is_empty()).unwrap_or(&place.kind);
    let around = places.around(place).map(|around| around.name_in(locale.language()));
    [kind].into_iter().chain(around).collect::<Vec<_>>().join(", ")
}

/// A listed service as readers see it.
pub(super) fn listed_service(locale: Locale, question: &Question, code: Option<&str>) -> Option<String> {
    Some(service_said(locale, question.lists.service(code?)?))
}

/// The name of a service.
pub(crate) fn service_said(locale: Locale, service: &ListedService) -> String {
    locale.say(&service.name).text.to_owned()
}

/// What an example is about, as its reader calls it.
pub(crate) struct About<'a> {
    /// The service.
    pub service: Option<Said<'a>>,
    /// The place.
    pub place: Option<Said<'a>>,
}

/// What is listed is called in the reader's language, anything else as its author wrote it.
#[derive(Clone, Copy)]
pub(crate) struct Calling<'a> {
    pub locale: Locale,
    pub lists: &'a Lists,
    /// The language of the author.
    pub author: &'a Language,
}

impl<'a> Calling<'a> {
    pub fn about(self, example: &'a Example) -> About<'a> {
        About {
            service: self.service(example.service.as_deref(), example.service_id.as_deref()),
            place: self.place(example.place.as_deref(), example.place_code.as_deref()),
        }
    }

    /// What an answer names, if it is a service or a place.
    pub fn named(self, answer: &'a Answer) -> Option<Said<'a>> {
        match answer {
            Answer::Service(named) => self.service(Some(&named.name), named.code.as_deref()),
            Answer::Place(named) => self.place(Some(&named.name), named.code.as_deref()),
            _ => None,
        }
    }

    fn service(self, name: Option<&'a str>, code: Option<&str>) -> Option<Said<'a>> {
        let listed = code.and_then(|code| self.lists.service(code));
        listed.map(|service| self.locale.say(&service.name)).or_else(|| self.own(name))
    }

    fn place(self, name: Option<&'a str>, code: Option<&str>) -> Option<Said<'a>> {
        let listed = code.and_then(|code| self.lists.places().get(code));
        let said = |place: &'a Place| Said { text: place.name_in(self.locale.language()), lang: Lang::default() };
        listed.map(said).or_else(|| self.own(name))
    }

    fn own(self, name: Option<&'a str>) -> Option<Said<'a>> {
        Some(Said { text: name?, lang: self.locale.lang(self.author) })
    }
}
