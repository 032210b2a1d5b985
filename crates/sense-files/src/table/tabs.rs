//! Reads a TSV file line by line. As registered (text/tab-separated-values), it knows no quotation marks and no cell with a line
//! break, so that lines and tabs are all there is, and millions of rows are read in the time it takes to search for these two bytes.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::unequal;
use crate::{Error, Result};

/// How much is read at once: little enough to be in the processor's cache still when it is searched.
const BUFFER: usize = 128 << 10;

/// The rows of a TSV file, each as long as the first.
pub(super) struct Tabs {
    reader: BufReader<Box<dyn Read>>,
    /// The line that was read last, without its end.
    pub(super) row: Vec<u8>,
    /// Its number, from 1.
    pub(super) line: u64,
    /// How many cells the first row has.
    cells: Option<usize>,
}

impl Tabs {
    pub(super) fn new(file: Box<dyn Read>) -> Tabs {
        Tabs { reader: BufReader::with_capacity(BUFFER, file), row: Vec::new(), line: 0, cells: None }
    }

    /// Reads the next row that is not blank, and says whether there was one.
    pub(super) fn next(&mut self, path: &Path) -> Result<bool> {
        if !self.next_line(path, usize::MAX)? {
            return Ok(false);
        }
        let found = memchr::memchr_iter(b'\t', &self.row).count() + 1;
        let cells = *self.cells.get_or_insert(found);
        if found == cells { Ok(true) } else { Err(unequal(path, self.line, found, cells)) }
    }

    /// The same, without a look at its cells.
    pub(super) fn skip(&mut self, path: &Path) -> Result<bool> {
        // Two bytes are enough to tell a blank line.
        self.next_line(path, 2)
    }

    fn next_line(&mut self, path: &Path, most: usize) -> Result<bool> {
        loop {
            if !self.read_line(most).map_err(Error::file(path))? {
                return Ok(false);
            }
            self.line += 1;
            if self.row.ends_with(b"\r") {
                self.row.pop();
            }
            if !self.row.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Reads a line without its line feed, and says whether there was one; keeps `most` bytes of it. `BufRead::read_until` searches
    /// more slowly.
    fn read_line(&mut self, most: usize) -> std::io::Result<bool> {
        self.row.clear();
        let mut any = false;
        loop {
            let part = match self.reader.fill_buf() {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                part => part?,
            };
            let end = memchr::memchr(b'\n', part);
            let kept = end.unwrap_or(part.len()).min(most - self.row.len());
            self.row.extend_from_slice(&part[..kept]);
            let read = end.map_or(part.len(), |end| end + 1);
            any |= read > 0;
            self.reader.consume(read);
            if end.is_some() || read == 0 {
                return Ok(any);
            }
        }
    }

    /// The cell in `place`, from 0.
    pub(super) fn cell(&self, place: usize) -> &[u8] {
        let mut rest = self.row.as_slice();
        for _ in 0..place {
            match memchr::memchr(b'\t', rest) {
                Some(tab) => rest = &rest[tab + 1..],
                None => return &[],
            }
        }
        &rest[..memchr::memchr(b'\t', rest).unwrap_or(rest.len())]
    }
}
