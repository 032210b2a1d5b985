//! The record that somebody takes home: everything that they gave, as text to read or as JSON to process.

use std::fmt::Write;

use domain::{Answer, FileId};
use service::{CurrentReview, ReceiptView};

use crate::locale::Locale;
use crate::page::copy::{Entry, entries, facts};

/// Plain text in the reader's language.
pub(super) fn text(locale: Locale, review: &CurrentReview, view: &ReceiptView) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    for (name, value) in facts(locale, review, view) {
        line(name, &value);
    }
    if let Some(code) = &view.code {
        line(locale.t("record-words"), &code.words().join(" "));
    }
    for (title, answer) in answers(locale, review, view) {
        let _ = write!(text, "\n{title}\n\n{answer}");
    }
    if view.contribution.content.answers.is_empty() {
        let _ = writeln!(text, "\n{}", locale.t("record-empty"));
    }
    text
}

/// Every question with what was answered, a line for each part.
pub(in crate::page) fn answers(locale: Locale, review: &CurrentReview, view: &ReceiptView) -> Vec<(String, String)> {
    let said = |entry: Entry<'_>| {
        let lines = entry.pieces.into_iter().map(|piece| match (piece.label, piece.file) {
            (_, Some((id, note))) => format!("{} ({note}, SHA-256 {})\n", piece.text, digest(view, id)),
            (Some(label), None) => format!("{}: {}\n", label.trim_end_matches('?'), piece.text),
            (None, None) => format!("{}\n", piece.text),
        });
        (entry.title, lines.collect())
    };
    entries(locale, review, view).into_iter().map(said).collect()
}

/// The digest of a file: by it, whoever kept a copy can show what they gave.
fn digest(view: &ReceiptView, id: FileId) -> &str {
    let mut files = view.contribution.content.answers.values().flat_map(Answer::files);
    files.find(|file| file.id == id).map_or("", |file| file.digest.as_str())
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
        "asked": given.content.asked,
        "redactions": given.content.redactions,
        "history": history.collect::<Vec<_>>(),
    });
    format!("{record:#}\n")
}
