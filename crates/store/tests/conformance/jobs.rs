//! What is done later and by one node alone, and what fails on the way.

use super::*;

on_both_engines!(
    what_fails_takes_nothing_with_it,
    a_defect_stops_nobody_else,
    a_job_is_done_once_by_many_nodes,
    a_lease_has_one_holder,
);

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
