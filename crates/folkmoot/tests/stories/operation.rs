//! What an operator relies on.

use std::fs;
use std::io;
use std::path::Path;

use crate::told::{BINARY, CALL, Engine, Giving, Told, assert_done, until};
use trial::Server;

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_lost_is_made_again() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let mut server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    giving.answer_and_release("A heron on the weir", "public").await?;
    let reference = giving.send().await?.reference;
    assert_done(&told.run(&["publish", "--review", "trial", &reference]));
    let found = |page: &trial::Page| page.text().contains(&reference);
    assert!(found(&until(&mut server.browser(), "/r/trial/contributions?q=heron", found).await?));
    assert!(server.terminate().success(), "it ends cleanly when it is told to");

    fs::remove_dir_all(told.data().join("index"))?;
    server.start_again();
    assert!(found(&until(&mut server.browser(), "/r/trial/contributions?q=heron", found).await?));
    // And a broken one is replaced.
    server.terminate();
    fs::write(told.data().join("index/meta.json"), "{ not json")?;
    server.start_again();
    assert!(found(&until(&mut server.browser(), "/r/trial/contributions?q=heron", found).await?));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rush_from_one_address_is_slowed_and_its_address_kept_nowhere() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = Server::start(BINARY, &told.data(), None, &["--posts-per-minute", "5", "--trust-forwarded"]);
    let mut rusher = server.browser().with_header("x-forwarded-for", "203.0.113.77");
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(rusher.post_form(&format!("{CALL}/start"), &[]).await?.status);
    }
    assert!(statuses.starts_with(&[303]) && statuses.ends_with(&[429]), "{statuses:?}");
    let slowed = rusher.post_form(&format!("{CALL}/start"), &[]).await?;
    assert!(slowed.header("retry-after").is_some());
    assert_eq!(rusher.get("/r/trial").await?.status, 200, "reading is not slowed");
    let mut other = server.browser().with_header("x-forwarded-for", "203.0.113.78");
    assert_eq!(other.post_form(&format!("{CALL}/start"), &[]).await?.status, 303, "nor is anybody else");

    let metrics = server.browser().get("/metrics").await?.text();
    assert!(metrics.contains("send_draft") || metrics.contains("start_draft"), "{metrics}");
    let mut kept = metrics + &server.log();
    for file in files(&told.data()) {
        kept += &String::from_utf8_lossy(&fs::read(file)?);
    }
    assert!(!kept.contains("203.0.113."), "an address is kept");
    Ok(())
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_the_cookie_is_secure_and_everything_says_so() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = Server::start(BINARY, &told.data(), None, &["--public-url", "https://review.example.org"]);
    let mut browser = server.browser().with_header("origin", "https://review.example.org");
    let started = browser.post_form(&format!("{CALL}/start"), &[]).await?;
    let cookie = started.header("set-cookie").unwrap_or_default();
    for part in ["__Host-folkmoot=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} is not in {cookie}");
    }
    assert!(started.header("strict-transport-security").is_some());
    let mut elsewhere =
        server.browser().with_header("origin", "https://evil.example").with_header("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.post_form(&format!("{CALL}/start"), &[]).await?.status, 403, "no other site sends forms");
    Ok(())
}

#[test]
fn help_is_the_documentation() {
    let help = assert_done(&trial::run(BINARY, &["serve", "--help"]));
    for setting in ["--listen", "--data", "--database", "--public-url", "--posts-per-minute", "--trust-forwarded"] {
        assert!(help.contains(setting), "{setting}");
        let named = help
            .split(setting)
            .nth(1)
            .is_some_and(|rest| rest.split("--").next().is_some_and(|text| text.contains("FOLKMOOT_")));
        assert!(named, "{setting} names its environment variable");
    }
}
