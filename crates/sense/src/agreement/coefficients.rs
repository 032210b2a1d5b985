//! The coefficients themselves, from how often each pattern of codings occurs.

use super::patterns::{Compared, Patterns, Similar, similar};
use super::{Codings, Pair};

/// All coefficients, for one weighting of the patterns; none where it is not defined.
pub(super) struct Figures {
    pub(super) agreement: Option<f64>,
    pub(super) cohen: Option<f64>,
    pub(super) fleiss: Option<f64>,
    pub(super) alpha: Option<f64>,
    pub(super) alpha_masi: Option<f64>,
    pub(super) codes: Vec<CodeFigures>,
}

/// The coefficients of one code.
pub(super) struct CodeFigures {
    pub(super) agreement: Option<f64>,
    pub(super) f1: Option<f64>,
    pub(super) alpha: Option<f64>,
}

/// Measures everything, where each pattern occurs as often as `weights` says.
pub(super) fn measure(patterns: &Patterns, weights: &[f64]) -> Figures {
    let sums = Sums::new(patterns, weights);
    let mut scratch = Scratch::new(patterns.sets);
    let kappas: Vec<f64> =
        patterns.pairs.values().filter_map(|compared| scratch.cohen(compared, weights).kappa()).collect();
    let codes = patterns.codes.iter().map(|occurs| sums.code(occurs, patterns, weights));
    Figures {
        agreement: ratio(sums.agreeing, sums.pairs),
        cohen: ratio(kappas.iter().sum(), count(kappas.len())),
        fleiss: sums.fleiss(),
        alpha: sums.alpha(),
        alpha_masi: patterns.similar.as_ref().and_then(|similar| sums.alpha_masi(similar.iter().copied())),
        codes: codes.collect(),
    }
}

/// Krippendorff's alpha with the MASI distance, without a list of similar combinations.
pub(super) fn alpha_masi(patterns: &Patterns, sets: &[Vec<usize>]) -> Option<f64> {
    Sums::new(patterns, &patterns.weights).alpha_masi(similar(sets))
}

/// Every two coders who meet, over all units.
pub(super) fn pairs(patterns: &Patterns, codings: &Codings) -> Vec<Pair> {
    let mut scratch = Scratch::new(patterns.sets);
    let pair = |((one, other), compared): (&(usize, usize), &Vec<Compared>)| {
        let table = scratch.cohen(compared, &patterns.weights);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of units")]
        Some(Pair {
            coders: [codings.coders.get(*one)?.clone(), codings.coders.get(*other)?.clone()],
            units: table.units as usize,
            agreement: ratio(table.agreeing, table.units)?,
            kappa: table.kappa(),
        })
    };
    patterns.pairs.iter().filter_map(pair).collect()
}

/// What the coefficients share, summed over all units.
struct Sums {
    /// Units.
    units: f64,
    /// Codings.
    codings: f64,
    /// Pairs of codings of the same unit, and those that are the same.
    pairs: f64,
    agreeing: f64,
    /// The mean over the units of the share of agreeing pairs, times the units.
    agreeing_by_unit: f64,
    /// For every unit, its disagreeing ordered pairs divided by its codings less one (Krippendorff's coincidences).
    disagreeing: f64,
    /// The same with MASI distances.
    distant: f64,
    /// For every combination of codes, how often it was given.
    given: Vec<f64>,
    /// The same, where each unit counts once.
    given_by_unit: Vec<f64>,
}

