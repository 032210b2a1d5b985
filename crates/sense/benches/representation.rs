//! Raking and the protection of small numbers, on people made here.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use folkmoot_sense::representation::raking::{Options, rake};
use folkmoot_sense::small_numbers::Rule;

fn representation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("representation");
    group.sample_size(10);
    let categories =
        |person: usize| vec![Some(person * person % 7 % 2), Some(person * 31 % 97 % 9), Some(person * 17 % 89 % 12)];
    let respondents: Vec<Vec<Option<usize>>> = (0..100_000).map(categories).collect();
    let targets = [vec![0.5; 2], vec![1.0 / 9.0; 9], vec![1.0 / 12.0; 12]];
    group.bench_function("raking of 100,000 people in 3 dimensions", |bencher| {
        bencher.iter(|| rake(black_box(&respondents), &targets, &Options::default()));
    });
    let counts: Vec<Vec<u64>> =
        (0..40).map(|row| (0..40).map(|column| (row * 37 + column * 101) % 61).collect()).collect();
    group.bench_function("protecting a table of 40 by 40", |bencher| {
        bencher.iter(|| Rule::default().table(black_box(&counts)));
    });
    group.finish();
}

criterion_group!(benches, representation);
criterion_main!(benches);
