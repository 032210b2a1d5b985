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

on_both_engines!(
    every_statement_is_understood,
    a_definition_gets_versions,
    two_windows_on_one_draft_lose_nothing,
    a_draft_is_found_by_its_code_and_each_of_several_by_its_page,
    sending_twice_makes_one_contribution,
    importing_twice_changes_nothing,
    two_acts_at_once_do_not_undo_each_other,
    events_get_places_and_are_counted_once,
    lists_go_on_where_they_stopped,
    what_fails_takes_nothing_with_it,
    a_defect_stops_nobody_else,
    a_job_is_done_once_by_many_nodes,
    a_lease_has_one_holder,
    opening_again_changes_nothing,
    files_are_wanted_as_long_as_a_draft_names_them,
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

fn start(key: &DraftKey, id: DraftId, code: u8) -> StartDraft {
    StartDraft {
        key: key.clone(),
        id,
        code: [code; 32],
        sealed: [code; ReceiptCode::BYTES],
        content: DraftContent::default(),
        another: false,
        now: moment(0),
        expires_at: moment(1_000),
    }
}

async fn two_windows_on_one_draft_lose_nothing(given: Given) -> Result<()> {
    let review = given.review().await?;
    let key = draft_key(review);
    let expires_at = moment(1_000);
    let first = given.db.write(start(&key, given.draft_id(), 1)).await?;
    let again = given.db.write(start(&key, given.draft_id(), 2)).await?;
    assert_eq!(first.id, again.id, "a second start finds the first draft");

    let save = |number: u8| SaveDraft {
        key: key.clone(),
        part: DraftPart::Answer(format!("q{number}").parse().expect("slug"), Some(Answer::Scale(number % 5 + 1))),
        seen: None,
        language: "cy".parse().expect("language"),
        now: moment(1),
        expires_at,
    };
    let saves = (0..20).map(|number| given.db.write(save(number)));
    for outcome in futures_util::future::join_all(saves).await {
        assert_eq!(outcome?, Saved::Yes);
    }
    let stored = given.db.draft(&key, moment(2)).await?.expect("the draft");
    assert_eq!((stored.draft.content.answers.len(), stored.revision), (20, 21));

    // One window answers what another has answered since it was opened.
    let other = DraftPart::Answer("q1".parse().expect("slug"), Some(Answer::Scale(5)));
    let seen = Some(DraftContent::default().mark(&other));
    let late = SaveDraft { part: other.clone(), seen, ..save(1) };
    assert_eq!(given.db.write(late).await?, Saved::ChangedSince);
    let seen = Some(stored.draft.content.mark(&other));
    assert_eq!(given.db.write(SaveDraft { part: other, seen, ..save(1) }).await?, Saved::Yes);

    assert!(given.db.draft(&key, expires_at).await?.is_none(), "it has expired");
    let late = SaveDraft { now: expires_at, ..save(1) };
    assert_eq!(given.db.write(late).await?, Saved::NoDraft, "nothing can be saved to it any more");
    Ok(())
}

async fn a_draft_is_found_by_its_code_and_each_of_several_by_its_page(given: Given) -> Result<()> {
    let review = given.review().await?;
    let key = draft_key(review);
    let first = given.db.write(start(&key, given.draft_id(), 1)).await?;
    // For another person, at the same counter.
    let second = StartDraft { another: true, now: moment(5), ..start(&key, given.draft_id(), 2) };
    let second = given.db.write(second).await?;
    assert_eq!(given.db.draft(&key, moment(6)).await?.map(|stored| stored.draft.id), Some(second.id));
    // A page that was made for the first person is about the first person.
    let of_first = DraftKey { draft: Some(first.id), ..key.clone() };
    let stored = given.db.draft(&of_first, moment(6)).await?.expect("the first draft");
    assert_eq!((stored.draft.id, stored.code, stored.sealed), (first.id, Some([1; 32]), Some([1; ReceiptCode::BYTES])));

    // On another device, with the code.
    let elsewhere = DraftKey { session: [9; 32], ..key.clone() };
    assert_eq!(given.db.draft(&elsewhere, moment(6)).await?, None);
    let found = given.db.draft_of_code(review, [1; 32], moment(6)).await?.expect("the draft of that code");
    let (session, evidence, sealed) = (elsewhere.session, found.draft.id.0, [3; ReceiptCode::BYTES]);
    given.db.write(Hold { session, review, evidence, sealed, now: moment(7), expires_at: moment(1_000) }).await?;
    assert_eq!(given.db.draft(&elsewhere, moment(8)).await?.map(|stored| stored.draft.id), Some(first.id));

    // Deleted on one device, it is gone on both; the other person's is not.
    given.db.write(DeleteDraft { key: elsewhere, now: moment(9) }).await?;
    assert_eq!(given.db.draft(&of_first, moment(10)).await?, None);
    assert_eq!(given.db.draft(&key, moment(10)).await?.map(|stored| stored.draft.id), Some(second.id));
    given.db.write(LetGo { session: key.session, review }).await?;
    assert_eq!(given.db.draft(&key, moment(10)).await?, None);
    assert!(given.db.draft_of_code(review, [2; 32], moment(10)).await?.is_some(), "it is only closed on the device");
    Ok(())
}

async fn sending_twice_makes_one_contribution(given: Given) -> Result<()> {
    let review = given.review().await?;
    let key = draft_key(review);
    let draft = given.db.write(start(&key, given.draft_id(), 7)).await?;
    let about_you = domain::AboutYou::default();
    let send = |reference: &str| {
        let mut new = contribution(review, reference, None, [7; 32]);
        new.contribution.id = domain::ContributionId(draft.id.0);
        SendDraft {
            draft: draft.id,
            revision: 1,
            session: key.session,
            expires_at: moment(1_000),
            now: moment(1),
            contribution: new,
            about_you: Some(about_you.clone()),
            signs: vec![],
        }
    };
    let sends = ["DGR-222-2222", "DGR-333-3333", "DGR-444-4444"].map(|reference| given.db.write(send(reference)));
    let sent: Vec<bool> = futures_util::future::join_all(sends).await.into_iter().collect::<Result<_>>()?;
    assert_eq!(sent.iter().filter(|sent| **sent).count(), 1, "{sent:?}");

    let found = given.db.contribution_of_receipt(review, &[7; 32]).await?.expect("the contribution");
    let held = given.db.held_receipts(key.session, review, moment(1)).await?;
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].evidence, held[0].sealed), (found.id.0, Some([7; ReceiptCode::BYTES])));
    assert_eq!(held[0].reference, found.reference);
    assert_eq!(given.db.history(review, found.id).await?.len(), 1);
    assert!(given.db.draft(&key, moment(1)).await?.is_none());

    // What people said about themselves goes with what they withdraw.
    assert_eq!(said_about_themselves(&given, review).await?, 1);
    let which = Which::Id(found.id);
    let act = |c: &mut domain::Contribution| c.withdraw();
    given.db.write(ChangeContribution { review, which, act, event: given.id(), now: moment(2) }).await?;
    assert_eq!(said_about_themselves(&given, review).await?, 0);
    Ok(())
}

