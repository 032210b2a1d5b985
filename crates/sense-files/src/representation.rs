//! `folkmoot sense representation`: who took part, against the population, who is missing, and weights that make up for it.
//!
//! Everything that is printed, and every file but `weights.csv`, is made from protected counts and may be published.

mod chart;
mod reference;
mod respondents;
mod words;

use std::path::PathBuf;

use clap::Args;
use sense::representation::raking::{self, Options, Raked};
use sense::representation::{Comparison, compare};
use sense::small_numbers::{Count, Rule};
use serde::Serialize;

use self::reference::Reference;
use self::respondents::{Chosen, NotAsked, Respondents};
use crate::about::{About, Input};
use crate::output::{Output, print, print_json};
use crate::table::Column;
use crate::{Error, Result};

/// The command's arguments.
#[derive(Args)]
pub struct Representation {
    /// Those who took part: one row each, with a column for each dimension
    respondents: PathBuf,
    /// The population: a table with the columns dimension, category and people (and also: other spellings, with ; between them);
    /// or uk, which is built in: sex, age and region
    #[arg(long, value_name = "FILE|uk")]
    reference: PathBuf,
    /// The column of a dimension, where it is called otherwise, such as age=How old are you?
    #[arg(long, value_name = "DIMENSION=COLUMN")]
    column: Vec<Chosen>,
    /// A part of the population that could not take part, such as age=0-15: it is left out of that dimension
    #[arg(long, value_name = "DIMENSION=CATEGORY")]
    not_asked: Vec<NotAsked>,
    /// The column that tells respondents apart [default: id, else rows are numbered]
    #[arg(long, value_name = "COLUMN")]
    id: Option<Column>,
    /// The largest weight that anybody may have, in times of the mean
    #[arg(long, value_name = "TIMES", default_value_t = 5.0)]
    trim: f64,
    /// Write representation.csv, representation.json, representation.html and weights.csv (not for publication) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the whole result as JSON
    #[arg(long)]
    json: bool,
}

/// Everything that may be published.
#[derive(Serialize)]
struct Report {
    about: About<Parameters>,
    took_part: Count,
    dimensions: Vec<Comparison>,
    /// For each dimension, the weighted share of each category.
    weighted_shares: Option<Vec<Vec<Option<f64>>>>,
    weighting: Weighting,
    /// Dimensions of the reference for which there is no column.
    not_compared: Vec<String>,
}

#[derive(Serialize)]
struct Parameters {
    reference: String,
    columns: Vec<Chosen>,
    not_asked: Vec<NotAsked>,
    small_numbers: Rule,
    raking: Options,
}

/// How the weights came out, as far as it can be published: where a count is hidden, the figures that would betray it are too.
///
/// How far trimmed weights stay behind, and how much they differ, is a matter of how few people they stand for.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Weighting {
    Weights {
        rounds: usize,
        converged: bool,
        /// In shares, to three decimals.
        largest_gap: Option<f64>,
        trimmed: Count,
        /// To two decimals.
        design_effect: Option<f64>,
        effective: Count,
    },
    /// There are none, and why.
    Refused(String),
}

impl Representation {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        if !self.trim.is_finite() || self.trim <= 1.0 {
            return Err(Error::Unfit(format!("--trim {} must be more than 1, the mean weight", self.trim)));
        }
        let mut reference = Reference::read(&self.reference)?;
        for NotAsked { dimension, category } in &self.not_asked {
            reference.leave_out(dimension, category)?;
        }
        let (reference, columns, not_compared) = respondents::columns(&self.respondents, reference, &self.column)?;
        let respondents = Respondents::read(&self.respondents, &reference, &columns, self.id.as_ref())?;
        let (raked, report) = self.report(&reference, columns, not_compared, &respondents)?;
        if let Some(folder) = &self.out {
            write(&report, raked.as_ref(), &respondents, Output::into_folder(folder)?)?;
        }
        if self.json { print_json(&report) } else { print(&words::summary(&report)) }
    }

    fn report(
        &self,
        reference: &Reference,
        columns: Vec<Chosen>,
        not_compared: Vec<String>,
        respondents: &Respondents,
    ) -> Result<(Option<Raked>, Report)> {
        let rule = Rule::default();
        let dimensions: Vec<Comparison> = reference
            .dimensions
            .iter()
            .zip(&respondents.counts)
            .map(|(dimension, counts)| compare(dimension, &counts.known, counts.not_stated, counts.other, &rule))
            .collect();
        let targets: Vec<Vec<f64>> =
            reference.dimensions.iter().map(sense::representation::Dimension::shares).collect();
        let options = Options { trim: self.trim, ..Options::default() };
        let raked = raking::rake(&respondents.categories, &targets, &options);
        let weighting = match &raked {
            Ok(raked) => Weighting::of(raked, &rule, is_anything_hidden(&dimensions)),
            Err(error) => Weighting::Refused(refusal(error, &dimensions)),
        };
        let raked = raked.ok();
        let weighted_shares = raked.as_ref().map(|raked| weighted_shares(raked, respondents, &dimensions));
        let mut inputs = vec![Input::of(&self.respondents)?];
        inputs.extend(reference.input.clone());
        let (name, not_asked) = (reference.name.clone(), self.not_asked.clone());
        let parameters = Parameters { reference: name, columns, not_asked, small_numbers: rule, raking: options };
        let about = About::new("sense representation", parameters, inputs);
        let took_part = rule.count(respondents.ids.len() as u64);
        Ok((raked, Report { about, took_part, dimensions, weighted_shares, weighting, not_compared }))
    }
}

