//! Votes in the format of Pabulib, a library of budgets that people voted on (<https://pabulib.org/format>, arXiv:2305.11035).
//!
//! Three tables follow one another: META, PROJECTS and VOTES. What Folkmoot does not know is kept: a file is written back as it came, with
//! the result in the column `selected`.

use std::ops::Range;
use std::path::Path;

use sense::shares::{Election, Project};
use serde::Serialize;

use super::decimal::Decimal;
use super::notes::notes;
use super::reading::{Names, Reading};
use crate::{Error, Result};

/// How people voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VoteType {
    /// For any projects.
    Approval,
    /// For one project.
    #[serde(rename = "choose-1")]
    ChooseOne,
    /// For projects in order. The order is not used: to be named is to be supported.
    Ordinal,
    /// With points, which have a sum.
    Cumulative,
    /// With points.
    Scoring,
}

impl VoteType {
    /// Whether ballots give points.
    pub fn has_points(self) -> bool {
        matches!(self, VoteType::Cumulative | VoteType::Scoring)
    }
}

/// A file that was read.
pub struct Pabulib {
    text: String,
    /// The keys and values of META, in order.
    pub meta: Vec<(String, String)>,
    /// How people voted.
    pub vote_type: VoteType,
    /// What is voted on, in the order of the file.
    pub election: Election,
    /// For each project its name, or else its id.
    pub titles: Vec<String>,
    /// The ids of the voters, in the order of the file.
    pub voters: Names,
    /// How many decimals the amounts of the election have.
    pub places: u32,
    /// What is odd about the file, though it can be counted.
    pub notes: Vec<String>,
    /// Where the value of `rule` stands in the text.
    rule: Option<Range<usize>>,
    /// Where META ends.
    meta_end: usize,
    /// Where the header of PROJECTS ends.
    header_end: usize,
    /// For each project where its cell `selected` stands, or would stand, and how many cells are missing before it.
    selected: Vec<(Range<usize>, usize)>,
    has_selected: bool,
}

impl Pabulib {
    /// Reads the file at `path`.
    pub fn open(path: &Path) -> Result<Pabulib> {
        Pabulib::read(path, std::fs::read(path).map_err(Error::file(path))?)
    }

    /// Reads `bytes`, which errors say are those of the file at `path`.
    pub fn read(path: &Path, bytes: Vec<u8>) -> Result<Pabulib> {
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = memchr::memchr_iter(b'\n', valid).count() as u64 + 1;
            let before = memchr::memrchr(b'\n', valid).map_or(valid.len(), |end| valid.len() - end - 1);
            let message = "not UTF-8 here; save the file as UTF-8".to_owned();
            Error::Line { path: path.to_owned(), line, column: Some(before as u64 + 1), message }
        })?;
        let unfit = |message: &str| Error::Unfit(format!("{}: {message}", path.display()));
        let reading = Reading::of(path, &text)?;
        let amounts = same_places(reading.costs.iter().copied().chain([reading.budget]));
        let (places, amounts) = amounts.ok_or_else(|| unfit("the amounts have too many digits"))?;
        let points = reading.points().ok_or_else(|| unfit("the points have too many digits"))?;
        let ballots = reading.choices(points);
        let projects = reading.ids.iter().zip(&amounts).map(|(id, cost)| Project { name: id.clone(), cost: *cost });
        let budget = amounts.last().copied().unwrap_or(0);
        let unit = 10i64.checked_pow(places).unwrap_or(i64::MAX);
        let election =
            Election::new(budget, unit, projects.collect(), ballots).map_err(|error| unfit(&error.to_string()))?;
        let notes = notes(&reading);
        let Reading { meta, vote_type, rule, meta_end, header_end, titles, selected, has_selected, voters, .. } =
            reading;
        Ok(Pabulib {
            text,
            meta,
            vote_type,
            election,
            titles,
            voters,
            places,
            notes,
            rule,
            meta_end,
            header_end,
            selected,
            has_selected,
        })
    }

    /// The value of a key of META.
    pub fn meta(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The file with another result: `funded` projects are selected by `rule`. Everything else stays as it is.
    pub fn with_result(&self, funded: &[usize], rule: &str) -> String {
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        match &self.rule {
            Some(range) => changes.push((range.clone(), rule.to_owned())),
            None => changes.push((self.meta_end..self.meta_end, format!("\nrule;{rule}"))),
        }
        if !self.has_selected {
            changes.push((self.header_end..self.header_end, ";selected".to_owned()));
        }
        for (project, (range, missing)) in self.selected.iter().enumerate() {
            let selected = u8::from(funded.contains(&project));
            changes.push((range.clone(), format!("{}{selected}", ";".repeat(*missing))));
        }
        let (mut written, mut from) = (String::with_capacity(self.text.len() + changes.len() * 2), 0);
        for (range, change) in changes {
            written.push_str(&self.text[from..range.start]);
            written.push_str(&change);
            from = range.end;
        }
        written.push_str(&self.text[from..]);
        written
    }
}

/// Makes whole numbers of decimal ones, and says of which power of ten.
fn same_places(numbers: impl Iterator<Item = Decimal> + Clone) -> Option<(u32, Vec<i64>)> {
    let places = numbers.clone().map(|number| number.places).max().unwrap_or(0);
    Some((places, numbers.map(|number| number.with_places(places)).collect::<Option<Vec<i64>>>()?))
}
