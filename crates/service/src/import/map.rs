//! The map of an import: which column of the file is which part of a contribution. TOML; `docs/import.md` describes it.

use std::collections::BTreeMap;

use domain::{Call, Fields, Kind, Language, Line, Question, Release, Respondent, RespondentKind, Slug};
use encoding_rs::Encoding;
use serde::Deserialize;

use super::csv::Shape;

/// A map, as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The column with the name of each row in the system that it comes from.
    pub source: String,
    /// What stands between cells, if it is not to be detected.
    #[serde(default)]
    pub separator: Option<String>,
    /// How characters are encoded, if it is not to be detected.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The language that people wrote, if it is not the main one of the review.
    #[serde(default)]
    pub language: Option<Language>,
    /// What may be done with what is brought over.
    pub release: Release,
    /// The column with the day or moment at which it came.
    #[serde(default)]
    pub received: Option<String>,
    /// Who speaks.
    #[serde(default)]
    pub respondent: RespondentMap,
    /// The answers.
    #[serde(default, rename = "answer")]
    pub answers: Vec<AnswerMap>,
}

/// Which columns say who speaks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RespondentMap {
    /// The kind, the same for every row or by column.
    #[serde(default)]
    pub kind: Option<KindMap>,
    /// The column with the name of the person.
    #[serde(default)]
    pub name: Option<String>,
    /// The column with the name of the body.
    #[serde(default)]
    pub organisation: Option<String>,
    /// The column with the number of members.
    #[serde(default)]
    pub members: Option<String>,
    /// The column that says how the members were asked.
    #[serde(default)]
    pub asked: Option<String>,
}

/// The kind of respondent.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum KindMap {
    /// The same for every row.
    Fixed(RespondentKind),
    /// What stands in a column, word for word.
    Column {
        /// The column.
        column: String,
        /// The kind for each word.
        values: BTreeMap<String, RespondentKind>,
    },
}

/// Which columns answer a question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerMap {
    /// The question of the call.
    pub question: Slug,
    /// The column with the answer.
    #[serde(default)]
    pub column: Option<String>,
    /// Columns by field, for answers of several parts: other; service, place, verdict, happened, model; `answer-` and the
    /// id of each row of a grid, or of each option that was given a place.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// What a cell stands for, where it is neither the id nor the label of an option.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Cells that mean that nothing was said.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// What stands between several options or files in one cell: any number of them, or some in order.
    #[serde(default)]
    pub between: Option<String>,
}

/// What is wrong with a map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// It cannot be read.
    #[error("line {line}: {message}")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A column that the file does not have, or has twice.
    #[error("the file has {found} columns named \"{name}\"; it has: {header}")]
    Column {
        /// The column.
        name: String,
        /// How many there are.
        found: &'static str,
        /// The columns that there are.
        header: String,
    },
    /// A question that the call does not ask.
    #[error("the call does not ask a question `{0}`")]
    Question(Slug),
    /// A question that is mapped twice.
    #[error("question `{0}` is mapped twice")]
    Twice(Slug),
    /// A separator that is not one character.
    #[error("`separator` must be one character, such as \";\"")]
    Separator,
    /// An encoding that nobody knows.
    #[error("`encoding` {0:?} is not known; try \"utf-8\" or \"windows-1252\"")]
    Encoding(String),
}

impl Map {
    /// Reads a map.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        toml::from_str(text).map_err(|error| {
            let line = crate::definition::line_of(text, error.span().map_or(0, |span| span.start));
            MapError::Toml { line, message: error.message().to_owned() }
        })
    }

    pub(super) fn shape(&self) -> Result<Shape, MapError> {
        let separator = match self.separator.as_deref().map(str::as_bytes) {
            None => None,
            Some([byte]) => Some(*byte),
            Some(_) => return Err(MapError::Separator),
        };
        let known =
            |label: &String| Encoding::for_label(label.as_bytes()).ok_or_else(|| MapError::Encoding(label.clone()));
        Ok(Shape { separator, encoding: self.encoding.as_ref().map(known).transpose()? })
    }

    /// Finds the columns in the file and the questions in the call.
    pub(super) fn columns(&self, header: &[String], call: &Call) -> Result<Columns, MapError> {
        let find = |name: &String| -> Result<usize, MapError> {
            let mut places = header.iter().enumerate().filter(|(_, column)| *column == name.trim()).map(|(at, _)| at);
            match (places.next(), places.next()) {
                (Some(at), None) => Ok(at),
                (first, _) => Err(MapError::Column {
                    name: name.clone(),
                    found: if first.is_some() { "several" } else { "no" },
                    header: header.join(" | "),
                }),
            }
        };
        let find_some = |name: &Option<String>| name.as_ref().map(find).transpose();
        let mut answers: Vec<AnswerColumns> = Vec::new();
        for answer in &self.answers {
            let (place, _) =
                call.question(answer.question.as_str()).ok_or_else(|| MapError::Question(answer.question.clone()))?;
            if answers.iter().any(|earlier| earlier.question == place) {
                return Err(MapError::Twice(answer.question.clone()));
            }
            let is_file = call.questions.get(place).is_some_and(|question| question.kind == Kind::File);
            let field = if is_file { domain::file::FILE } else { domain::question::ANSWER };
            let main = answer.column.as_ref().map(|column| Ok((field.to_owned(), find(column)?)));
            let more = answer.fields.iter().map(|(field, column)| Ok((field.clone(), find(column)?)));
            let fields = main.into_iter().chain(more).collect::<Result<_, MapError>>()?;
            answers.push(AnswerColumns { question: place, fields, map: answer.clone() });
        }
        let kind = match &self.respondent.kind {
            None => KindColumn::Fixed(None),
            Some(KindMap::Fixed(kind)) => KindColumn::Fixed(Some(*kind)),
            Some(KindMap::Column { column, values }) => KindColumn::Column(find(column)?, values.clone()),
        };
        Ok(Columns {
            source: find(&self.source)?,
            source_name: self.source.clone(),
            received: find_some(&self.received)?,
            release: self.release,
            kind,
            name: find_some(&self.respondent.name)?,
            organisation: find_some(&self.respondent.organisation)?,
            members: find_some(&self.respondent.members)?,
            asked: find_some(&self.respondent.asked)?,
            answers,
        })
    }
}

