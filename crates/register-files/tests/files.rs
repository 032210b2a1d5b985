//! Registers and proofs in files, and what is said of them.

use std::fs;
use std::path::{Path, PathBuf};

use folkmoot_register_files::{Opening, VerifyLog, VerifyProof};
use register::tile::{MemoryTiles, Tile, TileSource};
use register::{
    Checkpoint, Class, Commitment, Disposition, Event, Kind, Leaf, Note, Outcome, Policy, Promise, ProofFile, Prover,
    Salt, SigningKey, Sums, Tree,
};
use tempfile::TempDir;

const ORIGIN: &str = "example.org/register";
const TIME: u64 = 1_728_000_000;
const TEXT: &[u8] = b"The form asked for my passport twice.";

/// A folder with a register of one review, and beside it the files that a reader has kept.
struct Files {
    folder: TempDir,
    tree: Tree,
    tiles: MemoryTiles,
    entries: Vec<[u8; 64]>,
}

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key")
}

fn witness_key() -> SigningKey {
    SigningKey::from_seed("library.example/witness", Kind::Cosignature, &[2; 32]).expect("a key")
}

fn salt() -> Salt {
    Salt([7; 32])
}

fn leaves() -> Vec<Leaf> {
    let leaf = |event| Leaf { review: [1; 16], day: 20_000, event };
    let given = |salt: u8| leaf(Event::Contribution(Commitment::new(&Salt([salt; 32]), Class::Unnamed, TEXT)));
    let disposed = |of, outcome| leaf(Event::Disposition { of, disposition: Disposition::first(outcome) });
    let sums = Sums { contributions: 2, published: 1, considered: 1, ..Sums::default() };
    let end = [disposed(0, Outcome::Published), disposed(1, Outcome::Considered), leaf(Event::Close(sums))];
    [given(7), given(8)].into_iter().chain(end).collect()
}

impl Files {
    fn new() -> Files {
        let folder = tempfile::tempdir().expect("a folder");
        let mut files = Files { folder, tree: Tree::default(), tiles: MemoryTiles::new(), entries: Vec::new() };
        let policy = Policy::new(&[log_key().verifying().clone()], &[witness_key().verifying().clone()], 1);
        let policy = policy.expect("a policy").to_string();
        files.write("policy", &policy);
        files.write("register/policy", &policy);
        files.append(&leaves()[..2]);
        files.write("kept", files.checkpoint().to_string());
        files.append(&leaves()[2..]);
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    fn append(&mut self, leaves: &[Leaf]) {
        let entries: Vec<[u8; 64]> = leaves.iter().map(Leaf::to_bytes).collect();
        for (tile, bytes) in self.tree.append(&entries).expect("short entries") {
            self.write(&format!("register/{tile}"), &bytes);
            self.tiles.insert(tile, bytes);
        }
        self.entries.extend(entries);
        self.write("register/checkpoint", self.checkpoint().to_string());
    }

    fn checkpoint(&self) -> Note {
        let mut note = Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&log_key()]).expect("a checkpoint");
        note.add(witness_key().sign(note.text(), TIME)).expect("a cosignature");
        note
    }

    /// Everything that a careful reader brings.
    fn careful(&self) -> VerifyLog {
        VerifyLog {
            folder: self.path("register"),
            policy: Some(self.path("policy")),
            remembered: vec![self.path("kept")],
            promises: vec![],
            now: TIME,
        }
    }
}

#[test]
fn a_sound_register_is_said_to_be_sound() {
    let files = Files::new();
    let report = files.careful().run().expect("a report");
    let root = files.tree.head().root;
    assert_eq!(
        report.to_string(),
        format!(
            "The register example.org/register is sound.

All of its 5 leaves were read. Root: {root}
Its checkpoint is signed by example.org/register and cosigned by library.example/witness (2024-10-04 00:00 UTC).
It continues the checkpoint of 2 leaves that was kept: nothing before was altered.

Review 01010101010101010101010101010101: 2 contributions
  1 published, 1 considered in confidence, 0 withdrawn, 0 excluded, 0 erased, 0 not yet disposed of
  closed at leaf 4
"
        )
    );
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["sound"], true);
    assert_eq!(json["reviews"][0]["published"], 1);
    assert_eq!(json["witnessed"][0]["by"], "library.example/witness");
    let own = VerifyLog { policy: None, ..files.careful() };
    assert!(own.run().expect("a report").to_string().contains("not whose it is"));
}

#[test]
fn a_register_that_was_altered_is_not_sound() {
    let files = Files::new();
    let entries: Tile = "tile/entries/000.p/5".parse().expect("a path");
    let mut bytes = files.tiles.read(entries).expect("a tile");
    bytes[40] ^= 1;
    files.write(&format!("register/{entries}"), &bytes);
    let report = files.careful().run().expect("a report");
    assert!(!report.sound);
    let text = report.to_string();
    assert!(text.contains("IS NOT SOUND") && text.contains("What is wrong:\n  - "), "{text}");
    assert!(!text.contains("nothing before was altered"), "{text}");

    fs::remove_file(files.path(&format!("register/{entries}"))).expect("a file to remove");
    let report = files.careful().run().expect("a report");
    assert!(report.to_string().contains("Of its 5 leaves 0 could be read"), "{report}");
    assert!(report.to_string().contains("tile/entries/000.p/5 is missing"), "{report}");
}

