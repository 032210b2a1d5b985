//! Rows and cells of a Pabulib file, with their places in the text.
//!
//! Such a file is three tables with different columns, so that a reader of CSV cannot take it whole; and it is written back with few cells
//! changed and everything else as it was, for which the places are needed.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::{Error, Result};

/// A cell: where it stands, with quotation marks, and what it says, without them and without space around it.
#[derive(Debug, Clone)]
pub(super) struct Cell<'a> {
    pub(super) range: Range<usize>,
    pub(super) says: Cow<'a, str>,
}

/// Reads a text row by row.
pub(super) struct Rows<'a> {
    path: &'a Path,
    text: &'a str,
    at: usize,
    next_line: u64,
    /// The line on which the row begins that was read last, from 1.
    pub(super) line: u64,
}

impl<'a> Rows<'a> {
    pub(super) fn of(path: &'a Path, text: &'a str) -> Rows<'a> {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Rows { path, text, at, next_line: 1, line: 0 }
    }

    /// Reads the next row that is not empty into `cells`, and says whether there was one.
    pub(super) fn read(&mut self, cells: &mut Vec<Cell<'a>>) -> Result<bool> {
        while self.at < self.text.len() {
            cells.clear();
            self.line = self.next_line;
            while self.cell(cells)? {}
            if cells.iter().any(|cell| !cell.says.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The line on which the row ends that was read last.
    pub(super) fn last_line(&self) -> u64 {
        self.next_line - 1
    }

    /// Where the row ends that was read last, before its line break.
    pub(super) fn end(cells: &[Cell]) -> usize {
        cells.last().map_or(0, |cell| cell.range.end)
    }

    /// An error in a cell of the row that was read last, counted from 0.
    pub(super) fn error(&self, cell: usize, message: impl Into<String>) -> Error {
        Error::Line {
            path: self.path.to_owned(),
            line: self.line,
            column: Some(cell as u64 + 1),
            message: message.into(),
        }
    }

    /// Reads a cell, and says whether another one follows in the same row.
    fn cell(&mut self, cells: &mut Vec<Cell<'a>>) -> Result<bool> {
        let start = self.at;
        let rest = &self.text[start..];
        let quoted = rest.trim_start_matches(' ').starts_with('"');
        let (end, says) = if quoted { self.quoted(start, cells.len())? } else { self.plain(start) };
        cells.push(Cell { range: start..end, says });
        let more = self.text[end..].starts_with(';');
        let line_break = self.text[end..].bytes().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line_break = if self.text[end..].starts_with('\n') { 1 } else { line_break };
        self.next_line += u64::from(!more);
        self.at = end + if more { 1 } else { line_break };
        Ok(more)
    }

    fn plain(&self, start: usize) -> (usize, Cow<'a, str>) {
        let rest = &self.text[start..];
        let end = memchr::memchr2(b';', b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let cell = &rest[..end];
        let cell = if rest[end..].starts_with(';') { cell } else { cell.strip_suffix('\r').unwrap_or(cell) };
        (start + cell.len(), Cow::Borrowed(cell.trim()))
    }

    /// A cell in quotation marks, of which two stand for one. What follows the closing one belongs to the cell too.
    fn quoted(&mut self, start: usize, place: usize) -> Result<(usize, Cow<'a, str>)> {
        let opening = start + self.text[start..].find('"').unwrap_or(0);
        let (mut says, mut from) = (String::new(), opening + 1);
        loop {
            let rest = &self.text[from..];
            let Some(mark) = memchr::memchr(b'"', rest.as_bytes()) else {
                return Err(self.error(place, "a quotation mark is opened here and never closed"));
            };
            says.push_str(&rest[..mark]);
            self.next_line += memchr::memchr_iter(b'\n', &rest.as_bytes()[..mark]).count() as u64;
            from += mark + 1;
            if !self.text[from..].starts_with('"') {
                break;
            }
            says.push('"');
            from += 1;
        }
        let (end, after) = self.plain(from);
        says.push_str(&after);
        Ok((end, Cow::Owned(says.trim().to_owned())))
    }
}
