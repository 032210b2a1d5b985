//! Weights under which those who took part have the same shares as the population, in every dimension at once: raking, or
//! iterative proportional fitting (Deming and Stephan 1940, Annals of Mathematical Statistics 11).
//!
//! A weight can only make more of a view that somebody brought. It cannot say what those who stayed away think.

use std::collections::BTreeMap;

use serde::Serialize;

/// How weights are found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Options {
    /// No weight is more than this many times the mean; 1 or more.
    pub trim: f64,
    /// Rounds through all dimensions at most.
    pub rounds: usize,
    /// Enough, when no weighted share is further than this from that of the population.
    pub tolerance: f64,
}

impl Default for Options {
    fn default() -> Options {
        Options { trim: 5.0, rounds: 1000, tolerance: 1e-9 }
    }
}

/// The weights, and how good they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Raked {
    /// For each respondent; their mean is 1.
    #[serde(skip)]
    pub weights: Vec<f64>,
    /// Rounds that were needed.
    pub rounds: usize,
    /// Whether all shares came within the tolerance.
    pub converged: bool,
    /// How far the weighted share that is furthest off is from that of the population.
    pub largest_gap: f64,
    /// How many respondents have the largest weight that is allowed.
    pub trimmed: usize,
    /// By how much weighting widens the variance of a mean (Kish 1965).
    pub design_effect: f64,
    /// As many respondents without weights would tell as much.
    pub effective: f64,
}

/// Why there can be no weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Part of the population is not there at all.
    #[error("nobody of category {category} of dimension {dimension} took part: no weight can stand in for them")]
    Empty {
        /// The place of the dimension.
        dimension: usize,
        /// The place of the category in it.
        category: usize,
    },
    /// The shares cannot be had together, as some combinations of categories are missing.
    #[error("no weights give the shares of the population in all dimensions at once")]
    Apart,
    /// There is nobody to weight.
    #[error("nobody took part whose category is known")]
    Nobody,
}

/// With trimming a weighted share may stay this far off; without it, as far counts as not converged.
const APART: f64 = 0.005;

/// Finds weights so that the shares in each dimension are those of `targets`.
///
/// `respondents` has, for each respondent, the place of their category in each dimension, or none if it is not known: such a
/// respondent counts in the other dimensions only. `targets` has, for each dimension, the share of each category.
pub fn rake(respondents: &[Vec<Option<usize>>], targets: &[Vec<f64>], options: &Options) -> Result<Raked, Error> {
    let mut kinds = Kinds::new(respondents, targets)?;
    let (mut rounds, mut gap) = (0, f64::INFINITY);
    while rounds < options.rounds && gap > options.tolerance {
        rounds += 1;
        let before = gap;
        for (dimension, target) in targets.iter().enumerate() {
            kinds.fit(dimension, target);
        }
        kinds.trim(options.trim);
        gap = kinds.largest_gap(targets);
        // Trimming and fitting may settle at some distance, and so may shares that cannot be had together.
        if (before - gap).abs() <= options.tolerance * 1e-3 {
            break;
        }
    }
    let most = kinds.most_allowed(options.trim);
    let trimmed =
        kinds.all.iter().filter(|kind| kind.weight >= most * (1.0 - 1e-9)).map(|kind| kind.respondents.len()).sum();
    if gap > APART && trimmed == 0 {
        return Err(Error::Apart);
    }
    Ok(kinds.raked(respondents.len(), rounds, gap, options.tolerance, trimmed))
}

/// Respondents who are alike in every dimension, and so have the same weight.
struct Kind {
    categories: Vec<Option<usize>>,
    respondents: Vec<usize>,
    people: f64,
    weight: f64,
}

struct Kinds {
    all: Vec<Kind>,
    people: f64,
}

