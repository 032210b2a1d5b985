//! Reading: the pages that most people see, by 64 at once.

use std::io;
use std::time::{Duration, Instant};

use trial::Browser;

use crate::bare::Bare;
use crate::evidence::{self, path, shown};
use crate::load::{for_a_while, together};
use crate::site::{REVIEW, Site};
use crate::table::{Table, at_least, millis, whole};

const READERS: usize = 64;

/// Reads one page.
pub async fn read(browser: &mut Browser, path: &str) -> io::Result<()> {
    shown(&browser.get(path).await?)
}

/// Publishes all that was sent, and reads.
pub async fn measure(site: &Site, time: Duration, bare: &Bare) -> anyhow::Result<()> {
    site.install.run(&["publish", "--review", REVIEW, "--all"])?;
    let list = format!("/r/{REVIEW}/contributions");
    let one = first_of(site, &list).await?;
    // A question belongs to a session with a draft.
    let mut writer = site.server.browser();
    evidence::write(&mut writer).await?;
    let cookie = writer.cookie("folkmoot").unwrap_or_default();

    let mut table = Table::new(&[
        "page",
        "kB",
        "per second",
        "p50 ms",
        "p99 ms",
        "server CPU ms",
        "database CPU ms",
        "bare page is faster by",
        "target",
    ]);
    for (name, path, encoding, target) in [
        ("home", format!("/r/{REVIEW}"), None, None),
        ("list of contributions", list.clone(), None, Some(5_000.0)),
        ("one contribution", one.clone(), None, Some(5_000.0)),
        ("a question", path("answer/barriers"), None, None),
        ("list, compressed", list.clone(), Some("br"), None),
        ("one contribution, compressed", one.clone(), Some("br"), None),
    ] {
        let visitor = || {
            let mut browser = site.server.browser();
            browser.set_cookie("folkmoot", cookie);
            match encoding {
                Some(encoding) => browser.with_header("accept-encoding", encoding),
                None => browser,
            }
        };
        let bytes = visitor().get(&path).await?.body.len();
        let visitors = (0..READERS).map(|_| (visitor(), for_a_while(time, path.as_str()))).collect();
        let m = together(site, visitors, read).await?;
        table.row([
            name.to_owned(),
            format!("{:.1}", f64::from(u32::try_from(bytes)?) / 1_000.0),
            whole(m.rate),
            millis(m.median),
            millis(m.slowest),
            format!("{:.3}", m.server_cpu),
            format!("{:.3}", m.database_cpu),
            bare.times(&m),
            target.map(|target| at_least(target, "/s", m.rate)).unwrap_or_default(),
        ]);
    }
    table.print("Reading: 64 people at once");
    Ok(())
}

/// The address of the first contribution of the list, as soon as it is there.
async fn first_of(site: &Site, list: &str) -> anyhow::Result<String> {
    let began = Instant::now();
    let mut browser = site.server.browser();
    while began.elapsed() < Duration::from_mins(1) {
        let page = browser.get(list).await?.text();
        let beginning = format!("href=\"{list}/");
        if let Some(address) = page.split(&beginning).nth(1).and_then(|rest| rest.split('"').next()) {
            return Ok(format!("{list}/{address}"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    anyhow::bail!("no contribution appeared in the list within a minute")
}
