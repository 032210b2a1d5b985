//! Agreement between coders, and audits, on codings made here.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use folkmoot_sense::agreement::Codings;
use folkmoot_sense::agreement::audit::{Question, plan};

/// Two coders of `units` units with twenty codes, who agree on four of five; where they `combine`, every third has two codes.
fn codings(units: u64, combine: bool) -> Codings {
    let given =
        |unit: u64, coder: u64| (unit * 7919 + u64::from((unit * 7 + coder).is_multiple_of(5)) * (coder + 1)) % 20;
    let rows = (0..units).flat_map(|unit| (0..2).map(move |coder| (unit, coder)));
    Codings::new(rows.flat_map(|(unit, coder)| {
        let second = (combine && unit.is_multiple_of(3)).then_some((given(unit, coder) + 1 + (unit + coder) % 4) % 20);
        let codes = [Some(given(unit, coder)), second].into_iter().flatten();
        codes
            .map(move |code| (format!("{unit:07}"), format!("coder {coder}"), format!("code {code}")))
            .collect::<Vec<_>>()
    }))
}

fn agreement(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agreement");
    group.sample_size(10);
    for (name, units, combine) in [("10,000 units", 10_000, false), ("10,000 units, codes combined", 10_000, true)] {
        let codings = codings(units, combine);
        group.bench_function(format!("{name}, no intervals"), |bencher| {
            bencher.iter(|| black_box(&codings).agreement(0, 1));
        });
        group.bench_function(format!("{name}, drawn anew 1,000 times"), |bencher| {
            bencher.iter(|| black_box(&codings).agreement(1000, 1));
        });
    }
    let question = Question { tolerated: 0.05, margin: 0.02, power: 0.9, significance: 0.05 };
    group.bench_function("audit of 300,000 units", |bencher| bencher.iter(|| plan(black_box(300_000), &question)));
    group.finish();
}

criterion_group!(benches, agreement);
criterion_main!(benches);
