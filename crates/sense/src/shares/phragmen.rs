//! Phragmén's sequential rule, for comparison: money comes to all voters evenly, and a project is bought as soon as its supporters
//! have enough for it.
//!
//! After M. Los, Z. Christoff and D. Grossi, “Proportional Budget Allocations: Towards a Systematization” (2022, arXiv:2203.12324). It stops at the
//! first project that would break the budget. Only whether a voter supports a project counts, not with how many points.

use num_bigint::BigInt;

use super::support::Support;
use super::{Election, Utility};

/// What is funded, in order. Of projects that can be bought at the same time the first by name is bought.
pub fn phragmen(election: &Election) -> Vec<usize> {
    let support = Support::of(election, Utility::Cardinality);
    let mut open: Vec<usize> = support.supported().collect();
    open.retain(|project| election.projects()[*project].cost <= election.budget());
    let names = election.order_of_names();
    open.sort_unstable_by_key(|project| names[*project]);
    let mut times = Times::new(election, &support);
    let (mut bought, mut left) = (Vec::new(), election.budget());
    loop {
        let first = times.first(&open);
        let Some(project) = first.first().copied() else { return bought };
        // It stops even if another one of those that are due at the same time would fit.
        if first.iter().any(|project| election.projects()[*project].cost > left) {
            return bought;
        }
        left -= election.projects()[project].cost;
        open.retain(|other| *other != project);
        times.buy(project);
        bought.push(project);
    }
}

/// When which project can be bought.
struct Times<'a> {
    election: &'a Election,
    support: &'a Support,
    /// The time of each purchase, over the common denominator.
    purchases: Vec<BigInt>,
    denominator: BigInt,
    /// The same, rounded.
    rounded: Vec<f64>,
    /// For each voter the last purchase that they took part in; only since then did they save.
    last: Vec<usize>,
    /// For each project and purchase, how many supporters saved since then. The purchase 0 is the beginning.
    savers: Vec<Vec<i64>>,
}

impl Times<'_> {
    fn new<'a>(election: &'a Election, support: &'a Support) -> Times<'a> {
        let savers = |project| vec![support.total(project)];
        Times {
            election,
            support,
            purchases: vec![BigInt::from(0)],
            denominator: BigInt::from(1),
            rounded: vec![0.0],
            last: vec![0; support.voters()],
            savers: (0..election.projects().len()).map(savers).collect(),
        }
    }

    /// Those that can be bought first of all, by name.
    ///
    /// Times are sums of positive numbers, so that floating point errs by far less than the part by which times are told apart here.
    fn first(&self, open: &[usize]) -> Vec<usize> {
        let times: Vec<f64> = open.iter().map(|project| self.rounded_time(*project)).collect();
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        let near = open.iter().zip(times).filter(|(_, time)| *time <= least * (1.0 + 1e-9));
        let mut first: Vec<usize> = Vec::new();
        let mut best: Option<(BigInt, i64)> = None;
        for (project, _) in near {
            let (time, voters) = (self.time(*project), self.support.total(*project));
            match best.as_ref().map(|(best, of)| (&time * *of).cmp(&(best * voters))) {
                Some(std::cmp::Ordering::Greater) => {}
                Some(std::cmp::Ordering::Equal) => first.push(*project),
                Some(std::cmp::Ordering::Less) | None => {
                    first = vec![*project];
                    best = Some((time, voters));
                }
            }
        }
        first
    }

    /// The time at which a project can be bought, times its supporters, times the denominator.
    fn time(&self, project: usize) -> BigInt {
        let mut time = &self.denominator * self.election.projects()[project].cost;
        for (purchase, savers) in self.purchases.iter().zip(&self.savers[project]) {
            time += purchase * *savers;
        }
        time
    }

    #[expect(clippy::cast_precision_loss, reason = "what is near the least is compared exactly")]
    fn rounded_time(&self, project: usize) -> f64 {
        let saved: f64 =
            self.rounded.iter().zip(&self.savers[project]).map(|(time, savers)| time * *savers as f64).sum();
        (self.election.projects()[project].cost as f64 + saved) / self.support.total(project) as f64
    }

    fn buy(&mut self, project: usize) {
        let (time, voters) = (self.time(project), self.support.total(project));
        self.rounded.push(self.rounded_time(project));
        self.denominator *= voters;
        self.purchases.iter_mut().for_each(|purchase| *purchase *= voters);
        self.purchases.push(time);
        let now = self.purchases.len() - 1;
        self.savers.iter_mut().for_each(|savers| savers.push(0));
        for (voter, _) in self.support.supporters(project) {
            let weight = self.support.weight(voter);
            for (other, _) in self.support.projects(voter) {
                self.savers[other][self.last[voter]] -= weight;
                self.savers[other][now] += weight;
            }
            self.last[voter] = now;
        }
    }
}
