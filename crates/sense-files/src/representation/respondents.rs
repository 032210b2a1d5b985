//! Those who took part, and what they said of themselves.

use std::collections::HashSet;
use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

use super::reference::Reference;
use crate::table::{Column, Row, Table};
use crate::{Error, Result};

/// The column in which a dimension stands.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Chosen {
    dimension: String,
    column: String,
}

/// A category of the population that could not take part.
#[derive(Debug, Clone, Serialize)]
pub(super) struct NotAsked {
    pub(super) dimension: String,
    pub(super) category: String,
}

impl FromStr for NotAsked {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<NotAsked, String> {
        let (dimension, category) = text.split_once('=').ok_or("DIMENSION=CATEGORY is needed, such as age=0-15")?;
        Ok(NotAsked { dimension: dimension.to_owned(), category: category.to_owned() })
    }
}

impl FromStr for Chosen {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Chosen, String> {
        let (dimension, column) =
            text.split_once('=').ok_or("DIMENSION=COLUMN is needed, such as age=How old are you?")?;
        Ok(Chosen { dimension: dimension.to_owned(), column: column.to_owned() })
    }
}

/// Those who took part.
pub(super) struct Respondents {
    pub(super) ids: Vec<String>,
    /// For each of them, the place of their category in each dimension, where it is known.
    pub(super) categories: Vec<Vec<Option<usize>>>,
    /// For each dimension, how many there are of each.
    pub(super) counts: Vec<Counts>,
}

/// How many are in each category of a dimension.
pub(super) struct Counts {
    pub(super) known: Vec<u64>,
    pub(super) not_stated: u64,
    pub(super) other: u64,
}

/// The dimensions for which there is a column, their columns, and the names of the dimensions for which there is none.
pub(super) fn columns(
    path: &Path,
    reference: Reference,
    chosen: &[Chosen],
) -> Result<(Reference, Vec<Chosen>, Vec<String>)> {
    let names = Table::names(path)?;
    if let Some(unknown) = chosen.iter().find(|chosen| !reference.dimensions.iter().any(|d| d.name == chosen.dimension))
    {
        let known: Vec<&str> = reference.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        let message = format!(
            "--column {}={}: the reference has no such dimension; it has {}",
            unknown.dimension,
            unknown.column,
            known.join(", ")
        );
        return Err(Error::Unfit(message));
    }
    let column = |dimension: &str| {
        let chosen = chosen.iter().find(|chosen| chosen.dimension == dimension).map(|chosen| chosen.column.clone());
        let same = || names.iter().find(|name| *name == dimension);
        let alike = || names.iter().find(|name| name.trim().to_lowercase() == dimension.to_lowercase());
        chosen.or_else(|| same().or_else(alike).cloned())
    };
    let columns: Vec<Option<String>> = reference.dimensions.iter().map(|dimension| column(&dimension.name)).collect();
    let pairs = reference.dimensions.iter().zip(&columns);
    let found = pairs
        .clone()
        .filter_map(|(dimension, column)| Some(Chosen { dimension: dimension.name.clone(), column: column.clone()? }));
    let (found, missing): (Vec<Chosen>, Vec<String>) = (
        found.collect(),
        pairs.filter(|(_, column)| column.is_none()).map(|(dimension, _)| dimension.name.clone()).collect(),
    );
    if found.is_empty() {
        let message = format!(
            "{}: there is no column for {}; the columns are {}; name them by --column DIMENSION=COLUMN",
            path.display(),
            missing.join(", "),
            names.iter().take(30).map(String::as_str).collect::<Vec<_>>().join(", ")
        );
        return Err(Error::Unfit(message));
    }
    let reference = reference.only(|place| columns.get(place).is_some_and(Option::is_some));
    Ok((reference, found, missing))
}

impl Respondents {
    pub(super) fn read(
        path: &Path,
        reference: &Reference,
        columns: &[Chosen],
        id: Option<&Column>,
    ) -> Result<Respondents> {
        let id = id.cloned().or_else(|| Table::names(path).ok()?.into_iter().find(|name| name == "id").map(Column));
        let mut wanted: Vec<Column> = columns.iter().map(|chosen| Column(chosen.column.clone())).collect();
        wanted.extend(id.clone());
        let mut table = Table::open(path, &wanted)?;
        let mut respondents = Respondents::none(reference);
        let mut row = Row::default();
        let mut seen = HashSet::new();
        let mut strange: Vec<Option<(u64, String)>> = vec![None; columns.len()];
        while table.read(&mut row)? {
            let (cells, rest) = row.cells.split_at(columns.len().min(row.cells.len()));
            let id = match rest.first() {
                Some(id) if !seen.insert(id.clone()) => {
                    let message = format!("“{id}” has taken part already, in a row above");
                    return Err(table.error(row.line, Some(columns.len()), message));
                }
                Some(id) => id.clone(),
                None => (respondents.ids.len() + 1).to_string(),
            };
            respondents.add(id, cells, reference, |dimension, written| {
                if let Some(strange) = strange.get_mut(dimension) {
                    strange.get_or_insert_with(|| (row.line, written.to_owned()));
                }
            });
        }
        if respondents.ids.is_empty() {
            return Err(Error::Unfit(format!("{}: nobody took part: there are no rows", path.display())));
        }
        for (dimension, (strange, counts)) in strange.into_iter().zip(&respondents.counts).enumerate() {
            let Some((line, written)) = strange.filter(|_| counts.known.iter().all(|count| *count == 0)) else {
                continue;
            };
            let categories = reference.dimensions.get(dimension).map(|dimension| &dimension.categories);
            let categories: Vec<&str> =
                categories.into_iter().flatten().map(|category| category.name.as_str()).collect();
            let message = format!(
                "“{written}” and all that follow are not in the reference: it has {}; other spellings go into its column also",
                categories.join(", ")
            );
            return Err(table.error(line, Some(dimension), message));
        }
        Ok(respondents)
    }

    fn none(reference: &Reference) -> Respondents {
        let counts = reference.dimensions.iter();
        let counts =
            counts.map(|dimension| Counts { known: vec![0; dimension.categories.len()], not_stated: 0, other: 0 });
        Respondents { ids: Vec::new(), categories: Vec::new(), counts: counts.collect() }
    }

    /// Adds somebody, and tells of what the reference does not know.
    fn add(&mut self, id: String, cells: &[String], reference: &Reference, mut strange: impl FnMut(usize, &str)) {
        let mut categories = Vec::with_capacity(cells.len());
        for ((dimension, cell), counts) in cells.iter().enumerate().zip(&mut self.counts) {
            let category = reference.category(dimension, cell);
            match category.and_then(|category| counts.known.get_mut(category)) {
                Some(count) => *count += 1,
                None if cell.trim().is_empty() => counts.not_stated += 1,
                None => {
                    counts.other += 1;
                    strange(dimension, cell);
                }
            }
            categories.push(category);
        }
        self.ids.push(id);
        self.categories.push(categories);
    }
}
