//! Reads votes: `participants-votes.csv` (a row for each person, a column for each statement) and `votes.csv` (a row for each vote), as
//! Polis exports them.
//!
//! People and statements are put in the order of their ids, so that the order of rows and columns changes nothing.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use sense::opinions::{Vote, Votes};

use crate::{Error, Result};

/// How much is read at once.
const BUFFER: usize = 1 << 18;
/// Columns of the wide form that are not statements.
const ABOUT_PEOPLE: [&str; 6] = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"];

/// The votes of a file, 1 being agreement and −1 disagreement.
#[derive(Debug)]
pub struct Ballots {
    /// The ids of those who voted.
    pub participants: Vec<String>,
    /// The ids of the statements.
    pub statements: Vec<String>,
    /// Who voted what.
    pub votes: Votes,
    /// Each person's group as published with the votes, if the file states groups.
    pub published: Option<Vec<Option<String>>>,
    /// How many votes were replaced by a later one of the same person on the same statement.
    pub replaced: usize,
    /// How far the file's own counts of agreement and disagreement are from the votes, as they stand and with the opposite sign;
    /// none if the file states no counts.
    pub misfit: Option<Misfit>,
}

/// How far counts are from the votes that they should count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Misfit {
    /// The sum of differences, if 1 is agreement.
    pub as_it_stands: u64,
    /// The same, if −1 is agreement.
    pub opposite: u64,
}

impl Misfit {
    /// Adds one pair of counts: those that were stated, and those that were found.
    pub fn add(&mut self, stated: [u64; 2], found: [u64; 2]) {
        self.as_it_stands += stated[0].abs_diff(found[0]) + stated[1].abs_diff(found[1]);
        self.opposite += stated[0].abs_diff(found[1]) + stated[1].abs_diff(found[0]);
    }
}

/// Reads the votes in `source`, which is called `path` in errors. With `inverted`, −1 is agreement there.
pub fn read(path: &Path, source: impl Read, inverted: bool) -> Result<Ballots> {
    let mut source = BufReader::with_capacity(BUFFER, source);
    let delimiter = delimiter(source.fill_buf().map_err(Error::file(path))?);
    let reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).buffer_capacity(BUFFER).from_reader(source);
    let mut rows = Rows { path, reader, record: csv::ByteRecord::new() };
    if !rows.next()? {
        return Err(Error::Unfit(format!("{} is empty", path.display())));
    }
    let mut header = Vec::new();
    for column in 0..rows.record.len() {
        header.push(rows.text(column)?.trim_start_matches('\u{feff}').trim().to_owned());
    }
    let place = |names: &[&str]| header.iter().position(|column| names.contains(&column.as_str()));
    let person = place(&["voter-id", "participant-id", "participant", "pid"]);
    let statement = place(&["comment-id", "statement-id", "statement", "tid"]);
    if let (Some(person), Some(statement), Some(vote)) = (person, statement, place(&["vote"])) {
        let time = place(&["timestamp"]);
        return long(rows, Places { person, statement, vote, time }, inverted);
    }
    if header.iter().any(|column| column == "participant") {
        return wide(rows, &header, inverted);
    }
    let message = format!(
        "there must be a column “participant” and one for each statement, or the columns “voter-id”, “comment-id” and “vote”; \
         the columns are {}",
        short_list(&header)
    );
    Err(Error::Line { path: path.to_owned(), line: 1, column: None, message })
}

fn short_list(names: &[String]) -> String {
    let more = if names.len() > 12 { ", …" } else { "" };
    let first: Vec<&str> = names.iter().take(12).map(String::as_str).collect();
    format!("{}{more}", first.join(", "))
}

fn delimiter(beginning: &[u8]) -> u8 {
    let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, line).count();
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

struct Rows<'a, R: Read> {
    path: &'a Path,
    reader: csv::Reader<R>,
    record: csv::ByteRecord,
}

