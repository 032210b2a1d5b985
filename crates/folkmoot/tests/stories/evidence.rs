//! Somebody gives evidence; it is published, read, found, and withdrawn.

use std::io;

use crate::told::{CALL, Engine, Giving, Receipt, Told, assert_done, said, until};

const SECRET: &str = "zanzibar-canary";

on_both_engines!(
    evidence_from_the_first_page_to_its_withdrawal,
    what_is_not_public_is_not_shown,
    sending_twice_gives_one_receipt
);

async fn evidence_from_the_first_page_to_its_withdrawal(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    let pages: &[(&str, &[(&str, &str)])] = &[
        ("answer/short", &[("answer", "A line & <b>markup</b>")]),
        ("answer/long", &[("answer", "Two\r\n\r\nparagraphs about lighthouses")]),
        ("answer/yes", &[("answer", "unsure")]),
        ("answer/one", &[("answer", "other"), ("other", "By pigeon")]),
        ("answer/many", &[("answer", "bus"), ("answer", "train")]),
        ("answer/scale", &[("answer", "4")]),
        ("answer/number", &[("answer", "12")]),
        ("answer/date", &[("answer-day", "9"), ("answer-month", "3"), ("answer-year", "2026")]),
        (
            "answer/example",
            &[
                ("service", "Bus pass"),
                ("place", "Barry"),
                ("verdict", "works"),
                ("happened", "It came the next day."),
                ("model", "yes"),
            ],
        ),
        (
            "who",
            &[("kind", "union"), ("name", "Ada Tully"), ("organisation", "Union of Keepers"), ("members", "41,000")],
        ),
        ("release", &[("release", "public")]),
    ];
    for (page, fields) in pages {
        let saved = giving.post(page, fields).await?;
        assert_eq!(saved.status, 303, "{page}: {}", saved.text());
    }
    let check = giving.browser.get(&format!("{CALL}/check")).await?.text();
    for said in [
        "By pigeon",
        "lighthouses",
        "A line &#38; &#60;b&#62;markup",
        "It came the next day.",
        "Ada Tully",
        "9 March 2026",
    ] {
        assert!(check.contains(said), "{said} is not on the page to check");
    }
    let receipt = giving.send().await?;
    assert_eq!(receipt.words.len(), 8);

    // Nobody else sees it before it is published.
    let mut reader = server.browser();
    let page = format!("/r/trial/contributions/{}", receipt.reference);
    assert_eq!(reader.get(&page).await?.status, 404);
    assert_done(&told.run(&["publish", "--review", "trial", &receipt.reference]));
    let again = told.run(&["publish", "--review", "trial", &receipt.reference]);
    assert!(!again.status.success() && said(&again).contains("published already"), "{}", said(&again));
    let shown = reader.get(&page).await?;
    assert_eq!(shown.status, 200);
    for said in ["lighthouses", "Ada Tully", "Union of Keepers", "41,000", "Barry"] {
        assert!(shown.text().contains(said), "{said} is not shown");
    }

    // It is found by its words and by filters, and not by others.
    let found = |query: &str| format!("/r/trial/contributions?{query}");
    let holds = |page: &trial::Page| page.text().contains(&receipt.reference);
    assert!(holds(&until(&mut reader, &found("q=LIGHTHOUSE"), holds).await?), "a stem is found");
    for query in ["q=lighthouses+pigeon", "verdict=works", "kind=union", "call=all-kinds&verdict=works&q=pigeon"] {
        assert!(holds(&reader.get(&found(query)).await?), "{query}");
    }
    for query in ["q=submarine", "verdict=failed", "kind=individual", "call=late"] {
        assert!(!holds(&reader.get(&found(query)).await?), "{query}");
    }
    assert!(holds(&reader.get("/r/trial/contributions.atom").await?));

    strike_out_and_withdraw(&told, &server, &receipt).await
}

