//! One story for both engines: whatever holds on `SQLite` holds on `PostgreSQL`.

mod given;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    Answer, DraftContent, DraftId, DraftPart, FileId, FileKind, GivenFile, Happened, ReceiptCode, Release, Slug, State,
};
use given::{Given, contribution, draft_key, event, moment};
use store::contribution::{ChangeAll, ChangeContribution, ImportContributions, SendDraft, Which};
use store::draft::{DeleteDraft, DraftKey, SaveDraft, Saved, StartDraft, SweepExpired};
use store::event::SequenceEvents;
use store::file::{FileKey, ForgetFiles, ReserveFiles};
use store::job::{ClaimJob, CompleteJob, EnqueueJob, NewJob, PostponeJob};
use store::session::{Hold, LetGo};
use store::tally::{CountEvents, Counts, DropTally};
use store::{Command, Db, Error, Result, Tx};

/// Runs a story on a new database of each engine.
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$story(super::Given::sqlite().await).await.expect("the story");
            }
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$story(super::Given::postgres().await).await.expect("the story");
            }
        }
    )+};
}

mod drafts;
mod jobs;
mod places;

on_both_engines!(
    every_statement_is_understood,
    a_definition_gets_versions,
    importing_twice_changes_nothing,
    two_acts_at_once_do_not_undo_each_other,
    events_get_places_and_are_counted_once,
    lists_go_on_where_they_stopped,
    opening_again_changes_nothing,
);

async fn every_statement_is_understood(given: Given) -> Result<()> {
    let mut snapshot = given.db.snapshot().await?;
    let mut count = 0;
    for statement in store::sql::all() {
        snapshot
            .tx()
            .prepare(*statement)
            .await
            .map_err(|error| Error::Broken(format!("{error}\n{}", statement.text())))?;
        count += 1;
    }
    assert!(count > 40, "only {count} statements are listed");
    Ok(())
}

