//! Finds groups of texts that may be a campaign, by the phrases in their signatures.
//!
//! First texts that share several phrases are linked. Then each group is grown from one text: the phrases that are at home among the
//! texts around it, and the texts that are made of such phrases, in turn, until nothing changes. So a mail merge is found, in which
//! two letters may have little in common but every phrase comes back in some others; and a phrase that everybody uses, or a text that
//! joins two letters, does not make one campaign of two.

#![expect(
    clippy::cast_possible_truncation,
    reason = "texts and phrases have numbers of 32 bits, and shares are of such numbers"
)]

use rayon::prelude::*;

use super::signature::Signature;

/// How many remembered phrases two texts must share to be linked.
const LINK: usize = 2;
/// How often a group is grown at most; nearly all are at rest after two or three rounds.
const ROUNDS: usize = 8;
/// Into how many parts phrases are dealt out, by their upper bits, and how far these are up.
const PARTS: usize = 1024;
const PART_SHIFT: u32 = 22;

/// Groups of two or more texts, each in ascending order of content; the groups in order of their first text.
///
/// `signatures` are of texts with different content. The result does not depend on their order.
pub fn candidates(signatures: &[Signature]) -> Vec<Vec<u32>> {
    let mut by_content: Vec<u32> = (0..signatures.len() as u32).collect();
    by_content.par_sort_unstable_by_key(|text| signatures[*text as usize].content);
    let postings = postings(signatures, &by_content);
    let linked = link(signatures, &by_content, &postings);
    let graph = Graph::new(&postings, &linked);
    drop(postings);
    let mut groups = graph.groups();
    for text in groups.iter_mut().flatten() {
        *text = by_content[graph.texts[*text as usize] as usize];
    }
    groups
}

/// Each phrase that at least two texts have, with each of them (its place in the order of content): phrase in the upper half.
///
/// They are dealt out by the upper bits of the phrase first, so that what is sorted at once fits into the processor's cache.
fn postings(signatures: &[Signature], by_content: &[u32]) -> Vec<u64> {
    let mut ends = vec![0_usize; PARTS];
    for phrase in signatures.iter().flat_map(Signature::phrases) {
        ends[(phrase >> PART_SHIFT) as usize] += 1;
    }
    let mut end = 0;
    for count in &mut ends {
        end += std::mem::replace(count, end);
    }
    let mut places = vec![0_u32; by_content.len()];
    by_content.iter().zip(0..).for_each(|(text, place)| places[*text as usize] = place);
    let mut postings = vec![0_u64; end];
    for (signature, place) in signatures.iter().zip(places) {
        for phrase in signature.phrases() {
            let next = &mut ends[(phrase >> PART_SHIFT) as usize];
            postings[*next] = u64::from(*phrase) << 32 | u64::from(place);
            *next += 1;
        }
    }
    let mut parts: Vec<&mut [u64]> = Vec::with_capacity(PARTS);
    let (mut rest, mut begin) = (postings.as_mut_slice(), 0);
    for end in ends {
        let (part, behind) = rest.split_at_mut(end - begin);
        parts.push(part);
        (rest, begin) = (behind, end);
    }
    parts.into_par_iter().for_each(<[u64]>::sort_unstable);
    keep_repeated(&mut postings);
    postings
}

/// Takes out the postings of phrases that only one text has.
fn keep_repeated(postings: &mut Vec<u64>) {
    let (mut kept, mut begin) = (0, 0);
    while begin < postings.len() {
        let phrase = postings[begin] >> 32;
        let run = postings[begin..].iter().take_while(|posting| **posting >> 32 == phrase).count();
        if run > 1 {
            postings.copy_within(begin..begin + run, kept);
            kept += run;
        }
        begin += run;
    }
    postings.truncate(kept);
    postings.shrink_to_fit();
}

/// The runs of postings with the same phrase.
fn runs(postings: &[u64]) -> impl Iterator<Item = &[u64]> {
    postings.chunk_by(|one, other| one >> 32 == other >> 32)
}

