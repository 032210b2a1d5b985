//! The record that somebody takes home: everything that they gave, as text to read or as JSON to process.

use std::fmt::Write;

use domain::{Answer, Call, FileId};
use service::{CurrentReview, ReceiptView};

use crate::locale::Locale;
use crate::page::check::who;
use crate::shown::pieces;

/// Plain text in the reader's language.
pub(super) fn text(locale: Locale, review: &CurrentReview, view: &ReceiptView) -> String {
    let given = &view.contribution;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}: {value}");
    };
    line(locale.t("record-review"), locale.say(&review.title).text);
    let call = review.call(given.call.as_str());
    if let Some(call) = call {
        line(locale.t("record-call"), locale.say(&call.title).text);
    }
    line(locale.t("record-reference"), given.reference.as_str());
    line(locale.t("record-received"), &locale.moment(given.received_at, &review.timezone));
    line(locale.t("record-release"), locale.word("release", given.release.as_str()));
    let who = who(locale, &given.content.respondent);
    if !who.is_empty() {
        line(locale.t("record-who"), &who.join(", "));
    }
    if let Some(code) = &view.code {
        line(locale.t("record-words"), &code.words().join(" "));
    }
    for (title, answer) in answers(locale, call, view) {
        let _ = write!(text, "\n{title}\n\n{answer}");
    }
    if given.content.answers.is_empty() {
        let _ = writeln!(text, "\n{}", locale.t("record-empty"));
    }
    text
}

fn answers(locale: Locale, call: Option<&Call>, view: &ReceiptView) -> Vec<(String, String)> {
    let given = &view.contribution.content.answers;
    let questions = call.map(|call| call.questions.as_slice()).unwrap_or_default();
    let shown = |question| -> Option<(String, String)> {
        let question: &domain::Question = question;
        let answer = given.get(&question.id)?;
        let lines = pieces(locale, question, answer).into_iter().map(|piece| match (piece.label, piece.file) {
            (_, Some((id, note))) => format!("{} ({note}, SHA-256 {})\n", piece.text, digest(answer, id)),
            (Some(label), None) => format!("{}: {}\n", label.trim_end_matches('?'), piece.text),
            (None, None) => format!("{}\n", piece.text),
        });
        Some((locale.say(&question.title).to_string(), lines.collect()))
    };
    let mut all: Vec<(String, String)> = questions.iter().filter_map(shown).collect();
    // Questions that the call has dropped since: their answers were given all the same.
    let dropped = given.iter().filter(|(id, _)| !questions.iter().any(|question| question.id == **id));
    all.extend(dropped.map(|(id, answer)| {
        let words: Vec<&str> = answer.own_words().into_iter().map(|(_, text)| text).collect();
        (id.to_string(), format!("{}\n", words.join("\n")))
    }));
    all
}

/// The digest of a file of an answer: by it, whoever kept a copy can show what they gave.
fn digest(answer: &Answer, id: FileId) -> &str {
    answer.files().iter().find(|file| file.id == id).map_or("", |file| file.digest.as_str())
}

/// The contribution as it is kept.
pub(super) fn json(review: &CurrentReview, view: &ReceiptView) -> String {
    let given = &view.contribution;
    let history = view.history.iter().map(|(happened, at)| serde_json::json!({ "happened": happened, "at": at }));
    let answers: &std::collections::BTreeMap<domain::Slug, Answer> = &given.content.answers;
    let record = serde_json::json!({
        "review": review.slug,
        "call": given.call,
        "version": given.version,
        "reference": given.reference,
        "channel": given.channel,
        "release": given.release,
        "state": given.state,
        "late": given.late,
        "language": given.language,
        "received_at": given.received_at,
        "published_at": given.published_at,
        "respondent": given.content.respondent,
        "answers": answers,
        "redactions": given.content.redactions,
        "history": history.collect::<Vec<_>>(),
    });
    format!("{record:#}\n")
}
