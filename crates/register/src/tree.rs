//! The growing tree: appends batches of entries, and says which tiles there are to write.

use std::fmt;

use crate::tile::{self, Content, Tile, TileSource, WIDTH};
use crate::{Error, Frontier, Hash, Head};

/// A log that can be appended to. It remembers the partial tiles only, some kilobytes for any number of leaves, and writes
/// nothing itself: the tiles of a batch must be durable before its checkpoint is signed.
///
/// ```
/// use folkmoot_register::Tree;
/// use folkmoot_register::tile::MemoryTiles;
///
/// let mut tree = Tree::default();
/// let mut files = MemoryTiles::new();
/// files.extend(tree.append(&["first", "second"])?);
/// files.extend(tree.append(&["third"])?);
///
/// // After a restart, from the files and the last checkpoint:
/// let again = Tree::resume(&files, &tree.head())?;
/// assert_eq!(again.head(), tree.head());
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The hashes of the last tile of each level, from level 0; fewer than 256 each.
    levels: [Vec<Hash>; 8],
    /// The last entry bundle; fewer than 256 entries.
    bundle: Vec<u8>,
}

/// Tiles that a batch has made, in the order in which they are to be written.
pub type Written = Vec<(Tile, Vec<u8>)>;

impl Tree {
    /// The tree that was written so far, from the partial tiles at its right edge. Refused if they do not give the root: then
    /// the tiles are not those of this checkpoint, and nothing may be appended to them.
    pub fn resume(source: &impl TileSource, head: &Head) -> Result<Tree, Error> {
        let mut levels: [Vec<Hash>; 8] = Default::default();
        for (level, hashes) in (0..).zip(&mut levels) {
            if let Some(tile) = last(Content::Hashes(level), head.size) {
                *hashes = tile::read_hashes(source, tile)?;
            }
        }
        let bundle = last(Content::Entries, head.size).map(|tile| tile::read_entries(source, tile)).transpose()?;
        let tree = Tree { size: head.size, levels, bundle: bundle.unwrap_or_default() };
        let leaves =
            tile::entries(&tree.bundle).map(|entry| Ok(Hash::of_leaf(entry?))).collect::<Result<Vec<Hash>, Error>>()?;
        if tree.head() != *head || tree.levels[0] != leaves {
            return Err(Error::TilesDiffer(head.size));
        }
        Ok(tree)
    }

    /// Size and root.
    pub fn head(&self) -> Head {
        let mut frontier = Frontier::default();
        // From the highest level down: each begins where the one above has ended.
        for (level, hashes) in (0..8).zip(&self.levels).rev() {
            hashes.iter().for_each(|hash| frontier.carry(8 * level, *hash));
        }
        Head { size: self.size, root: frontier.root() }
    }

    /// Appends entries of up to 65,535 bytes each; all of them, or on an error none. Gives each tile that became full, and the
    /// partial ones at the right edge as they are now.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E]) -> Result<Written, Error> {
        let too_long = |entry: &E| u16::try_from(entry.as_ref().len()).is_err();
        if entries.iter().any(too_long) || self.size.checked_add(entries.len() as u64).is_none() {
            return Err(Error::Unwritable { what: "a batch", why: "an entry has more than 65,535 bytes" });
        }
        let before = self.size;
        let mut written = Vec::new();
        for entry in entries {
            self.push(entry.as_ref(), &mut written);
        }
        self.push_partial(before, &mut written);
        Ok(written)
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The partial tiles at the right edge.
    pub(crate) fn partial(&self) -> Written {
        let mut written = Vec::new();
        self.push_partial(0, &mut written);
        written
    }

    /// Appends one entry; writes only tiles that became full by it.
    #[expect(clippy::cast_possible_truncation, reason = "longer entries do not come here")]
    pub(crate) fn push(&mut self, entry: &[u8], written: &mut Written) {
        self.bundle.extend((entry.len() as u16).to_be_bytes());
        self.bundle.extend(entry);
        self.size += 1;
        if self.size.is_multiple_of(u64::from(WIDTH)) {
            let index = (self.size - 1) / u64::from(WIDTH);
            written.push((Tile { content: Content::Entries, index, width: WIDTH }, std::mem::take(&mut self.bundle)));
        }
        let (mut level, mut hash) = (0, Hash::of_leaf(entry));
        // A tile that is full becomes a hash of the tile above.
        while let Some(full) = self.put(level, hash) {
            let index = ((self.size - 1) >> (8 * level)) / u64::from(WIDTH);
            written.push((Tile { content: Content::Hashes(level), index, width: WIDTH }, bytes(&full)));
            (level, hash) = (level + 1, Hash::of_tree(&full));
        }
    }

    /// Puts a hash into the last tile of a level; gives the tile if that has filled it.
    fn put(&mut self, level: u8, hash: Hash) -> Option<Vec<Hash>> {
        let tile = self.levels.get_mut(usize::from(level))?;
        tile.push(hash);
        (tile.len() == usize::from(WIDTH)).then(|| std::mem::take(tile))
    }

    /// The partial tiles that differ from those of the tree of size `before`.
    fn push_partial(&self, before: u64, written: &mut Written) {
        let new = |content| last(content, self.size).filter(|tile| last(content, before) != Some(*tile));
        written.extend(new(Content::Entries).map(|tile| (tile, self.bundle.clone())));
        for (level, hashes) in (0..).zip(&self.levels) {
            written.extend(new(Content::Hashes(level)).map(|tile| (tile, bytes(hashes))));
        }
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Tree({:?})", self.head())
    }
}

/// The partial tile at the right edge of a level, if there is one.
fn last(content: Content, size: u64) -> Option<Tile> {
    let level = if let Content::Hashes(level) = content { u32::from(level) } else { 0 };
    let index = size.unbounded_shr(8 * level) / u64::from(WIDTH);
    Tile::of(content, index, size).filter(|tile| !tile.is_full())
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
