//! A browser keeps its connection and its cookies, sends forms, and follows only when told.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use trial::Browser;

/// Says back what came; `/begin` sets a cookie and leads to `/next`, `/end` removes it, `/last` ends the connection.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let header = |name| request.headers().get(name).map_or("-", |value| value.to_str().unwrap_or("?")).to_owned();
    let (cookie, site, kind) = (header("cookie"), header("sec-fetch-site"), header("content-type"));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = Response::builder();
    match path.as_str() {
        "/begin" => {
            response = response.status(303).header("location", "/next");
            response = response.header("set-cookie", "folkmoot=abc; Path=/; Max-Age=60; HttpOnly");
        }
        "/end" => response = response.header("set-cookie", "folkmoot=; Max-Age=0"),
        "/last" => response = response.header("connection", "close"),
        _ => {}
    }
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let body = format!("{method} {path} {cookie} {site} {kind} {}", String::from_utf8_lossy(&body));
    Ok(response.body(Full::new(Bytes::from(body))).expect("a response"))
}

async fn site() -> std::io::Result<(SocketAddr, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)));
        }
    });
    Ok((address, connections))
}

#[tokio::test]
async fn a_visit() -> std::io::Result<()> {
    let (address, connections) = site().await?;
    let mut browser = Browser::new(address);
    assert_eq!(browser.get("/a").await?.text(), "GET /a - - - ");

    let begun = browser.post_form("/begin", &[("name", "Ada & Co"), ("kind", "é")]).await?;
    assert_eq!((begun.status, begun.location()), (303, Some("/next")));
    let form = "application/x-www-form-urlencoded";
    assert_eq!(begun.text(), format!("POST /begin - same-origin {form} name=Ada+%26+Co&kind=%C3%A9"));
    assert_eq!(browser.follow().await?.text(), "GET /next folkmoot=abc - - ");
    assert!(browser.follow().await.is_err());
    assert_eq!(browser.cookie("folkmoot"), Some("abc"));

    browser.get("/end").await?;
    assert_eq!(browser.get("/b").await?.text(), "GET /b - - - ");
    assert_eq!(connections.load(Ordering::Relaxed), 1);

    browser.get("/last").await?;
    assert_eq!(browser.get("/c").await?.status, 200);
    assert_eq!(connections.load(Ordering::Relaxed), 2);

    let mut stranger = Browser::new(address).with_header("sec-fetch-site", "cross-site");
    assert!(stranger.post_form("/d", &[]).await?.text().contains(" cross-site "));
    Ok(())
}

#[tokio::test]
async fn nobody_there_is_an_error() {
    let mut browser = Browser::new(SocketAddr::from(([127, 0, 0, 1], 1)));
    assert_eq!(browser.get("/").await.map_err(|error| error.kind()).err(), Some(std::io::ErrorKind::ConnectionRefused));
}
