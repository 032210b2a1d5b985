//! Who took part, against the population, and who is missing; and weights that would make up for it ([`raking`]).
//!
//! Everything that [`compare`] returns may be published: it is worked out from protected counts ([`crate::small_numbers`]), so
//! that no share or ratio betrays a small number.

pub mod raking;

use serde::Serialize;

use crate::small_numbers::{Count, Rule};

/// A way in which people differ, such as age, and how many of the population are of each kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dimension {
    /// Its name, such as `region`.
    pub name: String,
    /// Its categories.
    pub categories: Vec<Category>,
}

/// A part of the population.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Category {
    /// Its name, such as `Wales`.
    pub name: String,
    /// How many of the population belong to it.
    pub people: f64,
}

impl Dimension {
    /// The share of the population in each category.
    pub fn shares(&self) -> Vec<f64> {
        let all: f64 = self.categories.iter().map(|category| category.people).sum();
        self.categories.iter().map(|category| if all > 0.0 { category.people / all } else { 0.0 }).collect()
    }
}

/// How those who took part compare with the population in one dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The dimension.
    pub dimension: String,
    /// Its categories.
    pub groups: Vec<Group>,
    /// How many did not say.
    pub not_stated: Count,
    /// How many said something that the population figures do not know.
    pub other: Count,
    /// How many took part, with those.
    pub total: Count,
}

/// How a category compares. What is worked out from a hidden count is hidden too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The category.
    pub name: String,
    /// How many took part.
    pub took_part: Count,
    /// Their share of all who said something that the population figures know.
    pub share: Option<f64>,
    /// Their share of the population.
    pub population_share: f64,
    /// One share by the other: 1 is as many as could be expected.
    pub ratio: Option<f64>,
    /// The ratios that chance alone would explain, 95 times of 100 (Wilson's score interval of the share).
    pub ratio_interval: Option<[f64; 2]>,
    /// How many more of them, if nobody else came, would bring them to their share of the population; 0 if they are enough.
    pub missing: Option<u64>,
}

/// Compares the counts of each category of `dimension`, of those who did not say and of those who said something else.
///
/// `counts` has as many places as the dimension has categories.
pub fn compare(dimension: &Dimension, counts: &[u64], not_stated: u64, other: u64, rule: &Rule) -> Comparison {
    let all: Vec<u64> = counts.iter().copied().chain([not_stated, other]).collect();
    let protected = rule.list(&all);
    let beside = protected.cells.get(counts.len()..).unwrap_or_default();
    let (not_stated, other) = (beside.first().copied(), beside.get(1).copied());
    // The whole is taken from what is shown, too: all that took part, less those of whom it is not known.
    let unknown = [not_stated, other].into_iter().flatten().filter_map(Count::shown).sum();
    let whole = protected.total.shown().map(|total| total.saturating_sub(unknown)).filter(|whole| *whole > 0);
    let groups = dimension.categories.iter().zip(dimension.shares()).zip(&protected.cells);
    let groups = groups.map(|((category, share), count)| Group::new(&category.name, *count, whole, share));
    Comparison {
        dimension: dimension.name.clone(),
        groups: groups.collect(),
        not_stated: not_stated.unwrap_or(Count::Shown(0)),
        other: other.unwrap_or(Count::Shown(0)),
        total: protected.total,
    }
}

impl Group {
    #[expect(clippy::cast_precision_loss, reason = "there are not 2^53 people")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of people, not negative")]
    fn new(name: &str, took_part: Count, whole: Option<u64>, population_share: f64) -> Group {
        let known = took_part.shown().zip(whole).map(|(count, whole)| (count.min(whole) as f64, whole as f64));
        let by_population = |share: f64| (population_share > 0.0).then(|| share / population_share);
        let missing = known.filter(|_| population_share < 1.0).map(|(count, whole)| {
            let exact = (population_share * whole - count) / (1.0 - population_share);
            (exact - 1e-9).ceil().max(0.0) as u64
        });
        Group {
            name: name.to_owned(),
            took_part,
            share: known.map(|(count, whole)| count / whole),
            population_share,
            ratio: known.and_then(|(count, whole)| by_population(count / whole)),
            ratio_interval: known.and_then(|(count, whole)| {
                let [low, high] = wilson(count, whole);
                Some([by_population(low)?, by_population(high)?])
            }),
            missing,
        }
    }
}

/// The interval that covers a share 95 times of 100, after `count` of `whole` (Wilson 1927; Brown and others 2001, Statistical Science 16).
pub fn wilson(count: f64, whole: f64) -> [f64; 2] {
    /// The 0.975 quantile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    let share = count / whole;
    let middle = share + Z * Z / (2.0 * whole);
    let half = Z * (share * (1.0 - share) / whole + Z * Z / (4.0 * whole * whole)).sqrt();
    let scale = 1.0 + Z * Z / whole;
    // Exactly 0 and 1 at the ends, where rounding would miss them.
    let low = if count <= 0.0 { 0.0 } else { (middle - half) / scale };
    let high = if count >= whole { 1.0 } else { (middle + half) / scale };
    [low.max(0.0), high.min(1.0)]
}

#[cfg(test)]
mod tests;
