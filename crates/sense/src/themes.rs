//! What texts are about, without anybody saying it first.
//!
//! Texts become weighted terms ([`terms`]), those become short vectors which take over from their neighbours ([`space`]), those
//! are grouped ([`cluster`]) and the groups described in people's own words ([`describe`]). The same texts give the same themes,
//! to the bit, in whatever order they come.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of texts are far below 2^53, and weights need no more digits than f32 has"
)]

pub(crate) mod cluster;
mod describe;
mod fit;
pub(crate) mod language;
pub mod model;
pub(crate) mod space;
pub(crate) mod sparse;
pub(crate) mod terms;
mod tree;

use rayon::prelude::*;
use serde::Serialize;

pub use describe::{Quote, Term};
pub use model::{Model, ModelError};
pub use tree::Merger;

use fit::Fitted;
use language::Languages;
use sparse::{Dense, Sparse, dot};
use terms::Terms;

/// A text belongs to a theme, beside its main one, from this score on.
const BELONGS: f32 = 0.2;
/// Quotes of each kind.
const QUOTES: usize = 3;
/// Other themes that are named as near.
const NEAR: usize = 3;

/// A text and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document<'a> {
    /// What it says.
    pub text: &'a str,
    /// Its name, which no other has.
    pub id: &'a str,
}

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Options {
    /// How many themes; by itself if none.
    pub themes: Option<usize>,
    /// Where chance begins.
    pub seed: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Themes {
    /// The themes, the largest first.
    pub themes: Vec<Theme>,
    /// Which themes become one, and in which order, when fewer are wanted.
    pub tree: Vec<Merger>,
    /// The languages of the texts, with the number of texts.
    pub languages: Vec<(&'static str, usize)>,
    /// How many texts have no theme, as they have no words in common with others.
    pub without: usize,
    /// How clearly each text belongs to its theme rather than to the next, on average: silhouette, from −1 to 1.
    pub clarity: f64,
    /// For each text, in the order in which they came: its themes, the main one first. Empty if it has none.
    #[serde(skip)]
    pub assignments: Vec<Vec<Assigned>>,
}

/// One theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Theme {
    /// Its place among the themes, from 1.
    pub theme: usize,
    /// A few words that tell it from the others.
    pub label: String,
    /// The terms that tell it from the others, the most telling first.
    pub terms: Vec<Term>,
    /// Texts of which it is the main theme.
    pub size: usize,
    /// Further texts that belong to it too.
    pub also: usize,
    /// What most of its texts say.
    pub representative: Vec<Quote>,
    /// What is said by those of its texts that are least like the others.
    pub dissenting: Vec<Quote>,
    /// The themes that are nearest, the nearest first.
    pub near: Vec<usize>,
}

/// A text's part in a theme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Assigned {
    /// The theme, from 1.
    pub theme: usize,
    /// How sure it is, from 0 to 1: the scores of all themes for one text sum to 1.
    pub score: f32,
}

/// Finds the themes of `documents`: by their words, or by the vectors that `model` makes of them.
pub fn find(documents: &[Document], model: Option<&Model>, options: Options) -> Themes {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.par_sort_by_key(|place| documents.get(*place));
    let sorted: Vec<Document> = order.iter().filter_map(|place| documents.get(*place).copied()).collect();
    let texts: Vec<&str> = sorted.iter().map(|document| document.text).collect();
    let mut terms = Terms::of(&texts);
    let (vectors, sample, graph) = match model {
        None => by_words(&sorted, &terms.weights, options.seed),
        Some(model) => by_model(&sorted, &model.vectors(&texts), options.seed),
    };
    let fitted = fit::fit(&vectors, &sample, graph, options);
    let mut assigned = fitted.scores(&vectors);
    let themes = describe(&sorted, &mut terms, &fitted, &mut assigned);
    let mut assignments = vec![Vec::new(); documents.len()];
    let without = assigned.iter().filter(|themes| themes.is_empty()).count();
    order.into_iter().zip(assigned).for_each(|(place, themes)| assignments[place] = themes);
    Themes {
        tree: themes.1,
        themes: themes.0,
        languages: languages(&terms),
        without,
        clarity: fitted.clarity,
        assignments,
    }
}

/// A vector for each text, the texts among which themes are found, and which of those are near each other.
fn by_words(documents: &[Document], weights: &Sparse, seed: u64) -> (Dense, Vec<usize>, Sparse) {
    let mut vectors = weights.times(&space::base(weights, space::OF_TERMS, seed));
    vectors.normalise();
    let sample = fit::sample(documents, &vectors);
    let rows = sample.iter().filter_map(|place| weights.rows.get(*place).cloned()).collect();
    let graph = space::neighbours(&Sparse::new(rows, weights.columns));
    (vectors, sample, graph)
}

