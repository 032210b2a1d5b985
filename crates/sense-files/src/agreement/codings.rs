//! Reads codings in either of the two forms in which people have them.

use std::collections::HashSet;
use std::path::Path;

use sense::agreement::{Codings, Collected};
use serde::Serialize;

use crate::table::{Column, Row, Table};
use crate::{Error, Result};

/// The form of a table, and the columns that matter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Columns {
    /// One row for each coding.
    Rows { unit: String, coder: String, code: String },
    /// One row for each unit.
    Columns { unit: String, coders: Vec<String> },
}

impl Columns {
    /// Finds out the form from the columns that were named, and from the header.
    pub(super) fn find(
        path: &Path,
        unit: Option<&Column>,
        coder: Option<&Column>,
        code: Option<&Column>,
        coders: &[Column],
    ) -> Result<Columns> {
        let header = Table::names(path)?;
        let has = |name: &str| header.iter().any(|column| column == name);
        let first_of = |names: [&'static str; 2]| names.into_iter().find(|name| has(name)).map(str::to_owned);
        let named = |column: Option<&Column>| column.map(|column| column.0.clone());
        let unit = named(unit).or_else(|| first_of(["unit", "id"]));
        let code = named(code).or_else(|| first_of(["code", "codes"]));
        if coders.is_empty() && (coder.is_some() || (has("coder") && code.is_some())) {
            let unit = unit.or_else(|| header.first().cloned()).unwrap_or_default();
            let code = code.unwrap_or_else(|| "code".to_owned());
            return Ok(Columns::Rows { unit, coder: named(coder).unwrap_or_else(|| "coder".to_owned()), code });
        }
        let unit = unit.or_else(|| header.first().cloned()).unwrap_or_default();
        let coders: Vec<String> = if coders.is_empty() {
            header.into_iter().filter(|column| *column != unit && !column.is_empty()).collect()
        } else {
            coders.iter().map(|column| column.0.clone()).collect()
        };
        if coders.len() < 2 {
            let message = format!(
                "{}: there must be columns unit, coder and code, or a column for each of two coders or more; name them by --unit, \
                 --coder and --code, or by --unit and --coders",
                path.display()
            );
            return Err(Error::Unfit(message));
        }
        Ok(Columns::Columns { unit, coders })
    }
}

/// Reads the codings; an empty cell is none. Any character of `separator` stands between several codes.
pub(super) fn read(path: &Path, columns: &Columns, separator: &str) -> Result<Codings> {
    match columns {
        Columns::Rows { unit, coder, code } => read_rows(path, [unit, coder, code], separator),
        Columns::Columns { unit, coders } => read_columns(path, unit, coders, separator),
    }
}

fn read_rows(path: &Path, names: [&String; 3], separator: &str) -> Result<Codings> {
    let mut table = Table::open(path, &names.map(|name| Column(name.clone())))?;
    let mut row = Row::default();
    let mut codings = Collected::default();
    while table.read(&mut row)? {
        let [unit, coder, codes] = row.cells.as_slice() else { continue };
        for (place, cell) in [unit, coder].into_iter().enumerate() {
            if cell.trim().is_empty() {
                return Err(table.error(row.line, Some(place), format!("there is no {}", ["unit", "coder"][place])));
            }
        }
        split(codes, separator).for_each(|code| codings.add(unit.trim(), coder.trim(), code));
    }
    coded(path, codings)
}

fn read_columns(path: &Path, unit: &str, coders: &[String], separator: &str) -> Result<Codings> {
    let columns: Vec<Column> =
        std::iter::once(unit).chain(coders.iter().map(String::as_str)).map(|name| Column(name.to_owned())).collect();
    let mut table = Table::open(path, &columns)?;
    let mut row = Row::default();
    let mut codings = Collected::default();
    let mut seen = HashSet::new();
    while table.read(&mut row)? {
        let Some((unit, cells)) = row.cells.split_first() else { continue };
        let unit = unit.trim();
        if unit.is_empty() {
            return Err(table.error(row.line, Some(0), "there is no unit"));
        }
        if !seen.insert(unit.to_owned()) {
            let message = format!("“{unit}” has a row already; each unit may have one row, or one row for each coding");
            return Err(table.error(row.line, Some(0), message));
        }
        for (coder, cell) in coders.iter().zip(cells) {
            split(cell, separator).for_each(|code| codings.add(unit, coder, code));
        }
    }
    coded(path, codings)
}

/// The codes of a cell, without the white space around them.
fn split<'a>(cell: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    cell.split(move |character| separator.contains(character)).map(str::trim).filter(|code| !code.is_empty())
}

fn coded(path: &Path, codings: Collected) -> Result<Codings> {
    if codings.is_empty() {
        return Err(Error::Unfit(format!("{}: nothing in it was coded", path.display())));
    }
    Ok(codings.codings())
}
