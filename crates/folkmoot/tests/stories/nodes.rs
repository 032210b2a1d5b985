//! Two nodes on one `PostgreSQL` database.

use std::fmt::Write as _;
use std::io;

use crate::told::{BINARY, CALL, Engine, Giving, Told, assert_done, until};

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_do_each_job_once_and_show_the_same() -> io::Result<()> {
    let told = Told::on(Engine::Postgres);
    // Forty calls that have opened and closed: eighty things to be announced, once each.
    let template = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/trial.toml"))?;
    let mut definition =
        template.replace("slug = \"trial\"", "slug = \"many\"").replace("reference = \"TR\"", "reference = \"MN\"");
    for number in 0..40 {
        write!(
            definition,
            "\n[[call]]\nid = \"past-{number}\"\ntitle = {{ en = \"Past\", cy = \"Gynt\" }}\nproposition = {{ en = \"P\", cy = \"P\" }}\n\
             audiences = [\"individual\"]\nopens = 2021-01-01\ncloses = 2021-02-01\n[[call.question]]\nid = \"q\"\nkind = \"short-text\"\n\
             title = {{ en = \"Q\", cy = \"Q\" }}\n"
        )
        .map_err(io::Error::other)?;
    }
    let (one, other) = (told.serve_from("one"), told.serve_from("other"));
    let worker_folder = told.folder.path().join("worker").display().to_string();
    let database = told.database.clone().unwrap_or_default();
    let mut worker = std::process::Command::new(BINARY)
        .args(["work", "--data", &worker_folder, "--database", &database, "--secret", &told.secret()])
        .stderr(std::process::Stdio::null())
        .spawn()?;
    let file = told.folder.path().join("many.toml");
    std::fs::write(&file, definition)?;
    assert_done(&told.run(&["review", "apply", &file.display().to_string()]));

    // Evidence comes through both at once, page by page from whichever the load balancer picks.
    let mut references = Vec::new();
    for number in 0..20 {
        let (first, second) = if number % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let mut giving = Giving::start(first, CALL).await?;
        giving.answer_and_release(&format!("Through both, number {number}"), "public").await?;
        let mut moved = second.browser();
        moved.set_cookie("folkmoot", giving.browser.cookie("folkmoot").unwrap_or_default());
        giving.browser = moved;
        references.push(giving.send().await?.reference);
    }
    let publish = [vec!["publish", "--review", "trial"], references.iter().map(String::as_str).collect()].concat();
    assert_done(&told.run(&publish));
    for node in [&one, &other] {
        let all = |page: &trial::Page| page.text().contains("20 contributions");
        let page = until(&mut node.browser(), "/r/trial/contributions?q=both", all).await?;
        assert!(all(&page), "each node has its own index: {}", page.text());
    }

    // Two whole pages: the second leads to no third.
    let mut reader = one.browser();
    for words in ["q=both", "channel=web"] {
        let mut pages = vec![format!("/r/trial/contributions?{words}")];
        while let Some(address) = pages.last() {
            let page = reader.get(address).await?.text();
            let mut links = page.split("href=\"").filter(|link| link.contains("rel=\"next\""));
            let Some(next) = links.find_map(|link| link.split('"').next()) else { break };
            pages.push(next.replace("&#38;", "&"));
        }
        assert_eq!(pages.len(), 2, "{pages:?}");
    }

    // Everything was announced exactly once, whichever node did it.
    let export = told.folder.path().join("export");
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(2);
    let events = loop {
        assert_done(&told.run(&["export", "--review", "many", &export.display().to_string()]));
        let events = std::fs::read_to_string(export.join("events.csv"))?;
        let announced = |what: &str| (0..40).all(|number| events.contains(&format!(",{what},past-{number},")));
        if announced("call-opened") && announced("call-closed") || std::time::Instant::now() > deadline {
            break events;
        }
    };
    for number in 0..40 {
        for what in ["call-opened", "call-closed"] {
            assert_eq!(events.matches(&format!(",{what},past-{number},")).count(), 1, "{what} past-{number}\n{events}");
        }
    }
    let positions: Vec<usize> =
        events.lines().skip(1).filter_map(|line| line.split(',').next()?.parse().ok()).collect();
    assert_eq!(positions, (1..=positions.len()).collect::<Vec<_>>(), "places without gaps or repetitions");
    worker.kill()?;
    worker.wait()?;
    Ok(())
}
