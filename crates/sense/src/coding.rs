//! Codes new texts as people coded others, and says when it cannot.
//!
//! One regression for each code on the terms of the texts ([`regression`]); its scores become probabilities, and a threshold is
//! found, on texts that it has not learnt from ([`calibration`]). A code with few examples goes by the wording of the codebook.
//! [`evaluation`] measures the same on codings that were held back.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of texts are far below 2^53"
)]

mod calibration;
mod evaluation;
mod regression;

use rayon::prelude::*;
use serde::Serialize;

use crate::themes::sparse::Sparse;
use crate::themes::terms::Terms;
use calibration::Calibration;
use regression::Regression;

pub use evaluation::{Evaluation, Figure, Figures, evaluate};

/// A code with fewer examples goes by its wording.
pub const FEW: usize = 5;
/// Parts of the examples, each of which is scored by what was learnt from the others.
const FOLDS: usize = 5;

/// A code of the codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its name in tables.
    pub id: String,
    /// Label, description and example phrases.
    pub wording: Vec<String>,
}

/// A text that people coded: its place among the texts, and its codes by place in the codebook, sorted. None is a coding too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The text.
    pub text: usize,
    /// The codes.
    pub codes: Vec<usize>,
}

/// How a code is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// By what was learnt from examples.
    Examples,
    /// By the wording of the codebook, as there are few examples.
    Wording,
}

/// What is known of a code after learning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Learnt {
    /// Examples that have it.
    pub examples: usize,
    /// How it is decided.
    pub basis: Basis,
    /// It is assigned from this score on.
    pub threshold: f64,
}

/// A code of a text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scored {
    /// Its place in the codebook.
    pub code: usize,
    /// How likely it is, from 0 to 1.
    pub score: f64,
    /// Whether the score reaches the code's threshold.
    pub assigned: bool,
}

/// What was learnt, and the texts in terms.
pub struct Coder {
    features: Features,
    models: Vec<Model>,
}

/// Texts and wordings in terms.
struct Features {
    texts: Sparse,
    /// For each text how like its words are to each code's.
    alike: Vec<Vec<f64>>,
    /// The terms of each code's own phrases: examples too.
    wording: Vec<Vec<(u32, f32)>>,
}

struct Model {
    regression: Option<Regression>,
    calibration: Calibration,
    learnt: Learnt,
}

impl Coder {
    /// Learns from `examples`, whose texts are among `texts`.
    pub fn learn(codes: &[Code], texts: &[&str], examples: &[Example]) -> Coder {
        let features = Features::of(codes, texts);
        let models = learn(&features, codes.len(), examples);
        Coder { features, models }
    }

    /// What was learnt about each code.
    pub fn learnt(&self) -> Vec<Learnt> {
        self.models.iter().map(|model| model.learnt).collect()
    }

    /// The codes of a text, the likeliest first. All that are assigned, and the likeliest in any case; none if the text has no
    /// word that is known.
    pub fn code(&self, text: usize) -> Vec<Scored> {
        score(&self.features, &self.models, text)
    }
}

impl Features {
    fn of(codes: &[Code], texts: &[&str]) -> Features {
        let phrases: Vec<String> = codes.iter().map(|code| code.wording.join(". ")).collect();
        let all: Vec<&str> = texts.iter().copied().chain(phrases.iter().map(String::as_str)).collect();
        let terms = Terms::of(&all);
        let mut rows = terms.weights.rows;
        let wording = rows.split_off(texts.len());
        let texts = Sparse::new(rows, terms.weights.columns);
        let alike = texts.rows.par_iter().map(|row| wording.iter().map(|other| cosine(row, other)).collect()).collect();
        Features { texts, alike, wording }
    }

    fn row(&self, text: usize) -> &[(u32, f32)] {
        self.texts.rows.get(text).map_or(&[], Vec::as_slice)
    }

    fn alike(&self, text: usize, code: usize) -> f64 {
        self.alike.get(text).and_then(|alike| alike.get(code)).copied().unwrap_or(0.0)
    }
}

fn cosine(one: &[(u32, f32)], other: &[(u32, f32)]) -> f64 {
    let its = |column: &u32| {
        other.binary_search_by_key(column, |(column, _)| *column).ok().and_then(|place| other.get(place))
    };
    one.iter().filter_map(|(column, weight)| its(column).map(|(_, other)| f64::from(weight * other))).sum()
}

/// Learns every code.
fn learn(features: &Features, codes: usize, examples: &[Example]) -> Vec<Model> {
    let has =
        |code: usize| -> Vec<bool> { examples.iter().map(|one| one.codes.binary_search(&code).is_ok()).collect() };
    let pooled = Calibration::of_wording(features, codes, examples);
    let learn = |code: usize| {
        let has = has(code);
        let count = has.iter().filter(|has| **has).count();
        if count < FEW || count == examples.len() {
            let learnt = Learnt { examples: count, basis: Basis::Wording, threshold: 0.5 };
            return Model { regression: None, calibration: pooled, learnt };
        }
        let margins = held_back(features, code, examples, &has);
        let calibration = Calibration::of(&margins, &has);
        let scores: Vec<f64> = margins.iter().map(|margin| calibration.probability(*margin)).collect();
        let threshold = calibration::threshold(&scores, &has);
        let all: Vec<usize> = (0..examples.len()).collect();
        let regression = Some(Regression::fit(features, code, examples, &has, &all));
        Model { regression, calibration, learnt: Learnt { examples: count, basis: Basis::Examples, threshold } }
    };
    (0..codes).into_par_iter().map(learn).collect()
}

/// The margin of each example, by what is learnt from the other parts of them.
fn held_back(features: &Features, code: usize, examples: &[Example], has: &[bool]) -> Vec<[f64; 2]> {
    let fold = folds(has);
    let mut margins = vec![[0.0; 2]; examples.len()];
    for part in 0..FOLDS {
        let others: Vec<usize> = (0..examples.len()).filter(|place| fold[*place] != part).collect();
        let regression = Regression::fit(features, code, examples, has, &others);
        for place in (0..examples.len()).filter(|place| fold[*place] == part) {
            let text = examples[place].text;
            margins[place] = [regression.margin(features.row(text)), features.alike(text, code)];
        }
    }
    margins
}

/// Deals out those with the code and those without, in turn.
fn folds(has: &[bool]) -> Vec<usize> {
    let mut dealt = [0, 0];
    let deal = |has: &bool| {
        let next = &mut dealt[usize::from(*has)];
        *next += 1;
        (*next - 1) % FOLDS
    };
    has.iter().map(deal).collect()
}

fn score(features: &Features, models: &[Model], text: usize) -> Vec<Scored> {
    let row = features.row(text);
    if row.is_empty() {
        return Vec::new();
    }
    let one = |(code, model): (usize, &Model)| {
        let margin = model.regression.as_ref().map_or(0.0, |regression| regression.margin(row));
        let score = model.calibration.probability([margin, features.alike(text, code)]);
        Scored { code, score, assigned: score >= model.learnt.threshold }
    };
    let mut scored: Vec<Scored> = models.iter().enumerate().map(one).collect();
    scored.sort_by(|one, other| {
        other.assigned.cmp(&one.assigned).then(other.score.total_cmp(&one.score)).then(one.code.cmp(&other.code))
    });
    let mut first = true;
    scored.retain(|one| std::mem::take(&mut first) || one.assigned);
    scored
}

#[cfg(test)]
mod tests;
