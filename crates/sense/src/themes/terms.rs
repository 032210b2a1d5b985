//! From texts to weighted terms: words, their stems, pairs of neighbouring words, and how telling each is (TF-IDF).

use foldhash::fast::FixedState;
use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::language::{Known, Languages};
use super::sparse::{Sparse, normalise};

/// Longer “words” (in bytes) are not words.
const LONGEST: usize = 80;
/// Terms in a larger share of the texts tell nothing apart.
const COMMON: f64 = 0.5;
/// From so many texts on, a term must be in two of them, and those in too many are common.
const SELECTIVE_FROM: usize = 20;

/// Looked up several times for each word; the order in it is never used.
type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// What texts are made of.
pub(crate) struct Terms {
    /// Each text's weights, of length 1; all zero if it has no terms.
    pub weights: Sparse,
    /// How each term is written most often.
    pub written: Vec<String>,
    /// How rare each term is: ln((1 + n) / (1 + texts with it)) + 1.
    pub rarity: Vec<f32>,
    /// The number of each text's language.
    pub languages: Vec<Known>,
    vocabulary: Vocabulary,
}

/// Knows words and terms by number.
struct Vocabulary {
    known: Languages,
    words: HashMap<String, u32>,
    /// For each language (the unknown one first) and word: its stem, once somebody asked for it.
    stems: Vec<Vec<Stem>>,
    stem_numbers: HashMap<String, u32>,
    stem_names: Vec<String>,
    spelled: Vec<String>,
    stopped: Vec<u32>,
    /// The language of what does not tell its own.
    usual: Known,
    /// Stems and pairs of stems.
    terms: HashMap<Key, u32>,
    keys: Vec<Key>,
    /// For each term its column in `weights`, and whether it is too common to tell texts apart.
    columns: Vec<Option<(u32, bool)>>,
}

/// What is known of a word's stem in a language.
#[derive(Clone, Copy)]
enum Stem {
    NotAsked,
    Stop,
    Number(u32),
}

/// A term in a text, and the words that it was written with.
type Found = (u32, [u32; 2]);

/// A stem, or a pair of neighbouring stems.
type Key = (u32, Option<u32>);

impl Terms {
    /// Finds the terms of `texts`, which stand in an order that does not depend on how they came.
    pub fn of(texts: &[&str]) -> Terms {
        let mut vocabulary = Vocabulary::new();
        let words: Vec<Vec<u32>> = texts.iter().map(|text| vocabulary.words(text)).collect();
        let languages = vocabulary.languages(texts, &words);
        let found: Vec<Vec<Found>> =
            words.iter().zip(&languages).map(|(words, language)| vocabulary.found(words, *language)).collect();
        let kept = kept(&found, &vocabulary);
        let rarity: Vec<f32> = kept.iter().map(|(_, texts_with)| rarity(texts.len(), *texts_with)).collect();
        vocabulary.columns = vec![None; vocabulary.keys.len()];
        for ((term, texts_with), column) in kept.iter().zip(0..) {
            let common = texts.len() >= SELECTIVE_FROM && f64::from(*texts_with) > texts.len() as f64 * COMMON;
            vocabulary.columns[*term as usize] = Some((column, common));
        }
        let written = written(&found, &vocabulary, kept.len());
        let rows = found.par_iter().map(|found| weigh(found, &vocabulary.columns, &rarity)).collect();
        Terms { weights: Sparse::new(rows, kept.len()), written, rarity, languages, vocabulary }
    }

    /// The weights of a part of the text `number`, which is in the same language.
    pub fn weigh_as(&mut self, part: &str, number: usize) -> Vec<(u32, f32)> {
        let language = self.languages.get(number).copied().unwrap_or(self.vocabulary.usual);
        let words = self.vocabulary.words(part);
        let found = self.vocabulary.found(&words, language);
        weigh(&found, &self.vocabulary.columns, &self.rarity)
    }
}

