//! What becomes of contributions. Every one ends with exactly one disposition, so that anybody can add them up.

use serde::Serialize;

/// Why a contribution was excluded. A code, never a text: a text could identify somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Exclusion {
    /// It is not about what the review asks.
    OutOfScope = 1,
    /// The same person gave the same thing before.
    Duplicate = 2,
    /// To keep it would be against the law.
    Unlawful = 3,
    /// It does nothing but attack somebody.
    Abusive = 4,
    /// It is no evidence by anybody: advertising, a test, a machine.
    NotGenuine = 5,
    /// Another reason, which the review publishes.
    Other = 255,
}

/// What became of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is published, in whole or redacted (1).
    Published,
    /// It was read and considered, and is not published (2).
    Considered,
    /// Its contributor has taken it back (3).
    Withdrawn,
    /// It was not considered, for a reason (4).
    Excluded(Exclusion),
    /// It was deleted when its time of keeping was over, or by law (5).
    Erased,
}

/// A statement of what became of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Disposition {
    /// What became of it.
    pub outcome: Outcome,
    /// The number of the outcome that was stated before, where this one takes its place. None for the first.
    pub replaces: Option<u8>,
}

impl Outcome {
    /// The number that stands for it in leaves: 1 to 5.
    pub fn number(self) -> u8 {
        match self {
            Outcome::Published => 1,
            Outcome::Considered => 2,
            Outcome::Withdrawn => 3,
            Outcome::Excluded(_) => 4,
            Outcome::Erased => 5,
        }
    }

    /// Whether it may take the place of an outcome of this number. What was published can be withdrawn, what was excluded be taken
    /// in again; what is withdrawn or erased stays so, for nothing is left of it.
    pub fn may_replace(self, before: u8) -> bool {
        matches!(before, 1 | 2 | 4) && before != self.number()
    }
}

impl Disposition {
    /// The first disposition of a contribution.
    pub fn first(outcome: Outcome) -> Disposition {
        Disposition { outcome, replaces: None }
    }

    /// Outcome, reason and what it replaces, one byte each; 29 noughts.
    pub(crate) fn to_value(self) -> [u8; 32] {
        let mut value = [0; 32];
        value[0] = self.outcome.number();
        value[1] = if let Outcome::Excluded(reason) = self.outcome { reason as u8 } else { 0 };
        value[2] = self.replaces.unwrap_or(0);
        value
    }

    pub(crate) fn from_value(value: &[u8; 32]) -> Option<Disposition> {
        let [number, reason, replaces, rest @ ..] = value;
        let outcome = match (number, reason) {
            (1, 0) => Outcome::Published,
            (2, 0) => Outcome::Considered,
            (3, 0) => Outcome::Withdrawn,
            (4, reason) => Outcome::Excluded(exclusion(*reason)?),
            (5, 0) => Outcome::Erased,
            _ => return None,
        };
        let replaces = Some(*replaces).filter(|number| *number > 0);
        let possible = replaces.is_none_or(|before| outcome.may_replace(before)) && *rest == [0; 29];
        possible.then_some(Disposition { outcome, replaces })
    }
}

fn exclusion(byte: u8) -> Option<Exclusion> {
    use Exclusion::{Abusive, Duplicate, NotGenuine, Other, OutOfScope, Unlawful};
    [OutOfScope, Duplicate, Unlawful, Abusive, NotGenuine, Other].into_iter().find(|reason| *reason as u8 == byte)
}

/// How many contributions a review had, and what became of them: what its closing leaf states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize)]
pub struct Sums {
    /// All contributions.
    pub contributions: u32,
    /// Published.
    pub published: u32,
    /// Considered in confidence.
    pub considered: u32,
    /// Withdrawn.
    pub withdrawn: u32,
    /// Excluded, for whatever reason.
    pub excluded: u32,
    /// Erased.
    pub erased: u32,
}

impl Sums {
    /// Whether what became of them adds up to all of them.
    pub fn add_up(&self) -> bool {
        u64::from(self.contributions) == self.decided()
    }

    /// How many have a disposition.
    pub fn decided(&self) -> u64 {
        [self.published, self.considered, self.withdrawn, self.excluded, self.erased].map(u64::from).iter().sum()
    }

    /// The sum for outcomes of this number, 1 to 5.
    pub fn of(&mut self, number: u8) -> Option<&mut u32> {
        match number {
            1 => Some(&mut self.published),
            2 => Some(&mut self.considered),
            3 => Some(&mut self.withdrawn),
            4 => Some(&mut self.excluded),
            5 => Some(&mut self.erased),
            _ => None,
        }
    }

    /// Six numbers of four bytes, the highest first; eight noughts.
    pub(crate) fn to_value(self) -> [u8; 32] {
        let Sums { contributions, published, considered, withdrawn, excluded, erased } = self;
        let mut value = [0; 32];
        let numbers = [contributions, published, considered, withdrawn, excluded, erased];
        for (place, number) in value.as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
            *place = number.to_be_bytes();
        }
        value
    }

    pub(crate) fn from_value(value: &[u8; 32]) -> Option<Sums> {
        let (numbers, _) = value.as_chunks::<4>();
        let [contributions, published, considered, withdrawn, excluded, erased, 0, 0] =
            <[[u8; 4]; 8]>::try_from(numbers).ok()?.map(u32::from_be_bytes)
        else {
            return None;
        };
        Some(Sums { contributions, published, considered, withdrawn, excluded, erased })
    }
}
