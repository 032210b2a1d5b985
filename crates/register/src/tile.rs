//! Tiles: the files that a log consists of, with their paths and widths (C2SP tlog-tiles, "Merkle Tree" and "Log entries"), and
//! the small door through which they are read.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::{Error, Hash};

/// A full tile has so many hashes or entries.
pub const WIDTH: u16 = 256;

/// What is in a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Content {
    /// Hashes, each the root of a full tile of the level below; at level 0 the hashes of leaves.
    Hashes(u8),
    /// The entries themselves: an entry bundle.
    Entries,
}

/// The name of a tile. As text it is the path below the prefix of the log.
///
/// ```
/// use folkmoot_register::tile::{Content, Tile};
///
/// let tile: Tile = "tile/0/x001/x234/067.p/8".parse()?;
/// assert_eq!(tile, Tile { content: Content::Hashes(0), index: 1_234_067, width: 8 });
/// assert_eq!(tile.to_string(), "tile/0/x001/x234/067.p/8");
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Hashes of a level, or entries.
    pub content: Content,
    /// The place in its level, from 0.
    pub index: u64,
    /// From 1 to [`WIDTH`]; less than that is a partial tile.
    pub width: u16,
}

impl Tile {
    /// The tile of this content at this place, as wide as it is in a tree of `size` leaves; none where it would be empty.
    pub fn of(content: Content, index: u64, size: u64) -> Option<Tile> {
        let level = if let Content::Hashes(level) = content { u32::from(level) } else { 0 };
        let before = index.checked_mul(u64::from(WIDTH))?;
        let there = size.unbounded_shr(8 * level).checked_sub(before)?.min(u64::from(WIDTH));
        let width = u16::try_from(there).ok().filter(|width| *width > 0)?;
        Some(Tile { content, index, width })
    }

    /// Every tile of a tree of `size` leaves: the hashes, level by level, then the entries. Partial tiles of smaller trees are
    /// not among them.
    pub fn all(size: u64) -> impl Iterator<Item = Tile> {
        let levels = (0..8).map(Content::Hashes).chain([Content::Entries]);
        levels.flat_map(move |content| (0..).map_while(move |index| Tile::of(content, index, size)))
    }

    /// Whether a tree of `size` leaves has it, or had it when it was smaller.
    pub fn is_within(self, size: u64) -> bool {
        Tile::of(self.content, self.index, size).is_some_and(|now| self.width <= now.width)
    }

    /// Whether it is as wide as a tile can be, and will never change.
    pub fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// The tile at the same place when it is full.
    #[must_use]
    pub fn full(self) -> Tile {
        Tile { width: WIDTH, ..self }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content {
            Content::Hashes(level) => write!(formatter, "tile/{level}/")?,
            Content::Entries => formatter.write_str("tile/entries/")?,
        }
        let mut path = format!("{:03}", self.index % 1000);
        let mut left = self.index / 1000;
        while left > 0 {
            path = format!("x{:03}/{path}", left % 1000);
            left /= 1000;
        }
        formatter.write_str(&path)?;
        if self.is_full() { Ok(()) } else { write!(formatter, ".p/{}", self.width) }
    }
}

impl FromStr for Tile {
    type Err = Error;

    /// Only the one way of writing a path is taken: what it would be written as must be what it was.
    fn from_str(path: &str) -> Result<Tile, Error> {
        parse(path)
            .filter(|tile| tile.to_string() == path)
            .ok_or_else(|| Error::malformed("path of a tile", format!("`{}`", path.escape_debug())))
    }
}

fn parse(path: &str) -> Option<Tile> {
    let (content, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let content = match content {
        "entries" => Content::Entries,
        level => Content::Hashes(level.parse().ok().filter(|level| *level < 64)?),
    };
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => (groups, width.parse().ok().filter(|width| (1..WIDTH).contains(width))?),
        None => (rest, WIDTH),
    };
    let mut index: u64 = 0;
    for group in groups.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let number: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
        index = index.checked_mul(1000)?.checked_add(u64::from(number))?;
    }
    Some(Tile { content, index, width })
}

/// Where tiles are read from: a folder, a web site, memory. The only thing that this crate asks of the world.
pub trait TileSource {
    /// The bytes of the tile; [`Error::Missing`] if there is none of that name.
    fn read(&self, tile: Tile) -> Result<Vec<u8>, Error>;
}

/// Tiles in memory, for tests and small logs.
pub type MemoryTiles = BTreeMap<Tile, Vec<u8>>;

impl TileSource for MemoryTiles {
    fn read(&self, tile: Tile) -> Result<Vec<u8>, Error> {
        self.get(&tile).cloned().ok_or(Error::Missing(tile))
    }
}

/// The hashes of a tile, as many as its name says.
pub fn read_hashes(source: &impl TileSource, tile: Tile) -> Result<Vec<Hash>, Error> {
    let (read, bytes) = read(source, tile)?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || hashes.len() != usize::from(read.width) {
        let why = format!("{read} has {} bytes, and {} hashes have {}", bytes.len(), read.width, 32 * read.width);
        return Err(Error::malformed("tile", why));
    }
    Ok(hashes.iter().take(usize::from(tile.width)).copied().map(Hash).collect())
}

/// The bytes of the entries of a bundle, as many as its name says: see [`entries`].
pub fn read_entries(source: &impl TileSource, tile: Tile) -> Result<Vec<u8>, Error> {
    let (read, mut bytes) = read(source, tile)?;
    let (mut count, mut end) = (0, 0);
    for entry in entries(&bytes) {
        let length = 2 + entry?.len();
        end += if count < tile.width { length } else { 0 };
        count = count.saturating_add(1);
    }
    if count != read.width {
        return Err(Error::malformed("entry bundle", format!("{read} has {count} entries")));
    }
    bytes.truncate(end);
    Ok(bytes)
}

/// Reads a tile; a partial one that was deleted after it filled up is taken from the full one. Says which it was.
fn read(source: &impl TileSource, tile: Tile) -> Result<(Tile, Vec<u8>), Error> {
    match source.read(tile) {
        Err(Error::Missing(_)) if !tile.is_full() => match source.read(tile.full()) {
            Err(Error::Missing(_)) => Err(Error::Missing(tile)),
            read => Ok((tile.full(), read?)),
        },
        read => Ok((tile, read?)),
    }
}

/// The entries that a bundle consists of: each has its length before it, two bytes, the higher first. Ends with an error where
/// the last is cut off.
pub fn entries(bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], Error>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let split = rest
            .split_first_chunk::<2>()
            .and_then(|(length, after)| after.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        let Some((entry, after)) = split else {
            rest = &[];
            return Some(Err(Error::malformed("entry bundle", "its last entry is cut off")));
        };
        rest = after;
        Some(Ok(entry))
    })
}
