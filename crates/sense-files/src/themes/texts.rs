//! A table's texts with their names, which must be different.

use std::collections::HashMap;
use std::path::Path;

use sense::themes::Document;

use crate::table::{Column, Row, Table};
use crate::{Error, Result};

/// Texts in the order of the table.
pub(crate) struct Texts {
    /// Name and text.
    pub rows: Vec<(String, String)>,
}

impl Texts {
    /// Reads the column `text` and, if there is one, the column `id`.
    pub fn read(path: &Path, text: &Column, id: Option<&Column>) -> Result<Texts> {
        let wanted: Vec<Column> = [Some(text), id].into_iter().flatten().cloned().collect();
        let mut table = Table::open(path, &wanted)?;
        let mut seen: HashMap<String, u64> = HashMap::new();
        let mut rows = Vec::new();
        let mut row = Row::default();
        while table.read(&mut row)? {
            let text = row.cells.first_mut().map(std::mem::take).unwrap_or_default();
            let name = row.cells.get(1).map_or_else(|| (rows.len() + 1).to_string(), |name| name.trim().to_owned());
            if name.is_empty() {
                return Err(table.error(row.line, Some(1), "this text has no name; give it one, or leave out --id"));
            }
            if let Some(line) = seen.insert(name.clone(), row.line) {
                let message =
                    format!("“{name}” is the name of the text on line {line} already; every text needs its own");
                return Err(table.error(row.line, Some(1), message));
            }
            rows.push((name, text));
        }
        if rows.is_empty() {
            return Err(Error::Unfit(format!("{} has no texts", path.display())));
        }
        Ok(Texts { rows })
    }

    /// The texts, as the methods take them.
    pub fn documents(&self) -> Vec<Document<'_>> {
        self.rows.iter().map(|(id, text)| Document { text, id }).collect()
    }
}

/// To sort names by: numbers in their order, then all others.
pub(crate) fn natural(name: &str) -> (bool, u64, &str) {
    name.parse().map_or((true, 0, name), |number| (false, number, name))
}
