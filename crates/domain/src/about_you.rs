//! What people say about themselves, so that a review can see who is missing. It is kept apart from what they said, counted
//! with the small-number rule, and never shown for one person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, AnswerError};
use crate::fields::Fields;
use crate::id::Slug;
use crate::question::{Kind, Question};

/// What one person said about themselves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AboutYou(BTreeMap<Slug, Answer>);

impl AboutYou {
    /// Reads the answers to `questions`; the fields of each are called by its id. `None` if nothing was said.
    ///
    /// # Errors
    /// Everything that is wrong, with the id of the question.
    pub fn read(questions: &[Question], fields: &Fields) -> Result<Option<Self>, Vec<(Slug, AnswerError)>> {
        let (mut said, mut errors) = (BTreeMap::new(), Vec::new());
        for question in questions {
            let mut own = Fields::default();
            fields.all(question.id.as_str()).for_each(|value| own.push(crate::question::ANSWER, value));
            match question.answer(&own) {
                Ok(answer) => said.extend(answer.map(|answer| (question.id.clone(), answer))),
                Err(wrong) => errors.extend(wrong.into_iter().map(|error| (question.id.clone(), error))),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Some(Self(said)).filter(|said| !said.0.is_empty()))
    }

    /// The answers, by question.
    pub fn answers(&self) -> &BTreeMap<Slug, Answer> {
        &self.0
    }
}

/// Why a question cannot be asked about people themselves, if it cannot.
pub fn unfit(question: &Question) -> Option<(&'static str, &'static str)> {
    if !matches!(question.kind, Kind::Choice | Kind::Choices | Kind::YesNoUnsure) {
        return Some((
            "kind",
            "must be choice, choices or yes-no-unsure: what people say about themselves is only counted",
        ));
    }
    if question.other {
        return Some(("other", "must not be set: own words about oneself could tell who it was"));
    }
    question.required.then_some(("required", "must not be set: nobody has to say anything about themselves"))
}
