//! The verifier of a whole log: reads it from the first leaf to the last and says everything that is wrong with it.

mod fault;
mod ledger;

use std::collections::HashMap;

use crate::tile::{self, Content, Tile, TileSource, WIDTH};
use crate::{Checkpoint, Error, Event, Head, Leaf, Note, Policy, Promise, Result, Standing, Tree, Trusted};

pub use fault::Fault;
pub use ledger::{Ledger, Review};

/// Faults beyond this number are counted, not kept.
const MOST_FAULTS: usize = 1000;

/// What a log is held against.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'with> {
    /// Whom to believe.
    pub policy: &'with Policy,
    /// Earlier checkpoints of the log, which it must continue.
    pub remembered: &'with [Checkpoint],
    /// Promises that the log has given, opened.
    pub promises: &'with [Promise],
    /// The time, in POSIX seconds.
    pub now: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The checkpoint that the log was verified against.
    pub trusted: Trusted,
    /// How many leaves could be read; fewer than the checkpoint says only if there is a fault.
    pub read: u64,
    /// Which contributions there are, and what became of each.
    pub ledger: Ledger,
    /// The promises, in the order in which they were given.
    pub promises: Vec<Standing>,
    /// What is wrong, in the order of the log.
    pub faults: Vec<Fault>,
    /// Faults beyond those.
    pub more_faults: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

impl Audit<'_> {
    /// Verifies a whole log: that the checkpoint is signed and cosigned, that the tiles are those of the checkpoint, that it
    /// continues the remembered heads, that every leaf is one, that every contribution has at most one disposition and after
    /// the close exactly one, that the sums are right, and how the promises stand.
    ///
    /// An error means that the checkpoint cannot be believed, or that something was brought that is of another log, so that there
    /// is nothing to verify; everything else is a fault in the report. Five bytes of memory for each leaf are needed.
    pub fn run(&self, source: &impl TileSource, checkpoint: &Note) -> Result<Report> {
        let trusted = self.policy.open(checkpoint)?;
        self.same_log(&trusted.checkpoint.origin)?;
        let mut reading = Reading::new(self, trusted.checkpoint.head);
        reading.whole(source);
        let complete = reading.tree.size() == trusted.checkpoint.head.size;
        let standing = |(promise, place): (&Promise, &Option<u64>)| match place {
            None if !complete => Standing::Unknown,
            place => promise.standing(*place, trusted.as_of, self.now),
        };
        let promises: Vec<Standing> = self.promises.iter().zip(&reading.kept).map(standing).collect();
        for (number, standing) in promises.iter().enumerate() {
            if matches!(standing, Standing::Broken | Standing::Overdue) {
                reading.faults.push(Fault::Promise { number, standing: *standing });
            }
        }
        let faults = reading.faults;
        Ok(Report {
            trusted,
            read: reading.tree.size(),
            ledger: reading.ledger,
            promises,
            more_faults: faults.more,
            faults: faults.kept,
        })
    }

    /// What is held against a log must be of that log: promises of another would look broken, and checkpoints like a fork.
    fn same_log(&self, origin: &str) -> Result<()> {
        let remembered = self.remembered.iter().map(|checkpoint| &checkpoint.origin);
        let mut origins = self.promises.iter().map(|promise| &promise.origin).chain(remembered);
        match origins.find(|other| *other != origin) {
            Some(other) => Err(Error::OtherLog { expected: origin.into(), found: other.clone() }),
            None => Ok(()),
        }
    }
}

/// Faults, up to a number.
#[derive(Default)]
struct Faults {
    kept: Vec<Fault>,
    more: u64,
}

impl Faults {
    fn push(&mut self, fault: Fault) {
        if self.kept.len() < MOST_FAULTS {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }
}

/// A log while it is read: the tree is built again from its leaves, and everything in the files is held against that.
struct Reading {
    head: Head,
    tree: Tree,
    ledger: Ledger,
    faults: Faults,
    /// Remembered heads that are still to come, the largest first.
    remembered: Vec<Head>,
    awaited: HashMap<([u8; 16], [u8; 32]), Vec<usize>>,
    kept: Vec<Option<u64>>,
}

impl Reading {
    fn new(audit: &Audit<'_>, head: Head) -> Reading {
        let mut awaited: HashMap<_, Vec<usize>> = HashMap::new();
        for (number, promise) in audit.promises.iter().enumerate() {
            awaited.entry((promise.review, promise.commitment.0)).or_default().push(number);
        }
        let mut remembered: Vec<Head> = audit.remembered.iter().map(|checkpoint| checkpoint.head).collect();
        remembered.sort_by_key(|head| std::cmp::Reverse(head.size));
        let mut faults = Faults::default();
        remembered.retain(|old| {
            let there = old.size <= head.size;
            if !there {
                faults.push(Fault::Shrunk { remembered: old.size, size: head.size });
            }
            there
        });
        Reading {
            head,
            tree: Tree::default(),
            ledger: Ledger::default(),
            faults,
            remembered,
            awaited,
            kept: vec![None; audit.promises.len()],
        }
    }

    fn whole(&mut self, source: &impl TileSource) {
        self.recall();
        for index in 0..self.head.size.div_ceil(u64::from(WIDTH)) {
            if let Err(error) = self.bundle(source, index) {
                // Without these entries no further hash can be known.
                self.faults.push(Fault::Tile(error));
                return;
            }
        }
        for (tile, bytes) in self.tree.partial() {
            self.compare(source, tile, &bytes);
        }
        if self.tree.head() != self.head {
            self.faults.push(Fault::Root);
        }
    }

    fn bundle(&mut self, source: &impl TileSource, index: u64) -> Result<()> {
        let Some(tile) = Tile::of(Content::Entries, index, self.head.size) else { return Ok(()) };
        let bytes = tile::read_entries(source, tile)?;
        let mut written = Vec::new();
        for entry in tile::entries(&bytes) {
            let entry = entry?;
            self.leaf(entry);
            self.tree.push(entry, &mut written);
            self.recall();
        }
        for (tile, bytes) in written {
            self.compare(source, tile, &bytes);
        }
        Ok(())
    }

    fn leaf(&mut self, entry: &[u8]) {
        let place = self.ledger.next();
        let leaf = match Leaf::parse(entry) {
            Ok(leaf) => leaf,
            Err(error) => {
                self.ledger.skip();
                return self.faults.push(Fault::Leaf { place, why: error });
            }
        };
        if let Event::Contribution(commitment) = leaf.event {
            // Every promise needs a leaf of its own: one leaf given to two people would hide the evidence of one.
            let next = self.awaited.get_mut(&(leaf.review, commitment.0)).and_then(Vec::pop);
            if let Some(kept) = next.and_then(|number| self.kept.get_mut(number)) {
                *kept = Some(place);
            }
        }
        let faults = &mut self.faults;
        self.ledger.enter(&leaf, |fault| faults.push(fault));
    }

    /// Holds the tree against the remembered head of its size.
    fn recall(&mut self) {
        while let Some(head) = self.remembered.pop_if(|head| head.size == self.tree.size()) {
            if self.tree.head() != head {
                self.faults.push(Fault::Forked(head.size));
            }
        }
    }

    fn compare(&mut self, source: &impl TileSource, tile: Tile, bytes: &[u8]) {
        let Content::Hashes(_) = tile.content else { return };
        match tile::read_hashes(source, tile) {
            Ok(hashes) if hashes.iter().flat_map(|hash| hash.0).eq(bytes.iter().copied()) => {}
            Ok(_) => self.faults.push(Fault::TileDiffers(tile)),
            Err(error) => self.faults.push(Fault::Tile(error)),
        }
    }
}
