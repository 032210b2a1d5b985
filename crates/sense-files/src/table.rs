//! Reads tables row by row: CSV (comma, semicolon or tab, found out by the first line), TSV and JSON lines, in UTF-8.
//!
//! A column is asked for by its name or, where there is no header, by its number from 1. Memory is bounded by the longest row.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::{Error, Result};

/// How much of the beginning is looked at to find out what stands between cells.
const SAMPLE: u64 = 64 << 10;
/// How much is read at once.
const BUFFER: usize = 1 << 20;

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
    /// Where each wanted column stands, from 0; for JSON lines where it stands in `wanted`.
    places: Vec<usize>,
    /// The names of the wanted columns.
    wanted: Vec<String>,
    line: u64,
}

enum Source {
    Csv { reader: Box<csv::Reader<Counted>>, record: csv::ByteRecord, first: bool },
    Lines { reader: BufReader<File>, line: Vec<u8> },
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
    /// Opens the table at `path` and finds the `wanted` columns.
    ///
    /// There is no header if one of them is a number that no column has for its name; then the first line is a row.
    pub fn open(path: &Path, wanted: &[Column]) -> Result<Table> {
        let mut table = Table::begin(path)?;
        table.wanted = wanted.iter().map(|column| column.0.clone()).collect();
        let Some(header) = &table.header else { return Ok(table) };
        let place = |column: &Column| header.iter().position(|name| *name == column.0);
        let headless = wanted.iter().any(|column| place(column).is_none() && column.number().is_some());
        if headless {
            let unfit = |column: &Column| column.number().is_none_or(|number| number > header.len());
            if let Some(column) = wanted.iter().find(|column| unfit(column)) {
                let message = format!(
                    "{}: there is no column {}; without a header, columns have the numbers 1 to {}",
                    path.display(),
                    column.0,
                    header.len()
                );
                return Err(Error::Unfit(message));
            }
            table.places = wanted.iter().filter_map(Column::number).map(|number| number - 1).collect();
            table.header = None;
            return Ok(table);
        }
        let mut places = Vec::new();
        for column in wanted {
            let place = place(column).ok_or_else(|| Error::Line {
                path: path.to_owned(),
                line: 1,
                column: None,
                message: format!("there is no column “{}”; the columns are {}", column.0, header.join(", ")),
            })?;
            places.push(place);
        }
        table.places = places;
        table.skip_header();
        Ok(table)
    }

    /// Opens the table at `path`, which has a header, for all of its columns.
    pub fn open_all(path: &Path) -> Result<Table> {
        let mut table = Table::begin(path)?;
        let Some(header) = &table.header else {
            return Err(Error::Unfit(format!("{}: a CSV or TSV file is needed here", path.display())));
        };
        table.places = (0..header.len()).collect();
        table.wanted.clone_from(header);
        table.skip_header();
        Ok(table)
    }