/// The rest of that story: a passage is struck out, and the author takes everything back.
async fn strike_out_and_withdraw(told: &Told, server: &trial::Server, receipt: &Receipt) -> io::Result<()> {
    let mut reader = server.browser();
    let page = format!("/r/trial/contributions/{}", receipt.reference);
    let found = |query: &str| format!("/r/trial/contributions?{query}");
    let redact = [
        "redact",
        &receipt.reference,
        "--review",
        "trial",
        "--question",
        "one",
        "--passage",
        "pigeon",
        "--reason",
        "names a bird",
    ];
    assert_done(&told.run(&redact));
    let shown = reader.get(&page).await?.text();
    assert!(!shown.contains("pigeon") && shown.contains("names a bird"), "{shown}");
    // Whoever follows the feed is told that what they have fetched is changed.
    let feed = reader.get("/r/trial/contributions.atom").await?.text();
    let entry = feed.split("<entry>").find(|entry| entry.contains(&receipt.reference)).unwrap_or_default();
    let moment =
        |name: &str| entry.split(&format!("<{name}>")).nth(1)?.split('<').next()?.parse::<jiff::Timestamp>().ok();
    assert!(moment("updated").is_some() && moment("updated") > moment("published"), "{entry}");
    assert!(!entry.contains("pigeon"), "{entry}");
    let missing = |page: &trial::Page| !page.text().contains(&receipt.reference);
    assert!(missing(&until(&mut reader, &found("q=pigeon"), missing).await?), "what is struck out is not found");

    // Somebody with the code, on another device, withdraws it.
    let mut elsewhere = server.browser();
    let code = receipt.words.join(" ").to_uppercase();
    let opened = elsewhere.post_form("/r/trial/receipt", &[("code", &code)]).await?;
    assert_eq!(opened.status, 303, "{}", opened.text());
    let page_of_receipt = elsewhere.follow().await?;
    assert_eq!(Receipt::read(&page_of_receipt).reference, receipt.reference);
    let csrf = page_of_receipt.field("csrf").unwrap_or_default();
    let download = elsewhere.get("/r/trial/receipt/download").await?;
    assert!(download.text().contains("By pigeon"), "one's own answers are whole");
    let withdrawn = elsewhere.post_form("/r/trial/receipt/withdraw", &[("csrf", &csrf)]).await?;
    assert_eq!(withdrawn.status, 303, "{}", withdrawn.text());
    assert_eq!(reader.get(&page).await?.status, 410);
    assert!(missing(&until(&mut reader, &found("q=lighthouse"), missing).await?));
    let after = elsewhere.get("/r/trial/receipt").await?.text();
    assert!(!after.contains("lighthouses"), "nothing of it is kept");
    Ok(())
}

async fn what_is_not_public_is_not_shown(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut unnamed = Giving::start(&server, CALL).await?;
    unnamed.post("who", &[("kind", "individual"), ("name", SECRET)]).await?;
    unnamed.answer_and_release("Seen by all, by nobody", "unnamed").await?;
    let unnamed = unnamed.send().await?;
    let mut use_only = Giving::start(&server, CALL).await?;
    use_only.answer_and_release(SECRET, "use-only").await?;
    let use_only = use_only.send().await?;
    let mut waiting = Giving::start(&server, CALL).await?;
    waiting.answer_and_release(SECRET, "public").await?;
    let waiting = waiting.send().await?;

    assert_done(&told.run(&["publish", "--review", "trial", &unnamed.reference]));
    let refused = told.run(&["publish", "--review", "trial", &use_only.reference]);
    assert!(!refused.status.success() && said(&refused).contains("not to be shown"), "{}", said(&refused));
    let export = told.folder.path().join("export");
    assert_done(&told.run(&["export", "--review", "trial", &export.display().to_string()]));

    let mut reader = server.browser();
    let listed = |page: &trial::Page| page.text().contains(&unnamed.reference);
    until(&mut reader, "/r/trial/contributions?q=nobody", listed).await?;
    let mut shown = String::new();
    for path in [
        "/r/trial",
        "/r/trial/contributions",
        "/r/trial/contributions?q=zanzibar",
        "/r/trial/contributions.atom",
        "/metrics",
    ] {
        shown += &reader.get(path).await?.text().replace("value=\"zanzibar\"", "");
    }
    shown += &reader.get(&format!("/r/trial/contributions/{}", unnamed.reference)).await?.text();
    for file in std::fs::read_dir(&export)? {
        shown += &std::fs::read_to_string(file?.path())?;
    }
    shown += &server.log();
    assert!(shown.contains("Seen by all"), "the unnamed one is shown");
    assert!(!shown.contains(SECRET), "a name or an answer that is not public is shown");
    for hidden in [&use_only, &waiting] {
        assert!(!shown.contains(&hidden.reference));
        assert_eq!(reader.get(&format!("/r/trial/contributions/{}", hidden.reference)).await?.status, 404);
    }
    assert!(!server.log().contains("127.0.0.1:") || server.log().contains("address"), "no visitor's address is logged");
    Ok(())
}

async fn sending_twice_gives_one_receipt(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    giving.answer_and_release("Once", "public").await?;
    let mut second = server.browser();
    second.set_cookie("folkmoot", giving.browser.cookie("folkmoot").unwrap_or_default());
    let (csrf, send) = (giving.csrf.clone(), format!("{CALL}/send"));
    let fields = [("csrf", csrf.as_str())];
    let (one, other) = tokio::join!(giving.browser.post_form(&send, &fields), second.post_form(&send, &fields));
    assert_eq!((one?.status, other?.status), (303, 303));
    let (one, other) = (Receipt::read(&giving.browser.follow().await?), Receipt::read(&second.follow().await?));
    assert_eq!(one, other);
    assert_eq!(one.words.len(), 8);
    let third = giving.browser.post_form(&send, &fields).await?;
    assert_eq!(third.status, 303);
    let counted = |page: &trial::Page| page.text().contains("<strong>1</strong>");
    let home = until(&mut server.browser(), "/r/trial", counted).await?;
    assert!(counted(&home), "{}", home.text());
    Ok(())
}
