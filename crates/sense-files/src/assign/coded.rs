//! Reads texts that people coded, and says of every row what is wrong with it.

use std::path::Path;

use super::codebook::Codebook;
use crate::table::{Column, Row, Table};
use crate::{Error, Result};

/// Errors that are told; the others are counted.
const TOLD: usize = 20;

/// Texts with their codes, by place in the codebook, sorted.
#[derive(Debug, Default)]
pub(super) struct Coded(pub Vec<(String, Vec<usize>)>);

impl Coded {
    /// Reads the columns `text` and `codes`. An empty cell means that people gave no code.
    pub fn read(path: &Path, text: &Column, codes: &Column, separator: &str, codebook: &Codebook) -> Result<Coded> {
        let mut table = Table::open(path, &[text.clone(), codes.clone()])?;
        let mut coded = Vec::new();
        let mut wrong = Vec::new();
        let mut row = Row::default();
        while table.read(&mut row)? {
            let cell = row.cells.get(1).map_or("", String::as_str);
            let mut places = Vec::new();
            for code in split(cell, separator) {
                match codebook.place(code) {
                    Some(place) => places.push(place),
                    None => wrong.push(table.error(row.line, Some(1), format!("“{code}” is not in the codebook"))),
                }
            }
            places.sort_unstable();
            places.dedup();
            coded.push((row.cells.first_mut().map(std::mem::take).unwrap_or_default(), places));
        }
        if coded.is_empty() {
            return Err(Error::Unfit(format!("{} has no examples", path.display())));
        }
        if wrong.is_empty() { Ok(Coded(coded)) } else { Err(together(wrong)) }
    }
}

fn split<'a>(cell: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    let parts = move |part: &'a str| if separator.is_empty() { vec![part] } else { part.split(separator).collect() };
    cell.split('|').flat_map(parts).map(str::trim).filter(|code| !code.is_empty())
}

fn together(mut wrong: Vec<Error>) -> Error {
    if wrong.len() == 1 {
        return wrong.remove(0);
    }
    let mut lines: Vec<String> = wrong.iter().take(TOLD).map(ToString::to_string).collect();
    if wrong.len() > TOLD {
        lines.push(format!("… and {} more", wrong.len() - TOLD));
    }
    Error::Unfit(lines.join("\n"))
}
