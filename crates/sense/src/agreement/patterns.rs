//! Units that were coded alike, taken together: all coefficients depend only on how often each pattern occurs, so that drawing
//! the units anew a thousand times costs little even for a million of them.

use std::collections::BTreeMap;

use super::Codings;
use crate::chance::Chance;

/// With more combinations of codes than this, the interval of alpha by MASI would take minutes, and is left out.
const MOST_SETS: usize = 2000;

/// Two combinations of codes and their similarity.
pub(super) type Similar = (usize, usize, f64);

/// All patterns, and what the coefficients need to know of each.
pub(super) struct Patterns {
    /// How many units were coded by two people or more.
    pub(super) units: usize,
    /// How many of them have each pattern.
    pub(super) weights: Vec<f64>,
    /// The patterns.
    pub(super) all: Vec<Pattern>,
    /// How many combinations of codes there are.
    pub(super) sets: usize,
    /// For each code, the patterns in which it occurs, and how many of their coders gave it.
    pub(super) codes: Vec<Vec<(usize, f64)>>,
    /// For every two coders in ascending order, where both coded, and with which combination each.
    pub(super) pairs: BTreeMap<(usize, usize), Vec<Compared>>,
    /// Every two combinations that share a code, and their MASI similarity (below 1), for drawing the units anew; only where
    /// codes are combined, in at most [`MOST_SETS`] ways.
    pub(super) similar: Option<Vec<Similar>>,
    /// The pattern of each unit.
    pattern_of: Vec<usize>,
}

/// The codings that any number of units have.
pub(super) struct Pattern {
    /// How many people coded.
    pub(super) coders: f64,
    /// Each combination that was given, and how many people gave it.
    pub(super) counts: Vec<(usize, f64)>,
    /// The sum of the MASI distances between all ordered pairs of its codings.
    pub(super) masi: f64,
}

/// A pattern in which two coders meet.
pub(super) struct Compared {
    pub(super) pattern: usize,
    pub(super) sets: [usize; 2],
}

impl Patterns {
    pub(super) fn new(codings: &Codings) -> Patterns {
        let mut distinct: BTreeMap<&[(usize, usize)], usize> = BTreeMap::new();
        for given in codings.given.iter().filter(|given| given.len() > 1) {
            distinct.insert(given, 0);
        }
        for (place, number) in distinct.values_mut().enumerate() {
            *number = place;
        }
        let pattern_of: Vec<usize> =
            codings.given.iter().filter_map(|given| distinct.get(given.as_slice()).copied()).collect();
        let mut patterns = Patterns {
            units: pattern_of.len(),
            weights: vec![0.0; distinct.len()],
            all: Vec::new(),
            sets: codings.sets.len(),
            codes: vec![Vec::new(); codings.codes.len()],
            pairs: BTreeMap::new(),
            similar: (codings.is_multi_label() && codings.sets.len() <= MOST_SETS)
                .then(|| similar(&codings.sets).collect()),
            pattern_of,
        };
        for pattern in &patterns.pattern_of {
            if let Some(weight) = patterns.weights.get_mut(*pattern) {
                *weight += 1.0;
            }
        }
        for given in distinct.keys() {
            patterns.add(given, &codings.sets);
        }
        patterns
    }

    fn add(&mut self, given: &[(usize, usize)], sets: &[Vec<usize>]) {
        let pattern = self.all.len();
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        let mut codes: BTreeMap<usize, f64> = BTreeMap::new();
        for (place, (coder, set)) in given.iter().enumerate() {
            *counts.entry(*set).or_default() += 1.0;
            for code in sets.get(*set).into_iter().flatten() {
                *codes.entry(*code).or_default() += 1.0;
            }
            for (other, other_set) in given.iter().skip(place + 1) {
                self.pairs.entry((*coder, *other)).or_default().push(Compared { pattern, sets: [*set, *other_set] });
            }
        }
        for (code, coders) in codes {
            if let Some(patterns) = self.codes.get_mut(code) {
                patterns.push((pattern, coders));
            }
        }
        let counts: Vec<(usize, f64)> = counts.into_iter().collect();
        let distance = |one: &usize, other: &usize| match (sets.get(*one), sets.get(*other)) {
            (Some(one), Some(other)) => 1.0 - masi(one, other),
            _ => 0.0,
        };
        let pairs = counts.iter().flat_map(|one| counts.iter().map(move |other| (one, other)));
        let masi = pairs.map(|((one, times), (other, others))| times * others * distance(one, other)).sum();
        self.all.push(Pattern { coders: counts.iter().map(|(_, count)| count).sum(), counts, masi });
    }

    /// How often each pattern occurs among as many units drawn from all of them, with replacement.
    pub(super) fn draw(&self, chance: &mut Chance) -> Vec<f64> {
        let mut weights = vec![0.0; self.all.len()];
        for _ in 0..self.units {
            let drawn = self.pattern_of.get(chance.below(self.units));
            if let Some(weight) = drawn.and_then(|pattern| weights.get_mut(*pattern)) {
                *weight += 1.0;
            }
        }
        weights
    }

    /// How many times a code was given.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of codings")]
    pub(super) fn codings_with(&self, code: usize) -> usize {
        let patterns = self.codes.get(code).into_iter().flatten();
        patterns.map(|(pattern, coders)| coders * self.weights.get(*pattern).unwrap_or(&0.0)).sum::<f64>() as usize
    }
}

/// Every two combinations that are not the same and share a code.
pub(super) fn similar(sets: &[Vec<usize>]) -> impl Iterator<Item = Similar> {
    let pairs = sets.iter().enumerate().flat_map(|(place, one)| {
        let after = sets.iter().enumerate().skip(place + 1);
        after.map(move |(other_place, other)| (place, other_place, masi(one, other)))
    });
    pairs.filter(|(_, _, similarity)| *similarity > 0.0)
}

/// The similarity of two ascending sets: their Jaccard index, times 1 if they are equal, 2/3 if one contains the other, and 1/3
/// if they only overlap (Passonneau 2006, Measuring agreement on set-valued items). Its distance is 1 less this.
#[expect(clippy::cast_precision_loss, reason = "sets of codes are small")]
fn masi(one: &[usize], other: &[usize]) -> f64 {
    let shared = one.iter().filter(|code| other.binary_search(code).is_ok()).count();
    let all = one.len() + other.len() - shared;
    let monotonicity = match shared {
        0 => return 0.0,
        _ if shared == all => return 1.0,
        _ if shared == one.len().min(other.len()) => 2.0 / 3.0,
        _ => 1.0 / 3.0,
    };
    monotonicity * shared as f64 / all as f64
}
