//! `kill -9` under load, again and again: every receipt that was given is there afterwards.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::told::{BINARY, CALL, Engine, Giving, Told, assert_done, until};
use trial::Server;

/// How often each engine is killed; `FOLKMOOT_KILLS` asks for more.
fn kills() -> u32 {
    std::env::var("FOLKMOOT_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(50)
}

/// Gives evidence until the server is gone; the codes of the receipts that were given.
async fn giver(server: Arc<Server>, stop: Arc<AtomicBool>, given: Arc<AtomicU32>) -> Vec<String> {
    let mut codes = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        match give_once(&server).await {
            Ok(code) => {
                codes.push(code);
                given.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => break,
        }
    }
    codes
}

async fn give_once(server: &Server) -> io::Result<String> {
    let mut browser = server.browser();
    browser.post_form(&format!("{CALL}/start"), &[]).await?;
    let csrf = browser.follow().await?.field("csrf").ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut giving = Giving { browser, csrf, call: CALL.to_owned() };
    giving.post("answer/long", &[("answer", "Under load")]).await?;
    giving.post("release", &[("release", "public")]).await?;
    let sent = giving.post("send", &[]).await?;
    if sent.status != 303 {
        return Err(io::ErrorKind::Interrupted.into());
    }
    // The 303 is the promise: the receipt is fetched after the crash, with the same session.
    giving.browser.cookie("folkmoot").map(str::to_owned).ok_or(io::ErrorKind::NotFound.into())
}

/// The register is sound, and continues what it was when this was last asked.
fn sound(server: &Server, memory: &str) -> String {
    let verified = trial::run(BINARY, &["verify", "register", &server.url("/register"), "--remember", memory]);
    assert_done(&verified)
}

/// The places in the register that the receipts name, once all of them do, each with a proof that holds.
async fn numbers(server: &Server, sessions: &[String]) -> io::Result<BTreeSet<String>> {
    let mut numbers = BTreeSet::new();
    let folder = tempfile::tempdir()?;
    let (policy, proof) = (folder.path().join("policy"), folder.path().join("proof"));
    std::fs::write(&policy, server.browser().get("/register/policy").await?.text())?;
    for (session, number) in sessions.iter().zip(0..) {
        let mut browser = server.browser();
        browser.set_cookie("folkmoot", session);
        let page = until(&mut browser, "/r/trial/receipt", |page| page.text().contains("in the register, there since"))
            .await?
            .text();
        let place = page.split_once("Entry ").and_then(|(_, rest)| rest.split_once(" of "));
        numbers.extend(place.map(|(place, _)| place.to_owned()));
        // Starting the program for each would take longer than all the rest.
        if number % 20 == 0 {
            std::fs::write(&proof, browser.get("/r/trial/receipt/proof").await?.text())?;
            let [proof, policy] = [&proof, &policy].map(|path| path.display().to_string());
            assert_done(&trial::run(BINARY, &["verify", "receipt", &proof, "--policy", &policy]));
        }
    }
    Ok(numbers)
}

async fn story(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    // Every contribution is a batch: there is always something of the register in the midst of being written.
    let limits = ["--posts-per-minute", "0", "--sent-per-minute", "0", "--register-batch", "1"];
    let mut server = Server::start(BINARY, &told.data(), told.database.as_deref(), &limits);
    let (mut promised, mut all) = (0, Vec::new());
    let memory = told.folder.path().join("remembered").display().to_string();
    for round in 0..kills() {
        let (shared, stop, given) = (Arc::new(server), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let start = |_| tokio::spawn(giver(Arc::clone(&shared), Arc::clone(&stop), Arc::clone(&given)));
        let givers: Vec<_> = (0..8).map(start).collect();
        // Not after a fixed time but after so many receipts, however slow the machine is; and then at any moment.
        let began = std::time::Instant::now();
        while given.load(Ordering::Relaxed) < 2 + round % 5 && began.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::from(round * 7 % 40))).await;
        // The process dies while they write; they notice by the broken connections.
        std::process::Command::new("kill").args(["-9", &shared.pid().to_string()]).status()?;
        stop.store(true, Ordering::Relaxed);
        let mut sessions = Vec::new();
        for giver in givers {
            sessions.extend(giver.await.map_err(io::Error::other)?);
        }
        server = Arc::into_inner(shared).ok_or(io::ErrorKind::Other)?;
        server.kill9();
        server.start_again();
        promised += sessions.len();
        let mut browser = server.browser();
        for session in &sessions {
            browser.set_cookie("folkmoot", session);
            let page = browser.get("/r/trial/receipt").await?;
            assert!(page.status == 200 && page.text().contains("fm-receipt__ref"), "round {round}: a receipt is lost");
        }
        all.extend(sessions);
        if round % 10 == 9 {
            // It continues what it was before, whatever it was in the midst of.
            sound(&server, &memory);
        }
    }
    let numbers = numbers(&server, &all).await?;
    assert_eq!(numbers.len(), promised, "each receipt has a place of its own in the register");
    let text = sound(&server, &memory);
    let given =
        text.lines().find_map(|line| line.strip_prefix("Review ")?.split_once(": ")?.1.split(' ').next()?.parse().ok());
    // What was stored when the answer could not be given any more counts all the same.
    assert!(given.is_some_and(|given: usize| given >= promised), "{text}");
    println!(
        "{engine:?}: killed {} times; {promised} receipts given, none lost, none counted twice, no proof that does not hold",
        kills()
    );
    assert!(promised > kills() as usize, "there was load: {promised}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_every_receipt() -> io::Result<()> {
    story(Engine::Sqlite).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_every_receipt() -> io::Result<()> {
    story(Engine::Postgres).await
}
