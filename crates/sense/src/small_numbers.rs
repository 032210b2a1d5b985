//! Counts of people that may be published: small ones hidden, the others rounded, and enough hidden beside the small ones that
//! nobody can find them out from totals.
//!
//! The rule: a count from 1 up to the threshold (10) is hidden, and so is whatever would betray it; other counts are rounded to
//! the nearest multiple of the base (5); nought is shown. A small count is safe if somebody who knows every count that is shown,
//! *before* it was rounded, and every total, must still think any number below the threshold possible. The practice is that of the
//! UK's Government Statistical Service; Hundepool and others 2012, Statistical Disclosure Control, chapter 4.
//!
//! Tables that share a total but no other cell can be protected one by one. Tables about the same people that share more than
//! that (sex by age beside sex by region) betray each other: publish one of them.

mod flow;

use serde::{Serialize, Serializer};

/// What is hidden, and how the rest is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Counts from 1 to below this are hidden.
    pub threshold: u64,
    /// Counts are rounded to a multiple of this.
    pub base: u64,
}

impl Default for Rule {
    fn default() -> Rule {
        Rule { threshold: 10, base: 5 }
    }
}

/// A count as it may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Rounded.
    Shown(u64),
    /// Small, or hidden because it would betray a small one.
    Hidden,
}

impl Count {
    /// The rounded count, if it is shown.
    pub fn shown(self) -> Option<u64> {
        match self {
            Count::Shown(count) => Some(count),
            Count::Hidden => None,
        }
    }
}

/// A number, or null where it is hidden.
impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.shown().serialize(serializer)
    }
}

/// A list of counts and their total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct List {
    /// In the order that they came.
    pub cells: Vec<Count>,
    /// All of them together.
    pub total: Count,
}

/// A table of counts with its margins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Rows of cells.
    pub cells: Vec<Vec<Count>>,
    /// The total of each row.
    pub rows: Vec<Count>,
    /// The total of each column.
    pub columns: Vec<Count>,
    /// All together.
    pub total: Count,
}

impl Rule {
    /// A count by itself, of which nothing else is published.
    pub fn count(&self, count: u64) -> Count {
        if self.is_small(count) { Count::Hidden } else { Count::Shown(self.rounded(count)) }
    }

    /// Counts that are published beside their total. Where the total is small too, or too few for what is in it, all are hidden,
    /// noughts as well.
    pub fn list(&self, counts: &[u64]) -> List {
        let total: u64 = counts.iter().sum();
        let mut hidden: Vec<bool> = counts.iter().map(|count| self.is_small(*count)).collect();
        let mut others: Vec<usize> = (0..counts.len()).filter(|place| counts[*place] >= self.threshold).collect();
        others.sort_by_key(|place| std::cmp::Reverse((counts[*place], *place)));
        while self.betrays(counts, &hidden) {
            match others.pop() {
                Some(smallest) => hidden[smallest] = true,
                None => hidden.fill(true),
            }
        }
        let cells = counts.iter().zip(&hidden).map(|(count, hidden)| self.shown_unless(*hidden, *count));
        List { cells: cells.collect(), total: self.count(total) }
    }

    /// Whether a small count can be narrowed down from the hidden ones' sum. Each hidden count is 1 or more, as noughts are shown,
    /// unless all are hidden.
    fn betrays(&self, counts: &[u64], hidden: &[bool]) -> bool {
        let all = hidden.iter().all(|hidden| *hidden);
        let hides = || counts.iter().zip(hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| *count);
        let others = hides().count().saturating_sub(1) as u64;
        let most = hides().sum::<u64>().saturating_sub(if all { 0 } else { others });
        // With a total that is hidden too, nothing is known but that it is small.
        let total_is_small = self.is_small(counts.iter().sum());
        !all && hides().any(|count| self.is_small(count))
            && (others == 0 || total_is_small || most + 1 < self.threshold)
    }

    /// A table of counts, published with its margins. Rows that are too short are filled up with noughts.
    pub fn table(&self, counts: &[Vec<u64>]) -> Table {
        flow::protect(self, counts)
    }

    fn is_small(&self, count: u64) -> bool {
        (1..self.threshold).contains(&count)
    }

    fn rounded(&self, count: u64) -> u64 {
        let base = self.base.max(1);
        (count + base / 2) / base * base
    }

    fn shown_unless(&self, hidden: bool, count: u64) -> Count {
        if hidden { Count::Hidden } else { Count::Shown(self.rounded(count)) }
    }
}

#[cfg(test)]
mod tests;
