//! `folkmoot witness`: a small process of its own that cosigns checkpoints of registers which have only grown (C2SP tlog-witness).

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::{Args, Subcommand};
use domain::{Clock, Entropy};
use register::{VerifyingKey, note};
use register_files::Refused;
use service::{SystemClock, SystemEntropy};
use tower_http::timeout::TimeoutLayer;

use crate::serve::{bind, log_to_stderr, told_to_stop};

/// A request that has not come whole by then is given up.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Subcommand)]
pub enum Witness {
    /// Cosign the checkpoints of the logs that it was told of, until it is told to stop
    Serve(Serve),
    /// Tell the witness of a log, by its key; it need not be started again
    AddLog(AddLog),
}

#[derive(Args)]
pub struct Serve {
    /// The folder for its key and for what it has seen; as long as it is whole, it never cosigns two histories
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,

    /// The address to listen on; put a server with TLS before it
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDR")]
    listen: SocketAddr,

    /// The name of a new witness: its address without `https://` is best
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

#[derive(Args)]
pub struct AddLog {
    /// The key of the log, as its `policy` has it in a line `log`
    key: String,

    /// The folder of the witness
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
}

type Shared = Arc<register_files::Witness>;

impl Witness {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Witness::Serve(serve) => serve.run().await,
            Witness::AddLog(add) => add.run(),
        }
    }
}

impl Serve {
    async fn run(self) -> anyhow::Result<()> {
        log_to_stderr();
        let mut seed = [0; 32];
        SystemEntropy.fill(&mut seed);
        let witness = Arc::new(register_files::Witness::open(&self.folder, self.name.as_deref(), &seed)?);
        let listener = bind(self.listen).await?;
        // For those who write policies, and for whoever started it with port 0.
        println!("{}", witness.key());
        tracing::info!(address = %listener.local_addr()?, logs = witness.logs()?.len(), "witnessing");
        let router = Router::new()
            .route("/add-checkpoint", post(add_checkpoint))
            .route("/", get(key))
            .layer(DefaultBodyLimit::max(note::LONGEST))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
            .with_state(witness);
        Ok(web::serve(listener, router, told_to_stop()).await?)
    }
}

/// `POST /add-checkpoint`.
async fn add_checkpoint(State(witness): State<Shared>, body: Bytes) -> Response {
    let now = u64::try_from(SystemClock.now().as_second()).unwrap_or_default();
    let considered = tokio::task::spawn_blocking(move || witness.cosign(&body, now)).await;
    let plain =
        |content_type, status, text: String| (status, [(header::CONTENT_TYPE, content_type)], text).into_response();
    match considered {
        Ok(Ok(signature)) => plain("text/plain; charset=utf-8", StatusCode::OK, format!("{signature}\n")),
        Ok(Err(Refused::Refusal(refusal))) => {
            tracing::info!(%refusal, "refused");
            let (content_type, text) = refusal.answer();
            plain(content_type, StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST), text)
        }
        Ok(Err(Refused::Memory(error))) => {
            tracing::error!(%error, "nothing is cosigned");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "nothing is cosigned");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// `GET /`: the key that others know it by.
async fn key(State(witness): State<Shared>) -> String {
    format!("{}\n", witness.key())
}

impl AddLog {
    fn run(self) -> anyhow::Result<()> {
        let key: VerifyingKey = self.key.parse().context("a key is of the form name+id+base64")?;
        let new = register_files::Witness::add_log(&self.folder, &key)?;
        println!("{} {}", key.name(), if new { "is known now." } else { "was known already." });
        Ok(())
    }
}
