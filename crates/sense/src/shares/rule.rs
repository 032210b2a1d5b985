//! The rule itself: again and again the project is bought that costs its supporters least for the utility that it brings.
//!
//! All supporters of a project pay the same for a point, except those who have less left than that, who give all of it. What each
//! voter has left is known within bounds, in whole numbers; they suffice to pass over nearly every project that is not the cheapest.
//! The cheapest are compared exactly ([`Ledger`]), and exact is also who cannot pay.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};

use super::bounds::{self, Open};
use super::exact::{Ledger, Price};
use super::support::Support;
use super::{Election, Utility};

/// A project that its supporters bought together.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchase {
    /// Its place in the projects.
    pub project: usize,
    /// What each point cost those who could pay it in full, in units of the amounts. Only rounded here.
    pub price: f64,
}

/// What a run found out.
pub(super) struct Run {
    /// In order.
    pub(super) purchases: Vec<Purchase>,
    /// For each voter the purchase on which their last money went.
    pub(super) emptied: Vec<Option<u32>>,
}

/// A run that is under way.
struct Running<'a> {
    election: &'a Election,
    support: &'a Support,
    ledger: Ledger,
    /// Money is counted in units of 2^-`scale` where it is bounded.
    scale: u32,
    /// What each voter has left at most. It is less than one unit too much for the share and for each purchase; 0 is exact.
    most: Vec<i64>,
    /// Projects that can perhaps still be bought.
    open: BinaryHeap<Reverse<Open>>,
    /// For each project the purchase that it is.
    bought: Vec<Option<u32>>,
    run: Run,
}

/// The exact price of a project, and who cannot pay it.
struct Offer {
    open: Open,
    price: Price,
    /// For each supporter, in order.
    poor: Vec<bool>,
}

/// Those who give all that they have left: how many, and the points that they spent on each earlier purchase.
struct Givers {
    voters: i64,
    spent: Vec<i64>,
}

impl Run {
    /// Runs the rule, with every share raised by `raises` units of money.
    pub(super) fn of(election: &Election, support: &Support, utility: Utility, raises: u64) -> Run {
        let mut running = Running::new(election, support, utility, raises);
        while let Some(offer) = running.cheapest() {
            running.buy(offer);
        }
        running.run
    }

    /// Whether the same is bought in the same order.
    pub(super) fn buys_the_same(&self, other: &Run) -> bool {
        let projects = |run: &Run| run.purchases.iter().map(|purchase| purchase.project).collect::<Vec<_>>();
        projects(self) == projects(other)
    }
}

