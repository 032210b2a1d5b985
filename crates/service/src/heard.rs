//! Figures of what has been heard so far: everything that was received is counted, published or not, and small numbers are
//! hidden before anybody sees them.
//!
//! A count reads everything once, in the background, and is kept. Another one is made when ten more have come or gone: the
//! difference between two counts must not tell what one person said either.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::figures::{Figures, Gazetteer, Numbers};
use domain::place::Places;
use domain::question::{Kind, OTHER_OPTION};
use domain::{Call, Channel, Question, RespondentKind, ReviewId, Slug, Verdict, YesNoUnsure};
use futures_util::FutureExt;
use jiff::Timestamp;
pub use sense::small_numbers::Count;
use sense::small_numbers::{List, Rule};
use store::figures::{Counted, PutFigures};
use tokio::sync::watch;

use crate::{CurrentReview, Error, Result, Service};

/// How often a node looks whether there is something to count.
const LOOK: Duration = Duration::from_secs(2);
/// How many contributions come or go before everything is counted again.
const CHANGES: i64 = 10;
/// A count that took a second is followed by no other for so many seconds.
const REST: i64 = 50;
/// For how long one node counts, in microseconds; if it dies, another takes over after that.
const LEASE: i64 = 600_000_000;
/// The name of that lease.
const COUNTER: &str = "figures";

/// Numbers that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<K> {
    /// What is counted, in its own order, with how many there are.
    pub rows: Vec<(K, Count)>,
    /// All of them together; where several can be chosen, everybody who chose any.
    pub total: Count,
}

/// What may be shown of a count.
#[derive(Debug, Clone)]
pub struct Heard {
    /// When it was made.
    pub counted_at: Timestamp,
    /// Contributions by call.
    pub calls: Numbered<Slug>,
    /// By kind of respondent; `None` where that was not said.
    pub kinds: Numbered<Option<RespondentKind>>,
    /// By how they came.
    pub channels: Numbered<Channel>,
    /// By the Monday of the week in which they came, without a gap.
    pub weeks: Numbered<domain::Day>,
    /// Examples by their verdict.
    pub verdicts: Numbered<Verdict>,
    /// Examples by the region of England or the nation where they happened; `None` where that is not known.
    pub regions: Numbered<Option<String>>,
    /// Examples by local authority, for each region that is shown.
    pub authorities: BTreeMap<String, Numbered<String>>,
    /// What was answered to closed questions, by call and question.
    pub answers: BTreeMap<Slug, BTreeMap<Slug, Numbered<String>>>,
}

impl<K> Numbered<K> {
    fn list(rows: impl IntoIterator<Item = (K, u64)>) -> Self {
        let (keys, counts): (Vec<K>, Vec<u64>) = rows.into_iter().unzip();
        let List { cells, total } = Rule::default().list(&counts);
        Self { rows: keys.into_iter().zip(cells).collect(), total }
    }

    /// The row with most of those that `say` something, if it is certain that no hidden one has more.
    pub fn first(&self, say: impl Fn(&K) -> bool) -> Option<(&K, u64)> {
        let said = || self.rows.iter().filter(|(key, _)| say(key));
        let (key, most) =
            said().filter_map(|(key, count)| Some((key, count.shown()?))).max_by_key(|(_, count)| *count)?;
        let shown: u64 = self.rows.iter().filter_map(|(_, count)| count.shown()).sum();
        let hidden = self.total.shown()?.saturating_sub(shown);
        let alone = said().filter(|(_, count)| count.shown() == Some(most)).count() == 1;
        let anything_hidden = said().any(|(_, count)| *count == Count::Hidden);
        (most > 0 && alone && (!anything_hidden || hidden < most)).then_some((key, most))
    }
}

impl Heard {
    /// What may be shown of `figures`.
    pub fn of(figures: &Figures, review: &CurrentReview, counted_at: Timestamp) -> Self {
        let number = |numbers: &Numbers<Slug>, call: &Call| numbers.get(&call.id).copied().unwrap_or(0);
        let calls = Numbered::list(review.calls.iter().map(|call| (call.id.clone(), number(&figures.calls, call))));
        let kind = |kind: Option<RespondentKind>| {
            let word = kind.map_or("", RespondentKind::as_str);
            (kind, figures.kinds.get(word).copied().unwrap_or(0))
        };
        let (regions, authorities) = places(&figures.places);
        Self {
            counted_at,
            kinds: Numbered::list(RespondentKind::ALL.iter().copied().map(Some).chain([None]).map(kind)),
            channels: Numbered::list(every(Channel::ALL, &figures.channels)),
            weeks: Numbered::list(weeks(&figures.weeks)),
            verdicts: Numbered::list(every(Verdict::ALL, &figures.verdicts)),
            regions,
            authorities,
            answers: answers(figures, review, &calls),
            calls,
        }
    }
}

