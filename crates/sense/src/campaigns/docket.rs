//! All that is known of the texts of a docket, and the passes over them by which it is found out.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "texts and phrases have numbers of 32 bits, and shares are of such numbers"
)]

use std::cmp::Reverse;
use std::collections::HashMap;

use rayon::prelude::*;

use super::batch::{Batch, Texts};
use super::candidates::candidates;
use super::letter::{ByHash, Letter, SAMPLE};
use super::signature::{Room, Signature};
use super::tally::{Growing, Judged, passages};
use super::words::WORD;
use super::{Addition, Campaigns, Family, Kind, Passage, Role, Standing};

/// How much text of samples is held in memory at once, in bytes, about.
const SAMPLES_AT_ONCE: u64 = 256 << 20;
/// A shared text of so many words is not written twice by chance.
const TELLING: f64 = 20.0;
/// A family with so many slots is a mail merge.
const MERGE: usize = 3;
/// The family of texts that have none.
const NONE: u32 = u32::MAX;

/// What memory each different text takes beside its signature, in bytes, with its place in the table of contents.
pub(super) const BYTES_PER_TEXT: usize = size_of::<Fact>() + 2 * size_of::<(u64, u32)>();

pub(super) struct Docket {
    /// What is known of each different text.
    facts: Vec<Fact>,
    text_of_row: Vec<u32>,
    families: Vec<Family>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    content: u64,
    weight: u32,
    first_row: u32,
    pub(super) copies: u32,
    family: u32,
    pub(super) held: f32,
    pub(super) role: Role,
}

/// A group of texts, and its letter once that is known.
struct Group {
    texts: Vec<u32>,
    sample: Vec<String>,
    letter: Option<Letter>,
}

impl Docket {
    /// Reads all texts once, and finds groups of different texts that may be families.
    pub(super) fn read<T: Texts>(texts: &mut T) -> Result<(Docket, Vec<Vec<u32>>), T::Error> {
        let mut docket = Docket { facts: Vec::new(), text_of_row: Vec::new(), families: Vec::new() };
        let mut signatures: Vec<Signature> = Vec::new();
        let mut by_content: ByHash<u32> = ByHash::default();
        texts.read(&|_| true, &mut |batch| {
            for signature in signed(batch) {
                let row = docket.text_of_row.len() as u32;
                let text = *by_content.entry(signature.content).or_insert(signatures.len() as u32);
                if text as usize == signatures.len() {
                    docket.facts.push(Fact::of(&signature, row));
                    signatures.push(signature);
                }
                if let Some(fact) = docket.facts.get_mut(text as usize) {
                    fact.copies += 1;
                }
                docket.text_of_row.push(text);
            }
            Ok(())
        })?;
        drop(by_content);
        let groups = candidates(&signatures);
        Ok((docket, groups))
    }

    /// Reads samples of `groups`, learns their letters, and then holds all of their texts against them. Groups that prove to be
    /// families are noted, with their members.
    pub(super) fn verify<T: Texts>(
        &mut self,
        texts: &mut T,
        groups: Vec<Vec<u32>>,
        addition: &mut impl FnMut(Addition),
    ) -> Result<(), T::Error> {
        let mut groups = groups.into_iter().peekable();
        while groups.peek().is_some() {
            let mut round: Vec<Group> = Vec::new();
            let mut bytes = 0;
            while bytes < SAMPLES_AT_ONCE
                && let Some(texts) = groups.next()
            {
                // A word with the space behind it has some eight bytes.
                bytes += texts
                    .iter()
                    .take(SAMPLE)
                    .map(|text| u64::from(self.facts[*text as usize].weight) * 2 + 64)
                    .sum::<u64>();
                let sample = vec![String::new(); texts.len().min(SAMPLE)];
                round.push(Group { texts, sample, letter: None });
            }
            self.verify_round(texts, round, addition)?;
        }
        Ok(())
    }

