//! What a family has in common: the phrases that come back in it, how much of them a text holds, and what it adds of its own.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "texts and phrases have numbers of 32 bits, and shares are of such numbers"
)]

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::shared_text::SharedText;
use super::signature::{Room, each_phrase};
use super::words::{WORD, Word, each_word, words};

/// How many different texts a family's phrases are learnt from, at most.
pub const SAMPLE: usize = 128;
/// The length of phrases that texts are compared by, in words.
pub(super) const COMPARED: usize = 3;
/// What lies between two known phrases and is no longer than this is an edit, not an addition.
const EDIT: u32 = 3 * WORD;
/// A stretch of known phrases that is shorter is everyday language.
const STRETCH: u32 = 6 * WORD;
/// A shared text that is shorter may be written twice by chance: then only copies word for word are a family.
const SHORTEST: u32 = 12 * WORD;
/// From this length on, what is not shared is an addition of one's own.
const ADDITION: u32 = 8 * WORD;
/// A member holds at least this part of the shared text …
const HELD: f64 = 0.4;
/// … or at least this part if it consists of little else, …
const HELD_ALONE: f64 = 0.2;
/// … namely of the shared text to this part, and of this length.
const ALONE: f64 = 0.8;
const ALONE_LENGTH: u32 = 12 * WORD;
/// On average at least this part of what members wrote is shared: else they quote the same thing, but are no campaign.
const COVERED: f64 = 0.5;

/// The hashes of phrases are hashes already.
#[derive(Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

pub(super) type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// What a family has in common.
pub struct Letter {
    /// Phrases that at least two texts have.
    phrases: HashSet<u64, BuildHasherDefault<AsItIs>>,
    /// How much of these phrases a text of the family holds: the median, as a sum of weights.
    length: u32,
    /// The words that all share, and the slots between them.
    pub shared_text: SharedText,
}

/// A text held against a family's letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Whether it holds enough to be a member.
    pub member: bool,
    /// How much of the shared text it holds, from 0 to 1.
    pub held: f64,
    /// How much of it is shared text, from 0 to 1.
    pub covered: f64,
    /// What it says beyond that, as ranges of bytes.
    pub additions: Vec<Range<usize>>,
    /// For each slot the alternative that it chose, if it is a known one.
    pub choices: Vec<Option<usize>>,
}

impl Letter {
    /// Learns the letter of the texts in `sample`, all different; nothing if they are no family. Texts that hold too little of it
    /// may be among them.
    pub fn of(sample: &[&str]) -> Option<Letter> {
        let texts: Vec<Vec<Word>> = sample.iter().map(|text| words(text)).collect();
        let counts = text_counts(&texts);
        let phrases = counts.iter().filter(|(_, (count, _))| *count > 1).map(|(phrase, _)| *phrase).collect();
        let mut letter = Letter { phrases, length: 1, shared_text: SharedText::default() };
        let mut known = Vec::new();
        let held: Vec<(u32, f64)> = texts.iter().map(|text| letter.held(text, &mut known)).collect();
        let mut lengths: Vec<u32> = held.iter().map(|(held, _)| *held).collect();
        lengths.sort_unstable();
        letter.length = *lengths.get(lengths.len() / 2)?;
        if letter.length < SHORTEST {
            return None;
        }
        let members: Vec<usize> =
            (0..texts.len()).filter(|text| letter.is_member(held[*text].0, held[*text].1)).collect();
        let covered: f64 = members.iter().map(|text| held[*text].1).sum();
        if members.len() < 2 || covered < COVERED * members.len() as f64 {
            return None;
        }
        letter.shared_text = SharedText::of(sample, &texts, &members, &counts);
        Some(letter)
    }

    /// The length of the shared text in words.
    pub fn words(&self) -> u32 {
        self.length / WORD
    }

    /// Holds `text` against the letter. `room` is room to work in, so that not every text asks for memory.
    pub fn compare(&self, text: &str, room: &mut Room) -> Comparison {
        let Room { words, known, .. } = room;
        words.clear();
        each_word(text, |word| words.push(word));
        let (held, covered) = self.held(words, known);
        let member = self.is_member(held, covered);
        let (additions, choices) =
            if member { (additions(known, words), self.shared_text.choices(words)) } else { (Vec::new(), Vec::new()) };
        Comparison { member, held: self.share(held), covered, additions, choices }
    }

    fn share(&self, held: u32) -> f64 {
        (f64::from(held) / f64::from(self.length)).min(1.0)
    }

    fn is_member(&self, held: u32, covered: f64) -> bool {
        let share = self.share(held);
        share >= HELD || (share >= HELD_ALONE && covered >= ALONE && held >= ALONE_LENGTH)
    }

    /// The weight of the known words in stretches that are long enough, and the part of the text that they are. A word is known if it
    /// is in a known phrase, or edited between two; `known` tells that of each.
    fn held(&self, words: &[Word], known: &mut Vec<bool>) -> (u32, f64) {
        known.clear();
        known.resize(words.len(), false);
        // The stretch of known words that was begun last.
        let mut stretch = 0..0;
        let mut held = 0_u32;
        let mut close = |stretch: Range<usize>, known: &mut [bool]| {
            let length = weight(&words[stretch.clone()]);
            held = held.saturating_add(if length < STRETCH { 0 } else { length });
            known[stretch].fill(true);
        };
        each_phrase::<COMPARED>(words, |range, phrase| {
            if !self.phrases.contains(&phrase) {
                return;
            }
            let is_edit = range.start <= stretch.end || weight(&words[stretch.end..range.start]) <= EDIT;
            if stretch.is_empty() || !is_edit {
                close(stretch.clone(), known);
                stretch.start = range.start;
            }
            stretch.end = range.end;
        });
        close(stretch, known);
        (held, f64::from(held) / f64::from(weight(words).max(1)))
    }
}

/// In how many texts each phrase comes, and the last of them.
fn text_counts(texts: &[Vec<Word>]) -> ByHash<(u32, u32)> {
    let room = texts.iter().map(Vec::len).sum::<usize>() / 4;
    let mut counts: ByHash<(u32, u32)> = ByHash::with_capacity_and_hasher(room, BuildHasherDefault::default());
    for (number, words) in texts.iter().enumerate() {
        each_phrase::<COMPARED>(words, |_, phrase| {
            let (count, last) = counts.entry(phrase).or_insert((0, u32::MAX));
            if *last != number as u32 {
                (*count, *last) = (*count + 1, number as u32);
            }
        });
    }
    counts
}

fn weight(words: &[Word]) -> u32 {
    words.iter().fold(0, |sum, word| sum.saturating_add(word.weight))
}

/// The stretches of words that are not known and long enough, as ranges of bytes.
fn additions(known: &[bool], words: &[Word]) -> Vec<Range<usize>> {
    let mut additions = Vec::new();
    let mut at = 0;
    for run in known.chunk_by(|one, other| one == other) {
        let stretch = &words[at..at + run.len()];
        if let ([false, ..], [first, .., last]) = (run, stretch)
            && weight(stretch) >= ADDITION
        {
            additions.push(first.start..last.end);
        }
        at += run.len();
    }
    additions
}
