//! The result as tables and JSON: `participants.csv`, `statements.csv`, `groups.json`.

use sense::opinions::components::Components;
use sense::opinions::grouping::adjusted_rand;
use sense::opinions::positions::{Standing, standings};
use sense::opinions::statements::{
    Across, Consensus, Representative, Side, across, consensus, priority, representative,
};
use sense::opinions::tallies::Tallies;
use sense::opinions::{OpinionMap, Votes};
use serde::Serialize;

use super::Parameters;
use super::ballots::Ballots;
use super::comments::Comment;
use crate::Result;
use crate::about::{About, Input};
use crate::output::Output;

/// Everything that was found.
pub struct Report {
    pub participants: Vec<String>,
    pub statements: Vec<Statement>,
    pub votes: Votes,
    pub replaced: usize,
    pub map: OpinionMap,
    pub tallies: Tallies,
    /// What is typical of each group.
    pub typical: Vec<Vec<Representative>>,
    pub everybody_agrees: Vec<Consensus>,
    pub everybody_disagrees: Vec<Consensus>,
    /// How far the groups are those that the file states (adjusted Rand index).
    pub likeness: Option<f64>,
    pub(super) parameters: Parameters,
}

/// A statement and what was found about it.
pub struct Statement {
    pub id: String,
    pub comment: Comment,
    pub left_out: bool,
    pub extremity: f64,
    pub across_agree: Across,
    pub across_disagree: Across,
    pub priority: f64,
}

/// The letter of a group: A is the largest.
pub fn letter(group: usize) -> String {
    match u8::try_from(group) {
        Ok(group @ 0..26) => char::from(b'A' + group).to_string(),
        _ => format!("G{}", group + 1),
    }
}

/// Published groups as numbers, in the order of their names.
pub fn numbered(published: &[Option<String>]) -> (Vec<Option<usize>>, usize) {
    let mut names: Vec<&String> = published.iter().flatten().collect();
    names.sort_unstable();
    names.dedup();
    let number = |name: &String| names.binary_search(&name).ok();
    (published.iter().map(|name| name.as_ref().and_then(number)).collect(), names.len())
}

impl Report {
    pub(super) fn new(
        ballots: Ballots,
        comments: Vec<Comment>,
        left_out: Vec<bool>,
        map: OpinionMap,
        parameters: Parameters,
    ) -> Report {
        let tallies = Tallies::new(&ballots.votes, &map.groups, map.count);
        let statement = |(place, (id, comment)): (usize, (String, Comment))| {
            let extremity = map.statements[place][0].hypot(map.statements[place][1]);
            Statement {
                extremity,
                across_agree: across(&tallies, place, Side::Agree),
                across_disagree: across(&tallies, place, Side::Disagree),
                priority: priority(&tallies.grouped(place), extremity, comment.meta),
                left_out: left_out[place],
                id,
                comment,
            }
        };
        let likeness = ballots.published.as_ref().map(|published| {
            let (theirs, _) = numbered(published);
            let both = theirs.iter().zip(&map.groups).filter_map(|(theirs, ours)| theirs.zip(*ours));
            let (theirs, ours): (Vec<usize>, Vec<usize>) = both.unzip();
            adjusted_rand(&theirs, &ours)
        });
        Report {
            statements: ballots.statements.into_iter().zip(comments).enumerate().map(statement).collect(),
            typical: (0..map.count).map(|group| representative(&tallies, group, &left_out)).collect(),
            everybody_agrees: consensus(&tallies.everybody, Side::Agree, &left_out),
            everybody_disagrees: consensus(&tallies.everybody, Side::Disagree, &left_out),
            participants: ballots.participants,
            votes: ballots.votes,
            replaced: ballots.replaced,
            map,
            tallies,
            likeness,
            parameters,
        }
    }

