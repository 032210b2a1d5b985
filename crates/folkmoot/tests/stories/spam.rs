//! What a machine may have sent: nothing is refused, a flood is slowed, and the team can undo.

use std::io;

use domain::Clock as _;
use sha2::{Digest, Sha256};
use trial::Server;

use crate::told::{BINARY, CALL, Engine, Giving, Receipt, Told, assert_done, said, until};

/// Sends what has been answered with these fields besides; the answer to that.
async fn sent(server: &Server, text: &str, fields: &[(&str, &str)]) -> io::Result<(Giving, trial::Page)> {
    let mut giving = Giving::start(server, CALL).await?;
    giving.answer_and_release(text, "public").await?;
    let page = giving.post("send", fields).await?;
    Ok((giving, page))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fell_into_the_trap_is_looked_at_and_can_be_undone() -> io::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = Told::on(engine);
        let server = told.serve();
        let (mut giving, page) = sent(&server, "Buy pigeons", &[("website", "https://pigeons.example")]).await?;
        assert_eq!(page.status, 303, "it is taken like any other: {}", page.text());
        let receipt = Receipt::read(&giving.browser.follow().await?);
        let reference = receipt.reference.as_str();
        let spam = |what: &str, rest: &[&str]| told.run(&[&["spam", what, "--review", "trial"], rest].concat());
        let publish = |rest: &[&str]| told.run(&[&["publish", "--review", "trial"], rest].concat());

        let left = assert_done(&publish(&["--all"]));
        assert!(left.contains("Published: 0.") && left.contains("may have sent it: 1."), "{left}");
        let listed = assert_done(&spam("list", &["--sign", "trap"]));
        assert!(listed.contains(reference) && listed.contains("trap"), "{listed}");
        assert!(assert_done(&spam("list", &["--until", "2020-01-01T00:00Z"])).contains("With a sign: 0."));
        assert!(assert_done(&spam("clear", &[reference])).contains("Cleared: 1."));
        assert!(assert_done(&publish(&["--all"])).contains("Published: 1."));
        let mut reader = server.browser();
        let address = format!("/r/trial/contributions/{reference}");
        assert_eq!(reader.get(&address).await?.status, 200);

        assert!(assert_done(&spam("set-aside", &[reference])).contains("Set aside: 1."));
        assert!(said(&spam("set-aside", &[reference])).contains("it has been set aside"));
        assert!(said(&publish(&[reference])).contains("it has been set aside"));
        assert_eq!(reader.get(&address).await?.status, 404);
        let found = |page: &trial::Page| page.text().contains(reference);
        let list = "/r/trial/contributions?q=pigeons";
        assert!(!found(&until(&mut reader, list, |page| !found(page)).await?), "nor is it found");
        let seen = giving.browser.get("/r/trial/receipt").await?.text();
        assert!(seen.contains("The team has set it aside") && seen.contains(reference), "{seen}");

        assert!(assert_done(&spam("take-in", &[])).contains("Taken in: 1."));
        assert!(assert_done(&publish(&["--all"])).contains("Published: 1."), "without any sign");
        assert!(found(&until(&mut reader, list, found).await?));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_slowed_and_nothing_is_lost() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = Server::start(BINARY, &told.data(), None, &["--posts-per-minute", "0", "--sent-per-minute", "2"]);
    // What is counted is begun anew with the minute: all are to send in the same.
    let left: i64 = 60 - service::SystemClock.now().as_second().rem_euclid(60);
    if left < 30 {
        tokio::time::sleep(std::time::Duration::from_secs(left.unsigned_abs())).await;
    }
    for text in ["One", "Two"] {
        assert_eq!(sent(&server, text, &[]).await?.1.status, 303);
    }
    let (mut giving, asked) = sent(&server, "Three, at length", &[("age", "16-24"), ("website", "")]).await?;
    assert_eq!((asked.status, asked.header("cache-control")), (429, Some("no-store")));
    let page = asked.text();
    assert!(page.contains("What you wrote is saved") && page.contains("name=\"age\" value=\"16-24\""), "{page}");
    let ticket = asked.field("ticket").expect("a ticket");

    // Pressed too early, and with what is no proof, it is the same ticket that waits.
    for proof in ["", "0", "x".repeat(100).as_str()] {
        let again = giving.post("send", &[("ticket", &ticket), ("proof", proof)]).await?;
        assert_eq!((again.status, again.field("ticket")), (429, Some(ticket.clone())), "{}", again.text());
    }
    let forged = giving.post("send", &[("ticket", "1.00000000000000000000000000000000")]).await?;
    assert_eq!(forged.status, 429);
    let draft = giving.browser.get(&format!("{CALL}/check")).await?.text();
    assert!(draft.contains("Three, at length"), "it is still there: {draft}");

    let zeros = |proof: &u64| Sha256::digest(format!("{ticket}:{proof}")).starts_with(&[0, 0]);
    let proof = (0..100_000_000).find(zeros).expect("a proof").to_string();
    let through = giving.post("send", &[("ticket", &ticket), ("proof", &proof), ("age", "16-24")]).await?;
    assert_eq!(through.status, 303, "{}", through.text());
    let receipt = Receipt::read(&giving.browser.follow().await?);

    let listed = assert_done(&told.run(&["spam", "list", "--review", "trial", "--sign", "flood"]));
    assert!(listed.contains(&receipt.reference) && listed.contains("With a sign: 1."), "{listed}");
    let undone = assert_done(&told.run(&["spam", "set-aside", "--review", "trial", "--sign", "flood"]));
    assert!(undone.contains("Set aside: 1."), "{undone}");
    let unsaid = told.run(&["spam", "set-aside", "--review", "trial"]);
    assert!(!unsaid.status.success() && said(&unsaid).contains("say which"), "{}", said(&unsaid));
    Ok(())
}
