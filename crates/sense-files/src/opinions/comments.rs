//! Reads `comments.csv`: what the statements say, what moderators did with them, and how many agreed and disagreed.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use sense::opinions::tallies::Tally;

use super::ballots::{Ballots, Misfit};
use crate::table::{Row, Table};
use crate::{Error, Result};

/// A statement, as the file describes it.
#[derive(Debug, Clone, Default)]
pub struct Comment {
    /// What it says.
    pub text: String,
    /// Whether moderators took it out.
    pub moderated_out: bool,
    /// Whether it is about the conversation itself.
    pub meta: bool,
    counts: Option<[u64; 2]>,
}

/// The file that belongs to `votes` by its name, if it is there: `comments.csv` for `votes.csv` and `participants-votes.csv`.
pub fn beside(votes: &Path) -> Option<PathBuf> {
    let name = votes.file_name()?.to_str()?;
    let named = ["participants-votes", "participant-votes", "votes"]
        .iter()
        .find(|part| name.contains(**part))
        .map(|part| name.replacen(part, "comments", 1));
    named.map(|name| votes.with_file_name(name)).filter(|path| path.is_file())
}

/// Reads the statements of `path`, by their ids.
pub fn read(path: &Path) -> Result<HashMap<String, Comment>> {
    // An empty file says so here, before columns are looked for.
    File::open(path).map_err(Error::file(path))?;
    let mut table = Table::open_all(path)?;
    let header: Vec<String> = table.header().unwrap_or_default().to_vec();
    let place = |names: &[&str]| header.iter().position(|column| names.contains(&column.trim()));
    let Some(id) = place(&["comment-id", "statement-id", "tid"]) else {
        let message = format!("there is no column “comment-id”; the columns are {}", header.join(", "));
        return Err(table.error(1, None, message));
    };
    let (text, moderated, meta) = (place(&["comment-body", "text"]), place(&["moderated"]), place(&["is-meta"]));
    let counts = place(&["agrees"]).zip(place(&["disagrees"]));
    let mut comments = HashMap::new();
    let mut row = Row::default();
    while table.read(&mut row)? {
        let cell = |place: Option<usize>| place.and_then(|place| row.cells.get(place)).map_or("", |cell| cell.trim());
        let number = |place: usize| {
            let unfit = |_| table.error(row.line, Some(place), "a whole number is needed here");
            cell(Some(place)).parse::<u64>().map_err(unfit)
        };
        let counts = counts.map(|(agree, disagree)| Ok::<_, Error>([number(agree)?, number(disagree)?])).transpose()?;
        let comment = Comment {
            text: cell(text).to_owned(),
            moderated_out: cell(moderated) == "-1",
            meta: matches!(cell(meta), "true" | "1" | "t"),
            counts,
        };
        let name = cell(Some(id)).to_owned();
        if comments.insert(name.clone(), comment).is_some() {
            return Err(table.error(row.line, Some(id), format!("statement {name} stands in an earlier line too")));
        }
    }
    Ok(comments)
}

/// How far the counts in `comments` are from the votes; none if no statement has counts.
///
/// The counts also hold votes that were replaced later, so they are never quite the same.
pub fn misfit(comments: &HashMap<String, Comment>, ballots: &Ballots, everybody: &[Tally]) -> Option<Misfit> {
    let mut misfit = None;
    for (id, tally) in ballots.statements.iter().zip(everybody) {
        if let Some(counts) = comments.get(id).and_then(|comment| comment.counts) {
            let found = [u64::from(tally.agree), u64::from(tally.disagree)];
            misfit.get_or_insert(Misfit::default()).add(counts, found);
        }
    }
    misfit
}
