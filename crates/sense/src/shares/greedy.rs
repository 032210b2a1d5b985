//! Spends money where it brings the most utility, one project after the other.

use std::cmp::Ordering;

use super::support::Support;
use super::{Election, Utility, cost};

/// Adds to `funded` whatever fits, in the order of utility for each unit of money; returns what was added.
///
/// Like `greedy_utilitarian_welfare` of pabutools, it goes on to projects that nobody voted for.
pub(super) fn complete(election: &Election, support: &Support, utility: Utility, funded: &[usize]) -> Vec<usize> {
    let mut open: Vec<usize> = (0..election.projects().len()).collect();
    for project in funded {
        open[*project] = usize::MAX;
    }
    open.retain(|project| *project != usize::MAX);
    let names = election.order_of_names();
    let density = |project: usize| Density::of(election.projects()[project].cost, support.total(project), utility);
    open.sort_by(|a, b| density(*b).compare(density(*a)).then(names[*a].cmp(&names[*b])));
    let mut left = election.budget() - cost(election, funded.iter().copied());
    open.retain(|project| {
        let cost = election.projects()[*project].cost;
        let fits = cost <= left;
        left -= if fits { cost } else { 0 };
        fits
    });
    open
}

/// A utility for a cost: a fraction, whose denominator may be 0.
#[derive(Clone, Copy)]
struct Density {
    utility: i64,
    cost: i64,
}

impl Density {
    fn of(cost: i64, points: i64, utility: Utility) -> Density {
        match utility {
            _ if points <= 0 => Density { utility: 0, cost: 1 },
            // The utility is the points times the cost.
            Utility::Cost if cost == 0 => Density { utility: 0, cost: 1 },
            Utility::Cost => Density { utility: points, cost: 1 },
            Utility::Cardinality | Utility::Points => Density { utility: points, cost },
        }
    }

    fn compare(self, other: Density) -> Ordering {
        let product = |utility, cost| i128::from(utility) * i128::from(cost);
        match (self.cost, other.cost) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Greater,
            (_, 0) => Ordering::Less,
            _ => product(self.utility, other.cost).cmp(&product(other.utility, self.cost)),
        }
    }
}
