//! Batches: when the events that wait are sequenced, and in which order, so that neither betrays who wrote what.

use sha2::{Digest, Sha256};

use crate::{Event, Leaf};

/// When a batch is due: as soon as so many wait, or one has waited so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// As many as this are shuffled among each other well enough.
    pub enough: usize,
    /// So long, in seconds, may an event wait.
    pub longest: u64,
}

impl Default for Pace {
    /// 16 events, or an hour.
    fn default() -> Pace {
        Pace { enough: 16, longest: 3600 }
    }
}

impl Pace {
    /// Whether a batch is due, with so many waiting, the oldest for so many seconds.
    pub fn is_due(&self, waiting: usize, oldest: u64) -> bool {
        waiting >= self.enough || (waiting > 0 && oldest >= self.longest)
    }
}

/// Makes leaves of the events that wait, in an order that only the `seed` explains: 32 random bytes, to be forgotten. The order
/// in which the events are given does not matter. The `day` must not be before that of the leaf before.
///
/// ```
/// use folkmoot_register::{Event, batch};
///
/// let review = [1; 16];
/// let events: Vec<_> = (0..20).map(|number| (review, Event::Policy { digest: [number; 32] })).collect();
/// let leaves = batch::sequence(&events, 20_000, &[9; 32]);
/// let reversed: Vec<_> = events.iter().rev().copied().collect();
/// assert_eq!(leaves, batch::sequence(&reversed, 20_000, &[9; 32]));
/// assert_ne!(leaves, batch::sequence(&events, 20_000, &[8; 32]));
/// ```
pub fn sequence(events: &[([u8; 16], Event)], day: u32, seed: &[u8; 32]) -> Vec<Leaf> {
    let leaf = |(review, event): &([u8; 16], Event)| Leaf { review: *review, day, event: *event };
    let mut leaves: Vec<Leaf> = events.iter().map(leaf).collect();
    shuffle(&mut leaves, seed, Leaf::to_bytes);
    leaves
}

/// Puts things in an order that only the `seed` explains. Each must have a `name` of its own: things of the same name would stay in
/// the order in which they came.
pub fn shuffle<T, N: AsRef<[u8]>>(things: &mut [T], seed: &[u8; 32], name: impl Fn(&T) -> N) {
    // Each gets a random number that follows from the seed and its name: a uniform order, as long as the seed is secret.
    things.sort_by_cached_key(|thing| -> [u8; 32] {
        Sha256::new().chain_update(seed).chain_update(name(thing)).finalize().into()
    });
}
