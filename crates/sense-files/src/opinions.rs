//! `folkmoot sense opinions`: reads votes, finds opinion groups, and writes the map and what divides and unites.

pub mod ballots;
mod comments;
mod page;
mod picture;
mod report;
mod summary;

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ballots::{Ballots, Misfit};
use clap::Args;
use comments::Comment;
use report::Report;
use sense::opinions::grouping::Count;
use sense::opinions::tallies::Tallies;
use sense::opinions::{Neutral, OpinionMap, Settings};

use crate::about::{About, Input};
use crate::output::{Output, print};
use crate::{Error, Result};

/// The command's arguments.
#[derive(Args)]
pub struct Opinions {
    /// Votes: `participants-votes.csv` (a row for each person) or `votes.csv` (a row for each vote)
    #[arg(value_name = "VOTES.csv")]
    votes: PathBuf,
    /// What the statements say, and which were moderated out; by default the comments.csv beside the votes
    #[arg(long, value_name = "FILE")]
    comments: Option<PathBuf>,
    /// How many groups to find: auto, or a number
    #[arg(long, default_value = "auto", value_name = "auto|K")]
    groups: Groups,
    /// The number that means agreement: 1 or -1
    #[arg(long, default_value = "1", value_name = "1|-1", allow_hyphen_values = true)]
    agree: Sign,
    /// Polis's own mathematics, with the groups that the file states
    #[arg(long)]
    parity: bool,
    /// Where chance begins
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    seed: u64,
    /// Write the map and the tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON instead of a summary
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy)]
struct Groups(Count);

impl FromStr for Groups {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Groups, String> {
        match text.parse() {
            _ if text == "auto" => Ok(Groups(Count::Auto)),
            Ok(count @ 1..=100) => Ok(Groups(Count::Exactly(count))),
            _ => Err("auto, or a number from 1 to 100".to_owned()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sign(i8);

impl FromStr for Sign {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Sign, String> {
        match text {
            "1" | "+1" => Ok(Sign(1)),
            "-1" => Ok(Sign(-1)),
            _ => Err("1 or -1".to_owned()),
        }
    }
}

/// What was chosen, as it stands at the head of the results.
#[derive(Debug, Clone, serde::Serialize)]
struct Parameters {
    groups: String,
    agree: i8,
    sign_confirmed_by: Option<String>,
    people_grouped: &'static str,
    neutral_votes: &'static str,
    base_clusters: usize,
    starts: u64,
    seed: u64,
}

impl Opinions {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        let (report, inputs) = self.report()?;
        let text = summary::of(&report);
        if let Some(folder) = &self.out {
            let mut output = Output::into_folder(folder)?;
            output.file("map.svg", |writer| writer.write_all(picture::of(&report).as_bytes()))?;
            output.file("map.html", |writer| writer.write_all(page::of(&report).as_bytes()))?;
            output.file("summary.txt", |writer| writer.write_all(text.as_bytes()))?;
            report.write(&mut output, inputs.clone())?;
            output.finish()?;
        }
        let text = if self.json { report.json(inputs)? } else { text };
        print(&text)
    }

    fn report(&self) -> Result<(Report, Vec<Input>)> {
        let mut inputs = vec![Input::of(&self.votes)?];
        let file = File::open(&self.votes).map_err(Error::file(&self.votes))?;
        let ballots = ballots::read(&self.votes, file, self.agree.0 < 0)?;
        let beside = self.comments.clone().or_else(|| comments::beside(&self.votes));
        let mut comments = HashMap::new();
        if let Some(path) = &beside {
            inputs.push(Input::of(path)?);
            comments = comments::read(path)?;
        }
        let confirmed = self.check_sign(&ballots, &comments, beside.as_deref())?;
        let listed: Vec<Comment> =
            ballots.statements.iter().map(|id| comments.remove(id).unwrap_or_default()).collect();
        let left_out: Vec<bool> = listed.iter().map(|comment| comment.moderated_out || comment.meta).collect();
        if left_out.iter().all(|left_out| *left_out) {
            let path = beside.unwrap_or_default();
            return Err(Error::Unfit(format!("{}: every statement was moderated out", path.display())));
        }
        let members: Option<Vec<bool>> =
            ballots.published.as_ref().map(|groups| groups.iter().map(Option::is_some).collect());
        let settings = Settings {
            left_out: &left_out,
            members: members.as_deref(),
            count: self.groups.0,
            neutral: if self.parity { Neutral::Moderated } else { Neutral::ByOverlap },
            seed: self.seed,
        };
        let mut map = OpinionMap::new(&ballots.votes, &settings);
        if self.parity {
            let Some(published) = &ballots.published else {
                let message = "--parity needs the groups of Polis, in a column “group-id”";
                return Err(Error::Unfit(format!("{}: {message}", self.votes.display())));
            };
            (map.groups, map.count) = report::numbered(published);
        }
        Ok((Report::new(ballots, listed, left_out, map, self.parameters(confirmed, members.is_some())), inputs))
    }

    fn parameters(&self, confirmed: Option<String>, published: bool) -> Parameters {
        Parameters {
            groups: match self.groups.0 {
                _ if self.parity => "those of the file".to_owned(),
                Count::Auto => "auto".to_owned(),
                Count::Exactly(count) => count.to_string(),
            },
            agree: self.agree.0,
            sign_confirmed_by: confirmed,
            people_grouped: if published { "those with a group-id" } else { "those with 7 votes or more" },
            neutral_votes: if self.parity { "one for each statement moderated out" } else { "by overlap" },
            base_clusters: sense::opinions::grouping::BASE_CLUSTERS,
            starts: sense::opinions::grouping::STARTS,
            seed: self.seed,
        }
    }

    /// Compares the votes with the counts that the files state, and says which file's counts confirm what means agreement.
    fn check_sign(
        &self,
        ballots: &Ballots,
        comments: &HashMap<String, Comment>,
        path: Option<&Path>,
    ) -> Result<Option<String>> {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut confirmed = None;
        let everybody = Tallies::new(&ballots.votes, &vec![None; ballots.participants.len()], 0).everybody;
        let by_statement = path.and_then(|path| Some((path, comments::misfit(comments, ballots, &everybody)?)));
        let by_person = ballots.misfit.map(|misfit| (self.votes.as_path(), misfit));
        for (path, Misfit { as_it_stands, opposite }) in by_person.into_iter().chain(by_statement) {
            if opposite < as_it_stands {
                let (now, other) = (self.agree.0, -self.agree.0);
                return Err(Error::Unfit(format!(
                    "{}: its counts of agreement and disagreement fit the votes in {} only if {other} means agreement, not {now}. \
                     Look at a statement whose answer is plain; if {other} is agreement there, run this again with --agree {other}.",
                    path.display(),
                    self.votes.display(),
                )));
            }
            if as_it_stands < opposite {
                confirmed = Some(name(path));
            }
        }
        Ok(confirmed)
    }
}

impl Report {
    /// The whole result as JSON.
    fn json(&self, inputs: Vec<Input>) -> Result<String> {
        let about = About::new("sense opinions", self.parameters.clone(), inputs);
        let text = serde_json::to_string_pretty(&self.document(&about));
        text.map(|text| text + "\n").map_err(|error| Error::Unfit(error.to_string()))
    }
}
