//! What is said about campaigns: for people, for programs, and for each text.

use std::io::{Result, Write};

use sense::campaigns::{BYTES_PER_ROW, BYTES_PER_TEXT, Campaigns, Family, Kind, PHRASES, Passage, Role, SAMPLE};
use serde::Serialize;

use super::additions::Additions;
use super::number;
use super::source::Source;
use crate::about::About;
use crate::table::Column;

/// How many families the summary tells of.
const TOLD: usize = 10;
/// How much of a shared text the summary shows, in characters.
const SHOWN: usize = 240;

/// In words that can be published beside the figures.
const METHOD: &str = "Texts are compared by their words, without case, accents and punctuation. Texts that are the same word for \
    word are one family. So are texts that share a good part of their phrases of three words and more with others of the same \
    family: at least 40 per cent of the shared text of the family, or 20 per cent if they consist of little else. Edited copies, \
    parts of a letter, letters with a paragraph of one's own, and letters composed of alternatives by a program or a form are \
    counted to the family; texts that merely quote it, or are about the same subject, are not. Nothing is thrown away: people are \
    counted, and so are different arguments, each family as one and each text of no family as one. What members added in their own \
    words, eight words or more together, is listed. No chance is involved: the same texts give the same families, in whatever order.";

#[derive(Serialize)]
pub(super) struct Parameters<'a> {
    text: &'a str,
    id: Option<&'a str>,
    phrases_per_signature: usize,
    texts_per_sample: usize,
}

pub(super) fn parameters<'a>(text: &'a Column, id: Option<&'a Column>) -> Parameters<'a> {
    let id = id.map(|id| id.0.as_str());
    Parameters { text: &text.0, id, phrases_per_signature: PHRASES, texts_per_sample: SAMPLE }
}

/// All that there is to say.
pub(super) struct Report<'a> {
    pub(super) about: &'a About<Parameters<'a>>,
    pub(super) found: &'a Campaigns,
    pub(super) source: &'a Source,
}

#[derive(Serialize)]
struct Head<'a> {
    about: &'a About<Parameters<'a>>,
    method: &'static str,
    memory: Memory,
    counts: Counts,
}

/// What the signatures took of memory, in bytes.
#[derive(Serialize)]
struct Memory {
    bytes_per_different_text: usize,
    bytes_per_row: usize,
}

/// Both counts, and what they are made of.
#[derive(Serialize)]
struct Counts {
    /// Texts with words in them: as many as there are people, if everybody wrote once.
    people: usize,
    /// Each family counts once, and so does each text of no family.
    distinct_arguments: u64,
    families: usize,
    in_families: u64,
    own: usize,
    empty: usize,
    /// Rows whose id another row has too; each is a text of its own nevertheless.
    repeated_ids: usize,
}

#[derive(Serialize)]
struct Listed<'a> {
    family: usize,
    #[serde(flatten)]
    found: &'a Family,
    additions: Vec<Added>,
}

#[derive(Serialize)]
struct Added {
    id: String,
    text: String,
}

