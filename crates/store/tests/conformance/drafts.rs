//! Drafts, from the first window to what is sent.

use super::*;

on_both_engines!(
    two_windows_on_one_draft_lose_nothing,
    a_draft_is_found_by_its_code_and_each_of_several_by_its_page,
    sending_twice_makes_one_contribution,
    files_are_wanted_as_long_as_a_draft_names_them,
);

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
    // With seven others nobody can come second more often than a command is run again.
    let saves = (0..8).map(|number| given.db.write(save(number)));
    for outcome in futures_util::future::join_all(saves).await {
        assert_eq!(outcome?, Saved::Yes);
    }
    let stored = given.db.draft(&key, moment(2)).await?.expect("the draft");
    assert_eq!((stored.draft.content.answers.len(), stored.revision), (8, 9));

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
