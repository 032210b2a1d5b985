//! Reads a Pabulib file from its first line to its last, and says where it cannot be understood.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use sense::shares::Choice;

use super::cells::{Cell, Rows};
use super::decimal::Decimal;
use super::pabulib::VoteType;
use crate::{Error, Result};

/// What was read. Ranges are places in the text; see [`super::pabulib::Pabulib`].
pub(super) struct Reading<'a> {
    rows: Rows<'a>,
    /// The cells of the current row.
    cells: Vec<Cell<'a>>,
    pub(super) vote_type: VoteType,
    pub(super) budget: Decimal,
    pub(super) meta: Vec<(String, String)>,
    /// The line of each entry of `meta`.
    meta_lines: Vec<u64>,
    pub(super) rule: Option<Range<usize>>,
    pub(super) meta_end: usize,
    pub(super) header_end: usize,
    pub(super) costs: Vec<Decimal>,
    pub(super) ids: Vec<String>,
    pub(super) titles: Vec<String>,
    pub(super) selected: Vec<(Range<usize>, usize)>,
    pub(super) has_selected: bool,
    pub(super) voters: Names,
    /// The projects of all voters with their points, one voter behind the other.
    choices: Vec<(u32, Decimal)>,
    /// Where in `choices` each voter begins, and the last one ends.
    ends: Vec<usize>,
}

/// The names of the sections, in their order.
const SECTIONS: [&str; 3] = ["META", "PROJECTS", "VOTES"];

