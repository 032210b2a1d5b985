//! The ledger of a log: which contributions there are, and what became of each.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use super::Fault;
use crate::{Disposition, Event, Leaf, Sums};

/// What the log says of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Its id, as in the leaves.
    pub id: [u8; 16],
    /// What became of its contributions, as of the last leaf.
    pub sums: Sums,
    /// Where it was closed.
    pub closed: Option<u64>,
}

/// Which contributions a log has, and what became of each: five bytes for each leaf.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    reviews: Vec<Review>,
    places: HashMap<[u8; 16], u32>,
    /// Of each leaf the review whose contribution it is, and [`NONE`] where it is none.
    review_of: Vec<u32>,
    /// Of each leaf the number of the outcome that stands, 0 where there is none.
    outcome_of: Vec<u8>,
    /// The digests of what was said in public, each with the number of its review.
    statements: HashSet<(u32, [u8; 32])>,
    day: u32,
}

const NONE: u32 = u32::MAX;

impl Ledger {
    /// Each review in the log, in the order of their first leaves.
    pub fn reviews(&self) -> &[Review] {
        &self.reviews
    }

    /// Whether something with this digest was said in public for the review.
    pub fn has_statement(&self, review: &[u8; 16], digest: &[u8; 32]) -> bool {
        self.places.get(review).is_some_and(|number| self.statements.contains(&(*number, *digest)))
    }

    /// The digests of all that was said in public, each once, in the order of their bytes.
    pub fn statements(&self) -> Vec<[u8; 32]> {
        let mut digests: Vec<_> = self.statements.iter().map(|(_, digest)| *digest).collect();
        digests.sort_unstable();
        digests.dedup();
        digests
    }

    /// The place of the leaf that comes next.
    pub(super) fn next(&self) -> u64 {
        self.review_of.len() as u64
    }

    /// Passes over bytes that are no leaf.
    pub(super) fn skip(&mut self) {
        self.review_of.push(NONE);
        self.outcome_of.push(0);
    }

    /// Enters the next leaf.
    pub(super) fn enter(&mut self, leaf: &Leaf, mut fault: impl FnMut(Fault)) {
        let place = self.next();
        let number = self.number(leaf.review);
        self.skip();
        if leaf.day < self.day {
            fault(Fault::DayGoesBack(place));
        }
        self.day = self.day.max(leaf.day);
        match leaf.event {
            Event::Contribution(_) => self.contribution(place, number, fault),
            Event::Disposition { of, disposition } => self.disposition(place, number, of, disposition, fault),
            Event::Close(sums) => self.close(place, number, sums, fault),
            Event::Policy { digest } => drop(self.statements.insert((number, digest))),
            Event::Manifest { .. } | Event::Unseal { .. } | Event::TokensIssued { .. } => {}
        }
    }

    fn number(&mut self, id: [u8; 16]) -> u32 {
        *self.places.entry(id).or_insert_with(|| {
            self.reviews.push(Review { id, sums: Sums::default(), closed: None });
            u32::try_from(self.reviews.len() - 1).unwrap_or(NONE)
        })
    }

    fn contribution(&mut self, place: u64, number: u32, mut fault: impl FnMut(Fault)) {
        let Some(review) = self.reviews.get_mut(number as usize) else { return };
        if review.closed.is_some() {
            fault(Fault::AfterClose(place));
        }
        review.sums.contributions = review.sums.contributions.saturating_add(1);
        if let Some(of) = self.review_of.last_mut() {
            *of = number;
        }
    }

    fn disposition(&mut self, place: u64, number: u32, of: u64, stated: Disposition, mut fault: impl FnMut(Fault)) {
        let at = usize::try_from(of).unwrap_or(usize::MAX);
        if self.review_of.get(at) != Some(&number) || number == NONE {
            return fault(Fault::NoContribution { place, of });
        }
        let (Some(stands), Some(review)) = (self.outcome_of.get_mut(at), self.reviews.get_mut(number as usize)) else {
            return;
        };
        if stated.replaces.unwrap_or(0) != *stands {
            return fault(Fault::SecondDisposition { place, of });
        }
        if review.closed.is_some() && stated.replaces.is_none() {
            fault(Fault::AfterClose(place));
        }
        if let Some(sum) = review.sums.of(*stands) {
            *sum = sum.saturating_sub(1);
        }
        *stands = stated.outcome.number();
        if let Some(sum) = review.sums.of(*stands) {
            *sum = sum.saturating_add(1);
        }
    }

    fn close(&mut self, place: u64, number: u32, stated: Sums, mut fault: impl FnMut(Fault)) {
        let Some(review) = self.reviews.get_mut(number as usize) else { return };
        if review.closed.replace(place).is_some() {
            fault(Fault::AfterClose(place));
        }
        if stated != review.sums {
            fault(Fault::Sums(place));
        }
        let count = u64::from(review.sums.contributions).saturating_sub(review.sums.decided());
        let mut open = self.review_of.iter().zip(&self.outcome_of);
        if let Some(first) = (count > 0).then(|| open.position(|entry| entry == (&number, &0))).flatten() {
            fault(Fault::Undisposed { place, count, first: first as u64 });
        }
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Ledger(of {} leaves, {:?})", self.next(), self.reviews)
    }
}
