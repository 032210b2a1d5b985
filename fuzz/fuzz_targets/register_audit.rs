//! Whole logs: any leaves, even with the events in any order, give a report; in what is sound the sums of closed reviews add up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use register::audit::Audit;
use register::tile::MemoryTiles;
use register::{Checkpoint, Kind, Leaf, Policy, SigningKey, Tree};

fuzz_target!(|bytes: &[u8]| {
    // So that most are leaves, the bytes fill in only what differs from one to another.
    let leaves: Vec<Vec<u8>> = bytes.chunks(20).map(leaf).collect();
    let mut tree = Tree::default();
    let tiles: MemoryTiles = tree.append(&leaves).expect("short entries").into_iter().collect();
    let key = SigningKey::from_seed("example.org", Kind::Note, &[1; 32]).expect("a key");
    let policy = Policy::new(&[key.verifying().clone()], &[], 0).expect("a policy");
    let checkpoint = Checkpoint::new("example.org", tree.head());
    let note = checkpoint.sign(&[&key]).expect("a checkpoint");
    let audit = Audit { policy: &policy, remembered: &[checkpoint], promises: &[], now: 0 };
    let report = audit.run(&tiles, &note).expect("a report");
    assert_eq!(report.read, leaves.len() as u64);
    if report.is_sound() {
        assert!(leaves.iter().all(|leaf| Leaf::parse(leaf).is_ok()));
        let closed = report.ledger.reviews().iter().filter(|review| review.closed.is_some());
        assert!(closed.into_iter().all(|review| review.sums.add_up()));
    }
});

fn leaf(bytes: &[u8]) -> Vec<u8> {
    let mut leaf = vec![0; Leaf::LENGTH];
    leaf[..3].copy_from_slice(b"ev1");
    // Kind, the last byte of the review, six bytes of the value, two of the reference.
    for (place, byte) in [3, 19].into_iter().chain(24..36).chain(52..58).zip(bytes) {
        leaf[place] = *byte;
    }
    leaf[62..].copy_from_slice(&[0, bytes.last().copied().unwrap_or_default() % 8]);
    leaf
}