#[test]
fn a_register_that_forgot_what_it_had_is_not_sound() {
    let mut files = Files::new();
    (files.tree, files.entries) = (Tree::default(), Vec::new());
    files.append(&leaves()[1..2]);
    let report = files.careful().run().expect("a report").to_string();
    assert!(report.contains("the log has 1 leaves, and had 2 before: leaves were taken away"), "{report}");
}

#[test]
fn promises_are_held_against_the_register() {
    let files = Files::new();
    let promise = |name: &str, salt: u8, deadline| {
        let commitment = Commitment::new(&Salt([salt; 32]), Class::Unnamed, TEXT);
        let promise = Promise { origin: ORIGIN.into(), review: [1; 16], commitment, deadline };
        files.write(name, promise.sign(&[&log_key()]).expect("a promise").to_string());
        files.path(name)
    };
    let promises = vec![promise("kept promise", 7, TIME - 1), promise("broken promise", 9, TIME - 1)];
    let verify = VerifyLog { promises, ..files.careful() };
    let report = verify.run().expect("a report");
    let text = report.to_string();
    assert!(text.contains("kept promise: kept, at leaf 0") && text.contains("broken promise: BROKEN"), "{text}");
    assert!(!report.sound);

    fs::remove_file(files.path("register/tile/entries/000.p/5")).expect("a file to remove");
    let text = verify.run().expect("a report").to_string();
    assert!(text.contains("broken promise: unknown") && !text.contains("BROKEN"), "{text}");
}

#[test]
fn what_cannot_be_believed_is_an_error_that_names_the_file() {
    let files = Files::new();
    files.write("nonsense", "nonsense");
    let error = |verify: VerifyLog| verify.run().expect_err("an error").to_string();
    let nonsense = || Some(files.path("nonsense"));
    assert!(error(VerifyLog { policy: nonsense(), ..files.careful() }).contains("nonsense: this is no policy"));
    let missing = VerifyLog { policy: Some(files.path("none")), ..files.careful() };
    assert!(error(missing).contains("none cannot be read"));
    let stranger = SigningKey::from_seed(ORIGIN, Kind::Note, &[9; 32]).expect("a key");
    let policy = Policy::new(&[stranger.verifying().clone()], &[], 0).expect("a policy");
    files.write("policy of another", policy.to_string());
    let other = VerifyLog { policy: Some(files.path("policy of another")), remembered: vec![], ..files.careful() };
    assert!(error(other).contains("checkpoint: no known key has signed this"));
}

fn proof(files: &Files, index: u64) -> ProofFile {
    let path = Prover::new(&files.tiles, files.tree.head()).inclusion(index).expect("a proof");
    let entry = files.entries[usize::try_from(index).expect("small")];
    ProofFile { extra: Some(entry.to_vec()), index, path, checkpoint: files.checkpoint() }
}

fn verify(files: &Files, proof: &ProofFile, opening: Option<Opening>) -> VerifyProof {
    files.write("leaf.tlog-proof", proof.to_string());
    VerifyProof { file: files.path("leaf.tlog-proof"), policy: files.path("policy"), opening }
}

#[test]
fn a_proof_holds_for_its_text_and_for_no_other() {
    let files = Files::new();
    files.write("text", TEXT);
    files.write("another", "Another text.");
    let opening = |content: &str| Some(Opening { salt: salt(), class: Class::Unnamed, content: files.path(content) });
    let report = verify(&files, &proof(&files, 0), opening("text")).run().expect("a report");
    assert_eq!(
        report.to_string(),
        "This proof holds.

Leaf 0, of 5 leaves in the register example.org/register, is of review 01010101010101010101010101010101.
It was sequenced on 2024-10-04, and says that a contribution was given.
Its checkpoint is signed by example.org/register and cosigned by library.example/witness (2024-10-04 00:00 UTC).
This text was given, on these terms: it opens the commitment of the leaf.
"
    );
    let report = verify(&files, &proof(&files, 0), opening("another")).run().expect("a report");
    assert!(!report.is_sound() && report.to_string().contains("BUT NOT FOR THIS TEXT"), "{report}");
    for (index, says) in [(2, "leaf 0 was published"), (3, "leaf 1 was considered in confidence"), (4, "closed with 2")]
    {
        let report = verify(&files, &proof(&files, index), None).run().expect("a report");
        assert!(report.to_string().contains(says), "{report}");
    }
}

#[test]
fn a_proof_that_does_not_hold_is_an_error() {
    let files = Files::new();
    let error = |proof: ProofFile| verify(&files, &proof, None).run().expect_err("an error").to_string();
    let good = proof(&files, 1);
    assert!(error(ProofFile { index: 2, ..good.clone() }).contains("not lead from this leaf"));
    assert!(
        error(ProofFile { extra: Some(files.entries[0].to_vec()), ..good.clone() }).contains("not lead from this leaf")
    );
    assert!(error(ProofFile { extra: None, ..good }).contains("does not hold the leaf"));
    assert!(Path::new(&files.path("leaf.tlog-proof")).exists());
}
