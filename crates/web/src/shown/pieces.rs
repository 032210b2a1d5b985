//! What an answer says, piece by piece.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::file::MEGABYTE;
use domain::question::{Choosable, Reading};
use domain::{Answer, Chosen, Example, FileId, GivenFile, Question, Slug};

use super::named::{listed_place, listed_service};
use crate::locale::{Lang, Locale, Said};

/// One thing that an answer says.
pub(crate) struct Piece<'a> {
    /// What it is, where the question does not say it.
    pub label: Option<&'static str>,
    /// What it says.
    pub text: Cow<'a, str>,
    /// Whether its author wrote it, in the language of the contribution.
    pub own: bool,
    /// Whether it is prose, whose paragraphs can be cited.
    pub prose: bool,
    /// The language of a text of the team, where it is not the page's.
    pub lang: Lang<'a>,
    /// The file that it names, with what is to be known before it is opened.
    pub file: Option<(FileId, String)>,
}

/// What an answer says, in order.
pub(crate) fn pieces<'a>(locale: Locale, question: &'a Question, answer: &'a Answer) -> Vec<Piece<'a>> {
    pieces_read(locale, question, question.read(false), answer)
}

/// What an answer says, in order, in the words in which the question was read.
pub(crate) fn pieces_read<'a>(
    locale: Locale,
    question: &'a Question,
    reading: Reading<'a>,
    answer: &'a Answer,
) -> Vec<Piece<'a>> {
    let own = |text: &'a str| Piece { text: text.into(), own: true, ..plain() };
    let ours = |text: Cow<'a, str>| Piece { text, ..plain() };
    let label = |list: &'a [Choosable], id: &'a Slug| {
        let found = list.iter().find(|choosable| choosable.id == *id);
        found.map(|choosable| locale.say(reading.label(choosable)))
    };
    let option = |id: &'a Slug| match label(&question.options, id) {
        Some(Said { text, lang }) => Piece { text: text.into(), lang, ..plain() },
        None => ours(id.as_str().into()),
    };
    let chosen = |chosen: &'a Chosen| match chosen {
        Chosen::Other(text) => own(text),
        Chosen::Option(id) => option(id),
    };
    let row = |(row, column): (&'a Slug, &'a Slug)| {
        let row = label(&question.rows, row).map_or(row.as_str(), |said| said.text);
        let column = match locale.word("scale", column.as_str()) {
            word if question.options.is_empty() && !word.is_empty() => word,
            _ => label(&question.options, column).map_or(column.as_str(), |said| said.text),
        };
        ours(format!("{row}: {column}").into())
    };
    let ranked = |(rank, id): (usize, &'a Slug)| {
        let piece = option(id);
        Piece { text: format!("{}. {}", rank + 1, piece.text).into(), ..piece }
    };
    match answer {
        Answer::Text(text) => vec![Piece { prose: true, ..own(text) }],
        Answer::YesNoUnsure(word) => vec![ours(locale.word("yes-no-unsure", word.as_str()).into())],
        Answer::Choice(one) => vec![chosen(one)],
        Answer::Choices(all) => all.iter().map(chosen).collect(),
        Answer::Scale(step) => vec![ours(locale.word("scale", &step.to_string()).into())],
        Answer::Number(number) => vec![ours(amount(locale, question, *number).into())],
        Answer::Date(day) => vec![ours(locale.day(*day).into())],
        Answer::Place(named) => match listed_place(locale, question, named.code.as_deref()) {
            Some(text) => vec![ours(text.into())],
            None => vec![own(&named.name)],
        },
        Answer::Service(named) => match listed_service(locale, question, named.code.as_deref()) {
            Some(text) => vec![ours(text.into())],
            None => vec![own(&named.name)],
        },
        Answer::Ranking(order) => order.iter().enumerate().map(ranked).collect(),
        Answer::Grid(rows) => in_order(question, rows).map(row).collect(),
        Answer::Example(example) => example_pieces(locale, question, example),
        Answer::Files(files) => files.iter().flat_map(|file| file_pieces(locale, file)).collect(),
    }
}

/// The answered rows of a grid, in the order in which they were asked.
fn in_order<'a>(question: &'a Question, rows: &'a BTreeMap<Slug, Slug>) -> impl Iterator<Item = (&'a Slug, &'a Slug)> {
    let asked = question.rows.iter().filter_map(|row| rows.get_key_value(&row.id));
    let dropped = rows.iter().filter(|(id, _)| question.row(id).is_none());
    asked.chain(dropped)
}

/// A piece of the interface that says nothing yet.
fn plain<'a>() -> Piece<'a> {
    Piece { label: None, text: Cow::Borrowed(""), own: false, prose: false, lang: Lang::default(), file: None }
}

/// The name of a file, and what it shows.
fn file_pieces(locale: Locale, file: &GivenFile) -> impl Iterator<Item = Piece<'_>> {
    let known = (!file.struck).then(|| (file.id, file_note(locale, file)));
    let name = Piece { text: file.name.as_str().into(), own: true, file: known, ..plain() };
    let what = file.description.as_deref().map(|text| Piece { text: text.into(), own: true, ..plain() });
    std::iter::once(name).chain(what)
}

/// "PDF, 1.2MB"
pub(crate) fn file_note(locale: Locale, file: &GivenFile) -> String {
    let kind = locale.word("file-kind", file.kind.as_str());
    // Rounded up: nobody is told less than has to be fetched.
    let (unit, whole) = if file.size < MEGABYTE { ("KB", 1 << 10) } else { ("MB", MEGABYTE) };
    let tenths = (file.size * 10).div_ceil(whole);
    let size = match (unit, tenths % 10) {
        ("KB", _) | (_, 0) => tenths.div_ceil(10).to_string(),
        (_, tenth) => format!("{}.{tenth}", tenths / 10),
    };
    format!("{kind}, {size}{unit}")
}

fn example_pieces<'a>(locale: Locale, question: &Question, example: &'a Example) -> Vec<Piece<'a>> {
    let own = |key: &'static str, text| Piece {
        label: Some(locale.word("example", key)),
        text: Cow::Borrowed(text),
        own: true,
        prose: key == "happened",
        ..plain()
    };
    let listed = |key: &'static str, text: String| Piece { text: text.into(), own: false, ..own(key, "") };
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let service = listed_service(locale, question, example.service_id.as_deref()).map(|text| listed("service", text));
    pieces.extend(service.or_else(|| example.service.as_deref().map(|text| own("service", text))));
    let place = listed_place(locale, question, example.place_code.as_deref()).map(|text| listed("place", text));
    pieces.extend(place.or_else(|| example.place.as_deref().map(|text| own("place", text))));
    pieces.push(Piece { own: false, ..own("verdict", locale.word("verdict-ask", example.verdict.as_str())) });
    pieces.push(own("happened", &example.happened));
    if example.model {
        let text = locale.word("example", "model-said").into();
        pieces.push(Piece { text, ..plain() });
    }
    pieces
}

#[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53 is checked just before")]
fn amount(locale: Locale, question: &Question, number: f64) -> String {
    let whole = number.fract() == 0.0 && number.abs() < 9e15;
    let text = if whole { locale.number(number as i64) } else { number.to_string() };
    match &question.unit {
        Some(unit) => format!("{text} {}", locale.say(unit)),
        None => text,
    }
}
