//! What divides and what unites people, by their votes on statements.
//!
//! [`OpinionMap::new`] finds the directions in which votes differ most ([`components`]), places everybody on a map ([`positions`])
//! and finds groups on it ([`grouping`]). Given the groups, [`tallies`] counts the votes and [`statements`] finds what is typical of each
//! and what they share. Methods and figures: `docs/methods.md`.

#![expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

pub mod clusters;
pub mod components;
pub mod grouping;
pub mod positions;
pub mod statements;
pub mod tallies;
#[cfg(test)]
mod tests;
mod votes;

use clusters::Point;
use components::Components;
use grouping::{Count, Grouping};
pub use votes::{Vote, Votes};

/// Who has cast fewer votes is on the map, but in no group.
pub const LEAST_VOTES: usize = 7;
/// If fewer people than this have cast enough votes, those with the most votes are added.
pub const LEAST_PEOPLE: usize = 15;

/// How the votes of those who cast few of them are held back towards the middle of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neutral {
    /// [`LEAST_VOTES`], and more where the table is so sparse that two people hardly voted on the same statement.
    ByOverlap,
    /// As Polis does: one for each statement that was moderated out.
    Moderated,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Statements that moderators took out, or that are about the conversation itself: they shape nothing.
    pub left_out: &'a [bool],
    /// Whom to put into groups. By default those with at least [`LEAST_VOTES`] votes, as long as there are [`LEAST_PEOPLE`].
    pub members: Option<&'a [bool]>,
    /// How many groups.
    pub count: Count,
    /// How few votes are treated.
    pub neutral: Neutral,
    /// Chance decides where the search for groups begins.
    pub seed: u64,
}

/// Everybody's place on the map, and the groups.
#[derive(Debug, Clone)]
pub struct OpinionMap {
    /// The mean votes and the axes.
    pub components: Components,
    /// Everybody's place.
    pub places: Vec<Point>,
    /// The place of each statement: of somebody who agreed with it and said nothing else.
    pub statements: Vec<Point>,
    /// Everybody's group, the largest first.
    pub groups: Vec<Option<usize>>,
    /// How many groups there are.
    pub count: usize,
    /// How many neutral votes were added to everybody's.
    pub neutral: f64,
    /// How well each number of groups fits.
    pub silhouettes: Vec<(usize, f64)>,
    grouping: Grouping,
}

impl OpinionMap {
    /// Makes the map of `votes`.
    pub fn new(votes: &Votes, settings: &Settings) -> OpinionMap {
        OpinionMap::make(votes, settings, None)
    }

    /// Makes the map anew after a few more votes, beginning at this one. People may have come, and so may statements.
    ///
    /// The axes are as exact as those of a new map; the groups stay near the ones there were, so that nobody's group changes
    /// for no reason. What is published should come from [`OpinionMap::new`], which knows no history.
    #[must_use]
    pub fn update(&self, votes: &Votes, settings: &Settings) -> OpinionMap {
        OpinionMap::make(votes, settings, Some(self))
    }

    fn make(votes: &Votes, settings: &Settings, previous: Option<&OpinionMap>) -> OpinionMap {
        let left_out = settings.left_out.iter().filter(|left_out| **left_out).count();
        let kept = (left_out > 0).then(|| votes.without(settings.left_out));
        let used = kept.as_ref().unwrap_or(votes);
        let components = components::components(used, previous.map(|previous| &previous.components));
        let chosen;
        let members = if let Some(members) = settings.members {
            members
        } else {
            chosen = with_enough_votes(votes);
            &chosen
        };
        let (statements, neutral) = match settings.neutral {
            Neutral::Moderated => (votes.statements(), left_out as f64),
            Neutral::ByOverlap => (votes.statements() - left_out, neutral_votes(used, members)),
        };
        let places = positions::participants(used, &components, statements, neutral);
        let points: Vec<Point> =
            places.iter().zip(members).filter(|(_, member)| **member).map(|(place, _)| *place).collect();
        let grouping =
            grouping::group(&points, settings.count, settings.seed, previous.map(|previous| &previous.grouping));
        let mut labels = grouping.labels.iter();
        let groups = members.iter().map(|member| member.then(|| labels.next().copied()).flatten()).collect();
        OpinionMap {
            statements: positions::statements(&components, statements),
            components,
            places,
            groups,
            count: grouping.centres.len(),
            neutral,
            silhouettes: grouping.silhouettes.clone(),
            grouping,
        }
    }
}

/// Those who cast enough votes to be put into groups; if they are few, also those with the most votes.
fn with_enough_votes(votes: &Votes) -> Vec<bool> {
    let counts: Vec<usize> = (0..votes.participants()).map(|participant| votes.row(participant).len()).collect();
    let mut ordered = counts.clone();
    ordered.sort_unstable_by(|one, other| other.cmp(one));
    let wanted = LEAST_VOTES.min(votes.statements());
    let fifteenth = ordered.get(LEAST_PEOPLE - 1).or(ordered.last()).copied().unwrap_or(0);
    let least = wanted.min(fifteenth).max(1);
    counts.iter().map(|count| *count >= least).collect()
}

/// 7 + 2 (m/n)² exp(−n²/m), for n votes on m statements from each member on average.
///
/// Two people who voted on statements at random share n²/m of them, and none at all with the chance exp(−n²/m). Where that is likely,
/// somebody with a handful of votes could stand anywhere, and belongs into the middle until more is known.
fn neutral_votes(votes: &Votes, members: &[bool]) -> f64 {
    let mut seen = vec![false; votes.statements()];
    let (mut cast, mut people) = (0_usize, 0_usize);
    for (participant, _) in members.iter().enumerate().filter(|(_, member)| **member) {
        let row = votes.row(participant);
        row.iter().for_each(|code| seen[*code as usize / 3] = true);
        cast += row.len();
        people += 1;
    }
    if cast == 0 {
        return LEAST_VOTES as f64;
    }
    let statements = seen.iter().filter(|seen| **seen).count() as f64;
    let each = cast as f64 / people as f64;
    LEAST_VOTES as f64 + 2.0 * (statements / each).powi(2) * (-each * each / statements).exp()
}
