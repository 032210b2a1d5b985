//! Every format: what is written is read as the same, what is read is written as the same, and no bytes make a panic.

use folkmoot_register::tile::{self, Tile};
use folkmoot_register::witness::{self, AddCheckpoint};
use folkmoot_register::{
    Checkpoint, Class, Leaf, Note, Policy, Promise, ProofFile, Prover, Receipt, Salt, SigningKey, VerifyingKey, note,
};
use proptest::prelude::*;

use crate::made::{Log, ORIGIN, commitment, log_key, policy, review, witness_keys};
use crate::receipts::proven;

/// Reads bytes as everything that there is; what can be read must be written as it was.
fn read_all(bytes: &[u8]) {
    let same = |written: String| assert_eq!(written.as_bytes(), bytes);
    Leaf::parse(bytes).into_iter().for_each(|leaf| assert_eq!(leaf.to_bytes()[..], *bytes));
    Note::parse(bytes).into_iter().for_each(|note| same(note.to_string()));
    ProofFile::parse(bytes).into_iter().for_each(|file| same(file.to_string()));
    Receipt::parse(bytes).into_iter().for_each(|receipt| same(receipt.to_string()));
    AddCheckpoint::parse(bytes).into_iter().for_each(|request| same(request.to_string()));
    assert!(tile::entries(bytes).count() <= bytes.len());
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    text.parse::<Checkpoint>().into_iter().for_each(|checkpoint| same(checkpoint.to_string()));
    text.parse::<Promise>().into_iter().for_each(|promise| same(promise.to_string()));
    text.parse::<Tile>().into_iter().for_each(|tile| same(tile.to_string()));
    text.parse::<VerifyingKey>().into_iter().for_each(|key| same(key.to_string()));
    text.parse::<SigningKey>().into_iter().for_each(|key| same(key.expose()));
    text.parse::<Policy>().into_iter().for_each(|policy| same(policy.to_string()));
    witness::conflict(text).into_iter().for_each(|size| same(format!("{size}\n")));
    let lines = note::signature_lines(text).into_iter().flatten().map(|line| format!("{line}\n"));
    lines.for_each(|line| assert!(text.contains(&line)));
}

/// One good example of each format.
fn examples() -> Vec<Vec<u8>> {
    let log = Log::of(&review(5));
    let prover = Prover::new(&log.tiles, log.tree.head());
    let (_, proof) = prover.consistency(3).expect("a proof");
    let path = prover.inclusion(4).expect("a proof");
    let promise = Promise { origin: ORIGIN.into(), review: [255; 16], commitment: commitment(0), deadline: 7 };
    let [witness, _] = witness_keys();
    let texts = [
        log.checkpoint().to_string(),
        log.checkpoint().text().to_owned(),
        ProofFile { extra: Some(vec![1, 2]), index: 4, path, checkpoint: log.checkpoint() }.to_string(),
        AddCheckpoint { old: 3, proof, checkpoint: log.checkpoint() }.to_string(),
        promise.to_string(),
        promise.sign(&[&log_key()]).expect("a promise").to_string(),
        proven(Salt([7; 32]), Class::Unnamed, "{}").to_string(),
        "tile/entries/x001/234.p/5".into(),
        witness.verifying().to_string(),
        witness.expose(),
        policy().to_string(),
        format!("# ours\n\nlog {} https://example.org\n quorum none", log_key().verifying()),
        format!("{}\n", witness.sign("text\n", 5)),
        "20852163\n".into(),
    ];
    let leaves = log.entries.iter().cloned();
    texts.into_iter().map(String::into_bytes).chain(leaves).collect()
}

#[test]
fn examples_are_read_and_written_as_they_were() {
    let examples = examples();
    let read = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        read_all(bytes);
        [
            Leaf::parse(bytes).is_ok(),
            Note::parse(bytes).is_ok(),
            ProofFile::parse(bytes).is_ok(),
            Receipt::parse(bytes).is_ok(),
            AddCheckpoint::parse(bytes).is_ok(),
            text.parse::<Checkpoint>().is_ok(),
            text.parse::<Promise>().is_ok(),
            text.parse::<Tile>().is_ok(),
            text.parse::<VerifyingKey>().is_ok(),
            text.parse::<SigningKey>().is_ok(),
            text.parse::<Policy>().is_ok(),
            note::signature_lines(&text).is_ok(),
            witness::conflict(&text).is_ok(),
        ]
    };
    let of_each = examples
        .iter()
        .map(|bytes| read(bytes))
        .fold([false; 13], |any, one| std::array::from_fn(|format| any[format] || one[format]));
    assert_eq!(of_each, [true; 13], "each format has an example");
    assert!(examples.iter().all(|bytes| read(bytes).contains(&true)), "each example is of a format");
}

proptest! {
    #[test]
    fn no_bytes_make_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn no_lines_make_a_panic(text in "(old |index |extra |log |quorum |— |c2sp.org/tlog-proof@v1|[ -~]{0,9}|[0-9]{1,3}|\n){0,20}") {
        read_all(text.as_bytes());
    }

    #[test]
    fn altered_examples_make_no_panic(
        example in proptest::sample::select(examples()),
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut altered = example.clone();
        for (place, byte) in places {
            altered[place.index(example.len())] = byte;
        }
        read_all(&altered);
        read_all(&altered[..cut.index(example.len())]);
    }

    #[test]
    fn tiles_have_one_path(level in 0_u8..64, index: u64, width in 1_u16..=256, entries: bool) {
        let content = if entries { tile::Content::Entries } else { tile::Content::Hashes(level) };
        let tile = Tile { content, index, width };
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
    }

    #[test]
    fn proofs_of_any_size_are_verified_without_a_panic(
        index: u64, size: u64, old: u64,
        hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        use folkmoot_register::{Hash, Head, proof};
        let path: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        let root = Hash([1; 32]);
        let (old, new) = (Head { size: old.max(1), root }, Head { size, root: Hash([2; 32]) });
        prop_assert!(proof::verify_inclusion(root, index, &path, &new).is_err());
        prop_assert!(proof::verify_consistency(&old, &new, &path).is_err());
    }
}
