//! Somebody reads: narrows down, goes on to the next, cites a passage.

use std::io;

use trial::Browser;

use crate::told::{CALL, Engine, Giving, Told, assert_done, until};

on_both_engines!(what_is_found_is_read_one_after_the_other, a_body_takes_up_a_model);

/// Gives an example, and what is said at length; the reference.
async fn give(server: &trial::Server, example: [&str; 4], long: &str, language: &str) -> io::Result<String> {
    let [service, place, verdict, model] = example;
    let mut giving = Giving::start(server, &format!("{language}{CALL}")).await?;
    let happened = format!("{service} in {place}.\r\n\r\nA second paragraph.");
    let example =
        [("service", service), ("place", place), ("verdict", verdict), ("happened", &happened), ("model", model)];
    assert_eq!(giving.post("answer/example", &example).await?.status, 303);
    giving.answer_and_release(long, "public").await?;
    Ok(giving.send().await?.reference)
}

/// What was typed in another way, or cannot be meant; titles, the way back, names in the reader's language.
async fn lists_say_what_they_are(reader: &mut Browser, leeds: &str, cardiff: &str) -> io::Result<()> {
    let list = "/r/trial/contributions";
    // The reference is found without its hyphens; who asks for a place that is none is led to the words.
    let plain = leeds.replace('-', "").to_lowercase();
    assert!(reader.get(&format!("{list}?q={plain}")).await?.text().contains(&format!("contributions/{leeds}")));
    let nowhere = reader.get(&format!("{list}?place=pigeons")).await?.text();
    assert!(nowhere.contains("?q=pigeons\">Look for “pigeons” in what people said"), "{nowhere}");
    // What cannot be meant is told, and not taken for everything.
    let unread = reader.get(&format!("{list}?verdict=superb&from=2026/12/01")).await?.text();
    assert!(unread.contains("left out: verdict=superb, from=2026/12/01</p>"), "{unread}");
    assert!(!reader.get(&format!("{list}?verdict=Failed")).await?.text().contains("left out:"));
    // Lists have titles of their own.
    let title = |page: &str| page.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned);
    let narrowed = title(&reader.get(&format!("{list}?place=Wales&verdict=failed")).await?.text());
    assert!(narrowed.as_deref().is_some_and(|title| title.contains("Failed") && title.contains("Place: Wales")));
    // From the gallery one goes back to the gallery.
    let gallery = reader.get("/r/trial/examples?place=Wales").await?.text();
    let card = format!("/r/trial/contributions/{cardiff}?place=Wales&#38;example=yes");
    assert!(gallery.contains(&card), "{gallery}");
    let one = reader.get(&card.replace("&#38;", "&")).await?.text();
    assert!(one.contains("class=\"govuk-back-link\" href=\"/r/trial/examples?place=Wales\""), "{one}");
    // A listed place is called as its reader calls it.
    assert!(reader.get(&format!("{list}?place=Wales")).await?.text().contains("<div>Cardiff</div>"));
    assert!(reader.get(&format!("/cy{list}?place=Wales")).await?.text().contains("<div>Caerdydd</div>"));
    Ok(())
}

