//! The result in plain language: what divides and what unites.

use std::fmt::Write;

use sense::opinions::statements::Side;

use super::report::{Report, letter};

/// Below this, groups are hardly apart (Kaufman & Rousseeuw 1990).
const CLEAR: f64 = 0.25;
/// A statement unites if at least this share of every group is on the same side.
const UNITES: f64 = 0.6;
/// How many statements unite at most.
const LONGEST: usize = 5;

/// The summary of `report`, in lines.
pub fn of(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = head(report, &mut text)
        .and_then(|()| divides(report, &mut text))
        .and_then(|()| unites(report, &mut text))
        .and_then(|()| notes(report, &mut text));
    text
}

/// The finding in one sentence.
pub fn finding(report: &Report) -> String {
    let sizes = report.sizes();
    let grouped: usize = sizes.iter().sum();
    match sizes.len() {
        0 => "Nobody has voted enough to be in a group.".to_owned(),
        1 => format!("{} one group: no two groups can be told apart.", counted(grouped, "person forms", "people form")),
        count => {
            let each: Vec<String> = sizes
                .iter()
                .enumerate()
                .map(|(group, size)| format!("{} with {size} ({} %)", letter(group), percent(*size, grouped)))
                .collect();
            format!("The votes of {} people form {count} opinion groups: {}.", grouped, joined(&each))
        }
    }
}

fn head(report: &Report, text: &mut String) -> std::fmt::Result {
    let used = report.statements.iter().filter(|statement| !statement.left_out).count();
    let left_out = report.statements.len() - used;
    write!(
        text,
        "{} cast {} on {}",
        counted(report.participants.len(), "person", "people"),
        counted(report.votes.len(), "vote", "votes"),
        counted(report.statements.len(), "statement", "statements")
    )?;
    match left_out {
        0 => writeln!(text, ".")?,
        _ => writeln!(text, "; {left_out} of the statements were moderated out and shape nothing here.")?,
    }
    writeln!(text, "{}", finding(report))
}

fn divides(report: &Report, text: &mut String) -> std::fmt::Result {
    if report.map.count < 2 {
        return Ok(());
    }
    writeln!(text, "\nWhat divides\n")?;
    for (group, typical) in report.typical.iter().enumerate() {
        writeln!(text, "Group {}, unlike the others:", letter(group))?;
        for found in typical {
            let own = found.side.of(&report.tallies.groups[group][found.statement]);
            let all = found.side.of(&report.tallies.grouped(found.statement));
            let others = all.without(&own);
            writeln!(
                text,
                "  {} {} % of {}, the others {}: {}",
                verb(found.side),
                percent(own.agree as usize, own.seen as usize),
                own.seen,
                match others.seen {
                    0 => "have not voted".to_owned(),
                    seen => format!("{} % of {seen}", percent(others.agree as usize, seen as usize)),
                },
                title(report, found.statement)
            )?;
        }
        if typical.is_empty() {
            writeln!(text, "  nothing that is surely its own.")?;
        }
    }
    Ok(())
}

/// The statements that every group is on the same side of, the strongest first.
pub fn uniting(report: &Report) -> Vec<(usize, Side)> {
    let mut found = Vec::new();
    for (place, statement) in report.statements.iter().enumerate().filter(|(_, statement)| !statement.left_out) {
        for (side, across) in [(Side::Agree, statement.across_agree), (Side::Disagree, statement.across_disagree)] {
            let everywhere = report.tallies.groups.iter().all(|group| side.of(&group[place]).agreement() >= UNITES);
            if everywhere && !report.tallies.groups.is_empty() {
                found.push((across.mean, place, side));
            }
        }
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    found.truncate(LONGEST);
    found.into_iter().map(|(_, place, side)| (place, side)).collect()
}

fn unites(report: &Report, text: &mut String) -> std::fmt::Result {
    writeln!(text, "\nWhat unites\n")?;
    let uniting = uniting(report);
    if uniting.is_empty() {
        writeln!(text, "  No statement has at least {:.0} % of every group on the same side.", UNITES * 100.0)?;
    }
    for (place, side) in uniting {
        let shares: Vec<String> = (0..report.map.count)
            .map(|group| {
                let tally = side.of(&report.tallies.groups[group][place]);
                format!("{} {} %", letter(group), percent(tally.agree as usize, tally.seen as usize))
            })
            .collect();
        writeln!(text, "  {} in every group ({}): {}", verb(side), shares.join(", "), title(report, place))?;
    }
    for (found, side) in report
        .everybody_agrees
        .iter()
        .map(|found| (found, Side::Agree))
        .chain(report.everybody_disagrees.iter().map(|found| (found, Side::Disagree)))
    {
        let share = percent(found.on_that_side as usize, found.seen as usize);
        writeln!(
            text,
            "  {} {share} % of all {} who voted: {}",
            verb(side),
            found.seen,
            title(report, found.statement)
        )?;
    }
    Ok(())
}

fn notes(report: &Report, text: &mut String) -> std::fmt::Result {
    writeln!(text, "\nHow far to trust it\n")?;
    if let Some(silhouette) = report.silhouette() {
        let verdict = if silhouette < CLEAR {
            "the groups are hardly apart; take them as a way of looking, not as camps"
        } else {
            "the groups are apart, with people in between"
        };
        writeln!(text, "  Silhouette {silhouette:.2} (from -1 to 1): {verdict}.")?;
    }
    let outside = report.participants.len() - report.sizes().iter().sum::<usize>();
    if outside > 0 {
        writeln!(text, "  In no group: {}, for want of votes.", counted(outside, "person", "people"))?;
    }
    if report.replaced > 0 {
        writeln!(
            text,
            "  {} replaced by a later one of the same person.",
            counted(report.replaced, "vote was", "votes were")
        )?;
    }
    let agree = report.parameters.agree;
    match &report.parameters.sign_confirmed_by {
        Some(file) => writeln!(text, "  {agree} means agreement, as the counts in {file} confirm.")?,
        None => writeln!(text, "  {agree} is taken for agreement; no counts were there that could confirm it.")?,
    }
    if let Some(likeness) = report.likeness {
        writeln!(text, "  Likeness to the groups in the file (adjusted Rand index): {likeness:.2}.")?;
    }
    writeln!(
        text,
        "  Seed {}, Folkmoot {}: the same votes give the same result. The groups are those who came, not the public.",
        report.parameters.seed,
        env!("CARGO_PKG_VERSION")
    )
}

/// A statement by its text, or by its id.
pub fn title(report: &Report, place: usize) -> String {
    let statement = &report.statements[place];
    let words: Vec<&str> = statement.comment.text.split_whitespace().collect();
    if words.is_empty() { format!("statement {}", statement.id) } else { format!("“{}”", words.join(" ")) }
}

/// What a side does.
pub fn verb(side: Side) -> &'static str {
    match side {
        Side::Agree => "agree:",
        Side::Disagree => "disagree:",
    }
}

fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Rounded to whole per cent, halves up.
pub fn percent(part: usize, whole: usize) -> usize {
    if whole == 0 { 0 } else { (200 * part + whole) / (2 * whole) }
}
