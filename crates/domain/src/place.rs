//! Places: the nations, regions, counties and local authorities of the United Kingdom, or the places of a review's own list.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Listed, Meant};
use crate::language::Language;

/// A place of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What it is known by: for places of the United Kingdom the code of the Government Statistical Service.
    pub code: String,
    /// Its name in the first language of the review; in the list of the United Kingdom, in English.
    pub name: String,
    /// What kind of place it is: `nation`, `region`, `authority`, or any other word.
    pub kind: String,
    /// The code of the place that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its names in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, String>,
    /// What else it is called, and codes that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

impl Place {
    /// Its name for a reader of `language`.
    pub fn name_in(&self, language: &Language) -> &str {
        self.names.get(language).unwrap_or(&self.name)
    }
}

impl Listed for Place {
    fn code(&self) -> &str {
        &self.code
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn names(&self) -> Vec<&str> {
        [&self.name].into_iter().chain(self.names.values()).chain(&self.also).map(String::as_str).collect()
    }
}

/// A list of places, with their parts and wholes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    all: Vec<Place>,
    by_code: HashMap<String, usize>,
}

/// The most places of a list.
pub const MOST: usize = 20_000;
/// The most levels of places within places.
const DEEPEST: usize = 8;

static UK: LazyLock<Places> = LazyLock::new(|| {
    let list = read(include_str!("../data/uk.csv")).expect("the list of the United Kingdom is checked by a test");
    Places::new(list)
});

impl Places {
    /// A list that has been checked ([`problems`]).
    pub fn new(all: Vec<Place>) -> Self {
        // From the end, so that the first of a code stands.
        let by_code = all.iter().enumerate().rev().map(|(at, place)| (place.code.clone(), at)).collect();
        Self { all, by_code }
    }

    /// The nations of the United Kingdom, the regions and counties of England and all local authorities, as of 1 April 2025.
    pub fn uk() -> &'static Self {
        &UK
    }

    /// Every place, in the order of the list.
    pub fn all(&self) -> &[Place] {
        &self.all
    }

    /// The place of that code.
    pub fn get(&self, code: &str) -> Option<&Place> {
        self.by_code.get(code).and_then(|at| self.all.get(*at))
    }

    /// The places that a place is a part of, the nearest first.
    pub fn around<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        let parent = |place: &&'a Place| place.parent.as_deref().and_then(|code| self.get(code));
        std::iter::successors(parent(&place), parent).take(DEEPEST)
    }

    /// What may be meant by the name of a place that somebody looks for, with everything that lies in it.
    pub fn meant(&self, typed: &str) -> Meant {
        let mut meant = Meant::of(&self.all, typed);
        let inside = |place: &&Place| self.around(place).any(|around| meant.codes.contains(&around.code));
        let inside: Vec<String> = self.all.iter().filter(inside).map(|place| place.code.clone()).collect();
        meant.codes.extend(inside);
        meant
    }

    /// The place itself, or the one that it is a part of, that is of this kind: `nation`, `region`, `authority`.
    pub fn of_kind<'a>(&'a self, code: &str, kind: &str) -> Option<&'a Place> {
        let place = self.get(code)?;
        std::iter::once(place).chain(self.around(place)).find(|place| place.kind == kind)
    }

    /// The nation that a place is, or lies in.
    pub fn nation(&self, code: &str) -> Option<&Place> {
        self.of_kind(code, "nation")
    }

    /// The region that a place is, or lies in.
    pub fn region(&self, code: &str) -> Option<&Place> {
        self.of_kind(code, "region")
    }

    /// The local authority that a place is, or lies in.
    pub fn authority(&self, code: &str) -> Option<&Place> {
        self.of_kind(code, "authority")
    }
}

/// Something wrong with a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct RowError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

