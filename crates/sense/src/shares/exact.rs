//! Exact amounts of money: whole numbers over one common denominator, which grows with every purchase.
//!
//! What a voter has left is the share less what they paid; so it is a sum of few exact numbers, and need not be kept itself.

use std::cmp::Ordering;

use num_bigint::BigInt;

/// The share of a voter, and the prices that were paid.
pub(super) struct Ledger {
    /// What every amount here is over.
    denominator: BigInt,
    /// What every voter has at the beginning.
    share: BigInt,
    /// The price of a point in every purchase.
    prices: Vec<BigInt>,
}

/// The price of a point of a project: what its cost leaves to those who can pay the same, over their points.
#[derive(Clone)]
pub(super) struct Price {
    /// What is left to pay, over the ledger's denominator.
    rest: BigInt,
    /// The points of those who pay it; more than 0.
    points: i64,
}

impl Ledger {
    /// A ledger without purchases, where `money` is shared among `voters`.
    pub(super) fn new(money: i128, voters: usize) -> Ledger {
        Ledger { denominator: BigInt::from(voters), share: BigInt::from(money), prices: Vec::new() }
    }

    /// The price of a point of what costs `cost`, if `points` pay it evenly, and `voters` others, who spent `spent` points on each
    /// earlier purchase, give all that they have left.
    pub(super) fn price(&self, cost: i64, points: i64, voters: i64, spent: &[i64]) -> Price {
        Price { rest: &self.denominator * cost - self.left(voters, spent), points }
    }

    /// What `voters` have left who spent `spent` points on each purchase, over the denominator.
    fn left(&self, voters: i64, spent: &[i64]) -> BigInt {
        let mut left = &self.share * voters;
        for (price, points) in self.prices.iter().zip(spent) {
            match points {
                0 => {}
                1 => left -= price,
                points => left -= price * *points,
            }
        }
        left
    }

    /// Whether a voter who spent `spent` on each purchase cannot pay `price` for `points` more.
    pub(super) fn is_too_dear(&self, price: &Price, points: i64, spent: &[i64]) -> bool {
        self.left(1, spent) * price.points < &price.rest * points
    }

    /// Compares two prices, each for a point that brings `a_worth` and `b_worth` of utility.
    pub(super) fn compare(a: &Price, a_worth: i64, b: &Price, b_worth: i64) -> Ordering {
        (&a.rest * b.points * b_worth).cmp(&(&b.rest * a.points * a_worth))
    }

    /// The price of `points`, in units of 2^-`scale`, rounded down.
    pub(super) fn floor(&self, price: &Price, points: i64, scale: u32) -> i64 {
        let floor: BigInt = ((&price.rest * points) << scale) / (&self.denominator * price.points);
        i64::try_from(floor).unwrap_or(i64::MAX)
    }

    /// A price for people to read.
    #[expect(clippy::cast_precision_loss, reason = "for people to read; nothing is decided by it")]
    pub(super) fn rounded(&self, price: &Price) -> f64 {
        let over = &self.denominator * price.points;
        // As many bits of the quotient as a number of floating point holds, and some more.
        let shift = i64::try_from(over.bits()).unwrap_or(0) - i64::try_from(price.rest.bits()).unwrap_or(0) + 60;
        let quotient = if shift >= 0 { (&price.rest << shift) / over } else { &price.rest / (over << -shift) };
        i64::try_from(quotient).unwrap_or(i64::MAX) as f64 * (-(shift as f64)).exp2()
    }

    /// Notes a purchase.
    pub(super) fn buy(&mut self, price: Price) {
        let rest = i64::try_from(&price.rest % price.points).unwrap_or(0);
        let common = greatest_common_divisor(price.points, rest);
        let factor = price.points / common;
        if factor != 1 {
            self.denominator *= factor;
            self.share *= factor;
            for price in &mut self.prices {
                *price *= factor;
            }
        }
        self.prices.push(if common == 1 { price.rest } else { price.rest / common });
    }
}

fn greatest_common_divisor(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
