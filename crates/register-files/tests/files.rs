//! Registers and proofs in files, and what is said of them.

use std::fs;
use std::path::PathBuf;

use folkmoot_register_files::{
    Brought, Error, Folder, LogReport, ReceiptReport, Refused, Unconfirmed, VerifyExport, VerifyLog, VerifyReceipt,
    Witness, read_note, read_policy,
};
use register::tile::{MemoryTiles, Tile, TileSource};
use register::witness::{AddCheckpoint, Refusal};
use register::{
    Checkpoint, Class, Commitment, Disposition, Event, Evidence, Kind, Leaf, Note, Outcome, Policy, Promise, ProofFile,
    Prover, Receipt, Salt, SigningKey, Stated, Statement, Sums, Tree,
};
use sha2::{Digest, Sha256};
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

    fn policy(&self) -> Policy {
        read_policy(&self.path("policy")).expect("a policy")
    }

    /// Everything that a careful reader brings.
    fn careful(&self) -> VerifyLog {
        let kept = read_note(&self.path("kept")).expect("a note");
        VerifyLog { policy: Some(self.policy()), remembered: vec![("kept".into(), kept)], promises: vec![], now: TIME }
    }

    fn run(&self, verify: &VerifyLog) -> Result<LogReport, Error> {
        verify.run(&Folder::new(&self.path("register")))
    }
}

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

fn proof(files: &Files, index: u64) -> ProofFile {
    let path = Prover::new(&files.tiles, files.tree.head()).inclusion(index).expect("a proof");
    let entry = files.entries[usize::try_from(index).expect("small")];
    ProofFile { extra: Some(entry.to_vec()), index, path, checkpoint: files.checkpoint() }
}

/// Verifies a file as somebody brings it.
fn verify(files: &Files, text: impl ToString) -> Result<ReceiptReport, Error> {
    let brought = Brought::parse(text.to_string().as_bytes()).expect("a file to verify");
    assert_eq!(brought.origin().as_deref(), Ok(ORIGIN));
    VerifyReceipt { policy: files.policy(), own_keys: false, now: TIME }.run("the file", &brought)
}

fn receipt(content: &str, evidence: Evidence) -> Receipt {
    Receipt { salt: salt(), class: Class::Unnamed, content: content.into(), evidence }
}

#[test]
fn a_receipt_holds_for_its_text_and_for_no_other() {
    let files = Files::new();
    let text = std::str::from_utf8(TEXT).expect("text");
    let report = verify(&files, receipt(text, Evidence::Proof(proof(&files, 0)))).expect("a report");
    assert_eq!(
        report.to_string(),
        "This receipt holds: what is in it was given, and stands in the register.

It is entry 1 of 5 entries (leaf 0) in the register example.org/register, of review 01010101010101010101010101010101.
It was sequenced on 2024-10-04, and says that a contribution was given.
Its checkpoint is signed by example.org/register and cosigned by library.example/witness (2024-10-04 00:00 UTC).
It was given on these terms: public without the name.
"
    );
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!((&json["sound"], &json["kind"], &json["index"]), (&true.into(), &"proof".into(), &0.into()));
    for (content, index) in [("Another text.", 0), (text, 1), (text, 2)] {
        let report = verify(&files, receipt(content, Evidence::Proof(proof(&files, index)))).expect("a report");
        assert!(!report.sound && report.to_string().contains("DOES NOT HOLD"), "{report}");
    }
    for (index, says) in
        [(2, "leaf 0 was published"), (3, "leaf 1 was considered, and not published"), (4, "closed with 2")]
    {
        let report = verify(&files, proof(&files, index)).expect("a report");
        assert!(report.sound && report.to_string().contains(says), "{report}");
    }
}

#[test]
fn a_promise_holds_for_its_text_and_says_until_when() {
    let files = Files::new();
    let text = std::str::from_utf8(TEXT).expect("text");
    let commitment = Commitment::new(&salt(), Class::Unnamed, TEXT);
    for (deadline, over) in [(TIME, false), (TIME - 1, true)] {
        let promise = Promise { origin: ORIGIN.into(), review: [1; 16], commitment, deadline };
        let note = promise.sign(&[&log_key()]).expect("a promise");
        let report = verify(&files, receipt(text, Evidence::Promise(note.clone()))).expect("a report");
        assert!(report.sound && report.to_string().contains("has promised to enter it"), "{report}");
        assert_eq!(report.to_string().contains("That time is over"), over, "{report}");
        assert!(!verify(&files, receipt("Another text.", Evidence::Promise(note.clone()))).expect("a report").sound);
        assert!(verify(&files, note).expect("a report").to_string().starts_with("This promise holds"));
    }
}