/// Which texts (by place) share enough phrases with another one. Only neighbours in each run are compared: a text has a neighbour
/// for each of its phrases, so it is enough that one of them is of the same campaign.
fn link(signatures: &[Signature], by_content: &[u32], postings: &[u64]) -> Vec<bool> {
    let mut linked = vec![false; by_content.len()];
    for run in runs(postings) {
        for pair in run.windows(2) {
            let (one, other) = (pair[0] as u32 as usize, pair[1] as u32 as usize);
            if linked[one] && linked[other] {
                continue;
            }
            let signature = |place: usize| &signatures[by_content[place] as usize];
            if signature(one).shared(signature(other)) >= LINK {
                (linked[one], linked[other]) = (true, true);
            }
        }
    }
    linked
}

/// Linked texts and the phrases that at least two of them have, each with the other side's numbers.
struct Graph {
    /// The place of each text.
    texts: Vec<u32>,
    phrases_of_text: Rows,
    texts_of_phrase: Rows,
}

/// Rows of numbers of varying length, one after the other.
struct Rows {
    ends: Vec<u32>,
    values: Vec<u32>,
}

impl Rows {
    fn row(&self, index: u32) -> &[u32] {
        let begin = if index == 0 { 0 } else { self.ends[index as usize - 1] };
        &self.values[begin as usize..self.ends[index as usize] as usize]
    }

    fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Graph {
    fn new(postings: &[u64], linked: &[bool]) -> Graph {
        let texts: Vec<u32> = (0..linked.len() as u32).filter(|place| linked[*place as usize]).collect();
        let mut number = vec![u32::MAX; linked.len()];
        texts.iter().enumerate().for_each(|(index, place)| number[*place as usize] = index as u32);
        let mut texts_of_phrase = Rows { ends: Vec::new(), values: Vec::new() };
        let mut counts = vec![0; texts.len()];
        for run in runs(postings) {
            let before = texts_of_phrase.values.len();
            texts_of_phrase
                .values
                .extend(run.iter().map(|entry| number[*entry as u32 as usize]).filter(|text| *text != u32::MAX));
            if texts_of_phrase.values.len() - before < 2 {
                texts_of_phrase.values.truncate(before);
                continue;
            }
            texts_of_phrase.values[before..].iter().for_each(|text| counts[*text as usize] += 1);
            texts_of_phrase.ends.push(texts_of_phrase.values.len() as u32);
        }
        let phrases_of_text = transposed(&texts_of_phrase, &counts);
        Graph { texts, phrases_of_text, texts_of_phrase }
    }

    /// Grows groups until every text is in one or has been tried.
    fn groups(&self) -> Vec<Vec<u32>> {
        let mut growth = Growth {
            graph: self,
            free: vec![true; self.texts.len()],
            free_texts: (0..self.texts_of_phrase.len() as u32)
                .map(|phrase| self.texts_of_phrase.row(phrase).len() as u32)
                .collect(),
            in_phrase: Counts::new(self.texts_of_phrase.len()),
            in_text: Counts::new(self.texts.len()),
        };
        let mut groups = Vec::new();
        for text in 0..self.texts.len() as u32 {
            if growth.free[text as usize] {
                let group = growth.grow(text);
                if group.len() > 1 {
                    growth.take(&group);
                    groups.push(group);
                }
            }
        }
        groups
    }
}

fn transposed(rows: &Rows, counts: &[u32]) -> Rows {
    let mut ends: Vec<u32> = counts
        .iter()
        .scan(0, |end, count| {
            let begin = *end;
            *end += count;
            Some(begin)
        })
        .collect();
    let mut values = vec![0; rows.values.len()];
    for row in 0..rows.len() as u32 {
        for value in rows.row(row) {
            let end = &mut ends[*value as usize];
            values[*end as usize] = row;
            *end += 1;
        }
    }
    Rows { ends, values }
}

/// Counts of a few among many numbers; forgets them in time proportional to the few.
struct Counts {
    counts: Vec<u32>,
    touched: Vec<u32>,
}

impl Counts {
    fn new(len: usize) -> Counts {
        Counts { counts: vec![0; len], touched: Vec::new() }
    }

    fn add(&mut self, number: u32) {
        let count = &mut self.counts[number as usize];
        if *count == 0 {
            self.touched.push(number);
        }
        *count += 1;
    }