async fn what_is_found_is_read_one_after_the_other(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let leeds = give(&server, ["Bus pass", "Leeds", "failed", ""], "Slow pigeons", "").await?;
    let york = give(&server, ["Bus pass", "York", "works", "yes"], "Quick pigeons", "").await?;
    let cardiff = give(&server, ["Tocyn bws", "Caerdydd", "failed", ""], "Colomennod", "/cy").await?;
    for reference in [&leeds, &york, &cardiff] {
        assert_done(&told.run(&["publish", "--review", "trial", reference]));
    }
    let mut reader = server.browser();
    let list = "/r/trial/contributions";
    let all = until(&mut reader, &format!("{list}?example=yes"), |page| page.text().contains(&cardiff)).await?;
    assert!(all.text().contains("3 contributions"), "{}", all.text());

    // All that is asked of an example must be true of the same one.
    let both = [&leeds, &york, &cardiff];
    for (query, expected) in [
        ("service=bus&place=LEEDS", vec![&leeds]),
        ("service=bus", vec![&leeds, &york]),
        ("verdict=failed&place=york", vec![]),
        ("place=yorkshire", vec![&leeds, &york]),
        ("place=E08000035", vec![&leeds]),
        ("place=england&verdict=works", vec![&york]),
        ("place=Wales", vec![&cardiff]),
        ("place=Cardiff", vec![&cardiff]),
        ("place=caerd", vec![&cardiff]),
        ("place=Scotland", vec![]),
        ("verdict=failed", vec![&leeds, &cardiff]),
        ("model=yes", vec![&york]),
        ("language=cy", vec![&cardiff]),
        ("channel=web&from=2020-01-01&until=2099-01-01", vec![&leeds, &york, &cardiff]),
        ("until=2020-01-01", vec![]),
        ("channel=paper", vec![]),
        ("late=yes", vec![]),
        ("service=%25", vec![]),
        ("q=pigeon&verdict=works", vec![&york]),
    ] {
        let page = reader.get(&format!("{list}?{query}")).await?;
        assert_eq!(page.status, 200, "{query}");
        for reference in both {
            let shown = page.text().contains(&format!("contributions/{reference}"));
            assert_eq!(shown, expected.contains(&reference), "{query}: {reference}");
        }
        let feed = reader.get(&format!("{list}.atom?{query}")).await?.text();
        assert_eq!(feed.matches("<entry>").count(), expected.len(), "{query}: {feed}");
    }

    // One slip away from what was said here: offered where it finds something, and only there.
    for (typed, meant) in [
        ("q=pigoens", Some("pigeons")),
        ("q=pigens", Some("pigeons")),
        ("q=xigeons", Some("pigeons")),
        ("q=quick+pigeonss", Some("quick pigeons")),
        ("q=pigoens&verdict=failed&place=york", None),
        ("q=pxgxons", None),
        ("q=%22pigoens%22", None),
    ] {
        let page = reader.get(&format!("{list}?{typed}")).await?.text();
        let offered = page.split_once("Did you mean ").and_then(|(_, rest)| rest.split_once('?'));
        assert_eq!(offered.map(|(words, _)| words), meant, "{typed}: {page}");
    }

    // From one to the next of what was found, and of all.
    let one = reader.get(&format!("{list}/{cardiff}?verdict=failed")).await?.text();
    assert!(one.contains(&format!("{list}/{leeds}?verdict=failed\" rel=\"next\"")), "{one}");
    assert!(!one.contains("rel=\"prev\"") && one.contains(&format!("{list}?verdict=failed")), "{one}");
    let found = reader.get(&format!("{list}?q=pigeons")).await?.text();
    assert!(found.contains("?q=pigeons&#38;at=0") && found.contains("?q=pigeons&#38;at=1"), "{found}");
    let first = if found.contains(&format!("{leeds}?q=pigeons&#38;at=0")) { [&leeds, &york] } else { [&york, &leeds] };
    let second = reader.get(&format!("{list}/{}?q=pigeons&at=1", first[1])).await?.text();
    assert!(second.contains(&format!("{list}/{}?q=pigeons&#38;at=0\" rel=\"prev\"", first[0])), "{second}");
    assert!(second.contains("<mark>pigeons</mark>") && !second.contains("rel=\"next\""), "{second}");
    let plain = reader.get(&format!("{list}/{york}")).await?.text();
    assert!(plain.contains(&format!("{list}/{cardiff}\" rel=\"prev\"")), "{plain}");
    assert!(plain.contains(&format!("{list}/{leeds}\" rel=\"next\"")), "{plain}");
    assert!(plain.contains("id=\"answer.example.2\""), "{plain}");
    let cite = reader.get(&format!("{list}/{york}/cite")).await?.text();
    assert!(cite.contains("#answer.example.2:~:text=A%20second%20paragraph."), "{cite}");

    lists_say_what_they_are(&mut reader, &leeds, &cardiff).await?;

    // The gallery tells works from failed.
    let failed = reader.get("/r/trial/examples?verdict=failed").await?.text();
    assert!(failed.contains(&leeds) && failed.contains(&cardiff) && !failed.contains(&york), "{failed}");
    assert!(failed.contains("Failed (2)") && failed.contains("Models (1)"), "{failed}");

    // Nothing that can be typed breaks it.
    for query in [
        "at=18446744073709551615&q=pigeon",
        "at=-1&q=a",
        "after=99999999999999999999&q=a",
        "q=%22%22%22",
        "from=9999-12-31",
    ] {
        for page in [list.to_owned(), format!("{list}/{york}"), "/r/trial/examples".to_owned(), format!("{list}.atom")]
        {
            assert_eq!(reader.get(&format!("{page}?{query}")).await?.status, 200, "{page}?{query}");
        }
    }
    Ok(())
}

