//! A verifier in another language, written from the specifications alone, reads what this crate writes.

use std::path::Path;
use std::process::{Command, Output};

use folkmoot_register::{ProofFile, Prover};

use crate::made::{Log, log_key, review, witness_keys};

/// None where there is no Python with the package `cryptography`.
fn python(file: &Path, keys: &[String]) -> Option<Output> {
    let there = Command::new("python3").args(["-c", "import cryptography"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 with the package cryptography is not there");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/register/verify.py");
    Some(Command::new("python3").arg(script).arg(file).args(keys).output().expect("python3 runs"))
}

#[test]
fn another_language_verifies_proof_files_and_checkpoints() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut keys = vec![log_key().verifying().to_string()];
    keys.extend(witness_keys().map(|key| key.verifying().to_string()));
    for size in [2, 301] {
        let log = Log::of(&review(size));
        let index = log.tree.size() * 2 / 3;
        let entry = &log.entries[usize::try_from(index).expect("small")];
        let path = Prover::new(&log.tiles, log.tree.head()).inclusion(index).expect("a proof");
        let proof = ProofFile { extra: Some(entry.clone()), index, path, checkpoint: log.checkpoint() };
        let file = folder.path().join("leaf.tlog-proof");
        std::fs::write(&file, proof.to_string()).expect("a file");
        let Some(output) = python(&file, &keys) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let hex: String = entry.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(String::from_utf8_lossy(&output.stdout).contains(&hex));

        let altered = ProofFile { extra: Some(log.entries[0].clone()), index: index.max(1), ..proof };
        std::fs::write(&file, altered.to_string()).expect("a file");
        let found = python(&file, &keys).is_some_and(|output| !output.status.success());
        assert!(found, "an altered proof of a log of {size} contributions");

        let file = folder.path().join("checkpoint");
        std::fs::write(&file, log.checkpoint().to_string()).expect("a file");
        assert!(python(&file, &keys).is_some_and(|output| output.status.success()), "a checkpoint");
    }
}