    fn clear(&mut self) {
        for number in self.touched.drain(..) {
            self.counts[number as usize] = 0;
        }
    }
}

struct Growth<'a> {
    graph: &'a Graph,
    /// Texts that are not in a group yet.
    free: Vec<bool>,
    /// How many such texts each phrase has.
    free_texts: Vec<u32>,
    in_phrase: Counts,
    in_text: Counts,
}

impl Growth<'_> {
    /// The group around `seed`.
    fn grow(&mut self, seed: u32) -> Vec<u32> {
        let mut group = self.around(seed);
        if group.len() < 2 {
            return group;
        }
        // The seed may join two letters. The text with most of what is frequent around it is of one of them.
        let middle = self.middle(&group);
        if middle != seed {
            group = self.around(middle);
        }
        if group.len() < 2 {
            return group;
        }
        for _ in 0..ROUNDS {
            let grown = self.made_of_phrases_of(&group);
            if grown == group || grown.len() < 2 {
                return grown;
            }
            group = grown;
        }
        group
    }

    /// Free texts that share enough phrases with `seed`.
    fn around(&mut self, seed: u32) -> Vec<u32> {
        self.in_text.clear();
        let graph = self.graph;
        for phrase in graph.phrases_of_text.row(seed) {
            if self.free_texts[*phrase as usize] > 1 {
                graph
                    .texts_of_phrase
                    .row(*phrase)
                    .iter()
                    .filter(|text| self.free[**text as usize])
                    .for_each(|text| self.in_text.add(*text));
            }
        }
        let mut around: Vec<u32> = self
            .in_text
            .touched
            .iter()
            .copied()
            .filter(|text| self.in_text.counts[*text as usize] >= LINK as u32)
            .collect();
        around.sort_unstable();
        around
    }

    fn count_phrases(&mut self, group: &[u32]) {
        self.in_phrase.clear();
        for text in group {
            self.graph.phrases_of_text.row(*text).iter().for_each(|phrase| self.in_phrase.add(*phrase));
        }
    }

    /// The text of `group` whose phrases are most frequent in it; the first of several.
    fn middle(&mut self, group: &[u32]) -> u32 {
        self.count_phrases(group);
        let frequency = |text: &u32| -> u64 {
            self.graph
                .phrases_of_text
                .row(*text)
                .iter()
                .map(|phrase| u64::from(self.in_phrase.counts[*phrase as usize]))
                .sum()
        };
        group.iter().rev().copied().max_by_key(frequency).unwrap_or_default()
    }

    /// Free texts of which a good part is made of phrases at home in `group`.
    fn made_of_phrases_of(&mut self, group: &[u32]) -> Vec<u32> {
        self.count_phrases(group);
        let share = |phrase: u32| {
            f64::from(self.in_phrase.counts[phrase as usize]) / f64::from(self.free_texts[phrase as usize])
        };
        // In a mail merge the texts around one letter are a part of the campaign only, and so are those of each phrase.
        let mut shares: Vec<f64> = group
            .iter()
            .take(256)
            .flat_map(|text| self.graph.phrases_of_text.row(*text))
            .map(|phrase| share(*phrase))
            .collect();
        let half = shares.len() / 2;
        let home = shares.select_nth_unstable_by(half, f64::total_cmp).1.min(1.0) / 2.0;
        let mut at_home: Vec<u32> = self
            .in_phrase
            .touched
            .iter()
            .copied()
            .filter(|phrase| self.in_phrase.counts[*phrase as usize] > 1 && share(*phrase) >= home)
            .collect();
        at_home.sort_unstable();
        self.in_text.clear();
        for phrase in at_home {
            self.graph
                .texts_of_phrase
                .row(phrase)
                .iter()
                .filter(|text| self.free[**text as usize])
                .for_each(|text| self.in_text.add(*text));
        }
        let enough = |text: &u32| {
            let count = self.in_text.counts[*text as usize] as usize;
            count >= 2 && count * 4 >= self.graph.phrases_of_text.row(*text).len()
        };
        let mut grown: Vec<u32> = self.in_text.touched.iter().copied().filter(enough).collect();
        grown.sort_unstable();
        grown
    }

    fn take(&mut self, group: &[u32]) {
        for text in group {
            self.free[*text as usize] = false;
            self.graph.phrases_of_text.row(*text).iter().for_each(|phrase| self.free_texts[*phrase as usize] -= 1);
        }
    }
}
