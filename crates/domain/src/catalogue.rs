//! Lists of things that are known by a code, found by the names that people type: places, services.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One of a list, or something else in the person's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its code in the list; none for one's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Its name, or the person's own words.
    pub name: String,
}

impl Named {
    /// Something that is in no list.
    pub const fn own(words: String) -> Self {
        Self { code: None, name: words }
    }

    /// An entry of a list.
    pub fn listed(entry: &impl Listed) -> Self {
        Self { code: Some(entry.code().to_owned()), name: entry.name().to_owned() }
    }
}

/// An entry of a list.
pub trait Listed {
    /// What it is known by, unique in its list.
    fn code(&self) -> &str;
    /// What it is called first of all.
    fn name(&self) -> &str;
    /// Everything that it is called, in every language.
    fn names(&self) -> Vec<&str>;
}

/// What somebody may have meant.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a, T> {
    /// Nothing in the list.
    Nothing,
    /// This: the only entry of that code or that very name, or the only one at all that could be meant.
    One(&'a T),
    /// One of these; those whose names begin as typed stand first.
    Several(Vec<&'a T>),
}

/// Looks for what was typed: a code, a name, or the beginnings of words of a name, in any order. Neither capital letters
/// nor accents nor punctuation matter.
pub fn find<'a, T: Listed>(list: &'a [T], typed: &str) -> Found<'a, T> {
    let exact: Vec<&T> = exact(list, typed).collect();
    if let [one] = exact.as_slice() {
        return Found::One(one);
    }
    let mut found = matching(list, typed);
    match found.len() {
        0 => Found::Nothing,
        1 => Found::One(found.remove(0)),
        _ => Found::Several(found),
    }
}

/// Every entry that could be meant; those whose names begin as typed stand first.
pub fn matching<'a, T: Listed>(list: &'a [T], typed: &str) -> Vec<&'a T> {
    let typed = folded(typed);
    let words: Vec<&str> = typed.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return vec![];
    }
    let mut found: Vec<(bool, &T)> = Vec::new();
    for entry in list {
        let names: Vec<String> = entry.names().into_iter().map(folded).collect();
        let begins = |word: &str, name: &str| name.split(' ').any(|part| part.starts_with(word));
        let code = folded(entry.code()) == typed;
        if code || names.iter().any(|name| words.iter().all(|word| begins(word, name))) {
            found.push((!names.iter().any(|name| name.starts_with(&typed)), entry));
        }
    }
    // A stable sort: otherwise the order of the list stays.
    found.sort_by_key(|(later, _)| *later);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Entries of that code, or that are called just so.
fn exact<'a, T: Listed>(list: &'a [T], typed: &str) -> impl Iterator<Item = &'a T> {
    let typed = folded(typed);
    list.iter().filter(move |entry| {
        !typed.is_empty()
            && (folded(entry.code()) == typed || entry.names().into_iter().any(|name| folded(name) == typed))
    })
}

/// Whether an entry has that code, or is called just so.
pub fn is_called(entry: &impl Listed, typed: &str) -> bool {
    exact(std::slice::from_ref(entry), typed).next().is_some()
}

/// What may be meant by a name that somebody looks for: entries of a list, or the same words as somebody's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The words, as [`words`] gives them.
    pub words: Vec<String>,
    /// The codes of the entries.
    pub codes: BTreeSet<String>,
}

impl Meant {
    /// The entries of that code or that very name; if there are none, all that could be meant.
    pub fn of<T: Listed>(list: &[T], typed: &str) -> Self {
        let found = meant(list, typed);
        Self { words: words(typed), codes: found.into_iter().map(|entry| entry.code().to_owned()).collect() }
    }

    /// Whether this is meant: one of the entries, or one's own name for something, with all of the words.
    pub fn holds(&self, name: Option<&str>, code: Option<&str>) -> bool {
        if let Some(code) = code {
            return self.codes.contains(code);
        }
        let own = words(name.unwrap_or_default());
        !self.words.is_empty() && self.words.iter().all(|word| own.contains(word))
    }
}

/// Words that say what kind of a place it is, or belong to no name: "Leeds City Council", "in Leeds".
const BESIDE: [&str; 14] = [
    "the",
    "of",
    "in",
    "near",
    "city",
    "county",
    "borough",
    "district",
    "metropolitan",
    "council",
    "yn",
    "ger",
    "cyngor",
    "dinas",
];

/// The entries that are called so; or else those that could be meant; each at first by all that was typed, then without words
/// that belong to no name, then by what stands before the first comma, and at last by one for many.
fn meant<'a, T: Listed>(list: &'a [T], typed: &str) -> Vec<&'a T> {
    let name = |text: &str| {
        let text = folded(text);
        text.split(' ').filter(|word| !BESIDE.contains(word)).collect::<Vec<_>>().join(" ")
    };
    let first = typed.split(',').next().unwrap_or_default();
    let readings = [typed.to_owned(), name(typed), first.to_owned(), name(first), words(typed).join(" ")];
    let called = readings.iter().map(|reading| exact(list, reading).collect::<Vec<_>>());
    let like = readings.iter().map(|reading| matching(list, reading));
    called.chain(like).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The words of a name, such that the same word is found in one and in many: without capital letters, accents and apostrophes, and
