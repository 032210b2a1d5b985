//! What is withdrawn is gone: a thousand strings are planted, withdrawn, and looked for everywhere.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::told::{CALL, Engine, Giving, Told, assert_done, postgres, until};

on_both_engines!(what_is_withdrawn_is_nowhere);

/// How many people give evidence, and how many strings each of them plants.
const PEOPLE: usize = 100;
const STRINGS: usize = 10;

/// Every file in which some planted string stands, with how many there are.
fn planted(folder: &Path, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            planted(&path, found)?;
        } else if let Ok(bytes) = fs::read(&path) {
            // The index keeps words small.
            let count = bytes.to_ascii_lowercase().windows(7).filter(|window| window == b"canaryx").count();
            if count > 0 {
                found.push(format!("{} ({count})", path.display()));
            }
        }
    }
    Ok(())
}

/// How many documents the files of the index hold, with those that were deleted. Their words cannot be looked for: they are packed.
fn indexed(told: &Told) -> io::Result<u64> {
    let meta: serde_json::Value = serde_json::from_slice(&fs::read(told.data().join("index/meta.json"))?)?;
    let segments = meta["segments"].as_array().cloned().unwrap_or_default();
    Ok(segments.iter().filter_map(|segment| segment["max_doc"].as_u64()).sum())
}

async fn what_is_withdrawn_is_nowhere(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut people = Vec::new();
    for person in 0..PEOPLE {
        let text: Vec<String> = (0..STRINGS).map(|string| format!("Canaryx{person}y{string}")).collect();
        let mut giving = Giving::start(&server, CALL).await?;
        giving.post("answer/short", &[("answer", &text[0])]).await?;
        giving.post("who", &[("kind", "individual"), ("name", &text[1])]).await?;
        giving.answer_and_release(&text[2..].join(" "), if person % 5 == 0 { "use-only" } else { "public" }).await?;
        giving.send().await?;
        people.push(giving);
    }
    assert_done(&told.run(&["spam", "clear", "--review", "trial", "--sign", "quick"]));
    assert_done(&told.run(&["publish", "--review", "trial", "--all"]));
    // Another string of the same answer: the one that was looked for stands in the form in any case.
    let there = |page: &trial::Page| page.text().contains("Canaryx1y6");
    let page = until(&mut server.browser(), "/r/trial/contributions?q=Canaryx1y5", there).await?;
    assert!(there(&page), "it can be found: {}", page.text());
    let mut found = Vec::new();
    planted(&told.data(), &mut found)?;
    let database = |found: &[String]| found.iter().any(|file| file.contains("folkmoot.db"));
    assert!(told.database.is_some() || database(&found), "they were planted: {found:?}");
    assert!(indexed(&told)? > 0, "and indexed");

    for giving in &mut people {
        giving.post_receipt("withdraw").await?;
    }
    // It takes a minute at most; a computer that has much else to do is given more.
    let deadline = Instant::now() + Duration::from_mins(4);
    let left = loop {
        let mut found = Vec::new();
        planted(&told.data(), &mut found)?;
        found.extend((indexed(&told)? > 0).then(|| "the index".to_owned()));
        if found.is_empty() || Instant::now() > deadline {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert!(left.is_empty(), "nothing is left of them: {left:?}");
    if let Some(url) = &told.database {
        assert!(!postgres().dump(url).to_ascii_lowercase().contains("canaryx"), "in the database");
    }
    let export = told.folder.path().join("export");
    assert_done(&told.run(&["export", &export.display().to_string(), "--review", "trial"]));
    let mut found = Vec::new();
    planted(told.folder.path(), &mut found)?;
    assert!(found.is_empty() && !server.log().to_ascii_lowercase().contains("canaryx"), "{found:?}");
    // What stays in the register says nothing, and still verifies.
    let register = server.url("/register");
    assert_done(&trial::run(crate::told::BINARY, &["verify", "register", &register]));
    Ok(())
}