async fn a_body_takes_up_a_model(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let york = give(&server, ["Bus pass", "York", "works", "yes"], "Quick", "").await?;
    let leeds = give(&server, ["Bus pass", "Leeds", "works", ""], "Slow", "").await?;
    let mut browser = server.browser();
    let model = format!("/r/trial/models/{york}/example");
    assert_eq!(browser.get(&model).await?.status, 404, "it is not published");
    // Nobody is as quick as a story.
    assert_done(&told.run(&["spam", "clear", "--review", "trial", "--sign", "quick"]));
    assert_done(&told.run(&["publish", "--review", "trial", "--all"]));
    assert_eq!(browser.get(&format!("/r/trial/models/{leeds}/example")).await?.status, 404, "it is no model");
    assert_eq!(browser.get(&format!("/r/trial/models/{york}/long")).await?.status, 404);

    let form = browser.get(&model).await?;
    let once = form.field("once").unwrap_or_default();
    let refused =
        browser.post_form(&model, &[("once", &once), ("sentence", "We will"), ("contact", "it@barry")]).await?;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("We will</textarea>") && refused.text().contains("value=\"it@barry\""));
    let said = [
        ("once", once.as_str()),
        ("body", "Council of Barry"),
        ("contact", "it@barry.example"),
        ("sentence", "We will, in spring."),
    ];
    for _ in 0..2 {
        assert_eq!(browser.post_form(&model, &said).await?.status, 303, "sent twice, it is kept once");
    }
    assert!(!browser.get(&model).await?.text().contains("Council of Barry"), "the team has not let it through");

    let list = |what: &str| assert_done(&told.run(&["take-up", "list", "--review", "trial"])).contains(what);
    assert!(list("Council of Barry; it@barry.example") && list("Waiting: 1. Shown: 0."));
    let listed = assert_done(&told.run(&["take-up", "list", "--review", "trial"]));
    let id = listed.split_whitespace().next().unwrap_or_default().to_owned();
    assert_done(&told.run(&["take-up", "show", &id, "--review", "trial"]));
    assert!(!told.run(&["take-up", "show", &id, "--review", "trial"]).status.success(), "once is enough");
    let shown = browser.get(&model).await?.text();
    assert!(shown.contains("Council of Barry") && shown.contains("We will, in spring."), "{shown}");

    // Everybody may have it, but for how to reach the body.
    let export = told.folder.path().join("export");
    assert_done(&told.run(&["export", "--review", "trial", &export.display().to_string()]));
    let table = std::fs::read_to_string(export.join("take_ups.csv"))?;
    assert!(
        table.contains(&format!("{york},all-kinds,example,Council of Barry,\"We will, in spring.\",en,")),
        "{table}"
    );
    let events = std::fs::read_to_string(export.join("events.csv"))?;
    assert!(events.contains("taken-up"), "{events}");
    let mut everything = shown + &server.log();
    for file in std::fs::read_dir(&export)? {
        everything += &std::fs::read_to_string(file?.path())?;
    }
    assert!(!everything.contains("it@barry"), "how to reach the body is shown");

    assert_done(&told.run(&["take-up", "refuse", &id, "--review", "trial"]));
    assert!(list("Waiting: 0. Shown: 0."));
    assert!(!browser.get(&model).await?.text().contains("Council of Barry"));
    Ok(())
}
