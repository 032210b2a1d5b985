//! Where the words that were searched for stand in a text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::Line;
use tantivy::snippet::SnippetGenerator;

use super::document::{self, ENGLISH, FOLDED};
use super::wanted::words_query;
use super::{Search, outcome};
use crate::error::Result;

/// A text in pieces, each with whether it is one of the words that were searched for.
pub type Pieces = Vec<(String, bool)>;

impl Search {
    /// The part of `text` where `words` stand, of at most `longest` bytes. `None` if none does.
    pub fn snippet(&self, words: &Line, text: &str, longest: usize) -> Result<Option<Pieces>> {
        let searcher = self.reader.searcher();
        let query = words_query(&self.index, &self.fields, words);
        for field in [self.fields.text, self.fields.english] {
            let mut generator = SnippetGenerator::create(&searcher, &query, field).map_err(outcome)?;
            generator.set_max_num_chars(longest);
            let snippet = generator.snippet(text);
            if !snippet.highlighted().is_empty() {
                return Ok(Some(pieces(snippet.fragment(), snippet.highlighted())));
            }
        }
        Ok(None)
    }
}

impl Search {
    /// Where `words` stand in `text`, in bytes, from the beginning to the end: all that they could mean, however many.
    pub fn hits(&self, words: &Line, text: &str) -> Vec<Range<usize>> {
        let mut hits = BTreeMap::new();
        for tokenizer in [FOLDED, ENGLISH] {
            let wanted: BTreeSet<String> =
                document::words(&self.index, tokenizer, words.as_str()).into_iter().collect();
            if let Some(mut analyzer) = self.index.tokenizers().get(tokenizer) {
                analyzer.token_stream(text).process(&mut |token| {
                    if wanted.contains(&token.text) {
                        hits.insert(token.offset_from, token.offset_to);
                    }
                });
            }
        }
        hits.into_iter().map(|(from, to)| from..to).collect()
    }
}

fn pieces(fragment: &str, hits: &[Range<usize>]) -> Pieces {
    let mut pieces = Vec::new();
    let mut at = 0;
    for hit in hits.iter().filter(|hit| !hit.is_empty()) {
        if hit.start > at {
            pieces.push((fragment[at..hit.start].to_owned(), false));
        }
        if hit.end > at {
            pieces.push((fragment[hit.start.max(at)..hit.end].to_owned(), true));
            at = hit.end;
        }
    }
    if at < fragment.len() {
        pieces.push((fragment[at..].to_owned(), false));
    }
    pieces
}
