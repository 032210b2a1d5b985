//! How contributions and answers look to a reader: pieces with their labels, headings, excerpts, redaction marks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{Deref, Range};

use domain::file::MEGABYTE;
use domain::question::{Choosable, ListedService, Lists, Reading};
use domain::{
    Answer, Channel, Chosen, Contribution, Example, FileId, GivenFile, Language, Place, Places, Publishable, Question,
    RespondentKind,
};
use domain::{Slug, Verdict};
use service::{CurrentReview, Listed};

use crate::locale::{Lang, Locale, Said};
use crate::page::check::who;

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

/// A listed place as readers see it: its name, and where it lies.
fn listed_place(locale: Locale, question: &Question, code: Option<&str>) -> Option<String> {
    let places = question.lists.places();
    let place = places.get(code?)?;
    let note = place_note(locale, places, place);
    Some(format!("{} ({note})", place_said(locale, place)))
}

/// The name of a place.
pub(crate) fn place_said(locale: Locale, place: &Place) -> String {
    place.name_in(locale.language()).to_owned()
}

/// What tells a place from another one of the same name: its kind, and what it is a part of.
pub(crate) fn place_note(locale: Locale, places: &Places, place: &Place) -> String {
    let kind = Some(locale.word("place-kind", &place.kind)).filter(|word| !word.is_empty()).unwrap_or(&place.kind);
    let around = places.around(place).map(|around| around.name_in(locale.language()));
    [kind].into_iter().chain(around).collect::<Vec<_>>().join(", ")
}

/// A listed service as readers see it.
fn listed_service(locale: Locale, question: &Question, code: Option<&str>) -> Option<String> {
    Some(service_said(locale, question.lists.service(code?)?))
}

/// The name of a service.
pub(crate) fn service_said(locale: Locale, service: &ListedService) -> String {
    locale.say(&service.name).text.to_owned()
}

/// What an example is about, as its reader calls it.
pub(crate) struct About<'a> {
    /// The service.
    pub service: Option<Said<'a>>,
    /// The place.
    pub place: Option<Said<'a>>,
}

/// What is listed is called in the reader's language, anything else as its author wrote it.
#[derive(Clone, Copy)]
pub(crate) struct Calling<'a> {
    pub locale: Locale,
    pub lists: &'a Lists,
    /// The language of the author.
    pub author: &'a Language,
}

