//! The shared text of a family: the words that nearly all have, and between them slots with the alternatives that were filled in.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "texts and phrases have numbers of 32 bits, and shares are of such numbers"
)]

use std::ops::Range;

use super::letter::{ByHash, COMPARED};
use super::signature::each_phrase;
use super::words::{Word, mix};

/// A word is fixed if at least this part of those that have the words around it has it.
const FIXED: f64 = 0.8;
/// How many alternatives of a slot are told apart, at most.
const ALTERNATIVES: usize = 100;
/// An alternative is one if at least this part of the members chose it, and two of them.
const CHOSEN: f64 = 0.01;
/// A place is a slot, and not only edited by some, if at least this part chose the second alternative, and two of them …
const SECOND: f64 = 0.05;
/// … or if the most frequent one is chosen by less than half, in a family of so many.
const MANY: usize = 8;
/// How many words may be in all alternatives of a slot by chance.
const CHANCE_WORDS: usize = 3;
/// How many words between two shared phrases are laid beside each other one by one, at most.
const GAP: usize = 48;

/// The shared text, and what is needed to find a text's choices in it.
#[derive(Default)]
pub struct SharedText {
    /// The shared text in order.
    pub parts: Vec<Part>,
    backbone: Vec<u64>,
    /// Where each phrase that is once in the backbone begins.
    places: ByHash<usize>,
    slots: Vec<Slot>,
}

/// A part of a shared text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words that nearly all have.
    Fixed(String),
    /// A place that was filled in with one of several alternatives. Empty ones are possible: there somebody wrote nothing.
    Slot(Vec<String>),
}

/// A slot: what lies between two words of the backbone.
struct Slot {
    /// The fixed word before it; none at the beginning.
    after: Option<usize>,
    /// The fixed word behind it; none at the end.
    before: Option<usize>,
    alternatives: ByHash<usize>,
}

impl SharedText {
    /// How many slots it has.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// For each slot which alternative the text of `words` chose, if it is a known one.
    pub(super) fn choices(&self, words: &[Word]) -> Vec<Option<usize>> {
        if self.slots.is_empty() {
            return Vec::new();
        }
        let places = self.align(words);
        self.slots
            .iter()
            .map(|slot| slot.alternatives.get(&content(words, slot.filled(&places, words.len())?)).copied())
            .collect()
    }

    /// Lays the `members` among the `texts` beside each other.
    pub(super) fn of(
        sample: &[&str],
        texts: &[Vec<Word>],
        members: &[usize],
        counts: &ByHash<(u32, u32)>,
    ) -> SharedText {
        let Some(chosen) =
            members.iter().rev().copied().max_by_key(|text| typical(&texts[*text], counts, members.len()))
        else {
            return SharedText::default();
        };
        let backbone = &texts[chosen];
        let mut shared =
            SharedText { backbone: backbone.iter().map(|word| word.hash).collect(), ..SharedText::default() };
        let mut often = Vec::new();
        each_phrase::<COMPARED>(backbone, |place, phrase| {
            if shared.places.insert(phrase, place.start).is_some() {
                often.push(phrase);
            }
        });
        often.iter().for_each(|phrase| _ = shared.places.remove(phrase));
        let aligned: Vec<(usize, Vec<Option<usize>>)> =
            members.iter().map(|text| (*text, shared.align(&texts[*text]))).collect();
        let runs = without_chance_words(fixed_runs(&aligned, backbone.len()), texts, &aligned);
        shared.lay_out(sample, texts, &aligned, chosen, &runs);
        shared
    }

    /// Tells fixed words from slots: a slot is where at least two alternatives come back.
    fn lay_out(
        &mut self,
        sample: &[&str],
        texts: &[Vec<Word>],
        aligned: &[(usize, Vec<Option<usize>>)],
        chosen: usize,
        runs: &[Range<usize>],
    ) {
        let backbone = &texts[chosen];
        let surface = |text: usize, range: Range<usize>| surface(sample[text], &texts[text], range);
        // Words of the backbone from here on were not laid out yet.
        let mut begin = runs.first().map_or(0, |run| run.start);
        for index in 0..=runs.len() {
            let after = index.checked_sub(1).and_then(|index| runs.get(index)).map(|run| run.end - 1);
            let before = runs.get(index).map(|run| run.start);
            let mut slot = Slot { after, before, alternatives: ByHash::default() };
            let mut filled: ByHash<(usize, usize, Range<usize>)> = ByHash::default();
            let mut all = 0;
            for (text, places) in aligned {
                let Some(range) = slot.filled(places, texts[*text].len()) else { continue };
                all += 1;
                filled.entry(content(&texts[*text], range.clone())).or_insert((0, *text, range)).0 += 1;
            }
            let mut alternatives: Vec<(u64, usize, usize, Range<usize>)> =
                filled.into_iter().map(|(hash, (count, text, range))| (hash, count, text, range)).collect();
            alternatives.sort_unstable_by_key(|(hash, count, ..)| (std::cmp::Reverse(*count), *hash));
            if !is_slot(&alternatives, all, after.is_some() && before.is_some()) {
                continue;
            }
            let least = (all as f64 * CHOSEN).max(2.0) as usize;
            let chosen_by_some = alternatives.partition_point(|(_, count, ..)| *count >= least);
            alternatives.truncate(chosen_by_some.clamp(1, ALTERNATIVES));
            if let Some(end) = after {
                self.push_fixed(surface(chosen, begin..end + 1));
            }
            begin = before.unwrap_or(backbone.len());
            self.parts.push(Part::Slot(
                alternatives.iter().map(|(_, _, text, range)| surface(*text, range.clone())).collect(),
            ));
            slot.alternatives = alternatives.iter().enumerate().map(|(index, (hash, ..))| (*hash, index)).collect();
            self.slots.push(slot);
        }
        let end = if begin < backbone.len() { runs.last().map_or(backbone.len(), |run| run.end) } else { begin };
        self.push_fixed(surface(chosen, begin..end.max(begin)));
    }