    fn verify_round<T: Texts>(
        &mut self,
        texts: &mut T,
        mut round: Vec<Group>,
        addition: &mut impl FnMut(Addition),
    ) -> Result<(), T::Error> {
        self.read_samples(texts, &mut round)?;
        round.par_iter_mut().for_each(|group| {
            let sample: Vec<&str> = group.sample.iter().map(String::as_str).collect();
            group.letter = Letter::of(&sample);
        });
        let mut families: Vec<Growing> = round.iter().map(|group| Growing::new(group.letter.as_ref())).collect();
        for (number, (group, family)) in round.iter().zip(&mut families).enumerate() {
            self.compare_sample(number, group, family, addition);
        }
        self.compare_rest(texts, &round, &mut families, addition)?;
        for (group, family) in round.iter().zip(families) {
            self.note(group, family);
        }
        Ok(())
    }

    fn read_samples<T: Texts>(&self, texts: &mut T, round: &mut [Group]) -> Result<(), T::Error> {
        let mut places: HashMap<u32, (usize, usize)> = HashMap::new();
        for (number, group) in round.iter().enumerate() {
            places.extend(group.texts.iter().take(SAMPLE).enumerate().map(|(place, text)| (*text, (number, place))));
        }
        let wanted: Vec<bool> = (0..self.facts.len() as u32).map(|text| places.contains_key(&text)).collect();
        texts.read(&|row| self.is_first(row, &wanted), &mut |batch| {
            for (row, text) in (0..batch.len()).filter_map(|index| batch.get(index)) {
                let place = self.text_of_row.get(row).and_then(|text| places.get(text));
                if let Some((group, place)) = place
                    && let Some(sample) = round.get_mut(*group).and_then(|group| group.sample.get_mut(*place))
                {
                    text.clone_into(sample);
                }
            }
            Ok(())
        })
    }

    fn is_first(&self, row: usize, wanted: &[bool]) -> bool {
        self.text_of_row.get(row).is_some_and(|text| {
            wanted.get(*text as usize) == Some(&true)
                && self.facts.get(*text as usize).map(|fact| fact.first_row as usize) == Some(row)
        })
    }

    fn compare_sample(
        &mut self,
        number: usize,
        group: &Group,
        family: &mut Growing,
        addition: &mut impl FnMut(Addition),
    ) {
        if let ([text], None) = (group.texts.as_slice(), &group.letter) {
            return family.add(&mut self.facts, *text, Kind::Copies, &Judged::same());
        }
        let Some(letter) = &group.letter else { return };
        let texts: Vec<(u32, &String)> = group.texts.iter().copied().zip(&group.sample).collect();
        let judged: Vec<Judged> = texts
            .par_iter()
            .map_init(Room::default, |room, (text, words)| Judged::of(number, *text, letter, words, room))
            .collect();
        judged.into_iter().for_each(|judged| self.fold(judged, group, family, addition));
    }

    fn compare_rest<T: Texts>(
        &mut self,
        texts: &mut T,
        round: &[Group],
        families: &mut [Growing],
        addition: &mut impl FnMut(Addition),
    ) -> Result<(), T::Error> {
        let mut group_of = vec![NONE; self.facts.len()];
        for (number, group) in round.iter().enumerate().filter(|(_, group)| group.letter.is_some()) {
            group.texts.iter().skip(SAMPLE).for_each(|text| group_of[*text as usize] = number as u32);
        }
        let wanted: Vec<bool> = group_of.iter().map(|group| *group != NONE).collect();
        if !wanted.contains(&true) {
            return Ok(());
        }
        let text_of_row = std::mem::take(&mut self.text_of_row);
        let first_rows: Vec<u32> = self.facts.iter().map(|fact| fact.first_row).collect();
        let wants = |row: usize| {
            text_of_row
                .get(row)
                .is_some_and(|text| wanted[*text as usize] && first_rows[*text as usize] as usize == row)
        };
        let result = texts.read(&wants, &mut |batch| {
            let judge = |room: &mut Room, index: usize| {
                let (row, words) = batch.get(index)?;
                let text = *text_of_row.get(row)?;
                let number = *group_of.get(text as usize)? as usize;
                Some(Judged::of(number, text, round.get(number)?.letter.as_ref()?, words, room))
            };
            let judged: Vec<Judged> = (0..batch.len())
                .into_par_iter()
                .with_min_len(64)
                .map_init(Room::default, judge)
                .flatten_iter()
                .collect();
            for judged in judged {
                let number = judged.group;
                self.fold(judged, &round[number], &mut families[number], addition);
            }
            Ok(())
        });
        self.text_of_row = text_of_row;
        result
    }

