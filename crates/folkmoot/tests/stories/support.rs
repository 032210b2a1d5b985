//! Somebody needs help to give evidence, offers help, tells a story, and leaves in a hurry.

use std::io;
use std::path::Path;

use crate::told::{Engine, Giving, Told, assert_done, said, until, words};

on_both_engines!(
    somebody_near_is_found,
    an_offer_is_looked_at_shown_and_taken_back,
    a_story_is_told_and_found_as_one,
    sensitive_pages_leave_nothing_behind,
    leaving_a_sensitive_page_closes_what_was_written,
);

const HELP: &str = "/r/support/help";

fn told(engine: Engine) -> Told {
    let told = Told::on(engine);
    let review = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/support.toml");
    assert_done(&told.run(&["review", "apply", &review.display().to_string()]));
    assert!(
        assert_done(&told.run(&["review", "apply", &review.display().to_string()])).contains("Nothing has changed")
    );
    told
}

async fn somebody_near_is_found(engine: Engine) -> io::Result<()> {
    let told = told(engine);
    let server = told.serve();
    let mut browser = server.browser();
    let leeds = browser.get(&format!("{HELP}?place=leeds")).await?.text();
    assert!(leeds.contains("In Leeds") && leeds.contains("Leeds Library") && leeds.contains("hearing loop"), "{leeds}");
    assert!(leeds.contains("The Line") && !leeds.contains("Cardiff Kitchen"), "{leeds}");
    let welsh = browser.get(&format!("/cy{HELP}?place=leeds")).await?.text();
    assert!(welsh.contains("Dydd Llun") && welsh.contains("Wrdw"), "{welsh}");
    let several = browser.get(&format!("{HELP}?place=newc")).await?.text();
    assert!(several.contains("?place=E08000021") && !several.contains("The Line"), "{several}");
    for nonsense in ["place=%00%ff", "place=%22%3E&kind=dancing", "kind=%C3%28", "place=+"] {
        assert_eq!(browser.get(&format!("{HELP}?{nonsense}")).await?.status, 200, "{nonsense}");
    }
    // Before you start, with what the team gives and nothing that it does not.
    let before = browser.get("/r/support/calls/plain/before").await?.text();
    assert!(before.contains("18001 0808 157 0000") && !before.contains("British Sign Language"), "{before}");
    assert_eq!(browser.get("/r/support/calls/plain/questionnaire").await?.status, 200);
    assert_eq!(browser.get("/r/support/learn/what-counts").await?.status, 200);
    assert_eq!(browser.get("/r/support/learn/helping").await?.status, 404, "the team hides it");
    // Every row that is wrong is told with its line, and nothing is applied.
    let folder = told.folder.path().join("wrong");
    std::fs::create_dir(&folder)?;
    let review = include_str!("support.toml");
    std::fs::write(folder.join("review.toml"), review)?;
    std::fs::write(folder.join("support-help.csv"), "name,help,telephone\nA,dancing,1\nB,online,\n")?;
    let refused = told.run(&["review", "apply", &folder.join("review.toml").display().to_string()]);
    let why = said(&refused);
    assert!(!refused.status.success() && why.contains("support-help.csv line 2: `help` \"dancing\""), "{why}");
    assert!(why.contains("support-help.csv line 3: `name` needs a way to get there"), "{why}");
    Ok(())
}

