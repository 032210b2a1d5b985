//! Says in plain words who took part and who is missing.

use std::fmt::Write;

use sense::representation::{Comparison, Group};
use sense::small_numbers::Count;

use super::{Report, Weighting};
use crate::words::{grouped, percent};

pub(super) fn summary(report: &Report) -> String {
    let mut text = format!("{} took part. ", capital(&people(report.took_part)));
    let rule = report.about.parameters.small_numbers;
    let _ = writeln!(
        text,
        "Numbers are rounded to {} and smaller ones than {} are hidden, with what would betray them; all else follows from the \
         rounded numbers.",
        rule.base, rule.threshold
    );
    for comparison in &report.dimensions {
        let _ = writeln!(text, "\n{}", capital(&comparison.dimension));
        for group in comparison.groups.iter().filter(|group| group.population_share > 0.0) {
            let _ = writeln!(text, "  {}", sentence(group));
        }
        let beside = [
            (comparison.not_stated, "did not say"),
            (comparison.other, "said something that the reference does not know"),
        ];
        for (count, what) in beside.into_iter().filter(|(count, _)| *count != Count::Shown(0)) {
            let _ = writeln!(text, "  {} {what}.", capital(&people(count)));
        }
    }
    if !report.not_compared.is_empty() {
        let _ = writeln!(text, "\nNot compared, as there is no column for it: {}.", report.not_compared.join(", "));
    }
    text + "\n" + &weighting(&report.weighting)
}

/// What can be said of a group in one sentence.
pub(super) fn sentence(group: &Group) -> String {
    let population = percent(group.population_share);
    let (Some(share), Some(ratio), Some([low, high])) = (group.share, group.ratio, group.ratio_interval) else {
        return format!("{}: how many is hidden; {population} of the population.", group.name);
    };
    let verdict = match (low > 1.0, high < 1.0) {
        (true, _) => "more than their share",
        (_, true) => "fewer than their share",
        _ => "about their share",
    };
    let missing = match group.missing.filter(|missing| *missing > 0 && high < 1.0).map(usize::try_from) {
        Some(Ok(missing)) => format!(" {} more would be needed.", grouped(missing)),
        _ => String::new(),
    };
    format!(
        "{}: {} of those who took part, {population} of the population: {verdict}, {ratio:.2} times ({low:.2} to {high:.2}).{missing}",
        group.name,
        percent(share)
    )
}

/// The group that is furthest below its share, in one sentence for a headline.
pub(super) fn finding(comparison: &Comparison) -> String {
    let below = |group: &&Group| group.ratio_interval.is_some_and(|[_, high]| high < 1.0);
    let ratio = |group: &Group| group.ratio.unwrap_or(f64::INFINITY);
    let furthest = comparison.groups.iter().filter(below).min_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    match furthest {
        Some(group) => sentence(group),
        None => "No group that can be shown is clearly below its share of the population.".to_owned(),
    }
}

pub(super) fn weighting(weighting: &Weighting) -> String {
    let Weighting::Weights { rounds, converged, largest_gap, trimmed, design_effect, effective } = weighting else {
        let Weighting::Refused(why) = weighting else { return String::new() };
        return format!("No weights: {why}.\n");
    };
    let mut text = String::from("Weights that give every group its share: ");
    let _ = match (converged, trimmed) {
        (true, Count::Shown(0)) => write!(text, "found in {rounds} rounds, none trimmed."),
        (true, trimmed) => {
            write!(text, "found in {rounds} rounds; {} have the largest weight allowed.", people(*trimmed))
        }
        (false, trimmed) => match largest_gap {
            Some(gap) => write!(
                text,
                "not quite: {} have the largest weight allowed, and one share stays {:.1} points off.",
                people(*trimmed),
                gap * 100.0
            ),
            None => write!(text, "not quite: {} have the largest weight allowed.", people(*trimmed)),
        },
    };
    let _ = match design_effect {
        Some(effect) => write!(
            text,
            " They widen the variance {effect:.2} times: as much is known as from {} without weights.",
            people(*effective)
        ),
        None => write!(text, " By how much they widen the variance is hidden, as it would betray small numbers."),
    };
    text.push_str(
        " Give weighted figures only beside unweighted ones: a weight makes more of a view that was given, and knows nothing of \
         those who stayed away.\n",
    );
    text
}

fn people(count: Count) -> String {
    match count {
        Count::Shown(count) => format!("{} people", grouped(usize::try_from(count).unwrap_or(usize::MAX))),
        Count::Hidden => "some people (how many is hidden)".to_owned(),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
