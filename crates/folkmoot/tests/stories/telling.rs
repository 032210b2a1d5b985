//! Telling people: mail that is sent, refused, delayed and broken off; and letters to everybody, killed in the middle.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use trial::{Browser, Delivered, Page, Server, Smtp, Whim};

use crate::told::{BINARY, Engine, Told, assert_done, said};

const PUBLIC: &str = "https://review.example.org";
const FORM: &str = "/r/trial/newsletter";
/// Where letters come back to.
const BOUNCES: &str = "bounces@review.example.org";

/// How many subscribe in the story of the kill; `FOLKMOOT_RECIPIENTS` asks for more.
fn recipients() -> usize {
    std::env::var("FOLKMOOT_RECIPIENTS").ok().and_then(|number| number.parse().ok()).unwrap_or(600)
}

fn serve(told: &Told, smtp: &str, rate: usize) -> Server {
    let rate = rate.to_string();
    let mail =
        ["--smtp", smtp, "--mail-from", "review@review.example.org", "--mail-bounces", BOUNCES, "--mail-rate", &rate];
    let others = ["--posts-per-minute", "0", "--sent-per-minute", "0", "--public-url", PUBLIC];
    Server::start(BINARY, &told.data(), told.database.as_deref(), &[mail.as_slice(), others.as_slice()].concat())
}

/// Somebody whose browser says that it comes from the public address.
fn visitor(server: &Server) -> Browser {
    server.browser().with_header("origin", PUBLIC)
}

async fn subscribe(server: &Server, address: &str) -> io::Result<Page> {
    visitor(server).post_form(FORM, &[("address", address)]).await
}

/// The path of the first link to that page in a message.
fn link(delivered: &Delivered, page: &str) -> String {
    let text = delivered.text();
    let (_, rest) = text.split_once(&format!("{PUBLIC}/r/trial/newsletter/{page}")).unwrap_or_else(|| panic!("{text}"));
    let token: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != '"' && *c != '>').collect();
    format!("{FORM}/{page}{token}")
}

fn header<'a>(text: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    text.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("no {name}: {text}"))
}