/// Reads a list of places: a CSV file (RFC 4180) in UTF-8 with the columns `code`, `name`, `kind`, `parent`, and if wished
/// `also` (semicolons between) and `name_xx` for each other language xx. Lines that begin with `#` are remarks.
///
/// # Errors
/// Every row that is wrong, with its line.
pub fn read(text: &str) -> Result<Vec<Place>, Vec<RowError>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let columns = Columns::find(&mut reader)?;
    let (mut places, mut lines, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        let line = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
        match record {
            Ok(record) => {
                lines.push(line(record.position()));
                places.push(columns.place(&record));
            }
            Err(error) => {
                errors.push(RowError {
                    line: line(error.position()),
                    message: "cannot be read as CSV in UTF-8".to_owned(),
                });
            }
        }
    }
    let wrong = |(at, _, message): (usize, _, String)| RowError { line: lines.get(at).copied().unwrap_or(1), message };
    errors.extend(problems(&places).into_iter().map(wrong));
    errors.sort_by_key(|error| error.line);
    if errors.is_empty() { Ok(places) } else { Err(errors) }
}

/// Everything that is wrong with a list: which place (from 0), which of its keys, and a sentence about it.
pub fn problems(places: &[Place]) -> Vec<(usize, &'static str, String)> {
    let mut problems = Vec::new();
    if places.is_empty() || places.len() > MOST {
        problems.push((0, "code", format!("the list has {} places; 1 to {MOST} are possible", places.len())));
        return problems;
    }
    let list = Places::new(places.to_vec());
    for (at, place) in places.iter().enumerate() {
        let tame = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
        if place.code.is_empty() || place.code.len() > 40 || !place.code.chars().all(tame) {
            problems.push((at, "code", format!("the code {:?} is not 1 to 40 letters, digits, - . _ :", place.code)));
        } else if list.by_code.get(&place.code) != Some(&at) {
            problems.push((at, "code", format!("the code {} stands there twice", place.code)));
        } else if place.code == crate::question::OWN {
            problems.push((at, "code", format!("the code {} is taken", place.code)));
        }
        let texts = [("name", &place.name), ("kind", &place.kind)].into_iter();
        for (key, text) in texts.chain(place.names.values().map(|name| ("name", name))) {
            if let Err(error) = text.parse::<crate::text::Line>() {
                problems.push((at, key, format!("the {key} of {} {error}", place.code)));
            }
        }
        match &place.parent {
            Some(parent) if list.get(parent).is_none() => {
                problems.push((at, "parent", format!("the parent {parent} of {} is not in the list", place.code)));
            }
            Some(_) if list.around(place).count() == DEEPEST => {
                let message = format!("{} lies in itself, or in more than {DEEPEST} places", place.code);
                problems.push((at, "parent", message));
            }
            _ => {}
        }
    }
    problems
}

/// Where the columns of a file stand.
struct Columns {
    fixed: [usize; 4],
    also: Option<usize>,
    names: Vec<(Language, usize)>,
}

impl Columns {
    fn find(reader: &mut csv::Reader<&[u8]>) -> Result<Self, Vec<RowError>> {
        let wrong = |message: String| vec![RowError { line: 1, message }];
        let header =
            reader.headers().map_err(|_| wrong("the header cannot be read as CSV in UTF-8".to_owned()))?.clone();
        let find = |name: &str| header.iter().position(|column| column == name);
        let mut fixed = [0; 4];
        for (place, name) in fixed.iter_mut().zip(["code", "name", "kind", "parent"]) {
            *place = find(name).ok_or_else(|| {
                wrong(format!(
                    "there is no column `{name}`; the columns are code, name, kind, parent, and if wished name_cy, also"
                ))
            })?;
        }
        let mut names = Vec::new();
        for (at, column) in header.iter().enumerate() {
            if let Some(tag) = column.strip_prefix("name_") {
                let language = tag.parse().map_err(|error| wrong(format!("column `{column}`: {error}")))?;
                names.push((language, at));
            }
        }
        Ok(Self { fixed, also: find("also"), names })
    }

