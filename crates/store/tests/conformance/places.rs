//! What gets which place in the register, and when.

use domain::{Contribution, ContributionId, Happened, Refused, ReviewId};
use jiff::{SignedDuration, Timestamp};
use register::batch::Pace;
use register::{Disposition, Exclusion, Leaf, Outcome, Sums};
use store::lease::ClaimLease;
use store::register::{AdoptLeaves, Adopted, CloseReview, Eligible, LEASE, SequenceLeaves};
use uuid::Uuid;

use super::{ChangeContribution, Db, Error, Given, ImportContributions, Result, Which, contribution, moment};

on_both_engines!(
    what_refers_waits_for_what_it_refers_to,
    what_became_of_it_is_shuffled,
    what_was_said_last_stands,
    the_close_says_what_is_true,
    withdrawals_come_with_the_next_day_and_alone,
    who_has_not_the_lease_gives_no_places,
    a_restored_database_takes_back_what_it_forgot,
);

/// As soon as anything waits.
const AT_ONCE: Pace = Pace { enough: 1, longest: 0 };
/// In the stories one node gives places.
const NODE: Uuid = Uuid::from_u128(1);

type Act = fn(&mut Contribution) -> std::result::Result<Happened, Refused>;

/// Contributions of one review, and what is done with them.
struct Told {
    given: Given,
    review: ReviewId,
    all: Vec<ContributionId>,
}

impl Told {
    async fn with(given: Given, count: u32) -> Result<Self> {
        let review = given.review().await?;
        let row = |number: u32| {
            let digit = |place: u32| char::from_digit(2 + number / 6_u32.pow(place) % 6, 10).unwrap_or('2');
            let reference = format!("DGR-222-{}{}{}{}", digit(3), digit(2), digit(1), digit(0));
            let new = contribution(review, &reference, Some(number), [0; 32]);
            store::contribution::NewContribution { receipt: None, ..new }
        };
        let rows: Vec<_> = (0..count).map(row).collect();
        let all = rows.iter().map(|row| row.contribution.id).collect();
        given.db.write(ImportContributions(rows)).await?;
        Ok(Self { given, review, all })
    }

    async fn act(&self, on: usize, act: Act, seconds: i64) -> Result<()> {
        let (which, event) = (Which::Id(self.all[on]), self.given.id());
        let change = ChangeContribution { review: self.review, which, act, event, now: moment(seconds) };
        self.given.db.write(change).await?.expect("it is here").expect("it can be done");
        Ok(())
    }

    async fn publish(&self, on: usize, seconds: i64) -> Result<()> {
        self.act(on, |contribution| contribution.publish(moment(2)), seconds).await
    }

    async fn set_aside(&self, on: usize, seconds: i64) -> Result<()> {
        self.act(on, Contribution::set_aside, seconds).await
    }

    /// Gives all places that are due at that moment.
    async fn sequence(&self, pace: Pace, seconds: i64) -> Result<u64> {
        let now = moment(seconds);
        let midnight = Timestamp::from_second(now.as_second() / 86_400 * 86_400).expect("a moment");
        let eligible = Eligible { withdrawn_before: midnight, closed_before: now };
        let mut all = 0;
        for seed in 0..100 {
            assert!(self.claim(NODE, now).await?);
            let seed = [seed; 32];
            let command = SequenceLeaves { holder: NODE, pace, eligible, seed, written: all, limit: 500, now };
            let placed = self.given.db.write(command).await?;
            all += placed;
            if placed == 0 {
                break;
            }
        }
        Ok(all)
    }

    async fn claim(&self, holder: Uuid, now: Timestamp) -> Result<bool> {
        self.given.db.write(ClaimLease { name: LEASE, holder, now, length: 10_000_000 }).await
    }

    async fn leaves(&self) -> Result<Vec<Leaf>> {
        let leaves = self.given.db.leaves_from(0, 10_000).await?;
        assert_eq!(self.given.db.whole_leaves().await?, leaves.len() as u64);
        Ok(leaves.iter().map(|leaf| Leaf::parse(leaf).expect("a leaf")).collect())
    }