impl<R: Read> Rows<'_, R> {
    fn next(&mut self) -> Result<bool> {
        self.reader.read_byte_record(&mut self.record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(source) => Error::file(self.path)(source),
            csv::ErrorKind::UnequalLengths { pos, expected_len, len } => Error::Line {
                path: self.path.to_owned(),
                line: pos.map_or(1, |position| position.line()),
                column: None,
                message: format!("{len} cells, where the first line has {expected_len}"),
            },
            other => Error::Unfit(format!("{}: {other:?}", self.path.display())),
        })
    }

    fn error(&self, column: usize, message: impl Into<String>) -> Error {
        let line = self.record.position().map_or(1, csv::Position::line);
        Error::Line { path: self.path.to_owned(), line, column: Some(column as u64 + 1), message: message.into() }
    }

    fn cell(&self, column: usize) -> &[u8] {
        self.record.get(column).unwrap_or_default()
    }

    fn text(&self, column: usize) -> Result<&str> {
        std::str::from_utf8(self.cell(column))
            .map_err(|_| self.error(column, "the cell is not UTF-8; save the file as UTF-8"))
    }

    fn id(&self, column: usize, whose: &str) -> Result<&str> {
        let id = self.text(column)?.trim();
        if id.is_empty() { Err(self.error(column, format!("the id of the {whose} is missing"))) } else { Ok(id) }
    }

    fn vote(&self, column: usize, inverted: bool) -> Result<Option<Vote>> {
        let vote = match self.cell(column) {
            b"" => return Ok(None),
            b"1" => Vote::Agree,
            b"-1" => Vote::Disagree,
            b"0" => Vote::Pass,
            other => {
                let shown: String = String::from_utf8_lossy(other).chars().take(20).collect();
                return Err(self.error(column, format!("a vote is 1, 0 or -1, or empty; this is “{shown}”")));
            }
        };
        Ok(Some(match vote {
            Vote::Agree if inverted => Vote::Disagree,
            Vote::Disagree if inverted => Vote::Agree,
            other => other,
        }))
    }
}

/// Where the columns of the long form are.
struct Places {
    person: usize,
    statement: usize,
    vote: usize,
    time: Option<usize>,
}

fn long<R: Read>(mut rows: Rows<R>, places: Places, inverted: bool) -> Result<Ballots> {
    let (mut people, mut statements) = (Ids::default(), Ids::default());
    let mut cast: Vec<(u32, u32, i64, Vote)> = Vec::new();
    while rows.next()? {
        let Some(vote) = rows.vote(places.vote, inverted)? else {
            return Err(rows.error(places.vote, "the vote is missing"));
        };
        let time = match places.time {
            None => 0,
            Some(column) => {
                let unfit = |_| rows.error(column, "the time must be a whole number of milliseconds");
                rows.text(column)?.trim().parse().map_err(unfit)?
            }
        };
        let person = people.number(rows.id(places.person, "voter")?);
        cast.push((person, statements.number(rows.id(places.statement, "statement")?), time, vote));
    }
    if cast.is_empty() {
        return Err(Error::Unfit(format!("{} has no votes", rows.path.display())));
    }
    let (participants, person_places) = people.ordered();
    let (statements, statement_places) = statements.ordered();
    for (person, statement, _, _) in &mut cast {
        *person = person_places[*person as usize];
        *statement = statement_places[*statement as usize];
    }
    // Stable: of votes at the same time, the one that stands later in the file is the later one.
    cast.sort_by_key(|(person, statement, time, _)| (*person, *statement, *time));
    let mut votes = Votes::new(statements.len());
    for row in cast.chunk_by(|one, next| one.0 == next.0) {
        votes.push(row.iter().map(|(_, statement, _, vote)| (*statement as usize, *vote)));
    }
    let replaced = cast.len() - votes.len();
    Ok(Ballots { participants, statements, votes, published: None, replaced, misfit: None })
}