impl Heard {
    /// How many contributions a call has.
    pub fn of_call(&self, call: &Slug) -> Count {
        self.calls.rows.iter().find(|(id, _)| id == call).map_or(Count::Hidden, |(_, count)| *count)
    }
}

fn every<K: Copy + Ord>(all: &[K], numbers: &Numbers<K>) -> Vec<(K, u64)> {
    all.iter().map(|one| (*one, numbers.get(one).copied().unwrap_or(0))).collect()
}

/// Every week from the first to the last, those in which nothing came too: at most five years of them.
fn weeks(numbers: &Numbers<domain::Day>) -> Vec<(domain::Day, u64)> {
    let (Some((first, _)), Some((last, _))) = (numbers.first_key_value(), numbers.last_key_value()) else {
        return vec![];
    };
    let weeks = std::iter::successors(Some(*first), |day| Some(day.plus(7))).take_while(|day| day <= last).take(261);
    weeks.map(|week| (week, numbers.get(&week).copied().unwrap_or(0))).collect()
}

/// By region, and by authority within those regions that are shown: what stands below a hidden number would betray it.
fn places(numbers: &Numbers<String>) -> (Numbered<Option<String>>, BTreeMap<String, Numbered<String>>) {
    let uk = Places::uk();
    let mut by_region: Numbers<Option<String>> = BTreeMap::from([(None, 0)]);
    let mut by_authority: BTreeMap<String, Numbers<String>> = BTreeMap::new();
    for (code, count) in numbers {
        let region = uk.region(code).or_else(|| uk.nation(code)).map(|place| place.code.clone());
        *by_region.entry(region.clone()).or_default() += count;
        if let Some(region) = region {
            // What names no more than the region itself stands as that, so that the sum is right.
            let within = uk.authority(code).map_or_else(|| region.clone(), |place| place.code.clone());
            *by_authority.entry(region).or_default().entry(within).or_default() += count;
        }
    }
    let regions = Numbered::list(by_region);
    let is_shown = |region: &String| {
        regions.rows.iter().any(|(key, count)| key.as_ref() == Some(region) && count.shown().is_some())
    };
    let shown = by_authority.into_iter().filter(|(region, _)| is_shown(region));
    let authorities = shown.map(|(region, numbers)| (region, Numbered::list(numbers))).collect();
    (regions, authorities)
}

/// What was answered to the closed questions of each call whose number is shown. What stands below a hidden number would
/// betray it.
fn answers(
    figures: &Figures,
    review: &CurrentReview,
    calls: &Numbered<Slug>,
) -> BTreeMap<Slug, BTreeMap<Slug, Numbered<String>>> {
    let is_shown = |call: &Call| calls.rows.iter().any(|(id, count)| *id == call.id && count.shown().is_some());
    let mut shown = BTreeMap::new();
    for call in review.calls.iter().filter(|call| is_shown(call)) {
        let all = figures.calls.get(&call.id).copied().unwrap_or(0);
        let of = |question: &Question| {
            let nothing = Numbers::new();
            let numbers = figures.answers.get(&call.id).and_then(|call| call.get(&question.id)).unwrap_or(&nothing);
            let answered = figures.answered.get(&call.id).and_then(|call| call.get(&question.id)).copied().unwrap_or(0);
            Some((question.id.clone(), closed(question, numbers, answered, all)?))
        };
        let questions: BTreeMap<Slug, Numbered<String>> = call.questions.iter().filter_map(of).collect();
        shown.insert(call.id.clone(), questions);
    }
    shown
}

