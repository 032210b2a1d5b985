//! The rules on a generated election, each beside the greedy rule, which only sorts projects.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use folkmoot_sense::shares::{Choice, Completion, Election, Project, Utility, equal_shares, greedy, phragmen};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Five neighbourhoods with their own favourites; a voter names about one project of twelve.
fn election(projects: u32, voters: usize) -> Election {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut cost = 0;
    let mut list = Vec::new();
    for project in 0..projects {
        let own = 500 + i64::from(random.next_u32() % 30_000);
        cost += own;
        list.push(Project { name: project.to_string(), cost: own });
    }
    let chance: Vec<u32> =
        (0..5 * projects).map(|_| random.next_u32() % 1000 * (random.next_u32() % 1000) / 3000).collect();
    let ballots = (0..voters).map(|voter| {
        let own = &chance[voter % 5 * projects as usize..][..projects as usize];
        let named =
            (0..projects).filter(|project| random.next_u32() % 1000 < own[*project as usize]).collect::<Vec<u32>>();
        named.into_iter().map(|project| Choice { project, points: 1 })
    });
    let ballots: Vec<Vec<Choice>> = ballots.map(Iterator::collect).collect();
    Election::new(cost / 3, 1, list, ballots).expect("an election")
}

fn rules(criterion: &mut Criterion) {
    for (projects, voters) in [(40, 2_000), (120, 50_000)] {
        let election = election(projects, voters);
        let mut group = criterion.benchmark_group(format!("shares/{projects} projects, {voters} voters"));
        group.sample_size(10);
        group.bench_function("greedy", |bencher| bencher.iter(|| greedy(black_box(&election), Utility::Cost)));
        group.bench_function("phragmen", |bencher| bencher.iter(|| phragmen(black_box(&election))));
        for (name, utility, completion) in [
            ("equal shares, cost", Utility::Cost, Completion::None),
            ("equal shares, cardinality", Utility::Cardinality, Completion::None),
            ("equal shares, cost, add1u", Utility::Cost, Completion::Add1Utilitarian),
        ] {
            group.bench_function(name, |bencher| {
                bencher.iter(|| equal_shares(black_box(&election), utility, completion));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, rules);
criterion_main!(benches);
