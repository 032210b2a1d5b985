//! Who supports what, from both sides. Voters with the same ballot are one voter with a weight: they always have the same money.

use super::{Choice, Election, Utility};

/// Lists one behind the other.
struct Lists {
    /// Where each list ends.
    ends: Vec<usize>,
    /// A voter of a project, or a project of a voter.
    items: Vec<u32>,
    /// The points between the two.
    points: Vec<i64>,
}

/// Voters and projects.
pub(super) struct Support {
    voters_of: Lists,
    projects_of: Lists,
    /// How many ballots say what this voter says.
    weights: Vec<i64>,
    /// For each project all the points that were given to it, those below zero too.
    totals: Vec<i64>,
}

impl Support {
    /// Looks at all ballots.
    pub(super) fn of(election: &Election, utility: Utility) -> Support {
        let mut support = Support {
            voters_of: Lists { ends: Vec::new(), items: Vec::new(), points: Vec::new() },
            projects_of: Lists { ends: Vec::new(), items: Vec::new(), points: Vec::new() },
            weights: Vec::new(),
            totals: vec![0; election.projects().len()],
        };
        for (ballot, count) in election.ballots() {
            support.add(ballot, count, utility);
        }
        support.turn(election.projects().len());
        support
    }

    fn add(&mut self, ballot: &[Choice], count: i64, utility: Utility) {
        self.weights.push(count);
        for choice in ballot {
            let worth = if utility == Utility::Points { choice.points } else { choice.points.signum().max(0) };
            self.totals[choice.project as usize] += worth * count;
            if worth > 0 {
                self.projects_of.items.push(choice.project);
                self.projects_of.points.push(worth);
            }
        }
        self.projects_of.ends.push(self.projects_of.items.len());
    }

    /// Makes the voters of each project from the projects of each voter.
    fn turn(&mut self, projects: usize) {
        let mut ends = vec![0; projects];
        for project in &self.projects_of.items {
            ends[*project as usize] += 1;
        }
        let mut next = Vec::with_capacity(projects);
        let mut sum = 0;
        for end in &mut ends {
            next.push(sum);
            sum += *end;
            *end = sum;
        }
        let (mut items, mut points) = (vec![0; sum], vec![0; sum]);
        for voter in 0..self.weights.len() {
            for (project, given) in self.projects(voter) {
                let place = next[project];
                items[place] = u32::try_from(voter).unwrap_or(u32::MAX);
                points[place] = given;
                next[project] += 1;
            }
        }
        self.voters_of = Lists { ends, items, points };
    }

    /// How many different voters there are.
    pub(super) fn voters(&self) -> usize {
        self.weights.len()
    }

    /// How many ballots a voter stands for.
    pub(super) fn weight(&self, voter: usize) -> i64 {
        self.weights[voter]
    }

    /// All the points that a project was given.
    pub(super) fn total(&self, project: usize) -> i64 {
        self.totals[project]
    }

    /// The projects that somebody supports.
    pub(super) fn supported(&self) -> impl Iterator<Item = usize> {
        (0..self.voters_of.ends.len()).filter(|project| !self.voters_of.range(*project).is_empty())
    }

    /// The projects that a voter supports, with the points for each.
    pub(super) fn projects(&self, voter: usize) -> impl Iterator<Item = (usize, i64)> {
        self.projects_of.list(voter)
    }

    /// The voters that support a project, with the points of each.
    pub(super) fn supporters(&self, project: usize) -> impl Iterator<Item = (usize, i64)> {
        self.voters_of.list(project)
    }
}

impl Lists {
    fn range(&self, list: usize) -> std::ops::Range<usize> {
        let start = if list == 0 { 0 } else { self.ends[list - 1] };
        start..self.ends[list]
    }

    fn list(&self, list: usize) -> impl Iterator<Item = (usize, i64)> {
        let range = self.range(list);
        self.items[range.clone()].iter().map(|item| *item as usize).zip(self.points[range].iter().copied())
    }
}