/// The numbers of a closed question; `None` if it is an open one.
fn closed(question: &Question, numbers: &Numbers<String>, answered: u64, all: u64) -> Option<Numbered<String>> {
    let words: Vec<String> = match question.kind {
        Kind::YesNoUnsure => YesNoUnsure::ALL.iter().map(ToString::to_string).collect(),
        Kind::Scale => (1..=5).map(|step| step.to_string()).collect(),
        Kind::Choice | Kind::Choices => {
            let other = question.other.then(|| OTHER_OPTION.to_owned());
            question.options.iter().map(|option| option.id.to_string()).chain(other).collect()
        }
        _ => return None,
    };
    let row = |word: String| {
        let count = numbers.get(&word).copied().unwrap_or(0);
        (word, count)
    };
    let rows = words.into_iter().map(row);
    // Whoever did not answer is one of the rows: their number is that of all without those who did.
    let silent = (String::new(), all.saturating_sub(answered));
    if question.kind != Kind::Choices {
        return Some(Numbered::list(rows.chain([silent])));
    }
    // Several can be chosen, so each option stands by itself: against everybody who answered and did not choose it.
    let rule = Rule::default();
    let first = |list: List| list.cells.first().copied().unwrap_or(Count::Hidden);
    let total = first(rule.list(&[answered, silent.1]));
    if total == Count::Hidden {
        return Some(Numbered { rows: rows.map(|(word, _)| (word, Count::Hidden)).collect(), total });
    }
    let alone = |count: u64| first(rule.list(&[count, answered.saturating_sub(count)]));
    Some(Numbered { rows: rows.map(|(word, count)| (word, alone(count))).collect(), total })
}

impl Service {
    /// The figures as they were counted last; `None` if nothing has been counted yet.
    pub async fn heard(&self, review: &CurrentReview) -> Result<Arc<Option<Heard>>> {
        let read = async {
            let counted = self.db.figures(review.id).await?;
            Ok(counted.map(|counted| Heard::of(&counted.figures, review, counted.counted_at)))
        };
        self.heard.get(&review.id, read).await
    }

    /// Counts again and again until `stop` turns true, whatever is due.
    pub(crate) async fn keep_counting(&self, mut stop: watch::Receiver<bool>) {
        let gazetteer = Gazetteer::of(Places::uk());
        while !*stop.borrow() {
            let counting = AssertUnwindSafe(self.count_what_is_due(&gazetteer)).catch_unwind().await;
            let outcome = counting.unwrap_or_else(|_| Err(Error::Broken("counting panicked".to_owned())));
            if let Err(error) = outcome {
                tracing::warn!(%error, "the figures will be counted again");
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn count_what_is_due(&self, gazetteer: &Gazetteer) -> Result<()> {
        for review in self.reviews().await? {
            let changes = self.changes_of(review.id).await?;
            let is_due = async || Ok::<_, Error>(due(self.db.figures(review.id).await?.as_ref(), changes, self.now()));
            if is_due().await? && self.db.claim_lease(COUNTER, self.node, self.now(), LEASE).await? {
                // Another node may have counted in between.
                let counted =
                    if is_due().await? { self.count_everything(&review, changes, gazetteer).await } else { Ok(()) };
                drop(self.db.write(store::lease::ReleaseLease { name: COUNTER, holder: self.node }).await);
                counted?;
            }
        }
        Ok(())
    }

    /// How many contributions have come and gone.
    async fn changes_of(&self, review: ReviewId) -> Result<i64> {
        let all = self.tally(review).await?.all();
        Ok(all.received + all.withdrawn)
    }

    async fn count_everything(&self, review: &CurrentReview, changes: i64, gazetteer: &Gazetteer) -> Result<()> {
        let (began, mut figures) = (Instant::now(), Figures::default());
        let mut snapshot = self.db.snapshot().await?;
        snapshot
            .each_countable(review.id, |one| {
                figures.count(&one, &review.timezone, gazetteer);
                Ok::<(), store::Error>(())
            })
            .await?;
        let took = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let counted = Counted { changes, counted_at: self.now(), took, figures };
        self.db.write(PutFigures { review: review.id, counted }).await?;
        self.heard.forget();
        Ok(())
    }
}

/// Whether everything is to be counted again.
fn due(last: Option<&Counted>, changes: i64, now: Timestamp) -> bool {
    let Some(last) = last else { return changes >= CHANGES };
    let rested =
        now.as_microsecond() >= last.counted_at.as_microsecond().saturating_add(last.took.saturating_mul(REST));
    changes - last.changes >= CHANGES && rested
}

#[cfg(test)]
mod tests;
