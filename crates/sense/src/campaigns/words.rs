//! Splits a text into words that compare equal however they were typed: case, accents, punctuation and apostrophes do not count.
//!
//! Where a script sets no spaces (Chinese, Japanese, Thai, Khmer …) every character is a word of less weight.

use unicode_normalization::char::decompose_compatible;

/// The weight of a word in a script with spaces. All lengths are sums of weights.
pub const WORD: u32 = 4;
/// The weight of a Chinese or Japanese character: two make about a word.
const IDEOGRAPH: u32 = 2;
/// The weight of a character of Thai, Lao, Tibetan, Burmese or Khmer: four make about a word.
const LETTER: u32 = 1;

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// A hash of its letters, without case and accents.
    pub hash: u64,
    /// What it counts: four for a word between spaces, less for a character of a script without spaces.
    pub weight: u32,
    /// The byte at which it begins.
    pub start: usize,
    /// The byte at which it ends.
    pub end: usize,
}

/// Calls `each` with the words of `text`, in order.
#[inline]
pub fn each_word(text: &str, mut each: impl FnMut(Word)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match plain_word(bytes, at) {
            // Most separators are one space, so the byte after a word is not looked at again.
            Some((0, _)) => at += 1,
            Some((length, hash)) => {
                each(Word { hash, weight: WORD, start: at, end: at + length });
                at += length + 1;
            }
            None => at = folded_word(text, at, &mut each),
        }
    }
}

/// The words of `text`.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    each_word(text, |word| words.push(word));
    words
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Mixes the bits of `value`: a multiplication by an odd constant, and its upper half onto the lower.
#[inline]
pub(super) fn mix(value: u64) -> u64 {
    let product = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

/// The length in bytes and the hash of the word of ASCII letters and digits at `at` (length 0 if a separator is there), eight bytes
/// at a time; nothing if it has an apostrophe or anything that is not ASCII, or is followed by that.
#[inline]
fn plain_word(bytes: &[u8], at: usize) -> Option<(usize, u64)> {
    let (mut length, mut hash) = (0, 0);
    loop {
        let chunk = eight(bytes, at + length);
        let low = chunk & !HIGH;
        let lower = low | (LOW * 0x20);
        let letter = (lower + LOW * 0x1f) & !(lower + LOW * 0x05);
        let digit = (low + LOW * 0x50) & !(low + LOW * 0x46);
        let other = !((letter | digit) & !chunk) & HIGH;
        let count = (other.trailing_zeros() / 8) as usize;
        if count > 0 {
            hash = mix(hash ^ (lower & (u64::MAX >> (64 - 8 * count))));
        }
        length += count;
        if count < 8 {
            let next = chunk.to_le_bytes()[count];
            return if next >= 0x80 || next == b'\'' { None } else { Some((length, hash)) };
        }
    }
}

/// The eight bytes from `at`; after the end of the text come zeros, which separate.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8) {
        Some(eight) => eight.try_into().map_or(0, u64::from_le_bytes),
        None => bytes.get(at..).unwrap_or_default().iter().rev().fold(0, |chunk, byte| chunk << 8 | u64::from(*byte)),
    }
}

/// Reads one word (or one separator) from `at` character by character, and returns where it ends.
#[cold]
fn folded_word(text: &str, at: usize, each: &mut impl FnMut(Word)) -> usize {
    let mut letters = Letters::default();
    let mut end = at;
    for (offset, character) in text.get(at..).unwrap_or_default().char_indices() {
        let after = at + offset + character.len_utf8();
        let spaceless = weight_of_character(character);
        if let Some(weight) = spaceless {
            if end > at {
                break;
            }
            letters.push(character);
            each(Word { hash: letters.hash(), weight, start: at, end: after });
            return after;
        }
        if is_silent(character) {
            if end == at {
                return after;
            }
        } else if character.is_alphanumeric() {
            letters.fold(character);
        } else {
            if end == at {
                return after;
            }
            break;
        }
        end = after;
    }
    if !letters.is_empty() {
        each(Word { hash: letters.hash(), weight: WORD, start: at, end });
    }
    end
}

