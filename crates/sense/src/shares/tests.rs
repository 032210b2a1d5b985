//! Laws that must hold for every election, and a second, slow way to count.

#![expect(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "the numbers of these tests are small")]

use num_bigint::BigInt;
use proptest::prelude::*;

use super::account::{Account, Measures};
use super::rule::Run;
use super::support::Support;
use super::{
    Choice, Completion, Election, ElectionError, Project, Utility, cost, equal_shares, greedy, is_exhaustive, phragmen,
};

const UTILITIES: [Utility; 3] = [Utility::Cost, Utility::Cardinality, Utility::Points];
const COMPLETIONS: [Completion; 4] =
    [Completion::None, Completion::Add1, Completion::Utilitarian, Completion::Add1Utilitarian];

/// The costs of projects, the points on ballots, a budget.
type Sketch = (Vec<i64>, Vec<Vec<i64>>, i64);

/// Few and round numbers, so that there are many ties.
fn sketches(voters: usize, projects: usize) -> impl Strategy<Value = Sketch> {
    (1..=projects).prop_flat_map(move |projects| {
        let costs = prop::collection::vec(prop_oneof![Just(0), Just(10), Just(20), 1i64..60], projects);
        let ballot = prop::collection::vec(prop_oneof![3 => Just(0), 2 => Just(1), 1 => 1i64..5], projects);
        (costs, prop::collection::vec(ballot, 1..=voters), 0i64..150)
    })
}

fn named(costs: &[i64], names: impl Fn(usize) -> String) -> Vec<Project> {
    costs.iter().enumerate().map(|(place, cost)| Project { name: names(place), cost: *cost }).collect()
}

fn choices(points: &[i64]) -> Vec<Choice> {
    let given = points.iter().zip(0..).filter(|(points, _)| **points != 0);
    given.map(|(points, project)| Choice { project, points: *points }).collect()
}

fn election((costs, ballots, budget): &Sketch) -> Election {
    let projects = named(costs, |place| format!("{place:02}"));
    Election::new(*budget, 1, projects, ballots.iter().map(|points| choices(points))).expect("an election")
}

/// A fraction, for the slow way.
#[derive(Clone, Debug)]
struct Fraction(BigInt, BigInt);

impl Fraction {
    fn is_less(&self, other: &Fraction) -> bool {
        &self.0 * &other.1 < &other.0 * &self.1
    }

    fn minus(&self, other: &Fraction) -> Fraction {
        Fraction(&self.0 * &other.1 - &other.0 * &self.1, &self.1 * &other.1)
    }

    fn times(&self, factor: i64, divisor: i64) -> Fraction {
        Fraction(&self.0 * factor, &self.1 * divisor)
    }
}

/// The rule by its definition: for each project, try every number of supporters who give all that they have.
fn slowly((costs, ballots, budget): &Sketch, utility: Utility) -> Vec<usize> {
    let worth = |voter: usize, project: usize| match utility {
        Utility::Cost => costs[project] * i64::from(ballots[voter][project] > 0),
        Utility::Cardinality => i64::from(ballots[voter][project] > 0),
        Utility::Points => ballots[voter][project],
    };
    let mut left = vec![Fraction(BigInt::from(*budget), BigInt::from(ballots.len())); ballots.len()];
    let mut bought: Vec<usize> = Vec::new();
    loop {
        let mut best: Option<(Fraction, usize)> = None;
        for project in (0..costs.len()).filter(|project| costs[*project] > 0 && !bought.contains(project)) {
            let mut supporters: Vec<usize> = (0..ballots.len()).filter(|voter| worth(*voter, project) > 0).collect();
            let reach = |voter: usize| left[voter].times(1, worth(voter, project));
            supporters.sort_by(|a, b| {
                let (a, b) = (reach(*a), reach(*b));
                (&a.0 * &b.1).cmp(&(&b.0 * &a.1))
            });
            let mut rest = Fraction(BigInt::from(costs[project]), BigInt::from(1));
            for (place, voter) in supporters.iter().enumerate() {
                let price = rest.times(1, supporters[place..].iter().map(|voter| worth(*voter, project)).sum());
                if !reach(*voter).is_less(&price) {
                    if best.as_ref().is_none_or(|(best, _)| price.is_less(best)) {
                        best = Some((price, project));
                    }
                    break;
                }
                rest = rest.minus(&left[*voter]);
            }
        }
        let Some((price, project)) = best else { return bought };
        for (voter, left) in left.iter_mut().enumerate() {
            let own = price.times(worth(voter, project), 1);
            *left = if left.is_less(&own) { Fraction(BigInt::from(0), BigInt::from(1)) } else { left.minus(&own) };
        }
        bought.push(project);
    }
}

