//! What members added of their own words: as much text as people like, so it waits in a file without a name.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use sense::campaigns::{Addition, Campaigns};

use super::source::Source;
use crate::{Error, Result};

/// Additions in a temporary file, and where they are.
pub(super) struct Additions {
    file: BufWriter<File>,
    /// Where the file ends.
    end: u64,
    /// The text, where it begins, and its length in bytes.
    kept: Vec<(u32, u64, usize)>,
    /// The row, and the addition's place in `kept`; by family and id.
    order: Vec<(usize, usize)>,
    /// Where the additions of each family begin in `order`.
    begins: Vec<usize>,
    failed: Option<std::io::Error>,
}

impl Additions {
    pub(super) fn new() -> Result<Additions> {
        let file = tempfile::tempfile().map_err(Error::file(&std::env::temp_dir()))?;
        Ok(Additions {
            file: BufWriter::with_capacity(1 << 16, file),
            end: 0,
            kept: Vec::new(),
            order: Vec::new(),
            begins: Vec::new(),
            failed: None,
        })
    }

    /// Keeps one. What goes wrong is said by [`Additions::arrange`].
    pub(super) fn keep(&mut self, addition: Addition) {
        let words = addition.words.as_bytes();
        match self.file.write_all(words) {
            Ok(()) => self.kept.push((addition.text, self.end, words.len())),
            Err(error) => self.failed = self.failed.take().or(Some(error)),
        }
        self.end += words.len() as u64;
    }

    /// Puts them into the order of families, and then of ids.
    pub(super) fn arrange(&mut self, found: &Campaigns, source: &Source) -> Result<()> {
        self.failed.take().map_or_else(|| self.file.flush(), Err).map_err(Error::file(&std::env::temp_dir()))?;
        // By text, and in the text by place: those of one text were kept in order.
        let mut by_text: Vec<usize> = (0..self.kept.len()).collect();
        by_text.sort_by_key(|index| self.kept[*index].0);
        let mut order: Vec<(u32, String, usize, usize)> = Vec::new();
        for row in 0..found.texts() {
            let Some(text) = found.text(row) else { continue };
            let begin = by_text.partition_point(|index| self.kept[*index].0 < text);
            let same = by_text[begin..].iter().take_while(|index| self.kept[**index].0 == text);
            for index in same {
                if let Some(family) = found.standing(row).and_then(|standing| standing.family) {
                    order.push((family, source.id(row), row, *index));
                }
            }
        }
        order.sort();
        self.begins = (0..=found.families.len())
            .map(|family| order.partition_point(|entry| (entry.0 as usize) < family))
            .collect();
        self.order = order.into_iter().map(|(_, _, row, index)| (row, index)).collect();
        Ok(())
    }

    /// The additions of a family (from 0): the row, and the words.
    pub(super) fn of(&mut self, family: usize) -> std::io::Result<Vec<(usize, String)>> {
        let (Some(begin), Some(end)) = (self.begins.get(family), self.begins.get(family + 1)) else {
            return Ok(Vec::new());
        };
        let mut additions = Vec::with_capacity(end - begin);
        let mut file = self.file.get_ref();
        for (row, index) in self.order.get(*begin..*end).unwrap_or_default() {
            let Some((_, place, length)) = self.kept.get(*index) else { continue };
            let mut words = vec![0; *length];
            file.seek(SeekFrom::Start(*place))?;
            file.read_exact(&mut words)?;
            additions.push((*row, String::from_utf8_lossy(&words).into_owned()));
        }
        Ok(additions)
    }
}