/// What a character of a script without spaces weighs; nothing for those of other scripts.
fn weight_of_character(character: char) -> Option<u32> {
    if character.is_ascii() {
        return None;
    }
    match u32::from(character) {
        0x3041..=0x30fa
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x2_0000..=0x3_ffff => Some(IDEOGRAPH),
        0x0e01..=0x0e4e | 0x0e80..=0x0eff | 0x0f40..=0x0fbc | 0x1000..=0x1049 | 0x1780..=0x17d3 => Some(LETTER),
        _ => None,
    }
}

/// Apostrophes, and the marks that a font draws onto the letter before: they neither separate words nor belong to them.
fn is_silent(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{ff07}' | '\u{00ad}' | '\u{200c}' | '\u{200d}')
        || is_mark(character)
}

fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x0300..=0x036f | 0x064b..=0x065f | 0x0591..=0x05c7)
}

/// Gathers the folded letters of a word and hashes them eight bytes at a time, as [`plain_word`] does.
#[derive(Default)]
struct Letters {
    hash: u64,
    chunk: u64,
    bits: u32,
    any: bool,
}

impl Letters {
    /// Adds `character` without its case and accents.
    fn fold(&mut self, character: char) {
        if character.is_ascii() {
            return self.push(character.to_ascii_lowercase());
        }
        decompose_compatible(character, |part| {
            if !is_mark(part) {
                part.to_lowercase().filter(|lower| !is_mark(*lower)).for_each(|lower| self.push(lower));
            }
        });
    }

    fn push(&mut self, character: char) {
        let mut buffer = [0; 4];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            self.any = true;
            self.chunk |= u64::from(byte) << self.bits;
            self.bits += 8;
            if self.bits == 64 {
                self.hash = mix(self.hash ^ self.chunk);
                (self.chunk, self.bits) = (0, 0);
            }
        }
    }

    fn is_empty(&self) -> bool {
        !self.any
    }

    fn hash(&self) -> u64 {
        if self.bits == 0 { self.hash } else { mix(self.hash ^ self.chunk) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        words(text).iter().map(|word| word.hash).collect()
    }

    #[test]
    fn how_a_word_was_typed_does_not_count() {
        assert_eq!(hashes("Don't CUT the café’s bus!"), hashes("dont cut\tthe cafe\u{301}s (bus)"));
        assert_eq!(hashes("ＡＢＣ ﬁnal"), hashes("abc final"));
        assert_eq!(hashes("ΌΧΙ Ёлка"), hashes("οχι елка"));
        assert_ne!(hashes("bus stop"), hashes("stop bus"));
        assert_ne!(hashes("a b"), hashes("ab"));
    }

    #[test]
    fn scripts_without_spaces_are_split_into_characters() {
        assert_eq!(words("我们反对").len(), 4);
        assert_eq!(words("abc我们 def").iter().map(|word| word.weight).collect::<Vec<_>>(), [4, 2, 2, 4]);
        assert_eq!(words("เราไม่").len(), 6);
        assert!(words(" \u{301}’' … 。").is_empty());
    }

    proptest! {
        #[test]
        fn both_ways_of_reading_a_word_agree(text in "[a-zA-Z0-9 ,.\\-\n]{0,80}") {
            let mut folded = Vec::new();
            let mut at = 0;
            while at < text.len() {
                at = folded_word(&text, at, &mut |word| folded.push(word));
            }
            prop_assert_eq!(words(&text), folded);
        }

        #[test]
        fn words_lie_in_order_on_the_bounds_of_characters(text in "\\PC{0,60}") {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.start >= end && word.end > word.start);
                prop_assert!(text.get(word.start..word.end).is_some());
                end = word.end;
            }
        }
    }
}