async fn subscribing(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let smtp = Smtp::start().await?;
    let server = serve(&told, &smtp.url(), 1_000);
    let mut ada = visitor(&server);
    assert!(ada.get(FORM).await?.text().contains("name=\"address\""));
    let asked = ada.post_form(FORM, &[("address", " Ada@Example.net ")]).await?;
    assert_eq!((asked.status, asked.location()), (303, Some("/r/trial/newsletter/asked")));
    let first = smtp.wait_for(1).await?.remove(0);
    assert_eq!((first.to.as_str(), first.from.as_str()), ("Ada@example.net", BOUNCES));
    assert_eq!(header(&first.text(), "Auto-Submitted"), "auto-generated");

    // Looking at the link confirms nothing, as programs do that read mail before people.
    let confirm = link(&first, "confirm");
    for _ in 0..2 {
        let page = ada.get(&confirm).await?;
        assert!(page.status == 200 && page.text().contains("Confirm my subscription"), "{}", page.text());
    }
    assert!(said(&told.run(&["newsletter", "list", "trial"])).contains("Subscribed: 0. Not confirmed yet: 1."));
    for _ in 0..2 {
        assert_eq!(visitor(&server).post_form(&confirm, &[]).await?.status, 303, "twice is once");
    }
    let mut browser = visitor(&server);
    browser.post_form(&confirm, &[]).await?;
    assert!(browser.follow().await?.text().contains("Your subscription has been confirmed."));
    assert!(said(&told.run(&["newsletter", "list", "trial"])).contains("Subscribed: 1. Not confirmed yet: 0."));

    // Asking again looks the same to whoever asks, and only the owner of the address learns more, once a day.
    for address in ["ada@example.net", "ADA@example.net", "somebody.else@example.net"] {
        let again = subscribe(&server, address).await?;
        assert_eq!((again.status, again.location()), (303, Some("/r/trial/newsletter/asked")));
    }
    smtp.wait_for(2).await?;

    // A letter to everybody, and one click ends it: without a cookie, in either type of form, without a redirect.
    let letters = ["en", "cy"].map(|language| {
        let file = told.folder.path().join(format!("may.{language}.md"));
        let text = format!("# What we heard ({language})\n\nRead [all of it]({PUBLIC}/r/trial).\n");
        std::fs::write(&file, text).map(|()| file.display().to_string())
    });
    let [english, welsh] = letters;
    let sent = assert_done(&told.run(&["newsletter", "send", "trial", &english?, &welsh?]));
    assert!(sent.contains("Sent: 1. Refused for good: 0."), "{sent}");
    let letter = smtp.delivered().pop().expect("the letter");
    let text = letter.text();
    assert!(letter.from.starts_with("bounces+") && letter.to == "Ada@example.net", "{letter:?}");
    assert_eq!(header(&text, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(text.contains("What we heard (en)") && text.contains(&format!("all of it <{PUBLIC}/r/trial>")), "{text}");
    let leave = link(&letter, "leave");
    let page = server.browser().get(&leave).await?;
    assert!(page.status == 200 && page.text().contains("Do you want to unsubscribe?"));
    assert!(said(&told.run(&["newsletter", "list", "trial"])).contains("Subscribed: 1."), "looking ends nothing");
    let left = server.browser().post_form(&leave, &[("List-Unsubscribe", "One-Click")]).await?;
    assert!(left.status == 200 && left.text().contains("You are unsubscribed"), "{}", left.text());
    assert_eq!(server.browser().post_form(&leave, &[]).await?.status, 200, "who is gone is gone");
    assert!(said(&told.run(&["newsletter", "list", "trial"])).contains("Subscribed: 0."));
    assert_eq!(visitor(&server).post_form(&confirm, &[]).await?.status, 404, "an old link brings nobody back");
    nothing_is_kept(&told, &server, "ada@example.net")
}

/// No address in the log or, on `SQLite`, in the file.
fn nothing_is_kept(told: &Told, server: &Server, address: &str) -> io::Result<()> {
    assert!(!server.log().to_ascii_lowercase().contains(address), "{}", server.log());
    if told.database.is_none() {
        let mut kept = std::fs::read(told.data().join("folkmoot.db"))?;
        kept.make_ascii_lowercase();
        let found = kept.windows(address.len()).any(|window| window == address.as_bytes());
        assert!(!found, "the address is still in the database");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_subscribing() -> io::Result<()> {
    subscribing(Engine::Sqlite).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_subscribing() -> io::Result<()> {
    subscribing(Engine::Postgres).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_delays_and_breaks_off_gets_each_message_in_the_end() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let smtp = Smtp::start().await?;
    let server = serve(&told, &smtp.url(), 1_000);
    smtp.whim(Whim::RefuseConnection("421 4.3.2 too busy".to_owned()));
    smtp.whim(Whim::BreakOff);
    subscribe(&server, "one@example.net").await?;
    smtp.wait_for(1).await?;
    smtp.whim(Whim::RefuseRecipient("550 5.1.1 no such person".to_owned()));
    subscribe(&server, "two@example.net").await?;
    until_logged(&server, "\"code\":550").await;
    smtp.whim(Whim::RefuseMessage("554 5.7.1 not wanted".to_owned()));
    subscribe(&server, "three@example.net").await?;
    until_logged(&server, "\"code\":554").await;
    subscribe(&server, "four@example.net").await?;
    let to: Vec<String> = smtp.wait_for(2).await?.into_iter().map(|delivered| delivered.to).collect();
    assert_eq!(
        to,
        ["one@example.net", "four@example.net"],
        "what is refused for good is given up, the others come once"
    );
    assert!(!server.log().contains("example.net") && server.log().contains("550"), "{}", server.log());
    Ok(())
}

async fn until_logged(server: &Server, what: &str) {
    for _ in 0..400 {
        if server.log().contains(what) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} is not logged: {}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_pages_offer_none() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = told.serve();
    let page = server.browser().get(FORM).await?.text();
    assert!(page.contains("This site sends no e-mail.") && !page.contains("name=\"address\""), "{page}");
    assert_eq!(server.browser().post_form(FORM, &[("address", "ada@example.net")]).await?.status, 404);
    let other = told.folder.path().join("other").display().to_string();
    let serve = ["serve", "--smtp", "smtp://localhost", "--mail-from", "a@example.org", "--data", &other];
    let refused = trial::run(BINARY, &serve);
    assert!(!refused.status.success() && said(&refused).contains("--public-url"), "{}", said(&refused));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_addresses_get_no_further_than_the_form() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let smtp = Smtp::start().await?;
    let server = serve(&told, &smtp.url(), 1_000);
    let long = format!("{}@example.net", "a".repeat(200_000));
    let mut hostile = vec![String::new(), long, "ada@example.net\r\nBcc: eve@example.net".to_owned()];
    for text in [
        "ada",
        "ada@",
        "@example.net",
        "ada@localhost",
        "ada@[127.0.0.1]",
        "\"ada\"@example.net",
        "ada@example.net,eve@example.net",
        "<script>alert(1)</script>@example.net",
        "ada@example.net\n",
        "ada@exam\u{0}ple.net",
        "a\u{202e}da@example.net",
        "ada@example.net>",
        "ada@example.net\r\nRCPT TO:<eve@example.net>",
        "%0d%0a@example.net",
        "ada@@example.net",
        "ädä@example.net",
    ] {
        hostile.push(text.to_owned());
    }
    let mut through = 0;
    for address in &hostile {
        let page = subscribe(&server, address).await?;
        assert!(matches!(page.status, 303 | 422), "{address:?}: {}", page.status);
        through += usize::from(page.status == 303);
        assert!(!page.text().contains("<script>alert"), "{address:?}");
    }
    // More than a form may hold; nobody need read all of it before the connection is closed.
    if let Ok(page) = subscribe(&server, &"x".repeat(300_000)).await {
        assert_eq!(page.status, 413);
    }
    // "ada@example.net\n" is one with white space around it; "%0d%0a" is what it looks like, and may stand there.
    assert_eq!(through, 2);
    assert_eq!(subscribe(&server, "ada@bücher.example").await?.status, 303);
    let mut to: Vec<String> = smtp.wait_for(3).await?.into_iter().map(|delivered| delivered.to).collect();
    to.sort();
    assert_eq!(to, ["%0d%0a@example.net", "ada@example.net", "ada@xn--bcher-kva.example"]);
    for token in ["", "x", "0123", &"f".repeat(32), &"f".repeat(5_000), "%00", "'%20or%201=1"] {
        let page = visitor(&server).get(&format!("{FORM}/confirm?t={token}")).await?;
        assert!(page.status == 404 && page.text().contains("does not work any more"), "{token}: {}", page.status);
        assert_eq!(visitor(&server).post_form(&format!("{FORM}/leave?t={token}"), &[]).await?.status, 200);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_gone_are_written_to_three_times() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let smtp = Smtp::start().await?;
    let server = serve(&told, &smtp.url(), 1_000);
    everybody_subscribes(&server, &smtp, 2).await?;
    for round in 0..3 {
        let before = smtp.count();
        assert!(send_letter(&told, &format!("Letter {round}")).contains("Sent: 2."));
        let letters = smtp.delivered().split_off(before);
        let returned = letters.iter().find(|letter| letter.to == "reader0@example.net").expect("the letter");
        let mailbox = told.folder.path().join("mailbox");
        std::fs::write(&mailbox, notification(&returned.from).repeat(2))?;
        let mailbox = mailbox.display().to_string();
        for _ in 0..2 {
            let read = said(&told.run(&["mail", "bounces", &mailbox]));
            assert!(read.contains("Read: 2. Refused for good: 2."), "{read}");
        }
        let left = if round < 2 { "Subscribed: 2." } else { "Subscribed: 1." };
        assert!(said(&told.run(&["newsletter", "list", "trial"])).contains(left), "round {round}");
    }
    Ok(())
}

/// What a mail server sends to the return path of a letter that it cannot deliver.
fn notification(to: &str) -> String {
    format!(
        "From MAILER-DAEMON Mon Nov 23 12:00:00 2026\nTo: <{to}>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSorry.\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n\
         Final-Recipient: rfc822; reader0@example.net\nAction: failed\nStatus: 5.1.1\n\n--b--\n\n"
    )
}

/// Sends a form again for as long as the server asks for patience.
async fn patiently(server: &Server, path: &str, fields: &[(&str, &str)]) -> io::Result<()> {
    for _ in 0..100 {
        match visitor(server).post_form(path, fields).await?.status {
            303 => return Ok(()),
            503 => tokio::time::sleep(Duration::from_millis(500)).await,
            status => panic!("{path}: {status}"),
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// `reader0@example.net` and so on ask, and confirm.
async fn everybody_subscribes(server: &Server, smtp: &Smtp, count: usize) -> io::Result<()> {
    for batch in (0..count).collect::<Vec<_>>().chunks(50) {
        let asking = batch.iter().map(|number| {
            let address = format!("reader{number}@example.net");
            async move { patiently(server, FORM, &[("address", address.as_str())]).await }
        });
        for asked in futures_util::future::join_all(asking).await {
            asked?;
        }
    }
    let mails = smtp.wait_for(count).await?;
    for batch in mails.chunks(50) {
        let confirming = batch.iter().map(|mail| async move { patiently(server, &link(mail, "confirm"), &[]).await });
        for confirmed in futures_util::future::join_all(confirming).await {
            confirmed?;
        }
    }
    Ok(())
}

fn letter_files(told: &Told, title: &str) -> [String; 2] {
    ["en", "cy"].map(|language| {
        let file = told.folder.path().join(format!("letter.{language}.md"));
        std::fs::write(&file, format!("{title}\n\nIt is {language}.\n")).expect("a file can be written");
        file.display().to_string()
    })
}

fn send_letter(told: &Told, title: &str) -> String {
    let [english, welsh] = letter_files(told, title);
    assert_done(&told.run(&["newsletter", "send", "trial", &english, &welsh]))
}

/// How many messages there are when no more come: what was in hand comes to its end.
async fn quiet(smtp: &Smtp) -> usize {
    let mut last = smtp.count();
    loop {
        tokio::time::sleep(Duration::from_secs(4)).await;
        match smtp.count() {
            count if count == last => return count,
            count => last = count,
        }
    }
}

/// Kills the server in the midst of a letter, again and again, stops and continues it: everybody gets it once.
async fn killed_in_the_middle(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let smtp = Smtp::start().await?;
    let count = recipients();
    let mut server = serve(&told, &smtp.url(), 300);
    everybody_subscribes(&server, &smtp, count).await?;
    let before = smtp.count();
    let [english, welsh] = letter_files(&told, "To everybody");
    let begin = ["newsletter", "send", "trial", &english, &welsh, "--no-wait"];
    assert_done(&told.run(&begin));
    let kills = 5;
    for round in 1..=kills {
        let deadline = std::time::Instant::now() + Duration::from_mins(10);
        while smtp.count() - before < count * round / (kills + 1) && std::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        server.kill9();
        assert!(smtp.count() - before < count, "round {round}: it was in the middle");
        server.start_again();
        assert!(assert_done(&told.run(&begin)).contains("begun before"));
        if round == 2 {
            assert!(assert_done(&told.run(&["newsletter", "stop", "trial"])).contains("Stopped: 1."));
            let stopped = quiet(&smtp).await;
            assert!(stopped - before < count, "it goes on although it was stopped");
            assert!(assert_done(&told.run(&["newsletter", "continue", "trial"])).contains("Continued: 1."));
        }
    }
    let sent = assert_done(&told.run(&begin[..5]));
    assert!(sent.contains(&format!("Sent: {count}. Refused for good: 0.")), "{sent}");
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for letter in smtp.delivered().split_off(before) {
        *times.entry(letter.to).or_default() += 1;
    }
    let twice = times.values().filter(|times| **times > 1).count();
    println!("{engine:?}: killed {kills} times, {count} recipients: {} missing, {twice} doubled", count - times.len());
    assert_eq!((times.len(), twice), (count, 0), "everybody gets it, and nobody twice");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_killed_in_the_middle() -> io::Result<()> {
    killed_in_the_middle(Engine::Sqlite).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_killed_in_the_middle() -> io::Result<()> {
    killed_in_the_middle(Engine::Postgres).await
}
