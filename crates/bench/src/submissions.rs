//! How many people can give evidence at once: the last step alone, which makes it durable, and all steps.

use std::time::Duration;

use futures_util::future::try_join_all;
use trial::Browser;

use crate::bare::Bare;
use crate::evidence::{self, Ready};
use crate::load::{Measured, PEOPLE, for_a_while, together};
use crate::site::{Engine, Site};
use crate::table::{Table, at_least, at_most, millis, whole};

const HEADER: [&str; 8] = [
    "people",
    "per second",
    "p50 ms",
    "p99 ms",
    "server CPU ms",
    "database CPU ms",
    "bare page is faster by",
    "target",
];

/// Measures both.
pub async fn measure(site: &Site, time: Duration, bare: &Bare) -> anyhow::Result<()> {
    let mut table = Table::new(&HEADER);
    for people in PEOPLE {
        let ready = prepare(site, people, drafts(people, time)).await?;
        let visitors = ready.into_iter().map(|(browser, drafts)| (browser, drafts.into_iter())).collect();
        let measured = together(site, visitors, evidence::send).await?;
        table.row(cells(&measured, bare, &target(site.install.engine, &measured)));
    }
    table.print("Durable submissions: the last POST, of a draft with three answers");

    let mut table = Table::new(&HEADER);
    for people in PEOPLE {
        let visitors = (0..people).map(|_| (site.server.browser(), for_a_while(time, ()))).collect();
        let measured = together(site, visitors, async |browser, ()| evidence::give(browser).await).await?;
        table.row(cells(&measured, bare, ""));
    }
    table.print("The whole of it: begin, three questions, about you, release, check, send, receipt (10 requests)");
    Ok(())
}

/// About as many as can be sent in the time.
pub fn drafts(people: usize, time: Duration) -> usize {
    let a_second = match people {
        1 => 200,
        2..=16 => 1_000,
        _ => 2_000,
    };
    usize::try_from(time.as_secs()).unwrap_or(1).max(1) * a_second
}

/// Drafts for everybody, prepared by many at once, for that is not measured.
pub async fn prepare(site: &Site, people: usize, drafts: usize) -> std::io::Result<Vec<(Browser, Vec<Ready>)>> {
    let hands = people.clamp(64, 128);
    let prepared = try_join_all((0..hands).map(async |_| {
        let mut browser = site.server.browser();
        let mut ready = Vec::new();
        for _ in 0..drafts.div_ceil(hands) {
            ready.push(evidence::prepare(&mut browser).await?);
        }
        std::io::Result::Ok(ready)
    }))
    .await?;
    let mut visitors: Vec<(Browser, Vec<Ready>)> = (0..people).map(|_| (site.server.browser(), vec![])).collect();
    for (turn, ready) in prepared.into_iter().flatten().enumerate() {
        visitors[turn % people].1.push(ready);
    }
    Ok(visitors)
}

fn target(engine: Engine, measured: &Measured) -> String {
    if measured.people != 64 {
        return String::new();
    }
    let target = if engine == Engine::Sqlite { 2_000.0 } else { 1_000.0 };
    let cost = measured.server_cpu + measured.database_cpu;
    format!("{}; {}", at_least(target, "/s", measured.rate), at_most(1.0, " CPU ms", cost))
}

/// A row of figures.
fn cells(measured: &Measured, bare: &Bare, target: &str) -> [String; 8] {
    [
        measured.people.to_string(),
        whole(measured.rate),
        millis(measured.median),
        millis(measured.slowest),
        format!("{:.3}", measured.server_cpu),
        format!("{:.3}", measured.database_cpu),
        bare.times(measured),
        target.to_owned(),
    ]
}