impl Sums {
    fn new(patterns: &Patterns, weights: &[f64]) -> Sums {
        let mut sums = Sums {
            units: 0.0,
            codings: 0.0,
            pairs: 0.0,
            agreeing: 0.0,
            agreeing_by_unit: 0.0,
            disagreeing: 0.0,
            distant: 0.0,
            given: vec![0.0; patterns.sets],
            given_by_unit: vec![0.0; patterns.sets],
        };
        for (pattern, weight) in patterns.all.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
            let coders = pattern.coders;
            let ordered = coders * (coders - 1.0);
            let same: f64 = pattern.counts.iter().map(|(_, count)| count * (count - 1.0)).sum();
            sums.units += weight;
            sums.codings += weight * coders;
            sums.pairs += weight * ordered;
            sums.agreeing += weight * same;
            sums.agreeing_by_unit += weight * same / ordered;
            sums.disagreeing += weight * (ordered - same) / (coders - 1.0);
            sums.distant += weight * pattern.masi / (coders - 1.0);
            for (set, count) in &pattern.counts {
                add(&mut sums.given, *set, weight * count);
                add(&mut sums.given_by_unit, *set, weight * count / coders);
            }
        }
        sums
    }

    /// Fleiss 1971, equations 1 to 7; with different numbers of coders Gwet 2014, section 2.
    fn fleiss(&self) -> Option<f64> {
        let by_chance = self.given_by_unit.iter().map(|given| (given / self.units).powi(2)).sum();
        beyond_chance(self.agreeing_by_unit / self.units, by_chance)
    }

    /// Krippendorff 2019, section 12.3: 1 less observed by expected disagreement.
    fn alpha(&self) -> Option<f64> {
        let squares: f64 = self.given.iter().map(|given| given * given).sum();
        self.one_less(self.disagreeing, self.codings * self.codings - squares)
    }

    fn alpha_masi(&self, similar: impl Iterator<Item = Similar>) -> Option<f64> {
        let squares: f64 = self.given.iter().map(|given| given * given).sum();
        let given = |set: usize| self.given.get(set).copied().unwrap_or_default();
        let alike: f64 = similar.map(|(one, other, alike)| 2.0 * given(one) * given(other) * alike).sum();
        self.one_less(self.distant, self.codings * self.codings - squares - alike)
    }

    /// Of having a code or not; `occurs` are the patterns with it, and how many gave it there.
    fn code(&self, occurs: &[(usize, f64)], patterns: &Patterns, weights: &[f64]) -> CodeFigures {
        let (mut given, mut both, mut one, mut disagreeing) = (0.0, 0.0, 0.0, 0.0);
        for (pattern, with) in occurs {
            let (Some(pattern), Some(weight)) = (patterns.all.get(*pattern), weights.get(*pattern)) else { continue };
            let without = pattern.coders - with;
            given += weight * with;
            both += weight * with * (with - 1.0);
            one += weight * 2.0 * with * without;
            disagreeing += weight * 2.0 * with * without / (pattern.coders - 1.0);
        }
        CodeFigures {
            agreement: ratio(self.pairs - one, self.pairs),
            f1: ratio(2.0 * both, 2.0 * both + one),
            alpha: self.one_less(disagreeing, 2.0 * given * (self.codings - given)),
        }
    }

    fn one_less(&self, observed: f64, expected: f64) -> Option<f64> {
        ratio(observed * (self.codings - 1.0), expected).map(|disagreement| 1.0 - disagreement)
    }
}

/// How two coders coded the units that they share.
struct Table {
    units: f64,
    agreeing: f64,
    /// The sum over all combinations of how often one gave it, times how often the other did.
    products: f64,
}

impl Table {
    /// Cohen 1960.
    fn kappa(&self) -> Option<f64> {
        beyond_chance(ratio(self.agreeing, self.units)?, self.products / (self.units * self.units))
    }
}

/// Room for counting the combinations of two coders.
struct Scratch([Vec<f64>; 2]);

impl Scratch {
    fn new(sets: usize) -> Scratch {
        Scratch([vec![0.0; sets], vec![0.0; sets]])
    }

    fn cohen(&mut self, compared: &[Compared], weights: &[f64]) -> Table {
        let mut table = Table { units: 0.0, agreeing: 0.0, products: 0.0 };
        for Compared { pattern, sets: [one, other] } in compared {
            let weight = weights.get(*pattern).copied().unwrap_or_default();
            table.units += weight;
            table.agreeing += if one == other { weight } else { 0.0 };
            add(&mut self.0[0], *one, weight);
            add(&mut self.0[1], *other, weight);
        }
        // Every combination is counted once, and left at nought for the next pair.
        for set in compared.iter().flat_map(|compared| compared.sets) {
            let [one, other] = &mut self.0;
            if let (Some(one), Some(other)) = (one.get_mut(set), other.get_mut(set)) {
                table.products += std::mem::take(one) * std::mem::take(other);
            }
        }
        table
    }
}

/// (observed − expected) / (1 − expected): not defined where nothing but agreement was to be expected.
fn beyond_chance(observed: f64, expected: f64) -> Option<f64> {
    ratio(observed - expected, 1.0 - expected)
}

/// Not defined where the whole is nought, but for the error of rounding.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole.abs() > 1e-12).then(|| part / whole)
}

fn add(values: &mut [f64], place: usize, more: f64) {
    if let Some(value) = values.get_mut(place) {
        *value += more;
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are not 2^53 of anything")]
fn count(things: usize) -> f64 {
    things as f64
}