    /// The names of all columns, if there is a header.
    pub fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// Reads the next row into `row`, and says whether there was one.
    pub fn read(&mut self, row: &mut Row) -> Result<bool> {
        row.cells.resize_with(self.wanted.len(), String::new);
        match &mut self.source {
            Source::Csv { reader, record, first } => {
                if std::mem::take(first) {
                    // The row that was taken for a header is one, or it was skipped.
                } else if !next(&self.path, reader, record)? {
                    return Ok(false);
                }
                row.line = record.position().map_or(1, csv::Position::line);
                for (cell, place) in row.cells.iter_mut().zip(&self.places) {
                    let bytes = record.get(*place).unwrap_or_default();
                    cell.clear();
                    cell.push_str(utf8(&self.path, row.line, *place, bytes)?);
                }
                Ok(true)
            }
            Source::Lines { reader, line } => loop {
                line.clear();
                if reader.read_until(b'\n', line).map_err(Error::file(&self.path))? == 0 {
                    return Ok(false);
                }
                self.line += 1;
                row.line = self.line;
                let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| self.line == 1).unwrap_or(line);
                if text.trim_ascii().is_empty() {
                    continue;
                }
                let object = object(&self.path, self.line, text)?;
                for (cell, name) in row.cells.iter_mut().zip(&self.wanted) {
                    *cell = match object.get(name) {
                        None | Some(Value::Null) => String::new(),
                        Some(Value::String(text)) => text.clone(),
                        Some(other) => other.to_string(),
                    };
                }
                if self.line == 1 {
                    self.check_names(&object)?;
                }
                return Ok(true);
            },
        }
    }

    /// An error at `line`, in the wanted column `index` if one is to blame.
    pub fn error(&self, line: u64, index: Option<usize>, message: impl Into<String>) -> Error {
        let column = index.and_then(|index| self.places.get(index)).map(|place| *place as u64 + 1);
        Error::Line { path: self.path.clone(), line, column, message: message.into() }
    }

    fn begin(path: &Path) -> Result<Table> {
        let mut file = File::open(path).map_err(Error::file(path))?;
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let mut table = Table {
            path: path.to_owned(),
            source: Source::Lines {
                reader: BufReader::with_capacity(BUFFER, file.try_clone().map_err(Error::file(path))?),
                line: Vec::new(),
            },
            header: None,
            places: Vec::new(),
            wanted: Vec::new(),
            line: 0,
        };
        if matches!(extension.as_str(), "jsonl" | "ndjson") {
            return Ok(table);
        }
        let tabs = matches!(extension.as_str(), "tsv" | "tab");
        let delimiter = if tabs { b'\t' } else { delimiter(&mut file).map_err(Error::file(path))? };
        // As registered (text/tab-separated-values), a TSV file knows no quotation marks.
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter)
            .quoting(!tabs)
            .buffer_capacity(BUFFER)
            .from_reader(Counted { file, quotes: 0, ended: false });
        let mut record = csv::ByteRecord::new();
        if !next(path, &mut reader, &mut record)? {
            return Err(Error::Unfit(format!("{} is empty", path.display())));
        }
        let mut header = Vec::new();
        for (place, cell) in record.iter().enumerate() {
            header.push(utf8(path, 1, place, cell)?.trim_start_matches('\u{feff}').to_owned());
        }
        table.header = Some(header);
        table.source = Source::Csv { reader: Box::new(reader), record, first: true };
        Ok(table)
    }

    fn skip_header(&mut self) {
        if let Source::Csv { first, .. } = &mut self.source {
            *first = false;
        }
    }

    /// The first object of a file in JSON lines must know every wanted name; later ones may leave some out.
    fn check_names(&self, object: &Map<String, Value>) -> Result<()> {
        let Some(missing) = self.wanted.iter().find(|name| !object.contains_key(*name)) else { return Ok(()) };
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        Err(self.error(1, None, format!("there is no “{missing}”; the names are {}", names.join(", "))))
    }
}

/// A file, and how many quotation marks were read from it: an odd number means that one was not closed.
struct Counted {
    file: File,
    quotes: usize,
    ended: bool,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.ended |= read == 0;
        self.quotes += memchr::memchr_iter(b'"', &buffer[..read]).count();
        Ok(read)
    }
}

/// Reads the next record, and says whether there was one.
fn next(path: &Path, reader: &mut csv::Reader<Counted>, record: &mut csv::ByteRecord) -> Result<bool> {
    let line = |line, message| Error::Line { path: path.to_owned(), line, column: None, message };
    match reader.read_byte_record(record) {
        Ok(true) => {}
        Ok(false) => return Ok(false),
        Err(error) => match error.into_kind() {
            csv::ErrorKind::Io(source) => return Err(Error::file(path)(source)),
            csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
                let message = format!("{len} cells, where the first line has {expected_len}");
                return Err(line(pos.map_or(1, |pos| pos.line()), message));
            }
            other => return Err(Error::Unfit(format!("{}: {other:?}", path.display()))),
        },
    }
    // Where a quotation mark is not closed, the rest of the file becomes one cell.
    if reader.get_ref().ended && reader.get_ref().quotes % 2 == 1 && record.iter().any(|cell| cell.contains(&b'\n')) {
        let begins = record.position().map_or(1, csv::Position::line);
        return Err(line(begins, "a quotation mark is opened here and never closed".to_owned()));
    }
    Ok(true)
}

fn utf8<'a>(path: &Path, line: u64, place: usize, bytes: &'a [u8]) -> Result<&'a str> {
    std::str::from_utf8(bytes).map_err(|error| Error::Line {
        path: path.to_owned(),
        line: line + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64,
        column: Some(place as u64 + 1),
        message: format!("byte {} of the cell is not UTF-8; save the file as UTF-8", error.valid_up_to() + 1),
    })
}

fn object(path: &Path, line: u64, text: &[u8]) -> Result<Map<String, Value>> {
    serde_json::from_slice(text).map_err(|error| Error::Line {
        path: path.to_owned(),
        line,
        column: Some(error.column() as u64),
        message: format!("a JSON object is needed on every line: {error}"),
    })
}

/// What stands between the cells of the first line: whichever of comma, semicolon and tab is most frequent outside quotation marks.
fn delimiter(file: &mut File) -> std::io::Result<u8> {
    let mut sample = Vec::new();
    file.take(SAMPLE).read_to_end(&mut sample)?;
    file.seek(SeekFrom::Start(0))?;
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                counts.iter_mut().filter(|(delimiter, _)| *delimiter == byte).for_each(|(_, count)| *count += 1)
            }
            _ => {}
        }
    }
    Ok(counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter))
}
