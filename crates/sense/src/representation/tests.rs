use proptest::prelude::*;

use super::raking::{Error, Options, rake};
use super::*;

fn sex(women: f64, men: f64) -> Dimension {
    let category = |name: &str, people| Category { name: name.to_owned(), people };
    Dimension { name: "sex".to_owned(), categories: vec![category("women", women), category("men", men)] }
}

#[test]
fn who_is_missing() {
    let comparison = compare(&sex(51.0, 49.0), &[380, 620], 20, 0, &Rule::default());
    let [women, men] = comparison.groups.as_slice() else { panic!("two groups") };
    assert_eq!((women.share, women.took_part), (Some(0.38), Count::Shown(380)));
    assert!((women.ratio.unwrap_or_default() - 0.38 / 0.51).abs() < 1e-12);
    // 380 + 266 of 1000 + 266 are 51 %.
    assert_eq!((women.missing, men.missing), (Some(266), Some(0)));
    let [low, high] = women.ratio_interval.unwrap_or_default();
    assert!((low * 0.51 - 0.3504).abs() < 5e-4 && (high * 0.51 - 0.4105).abs() < 5e-4, "Wilson: 0.350 to 0.411");
    assert_eq!((comparison.not_stated, comparison.total), (Count::Shown(20), Count::Shown(1020)));
}

#[test]
fn wilson_s_interval_at_the_ends() {
    // Newcombe 1998 (Statistics in Medicine 17), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (count, whole, low, high) in [
        (81.0, 263.0, 0.2553, 0.3662),
        (15.0, 148.0, 0.0624, 0.1605),
        (0.0, 20.0, 0.0, 0.1611),
        (1.0, 29.0, 0.0061, 0.1718),
    ] {
        let [found_low, found_high] = wilson(count, whole);
        assert!((found_low - low).abs() < 1e-4 && (found_high - high).abs() < 1e-4, "{count} of {whole}");
    }
    assert!(wilson(7.0, 7.0)[1] >= 1.0 && wilson(0.0, 7.0)[0] <= 0.0);
}

#[test]
fn what_is_hidden_stays_hidden() {
    let comparison = compare(&sex(1.0, 1.0), &[4, 400], 30, 0, &Rule::default());
    let women = &comparison.groups[0];
    assert_eq!((women.took_part, women.share, women.ratio, women.missing), (Count::Hidden, None, None, None));
    assert_eq!(comparison.not_stated, Count::Hidden, "or else 4 is the total less the others");
    let nobody = compare(&sex(1.0, 1.0), &[0, 0], 0, 0, &Rule::default());
    assert_eq!((nobody.groups[0].share, nobody.total), (None, Count::Shown(0)));
}

#[test]
fn raking_by_hand() {
    // Deming and Stephan's case of two dimensions that are independent: one round is enough.
    let kinds = [([0, 0], 10), ([0, 1], 20), ([1, 0], 30), ([1, 1], 60)];
    let respondents: Vec<Vec<Option<usize>>> =
        kinds.iter().flat_map(|(kind, people)| vec![kind.map(Some).to_vec(); *people]).collect();
    let raked = rake(&respondents, &[vec![0.5, 0.5], vec![0.4, 0.6]], &Options::default()).expect("weights");
    assert!(raked.converged && raked.trimmed == 0 && raked.largest_gap < 1e-12);
    let expected = [0.2 / (10.0 / 120.0), 0.3 / (20.0 / 120.0), 0.2 / (30.0 / 120.0), 0.3 / (60.0 / 120.0)];
    for (weight, place) in expected.iter().zip([0, 10, 30, 60]) {
        assert!((raked.weights[place] - weight).abs() < 1e-9);
    }
    assert!((raked.effective - 120.0 / raked.design_effect).abs() < 1e-9);
}

#[test]
fn raking_that_cannot_be() {
    let some = |kinds: &[[usize; 2]]| -> Vec<Vec<Option<usize>>> {
        kinds.iter().map(|kind| kind.map(Some).to_vec()).collect()
    };
    let halves = [vec![0.5, 0.5], vec![0.5, 0.5]];
    let empty = rake(&some(&[[0, 0], [1, 0]]), &halves, &Options::default());
    assert_eq!(empty, Err(Error::Empty { dimension: 1, category: 1 }));
    assert_eq!(rake(&[], &halves, &Options::default()), Err(Error::Nobody));
    assert_eq!(rake(&[vec![None, None]], &halves, &Options::default()), Err(Error::Nobody));
    // Whoever is 0 in one is 0 in the other: a half and a third cannot be had together.
    let apart = rake(&some(&[[0, 0], [1, 1]]), &[vec![0.5, 0.5], vec![0.3, 0.7]], &Options::default());
    assert_eq!(apart, Err(Error::Apart));
    let mut lonely = some(&[[0, 0]; 99]);
    lonely.push(vec![Some(1), Some(1)]);
    let trimmed = rake(&lonely, &halves, &Options::default()).expect("weights, but for a gap");
    assert!(!trimmed.converged && trimmed.trimmed == 1 && trimmed.largest_gap > 0.4, "{trimmed:?}");
    assert!(trimmed.weights.iter().all(|weight| *weight <= 5.0 + 1e-9));
}

proptest! {
    #[test]
    fn weights_reach_the_shares(
        people in proptest::collection::vec((0..3_usize, 0..2_usize, any::<bool>()), 60..200),
        shares in (1..9_u8, 1..9_u8, 1..9_u8, 1..9_u8, 1..9_u8),
    ) {
        let (a, b, c, d, e) = shares;
        let of = |parts: &[u8]| -> Vec<f64> {
            let all: f64 = parts.iter().map(|part| f64::from(*part)).sum();
            parts.iter().map(|part| f64::from(*part) / all).collect()
        };
        let targets = [of(&[a, b, c]), of(&[d, e])];
        // Every combination is there, so that weights exist.
        let full = (0..6).map(|place| (place % 3, place / 3, true));
        let respondents: Vec<Vec<Option<usize>>> =
            full.chain(people).map(|(one, other, known)| vec![Some(one), known.then_some(other)]).collect();
        let options = Options { trim: f64::INFINITY, ..Options::default() };
        let raked = rake(&respondents, &targets, &options).expect("weights");
        prop_assert!(raked.converged && raked.weights.iter().all(|weight| *weight > 0.0 && weight.is_finite()));
        let size = u32::try_from(respondents.len()).map(f64::from)?;
        prop_assert!((raked.weights.iter().sum::<f64>() / size - 1.0).abs() < 1e-9 && raked.design_effect >= 1.0 - 1e-9);
        for (dimension, target) in targets.iter().enumerate() {
            let known: f64 = respondents.iter().zip(&raked.weights).filter(|(r, _)| r[dimension].is_some()).map(|(_, w)| w).sum();
            for (category, share) in target.iter().enumerate() {
                let of = |r: &Vec<Option<usize>>| r[dimension] == Some(category);
                let weighted: f64 = respondents.iter().zip(&raked.weights).filter(|(r, _)| of(r)).map(|(_, w)| w).sum();
                prop_assert!((weighted / known - share).abs() < 1e-6);
            }
        }
        // The order of the respondents changes nothing.
        let turned: Vec<Vec<Option<usize>>> = respondents.iter().rev().cloned().collect();
        let again = rake(&turned, &targets, &options).expect("weights");
        prop_assert!(raked.weights.iter().zip(again.weights.iter().rev()).all(|(one, other)| (one - other).abs() < 1e-12));
    }
}