    fn push_fixed(&mut self, text: String) {
        if !text.is_empty() {
            self.parts.push(Part::Fixed(text));
        }
    }

    /// For each word of the backbone the word of `words` that stands for it: chains of shared phrases in the same order, lengthened
    /// in both directions as far as words agree.
    fn align(&self, words: &[Word]) -> Vec<Option<usize>> {
        let mut matches: Vec<(usize, Range<usize>)> = Vec::new();
        each_phrase::<COMPARED>(words, |range, phrase| {
            if let Some(place) = self.places.get(&phrase) {
                matches.push((*place, range));
            }
        });
        let mut aligned = vec![None; self.backbone.len()];
        for index in longest_ascending(&matches) {
            let (place, range) = &matches[index];
            for (offset, word) in range.clone().enumerate() {
                if let Some(slot) = aligned.get_mut(place + offset) {
                    *slot = Some(word);
                }
            }
        }
        self.lengthen(words, &mut aligned);
        self.fill_gaps(words, &mut aligned);
        aligned
    }

    /// Lays the words between aligned ones beside each other: as many as can be in the same order.
    fn fill_gaps(&self, words: &[Word], aligned: &mut [Option<usize>]) {
        let (mut place, mut word) = (0, 0);
        while place < aligned.len() {
            let end = (place..aligned.len()).find(|place| aligned[*place].is_some()).unwrap_or(aligned.len());
            let next = aligned.get(end).copied().flatten().unwrap_or(words.len());
            if end > place && end - place <= GAP && word < next && next - word <= GAP {
                let theirs: Vec<u64> = words[word..next].iter().map(|word| word.hash).collect();
                for (ours, their) in longest_common(&self.backbone[place..end], &theirs) {
                    aligned[place + ours] = Some(word + their);
                }
            }
            (place, word) = (end + 1, next + 1);
        }
    }

    fn lengthen(&self, words: &[Word], aligned: &mut [Option<usize>]) {
        let same = |place: usize, word: usize| words.get(word).is_some_and(|word| word.hash == self.backbone[place]);
        for place in 1..aligned.len() {
            if let (Some(word), None) = (aligned[place - 1], aligned[place])
                && same(place, word + 1)
            {
                aligned[place] = Some(word + 1);
            }
        }
        let mut next = words.len();
        for place in (0..aligned.len()).rev() {
            match aligned[place] {
                Some(word) if word < next => next = word,
                // The words of two chains may have been lengthened over each other.
                Some(_) => aligned[place] = None,
                None => {
                    let behind = aligned.get(place + 1).copied().flatten();
                    let before = aligned[..place].iter().rev().find_map(|word| *word);
                    if let Some(word) = behind.and_then(|behind| behind.checked_sub(1))
                        && before.is_none_or(|before| before < word)
                        && same(place, word)
                    {
                        aligned[place] = Some(word);
                        next = word;
                    }
                }
            }
        }
    }
}

impl Slot {
    /// The words with which a text filled the slot, if it has the fixed words on both sides.
    fn filled(&self, places: &[Option<usize>], words: usize) -> Option<Range<usize>> {
        let begin = match self.after {
            Some(place) => (*places.get(place)?)? + 1,
            None => 0,
        };
        let end = match self.before {
            Some(place) => (*places.get(place)?)?,
            None => words,
        };
        (begin <= end).then_some(begin..end)
    }
}

/// Whether a place is one where members were meant to differ. `alternatives` are in order of frequency, `all` is how many members
/// filled it. At both ends there is often nothing, or something of one's own: that alone makes no slot.
fn is_slot(alternatives: &[(u64, usize, usize, Range<usize>)], all: usize, inside: bool) -> bool {
    let worded =
        |(_, count, _, range): &&(u64, usize, usize, Range<usize>)| *count > 1 && (inside || !range.is_empty());
    let counts: Vec<usize> = alternatives.iter().filter(worded).map(|(_, count, ..)| *count).collect();
    let second = counts.get(1).is_some_and(|second| *second as f64 >= SECOND * all as f64);
    if inside {
        let first = alternatives.first().map_or(0, |(_, count, ..)| *count);
        second || (all >= MANY && first * 2 < all)
    } else {
        second && counts.iter().sum::<usize>() * 2 >= all
    }
}

