//! Who agreed with what: the votes counted, for each group and statement.

use serde::Serialize;

use super::{Vote, Votes};

/// Votes on one statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many agreed.
    pub agree: u32,
    /// How many disagreed.
    pub disagree: u32,
    /// How many voted, passes among them.
    pub seen: u32,
}

impl Tally {
    /// How many passed.
    pub fn pass(&self) -> u32 {
        self.seen - self.agree - self.disagree
    }

    /// Agreement and disagreement changed places.
    #[must_use]
    pub fn mirrored(&self) -> Tally {
        Tally { agree: self.disagree, disagree: self.agree, seen: self.seen }
    }

    /// The share of agreement as estimated after one vote for and one against are added: (agree + 1) / (seen + 2).
    pub fn agreement(&self) -> f64 {
        (f64::from(self.agree) + 1.0) / (f64::from(self.seen) + 2.0)
    }

    /// How surely more than half of those who voted agree: a one-proportion z score, with one vote for added.
    pub fn agreement_test(&self) -> f64 {
        let seen = f64::from(self.seen) + 1.0;
        2.0 * seen.sqrt() * ((f64::from(self.agree) + 1.0) / seen - 0.5)
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Tally) -> Tally {
        Tally {
            agree: self.agree + other.agree,
            disagree: self.disagree + other.disagree,
            seen: self.seen + other.seen,
        }
    }

    /// This without `part`, which was counted in it.
    #[must_use]
    pub fn without(&self, part: &Tally) -> Tally {
        Tally {
            agree: self.agree.saturating_sub(part.agree),
            disagree: self.disagree.saturating_sub(part.disagree),
            seen: self.seen.saturating_sub(part.seen),
        }
    }

    fn count(&mut self, vote: Vote) {
        self.seen += 1;
        match vote {
            Vote::Agree => self.agree += 1,
            Vote::Disagree => self.disagree += 1,
            Vote::Pass => {}
        }
    }
}

/// Votes by statement: of everybody, and of each group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies {
    /// Of everybody, grouped or not.
    pub everybody: Vec<Tally>,
    /// Of each group's members.
    pub groups: Vec<Vec<Tally>>,
}

impl Tallies {
    /// Counts `votes`, for people in `count` groups.
    pub fn new(votes: &Votes, groups: &[Option<usize>], count: usize) -> Tallies {
        let mut tallies = Tallies {
            everybody: vec![Tally::default(); votes.statements()],
            groups: vec![vec![Tally::default(); votes.statements()]; count],
        };
        for (participant, group) in groups.iter().enumerate().take(votes.participants()) {
            let mut members = group.and_then(|group| tallies.groups.get_mut(group));
            for (statement, vote) in votes.of(participant) {
                tallies.everybody[statement].count(vote);
                if let Some(members) = &mut members {
                    members[statement].count(vote);
                }
            }
        }
        tallies
    }

    /// The votes of all groups together on `statement`.
    pub fn grouped(&self, statement: usize) -> Tally {
        self.groups.iter().fold(Tally::default(), |sum, group| sum.and(&group[statement]))
    }
}
