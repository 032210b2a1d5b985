//! Figures of what has been heard so far: everything that was received is counted, published or not, and small numbers are
//! hidden before anybody sees them.
//!
//! A count reads everything once, in the background, and is kept. Another one is made when ten more have come or gone: the
//! difference between two counts must not tell what one person said either.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::figures::{Figures, Gazetteer, Numbers, band_from};
use domain::place::Places;
use domain::question::{Choosable, Kind, OTHER_OPTION};
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
/// So many of a long list are named.
const COMMONEST: usize = 10;
/// The name of that lease.
const COUNTER: &str = "figures";

/// Numbers that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<K> {
    /// What is counted, in its own order, with how many there are.
    pub rows: Vec<(K, Count)>,
    /// All of them together; where several can be chosen, everybody who chose any.
    pub total: Count,
    /// Whether one contribution can be in several rows.
    pub overlaps: bool,
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
    /// What was answered, by call.
    pub answers: BTreeMap<Slug, Answers>,
    /// Calls that are in no figure.
    pub left_out: BTreeSet<Slug>,
}

/// What was answered, by question; of a grid, by question and row.
pub type Answers = BTreeMap<(Slug, Option<Slug>), Numbered<String>>;

impl<K> Numbered<K> {
    fn list(rows: impl IntoIterator<Item = (K, u64)>) -> Self {
        let (keys, counts): (Vec<K>, Vec<u64>) = rows.into_iter().unzip();
        let List { cells, total } = Rule::default().list(&counts);
        Self { rows: keys.into_iter().zip(cells).collect(), total, overlaps: false }
    }

    /// Of a long list, only what is shown, the commonest first; what is not known or not listed comes last.
    fn commonest(mut self, is_known: impl Fn(&K) -> bool) -> Self {
        self.rows.retain(|(key, count)| !is_known(key) || count.shown().is_some_and(|count| count > 0));
        self.rows.sort_by_key(|(key, count)| (!is_known(key), std::cmp::Reverse(count.shown())));
        let known = self.rows.iter().filter(|(key, _)| is_known(key)).count();
        self.rows.drain(COMMONEST.min(known)..known);
        self
    }

    /// The row with most of those that `say` something, if it is certain that no hidden one has more.
    pub fn first(&self, say: impl Fn(&K) -> bool) -> Option<(&K, u64)> {
        let said = || self.rows.iter().filter(|(key, _)| say(key));
        let (key, most) =
            said().filter_map(|(key, count)| Some((key, count.shown()?))).max_by_key(|(_, count)| *count)?;
        let shown: u64 = self.rows.iter().filter_map(|(_, count)| count.shown()).sum();
        let alone = said().filter(|(_, count)| count.shown() == Some(most)).count() == 1;
        let anything_hidden = said().any(|(_, count)| *count == Count::Hidden);
        // Of what overlaps a hidden row may be what nearly everybody chose.
        let less = || !self.overlaps && self.total.shown().is_some_and(|total| total.saturating_sub(shown) < most);
        (most > 0 && alone && (!anything_hidden || less())).then_some((key, most))
    }
}

impl Heard {
    /// What may be shown of `figures`.
    pub fn of(figures: &Figures, review: &CurrentReview, counted_at: Timestamp) -> Self {
        let number = |numbers: &Numbers<Slug>, call: &Call| numbers.get(&call.id).copied().unwrap_or(0);
        let counted = review.calls.iter().filter(|call| !figures.left_out.contains(&call.id));
        let calls = Numbered::list(counted.map(|call| (call.id.clone(), number(&figures.calls, call))));
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
            left_out: figures.left_out.clone(),
            calls,
        }
    }
}

