//! Whoever alters a log or a proof file is found out: every flipped bit, everything dropped, added, moved or forked.
//!
//! 400 mutations by default; `REGISTER_MUTATIONS=100000 cargo test --release -p folkmoot-register tampering` makes more.

use folkmoot_register::audit::Audit;
use folkmoot_register::tile::{MemoryTiles, Tile, TileSource};
use folkmoot_register::{Checkpoint, Leaf, Note, ProofFile, Prover};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::made::{Log, ORIGIN, log_key, policy, review, witness_keys};

fn mutations() -> u64 {
    std::env::var("REGISTER_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(400)
}

fn below(random: &mut ChaCha8Rng, bound: usize) -> usize {
    usize::try_from(random.next_u64() % bound as u64).expect("small")
}

/// Whether the public verifier finds nothing wrong.
fn passes(tiles: &MemoryTiles, checkpoint: &[u8], remembered: &[Checkpoint]) -> bool {
    let policy = policy();
    let audit = Audit { policy: &policy, remembered, promises: &[], now: 0 };
    Note::parse(checkpoint).and_then(|note| audit.run(tiles, &note)).is_ok_and(|report| report.is_sound())
}

#[test]
fn every_change_of_a_log_is_found() {
    let leaves = review(170);
    let mut log = Log::of(&leaves[..100]);
    let remembered = [Checkpoint::new(ORIGIN, log.tree.head())];
    log.append(&leaves[100..]);
    // Only what belongs to this size: a verifier does not read partial tiles of smaller ones.
    let size = log.tree.head().size;
    let tiles: MemoryTiles = Tile::all(size).map(|tile| (tile, log.tiles.read(tile).expect("a tile"))).collect();
    let checkpoint = log.checkpoint().to_string().into_bytes();
    assert!(passes(&tiles, &checkpoint, &remembered), "the log is sound before it is altered");

    let mut random = ChaCha8Rng::seed_from_u64(7);
    for round in 0..mutations() {
        let (mut altered, mut note) = (tiles.clone(), checkpoint.clone());
        let what = match round % 8 {
            0..=2 => flip_in_a_tile(&mut altered, &mut random),
            3 => flip(&mut note, &mut random),
            4 => drop_or_cut(&mut altered, &mut random),
            _ => match fork(&leaves, round, &mut random) {
                Some((forked, signed, what)) => {
                    (altered, note) = (forked, signed);
                    what
                }
                None => continue,
            },
        };
        assert!(!passes(&altered, &note, &remembered), "not found, round {round}: {what}");
    }
}

fn flip(bytes: &mut [u8], random: &mut ChaCha8Rng) -> String {
    let at = below(random, bytes.len());
    let bit = 1 << below(random, 8);
    bytes[at] ^= bit;
    format!("bit {bit} of byte {at} flipped")
}

fn flip_in_a_tile(tiles: &mut MemoryTiles, random: &mut ChaCha8Rng) -> String {
    let at = below(random, tiles.len());
    let (tile, bytes) = tiles.iter_mut().nth(at).expect("a tile");
    format!("{tile}: {}", flip(bytes, random))
}

fn drop_or_cut(tiles: &mut MemoryTiles, random: &mut ChaCha8Rng) -> String {
    let tile = *tiles.keys().nth(below(random, tiles.len())).expect("a tile");
    let cut = random.next_u64().is_multiple_of(2);
    match tiles.remove(&tile) {
        Some(mut bytes) if cut => {
            bytes.truncate(below(random, bytes.len()));
            tiles.insert(tile, bytes);
            format!("{tile} cut short")
        }
        _ => format!("{tile} dropped"),
    }
}

/// The log itself makes another history, and signs it. Half the time witnesses that know no better cosign; those who remember
/// the first hundred leaves, or add up, find it out.
fn fork(leaves: &[Leaf], round: u64, random: &mut ChaCha8Rng) -> Option<(MemoryTiles, Vec<u8>, String)> {
    let mut other = leaves.to_vec();
    let at = below(random, 100);
    let what = match round % 8 {
        5 => {
            other.remove(at);
            format!("leaf {at} dropped by the log")
        }
        6 => {
            let to = below(random, leaves.len());
            other.swap(at, to);
            format!("leaves {at} and {to} changed places")
        }
        _ => {
            other[at].day ^= 1 << below(random, 32);
            format!("leaf {at} altered by the log")
        }
    };
    if other == leaves {
        return None;
    }
    let log = Log::of(&other);
    let mut note = Checkpoint::new(ORIGIN, log.tree.head()).sign(&[&log_key()]).expect("a checkpoint");
    if random.next_u64().is_multiple_of(2) {
        for witness in witness_keys() {
            note.add(witness.sign(note.text(), 5)).expect("a cosignature");
        }
    }
    Some((log.tiles, note.to_string().into_bytes(), what))
}

#[test]
fn every_flipped_bit_of_a_proof_file_is_found() {
    let log = Log::of(&review(40));
    let path = Prover::new(&log.tiles, log.tree.head()).inclusion(23).expect("a proof");
    let file = ProofFile { extra: None, index: 23, path, checkpoint: log.checkpoint() }.to_string().into_bytes();
    let (policy, entry) = (policy(), &log.entries[23]);
    let passes = |bytes: &[u8]| ProofFile::parse(bytes).and_then(|file| file.verify(entry, &policy)).is_ok();
    assert!(passes(&file));
    for place in 0..8 * file.len() {
        let mut altered = file.clone();
        altered[place / 8] ^= 1 << (place % 8);
        assert!(!passes(&altered), "bit {place} of the proof file");
    }
    assert!((0..file.len()).all(|end| !passes(&file[..end])), "a proof file that is cut short");
    assert!(
        log.entries
            .iter()
            .filter(|other| *other != entry)
            .all(|other| { ProofFile::parse(&file).and_then(|file| file.verify(other, &policy)).is_err() })
    );
}
