//! From margins to probabilities, and the probability from which on a code is assigned.
//!
//! Literature: J. Platt, “Probabilistic outputs for support vector machines”, 1999, with two inputs and a prior on the slopes.

use super::regression::sigmoid;
use super::{Example, Features};

/// Codes with few examples have thresholds near one half: so many examples count for it.
const PRIOR: f64 = 10.0;
/// A slope's prior variance.
const SPREAD: f64 = 100.0;
/// Until something is learnt: cosines from 0.25 on make a code likelier than not.
const UNLEARNT: Calibration = Calibration { slopes: [0.0, 12.0], constant: -3.0 };
/// Codings that are needed to learn what likeness of wording means.
const ENOUGH: usize = 20;

/// Log odds: a constant, and a slope each for the margin and for the likeness to the code's wording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    slopes: [f64; 2],
    constant: f64,
}

impl Calibration {
    /// Fits the probability of `has`.
    pub fn of(inputs: &[[f64; 2]], has: &[bool]) -> Calibration {
        let mut fitted = Calibration { slopes: [1.0, 0.0], constant: 0.0 };
        for _ in 0..20 {
            fitted = fitted.step(inputs, has);
        }
        fitted
    }

    /// What likeness to a code's wording means, learnt from all codes together.
    pub fn of_wording(features: &Features, codes: usize, examples: &[Example]) -> Calibration {
        let mut inputs = Vec::new();
        let mut has = Vec::new();
        for example in examples {
            for code in 0..codes {
                inputs.push([0.0, features.alike(example.text, code)]);
                has.push(example.codes.binary_search(&code).is_ok());
            }
        }
        let coded = has.iter().filter(|has| **has).count();
        let fitted = if coded < ENOUGH { UNLEARNT } else { Calibration::of(&inputs, &has) };
        // Where likeness speaks against codes, the wording is of no use to tell by.
        if fitted.slopes[1] > 0.0 { fitted } else { UNLEARNT }
    }

    /// The probability of the code.
    pub fn probability(&self, [margin, alike]: [f64; 2]) -> f64 {
        sigmoid(self.constant + self.slopes[0] * margin + self.slopes[1] * alike)
    }

    /// One step of Newton's method on three unknowns.
    fn step(self, inputs: &[[f64; 2]], has: &[bool]) -> Calibration {
        let now = [self.slopes[0], self.slopes[1], self.constant];
        let mut gradient = now.map(|value| value / SPREAD);
        let mut hessian = [[0.0; 3]; 3];
        (0..3).for_each(|place| hessian[place][place] = 1.0 / SPREAD);
        for (input, has) in inputs.iter().zip(has) {
            let probability = self.probability(*input);
            let error = probability - f64::from(u8::from(*has));
            let curvature = (probability * (1.0 - probability)).max(1e-9);
            let row = [input[0], input[1], 1.0];
            for one in 0..3 {
                gradient[one] += error * row[one];
                (0..3).for_each(|other| hessian[one][other] += curvature * row[one] * row[other]);
            }
        }
        let step = solve(hessian, gradient);
        // A step is bounded, so that a bad start cannot throw it far off.
        let [margin, alike, constant] = [0, 1, 2].map(|place| now[place] - step[place].clamp(-5.0, 5.0));
        Calibration { slopes: [margin, alike], constant }
    }
}

/// Gaussian elimination; the matrix is positive definite.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        for row in pivot + 1..3 {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            (pivot..3).for_each(|column| matrix[row][column] -= factor * matrix[pivot][column]);
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

/// The threshold with the best F1 on texts that were not learnt from, drawn towards one half where there are few.
pub(super) fn threshold(scores: &[f64], has: &[bool]) -> f64 {
    let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(has.iter().copied()).collect();
    order.sort_by(|one, other| other.0.total_cmp(&one.0));
    let positive = order.iter().filter(|(_, has)| *has).count() as f64;
    let (mut best, mut threshold, mut right) = (0.0, 0.5, 0.0);
    for (place, (score, has)) in order.iter().enumerate() {
        right += f64::from(u8::from(*has));
        let next = order.get(place + 1).map_or(0.0, |next| next.0);
        let f1 = 2.0 * right / ((place + 1) as f64 + positive);
        if f1 > best && next < *score {
            (best, threshold) = (f1, f64::midpoint(*score, next));
        }
    }
    (threshold * positive + 0.5 * PRIOR) / (positive + PRIOR)
}
