//! Trees that are written, resumed and read: in batches of any size, from whole files and from damaged ones.

use folkmoot_register::tile::{Content, MemoryTiles, Tile, TileSource};
use folkmoot_register::{Error, Hash, Head, Prover, Tree, batch, proof};
use proptest::prelude::*;

use crate::made::{Log, review};

fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|number| number.to_be_bytes().to_vec()).collect()
}

fn written(batches: &[&[Vec<u8>]]) -> (Tree, MemoryTiles) {
    let (mut tree, mut tiles) = (Tree::default(), MemoryTiles::new());
    for batch in batches {
        tiles.extend(tree.append(batch).expect("short entries"));
    }
    (tree, tiles)
}

#[test]
fn a_log_over_three_levels_is_resumed_and_proved() {
    let entries = entries(66_000);
    let (tree, mut tiles) = written(&entries.chunks(7_777).collect::<Vec<_>>());
    let hashes: Vec<Hash> = entries.iter().map(|entry| Hash::of_leaf(entry)).collect();
    assert_eq!(tree.head().root, Hash::of_tree(&hashes));
    tiles.retain(|tile, _| Tile::all(66_000).any(|needed| needed == *tile));
    assert_eq!(tiles.len(), Tile::all(66_000).count());
    assert_eq!(Tree::resume(&tiles, &tree.head()), Ok(tree.clone()));
    let prover = Prover::new(&tiles, tree.head());
    for index in [0, 255, 256, 65_535, 65_536, 65_999] {
        let path = prover.inclusion(index).expect("a proof");
        let leaf = Hash::of_leaf(&entries[usize::try_from(index).expect("small")]);
        proof::verify_inclusion(leaf, index, &path, &tree.head()).expect("a proof that holds");
    }
    for old in [0, 1, 255, 256, 65_535, 65_536, 65_537, 66_000] {
        let (old, path) = prover.consistency(old).expect("a proof");
        proof::verify_consistency(&old, &tree.head(), &path).expect("a proof that holds");
    }
}

#[test]
fn partial_tiles_may_go_when_they_are_full() {
    let entries = entries(300);
    let (mut tree, mut tiles) = written(&[&entries[..200]]);
    let before = tree.head();
    tiles.extend(tree.append(&entries[200..]).expect("short entries"));
    tiles.retain(|tile, _| tile.is_full() || Tile::of(tile.content, tile.index, 300) == Some(*tile));
    assert_eq!(tiles.read(Tile { content: Content::Hashes(0), index: 0, width: 200 }).ok(), None);
    Prover::new(&tiles, before).inclusion(199).expect("a proof from the full tile");
    assert_eq!(Prover::new(&tiles, before).entry(199).as_ref(), Ok(&entries[199]));
    assert_eq!(Tree::resume(&tiles, &before).map(|tree| tree.head()), Ok(before));
}

#[test]
fn nothing_is_appended_to_damaged_tiles_and_nothing_proved_from_them() {
    let (tree, tiles) = written(&[&entries(300)]);
    for tile in Tile::all(300).filter(|tile| !tile.is_full()) {
        let mut damaged = tiles.clone();
        damaged.get_mut(&tile).expect("a tile")[5] ^= 1;
        assert_eq!(Tree::resume(&damaged, &tree.head()), Err(Error::TilesDiffer(300)), "{tile}");
        damaged.remove(&tile);
        assert_eq!(Tree::resume(&damaged, &tree.head()), Err(Error::Missing(tile)));
    }
    let mut damaged = tiles.clone();
    damaged.get_mut(&Tile { content: Content::Hashes(0), index: 0, width: 256 }).expect("a tile")[0] ^= 1;
    let prover = Prover::new(&damaged, tree.head());
    assert_eq!(prover.inclusion(1), Err(Error::TilesDiffer(300)));
    assert_eq!(prover.inclusion(300), Err(Error::BeyondTheEnd { index: 300, size: 300 }));
    assert_eq!(prover.consistency(301).err(), Some(Error::BeyondTheEnd { index: 301, size: 300 }));
    let other = Head { size: 299, ..tree.head() };
    assert!(Prover::new(&tiles, other).inclusion(7).is_err(), "the head of another log");
}

#[test]
fn a_batch_with_an_entry_too_long_changes_nothing() {
    let mut tree = Tree::default();
    assert!(tree.append(&[vec![0; 3], vec![0; 65_536]]).is_err());
    assert_eq!(tree, Tree::default());
    assert!(tree.append(&[vec![0; 65_535]]).is_ok());
}

#[test]
fn a_batch_is_due_when_enough_wait_or_one_has_waited_long_enough() {
    let pace = batch::Pace::default();
    let due =
        [(0, 9_999), (1, 3_599), (1, 3_600), (15, 0), (16, 0)].map(|(waiting, oldest)| pace.is_due(waiting, oldest));
    assert_eq!(due, [false, false, true, false, true]);
}

/// Any order of five comes as often as any other: within five standard deviations.
#[test]
fn a_shuffle_favours_nobody() {
    let leaves = Log::of(&review(2))
        .entries
        .iter()
        .filter_map(|entry| folkmoot_register::Leaf::parse(entry).ok())
        .collect::<Vec<_>>();
    let events: Vec<_> = leaves.iter().map(|leaf| (leaf.review, leaf.event)).collect();
    let mut at = [[0_u32; 5]; 5];
    for seed in 0_u32..5_000 {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&seed.to_be_bytes());
        for (place, leaf) in batch::sequence(&events, 1, &bytes).iter().enumerate() {
            let which = events.iter().position(|(_, event)| *event == leaf.event).expect("one of them");
            at[which][place] += 1;
        }
    }
    assert!(at.iter().flatten().all(|count| count.abs_diff(1_000) < 142), "{at:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn batches_of_any_size_make_the_same_tree(sizes in proptest::collection::vec(0_usize..400, 0..6)) {
        let entries = entries(sizes.iter().sum());
        let (mut tree, mut tiles, mut start) = (Tree::default(), MemoryTiles::new(), 0);
        for size in sizes {
            tiles.extend(tree.append(&entries[start..start + size]).expect("short entries"));
            start += size;
            prop_assert_eq!(Tree::resume(&tiles, &tree.head()), Ok(tree.clone()));
        }
        let hashes: Vec<Hash> = entries.iter().map(|entry| Hash::of_leaf(entry)).collect();
        prop_assert_eq!(tree.head().root, Hash::of_tree(&hashes));
    }
}
