//! Bad input and broken ground: a clear page, nothing half-written, nothing lost.

use std::cell::RefCell;
use std::io;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::told::{BINARY, CALL, Engine, Giving, Told, assert_done};
use trial::{Postgres, Server};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_shown_and_what_was_typed_is_kept() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    let long = "x".repeat(201);
    let cases: &[(&str, &[(&str, &str)], &str)] = &[
        ("answer/long", &[("answer", &long)], &long),
        ("answer/yes", &[("answer", "forged")], "error-summary"),
        ("answer/one", &[("answer", "other")], "error-summary"),
        ("answer/number", &[("answer", "a lot")], "a lot"),
        ("answer/number", &[("answer", "101")], "101"),
        ("answer/date", &[("answer-day", "31"), ("answer-month", "2"), ("answer-year", "2026")], "2026"),
        ("answer/example", &[("service", "Bus <pass>")], "Bus &#60;pass&#62;"),
        ("who", &[("kind", "emperor"), ("name", "Nero")], "Nero"),
        ("who", &[("members", "many"), ("organisation", "Legion")], "Legion"),
        ("release", &[], "error-summary"),
        ("release", &[("release", "sealed")], "error-summary"),
    ];
    for (page, fields, kept) in cases {
        let refused = giving.post(page, fields).await?;
        assert_eq!(refused.status, 422, "{page} {fields:?}");
        let html = refused.text();
        assert!(
            html.contains("Error: ") && html.contains("error-summary") && html.contains(kept),
            "{page} {fields:?}: {html}"
        );
    }
    let early = giving.post("send", &[]).await?;
    assert_eq!(early.status, 303, "nothing was answered, so it leads back");
    let check = giving.browser.follow().await?;
    assert_eq!(check.status, 422);
    assert!(check.text().contains("error-summary"), "{}", check.text());
    let forged =
        giving.browser.post_form(&format!("{CALL}/answer/long"), &[("answer", "mine"), ("csrf", "forged")]).await?;
    assert_eq!(forged.status, 403);
    // More than the form may have, and less than the server reads before it hangs up.
    let huge = "y".repeat(300 << 10);
    assert_eq!(giving.post("answer/long", &[("answer", &huge)]).await?.status, 413);
    assert_eq!(giving.browser.get("/r/trial/calls/all-kinds/answer/none").await?.status, 404);

    // A draft that is not there: what was typed is on the page.
    let mut stranger = server.browser();
    stranger.set_cookie("folkmoot", &"0".repeat(64));
    let lost = stranger.post_form(&format!("{CALL}/answer/long"), &[("answer", "do not lose me")]).await?;
    assert!(matches!(lost.status, 403 | 404), "{}", lost.status);
    assert!(lost.text().contains("do not lose me"), "{}", lost.text());
    assert_eq!(stranger.get(&format!("{CALL}/check")).await?.status, 404);

    // Calls that do not take evidence say so; one that takes late evidence does.
    let mut tardy = server.browser();
    assert_eq!(tardy.post_form("/r/trial/calls/closed/start", &[]).await?.status, 303);
    let closed = tardy.follow().await?.text();
    assert!(closed.contains("closed") && !closed.contains("/start\""), "it says so, and offers no form: {closed}");
    let mut late = Giving::start(&server, "/r/trial/calls/late").await?;
    assert_eq!(late.post("answer/why", &[("answer", "The post was slow")]).await?.status, 303);
    assert_eq!(late.post("release", &[("release", "public")]).await?.status, 303);
    let receipt = late.send().await?;
    assert_done(&told.run(&["publish", "--review", "trial", &receipt.reference]));
    let page = server.browser().get(&format!("/r/trial/contributions/{}", receipt.reference)).await?.text();
    assert!(page.to_lowercase().contains("late"), "{page}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_in_problem_json() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = told.serve();
    let mut program = server.browser().with_header("accept", "application/json");
    for (path, status) in [("/r/nowhere", 404), ("/r/trial/contributions/TR-222-2222", 404), ("/nothing/at/all", 404)] {
        let page = program.get(path).await?;
        assert_eq!((page.status, page.header("content-type")), (status, Some("application/problem+json")), "{path}");
        let problem: serde_json::Value = serde_json::from_slice(&page.body)?;
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string(), "{problem}");
    }
    let wrong = program.post_form("/r/trial/about", &[]).await?;
    assert_eq!((wrong.status, wrong.header("content-type")), (405, Some("application/problem+json")));
    Ok(())
}

/// A draft that is ready, and a server whose ground is taken away while it is sent.
async fn survives(
    giving: &mut Giving,
    server: &Server,
    break_it: impl FnOnce(),
    mend_it: impl FnOnce(),
) -> io::Result<()> {
    giving.answer_and_release("Written before the fault", "public").await?;
    break_it();
    let refused = giving.post("send", &[]).await?;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.header("retry-after").is_some());
    assert!(refused.text().contains("<h1"), "a page that helps");
    assert_eq!(server.browser().get("/healthz").await?.status, 200);
    mend_it();
    let mut tries = 0;
    let sent = loop {
        let sent = giving.post("send", &[]).await?;
        tries += 1;
        if sent.status == 303 || tries > 100 {
            break sent;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!(sent.status, 303, "{}", sent.text());
    let receipt = crate::told::Receipt::read(&giving.browser.follow().await?);
    assert_eq!(receipt.words.len(), 8);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_database_loses_nothing() -> io::Result<()> {
    // A server of its own, because it is stopped.
    let postgres = std::sync::Mutex::new(Postgres::start());
    let url = postgres.lock().expect("PostgreSQL").create_database();
    let told = Told { folder: tempfile::tempdir()?, database: Some(url) };
    let review = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/trial.toml");
    assert_done(&told.run(&["review", "apply", review]));
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    let stop = || postgres.lock().expect("PostgreSQL").stop();
    let start = || postgres.lock().expect("PostgreSQL").start_again();
    survives(&mut giving, &server, stop, start).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk)?;
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(&disk).output();
    if !mount.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: a small disk can only be mounted as root");
        return Ok(());
    }
    let outcome = on_a_small_disk(&disk).await;
    Command::new("umount").arg("--lazy").arg(&disk).status()?;
    outcome
}

async fn on_a_small_disk(disk: &std::path::Path) -> io::Result<()> {
    let data = disk.join("data").display().to_string();
    let review = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/trial.toml");
    assert_done(&trial::run(BINARY, &["review", "apply", review, "--data", &data]));
    let server = Server::start(
        BINARY,
        std::path::Path::new(&data),
        None,
        &["--posts-per-minute", "0", "--sent-per-minute", "0"],
    );
    let mut giving = Giving::start(&server, CALL).await?;
    let filler = disk.join("filler");
    // The log of the database needs new pages for what is sent, and there are none.
    let (over, filling) = (Arc::new(AtomicBool::new(false)), RefCell::new(None));
    let fill = || {
        let mut file = std::fs::File::create(&filler).expect("a file");
        let mut fill = move || {
            for size in [1 << 20, 1 << 12, 1] {
                while io::Write::write_all(&mut file, &vec![0; size]).is_ok() {}
            }
        };
        fill();
        // That log is emptied every few seconds: what becomes free then is filled, too.
        let over = Arc::clone(&over);
        filling.replace(Some(std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                fill();
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        })));
    };
    let make_room = || {
        over.store(true, Ordering::Relaxed);
        filling.take().expect("it is being filled").join().expect("it ends");
        std::fs::remove_file(&filler).expect("room again");
    };
    survives(&mut giving, &server, fill, make_room).await
}