impl Vocabulary {
    fn new() -> Vocabulary {
        Vocabulary {
            known: Languages::new(),
            words: HashMap::default(),
            stems: Vec::new(),
            stem_numbers: HashMap::default(),
            stem_names: Vec::new(),
            spelled: Vec::new(),
            stopped: Vec::new(),
            usual: None,
            terms: HashMap::default(),
            keys: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// The words of `text`, in lower case, by number.
    fn words(&mut self, text: &str) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut lower = String::new();
        for word in text.unicode_words().filter(|word| word.len() <= LONGEST) {
            lower.clear();
            for letter in word.chars() {
                match letter {
                    '’' => lower.push('\''),
                    'a'..='z' => lower.push(letter),
                    _ => lower.extend(letter.to_lowercase()),
                }
            }
            if let Some(number) = self.words.get(lower.as_str()) {
                numbers.push(*number);
                continue;
            }
            let number = u32::try_from(self.spelled.len()).unwrap_or(u32::MAX);
            self.stopped.push(self.known.stopped(&lower));
            self.spelled.push(lower.clone());
            self.words.insert(lower.clone(), number);
            numbers.push(number);
        }
        numbers
    }

    fn language(&self, text: &str, words: &[u32]) -> Result<Known, ()> {
        let stopped = words.iter().filter_map(|word| self.stopped.get(*word as usize).copied());
        Languages::by_stop_words(words.len(), stopped).or_else(|()| self.known.by_trigrams(text))
    }

    /// The language of each text; that of most texts for those that do not tell.
    fn languages(&mut self, texts: &[&str], words: &[Vec<u32>]) -> Vec<Known> {
        let told: Vec<_> = texts.par_iter().zip(words).map(|(text, words)| self.language(text, words)).collect();
        let mut counts: HashMap<Known, usize> = HashMap::default();
        told.iter().flatten().for_each(|language| *counts.entry(*language).or_insert(0) += 1);
        self.usual =
            counts.into_iter().max_by_key(|(language, count)| (*count, *language)).and_then(|(known, _)| known);
        told.into_iter().map(|language| language.unwrap_or(self.usual)).collect()
    }

    fn stem(&mut self, language: Known, word: u32) -> Option<u32> {
        let row = language.map_or(0, |number| usize::from(number) + 1);
        if self.stems.len() <= row {
            self.stems.resize_with(row + 1, Vec::new);
        }
        let known = self.stems.get_mut(row)?;
        if known.len() <= word as usize {
            known.resize(self.spelled.len(), Stem::NotAsked);
        }
        let known = known.get_mut(word as usize)?;
        if let Stem::NotAsked = known {
            let spelled = self.spelled.get(word as usize)?;
            let letters = spelled.chars().any(char::is_alphabetic);
            let tells = letters && (spelled.len() > 1 || !spelled.is_ascii());
            let stem = self.known.stem(language, spelled).filter(|_| tells);
            *known = stem.map_or(Stem::Stop, |stem| {
                let next = u32::try_from(self.stem_names.len()).unwrap_or(u32::MAX);
                Stem::Number(*self.stem_numbers.entry(stem).or_insert_with_key(|stem| {
                    self.stem_names.push(stem.clone());
                    next
                }))
            });
        }
        if let Stem::Number(number) = known { Some(*number) } else { None }
    }

    /// The stems and pairs of neighbouring stems in a text, sorted, each with the words that it was written with.
    fn found(&mut self, words: &[u32], language: Known) -> Vec<Found> {
        let mut found = Vec::with_capacity(words.len());
        let mut before: Option<(u32, u32)> = None;
        for word in words {
            let stem = self.stem(language, *word);
            if let Some(stem) = stem {
                found.push((self.term((stem, None)), [*word, *word]));
                if let Some((earlier, spelled)) = before {
                    found.push((self.term((earlier, Some(stem))), [spelled, *word]));
                }
            }
            before = stem.map(|stem| (stem, *word));
        }
        found.sort_unstable();
        found
    }

    fn term(&mut self, key: Key) -> u32 {
        *self.terms.entry(key).or_insert_with(|| {
            self.keys.push(key);
            u32::try_from(self.keys.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn name(&self, term: u32) -> (&str, &str) {
        let Some((first, second)) = self.keys.get(term as usize).copied() else { return ("", "") };
        let name = |stem: u32| self.stem_names.get(stem as usize).map_or("", String::as_str);
        (name(first), second.map_or("", name))
    }
}

/// The terms that are kept, with the number of texts that they are in, in the order of their names.
fn kept(found: &[Vec<Found>], vocabulary: &Vocabulary) -> Vec<(u32, u32)> {
    let mut counts = vec![0_u32; vocabulary.keys.len()];
    for found in found {
        let different = found.chunk_by(|one, other| one.0 == other.0).filter_map(|same| same.first());
        different.for_each(|(term, _)| counts[*term as usize] += 1);
    }
    let texts = found.len();
    let least = if texts < SELECTIVE_FROM { 1 } else { 2 };
    let mut kept: Vec<(u32, u32)> = (0..).zip(counts).filter(|(_, count)| *count >= least).collect();
    kept.sort_unstable_by(|one, other| vocabulary.name(one.0).cmp(&vocabulary.name(other.0)));
    kept
}

fn rarity(texts: usize, texts_with: u32) -> f32 {
    (libm::log((1.0 + texts as f64) / (1.0 + f64::from(texts_with))) + 1.0) as f32
}

/// (1 + ln count) × rarity for each known term, to length 1; sorted by column. Common terms count only where there are no others.
fn weigh(found: &[Found], columns: &[Option<(u32, bool)>], rarity: &[f32]) -> Vec<(u32, f32)> {
    let weight = |same: &[Found]| {
        let (column, common) = (*columns.get(same.first()?.0 as usize)?)?;
        let count = libm::log(same.len() as f64) as f32;
        Some((common, (column, (1.0 + count) * rarity.get(column as usize)?)))
    };
    let all: Vec<(bool, (u32, f32))> = found.chunk_by(|one, other| one.0 == other.0).filter_map(weight).collect();
    let only_common = all.iter().all(|(common, _)| *common);
    let telling = all.into_iter().filter(|(common, _)| only_common || !common);
    let mut row: Vec<(u32, f32)> = telling.map(|(_, entry)| entry).collect();
    row.sort_unstable_by_key(|(column, _)| *column);
    normalise(&mut row);
    row
}

/// How each kept term is written most often.
fn written(found: &[Vec<Found>], vocabulary: &Vocabulary, columns: usize) -> Vec<String> {
    let mut counts: Vec<Vec<([u32; 2], u32)>> = vec![Vec::new(); columns];
    for (term, words) in found.iter().flatten() {
        let column = vocabulary.columns.get(*term as usize).copied().flatten();
        let Some(spellings) = column.and_then(|(column, _)| counts.get_mut(column as usize)) else { continue };
        match spellings.iter_mut().find(|(spelling, _)| spelling == words) {
            Some((_, count)) => *count += 1,
            None => spellings.push((*words, 1)),
        }
    }
    let spelled = |word: u32| vocabulary.spelled.get(word as usize).map_or("", String::as_str);
    let text = |[first, second]: [u32; 2]| {
        if first == second { spelled(first).to_owned() } else { format!("{} {}", spelled(first), spelled(second)) }
    };
    let best = |spellings: &Vec<([u32; 2], u32)>| {
        let most = spellings.iter().map(|(_, count)| *count).max()?;
        spellings.iter().filter(|(_, count)| *count == most).map(|(words, _)| text(*words)).min()
    };
    counts.iter().map(|spellings| best(spellings).unwrap_or_default()).collect()
}
