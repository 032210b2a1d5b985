//! Reads tables row by row: CSV (comma, semicolon or tab, found out by the first line), TSV and JSON lines, in UTF-8.
//!
//! A column is asked for by its name or, where there is no header, by its number from 1. Memory is bounded by the longest row.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde_json::{Map, Value};

use self::records::Records;
use self::tabs::Tabs;
use crate::{Error, Result};

mod records;
mod tabs;

/// How much of the beginning is looked at to find out what stands between cells.
const SAMPLE: u64 = 64 << 10;
/// How much is read at once.
const BUFFER: usize = 1 << 20;
/// How many columns, and how much of their names, an error names.
const NAMED: usize = 30;

/// A column, as a person names it on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column(pub String);

impl FromStr for Column {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> std::result::Result<Column, Self::Err> {
        Ok(Column(name.to_owned()))
    }
}

impl Column {
    /// Its number from 1, if it is given by number.
    fn number(&self) -> Option<usize> {
        self.0.parse().ok().filter(|number| *number > 0)
    }
}

/// A file that is read row by row.
pub struct Table {
    path: PathBuf,
    source: Source,
    /// The names of all columns; none if the table has no header.
    header: Option<Vec<String>>,
    /// Where each wanted column stands, from 0; empty for JSON lines.
    places: Vec<usize>,
    /// The names of the wanted columns.
    wanted: Vec<String>,
}

enum Source {
    Csv { records: Box<Records>, first: bool },
    Tabs { tabs: Tabs, first: bool },
    Lines { reader: BufReader<Box<dyn Read>>, text: Vec<u8>, line: u64, first: bool },
}

/// A row: the wanted columns, in the order in which they were asked for.
#[derive(Debug, Default)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
}

impl Table {
    /// Opens the table at `path` and finds the `wanted` columns, by name, or by number where no column has that name.
    ///
    /// Where all of them are numbers of columns, the table has no header: its first line is a row, even if such numbers stand in it.
    pub fn open(path: &Path, wanted: &[Column]) -> Result<Table> {
        let mut table = Table::begin(path)?;
        table.wanted = wanted.iter().map(|column| column.0.clone()).collect();
        let Some(header) = &table.header else { return Ok(table) };
        let numbered = |column: &Column| column.number().filter(|number| *number <= header.len());
        let named = |column: &Column| header.contains(&column.0);
        let headless = wanted.iter().all(|column| numbered(column).is_some())
            || (!wanted.iter().any(named) && wanted.iter().any(|column| column.number().is_some()));
        let mut places = Vec::new();
        for column in wanted {
            let place = match numbered(column).filter(|_| headless || !named(column)) {
                Some(number) => Some(number - 1),
                None => one(path, header, &column.0)?,
            };
            places.push(place.ok_or_else(|| absent(path, header, column, headless))?);
        }
        table.places = places;
        table.settle_header(!headless);
        Ok(table)
    }

    /// Opens the table at `path`, which has a header, for all of its columns.
    pub fn open_all(path: &Path) -> Result<Table> {
        let mut table = Table::begin(path)?;
        let Some(header) = &table.header else {
            return Err(Error::Unfit(format!("{}: a CSV or TSV file is needed here", path.display())));
        };
        for name in header.iter().filter(|name| !name.is_empty()) {
            one(path, header, name)?;
        }
        table.places = (0..header.len()).collect();
        table.wanted.clone_from(header);
        table.settle_header(true);
        Ok(table)
    }

    /// The names of all columns of the table at `path`, or of its first object.
    pub fn names(path: &Path) -> Result<Vec<String>> {
        let mut table = Table::begin(path)?;
        match (&mut table.source, table.header) {
            (_, Some(header)) => Ok(header),
            (Source::Lines { reader, text, line, .. }, None) => {
                let object = next_object(path, reader, text, line)?.ok_or_else(|| empty(path))?;
                Ok(object.into_iter().map(|(name, _)| name).collect())
            }
            (_, None) => Ok(Vec::new()),
        }
    }

