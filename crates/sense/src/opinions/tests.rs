//! The laws of the map: what must hold for any votes.

use proptest::prelude::*;

use super::clusters::{lloyd, seeds};
use super::grouping::{Count, adjusted_rand};
use super::statements::{Side, consensus, priority, representative};
use super::tallies::Tallies;
use super::{Neutral, OpinionMap, Settings, Vote, Votes};

fn settings(left_out: &[bool]) -> Settings<'_> {
    Settings { left_out, members: None, count: Count::Auto, neutral: Neutral::ByOverlap, seed: 0 }
}

fn table(rows: &[Vec<i8>]) -> Votes {
    let mut votes = Votes::new(rows.first().map_or(0, Vec::len));
    for row in rows {
        let cell = |(statement, value): (usize, &i8)| {
            let vote = match value {
                -1 => Vote::Disagree,
                0 => Vote::Pass,
                1 => Vote::Agree,
                _ => return None,
            };
            Some((statement, vote))
        };
        votes.push(row.iter().enumerate().filter_map(cell));
    }
    votes
}

/// Votes where 2 is no vote.
fn any_table() -> impl Strategy<Value = Vec<Vec<i8>>> {
    (1..40_usize, 1..12_usize).prop_flat_map(|(people, statements)| {
        proptest::collection::vec(proptest::collection::vec(-1..=2_i8, statements), people)
    })
}

/// The components by a way that has nothing in common with the one in use: plain power iteration on the dense matrix.
fn dense_components(rows: &[Vec<i8>], centre: &[f64]) -> [f64; 2] {
    let mut matrix: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            row.iter().zip(centre).map(|(cell, mean)| if *cell == 2 { 0.0 } else { f64::from(*cell) - mean }).collect()
        })
        .collect();
    let mut squares = [0.0; 2];
    for square in &mut squares {
        let mut vector: Vec<f64> = (0..centre.len()).map(|place| 1.0 + (place as f64).sin()).collect();
        for _ in 0..3000 {
            let mut next = vec![0.0; centre.len()];
            for row in &matrix {
                let score: f64 = row.iter().zip(&vector).map(|(cell, entry)| cell * entry).sum();
                next.iter_mut().zip(row).for_each(|(next, cell)| *next += score * cell);
            }
            let norm = next.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
            *square = norm;
            if norm < 1e-12 {
                break;
            }
            vector = next.into_iter().map(|entry| entry / norm).collect();
        }
        for row in &mut matrix {
            let score: f64 = row.iter().zip(&vector).map(|(cell, entry)| cell * entry).sum();
            row.iter_mut().zip(&vector).for_each(|(cell, entry)| *cell -= score * entry);
        }
    }
    squares
}

