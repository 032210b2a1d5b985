//! What can be wrong with a call and its questions, beyond what their types refuse.

use std::collections::BTreeSet;

use super::Problem;
use crate::call::Call;
use crate::file::{MOST_FILES, MOST_MEGABYTES};
use crate::id::Slug;
use crate::question::{Choosable, Kind, OTHER_OPTION, Question};

pub(super) fn problem<S: AsRef<str>>(path: &[S], message: &str) -> Problem {
    Problem { path: path.iter().map(|part| part.as_ref().to_owned()).collect(), message: message.to_owned() }
}

pub(super) fn below(path: &[String], more: &[&str]) -> Vec<String> {
    path.iter().cloned().chain(more.iter().map(|part| (*part).to_owned())).collect()
}

pub(super) fn unique<'a>(ids: impl Iterator<Item = &'a Slug>, path: &[&str], problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.enumerate() {
        if !seen.insert(id) {
            let path: Vec<String> =
                path.iter().map(|p| (*p).to_owned()).chain([at.to_string(), "id".to_owned()]).collect();
            problems.push(problem(&path, &format!("repeats the id `{id}`")));
        }
    }
}

pub(super) fn check_call(call: &Call, path: &[String], problems: &mut Vec<Problem>) {
    if call.closes < call.opens {
        problems.push(problem(&below(path, &["closes"]), "is before the call opens"));
    }
    if call.late_until.is_some_and(|late| late <= call.closes) {
        problems.push(problem(&below(path, &["late_until"]), "is not after the call closes"));
    }
    if call.audiences.is_empty() {
        problems.push(problem(&below(path, &["audiences"]), "must name at least one kind of respondent"));
    }
    if call.questions.is_empty() {
        problems.push(problem(path, "must ask at least one question"));
    }
    let question_path = below(path, &["question"]);
    let question_path: Vec<&str> = question_path.iter().map(String::as_str).collect();
    unique(call.questions.iter().map(|question| &question.id), &question_path, problems);
    for (at, question) in call.questions.iter().enumerate() {
        let path = below(path, &["question", &at.to_string()]);
        check_question(question, &path, problems);
        let condition = question.shown_if.iter();
        for (key, message) in condition.flat_map(|condition| condition.problems(&call.questions[..at])) {
            problems.push(problem(&below(&path, &["shown_if", key]), &message));
        }
    }
}

pub(super) fn check_question(question: &Question, path: &[String], problems: &mut Vec<Problem>) {
    let mut wrong = |key: &str, message: &str| problems.push(problem(&below(path, &[key]), message));
    let kind = question.kind;
    let choosable = matches!(kind, Kind::Choice | Kind::Choices);
    if (choosable || kind == Kind::Ranking) && question.options.is_empty() {
        wrong("kind", "needs `options` to choose from");
    }
    if !choosable && !matches!(kind, Kind::Ranking | Kind::Grid) && !question.options.is_empty() {
        wrong("kind", "takes no `options`: only choice, choices, ranking and grid do");
    }
    if !choosable && question.other {
        wrong("kind", "takes no `other`: only choice and choices do");
    }
    if (kind == Kind::Grid) == question.rows.is_empty() {
        wrong("kind", if kind == Kind::Grid { "needs `rows`" } else { "takes no `rows`: only grid does" });
    }
    if kind != Kind::Number && (question.min.is_some() || question.unit.is_some()) {
        wrong("kind", "takes neither `min` nor `unit`: only number does");
    }
    if let Some(message) = question.max.and_then(|max| wrong_max(question, max)) {
        wrong("max", message);
    }
    if kind != Kind::File && (!question.files.is_empty() || question.megabytes.is_some()) {
        wrong("kind", "takes neither `files` nor `megabytes`: only file does");
    }
    if question.megabytes.is_some_and(|most| !(1..=MOST_MEGABYTES).contains(&most)) {
        wrong("megabytes", "must be between 1 and 50");
    }
    if kind == Kind::Number && question.min.is_some_and(|min| !EXACT.contains(&min)) {
        wrong("min", "is beyond what can be counted exactly");
    }
    check_choosable(&question.options, "options", question.other, path, problems);
    check_choosable(&question.rows, "rows", false, path, problems);
    let labels = question.easy.iter().flat_map(|easy| easy.labels.keys());
    for id in labels.filter(|id| question.label(id).is_none() && question.row(id).is_none()) {
        let path = below(path, &["easy", "labels", id.as_str()]);
        problems.push(problem(&path, "names neither an option nor a row of the question"));
    }
}

/// Whole numbers that a number between them can be compared with exactly.
const EXACT: std::ops::RangeInclusive<i64> = -(1 << 53)..=(1 << 53);

/// What is wrong with the `max` of a question.
fn wrong_max(question: &Question, max: i64) -> Option<&'static str> {
    match question.kind {
        Kind::ShortText | Kind::LongText | Kind::Example => {
            (!(1..=100_000).contains(&max)).then_some("must be between 1 and 100,000 characters")
        }
        Kind::Ranking => {
            let all = i64::try_from(question.options.len()).unwrap_or(i64::MAX);
            (!(1..=all).contains(&max)).then_some("must be between 1 and the number of options")
        }
        Kind::File => (!(1..=MOST_FILES).contains(&max)).then_some("must be between 1 and 20 files"),
        Kind::Number if !EXACT.contains(&max) => Some("is beyond what can be counted exactly"),
        Kind::Number => question.min.is_some_and(|min| min > max).then_some("is less than `min`"),
        _ => Some("has no meaning for this kind of question"),
    }
}

fn check_choosable(list: &[Choosable], key: &str, other: bool, path: &[String], problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (at, choosable) in list.iter().enumerate() {
        let path = below(path, &[key, &at.to_string(), "id"]);
        if !seen.insert(&choosable.id) {
            problems.push(problem(&path, "repeats an id"));
        }
        if other && choosable.id.as_str() == OTHER_OPTION {
            problems.push(problem(&path, "is taken by `other = true`"));
        }
    }
}
