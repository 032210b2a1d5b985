//! How far coders agree, beyond what chance would give, and how sure that figure is.
//!
//! [`Codings`] holds who gave which codes to which unit (a contribution, a passage); [`Codings::agreement`] measures it,
//! [`audit`] says how many units a second person should code, and which. Formulas and literature: `docs/methods.md`.

pub mod audit;
mod coefficients;
mod collected;
mod patterns;

use rayon::prelude::*;
use serde::Serialize;

pub use self::collected::Collected;

use self::coefficients::Figures;
use self::patterns::Patterns;
use crate::chance::Chance;

/// Who gave which codes to which unit. Names are in alphabetical order, so that the order of the rows changes no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codings {
    /// The units that anybody coded.
    pub units: Vec<String>,
    /// Those who coded.
    pub coders: Vec<String>,
    /// Every code that anybody gave.
    pub codes: Vec<String>,
    /// Every combination of codes that was given to a unit: places in `codes`, ascending, never none.
    sets: Vec<Vec<usize>>,
    /// For each unit, who coded it, and with which of the `sets`; ascending by coder.
    given: Vec<Vec<(usize, usize)>>,
}

impl Codings {
    /// Takes rows of unit, coder and code. Several rows for the same unit and coder give it several codes.
    pub fn new<S: AsRef<str>>(rows: impl IntoIterator<Item = (S, S, S)>) -> Codings {
        let mut collected = Collected::default();
        for (unit, coder, code) in rows {
            collected.add(unit.as_ref(), coder.as_ref(), code.as_ref());
        }
        collected.codings()
    }

    /// Whether any coder gave several codes to one unit.
    pub fn is_multi_label(&self) -> bool {
        self.sets.iter().any(|set| set.len() > 1)
    }

    /// The units that only one person coded: nobody knows yet whether another would have done the same.
    pub fn coded_once(&self) -> Vec<&str> {
        let once = self.units.iter().zip(&self.given).filter(|(_, given)| given.len() == 1);
        once.map(|(unit, _)| unit.as_str()).collect()
    }

    /// Measures the agreement, with intervals that cover 95 % by drawing the units anew `resamples` times, from `seed`.
    ///
    /// Only units that two or more people coded say something about agreement; `None` if there is not one.
    pub fn agreement(&self, resamples: usize, seed: u64) -> Option<Agreement> {
        let patterns = Patterns::new(self);
        if patterns.units == 0 {
            return None;
        }
        let mut measured = coefficients::measure(&patterns, &patterns.weights);
        if self.is_multi_label() && measured.alpha_masi.is_none() {
            measured.alpha_masi = coefficients::alpha_masi(&patterns, &self.sets);
        }
        let drawn: Vec<Figures> = (0..resamples)
            .into_par_iter()
            .map(|resample| coefficients::measure(&patterns, &patterns.draw(&mut Chance::new(seed, resample as u64))))
            .collect();
        let estimate = |value: &dyn Fn(&Figures) -> Option<f64>| {
            Estimate::new(value(&measured), drawn.iter().filter_map(value).collect(), resamples)
        };
        let codes = self.codes.iter().enumerate().map(|(place, code)| CodeAgreement {
            code: code.clone(),
            codings: patterns.codings_with(place),
            agreement: estimate(&|figures| figures.codes.get(place)?.agreement),
            f1: estimate(&|figures| figures.codes.get(place)?.f1),
            alpha: estimate(&|figures| figures.codes.get(place)?.alpha),
        });
        Some(Agreement {
            units: self.units.len(),
            compared: patterns.units,
            agreement: estimate(&|figures| figures.agreement),
            cohen: estimate(&|figures| figures.cohen),
            fleiss: estimate(&|figures| figures.fleiss),
            alpha: estimate(&|figures| figures.alpha),
            alpha_masi: self.is_multi_label().then(|| estimate(&|figures| figures.alpha_masi)),
            pairs: coefficients::pairs(&patterns, self),
            codes: codes.collect(),
        })
    }
}

/// How far coders agree. All but the share of agreement are 1 where they always agree, and 0 where they agree as often as chance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// How many units anybody coded.
    pub units: usize,
    /// How many of them were coded by two people or more: all figures rest on these.
    pub compared: usize,
    /// Of all pairs of codings of the same unit, the share that are the same.
    pub agreement: Estimate,
    /// Cohen's kappa; for more than two coders the mean over all pairs of coders for whom it is defined.
    pub cohen: Estimate,
    /// Fleiss' kappa; where units were coded by different numbers of people in the form of Gwet.
    pub fleiss: Estimate,
    /// Krippendorff's alpha for nominal data: two combinations of codes are the same or not.
    pub alpha: Estimate,
    /// Krippendorff's alpha with the MASI distance between combinations of codes, where there are any.
    pub alpha_masi: Option<Estimate>,
    /// Every two coders with a unit in common.
    pub pairs: Vec<Pair>,
    /// Every code by itself.
    pub codes: Vec<CodeAgreement>,
}

/// How far two coders agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The two coders.
    pub coders: [String; 2],
    /// How many units both coded.
    pub units: usize,
    /// The share of them with the same codes.
    pub agreement: f64,
    /// Cohen's kappa; not defined where both gave one and the same code throughout.
    pub kappa: Option<f64>,
}

/// How far coders agree on where one code belongs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodeAgreement {
    /// The code.
    pub code: String,
    /// How many times it was given, to units that count.
    pub codings: usize,
    /// Of all pairs of codings of the same unit, the share where both have the code, or neither.
    pub agreement: Estimate,
    /// Of the codings with this code, the share that the other coder confirms. It is the F1 score, whichever of two coders is
    /// taken for the truth; over all pairs of coders together.
    pub f1: Estimate,
    /// Krippendorff's alpha for having the code or not.
    pub alpha: Estimate,
}

/// A figure and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure; not defined where chance could not have given anything else.
    pub value: Option<f64>,
    /// The middle 95 % of the figures of units drawn anew; none where fewer than 95 % of the draws had a
    /// figure, and for MASI with more than 2,000 combinations of codes.
    pub interval: Option<[f64; 2]>,
}

impl Estimate {
    /// From a value, and from what it was in those of the `resamples` draws where it was defined.
    fn new(value: Option<f64>, mut drawn: Vec<f64>, resamples: usize) -> Estimate {
        drawn.sort_by(f64::total_cmp);
        let enough = value.is_some() && resamples > 0 && drawn.len() * 100 >= resamples * 95;
        let interval = || Some([quantile(&drawn, 0.025)?, quantile(&drawn, 0.975)?]);
        Estimate { value, interval: if enough { interval() } else { None } }
    }
}

/// The quantile of ascending values, between them by a straight line (Hyndman and Fan 1996, type 7).
fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "there are not 2^53 values")]
    let place = (ascending.len().checked_sub(1)?) as f64 * share;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the place of a value")]
    let below = place.floor() as usize;
    let low = ascending.get(below)?;
    let high = ascending.get(below + 1).unwrap_or(low);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests;
