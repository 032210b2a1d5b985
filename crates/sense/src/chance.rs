//! Chance that can be had again: a stream of random numbers for each seed and purpose, the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A source of random numbers.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream with this number, of those that `seed` gives. Streams do not depend on each other.
    pub(crate) fn new(seed: u64, stream: u64) -> Chance {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Chance(rng)
    }

    /// A number below `end`, each as likely as any other (Lemire 2019, whose rare second draw is left out: the error is below
    /// `end` / 2^64). 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let product = u128::from(self.0.next_u64()) * end as u128;
        usize::try_from(product >> 64).unwrap_or(usize::MAX)
    }
}
