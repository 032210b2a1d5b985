//! Reads ahead: while one tile is verified, the next ones are on their way. A verifier reads in an order that is known before.

use std::collections::HashMap;
use std::fmt;
use std::iter::Peekable;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use register::Result;
use register::tile::{Content, Tile, WIDTH};

/// So many are asked for at once.
const AT_ONCE: usize = 8;
/// So many are on their way, or wait to be taken.
const WINDOW: usize = 64;

/// Tiles that are on their way. Dropping it ends the reading.
pub struct Ahead(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    plan: Peekable<Box<dyn Iterator<Item = Tile> + Send>>,
    /// What was asked for, with the answer once it is there.
    asked: HashMap<Tile, Option<Result<Vec<u8>>>>,
    stopped: bool,
}

impl Ahead {
    /// Begins to read all of a log of this size.
    pub fn begin(size: u64, fetch: impl Fn(Tile) -> Result<Vec<u8>> + Send + Sync + 'static) -> Ahead {
        let plan: Box<dyn Iterator<Item = Tile> + Send> = Box::new(plan(size));
        let state = State { plan: plan.peekable(), asked: HashMap::new(), stopped: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let fetch = Arc::new(fetch);
        for _ in 0..AT_ONCE {
            let (shared, fetch) = (Arc::clone(&shared), Arc::clone(&fetch));
            thread::spawn(move || {
                while let Some(tile) = shared.next() {
                    let bytes = fetch(tile);
                    shared.lock().asked.insert(tile, Some(bytes));
                    shared.changed.notify_all();
                }
            });
        }
        Ahead(shared)
    }

    /// Takes a tile, waiting until it is there. None if it is not on its way: then it is the caller's to read.
    pub fn take(&self, tile: Tile) -> Option<Result<Vec<u8>>> {
        let mut state = self.0.lock();
        while let Some(answer) = state.asked.get_mut(&tile) {
            if let Some(bytes) = answer.take() {
                state.asked.remove(&tile);
                self.0.changed.notify_all();
                return Some(bytes);
            }
            state = self.0.wait(state);
        }
        // The verifier was quicker: what it reads itself needs nobody else to read it.
        state.plan.next_if_eq(&tile);
        None
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next tile to ask for, once there is room; none at the end.
    fn next(&self) -> Option<Tile> {
        let mut state = self.lock();
        while !state.stopped && state.asked.len() >= WINDOW {
            state = self.wait(state);
        }
        let tile = if state.stopped { None } else { state.plan.next() }?;
        state.asked.insert(tile, None);
        Some(tile)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.changed.notify_all();
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ahead")
    }
}

/// The order in which a log is verified: each bundle of entries, and then the tiles of hashes that it completes; the partial ones
/// in the end.
fn plan(size: u64) -> impl Iterator<Item = Tile> + Send {
    let bundles = (0..size.div_ceil(u64::from(WIDTH))).flat_map(move |index| {
        let bundle = Tile::of(Content::Entries, index, size);
        bundle.into_iter().chain((0..8).map_while(move |level| completed(level, index, size)))
    });
    let partial = (0..8).filter_map(move |level: u8| {
        let index = size.unbounded_shr(8 * u32::from(level)) / u64::from(WIDTH);
        Tile::of(Content::Hashes(level), index, size).filter(|tile| !tile.is_full())
    });
    bundles.chain(partial)
}

/// The tile of this level that the bundle at `index` completes.
fn completed(level: u8, index: u64, size: u64) -> Option<Tile> {
    let bits = 8 * u32::from(level);
    let last = (index + 1).trailing_zeros() >= bits;
    let tile = Tile::of(Content::Hashes(level), index >> bits, size)?;
    (last && tile.is_full()).then_some(tile)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use register::audit::Audit;
    use register::tile::{MemoryTiles, TileSource};
    use register::{Checkpoint, Event, Kind, Leaf, Policy, SigningKey, Tree};

    use super::*;

    /// Tiles in memory, and the order in which they were asked for.
    struct Heard<'tiles>(&'tiles MemoryTiles, RefCell<Vec<Tile>>);

    impl TileSource for Heard<'_> {
        fn read(&self, tile: Tile) -> Result<Vec<u8>> {
            self.1.borrow_mut().push(tile);
            self.0.read(tile)
        }
    }

    fn log(size: u64) -> (MemoryTiles, Tree) {
        let leaf =
            |number: u64| Leaf { review: [1; 16], day: 1, event: Event::Manifest { epoch: number, digest: [0; 32] } };
        let entries: Vec<_> = (0..size).map(|number| leaf(number).to_bytes()).collect();
        let mut tree = Tree::default();
        (tree.append(&entries).expect("short entries").into_iter().collect(), tree)
    }

    #[test]
    fn the_plan_is_the_order_in_which_a_verifier_reads() {
        let key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32]).expect("a key");
        let policy = Policy::new(&[key.verifying().clone()], &[], 0).expect("a policy");
        for size in [0, 1, 255, 256, 257, 512, 65_535, 65_536, 65_537, 70_000] {
            let (tiles, tree) = log(size);
            let checkpoint = Checkpoint::new("example.org/register", tree.head()).sign(&[&key]).expect("a checkpoint");
            let heard = Heard(&tiles, RefCell::default());
            let audit = Audit { policy: &policy, remembered: &[], promises: &[], now: 0 };
            assert!(audit.run(&heard, &checkpoint).expect("a report").is_sound());
            assert_eq!(heard.1.into_inner(), plan(size).collect::<Vec<_>>(), "{size}");
        }
    }

    #[test]
    fn every_tile_is_given_once_however_quick_the_reader_is() {
        let (tiles, _) = log(70_000);
        let source = tiles.clone();
        let ahead = Ahead::begin(70_000, move |tile| source.read(tile));
        for tile in plan(70_000) {
            let bytes = ahead.take(tile).unwrap_or_else(|| tiles.read(tile));
            assert_eq!(bytes, tiles.read(tile));
        }
        assert!(ahead.0.lock().asked.is_empty());
    }
}
