//! A whole register from a folder, and proofs from one: the targets are 10,000,000 leaves in 60 s on two cores, and 5 ms for
//! 99 of 100 proofs.
//!
//! 1,000,000 leaves, or `REGISTER_LEAVES=10000000 cargo bench --package folkmoot-register-files`.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use folkmoot_register_files::{Folder, VerifyLog};
use register::{Checkpoint, Commitment, Disposition, Event, Kind, Leaf, Outcome, Policy, Prover, SigningKey, Tree};

/// So many contributions of a review, or the dispositions of them.
fn leaves(from: u64, to: u64, contributions: u64) -> Vec<[u8; 64]> {
    let event = |place: u64| match place.checked_sub(contributions) {
        None => {
            let mut commitment = [0; 32];
            commitment[..8].copy_from_slice(&place.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
            Event::Contribution(Commitment(commitment))
        }
        Some(of) => Event::Disposition { of, disposition: Disposition::first(Outcome::Published) },
    };
    (from..to).map(|place| Leaf { review: [1; 16], day: 20_000, event: event(place) }.to_bytes()).collect()
}

fn write(folder: &Path, count: u64) -> Tree {
    let key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32]).expect("a key");
    let policy = Policy::new(&[key.verifying().clone()], &[], 0).expect("a policy");
    let mut tree = Tree::default();
    let mut appending = Duration::ZERO;
    for from in (0..count).step_by(1 << 20) {
        let batch = leaves(from, count.min(from + (1 << 20)), count / 2);
        let start = Instant::now();
        let written = tree.append(&batch).expect("short entries");
        appending += start.elapsed();
        for (tile, bytes) in written {
            let path = folder.join(tile.to_string());
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
    }
    let checkpoint = Checkpoint::new("example.org/register", tree.head()).sign(&[&key]).expect("a checkpoint");
    fs::write(folder.join("checkpoint"), checkpoint.to_string()).expect("a file");
    fs::write(folder.join("policy"), policy.to_string()).expect("a file");
    println!("append {count} leaves, without the disk: {appending:.2?}");
    tree
}

fn main() {
    let count = std::env::var("REGISTER_LEAVES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a folder");
    let tree = write(folder.path(), count);

    let start = Instant::now();
    let report = VerifyLog::default().run(&Folder::new(folder.path())).expect("a report");
    println!("verify {count} leaves in a folder: {:.2?}", start.elapsed());
    assert!(report.sound, "{report}");

    let files = Folder::new(folder.path());
    let mut times: Vec<Duration> = (0..2_000_u64)
        .map(|number| {
            let start = Instant::now();
            Prover::new(&files, tree.head()).inclusion(number * 7_919 % count).expect("a proof");
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "a proof from the folder: median {:.2?}, p99 {:.2?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
}
