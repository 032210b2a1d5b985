//! Reads a codebook, as people edit it: TOML, JSON or CSV.

use std::collections::HashSet;
use std::path::Path;

use sense::coding::Code;
use serde::Deserialize;

use crate::table::{Row, Table};
use crate::{Error, Result};

/// All codes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    /// In the order of the file.
    #[serde(rename = "code", alias = "codes")]
    pub entries: Vec<Entry>,
}

/// One code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What stands in tables.
    #[serde(alias = "code")]
    pub id: String,
    /// What people read.
    #[serde(default)]
    pub label: String,
    /// When to give it.
    #[serde(default)]
    pub description: String,
    /// Phrases that deserve it.
    #[serde(default)]
    pub examples: Vec<String>,
}

impl Codebook {
    /// Reads the codebook at `path`, by the ending of its name: `.toml`, `.json`, or else a table.
    pub fn read(path: &Path) -> Result<Codebook> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let codebook = match ending.as_str() {
            "toml" => Codebook::toml(path, &text(path)?)?,
            "json" => Codebook::json(path, &text(path)?)?,
            _ => Codebook::table(path)?,
        };
        codebook.check(path)
    }

    /// The codes, as the method takes them.
    pub fn codes(&self) -> Vec<Code> {
        let wording = |entry: &Entry| {
            let parts = [&entry.label, &entry.description].into_iter().chain(&entry.examples);
            parts.filter(|part| !part.is_empty()).cloned().collect()
        };
        self.entries.iter().map(|entry| Code { id: entry.id.clone(), wording: wording(entry) }).collect()
    }

    /// The place of the code with this name.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id)
    }

    fn toml(path: &Path, text: &str) -> Result<Codebook> {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() as u64 + 1;
            let column = before.chars().rev().take_while(|letter| *letter != '\n').count() as u64 + 1;
            Error::Line { path: path.to_owned(), line, column: Some(column), message: error.message().to_owned() }
        })
    }

    fn json(path: &Path, text: &str) -> Result<Codebook> {
        serde_json::from_str(text).map_err(|error| Error::Line {
            path: path.to_owned(),
            line: error.line() as u64,
            column: Some(error.column() as u64),
            message: error.to_string(),
        })
    }

    /// Columns `code` (or `id`) and, if they are there, `label`, `description` and `examples`, the latter divided by `|`.
    fn table(path: &Path) -> Result<Codebook> {
        let mut table = Table::open_all(path)?;
        let header = table.header().unwrap_or_default().to_vec();
        let place = |names: &[&str]| header.iter().position(|name| names.contains(&name.to_lowercase().trim()));
        let Some(id) = place(&["code", "id"]) else {
            return Err(table.error(
                1,
                None,
                "a codebook needs a column “code”, and may have “label”, “description” and “examples”",
            ));
        };
        let places = [place(&["label"]), place(&["description"]), place(&["examples", "example"])];
        let mut entries = Vec::new();
        let mut row = Row::default();
        while table.read(&mut row)? {
            let cell =
                |place: Option<usize>| place.and_then(|place| row.cells.get(place)).map_or("", |cell| cell.trim());
            let [label, description, examples] = places.map(cell);
            if cell(Some(id)).is_empty() {
                return Err(table.error(row.line, Some(id), "this code has no name"));
            }
            let examples =
                examples.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
            let [id, label, description] = [cell(Some(id)), label, description].map(str::to_owned);
            entries.push(Entry { id, label, description, examples });
        }
        Ok(Codebook { entries })
    }

    fn check(self, path: &Path) -> Result<Codebook> {
        let mut seen = HashSet::new();
        if self.entries.is_empty() {
            return Err(Error::Unfit(format!("{} has no codes", path.display())));
        }
        for entry in &self.entries {
            if entry.id.trim().is_empty() {
                return Err(Error::Unfit(format!("{}: a code has no name", path.display())));
            }
            if !seen.insert(&entry.id) {
                let message =
                    format!("{}: there are two codes “{}”; every code needs its own name", path.display(), entry.id);
                return Err(Error::Unfit(message));
            }
        }
        Ok(self)
    }
}

fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(Error::file(path))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() as u64 + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() as u64 + 1;
        let message = "this is not UTF-8; save the file as UTF-8".to_owned();
        Error::Line { path: path.to_owned(), line, column: Some(column), message }
    })
}
