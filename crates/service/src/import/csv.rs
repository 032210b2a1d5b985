//! Rows of a CSV file of any encoding and separator, with bounded memory whatever the file holds.

use std::fmt::Write;
use std::io::Read;

use csv_core::ReadFieldResult;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The most bytes of one cell: longer than any answer can be.
const CELL_MAX: usize = 1 << 20;
/// The most bytes of one row.
const ROW_MAX: usize = 4 << 20;
/// The most columns.
const COLUMNS_MAX: usize = 5_000;
/// How much of the beginning is looked at to recognise encoding and separator.
const SAMPLE: usize = 256 << 10;

/// How the file is written; what is not said is detected.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shape {
    /// What stands between cells.
    pub separator: Option<u8>,
    /// How characters are encoded.
    pub encoding: Option<&'static Encoding>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// Nothing in it.
    #[error("the file is empty: its first row must name the columns")]
    Empty,
    /// The header is broken.
    #[error("the first row, which must name the columns, {0}")]
    Header(String),
    /// The file system.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// One row.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Over how many lines it runs.
    pub lines: u64,
    /// Its cells, as many as the header has.
    pub cells: Vec<String>,
    /// Why it cannot be used as it is.
    pub fault: Option<String>,
}

/// The rows of a file after its header.
pub(super) struct Rows<R> {
    source: std::io::Chain<std::io::Cursor<Vec<u8>>, Source<R>>,
    parser: csv_core::Reader,
    encoding: &'static Encoding,
    header: Vec<String>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    cell: Vec<u8>,
}

/// UTF-16 is made UTF-8 before it is split; everything else is split first, so that one bad cell spoils one row.
enum Source<R> {
    Plain(R),
    Wide(Box<encoding_rs_io::DecodeReaderBytes<std::io::Chain<std::io::Cursor<Vec<u8>>, R>, Vec<u8>>>),
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Wide(reader) => reader.read(buffer),
        }
    }
}