impl<'a> Calling<'a> {
    pub fn about(self, example: &'a Example) -> About<'a> {
        About {
            service: self.service(example.service.as_deref(), example.service_id.as_deref()),
            place: self.place(example.place.as_deref(), example.place_code.as_deref()),
        }
    }

    /// What an answer names, if it is a service or a place.
    fn named(self, answer: &'a Answer) -> Option<Said<'a>> {
        match answer {
            Answer::Service(named) => self.service(Some(&named.name), named.code.as_deref()),
            Answer::Place(named) => self.place(Some(&named.name), named.code.as_deref()),
            _ => None,
        }
    }

    fn service(self, name: Option<&'a str>, code: Option<&str>) -> Option<Said<'a>> {
        let listed = code.and_then(|code| self.lists.service(code));
        listed.map(|service| self.locale.say(&service.name)).or_else(|| self.own(name))
    }

    fn place(self, name: Option<&'a str>, code: Option<&str>) -> Option<Said<'a>> {
        let listed = code.and_then(|code| self.lists.places().get(code));
        let said = |place: &'a Place| Said { text: place.name_in(self.locale.language()), lang: Lang::default() };
        listed.map(said).or_else(|| self.own(name))
    }

    fn own(self, name: Option<&'a str>) -> Option<Said<'a>> {
        Some(Said { text: name?, lang: self.locale.lang(self.author) })
    }
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

/// A contribution on a page that everybody may read. Such pages hold nothing else, and it is made of nothing but what
/// may be shown:
///
/// ```
/// fn page(shown: &domain::Publishable<domain::Contribution>) -> web::Shown<'_> {
///     web::Shown::new(shown)
/// }
/// ```
///
/// What was given does not become a page:
///
/// ```compile_fail,E0308
/// fn leak(given: &domain::Contribution) -> web::Shown<'_> {
///     web::Shown::new(given)
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(&'a Publishable<Contribution>);

impl<'a> Shown<'a> {
    /// The contribution as everybody may read it.
    pub const fn new(contribution: &'a Publishable<Contribution>) -> Self {
        Self(contribution)
    }

    /// What readers find in place of passages struck out of the answer to `question`.
    pub(crate) fn marks(self, question: &Slug) -> Vec<String> {
        let redactions = self.0.content.redactions.iter().filter(|redaction| redaction.question == *question);
        redactions.map(domain::Redaction::mark).collect()
    }

    /// Who speaks, as far as readers may know.
    pub(crate) fn who(self, locale: Locale) -> Vec<String> {
        who(locale, &self.0.content.respondent)
    }

    /// In what capacity they speak.
    pub(crate) fn kind(self, locale: Locale) -> Option<&'static str> {
        self.0.content.respondent.kind.map(|kind| kind_word(locale, kind))
    }

    /// What it is called if it says nothing in words: the call that it answers.
    pub(crate) fn wordless(self, locale: Locale, review: &'a CurrentReview) -> Cow<'a, str> {
        review.call(self.0.call.as_str()).map_or(Cow::Borrowed(""), |call| locale.say(&call.title).text.into())
    }

    /// What stands above it, and whether that is in its author's words.
    pub(crate) fn heading(self, locale: Locale, review: &'a CurrentReview) -> (String, bool) {
        let own = self.0.opening().heading;
        if own.is_empty() { (self.wordless(locale, review).into_owned(), false) } else { (own, true) }
    }

    /// The contribution, for as long as the page may borrow it.
    pub(crate) fn contribution(self) -> &'a Contribution {
        self.0
    }
}

impl Deref for Shown<'_> {
    type Target = Contribution;

    fn deref(&self) -> &Contribution {
        self.0
    }
}

/// A published contribution in a list.
pub(crate) struct Item<'a> {
    /// The contribution.
    pub contribution: Shown<'a>,
    /// Its first words, with what was searched for among them.
    pub heading: Pieces,
    /// Whether the heading is in its author's words.
    pub own_heading: bool,
    /// What it goes on to say.
    pub excerpt: &'a str,
    /// Where the words searched for stand in it.
    pub snippet: Pieces,
    /// Its first example, or the first that was asked for.
    pub example: Option<&'a Example>,
    /// What that is about.
    pub about: Option<About<'a>>,
    /// The questions by whose answers it was found, if that was no example, with what those name.
    pub names: Vec<(Said<'a>, Said<'a>)>,
    /// What its address ends in, so that the list that it was found in can be gone on with.
    pub asked: String,
    /// In what capacity its author speaks.
    pub kind: Option<&'static str>,
    /// The name of the shape of its verdict, and its word.
    pub verdict: Option<(&'static str, &'static str)>,
}

impl Item<'_> {
    /// Whether it came on the pages of the review, which goes without saying.
    pub fn by_web(&self) -> bool {
        self.contribution.channel == Channel::Web
    }

    /// The body that speaks.
    pub fn body(&self) -> Option<&str> {
        self.contribution.content.respondent.organisation.as_ref().map(domain::Line::as_str)
    }

    /// Whether its author holds it up as a model for others.
    pub fn is_model(&self) -> bool {
        self.example.is_some_and(|example| example.model)
    }
}

/// The name of the shape of a verdict, and its word.
pub(crate) fn verdict(locale: Locale, verdict: Verdict) -> (&'static str, &'static str) {
    (verdict.as_str(), locale.word("verdict", verdict.as_str()))
}

/// A contribution as a list shows it. It takes only what may be shown.
pub(crate) fn item<'a>(locale: Locale, review: &'a CurrentReview, listed: &'a Listed) -> Item<'a> {
    let contribution = Shown::new(&listed.contribution);
    let own_heading = !listed.opening.heading.is_empty();
    let example = listed.example.and_then(|number| contribution.contribution().examples().nth(number));
    let calling = Calling { locale, lists: &review.lists, author: &listed.contribution.language };
    let call = review.call(listed.contribution.call.as_str());
    let named = |id: &Slug| {
        let (_, question) = call?.question(id.as_str())?;
        let answer = contribution.contribution().content.answers.get(id)?;
        Some((locale.say(question.read(false).title()), calling.named(answer)?))
    };
    let (heading, snippet) = match &listed.snippet {
        Some(snippet) if own_heading => from_heading(&listed.opening.heading, snippet),
        None if own_heading => (vec![(listed.opening.heading.clone(), false)], vec![]),
        snippet => {
            let heading = vec![(contribution.wordless(locale, review).into_owned(), false)];
            (heading, snippet.clone().unwrap_or_default())
        }
    };
    Item {
        contribution,
        heading,
        own_heading,
        excerpt: &listed.opening.excerpt,
        snippet,
        example,
        about: example.map(|example| calling.about(example)),
        names: listed.names.iter().filter_map(named).collect(),
        asked: String::new(),
        verdict: example.map(|example| verdict(locale, example.verdict)),
        kind: contribution.kind(locale),
    }
}

/// Pieces of text, each with whether it was searched for.
type Pieces = Vec<(String, bool)>;

/// A snippet as its heading and what goes on from there: what the heading says is not said twice.
fn from_heading(heading: &str, snippet: &[(String, bool)]) -> (Pieces, Pieces) {
    let whole: String = snippet.iter().map(|(text, _)| text.as_str()).collect();
    let said = heading.trim_end_matches('…');
    let plain = vec![(heading.to_owned(), false)];
    let Some(rest) = whole.strip_prefix(said).filter(|_| !said.is_empty()) else { return (plain, snippet.to_vec()) };
    let goes_on = whole.len() - rest.trim_start_matches(['.', ',', ';', ':', '?', '!', ' ', '\n']).len();
    let mut first = stretch(snippet, 0..said.len());
    let mut then = stretch(snippet, goes_on..whole.len());
    if heading.ends_with('…') {
        first.push(("…".to_owned(), false));
        then.insert(0, ("…".to_owned(), false));
    }
    // Nothing but the heading was found: what it goes on to say stands beside it, as in any other list.
    if goes_on == whole.len() { (first, vec![]) } else { (first, then) }
}

/// The pieces of a stretch of text, in bytes.
fn stretch(pieces: &[(String, bool)], wanted: Range<usize>) -> Pieces {
    let mut at = 0;
    let mut within = Vec::new();
    for (text, hit) in pieces {
        let cut = |place: usize| place.saturating_sub(at).min(text.len());
        let part = text.get(cut(wanted.start)..cut(wanted.end)).unwrap_or_default();
        if !part.is_empty() {
            within.push((part.to_owned(), *hit));
        }
        at += text.len();
    }
    within
}

/// "a trade union", for a line about who speaks.
pub(crate) fn kind_word(locale: Locale, kind: RespondentKind) -> &'static str {
    locale.word("kind", kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(all: &[(&str, bool)]) -> Pieces {
        all.iter().map(|(text, hit)| ((*text).to_owned(), *hit)).collect()
    }

    #[test]
    fn what_the_heading_says_is_not_said_twice() {
        let snippet = pieces(&[
            ("The ", false),
            ("form", true),
            (" would not save. The ", false),
            ("form", true),
            (" died", false),
        ]);
        let (heading, rest) = from_heading("The form would not save", &snippet);
        assert_eq!(heading, pieces(&[("The ", false), ("form", true), (" would not save", false)]));
        assert_eq!(rest, pieces(&[("The ", false), ("form", true), (" died", false)]));
        let (heading, rest) = from_heading("The form would…", &snippet);
        assert_eq!(heading.last(), Some(&("…".to_owned(), false)));
        assert_eq!(rest.first(), Some(&("…".to_owned(), false)));
        // All of it is in the heading, or none.
        let alone = pieces(&[("No ", false), ("form", true), (".", false)]);
        assert_eq!(from_heading("No form", &alone), (alone[..2].to_vec(), vec![]));
        assert_eq!(from_heading("Élan", &snippet), (pieces(&[("Élan", false)]), snippet));
    }
}