impl Report<'_> {
    /// `members.csv`: a line for each text.
    pub(super) fn members(&self, writer: &mut impl Write) -> Result<()> {
        let mut csv = csv::Writer::from_writer(writer);
        csv.write_record(["id", "family", "role", "similarity"])?;
        for row in 0..self.found.texts() {
            let Some(standing) = self.found.standing(row) else { continue };
            let family = number(self.found, row).map(|family| family.to_string()).unwrap_or_default();
            let similarity = standing.family.map(|_| format!("{:.3}", standing.similarity)).unwrap_or_default();
            csv.write_record([self.source.id(row).as_str(), &family, role(standing.role), &similarity])?;
        }
        csv.flush()
    }

    /// `families.json`: each family as it is written, so that not all additions are in memory.
    pub(super) fn json(&self, writer: &mut impl Write, additions: &mut Additions) -> Result<()> {
        let head = Head {
            about: self.about,
            method: METHOD,
            memory: Memory { bytes_per_different_text: BYTES_PER_TEXT, bytes_per_row: BYTES_PER_ROW },
            counts: self.counts(),
        };
        let head = serde_json::to_string_pretty(&head)?;
        write!(writer, "{},\n  \"families\": [", head.strip_suffix("\n}").unwrap_or(&head))?;
        for (index, found) in self.found.families.iter().enumerate() {
            let added = |(row, text): (usize, String)| Added { id: self.source.id(row), text };
            let additions = additions.of(index)?.into_iter().map(added).collect();
            writer.write_all(if index == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer_pretty(&mut *writer, &Listed { family: index + 1, found, additions })?;
        }
        writeln!(writer, "\n  ]\n}}")
    }

    /// The summary for people.
    pub(super) fn summary(&self, writer: &mut impl Write) -> Result<()> {
        let counts = self.counts();
        writeln!(writer, "{} with words, {} empty.", counted(counts.people as u64, "text"), counts.empty)?;
        writeln!(
            writer,
            "{} of them in {}; {} of people's own.",
            counts.in_families,
            if counts.families == 1 { "1 family".to_owned() } else { format!("{} families", counts.families) },
            counts.own
        )?;
        writeln!(
            writer,
            "Both counts: {} people, {} (each family counts once, and so does each text of people's own).",
            counts.people,
            counted(counts.distinct_arguments, "distinct argument")
        )?;
        if counts.repeated_ids > 0 {
            writeln!(
                writer,
                "{} rows have an id that stands in another row too; each counts as a text.",
                counts.repeated_ids
            )?;
        }
        for (index, family) in self.found.families.iter().enumerate().take(TOLD) {
            writeln!(writer, "\n{}. {}", index + 1, sentence(family))?;
            writeln!(writer, "   {}", excerpt(family))?;
        }
        if self.found.families.len() > TOLD {
            writeln!(
                writer,
                "\nAnd {} smaller families; --out DIR writes all of them.",
                self.found.families.len() - TOLD
            )?;
        }
        writeln!(
            writer,
            "\n{BYTES_PER_TEXT} bytes of memory for each different text, and {BYTES_PER_ROW} for each row."
        )
    }

    fn counts(&self) -> Counts {
        let with = |role| {
            (0..self.found.texts())
                .filter(|row| self.found.standing(*row).is_some_and(|standing| standing.role == role))
                .count()
        };
        let empty = with(Role::Empty);
        Counts {
            people: self.found.texts() - empty,
            distinct_arguments: self.found.arguments(),
            families: self.found.families.len(),
            in_families: self.found.families.iter().map(|family| family.size).sum(),
            own: with(Role::Own),
            empty,
            repeated_ids: self.source.repeated_ids(),
        }
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Own => "own",
        Role::Empty => "empty",
        Role::Copy => "copy",
        Role::Edited => "edited",
        Role::Part => "part",
        Role::WithAddition => "with-addition",
        Role::Merge => "merge",
    }
}

fn sentence(family: &Family) -> String {
    let kind = match family.kind {
        Kind::Copies => "the same text".to_owned(),
        Kind::Letter => "one letter".to_owned(),
        Kind::Merge => {
            let slots = family.shared_text.iter().filter(|passage| matches!(passage, Passage::Slot { .. })).count();
            format!("a letter with alternatives in {slots} places, a mail merge")
        }
    };
    format!(
        "{} ({} different): {kind}, {} long; {} with something of their own. Confidence {:.0} %.",
        counted(family.size, "text"),
        family.different,
        counted(family.words.into(), "word"),
        family.with_additions,
        family.confidence * 100.0
    )
}

/// A number with its noun.
fn counted(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The beginning of a shared text; slots show what is most frequent in them.
fn excerpt(family: &Family) -> String {
    let mut text = String::new();
    for passage in &family.shared_text {
        match passage {
            Passage::Fixed(words) => text.push_str(words),
            Passage::Slot { alternatives, .. } => {
                let first = alternatives.first().map_or("", |alternative| alternative.text.as_str());
                text.extend(["[", first, " | …]"]);
            }
        }
        text.push(' ');
    }
    let plain: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let shown: String = plain.trim().chars().take(SHOWN).collect();
    if shown.len() < plain.trim().len() { format!("“{shown}…”") } else { format!("“{shown}”") }
}
