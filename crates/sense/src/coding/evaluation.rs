//! How well codes are assigned, against codings by people that were not learnt from.
//!
//! Intervals: B. Efron, “Better bootstrap confidence intervals”, 1987, in the plain form: texts are drawn again with replacement,
//! and of the figures of all draws the middle 95 % are kept.

use rayon::prelude::*;
use serde::Serialize;

use super::{Code, Example, FOLDS, Features, learn, score};
use crate::chance::Chance;

/// Draws for the intervals.
const DRAWS: u64 = 1_000;

/// A figure and the interval that holds the true one in 95 of 100 cases. Nothing where it is 0 divided by 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The figure itself.
    pub value: Option<f64>,
    /// Its lower end.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// Precision: of the codes assigned, the share that people gave. Recall: of those that people gave, the share assigned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// How often people gave the code.
    pub given: usize,
    /// How often it was assigned.
    pub assigned: usize,
    /// Of those assigned, how many are right.
    pub precision: Figure,
    /// Of those given, how many were assigned.
    pub recall: Figure,
    /// The harmonic mean of both.
    pub f1: Figure,
}

/// How well it went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Texts with codings that were held back.
    pub texts: usize,
    /// Texts for which it could not say anything.
    pub abstained: usize,
    /// Over all codings.
    pub micro: Figures,
    /// The mean over codes that have the figure.
    pub macro_mean: Figures,
    /// For each code, in the order of the codebook.
    pub codes: Vec<Figures>,
}

/// Counts for one code: given, assigned, both.
type Counts = [usize; 3];

/// Codes each fifth of `examples` by what is learnt from the others; or, if there are any, `held_back` by what is learnt from all.
pub fn evaluate(codes: &[Code], texts: &[&str], examples: &[Example], held_back: &[Example], seed: u64) -> Evaluation {
    let features = Features::of(codes, texts);
    let assigned: Vec<(&Example, Vec<usize>)> = if held_back.is_empty() {
        let part = |part: usize| {
            let split =
                |inside: bool| examples.iter().enumerate().filter(move |(place, _)| (place % FOLDS == part) == inside);
            let others: Vec<Example> = split(false).map(|(_, example)| example.clone()).collect();
            assign(&features, codes.len(), &others, &split(true).map(|(_, example)| example).collect::<Vec<_>>())
        };
        (0..FOLDS).flat_map(part).collect()
    } else {
        assign(&features, codes.len(), examples, &held_back.iter().collect::<Vec<_>>())
    };
    measure(codes.len(), &assigned, seed)
}

fn assign<'e>(
    features: &Features,
    codes: usize,
    known: &[Example],
    new: &[&'e Example],
) -> Vec<(&'e Example, Vec<usize>)> {
    let models = learn(features, codes, known);
    let code = |example: &&'e Example| {
        let scored = score(features, &models, example.text);
        (*example, scored.iter().filter(|one| one.assigned).map(|one| one.code).collect())
    };
    new.par_iter().map(code).collect()
}

fn measure(codes: usize, assigned: &[(&Example, Vec<usize>)], seed: u64) -> Evaluation {
    let whole = count(codes, assigned.iter());
    let draw = |number: u64| {
        let mut chance = Chance::new(seed, number);
        let drawn = (0..assigned.len()).filter_map(|_| assigned.get(chance.below(assigned.len())));
        rates(&count(codes, drawn))
    };
    let draws: Vec<Vec<[Option<f64>; 3]>> = (0..DRAWS).into_par_iter().map(draw).collect();
    let figures = |row: usize, [given, assigned, _]: Counts| {
        let [precision, recall, f1] = [0, 1, 2].map(|place| figure(rates(&whole)[row][place], &draws, row, place));
        Figures { given, assigned, precision, recall, f1 }
    };
    let total = whole.iter().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
    Evaluation {
        texts: assigned.len(),
        abstained: assigned.iter().filter(|(_, codes)| codes.is_empty()).count(),
        micro: figures(codes, total),
        macro_mean: figures(codes + 1, total),
        codes: whole.iter().enumerate().map(|(row, counts)| figures(row, *counts)).collect(),
    }
}

fn count<'a>(codes: usize, assigned: impl Iterator<Item = &'a (&'a Example, Vec<usize>)>) -> Vec<Counts> {
    let mut counts = vec![[0; 3]; codes];
    for (example, codes) in assigned {
        example.codes.iter().for_each(|code| counts[*code][0] += 1);
        codes.iter().for_each(|code| counts[*code][1] += 1);
        codes.iter().filter(|code| example.codes.contains(code)).for_each(|code| counts[*code][2] += 1);
    }
    counts
}

/// Precision, recall and F1 of each code, then over all codings, then the means over codes.
fn rates(counts: &[Counts]) -> Vec<[Option<f64>; 3]> {
    let rate = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let of =
        |[given, assigned, both]: Counts| [rate(both, assigned), rate(both, given), rate(2 * both, given + assigned)];
    let mut rates: Vec<[Option<f64>; 3]> = counts.iter().map(|counts| of(*counts)).collect();
    let total = counts.iter().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
    let means = [0, 1, 2].map(|place| {
        let known: Vec<f64> = rates.iter().filter_map(|rates| rates[place]).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    });
    rates.extend([of(total), means]);
    rates
}

fn figure(value: Option<f64>, draws: &[Vec<[Option<f64>; 3]>], row: usize, place: usize) -> Figure {
    let mut drawn: Vec<f64> = draws.iter().filter_map(|rates| rates[row][place]).collect();
    drawn.sort_by(f64::total_cmp);
    let at =
        |share: f64| drawn.get(((drawn.len() as f64 * share) as usize).min(drawn.len().saturating_sub(1))).copied();
    Figure { value, low: value.and(at(0.025)), high: value.and(at(0.975)) }
}
