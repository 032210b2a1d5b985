//! Serves a router until it is told to stop, and then lets what has begun come to its end.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// How long a browser may take to say what it wants; connections that are kept open and silent end after it, too.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// How long requests that have begun may go on after the word to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How long no connection is taken after one could not be, so that a lasting lack does not fill the log.
const PAUSE: Duration = Duration::from_millis(100);
/// How often the histograms are thinned out.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves `router` until `stop` is done, then waits up to ten seconds for what is under way.
///
/// # Errors
/// If the listener is none any more. Whatever else keeps it from taking a connection is waited out.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let mut upkeep = tokio::time::interval(UPKEEP);
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = upkeep.tick() => {
                if let Some(recorder) = crate::measure::recorder() {
                    recorder.run_upkeep();
                }
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let router = router.clone();
                    let service = service_fn(move |mut request: Request<Incoming>| {
                        request.extensions_mut().insert(ConnectInfo(peer));
                        router.clone().oneshot(request.map(Body::new))
                    });
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEADERS_WITHIN)
                        .serve_connection(TokioIo::new(stream), service);
                    let connection = graceful.watch(connection);
                    // A connection that breaks is the other side's affair.
                    tokio::spawn(async move { connection.await.ok() });
                }
                Err(error) if is_of_one_connection(&error) => {}
                // No listener any more, and never again: whoever started the server has to start it anew.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
                // Out of descriptors, buffers or memory, or something that nobody has thought of: it may pass, and
                // those who are connected go on meanwhile.
                Err(error) => {
                    tracing::error!(%error, "a connection cannot be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped before every request had its answer");
    }
    Ok(())
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
