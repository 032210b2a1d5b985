//! The docket: the rows of several files, one after the other, read as often as the search for campaigns asks.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::PathBuf;

use indicatif::ProgressBar;
use sense::campaigns::{Batch, Texts};

use crate::progress::bar;
use crate::table::{Column, Row, Table};
use crate::{Error, Result};

/// How much text is handed over at once, in bytes …
const BATCH: usize = 1 << 20;
/// … and how many texts.
const TEXTS: usize = 8192;

/// The files of a docket, and the ids of its rows.
pub(super) struct Source {
    paths: Vec<PathBuf>,
    columns: Vec<Column>,
    /// All ids one after the other, and where each ends; none if there is no column of ids.
    ids: String,
    ends: Vec<usize>,
    /// How many rows there are, once they were read.
    rows: Option<usize>,
    bytes: u64,
}

impl Source {
    /// `bytes` is the size of all files.
    pub(super) fn new(paths: &[PathBuf], text: &Column, id: Option<&Column>, bytes: u64) -> Result<Source> {
        if let Some(path) = paths.iter().find(|path| !path.is_file()) {
            let message = "a file is needed here: it is read several times";
            return Err(Error::Unfit(format!("{}: {message}", path.display())));
        }
        let columns = std::iter::once(text).chain(id).cloned().collect();
        Ok(Source { paths: paths.to_owned(), columns, ids: String::new(), ends: Vec::new(), rows: None, bytes })
    }

    /// The id of a row; its number, from 1, if there is no column of ids.
    pub(super) fn id(&self, row: usize) -> String {
        if self.columns.len() < 2 { (row + 1).to_string() } else { self.given_id(row).to_owned() }
    }

    fn given_id(&self, row: usize) -> &str {
        let begin = row.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end);
        self.ends.get(row).and_then(|end| self.ids.get(begin..*end)).unwrap_or_default()
    }

    fn read_all(&mut self, visit: &mut dyn FnMut(&Batch) -> Result<()>) -> Result<()> {
        let progress = bar("Reading", self.bytes);
        let mut batch = Batch::default();
        let mut row = Row::default();
        let mut rows = 0;
        for path in &self.paths {
            let mut table = Table::open(path, &self.columns)?;
            while table.read(&mut row)? {
                let [text, ids @ ..] = row.cells.as_slice() else { continue };
                batch.push(rows, text);
                rows += 1;
                if rows > u32::MAX as usize - 1 {
                    return Err(table.error(
                        row.line,
                        None,
                        "more than 4,294,967,294 texts are too many for one docket",
                    ));
                }
                if let [id] = ids {
                    if id.is_empty() {
                        return Err(table.error(
                            row.line,
                            Some(1),
                            "the id is empty; give every text one, or leave out --id",
                        ));
                    }
                    self.ids.push_str(id);
                    self.ends.push(self.ids.len());
                }
                hand_over(&mut batch, false, &progress, visit)?;
            }
        }
        hand_over(&mut batch, true, &progress, visit)?;
        progress.finish_and_clear();
        self.rows = Some(rows);
        Ok(())
    }

    fn read_again(
        &mut self,
        rows: usize,
        wanted: &dyn Fn(usize) -> bool,
        visit: &mut dyn FnMut(&Batch) -> Result<()>,
    ) -> Result<()> {
        let progress = bar("Comparing", self.bytes);
        let columns = self.columns.get(..1).unwrap_or_default();
        let mut batch = Batch::default();
        let mut row = Row::default();
        let mut next = 0;
        for path in &self.paths {
            let mut table = Table::open(path, columns)?;
            loop {
                if wanted(next) {
                    if !table.read(&mut row)? {
                        break;
                    }
                    batch.push(next, row.cells.first().map_or("", String::as_str));
                    hand_over(&mut batch, false, &progress, visit)?;
                } else if !table.skip()? {
                    break;
                }
                next += 1;
            }
        }
        hand_over(&mut batch, true, &progress, visit)?;
        progress.finish_and_clear();
        if next == rows {
            Ok(())
        } else {
            Err(Error::Unfit("a file was changed while it was being read; run this again".to_owned()))
        }
    }

    /// How many rows have an id that another row before them has. Each of them is a text of its own nevertheless.
    pub(super) fn repeated_ids(&self) -> usize {
        let hash = |row: usize| BuildHasherDefault::<DefaultHasher>::default().hash_one(self.given_id(row));
        let mut hashes: Vec<u64> = (0..self.ends.len()).map(hash).collect();
        hashes.sort_unstable();
        let all = hashes.len();
        hashes.dedup();
        all - hashes.len()
    }
}

impl Texts for Source {
    type Error = Error;

    fn read(&mut self, wanted: &dyn Fn(usize) -> bool, visit: &mut dyn FnMut(&Batch) -> Result<()>) -> Result<()> {
        match self.rows {
            None => self.read_all(visit),
            Some(rows) => self.read_again(rows, wanted, visit),
        }
    }
}

fn hand_over(
    batch: &mut Batch,
    rest: bool,
    progress: &ProgressBar,
    visit: &mut dyn FnMut(&Batch) -> Result<()>,
) -> Result<()> {
    if batch.bytes() >= BATCH || batch.len() >= TEXTS || (rest && !batch.is_empty()) {
        visit(batch)?;
        progress.inc(batch.bytes() as u64);
        batch.clear();
    }
    Ok(())
}