/// How typical a text is: it has frequent phrases, and few that nobody else has.
fn typical(words: &[Word], counts: &ByHash<(u32, u32)>, members: usize) -> i64 {
    let mut score = 0;
    each_phrase::<COMPARED>(words, |_, phrase| {
        let count = counts.get(&phrase).map_or(0, |(count, _)| *count);
        score += if count > 1 { i64::from(count) } else { -(members as i64 / 4).max(1) };
    });
    score
}

/// The runs of words of the backbone that nearly all have.
fn fixed_runs(aligned: &[(usize, Vec<Option<usize>>)], words: usize) -> Vec<Range<usize>> {
    // Only those are asked that have something before and behind: half a letter says nothing about the other half.
    let (mut have, mut asked) = (vec![0_u32; words], vec![0_u32; words]);
    for (_, places) in aligned {
        let first = places.iter().position(Option::is_some).unwrap_or(words);
        let last = places.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for place in first..last {
            asked[place] += 1;
            have[place] += u32::from(places[place].is_some());
        }
    }
    let mut runs: Vec<Range<usize>> = Vec::new();
    for place in 0..words {
        if asked[place] == 0 || f64::from(have[place]) < FIXED * f64::from(asked[place]) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == place => run.end += 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

/// Takes out short runs that stand between slots by chance: a word such as “the” in all alternatives of one slot makes it look like
/// two, but then what stands before the word tells what stands behind it.
fn without_chance_words(
    runs: Vec<Range<usize>>,
    texts: &[Vec<Word>],
    aligned: &[(usize, Vec<Option<usize>>)],
) -> Vec<Range<usize>> {
    // How many alternatives come back between two runs, and how many members have one of them.
    let variety = |after: &Range<usize>, before: &Range<usize>| {
        let slot = Slot { after: Some(after.end - 1), before: Some(before.start), alternatives: ByHash::default() };
        let mut counts: ByHash<usize> = ByHash::default();
        for (text, places) in aligned {
            let words = &texts[*text];
            slot.filled(places, words.len())
                .into_iter()
                .for_each(|range| *counts.entry(content(words, range)).or_default() += 1);
        }
        let repeated = counts.values().filter(|count| **count > 1);
        (repeated.clone().count(), repeated.sum::<usize>())
    };
    let mut kept: Vec<Range<usize>> = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        if let (Some(before), Some(behind)) = (kept.last(), runs.get(index + 1))
            && run.len() <= CHANCE_WORDS
        {
            let (one, other, both) = (variety(before, run), variety(run, behind), variety(before, behind));
            if one.0.min(other.0) > 1 && both.0 <= one.0.max(other.0) && both.1 * 10 >= one.1.min(other.1) * 9 {
                continue;
            }
        }
        kept.push(run.clone());
    }
    kept
}

/// The hash of the words in `range`.
fn content(words: &[Word], range: Range<usize>) -> u64 {
    words
        .get(range)
        .unwrap_or_default()
        .iter()
        .fold(1, |hash, word| mix(hash ^ word.hash.rotate_left(9)).wrapping_add(word.hash))
}

/// The words in `range` as they were written.
fn surface(text: &str, words: &[Word], range: Range<usize>) -> String {
    match words.get(range) {
        Some([first, .., last]) => text.get(first.start..last.end),
        Some([only]) => text.get(only.start..only.end),
        _ => None,
    }
    .unwrap_or_default()
    .split_whitespace()
    .collect::<Vec<_>>()
    .join(" ")
}

/// The indices of the longest chain of matches that goes forward on both sides (patience sorting: Fredman 1975).
fn longest_ascending(matches: &[(usize, Range<usize>)]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(matches.len());
    for (index, (place, _)) in matches.iter().enumerate() {
        let length = ends.partition_point(|end| matches[*end].0 < *place);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() { ends.push(index) } else { ends[length] = index }
    }
    let mut chain: Vec<usize> = std::iter::successors(ends.last().copied(), |index| before[*index]).collect();
    chain.reverse();
    chain
}

/// The places of a longest common subsequence of two short sequences, in ascending order.
fn longest_common(ours: &[u64], theirs: &[u64]) -> Vec<(usize, usize)> {
    // `lengths` holds for each pair of places how much is common behind them.
    let width = theirs.len() + 1;
    let mut lengths = vec![0_u8; (ours.len() + 1) * width];
    for our in (0..ours.len()).rev() {
        for their in (0..theirs.len()).rev() {
            let at = our * width + their;
            lengths[at] = if ours[our] == theirs[their] {
                lengths[at + width + 1] + 1
            } else {
                lengths[at + 1].max(lengths[at + width])
            };
        }
    }
    let (mut our, mut their, mut common) = (0, 0, Vec::new());
    while our < ours.len() && their < theirs.len() {
        let at = our * width + their;
        if ours[our] == theirs[their] {
            common.push((our, their));
            (our, their) = (our + 1, their + 1);
        } else if lengths[at + width] >= lengths[at + 1] {
            our += 1;
        } else {
            their += 1;
        }
    }
    common
}
