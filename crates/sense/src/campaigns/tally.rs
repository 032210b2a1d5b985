//! Counts a family while its members are held against its letter, one by one, in whatever order.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares of texts, and counts of texts, which have numbers of 32 bits"
)]

use std::cmp::Reverse;

use super::docket::Fact;
use super::letter::{Comparison, Letter};
use super::shared_text::Part;
use super::signature::Room;
use super::{Alternative, Kind, Passage, Role};

/// A member with less of the shared text is called a part.
const WHOLE: f64 = 0.7;
/// A member that holds so much of the shared text, or consists of it to this part, leaves no doubt.
const CLEAR: f64 = 0.5;

/// A text held against the letter of its group.
pub(super) struct Judged {
    pub(super) group: usize,
    pub(super) text: u32,
    pub(super) comparison: Comparison,
    pub(super) additions: Vec<String>,
}

impl Judged {
    pub(super) fn of(group: usize, text: u32, letter: &Letter, words: &str, room: &mut Room) -> Judged {
        let comparison = letter.compare(words, room);
        let additions =
            comparison.additions.iter().filter_map(|range| words.get(range.clone())).map(str::to_owned).collect();
        Judged { group, text, comparison, additions }
    }

    /// A text that is the letter itself.
    pub(super) fn same() -> Judged {
        let comparison =
            Comparison { member: true, held: 1.0, covered: 1.0, additions: Vec::new(), choices: Vec::new() };
        Judged { group: 0, text: 0, comparison, additions: Vec::new() }
    }
}

/// A family while its members are counted.
pub(super) struct Growing {
    pub(super) kind: Kind,
    pub(super) members: Vec<u32>,
    pub(super) size: u64,
    pub(super) with_additions: u64,
    pub(super) clear: u64,
    /// How much members hold, in millionths: a sum of whole numbers is the same in every order.
    pub(super) held: u64,
    /// For each slot and each of its alternatives how many chose it.
    chosen: Vec<Vec<u64>>,
}

impl Growing {
    pub(super) fn new(letter: Option<&Letter>) -> Growing {
        let parts = letter.into_iter().flat_map(|letter| &letter.shared_text.parts);
        let chosen = parts.filter_map(|part| match part {
            Part::Slot(alternatives) => Some(vec![0; alternatives.len()]),
            Part::Fixed(_) => None,
        });
        let chosen = chosen.collect();
        Growing { kind: Kind::Letter, members: Vec::new(), size: 0, with_additions: 0, clear: 0, held: 0, chosen }
    }

    pub(super) fn add(&mut self, facts: &mut [Fact], text: u32, kind: Kind, judged: &Judged) {
        let Some(fact) = facts.get_mut(text as usize) else { return };
        let Comparison { held, covered, .. } = judged.comparison;
        fact.held = held as f32;
        fact.role = match kind {
            _ if !judged.additions.is_empty() => Role::WithAddition,
            _ if held < WHOLE => Role::Part,
            _ if fact.copies > 1 => Role::Copy,
            Kind::Merge => Role::Merge,
            Kind::Letter | Kind::Copies => Role::Edited,
        };
        let people = u64::from(fact.copies);
        self.kind = kind;
        self.members.push(text);
        self.size += people;
        self.with_additions += if judged.additions.is_empty() { 0 } else { people };
        self.clear += if held.max(covered) >= CLEAR { people } else { 0 };
        self.held += (held * 1e6) as u64 * people;
        for (counts, choice) in self.chosen.iter_mut().zip(&judged.comparison.choices) {
            if let Some(count) = choice.and_then(|choice| counts.get_mut(choice)) {
                *count += people;
            }
        }
    }
}

pub(super) fn passages(letter: &Letter, growing: &Growing) -> Vec<Passage> {
    let mut chosen = growing.chosen.iter();
    let passage = |part: &Part| match part {
        Part::Fixed(words) => Passage::Fixed(words.clone()),
        Part::Slot(texts) => {
            let counts = chosen.next().map(Vec::as_slice).unwrap_or_default();
            let mut alternatives: Vec<Alternative> = texts
                .iter()
                .zip(counts)
                .map(|(text, count)| Alternative { text: text.clone(), count: *count })
                .collect();
            alternatives.sort_by_key(|alternative| Reverse(alternative.count));
            Passage::Slot { alternatives, other: growing.size - counts.iter().sum::<u64>() }
        }
    };
    letter.shared_text.parts.iter().map(passage).collect()
}
