//! What divides and what unites: statements that are typical of a group, statements that everybody or every group agrees with,
//! and which statement should be shown next.
//!
//! The formulas are those of Polis (Small et al. 2021, “Polis: scaling deliberation by mapping high dimensional opinion spaces”).

use serde::Serialize;

use super::tallies::{Tallies, Tally};

/// The z score that chance exceeds once in ten times.
const SURE: f64 = 1.2816;
/// How many statements a list has at most.
const LONGEST: usize = 5;

/// Which way a group or everybody leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// They agree.
    Agree,
    /// They disagree.
    Disagree,
}

impl Side {
    /// The tally as seen from this side: those on it stand under `agree`.
    pub fn of(self, tally: &Tally) -> Tally {
        match self {
            Side::Agree => *tally,
            Side::Disagree => tally.mirrored(),
        }
    }
}

/// How a group stands to a statement, compared with all other groups together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Leaning {
    /// The estimated share of those who voted that are on this side.
    pub share: f64,
    /// How surely that is more than half (z).
    pub share_test: f64,
    /// That share as a multiple of the same share among the other groups.
    pub ratio: f64,
    /// How surely the shares differ (z of two proportions).
    pub ratio_test: f64,
}

impl Leaning {
    /// Compares `own` votes with those of all `others`, on the agreeing side.
    pub fn new(own: &Tally, others: &Tally) -> Leaning {
        Leaning {
            share: own.agreement(),
            share_test: own.agreement_test(),
            ratio: own.agreement() / others.agreement(),
            ratio_test: two_proportions(own, others),
        }
    }

    /// Whether the group is on this side, and more than the others are, both more surely than chance.
    fn is_sure(&self) -> bool {
        self.ratio_test > SURE && self.share_test > SURE
    }

    fn weight(&self) -> f64 {
        self.ratio * self.ratio_test * self.share * self.share_test
    }
}

fn two_proportions(own: &Tally, others: &Tally) -> f64 {
    let plus = |count: u32| f64::from(count) + 1.0;
    let (own_agree, own_seen) = (plus(own.agree), plus(own.seen));
    let (other_agree, other_seen) = (plus(others.agree), plus(others.seen));
    let together = (own_agree + other_agree) / (own_seen + other_seen);
    if together >= 1.0 {
        return 0.0;
    }
    let error = together * (1.0 - together) * (1.0 / own_seen + 1.0 / other_seen);
    (own_agree / own_seen - other_agree / other_seen) / error.sqrt()
}

/// A statement that is typical of a group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Representative {
    /// The statement.
    pub statement: usize,
    /// The side on which the group differs from the others.
    pub side: Side,
    /// How many members are on that side.
    pub on_that_side: u32,
    /// How many members voted on it.
    pub seen: u32,
    /// How it stands to it.
    #[serde(flatten)]
    pub leaning: Leaning,
    /// How many members agree, for the one statement that the group agrees with most typically.
    pub best_agree: Option<u32>,
}

/// Up to five statements that are typical of `group`, those that it agrees with first. `left_out` ones are not considered.
pub fn representative(tallies: &Tallies, group: usize, left_out: &[bool]) -> Vec<Representative> {
    let mut sure: Vec<Representative> = Vec::new();
    let mut best: Option<Representative> = None;
    let mut best_agree: Option<(Representative, Leaning)> = None;
    for (statement, own) in tallies.groups[group].iter().enumerate().filter(|(statement, _)| !left_out[*statement]) {
        let others = tallies.grouped(statement).without(own);
        let agree = Leaning::new(own, &others);
        let disagree = Leaning::new(&own.mirrored(), &others.mirrored());
        let side = if agree.ratio_test > disagree.ratio_test { Side::Agree } else { Side::Disagree };
        let leaning = if side == Side::Agree { agree } else { disagree };
        let (on_that_side, seen) = (side.of(own).agree, own.seen);
        let candidate = Representative { statement, side, on_that_side, seen, leaning, best_agree: None };
        if agree.is_sure() || disagree.is_sure() {
            sure.push(candidate);
        }
        let strongest = agree.ratio_test.max(disagree.ratio_test);
        if sure.is_empty() && best.is_none_or(|best| strongest > best.leaning.ratio_test) {
            best = Some(candidate);
        }
        if is_better_agreement(own, &agree, best_agree.as_ref().map(|(_, leaning)| leaning)) {
            best_agree = Some((candidate, agree));
        }
    }
    chosen(sure, best, best_agree.map(|(candidate, _)| candidate), &tallies.groups[group])
}