async fn an_offer_is_looked_at_shown_and_taken_back(engine: Engine) -> io::Result<()> {
    let told = told(engine);
    let server = told.serve();
    let mut browser = server.browser();
    let form = browser.get(HELP).await?;
    let once = form.field("once").unwrap_or_default();
    let refused =
        browser.post_form(HELP, &[("once", &once), ("name", "Ada Tully"), ("contact", "ada@example.org")]).await?;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"Ada Tully\"") && refused.text().contains("value=\"ada@example.org\""));
    assert_eq!(refused.field("once").as_ref(), Some(&once), "the form stays the same one");

    let offered = [
        ("once", once.as_str()),
        ("name", "Ada Tully"),
        ("place", "Leeds"),
        ("place-offer", ""),
        ("help", "home"),
        ("help", "writing"),
        ("spoken", "Punjabi"),
        ("sentence", "I bring a tablet."),
        ("contact", "ada@example.org"),
        ("consent", "yes"),
    ];
    let first = browser.post_form(HELP, &offered).await?;
    assert_eq!(first.status, 200, "{}", first.text());
    let second = browser.post_form(HELP, &offered).await?;
    let code = words(&first);
    assert_eq!((code.len(), &words(&second)), (8, &code), "sent twice, it is one offer with the same words");

    let run = |arguments: &[&str]| told.run(&[&["help-offer"], arguments, &["--review", "support"]].concat());
    let listed = assert_done(&run(&["list"]));
    assert!(
        listed.contains("Waiting: 1. Shown: 0.") && listed.contains("ada@example.org (for the team only)"),
        "{listed}"
    );
    let directory = format!("{HELP}?place=leeds");
    assert!(!browser.get(&directory).await?.text().contains("Ada Tully"), "nobody has looked at it");
    let reference = listed.split_whitespace().next().unwrap_or_default().to_owned();
    assert!(first.text().contains(&reference), "{}", first.text());
    assert_done(&run(&["show", &reference]));
    assert!(!run(&["show", &reference]).status.success(), "once is enough");
    let shown = browser.get(&directory).await?.text();
    assert!(shown.contains("Ada Tully") && shown.contains("Punjabi"), "{shown}");
    assert!(!shown.contains("ada@example.org"), "nobody agreed to that");

    let export = told.folder.path().join("export");
    assert_done(&told.run(&["export", "--review", "support", &export.display().to_string()]));
    let table = std::fs::read_to_string(export.join("help.csv"))?;
    assert!(table.contains(&format!("Ada Tully,{reference},,E08000035,writing;home,Punjabi")), "{table}");
    assert!(
        table.contains("Leeds Library,,,E08000035,online;writing,en;ur,step-free;hearing-loop,0113 496 0000"),
        "{table}"
    );
    for file in std::fs::read_dir(&export)? {
        let file = file?.path();
        assert!(!std::fs::read_to_string(&file)?.contains("ada@example.org"), "{}", file.display());
    }
    assert!(std::fs::read_to_string(export.join("events.csv"))?.contains("help-shown"));

    // It goes by its words, and by nothing else.
    let withdraw = format!("{HELP}/withdraw");
    let wrong =
        browser.post_form(&withdraw, &[("code", "abandon ability able about above absent absorb abstract")]).await?;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("abandon ability") && wrong.text().contains("No offer of help"), "{}", wrong.text());
    assert_eq!(browser.post_form(&withdraw, &[("code", &code.join(" "))]).await?.status, 200);
    assert!(!browser.get(&directory).await?.text().contains("Ada Tully"));
    assert!(assert_done(&run(&["list"])).contains("Waiting: 0. Shown: 0."));
    assert_eq!(browser.post_form(&withdraw, &[("code", &code.join(" "))]).await?.status, 422, "it is gone");
    Ok(())
}

async fn a_story_is_told_and_found_as_one(engine: Engine) -> io::Result<()> {
    let told = told(engine);
    let server = told.serve();
    let mut telling = Giving::start(&server, "/r/support/calls/story").await?;
    let first = telling.browser.get("/r/support/calls/story/answer/happened").await?.text();
    assert!(first.contains("as much or as little as you like") && !first.contains("question 1 of"), "{first}");
    let long = "It was dark. ".repeat(1_000);
    assert_eq!(telling.post("answer/happened", &[("answer", &long)]).await?.status, 303, "there is room for it");
    let next = telling.browser.follow().await?.text();
    assert!(
        next.contains("Did you tell anybody?") && next.contains("1 of 1") && next.contains("Skip this question"),
        "{next}"
    );
    assert_eq!(telling.post("release", &[("release", "unnamed")]).await?.status, 303);
    let story = telling.send().await?.reference;
    let mut plain = Giving::start(&server, "/r/support/calls/plain").await?;
    plain.answer_and_release("No story.", "public").await?;
    let answer = plain.send().await?.reference;
    // Nobody is as quick as a story.
    assert_done(&told.run(&["spam", "clear", "--review", "support", "--sign", "quick"]));
    assert_done(&told.run(&["publish", "--review", "support", "--all"]));
    let mut reader = server.browser();
    // Whoever reads a story of a sensitive call can leave in a hurry, and no index of a search engine has it.
    for page in ["", "/cite"] {
        let shown = reader.get(&format!("/r/support/contributions/{story}{page}")).await?;
        assert_eq!((shown.status, shown.header("cache-control")), (200, Some("no-store")));
        let html = shown.text();
        assert!(
            html.contains("data-fm-exit") && html.contains("content=\"noindex\"") && !html.contains("og:"),
            "{html}"
        );
    }
    let open = reader.get(&format!("/r/support/contributions/{answer}")).await?.text();
    assert!(!open.contains("data-fm-exit") && !open.contains("content=\"noindex\""), "{open}");
    let map = reader.get("/r/support/sitemap.xml").await?.text();
    assert!(map.contains(&answer) && !map.contains(&story), "{map}");
    assert_eq!(reader.get("/r/support/calls/story/picture.png").await?.status, 404);
    let list = "/r/support/contributions?form=story";
    let found = until(&mut reader, list, |page| page.text().contains(&story)).await?.text();
    assert!(found.contains(&story) && !found.contains(&answer), "{found}");
    // So it is with a list that shows it; a feed, which has no way out, names it and does not tell it.
    assert!(found.contains("data-fm-exit") && found.contains("content=\"noindex\""), "{found}");
    let feed = reader.get("/r/support/contributions.atom").await?;
    assert_eq!(feed.header("x-robots-tag"), Some("noindex"));
    let entries: Vec<String> = feed.text().split("<entry>").skip(1).map(str::to_owned).collect();
    let tells = |reference: &str| {
        let entry = entries.iter().find(|entry| entry.contains(reference));
        entry.unwrap_or_else(|| panic!("{reference} is not in the feed")).contains("<summary")
    };
    assert!(!tells(&story) && tells(&answer), "{}", feed.text());
    // The home page is for everybody, search engines too: it has what may stand there.
    let home = reader.get("/r/support").await?.text();
    assert!(home.contains(&answer) && !home.contains(&story), "{home}");
    assert!(!home.contains("data-fm-exit") && !home.contains("content=\"noindex\""), "{home}");
    let others =
        until(&mut reader, "/r/support/contributions?form=questions", |page| page.text().contains(&answer)).await?;
    assert!(!others.text().contains(&story));
    let export = told.folder.path().join("export");
    assert_done(&told.run(&["export", "--review", "support", &export.display().to_string()]));
    let table = std::fs::read_to_string(export.join("contributions.csv"))?;
    let form = |reference: &str| {
        let row = table.lines().find(|line| line.starts_with(reference)).unwrap_or_default();
        row.rsplit(',').next().unwrap_or_default().to_owned()
    };
    assert_eq!((form(&story).as_str(), form(&answer).as_str()), ("story", "questions"), "{table}");
    Ok(())
}