impl Weighting {
    fn of(raked: &Raked, rule: &Rule, hides: bool) -> Weighting {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of people")]
        let effective = raked.effective.round() as u64;
        Weighting::Weights {
            rounds: raked.rounds,
            converged: raked.converged,
            largest_gap: (!hides).then(|| (raked.largest_gap * 1000.0).round() / 1000.0),
            trimmed: if hides { Count::Hidden } else { rule.count(raked.trimmed as u64) },
            design_effect: (!hides).then(|| (raked.design_effect * 100.0).round() / 100.0),
            effective: if hides { Count::Hidden } else { rule.count(effective) },
        }
    }
}

/// Whether a count of any dimension is hidden.
fn is_anything_hidden(dimensions: &[Comparison]) -> bool {
    dimensions.iter().any(|comparison| {
        let groups = comparison.groups.iter().map(|group| group.took_part);
        groups.chain([comparison.not_stated, comparison.other]).any(|count| count == Count::Hidden)
    })
}

/// Why there are no weights; an empty category is named only where its nought is shown.
fn refusal(error: &raking::Error, dimensions: &[Comparison]) -> String {
    let raking::Error::Empty { dimension, category } = error else { return error.to_string() };
    let Some(comparison) = dimensions.get(*dimension) else { return error.to_string() };
    let group = comparison.groups.get(*category).filter(|group| group.took_part == Count::Shown(0));
    let category = group.map_or("one of the categories".to_owned(), |group| format!("“{}”", group.name));
    format!(
        "nobody in {category} of {} took part, and no weight can stand in for them; if they could not, say so by \
         --not-asked, or else join categories in the reference",
        comparison.dimension
    )
}

/// The weighted share of each category to three decimals, where its unweighted share is shown.
///
/// Trimmed weights leave a share behind by how few people stand for the others: none is told where a count is hidden.
fn weighted_shares(raked: &Raked, respondents: &Respondents, dimensions: &[Comparison]) -> Vec<Vec<Option<f64>>> {
    let betray = !raked.converged && is_anything_hidden(dimensions);
    let shares = dimensions.iter().enumerate().map(|(dimension, comparison)| {
        let mut sums = vec![0.0; comparison.groups.len()];
        for (categories, weight) in respondents.categories.iter().zip(&raked.weights) {
            let sum = categories.get(dimension).copied().flatten().and_then(|category| sums.get_mut(category));
            if let Some(sum) = sum {
                *sum += weight;
            }
        }
        let all: f64 = sums.iter().sum();
        let share = |sum: &f64| (sum / all * 1000.0).round() / 1000.0;
        sums.iter()
            .zip(&comparison.groups)
            .map(|(sum, group)| group.share.filter(|_| !betray).map(|_| share(sum)))
            .collect()
    });
    shares.collect()
}

fn write(report: &Report, raked: Option<&Raked>, respondents: &Respondents, mut output: Output) -> Result<()> {
    let header = [
        "dimension",
        "category",
        "took_part",
        "share",
        "population_share",
        "ratio",
        "ratio_low",
        "ratio_high",
        "missing",
        "weighted_share",
    ];
    output.csv("representation.csv", &header, report.rows())?;
    output.file("representation.html", |writer| chart::page(report, writer))?;
    if let Some(raked) = raked {
        let rows = respondents.ids.iter().zip(&raked.weights);
        let rows = rows.map(|(id, weight)| [id.clone(), "1".to_owned(), format!("{weight:.6}")]);
        output.csv("weights.csv", &["id", "unweighted", "weighted"], rows)?;
    }
    output.json("representation.json", report)?;
    output.finish()
}

/// How a hidden number is marked, after the symbols that the UK's Government Statistical Service harmonised: c is confidential.
const HIDDEN: &str = "[c]";

impl Report {
    fn rows(&self) -> Vec<[String; 10]> {
        let count = |count: Count| count.shown().map_or(HIDDEN.to_owned(), |count| count.to_string());
        let mut rows = Vec::new();
        for (place, comparison) in self.dimensions.iter().enumerate() {
            let weighted = self.weighted_shares.as_ref().and_then(|shares| shares.get(place));
            for (category, group) in comparison.groups.iter().enumerate() {
                let [low, high] = group.ratio_interval.map_or([None, None], |ends| ends.map(Some));
                let weighted = weighted.and_then(|shares| shares.get(category));
                // What is not there is hidden, or else there is nothing to work it out from.
                let absent = if group.took_part == Count::Hidden { HIDDEN } else { "" };
                let or = |absent: &str, number: Option<f64>| {
                    number.map_or(absent.to_owned(), |number| format!("{number:.4}"))
                };
                let number = |number: Option<f64>| or(absent, number);
                rows.push([
                    comparison.dimension.clone(),
                    group.name.clone(),
                    count(group.took_part),
                    number(group.share),
                    number(Some(group.population_share)),
                    number(group.ratio),
                    number(low),
                    number(high),
                    group.missing.map_or(absent.to_owned(), |missing| missing.to_string()),
                    weighted.map_or(String::new(), |share| or(HIDDEN, *share)),
                ]);
            }
            for (name, number) in [("not stated", comparison.not_stated), ("something else", comparison.other)] {
                let mut row: [String; 10] = Default::default();
                row[0].clone_from(&comparison.dimension);
                name.clone_into(&mut row[1]);
                row[2] = count(number);
                rows.push(row);
            }
        }
        rows
    }
}