impl<'a> Reading<'a> {
    /// Reads `text`, which errors say is that of the file at `path`.
    pub(super) fn of(path: &'a Path, text: &'a str) -> Result<Reading<'a>> {
        let mut reading = Reading {
            rows: Rows::of(path, text),
            cells: Vec::new(),
            vote_type: VoteType::Approval,
            budget: Decimal::default(),
            meta: Vec::new(),
            meta_lines: Vec::new(),
            rule: None,
            meta_end: 0,
            header_end: 0,
            costs: Vec::new(),
            ids: Vec::new(),
            titles: Vec::new(),
            selected: Vec::new(),
            has_selected: false,
            voters: Names::default(),
            choices: Vec::new(),
            ends: vec![0],
        };
        reading.begin()?;
        reading.read_meta()?;
        reading.vote_type = reading.find_vote_type(path)?;
        reading.budget = reading.find_budget(path)?;
        reading.read_projects()?;
        reading.read_votes()?;
        Ok(reading)
    }

    /// The section that begins in the current row.
    fn section(&self) -> Option<usize> {
        let (first, others) = self.cells.split_first()?;
        let named = SECTIONS.iter().position(|section| first.says.eq_ignore_ascii_case(section));
        named.filter(|_| others.iter().all(|cell| cell.says.is_empty()))
    }

    /// Reads the next row, and says whether it belongs to the current section.
    fn next(&mut self, section: usize) -> Result<bool> {
        if !self.rows.read(&mut self.cells)? {
            return Ok(false);
        }
        match self.section() {
            None => Ok(true),
            Some(next) if next == section + 1 => Ok(false),
            Some(other) => Err(self.rows.error(
                0,
                format!(
                    "{} is not expected here: a file has META, PROJECTS and VOTES, each once, in this order",
                    SECTIONS[other]
                ),
            )),
        }
    }

    /// Reads to the beginning of META.
    fn begin(&mut self) -> Result<()> {
        let read = self.rows.read(&mut self.cells)?;
        if read && self.section() == Some(0) {
            return Ok(());
        }
        let message = "a Pabulib file begins with the line META, then a line key;value";
        Err(if read { self.rows.error(0, message) } else { self.missing("META") })
    }

    fn missing(&self, section: &str) -> Error {
        self.rows.error(0, format!("the file ends without {section}: it needs META, PROJECTS and VOTES"))
    }

    /// The columns of a section, lower case, from its header.
    fn header(&mut self, section: &str) -> Result<Vec<String>> {
        if self.section().is_none() || !self.rows.read(&mut self.cells)? {
            return Err(self.missing(section));
        }
        let columns: Vec<String> = self.cells.iter().map(|cell| cell.says.to_ascii_lowercase()).collect();
        for (place, column) in columns.iter().enumerate() {
            if !column.is_empty() && columns[..place].contains(column) {
                return Err(self.rows.error(place, format!("there are two columns {column}")));
            }
        }
        Ok(columns)
    }

    fn read_meta(&mut self) -> Result<()> {
        while self.next(0)? {
            let (key, value) = (self.says(0).to_owned(), self.says(1).to_owned());
            self.meta_end = Rows::end(&self.cells);
            if self.meta.is_empty() && key.eq_ignore_ascii_case("key") {
                continue;
            }
            if self.meta.iter().any(|(known, _)| *known == key) {
                return Err(self.rows.error(0, format!("{key} is given twice")));
            }
            if key == "rule" {
                self.rule = self.cells.get(1).map(|cell| cell.range.clone());
            }
            self.meta.push((key, value));
            self.meta_lines.push(self.rows.line);
        }
        Ok(())
    }

    fn read_projects(&mut self) -> Result<()> {
        let columns = self.header("PROJECTS")?;
        self.header_end = Rows::end(&self.cells);
        let id = self.column(&columns, "project_id")?;
        let cost = self.column(&columns, "cost")?;
        let title = columns.iter().position(|column| column == "name");
        let selected = columns.iter().position(|column| column == "selected");
        self.has_selected = selected.is_some();
        let mut known = HashSet::new();
        while self.next(1)? {
            self.check_length(&columns, id.max(cost))?;
            let name = self.says(id).to_owned();
            if name.is_empty() {
                return Err(self.rows.error(id, "a project needs an id"));
            }
            if name.contains(',') {
                return Err(self.rows.error(id, "an id cannot have a comma: votes separate ids by it"));
            }
            if !known.insert(name.clone()) {
                return Err(self.rows.error(id, format!("there are two projects {name}")));
            }
            let amount = self.number(cost, "a cost")?;
            if amount.digits < 0 {
                return Err(self.rows.error(cost, format!("project {name} has a negative cost")));
            }
            let title = title.map(|title| self.says(title)).filter(|title| !title.is_empty()).unwrap_or(&name);
            self.titles.push(title.to_owned());
            self.costs.push(amount);
            let place = selected.unwrap_or(columns.len());
            let end = Rows::end(&self.cells);
            self.selected.push(match self.cells.get(place) {
                Some(cell) => (cell.range.clone(), 0),
                None => (end..end, place + 1 - self.cells.len()),
            });
            self.ids.push(name);
        }
        if self.ids.is_empty() {
            return Err(self.rows.error(0, "there are no projects"));
        }
        Ok(())
    }

    fn read_votes(&mut self) -> Result<()> {
        let columns = self.header("VOTES")?;
        let id = self.column(&columns, "voter_id")?;
        let vote = self.column(&columns, "vote")?;
        let points = if self.vote_type.has_points() { Some(self.column(&columns, "points")?) } else { None };
        let ids = std::mem::take(&mut self.ids);
        let projects: HashMap<&str, u32> = ids.iter().map(String::as_str).zip(0..).collect();
        let mut known: HashSet<Cow<str>> = HashSet::new();
        while self.next(2)? {
            self.check_length(&columns, id.max(vote))?;
            if self.says(id).is_empty() {
                return Err(self.rows.error(id, "a voter needs an id"));
            }
            let voter = self.cells[id].says.clone();
            self.voters.push(&voter);
            if let Some(voter) = known.replace(voter) {
                return Err(self.rows.error(id, format!("there are two votes by {voter}")));
            }
            self.read_ballot(&projects, vote, points)?;
        }
        drop(projects);
        self.ids = ids;
        if self.ends.len() == 1 {
            return Err(self.rows.error(0, "there are no votes"));
        }
        Ok(())
    }

    /// Reads the choices in the current row.
    fn read_ballot(&mut self, projects: &HashMap<&str, u32>, vote: usize, points: Option<usize>) -> Result<()> {
        let mut choices = std::mem::take(&mut self.choices);
        let start = choices.len();
        let list = |cell| self.says(cell).split(',').map(str::trim).filter(|item| !item.is_empty());
        let mut given = points.map(list);
        for id in list(vote) {
            let Some(project) = projects.get(id) else {
                return Err(self.rows.error(vote, format!("there is no project {id} in PROJECTS")));
            };
            let number = match &mut given {
                None => Decimal { digits: 1, places: 0 },
                Some(given) => {
                    let cell = points.unwrap_or(vote);
                    let number =
                        given.next().ok_or_else(|| self.rows.error(cell, "there are fewer points than projects"))?;
                    Decimal::parse(number)
                        .ok_or_else(|| self.rows.error(cell, format!("“{number}” is not a number")))?
                }
            };
            choices.push((*project, number));
        }
        if given.is_some_and(|mut given| given.next().is_some()) {
            return Err(self.rows.error(points.unwrap_or(vote), "there are more points than projects"));
        }
        let mut named: Vec<u32> = choices[start..].iter().map(|(project, _)| *project).collect();
        named.sort_unstable();
        if let Some(twice) = named.windows(2).find(|pair| pair[0] == pair[1]) {
            let id = projects.iter().find(|(_, place)| **place == twice[0]).map_or("", |(id, _)| id);
            return Err(self.rows.error(vote, format!("project {id} is named twice in one vote")));
        }
        self.ends.push(choices.len());
        self.choices = choices;
        Ok(())
    }

    /// What a cell of the current row says. “None” is nothing.
    fn says(&self, cell: usize) -> &str {
        let says = self.cells.get(cell).map_or("", |cell| &*cell.says);
        if says.eq_ignore_ascii_case("none") { "" } else { says }
    }

    fn number(&self, cell: usize, what: &str) -> Result<Decimal> {
        let says = self.says(cell);
        Decimal::parse(says).ok_or_else(|| {
            self.rows.error(
                cell,
                format!("“{says}” is not {what}: write a number such as 12500 or 12500.50, of 17 digits at most"),
            )
        })
    }

    fn column(&self, columns: &[String], name: &str) -> Result<usize> {
        columns.iter().position(|column| column == name).ok_or_else(|| {
            self.rows.error(0, format!("there is no column {name}; the columns are {}", columns.join(", ")))
        })
    }

    fn check_length(&self, columns: &[String], last: usize) -> Result<()> {
        let (cells, wanted) = (self.cells.len(), columns.len());
        if cells > wanted || cells <= last {
            let hint = match self.rows.last_line() {
                last if last > self.rows.line => format!("a quotation mark in it goes on to line {last}"),
                _ => "a cell with a semicolon needs quotation marks".to_owned(),
            };
            let message = format!("{cells} cells, where the header has {wanted}; {hint}");
            return Err(self.rows.error(cells.min(wanted), message));
        }
        Ok(())
    }

    /// The value of a key of META.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// An error in the value of a key of META.
    fn meta_error(&self, path: &Path, key: &str, message: String) -> Error {
        let place = self.meta.iter().position(|(known, _)| known == key);
        match place.and_then(|place| self.meta_lines.get(place)) {
            Some(line) => Error::Line { path: path.to_owned(), line: *line, column: Some(2), message },
            None => Error::Unfit(format!("{}: META has no {key}: {message}", path.display())),
        }
    }

    fn find_vote_type(&self, path: &Path) -> Result<VoteType> {
        match self.value("vote_type").map(str::to_ascii_lowercase).as_deref() {
            Some("approval") => Ok(VoteType::Approval),
            Some("choose-1") => Ok(VoteType::ChooseOne),
            Some("ordinal") => Ok(VoteType::Ordinal),
            Some("cumulative") => Ok(VoteType::Cumulative),
            Some("scoring") => Ok(VoteType::Scoring),
            _ => {
                let message = "vote_type must be approval, choose-1, ordinal, cumulative or scoring";
                Err(self.meta_error(path, "vote_type", message.to_owned()))
            }
        }
    }

    fn find_budget(&self, path: &Path) -> Result<Decimal> {
        let says = self.value("budget").unwrap_or_default();
        let budget = Decimal::parse(says).filter(|budget| budget.digits >= 0);
        budget.ok_or_else(|| {
            let message = "budget must be a number such as 250000 or 250000.50, not negative, of 17 digits at most";
            self.meta_error(path, "budget", message.to_owned())
        })
    }

    /// For each voter projects with their points.
    pub(super) fn ballots(&self) -> impl Iterator<Item = &[(u32, Decimal)]> {
        self.ends.windows(2).map(|pair| &self.choices[pair[0]..pair[1]])
    }

    /// Of which power of ten points are whole numbers, and the points of a project that a scoring ballot does not name.
    ///
    /// None if there are too many digits.
    pub(super) fn points(&self) -> Option<Points> {
        let default = self.value("default_score").filter(|_| self.vote_type == VoteType::Scoring);
        let default = default.and_then(Decimal::parse).unwrap_or_default();
        let places = self.choices.iter().map(|(_, points)| points.places).fold(default.places, u32::max);
        let fit = self.choices.iter().all(|(_, points)| points.with_places(places).is_some());
        default.with_places(places).filter(|_| fit).map(|default| Points { places, default })
    }

    /// The ballots with whole numbers of points.
    pub(super) fn choices(&self, points: Points) -> impl Iterator<Item = Vec<Choice>> {
        self.ballots().map(move |ballot| {
            let whole = |(project, given): &(u32, Decimal)| Choice {
                project: *project,
                points: given.with_places(points.places).unwrap_or(0),
            };
            let mut choices: Vec<Choice> = ballot.iter().map(whole).collect();
            if points.default != 0 {
                let named: HashSet<u32> = ballot.iter().map(|(project, _)| *project).collect();
                let others = (0..).take(self.ids.len()).filter(|project| !named.contains(project));
                choices.extend(others.map(|project| Choice { project, points: points.default }));
            }
            choices
        })
    }
}

/// How points become whole numbers.
#[derive(Clone, Copy)]
pub(super) struct Points {
    places: u32,
    default: i64,
}

/// Many short texts in one.
#[derive(Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
}

impl Names {
    fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }
}
