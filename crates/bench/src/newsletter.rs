//! A letter to everybody who subscribed: how fast it goes out, and who gets it twice or not at all when the server is killed in
//! the middle.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use futures_util::future::try_join_all;
use trial::{Browser, Delivered, Server, Smtp};

use crate::Settings;
use crate::site::{Engine, Install, NO_LIMIT, REVIEW};
use crate::table::{Table, whole};

/// The address that links in mail begin with.
const PUBLIC: &str = "https://review.example.org";
/// The most that the setting takes: what is measured is the product and not its rate.
const FASTEST: &str = "1000";
/// So many subscribe at the same time.
const HANDS: usize = 64;
/// For how long nothing may come before it is taken for lost.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measures it.
pub async fn measure(settings: &Settings) -> anyhow::Result<()> {
    let mut table =
        Table::new(&["engine", "subscribers", "letters a second", "seconds, the kill included", "doubled", "missing"]);
    for engine in settings.engines() {
        table.row(on(engine, settings).await?);
    }
    table.print("A newsletter, with kill -9 in the middle: nobody is to get it twice, and everybody once");
    Ok(())
}

async fn on(engine: Engine, settings: &Settings) -> anyhow::Result<[String; 6]> {
    let count = settings.subscribers;
    let (install, smtp) = (Install::new(engine, &settings.folkmoot()?)?, Smtp::start().await?);
    install.define_review()?;
    let mail = ["--smtp", &smtp.url(), "--mail-from", "review@review.example.org", "--mail-rate", FASTEST];
    let mut server = install.serve_with(&[&mail[..], &NO_LIMIT, &["--public-url", PUBLIC]].concat());
    subscribe(&server, &smtp, count).await?;

    let (before, [english, welsh]) = (smtp.count(), letter(&install)?);
    let send = ["newsletter", "send", REVIEW, &english, &welsh, "--no-wait"];
    install.run(&send)?;
    let half = wait(&smtp, before, count / 2).await?;
    server.kill9();
    let killed = Instant::now();
    server.start_again();
    let again = wait_all(&smtp, before, count).await?;
    let (rate, seconds) = (half.rate(count / 2), half.first.map_or(0.0, |first| (again - first).as_secs_f64()));
    println!("  {engine}: {:.1} seconds from the kill to the last letter", (again - killed).as_secs_f64());

    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for letter in smtp.delivered().split_off(before) {
        *times.entry(letter.to).or_default() += 1;
    }
    let doubled = times.values().filter(|times| **times > 1).count();
    let missing = count.saturating_sub(times.len());
    Ok([
        engine.to_string(),
        count.to_string(),
        whole(rate),
        format!("{seconds:.1}"),
        doubled.to_string(),
        missing.to_string(),
    ])
}

/// A part of the letters, until it was taken.
struct Part {
    /// When the first one came.
    first: Option<Instant>,
    /// When the last one of the part came.
    last: Instant,
}

impl Part {
    fn rate(&self, letters: usize) -> f64 {
        let took = self.first.map_or(0.0, |first| (self.last - first).as_secs_f64());
        f64::from(u32::try_from(letters).unwrap_or(u32::MAX)) / took.max(f64::EPSILON)
    }
}

/// Waits until so many more messages have come.
async fn wait(smtp: &Smtp, before: usize, count: usize) -> anyhow::Result<Part> {
    let (mut first, mut last, mut came) = (None, Instant::now(), 0);
    loop {
        let now = smtp.count() - before;
        if now > came {
            (came, last) = (now, Instant::now());
            first.get_or_insert(last);
        }
        if came >= count {
            return Ok(Part { first, last });
        }
        ensure!(last.elapsed() < PATIENCE, "{came} of {count} letters came, and no more");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Waits for all of them, and a moment longer for what comes twice; a letter that stays away is counted as missing.
async fn wait_all(smtp: &Smtp, before: usize, count: usize) -> anyhow::Result<Instant> {
    let (mut last, mut came) = (Instant::now(), 0);
    loop {
        let now = smtp.count() - before;
        if now > came {
            (came, last) = (now, Instant::now());
        }
        let enough = Duration::from_secs(if came >= count { 10 } else { 60 });
        if last.elapsed() > enough {
            return Ok(last);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Everybody asks for the newsletter on its page, gets the link by mail, and confirms.
async fn subscribe(server: &Server, smtp: &Smtp, count: usize) -> anyhow::Result<()> {
    let form = format!("/r/{REVIEW}/newsletter");
    let hands = |many: usize| (0..HANDS).map(move |hand| (hand..many).step_by(HANDS));
    try_join_all(hands(count).map(async |mine| {
        let mut visitor = server.browser().with_header("origin", PUBLIC);
        for number in mine {
            let address = format!("reader{number}@example.net");
            send(&mut visitor, &form, &[("address", &address)]).await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    wait(smtp, 0, count).await?;
    let links: Vec<String> = smtp.delivered().iter().map(confirming).collect::<anyhow::Result<_>>()?;
    try_join_all(hands(links.len()).map(async |mine| {
        let mut visitor = server.browser().with_header("origin", PUBLIC);
        for link in mine.filter_map(|number| links.get(number)) {
            send(&mut visitor, link, &[]).await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    Ok(())
}

/// Sends a form, again for as long as the server asks for patience.
async fn send(visitor: &mut Browser, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
    loop {
        match visitor.post_form(path, fields).await?.status {
            303 => return Ok(()),
            503 => tokio::time::sleep(Duration::from_millis(100)).await,
            status => bail!("{path} answers {status}"),
        }
    }
}

/// The path of the link that confirms.
fn confirming(mail: &Delivered) -> anyhow::Result<String> {
    let text = String::from_utf8_lossy(&mail.message).replace("=\r\n", "").replace("=3D", "=");
    let (_, rest) =
        text.split_once(&format!("{PUBLIC}/r/{REVIEW}/newsletter/confirm")).context("a mail without a link")?;
    let token: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != '"' && *c != '>').collect();
    Ok(format!("/r/{REVIEW}/newsletter/confirm{token}"))
}

/// A letter as long as letters are, in both languages.
fn letter(install: &Install) -> anyhow::Result<[String; 2]> {
    let write = |language: &str| {
        let file = install.data.path().join(format!("letter.{language}.md"));
        let text = "We have read what you told us, and this is what we make of it so far.\n\n".repeat(12);
        std::fs::write(&file, format!("What we have heard ({language})\n\n{text}"))?;
        anyhow::Ok(file.display().to_string())
    };
    Ok([write("en")?, write("cy")?])
}