    /// What the register says of each contribution, in its order, all that was ever said.
    async fn said(&self) -> Result<Vec<Vec<Outcome>>> {
        let mut said = vec![Vec::new(); self.all.len()];
        let leaves = self.leaves().await?;
        for leaf in &leaves {
            if let register::Event::Disposition { of, disposition } = leaf.event {
                let place = self.place_of(of).await?;
                said[place].push(disposition.outcome);
            }
        }
        Ok(said)
    }

    /// Which contribution, of those that were given one after another, stands at a place.
    async fn place_of(&self, of: u64) -> Result<usize> {
        for (number, id) in self.all.iter().enumerate() {
            if self.given.db.entry(self.review, *id).await?.and_then(|entry| entry.place) == Some(of) {
                return Ok(number);
            }
        }
        panic!("no contribution stands at {of}")
    }

    async fn close(&self, seconds: i64) -> Result<bool> {
        let close = CloseReview { review: self.review, event: self.given.id(), now: moment(seconds) };
        self.given.db.write(close).await
    }
}

/// Of a close, its sums.
fn sums(leaf: &Leaf) -> Option<Sums> {
    if let register::Event::Close(sums) = leaf.event { Some(sums) } else { None }
}

/// More of what refers than fits into a batch, all of it dated before what it refers to, as where clocks differ.
async fn what_refers_waits_for_what_it_refers_to(given: Given) -> Result<()> {
    let told = Told::with(given, 600).await?;
    for number in 0..600 {
        told.publish(number, -1_000).await?;
    }
    assert_eq!(told.sequence(AT_ONCE, 100).await?, 1_200);
    let leaves = told.leaves().await?;
    let arrived = leaves.iter().take(600).all(|leaf| matches!(leaf.event, register::Event::Contribution(_)));
    assert!(arrived && leaves.len() == 1_200);
    Ok(())
}

async fn what_became_of_it_is_shuffled(given: Given) -> Result<()> {
    let told = Told::with(given, 20).await?;
    assert_eq!(told.sequence(AT_ONCE, 10).await?, 20);
    for number in 0..20 {
        told.publish(number, 20 + i64::try_from(number).expect("small")).await?;
    }
    assert_eq!(told.sequence(AT_ONCE, 100).await?, 20);
    let mut order = Vec::new();
    for leaf in told.leaves().await? {
        if let register::Event::Disposition { of, .. } = leaf.event {
            order.push(told.place_of(of).await?);
        }
    }
    let sorted: Vec<usize> = (0..20).collect();
    assert_ne!(order, sorted, "whoever knows when each was published would know when each came");
    order.sort_unstable();
    assert_eq!(order, sorted);
    Ok(())
}

async fn what_was_said_last_stands(given: Given) -> Result<()> {
    let told = Told::with(given, 12).await?;
    for number in 0..12 {
        told.publish(number, 20).await?;
        told.set_aside(number, 21).await?;
    }
    assert_eq!(told.sequence(AT_ONCE, 100).await?, 36);
    for said in told.said().await? {
        assert_eq!(said, [Outcome::Published, Outcome::Excluded(Exclusion::NotGenuine)]);
    }
    Ok(())
}

async fn the_close_says_what_is_true(given: Given) -> Result<()> {
    let told = Told::with(given, 5).await?;
    for number in 0..4 {
        told.publish(number, 20).await?;
    }
    told.act(0, Contribution::withdraw, 21).await?;
    // By a clock that was behind, this seems to come before it was published: only the close can say it.
    told.set_aside(1, 10).await?;
    assert!(told.close(30).await?);
    told.sequence(AT_ONCE, 30).await?;
    assert!(!told.leaves().await?.iter().any(|leaf| sums(leaf).is_some()), "what is on its way may still come");
    told.sequence(AT_ONCE, 31).await?;
    let leaves = told.leaves().await?;
    let expected = Sums { contributions: 5, published: 2, considered: 1, withdrawn: 1, excluded: 1, erased: 0 };
    assert_eq!(leaves.last().and_then(sums), Some(expected));
    assert!(!told.close(40).await?);
    Ok(())
}