async fn a_definition_gets_versions(given: Given) -> Result<()> {
    let review = given.review().await?;
    assert_eq!(given.db.review("trial").await?.map(|stored| (stored.id, stored.version)), Some((review, 1)));
    given.apply(review, 1, r#"{"second":true}"#).await?;
    let second = given.db.review("trial").await?.expect("the review");
    assert_eq!((second.version, second.body.as_str()), (2, r#"{"second":true}"#));
    assert_eq!(given.db.definition(review, 1).await?.as_deref(), Some("{}"));
    // Somebody who has not seen the second version cannot replace it.
    assert!(matches!(given.apply(review, 1, "{}").await, Err(Error::Conflict | Error::Unavailable(_))));
    assert_eq!(given.db.review("trial").await?.map(|stored| stored.version), Some(2));
    assert!(given.db.review("nowhere").await?.is_none());
    Ok(())
}

async fn importing_twice_changes_nothing(given: Given) -> Result<()> {
    let review = given.review().await?;
    let row = |number: u32| {
        let digit = |place: u32| char::from_digit(2 + number / 6_u32.pow(place) % 6, 10).unwrap_or('2');
        let reference = format!("DGR-222-2{}{}{}", digit(2), digit(1), digit(0));
        let new = contribution(review, &reference, Some(number), [0; 32]);
        store::contribution::NewContribution { receipt: None, ..new }
    };
    let rows = || ImportContributions((0..30).map(row).collect());
    assert_eq!(given.db.write(rows()).await?, vec![true; 30]);
    assert_eq!(given.db.write(rows()).await?, vec![false; 30]);
    assert_eq!(given.db.events_waiting().await?, 31, "one for the review and one for each row, once");

    // A reference that is taken is an error of the whole batch, which is then drawn anew.
    let mut taken = row(0);
    taken.contribution.source = Some("another".to_owned());
    let refused = given.db.write(ImportContributions(vec![taken])).await;
    assert!(matches!(&refused, Err(Error::Duplicate(what)) if what == "contribution_reference"), "{refused:?}");
    Ok(())
}

async fn two_acts_at_once_do_not_undo_each_other(given: Given) -> Result<()> {
    let review = given.review().await?;
    let mut new = contribution(review, "DGR-222-2222", None, [1; 32]);
    let question: Slug = "what".parse().expect("slug");
    new.contribution
        .content
        .answers
        .insert(question.clone(), Answer::Text("alpha beta gamma delta epsilon zeta".to_owned()));
    let id = new.contribution.id;
    given.db.write(ImportContributions(vec![new])).await?;
    let words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
    let redact = |word: &'static str| {
        let question = question.clone();
        let reason = "names a person".parse::<domain::Line>().expect("line");
        ChangeContribution {
            review,
            which: Which::Id(id),
            act: move |c: &mut domain::Contribution| c.redact(&question, word, reason.clone(), moment(1)),
            event: given.id(),
            now: moment(1),
        }
    };
    let release = ChangeContribution {
        review,
        which: Which::Id(id),
        act: |c: &mut domain::Contribution| c.change_release(Release::Unnamed),
        event: given.id(),
        now: moment(1),
    };
    let redactions = futures_util::future::join_all(words.map(|word| given.db.write(redact(word))));
    let (redacted, released) = tokio::join!(redactions, given.db.write(release));
    assert!(redacted.iter().all(|outcome| matches!(outcome, Ok(Some(Ok(()))))), "{redacted:?}");
    assert_eq!(released?, Some(Ok(())));
    let kept = given.db.contribution_of_receipt(review, &[1; 32]).await?.expect("the contribution");
    assert_eq!((kept.content.redactions.len(), kept.release), (6, Release::Unnamed));
    Ok(())
}

async fn events_get_places_and_are_counted_once(given: Given) -> Result<()> {
    let review = given.review().await?;
    let references = ["DGR-222-2222", "DGR-333-3333", "DGR-444-4444"];
    for (number, reference) in (1..).zip(references) {
        given
            .db
            .write(ImportContributions(vec![contribution(
                review,
                reference,
                Some(number),
                [number.to_le_bytes()[0]; 32],
            )]))
            .await?;
    }
    let change = |reference: &str, act: fn(&mut domain::Contribution) -> _| ChangeContribution {
        review,
        which: Which::Reference(reference.parse().expect("reference")),
        act,
        event: given.id(),
        now: moment(5),
    };
    let publish: fn(&mut domain::Contribution) -> _ = |c| c.publish(moment(5));
    let outcomes = given.db.write(ChangeAll(references.map(|reference| change(reference, publish)).into())).await?;
    assert!(outcomes.iter().all(|outcome| outcome == &Some(Ok(()))), "{outcomes:?}");
    let close: fn(&mut domain::Contribution) -> _ = |c| c.change_release(Release::UseOnly);
    assert_eq!(given.db.write(change(references[0], close)).await?, Some(Ok(())));
    assert_eq!(given.db.write(change(references[1], domain::Contribution::withdraw)).await?, Some(Ok(())));
    let again = given.db.write(change(references[1], domain::Contribution::withdraw)).await?;
    assert_eq!(again, Some(Err(domain::Refused::Withdrawn)));
    assert_eq!(given.db.write(change("DGR-999-9999", publish)).await?, None);

    // Two nodes at once: places are given once each, without gaps.
    let sequence = || async { given.db.write(SequenceEvents { limit: 4 }).await };
    loop {
        let (one, other) = tokio::join!(sequence(), sequence());
        let done = |outcome: &Result<u64>| matches!(outcome, Ok(0));
        if done(&one) && done(&other) {
            break;
        }
    }
    for position in 0..9 {
        assert_eq!(given.db.position_after(review, position, 1).await?, Some(position + 1));
    }
    assert_eq!(given.db.position_after(review, 0, 100).await?, Some(9));
    assert_eq!(given.db.position_after(review, 9, 100).await?, None);
    assert_eq!(given.db.last_position(review).await?, 9);
    let changed = async |after, until| given.db.changed_between(review, after, until).await.map(|all| all.len());
    assert_eq!((changed(0, 3).await?, changed(3, 9).await?), (0, 3), "what only came has not changed");

    let expected =
        BTreeMap::from([("access".parse().expect("slug"), Counts { received: 3, published: 1, withdrawn: 1 })]);
    for _ in 0..2 {
        while given.db.write(CountEvents { review, limit: 2 }).await? > 0 {}
        assert_eq!(given.db.tally(review).await?, expected);
        given.db.write(DropTally(review)).await?;
        assert!(given.db.tally(review).await?.is_empty());
    }
    Ok(())
}

async fn lists_go_on_where_they_stopped(given: Given) -> Result<()> {
    let review = given.review().await?;
    let symbols = ['2', '3', '4', '5', '6'];
    let rows: Vec<_> = symbols
        .iter()
        .zip(1..)
        .map(|(symbol, number)| {
            let mut new = contribution(review, &format!("DGR-222-222{symbol}"), Some(number), [0; 32]);
            new.receipt = None;
            new.contribution.state = State::Published;
            // Two of them at the same moment: then the reference decides.
            new.contribution.published_at = Some(moment(i64::from(number / 2)));
            new
        })
        .collect();
    given.db.write(ImportContributions(rows)).await?;
    let (mut seen, mut after) = (Vec::new(), None::<(i64, String)>);
    loop {
        let cursor = after.as_ref().map(|(at, reference)| (*at, reference.as_str()));
        let page = given.db.published(review, cursor, 2).await?;
        let Some(last) = page.last() else { break };
        after = last.published_at.map(|at| (at.as_microsecond(), last.reference.to_string()));
        seen.extend(page.into_iter().map(|c| c.reference.to_string()));
    }
    let expected: Vec<String> = ['5', '6', '3', '4', '2'].iter().map(|symbol| format!("DGR-222-222{symbol}")).collect();
    let newest_first = ["DGR-222-2226", "DGR-222-2225"];
    assert_eq!(seen.len(), expected.len());
    assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>(), expected.iter().collect());
    assert!(newest_first.contains(&seen[0].as_str()), "{seen:?}");
    assert_eq!(given.db.waiting(review, None).await?, []);
    Ok(())
}

async fn opening_again_changes_nothing(given: Given) -> Result<()> {
    let review = given.review().await?;
    // Several at once, as when nodes start together.
    let opened: Vec<Db> =
        futures_util::future::join_all((0..4).map(|_| given.open_again())).await.into_iter().collect::<Result<_>>()?;
    for db in opened {
        assert_eq!(db.review("trial").await?.map(|stored| stored.id), Some(review));
    }
    Ok(())
}
