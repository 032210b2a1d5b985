//! An audit: a random sample of units that somebody else codes again, large enough to find out whether too many are wrong.

use serde::Serialize;

use crate::chance::Chance;

/// What an audit must be able to tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Question {
    /// The share of wrong units that can be tolerated, from 0 up to 1.
    pub tolerated: f64,
    /// How much more than that must be noticed.
    pub margin: f64,
    /// How likely it must be noticed, such as 0.9.
    pub power: f64,
    /// How likely a coding that is just tolerable may be blamed at most, such as 0.05.
    pub significance: f64,
}

/// What a person wrote in decimals, and sums of probabilities, miss the exact number by less than this.
const ROUNDING: f64 = 1e-9;

/// How many units to audit, and what to make of the count of wrong ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// How many units to code again.
    pub size: usize,
    /// With so many wrong ones or more, more than the tolerated share of all units is wrong.
    pub too_many: usize,
}

/// The smallest audit that answers `question` about `units` units, drawn without replacement; `None` if even coding all of
/// them again cannot, because no whole number of units lies between the tolerated share and what must be noticed.
///
/// Exact, by the hypergeometric distribution. As the number of wrong units is whole, a slightly larger audit can answer a little
/// worse; the size that is returned answers the question.
pub fn plan(units: usize, question: &Question) -> Option<Plan> {
    let (tolerable, noticeable) = bounds(units, question)?;
    let logarithms = LogFactorials::new(units);
    let answers = |size: usize| {
        let by_chance = Draws { units, wrong: tolerable, size, logarithms: &logarithms };
        let too_many = by_chance.smallest_rarer_than(question.significance);
        let noticed = Draws { wrong: noticeable, ..by_chance }.at_least(too_many);
        (noticed + ROUNDING >= question.power).then_some(Plan { size, too_many })
    };
    let (mut too_small, mut enough) = (0, units);
    answers(enough)?;
    while enough - too_small > 1 {
        let middle = too_small + (enough - too_small) / 2;
        if answers(middle).is_some() { enough = middle } else { too_small = middle }
    }
    answers(enough)
}

/// The most wrong units that are tolerated, and the fewest that must be noticed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "shares of units"
)]
fn bounds(units: usize, question: &Question) -> Option<(usize, usize)> {
    let all = units as f64;
    let tolerable = (all * question.tolerated + ROUNDING).floor() as usize;
    let noticeable = (all * (question.tolerated + question.margin) - ROUNDING).ceil() as usize;
    (tolerable < noticeable && noticeable <= units).then_some((tolerable, noticeable))
}

/// `size` of the `units`, each as likely as any other, in random order; all of them if there are fewer.
pub fn draw<T: Clone>(units: &[T], size: usize, seed: u64) -> Vec<T> {
    let mut chance = Chance::new(seed, 0);
    let mut places: Vec<usize> = (0..units.len()).collect();
    let size = size.min(units.len());
    for place in 0..size {
        places.swap(place, place + chance.below(units.len() - place));
    }
    places.iter().take(size).filter_map(|place| units.get(*place).cloned()).collect()
}

/// How many wrong units are among `size` of them drawn from `units`, of which `wrong` are: the hypergeometric distribution.
#[derive(Clone, Copy)]
struct Draws<'a> {
    units: usize,
    wrong: usize,
    size: usize,
    logarithms: &'a LogFactorials,
}

impl Draws<'_> {
    /// The smallest count that is reached with a probability of at most `share`.
    fn smallest_rarer_than(&self, share: f64) -> usize {
        let mut at_least = 0.0;
        for count in (self.fewest()..=self.most()).rev() {
            at_least += self.exactly(count);
            if at_least > share + ROUNDING {
                return count + 1;
            }
        }
        self.fewest()
    }

    fn at_least(&self, count: usize) -> f64 {
        (count.max(self.fewest())..=self.most()).map(|count| self.exactly(count)).sum()
    }

    fn exactly(&self, count: usize) -> f64 {
        let choose = |all, some| self.logarithms.choose(all, some);
        let ways = choose(self.wrong, count) + choose(self.units - self.wrong, self.size - count);
        (ways - choose(self.units, self.size)).exp()
    }

    fn fewest(&self) -> usize {
        (self.size + self.wrong).saturating_sub(self.units)
    }

    fn most(&self) -> usize {
        self.size.min(self.wrong)
    }
}

/// The natural logarithms of 0! to n!.
struct LogFactorials(Vec<f64>);

impl LogFactorials {
    #[expect(clippy::cast_precision_loss, reason = "there are not 2^53 units")]
    fn new(n: usize) -> LogFactorials {
        let mut sum = 0.0;
        let next = |number: usize| {
            sum += (number.max(1) as f64).ln();
            sum
        };
        LogFactorials((0..=n).map(next).collect())
    }

    fn choose(&self, all: usize, some: usize) -> f64 {
        let of = |number: usize| self.0.get(number).copied().unwrap_or_default();
        of(all) - of(some) - of(all - some)
    }
}
