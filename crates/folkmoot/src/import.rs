//! `folkmoot import`: what was gathered elsewhere, brought over row by row.

use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::Slug;
use indicatif::{ProgressBar, ProgressStyle};
use service::import::{Imported, Map, RefusedRow, Source, Watcher};

use crate::install::{Install, find_review, list, read_text};

#[derive(Subcommand)]
pub enum Import {
    /// From a CSV file, as a map says
    Csv(Csv),
}

#[derive(Args)]
pub struct Csv {
    /// The CSV file; its first row names the columns
    file: PathBuf,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    /// The call that the rows answer
    #[arg(long, value_name = "CALL")]
    call: Slug,

    /// The file that says which column is what
    #[arg(long, value_name = "FILE")]
    map: PathBuf,

    /// The folder that holds the files that rows name; by default that of the CSV file
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,

    /// Read and check every row, and keep none
    #[arg(long)]
    dry_run: bool,

    /// Write a CSV file of the rows that were refused, with the reasons
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    #[command(flatten)]
    install: Install,
}

impl Csv {
    pub async fn run(self) -> anyhow::Result<()> {
        let map = Map::parse(&read_text(&self.map)?).with_context(|| format!("{} is not a map", self.map.display()))?;
        let file = File::open(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let length = file.metadata()?.len();
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let Some(call) = review.call(self.call.as_str()) else {
            let known: Vec<String> = review.calls.iter().map(|call| call.id.to_string()).collect();
            anyhow::bail!("the review has no call `{}`; it has: {}", self.call, list(&known));
        };
        let mut progress = Progress {
            bar: bar(length, "bytes read"),
            report: self.report.as_ref().map(report).transpose()?,
            stop: stop_on_interrupt(),
        };
        let files = self.files.or_else(|| Some(self.file.parent()?.to_owned())).unwrap_or_default();
        let source = Source { table: Counting { file, bar: progress.bar.clone() }, files: &files };
        let outcome = service.import_csv(&review, call, &map, source, self.dry_run, &mut progress).await;
        progress.bar.finish_and_clear();
        service.close().await;
        let Imported { rows, taken, known, refused } = outcome?;
        let would = if self.dry_run { "Would be taken" } else { "Taken" };
        println!("Rows: {rows}. {would}: {taken}. There already: {known}. Refused: {refused}.");
        anyhow::ensure!(refused == 0, "{refused} rows were refused; the others are not affected");
        Ok(())
    }
}

/// A file whose reading moves a bar.
struct Counting {
    file: File,
    bar: ProgressBar,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bar.inc(read as u64);
        Ok(read)
    }
}

struct Progress {
    bar: ProgressBar,
    report: Option<File>,
    stop: Arc<AtomicBool>,
}

impl Watcher for Progress {
    fn refused(&mut self, row: &RefusedRow) {
        let reasons = row.reasons.join("; ");
        self.bar.suspend(|| eprintln!("line {} (\"{}\") refused: {reasons}", row.line, row.source));
        if let Some(report) = &mut self.report {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let written = writeln!(report, "{},{},{}", row.line, quoted(&row.source), quoted(&reasons));
            if let Err(error) = written {
                eprintln!("the report cannot be written: {error}");
                self.report = None;
            }
        }
    }

    fn progress(&mut self, so_far: &Imported) -> bool {
        self.bar.set_message(format!("{} rows", so_far.rows));
        !self.stop.load(Ordering::Relaxed)
    }
}

fn report(file: &PathBuf) -> anyhow::Result<File> {
    let mut report = File::create(file).with_context(|| format!("{} cannot be written", file.display()))?;
    writeln!(report, "line,source,reasons")?;
    Ok(report)
}

/// Turns true when somebody presses Ctrl-C, so that work can end between two batches.
pub fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            flag.store(true, Ordering::Relaxed);
        }
    });
    stop
}

/// A progress bar, on a terminal only.
pub fn bar(length: u64, what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % {msg} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what.to_owned())
}
