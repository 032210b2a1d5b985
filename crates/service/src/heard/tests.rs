use domain::ReviewId;
use domain::figures::Numbers;
use uuid::Uuid;

use super::*;
use crate::definition::{TEMPLATE, parse};

type Tested = Result<(), Box<dyn std::error::Error>>;

fn review() -> Result<CurrentReview, Box<dyn std::error::Error>> {
    let definition = parse(TEMPLATE).map_err(|error| error.to_string())?;
    Ok(CurrentReview { id: ReviewId(Uuid::nil()), version: 1, definition, logo: None })
}

fn places(pairs: &[(&str, u64)]) -> (Numbered<Option<String>>, BTreeMap<String, Numbered<String>>) {
    super::places(&pairs.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect())
}

#[test]
fn nothing_below_a_hidden_region_is_shown() {
    // Hartlepool is in the North East, Leeds in Yorkshire, Cardiff in Wales; the last is in no list.
    let (regions, authorities) = places(&[("E06000001", 4), ("E08000035", 40), ("W06000015", 25), ("", 11)]);
    let count = |code: Option<&str>| regions.rows.iter().find(|(key, _)| key.as_deref() == code).map(|(_, n)| *n);
    assert_eq!(count(Some("E12000001")), Some(Count::Hidden), "4 is small");
    assert_eq!(count(None), Some(Count::Hidden), "and would be the total less the others");
    assert_eq!((count(Some("E12000003")), count(Some("W92000004"))), (Some(Count::Shown(40)), Some(Count::Shown(25))));
    assert!(!authorities.contains_key("E12000001") && authorities.contains_key("E12000003"));
    assert_eq!(regions.total, Count::Shown(80));
}

#[test]
fn who_names_a_county_is_counted_there_and_not_in_a_district() {
    let (_, authorities) = places(&[("E10000016", 30), ("E07000105", 20), ("E12000008", 10)]);
    let rows = &authorities["E12000008"].rows;
    let count = |code: &str| rows.iter().find(|(key, _)| key == code).map(|(_, n)| *n);
    let shown = [("E10000016", 30), ("E07000105", 20), ("E12000008", 10)];
    assert!(shown.iter().all(|(code, number)| count(code) == Some(Count::Shown(*number))), "{rows:?}");
}

#[test]
fn what_was_answered_is_hidden_where_it_would_name_a_few() -> Tested {
    let review = review()?;
    let call = review.calls.first().ok_or("no call")?;
    let one = |kind: Kind| call.questions.iter().find(|question| question.kind == kind);
    let choices = one(Kind::Choices).ok_or("no choices")?;
    let first = choices.options.first().ok_or("no options")?.id.to_string();
    let numbers: Numbers<String> = BTreeMap::from([(first, 95)]);
    let closed = |question: &Question, numbers: &Numbers<String>, answered: u64, all: u64| {
        of_question(question, numbers, answered, all).into_iter().next().map(|(_, list)| list)
    };
    let list = closed(choices, &numbers, 97, 120).ok_or("closed")?;
    assert_eq!(list.total, Count::Shown(95));
    assert_eq!(list.rows.first().map(|(_, n)| *n), Some(Count::Hidden), "two did not choose it, and would be known");
    let list = closed(choices, &numbers, 97, 99).ok_or("closed")?;
    assert!(list.total == Count::Hidden && list.rows[0].1 == Count::Hidden, "two said nothing");

    let long = one(Kind::LongText).ok_or("no text")?;
    assert_eq!(closed(long, &Numbers::new(), 0, 99), None);
    Ok(())
}

