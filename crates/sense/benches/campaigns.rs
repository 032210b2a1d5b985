//! How long the steps of finding campaigns take, on a docket that is half letters and half people's own texts. Words alone are the
//! floor: no method that looks at every word can be quicker.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use folkmoot_sense::campaigns::{Letter, Room, Signature, candidates, each_word, find};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const TEXTS: usize = 20_000;
const LETTERS: usize = 20;

fn draw(random: &mut ChaCha8Rng, below: usize) -> usize {
    usize::try_from(random.next_u64() % below as u64).unwrap_or_default()
}

/// Words of two to nine letters; the first ones of the vocabulary are drawn most.
fn words(random: &mut ChaCha8Rng, count: usize) -> Vec<String> {
    let word = |random: &mut ChaCha8Rng| {
        let most = 2 << draw(random, 15);
        let rank = draw(random, most);
        let letters = (rank as u64 + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        letters
            .iter()
            .take(2 + rank.checked_ilog2().map_or(0, |bits| bits as usize / 2))
            .map(|byte| char::from(b'a' + byte % 26))
            .collect()
    };
    (0..count).map(|_| word(random)).collect()
}

fn docket() -> Vec<String> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let letters: Vec<Vec<String>> = (0..LETTERS).map(|_| words(&mut random, 120)).collect();
    let text = |row: usize| {
        if row.is_multiple_of(2) {
            return words(&mut random, 120).join(" ");
        }
        let mut text = letters[draw(&mut random, LETTERS)].clone();
        for _ in 0..8 {
            let at = draw(&mut random, text.len());
            text[at] = words(&mut random, 1).concat();
        }
        text.join(" ")
    };
    (0..TEXTS).map(text).collect()
}

fn campaigns(criterion: &mut Criterion) {
    let texts = docket();
    let mut room = Room::default();
    let signatures: Vec<Signature> = texts.iter().map(|text| Signature::of(text, &mut room)).collect();
    let mut group = criterion.benchmark_group("campaigns");
    group.throughput(Throughput::Elements(TEXTS as u64)).sample_size(20);
    group.bench_function("words alone", |bench| {
        bench.iter(|| texts.iter().for_each(|text| each_word(text, |word| _ = black_box(word))));
    });
    group.bench_function("signatures", |bench| {
        bench.iter(|| texts.iter().for_each(|text| _ = black_box(Signature::of(text, &mut room))));
    });
    group.bench_function("candidates", |bench| bench.iter(|| candidates(black_box(&signatures))));
    group.bench_function("all", |bench| bench.iter(|| find(&mut black_box(&texts[..]), |_| {})));
    group.finish();
    let sample: Vec<&str> = texts.iter().skip(1).step_by(2 * LETTERS).take(128).map(String::as_str).collect();
    criterion.bench_function("campaigns/letter", |bench| {
        bench.iter_batched(|| sample.clone(), |sample| Letter::of(&sample), BatchSize::SmallInput);
    });
    if let Some(letter) = Letter::of(&[texts[1].as_str(), texts[1].as_str()]) {
        criterion.bench_function("campaigns/compare", |bench| {
            bench.iter(|| letter.compare(black_box(&texts[3]), &mut room));
        });
    }
}

criterion_group!(benches, campaigns);
criterion_main!(benches);