async fn sensitive_pages_leave_nothing_behind(engine: Engine) -> io::Result<()> {
    let told = told(engine);
    let server = told.serve();
    let mut browser = server.browser();
    let kept =
        |page: &trial::Page| page.headers.get("cache-control").and_then(|value| value.to_str().ok()).map(str::to_owned);
    for path in ["calls/story", "calls/story/before", "calls/story/questionnaire", "receipt", "hide"] {
        let page = browser.get(&format!("/r/support/{path}")).await?;
        assert_eq!((page.status, kept(&page).as_deref()), (200, Some("no-store")), "{path}");
        let html = page.text();
        assert!(
            html.contains("href=\"https://example.org/weather\" rel=\"noreferrer nofollow\" data-fm-exit"),
            "{html}"
        );
        let title =
            html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(title, _)| title);
        assert!(!title.is_empty() && !title.contains("review") && !title.contains("story"), "{path}: {title}");
    }
    let plain = browser.get("/r/support/calls/plain/before").await?;
    assert_eq!(kept(&plain).as_deref(), Some("no-cache"));
    assert!(!plain.text().contains("data-fm-exit"));
    assert_eq!(browser.get("/r/trial/hide").await?.status, 404, "there is nothing to hide");
    let nothing = browser.get("/r/support/calls/story/check").await?;
    assert_eq!((nothing.status, kept(&nothing).as_deref()), (404, Some("no-store")));
    Ok(())
}

async fn leaving_a_sensitive_page_closes_what_was_written(engine: Engine) -> io::Result<()> {
    let told = told(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, "/r/support/calls/story").await?;
    let address = "/r/support/calls/story/answer/happened";
    assert_eq!(giving.post("answer/happened", &[("answer", "He reads my letters")]).await?.status, 303);
    let page = giving.browser.get(address).await?.text();
    for said in ["He reads my letters", "call 999", "also closes what you have saved"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let later = giving.browser.get("/r/support/calls/story/later").await?;
    let words = words(&later);
    // Another site cannot close it: it does not know the token.
    for forged in ["/r/support/leave", "/r/support/leave?from=00000000000000000000000000000000"] {
        let away = giving.browser.get(forged).await?;
        assert_eq!((away.status, away.location()), (303, Some("https://example.org/weather")));
        assert!(giving.browser.get(address).await?.text().contains("He reads my letters"), "{forged}");
    }
    let (_, from) = page.split_once("href=\"/r/support/leave?from=").expect("the way out closes what is open");
    let token = from.split('"').next().unwrap_or_default();
    let away = giving.browser.get(&format!("/r/support/leave?from={token}")).await?;
    assert_eq!((away.status, away.location()), (303, Some("https://example.org/weather")));
    assert_eq!((away.header("referrer-policy"), away.header("cache-control")), (Some("no-referrer"), Some("no-store")));
    let again = giving.browser.get(address).await?;
    assert_eq!(again.status, 404);
    assert!(!again.text().contains("He reads my letters"), "{}", again.text());
    // The words open it again, here too.
    giving.browser.post_form("/r/support/receipt", &[("code", &words.join(" "))]).await?;
    assert!(giving.browser.get(address).await?.text().contains("He reads my letters"));
    Ok(())
}
