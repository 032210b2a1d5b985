//! `folkmoot sense agreement`: how far coders agree, and which units to code a second time.

mod codings;
mod words;

use std::path::PathBuf;

use clap::Args;
use sense::agreement::audit::{self, Plan, Question};
use sense::agreement::{Codings, Estimate};
use serde::Serialize;

use crate::about::{About, Input};
use crate::output::{Output, print, print_json};
use crate::table::Column;
use crate::words::count;
use crate::{Error, Result};

/// The command's arguments.
#[derive(Args)]
pub struct Agreement {
    /// The codings: one row each with unit, coder and code, or one row for each unit with a column for each coder
    codings: PathBuf,
    /// The column that names what was coded [default: unit or id, else the first]
    #[arg(long, value_name = "COLUMN")]
    unit: Option<Column>,
    /// One row for each coding: the column that names who coded [default: coder]
    #[arg(long, value_name = "COLUMN", conflicts_with = "coders")]
    coder: Option<Column>,
    /// One row for each coding: the column with the code or codes [default: code or codes]
    #[arg(long, value_name = "COLUMN", conflicts_with = "coders")]
    code: Option<Column>,
    /// One row for each unit: the columns of the coders, with commas between them [default: all but the unit]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    coders: Vec<Column>,
    /// Any of these characters stands between several codes in one cell
    #[arg(long, value_name = "CHARACTERS", default_value = ";|")]
    separator: String,
    /// Draw the units anew so many times for the intervals
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
    /// The number that chance begins with: the same number gives the same intervals and the same audit
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    audit: Audit,
    /// Write agreement.json, codes.csv and pairs.csv (and audit.csv) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the whole result as JSON
    #[arg(long)]
    json: bool,
}

/// What makes an audit.
#[derive(Args, Serialize)]
struct Audit {
    /// Draw so many units to be coded a second time
    #[arg(long = "audit-size", value_name = "UNITS", conflicts_with_all = ["tolerated", "margin"])]
    size: Option<usize>,
    /// Or draw as many as needed: the share of wrong units that can be tolerated, such as 0.05
    #[arg(long = "audit-error", value_name = "SHARE", requires = "margin")]
    tolerated: Option<f64>,
    /// … how much more than that must be noticed, such as 0.05
    #[arg(long = "audit-margin", value_name = "SHARE", requires = "tolerated")]
    margin: Option<f64>,
    /// … and how likely
    #[arg(long = "audit-power", value_name = "SHARE", default_value_t = 0.9)]
    power: f64,
}

/// How likely an audit may blame a coding that is just tolerable.
const SIGNIFICANCE: f64 = 0.05;

/// Everything that was found out.
#[derive(Serialize)]
struct Report<'a> {
    about: About<Parameters<'a>>,
    coders: &'a [String],
    codes: &'a [String],
    agreement: Option<sense::agreement::Agreement>,
    audit: Option<Drawn>,
}

#[derive(Serialize)]
struct Parameters<'a> {
    columns: &'a codings::Columns,
    separator: &'a str,
    resamples: usize,
    seed: u64,
    audit: &'a Audit,
}

/// The units of an audit, in the order in which they were drawn.
#[derive(Serialize)]
struct Drawn {
    /// What they were drawn from.
    from: From,
    /// How many units that are.
    among: usize,
    /// What to make of the number of wrong ones.
    plan: Option<Plan>,
    units: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum From {
    CodedOnce,
    All,
}

impl Agreement {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        let columns = self.columns()?;
        let codings = codings::read(&self.codings, &columns, &self.separator)?;
        let agreement = codings.agreement(self.resamples, self.seed);
        let drawn = self.audit.draw(&codings, self.seed)?;
        if agreement.is_none() && drawn.is_none() {
            let message = format!(
                "{}: no unit was coded by two people, so there is nothing to compare; --audit-size draws units for a second coder",
                self.codings.display()
            );
            return Err(Error::Unfit(message));
        }
        let (separator, resamples, seed, audit) = (self.separator.as_str(), self.resamples, self.seed, &self.audit);
        let parameters = Parameters { columns: &columns, separator, resamples, seed, audit };
        let about = About::new("sense agreement", parameters, vec![Input::of(&self.codings)?]);
        let report = Report { about, coders: &codings.coders, codes: &codings.codes, agreement, audit: drawn };
        if let Some(folder) = &self.out {
            write(&report, Output::into_folder(folder)?)?;
        }
        if self.json { print_json(&report) } else { print(&words::summary(&report, &codings)) }
    }
}

