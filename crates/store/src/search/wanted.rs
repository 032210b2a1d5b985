//! What somebody wants to find, as a query of the index.

use std::ops::Bound;

use domain::catalogue::Meant;
use domain::question::Lists;
use domain::{Day, Filter, Line, ReviewId, Zone};
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Index, Term};

use super::document::{
    ANY, ENGLISH, EXAMPLES, FOLDED, Fields, MODEL, Marks, PLACE, SERVICE, numbered, verdict_mark, words,
};

/// Nobody types more words than that by hand; a longer list would only make the server work.
pub(super) const MOST_WORDS: usize = 30;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The review.
    pub review: ReviewId,
    /// What must be true of it.
    pub filter: &'a Filter,
    /// What the names of its services and places mean.
    pub lists: &'a Lists,
    /// Where its days begin and end.
    pub zone: &'a Zone,
}

/// Parts of a query.
pub(super) type Clauses = Vec<(Occur, Box<dyn Query>)>;

impl Wanted<'_> {
    /// The query; `None` if nothing can be meant by the words, so that nothing is found.
    pub(super) fn query(&self, index: &Index, fields: &Fields) -> Option<BooleanQuery> {
        let filter = self.filter;
        let exact = [
            (fields.review, Some(self.review.0.to_string())),
            (fields.call, filter.call.as_ref().map(ToString::to_string)),
            (fields.form, filter.form.map(|form| form.to_string())),
            (fields.kind, filter.kind.map(|kind| kind.to_string())),
            (fields.channel, filter.channel.map(|channel| channel.to_string())),
            (fields.language, filter.language.as_ref().map(ToString::to_string)),
            (fields.late, filter.late.then(|| "yes".to_owned())),
        ];
        let mut must: Vec<Box<dyn Query>> =
            exact.into_iter().filter_map(|(field, text)| Some(term(field, &text?))).collect();
        if filter.asks_for_examples() {
            must.push(self.examples(fields)?);
        }
        must.extend(self.days(fields));
        // What narrows down says nothing about which match is best.
        let narrowed: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::intersection(must)), 0.0));
        let mut clauses: Clauses = vec![(Occur::Must, narrowed), (Occur::Should, Box::new(AllQuery))];
        if let Some(typed) = &filter.words {
            clauses.extend(Some(typed_words(index, fields, typed.as_str())).filter(|found| !found.is_empty())?);
        }
        Some(BooleanQuery::new(clauses))
    }

    /// Everything that is asked of an example must be true of the same one.
    fn examples(&self, fields: &Fields) -> Option<Box<dyn Query>> {
        let sought = self.filter.sought(self.lists);
        let mut marks: Vec<String> = self.filter.verdict.map(verdict_mark).into_iter().collect();
        marks.extend(self.filter.model.then(|| MODEL.to_owned()));
        marks.extend(self.filter.example.then(|| ANY.to_owned()));
        let names = [(&sought.service, SERVICE), (&sought.place, PLACE)];
        let names = names.into_iter().filter_map(|(meant, marks)| Some(Name::of(meant.as_ref()?, &marks)));
        // A name that has neither words nor a code is nobody's.
        let names: Vec<Name> = names.map(|name| Some(name).filter(Name::is_any)).collect::<Option<_>>()?;
        let one = |number: usize| -> Box<dyn Query> {
            let marks = marks.iter().map(|mark| term(fields.example, &numbered(number, mark)));
            let names = names.iter().map(|name| name.query(fields.example, number));
            Box::new(BooleanQuery::intersection(marks.chain(names).collect()))
        };
        Some(Box::new(BooleanQuery::union((0..EXAMPLES).map(one).collect())))
    }

    fn days(&self, fields: &Fields) -> Option<Box<dyn Query>> {
        let bound = |moment: jiff::Timestamp| Term::from_field_i64(fields.published_at, moment.as_microsecond());
        let from = self.filter.from.map(|day: Day| bound(day.begins(self.zone)));
        let until = self.filter.until.map(|day: Day| bound(day.ends(self.zone)));
        let some = from.is_some() || until.is_some();
        let lower = from.map_or(Bound::Unbounded, Bound::Included);
        let upper = until.map_or(Bound::Unbounded, Bound::Excluded);
        some.then(|| -> Box<dyn Query> { Box::new(RangeQuery::new(lower, upper)) })
    }
}

/// The marks of a service or a place that may be meant: all of the words, or one of the codes.
struct Name {
    words: Vec<String>,
    codes: Vec<String>,
}

impl Name {
    fn of(meant: &Meant, marks: &Marks) -> Self {
        Self {
            words: meant.words.iter().take(MOST_WORDS).map(|word| marks.word(word)).collect(),
            codes: meant.codes.iter().map(|code| marks.code(code)).collect(),
        }
    }

    fn is_any(&self) -> bool {
        !self.words.is_empty() || !self.codes.is_empty()
    }

    fn query(&self, field: Field, number: usize) -> Box<dyn Query> {
        let term_of = |mark: &String| Term::from_field_text(field, &numbered(number, mark));
        let mut either: Vec<Box<dyn Query>> = Vec::new();
        if !self.words.is_empty() {
            let words = self.words.iter().map(|mark| term(field, &numbered(number, mark)));
            either.push(Box::new(BooleanQuery::intersection(words.collect())));
        }
        if !self.codes.is_empty() {
            either.push(Box::new(TermSetQuery::new(self.codes.iter().map(term_of))));
        }
        Box::new(BooleanQuery::union(either))
    }
}

/// One clause for each word or quoted phrase; the stem of an English word counts as the word.
pub(super) fn typed_words(index: &Index, fields: &Fields, typed: &str) -> Clauses {
    let mut clauses = Clauses::new();
    for (at, part) in typed.split('"').enumerate() {
        let quoted = at % 2 == 1;
        let folded = terms(index, FOLDED, fields.text, part);
        if quoted && folded.len() > 1 {
            clauses.push((Occur::Must, Box::new(PhraseQuery::new(folded))));
            continue;
        }
        let stems = terms(index, ENGLISH, fields.english, part);
        for (word, stem) in folded.into_iter().zip(stems) {
            let either = [word, stem]
                .map(|term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) });
            clauses.push((Occur::Must, Box::new(BooleanQuery::union(either.into()))));
        }
    }
    clauses
}

fn terms(index: &Index, tokenizer: &str, field: Field, text: &str) -> Vec<Term> {
    let found = words(index, tokenizer, text);
    found.iter().take(MOST_WORDS).map(|word| Term::from_field_text(field, word)).collect()
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

/// The words of a line, for the part of a text that holds them.
pub(super) fn words_query(index: &Index, fields: &Fields, line: &Line) -> BooleanQuery {
    BooleanQuery::new(typed_words(index, fields, line.as_str()))
}
