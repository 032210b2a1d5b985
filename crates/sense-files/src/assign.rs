//! `folkmoot sense assign`: codes texts with a codebook, learning from those that people coded.

pub mod codebook;
mod coded;
mod summary;

use std::path::PathBuf;

use clap::Args;
use sense::coding::{self, Coder, Evaluation, Example, Learnt, Scored};
use serde::Serialize;

use crate::Result;
use crate::about::{About, Input};
use crate::output::{Output, print, print_json};
use crate::table::Column;
use crate::themes::texts::{Texts, natural};
use codebook::Codebook;
use coded::Coded;

/// The command's arguments.
#[derive(Args)]
pub struct Assign {
    /// The texts to code: CSV, TSV or JSON lines, in UTF-8. Not needed with --evaluate
    #[arg(required_unless_present = "evaluate")]
    texts: Option<PathBuf>,
    /// The codebook: TOML, JSON or CSV, with a code, a label, a description and example phrases
    #[arg(long, value_name = "FILE")]
    codebook: PathBuf,
    /// The table with texts that people coded
    #[arg(long, value_name = "CODED")]
    examples: PathBuf,
    /// The column with the texts, by name, or by number if there is no header
    #[arg(long, value_name = "COLUMN", default_value = "text")]
    text: Column,
    /// The column with the names of the texts to code; otherwise they are numbered from 1
    #[arg(long, value_name = "COLUMN")]
    id: Option<Column>,
    /// The column of the examples with their codes, of which a text may have several
    #[arg(long, value_name = "COLUMN", default_value = "codes")]
    codes: Column,
    /// What stands between the codes of a text; a vertical bar always may
    #[arg(long, default_value = ";")]
    separator: String,
    /// Measure how well it codes, against codings by people that it does not learn from
    #[arg(long)]
    evaluate: bool,
    /// A table like the examples to measure against; otherwise every fifth of the examples in turn
    #[arg(long, value_name = "CODED", requires = "evaluate")]
    held_back: Option<PathBuf>,
    /// Where chance begins, for the intervals
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write coding.json and codings.csv into
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON instead of a summary
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Parameters {
    text: String,
    id: Option<String>,
    codes: String,
    separator: String,
    seed: u64,
    evaluate: bool,
}

/// What is written and printed.
#[derive(Serialize)]
struct Report<'a> {
    about: About<Parameters>,
    examples: usize,
    texts: usize,
    /// Texts with no code that is likely enough.
    abstained: usize,
    codes: Vec<CodeReport<'a>>,
    evaluation: Option<Evaluation>,
}

#[derive(Serialize)]
struct CodeReport<'a> {
    code: &'a str,
    label: &'a str,
    #[serde(flatten)]
    learnt: Learnt,
    /// Texts that it was assigned to.
    assigned: usize,
}

impl Assign {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        let codebook = Codebook::read(&self.codebook)?;
        let read = |path: &PathBuf| Coded::read(path, &self.text, &self.codes, &self.separator, &codebook);
        let examples = read(&self.examples)?;
        let held_back = self.held_back.as_ref().map(read).transpose()?.unwrap_or_default();
        let texts = self.texts.as_ref().map(|path| Texts::read(path, &self.text, self.id.as_ref())).transpose()?;
        let rows = texts.map(|texts| texts.rows).unwrap_or_default();
        let codes = codebook.codes();
        let coder = Coder::learn(&codes, &all(&examples, rows.iter().map(|(_, text)| text)), &numbered(&examples, 0));
        let scored: Vec<Vec<Scored>> = (0..rows.len()).map(|place| coder.code(examples.0.len() + place)).collect();
        let evaluation = self.evaluate.then(|| {
            let texts = all(&examples, held_back.0.iter().map(|(text, _)| text));
            let held_back = numbered(&held_back, examples.0.len());
            coding::evaluate(&codes, &texts, &numbered(&examples, 0), &held_back, self.seed)
        });
        let report = self.report(&codebook, &coder, &examples, &scored, evaluation)?;
        if let Some(folder) = &self.out {
            let mut output = Output::into_folder(folder)?;
            output.json("coding.json", &report)?;
            let header = ["id", "code", "score", "decision"];
            output.csv("codings.csv", &header, codings(&codebook, &rows, &scored))?;
            output.finish()?;
        }
        if self.json { print_json(&report) } else { print(&summary::summary(&report)) }
    }

    fn report<'a>(
        &self,
        codebook: &'a Codebook,
        coder: &Coder,
        examples: &Coded,
        scored: &[Vec<Scored>],
        evaluation: Option<Evaluation>,
    ) -> Result<Report<'a>> {
        let assigned = |code: usize| scored.iter().flatten().filter(|one| one.assigned && one.code == code).count();
        let codes = codebook.entries.iter().zip(coder.learnt()).enumerate().map(|(place, (entry, learnt))| {
            CodeReport { code: &entry.id, label: &entry.label, learnt, assigned: assigned(place) }
        });
        let name = |column: &Column| column.0.clone();
        let files = [Some(&self.codebook), Some(&self.examples), self.held_back.as_ref(), self.texts.as_ref()];
        let inputs = files.into_iter().flatten().map(|path| Input::of(path)).collect::<Result<_>>()?;
        let parameters = Parameters {
            text: name(&self.text),
            id: self.id.as_ref().map(name),
            codes: name(&self.codes),
            separator: self.separator.clone(),
            seed: self.seed,
            evaluate: self.evaluate,
        };
        Ok(Report {
            about: About::new("sense assign", parameters, inputs),
            examples: examples.0.len(),
            texts: scored.len(),
            abstained: scored.iter().filter(|codes| codes.iter().all(|one| !one.assigned)).count(),
            codes: codes.collect(),
            evaluation,
        })
    }
}

/// The texts of the examples, then `others`.
fn all<'a>(examples: &'a Coded, others: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    examples.0.iter().map(|(text, _)| text).chain(others).map(String::as_str).collect()
}

fn numbered(coded: &Coded, first: usize) -> Vec<Example> {
    coded.0.iter().zip(first..).map(|((_, codes), text)| Example { text, codes: codes.clone() }).collect()
}

/// A row for each code of a text; where none is likely enough, one for the likeliest, left open. In the order of the names.
fn codings(codebook: &Codebook, rows: &[(String, String)], scored: &[Vec<Scored>]) -> Vec<[String; 4]> {
    let mut order: Vec<(&String, &Vec<Scored>)> = rows.iter().map(|(id, _)| id).zip(scored).collect();
    order.sort_by_key(|(id, _)| natural(id));
    let mut codings = Vec::new();
    for (id, scored) in order {
        if scored.is_empty() {
            codings.push([id.clone(), String::new(), String::new(), "open".to_owned()]);
        }
        for one in scored {
            let code = codebook.entries.get(one.code).map(|entry| entry.id.clone()).unwrap_or_default();
            let decision = if one.assigned { "coded" } else { "open" };
            codings.push([id.clone(), code, format!("{:.3}", one.score), decision.to_owned()]);
        }
    }
    codings
}
