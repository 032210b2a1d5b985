//! A log and its witnesses, as they talk to each other; keys that change; a log that was restored from an old copy.

use std::cell::Cell;

use folkmoot_register::witness::{self, AddCheckpoint, KnownLog, Refusal};
use folkmoot_register::{Checkpoint, Error, Event, Head, Kind, Policy, Prover, SigningKey, VerifyingKey};

use crate::made::{Log, ORIGIN, TIME, commitment, leaf, log_key, policy, review, witness_keys};

/// A witness with what it remembers of one log.
struct Witness {
    key: SigningKey,
    log: KnownLog,
}

impl Witness {
    fn new() -> Witness {
        let [key, _] = witness_keys();
        Witness { key, log: KnownLog { keys: vec![log_key().verifying().clone()], latest: None } }
    }

    fn asked(&mut self, request: &AddCheckpoint) -> Result<String, Refusal> {
        self.asked_text(&request.to_string())
    }

    fn asked_text(&mut self, body: &str) -> Result<String, Refusal> {
        let known = |origin: &str| (origin == ORIGIN).then(|| self.log.clone());
        let cosigned = witness::cosign(body.as_bytes(), known, &self.key, TIME)?;
        self.log.latest = Some(cosigned.latest);
        Ok(format!("{}\n", cosigned.cosignature))
    }
}

fn signed(origin: &str, head: Head, key: &SigningKey) -> folkmoot_register::Note {
    Checkpoint::new(origin, head).sign(&[key]).expect("a checkpoint")
}

fn request(log: &Log, old: u64) -> AddCheckpoint {
    let (_, proof) = Prover::new(&log.tiles, log.tree.head()).consistency(old).expect("a proof");
    AddCheckpoint { old, proof, checkpoint: signed(ORIGIN, log.tree.head(), &log_key()) }
}

#[test]
fn a_log_grows_before_its_witness() {
    let leaves = review(150);
    let (mut log, mut witness) = (Log::of(&leaves[..10]), Witness::new());
    let keys = [witness.key.verifying().clone()];
    for end in [10, 11, 256, 257, 301, 301] {
        let old = witness.log.latest.map_or(0, |head| head.size);
        log.append(&leaves[usize::try_from(log.tree.size()).expect("small")..end]);
        let mut request = request(&log, old);
        let answer = witness.asked(&request).expect("a cosignature");
        assert_eq!(witness::collect(&mut request.checkpoint, &answer, &keys), Ok(1));
        let policy = Policy::new(&[log_key().verifying().clone()], &keys, 1).expect("a policy");
        assert_eq!(policy.open(&request.checkpoint).expect("a checkpoint").as_of, Some(TIME));
    }
    assert_eq!(witness.log.latest, Some(log.tree.head()));
}

#[test]
fn each_refusal_has_its_status() {
    let leaves = review(20);
    let (log, mut witness) = (Log::of(&leaves), Witness::new());
    let status = |answer: Result<String, Refusal>| answer.expect_err("a refusal").status();
    let head = log.tree.head();
    let good = request(&log, 0);

    assert_eq!(status(witness.asked_text("old 01\n\n")), 400);
    let elsewhere = AddCheckpoint { checkpoint: signed("other.example", head, &log_key()), ..good.clone() };
    assert_eq!(status(witness.asked(&elsewhere)), 404);
    let stranger = SigningKey::from_seed(ORIGIN, Kind::Note, &[9; 32]).expect("a key");
    let forged = AddCheckpoint { checkpoint: signed(ORIGIN, head, &stranger), ..good.clone() };
    assert_eq!(status(witness.asked(&forged)), 403);
    assert_eq!(status(witness.asked(&AddCheckpoint { old: head.size + 1, ..good.clone() })), 400);
    let proof = vec![head.root];
    assert_eq!(status(witness.asked(&AddCheckpoint { proof, ..good.clone() })), 422);
    assert_eq!(witness.log.latest, None, "nothing was cosigned so far");

    witness.asked(&good).expect("a cosignature");
    let refusal = witness.asked(&good).expect_err("a conflict");
    assert_eq!((refusal.status(), refusal.answer()), (409, ("text/x.tlog.size", format!("{}\n", head.size))));
    assert_eq!(witness::conflict(&refusal.answer().1), Ok(head.size));
    let other = Head { size: head.size, root: log_root(&leaves[1..]) };
    let fork = AddCheckpoint { old: head.size, proof: vec![], checkpoint: signed(ORIGIN, other, &log_key()) };
    assert_eq!(witness.asked(&fork).expect_err("a fork"), Refusal::Forked(head.size));
}