async fn withdrawals_come_with_the_next_day_and_alone(given: Given) -> Result<()> {
    let told = Told::with(given, 3).await?;
    assert_eq!(told.sequence(AT_ONCE, 10).await?, 3);
    let slowly = Pace { enough: 16, longest: 3_600 };
    told.act(0, Contribution::withdraw, 20).await?;
    assert_eq!(told.sequence(AT_ONCE, 100).await?, 0, "not on the same day");
    let next = SignedDuration::from_hours(24).as_secs();
    told.publish(1, next - 60).await?;
    assert_eq!(told.sequence(slowly, next).await?, 1, "the withdrawal, and nothing with it");
    assert_eq!(told.said().await?, [vec![Outcome::Withdrawn], vec![], vec![]]);
    assert_eq!(told.sequence(slowly, next + 3_600).await?, 1);
    Ok(())
}

async fn who_has_not_the_lease_gives_no_places(given: Given) -> Result<()> {
    let told = Told::with(given, 3).await?;
    let (other, now) = (Uuid::from_u128(2), moment(10));
    assert!(told.claim(other, now).await?);
    let eligible = Eligible { withdrawn_before: now, closed_before: now };
    let command =
        |now| SequenceLeaves { holder: NODE, pace: AT_ONCE, eligible, seed: [1; 32], written: 0, limit: 9, now };
    assert_eq!(told.given.db.write(command(now)).await?, 0);
    // Its own, but run out.
    assert!(told.claim(NODE, moment(30)).await?);
    assert_eq!(told.given.db.write(command(moment(50))).await?, 0);
    assert_eq!(told.given.db.write(command(moment(31))).await?, 3);
    // A lease that a wrong clock took for ever is nobody's.
    assert!(told.claim(other, moment(50)).await?);
    assert!(told.claim(other, moment(1_000_000)).await?);
    assert!(told.claim(NODE, moment(51)).await?);
    Ok(())
}

async fn a_restored_database_takes_back_what_it_forgot(given: Given) -> Result<()> {
    let told = Told::with(given, 4).await?;
    for number in 0..3 {
        told.publish(number, 20).await?;
    }
    // The register went on after the copy: 0 was withdrawn, 3 set aside and taken in, and the review was closed.
    let entries = told.given.db.leaves_from(0, 9).await?;
    assert!(entries.is_empty());
    let arrivals = futures_util::future::try_join_all(
        told.all
            .iter()
            .map(async |id| told.given.db.entry(told.review, *id).await.map(|entry| entry.expect("it came"))),
    );
    let review = told.review.0.into_bytes();
    let leaf = |event| Leaf { review, day: 20_000, event };
    let mut leaves: Vec<Leaf> = arrivals.await?.iter().map(|entry| leaf(entry.leaf.event)).collect();
    let says = |of, outcome| leaf(register::Event::Disposition { of, disposition: Disposition::first(outcome) });
    leaves.extend([says(1, Outcome::Published), says(2, Outcome::Published), says(0, Outcome::Withdrawn)]);
    leaves.extend([says(3, Outcome::Considered), leaf(register::Event::Close(Sums::default()))]);
    let adopt = |place, leaves: &[Leaf]| AdoptLeaves {
        holder: NODE,
        place,
        leaves: leaves.iter().map(Leaf::to_bytes).collect(),
        now: moment(50),
    };
    assert!(matches!(told.given.db.write(adopt(0, &leaves)).await, Err(Error::Conflict)), "without the lease");
    assert!(told.claim(NODE, moment(50)).await?);
    let adopted = told.given.db.write(adopt(0, &leaves)).await?;
    let said = vec![(told.review, told.all[0], Outcome::Withdrawn), (told.review, told.all[3], Outcome::Considered)];
    assert_eq!(adopted, Adopted { known: 4, said });
    assert_eq!(told.leaves().await?, leaves);
    // It is closed here, too, so nobody can close it again.
    assert!(is_closed(&told.given.db, told.review).await? && !told.close(60).await?);
    Ok(())
}

async fn is_closed(db: &Db, review: ReviewId) -> Result<bool> {
    db.is_closed(review).await
}
