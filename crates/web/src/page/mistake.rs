//! What is wrong with something typed: one sentence, said at the top of the page and beside the field.

use domain::question::ListedFields;
use domain::text::TextError;
use domain::{AnswerError, Kind, Question};
use fluent_bundle::FluentValue;

use crate::locale::Locale;

/// Something to be mended.
#[derive(Debug)]
pub(crate) struct Mistake {
    /// The field.
    pub field: &'static str,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// What stands at the field, if something is wrong with it.
pub(crate) fn at<'a>(mistakes: &'a [Mistake], field: &str) -> Option<&'a str> {
    mistakes.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.message.as_str())
}

/// What is wrong with an answer.
pub(crate) fn of_answer(locale: Locale, question: &Question, error: &AnswerError) -> Mistake {
    let field = error.field();
    let message = match error {
        AnswerError::Missing { .. } => missing(locale, question, field).to_owned(),
        AnswerError::TooLong { by, .. } => too_long(locale, *by),
        AnswerError::Control { .. } => locale.t("mistake-control").to_owned(),
        AnswerError::NotAnOption { .. } => locale.t("mistake-choose").to_owned(),
        AnswerError::NotANumber { .. } => locale.t("mistake-number").to_owned(),
        AnswerError::OutOfRange { min, max, .. } => out_of_range(locale, *min, *max),
        AnswerError::NotADate { .. } => locale.t("mistake-date").to_owned(),
        AnswerError::Several { field } => {
            let services = *field == ListedFields::SERVICE.pick || question.kind == Kind::Service;
            locale.t(if services { "mistake-several-services" } else { "mistake-several-places" }).to_owned()
        }
        AnswerError::SameRank { rank, options } => {
            let label = |option| question.label(option).map_or("", |label| locale.say(label).text);
            let options = options.iter().map(label).collect::<Vec<_>>().join(" · ");
            locale.t_with("mistake-same-rank", &[("rank", count(*rank)), ("options", options.into())])
        }
        AnswerError::RankGap { missing, .. } => locale.t_with("mistake-rank-gap", &[("rank", count(*missing))]),
    };
    Mistake { field, message }
}

fn count(number: usize) -> FluentValue<'static> {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// What is wrong with a line about who speaks.
pub(crate) fn of_line(locale: Locale, field: &'static str, error: &TextError) -> Mistake {
    let message = match error {
        TextError::TooLong { by, .. } => too_long(locale, *by),
        _ => locale.t("mistake-control").to_owned(),
    };
    Mistake { field, message }
}

fn missing(locale: Locale, question: &Question, field: &str) -> &'static str {
    match field {
        "verdict" => locale.t("mistake-verdict"),
        "answer-month" => locale.t("mistake-month"),
        "answer-year" => locale.t("mistake-year"),
        "answer-day" => locale.t("mistake-day"),
        "happened" => locale.t("mistake-happened"),
        "other" => locale.t("mistake-other"),
        domain::file::FILE => locale.t("mistake-file-missing"),
        _ if matches!(
            question.kind,
            Kind::ShortText | Kind::LongText | Kind::Number | Kind::Date | Kind::Place | Kind::Service
        ) =>
        {
            locale.t("mistake-missing")
        }
        _ => locale.t("mistake-choose"),
    }
}

fn too_long(locale: Locale, by: usize) -> String {
    locale.count("mistake-too-long", i64::try_from(by).unwrap_or(i64::MAX))
}

fn out_of_range(locale: Locale, min: Option<i64>, max: Option<i64>) -> String {
    let text = |bound: i64| locale.number(bound).into();
    match (min, max) {
        (Some(min), Some(max)) => locale.t_with("mistake-between", &[("min", text(min)), ("max", text(max))]),
        (Some(min), None) => locale.t_with("mistake-at-least", &[("min", text(min))]),
        (None, Some(max)) => locale.t_with("mistake-at-most", &[("max", text(max))]),
        (None, None) => locale.t("mistake-number").to_owned(),
    }
}
