//! Logistic regression on weighted terms, with a penalty on large weights.
//!
//! Newton's method with conjugate gradients: C.-J. Lin, R. Weng and S. Keerthi, “Trust region Newton method for large-scale
//! logistic regression”, 2008, with halved steps in the place of the trust region.

use super::{Example, Features};

/// What one example weighs against the penalty ½|w|² (the C of the literature).
const WEIGHT: f64 = 10.0;
const NEWTON_STEPS: usize = 12;
const GRADIENT_STEPS: usize = 20;

/// Weights of terms, and of none.
pub(super) struct Regression {
    weights: Vec<f64>,
    constant: f64,
}

/// What is learnt from: rows, whether each has the code, and how much each counts.
struct Data<'a> {
    rows: Vec<&'a [(u32, f32)]>,
    signs: Vec<f64>,
}

impl Regression {
    /// Learns `code` from those `examples` whose places are in `among`, and from the code's wording.
    pub fn fit(features: &Features, code: usize, examples: &[Example], has: &[bool], among: &[usize]) -> Regression {
        let sign = |has: bool| if has { 1.0 } else { -1.0 };
        let mut data = Data { rows: Vec::new(), signs: Vec::new() };
        for place in among {
            let (Some(example), Some(has)) = (examples.get(*place), has.get(*place)) else { continue };
            data.rows.push(features.row(example.text));
            data.signs.push(sign(*has));
        }
        for (other, wording) in features.wording.iter().enumerate() {
            data.rows.push(wording);
            data.signs.push(sign(other == code));
        }
        data.solve(features.texts.columns)
    }

    /// The log odds of the code, before calibration.
    pub fn margin(&self, row: &[(u32, f32)]) -> f64 {
        self.constant + product(row, &self.weights)
    }
}

fn product(row: &[(u32, f32)], weights: &[f64]) -> f64 {
    row.iter().map(|(column, weight)| f64::from(*weight) * weights.get(*column as usize).unwrap_or(&0.0)).sum()
}

fn add(into: &mut [f64], row: &[(u32, f32)], factor: f64) {
    for (column, weight) in row {
        if let Some(value) = into.get_mut(*column as usize) {
            *value += factor * f64::from(*weight);
        }
    }
}

/// The same where the constant, which is the last, has a weight of 1 in every row.
fn spread(into: &mut [f64], row: &[(u32, f32)], factor: f64) {
    add(into, row, factor);
    if let Some(constant) = into.last_mut() {
        *constant += factor;
    }
}

/// ln(1 + exp(−x)), for any x.
fn softplus(x: f64) -> f64 {
    if x > 0.0 { libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) - x }
}

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x.clamp(-700.0, 700.0)))
}

impl Data<'_> {
    /// The last weight is the constant. It has the same penalty, which at this `WEIGHT` is next to none.
    fn solve(&self, columns: usize) -> Regression {
        let mut weights = vec![0.0; columns + 1];
        let mut value = self.value(&weights);
        for _ in 0..NEWTON_STEPS {
            let margins = self.margins(&weights);
            let gradient = self.gradient(&weights, &margins);
            let step = self.newton(&gradient, &margins);
            let slope: f64 = step.iter().zip(&gradient).map(|(step, gradient)| step * gradient).sum();
            let mut length = 1.0;
            let better = loop {
                let tried: Vec<f64> = weights.iter().zip(&step).map(|(weight, step)| weight + length * step).collect();
                let new = self.value(&tried);
                if new <= value + 1e-4 * length * slope || length < 1e-6 {
                    break (tried, new);
                }
                length /= 2.0;
            };
            let gained = value - better.1;
            if gained > 0.0 {
                (weights, value) = better;
            }
            if gained <= 1e-6 * value.abs() {
                break;
            }
        }
        let constant = weights.pop().unwrap_or(0.0);
        Regression { weights, constant }
    }

    fn margins(&self, weights: &[f64]) -> Vec<f64> {
        let constant = weights.last().copied().unwrap_or(0.0);
        self.rows.iter().map(|row| constant + product(row, weights)).collect()
    }

    fn value(&self, weights: &[f64]) -> f64 {
        let penalty: f64 = weights.iter().map(|weight| weight * weight).sum::<f64>() / 2.0;
        let loss =
            self.margins(weights).iter().zip(&self.signs).map(|(margin, sign)| softplus(margin * sign)).sum::<f64>();
        penalty + WEIGHT * loss
    }

    fn gradient(&self, weights: &[f64], margins: &[f64]) -> Vec<f64> {
        let mut gradient = weights.to_vec();
        for ((row, sign), margin) in self.rows.iter().zip(&self.signs).zip(margins) {
            let pull = -WEIGHT * sign * sigmoid(-margin * sign);
            spread(&mut gradient, row, pull);
        }
        gradient
    }

    /// Solves (Hessian) × step = −gradient by conjugate gradients.
    fn newton(&self, gradient: &[f64], margins: &[f64]) -> Vec<f64> {
        let curvature: Vec<f64> = margins.iter().map(|margin| WEIGHT * sigmoid(*margin) * sigmoid(-margin)).collect();
        let mut step = vec![0.0; gradient.len()];
        let mut residual: Vec<f64> = gradient.iter().map(|value| -value).collect();
        let mut direction = residual.clone();
        let mut left: f64 = residual.iter().map(|value| value * value).sum();
        let enough = left * 1e-4;
        for _ in 0..GRADIENT_STEPS {
            if left <= enough || left <= f64::MIN_POSITIVE {
                break;
            }
            let bent = self.bend(&direction, &curvature);
            let along: f64 = bent.iter().zip(&direction).map(|(bent, direction)| bent * direction).sum();
            let length = left / along.max(f64::MIN_POSITIVE);
            step.iter_mut().zip(&direction).for_each(|(step, direction)| *step += length * direction);
            residual.iter_mut().zip(&bent).for_each(|(residual, bent)| *residual -= length * bent);
            let now: f64 = residual.iter().map(|value| value * value).sum();
            direction
                .iter_mut()
                .zip(&residual)
                .for_each(|(direction, residual)| *direction = residual + now / left * *direction);
            left = now;
        }
        step
    }

    /// The Hessian times `direction`.
    fn bend(&self, direction: &[f64], curvature: &[f64]) -> Vec<f64> {
        let mut bent = direction.to_vec();
        let constant = direction.last().copied().unwrap_or(0.0);
        for (row, curvature) in self.rows.iter().zip(curvature) {
            spread(&mut bent, row, curvature * (product(row, direction) + constant));
        }
        bent
    }
}