impl Heard {
    /// How many contributions a call has; hidden, too, where it is left out.
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
            let within = uk.authority(code).or_else(|| uk.of_kind(code, "county"));
            let within = within.map_or_else(|| region.clone(), |place| place.code.clone());
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

/// What was answered to the questions of each call whose number is shown. What stands below a hidden number would betray it.
fn answers(figures: &Figures, review: &CurrentReview, calls: &Numbered<Slug>) -> BTreeMap<Slug, Answers> {
    let is_shown = |call: &Call| calls.rows.iter().any(|(id, count)| *id == call.id && count.shown().is_some());
    let mut shown = BTreeMap::new();
    for call in review.calls.iter().filter(|call| is_shown(call)) {
        let all = figures.calls.get(&call.id).copied().unwrap_or(0);
        let of = |question: &Question| {
            let nothing = Numbers::new();
            let numbers = figures.answers.get(&call.id).and_then(|call| call.get(&question.id)).unwrap_or(&nothing);
            let answered = figures.answered.get(&call.id).and_then(|call| call.get(&question.id)).copied().unwrap_or(0);
            let id = question.id.clone();
            of_question(question, numbers, answered, all).into_iter().map(move |(row, list)| ((id.clone(), row), list))
        };
        shown.insert(call.id.clone(), call.questions.iter().flat_map(of).collect());
    }
    shown
}

/// The numbers of a question, of a grid row by row; nothing for what is answered in words.
fn of_question(
    question: &Question,
    numbers: &Numbers<String>,
    answered: u64,
    all: u64,
) -> Vec<(Option<Slug>, Numbered<String>)> {
    let ids = |list: &[Choosable]| list.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
    let with_other = || ids(&question.options).into_iter().chain(question.other.then(|| OTHER_OPTION.to_owned()));
    let number = |word: &str| numbers.get(word).copied().unwrap_or(0);
    let row = |word: String| {
        let count = number(&word);
        (word, count)
    };
    // Whoever did not answer is one of the rows: their number is that of all without those who did.
    let silent = (String::new(), all.saturating_sub(answered));
    let list = |words: Vec<String>| Numbered::list(words.into_iter().map(row).chain([silent.clone()]));
    let whole = |list: Numbered<String>| vec![(None, list)];
    match question.kind {
        Kind::YesNoUnsure => whole(list(YesNoUnsure::ALL.iter().map(ToString::to_string).collect())),
        Kind::Scale => whole(list(scale())),
        Kind::Choice => whole(list(with_other().collect())),
        Kind::Choices => whole(chosen(with_other().map(row).collect(), answered, all)),
        Kind::Ranking => whole(list(ids(&question.options))),
        Kind::Place | Kind::Service => {
            let is_known = |word: &String| !word.is_empty() && word != OTHER_OPTION;
            whole(list(numbers.keys().cloned().collect()).commonest(is_known))
        }
        Kind::Number => whole(list(in_order(numbers))),
        Kind::Date => whole(list(numbers.keys().cloned().collect())),
        Kind::Grid => {
            let columns = if question.options.is_empty() { scale() } else { ids(&question.options) };
            let of_row = |of: &Choosable| {
                let counts: Vec<(String, u64)> =
                    columns.iter().map(|column| (column.clone(), number(&format!("{}:{column}", of.id)))).collect();
                let said: u64 = counts.iter().map(|(_, count)| count).sum();
                let silent = (String::new(), all.saturating_sub(said));
                (Some(of.id.clone()), Numbered::list(counts.into_iter().chain([silent])))
            };
            question.rows.iter().map(of_row).collect()
        }
        _ => vec![],
    }
}

fn scale() -> Vec<String> {
    (1..=5).map(|step| step.to_string()).collect()
}

/// Bands of numbers from the smallest to the largest.
fn in_order(numbers: &Numbers<String>) -> Vec<String> {
    let mut bands: Vec<String> = numbers.keys().cloned().collect();
    bands.sort_by_key(|band| band_from(band).map(|(least, _)| least));
    bands
}

/// Options of which several can be chosen. Each stands by itself: against those who answered, and against all, without it.
/// Only the number of those who answered is hidden where few did not.
fn chosen(rows: Vec<(String, u64)>, answered: u64, all: u64) -> Numbered<String> {
    let rule = Rule::default();
    let first = |list: List| list.cells.first().copied().unwrap_or(Count::Hidden);
    let beside = |count: u64, whole: u64| first(rule.list(&[count, whole.saturating_sub(count)]));
    let total = beside(answered, all);
    let alone = |count: u64| if beside(count, all) == Count::Hidden { Count::Hidden } else { beside(count, answered) };
    let sum: u64 = rows.iter().map(|(_, count)| count).sum();
    let smallest = rows.iter().map(|(_, count)| *count).filter(|count| *count > 0).min();
    let mut rows: Vec<(String, Count, u64)> =
        rows.into_iter().map(|(word, count)| (word, alone(count), count)).collect();
    // Nobody answered who chose none: all of them together would say how few did not answer at the least.
    let betrays = total == Count::Hidden && sum < all && rows.iter().all(|(_, shown, _)| *shown != Count::Hidden);
    if let Some((_, shown, _)) = rows.iter_mut().find(|(_, _, count)| betrays && Some(*count) == smallest) {
        *shown = Count::Hidden;
    }
    let rows = rows.into_iter().map(|(word, shown, _)| (word, shown)).collect();
    Numbered { rows, total, overlaps: true }
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
            let is_due = async || {
                let last = self.db.figures(review.id).await?;
                // What a call is about may turn out to be sensitive.
                let same = last.as_ref().is_none_or(|last| last.figures.left_out == left_out(&review));
                Ok::<_, Error>(due(last.as_ref().filter(|_| same), changes, self.now()))
            };
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
        let (began, mut figures) = (Instant::now(), Figures { left_out: left_out(review), ..Figures::default() });
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

/// Calls of which nothing is counted: there is little of what is said to them, and even that somebody spoke can do harm. A
/// number of theirs would also have to be hidden together with a larger one.
fn left_out(review: &CurrentReview) -> BTreeSet<Slug> {
    review.calls.iter().filter(|call| call.sensitive).map(|call| call.id.clone()).collect()
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