proptest! {
    #[test]
    fn the_quick_way_finds_what_the_slow_way_finds(sketch in sketches(9, 7)) {
        for utility in UTILITIES {
            let outcome = equal_shares(&election(&sketch), utility, Completion::None);
            let bought: Vec<usize> = outcome.purchases.iter().map(|purchase| purchase.project).collect();
            prop_assert_eq!(bought, slowly(&sketch, utility), "{:?}", utility);
        }
    }

    #[test]
    fn the_budget_is_kept_and_nothing_is_funded_twice(sketch in sketches(12, 8)) {
        let election = election(&sketch);
        for utility in UTILITIES {
            for completion in COMPLETIONS {
                let outcome = equal_shares(&election, utility, completion);
                let mut funded = outcome.funded();
                prop_assert!(cost(&election, funded.iter().copied()) <= election.budget());
                funded.sort_unstable();
                prop_assert!(funded.windows(2).all(|pair| pair[0] != pair[1]));
            }
            prop_assert!(cost(&election, greedy(&election, utility)) <= election.budget());
        }
        prop_assert!(cost(&election, phragmen(&election)) <= election.budget());
    }

    /// The prices support the outcome: nobody pays more than they have, all is paid for by supporters, and no project that is not
    /// bought could be paid for by what its supporters have left.
    #[test]
    fn what_is_bought_is_paid_for(sketch in sketches(12, 8)) {
        let election = election(&sketch);
        for utility in UTILITIES {
            let outcome = equal_shares(&election, utility, Completion::None);
            let account = Account::of(&election, utility, &outcome);
            let mut paid = vec![0.0; outcome.purchases.len()];
            for ballot in election.ballot_of() {
                let payments = account.payments(*ballot);
                payments.iter().for_each(|payment| paid[payment.purchase] += payment.amount);
                let spent: f64 = payments.iter().map(|payment| payment.amount).sum();
                prop_assert!(spent <= outcome.share(&election) * (1.0 + 1e-9));
            }
            let funded = outcome.funded();
            for (purchase, paid) in outcome.purchases.iter().zip(paid) {
                prop_assert!((paid - election.projects()[purchase.project].cost as f64).abs() < 1e-6);
            }
            for (project, left) in account.left.iter().enumerate().filter(|(project, _)| !funded.contains(project)) {
                prop_assert!(*left < election.projects()[project].cost as f64 + 1e-6);
            }
        }
    }

    /// Extended justified representation up to one project: of voters who agree on projects that they could pay for with their
    /// part of the budget, one gets at least their utility, or would with one more of them.
    #[test]
    fn groups_that_agree_are_represented(sketch in sketches(8, 5)) {
        let (costs, ballots, budget) = &sketch;
        let election = election(&sketch);
        for utility in [Utility::Cost, Utility::Cardinality] {
            let funded = equal_shares(&election, utility, Completion::None).funded();
            let worth = |project: usize| if utility == Utility::Cost { costs[project] } else { 1 };
            for agreed in 1u32..1 << costs.len() {
                let agreed: Vec<usize> = (0..costs.len()).filter(|project| agreed >> project & 1 == 1).collect();
                let wanted: i64 = agreed.iter().map(|project| worth(*project)).sum();
                let is_left_out = |ballot: &&Vec<i64>| {
                    let has: i64 = funded.iter().filter(|project| ballot[**project] > 0).map(|project| worth(*project)).sum();
                    let more = agreed.iter().filter(|project| !funded.contains(project)).map(|project| worth(*project)).max();
                    agreed.iter().all(|project| ballot[*project] > 0) && has < wanted && has + more.unwrap_or(0) <= wanted
                };
                let left_out = ballots.iter().filter(is_left_out).count() as i64;
                let price = agreed.iter().map(|project| costs[*project]).sum::<i64>() * ballots.len() as i64;
                prop_assert!(left_out == 0 || left_out * budget < price, "{:?} by {}", agreed, left_out);
            }
        }
    }

    #[test]
    fn the_order_of_voters_and_projects_changes_nothing(sketch in sketches(10, 6), turn in 0usize..10) {
        let (mut costs, mut ballots, budget) = sketch.clone();
        let by = turn % costs.len();
        costs.rotate_left(by);
        ballots.iter_mut().for_each(|ballot| ballot.rotate_left(by));
        ballots.rotate_left(turn % sketch.1.len());
        ballots.reverse();
        let places = costs.len();
        // Every project keeps its name, by which ties are broken.
        let projects = named(&costs, |place| format!("{:02}", (place + by) % places));
        let turned = Election::new(budget, 1, projects, ballots.iter().map(|points| choices(points))).expect("an election");
        let straight = election(&sketch);
        let names = |election: &Election, funded: Vec<usize>| -> Vec<String> {
            funded.into_iter().map(|project| election.projects()[project].name.clone()).collect()
        };
        for utility in UTILITIES {
            for completion in COMPLETIONS {
                let found = |election: &Election| names(election, equal_shares(election, utility, completion).purchases.iter().map(|bought| bought.project).collect());
                prop_assert_eq!(found(&straight), found(&turned));
            }
            prop_assert_eq!(names(&straight, greedy(&straight, utility)), names(&turned, greedy(&turned, utility)));
        }
        prop_assert_eq!(names(&straight, phragmen(&straight)), names(&turned, phragmen(&turned)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn many_raises_at_once_change_nothing(sketch in sketches(9, 7), factor in 1i64..60) {
        let (costs, ballots, budget) = sketch;
        let costs = costs.iter().zip(0..).map(|(cost, place)| cost * factor + place % 3 * i64::from(*cost > 0)).collect();
        let election = election(&(costs, ballots, budget * factor));
        for utility in UTILITIES {
            let support = Support::of(&election, utility);
            let (mut slow, mut raises) = (Run::of(&election, &support, utility, 0), 0);
            while !is_exhaustive(&election, &support, &slow.purchases) {
                let next = Run::of(&election, &support, utility, raises + 1);
                if cost(&election, next.purchases.iter().map(|bought| bought.project)) > election.budget() {
                    break;
                }
                (slow, raises) = (next, raises + 1);
            }
            let quick = equal_shares(&election, utility, Completion::Add1);
            prop_assert_eq!((quick.raises, quick.purchases, quick.emptied), (raises, slow.purchases, slow.emptied));
        }
    }
}

#[test]
fn two_thirds_of_voters_decide_about_two_thirds_of_the_money() {
    // Six voters want parks, three want music; by votes alone, all would be parks.
    let projects = named(&[100; 6], |place| format!("{}{place}", if place < 3 { "park" } else { "song" }));
    let parks = vec![vec![1, 1, 1, 0, 0, 0]; 6];
    let songs = vec![vec![0, 0, 0, 1, 1, 1]; 3];
    let ballots: Vec<Vec<i64>> = parks.into_iter().chain(songs).collect();
    let election = Election::new(300, 1, projects, ballots.iter().map(|points| choices(points))).expect("an election");
    let outcome = equal_shares(&election, Utility::Cost, Completion::None);
    assert_eq!(outcome.funded(), [0, 1, 3]);
    assert_eq!(greedy(&election, Utility::Cost), [0, 1, 2]);
    assert_eq!(Measures::of(&election, &outcome.funded()).without, 0);
    assert_eq!(Measures::of(&election, &[0, 1, 2]).without, 3);
}

#[test]
fn amounts_of_any_size_are_exact() {
    // One voter more than can pay for one of two projects, whose costs differ in the last of seventeen digits.
    let projects = named(&[30_000_000_000_000_001, 30_000_000_000_000_000], |place| place.to_string());
    let ballots = vec![vec![1, 1]; 3];
    let election = Election::new(30_000_000_000_000_000, 1, projects, ballots.iter().map(|points| choices(points)))
        .expect("an election");
    assert_eq!(equal_shares(&election, Utility::Cardinality, Completion::None).funded(), [1]);
    assert_eq!(equal_shares(&election, Utility::Cost, Completion::None).funded(), [1]);
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let new = |budget, costs: &[i64], ballots: Vec<Vec<Choice>>| {
        Election::new(budget, 1, named(costs, |place| place.to_string()), ballots).map(|_| ()).expect_err("refused")
    };
    let choice = |project, points| Choice { project, points };
    assert_eq!(new(1, &[1], vec![]), ElectionError::NoVotes);
    assert_eq!(new(-1, &[1], vec![vec![]]), ElectionError::NegativeBudget);
    assert_eq!(new(1, &[-1], vec![vec![]]), ElectionError::NegativeCost("0".to_owned()));
    assert_eq!(new(1, &[1], vec![vec![], vec![choice(1, 1)]]), ElectionError::BadBallot(1));
    assert_eq!(new(1, &[1], vec![vec![choice(0, 1), choice(0, 2)]]), ElectionError::BadBallot(0));
    assert_eq!(new(1, &[1], vec![vec![choice(0, i64::MIN)]]), ElectionError::TooLarge);
    assert_eq!(new(i64::MAX, &[1], vec![vec![]]), ElectionError::TooLarge);
}