fn is_better_agreement(own: &Tally, agree: &Leaning, incumbent: Option<&Leaning>) -> bool {
    if own.agree == 0 && own.disagree == 0 {
        return false;
    }
    match incumbent {
        Some(best) if best.ratio > 1.0 => agree.weight() > best.weight(),
        Some(best) => agree.share * agree.share_test > best.share * best.share_test,
        None => agree.share_test > SURE || (agree.ratio > 1.0 && agree.share > 0.5),
    }
}

fn chosen(
    mut sure: Vec<Representative>,
    best: Option<Representative>,
    best_agree: Option<Representative>,
    own: &[Tally],
) -> Vec<Representative> {
    let best_agree = best_agree.map(|mut found| {
        found.best_agree = Some(own[found.statement].agree);
        found
    });
    if sure.is_empty() {
        return best_agree.or(best).into_iter().collect();
    }
    sure.retain(|candidate| best_agree.is_none_or(|best| best.statement != candidate.statement));
    sure.sort_by(|one, other| other.leaning.weight().total_cmp(&one.leaning.weight()));
    let mut list: Vec<Representative> = best_agree.into_iter().chain(sure).take(LONGEST).collect();
    list.sort_by_key(|found| found.side == Side::Disagree);
    list
}

/// A statement that nearly everybody who voted on it is on one side of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Consensus {
    /// The statement.
    pub statement: usize,
    /// How many are on that side.
    pub on_that_side: u32,
    /// How many voted on it.
    pub seen: u32,
    /// The estimated share on that side.
    pub share: f64,
    /// How surely that is more than half (z).
    pub share_test: f64,
}

/// Up to five statements that everybody, grouped or not, is on one `side` of.
pub fn consensus(everybody: &[Tally], side: Side, left_out: &[bool]) -> Vec<Consensus> {
    let mut found: Vec<Consensus> = everybody
        .iter()
        .enumerate()
        .filter(|(statement, _)| !left_out[*statement])
        .map(|(statement, tally)| {
            let tally = side.of(tally);
            let (share, share_test) = (tally.agreement(), tally.agreement_test());
            Consensus { statement, on_that_side: tally.agree, seen: tally.seen, share, share_test }
        })
        .filter(|found| found.share > 0.5 && found.share_test > SURE)
        .collect();
    found.sort_by(|one, other| (other.share * other.share_test).total_cmp(&(one.share * one.share_test)));
    found.truncate(LONGEST);
    found
}

/// How far every group is on the same side of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Across {
    /// The product of the groups' estimated shares.
    pub product: f64,
    /// Their geometric mean, which can be compared between conversations with different numbers of groups.
    pub mean: f64,
}

/// The consensus across groups on `statement`, on one `side`.
pub fn across(tallies: &Tallies, statement: usize, side: Side) -> Across {
    let product: f64 = tallies.groups.iter().map(|group| side.of(&group[statement]).agreement()).product();
    let count = tallies.groups.len().max(1) as f64;
    Across { product, mean: product.powf(1.0 / count) }
}

/// How useful it is to show a statement to one more person: a statement is drawn with a probability in proportion to this.
///
/// `grouped` are the votes of all groups together, `extremity` how far the statement stands from the middle of the map. A
/// statement about the conversation itself (`meta`) has a fixed priority.
pub fn priority(grouped: &Tally, extremity: f64, meta: bool) -> f64 {
    if meta {
        return 49.0;
    }
    let seen = f64::from(grouped.seen);
    let passing = (f64::from(grouped.pass()) + 1.0) / (seen + 2.0);
    let importance = (1.0 - passing) * (extremity + 1.0) * grouped.agreement();
    (importance * (1.0 + 8.0 * (-seen / 5.0).exp2())).powi(2)
}
