//! Answers, as they are kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::Named;
use crate::fields::Fields;
use crate::file::GivenFile;
use crate::id::Slug;
use crate::question::{ANSWER, ListedFields, OTHER, OTHER_OPTION, part};
use crate::time::Day;

crate::words! {
    /// Yes, no, or not sure.
    YesNoUnsure {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not sure.
        Unsure = "unsure",
    }
}

crate::words! {
    /// What an example shows.
    Verdict {
        /// It works.
        Works = "works",
        /// It failed.
        Failed = "failed",
        /// Some of both.
        Mixed = "mixed",
    }
}

/// An option, or something else in the person's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chosen {
    /// One of the options of the question.
    Option(Slug),
    /// Something else.
    Other(String),
}

/// A service that works, or that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Which service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Its id in the list of the review, if it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The code of the place, if it is in the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_code: Option<String>,
    /// What it shows.
    pub verdict: Verdict,
    /// What happened.
    pub happened: String,
    /// Whether the person holds it up as a model for others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub model: bool,
}

/// An answer to a question of the kind of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Short or long text.
    Text(String),
    /// Yes, no, or not sure.
    YesNoUnsure(YesNoUnsure),
    /// One option.
    Choice(Chosen),
    /// Several options, in the order given; at most one in the person's own words.
    Choices(Vec<Chosen>),
    /// 1 (strongly disagree) to 5 (strongly agree).
    Scale(u8),
    /// A finite number.
    Number(f64),
    /// A day.
    Date(Day),
    /// A place.
    Place(Named),
    /// A service.
    Service(Named),
    /// Options, the first one first.
    Ranking(Vec<Slug>),
    /// The answer to each row that has one.
    Grid(BTreeMap<Slug, Slug>),
    /// An example.
    Example(Example),
    /// Files.
    Files(Vec<GivenFile>),
}

impl Answer {
    /// The fields that would give this answer again, to fill a form with. Files do not come in fields.
    pub fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        match self {
            Self::Text(text) => fields.push(ANSWER, text),
            Self::YesNoUnsure(word) => fields.push(ANSWER, word.as_str()),
            Self::Choice(chosen) => push_chosen(&mut fields, chosen),
            Self::Choices(all) => all.iter().for_each(|chosen| push_chosen(&mut fields, chosen)),
            Self::Scale(step) => fields.push(ANSWER, step.to_string()),
            Self::Number(number) => fields.push(ANSWER, number.to_string()),
            Self::Date(day) => {
                fields.push("answer-day", day.0.day().to_string());
                fields.push("answer-month", day.0.month().to_string());
                fields.push("answer-year", day.0.year().to_string());
            }
            Self::Place(named) | Self::Service(named) => {
                ListedFields::ALONE.push(&mut fields, &named.name, named.code.as_deref());
            }
            Self::Ranking(order) => {
                order.iter().zip(1..).for_each(|(option, rank)| fields.push(part(option), rank.to_string()));
            }
            Self::Grid(rows) => rows.iter().for_each(|(row, column)| fields.push(part(row), column.as_str())),
            Self::Example(example) => {
                let service = (ListedFields::SERVICE, &example.service, &example.service_id);
                let place = (ListedFields::PLACE, &example.place, &example.place_code);
                for (listed, name, code) in [service, place] {
                    name.iter().for_each(|name| listed.push(&mut fields, name, code.as_deref()));
                }
                fields.push("verdict", example.verdict.as_str());
                fields.push("happened", &example.happened);
                if example.model {
                    fields.push("model", "yes");
                }
            }
            Self::Files(_) => {}
        }
        fields
    }

    /// Every text in the person's own words, with the name of the field that it came in.
    pub fn own_words(&self) -> Vec<(Cow<'static, str>, &str)> {
        match self {
            Self::Text(text) => vec![(ANSWER.into(), text)],
            Self::Choice(Chosen::Other(text)) => vec![(OTHER.into(), text)],
            Self::Choices(all) => all
                .iter()
                .filter_map(|c| if let Chosen::Other(t) = c { Some((OTHER.into(), t.as_str())) } else { None })
                .collect(),
            Self::Place(Named { code: None, name }) | Self::Service(Named { code: None, name }) => {
                vec![(ANSWER.into(), name)]
            }
            Self::Example(example) => {
                let mut words = vec![("happened".into(), example.happened.as_str())];
                words.extend(example.service.iter().map(|text| ("service".into(), text.as_str())));
                words.extend(example.place.iter().map(|text| ("place".into(), text.as_str())));
                words
            }
            Self::Files(files) => {
                files.iter().flat_map(GivenFile::own_words).map(|(field, text)| (field.into(), text)).collect()
            }
            _ => vec![],
        }
    }

    /// Its files, if it is an answer of files.
    pub fn files(&self) -> &[GivenFile] {
        if let Self::Files(files) = self { files } else { &[] }
    }

    /// Every text that it can be found by: own words, and the names of listed things.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Self::Place(named) | Self::Service(named) => vec![&named.name],
            other => other.own_words().into_iter().map(|(_, text)| text).collect(),
        }
    }

    /// The text that came in `field`, to be changed by a redaction. What stands for the same in a list goes.
    pub(crate) fn own_words_mut(&mut self, field: &str) -> Option<&mut String> {
        match (self, field) {
            (Self::Text(text), ANSWER) | (Self::Choice(Chosen::Other(text)), OTHER) => Some(text),
            (Self::Choices(all), OTHER) => {
                all.iter_mut().find_map(|c| if let Chosen::Other(text) = c { Some(text) } else { None })
            }
            (Self::Example(example), "happened") => Some(&mut example.happened),
            (Self::Place(Named { code: None, name }) | Self::Service(Named { code: None, name }), ANSWER) => Some(name),
            (Self::Example(example), "service") => {
                example.service_id = None;
                example.service.as_mut()
            }
            (Self::Example(example), "place") => {
                example.place_code = None;
                example.place.as_mut()
            }
            (Self::Files(files), _) => files.iter_mut().find_map(|file| file.own_words_mut(field)),
            _ => None,
        }
    }
}

