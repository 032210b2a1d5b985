//! Reads a TSV file line by line. As registered (text/tab-separated-values), it knows no quotation marks and no cell with a line
//! break, so that lines and tabs are all there is, and millions of rows are read in the time it takes to search for these two bytes.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::{BUFFER, unequal};
use crate::{Error, Result};

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
        if !self.skip(path)? {
            return Ok(false);
        }
        let found = memchr::memchr_iter(b'\t', &self.row).count() + 1;
        let cells = *self.cells.get_or_insert(found);
        if found == cells { Ok(true) } else { Err(unequal(path, self.line, found, cells)) }
    }

    /// The same, without a look at its cells.
    pub(super) fn skip(&mut self, path: &Path) -> Result<bool> {
        loop {
            self.row.clear();
            if self.reader.read_until(b'\n', &mut self.row).map_err(Error::file(path))? == 0 {
                return Ok(false);
            }
            self.line += 1;
            if self.row.ends_with(b"\n") {
                self.row.pop();
            }
            if self.row.ends_with(b"\r") {
                self.row.pop();
            }
            if !self.row.is_empty() {
                return Ok(true);
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