#[test]
fn options_are_shown_though_few_did_not_answer() {
    let of = |counts: &[u64], answered, all| {
        let list =
            chosen(counts.iter().enumerate().map(|(at, count)| (at.to_string(), *count)).collect(), answered, all);
        (list.rows.iter().map(|(_, count)| count.shown()).collect::<Vec<_>>(), list.total.shown())
    };
    assert_eq!(
        of(&[34, 20], 45, 50),
        (vec![Some(35), Some(20)], None),
        "five did not answer: only the total would say so"
    );
    assert_eq!(of(&[24, 20], 44, 50), (vec![Some(25), None], None), "together they say that six did not, at the most");
    assert_eq!(of(&[45, 20], 45, 50), (vec![None, Some(20)], None), "everybody who answered, and so how few did not");
    assert_eq!(of(&[34, 20], 50, 50), (vec![Some(35), Some(20)], Some(50)));
    assert_eq!(of(&[34, 4], 40, 50), (vec![None, None], Some(40)));
}

#[test]
fn of_a_long_list_the_commonest_are_named() {
    let counts = [("a", 30), ("b", 3), ("c", 50), ("d", 0), ("other", 20), ("", 40)];
    let list = Numbered::list(counts).commonest(|word| !word.is_empty() && *word != "other");
    let rows: Vec<_> = list.rows.iter().map(|(word, count)| (*word, count.shown())).collect();
    assert_eq!(
        rows,
        [("c", Some(50)), ("a", Some(30)), ("", Some(40)), ("other", None)],
        "b is hidden, and so is one more"
    );
    assert_eq!(list.first(|word| word.len() == 1), Some((&"c", 50)));
}

#[test]
fn the_first_is_named_only_if_nothing_hidden_can_be_more() {
    let first = |counts: &[u64]| {
        let list = Numbered::list(counts.iter().copied().enumerate());
        list.first(|_| true).map(|(key, count)| (*key, count))
    };
    assert_eq!(first(&[40, 100, 30]), Some((1, 100)));
    assert_eq!(first(&[40, 40]), None, "neither is first");
    assert_eq!(first(&[300, 3, 0]), None, "the largest is hidden");
    assert_eq!(first(&[300, 3, 12]), Some((0, 300)));
    assert_eq!(first(&[]), None);
    let list = Numbered::list([(Some("Leeds"), 30), (None, 70)]);
    assert_eq!(list.first(Option::is_some), Some((&Some("Leeds"), 30)), "what is not known stands out nowhere");
}

#[test]
fn weeks_without_anything_are_there_too() -> Tested {
    let day = |text: &str| text.parse::<domain::Day>();
    let numbers = BTreeMap::from([(day("2026-11-02")?, 12), (day("2026-11-23")?, 30)]);
    let weeks: Vec<u64> = weeks(&numbers).into_iter().map(|(_, count)| count).collect();
    assert_eq!(weeks, [12, 0, 0, 30]);
    let wide = BTreeMap::from([(day("1926-11-01")?, 1), (day("2026-11-23")?, 1)]);
    assert_eq!(super::weeks(&wide).len(), 261, "somebody's clock was wrong");
    Ok(())
}

#[test]
fn everything_is_counted_again_when_ten_have_come_or_gone() -> Tested {
    let now: Timestamp = "2026-11-23T12:00:00Z".parse()?;
    let counted = |changes| Counted { changes, counted_at: now, took: 1_000_000, figures: Figures::default() };
    let later = |seconds| now + jiff::SignedDuration::from_secs(seconds);
    assert!(!due(None, 9, now) && due(None, 10, now));
    assert!(!due(Some(&counted(10)), 19, later(1_000)) && due(Some(&counted(10)), 20, later(1_000)));
    assert!(!due(Some(&counted(10)), 500, later(40)), "what took a second rests for fifty");
    Ok(())
}

#[test]
fn an_empty_count_shows_noughts() -> Tested {
    let review = review()?;
    let heard = Heard::of(&Figures::default(), &review, Timestamp::UNIX_EPOCH);
    assert_eq!((heard.calls.total, heard.weeks.rows.len()), (Count::Shown(0), 0));
    assert!(heard.kinds.first(Option::is_some).is_none());
    Ok(())
}
