//! Reading a large review: what a search takes, and how long the index takes to be made anew from the events.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use trial::{Browser, Server};

use crate::Settings;
use crate::export::{MAP, write_rows};
use crate::load::{for_a_while, together};
use crate::pages::read;
use crate::site::{CALL, Install, REVIEW, Site};
use crate::table::{Table, at_least, at_most, millis, whole};

/// How many contributions are searched.
const ROWS: u32 = 100_000;
/// How long the index may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// What is looked for: words that nearly everybody used, a few, nobody; phrases; filters; pages deep inside.
const SEARCHES: [(&str, &str); 15] = [
    ("a word in every second contribution", "contributions?q=form"),
    ("three such words", "contributions?q=form+telephone+letter"),
    ("a word in one contribution", "contributions?q=77777"),
    ("a word in none", "contributions?q=zyzzyva"),
    ("a phrase", "contributions?q=%22session+has+ended%22"),
    ("words, page 100", "contributions?q=form&after=990"),
    ("words and four filters", "contributions?q=letter&verdict=failed&service=bus&place=leeds&kind=individual"),
    ("a verdict", "contributions?verdict=failed"),
    ("a nation, and all that lies in it", "contributions?place=england"),
    ("service, place and verdict of one example", "contributions?service=bus&place=yarmouth&verdict=works"),
    ("days, channel, language", "contributions?from=2020-01-01&until=2099-01-01&channel=import&language=en"),
    ("everything, the newest", "contributions"),
    ("the gallery", "examples?verdict=works"),
    ("figures", "heard"),
    ("the feed of a search", "contributions.atom?q=library&verdict=works"),
];

/// Measures both.
pub async fn measure(settings: &Settings) -> anyhow::Result<()> {
    for engine in settings.engines() {
        println!("\n== {engine}: {} contributions to read ==", whole(ROWS.into()));
        let install = Install::new(engine, &settings.folkmoot()?)?;
        fill(&install, ROWS)?;
        let mut server = install.serve();
        index(&server, ROWS).await?;
        at_rest(&server).await;
        server.terminate();
        std::fs::remove_dir_all(install.data.path().join("index"))?;
        let server = install.serve();
        let (seconds, cpu) = index(&server, ROWS).await?;
        let rows = f64::from(ROWS);
        println!(
            "\nThe index, made anew: {seconds:.1} s, {cpu:.1} CPU s; {} contributions and {} events a second ({})",
            whole(rows / seconds),
            whole(2.0 * rows / seconds),
            at_least(5_000.0, "/s", rows / seconds),
        );
        searches(&Site { server, install }, settings.seconds()).await?;
    }
    Ok(())
}

/// Brings the contributions over and publishes them.
pub fn fill(install: &Install, rows: u32) -> anyhow::Result<()> {
    install.define_review()?;
    let folder = tempfile::tempdir()?;
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (csv, map) = (file("rows.csv"), file("map.toml"));
    std::fs::write(&map, MAP)?;
    write_rows(Path::new(&csv), rows)?;
    install.run(&["import", "csv", &csv, "--review", REVIEW, "--call", CALL, "--map", &map])?;
    install.run(&["publish", "--review", REVIEW, "--all"])?;
    Ok(())
}

/// Waits until everything is found; the seconds that it took, by the clock and of the processor.
pub async fn index(server: &Server, rows: u32) -> anyhow::Result<(f64, f64)> {
    let (began, cpu) = (Instant::now(), server.cpu_seconds());
    let mut browser = server.browser();
    let all = format!("{} contributions", whole(rows.into()));
    while began.elapsed() < PATIENCE {
        let page = browser.get(&format!("/r/{REVIEW}/contributions?example=yes")).await?;
        if page.text().contains(&all) {
            return Ok((began.elapsed().as_secs_f64(), server.cpu_seconds() - cpu));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("the index was not whole after {} minutes", PATIENCE.as_secs() / 60)
}

/// Waits until the server has nothing to do behind the pages: beside the index it counts, for the first time.
async fn at_rest(server: &Server) {
    let mut spent = server.cpu_seconds();
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = server.cpu_seconds();
        if now - spent < 0.1 {
            return;
        }
        spent = now;
    }
}

/// One reader, one search after the other.
async fn searches(site: &Site, time: Duration) -> anyhow::Result<()> {
    let mut table = Table::new(&["search", "p50 ms", "p95 ms", "server CPU ms", "database CPU ms", "target"]);
    for (name, page) in SEARCHES {
        let path = format!("/r/{REVIEW}/{page}");
        let visitors = vec![(site.server.browser(), for_a_while(time, path.as_str()))];
        let step = async |browser: &mut Browser, path: &str| read(browser, path).await;
        let m = together(site, visitors, step).await.with_context(|| page.to_owned())?;
        let p95 = m.late.as_secs_f64() * 1_000.0;
        table.row([
            name.to_owned(),
            millis(m.median),
            millis(m.late),
            format!("{:.2}", m.server_cpu),
            format!("{:.2}", m.database_cpu),
            at_most(50.0, " ms", p95),
        ]);
    }
    table.print("Searches, by one reader after the other");
    Ok(())
}
