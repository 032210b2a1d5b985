//! After it was sent: paper to keep, mail to oneself, and questions back from the team.

use std::io;

use trial::{Browser, Page, Server, Smtp};

use crate::told::{CALL, Engine, Giving, Receipt, Told, assert_done, postgres, said, until, words};

on_both_engines!(the_team_asks_and_is_answered, paper_is_for_its_holder, mail_to_oneself_leaves_no_address);

const RECEIPT: &str = "/r/trial/receipt";
const SECRET: &str = "the office with the green door";

/// Where those words still stand, in the database or in any file, after the server has ended.
fn where_kept(told: &Told, words: &str) -> io::Result<Vec<String>> {
    let dump = told.database.as_ref().map(|url| postgres().dump(url)).unwrap_or_default();
    let mut found = Vec::new();
    let mut look = |name: String, bytes: &[u8]| {
        if bytes.to_ascii_lowercase().windows(words.len()).any(|window| window == words.as_bytes()) {
            found.push(name);
        }
    };
    look("the dump".to_owned(), dump.as_bytes());
    let mut folders = vec![told.data()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                look(path.display().to_string(), &std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

async fn give(server: &Server, text: &str, release: &str) -> io::Result<(Giving, Receipt)> {
    let mut giving = Giving::start(server, CALL).await?;
    giving.answer_and_release(text, release).await?;
    let receipt = giving.send().await?;
    Ok((giving, receipt))
}

async fn post(giving: &mut Giving, page: &str, fields: &[(&str, &str)]) -> io::Result<Page> {
    let mut all = vec![("csrf", giving.csrf.as_str())];
    all.extend(fields);
    giving.browser.post_form(&format!("{RECEIPT}/{page}"), &all).await
}

async fn the_team_asks_and_is_answered(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let mut server = told.serve();
    let (mut giving, Receipt { reference, .. }) = give(&server, "They sent me away.", "public").await?;
    let run = |arguments: &[&str]| told.run(&[arguments, &["--review", "trial"]].concat());
    let asked = ["ask", &reference, "Which office was it?", "--by", "2098-01-31"];
    assert!(assert_done(&run(&asked)).contains("Asked."));
    assert!(said(&run(&["ask", "TR-222-2222", "Who?"])).contains("there is no contribution"));
    assert!(said(&run(&["ask", &reference, "  "])).contains("is empty"));

    // It waits on the receipt, with a form; what is wrong with an answer is said, and nothing typed is lost.
    let page = until(&mut giving.browser, RECEIPT, |page| page.text().contains("Counted")).await?.text();
    for said in ["Which office was it?", "31 January 2098", "With the team, to be read", "name=\"publish\"", "<time"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let empty = post(&mut giving, "reply", &[("asked", "asked-1"), ("reply", " ")]).await?;
    assert!(empty.status == 422 && empty.text().contains("id=\"reply-error\""), "{}", empty.text());
    let long = "x".repeat(4_001);
    let long = post(&mut giving, "reply", &[("asked", "asked-1"), ("reply", &long), ("publish", "yes")]).await?;
    assert!(long.status == 422 && long.text().contains(&"x".repeat(4_001)) && long.text().contains(" checked"));
    let forged = giving.browser.post_form(&format!("{RECEIPT}/reply"), &[("reply", "typed"), ("csrf", "0")]).await?;
    assert!(forged.status == 403 && forged.text().contains("typed"), "{}", forged.text());

    // Rather not; and then, after all.
    let declined = post(&mut giving, "reply", &[("asked", "asked-1"), ("decline", "yes")]).await?;
    assert_eq!(declined.status, 303, "{}", declined.text());
    let page = giving.browser.get(RECEIPT).await?.text();
    assert!(page.contains("rather not answer") && !page.contains("name=\"reply\""), "{page}");
    assert!(said(&run(&["replies", "list"])).contains(&format!("{reference} asked-1 declined, by 2098-01-31")));
    let page = giving.browser.get(&format!("{RECEIPT}?asked=asked-1")).await?.text();
    assert!(page.contains("name=\"reply\""), "{page}");
    let fields = [("asked", "asked-1"), ("reply", SECRET), ("publish", "yes")];
    for _ in 0..2 {
        assert_eq!(post(&mut giving, "reply", &fields).await?.status, 303, "twice is once");
    }
    let page = giving.browser.get(RECEIPT).await?.text();
    assert!(
        page.contains(SECRET) && page.contains("You answered the team") && !page.contains("name=\"reply\""),
        "{page}"
    );
    assert_eq!(page.matches(SECRET).count(), 1, "{page}");

    // Published with the contribution only when the team lets it through.
    assert_done(&run(&["publish", &reference]));
    let read = format!("/r/trial/contributions/{reference}");
    let mut reader = server.browser();
    let page = reader.get(&read).await?.text();
    assert!(page.contains("They sent me away.") && !page.contains(SECRET) && !page.contains("Which office"), "{page}");
    assert!(said(&run(&["replies", "list", "--csv"])).contains(&format!(
        "{reference},all-kinds,public,asked-1,Which office was it?,2098-01-31,may-be-shown,{SECRET},"
    )));
    assert!(!exported(&told, "replies.csv")?.contains(SECRET));
    assert!(assert_done(&run(&["replies", "show", &reference, "asked-1"])).contains("Shown wherever"));
    assert!(reader.get(&read).await?.text().contains(SECRET));
    assert!(exported(&told, "replies.csv")?.contains(SECRET));
    let events = exported(&told, "events.csv")?;
    assert!(events.contains("reply-shown") && !events.contains(",asked,") && !events.contains(",replied,"), "{events}");
    let passage = ["redact", &reference, "--question", "asked-1", "--passage", "green", "--reason", "a place"];
    assert_done(&run(&passage));
    let page = reader.get(&read).await?.text();
    assert!(page.contains("the office with the [redacted: a place] door"), "{page}");
    let page = giving.browser.get(RECEIPT).await?.text();
    assert!(page.contains("was published") && page.contains("A passage was struck out"), "{page}");

    // Withdrawing takes all of it away, and the timeline still tells.
    assert_eq!(post(&mut giving, "withdraw", &[]).await?.status, 303);
    let page = giving.browser.get(RECEIPT).await?.text();
    assert!(page.contains("The team asked you something") && page.contains("You withdrew it"), "{page}");
    assert!(!page.contains(SECRET) && !page.contains("Which office"), "{page}");
    assert!(said(&run(&["replies", "list"])).contains("Without an answer: 0. Answered: 0."));
    assert!(said(&run(&["ask", &reference, "Why?"])).contains("it has been withdrawn"));
    let late = post(&mut giving, "reply", &[("asked", "asked-1"), ("reply", "more")]).await?;
    assert_eq!(late.status, 303, "the receipt says what is so");
    server.terminate();
    assert_eq!(where_kept(&told, SECRET)?, [""; 0]);
    Ok(())
}

fn exported(told: &Told, table: &str) -> io::Result<String> {
    let folder = told.folder.path().join("export");
    assert_done(&told.run(&["export", "--review", "trial", &folder.display().to_string()]));
    std::fs::read_to_string(folder.join(table))
}

/// The words of a PDF, which must say what it is.
fn read_pdf(page: &Page, language: &str) -> String {
    assert_eq!((page.status, page.header("content-type")), (200, Some("application/pdf")));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let document = lopdf::Document::load_mem(&page.body).expect("a PDF");
    let catalog = document.catalog().expect("a catalogue");
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"MarkInfo") && catalog.has(b"Metadata"));
    let lang = catalog.get(b"Lang").and_then(lopdf::Object::as_str).expect("a language");
    assert_eq!(lang, language.as_bytes());
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).expect("its words").split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn paper_is_for_its_holder(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let (mut ada, receipt) = give(&server, "Roedd y tŷ heb ddŵr. Привет, 漢字.", "use-only").await?;
    give(&server, "The words of somebody else.", "public").await?;
    assert_done(&told.run(&["ask", &receipt.reference, "Since when?", "--review", "trial"]));
    let copy = read_pdf(&ada.browser.get(&format!("{RECEIPT}/copy.pdf")).await?, "en");
    for said in [
        "What you told the review",
        "At length?",
        "Roedd y tŷ heb ddŵr. Привет, \u{fffd}\u{fffd}.",
        "Since when?",
        &receipt.reference,
    ] {
        assert!(copy.contains(said), "{said}: {copy}");
    }
    assert!(copy.contains("for which this document has no letters") && !copy.contains("somebody else"), "{copy}");
    let page = ada.browser.get(&format!("{RECEIPT}/copy")).await?;
    assert!(page.text().contains("漢字") && page.header("cache-control") == Some("no-store"), "{}", page.text());
    let letter = read_pdf(&ada.browser.get(&format!("/cy{RECEIPT}/letter.pdf")).await?, "cy");
    assert!(
        receipt.words.iter().all(|word| letter.contains(word.as_str())) && letter.contains("0800 000 000"),
        "{letter}"
    );
    assert!(letter.contains("/cy/r/trial/receipt ") && letter.contains("Tudalen 1 o 1"), "{letter}");

    // Nobody else gets any of it, not by its name either.
    for page in ["copy", "copy.pdf", "letter", "letter.pdf", "mail"] {
        let mut stranger = server.browser();
        assert_eq!(stranger.get(&format!("{RECEIPT}/{page}?of={}", receipt.reference)).await?.status, 404, "{page}");
    }
    assert_eq!(post(&mut ada, "withdraw", &[]).await?.status, 303);
    let copy = read_pdf(&ada.browser.get(&format!("{RECEIPT}/copy.pdf")).await?, "en");
    assert!(
        !copy.contains("Привет") && !copy.contains("Since when?") && copy.contains("Nothing of what was written"),
        "{copy}"
    );
    read_pdf(&ada.browser.get(&format!("{RECEIPT}/letter.pdf")).await?, "en");
    Ok(())
}

const PUBLIC: &str = "https://review.example.org";

/// Somebody whose browser says that it comes from the public address.
fn visitor(server: &Server) -> Browser {
    server.browser().with_header("origin", PUBLIC)
}

async fn giving(server: &Server) -> io::Result<Giving> {
    let mut browser = visitor(server);
    let started = browser.post_form(&format!("{CALL}/start"), &[]).await?;
    assert_eq!(started.status, 303, "{}", started.text());
    let csrf = browser.follow().await?.field("csrf").expect("a token");
    Ok(Giving { browser, csrf, call: CALL.to_owned() })
}

fn message(smtp: &Smtp) -> String {
    smtp.delivered().pop().expect("a message").text()
}

async fn mail_to_oneself_leaves_no_address(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let smtp = Smtp::start().await?;
    let url = smtp.url();
    let mail = ["--smtp", &url, "--mail-from", "review@review.example.org", "--posts-per-minute", "0"];
    let arguments = [mail.as_slice(), &["--public-url", PUBLIC]].concat();
    let mut server = Server::start(crate::told::BINARY, &told.data(), told.database.as_deref(), &arguments);

    // The words that lead back to a draft, three times a day and no more.
    let mut ada = giving(&server).await?;
    ada.answer_and_release("Something for lanterns.", "public").await?;
    let later = ada.browser.get(&format!("{CALL}/later")).await?;
    assert!(later.text().contains("later/mail"), "{}", later.text());
    let words = words(&later);
    let wrong = ada.post("later/mail", &[("address", "ada@")]).await?;
    assert!(wrong.status == 422 && wrong.text().contains("value=\"ada@\""), "{}", wrong.text());
    let sent = ada.post("later/mail", &[("address", "Ada.Own@example.net")]).await?;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(ada.browser.follow().await?.text().contains("It is on its way"));
    smtp.wait_for(1).await?;
    let text = message(&smtp);
    assert!(text.contains(&words.join(" ")) && text.contains(&format!("{PUBLIC}/r/trial/receipt")), "{text}");
    assert!(text.contains("Kept until") && !text.contains("lanterns"), "{text}");

    // A copy of what was sent.
    ada.send().await?;
    let mut send = async |fields: &[(&str, &str)]| post(&mut ada, "mail", fields).await;
    assert_eq!(send(&[("address", "ada.own@example.net"), ("holds", "copy")]).await?.status, 303);
    smtp.wait_for(2).await?;
    let text = message(&smtp);
    assert!(text.contains("Something for lanterns.") && text.contains("At length?"), "{text}");
    assert_eq!(send(&[("address", "ada.own@example.net"), ("holds", "code")]).await?.status, 303);
    smtp.wait_for(3).await?;
    assert!(!message(&smtp).contains("lanterns"));
    let enough = send(&[("address", "ada.own@example.net")]).await?;
    assert!(enough.status == 422 && enough.text().contains("Three messages were sent"), "{}", enough.text());

    // What was given in confidence is not put into mail, whatever the form says.
    let mut eve = giving(&server).await?;
    eve.answer_and_release("Between the two of us.", "use-only").await?;
    eve.send().await?;
    let page = eve.browser.get(&format!("{RECEIPT}/mail")).await?.text();
    assert!(page.contains("E-mail is not private") && !page.contains("value=\"copy\""), "{page}");
    assert_eq!(post(&mut eve, "mail", &[("address", "eve.own@example.net"), ("holds", "copy")]).await?.status, 303);
    smtp.wait_for(4).await?;
    let text = message(&smtp);
    assert!(!text.contains("two of us") && text.contains("e-mail is not private"), "{text}");

    // What is refused for good is given up, and its address goes as well.
    smtp.whim(trial::Whim::RefuseRecipient("550 5.1.1 no such person".to_owned()));
    assert_eq!(post(&mut eve, "mail", &[("address", "nobody.own@example.net")]).await?.status, 303);
    for _ in 0..400 {
        if server.log().contains("\"code\":550") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(server.log().contains("\"code\":550") && !server.log().contains("own@example.net"), "{}", server.log());
    server.terminate();
    assert!(!where_kept(&told, "trial review")?.is_empty(), "what is kept is found");
    assert_eq!(where_kept(&told, "own@example.net")?, [""; 0]);

    // Without a mail server nothing is offered.
    let server = told.serve();
    let (mut ann, _) = give(&server, "No mail.", "public").await?;
    assert!(!ann.browser.get(RECEIPT).await?.text().contains("receipt/mail"));
    assert_eq!(ann.browser.get(&format!("{RECEIPT}/mail")).await?.status, 404);
    assert_eq!(post(&mut ann, "mail", &[("address", "ada.own@example.net")]).await?.status, 404);
    Ok(())
}
