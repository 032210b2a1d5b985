//! How fast themes are found in texts made up of twelve subjects, and codes learnt for them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use folkmoot_sense::coding::{Code, Coder, Example};
use folkmoot_sense::themes::{Document, Options, find};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const SUBJECTS: usize = 12;

/// `count` texts of ten words, eight of them of the text's own subject.
fn texts(count: usize) -> Vec<String> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut below = |end: usize| random.next_u32() as usize % end;
    let syllables = ["ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te"];
    (0..count)
        .map(|number| {
            let word = |_| {
                let subject = if below(5) == 0 { below(SUBJECTS) } else { number % SUBJECTS };
                format!("{}{}{}", syllables[subject], syllables[below(12)], ["n", "rt"][below(2)])
            };
            (0..10).map(word).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

fn themes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("themes");
    group.sample_size(10);
    for count in [1_000, 20_000] {
        let texts = texts(count);
        let ids: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let documents: Vec<Document> = texts.iter().zip(&ids).map(|(text, id)| Document { text, id }).collect();
        group.throughput(Throughput::Elements(count as u64));
        for (name, themes) in [("twelve", Some(SUBJECTS)), ("auto", None)] {
            group.bench_function(format!("{name}/{count}"), |bencher| {
                bencher.iter(|| find(black_box(&documents), None, Options { themes, seed: 1 }));
            });
        }
    }
}

fn coding(criterion: &mut Criterion) {
    let texts = texts(1_000);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let codes: Vec<Code> = (0..SUBJECTS).map(|code| Code { id: code.to_string(), wording: Vec::new() }).collect();
    let examples: Vec<Example> = (0..500).map(|text| Example { text, codes: vec![text % SUBJECTS] }).collect();
    let mut group = criterion.benchmark_group("coding");
    group.sample_size(10);
    group.bench_function("learn 500, code 1000", |bencher| {
        bencher.iter(|| {
            let coder = Coder::learn(&codes, black_box(&texts), &examples);
            (0..texts.len()).map(|text| coder.code(text).len()).sum::<usize>()
        });
    });
}

criterion_group!(benches, themes, coding);
criterion_main!(benches);