async fn said_about_themselves(given: &Given, review: domain::ReviewId) -> Result<usize> {
    let (mut snapshot, mut said) = (given.db.snapshot().await?, 0);
    snapshot
        .each_about_you::<Error>(review, |_| {
            said += 1;
            Ok(())
        })
        .await?;
    Ok(said)
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
    let events = given.db.events_after(review, 0, 100).await?;
    assert_eq!(events.iter().map(|event| event.position).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    assert_eq!(given.db.last_position(review).await?, 9);

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

/// Appends an event, and then fails.
struct Failing(domain::ReviewId, store::event::NewEvent);

impl Command for Failing {
    type Output = ();
    const NAME: &'static str = "failing";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        store::event::append(tx, self.0, &self.1).await?;
        // The same id a second time: the engine itself refuses.
        store::event::append(tx, self.0, &self.1).await
    }
}

/// A defect.
struct Panicking;

impl Command for Panicking {
    type Output = ();
    const NAME: &'static str = "panicking";

    async fn run(&self, _: &mut Tx<'_>) -> Result<()> {
        panic!("a defect, on purpose")
    }
}

async fn a_defect_stops_nobody_else(given: Given) -> Result<()> {
    for _ in 0..3 {
        assert!(matches!(given.db.write(Panicking).await, Err(Error::Broken(_))));
        let job = NewJob { id: given.id(), kind: "good", body: String::new(), run_at: moment(0) };
        given.db.write(EnqueueJob(job)).await?;
    }
    assert_eq!(given.db.jobs().await?, 3);
    Ok(())
}

async fn what_fails_takes_nothing_with_it(given: Given) -> Result<()> {
    let review = given.review().await?;
    let opened = || event(&given, Happened::CallOpened { call: "access".parse().expect("slug") });
    let good = |number: u32| {
        given.db.write(EnqueueJob(NewJob { id: given.id(), kind: "good", body: number.to_string(), run_at: moment(0) }))
    };
    let bad = |_| given.db.write(Failing(review, opened()));
    // Interleaved, so that on SQLite they share commits.
    let (goods, bads) = tokio::join!(
        futures_util::future::join_all((0..50).map(good)),
        futures_util::future::join_all((0..50).map(bad)),
    );
    assert!(goods.iter().all(Result::is_ok), "{goods:?}");
    assert!(bads.iter().all(|outcome| matches!(outcome, Err(Error::Duplicate(_)))), "{bads:?}");
    assert_eq!(given.db.jobs().await?, 50);
    assert_eq!(given.db.events_waiting().await?, 1, "only that the review was applied");
    Ok(())
}

async fn a_job_is_done_once_by_many_nodes(given: Given) -> Result<()> {
    let review = given.review().await?;
    let jobs = 60;
    for number in 0..jobs {
        let body = number.to_string();
        given.db.write(EnqueueJob(NewJob { id: given.id(), kind: "announce", body, run_at: moment(10) })).await?;
    }
    let fixed = NewJob { id: uuid::Uuid::from_u128(1), kind: "announce", body: String::new(), run_at: moment(10_000) };
    for _ in 0..3 {
        given.db.write(EnqueueJob(fixed.clone())).await?;
    }
    assert_eq!(given.db.jobs().await?, jobs + 1, "a job of a fixed id is there once");
    assert!(!given.db.job_is_due(moment(9)).await? && given.db.job_is_due(moment(10)).await?);

    let given = Arc::new(given);
    let node = |given: Arc<Given>| async move {
        let (holder, mut done) = (given.id(), 0);
        loop {
            let claim = ClaimJob { holder, now: moment(10), length: 1_000_000 };
            let Some(job) = given.db.write(claim).await? else {
                if !given.db.job_is_due(moment(10)).await? {
                    return Ok::<i64, Error>(done);
                }
                continue;
            };
            // Every third is put back once, as after a failure.
            if job.attempt == 1 && job.body.parse::<i64>().is_ok_and(|number| number % 3 == 0) {
                given.db.write(PostponeJob { job, run_at: moment(10), failure: Some("once".to_owned()) }).await?;
                continue;
            }
            let happened = Happened::CallOpened { call: "access".parse().expect("slug") };
            let event = Some((review, event(&given, happened)));
            given.db.write(CompleteJob { job, event, now: moment(10) }).await?;
            done += 1;
        }
    };
    let nodes = (0..4).map(|_| tokio::spawn(node(Arc::clone(&given))));
    let mut done = 0;
    for outcome in futures_util::future::join_all(nodes).await {
        done += outcome.expect("a node")?;
    }
    assert_eq!(done, jobs);
    assert_eq!(given.db.events_waiting().await?, jobs + 1);

    // A node whose lease has run out completes nothing, and the effect does not count.
    let id = given.id();
    given.db.write(EnqueueJob(NewJob { id, kind: "late", body: String::new(), run_at: moment(10) })).await?;
    let claim = |holder, now| ClaimJob { holder, now: moment(now), length: 1_000_000 };
    let slow = given.db.write(claim(given.id(), 10)).await?.expect("the job");
    let quick = given.db.write(claim(given.id(), 12)).await?.expect("the job, after the lease");
    let happened = Happened::CallClosed { call: "access".parse().expect("slug") };
    let outcome = given
        .db
        .write(CompleteJob { job: slow, event: Some((review, event(&given, happened))), now: moment(12) })
        .await;
    assert!(outcome.is_err());
    given.db.write(CompleteJob { job: quick, event: None, now: moment(12) }).await?;
    assert_eq!((given.db.events_waiting().await?, given.db.jobs().await?), (jobs + 1, 1));
    Ok(())
}

async fn a_lease_has_one_holder(given: Given) -> Result<()> {
    let (one, other) = (given.id(), given.id());
    let claim = |holder, at| given.db.claim_lease("trial", holder, moment(at), 5_000_000);
    assert!(claim(one, 0).await? && claim(one, 1).await?, "the holder prolongs it");
    assert!(!claim(other, 2).await?);
    assert!(claim(other, 7).await?, "it has run out");
    assert!(!claim(one, 8).await?);
    let rivals = (0..20).map(|_| given.db.claim_lease("contested", given.id(), moment(0), 5_000_000));
    let won: Vec<bool> = futures_util::future::join_all(rivals).await.into_iter().collect::<Result<_>>()?;
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
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

async fn files_are_wanted_as_long_as_a_draft_names_them(given: Given) -> Result<()> {
    let review = given.review().await?;
    let key = draft_key(review);
    let draft = given.db.write(start(&key, given.draft_id(), 7)).await?;
    let file = |byte: u8| FileKey { review, evidence: draft.id.0, id: FileId(uuid::Uuid::from_bytes([byte; 16])) };
    let reserve = |files: Vec<FileKey>| ReserveFiles { files, until: moment(3_600) };
    given.db.write(reserve(vec![file(1), file(2), file(3)])).await?;
    let save = |part| SaveDraft {
        key: key.clone(),
        part,
        seen: None,
        language: "en".parse().expect("language"),
        now: moment(1),
        expires_at: moment(1_000),
    };
    let question: Slug = "papers".parse().expect("slug");
    let add = |byte: u8| {
        let (id, kind, name) = (file(byte).id, FileKind::Pdf, "a.pdf".to_owned());
        let given = GivenFile { id, kind, size: 1, digest: String::new(), name, description: None, struck: false };
        DraftPart::AddFile(question.clone(), given, 2)
    };
    assert_eq!(given.db.write(save(add(1))).await?, Saved::Yes);
    assert_eq!(given.db.write(save(add(2))).await?, Saved::Yes);
    assert_eq!(given.db.write(save(add(3))).await?, Saved::Full);
    assert_eq!(given.db.unwanted_files(moment(3_599)).await?, [], "the third is only reserved");
    assert_eq!(given.db.unwanted_files(moment(3_600)).await?, [file(3)], "and its time runs out");
    given.db.write(save(DraftPart::RemoveFile(question.clone(), file(1).id))).await?;
    assert_eq!(given.db.unwanted_files(moment(2)).await?, [file(1)]);
    given.db.write(ForgetFiles { files: vec![file(1), file(2)], now: moment(2) }).await?;
    assert_eq!(given.db.unwanted_files(moment(3_600)).await?, [file(3)], "what is wanted is not forgotten");
    // A file whose reservation ran out before it was named is not taken: its bytes are gone.
    assert!(given.db.write(save(add(9))).await.is_err());

    let sweep = |now| async move {
        let job = |kind| NewJob { id: uuid::Uuid::from_bytes([8; 16]), kind, body: String::new(), run_at: now };
        given.db.write(EnqueueJob(job("sweep"))).await?;
        let claim = ClaimJob { holder: uuid::Uuid::from_bytes([9; 16]), now, length: 1_000_000 };
        let claimed = given.db.write(claim).await?.expect("the job");
        let again = NewJob { id: uuid::Uuid::from_bytes([7; 16]), run_at: moment(9_999), ..job("sweep") };
        given.db.write(SweepExpired { job: claimed, again, now }).await?;
        given.db.unwanted_files(moment(1_000)).await
    };
    assert_eq!(sweep(moment(1_000)).await?, [file(2)], "a draft that expires takes its files with it");
    Ok(())
}