fn log_root(leaves: &[folkmoot_register::Leaf]) -> folkmoot_register::Hash {
    Log::of(leaves).tree.head().root
}

#[test]
fn a_fork_is_not_cosigned() {
    let leaves = review(20);
    let (log, mut witness) = (Log::of(&leaves[..30]), Witness::new());
    witness.asked(&request(&log, 0)).expect("a cosignature");
    let mut other = leaves.clone();
    other[7] = leaf(Event::Contribution(commitment(99)));
    assert_eq!(witness.asked(&request(&Log::of(&other), 30)).expect_err("a fork").status(), 422);
}

#[test]
fn a_log_that_was_restored_from_an_old_copy_must_not_sign() {
    let old = Log::of(&review(3));
    assert_eq!(witness::check_not_behind(&old.tree.head(), &[0, 7]), Ok(()));
    assert_eq!(witness::check_not_behind(&old.tree.head(), &[7, 8]), Err(Error::Inconsistent { old: 8, new: 7 }));
}

#[test]
fn while_a_key_changes_both_sign() {
    let (old, new) = (log_key(), SigningKey::from_seed(ORIGIN, Kind::Note, &[8; 32]).expect("a key"));
    let checkpoint = Checkpoint::new(ORIGIN, Log::of(&review(4)).tree.head());
    let only = |keys: &[&SigningKey]| {
        let keys: Vec<VerifyingKey> = keys.iter().map(|key| key.verifying().clone()).collect();
        Policy::new(&keys, &[], 0).expect("a policy")
    };
    let during = checkpoint.sign(&[&old, &new]).expect("a checkpoint");
    for policy in [only(&[&old]), only(&[&new]), only(&[&old, &new])] {
        assert_eq!(policy.open(&during).expect("a checkpoint").checkpoint, checkpoint);
    }
    let after = checkpoint.sign(&[&new]).expect("a checkpoint");
    assert!(only(&[&new]).open(&after).is_ok());
    assert_eq!(only(&[&old]).open(&after), Err(Error::Unsigned(vec![ORIGIN.into()])));
}

#[test]
fn too_few_witnesses_are_not_enough_and_strangers_do_not_count() {
    let log = Log::of(&review(4));
    let mut note = signed(ORIGIN, log.tree.head(), &log_key());
    let stranger = SigningKey::from_seed("library.example/witness", Kind::Cosignature, &[9; 32]).expect("a key");
    note.add(stranger.sign(note.text(), TIME)).expect("a line");
    let [first, second] = witness_keys();
    assert_eq!(policy().open(&note), Err(Error::TooFewWitnesses { found: 0, needed: 2 }));
    note.add(first.sign(note.text(), TIME)).expect("a line");
    note.add(first.sign(note.text(), TIME + 60)).expect("a line");
    assert_eq!(policy().open(&note), Err(Error::TooFewWitnesses { found: 1, needed: 2 }), "one witness twice");
    note.add(second.sign(note.text(), TIME + 10)).expect("a line");
    let trusted = policy().open(&note).expect("a checkpoint");
    assert_eq!(trusted.as_of, Some(TIME + 10), "what both say");
    assert_eq!(trusted.witnessed.len(), 2);
}

#[test]
fn the_witness_asks_for_no_more_than_the_log_it_knows() {
    let asked = Cell::new(0);
    let known = |_: &str| {
        asked.set(asked.get() + 1);
        None
    };
    let body = request(&Log::of(&review(2)), 0).to_string();
    let [key, _] = witness_keys();
    assert!(witness::cosign(body.as_bytes(), known, &key, TIME).is_err());
    assert_eq!(asked.get(), 1);
}
