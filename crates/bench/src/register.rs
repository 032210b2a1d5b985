//! The register: how fast leaves get their places and are published, what a proof takes, and what keeping it costs those who give
//! evidence.

use std::time::{Duration, Instant};

use anyhow::Context;
use trial::{Browser, Server};

use crate::Settings;
use crate::evidence::{self, Ready};
use crate::load::{Measured, together};
use crate::reading;
use crate::site::{Engine, Install, NO_LIMIT, REVIEW, Site};
use crate::submissions::{drafts, prepare};
use crate::table::{Table, at_least, at_most, millis, whole};

/// How many contributions get their places, with as many publications.
const CONTRIBUTIONS: u32 = 100_000;
/// How many receipts are asked for their proof.
const RECEIPTS: usize = 1_000;
/// How often submissions are measured with and without, in turns: what else the machine does falls on both.
const TURNS: usize = 3;
const PEOPLE: usize = 64;
/// A batch is due as soon as anything waits.
const AT_ONCE: [&str; 4] = ["--register-interval", "1", "--register-batch", "1"];
/// No batch is ever due.
const NEVER: [&str; 4] = ["--register-interval", "1000000000", "--register-batch", "1000000000"];
const PATIENCE: Duration = Duration::from_mins(10);

/// Measures all three.
pub async fn measure(settings: &Settings) -> anyhow::Result<()> {
    for engine in settings.engines() {
        println!("\n== {engine}: the register ==");
        let install = Install::new(engine, &settings.folkmoot()?)?;
        reading::fill(&install, CONTRIBUTIONS)?;
        // The index is made first: the processors belong to what is measured.
        let mut server = serve(&install, &NEVER);
        reading::index(&server, CONTRIBUTIONS).await?;
        server.terminate();
        let server = serve(&install, &AT_ONCE);
        sequencing(&server, &install).await?;
        proofs(&Site { server, install }).await?;
        submissions(engine, settings).await?;
    }
    Ok(())
}

fn serve(install: &Install, register: &[&str]) -> Server {
    install.serve_with(&[&NO_LIMIT, register].concat())
}

/// From the start of a server until a checkpoint covers everything that had waited: places in the database, tiles, signature.
async fn sequencing(server: &Server, install: &Install) -> anyhow::Result<()> {
    let (began, cpu) = (Instant::now(), server.cpu_seconds() + install.database_cpu());
    let leaves = 2 * u64::from(CONTRIBUTIONS);
    until_covered(&mut server.browser(), leaves).await?;
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), server.cpu_seconds() + install.database_cpu() - cpu);
    let rate = f64::from(2 * CONTRIBUTIONS) / seconds;
    println!(
        "\n{} leaves in order, in tiles, signed, each step durable: {seconds:.1} s, {cpu:.1} CPU s; {} leaves a second ({})",
        whole(f64::from(2 * CONTRIBUTIONS)),
        whole(rate),
        at_least(10_000.0, "/s", rate),
    );
    Ok(())
}

/// Waits until the published checkpoint has so many leaves.
async fn until_covered(browser: &mut Browser, leaves: u64) -> anyhow::Result<()> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if published(browser).await? >= leaves {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("not everything was in the register after {} minutes", PATIENCE.as_secs() / 60)
}

/// How many leaves the published checkpoint has: its second line says so.
async fn published(browser: &mut Browser) -> anyhow::Result<u64> {
    let checkpoint = browser.get("/register/checkpoint").await?;
    Ok(checkpoint.text().lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or(0))
}

/// Proofs of new receipts, from the register as large as it is now: one reader, one after the other.
async fn proofs(site: &Site) -> anyhow::Result<()> {
    let before = published(&mut site.server.browser()).await?;
    let ready = prepare(site, 1, RECEIPTS).await?;
    let mut cookies = Vec::new();
    for (mut browser, drafts) in ready {
        for draft in drafts {
            cookies.push(draft.cookie().to_owned());
            evidence::send(&mut browser, draft).await?;
        }
    }
    until_covered(&mut site.server.browser(), before + cookies.len() as u64).await?;
    let proof = format!("/r/{REVIEW}/receipt/proof");
    let read = async |browser: &mut Browser, cookie: String| {
        browser.set_cookie("folkmoot", &cookie);
        let proof = browser.get(&proof).await?;
        let is_proof = proof.status == 200 && proof.text().starts_with("c2sp.org/tlog-proof");
        if is_proof { Ok(()) } else { Err(std::io::Error::other("that was no proof")) }
    };
    let measured = together(site, vec![(site.server.browser(), cookies.into_iter())], read).await?;
    println!(
        "\nA proof from a register of {} leaves: p50 {} ms, p99 {} ms ({}), {:.2} CPU ms",
        whole(f64::from(u32::try_from(published(&mut site.server.browser()).await?)?)),
        millis(measured.median),
        millis(measured.slowest),
        at_most(5.0, " ms", measured.slowest.as_secs_f64() * 1_000.0),
        measured.server_cpu + measured.database_cpu,
    );
    Ok(())
}

/// The last POST, by many at once, where batches are sequenced all the while, and where none ever is.
async fn submissions(engine: Engine, settings: &Settings) -> anyhow::Result<()> {
    let mut table = Table::new(&["", "per second", "p50 ms", "p99 ms", "CPU ms", "leaves published"]);
    let mut rates = [0.0, 0.0];
    for turn in 1..=TURNS {
        for (kept, rate) in [true, false].into_iter().zip(&mut rates) {
            let (measured, leaves) = given(engine, settings, kept).await?;
            *rate += measured.rate;
            table.row([
                format!("{}, turn {turn}", if kept { "with" } else { "without" }),
                whole(measured.rate),
                millis(measured.median),
                millis(measured.slowest),
                format!("{:.3}", measured.server_cpu + measured.database_cpu),
                leaves.to_string(),
            ]);
        }
    }
    table.print("Durable submissions by 64 at once, with and without the register being kept");
    let percent = 100.0 * rates[0] / rates[1];
    println!("\n  with the register, {percent:.0} % of the rate without ({})", at_least(90.0, " %", percent));
    Ok(())
}

async fn given(engine: Engine, settings: &Settings, kept: bool) -> anyhow::Result<(Measured, u64)> {
    let install = Install::new(engine, &settings.folkmoot()?)?;
    install.define_review().context("the demonstration review cannot be defined")?;
    let server = serve(&install, if kept { &AT_ONCE } else { &NEVER });
    let site = Site { server, install };
    let ready = prepare(&site, PEOPLE, drafts(PEOPLE, settings.seconds())).await?;
    let visitors = ready.into_iter().map(|(browser, drafts): (Browser, Vec<Ready>)| (browser, drafts.into_iter()));
    let measured = together(&site, visitors.collect(), evidence::send).await?;
    Ok((measured, published(&mut site.server.browser()).await.unwrap_or(0)))
}
