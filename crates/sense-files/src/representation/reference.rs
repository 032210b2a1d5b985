//! The population to compare with: a table that somebody brings, or the figures of the United Kingdom that are built in.

use std::collections::HashMap;
use std::path::Path;

use sense::representation::{Category, Dimension};

use crate::about::Input;
use crate::table::{Column, Row, Table};
use crate::{Error, Result};

/// The figures that are built in: what they are called, what they are, and the file.
const BUILT_IN: (&str, &str, &str) = (
    "uk",
    "uk (sex and age mid-2020, region mid-2021; Office for National Statistics)",
    include_str!("../../data/uk.csv"),
);

/// The population, and how people may write its categories.
pub(super) struct Reference {
    /// The name of the file, or what is built in.
    pub(super) name: String,
    /// The file, unless it is built in.
    pub(super) input: Option<Input>,
    pub(super) dimensions: Vec<Dimension>,
    /// For each dimension, every spelling in lower case, and the place of its category.
    spellings: Vec<HashMap<String, usize>>,
}

impl Reference {
    pub(super) fn read(path: &Path) -> Result<Reference> {
        let (name, what, text) = BUILT_IN;
        if Path::new(name) == path {
            let mut reference = Reference::new(what.to_owned(), None);
            let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
            for record in reader.records() {
                let record = record.map_err(|error| Error::Unfit(error.to_string()))?;
                let cells: Vec<&str> = record.iter().collect();
                reference.add(&cells).map_err(|(_, message)| Error::Unfit(message))?;
            }
            return Ok(reference);
        }
        let mut columns = ["dimension", "category", "people"].map(|name| Column(name.to_owned())).to_vec();
        if Table::names(path)?.iter().any(|name| name == "also") {
            columns.push(Column("also".to_owned()));
        }
        let mut table = Table::open(path, &columns)?;
        let input = Input::of(path)?;
        let mut reference = Reference::new(input.name.clone(), Some(input));
        let mut row = Row::default();
        while table.read(&mut row)? {
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            reference.add(&cells).map_err(|(column, message)| table.error(row.line, Some(column), message))?;
        }
        reference.check(path)
    }

    fn new(name: String, input: Option<Input>) -> Reference {
        Reference { name, input, dimensions: Vec::new(), spellings: Vec::new() }
    }

    /// Adds dimension, category, people and other spellings; says which cell is wrong, and why.
    fn add(&mut self, cells: &[&str]) -> std::result::Result<(), (usize, String)> {
        let cell = |place: usize| cells.get(place).map_or("", |cell| cell.trim());
        let (dimension, category) = (cell(0), cell(1));
        for (place, what) in ["dimension", "category"].into_iter().enumerate() {
            if cell(place).is_empty() {
                return Err((place, format!("there is no {what}")));
            }
        }
        let people: f64 = cell(2).replace([',', ' ', '\u{a0}'], "").parse().unwrap_or(f64::NAN);
        if !(people.is_finite() && people >= 0.0) {
            return Err((2, format!("“{}” is not a number of people", cell(2))));
        }
        let place = self.dimensions.iter().position(|known| known.name == dimension).unwrap_or_else(|| {
            self.dimensions.push(Dimension { name: dimension.to_owned(), categories: Vec::new() });
            self.spellings.push(HashMap::new());
            self.dimensions.len() - 1
        });
        let (Some(known), Some(spellings)) = (self.dimensions.get_mut(place), self.spellings.get_mut(place)) else {
            return Ok(());
        };
        let also = cell(3).split(';').map(str::trim).filter(|also| !also.is_empty());
        for (column, spelling) in std::iter::once((1, category)).chain(also.map(|also| (3, also))) {
            if spellings.insert(spelling.to_lowercase(), known.categories.len()).is_some() {
                return Err((column, format!("“{spelling}” of {dimension} is there twice")));
            }
        }
        known.categories.push(Category { name: category.to_owned(), people });
        Ok(())
    }

    fn check(self, path: &Path) -> Result<Reference> {
        if self.dimensions.is_empty() {
            return Err(Error::Unfit(format!("{} has no rows", path.display())));
        }
        for dimension in &self.dimensions {
            if dimension.categories.iter().all(|category| category.people <= 0.0) {
                return Err(Error::Unfit(format!("{}: nobody is in {}", path.display(), dimension.name)));
            }
        }
        Ok(self)
    }

    /// Leaves a category out of the population, because none of them could take part.
    pub(super) fn leave_out(&mut self, dimension: &str, category: &str) -> Result<()> {
        let known = self.dimensions.iter_mut().find(|known| known.name == dimension);
        let left_out = known.and_then(|known| known.categories.iter_mut().find(|known| known.name == category));
        let message = || format!("--not-asked {dimension}={category}: there is no such category in {}", self.name);
        left_out.ok_or_else(|| Error::Unfit(message()))?.people = 0.0;
        Ok(())
    }

    /// Only the dimensions for which `keep` says so, by their place.
    pub(super) fn only(self, keep: impl Fn(usize) -> bool) -> Reference {
        let both = self.dimensions.into_iter().zip(self.spellings).enumerate().filter(|(place, _)| keep(*place));
        let (dimensions, spellings) = both.map(|(_, both)| both).unzip();
        Reference { name: self.name, input: self.input, dimensions, spellings }
    }

    /// The category of what somebody wrote: its name in any case, another spelling, or a whole number in a range such as 16-24.
    pub(super) fn category(&self, dimension: usize, written: &str) -> Option<usize> {
        let spelling = written.trim().to_lowercase();
        if let Some(category) = self.spellings.get(dimension)?.get(&spelling) {
            return Some(*category);
        }
        let number: u32 = spelling.parse().ok()?;
        let categories = &self.dimensions.get(dimension)?.categories;
        categories.iter().position(|category| range(&category.name).is_some_and(|range| range.contains(&number)))
    }
}

/// The whole numbers of `16-24`, `16–24`, `16 to 24` or `85+`.
fn range(name: &str) -> Option<std::ops::RangeInclusive<u32>> {
    if let Some(from) = name.strip_suffix('+') {
        return Some(from.trim().parse().ok()?..=u32::MAX);
    }
    let (from, to) = name.split_once(['-', '–']).or_else(|| name.split_once(" to "))?;
    Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
}
