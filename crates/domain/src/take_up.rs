//! Bodies that say that they will take up a model: an example that somebody holds up for others.

use jiff::Timestamp;

use crate::fields::Fields;
use crate::id::{ContributionId, Slug, TakeUpId};
use crate::language::Language;
use crate::text::{self, Line, TextError};

/// The most code points of the sentence that a body may add.
pub const SENTENCE: usize = 500;

/// What a body says, as everybody may read it once the team has let it through. How to reach the body is no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeUp {
    /// The name of the body.
    pub body: Line,
    /// What it means to do, in its own words.
    pub sentence: Option<String>,
    /// The language of the sentence.
    pub language: Language,
}

/// What a body says, with how the team can reach it: as it was typed, and for the team only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What everybody may read.
    pub take_up: TakeUp,
    /// How the team can reach the body. It is kept apart, and shown nowhere.
    pub contact: Line,
}

/// What somebody said, waiting for the team or let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: TakeUpId,
    /// The contribution that the model stands in.
    pub contribution: ContributionId,
    /// The question that the model answers.
    pub question: Slug,
    /// What was said.
    pub said: Said,
    /// When.
    pub said_at: Timestamp,
    /// When it was let through.
    pub shown_at: Option<Timestamp>,
}

/// Something wrong with what was typed: the field, and what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {error}")]
pub struct SaidError {
    /// The field to be mended: `body`, `contact` or `sentence`.
    pub field: &'static str,
    /// What is wrong.
    pub error: TextError,
}

impl Said {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn read(fields: &Fields, language: &Language) -> Result<Self, Vec<SaidError>> {
        let mut errors = Vec::new();
        let mut line = |field: &'static str| match fields.raw(field).parse::<Line>() {
            Ok(line) => Some(line),
            Err(error) => {
                errors.push(SaidError { field, error });
                None
            }
        };
        let (body, contact) = (line("body"), line("contact"));
        let sentence = Some(text::tidy(fields.raw("sentence"))).filter(|sentence| !sentence.is_empty());
        if let Some(Err(error)) = sentence.as_deref().map(|sentence| text::check(sentence, SENTENCE)) {
            errors.push(SaidError { field: "sentence", error });
        }
        match (body, contact) {
            (Some(body), Some(contact)) if errors.is_empty() => {
                Ok(Self { take_up: TakeUp { body, sentence, language: language.clone() }, contact })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut fields = Fields::default();
        fields.push("sentence", "x".repeat(SENTENCE + 3));
        fields.push("contact", "a\u{0}b");
        let language: Language = "en".parse().expect("a language");
        let errors = Said::read(&fields, &language).expect_err("nothing is right");
        let wrong: Vec<_> = errors.into_iter().map(|wrong| (wrong.field, wrong.error)).collect();
        let long = TextError::TooLong { max: SENTENCE, by: 3 };
        assert_eq!(wrong, [("body", TextError::Empty), ("contact", TextError::Control(0)), ("sentence", long)]);
    }
}
