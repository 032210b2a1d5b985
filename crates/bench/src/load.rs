//! Many people at once, and how long each of them waits.

use std::io;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use trial::Browser;

/// How many people are there at once, by turns.
pub const PEOPLE: [usize; 4] = [1, 16, 64, 256];

/// What a load took.
#[derive(Clone)]
pub struct Measured {
    /// How many at once.
    pub people: usize,
    /// How many a second.
    pub rate: f64,
    /// The time that half of them waited at most.
    pub median: Duration,
    /// The time that 95 in 100 waited at most.
    pub late: Duration,
    /// The time that 99 in 100 waited at most.
    pub slowest: Duration,
    /// Milliseconds of one processor for each, of the server.
    pub server_cpu: f64,
    /// The same, of the database's processes.
    pub database_cpu: f64,
}

/// Who pays: seconds of one processor that server and database have used so far.
pub trait Costs {
    fn cpu_seconds(&self) -> (f64, f64);
}

/// Lets each person do one `step` after another, as many as there is work for, and measures every step.
pub async fn together<W>(
    costs: &impl Costs,
    people: Vec<(Browser, impl Iterator<Item = W>)>,
    step: impl AsyncFn(&mut Browser, W) -> io::Result<()>,
) -> io::Result<Measured> {
    let count = people.len();
    let mut ready = Vec::with_capacity(count);
    for (mut browser, work) in people {
        // Connected, and heard of lately: the server may have closed a connection that waited for its turn.
        browser.get("/healthz").await?;
        ready.push((browser, work));
    }
    let before = at_rest(costs).await;
    let began = Instant::now();
    let step = &step;
    let waits = try_join_all(ready.into_iter().map(async |(mut browser, work)| {
        let mut waits = Vec::new();
        for piece in work {
            let began = Instant::now();
            step(&mut browser, piece).await?;
            waits.push(began.elapsed());
        }
        io::Result::Ok(waits)
    }))
    .await?;
    let seconds = began.elapsed().as_secs_f64();
    // What is done behind the pages because of all this counts, too.
    let after = at_rest(costs).await;
    let mut waits = waits.concat();
    waits.sort_unstable();
    let done = f64::from(u32::try_from(waits.len()).unwrap_or(u32::MAX)).max(1.0);
    Ok(Measured {
        people: count,
        rate: done / seconds,
        median: at(&waits, 50),
        late: at(&waits, 95),
        slowest: at(&waits, 99),
        server_cpu: (after.0 - before.0) * 1_000.0 / done,
        database_cpu: (after.1 - before.1) * 1_000.0 / done,
    })
}

/// What was used until nothing is left to do, or for half a minute.
async fn at_rest(costs: &impl Costs) -> (f64, f64) {
    let mut used = costs.cpu_seconds();
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = costs.cpu_seconds();
        let more = now.0 + now.1 - used.0 - used.1;
        used = now;
        // Looking out for work takes a little, always.
        if more < 0.03 {
            break;
        }
    }
    used
}

/// The value that `percent` of the sorted values do not exceed.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// The same piece of work again and again, until `time` has passed since the first.
pub fn for_a_while<W: Clone>(time: Duration, work: W) -> impl Iterator<Item = W> {
    let mut began = None;
    std::iter::from_fn(move || {
        let began = began.get_or_insert_with(Instant::now);
        (began.elapsed() < time).then(|| work.clone())
    })
}
