//! A contribution as it is read: its answers in paragraphs, each with an address of its own, with what was struck out and
//! what was searched for marked in them.

use std::ops::Range;

use domain::{Call, FileId};

use crate::locale::{Lang, Locale, Said};
use crate::shown::Shown;
use crate::shown::pieces::{Piece, pieces};

/// Words that people read in a minute, silently, of English non-fiction (M. Brysbaert, "How many words do we read per
/// minute?", Journal of Memory and Language 109, 2019).
const A_MINUTE: usize = 238;

/// A question with its answer.
pub(crate) struct Read<'a> {
    /// What its address ends in: `answer.barriers`.
    pub id: String,
    /// The title of the question.
    pub title: Said<'a>,
    /// What was answered.
    pub parts: Vec<Part<'a>>,
}

/// A part of an answer.
pub(crate) struct Part<'a> {
    /// What it is, where the question does not say it.
    pub label: Option<&'static str>,
    /// Whether its author wrote it, in the language of the contribution.
    pub own: bool,
    /// The language of a text of the team, where it is not the page's.
    pub lang: Lang<'a>,
    /// The file that it names, with what is to be known before it is opened.
    pub file: Option<(FileId, String)>,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph.
pub(crate) struct Paragraph {
    /// Its number within the answer, from 1; none for what is no prose.
    pub number: Option<usize>,
    /// What its address ends in: `answer.barriers.2`.
    pub id: String,
    /// Its text, cut where a mark begins or ends.
    pub text: Vec<(String, Mark)>,
}

/// How a stretch of text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Not at all.
    None,
    /// It stands in place of what was struck out.
    Struck,
    /// It was searched for.
    Hit,
}

impl Mark {
    pub fn struck(self) -> bool {
        self == Self::Struck
    }

    pub fn hit(self) -> bool {
        self == Self::Hit
    }
}

impl Paragraph {
    /// Its text without marks.
    pub fn plain(&self) -> String {
        self.text.iter().map(|(text, _)| text.as_str()).collect()
    }
}

impl Read<'_> {
    /// Whether its paragraphs are numbered for everybody to see: where there are several.
    pub fn numbered(&self) -> bool {
        self.parts.iter().flat_map(|part| &part.paragraphs).filter(|paragraph| paragraph.number.is_some()).count() > 1
    }
}

/// The answers of a contribution, in the order of the questions.
pub(crate) fn answers<'a>(
    locale: Locale,
    call: Option<&'a Call>,
    contribution: Shown<'a>,
    hits: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Vec<Read<'a>> {
    let given = &contribution.contribution().content.answers;
    let questions = call.into_iter().flat_map(|call| &call.questions);
    let read = |question: &'a domain::Question| -> Option<Read<'a>> {
        let answer = given.get(&question.id)?;
        let (id, marks) = (id(&question.id), contribution.marks(&question.id));
        let mut number = 0;
        let part = |piece: Piece<'a>| Part {
            paragraphs: paragraphs(&piece, &id, &mut number, &marks, hits),
            label: piece.label,
            own: piece.own,
            lang: piece.lang,
            file: piece.file,
        };
        let parts = pieces(locale, question, answer).into_iter().map(part).collect();
        Some(Read { title: locale.say(&question.title), parts, id })
    };
    questions.filter_map(read).collect()
}

/// What the address of an answer ends in.
pub(crate) fn id(question: &domain::Slug) -> String {
    format!("answer.{question}")
}

/// Paragraphs count as they were given: what is struck out leaves a mark in each that it touched, so that none moves.
fn paragraphs(
    piece: &Piece<'_>,
    id: &str,
    number: &mut usize,
    marks: &[String],
    hits: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Vec<Paragraph> {
    let lines = piece.text.lines().filter(|line| !line.trim().is_empty());
    let paragraph = |line: &str| {
        let own = piece.own && piece.prose;
        *number += usize::from(own);
        let hits = if piece.own { hits(line) } else { vec![] };
        Paragraph {
            number: own.then_some(*number),
            id: if own { format!("{id}.{number}") } else { String::new() },
            text: cut(line, marks, &hits),
        }
    };
    lines.map(paragraph).collect()
}

/// Cuts a line where a redaction mark or a hit begins or ends.
fn cut(line: &str, marks: &[String], hits: &[Range<usize>]) -> Vec<(String, Mark)> {
    let mut stretches: Vec<(Range<usize>, Mark)> = Vec::new();
    for mark in marks {
        stretches.extend(line.match_indices(mark.as_str()).map(|(at, found)| (at..at + found.len(), Mark::Struck)));
    }
    stretches.extend(hits.iter().map(|hit| (hit.clone(), Mark::Hit)));
    stretches.sort_by_key(|(range, mark)| (range.start, mark.hit()));
    let mut pieces = Vec::new();
    let mut at = 0;
    for (range, mark) in stretches {
        // A hit inside the words of a redaction mark is none.
        let (Some(before), Some(marked)) = (line.get(at..range.start), line.get(range.clone())) else { continue };
        pieces.push((before.to_owned(), Mark::None));
        pieces.push((marked.to_owned(), mark));
        at = range.end;
    }
    pieces.push((line.get(at..).unwrap_or_default().to_owned(), Mark::None));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

/// How many minutes it takes to read, at least 1.
pub(crate) fn minutes(contribution: Shown<'_>) -> i64 {
    let words: usize = contribution.own_words().iter().map(|text| text.split_whitespace().count()).sum();
    i64::try_from(words.div_ceil(A_MINUTE).max(1)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_hits_are_cut_out_and_nothing_is_lost() {
        let marks = ["[redacted: names a bus]".to_owned()];
        let line = "The bus [redacted: names a bus] is no bus.";
        let hits: Vec<Range<usize>> = line.match_indices("bus").map(|(at, found)| at..at + found.len()).collect();
        let pieces = cut(line, &marks, &hits);
        assert_eq!(pieces.iter().map(|(text, _)| text.as_str()).collect::<String>(), line);
        let marked: Vec<_> =
            pieces.iter().filter(|(_, mark)| *mark != Mark::None).map(|(t, m)| (t.as_str(), *m)).collect();
        assert_eq!(marked, [("bus", Mark::Hit), (marks[0].as_str(), Mark::Struck), ("bus", Mark::Hit)]);
    }
}
