//! Whole logs that are right, and logs that their own operator has made wrong: properly signed, and found out all the same.

use folkmoot_register::audit::{Audit, Fault, Report};
use folkmoot_register::{
    Checkpoint, Commitment, Disposition, Error, Event, Exclusion, Hash, Head, Leaf, Outcome, Promise, Standing, Sums,
};

use crate::made::{DAY, Log, ORIGIN, REVIEW, TIME, commitment, leaf, policy, review};

fn report(leaves: &[Leaf], promises: &[Promise], now: u64) -> Report {
    let log = Log::of(leaves);
    let policy = policy();
    Audit { policy: &policy, remembered: &[], promises, now }.run(&log.tiles, &log.checkpoint()).expect("a report")
}

fn faults(leaves: &[Leaf]) -> Vec<Fault> {
    report(leaves, &[], 0).faults
}

fn given(number: u64) -> Leaf {
    leaf(Event::Contribution(commitment(number)))
}

fn disposed(of: u64, outcome: Outcome, replaces: Option<u8>) -> Leaf {
    leaf(Event::Disposition { of, disposition: Disposition { outcome, replaces } })
}

fn closed(sums: Sums) -> Leaf {
    leaf(Event::Close(sums))
}

#[test]
fn a_whole_review_is_sound() {
    let report = report(&review(400), &[], 0);
    assert_eq!((report.faults.as_slice(), report.read), ([].as_slice(), 801));
    let [one] = report.ledger.reviews() else { panic!("one review") };
    assert_eq!((one.id, one.closed), (REVIEW, Some(800)));
    assert_eq!(one.sums, Sums { contributions: 400, published: 266, considered: 134, ..Sums::default() });
    assert!(one.sums.add_up());
}

#[test]
fn an_empty_log_is_sound() {
    assert_eq!(faults(&[]), []);
}

#[test]
fn what_was_published_can_be_withdrawn_and_what_was_kept_be_erased_and_nothing_comes_back() {
    let excluded = Outcome::Excluded(Exclusion::Abusive);
    let sums = Sums { contributions: 2, considered: 1, withdrawn: 1, ..Sums::default() };
    let mut leaves = vec![
        given(0),
        given(1),
        disposed(0, Outcome::Published, None),
        disposed(0, Outcome::Withdrawn, Some(1)),
        disposed(1, Outcome::Considered, None),
        closed(sums),
        disposed(1, Outcome::Erased, Some(2)),
    ];
    assert_eq!(faults(&leaves), []);
    let sums = report(&leaves, &[], 0).ledger.reviews()[0].sums;
    assert_eq!(sums, Sums { contributions: 2, withdrawn: 1, erased: 1, ..Sums::default() });
    leaves.push(disposed(0, Outcome::Erased, Some(1)));
    assert_eq!(faults(&leaves), [Fault::SecondDisposition { place: 7, of: 0 }], "1 no longer stands");
    assert!(Leaf::parse(&disposed(0, Outcome::Published, Some(3)).to_bytes()).is_err());
    assert!(Leaf::parse(&disposed(0, excluded, Some(5)).to_bytes()).is_err());
    assert!(Leaf::parse(&disposed(0, excluded, Some(1)).to_bytes()).is_ok());
}

#[test]
fn everything_that_is_wrong_is_said() {
    let none = Sums::default();
    let another = |leaf: Leaf| Leaf { review: [2; 16], ..leaf };
    let published = |of| disposed(of, Outcome::Published, None);
    let one = Sums { contributions: 1, published: 1, ..none };
    for (leaves, expected) in [
        (vec![given(0), published(0), published(0)], vec![Fault::SecondDisposition { place: 2, of: 0 }]),
        (vec![published(0)], vec![Fault::NoContribution { place: 0, of: 0 }]),
        (vec![published(1), given(0)], vec![Fault::NoContribution { place: 0, of: 1 }]),
        (vec![published(u64::MAX)], vec![Fault::NoContribution { place: 0, of: u64::MAX }]),
        (vec![given(0), another(published(0))], vec![Fault::NoContribution { place: 1, of: 0 }]),
        (
            vec![given(0), given(1), published(0), closed(Sums { contributions: 2, ..one })],
            vec![Fault::Undisposed { place: 3, count: 1, first: 1 }],
        ),
        (
            vec![given(0), given(1), published(0), closed(one)],
            vec![Fault::Sums(3), Fault::Undisposed { place: 3, count: 1, first: 1 }],
        ),
        (vec![given(0), published(0), closed(one), given(1)], vec![Fault::AfterClose(3)]),
        (vec![closed(none), closed(none)], vec![Fault::AfterClose(1)]),
        (vec![given(0), Leaf { day: DAY - 1, ..given(1) }], vec![Fault::DayGoesBack(1)]),
        (vec![another(given(0)), closed(none)], vec![]),
    ] {
        assert_eq!(faults(&leaves), expected);
    }
}