impl Agreement {
    fn columns(&self) -> Result<codings::Columns> {
        let [unit, coder, code] = [&self.unit, &self.coder, &self.code].map(Option::as_ref);
        codings::Columns::find(&self.codings, unit, coder, code, &self.coders)
    }
}

impl Audit {
    /// Draws from the units that one person alone coded, or from all if there is none.
    fn draw(&self, codings: &Codings, seed: u64) -> Result<Option<Drawn>> {
        let once = codings.coded_once();
        let (from, units) = if once.is_empty() {
            (From::All, codings.units.iter().map(String::as_str).collect())
        } else {
            (From::CodedOnce, once)
        };
        let (size, plan) = match (self.size, self.question()?) {
            (Some(size), _) => (size, None),
            (None, Some(question)) => {
                let plan = audit::plan(units.len(), &question).ok_or_else(|| too_few(units.len(), &question))?;
                (plan.size, Some(plan))
            }
            (None, None) => return Ok(None),
        };
        if size == 0 || size > units.len() {
            let there = count(units.len(), "unit");
            return Err(Error::Unfit(format!("--audit-size {size}: {there} can be drawn, and 1 at least")));
        }
        let drawn = audit::draw(&units, size, seed).into_iter().map(str::to_owned).collect();
        Ok(Some(Drawn { from, among: units.len(), plan, units: drawn }))
    }

    fn question(&self) -> Result<Option<Question>> {
        let (Some(tolerated), Some(margin)) = (self.tolerated, self.margin) else { return Ok(None) };
        let power = self.power;
        let shares = (0.0..1.0).contains(&tolerated) && margin > 0.0 && tolerated + margin <= 1.0;
        if !shares {
            let message = format!(
                "--audit-error {tolerated} and --audit-margin {margin} are shares of all units, and together at most 1; 5 % is 0.05"
            );
            return Err(Error::Unfit(message));
        }
        if !(power > 0.0 && power < 1.0) {
            return Err(Error::Unfit(format!("--audit-power {power} is a probability between 0 and 1, such as 0.9")));
        }
        Ok(Some(Question { tolerated, margin, power, significance: SIGNIFICANCE }))
    }
}

fn too_few(units: usize, question: &Question) -> Error {
    Error::Unfit(format!(
        "{} cannot tell an error of {} from one of {}: choose a larger --audit-margin or a lower --audit-power",
        count(units, "unit"),
        question.tolerated,
        question.tolerated + question.margin
    ))
}

fn write(report: &Report, mut output: Output) -> Result<()> {
    if let Some(agreement) = &report.agreement {
        let header = [
            "code",
            "codings",
            "agreement",
            "agreement_low",
            "agreement_high",
            "f1",
            "f1_low",
            "f1_high",
            "alpha",
            "alpha_low",
            "alpha_high",
        ];
        let rows = agreement.codes.iter().map(|code| {
            let figures = [code.agreement, code.f1, code.alpha].into_iter().flat_map(cells);
            [code.code.clone(), code.codings.to_string()].into_iter().chain(figures).collect::<Vec<String>>()
        });
        output.csv("codes.csv", &header, rows)?;
        let rows = agreement.pairs.iter().map(|pair| {
            let [one, other] = pair.coders.clone();
            [one, other, pair.units.to_string(), pair.agreement.to_string(), cell(pair.kappa)]
        });
        output.csv("pairs.csv", &["coder", "other_coder", "units", "agreement", "cohen_kappa"], rows)?;
    }
    if let Some(drawn) = &report.audit {
        let rows = drawn.units.iter().enumerate().map(|(place, unit)| [(place + 1).to_string(), unit.clone()]);
        output.csv("audit.csv", &["order", "unit"], rows)?;
    }
    output.json("agreement.json", report)?;
    output.finish()
}

fn cells(estimate: Estimate) -> [String; 3] {
    let [low, high] = estimate.interval.map_or([None, None], |ends| ends.map(Some));
    [estimate.value, low, high].map(cell)
}

/// Empty where a figure is not defined.
fn cell(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