impl<R: Read> Rows<R> {
    /// Opens a file and reads its header.
    pub(super) fn open(mut file: R, shape: &Shape) -> Result<Self, CsvError> {
        let mut sample = Vec::new();
        file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
        let encoding = shape.encoding.unwrap_or_else(|| detect_encoding(&sample));
        let wide = encoding == UTF_16LE || encoding == UTF_16BE;
        let (mut beginning, source) = if wide {
            let whole = std::io::Cursor::new(sample).chain(file);
            let mut decoder = encoding_rs_io::DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(whole);
            let mut sample = Vec::new();
            decoder.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
            (sample, Source::Wide(Box::new(decoder)))
        } else {
            (sample, Source::Plain(file))
        };
        if beginning.starts_with(b"\xef\xbb\xbf") {
            beginning.drain(..3);
        }
        let separator = shape.separator.unwrap_or_else(|| detect_separator(&beginning));
        let mut rows = Self {
            source: std::io::Cursor::new(beginning).chain(source),
            parser: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            encoding: if wide { UTF_8 } else { encoding },
            header: Vec::new(),
            buffer: vec![0; 64 << 10],
            start: 0,
            end: 0,
            cell: vec![0; CELL_MAX],
        };
        let header = rows.next_unchecked()?.ok_or(CsvError::Empty)?;
        if let Some(fault) = header.fault {
            return Err(CsvError::Header(fault));
        }
        rows.header = header.cells.into_iter().map(|name| name.trim().to_owned()).collect();
        Ok(rows)
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<Row>, CsvError> {
        let Some(mut row) = self.next_unchecked()? else { return Ok(None) };
        let (has, needs) = (row.cells.len(), self.header.len());
        if has != needs && row.fault.is_none() {
            let mut fault = format!("has {has} cells where the header has {needs}");
            if row.lines > 20 {
                write!(fault, " (it runs over {} lines: is a quotation mark not closed?)", row.lines).ok();
            }
            row.fault = Some(fault);
        }
        row.cells.resize(needs, String::new());
        Ok(Some(row))
    }

    fn next_unchecked(&mut self) -> Result<Option<Row>, CsvError> {
        self.fill()?;
        // Where a row ends in "\r\n", the parser leaves the "\n" to the next row.
        let left_over = u64::from(self.buffer[self.start..self.end].first() == Some(&b'\n'));
        let mut row = Row { line: self.parser.line() + left_over, ..Row::default() };
        let (mut filled, mut bytes, mut too_long, mut quotes) = (0, 0, false, 0);
        loop {
            let over = self.fill()?;
            let input = &self.buffer[self.start..self.end];
            let (result, read, written) = self.parser.read_field(input, &mut self.cell[filled..]);
            quotes += input[..read].split(|byte| *byte == b'"').count() - 1;
            self.start += read;
            filled += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => {
                    // The rest of the cell is read, and thrown away piece by piece.
                    too_long = true;
                    filled = 0;
                }
                ReadFieldResult::Field { record_end } => {
                    bytes += filled;
                    self.push_cell(&mut row, filled, too_long || bytes > ROW_MAX);
                    (filled, too_long) = (0, false);
                    if record_end {
                        // The parser takes the end of the file for the end of a cell, even between quotation marks.
                        if over && quotes % 2 == 1 {
                            row.fault =
                                Some(format!("a quotation mark is not closed from line {} to the end", row.line));
                        }
                        row.lines = 1 + self.parser.line().saturating_sub(row.line);
                        return Ok(Some(row));
                    }
                }
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    /// Reads on if everything that was read has been used; whether the file is over.
    fn fill(&mut self) -> std::io::Result<bool> {
        if self.start == self.end {
            self.end = self.source.read(&mut self.buffer)?;
            self.start = 0;
        }
        Ok(self.start == self.end)
    }

    fn push_cell(&self, row: &mut Row, filled: usize, too_long: bool) {
        let number = row.cells.len() + 1;
        let name =
            self.header.get(number - 1).map_or_else(|| format!("cell {number}"), |name| format!("column \"{name}\""));
        let mut fault = None;
        let mut cell = String::new();
        if too_long {
            fault = Some(format!("{name} is longer than {CELL_MAX} bytes; is a quotation mark not closed?"));
        } else if row.cells.len() >= COLUMNS_MAX {
            row.fault.get_or_insert_with(|| format!("has more than {COLUMNS_MAX} cells"));
            return;
        } else {
            match self.encoding.decode_without_bom_handling_and_without_replacement(&self.cell[..filled]) {
                Some(text) => cell = text.into_owned(),
                None => fault = Some(format!("{name} is not {}", self.encoding.name())),
            }
        }
        row.cells.push(cell);
        if row.fault.is_none() {
            row.fault = fault;
        }
    }
}

fn detect_encoding(sample: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return encoding;
    }
    // A character may be cut in two at the end of the sample.
    match std::str::from_utf8(sample) {
        Ok(_) => UTF_8,
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) if mostly_utf8(sample) => UTF_8,
        Err(_) => {
            let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            detector.feed(sample, true);
            detector.guess(None, chardetng::Utf8Detection::Deny)
        }
    }
}

/// Whether a sample with some bad bytes is UTF-8 all the same: it has characters that only UTF-8 would write so, and more
/// of them than bad places. Then the bad cells are refused instead of every accent being read wrongly.
fn mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 2 * bad
}

/// The separator that cuts the most rows of the sample into as many cells as the first row.
fn detect_separator(sample: &[u8]) -> u8 {
    let candidates = [b',', b';', b'\t', b'|'];
    let score = |separator: &u8| {
        let counts = cell_counts(sample, *separator);
        let first = counts.first().copied().unwrap_or(1);
        let alike = counts.iter().filter(|count| **count == first).count();
        (if first > 1 { 100 * alike / counts.len().max(1) } else { 0 }, first)
    };
    candidates.into_iter().max_by_key(score).unwrap_or(b',')
}

