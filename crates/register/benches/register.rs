//! What a log does all day: append, prove, verify, sign. The targets: 10,000 leaves appended a second, a proof in 5 ms.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use folkmoot_register::audit::Audit;
use folkmoot_register::tile::MemoryTiles;
use folkmoot_register::{
    Checkpoint, Commitment, Event, Hash, Kind, Leaf, Note, Policy, ProofFile, Prover, SigningKey, Tree, proof,
};
use sha2::{Digest, Sha256};

const ORIGIN: &str = "example.org/register";

fn leaves(count: u64) -> Vec<[u8; 64]> {
    let commitment = |number: u64| Commitment(Sha256::digest(number.to_be_bytes()).into());
    let leaf = |number| Leaf { review: [1; 16], day: 20_000, event: Event::Contribution(commitment(number)) };
    (0..count).map(|number| leaf(number).to_bytes()).collect()
}

struct Log {
    tree: Tree,
    tiles: MemoryTiles,
    note: Note,
    policy: Policy,
}

/// A log of so many leaves, signed by the log and three witnesses.
fn log(count: u64) -> Log {
    let mut tree = Tree::default();
    let tiles = tree.append(&leaves(count)).expect("short entries").into_iter().collect();
    let key = SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key");
    let witness = |seed| SigningKey::from_seed("witness.example", Kind::Cosignature, &[seed; 32]).expect("a key");
    let witnesses = [2, 3, 4].map(witness);
    let mut note = Checkpoint::new(ORIGIN, tree.head()).sign(&[&key]).expect("a checkpoint");
    for witness in &witnesses {
        note.add(witness.sign(note.text(), 1)).expect("a cosignature");
    }
    let witnesses = witnesses.map(|key| key.verifying().clone());
    let policy = Policy::new(&[key.verifying().clone()], &witnesses, 2).expect("a policy");
    Log { tree, tiles, note, policy }
}

fn append(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("append to 100,000 leaves");
    let before = log(100_000).tree;
    for count in [1, 16, 1_000] {
        let batch = leaves(count);
        group.throughput(Throughput::Elements(count));
        group.bench_function(format!("{count} leaves and the root"), |bencher| {
            bencher.iter_batched_ref(
                || before.clone(),
                |tree| (tree.append(black_box(&batch)).map(|written| written.len()), tree.head()),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn prove(criterion: &mut Criterion) {
    let log = log(1_000_000);
    let (head, prover) = (log.tree.head(), Prover::new(&log.tiles, log.tree.head()));
    let mut group = criterion.benchmark_group("a log of 1,000,000 leaves");
    let index = 777_777;
    let path = prover.inclusion(index).expect("a proof");
    let (old, consistency) = prover.consistency(500_001).expect("a proof");
    let entry = prover.entry(index).expect("an entry");
    group.bench_function("make an inclusion proof", |bencher| bencher.iter(|| prover.inclusion(black_box(index))));
    group.bench_function("make a consistency proof", |bencher| bencher.iter(|| prover.consistency(black_box(500_001))));
    group.bench_function("verify an inclusion proof", |bencher| {
        bencher.iter(|| proof::verify_inclusion(Hash::of_leaf(&entry), index, black_box(&path), &head));
    });
    group.bench_function("verify a consistency proof", |bencher| {
        bencher.iter(|| proof::verify_consistency(&old, &head, black_box(&consistency)));
    });
    let file = ProofFile { extra: None, index, path: path.clone(), checkpoint: log.note.clone() }.to_string();
    group.bench_function("read and verify a proof file with three witnesses", |bencher| {
        bencher.iter(|| ProofFile::parse(black_box(file.as_bytes()))?.verify(&entry, &log.policy));
    });
    group.bench_function("resume the tree", |bencher| bencher.iter(|| Tree::resume(&log.tiles, &head)));
    group.finish();
}

fn audit(criterion: &mut Criterion) {
    let log = log(100_000);
    let mut group = criterion.benchmark_group("verify a whole log");
    group.sample_size(10);
    group.throughput(Throughput::Elements(100_000));
    let audit = Audit { policy: &log.policy, remembered: &[], promises: &[], now: 0 };
    group.bench_function("100,000 leaves", |bencher| bencher.iter(|| audit.run(&log.tiles, black_box(&log.note))));
    group.finish();
}

criterion_group!(benches, append, prove, audit);
criterion_main!(benches);
