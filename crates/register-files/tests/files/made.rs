//! What is verified here: a register in a folder, and a proof of it.

use std::fs;
use std::path::PathBuf;

use folkmoot_register_files::{Error, Folder, LogReport, VerifyLog, read_note, read_policy};
use register::tile::MemoryTiles;
use register::{
    Checkpoint, Class, Commitment, Disposition, Event, Kind, Leaf, Note, Outcome, Policy, ProofFile, Prover, Salt,
    SigningKey, Sums, Tree,
};
use tempfile::TempDir;

pub const ORIGIN: &str = "example.org/register";
pub const TIME: u64 = 1_728_000_000;
pub const TEXT: &[u8] = b"The form asked for my passport twice.";

/// A folder with a register of one review, and beside it the files that a reader has kept.
pub struct Files {
    pub folder: TempDir,
    pub tree: Tree,
    pub tiles: MemoryTiles,
    pub entries: Vec<[u8; 64]>,
}

pub fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key")
}

pub fn witness_key() -> SigningKey {
    SigningKey::from_seed("library.example/witness", Kind::Cosignature, &[2; 32]).expect("a key")
}

pub fn salt() -> Salt {
    Salt([7; 32])
}

pub fn leaves() -> Vec<Leaf> {
    let leaf = |event| Leaf { review: [1; 16], day: 20_000, event };
    let given = |salt: u8| leaf(Event::Contribution(Commitment::new(&Salt([salt; 32]), Class::Unnamed, TEXT)));
    let disposed = |of, outcome| leaf(Event::Disposition { of, disposition: Disposition::first(outcome) });
    let sums = Sums { contributions: 2, published: 1, considered: 1, ..Sums::default() };
    let end = [disposed(0, Outcome::Published), disposed(1, Outcome::Considered), leaf(Event::Close(sums))];
    [given(7), given(8)].into_iter().chain(end).collect()
}

impl Files {
    pub fn new() -> Files {
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

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub fn append(&mut self, leaves: &[Leaf]) {
        let entries: Vec<[u8; 64]> = leaves.iter().map(Leaf::to_bytes).collect();
        for (tile, bytes) in self.tree.append(&entries).expect("short entries") {
            self.write(&format!("register/{tile}"), &bytes);
            self.tiles.insert(tile, bytes);
        }
        self.entries.extend(entries);
        self.write("register/checkpoint", self.checkpoint().to_string());
    }

    pub fn checkpoint(&self) -> Note {
        let mut note = Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&log_key()]).expect("a checkpoint");
        note.add(witness_key().sign(note.text(), TIME)).expect("a cosignature");
        note
    }

    pub fn policy(&self) -> Policy {
        read_policy(&self.path("policy")).expect("a policy")
    }

    /// Everything that a careful reader brings.
    pub fn careful(&self) -> VerifyLog {
        let kept = read_note(&self.path("kept")).expect("a note");
        VerifyLog { policy: Some(self.policy()), remembered: vec![("kept".into(), kept)], promises: vec![], now: TIME }
    }

    pub fn run(&self, verify: &VerifyLog) -> Result<LogReport, Error> {
        verify.run(&Folder::new(&self.path("register")))
    }
}

pub fn proof(files: &Files, index: u64) -> ProofFile {
    let path = Prover::new(&files.tiles, files.tree.head()).inclusion(index).expect("a proof");
    let entry = files.entries[usize::try_from(index).expect("small")];
    ProofFile { extra: Some(entry.to_vec()), index, path, checkpoint: files.checkpoint() }
}
