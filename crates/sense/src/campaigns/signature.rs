//! What is remembered of a text: a hash of all its words, and a few of its phrases, chosen by hash.
//!
//! Texts that share phrases tend to have the same ones chosen (bottom-k sketch: Broder 1997, Cohen and Kaplan 2007), however long
//! the rest of them is. A long text takes no more memory than a short one.

#![expect(
    clippy::cast_possible_truncation,
    reason = "texts and phrases have numbers of 32 bits, and shares are of such numbers"
)]

use std::ops::Range;

use super::words::{WORD, Word, each_word, mix};

/// How many phrases of a text are remembered.
pub const PHRASES: usize = 24;
/// The length of phrases that are remembered, in words.
const REMEMBERED: usize = 4;

/// What is remembered of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// A hash of all words in order: equal for texts that are copies word for word.
    pub content: u64,
    /// How much text there is: the weights of its words together, as far as they fit.
    pub weight: u32,
    count: u32,
    phrases: [u32; PHRASES],
}

impl Signature {
    /// Remembers `text`; `room` is room to work in, so that not every text asks for memory.
    pub fn of(text: &str, room: &mut Room) -> Signature {
        let Room { words, phrases, .. } = room;
        words.clear();
        phrases.clear();
        let mut content = 0x6a09_e667_f3bc_c908;
        let mut weight = 0_u32;
        each_word(text, |word| {
            content = mix(content ^ word.hash.rotate_left(17)).wrapping_add(word.hash);
            weight = weight.saturating_add(word.weight);
            words.push(word);
        });
        each_phrase::<REMEMBERED>(words, |_, phrase| phrases.push(phrase));
        let mut signature = Signature { content: mix(content), weight, count: 0, phrases: [0; PHRASES] };
        signature.choose(phrases);
        signature
    }

    /// The remembered phrases, in the order of their hashes.
    pub fn phrases(&self) -> &[u32] {
        self.phrases.get(..self.count as usize).unwrap_or_default()
    }

    /// How many remembered phrases both have.
    pub fn shared(&self, other: &Signature) -> usize {
        // Without an order and without a branch for each pair, this is some tens of vector instructions.
        let theirs = other.phrases();
        self.phrases().iter().map(|phrase| theirs.iter().filter(|their| *their == phrase).count()).sum()
    }

    /// Keeps those of `phrases` with the smallest hashes.
    fn choose(&mut self, phrases: &mut Vec<u64>) {
        // Most are too large by far: those that can be among the smallest are taken out before anything is sorted.
        if phrases.len() > 3 * PHRASES {
            let bound = u64::MAX / phrases.len() as u64 * (PHRASES as u64 * 8 / 5);
            if phrases.iter().filter(|phrase| **phrase < bound).count() >= PHRASES + PHRASES / 4 {
                // Without a branch: whether a phrase is kept is chance.
                let mut kept = 0;
                for index in 0..phrases.len() {
                    let phrase = phrases[index];
                    phrases[kept] = phrase;
                    kept += usize::from(phrase < bound);
                }
                phrases.truncate(kept);
            }
        }
        phrases.sort_unstable();
        phrases.dedup();
        // The order is by the upper bits, what is kept are the lower ones: these are spread over their whole range.
        let kept = phrases.len().min(PHRASES);
        self.count = kept as u32;
        for (slot, phrase) in self.phrases.iter_mut().zip(phrases.iter()) {
            *slot = *phrase as u32;
        }
    }
}

/// How far the hash of a phrase is turned with every further word, in bits.
const TURN: u32 = 13;

/// Room to work in.
#[derive(Debug, Default)]
pub struct Room {
    pub(super) words: Vec<Word>,
    pub(super) known: Vec<bool>,
    phrases: Vec<u64>,
}

/// Calls `each` with the places of the words of each phrase that weighs as much as `WORDS` words or just above, and its hash (cyclic
/// polynomial: Cohen 1997): four words, for example, eight Chinese characters or sixteen Thai letters.
#[inline]
pub(super) fn each_phrase<const WORDS: usize>(words: &[Word], mut each: impl FnMut(Range<usize>, u64)) {
    if words.iter().all(|word| word.weight == WORD) {
        for (begin, phrase) in words.windows(WORDS).enumerate() {
            let hash = phrase.iter().fold(0_u64, |hash, word| hash.rotate_left(TURN) ^ word.hash);
            each(begin..begin + WORDS, mix(hash));
        }
        return;
    }
    let least = WORDS as u32 * WORD;
    let (mut begin, mut weight, mut hash) = (0, 0, 0_u64);
    for (end, word) in words.iter().enumerate() {
        weight += word.weight;
        hash = hash.rotate_left(TURN) ^ word.hash;
        while weight - words[begin].weight >= least {
            weight -= words[begin].weight;
            hash ^= words[begin].hash.rotate_left(TURN * (end - begin) as u32 % 64);
            begin += 1;
        }
        if weight >= least {
            each(begin..end + 1, mix(hash));
        }
    }
}
