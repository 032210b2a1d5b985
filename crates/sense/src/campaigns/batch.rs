//! Texts that are read several times, a batch at a time, so that they need not all be in memory.

use std::convert::Infallible;

/// Texts in rows, such as a file; fewer than 2³² − 1.
pub trait Texts {
    /// Why they cannot be read.
    type Error;

    /// Calls `visit` with those texts whose rows are `wanted`, in order, in batches. The rows count from 0, and hold the same texts
    /// whenever they are read.
    fn read(
        &mut self,
        wanted: &dyn Fn(usize) -> bool,
        visit: &mut dyn FnMut(&Batch) -> Result<(), Self::Error>,
    ) -> Result<(), Self::Error>;
}

/// Some texts, one after the other in one piece of memory, each with its row.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    /// The row of each text, and where it ends.
    ends: Vec<(usize, usize)>,
}

impl Batch {
    /// Adds the text in `row`.
    pub fn push(&mut self, row: usize, text: &str) {
        self.text.push_str(text);
        self.ends.push((row, self.text.len()));
    }

    /// The row and the text at `index` of the batch.
    pub fn get(&self, index: usize) -> Option<(usize, &str)> {
        let begin = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        let (row, end) = self.ends.get(index)?;
        Some((*row, self.text.get(begin..*end)?))
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes the texts have together.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Takes all out, and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

impl<S: AsRef<str>> Texts for &[S] {
    type Error = Infallible;

    fn read(
        &mut self,
        wanted: &dyn Fn(usize) -> bool,
        visit: &mut dyn FnMut(&Batch) -> Result<(), Infallible>,
    ) -> Result<(), Infallible> {
        let mut batch = Batch::default();
        for (row, text) in self.iter().enumerate().filter(|(row, _)| wanted(*row)) {
            batch.push(row, text.as_ref());
            if batch.len() == 4096 {
                visit(&batch)?;
                batch.clear();
            }
        }
        if batch.is_empty() { Ok(()) } else { visit(&batch) }
    }
}