    fn place(&self, record: &csv::StringRecord) -> Place {
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let filled = |at: usize| Some(cell(at)).filter(|text| !text.is_empty());
        let [code, name, kind, parent] = self.fixed;
        let also = self.also.and_then(filled).unwrap_or_default();
        Place {
            code: cell(code),
            name: cell(name),
            kind: cell(kind),
            parent: filled(parent),
            names: self.names.iter().filter_map(|(tag, at)| Some((tag.clone(), filled(*at)?))).collect(),
            also: also.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_united_kingdom_is_whole() {
        let uk = Places::uk();
        let count = |prefix: &str| uk.all().iter().filter(|place| place.code.starts_with(prefix)).count();
        // Unitary authorities, districts, metropolitan districts, London boroughs; Wales, Scotland, Northern Ireland.
        let counts = ["E06", "E07", "E08", "E09", "W06", "S12", "N09"].map(count);
        assert_eq!(counts, [63, 164, 36, 33, 22, 32, 11]);
        assert_eq!(counts.iter().sum::<usize>(), 361);
        assert_eq!(uk.all().iter().filter(|place| place.kind == "authority").count(), 361);
        assert_eq!(uk.all().iter().filter(|place| place.kind == "region").count(), 9);
        // Every district lies in a county with a council, every metropolitan district in a metropolitan county.
        assert_eq!(["E10", "E11"].map(count), [21, 6]);
        for (district, county) in [("E07", "E10"), ("E08", "E11")] {
            let mut districts = uk.all().iter().filter(|place| place.code.starts_with(district));
            let there = |place: &Place| uk.of_kind(&place.code, "county").is_some_and(|of| of.code.starts_with(county));
            assert!(districts.all(there), "{district}");
        }
        assert_eq!(uk.all().iter().filter(|place| place.kind == "nation").count(), 4);
        for place in uk.all() {
            let nation = uk.nation(&place.code).expect("everything lies in a nation");
            assert_eq!(nation.code[..1], place.code[..1], "{}", place.code);
            let english = place.code.starts_with('E') && place.kind != "nation";
            assert_eq!(uk.region(&place.code).is_some(), english, "{}", place.code);
            let welsh: Language = "cy".parse().expect("a language");
            let named = place.names.contains_key(&welsh);
            let translated = matches!(place.kind.as_str(), "nation" | "region") || place.code.starts_with('W');
            assert_eq!(named, translated, "{}", place.code);
        }
    }

    #[test]
    fn what_lies_where_is_known() {
        let uk = Places::uk();
        let name = |place: Option<&Place>| place.map(|place| place.name.clone());
        assert_eq!(name(uk.region("E09000033")).as_deref(), Some("London"));
        assert_eq!(name(uk.nation("E09000033")).as_deref(), Some("England"));
        assert_eq!(name(uk.region("E07000123")).as_deref(), Some("North West"));
        assert_eq!(name(uk.of_kind("E07000123", "county")).as_deref(), Some("Lancashire"));
        assert_eq!(name(uk.of_kind("E08000035", "county")).as_deref(), Some("West Yorkshire"));
        assert_eq!(name(uk.nation("N09000003")).as_deref(), Some("Northern Ireland"));
        assert_eq!((uk.region("W06000022"), uk.authority("W92000004"), uk.get("X")), (None, None, None));
    }

    #[test]
    fn a_list_is_read_with_its_languages() {
        let list = "\u{feff}# ours\nname,code,kind,parent,name_cy,also\nNorth,n,area,,Gogledd,\"Up; Top\"\nTown,n.1,town,n,,\n";
        let places = Places::new(read(list).expect("a list"));
        let town = places.get("n.1").expect("the town");
        assert_eq!(places.around(town).map(|place| place.code.as_str()).collect::<Vec<_>>(), ["n"]);
        let north = places.get("n").expect("the north");
        assert_eq!(north.name_in(&"cy".parse().expect("a language")), "Gogledd");
        assert_eq!(north.also, ["Up", "Top"]);
    }

    #[test]
    fn every_wrong_row_is_told_with_its_line() {
        let wrong = |list: &str| -> Vec<u64> { read(list).expect_err(list).iter().map(|error| error.line).collect() };
        assert_eq!(wrong("code,name,kind\na,A,x\n"), [1]);
        assert_eq!(wrong("code,name,kind,parent,name_CY9!\na,A,x,\n"), [1]);
        assert_eq!(wrong("code,name,kind,parent\n"), [1]);
        let list =
            "code,name,kind,parent\na,A,x,\na,B,x,\nb,,x,\nc,C,,\nd,D,x,nowhere\n\"e e\",E,x,\nown,F,x,\ng,G,x,g\n";
        assert_eq!(wrong(list), [3, 4, 5, 6, 7, 8, 9]);
    }
}