    fn fold(&mut self, judged: Judged, group: &Group, family: &mut Growing, addition: &mut impl FnMut(Addition)) {
        if judged.comparison.member {
            let slots = group.letter.as_ref().map_or(0, |letter| letter.shared_text.slots());
            family.add(&mut self.facts, judged.text, if slots >= MERGE { Kind::Merge } else { Kind::Letter }, &judged);
            judged.additions.into_iter().for_each(|words| addition(Addition { text: judged.text, words }));
        }
    }

    /// Notes a family, if at least two texts belong to it.
    fn note(&mut self, group: &Group, growing: Growing) {
        if growing.size < 2 {
            return;
        }
        let number = self.families.len() as u32;
        growing.members.iter().for_each(|text| self.facts[*text as usize].family = number);
        let words = match (&group.letter, growing.members.as_slice()) {
            (Some(letter), _) => letter.words(),
            (None, members) => members.first().map_or(0, |text| self.facts[*text as usize].weight / WORD),
        };
        let shared_text = match &group.letter {
            Some(letter) => passages(letter, &growing),
            None => vec![Passage::Fixed(group.sample.concat().trim().to_owned())],
        };
        let size = growing.size as f64;
        self.families.push(Family {
            kind: growing.kind,
            size: growing.size,
            different: growing.members.len() as u64,
            with_additions: growing.with_additions,
            confidence: growing.clear as f64 / size * (f64::from(words) / TELLING).min(1.0),
            similarity: growing.held as f64 / size / 1e6,
            words,
            shared_text,
        });
    }

    /// Texts of no family that several people sent, word for word: each is a group by itself.
    pub(super) fn copies(&self) -> Vec<Vec<u32>> {
        let mut copies: Vec<u32> = (0..self.facts.len() as u32)
            .filter(|text| {
                let fact = &self.facts[*text as usize];
                fact.family == NONE && fact.copies > 1 && fact.weight > 0
            })
            .collect();
        copies.sort_unstable_by_key(|text| self.facts[*text as usize].content);
        copies.into_iter().map(|text| vec![text]).collect()
    }

    /// Numbers the families: the largest first, and among equals by the smallest hash of a member, which no order of rows changes.
    pub(super) fn finish(mut self) -> Campaigns {
        let mut smallest = vec![u64::MAX; self.families.len()];
        for fact in self.facts.iter().filter(|fact| fact.family != NONE) {
            let content = &mut smallest[fact.family as usize];
            *content = fact.content.min(*content);
        }
        let mut order: Vec<usize> = (0..self.families.len()).collect();
        order.sort_unstable_by_key(|family| (Reverse(self.families[*family].size), smallest[*family]));
        let mut number = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| number[*old] = new as u32);
        let standings = self.facts.iter().map(|fact| Standing {
            family: (fact.family != NONE).then(|| number[fact.family as usize]),
            role: fact.role,
            similarity: fact.held,
        });
        let standings = standings.collect();
        let mut families: Vec<Option<Family>> = self.families.drain(..).map(Some).collect();
        let families = order.iter().filter_map(|old| families[*old].take()).collect();
        Campaigns { families, text_of_row: self.text_of_row, standings }
    }
}

impl Fact {
    fn of(signature: &Signature, row: u32) -> Fact {
        Fact {
            content: signature.content,
            weight: signature.weight,
            first_row: row,
            copies: 0,
            family: NONE,
            held: 0.0,
            role: if signature.weight == 0 { Role::Empty } else { Role::Own },
        }
    }
}

fn signed(batch: &Batch) -> Vec<Signature> {
    (0..batch.len())
        .into_par_iter()
        .with_min_len(64)
        .map_init(Room::default, |room, index| Signature::of(batch.get(index).map_or("", |(_, text)| text), room))
        .collect()
}
