//! A small log that is made for a test: its keys, its tiles and its leaves.

use folkmoot_register::tile::MemoryTiles;
use folkmoot_register::{Checkpoint, Class, Commitment, Disposition, Event, Kind, Leaf, Note, Outcome, Policy, Salt};
use folkmoot_register::{SigningKey, Sums, Tree};

pub const ORIGIN: &str = "example.org/register";
pub const REVIEW: [u8; 16] = [1; 16];
pub const DAY: u32 = 20_000;
/// When the witnesses cosign.
pub const TIME: u64 = 1_728_000_000;

pub fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key")
}

pub fn witness_keys() -> [SigningKey; 2] {
    [("library.example/witness", 2), ("university.example/witness", 3)]
        .map(|(name, seed)| SigningKey::from_seed(name, Kind::Cosignature, &[seed; 32]).expect("a key"))
}

/// Wants the log and both witnesses.
pub fn policy() -> Policy {
    let witnesses = witness_keys().map(|key| key.verifying().clone());
    Policy::new(&[log_key().verifying().clone()], &witnesses, 2).expect("a policy")
}

pub struct Log {
    pub tree: Tree,
    pub tiles: MemoryTiles,
    pub entries: Vec<Vec<u8>>,
}

impl Log {
    /// A log of these leaves, in one batch.
    pub fn of(leaves: &[Leaf]) -> Log {
        let mut log = Log { tree: Tree::default(), tiles: MemoryTiles::new(), entries: Vec::new() };
        log.append(leaves);
        log
    }

    pub fn append(&mut self, leaves: &[Leaf]) {
        let entries: Vec<Vec<u8>> = leaves.iter().map(|leaf| leaf.to_bytes().to_vec()).collect();
        self.tiles.extend(self.tree.append(&entries).expect("short entries"));
        self.entries.extend(entries);
    }

    /// The checkpoint, signed and cosigned by both witnesses.
    pub fn checkpoint(&self) -> Note {
        let mut note = Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&log_key()]).expect("a checkpoint");
        for witness in witness_keys() {
            note.add(witness.sign(note.text(), TIME)).expect("a cosignature");
        }
        note
    }
}

pub fn leaf(event: Event) -> Leaf {
    Leaf { review: REVIEW, day: DAY, event }
}

pub fn commitment(number: u64) -> Commitment {
    let mut salt = [0; 32];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    Commitment::new(&Salt(salt), Class::Sealed, b"sealed")
}

/// The leaves of a whole review: so many contributions, a disposition for each, and the close.
pub fn review(contributions: u32) -> Vec<Leaf> {
    let given = (0..contributions).map(|number| leaf(Event::Contribution(commitment(u64::from(number)))));
    let outcome = |number| if number % 3 == 0 { Outcome::Considered } else { Outcome::Published };
    let disposed = (0..contributions).map(|number| {
        leaf(Event::Disposition { of: u64::from(number), disposition: Disposition::first(outcome(number)) })
    });
    let considered = contributions.div_ceil(3);
    let published = contributions - considered;
    let close = leaf(Event::Close(Sums { contributions, published, considered, ..Sums::default() }));
    given.chain(disposed).chain([close]).collect()
}
