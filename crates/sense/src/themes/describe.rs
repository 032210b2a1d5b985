//! What a theme is called, and who says it: its terms, its label, and passages in people's own words.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::sparse::Sparse;
use super::terms::Terms;

/// Terms that describe a theme.
const TERMS: usize = 10;
/// Terms in a label.
const LABEL: usize = 3;
/// A pair of words takes the place of one word in a label if it is worth so much of it.
const PAIR: f32 = 0.35;
/// Quotes are cut to so many characters.
const LONGEST: usize = 300;
/// Sentences of a text that are looked at.
const SENTENCES: usize = 100;

/// A term that tells a theme from the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Term {
    /// One or two words, as they are written most often.
    pub term: String,
    /// How telling it is: its mean weight in the theme times ln(1 + that / its mean weight everywhere).
    pub weight: f32,
}

/// A passage of a text, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// The text.
    pub id: String,
    /// The place in the text where it begins, in characters (Unicode code points) from 0.
    pub start: usize,
    /// The place after its end.
    pub end: usize,
    /// Its words.
    pub quote: String,
}

/// The most telling terms of a group, by column, the most telling first.
pub(crate) fn telling(weights: &Sparse, members: &[usize], everywhere: &[f32]) -> Vec<(u32, f32)> {
    let mut means = std::collections::BTreeMap::new();
    for (column, weight) in members.iter().filter_map(|member| weights.rows.get(*member)).flatten() {
        *means.entry(*column).or_insert(0.0_f32) += weight / members.len() as f32;
    }
    let tell = |(column, mean): (u32, f32)| {
        let usual = everywhere.get(column as usize).copied().unwrap_or(1.0).max(f32::MIN_POSITIVE);
        (column, mean * libm::logf(1.0 + mean / usual))
    };
    let mut telling: Vec<(u32, f32)> = means.into_iter().map(tell).collect();
    telling.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    telling
}

/// The terms to show: a word that is only ever part of a pair that is shown is left out.
pub(crate) fn shown(telling: &[(u32, f32)], terms: &Terms) -> Vec<Term> {
    let written = |(column, weight): &(u32, f32)| {
        Some(Term { term: terms.written.get(*column as usize)?.clone(), weight: *weight })
    };
    telling.iter().take(TERMS).filter_map(written).collect()
}

/// A label of up to three terms that have no word in common; pairs of words before single ones.
pub(crate) fn label(terms: &[Term]) -> String {
    let mut chosen: Vec<&str> = Vec::new();
    for term in terms {
        let longer = |other: &&Term| {
            other.weight >= term.weight * PAIR && other.term.split(' ').count() > 1 && shares(&other.term, &term.term)
        };
        let best = terms.iter().find(longer).map_or(term.term.as_str(), |pair| pair.term.as_str());
        if chosen.len() < LABEL && !chosen.iter().any(|other| shares(other, best)) {
            chosen.push(best);
        }
    }
    if chosen.is_empty() {
        return "No words in common".to_owned();
    }
    let joined = chosen.join(", ");
    let mut letters = joined.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn shares(one: &str, other: &str) -> bool {
    let alike = |one: &str, other: &str| {
        one == other || one.len() > 3 && other.len() > 3 && (one.starts_with(other) || other.starts_with(one))
    };
    one.split(' ').any(|word| other.split(' ').any(|its| alike(word, its)))
}

/// The sentence of `text` that has most of the `wanted` terms for its length.
pub(crate) fn quote(terms: &mut Terms, id: &str, text: &str, number: usize, wanted: &[(u32, f32)]) -> Option<Quote> {
    let mut sorted: Vec<(u32, f32)> = wanted.to_vec();
    sorted.sort_unstable_by_key(|(column, _)| *column);
    let mut best: Option<(f32, usize, &str)> = None;
    for (start, sentence) in text.split_sentence_bound_indices().take(SENTENCES) {
        let value = worth(&terms.weigh_as(sentence, number), &sorted);
        if !sentence.trim().is_empty() && best.is_none_or(|(most, ..)| value > most) {
            best = Some((value, start, sentence));
        }
    }
    let (_, start, sentence) = best?;
    let start = start + (sentence.len() - sentence.trim_start().len());
    let quote = cut(sentence.trim());
    let before = text.get(..start)?.chars().count();
    Some(Quote { id: id.to_owned(), start: before, end: before + quote.chars().count(), quote: quote.to_owned() })
}

fn worth(weights: &[(u32, f32)], wanted: &[(u32, f32)]) -> f32 {
    let value = |(column, weight): &(u32, f32)| {
        let place = wanted.binary_search_by_key(column, |(column, _)| *column).ok()?;
        wanted.get(place).map(|(_, value)| value * weight)
    };
    weights.iter().filter_map(value).sum()
}

/// The beginning, up to the end of a word, if it is too long.
fn cut(sentence: &str) -> &str {
    let Some((end, _)) = sentence.char_indices().nth(LONGEST) else { return sentence };
    let beginning = sentence.get(..end).unwrap_or(sentence);
    beginning.rfind(char::is_whitespace).and_then(|space| beginning.get(..space)).map_or(beginning, str::trim_end)
}
