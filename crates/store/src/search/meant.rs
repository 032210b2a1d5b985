//! What somebody may have meant by words of which nothing is found: words of what is published, one slip away.

use domain::{Filter, Line};
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;

use super::document::{self, FOLDED};
use super::wanted::MOST_WORDS;
use super::{Search, Wanted, outcome};
use crate::error::Result;

/// Shorter words are one slip away from too many others.
const SHORTEST: usize = 4;
/// So many of the words nearby are tried, the commonest first.
const TRIED: usize = 5;

impl Search {
    /// The words that were typed, with those that stand nowhere in this review put right; `None` if that finds nothing either.
    ///
    /// The dictionary of the index also has words of other reviews, and of what is not published any more until it is wiped. So
    /// a word counts only where something that can be found now has it.
    pub fn meant(&self, wanted: &Wanted<'_>) -> Result<Option<String>> {
        let Some(typed) = wanted.filter.words.as_ref().filter(|typed| !typed.as_str().contains('"')) else {
            return Ok(None);
        };
        let mut words = document::words(&self.index, FOLDED, typed.as_str());
        words.truncate(MOST_WORDS);
        let mut changed = false;
        for word in &mut words {
            if !self.stands(wanted, word)? {
                let Some(near) = self.nearest(wanted, word)? else { return Ok(None) };
                *word = near;
                changed = true;
            }
        }
        let words = words.join(" ");
        let found = changed && self.finds(wanted, wanted.filter, &words)?;
        Ok(found.then_some(words))
    }

    /// Whether anything in this review has that word.
    fn stands(&self, wanted: &Wanted<'_>, word: &str) -> Result<bool> {
        self.finds(wanted, &Filter::default(), word)
    }

    fn finds(&self, wanted: &Wanted<'_>, filter: &Filter, words: &str) -> Result<bool> {
        let Ok(words) = words.parse::<Line>() else { return Ok(false) };
        let filter = Filter { words: Some(words), ..filter.clone() };
        Ok(self.count(&Wanted { filter: &filter, ..*wanted })? > 0)
    }

    fn nearest(&self, wanted: &Wanted<'_>, word: &str) -> Result<Option<String>> {
        if word.chars().count() < SHORTEST || word.contains(|char: char| char.is_ascii_digit()) {
            return Ok(None);
        }
        let term = Term::from_field_text(self.fields.text, word);
        let slips = FuzzyTermQuery::new(term, 1, true).automaton().map_err(outcome)?;
        let mut near: Vec<(u32, String)> = Vec::new();
        for segment in self.reader.searcher().segment_readers() {
            let index = segment.inverted_index(self.fields.text).map_err(outcome)?;
            let mut terms = index.terms().search(&slips).into_stream().map_err(|error| outcome(error.into()))?;
            while terms.advance() {
                if let Ok(known) = std::str::from_utf8(terms.key())
                    && known != word
                {
                    near.push((terms.value().doc_freq, known.to_owned()));
                }
            }
        }
        near.sort_by(|one, next| next.0.cmp(&one.0).then_with(|| one.1.cmp(&next.1)));
        near.dedup_by(|one, next| one.1 == next.1);
        for (_, known) in near.into_iter().take(TRIED) {
            if self.stands(wanted, &known)? {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }
}
