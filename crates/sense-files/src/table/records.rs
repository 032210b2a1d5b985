//! Reads a CSV file record by record, and knows exactly on which line each begins and whether a quotation mark is left open.

use std::io::Read;
use std::path::Path;

use super::{BUFFER, at, unequal};
use crate::{Error, Result};

/// The records of a CSV file, each as long as the first, and the lines on which they begin.
pub(super) struct Records {
    reader: csv::Reader<Whole>,
    pub(super) record: csv::ByteRecord,
    /// Where `record` begins, from 1.
    pub(super) line: u64,
    /// How many cells the first record has.
    cells: Option<usize>,
}

impl Records {
    pub(super) fn new(file: Box<dyn Read>, delimiter: u8) -> Records {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(Whole { file, part: Vec::new(), begins: 0, end: false });
        Records { reader, record: csv::ByteRecord::new(), line: 0, cells: None }
    }

    /// Reads the next record, and says whether there was one.
    pub(super) fn next(&mut self, path: &Path) -> Result<bool> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) => {
                return Err(match error.into_kind() {
                    csv::ErrorKind::Io(source) => Error::file(path)(source),
                    other => Error::Unfit(format!("{}: {other:?}", path.display())),
                });
            }
        }
        let after = self.reader.position();
        let last = self.reader.get_ref().byte(after.byte().saturating_sub(1));
        let within = self.record.iter().map(|cell| memchr::memchr_iter(b'\n', cell).count() as u64).sum::<u64>();
        self.line = after.line() - within - u64::from(last == Some(b'\n'));
        if self.reader.get_ref().end && self.record.iter().next_back().is_some_and(|cell| cell.ends_with(END)) {
            let message = "a quotation mark is opened here and never closed";
            return Err(at(path, self.line, Some(self.record.len()), message));
        }
        if self.reader.get_ref().end && self.record == [&END[1..]][..] {
            return Ok(false);
        }
        let cells = *self.cells.get_or_insert(self.record.len());
        if cells == self.record.len() { Ok(true) } else { Err(unequal(path, self.line, self.record.len(), cells)) }
    }
}

/// What is added to the end of a file: a record of its own, unless a quotation mark is still open, which is how that is noticed.
const END: &[u8] = b"\n\0";

/// A file with [`END`] added to it, and the part of it that was read last, which shows how a line ended: the reader of records
/// counts a line only with its line feed, and leaves that behind where a carriage return comes first.
struct Whole {
    file: Box<dyn Read>,
    part: Vec<u8>,
    begins: u64,
    end: bool,
}

impl Whole {
    /// The byte at `place`, if that was read last.
    fn byte(&self, place: u64) -> Option<u8> {
        let place = usize::try_from(place.checked_sub(self.begins)?).ok()?;
        self.part.get(place).copied()
    }
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut read = if self.end { 0 } else { self.file.read(buffer)? };
        if read == 0 && !self.end && buffer.len() >= END.len() {
            self.end = true;
            read = END.len();
            buffer[..read].copy_from_slice(END);
        }
        if read > 0 {
            self.begins += self.part.len() as u64;
            self.part.clear();
            self.part.extend_from_slice(&buffer[..read]);
        }
        Ok(read)
    }
}
