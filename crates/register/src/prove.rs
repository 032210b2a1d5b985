//! Proofs made from tiles: of any leaf, and from any older size of the log (C2SP tlog-tiles, "Merkle Tree").

use std::collections::HashMap;
use std::ops::Range;

use crate::tile::{self, Content, Tile, TileSource, WIDTH};
use crate::{Error, Frontier, Hash, Head, proof};

/// Makes proofs for one head of the log. Reads the few tiles that each needs, and gives out none that does not hold: so damaged
/// tiles make an error, never a bad proof.
///
/// ```
/// use folkmoot_register::tile::MemoryTiles;
/// use folkmoot_register::{Hash, Prover, Tree, proof};
///
/// let mut tree = Tree::default();
/// let files: MemoryTiles = tree.append(&["first", "second", "third"])?.into_iter().collect();
/// let head = tree.head();
///
/// let path = Prover::new(&files, head).inclusion(1)?;
/// proof::verify_inclusion(Hash::of_leaf(b"second"), 1, &path, &head)?;
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug)]
pub struct Prover<'tiles, S> {
    source: &'tiles S,
    head: Head,
}

impl<'tiles, S: TileSource> Prover<'tiles, S> {
    /// For the log of this size and root.
    pub fn new(source: &'tiles S, head: Head) -> Prover<'tiles, S> {
        Prover { source, head }
    }

    /// The inclusion proof of the leaf at `index` (RFC 9162, section 2.1.3.1).
    pub fn inclusion(&self, index: u64) -> Result<Vec<Hash>, Error> {
        self.within(index)?;
        let mut tiles = Tiles::new(self);
        let path = tiles.roots(proof::inclusion_ranges(index, self.head.size))?;
        let leaf = tiles.root(index..index + 1)?;
        proof::verify_inclusion(leaf, index, &path, &self.head).map_err(|_| Error::TilesDiffer(self.head.size))?;
        Ok(path)
    }

    /// The consistency proof from the log of `old` leaves, and the root that it had (RFC 9162, section 2.1.4.1).
    pub fn consistency(&self, old: u64) -> Result<(Head, Vec<Hash>), Error> {
        if old > self.head.size {
            return Err(Error::BeyondTheEnd { index: old, size: self.head.size });
        }
        let mut tiles = Tiles::new(self);
        let path = tiles.roots(proof::consistency_ranges(old, self.head.size))?;
        let old = Head { size: old, root: tiles.root(0..old)? };
        proof::verify_consistency(&old, &self.head, &path).map_err(|_| Error::TilesDiffer(self.head.size))?;
        Ok((old, path))
    }

    /// The entry at `index`. It is as the bundle has it: ask for its inclusion proof to know that it belongs there.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Error> {
        self.within(index)?;
        let beyond = Error::BeyondTheEnd { index, size: self.head.size };
        let tile = Tile::of(Content::Entries, index / u64::from(WIDTH), self.head.size).ok_or(beyond.clone())?;
        let bytes = tile::read_entries(self.source, tile)?;
        let entry = tile::entries(&bytes).nth(place_in_tile(index)).ok_or(beyond)?;
        Ok(entry?.to_vec())
    }

    fn within(&self, index: u64) -> Result<(), Error> {
        if index < self.head.size { Ok(()) } else { Err(Error::BeyondTheEnd { index, size: self.head.size }) }
    }
}

/// The tiles of one proof, each read once.
struct Tiles<'tiles, S> {
    source: &'tiles S,
    size: u64,
    read: HashMap<Tile, Vec<Hash>>,
}

impl<'tiles, S: TileSource> Tiles<'tiles, S> {
    fn new(prover: &Prover<'tiles, S>) -> Tiles<'tiles, S> {
        Tiles { source: prover.source, size: prover.head.size, read: HashMap::new() }
    }

    fn roots(&mut self, ranges: Vec<Range<u64>>) -> Result<Vec<Hash>, Error> {
        ranges.into_iter().map(|range| self.root(range)).collect()
    }

    /// The root of the subtree over a range of leaves that begins at a multiple of its width, rounded up to a power of two: put
    /// together from its full subtrees.
    fn root(&mut self, range: Range<u64>) -> Result<Hash, Error> {
        let mut frontier = Frontier::default();
        let mut start = range.start;
        while start < range.end {
            let height = (range.end - start).ilog2();
            frontier.push_subtree(height, self.full_subtree(start, height)?)?;
            start += 1 << height;
        }
        Ok(frontier.root())
    }

    /// The root of 2^`height` leaves from `start`, a multiple of that. It stands in a tile, or over some hashes of one.
    fn full_subtree(&mut self, start: u64, height: u32) -> Result<Hash, Error> {
        let level = height / 8;
        let first = start >> (8 * level);
        let content = Content::Hashes(u8::try_from(level).unwrap_or(u8::MAX));
        let tile = Tile::of(content, first / u64::from(WIDTH), self.size);
        let tile = tile.ok_or(Error::BeyondTheEnd { index: start, size: self.size })?;
        if !self.read.contains_key(&tile) {
            self.read.insert(tile, tile::read_hashes(self.source, tile)?);
        }
        let from = place_in_tile(first);
        let hashes = self.read.get(&tile).and_then(|hashes| hashes.get(from..from + (1 << (height % 8))));
        Ok(Hash::of_tree(hashes.ok_or(Error::TilesDiffer(self.size))?))
    }
}

/// The remainder by 256, the width of a tile: the lowest byte.
fn place_in_tile(index: u64) -> usize {
    let [.., lowest] = index.to_be_bytes();
    usize::from(lowest)
}