/// A map whose columns have been found in the file.
pub(super) struct Columns {
    source: usize,
    source_name: String,
    received: Option<usize>,
    release: Release,
    kind: KindColumn,
    name: Option<usize>,
    organisation: Option<usize>,
    members: Option<usize>,
    asked: Option<usize>,
    answers: Vec<AnswerColumns>,
}

enum KindColumn {
    Fixed(Option<RespondentKind>),
    Column(usize, BTreeMap<String, RespondentKind>),
}

impl Columns {
    pub(super) fn source<'a>(&self, cells: &'a [String]) -> &'a str {
        cells.get(self.source).map_or("", String::as_str)
    }

    pub(super) fn source_name(&self) -> &str {
        &self.source_name
    }

    pub(super) fn release(&self) -> Release {
        self.release
    }

    pub(super) fn received<'a>(&self, cells: &'a [String]) -> Option<&'a str> {
        self.received.and_then(|at| cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// Who speaks, or everything that is wrong about it.
    pub(super) fn respondent(&self, cells: &[String]) -> Result<Respondent, Vec<String>> {
        let mut reasons = Vec::new();
        let cell =
            |at: Option<usize>| at.and_then(|at| cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let mut line = |what: &str, at: Option<usize>| -> Option<Line> {
            let parsed: Result<Line, _> = cell(at)?.parse();
            parsed.map_err(|error| reasons.push(format!("the {what} {error}"))).ok()
        };
        let (name, organisation) = (line("name", self.name), line("name of the organisation", self.organisation));
        let asked = line("way in which members were asked", self.asked);
        let members = cell(self.members).and_then(|text| {
            let members = Respondent::count(text);
            if members.is_none() {
                reasons.push(format!("the number of members, \"{text}\", is not a whole number"));
            }
            members
        });
        let kind = match &self.kind {
            KindColumn::Fixed(kind) => *kind,
            KindColumn::Column(at, values) => cell(Some(*at)).and_then(|text| {
                let kind = values.get(text).copied();
                if kind.is_none() {
                    reasons.push(format!("the map does not say what kind of respondent \"{text}\" is"));
                }
                kind
            }),
        };
        if reasons.is_empty() { Ok(Respondent { kind, name, organisation, members, asked }) } else { Err(reasons) }
    }

    /// The questions that are answered, with their columns.
    pub(super) fn answers<'a>(&'a self, call: &'a Call) -> impl Iterator<Item = (&'a AnswerColumns, &'a Question)> {
        self.answers.iter().filter_map(|answer| Some((answer, call.questions.get(answer.question)?)))
    }
}

/// The columns of one answer.
pub(super) struct AnswerColumns {
    question: usize,
    fields: Vec<(String, usize)>,
    map: AnswerMap,
}

impl AnswerColumns {
    /// What the cells say, as a form would.
    pub(super) fn fields(&self, cells: &[String], question: &Question) -> Fields {
        let mut fields = Fields::default();
        for (field, at) in &self.fields {
            let cell = cells.get(*at).map_or("", String::as_str);
            if self.map.nothing.iter().any(|nothing| nothing == cell.trim()) {
                continue;
            }
            match (&self.map.between, question.kind) {
                (Some(between), Kind::Choices | Kind::Ranking | Kind::File)
                    if [domain::question::ANSWER, domain::file::FILE].contains(&field.as_str()) =>
                {
                    for part in cell.split(between.as_str()).filter(|part| !part.trim().is_empty()) {
                        fields.push(field, self.meaning(part.trim(), question));
                    }
                }
                _ => fields.push(field, self.meaning(cell, question)),
            }
        }
        fields
    }

    /// What a cell stands for: as the map says, or the option whose label it is, or itself.
    fn meaning(&self, cell: &str, question: &Question) -> String {
        let trimmed = cell.trim();
        if let Some(value) = self.map.values.get(trimmed) {
            return value.clone();
        }
        let labelled = |option: &&domain::question::Choosable| option.label.iter().any(|(_, label)| label == trimmed);
        question.options.iter().find(labelled).map_or_else(|| cell.to_owned(), |option| option.id.to_string())
    }
}
