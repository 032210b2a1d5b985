//! A witness that remembers in files.

use std::fs;

use folkmoot_register_files::{Refused, Witness};
use register::witness::{AddCheckpoint, Refusal};
use register::{Checkpoint, Prover, Tree};

use crate::made::{Files, ORIGIN, TIME, leaves, log_key, witness_key};

/// What a log asks of a witness that was last at this size.
fn request(files: &Files, old: u64) -> Vec<u8> {
    let (_, proof) = Prover::new(&files.tiles, files.tree.head()).consistency(old).expect("a proof");
    let mut checkpoint = Checkpoint::new(ORIGIN, files.tree.head()).sign(&[&log_key()]).expect("a checkpoint");
    checkpoint.add(witness_key().sign("of something else\n", 1)).expect("a signature");
    AddCheckpoint { old, proof, checkpoint }.to_string().into_bytes()
}

#[test]
fn a_witness_remembers_what_it_has_cosigned() {
    let files = Files::new();
    let folder = files.path("witness");
    assert!(Witness::open(&folder, None, &[5; 32]).is_err(), "a new witness needs a name");
    let witness = Witness::open(&folder, Some("library.example/witness"), &[5; 32]).expect("a witness");
    assert!(Witness::open(&folder, None, &[5; 32]).expect_err("locked").to_string().contains("another process"));
    let unknown = witness.cosign(&request(&files, 0), TIME);
    assert!(matches!(unknown, Err(Refused::Refusal(Refusal::UnknownLog(_)))), "{unknown:?}");
    assert!(Witness::add_log(&folder, log_key().verifying()).expect("written"));
    assert!(!Witness::add_log(&folder, log_key().verifying()).expect("written"), "it is there already");
    assert!(Witness::add_log(&folder, witness_key().verifying()).is_err(), "that is no log");
    let signed = witness.cosign(&request(&files, 0), TIME).expect("a cosignature");
    assert_eq!(witness.key().verify(files.checkpoint().text(), &signed), Ok(Some(TIME)));
    let key = witness.key().clone();
    drop(witness);

    // As after a crash: another process, another seed.
    assert!(Witness::open(&folder, Some("another.example"), &[6; 32]).is_err(), "the name does not change");
    let witness = Witness::open(&folder, None, &[6; 32]).expect("a witness");
    assert_eq!(*witness.key(), key);
    let mut fork = Files::new();
    (fork.tree, fork.entries) = (Tree::default(), Vec::new());
    fork.append(&[&leaves()[1..], &leaves()[..2]].concat());
    let refused = |files: &Files, old| match witness.cosign(&request(files, old), TIME) {
        Err(Refused::Refusal(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&files, 0), Refusal::Conflict(5));
    assert_eq!(refused(&fork, 0), Refusal::Conflict(5));
    assert!(matches!(refused(&fork, 5), Refusal::Inconsistent(_)));
    assert!(witness.cosign(&request(&files, 5), TIME + 1).is_ok(), "the same again does no harm");

    // What it cannot read it does not take for nothing.
    for file in fs::read_dir(folder.join("seen")).expect("a folder") {
        fs::write(file.expect("a file").path(), "").expect("a file");
    }
    let refused = witness.cosign(&request(&files, 0), TIME);
    assert!(matches!(refused, Err(Refused::Memory(_))), "{refused:?}");
}