fn wide<R: Read>(mut rows: Rows<R>, header: &[String], inverted: bool) -> Result<Ballots> {
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(person), group) = (column("participant"), column("group-id")) else {
        return Err(Error::Unfit(format!("{}: there is no column “participant”", rows.path.display())));
    };
    let counts = column("n-agree").zip(column("n-disagree"));
    let mut statements = Ids::default();
    let mut numbers = vec![None; header.len()];
    for (place, name) in header.iter().enumerate().filter(|(_, name)| !ABOUT_PEOPLE.contains(&name.as_str())) {
        if name.is_empty() || statements.known(name) {
            let message = if name.is_empty() { "a statement has no id" } else { "two columns have the same name" };
            return Err(rows.error(place, message));
        }
        numbers[place] = Some(statements.number(name));
    }
    let (statements, statement_places) = statements.ordered();
    numbers.iter_mut().flatten().for_each(|statement| *statement = statement_places[*statement as usize]);
    let mut people = Ids::default();
    let mut groups = Vec::new();
    let mut misfit = Misfit::default();
    let (mut cast, mut ends) = (Vec::new(), vec![0]);
    while rows.next()? {
        let id = rows.id(person, "participant")?;
        if people.known(id) {
            return Err(rows.error(person, format!("participant {id} stands in an earlier line too")));
        }
        people.number(id);
        let mut found = [0; 2];
        // Most cells are empty: they must cost next to nothing.
        let filled = rows.record.iter().zip(&numbers).enumerate().filter(|(_, (cell, _))| !cell.is_empty());
        for (place, statement) in filled.filter_map(|(place, (_, number))| Some((place, (*number)?))) {
            if let Some(vote) = rows.vote(place, inverted)? {
                cast.push((statement, vote));
                found[0] += u64::from(vote == Vote::Agree);
                found[1] += u64::from(vote == Vote::Disagree);
            }
        }
        ends.push(cast.len());
        if let Some(group) = group {
            groups.push(Some(rows.text(group)?.trim().to_owned()).filter(|group| !group.is_empty()));
        }
        if let Some((agree, disagree)) = counts {
            misfit.add([count(&rows, agree)?, count(&rows, disagree)?], found);
        }
    }
    if cast.is_empty() {
        return Err(Error::Unfit(format!("{} has no votes", rows.path.display())));
    }
    let (participants, person_places) = people.ordered();
    let mut order = vec![0; participants.len()];
    person_places.iter().enumerate().for_each(|(row, place)| order[*place as usize] = row);
    let mut votes = Votes::new(statements.len());
    for row in &order {
        let row = &cast[ends[*row]..ends[*row + 1]];
        votes.push(row.iter().map(|(statement, vote)| (*statement as usize, *vote)));
    }
    let stated = groups.iter().any(Option::is_some);
    let published = stated.then(|| order.iter().map(|row| groups[*row].clone()).collect());
    Ok(Ballots { participants, statements, votes, published, replaced: 0, misfit: counts.map(|_| misfit) })
}

fn count<R: Read>(rows: &Rows<R>, column: usize) -> Result<u64> {
    rows.text(column)?.trim().parse().map_err(|_| rows.error(column, "a whole number is needed here"))
}

/// Numbers for ids, in the order in which they come.
#[derive(Default)]
struct Ids {
    numbers: HashMap<String, u32>,
    last: Option<(String, u32)>,
}

impl Ids {
    fn known(&self, id: &str) -> bool {
        self.numbers.contains_key(id)
    }

    fn number(&mut self, id: &str) -> u32 {
        // The votes of one person often stand together.
        if let Some((last, number)) = &self.last
            && last == id
        {
            return *number;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = match self.numbers.get(id) {
            Some(number) => *number,
            None => *self.numbers.entry(id.to_owned()).or_insert(next),
        };
        self.last = Some((id.to_owned(), number));
        number
    }

    /// The ids in order (as numbers, where all are numbers), and for each number the place of its id.
    fn ordered(self) -> (Vec<String>, Vec<u32>) {
        let mut ids: Vec<(Option<u64>, String, u32)> =
            self.numbers.into_iter().map(|(id, number)| (id.parse().ok(), id, number)).collect();
        if ids.iter().any(|(value, _, _)| value.is_none()) {
            ids.iter_mut().for_each(|(value, _, _)| *value = None);
        }
        ids.sort_unstable();
        let mut places = vec![0; ids.len()];
        for (place, (_, _, number)) in ids.iter().enumerate() {
            places[*number as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        (ids.into_iter().map(|(_, id, _)| id).collect(), places)
    }
}