    /// The names of all columns, if there is a header.
    pub fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// Reads the next row into `row`, and says whether there was one.
    pub fn read(&mut self, row: &mut Row) -> Result<bool> {
        row.cells.resize_with(self.wanted.len(), String::new);
        match &mut self.source {
            Source::Csv { records, first } => {
                // Without a header, the record that was taken for one is the first row.
                if !std::mem::take(first) && !records.next(&self.path)? {
                    return Ok(false);
                }
                row.line = records.line;
                for (cell, place) in row.cells.iter_mut().zip(&self.places) {
                    let bytes = records.record.get(*place).unwrap_or_default();
                    cell.clear();
                    cell.push_str(text(&self.path, row.line, *place, bytes)?);
                }
                Ok(true)
            }
            Source::Tabs { tabs, first } => {
                if !std::mem::take(first) && !tabs.next(&self.path)? {
                    return Ok(false);
                }
                row.line = tabs.line;
                for (cell, place) in row.cells.iter_mut().zip(&self.places) {
                    cell.clear();
                    cell.push_str(text(&self.path, row.line, *place, tabs.cell(*place))?);
                }
                Ok(true)
            }
            Source::Lines { reader, text, line, first } => {
                let Some(object) = next_object(&self.path, reader, text, line)? else {
                    return if *first { Err(empty(&self.path)) } else { Ok(false) };
                };
                row.line = *line;
                if std::mem::take(first) {
                    knows(&self.path, row.line, &object, &self.wanted)?;
                }
                for (cell, name) in row.cells.iter_mut().zip(&self.wanted) {
                    *cell = match object.get(name) {
                        None | Some(Value::Null) => String::new(),
                        Some(Value::String(text)) => text.clone(),
                        Some(other) => other.to_string(),
                    };
                    if cell.contains('\0') {
                        return Err(at(&self.path, row.line, None, format!("“{name}” contains a NUL character")));
                    }
                }
                Ok(true)
            }
        }
    }

    /// Goes on to the row behind the next one, without a look at what is in that, and says whether there was one. For files that are
    /// read a second time: what is skipped was found to be in order before.
    pub fn skip(&mut self) -> Result<bool> {
        match &mut self.source {
            Source::Csv { records, first } => Ok(std::mem::take(first) || records.next(&self.path)?),
            Source::Tabs { tabs, first } => Ok(std::mem::take(first) || tabs.skip(&self.path)?),
            Source::Lines { reader, text, line, .. } => next_line(&self.path, reader, text, line),
        }
    }

    /// An error at `line`, in the wanted column `index` if one is to blame.
    pub fn error(&self, line: u64, index: Option<usize>, message: impl Into<String>) -> Error {
        let column = index.and_then(|index| self.places.get(index)).map(|place| place + 1);
        at(&self.path, line, column, message)
    }

    fn begin(path: &Path) -> Result<Table> {
        let mut file = File::open(path).map_err(Error::file(path))?;
        let mut sample = Vec::new();
        file.by_ref().take(SAMPLE).read_to_end(&mut sample).map_err(Error::file(path))?;
        check_kind(path, &sample)?;
        let sample = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&sample).to_vec();
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let tabs = matches!(extension.as_str(), "tsv" | "tab");
        let delimiter = if tabs { b'\t' } else { delimiter(&sample) };
        // Not read a second time from the beginning, so that a pipe will do.
        let whole: Box<dyn Read> = Box::new(Cursor::new(sample).chain(file));
        if matches!(extension.as_str(), "jsonl" | "ndjson") {
            let reader = BufReader::with_capacity(BUFFER, whole);
            let source = Source::Lines { reader, text: Vec::new(), line: 0, first: true };
            return Ok(Table { path: path.to_owned(), source, header: None, places: Vec::new(), wanted: Vec::new() });
        }
        let mut header = Vec::new();
        if tabs {
            let mut tabs = Tabs::new(whole);
            if !tabs.next(path)? {
                return Err(empty(path));
            }
            for (place, cell) in tabs.row.split(|byte| *byte == b'\t').enumerate() {
                header.push(text(path, tabs.line, place, cell)?.to_owned());
            }
            let source = Source::Tabs { tabs, first: true };
            return Ok(Table {
                path: path.to_owned(),
                source,
                header: Some(header),
                places: Vec::new(),
                wanted: Vec::new(),
            });
        }
        let mut records = Records::new(whole, delimiter);
        if !records.next(path)? {
            return Err(empty(path));
        }
        for (place, cell) in records.record.iter().enumerate() {
            header.push(text(path, records.line, place, cell)?.to_owned());
        }
        let source = Source::Csv { records: Box::new(records), first: true };
        Ok(Table { path: path.to_owned(), source, header: Some(header), places: Vec::new(), wanted: Vec::new() })
    }

    /// Decides whether the first line, which was read already, is a header or a row.
    fn settle_header(&mut self, is_header: bool) {
        if is_header && let Source::Csv { first, .. } | Source::Tabs { first, .. } = &mut self.source {
            *first = false;
        }
        if !is_header {
            self.header = None;
        }
    }
}

