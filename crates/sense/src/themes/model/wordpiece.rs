//! Cuts texts into the tokens of a BERT vocabulary (Y. Wu et al., “Google's Neural Machine Translation System”, 2016: `WordPiece`).

use std::collections::HashMap;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words (in characters) are one unknown token.
const LONGEST: usize = 100;

/// A vocabulary, and how texts are prepared for it.
pub(super) struct WordPiece {
    vocabulary: HashMap<String, u32>,
    /// What stands before a piece that goes on with a word.
    prefix: String,
    lowercase: bool,
    accents_off: bool,
    split_chinese: bool,
    /// The token for what is not in the vocabulary.
    pub unknown: Option<u32>,
    begin: Option<u32>,
    end: Option<u32>,
}

#[derive(Deserialize)]
struct File {
    model: ModelPart,
    #[serde(default)]
    normalizer: Option<Normalizer>,
}

#[derive(Deserialize)]
struct ModelPart {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    vocab: serde_json::Value,
    #[serde(default)]
    unk_token: Option<String>,
    #[serde(default)]
    continuing_subword_prefix: Option<String>,
}

#[derive(Deserialize, Default)]
struct Normalizer {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    lowercase: bool,
    #[serde(default)]
    strip_accents: Option<bool>,
    #[serde(default)]
    handle_chinese_chars: bool,
}

impl WordPiece {
    /// Reads a `tokenizer.json` with a `WordPiece` model and BERT's normalizer, or none.
    pub fn read(json: &[u8]) -> Result<WordPiece, String> {
        let file: File = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if file.model.kind != "WordPiece" {
            return Err(format!("it cuts by “{}”; only “WordPiece” can be used", file.model.kind));
        }
        let normalizer = file.normalizer.unwrap_or_default();
        if !matches!(normalizer.kind.as_str(), "BertNormalizer" | "") {
            return Err(format!("it prepares texts by “{}”; only “BertNormalizer” can be used", normalizer.kind));
        }
        let vocabulary: HashMap<String, u32> =
            serde_json::from_value(file.model.vocab).map_err(|error| format!("its vocabulary: {error}"))?;
        let token = |name: &str| vocabulary.get(name).copied();
        let unknown = token(file.model.unk_token.as_deref().unwrap_or("[UNK]"));
        Ok(WordPiece {
            unknown,
            begin: token("[CLS]"),
            end: token("[SEP]"),
            prefix: file.model.continuing_subword_prefix.unwrap_or_else(|| "##".to_owned()),
            lowercase: normalizer.lowercase,
            accents_off: normalizer.strip_accents.unwrap_or(normalizer.lowercase),
            split_chinese: normalizer.handle_chinese_chars,
            vocabulary,
        })
    }

    /// One more than the largest number of a token.
    pub fn tokens(&self) -> usize {
        self.vocabulary.values().max().map_or(0, |most| *most as usize + 1)
    }

    /// The first tokens of a text, at most `most`.
    pub fn encode(&self, text: &str, most: usize) -> Vec<u32> {
        let mut tokens = Vec::new();
        // A token has one character at least, but words may be unknown as a whole.
        let enough = text.char_indices().nth(most.saturating_mul(LONGEST)).map_or(text.len(), |(place, _)| place);
        let prepared = self.prepared(text.get(..enough).unwrap_or(text));
        for word in words(&prepared) {
            self.pieces(word, &mut tokens);
            if tokens.len() >= most {
                tokens.truncate(most);
                break;
            }
        }
        tokens
    }

    /// The tokens between those that mark the beginning and the end of a text.
    pub fn framed(&self, tokens: Vec<u32>) -> Vec<u32> {
        self.begin.into_iter().chain(tokens).chain(self.end).collect()
    }

    fn prepared(&self, text: &str) -> String {
        let visible = text
            .chars()
            .filter(|letter| !matches!(letter, '\0' | '\u{fffd}') && (!letter.is_control() || letter.is_whitespace()));
        let spaced = visible.flat_map(|letter| {
            let apart = self.split_chinese && chinese(letter);
            [apart.then_some(' '), Some(letter), apart.then_some(' ')].into_iter().flatten()
        });
        let mut prepared: String = spaced.collect();
        if self.accents_off {
            prepared = prepared.nfd().filter(|letter| !is_combining_mark(*letter)).collect();
        }
        if self.lowercase { prepared.to_lowercase() } else { prepared }
    }

    /// The longest pieces from the left; the unknown token if a part of the word is no piece.
    fn pieces(&self, word: &str, tokens: &mut Vec<u32>) {
        let before = tokens.len();
        let mut rest = if word.chars().count() > LONGEST { "" } else { word };
        let mut known = !rest.is_empty();
        let mut piece = String::new();
        while known && !rest.is_empty() {
            let mut ends: Vec<usize> = rest.char_indices().map(|(place, letter)| place + letter.len_utf8()).collect();
            let found = loop {
                let Some(end) = ends.pop() else { break None };
                piece.clear();
                if rest.len() < word.len() {
                    piece.push_str(&self.prefix);
                }
                piece.push_str(rest.get(..end).unwrap_or_default());
                if let Some(token) = self.vocabulary.get(&piece) {
                    break Some((end, *token));
                }
            };
            match found {
                Some((end, token)) => {
                    tokens.push(token);
                    rest = rest.get(end..).unwrap_or_default();
                }
                None => known = false,
            }
        }
        if !known {
            tokens.truncate(before);
            tokens.extend(self.unknown);
        }
    }
}

/// Words, and marks of punctuation each by itself.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|chunk| {
        let mut words = Vec::new();
        let mut start = 0;
        for (place, mark) in chunk.match_indices(punctuation) {
            words.extend(chunk.get(start..place).filter(|word| !word.is_empty()));
            words.push(mark);
            start = place + mark.len();
        }
        words.extend(chunk.get(start..).filter(|word| !word.is_empty()));
        words
    })
}

/// Punctuation of ASCII in the wide sense of BERT, and of Unicode's blocks of punctuation.
fn punctuation(letter: char) -> bool {
    letter.is_ascii_punctuation()
        || matches!(letter,
            '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '،' | '؛' | '؟' | '٪'..='٭' | '۔' | '।' | '॥'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{2043}' | '\u{2045}'..='\u{2051}' | '\u{2053}'..='\u{205e}'
            | '、'..='〃' | '〈'..='】' | '〔'..='〟' | '・' | '！'..='＃' | '％'..='＊' | '，'..='／' | '：' | '；' | '？' | '＠' | '［'..='］' | '＿' | '｛' | '｝' | '｟'..='･')
}

/// CJK ideographs, as BERT has them.
fn chinese(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}
