//! A person who reads in w3m, a browser of text: questions, fields, mistakes and evidence stand there in order.

use std::io;
use std::process::Command;

use crate::told::{CALL, Engine, Giving, Told, assert_done};

mod typing;

use typing::Typing;

/// What w3m draws of an address, after sending that form if there is one.
fn drawn(address: &str, form: Option<&std::path::Path>) -> io::Result<String> {
    let mut w3m = Command::new("w3m");
    w3m.args(["-dump", "-cols", "80", "-T", "text/html", "-o", "display_charset=UTF-8"]);
    if let Some(form) = form {
        w3m.arg("-post").arg(form);
    }
    Ok(String::from_utf8_lossy(&w3m.arg(address).output()?.stdout).into_owned())
}

fn in_order(page: &str, words: &[&str]) {
    let mut rest = page;
    for word in words {
        let Some((_, after)) = rest.split_once(word) else { panic!("{word:?} does not follow in {page}") };
        rest = after;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_read_in_order_in_a_browser_of_text() -> io::Result<()> {
    if Command::new("w3m").arg("-version").output().is_err() {
        println!("skipped: w3m is not installed");
        return Ok(());
    }
    let told = Told::on(Engine::Sqlite);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    giving.answer_and_release("The counter was closed.", "public").await?;
    let reference = giving.send().await?.reference;
    assert_done(&told.run(&["publish", "--review", "trial", &reference]));
    let at = |path: &str| format!("http://{}{path}", server.address());

    in_order(&drawn(&at("/r/trial"), None)?, &["Trial review", "To try things.", "Give evidence", "All kinds"]);
    in_order(&drawn(&at(CALL), None)?, &["All kinds", "It works.", "Give evidence", "In one line?", "At length?"]);
    let welsh = drawn(&at("/cy/r/trial/calls/all-kinds"), None)?;
    in_order(&welsh, &["Pob math", "Mae'n gweithio.", "Mewn un llinell?"]);
    let questions = drawn(&at(&format!("{CALL}/questionnaire")), None)?;
    in_order(&questions, &["In one line?", "At length?", "Which one?", "Telephone", "Post"]);
    let read = drawn(&at(&format!("/r/trial/contributions/{reference}")), None)?;
    in_order(&read, &["At length?", "The counter was closed."]);

    // What is wrong stands above the form, and what was typed is still in it.
    let form = told.folder.path().join("form");
    std::fs::write(&form, "code=abandon+ability")?;
    let refused = drawn(&at("/r/trial/help/withdraw"), Some(&form))?;
    in_order(&refused, &["There is a problem", "Take back an offer of help", "abandon ability", "Delete my offer"]);
    Ok(())
}

/// From the call to the receipt with a keyboard and eighty columns of text.
#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_given_in_a_browser_of_text() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = told.serve();
    tokio::task::spawn_blocking(move || give(&server, told.folder.path())).await.expect("the story");
    Ok(())
}

fn give(server: &trial::Server, home: &std::path::Path) {
    let mut typing = Typing::open(&server.url(CALL), home);
    typing.until("What we ask");
    // The first is the way to all calls.
    typing.follow("Give evidence", 2);
    typing.until("question 1 of 9");
    typing.find("In one line", 1);
    typing.type_keys("\t");
    typing.type_keys("\r");
    typing.type_keys("Shut at noon.\r");
    // The first is what Enter in a field presses.
    typing.follow("Continue", 2);
    typing.until("question 2 of 9");
    typing.type_keys("U");
    typing.type_keys(&format!("\u{15}{}\r", server.url(&format!("{CALL}/release"))));
    typing.until("What may we do with your evidence?");
    typing.find("Publish it without", 1);
    // The button stands before its words.
    typing.type_keys("\u{1b}\t");
    typing.type_keys("\r");
    // As it stands under the cursor.
    typing.until("( * ) Publish it without");
    typing.follow("Continue", 2);
    typing.until("Check what you are about to send");
    let check = typing.until("Publish it without my name");
    assert!(check.contains("Shut at noon.") && check.contains("Publish it without my name"), "{check}");
    typing.follow("Continue", 1);
    typing.until("A few questions about you");
    typing.follow("Send my evidence", 1);
    typing.until("You have been counted");
}