#[test]
fn a_map_of_nobody_can_be_updated() {
    let mut votes = table(&[vec![2]]);
    let before = OpinionMap::new(&votes, &settings(&[false]));
    votes.set(0, 0, Vote::ALL[0]);
    assert_eq!(before.update(&votes, &settings(&[false])).places.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everything_is_finite_and_everybody_has_a_place(rows in any_table()) {
        let votes = table(&rows);
        let map = OpinionMap::new(&votes, &settings(&vec![false; votes.statements()]));
        prop_assert_eq!(map.places.len(), rows.len());
        prop_assert!(map.places.iter().chain(&map.statements).flatten().all(|coordinate| coordinate.is_finite()));
        prop_assert!(map.silhouettes.iter().all(|(_, silhouette)| (-1.0..=1.0).contains(silhouette)));
        let tallies = Tallies::new(&votes, &map.groups, map.count);
        for group in 0..map.count {
            let found = representative(&tallies, group, &vec![false; votes.statements()]);
            prop_assert!(found.len() <= 5 && found.iter().all(|found| found.leaning.ratio_test.is_finite()));
        }
    }

    #[test]
    fn the_axes_hold_as_many_squares_as_in_the_dense_matrix(rows in any_table()) {
        let votes = table(&rows);
        let found = super::components::components(&votes, None);
        let dense = dense_components(&rows, &found.centre);
        for (sparse, dense) in found.squares.iter().zip(dense) {
            prop_assert!((sparse - dense).abs() <= 1e-3 * dense.max(1.0), "{sparse} is not {dense}");
        }
        let [one, other] = &found.axes;
        let product: f64 = one.iter().zip(other).map(|(one, other)| one * other).sum();
        prop_assert!(product.abs() < 1e-9);
    }

    #[test]
    fn an_update_finds_the_axes_of_a_new_map(rows in any_table(), vote in 0..3_usize) {
        let mut votes = table(&rows);
        let left_out = vec![false; votes.statements()];
        let before = OpinionMap::new(&votes, &settings(&left_out));
        votes.set(0, 0, Vote::ALL[vote]);
        let (updated, new) = (before.update(&votes, &settings(&left_out)), OpinionMap::new(&votes, &settings(&left_out)));
        for (updated, new) in updated.components.squares.iter().zip(new.components.squares) {
            prop_assert!((updated - new).abs() <= 1e-9 * new.max(1.0));
        }
    }

    #[test]
    fn likeness_knows_no_names(labels in proptest::collection::vec(0..4_usize, 2..50)) {
        let renamed: Vec<usize> = labels.iter().map(|label| (label + 1) % 4).collect();
        prop_assert!((adjusted_rand(&labels, &renamed) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn k_means_never_makes_an_empty_cluster(points in proptest::collection::vec([-3..3_i8, -3..3_i8], 1..30), count in 1..9_usize) {
        use rand_chacha::rand_core::SeedableRng;
        let points: Vec<[f64; 2]> = points.into_iter().map(|point| point.map(f64::from)).collect();
        let weights = vec![1.0; points.len()];
        let start = seeds(&points, &weights, count, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1));
        let found = lloyd(&points, &weights, start, 50);
        prop_assert!((0..found.centres.len()).all(|cluster| found.labels.contains(&cluster)));
    }
}

/// Two camps that disagree on statements 0 to 4 and agree on 5 to 7.
fn two_camps() -> Votes {
    let mut votes = Votes::new(8);
    for person in 0..60_usize {
        let camp = if person % 3 == 0 { Vote::Disagree } else { Vote::Agree };
        let stance = |statement: usize| if statement < 5 { camp } else { Vote::Agree };
        let votes_on = (0..8).filter(|statement| (statement + person) % 11 != 0);
        votes.push(votes_on.map(|statement| (statement, stance(statement))));
    }
    votes
}

#[test]
fn two_camps_are_found_with_what_divides_and_unites_them() {
    let votes = two_camps();
    let left_out = [false; 8];
    let map = OpinionMap::new(&votes, &Settings { members: Some(&[true; 60]), ..settings(&left_out) });
    assert_eq!(map.count, 2);
    assert!((0..60).all(|person| map.groups[person] == Some(usize::from(person % 3 == 0))));
    let tallies = Tallies::new(&votes, &map.groups, map.count);
    let typical = representative(&tallies, 1, &left_out);
    assert!(typical.iter().filter(|found| found.statement < 5).all(|found| found.side == Side::Disagree));
    let shared: Vec<usize> =
        consensus(&tallies.everybody, Side::Agree, &left_out).iter().map(|found| found.statement).collect();
    assert!([5, 6, 7].iter().all(|statement| shared[..3].contains(statement)), "{shared:?}");
    assert!(representative(&tallies, 0, &[true; 8]).is_empty());
}

#[test]
fn one_person_or_one_opinion_make_one_group() {
    for people in [1, 40] {
        let votes = table(&vec![vec![1, -1, 0, 2, 1, 1, 1, 1]; people]);
        let map = OpinionMap::new(&votes, &settings(&[false; 8]));
        assert_eq!((map.count, map.groups[0]), (1, Some(0)));
        assert!(map.places.iter().all(|place| *place == [0.0, 0.0]));
    }
}

#[test]
fn what_is_left_out_shapes_nothing() {
    let mut votes = two_camps();
    let left_out: Vec<bool> = (0..8).map(|statement| statement == 0).collect();
    let before = OpinionMap::new(&votes, &settings(&left_out));
    (0..60).for_each(|person| votes.set(person, 0, Vote::ALL[person % 2 * 2]));
    let after = OpinionMap::new(&votes, &settings(&left_out));
    assert_eq!((before.places, before.groups), (after.places, after.groups));
}

#[test]
fn new_and_extreme_statements_come_first_and_meta_ones_are_fixed() {
    let tally = |agree, disagree, seen| super::tallies::Tally { agree, disagree, seen };
    assert!(priority(&tally(0, 0, 0), 0.0, false) > priority(&tally(40, 40, 100), 0.0, false));
    assert!(priority(&tally(40, 40, 100), 2.0, false) > priority(&tally(40, 40, 100), 0.0, false));
    assert!((priority(&tally(1, 2, 3), 2.0, true) - 49.0).abs() < f64::EPSILON);
}