/// Reads the next line that is not blank, as an object. `line` is the number of the line read last.
fn next_object(
    path: &Path,
    reader: &mut impl BufRead,
    text: &mut Vec<u8>,
    line: &mut u64,
) -> Result<Option<Map<String, Value>>> {
    if !next_line(path, reader, text, line)? {
        return Ok(None);
    }
    let object = serde_json::from_slice(text.trim_ascii_end());
    object.map(Some).map_err(|error| not_an_object(path, *line, &error))
}

/// Reads lines into `text` until one is not blank, and says whether there was one.
fn next_line(path: &Path, reader: &mut impl BufRead, text: &mut Vec<u8>, line: &mut u64) -> Result<bool> {
    loop {
        text.clear();
        if reader.read_until(b'\n', text).map_err(Error::file(path))? == 0 {
            return Ok(false);
        }
        *line += 1;
        if !text.trim_ascii().is_empty() {
            return Ok(true);
        }
    }
}

/// Without the parser's own line, which is always the first.
fn not_an_object(path: &Path, line: u64, error: &serde_json::Error) -> Error {
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    at(path, line, Some(error.column()), format!("a JSON object is needed on every line: {what}"))
}

/// The first object of a file in JSON lines must know every wanted name; later ones may leave some out.
fn knows(path: &Path, line: u64, object: &Map<String, Value>, wanted: &[String]) -> Result<()> {
    let Some(missing) = wanted.iter().find(|name| !object.contains_key(*name)) else { return Ok(()) };
    let names = some_of(object.keys().map(String::as_str));
    Err(at(path, line, None, format!("there is no “{missing}”; the names are {names}")))
}

/// Where `name` stands in `header`, which must be in one place only.
fn one(path: &Path, header: &[String], name: &str) -> Result<Option<usize>> {
    let mut places = header.iter().enumerate().filter(|(_, other)| *other == name).map(|(place, _)| place);
    let (first, second) = (places.next(), places.next());
    let (Some(first), Some(second)) = (first, second) else { return Ok(first) };
    let message = format!("columns {} and {} are both called “{name}”; rename one", first + 1, second + 1);
    Err(at(path, 1, Some(second + 1), message))
}

fn absent(path: &Path, header: &[String], column: &Column, headless: bool) -> Error {
    let message = if headless {
        format!("there is no column {}; without a header, columns have the numbers 1 to {}", column.0, header.len())
    } else {
        let names = some_of(header.iter().map(String::as_str));
        format!("there is no column “{}”; the columns are {names}", column.0)
    };
    at(path, 1, None, message)
}

/// The first names, shortened.
fn some_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names = names.map(|name| name.chars().take(NAMED).collect::<String>());
    let mut some: Vec<String> = names.by_ref().take(NAMED).collect();
    let more = names.count();
    if more > 0 {
        some.push(format!("and {more} more"));
    }
    some.join(", ")
}

/// Refuses what is known by its first bytes not to be text in UTF-8.
fn check_kind(path: &Path, sample: &[u8]) -> Result<()> {
    let kind = match sample {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "text in UTF-16; save it as CSV in UTF-8",
        [b'P', b'K', 3, 4, ..] => "a spreadsheet or another zipped file; save it as CSV in UTF-8",
        _ => return Ok(()),
    };
    Err(Error::Unfit(format!("{} is {kind}", path.display())))
}

fn text<'a>(path: &Path, line: u64, place: usize, bytes: &'a [u8]) -> Result<&'a str> {
    let error = |byte: usize, what: &str| {
        let line = line + memchr::memchr_iter(b'\n', &bytes[..byte]).count() as u64;
        at(path, line, Some(place + 1), format!("byte {} of the cell is {what}; save the file as UTF-8", byte + 1))
    };
    let text = std::str::from_utf8(bytes).map_err(|invalid| error(invalid.valid_up_to(), "not UTF-8"))?;
    match memchr::memchr(0, bytes) {
        Some(byte) => Err(error(byte, "NUL, which no text contains")),
        None => Ok(text),
    }
}

fn at(path: &Path, line: u64, column: Option<usize>, message: impl Into<String>) -> Error {
    Error::Line { path: path.to_owned(), line, column: column.map(|column| column as u64), message: message.into() }
}

fn unequal(path: &Path, line: u64, found: usize, cells: usize) -> Error {
    let message = format!(
        "{found} cell{}, where the first line has {cells}; is a separator or a quotation mark too many or missing?",
        if found == 1 { "" } else { "s" }
    );
    at(path, line, None, message)
}

fn empty(path: &Path) -> Error {
    Error::Unfit(format!("{} is empty", path.display()))
}

/// What stands between the cells of the first line: whichever of comma, semicolon and tab is most frequent outside quotation marks.
fn delimiter(sample: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                counts.iter_mut().filter(|(delimiter, _)| delimiter == byte).for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
    }
    counts.iter().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}
