//! `folkmoot sense shares`: shares out a budget in proportion to the votes, and says who paid for what.

mod cells;
mod decimal;
mod money;
mod notes;
pub mod pabulib;
mod page;
mod reading;
mod report;
mod summary;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sense::shares::{Completion, Utility};
use serde::Serialize;

use crate::about::{About, Input};
use crate::output::{Output, print};
use crate::{Error, Result};
use pabulib::Pabulib;
use report::Report;

/// The command's arguments.
#[derive(Args)]
pub struct Shares {
    /// The votes, in the format of Pabulib
    #[arg(value_name = "BALLOTS.pb")]
    ballots: PathBuf,
    /// What a funded project is worth to those who voted for it; points where votes have points, and otherwise cost
    #[arg(long)]
    utility: Option<UtilityName>,
    /// How the money is spent that no group of voters can spend on its own
    #[arg(long, default_value = "add1u")]
    completion: CompletionName,
    /// Write projects.csv, voters.csv, shares.json, shares.html and result.pb into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum UtilityName {
    /// Its cost: money goes to the groups of voters in proportion
    Cost,
    /// One: projects go to the groups of voters in proportion
    Cardinality,
    /// The points that the voter gave it
    #[value(alias = "score")]
    Points,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CompletionName {
    /// It is not
    None,
    /// Every share is raised by one unit of money until the next outcome would cost too much
    Add1,
    /// On what has most utility for its cost
    Utilitarian,
    /// First add1, then utilitarian
    Add1u,
}

/// What was chosen.
#[derive(Debug, Clone, Copy, Serialize)]
struct Parameters {
    utility: Utility,
    completion: Completion,
    /// Of equal projects the one with the first id is bought.
    ties: &'static str,
}

impl Shares {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        let file = Pabulib::open(&self.ballots)?;
        let utility = self.utility(&file)?;
        let completion = match self.completion {
            CompletionName::None => Completion::None,
            CompletionName::Add1 => Completion::Add1,
            CompletionName::Utilitarian => Completion::Utilitarian,
            CompletionName::Add1u => Completion::Add1Utilitarian,
        };
        let parameters = Parameters { utility, completion, ties: "first id in the order of characters" };
        let about = About::new("sense shares", parameters, vec![Input::of(&self.ballots)?]);
        let report = Report::of(&file, utility, completion);
        if let Some(folder) = &self.out {
            let mut output = Output::into_folder(folder)?;
            output.csv("projects.csv", &report::PROJECT_COLUMNS, report.project_rows())?;
            output.csv("voters.csv", &report::VOTER_COLUMNS, report.voter_rows())?;
            output.json("shares.json", &report.json(about))?;
            output.file("shares.html", |writer| write!(writer, "{}", page::Page(&report)))?;
            let result = file.with_result(report.funded(), report.rule_name());
            output.file("result.pb", |writer| writer.write_all(result.as_bytes()))?;
            output.finish()?;
            print(&format!("{}Written to {}.\n", summary::Summary(&report), folder.display()))
        } else if self.json {
            let json = serde_json::to_string_pretty(&report.json(about)).map_err(std::io::Error::from);
            print(&format!("{}\n", json.map_err(Error::file(&self.ballots))?))
        } else {
            print(&summary::Summary(&report).to_string())
        }
    }

    fn utility(&self, file: &Pabulib) -> Result<Utility> {
        match (self.utility, file.vote_type.has_points()) {
            (None | Some(UtilityName::Points), true) => Ok(Utility::Points),
            (None, false) | (Some(UtilityName::Cost), _) => Ok(Utility::Cost),
            (Some(UtilityName::Cardinality), _) => Ok(Utility::Cardinality),
            (Some(UtilityName::Points), false) => Err(Error::Unfit(format!(
                "{}: these votes have no points; use --utility cost or cardinality",
                self.ballots.display()
            ))),
        }
    }
}
