//! Who paid for what, and what came of it: for people to check. Amounts are rounded here, and nothing is decided by them.

use serde::Serialize;

use super::{Choice, Election, Outcome, Utility, cost};

/// What came of an outcome for voters, and for projects.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// What the different ballots paid, one behind the other, each in the order of purchases.
    payments: Vec<Payment>,
    /// Where in `payments` each different ballot ends.
    ends: Vec<usize>,
    /// For each purchase how it was paid.
    pub bills: Vec<Bill>,
    /// For each project how many voted for it.
    pub supporters: Vec<i64>,
    /// For each project what those who voted for it have left together.
    pub left: Vec<f64>,
}

/// A voter's part of a project's cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment {
    /// The purchase.
    pub purchase: usize,
    /// How much, in units of the amounts.
    pub amount: f64,
    /// Whether it was all that the voter had left.
    pub all: bool,
}

/// How a purchase was paid.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bill {
    /// How many paid the price in full.
    pub in_full: i64,
    /// How many gave all that they had left, more than nothing.
    pub gave_all: i64,
    /// How much those gave together.
    pub by_all: f64,
    /// The greatest payment.
    pub most: f64,
}

/// How well voters are served by a set of projects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// How many projects are funded.
    pub projects: usize,
    /// What they cost together, in units of the amounts.
    pub cost: i64,
    /// How many voters voted for none of them.
    pub without: i64,
    /// Those, as a part of all voters from 0 to 1: the exclusion ratio.
    pub exclusion_ratio: f64,
    /// For how many of them a voter voted, on average.
    pub mean_projects: f64,
    /// What the funded projects that a voter voted for cost, on average, in units of the amounts.
    pub mean_cost: f64,
}

impl Account {
    /// Works out who paid for what.
    #[expect(clippy::cast_precision_loss, reason = "for people to read; nothing is decided by it")]
    pub fn of(election: &Election, utility: Utility, outcome: &Outcome) -> Account {
        let projects = election.projects().len();
        let mut account = Account {
            payments: Vec::new(),
            ends: Vec::new(),
            bills: vec![Bill::default(); outcome.purchases.len()],
            supporters: vec![0; projects],
            left: vec![0.0; projects],
        };
        let mut purchase_of = vec![None; projects];
        for (place, purchase) in outcome.purchases.iter().enumerate() {
            purchase_of[purchase.project] = Some(place);
        }
        let share = outcome.share(election);
        let mut own = Vec::new();
        for ((ballot, count), emptied) in election.ballots().zip(&outcome.emptied) {
            own.clear();
            let bought = |choice: &Choice| Some((purchase_of[choice.project as usize]?, choice.points));
            let in_time = |(purchase, _): &(usize, i64)| emptied.is_none_or(|emptied| *purchase <= emptied as usize);
            own.extend(supported(ballot).filter_map(bought).filter(in_time));
            own.sort_unstable();
            let mut left = share;
            for (purchase, points) in &own {
                let all = *emptied == u32::try_from(*purchase).ok();
                let points = if utility == Utility::Points { *points } else { 1 };
                let price = outcome.purchases[*purchase].price * points as f64;
                let payment = Payment { purchase: *purchase, amount: if all { left } else { price.min(left) }, all };
                account.bills[*purchase].add(payment, count);
                account.payments.push(payment);
                left = if left - payment.amount > share * 1e-12 { left - payment.amount } else { 0.0 };
            }
            account.ends.push(account.payments.len());
            for choice in supported(ballot) {
                account.supporters[choice.project as usize] += count;
                account.left[choice.project as usize] += left * count as f64;
            }
        }
        account
    }

    /// What a voter paid who handed in the different ballot of this place, in order.
    pub fn payments(&self, ballot: u32) -> &[Payment] {
        let ballot = ballot as usize;
        let start = if ballot == 0 { 0 } else { self.ends[ballot - 1] };
        &self.payments[start..self.ends[ballot]]
    }
}

impl Bill {
    #[expect(clippy::cast_precision_loss, reason = "for people to read; nothing is decided by it")]
    fn add(&mut self, payment: Payment, count: i64) {
        if payment.all {
            self.gave_all += count;
            self.by_all += payment.amount * count as f64;
        } else {
            self.in_full += count;
        }
        self.most = self.most.max(payment.amount);
    }
}

impl Measures {
    /// Looks at how voters are served by `funded`.
    #[expect(clippy::cast_precision_loss, reason = "for people to read; nothing is decided by it")]
    pub fn of(election: &Election, funded: &[usize]) -> Measures {
        let mut is_funded = vec![false; election.projects().len()];
        funded.iter().for_each(|project| is_funded[*project] = true);
        let (mut without, mut projects, mut amount) = (0, 0, 0);
        for (ballot, count) in election.ballots() {
            let mut own = 0;
            for choice in supported(ballot).filter(|choice| is_funded[choice.project as usize]) {
                own += 1;
                amount += i128::from(count) * i128::from(election.projects()[choice.project as usize].cost);
            }
            without += if own == 0 { count } else { 0 };
            projects += own * count;
        }
        let voters = election.voters() as f64;
        Measures {
            projects: funded.len(),
            cost: cost(election, funded.iter().copied()),
            without,
            exclusion_ratio: without as f64 / voters,
            mean_projects: projects as f64 / voters,
            mean_cost: amount as f64 / voters,
        }
    }
}

fn supported(ballot: &[Choice]) -> impl Iterator<Item = &Choice> {
    ballot.iter().filter(|choice| choice.points > 0)
}
