//! What is remembered of a text: a hash of all its words, and a few of its phrases, chosen by hash.
//!
//! Texts that share phrases tend to have the same ones chosen (bottom-k sketch: Broder 1997, Cohen and Kaplan 2007), however long
//! the rest of them is. A long text takes no more memory than a short one.

#![expect(
    clippy::cast_possible_truncation,
    reason = "texts and phrases have numbers of 32 bits, and shares are of such numbers"
)]

use super::words::{WORD, Word, each_word, mix};

/// How many phrases of a text are remembered.
pub const PHRASES: usize = 24;
/// The weight of a phrase: four words, eight Chinese characters or sixteen Thai letters.
const PHRASE: u32 = 4 * WORD;

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
    /// Remembers `text`; `phrases` is room to work in, so that not every text asks for memory.
    pub fn of(text: &str, phrases: &mut Vec<u64>) -> Signature {
        phrases.clear();
        let mut content = 0x6a09_e667_f3bc_c908;
        let mut weight = 0_u32;
        let mut window = Window::new(PHRASE);
        each_word(text, |word| {
            content = mix(content ^ word.hash.rotate_left(17)).wrapping_add(word.hash);
            weight = weight.saturating_add(word.weight);
            if let Some(phrase) = window.push(&word) {
                phrases.push(phrase);
            }
        });
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
                phrases.retain(|phrase| *phrase < bound);
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

/// The last words that were read, as many as make a phrase of a given weight, and a hash of them that is brought up to date with
/// every word (cyclic polynomial: Cohen 1997).
pub(super) struct Window {
    least: u32,
    words: [(u64, u32); 16],
    first: usize,
    next: usize,
    weight: u32,
    hash: u64,
}

impl Window {
    /// For phrases of the weight `least`, of sixteen words at most.
    pub(super) fn new(least: u32) -> Window {
        Window { least, words: [(0, 0); 16], first: 0, next: 0, weight: 0, hash: 0 }
    }

    /// Adds `word`, and returns the hash of the shortest phrase that ends with it and weighs enough.
    #[inline]
    pub(super) fn push(&mut self, word: &Word) -> Option<u64> {
        if self.next - self.first == self.words.len() {
            self.drop_first();
        }
        self.words[self.next % 16] = (word.hash, word.weight);
        self.next += 1;
        self.weight += word.weight;
        self.hash = self.hash.rotate_left(TURN) ^ word.hash;
        while self.weight - self.words[self.first % 16].1 >= self.least {
            self.drop_first();
        }
        (self.weight >= self.least).then(|| mix(self.hash))
    }

    #[inline]
    fn drop_first(&mut self) {
        let (hash, weight) = self.words[self.first % 16];
        self.hash ^= hash.rotate_left(TURN * (self.next - self.first - 1) as u32 % 64);
        self.weight -= weight;
        self.first += 1;
    }

    /// How many words the phrase has that ends with the last word.
    pub(super) fn len(&self) -> usize {
        self.next - self.first
    }
}
