//! The least that a page can cost: axum and twelve kilobytes that never change, in a process of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use trial::Server;

use crate::load::{Costs, Measured, PEOPLE, for_a_while, together};
use crate::pages::read;
use crate::table::{Table, millis, whole};

/// About as many bytes as a page of a list.
const BYTES: usize = 12_000;

/// Takes the arguments of `folkmoot serve`, so that both are started in the same way.
#[derive(clap::Args)]
pub struct Serve {
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    data: PathBuf,
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<()> {
        drop(self.data);
        // On as many threads as Folkmoot has.
        let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let router = Router::new()
            .route(
                "/",
                get(|| async { Html("<p>Where does it work, and where does it fail?</p>\n".repeat(BYTES / 46)) }),
            )
            .route("/readyz", get(|| async { "ok\n" }))
            .route("/healthz", get(|| async { "ok\n" }));
        let serving = threads.spawn(async move {
            let listener = tokio::net::TcpListener::bind(self.listen).await?;
            axum::serve(listener, router).await
        });
        let outcome = serving.await;
        threads.shutdown_background();
        Ok(outcome??)
    }
}

/// The bare page, at each number of people.
pub struct Bare(Vec<Measured>);

impl Bare {
    /// How many times faster the bare page is read than `measured`, by as many people.
    pub fn times(&self, measured: &Measured) -> String {
        let bare = self.0.iter().find(|bare| bare.people == measured.people);
        bare.map_or_else(String::new, |bare| format!("{:.1} ×", bare.rate / measured.rate))
    }
}

struct BareServer(Server);

impl Costs for BareServer {
    fn cpu_seconds(&self) -> (f64, f64) {
        (self.0.cpu_seconds(), 0.0)
    }
}

/// Measures it.
pub async fn measure(time: Duration) -> anyhow::Result<Bare> {
    let data = tempfile::tempdir()?;
    let server = BareServer(Server::start(std::env::current_exe()?, data.path(), None, &[]));
    let mut table = Table::new(&["", "people", "per second", "p50 ms", "p99 ms", "CPU ms", ""]);
    let mut all = Vec::new();
    for people in PEOPLE {
        let visitors = (0..people).map(|_| (server.0.browser(), for_a_while(time / 2, "/"))).collect();
        let m = together(&server, visitors, read).await?;
        table.row([
            "bare page".to_owned(),
            people.to_string(),
            whole(m.rate),
            millis(m.median),
            millis(m.slowest),
            format!("{:.3}", m.server_cpu),
            String::new(),
        ]);
        all.push(m);
    }
    table.print("A bare page of 12 kB (axum, nothing else): what the machine and the visitors allow");
    Ok(Bare(all))
}
