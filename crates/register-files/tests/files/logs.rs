//! Whole registers: what is said of a sound one, of an altered one, and of promises that are held against it.

use std::fs;

use folkmoot_register_files::{Brought, Unconfirmed, VerifyLog, read_policy};
use register::tile::{Tile, TileSource as _};
use register::{Class, Commitment, Evidence, Kind, Policy, Promise, Salt, SigningKey, Tree};

use crate::made::{Files, ORIGIN, TEXT, TIME, leaves, log_key, proof, witness_key};

#[test]
fn a_sound_register_is_said_to_be_sound() {
    let files = Files::new();
    let report = files.run(&files.careful()).expect("a report");
    let root = files.tree.head().root;
    assert_eq!(
        report.to_string(),
        format!(
            "The register example.org/register is sound.

All of its 5 leaves were read. Root: {root}
Its checkpoint is signed by example.org/register and cosigned by library.example/witness (2024-10-04 00:00 UTC).
It continues the checkpoint of 2 leaves that was kept: nothing before was altered.

Review 01010101010101010101010101010101: 2 contributions
  1 published, 1 considered and not published, 0 withdrawn, 0 excluded, 0 erased, 0 not yet disposed of
  closed at leaf 4
"
        )
    );
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["sound"], true);
    assert_eq!(json["reviews"][0]["published"], 1);
    assert_eq!(json["witnessed"][0]["by"], "library.example/witness");
    let own = VerifyLog { policy: None, ..files.careful() };
    assert!(files.run(&own).expect("a report").to_string().contains("not whose it is"));
}

#[test]
fn a_register_that_was_altered_is_not_sound() {
    let files = Files::new();
    let entries: Tile = "tile/entries/000.p/5".parse().expect("a path");
    let mut bytes = files.tiles.read(entries).expect("a tile");
    bytes[40] ^= 1;
    files.write(&format!("register/{entries}"), &bytes);
    let report = files.run(&files.careful()).expect("a report");
    assert!(!report.sound);
    let text = report.to_string();
    assert!(text.contains("IS NOT SOUND") && text.contains("What is wrong:\n  - "), "{text}");
    assert!(!text.contains("nothing before was altered"), "{text}");

    fs::remove_file(files.path(&format!("register/{entries}"))).expect("a file to remove");
    let report = files.run(&files.careful()).expect("a report");
    assert!(report.to_string().contains("Of its 5 leaves 0 could be read"), "{report}");
    assert!(report.to_string().contains("tile/entries/000.p/5 is missing"), "{report}");
}

#[test]
fn a_register_that_forgot_what_it_had_is_not_sound() {
    let mut files = Files::new();
    (files.tree, files.entries) = (Tree::default(), Vec::new());
    files.append(&leaves()[1..2]);
    let report = files.run(&files.careful()).expect("a report").to_string();
    assert!(report.contains("the log has 1 leaves, and had 2 before: leaves were taken away"), "{report}");
}

#[test]
fn promises_are_held_against_the_register() {
    let files = Files::new();
    let promise = |name: &str, salt: u8, deadline| {
        let commitment = Commitment::new(&Salt([salt; 32]), Class::Unnamed, TEXT);
        let promise = Promise { origin: ORIGIN.into(), review: [1; 16], commitment, deadline };
        (name.to_owned(), Brought::Evidence(Evidence::Promise(promise.sign(&[&log_key()]).expect("a promise"))))
    };
    let promises = vec![promise("kept promise", 7, TIME - 1), promise("broken promise", 9, TIME - 1)];
    let verify = VerifyLog { promises, ..files.careful() };
    let report = files.run(&verify).expect("a report");
    let text = report.to_string();
    assert!(text.contains("kept promise: kept, at leaf 0") && text.contains("broken promise: BROKEN"), "{text}");
    assert!(!report.sound);

    fs::remove_file(files.path("register/tile/entries/000.p/5")).expect("a file to remove");
    let text = files.run(&verify).expect("a report").to_string();
    assert!(text.contains("broken promise: unknown") && !text.contains("BROKEN"), "{text}");
}

#[test]
fn what_cannot_be_believed_is_an_error_that_names_the_place() {
    let files = Files::new();
    files.write("nonsense", "nonsense");
    assert!(
        read_policy(&files.path("nonsense")).expect_err("none").to_string().contains("nonsense: this is no policy")
    );
    assert!(read_policy(&files.path("none")).expect_err("none").to_string().contains("none cannot be read"));
    let stranger = SigningKey::from_seed(ORIGIN, Kind::Note, &[9; 32]).expect("a key");
    let policy = Policy::new(&[stranger.verifying().clone()], &[], 0).expect("a policy");
    let other = VerifyLog { policy: Some(policy), remembered: vec![], ..files.careful() };
    let error = files.run(&other).expect_err("an error");
    assert!(error.is_unsound() && error.to_string().contains("checkpoint: no known key has signed this"), "{error}");
    fs::remove_file(files.path("register/checkpoint")).expect("a file to remove");
    let error = files.run(&files.careful()).expect_err("an error");
    assert!(!error.is_unsound() && error.to_string().contains("cannot be read"), "{error}");
}

#[test]
fn a_proof_is_held_against_the_register_like_a_promise() {
    let files = Files::new();
    let bring = |index| {
        let proof = ("kept.tlog-proof".into(), Brought::Evidence(Evidence::Proof(proof(&files, index))));
        files.run(&VerifyLog { promises: vec![proof], ..files.careful() })
    };
    let report = bring(0).expect("a report");
    assert!(report.sound && report.to_string().contains("kept.tlog-proof: kept, at leaf 0"), "{report}");
    let error = bring(4).expect_err("an error").to_string();
    assert!(error.contains("kept.tlog-proof: it proves another entry than a contribution"), "{error}");
}

#[test]
fn a_register_that_too_few_have_cosigned_is_verified_all_the_same() {
    let files = Files::new();
    let absent = SigningKey::from_seed("university.example/witness", Kind::Cosignature, &[8; 32]).expect("a key");
    let witnesses = [witness_key().verifying().clone(), absent.verifying().clone()];
    let policy = Policy::new(&[log_key().verifying().clone()], &witnesses, 2).expect("a policy");
    let report = files.run(&VerifyLog { policy: Some(policy), ..files.careful() }).expect("a report");
    assert_eq!(report.unconfirmed, Some(Unconfirmed { found: 1, needed: 2 }));
    assert!(!report.sound && report.faults.is_empty() && report.read == 5, "{report}");
    let text = report.to_string();
    assert!(text.contains("IS NOT CONFIRMED by enough witnesses; nothing else is wrong"), "{text}");
    assert!(text.contains("1 known witness has cosigned, and 2 are needed"), "{text}");
    assert!(text.contains("nothing before was altered"), "{text}");
}
