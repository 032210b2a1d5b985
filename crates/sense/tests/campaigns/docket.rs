//! Makes dockets whose campaigns are known: letters that people edited, cut and added to, mail merges of every shape, and texts of
//! people's own that quote them or are about the same subject.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers, drawn by chance"
)]

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Texts, and for each the campaign that it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Docket {
    pub texts: Vec<String>,
    pub campaigns: Vec<Option<u32>>,
    random: Option<ChaCha8Rng>,
}

/// How a mail merge is made.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    pub members: usize,
    pub slots: usize,
    pub alternatives: usize,
    /// The words of an alternative, at most; there are three at least.
    pub longest: usize,
    /// The words between slots that all members have.
    pub fixed: usize,
}

impl Docket {
    pub fn new(seed: u64) -> Docket {
        Docket { random: Some(ChaCha8Rng::seed_from_u64(seed)), ..Docket::default() }
    }

    fn draw(&mut self, below: usize) -> usize {
        let random = self.random.as_mut().map_or(0, Rng::next_u64);
        (random % below.max(1) as u64) as usize
    }

    /// A word: short ones are frequent, as in every language (Zipf's law, about).
    fn word(&mut self) -> String {
        let rank = 2_f64.powf(self.draw(1 << 20) as f64 / f64::from(1 << 20) * 14.0) as usize;
        let syllables =
            ["ba", "con", "di", "fer", "ga", "lo", "men", "no", "pra", "sti", "tu", "ve", "wor", "ze", "qui", "ja"];
        let mut word = String::new();
        let mut rest = rank;
        loop {
            word.push_str(syllables[rest % 16]);
            rest /= 16;
            if rest == 0 {
                return word;
            }
        }
    }

    pub fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.word()).collect()
    }

    fn push(&mut self, words: &[String], campaign: Option<u32>) {
        self.texts.push(words.join(" "));
        self.campaigns.push(campaign);
    }

    fn next_campaign(&self) -> u32 {
        self.campaigns.iter().flatten().max().map_or(0, |campaign| campaign + 1)
    }

    /// Texts of people's own, a tenth of which quote ten to 25 words of another text.
    pub fn own(&mut self, count: usize) {
        for _ in 0..count {
            let length = 20 + self.draw(160);
            let mut words = self.words(length);
            if !self.texts.is_empty() && self.draw(10) == 0 {
                let other = self.draw(self.texts.len());
                let quoted: Vec<String> = self.texts[other].split(' ').map(str::to_owned).collect();
                let run = (10 + self.draw(16)).min(quoted.len() / 4);
                let from = self.draw(quoted.len() - run);
                let at = self.draw(words.len());
                words.splice(at..at, quoted[from..from + run].iter().cloned());
            }
            self.push(&words, None);
        }
    }

    /// Copies of one letter: up to 15 per cent of the words edited; some are half of it, some have a paragraph of their own.
    pub fn letter(&mut self, members: usize, length: usize) {
        let letter = self.words(length);
        let campaign = self.next_campaign();
        for _ in 0..members {
            let edits = self.draw(16);
            let mut words = Vec::new();
            for word in &letter {
                if self.draw(100) >= edits {
                    words.push(word.clone());
                    continue;
                }
                match self.draw(3) {
                    0 => words.push(self.word()),
                    1 => words.extend([word.clone(), self.word()]),
                    _ => {}
                }
            }
            match self.draw(10) {
                0 => {
                    let half = words.len() / 2;
                    let from = self.draw(words.len() - half);
                    words = words[from..from + half].to_vec();
                }
                1..3 => {
                    let paragraph = 20 + self.draw(101);
                    let paragraph = self.words(paragraph);
                    let at = if self.draw(2) == 0 { 0 } else { words.len() };
                    words.splice(at..at, paragraph);
                }
                _ => {}
            }
            self.push(&words, Some(campaign));
        }
    }

    /// A mail merge with alternatives in every slot.
    pub fn merge(&mut self, merge: Merge) {
        let mut slots: Vec<Vec<Vec<String>>> = Vec::new();
        let mut between = Vec::new();
        for _ in 0..merge.slots {
            let alternatives = (0..merge.alternatives).map(|_| {
                let length = 3 + self.draw(merge.longest - 2);
                self.words(length)
            });
            slots.push(alternatives.collect());
            between.push(self.words(merge.fixed));
        }
        let campaign = self.next_campaign();
        for _ in 0..merge.members {
            let mut words = Vec::new();
            for (slot, fixed) in slots.iter().zip(&between) {
                words.extend(fixed.iter().cloned());
                words.extend(slot[self.draw(slot.len())].iter().cloned());
            }
            self.push(&words, Some(campaign));
        }
    }
}

/// Precision and recall of pairs of texts in the same family, against the campaigns that are known.
pub fn pairs(docket: &Docket, family: impl Fn(usize) -> Option<u32>) -> (f64, f64) {
    let (mut found, mut known, mut both) = (0_u64, 0_u64, 0_u64);
    for one in 0..docket.texts.len() {
        for other in 0..one {
            let same_family = family(one).is_some() && family(one) == family(other);
            let same_campaign = docket.campaigns[one].is_some() && docket.campaigns[one] == docket.campaigns[other];
            found += u64::from(same_family);
            known += u64::from(same_campaign);
            both += u64::from(same_family && same_campaign);
        }
    }
    (both as f64 / found.max(1) as f64, both as f64 / known.max(1) as f64)
}
