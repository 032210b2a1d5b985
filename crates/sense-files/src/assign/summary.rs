//! What was coded, and how well, in words.

use std::fmt::Write as _;

use sense::coding::{Basis, Evaluation, Figure, Figures};

use super::Report;
use crate::words::{count, percent_of};

/// The summary of a report, for people.
pub(super) fn summary(report: &Report) -> String {
    let mut summary = format!("Learnt from {}.\n", count(report.examples, "coded text"));
    for code in report.codes.iter().filter(|code| code.learnt.basis == Basis::Wording) {
        let examples = count(code.learnt.examples, "example");
        let _ = writeln!(summary, "{} goes by its wording in the codebook: it has {examples}.", code.code);
    }
    if report.texts > 0 {
        let share = percent_of(report.abstained, report.texts);
        let _ = writeln!(summary, "\n{}; {} left open ({share}).", count(report.texts, "text"), report.abstained);
        for code in &report.codes {
            let _ = writeln!(summary, "{:>7}  {} {}", code.assigned, code.code, code.label);
        }
    }
    if let Some(evaluation) = &report.evaluation {
        summary.push('\n');
        evaluated(&mut summary, report, evaluation);
    }
    summary.push_str("\nA machine coded these texts. Have a second person code a random part before you rely on it.\n");
    summary
}

fn evaluated(summary: &mut String, report: &Report, evaluation: &Evaluation) {
    let texts = count(evaluation.texts, "text");
    let _ = writeln!(summary, "Against people's codings of {texts} that it did not learn from (95 % intervals):");
    let _ = writeln!(summary, "{:20} {:18} {:18} {:18} given", "", "precision", "recall", "F1");
    row(summary, "all codings", &evaluation.micro);
    row(summary, "mean of codes", &evaluation.macro_mean);
    for (code, figures) in report.codes.iter().zip(&evaluation.codes) {
        row(summary, code.code, figures);
    }
}

fn row(summary: &mut String, name: &str, figures: &Figures) {
    let [precision, recall, f1] = [figures.precision, figures.recall, figures.f1].map(figure);
    let _ = writeln!(summary, "{name:20} {precision:18} {recall:18} {f1:18} {}", figures.given);
}

fn figure(figure: Figure) -> String {
    match (figure.value, figure.low, figure.high) {
        (Some(value), Some(low), Some(high)) => format!("{value:.2} ({low:.2}–{high:.2})"),
        (Some(value), ..) => format!("{value:.2}"),
        (None, ..) => "–".to_owned(),
    }
}