fn push_chosen(fields: &mut Fields, chosen: &Chosen) {
    match chosen {
        Chosen::Option(option) => fields.push(ANSWER, option.as_str()),
        Chosen::Other(text) => {
            fields.push(ANSWER, OTHER_OPTION);
            fields.push(OTHER, text);
        }
    }
}

/// Why something given is not an answer. `field` is the name of the field to be mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It must be answered, or this part of it must.
    #[error("{field}: nothing was given")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// Longer than allowed, in code points.
    #[error("{field}: {by} characters too long: {max} are allowed")]
    TooLong {
        /// The field.
        field: &'static str,
        /// The most that is allowed.
        max: usize,
        /// How many too many.
        by: usize,
    },
    /// A control character.
    #[error("{field}: contains a control character")]
    Control {
        /// The field.
        field: &'static str,
    },
    /// Not one of the options.
    #[error("{field}: not one of the options")]
    NotAnOption {
        /// The field.
        field: &'static str,
    },
    /// Not a number.
    #[error("{field}: not a number")]
    NotANumber {
        /// The field.
        field: &'static str,
    },
    /// A number outside its bounds.
    #[error("{field}: out of range")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The smallest allowed.
        min: Option<i64>,
        /// The largest allowed.
        max: Option<i64>,
    },
    /// Not a day of the calendar.
    #[error("{field}: not a day of the calendar")]
    NotADate {
        /// The field.
        field: &'static str,
    },
    /// Several entries of a list could be meant.
    #[error("{field}: several entries of the list could be meant")]
    Several {
        /// The field in which one is picked.
        field: &'static str,
    },
    /// Several options have the same place in an order.
    #[error("answer: place {rank} is given to several options: {}", options.iter().map(Slug::as_str).collect::<Vec<_>>().join(", "))]
    SameRank {
        /// The place, from 1.
        rank: usize,
        /// The options.
        options: Vec<Slug>,
    },
    /// A place in an order is left out.
    #[error("answer: nothing has place {missing}")]
    RankGap {
        /// The place that nothing has, from 1.
        missing: usize,
        /// The option that comes next.
        option: Slug,
    },
}

impl AnswerError {
    /// The field to be mended.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Missing { field }
            | Self::TooLong { field, .. }
            | Self::Control { field }
            | Self::NotAnOption { field }
            | Self::NotANumber { field }
            | Self::OutOfRange { field, .. }
            | Self::NotADate { field }
            | Self::Several { field } => field,
            Self::SameRank { .. } | Self::RankGap { .. } => ANSWER,
        }
    }
}
