//! `folkmoot sense themes`: what texts are about.

mod model;
pub(crate) mod texts;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use sense::themes::{self, Document, Options, Theme};
use serde::Serialize;

use crate::Result;
use crate::about::{About, Input};
use crate::output::{Output, print, print_json};
use crate::table::Column;
use crate::words::{count as counted, percent_of};
use texts::Texts;

/// Themes that the summary shows.
const SHOWN: usize = 20;
/// More themes than this nobody can read.
const MOST: usize = 1_000;

/// The command's arguments.
#[derive(Args)]
pub struct Themes {
    /// The table with the texts: CSV, TSV or JSON lines, in UTF-8
    texts: PathBuf,
    /// The column with the texts, by name, or by number if there is no header
    #[arg(long, value_name = "COLUMN")]
    text: Column,
    /// The column with their names; otherwise texts are numbered from 1
    #[arg(long, value_name = "COLUMN")]
    id: Option<Column>,
    /// How many themes; “auto” finds out
    #[arg(long = "themes", value_name = "auto|K", default_value = "auto", value_parser = count)]
    count: Count,
    /// The folder of a model of sentences (config.json, tokenizer.json, model.safetensors), of the kind model2vec or BERT.
    /// Without it, themes are found by words
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write themes.json and assignments.csv into
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON instead of a summary
    #[arg(long)]
    json: bool,
}

/// A number of themes, or none for “auto”.
#[derive(Debug, Clone, Copy)]
struct Count(Option<usize>);

fn count(value: &str) -> std::result::Result<Count, String> {
    if value == "auto" {
        return Ok(Count(None));
    }
    match value.parse() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(Count(Some(count))),
        _ => Err(format!("it is “auto” or a number from 1 to {MOST}")),
    }
}

#[derive(Serialize)]
struct Report<'a> {
    about: &'a About<Parameters>,
    texts: usize,
    #[serde(flatten)]
    found: &'a themes::Themes,
}

#[derive(Serialize)]
struct Parameters {
    text: String,
    id: Option<String>,
    #[serde(flatten)]
    options: Options,
}

impl Themes {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        let texts = Texts::read(&self.texts, &self.text, self.id.as_ref())?;
        let options = Options { themes: self.count.0, seed: self.seed };
        let documents = texts.documents();
        let (model, files) = self.model.as_deref().map(model::read).transpose()?.unzip();
        let found = themes::find(&documents, model.as_ref(), options);
        let name = |column: &Column| column.0.clone();
        let parameters = Parameters { text: name(&self.text), id: self.id.as_ref().map(name), options };
        let inputs = std::iter::once(Input::of(&self.texts)).chain(files.into_iter().flatten().map(Ok));
        let about = About::new("sense themes", parameters, inputs.collect::<Result<_>>()?);
        let report = Report { about: &about, texts: documents.len(), found: &found };
        if let Some(folder) = &self.out {
            let mut output = Output::into_folder(folder)?;
            output.json("themes.json", &report)?;
            output.csv("assignments.csv", &["id", "theme", "score"], rows(&documents, &found))?;
            output.finish()?;
        }
        if self.json { print_json(&report) } else { print(&summary(documents.len(), &found)) }
    }
}

/// One row for each text and theme; for a text without a theme one row that says so. In the order of the names.
fn rows(documents: &[Document], found: &themes::Themes) -> Vec<[String; 3]> {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|place| documents.get(*place).map(|document| texts::natural(document.id)));
    let mut rows = Vec::new();
    for place in order {
        let (Some(document), Some(assigned)) = (documents.get(place), found.assignments.get(place)) else { continue };
        if assigned.is_empty() {
            rows.push([document.id.to_owned(), String::new(), String::new()]);
        }
        rows.extend(
            assigned.iter().map(|one| [document.id.to_owned(), one.theme.to_string(), format!("{:.3}", one.score)]),
        );
    }
    rows
}

/// What was found, for people.
fn summary(texts: usize, found: &themes::Themes) -> String {
    let mut summary = String::new();
    let languages: Vec<String> = found.languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let (texts_found, themes_found) = (counted(texts, "text"), counted(found.themes.len(), "theme"));
    let _ = writeln!(summary, "{texts_found}, {themes_found}. Languages: {}.", languages.join(", "));
    if found.without > 0 {
        let have = if found.without == 1 { "has" } else { "have" };
        let without = counted(found.without, "text");
        let _ = writeln!(summary, "{without} {have} no theme: no words that say what they are about.");
    }
    if found.themes.len() > 1 {
        let _ = writeln!(summary, "{}", clarity(found));
    }
    summary.push('\n');
    for theme in found.themes.iter().take(SHOWN) {
        let _ = writeln!(summary, "{}", paragraph(theme, texts));
    }
    if found.themes.len() > SHOWN {
        let _ = writeln!(summary, "… and {} smaller themes.", found.themes.len() - SHOWN);
    }
    let _ = writeln!(summary, "A machine grouped these texts. Read them before you rely on it.");
    summary
}

fn clarity(found: &themes::Themes) -> String {
    let words = match found.clarity {
        clear if clear >= 0.5 => "The themes are clearly apart",
        fair if fair >= 0.25 => "The themes overlap",
        _ => "The themes are hardly apart: take them as one way among many to sort these texts",
    };
    format!("{words} (silhouette {:.2}).", found.clarity)
}

fn paragraph(theme: &Theme, texts: usize) -> String {
    let share = percent_of(theme.size, texts);
    let mut paragraph = format!("{}. {} — {} ({share})", theme.theme, theme.label, counted(theme.size, "text"));
    if theme.also > 0 {
        let _ = write!(paragraph, ", and {} more in part", theme.also);
    }
    if let Some(quote) = theme.representative.first() {
        let _ = write!(paragraph, "\n   “{}” ({})", quote.quote, quote.id);
    }
    if let Some(quote) = theme.dissenting.first() {
        let _ = write!(paragraph, "\n   Apart from the others: “{}” ({})", quote.quote, quote.id);
    }
    paragraph + "\n"
}
