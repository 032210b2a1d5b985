//! Shares out a budget in proportion to the votes: the Method of Equal Shares, and what it is compared with.
//!
//! Every voter gets the same share of the budget, and a project is funded by those who voted for it. The rule is that of
//! D. Peters, G. Pierczyński and P. Skowron, “Proportional Participatory Budgeting with Additive Utilities” (2021, arXiv:2008.13276).
//! Every decision is exact: amounts are whole numbers, and where bounds do not decide between two prices, fractions do.

pub mod account;
mod bounds;
mod election;
mod exact;
mod greedy;
mod phragmen;
mod rule;
mod support;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use election::{Choice, Election, ElectionError, GREATEST_AMOUNT, Project};
pub use phragmen::phragmen;
pub use rule::Purchase;

use rule::Run;
use support::Support;

/// What a funded project is worth to somebody who voted for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Utility {
    /// Its cost: a voter is content in so far as money went to what they voted for.
    Cost,
    /// One: a voter is content in so far as many projects that they voted for were funded.
    Cardinality,
    /// The points that the voter gave it.
    Points,
}

/// How the money is spent that no group of voters can spend on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Completion {
    /// It is not.
    #[serde(rename = "none")]
    None,
    /// Every voter's share is raised by one, again and again, until all is spent or the next outcome would cost too much.
    #[serde(rename = "add1")]
    Add1,
    /// In the order of utility for each unit of money, whatever still fits.
    #[serde(rename = "utilitarian")]
    Utilitarian,
    /// First [`Completion::Add1`], then [`Completion::Utilitarian`].
    #[serde(rename = "add1u")]
    Add1Utilitarian,
}

/// What was funded, and how. Projects are places in [`Election::projects`], amounts are those of the election.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Projects that cost nothing and that somebody voted for: they are always funded.
    pub free: Vec<usize>,
    /// What voters bought together, in order.
    pub purchases: Vec<Purchase>,
    /// What the utilitarian completion added, in order.
    pub completed: Vec<usize>,
    /// How often every share was raised by one unit of money.
    pub raises: u64,
    /// For each different ballot the purchase on which its last money was spent, as a place in `purchases`.
    pub emptied: Vec<Option<u32>>,
}

impl Outcome {
    /// All that is funded, in order.
    pub fn funded(&self) -> Vec<usize> {
        let bought = self.purchases.iter().map(|purchase| purchase.project);
        self.free.iter().copied().chain(bought).chain(self.completed.iter().copied()).collect()
    }

    /// What every voter had to spend at the beginning, in units of the amounts.
    #[expect(clippy::cast_precision_loss, reason = "for people to read; nothing is decided by it")]
    pub fn share(&self, election: &Election) -> f64 {
        election.budget() as f64 / election.voters() as f64 + self.raises as f64 * election.unit() as f64
    }
}

/// Runs the Method of Equal Shares.
///
/// Of projects at the same price for the same utility the one whose name comes first is bought, by the order of its characters.
pub fn equal_shares(election: &Election, utility: Utility, completion: Completion) -> Outcome {
    let support = Support::of(election, utility);
    let free = support.supported().filter(|project| election.projects()[*project].cost == 0).collect();
    let mut outcome = Outcome { free, purchases: Vec::new(), completed: Vec::new(), raises: 0, emptied: Vec::new() };
    let raise = matches!(completion, Completion::Add1 | Completion::Add1Utilitarian);
    let (run, raises) =
        if raise { raised(election, &support, utility) } else { (Run::of(election, &support, utility, 0), 0) };
    outcome.raises = raises;
    (outcome.purchases, outcome.emptied) = (run.purchases, run.emptied);
    if matches!(completion, Completion::Utilitarian | Completion::Add1Utilitarian) {
        outcome.completed = greedy::complete(election, &support, utility, &outcome.funded());
    }
    outcome
}

/// Raises all shares by one, again and again, to the last time before the outcome costs too much, or to the first that spends all.
///
/// Where nothing changes for a while, many raises are taken at once, if bounds show that nothing changes between.
fn raised(election: &Election, support: &Support, utility: Utility) -> (Run, u64) {
    let (mut run, mut raises) = (Run::of(election, support, utility, 0), 0);
    let (mut unchanged, mut stride, mut raises_of_run) = (0, STRIDE, 0);
    while !is_exhaustive(election, support, &run.purchases) {
        if unchanged >= STRIDE {
            if bounds::are_steady(election, support, utility, &run.purchases, (raises, raises + stride)) {
                raises += stride;
                stride *= 2;
                continue;
            }
            stride = (stride / 4).max(STRIDE);
            unchanged = if stride == STRIDE { 0 } else { unchanged };
        }
        let next = Run::of(election, support, utility, raises + 1);
        if cost(election, next.purchases.iter().map(|purchase| purchase.project)) > election.budget() {
            break;
        }
        raises += 1;
        unchanged = if next.buys_the_same(&run) { unchanged + 1 } else { 0 };
        (run, raises_of_run) = (next, raises);
    }
    if raises_of_run < raises {
        // The same is bought, at other prices.
        run = Run::of(election, support, utility, raises);
    }
    (run, raises)
}

/// After how many raises without a change more are taken at once, and how many at least.
const STRIDE: u64 = 8;

/// Funds what has the most utility for each unit of money, and leaves out what does not fit any more: what most cities do.
pub fn greedy(election: &Election, utility: Utility) -> Vec<usize> {
    greedy::complete(election, &Support::of(election, utility), utility, &[])
}

/// What `projects` cost together.
pub fn cost(election: &Election, projects: impl IntoIterator<Item = usize>) -> i64 {
    projects.into_iter().map(|project| election.projects()[project].cost).sum()
}

/// Whether no further project that somebody voted for fits into the budget.
fn is_exhaustive(election: &Election, support: &Support, purchases: &[Purchase]) -> bool {
    let left = election.budget() - cost(election, purchases.iter().map(|purchase| purchase.project));
    let mut open = support.supported().filter(|project| purchases.iter().all(|bought| bought.project != *project));
    open.all(|project| election.projects()[project].cost == 0 || election.projects()[project].cost > left)
}
