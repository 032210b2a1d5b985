//! Bounds for prices, in whole numbers: quick to find, and never wrong, only not always close enough to decide.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::support::Support;
use super::{Election, Purchase, Utility};

/// A project that can perhaps still be bought.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) project: usize,
    /// A lower bound for the price of a point.
    pub(super) price: i64,
    /// How many purchases there were when the bound was found.
    pub(super) round: usize,
    /// What a point is worth to whoever gave it.
    pub(super) worth: i64,
    /// The place in the order of names.
    pub(super) name: u32,
}

impl Open {
    /// All projects that cost something and have supporters, with no bounds yet. The greatest is that with the lowest bound.
    pub(super) fn all(election: &Election, support: &Support, utility: Utility) -> BinaryHeap<Reverse<Open>> {
        let names = election.order_of_names();
        let open = |project: usize| {
            let cost = election.projects()[project].cost;
            let worth = if utility == Utility::Cost { cost } else { 1 };
            (cost > 0).then_some(Reverse(Open { project, price: 0, round: usize::MAX, worth, name: names[project] }))
        };
        support.supported().filter_map(open).collect()
    }

    /// Compares prices for the same utility.
    pub(super) fn by_price(&self, other: &Open) -> Ordering {
        let product = |price, worth| i128::from(price) * i128::from(worth);
        product(self.price, other.worth).cmp(&product(other.price, self.worth))
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Open) -> Ordering {
        self.by_price(other).then(self.name.cmp(&other.name))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By which power of two amounts are multiplied when voters have `share`: then what they have stays below 2^60.
pub(super) fn scale(share: i128) -> u32 {
    60u32.saturating_sub(i128::BITS - share.leading_zeros())
}

/// A lower bound for the price of a point of what costs `cost`, from an earlier one, if voters have at most `most`: prices only rise.
/// None if the supporters have too little.
///
/// What supporters give is a concave function of the price, so that Newton's method comes to the price from below.
pub(super) fn at_least(support: &Support, project: usize, cost: i128, most: &[i64], mut price: i64) -> Option<i64> {
    loop {
        let (given, points) = given(support, project, most, price);
        if points == 0 {
            return None;
        }
        let next = i64::try_from((cost - given) / i128::from(points)).unwrap_or(i64::MAX);
        if next <= price {
            return Some(price);
        }
        price = next;
    }
}

/// An upper bound for the price, if voters have at least `least`. None if the supporters may have too little.
fn at_most(support: &Support, project: usize, cost: i128, least: &[i64]) -> Option<i64> {
    let mut price = 1;
    loop {
        let (given, points) = given(support, project, least, price);
        if given + i128::from(points) * i128::from(price) >= cost {
            return Some(price);
        }
        if points == 0 {
            return None;
        }
        price = i64::try_from((cost - given) / i128::from(points) + 1).ok()?;
    }
}

/// What those give together who have less than the price of their points, and the points of all others.
fn given(support: &Support, project: usize, money: &[i64], price: i64) -> (i128, i64) {
    let (mut given, mut points) = (0, 0);
    for (voter, own) in support.supporters(project) {
        let (left, weight) = (money[voter], support.weight(voter));
        if left < price.saturating_mul(own) {
            given += i128::from(left) * i128::from(weight);
        } else {
            points += own * weight;
        }
    }
    (given, points)
}

/// Whether the same `purchases` certainly come about in the same order when every share is raised by any number of units of money
/// `from` one number `to` another. False if that cannot be told by bounds.
pub(super) fn are_steady(
    election: &Election,
    support: &Support,
    utility: Utility,
    purchases: &[Purchase],
    (from, to): (u64, u64),
) -> bool {
    let voters = election.voters() as i128;
    let money = |raises| i128::from(election.budget()) + i128::from(raises) * i128::from(election.unit()) * voters;
    let scale = scale(money(to) / voters);
    let share = |raises: u64| i64::try_from((money(raises) << scale) / voters).unwrap_or(i64::MAX - 1);
    let mut least = vec![share(from); support.voters()];
    let mut most = vec![share(to) + 1; support.voters()];
    let cost = |project: usize| i128::from(election.projects()[project].cost) << scale;
    let mut open: Vec<Open> = Open::all(election, support, utility).into_iter().map(|Reverse(open)| open).collect();
    for (round, purchase) in purchases.iter().enumerate() {
        let Some(place) = open.iter().position(|open| open.project == purchase.project) else { return false };
        let own = open.swap_remove(place);
        let low = at_least(support, own.project, cost(own.project), &most, own.price);
        let high = at_most(support, own.project, cost(own.project), &least);
        let (Some(low), Some(high)) = (low, high) else { return false };
        let bound = Open { price: high, ..own };
        let mut is_first = true;
        open.retain_mut(|other| {
            while is_first && other.by_price(&bound) != Ordering::Greater {
                // As cheap, as far as can be told; unless the bound is an old one.
                is_first = other.round != round;
                match at_least(support, other.project, cost(other.project), &most, other.price) {
                    None => return false,
                    Some(price) => (other.price, other.round) = (price, round),
                }
            }
            true
        });
        if !is_first {
            return false;
        }
        for (voter, points) in support.supporters(own.project) {
            least[voter] = least[voter].saturating_sub(high.saturating_mul(points)).max(0);
            most[voter] = most[voter].saturating_sub(low.saturating_mul(points)).max(0);
        }
    }
    open.iter().all(|open| at_least(support, open.project, cost(open.project), &most, open.price).is_none())
}