/// The same, from a model's vectors.
fn by_model(documents: &[Document], vectors: &Dense, seed: u64) -> (Dense, Vec<usize>, Sparse) {
    let reduced = space::reduce(vectors, &fit::sample(documents, vectors), seed);
    let sample = fit::sample(documents, &reduced);
    let graph = space::neighbours_of_dense(&reduced.select(&sample));
    (reduced, sample, graph)
}

/// The languages with the number of texts, the most frequent first.
fn languages(terms: &Terms) -> Vec<(&'static str, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    terms.languages.iter().for_each(|known| *counts.entry(Languages::code(*known)).or_insert(0) += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// Orders the groups by size, numbers them from 1 (in `assigned` too) and describes them.
fn describe(
    documents: &[Document],
    terms: &mut Terms,
    fitted: &Fitted,
    assigned: &mut [Vec<Assigned>],
) -> (Vec<Theme>, Vec<Merger>) {
    let mut main: Vec<Vec<(f32, usize)>> = vec![Vec::new(); fitted.groups()];
    for (place, themes) in assigned.iter().enumerate() {
        themes.first().into_iter().for_each(|first| main[first.theme].push((first.score, place)));
    }
    let mut order: Vec<usize> = (0..main.len()).filter(|group| !main[*group].is_empty()).collect();
    order.sort_by_key(|group| std::cmp::Reverse(main[*group].len()));
    let mut number = vec![0; main.len()];
    order.iter().zip(1..).for_each(|(group, theme)| number[*group] = theme);
    assigned.iter_mut().flatten().for_each(|one| one.theme = number[one.theme]);
    assigned.iter_mut().for_each(|themes| themes.retain(|one| one.theme > 0));
    let mut also = vec![0; order.len() + 1];
    assigned.iter().flat_map(|themes| themes.iter().skip(1)).for_each(|one| also[one.theme] += 1);
    let centres = Dense {
        values: order.iter().flat_map(|group| fitted.centres().row(*group)).copied().collect(),
        width: fitted.centres().width,
    };
    let everywhere = everywhere(&terms.weights);
    let mut themes = Vec::new();
    for (group, theme) in order.iter().zip(1..) {
        let mut members = std::mem::take(&mut main[*group]);
        let places: Vec<usize> = members.iter().map(|(_, place)| *place).collect();
        let telling = describe::telling(&terms.weights, &places, &everywhere);
        rank(&mut members, &terms.weights, &telling);
        let shown = describe::shown(&telling, terms);
        let representative = quotes(documents, terms, members.iter(), &telling);
        let apart =
            members.len() - members.len().min(QUOTES * 2).min(members.len().saturating_sub(representative.len()));
        let dissenting = quotes(documents, terms, members[apart..].iter().rev(), &telling);
        themes.push(Theme {
            theme,
            label: describe::label(&shown),
            terms: shown,
            size: members.len(),
            also: also[theme],
            representative,
            dissenting,
            near: near(&centres, theme - 1),
        });
    }
    let sizes: Vec<usize> = themes.iter().map(|theme| theme.size).collect();
    (themes, tree::tree(&centres, &sizes))
}

/// The mean weight of each term.
fn everywhere(weights: &Sparse) -> Vec<f32> {
    let mut means = vec![0.0; weights.columns];
    let count = weights.rows.len().max(1) as f32;
    weights.rows.iter().flatten().for_each(|(column, weight)| means[*column as usize] += weight / count);
    means
}

/// The members of a theme that say most of what tells it from others go first.
fn rank(members: &mut [(f32, usize)], weights: &Sparse, telling: &[(u32, f32)]) {
    let value: std::collections::HashMap<u32, f32> = telling.iter().copied().collect();
    for (score, place) in members.iter_mut() {
        let row = weights.rows.get(*place).map_or(&[][..], Vec::as_slice);
        *score *= row.iter().map(|(column, weight)| weight * value.get(column).unwrap_or(&0.0)).sum::<f32>();
    }
    members.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
}

/// One quote each of the first texts, no two with the same words.
fn quotes<'m>(
    documents: &[Document],
    terms: &mut Terms,
    members: impl Iterator<Item = &'m (f32, usize)>,
    telling: &[(u32, f32)],
) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = Vec::new();
    for (_, place) in members.take(QUOTES * 4) {
        let Some(document) = documents.get(*place) else { continue };
        let quote = describe::quote(terms, document.id, document.text, *place, telling);
        if let Some(quote) = quote.filter(|quote| !quotes.iter().any(|other| other.quote == quote.quote)) {
            quotes.push(quote);
        }
        if quotes.len() == QUOTES {
            break;
        }
    }
    quotes
}

/// The nearest other themes, from 1.
fn near(centres: &Dense, theme: usize) -> Vec<usize> {
    let others = (0..centres.rows().len()).filter(|other| *other != theme);
    let mut others: Vec<(f32, usize)> =
        others.map(|other| (dot(centres.row(theme), centres.row(other)), other + 1)).collect();
    others.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    others.into_iter().take(NEAR).map(|(_, other)| other).collect()
}

#[cfg(test)]
mod tests;
