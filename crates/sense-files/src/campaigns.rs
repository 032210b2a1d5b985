//! `folkmoot sense campaigns`: families of letters that were written once and sent by many.

mod additions;
mod report;
mod source;

use std::path::PathBuf;

use clap::Args;
use sense::campaigns::{Campaigns as Found, find};

use self::additions::Additions;
use self::report::Report;
use self::source::Source;
use crate::about::{About, Input};
use crate::output::Output;
use crate::table::Column;
use crate::{Error, Result};

/// The command's arguments.
#[derive(Debug, Args)]
pub struct Campaigns {
    /// Files with the texts: CSV, TSV or JSON lines. Several are one docket
    #[arg(required = true, value_name = "TEXTS")]
    texts: Vec<PathBuf>,
    /// The column that holds the texts: its name, or its number where there is no header
    #[arg(long, value_name = "COLUMN")]
    text: Column,
    /// The column that tells texts apart. Without it, rows are numbered from 1
    #[arg(long, value_name = "COLUMN")]
    id: Option<Column>,
    /// Write members.csv and families.json into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the families as JSON in place of a summary
    #[arg(long)]
    json: bool,
}

impl Campaigns {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        let inputs = self.texts.iter().map(|path| Input::of(path)).collect::<Result<Vec<Input>>>()?;
        let mut source =
            Source::new(&self.texts, &self.text, self.id.as_ref(), inputs.iter().map(|input| input.bytes).sum())?;
        let mut additions = Additions::new()?;
        let found = find(&mut source, |addition| additions.keep(addition))?;
        additions.arrange(&found, &source)?;
        let parameters = report::parameters(&self.text, self.id.as_ref());
        let about = About::new("sense campaigns", parameters, inputs);
        let report = Report { about: &about, found: &found, source: &source };
        if let Some(folder) = &self.out {
            write(folder, &report, &mut additions)?;
        }
        let mut print = std::io::stdout().lock();
        let printed = if self.json { report.json(&mut print, &mut additions) } else { report.summary(&mut print) };
        printed.map_err(|error| Error::Unfit(format!("standard output: {error}")))
    }
}

fn write(folder: &std::path::Path, report: &Report, additions: &mut Additions) -> Result<()> {
    let mut output = Output::into_folder(folder)?;
    output.file("members.csv", |writer| report.members(writer))?;
    output.file("families.json", |writer| report.json(writer, additions))?;
    output.finish()
}

/// The family, as people count: from 1.
fn number(found: &Found, row: usize) -> Option<u32> {
    found.standing(row)?.family.map(|family| family + 1)
}
