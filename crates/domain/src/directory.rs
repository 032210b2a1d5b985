//! The directory of help: places where somebody helps to give evidence, and which of them are near.

use serde::{Deserialize, Serialize};

use crate::language::{Language, Localised};
use crate::place::{Place, Places, RowError};
use crate::text::Line;
use crate::web_address::WebAddress;

pub use self::rows::read;

mod rows;

crate::words! {
    /// What somebody helps with.
    HelpKind {
        /// A computer to use, with somebody beside.
        Online = "online",
        /// Reading out and writing down.
        Writing = "writing",
        /// By telephone.
        Telephone = "telephone",
        /// At home.
        Home = "home",
        /// In another language.
        Translation = "translation",
        /// In a sign language.
        Signing = "signing",
    }
}

crate::words! {
    /// What makes a place easier to use.
    Access {
        /// No step on the way in.
        StepFree = "step-free",
        /// A hearing loop.
        HearingLoop = "hearing-loop",
        /// A quiet room.
        QuietRoom = "quiet-room",
        /// An accessible toilet.
        Toilet = "toilet",
        /// Parking for disabled people.
        Parking = "parking",
    }
}

/// A place where somebody helps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpPlace {
    /// Its name.
    pub name: Line,
    /// Where it stands, to go there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Line>,
    /// The place that it is in or that it serves, by its code; none if it helps anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When somebody is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Localised>,
    /// What it helps with.
    pub help: Vec<HelpKind>,
    /// What else should be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Localised>,
    /// The languages that are spoken there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// What makes it easier to use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<Access>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Line>,
    /// Its own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<WebAddress>,
}

impl HelpPlace {
    /// What is wrong with it: the key, and the end of a sentence that begins with it.
    pub(crate) fn problems(&self, places: &Places) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if self.help.is_empty() {
            let known: Vec<&str> = HelpKind::ALL.iter().map(|kind| kind.as_str()).collect();
            problems.push(("help", format!("must say what it helps with: {}", known.join(", "))));
        }
        if let Some(code) = self.place.as_deref().filter(|code| places.get(code).is_none()) {
            problems.push(("place", format!("names `{code}`, which is not the code of any place")));
        }
        if self.address.is_none() && self.telephone.is_none() && self.email.is_none() && self.web.is_none() {
            problems.push(("name", "needs a way to get there: address, telephone, email or web".to_owned()));
        }
        problems
    }
}

/// How near help is to the place that somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near<'a> {
    /// In that place.
    Here(&'a Place),
    /// For the whole of a place that it lies in.
    Whole(&'a Place),
    /// Somewhere else in the smallest place that it lies in.
    Elsewhere(&'a Place),
    /// Wherever one is.
    Anywhere,
}

/// What helps somebody at `asked`, the nearest first, in groups: what is there; what serves the whole of the place that it
/// lies in; what is elsewhere in that, for whoever asks for one of the smallest places; and so on outwards; what helps anywhere. What is
/// elsewhere is left out.
pub fn by_nearness<'a, T>(
    places: &'a Places,
    asked: &'a Place,
    all: impl IntoIterator<Item = T>,
    code: impl Fn(&T) -> Option<&str>,
) -> Vec<(Near<'a>, Vec<T>)> {
    let around: Vec<&Place> = places.around(asked).collect();
    let smallest = !places.all().iter().any(|place| place.parent.as_ref() == Some(&asked.code));
    let mut groups = vec![(Near::Here(asked), Vec::new())];
    for (at, wider) in around.iter().enumerate() {
        groups.push((Near::Whole(wider), Vec::new()));
        if smallest && (at == 0 || at + 1 < around.len()) {
            groups.push((Near::Elsewhere(wider), Vec::new()));
        }
    }
    groups.push((Near::Anywhere, Vec::new()));
    for help in all {
        let there = code(&help).map(|code| places.get(code));
        let fits = |near: &Near<'_>| match (near, there) {
            (Near::Anywhere, None) => true,
            (Near::Here(here) | Near::Elsewhere(here), Some(Some(there))) => {
                there.code == here.code || places.around(there).any(|wider| wider.code == here.code)
            }
            (Near::Whole(wider), Some(Some(there))) => wider.code == there.code,
            _ => false,
        };
        if let Some((_, group)) = groups.iter_mut().find(|(near, _)| fits(near)) {
            group.push(help);
        }
    }
    groups.retain(|(_, group)| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(groups: Vec<(Near<'_>, Vec<&'static str>)>) -> Vec<(String, Vec<&'static str>)> {
        let name = |near| match near {
            Near::Here(place) => format!("in {}", place.name),
            Near::Whole(place) => format!("all {}", place.name),
            Near::Elsewhere(place) => format!("near {}", place.name),
            Near::Anywhere => "anywhere".to_owned(),
        };
        groups.into_iter().map(|(near, group)| (name(near), group)).collect()
    }

    /// Leeds, York, the region of both, Manchester, England, Cardiff, anywhere.
    const ALL: [&str; 7] = ["E08000035", "E06000014", "E12000003", "E08000003", "E92000001", "W06000015", ""];

    fn asked(code: &str) -> Vec<(String, Vec<&'static str>)> {
        let uk = Places::uk();
        let asked = uk.get(code).expect("a place");
        named(by_nearness(uk, asked, ALL, |code| Some(*code).filter(|code| !code.is_empty())))
    }

    #[test]
    fn a_district_gets_its_own_then_its_region_then_its_nation_then_those_anywhere() {
        let expected = [
            ("in Leeds", vec!["E08000035"]),
            ("all Yorkshire and The Humber", vec!["E12000003"]),
            ("near Yorkshire and The Humber", vec!["E06000014"]),
            ("all England", vec!["E92000001"]),
            ("anywhere", vec![""]),
        ];
        assert_eq!(asked("E08000035"), expected.map(|(name, codes)| (name.to_owned(), codes)));
        let swansea = [("near Wales", vec!["W06000015"]), ("anywhere", vec![""])];
        assert_eq!(asked("W06000011"), swansea.map(|(name, codes)| (name.to_owned(), codes)));
    }

    #[test]
    fn a_region_gets_all_that_lies_in_it_and_not_its_neighbours() {
        let region = asked("E12000003");
        assert_eq!(region[0].1, ["E08000035", "E06000014", "E12000003"]);
        assert_eq!(region.iter().map(|(_, codes)| codes.len()).sum::<usize>(), 5, "{region:?}");
        assert_eq!(asked("E92000001")[0].1.len(), 5);
    }

    proptest! {
        /// Whatever is asked for, help there stands first, help anywhere stands last, and nothing is there twice.
        #[test]
        fn nothing_is_doubled_and_the_ends_stand(at in 0..Places::uk().all().len()) {
            let uk = Places::uk();
            let place = &uk.all()[at];
            let all: Vec<&str> = uk.all().iter().map(|place| place.code.as_str()).chain([""]).collect();
            let groups = by_nearness(uk, place, &all, |code| Some(**code).filter(|code| !code.is_empty()));
            let mut found: Vec<&str> = groups.iter().flat_map(|(_, group)| group).map(|code| **code).collect();
            prop_assert!(groups[0].1.iter().any(|code| **code == place.code));
            prop_assert_eq!(found.last(), Some(&""));
            let count = found.len();
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(found.len(), count);
        }
    }
}