/// without the endings of English plurals.
pub fn words(name: &str) -> Vec<String> {
    folded(name).split(' ').filter(|word| !word.is_empty()).map(|word| singular(word).into_owned()).collect()
}

fn singular(word: &str) -> Cow<'_, str> {
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() >= 2);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y").into();
    }
    match ["ses", "xes", "ches", "shes"].iter().find(|ending| word.ends_with(**ending)) {
        Some(_) => stem("es").unwrap_or(word).into(),
        None if ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) => word.into(),
        None => stem("s").unwrap_or(word).into(),
    }
}

/// A text without capital letters, accents and punctuation, with single spaces between its words.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’')) {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::place::Places;

    #[test]
    fn capital_letters_accents_and_punctuation_do_not_matter() {
        assert_eq!(folded("  Ynys MÔN "), "ynys mon");
        assert_eq!(folded("King's Lynn & West Norfolk"), "kings lynn west norfolk");
        assert_eq!(folded("St. Helens"), "st helens");
        assert_eq!(folded("…"), "");
    }

    fn code(typed: &str) -> Option<&'static str> {
        match find(Places::uk().all(), typed) {
            Found::One(place) => Some(place.code.as_str()),
            _ => None,
        }
    }

    #[test]
    fn a_name_or_the_only_one_that_can_be_meant_is_found() {
        for (typed, expected) in [
            ("caerdydd", "W06000015"),
            ("ynys mon", "W06000001"),
            ("Anglesey", "W06000001"),
            ("hull", "E06000010"),
            ("kings lynn", "E07000146"),
            ("bristol city", "E06000023"),
            ("e92000001", "E92000001"),
            ("E08000016", "E08000038"),
            ("western isles", "S12000013"),
            // Just so, although "North Somerset" could be meant as well.
            ("Somerset", "E06000066"),
            ("London", "E12000007"),
        ] {
            assert_eq!(code(typed), Some(expected), "{typed}");
        }
        assert_eq!(find(Places::uk().all(), "Atlantis"), Found::Nothing);
        assert_eq!(find(Places::uk().all(), " - "), Found::Nothing);
    }

    #[test]
    fn a_place_is_meant_by_what_people_call_it() {
        let meant = |typed: &str| Meant::of(Places::uk().all(), typed).codes.into_iter().collect::<Vec<_>>();
        for typed in ["Leeds City Council", "in Leeds", "City of Leeds", "Leeds, West Yorkshire", "cyngor Leeds"] {
            assert_eq!(meant(typed), ["E08000035"], "{typed}");
        }
        assert_eq!(meant("Kent County Council"), ["E10000016"]);
        assert_eq!(meant("Sir Gâr"), ["W06000010"]);
        assert_eq!(meant("Greater London"), ["E12000007"]);
        assert_eq!(meant("Hulls"), meant("Hull"));
        // What is called just so is not taken apart.
        assert_eq!(meant("City of London"), ["E09000001"]);
        assert_eq!(meant("County Durham"), ["E06000047"]);
        assert_eq!(meant("The Council"), [""; 0]);
    }

    #[test]
    fn one_and_many_are_the_same_word() {
        for (one, many) in [
            ("passport", "Passports"),
            ("bus", "buses"),
            ("library", "libraries"),
            ("school", "schools"),
            ("service", "services"),
            ("tax", "taxes"),
            ("church", "churches"),
            ("carers", "carer's"),
        ] {
            assert_eq!(words(one), words(many));
        }
        assert_eq!(words("address bus is"), ["address", "bus", "is"]);
        let own =
            |name: &str, typed: &str| Meant { words: words(typed), codes: BTreeSet::new() }.holds(Some(name), None);
        assert!(own("School buses", "bus") && own("A bus", "buses") && !own("A bus", "") && !own("Business", "bus"));
    }

    #[test]
    fn several_are_offered_and_those_that_begin_so_stand_first() {
        let Found::Several(found) = find(Places::uk().all(), "newc") else { panic!("there are two Newcastles") };
        let names: Vec<&str> = found.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(names, ["Newcastle-under-Lyme", "Newcastle upon Tyne"]);
    }

    proptest! {
        /// Every entry is found by its own name and its own code, whatever else is found.
        #[test]
        fn everything_is_found_by_its_names(at in 0..Places::uk().all().len(), upper in any::<bool>()) {
            let place = &Places::uk().all()[at];
            for name in place.names().into_iter().chain([place.code.as_str()]) {
                let typed = if upper { name.to_uppercase() } else { name.to_owned() };
                prop_assert!(matching(Places::uk().all(), &typed).contains(&place), "{}", name);
            }
        }

        #[test]
        fn nothing_that_can_be_typed_breaks_the_search(typed in ".*") {
            let all = matching(Places::uk().all(), &typed).len();
            prop_assert!(all <= Places::uk().all().len());
        }
    }
}
