//! What is voted on, with how much money, and how people voted.

/// The greatest amount of money, and the greatest sum of points, that is worked with: then no sum overflows.
pub const GREATEST_AMOUNT: i64 = 100_000_000_000_000_000;

/// A project that money can be spent on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// What it is called in the votes. Ties are broken by it.
    pub name: String,
    /// What it costs, as a whole number of the smallest amounts that occur.
    pub cost: i64,
}

/// A project on a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choice {
    /// Its place in the projects.
    pub project: u32,
    /// The points given to it; 1 where ballots have no points. Not more than 0 is no support.
    pub points: i64,
}

/// A budget, projects, and at least one ballot.
#[derive(Debug, Clone)]
pub struct Election {
    budget: i64,
    unit: i64,
    projects: Vec<Project>,
    /// The choices of all different ballots, one behind the other, each by project.
    choices: Vec<Choice>,
    /// Where in `choices` each different ballot ends.
    ends: Vec<usize>,
    /// How many voters handed in each different ballot.
    counts: Vec<i64>,
    /// For each voter the ballot.
    ballot_of: Vec<u32>,
}

/// Why votes cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ElectionError {
    /// There is no money, or less.
    #[error("the budget is negative")]
    NegativeBudget,
    /// A project costs less than nothing.
    #[error("project {0} has a negative cost")]
    NegativeCost(String),
    /// Two projects have the same name.
    #[error("there are two projects {0}")]
    TwiceProject(String),
    /// Nobody voted.
    #[error("there are no votes")]
    NoVotes,
    /// A ballot names a project that is not there, or names one twice. Counted from 0.
    #[error("ballot {0} names a project that does not exist, or one twice")]
    BadBallot(usize),
    /// Numbers are so large that sums could overflow.
    #[error("amounts or points are too large: together they must stay below {GREATEST_AMOUNT} of their smallest units")]
    TooLarge,
}

impl Election {
    /// Checks what is voted on. `unit` is how many of the amounts make one unit of money, as 100 pence make a pound.
    pub fn new(
        budget: i64,
        unit: i64,
        projects: Vec<Project>,
        ballots: impl IntoIterator<Item: IntoIterator<Item = Choice>>,
    ) -> Result<Election, ElectionError> {
        check_money(budget, unit, &projects)?;
        let (mut choices, mut ends) = (Vec::new(), vec![0]);
        let mut points: i64 = 0;
        for ballot in ballots {
            let start = choices.len();
            choices.extend(ballot);
            let ballot: &mut [Choice] = &mut choices[start..];
            ballot.sort_unstable();
            let twice = ballot.windows(2).any(|pair| pair[0].project == pair[1].project);
            if twice || ballot.last().is_some_and(|choice| choice.project as usize >= projects.len()) {
                return Err(ElectionError::BadBallot(ends.len() - 1));
            }
            for choice in ballot {
                let given = choice.points.checked_abs().filter(|given| *given <= GREATEST_AMOUNT);
                points = given
                    .map(|given| points + given)
                    .filter(|sum| *sum <= GREATEST_AMOUNT)
                    .ok_or(ElectionError::TooLarge)?;
            }
            ends.push(choices.len());
        }
        if ends.len() == 1 {
            return Err(ElectionError::NoVotes);
        }
        if u32::try_from(ends.len()).is_err() {
            return Err(ElectionError::TooLarge);
        }
        Ok(Election { budget, unit, projects, ..Election::without_copies(&choices, &ends) })
    }

    /// Puts ballots that say the same together, in an order that does not depend on that of the voters.
    fn without_copies(all: &[Choice], ends: &[usize]) -> Election {
        let mut sorted: Vec<(&[Choice], u32)> = ends.windows(2).map(|pair| &all[pair[0]..pair[1]]).zip(0..).collect();
        sorted.sort_unstable();
        let mut election = Election {
            budget: 0,
            unit: 1,
            projects: Vec::new(),
            choices: Vec::new(),
            ends: Vec::new(),
            counts: Vec::new(),
            ballot_of: vec![0; sorted.len()],
        };
        for (place, (ballot, voter)) in sorted.iter().enumerate() {
            if place == 0 || sorted[place - 1].0 != *ballot {
                election.choices.extend_from_slice(ballot);
                election.ends.push(election.choices.len());
                election.counts.push(0);
            }
            let last = election.counts.len() - 1;
            election.counts[last] += 1;
            election.ballot_of[*voter as usize] = u32::try_from(last).unwrap_or(u32::MAX);
        }
        election
    }

    /// How much there is to spend.
    pub fn budget(&self) -> i64 {
        self.budget
    }

    /// How many of the amounts make one unit of money.
    pub fn unit(&self) -> i64 {
        self.unit
    }

    /// What can be funded.
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// How many people voted, those with an empty ballot included.
    pub fn voters(&self) -> usize {
        self.ballot_of.len()
    }

    /// The different ballots, each by project, with the number of voters who handed it in.
    pub fn ballots(&self) -> impl Iterator<Item = (&[Choice], i64)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.choices[start..*end]).zip(self.counts.iter().copied())
    }

    /// For each voter the place of the ballot in [`Election::ballots`].
    pub fn ballot_of(&self) -> &[u32] {
        &self.ballot_of
    }

    /// For each project its place in the order of names, by which ties are broken.
    pub(super) fn order_of_names(&self) -> Vec<u32> {
        let mut by_name: Vec<usize> = (0..self.projects.len()).collect();
        by_name.sort_unstable_by_key(|project| &self.projects[*project].name);
        let mut order = vec![0; by_name.len()];
        for (place, project) in (0..).zip(by_name) {
            order[project] = place;
        }
        order
    }
}

fn check_money(budget: i64, unit: i64, projects: &[Project]) -> Result<(), ElectionError> {
    if budget < 0 {
        return Err(ElectionError::NegativeBudget);
    }
    let mut names: Vec<&str> = projects.iter().map(|project| project.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|names| names[0] == names[1]) {
        return Err(ElectionError::TwiceProject(twice[0].to_owned()));
    }
    if let Some(project) = projects.iter().find(|project| project.cost < 0) {
        return Err(ElectionError::NegativeCost(project.name.clone()));
    }
    let total = projects.iter().try_fold(budget, |sum, project| sum.checked_add(project.cost));
    if total.is_none_or(|total| total > GREATEST_AMOUNT) || !(1..=GREATEST_AMOUNT).contains(&unit) {
        return Err(ElectionError::TooLarge);
    }
    Ok(())
}