impl<'a> Running<'a> {
    fn new(election: &'a Election, support: &'a Support, utility: Utility, raises: u64) -> Running<'a> {
        let voters = election.voters();
        let money = i128::from(election.budget()) + i128::from(raises) * i128::from(election.unit()) * voters as i128;
        let scale = bounds::scale(money / voters as i128);
        let most = i64::try_from((money << scale) / voters as i128).map_or(i64::MAX, |share| share + 1);
        Running {
            election,
            support,
            ledger: Ledger::new(money, voters),
            scale,
            most: vec![if money == 0 { 0 } else { most }; support.voters()],
            open: Open::all(election, support, utility),
            bought: vec![None; election.projects().len()],
            run: Run { purchases: Vec::new(), emptied: vec![None; support.voters()] },
        }
    }

    /// What a project costs, in units of 2^-`scale`.
    fn cost(&self, project: usize) -> i128 {
        i128::from(self.election.projects()[project].cost) << self.scale
    }

    /// The project with the lowest price for its utility; of equal ones the first by name.
    fn cheapest(&mut self) -> Option<Offer> {
        let round = self.run.purchases.len();
        let mut best: Option<(Offer, Open)> = None;
        let mut dearer = Vec::new();
        while let Some(Reverse(open)) = self.open.pop() {
            if best.as_ref().is_some_and(|(_, at_most)| open.by_price(at_most) == Ordering::Greater) {
                self.open.push(Reverse(open));
                break;
            }
            if open.round != round {
                // Lowest bound first, so that most bounds need not be brought up to date.
                let price =
                    bounds::at_least(self.support, open.project, self.cost(open.project), &self.most, open.price);
                self.open.extend(price.map(|price| Reverse(Open { price, round, ..open })));
                continue;
            }
            let Some(offer) = self.offer(open) else { continue };
            dearer.push(open);
            if best.as_ref().is_none_or(|(best, _)| offer.is_before(best)) {
                let price = self.ledger.floor(&offer.price, 1, self.scale).saturating_add(1);
                best = Some((offer, Open { price, ..open }));
            }
        }
        let (best, _) = best?;
        self.open.extend(dearer.into_iter().filter(|open| open.project != best.open.project).map(Reverse));
        Some(best)
    }

    /// The exact price of a point, and who cannot pay it; none if the supporters have too little.
    ///
    /// Again from below: whoever cannot pay a lower bound gives all they have, and by that the price rises.
    fn offer(&self, open: Open) -> Option<Offer> {
        let cost = self.election.projects()[open.project].cost;
        let mut givers = Givers { voters: 0, spent: vec![0; self.run.purchases.len()] };
        let (mut points, mut poor) = (0, Vec::new());
        for (voter, own) in self.support.supporters(open.project) {
            poor.push(self.most[voter] < open.price.saturating_mul(own));
            if poor.last() == Some(&true) {
                self.add(&mut givers, voter, self.support.weight(voter));
            } else {
                points += own * self.support.weight(voter);
            }
        }
        loop {
            if points == 0 {
                return None;
            }
            let price = self.ledger.price(cost, points, givers.voters, &givers.spent);
            let floor = self.ledger.floor(&price, 1, self.scale);
            let mut more = false;
            for ((voter, own), poor) in self.support.supporters(open.project).zip(&mut poor) {
                if !*poor && self.is_too_dear(voter, own, &price, floor) {
                    *poor = true;
                    more = true;
                    points -= own * self.support.weight(voter);
                    self.add(&mut givers, voter, self.support.weight(voter));
                }
            }
            if !more {
                return Some(Offer { open, price, poor });
            }
        }
    }

    /// Whether a voter has less than the exact price of `points`, of which one costs at least `floor`.
    fn is_too_dear(&self, voter: usize, points: i64, price: &Price, floor: i64) -> bool {
        let most = self.most[voter];
        let error = i64::try_from(self.run.purchases.len()).unwrap_or(i64::MAX).saturating_add(1);
        if most.saturating_sub(error) >= floor.saturating_add(1).saturating_mul(points) {
            return false;
        }
        if most == 0 || most < floor.saturating_mul(points) {
            return true;
        }
        let mut own = Givers { voters: 0, spent: vec![0; self.run.purchases.len()] };
        self.add(&mut own, voter, 1);
        self.ledger.is_too_dear(price, points, &own.spent)
    }

    /// Adds `weight` of a voter to those who give all. A voter who has something left has paid in full for all that they support.
    fn add(&self, givers: &mut Givers, voter: usize, weight: i64) {
        if self.most[voter] == 0 {
            return;
        }
        givers.voters += weight;
        for (project, points) in self.support.projects(voter) {
            if let Some(purchase) = self.bought[project] {
                givers.spent[purchase as usize] += points * weight;
            }
        }
    }

    fn buy(&mut self, offer: Offer) {
        let Offer { open: Open { project, .. }, price, poor } = offer;
        let purchase = u32::try_from(self.run.purchases.len()).unwrap_or(u32::MAX);
        let mut paid: HashMap<i64, i64> = HashMap::new();
        for ((voter, points), poor) in self.support.supporters(project).zip(poor) {
            let most = &mut self.most[voter];
            if !poor {
                *most -= *paid.entry(points).or_insert_with(|| self.ledger.floor(&price, points, self.scale));
            } else if *most > 0 {
                *most = 0;
                self.run.emptied[voter] = Some(purchase);
            }
        }
        self.bought[project] = Some(purchase);
        self.run.purchases.push(Purchase { project, price: self.ledger.rounded(&price) });
        self.ledger.buy(price);
    }
}

impl Offer {
    fn is_before(&self, other: &Offer) -> bool {
        let by_price = Ledger::compare(&self.price, self.open.worth, &other.price, other.open.worth);
        by_price.then(self.open.name.cmp(&other.open.name)) == Ordering::Less
    }
}