    /// How many people are in each group.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.map.count];
        self.map.groups.iter().flatten().for_each(|group| sizes[*group] += 1);
        sizes
    }

    /// How clear the groups are, from −1 to 1.
    pub fn silhouette(&self) -> Option<f64> {
        let of = |(count, silhouette): &(usize, f64)| (*count == self.map.count).then_some(*silhouette);
        self.map.silhouettes.iter().find_map(of)
    }

    /// Writes the tables and, last, the JSON file that says how they came about.
    pub(super) fn write(&self, output: &mut Output, inputs: Vec<Input>) -> Result<()> {
        let header = ["participant", "x", "y", "group", "votes", "centricness", "coreness", "extremeness"];
        let standings = standings(&self.map.places, &self.map.groups, self.map.count);
        let people = 0..self.participants.len();
        output.csv("participants.csv", &header, people.map(|person| self.person(person, standings[person])))?;
        let mut header: Vec<String> = STATEMENT_COLUMNS.map(str::to_owned).to_vec();
        for group in (0..self.map.count).map(letter) {
            header.extend(["agree", "disagree", "pass"].map(|vote| format!("{group}_{vote}")));
        }
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        output.csv("statements.csv", &header, (0..self.statements.len()).map(|place| self.statement(place)))?;
        let about = About::new("sense opinions", self.parameters.clone(), inputs);
        output.json("groups.json", &self.document(&about))
    }

    fn person(&self, person: usize, standing: Option<Standing>) -> [String; 8] {
        let [x, y] = self.map.places[person];
        let group = self.map.groups[person].map(letter).unwrap_or_default();
        let show = |figure: fn(Standing) -> f64| standing.map(figure).map(decimals).unwrap_or_default();
        [
            self.participants[person].clone(),
            decimals(x),
            decimals(y),
            group,
            self.votes.of(person).len().to_string(),
            show(|standing| standing.centricness),
            show(|standing| standing.coreness),
            show(|standing| standing.extremeness),
        ]
    }

    fn statement(&self, place: usize) -> Vec<String> {
        let statement = &self.statements[place];
        let tally = self.tallies.everybody[place];
        let [x, y] = self.map.statements[place];
        let state = match statement {
            Statement { left_out: false, .. } => "",
            Statement { comment: Comment { meta: true, .. }, .. } => "about the conversation",
            Statement { .. } => "moderated out",
        };
        let mut row = vec![statement.id.clone(), statement.comment.text.clone(), state.to_owned()];
        row.extend([x, y, statement.extremity].map(decimals));
        row.extend([tally.agree, tally.disagree, tally.pass()].map(|count| count.to_string()));
        let (agree, disagree) = (statement.across_agree, statement.across_disagree);
        row.extend([agree.product, agree.mean, disagree.product, disagree.mean, statement.priority].map(decimals));
        for tally in self.tallies.groups.iter().map(|group| group[place]) {
            row.extend([tally.agree, tally.disagree, tally.pass()].map(|count| count.to_string()));
        }
        row
    }

    pub(super) fn document<'a>(&'a self, about: &'a About<Parameters>) -> Document<'a> {
        let sizes = self.sizes();
        let groups = (0..self.map.count).map(|group| {
            let typical = self.typical[group].iter().map(|found| self.named(found.statement, *found)).collect();
            GroupEntry { group: letter(group), people: sizes[group], typical }
        });
        let consensus = |list: &[Consensus]| list.iter().map(|found| self.named(found.statement, *found)).collect();
        let fits =
            self.map.silhouettes.iter().map(|(groups, silhouette)| Fit { groups: *groups, silhouette: *silhouette });
        let Components { squares, total_squares, .. } = &self.map.components;
        Document {
            about,
            participants: self.participants.len(),
            participants_in_groups: sizes.iter().sum(),
            statements: self.statements.iter().filter(|statement| !statement.left_out).count(),
            statements_left_out: self.statements.iter().filter(|statement| statement.left_out).count(),
            votes: self.votes.len(),
            votes_replaced_by_later_ones: self.replaced,
            neutral_votes: self.map.neutral,
            share_of_difference_on_axes: squares
                .map(|square| if *total_squares > 0.0 { square / total_squares } else { 0.0 }),
            silhouettes: fits.collect(),
            likeness_to_published_groups: self.likeness,
            groups: groups.collect(),
            everybody_agrees: consensus(&self.everybody_agrees),
            everybody_disagrees: consensus(&self.everybody_disagrees),
        }
    }

    fn named<T>(&self, place: usize, found: T) -> Named<'_, T> {
        Named { id: &self.statements[place].id, text: &self.statements[place].comment.text, found }
    }
}

const STATEMENT_COLUMNS: [&str; 14] = [
    "statement",
    "text",
    "state",
    "x",
    "y",
    "extremity",
    "agree",
    "disagree",
    "pass",
    "across_agree",
    "across_agree_mean",
    "across_disagree",
    "across_disagree_mean",
    "priority",
];

/// What stands in `groups.json`.
#[derive(Serialize)]
pub struct Document<'a> {
    about: &'a About<Parameters>,
    participants: usize,
    participants_in_groups: usize,
    statements: usize,
    statements_left_out: usize,
    votes: usize,
    votes_replaced_by_later_ones: usize,
    neutral_votes: f64,
    share_of_difference_on_axes: [f64; 2],
    silhouettes: Vec<Fit>,
    likeness_to_published_groups: Option<f64>,
    groups: Vec<GroupEntry<'a>>,
    everybody_agrees: Vec<Named<'a, Consensus>>,
    everybody_disagrees: Vec<Named<'a, Consensus>>,
}

#[derive(Serialize)]
struct Fit {
    groups: usize,
    silhouette: f64,
}

#[derive(Serialize)]
struct GroupEntry<'a> {
    group: String,
    people: usize,
    typical: Vec<Named<'a, Representative>>,
}

/// A finding with the id and text of the statement that it is about.
#[derive(Serialize)]
struct Named<'a, T> {
    id: &'a str,
    text: &'a str,
    #[serde(flatten)]
    found: T,
}

/// With nine decimals, which is far less than what rounding changes. No minus before a zero.
fn decimals(number: f64) -> String {
    let text = format!("{number:.9}");
    if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) { "0".to_owned() } else { text }
}