#[test]
fn a_proof_that_does_not_hold_is_an_error() {
    let files = Files::new();
    let error = |proof: ProofFile| verify(&files, proof).expect_err("an error");
    let good = proof(&files, 1);
    assert!(error(ProofFile { index: 2, ..good.clone() }).to_string().contains("not lead from this leaf"));
    let other = ProofFile { extra: Some(files.entries[0].to_vec()), ..good.clone() };
    assert!(error(other.clone()).is_unsound() && error(other).to_string().contains("not lead from this leaf"));
    assert!(error(ProofFile { extra: None, ..good }).to_string().contains("does not hold the leaf"));
}

/// An export of contributions.
fn export(files: &Files, contributions: &[&str]) -> VerifyExport {
    files.write("export/contributions.csv", format!("contribution,call\n{}\n", contributions.join(",x\n")));
    files.write("export/files.csv", format!("path,sha256\nfiles/a.txt,{}\n,\n", sha256(b"given")));
    files.write("export/files/a.txt", "given");
    let resource = |name: &str| {
        let bytes = fs::read(files.path(&format!("export/{name}"))).expect("a table");
        serde_json::json!({ "path": name, "bytes": bytes.len(), "hash": format!("sha256:{}", sha256(&bytes)) })
    };
    let resources = [resource("contributions.csv"), resource("files.csv")];
    let descriptor = serde_json::json!({ "folkmoot:review": "trial", "resources": resources });
    files.write("export/datapackage.json", descriptor.to_string());
    VerifyExport { folder: files.path("export") }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_export_is_what_its_descriptor_says() {
    let files = Files::new();
    let verify = export(&files, &["A-1", "A-2,x"]);
    let report = verify.run(None).expect("a report");
    assert!(report.sound, "{report}");
    assert_eq!((report.files, report.contributions), (3, 2));
    let wrong = |path: &str, content: &str, says: &str| {
        let before = fs::read(files.path(path)).ok();
        files.write(path, content);
        let report = verify.run(None).expect("a report");
        assert!(!report.sound && report.to_string().contains(says), "{path}: {report}");
        match before {
            Some(before) => files.write(path, before),
            None => fs::remove_file(files.path(path)).expect("a file to remove"),
        }
    };
    wrong("export/contributions.csv", "contribution,call\nA-1,x\n", "contributions.csv: it has 24 bytes");
    wrong("export/contributions.csv", "contribution,call\nA-1,x\nA-3,x\n", "contributions.csv: it has another hash");
    wrong("export/files/a.txt", "forged", "files/a.txt: it has another hash");
    wrong("export/files/b.txt", "new", "files/b.txt: neither datapackage.json nor files.csv names it");
    let outside = r#"{"folkmoot:review":"trial","resources":[{"path":"../policy","bytes":1,"hash":"sha256:00"}]}"#;
    wrong("export/datapackage.json", outside, "`../policy` is no path within the folder");
    let silent = r#"{"folkmoot:review":"trial","resources":[{"path":"contributions.csv"}]}"#;
    wrong("export/datapackage.json", silent, "does not state its size");
    files.write("export/datapackage.json", "{}");
    assert!(!verify.run(None).expect_err("an error").is_unsound());
}

#[test]
fn what_an_export_shows_stands_in_the_register() {
    let mut files = Files::new();
    let leaf = |event| Leaf { review: [1; 16], day: 20_000, event };
    let state = |files: &mut Files, contributions| {
        let descriptor = fs::read(files.path("export/datapackage.json")).expect("a descriptor");
        let stated = Stated::Exported { digest: Sha256::digest(descriptor).into(), contributions };
        let statement = Statement { review: [1; 16], stated };
        files.append(&[leaf(statement.event())]);
        let Event::Policy { digest } = statement.event() else { panic!("a statement") };
        Folder::new(&files.path("register")).put_statement(&digest, &statement.to_string()).expect("written");
    };
    let verify = export(&files, &["A-1", "A-2,x"]);
    let against = |files: &Files| {
        let log = files.run(&files.careful()).expect("a report");
        verify.run(Some(&log)).expect("a report")
    };
    let report = against(&files);
    assert!(!report.sound && report.to_string().contains("no leaf of the register states"), "{report}");
    state(&mut files, 1);
    assert!(!against(&files).sound, "that was said of another number");
    state(&mut files, 2);
    let report = against(&files);
    assert!(report.sound, "{report}");
    assert_eq!(report.register.map(|register| register.published), Some(1));
    export(&files, &["A-1", "A-2", "A-3,x"]);
    state(&mut files, 3);
    let report = against(&files);
    assert!(
        !report.sound && report.to_string().contains("it has 3 contributions, and the register only 2"),
        "{report}"
    );
}

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
