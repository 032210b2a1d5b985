//! Says in plain words how far coders agree, and what that allows.

use std::fmt::Write;

use sense::agreement::audit::Plan;
use sense::agreement::{Agreement, CodeAgreement, Codings, Estimate};

use super::{Drawn, From, Report};
use crate::words::{count, percent};

/// With fewer units than this, an interval is only a rough one.
const FEW: usize = 30;
/// How many codes are listed.
const LISTED: usize = 20;

pub(super) fn summary(report: &Report, codings: &Codings) -> String {
    let mut text = format!(
        "{} coded by {}: {}, with {}.\n",
        count(codings.units.len(), "unit"),
        count(codings.coders.len(), "person").replace("persons", "people"),
        some_of(&codings.coders),
        count(codings.codes.len(), "code"),
    );
    if let Some(agreement) = &report.agreement {
        describe(&mut text, agreement);
    }
    if let Some(drawn) = &report.audit {
        text += &audit(drawn);
    }
    text
}

fn describe(text: &mut String, agreement: &Agreement) {
    let compared = match agreement.compared {
        all if all == agreement.units => "all of them were coded by two people or more".to_owned(),
        some => format!("{} of them by two people or more, on which everything below rests", count(some, "unit")),
    };
    let _ = writeln!(text, "What can be compared: {compared}.");
    if agreement.compared < FEW {
        let _ = writeln!(text, "These are few: the intervals are rough, and too narrow rather than too wide.");
    }
    let _ = writeln!(text, "\nThe same codes                {}", shares(agreement.agreement));
    let pairs = if agreement.pairs.len() > 1 { ", mean of pairs  " } else { "                 " };
    let _ = writeln!(text, "Cohen's kappa{pairs}{}", figures(agreement.cohen));
    let _ = writeln!(text, "Fleiss' kappa                 {}", figures(agreement.fleiss));
    let _ = writeln!(text, "Krippendorff's alpha          {}", figures(agreement.alpha));
    if let Some(masi) = agreement.alpha_masi {
        let _ = writeln!(
            text,
            "  the same, by MASI           {}   in part the same codes are in part agreement",
            figures(masi)
        );
    }
    let _ = writeln!(text, "In brackets: what 95 of 100 such samples of units would give.\n");
    text.push_str(&meaning(agreement.alpha_masi.unwrap_or(agreement.alpha), agreement.cohen));
    text.push_str(&by_code(&agreement.codes));
}

/// What Krippendorff and, with a grain of salt, Landis and Koch say of such figures.
fn meaning(alpha: Estimate, kappa: Estimate) -> String {
    let Some(value) = alpha.value else {
        return "Only one code was ever given: whether the coders would agree on others, these units cannot tell.\n"
            .to_owned();
    };
    let verdict = match value {
        0.8.. => "Alpha is 0.8 or more: conclusions may rest on this coding (Krippendorff).",
        0.667.. => "Alpha is between 0.667 and 0.8: enough for tentative conclusions only (Krippendorff).",
        _ => {
            "Alpha is below 0.667: too little to conclude anything from this coding (Krippendorff). Talk about the codes that coders \
              part on, define them more sharply, and code again."
        }
    };
    let mut text = verdict.to_owned();
    let threshold = if value >= 0.8 { 0.8 } else { 0.667 };
    if value >= 0.667 && alpha.interval.is_none_or(|[low, _]| low < threshold) {
        let _ = write!(text, " It is not certain that it is as high as {threshold}: a larger sample would tell.");
    }
    if let Some(kappa) = kappa.value {
        let word = match kappa {
            0.8.. => "almost perfect",
            0.6.. => "substantial",
            0.4.. => "moderate",
            0.2.. => "fair",
            0.0.. => "slight",
            _ => "poor",
        };
        let _ =
            write!(text, " Landis and Koch would call such a kappa {word}; their words are a habit, not a standard.");
    }
    text + "\n"
}

/// The codes, from those that coders part on most.
fn by_code(codes: &[CodeAgreement]) -> String {
    let mut codes: Vec<&CodeAgreement> = codes.iter().filter(|code| code.codings > 0).collect();
    let rank = |code: &CodeAgreement| code.alpha.value.unwrap_or(f64::INFINITY);
    codes.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
    let width = codes.iter().take(LISTED).map(|code| code.code.chars().count()).max().unwrap_or_default().clamp(4, 40);
    let mut text = format!("\n{:width$}  times given  confirmed (F1)         alpha\n", "code");
    for code in codes.iter().take(LISTED) {
        let name: String = code.code.chars().take(width).collect();
        let f1 = shares(code.f1);
        let _ = writeln!(text, "{name:width$}  {:>11}  {f1:21}  {}", code.codings, figures(code.alpha));
    }
    if codes.len() > LISTED {
        let _ = writeln!(text, "and {} more: see codes.csv in --out", codes.len() - LISTED);
    }
    text
}

fn audit(drawn: &Drawn) -> String {
    let from = match drawn.from {
        From::CodedOnce => format!("the {} that one person alone coded", count(drawn.among, "unit")),
        From::All => format!("all {}", count(drawn.among, "unit")),
    };
    let mut text = format!("\nAudit: {} drawn at random from {from}", count(drawn.units.len(), "unit"));
    if let Some(Plan { too_many, .. }) = drawn.plan {
        let _ = write!(text, ". If {too_many} or more of them turn out wrong, more are wrong than can be tolerated");
    }
    let _ = writeln!(text, ":\n{}", some_of(&drawn.units));
    text
}

fn some_of(names: &[String]) -> String {
    let some = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(LISTED);
    if more > 0 { format!("{some} and {more} more") } else { some }
}

fn figures(estimate: Estimate) -> String {
    with_interval(estimate, |value| format!("{value:.2}"))
}

fn shares(estimate: Estimate) -> String {
    with_interval(estimate, percent)
}

fn with_interval(estimate: Estimate, show: impl Fn(f64) -> String) -> String {
    match (estimate.value, estimate.interval) {
        (None, _) => "not defined".to_owned(),
        (Some(value), None) => show(value),
        (Some(value), Some([low, high])) => format!("{} ({} to {})", show(value), show(low), show(high)),
    }
}
