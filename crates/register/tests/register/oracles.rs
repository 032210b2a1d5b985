//! Random trees, beside two other implementations: roots, tiles, inclusion and consistency proofs must be the same to the byte.
//!
//! 500 trees by default; `REGISTER_TREES=1000000 cargo test --release -p folkmoot-register oracles` makes a million.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use folkmoot_register::tile::{Content, MemoryTiles, Tile};
use folkmoot_register::{Frontier, Hash, Prover, Tree, proof};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::Sha256;
use tlog_tiles::tlog::{self, HashReader};

/// The hashes that `tlog_tiles` keeps of a tree.
struct Stored(Vec<tlog::Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).expect("in memory")]).collect())
    }
}

#[test]
fn random_trees_are_as_others_have_them() {
    let trees = std::env::var("REGISTER_TREES").ok().and_then(|count| count.parse().ok()).unwrap_or(500);
    let mut random = ChaCha8Rng::seed_from_u64(2026);
    for tree in 0..trees {
        // Mostly small, where all shapes are; now and then over the edge of a tile.
        let most = if tree % 250 == 0 { 1_200 } else { 64 };
        let size = 1 + random.next_u64() % most;
        compare(size, &mut random);
    }
}

fn compare(size: u64, random: &mut ChaCha8Rng) {
    let entries: Vec<Vec<u8>> = (0..size).map(|_| random_entry(random)).collect();
    let batch = usize::try_from(random.next_u64() % (size + 1)).expect("small");
    let (mut tree, mut files, mut frontier) = (Tree::default(), MemoryTiles::new(), Frontier::default());
    files.extend(tree.append(&entries[..batch]).expect("a batch"));
    let mut tree = Tree::resume(&files, &tree.head()).expect("the same tree");
    files.extend(tree.append(&entries[batch..]).expect("a batch"));

    let mut one = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut two = Stored(Vec::new());
    for (index, entry) in (0..).zip(&entries) {
        frontier.push(Hash::of_leaf(entry));
        one.push(entry.clone());
        let hashes = tlog::stored_hashes(index, entry, &two).expect("hashes");
        two.0.extend(hashes);
    }
    let head = tree.head();
    assert_eq!(head.root, frontier.root());
    assert_eq!(head.root.0, one.root().as_bytes()[..]);
    assert_eq!(head.root.0, tlog::tree_hash(size, &two).expect("a root").0);

    let prover = Prover::new(&files, head);
    let index = random.next_u64() % size;
    let path = prover.inclusion(index).expect("a proof");
    assert_eq!(
        path.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>(),
        one.prove_inclusion(as_usize(index)).as_bytes()
    );
    assert_eq!(of_tlog(&tlog::prove_record(size, index, &two).expect("a proof")), path);
    assert_eq!(prover.entry(index).as_deref(), Ok(&entries[as_usize(index)][..]));
    proof::verify_inclusion(Hash::of_leaf(&entries[as_usize(index)]), index, &path, &head).expect("a proof that holds");

    let old = 1 + random.next_u64() % size;
    let (old, path) = prover.consistency(old).expect("a proof");
    let added = one.prove_consistency(as_usize(size - old.size));
    assert_eq!(path.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>(), added.as_bytes());
    assert_eq!(of_tlog(&tlog::prove_tree(size, old.size, &two).expect("a proof")), path);
    assert_eq!(old.root.0, tlog::tree_hash(old.size, &two).expect("a root").0);
    proof::verify_consistency(&old, &head, &path).expect("a proof that holds");

    for tile in tlog_tiles::tile::Tile::new_tiles(8, 0, size) {
        let ours = Tile {
            content: Content::Hashes(tile.level()),
            index: tile.level_index(),
            width: u16::try_from(tile.width()).expect("a width"),
        };
        assert_eq!(files.get(&ours), Some(&tile.read_data(&two).expect("a tile")));
        assert_eq!(format!("tile/8/{}", &ours.to_string()[5..]), tile.path());
    }
}

fn random_entry(random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut entry = vec![0; as_usize(random.next_u64() % 70)];
    random.fill_bytes(&mut entry);
    entry
}

fn of_tlog(hashes: &[tlog::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash(hash.0)).collect()
}

fn as_usize(number: u64) -> usize {
    usize::try_from(number).expect("small")
}