#[test]
fn what_is_no_leaf_is_said_and_the_rest_is_read() {
    let mut log = Log::of(&[given(0)]);
    log.tiles.extend(log.tree.append(&["not a leaf"]).expect("an entry"));
    log.append(&[disposed(1, Outcome::Published, None), disposed(0, Outcome::Published, None)]);
    let policy = policy();
    let audit = Audit { policy: &policy, remembered: &[], promises: &[], now: 0 };
    let report = audit.run(&log.tiles, &log.checkpoint()).expect("a report");
    assert!(matches!(report.faults[..], [Fault::Leaf { place: 1, .. }, Fault::NoContribution { place: 2, of: 1 }]));
    assert_eq!(report.read, 4);
}

#[test]
fn a_thousand_faults_are_kept_and_the_rest_counted() {
    let found = report(&vec![disposed(u64::MAX, Outcome::Published, None); 1_200], &[], 0);
    assert_eq!((found.faults.len(), found.more_faults, found.is_sound()), (1_000, 200, false));
}

#[test]
fn a_log_must_continue_every_head_that_is_remembered() {
    let leaves = review(150);
    let mut log = Log::of(&leaves[..0]);
    let mut kept = vec![Checkpoint::new(ORIGIN, log.tree.head())];
    for end in [1, 200, 256, 300, 301] {
        let from = usize::try_from(log.tree.size()).expect("small");
        log.append(&leaves[from..end]);
        kept.push(Checkpoint::new(ORIGIN, log.tree.head()));
    }
    let policy = policy();
    let run = |remembered: &[Checkpoint]| {
        let audit = Audit { policy: &policy, remembered, promises: &[], now: 0 };
        audit.run(&log.tiles, &log.checkpoint()).expect("a report").faults
    };
    assert_eq!(run(&kept), []);
    for place in 0..kept.len() {
        let mut other = kept.clone();
        other[place].head.root = commitment_root();
        assert_eq!(run(&other), [Fault::Forked(kept[place].head.size)]);
    }
    let longer = Checkpoint::new(ORIGIN, Head { size: 302, root: commitment_root() });
    assert_eq!(run(&[longer, kept[1].clone()]), [Fault::Shrunk { remembered: 302, size: 301 }]);
}

fn commitment_root() -> Hash {
    Hash(commitment(0).0)
}

#[test]
fn promises_are_kept_waiting_overdue_or_broken() {
    let promise =
        |commitment: Commitment, deadline| Promise { origin: ORIGIN.into(), review: REVIEW, commitment, deadline };
    let leaves = [given(0), given(1)];
    let promises = [
        promise(commitment(1), 0),
        promise(commitment(2), TIME + 100),
        promise(commitment(2), TIME),
        promise(commitment(2), TIME - 1),
    ];
    let found = report(&leaves, &promises, TIME + 50);
    assert_eq!(found.promises, [Standing::Kept(1), Standing::Waiting, Standing::Overdue, Standing::Broken]);
    let unkept = |number, standing| Fault::Promise { number, standing };
    assert_eq!(found.faults, [unkept(2, Standing::Overdue), unkept(3, Standing::Broken)]);
}

#[test]
fn one_leaf_keeps_one_promise() {
    let promise = Promise { origin: ORIGIN.into(), review: REVIEW, commitment: commitment(0), deadline: 0 };
    let elsewhere = Promise { review: [2; 16], ..promise.clone() };
    let found = report(&[given(0)], &[promise.clone(), promise, elsewhere], TIME);
    let kept = found.promises.iter().filter(|standing| **standing == Standing::Kept(0)).count();
    assert_eq!((kept, found.faults.len()), (1, 2));
}

#[test]
fn what_is_of_another_log_is_not_held_against_this_one() {
    let log = Log::of(&[given(0)]);
    let policy = policy();
    let other = Checkpoint::new("other.example", log.tree.head());
    let promise = Promise { origin: "other.example".into(), review: REVIEW, commitment: commitment(0), deadline: 0 };
    let run = |remembered: &[Checkpoint], promises: &[Promise]| {
        Audit { policy: &policy, remembered, promises, now: TIME }.run(&log.tiles, &log.checkpoint()).err()
    };
    let refused = Some(Error::OtherLog { expected: ORIGIN.into(), found: "other.example".into() });
    assert_eq!(run(&[other], &[]), refused);
    assert_eq!(run(&[], &[promise]), refused);
}
