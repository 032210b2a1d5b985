//! The opinion map on a generated conversation: the whole, its parts, and one more vote.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use folkmoot_sense::opinions::components::components;
use folkmoot_sense::opinions::grouping::Count;
use folkmoot_sense::opinions::tallies::Tallies;
use folkmoot_sense::opinions::{Neutral, OpinionMap, Settings, Vote, Votes};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Four groups with opinions of their own on a third of the statements; each person votes on about `each` of them.
fn conversation(people: u32, statements: u32, each: u32) -> Votes {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let opinions: Vec<[u32; 4]> = (0..statements)
        .map(|statement| {
            let shared = random.next_u32() % 100;
            std::array::from_fn(|_| if statement % 3 == 0 { random.next_u32() % 100 } else { shared })
        })
        .collect();
    let mut votes = Votes::new(statements as usize);
    for person in 0..people {
        let mut row = Vec::new();
        for (statement, agree) in opinions.iter().enumerate() {
            if random.next_u32() % statements >= each {
                continue;
            }
            let vote = match random.next_u32() % 100 {
                0..15 => Vote::Pass,
                chance if chance < agree[(person % 4) as usize] => Vote::Agree,
                _ => Vote::Disagree,
            };
            row.push((statement, vote));
        }
        votes.push(row);
    }
    votes
}

fn maps(criterion: &mut Criterion) {
    for (name, people, statements, each) in [("2,000 × 200", 2_000, 200, 40), ("33,422 × 783", 33_422, 783, 60)] {
        let mut votes = conversation(people, statements, each);
        let left_out = vec![false; votes.statements()];
        let settings =
            Settings { left_out: &left_out, members: None, count: Count::Auto, neutral: Neutral::ByOverlap, seed: 0 };
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        group.bench_function("components", |bencher| bencher.iter(|| black_box(components(&votes, None).squares)));
        group.bench_function("map", |bencher| bencher.iter(|| black_box(OpinionMap::new(&votes, &settings).count)));
        let map = OpinionMap::new(&votes, &settings);
        group.bench_function("tallies", |bencher| {
            bencher.iter(|| black_box(Tallies::new(&votes, &map.groups, map.count).groups.len()));
        });
        votes.set(0, 0, Vote::Agree);
        group
            .bench_function("one more vote", |bencher| bencher.iter(|| black_box(map.update(&votes, &settings).count)));
    }
}

criterion_group!(benches, maps);
criterion_main!(benches);
