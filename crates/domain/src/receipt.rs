//! The receipt code: eight words that a contributor keeps, and that nobody can find again for them. They lead back to what was
//! saved, and, once it is sent, to what became of it.
//!
//! The words are those of BIP 39 (2,048 English words, told apart by their first four letters), so eight of them carry
//! 88 bits: too many to guess, and no slow hash is needed where the store keeps only a digest.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::id::Entropy;

const WORDS: usize = 8;

/// A receipt code.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode([u16; WORDS]);

/// Why something typed is not a receipt code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not eight words.
    #[error("a receipt code has eight words, and this has {0}")]
    Count(usize),
    /// A word that is in no receipt code.
    #[error("\"{word}\" is not a word of any receipt code")]
    Unknown {
        /// What was typed.
        word: String,
        /// The word that was probably meant.
        meant: Option<&'static str>,
    },
}

impl ReceiptCode {
    /// How many bytes a code has: eight words of eleven bits.
    pub const BYTES: usize = WORDS * 11 / 8;

    /// Draws a new code.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; Self::BYTES];
        entropy.fill(&mut bytes);
        Self::from_bytes(bytes)
    }

    /// The code with these 88 bits, eleven a word.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        let mut bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |shift| u16::from(byte >> shift & 1)));
        Self(std::array::from_fn(|_| (0..11).fold(0, |index, _| index << 1 | bits.next().unwrap_or(0))))
    }

    /// Its 88 bits.
    pub fn bytes(&self) -> [u8; Self::BYTES] {
        let mut bits = self.0.iter().flat_map(|index| (0..11).rev().map(move |shift| (index >> shift & 1) as u8));
        std::array::from_fn(|_| (0..8).fold(0, |byte, _| byte << 1 | bits.next().unwrap_or(0)))
    }

    /// The eight words.
    pub fn words(&self) -> [&'static str; WORDS] {
        let list = bip39::Language::English.word_list();
        self.0.map(|index| list[usize::from(index)])
    }

    /// What hides the contribution's commitment in the register, and opens it for whoever has the words: SHA-256 over another label
    /// and the words. Nobody keeps it.
    pub fn salt(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"folkmoot salt 1\n").chain_update(self.words().join(" ")).finalize().into()
    }

    /// What the store keeps instead of the words: SHA-256 over a label and the words with single spaces between them.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"folkmoot receipt 1\n").chain_update(self.words().join(" ")).finalize().into()
    }
}

impl std::fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiptCode(…)")
    }
}

impl FromStr for ReceiptCode {
    type Err = ReceiptError;

    /// Reads words however they were typed: capitals, commas, hyphens, line breaks, numbering; four letters are enough.
    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let typed: Vec<String> =
            text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        if typed.len() != WORDS {
            return Err(ReceiptError::Count(typed.len()));
        }
        let mut indices = [0; WORDS];
        for (index, word) in indices.iter_mut().zip(typed) {
            *index = find(&word).ok_or_else(|| ReceiptError::Unknown { meant: nearest(&word), word })?;
        }
        Ok(Self(indices))
    }
}

fn find(word: &str) -> Option<u16> {
    let english = bip39::Language::English;
    english.find_word(word).or_else(|| {
        let mut beginning = english.words_by_prefix_iter(word).filter(|_| word.chars().count() >= 4);
        beginning.next().filter(|_| beginning.next().is_none()).and_then(|only| english.find_word(only))
    })
}

/// The only word one slip of the fingers away, if there is just one.
fn nearest(word: &str) -> Option<&'static str> {
    let mut near = bip39::Language::English.word_list().iter().filter(|known| crate::text::one_slip(word, known));
    near.next().filter(|_| near.next().is_none()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_however_they_are_typed() -> Result<(), ReceiptError> {
        let code = ReceiptCode::from_bytes(*b"eleven byte");
        let words = code.words();
        assert_eq!(words.join(" ").parse::<ReceiptCode>()?, code);
        let shouted = words.map(str::to_uppercase).join(", ");
        assert_eq!(shouted.parse::<ReceiptCode>()?, code);
        let numbered: String = words.iter().enumerate().map(|(i, word)| format!("{}. {word}\n", i + 1)).collect();
        assert_eq!(numbered.parse::<ReceiptCode>()?, code);
        let short: Vec<&str> = words.iter().map(|word| &word[..word.len().min(4)]).collect();
        assert_eq!(short.join("-").parse::<ReceiptCode>()?, code);
        assert_ne!(ReceiptCode::from_bytes(*b"other bytes"), code);
        assert_eq!(&code.bytes(), b"eleven byte");
        Ok(())
    }

    #[test]
    fn a_wrong_word_is_named_and_the_right_one_offered() {
        let typed = "abandon ability able about above absent absorb abstratc";
        assert_eq!(
            typed.parse::<ReceiptCode>(),
            Err(ReceiptError::Unknown { word: "abstratc".to_owned(), meant: Some("abstract") })
        );
        assert_eq!("abandon".parse::<ReceiptCode>(), Err(ReceiptError::Count(1)));
    }

    #[test]
    fn the_digest_is_fixed_for_ever() {
        // Receipts are kept on paper for years: a change of word list or label would orphan them.
        let code = ReceiptCode::from_bytes(*b"eleven byte");
        let hex: String = code.digest()[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((code.words()[0], hex.as_str()), ("grace", "091245ce"));
    }
}