fn cell_counts(sample: &[u8], separator: u8) -> Vec<usize> {
    let mut parser = csv_core::ReaderBuilder::new().delimiter(separator).build();
    let mut output = vec![0; 64 << 10];
    let (mut counts, mut cells, mut at) = (Vec::new(), 0, 0);
    while at < sample.len() && counts.len() < 50 {
        let (result, read, _) = parser.read_field(&sample[at..], &mut output);
        at += read;
        match result {
            ReadFieldResult::Field { record_end } => {
                cells += 1;
                if record_end {
                    counts.push(cells);
                    cells = 0;
                }
            }
            ReadFieldResult::InputEmpty | ReadFieldResult::End => break,
            ReadFieldResult::OutputFull => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u64, Vec<String>, Option<String>)> {
        let mut rows = Rows::open(bytes, &Shape::default()).expect("open");
        let mut all = Vec::new();
        while let Some(row) = rows.next().expect("row") {
            all.push((row.line, row.cells, row.fault));
        }
        all
    }

    #[test]
    fn separators_encodings_and_marks_are_recognised() {
        for separator in [",", ";", "\t", "|"] {
            let file = format!("\u{feff}id{separator}texto\r\n1{separator}\"a{separator}b\r\nc\"\r\n2{separator}ñ\r\n");
            let rows = read(file.as_bytes());
            assert_eq!(rows[0].1, ["1", &format!("a{separator}b\r\nc")], "{separator:?}");
            assert_eq!((rows[1].0, rows[1].1[1].as_str()), (4, "ñ"));
        }
        let rows = read(b"id,t\r\n1,\"a\r\nb\",c\r\n2,d\r\n");
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [2, 4], "lines as an editor counts them");
        let latin = b"id;texto\n1;informaci\xf3n p\xfablica\n2;a\xf1o\n";
        assert_eq!(read(latin)[0].1[1], "información pública");
        let wide: Vec<u8> = "\u{feff}id,t\n1,ñ\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide)[0].1, ["1", "ñ"]);
    }

    #[test]
    fn a_bad_row_is_refused_alone() {
        let mut file = "id,text\n1,ñandú señal\n2,one,too many\n3\n4,".to_owned().into_bytes();
        file.extend(b"bad \xff byte\n5,good\n");
        let rows = read(&file);
        let faults: Vec<Option<&str>> = rows.iter().map(|(_, _, fault)| fault.as_deref()).collect();
        assert_eq!(
            faults,
            [
                None,
                Some("has 3 cells where the header has 2"),
                Some("has 1 cells where the header has 2"),
                Some("column \"text\" is not UTF-8"),
                None
            ]
        );
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_told() {
        let rows = read(b"id,text\n1,fine\n2,\"not closed\n3,swallowed\n4,swallowed\n");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].2.as_deref(), Some("a quotation mark is not closed from line 3 to the end"));
        assert_eq!(read(b"id,text\n1,\"closed \"\"well\"\"\"")[0].2, None, "without a line end at the end");
        let mut long = b"id,text\n1,\"opened\n".to_vec();
        long.extend("2,swallowed\n".repeat(30).bytes());
        long.extend(b"32,\"closed by chance\",and more\n33,fine\n");
        let rows = read(&long);
        assert!(
            rows[0].2.as_ref().is_some_and(|fault| fault.contains("is a quotation mark not closed?")),
            "{:?}",
            rows[0]
        );
        assert_eq!(rows.last().map(|row| row.1[1].as_str()), Some("fine"));
    }

    #[test]
    fn a_cell_of_200_megabytes_is_refused_in_bounded_memory() {
        let beginning = std::io::Cursor::new(b"id,text\n1,\"".to_vec());
        let end = std::io::Cursor::new(b"\"\n2,fine\n".to_vec());
        let file = beginning.chain(std::io::repeat(b'x').take(200 << 20)).chain(end);
        let mut rows = Rows::open(file, &Shape::default()).expect("open");
        let long = rows.next().expect("row").expect("row");
        assert!(long.fault.expect("fault").contains("longer than"));
        assert_eq!(long.cells, ["1", ""]);
        assert_eq!(rows.next().expect("row").expect("row").cells, ["2", "fine"]);
        assert!(rows.cell.capacity() + rows.buffer.capacity() < 2 << 20);
    }

    #[test]
    fn an_empty_file_says_so() {
        assert!(matches!(Rows::open(&b""[..], &Shape::default()), Err(CsvError::Empty)));
        assert!(read(b"id,text\n").is_empty());
    }
}