impl Kinds {
    #[expect(clippy::cast_precision_loss, reason = "there are not 2^53 respondents")]
    fn new(respondents: &[Vec<Option<usize>>], targets: &[Vec<f64>]) -> Result<Kinds, Error> {
        let mut alike: BTreeMap<&[Option<usize>], Vec<usize>> = BTreeMap::new();
        for (place, categories) in respondents.iter().enumerate() {
            alike.entry(categories).or_default().push(place);
        }
        for (dimension, target) in targets.iter().enumerate() {
            let of = |kind: &&[Option<usize>]| kind.get(dimension).copied().flatten();
            if !alike.keys().any(|kind| of(kind).is_some()) {
                return Err(Error::Nobody);
            }
            let is_empty = |category: &usize| !alike.keys().any(|kind| of(kind) == Some(*category));
            let wanted = target.iter().enumerate().filter(|(_, share)| **share > 0.0).map(|(category, _)| category);
            if let Some(category) = wanted.into_iter().find(is_empty) {
                return Err(Error::Empty { dimension, category });
            }
        }
        let kind = |(categories, respondents): (&[Option<usize>], Vec<usize>)| Kind {
            categories: categories.to_vec(),
            people: respondents.len() as f64,
            respondents,
            weight: 1.0,
        };
        Ok(Kinds { all: alike.into_iter().map(kind).collect(), people: respondents.len() as f64 })
    }

    /// The weight of each category of a dimension, of `categories` that there are.
    fn weighted(&self, dimension: usize, categories: usize) -> Vec<f64> {
        let mut sums = vec![0.0; categories];
        for kind in &self.all {
            let sum = kind.categories.get(dimension).copied().flatten().and_then(|category| sums.get_mut(category));
            if let Some(sum) = sum {
                *sum += kind.weight * kind.people;
            }
        }
        sums
    }

    /// Gives the categories of one dimension their shares; what the known weigh together stays as it is.
    fn fit(&mut self, dimension: usize, target: &[f64]) {
        let sums = self.weighted(dimension, target.len());
        let known: f64 = sums.iter().sum();
        let factors: Vec<f64> =
            sums.iter().zip(target).map(|(sum, share)| if *sum > 0.0 { known * share / sum } else { 1.0 }).collect();
        for kind in &mut self.all {
            let factor = kind.categories.get(dimension).copied().flatten().and_then(|category| factors.get(category));
            kind.weight *= factor.unwrap_or(&1.0);
        }
    }

    fn mean(&self) -> f64 {
        self.all.iter().map(|kind| kind.weight * kind.people).sum::<f64>() / self.people
    }

    fn most_allowed(&self, trim: f64) -> f64 {
        self.mean() * trim.max(1.0)
    }

    /// Cuts what is too large, until nothing is: each cut makes the mean smaller.
    fn trim(&mut self, trim: f64) {
        for _ in 0..1000 {
            let most = self.most_allowed(trim);
            if self.all.iter().all(|kind| kind.weight <= most * (1.0 + 1e-12)) {
                return;
            }
            self.all.iter_mut().for_each(|kind| kind.weight = kind.weight.min(most));
        }
    }

    fn largest_gap(&self, targets: &[Vec<f64>]) -> f64 {
        let gaps = targets.iter().enumerate().flat_map(|(dimension, target)| {
            let sums = self.weighted(dimension, target.len());
            let known: f64 = sums.iter().sum();
            sums.into_iter().zip(target).map(move |(sum, share)| (sum / known - share).abs())
        });
        gaps.fold(0.0, f64::max)
    }

    fn raked(&self, respondents: usize, rounds: usize, gap: f64, tolerance: f64, trimmed: usize) -> Raked {
        let mean = self.mean();
        let mut weights = vec![0.0; respondents];
        for kind in &self.all {
            for place in &kind.respondents {
                if let Some(weight) = weights.get_mut(*place) {
                    *weight = kind.weight / mean;
                }
            }
        }
        let squares: f64 = self.all.iter().map(|kind| kind.people * (kind.weight / mean).powi(2)).sum();
        let design_effect = squares / self.people;
        let effective = self.people / design_effect;
        Raked { weights, rounds, converged: gap <= tolerance, largest_gap: gap, trimmed, design_effect, effective }
    }
}
