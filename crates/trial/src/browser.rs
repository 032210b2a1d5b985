//! A visitor of few words: one connection that is kept, cookies, forms, and no redirect that was not asked for.
//!
//! Stories read like a transcript with it, and the load client runs many of them, so it does nothing that costs time.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue, SET_COOKIE};
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::page::Page;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A visitor.
pub struct Browser {
    address: SocketAddr,
    connection: Option<SendRequest<Full<Bytes>>>,
    cookies: BTreeMap<String, String>,
    headers: HeaderMap,
    location: Option<String>,
}

impl Browser {
    /// A visitor who has never been there. The connection is made with the first request.
    ///
    /// # Panics
    /// Never: an address can always stand in a header.
    pub fn new(address: SocketAddr) -> Self {
        let host = HeaderValue::from_str(&address.to_string()).expect("no address has a control character");
        let headers = HeaderMap::from_iter([(HOST, host)]);
        Self { address, connection: None, cookies: BTreeMap::new(), headers, location: None }
    }

    /// Sends a header with every request from now on, in place of the browser's own of that name.
    ///
    /// # Panics
    /// If that is no header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a value that can stand in a header");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Reads a page.
    ///
    /// # Errors
    /// If the server does not answer; every answer, of whatever status, is a page.
    pub async fn get(&mut self, path: &str) -> io::Result<Page> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// Sends a form, as a browser would from a page of the same site.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Page> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, form.into()).await
    }

    /// Sends a form with files, each a field, a name and bytes; the fields come first.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> io::Result<Page> {
        const BOUNDARY: &str = "----trialBoundary7MA4YWxkTrZu0gW";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let named = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"");
            let head = format!("--{BOUNDARY}\r\n{named}\r\nContent-Type: application/octet-stream\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.post_raw(path, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }

    /// Sends anything at all, as what it is said to be.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn post_raw(&mut self, path: &str, kind: &str, body: Vec<u8>) -> io::Result<Page> {
        let mut request = self.request(&Method::POST, path, body.into())?;
        let kind = HeaderValue::from_str(kind).map_err(io::Error::other)?;
        request.headers_mut().insert(CONTENT_TYPE, kind);
        self.sent(request).await
    }

    /// Goes where the last answer led.
    ///
    /// # Errors
    /// If it led nowhere, or the server does not answer.
    pub async fn follow(&mut self) -> io::Result<Page> {
        let to = self.location.take().ok_or_else(|| io::Error::other("the last answer was not a redirect"))?;
        let path = to.strip_prefix(&format!("http://{}", self.address)).unwrap_or(&to).to_owned();
        self.get(&path).await
    }

    /// Where the server is that it visits.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Sets a cookie.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Forgets all cookies; a visitor who has never been there, on the same connection.
    pub fn forget(&mut self) {
        self.cookies.clear();
        self.location = None;
    }

    async fn send(&mut self, method: Method, path: &str, body: Bytes) -> io::Result<Page> {
        let request = self.request(&method, path, body)?;
        self.sent(request).await
    }

    async fn sent(&mut self, request: Request<Full<Bytes>>) -> io::Result<Page> {
        let page = match tokio::time::timeout(PATIENCE, self.exchange(request)).await {
            Ok(outcome) => outcome?,
            Err(_) => return Err(io::ErrorKind::TimedOut.into()),
        };
        self.remember(&page);
        Ok(page)
    }

    fn request(&self, method: &Method, path: &str, body: Bytes) -> io::Result<Request<Full<Bytes>>> {
        let mut request =
            Request::builder().method(method).uri(path).body(Full::new(body)).map_err(io::Error::other)?;
        let headers = request.headers_mut();
        if *method == Method::POST {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(COOKIE, HeaderValue::from_str(&pairs.join("; ")).map_err(io::Error::other)?);
        }
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        Ok(request)
    }

    async fn exchange(&mut self, mut request: Request<Full<Bytes>>) -> io::Result<Page> {
        // The server may close a connection that was idle just when it is used again: then nothing was sent, and it is
        // safe to send it over a new one. A new one that fails tells something.
        loop {
            let kept = self.connection.take();
            let fresh = kept.is_none();
            let mut sender = match kept {
                Some(sender) => sender,
                None => connect(self.address).await?,
            };
            if sender.ready().await.is_err() && !fresh {
                continue;
            }
            match sender.try_send_request(request).await {
                Ok(response) => {
                    let (parts, body) = response.into_parts();
                    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
                    self.connection = Some(sender);
                    return Ok(Page { status: parts.status.as_u16(), headers: parts.headers, body });
                }
                Err(mut error) => match error.take_message() {
                    Some(unsent) if !fresh => request = unsent,
                    _ => return Err(io::Error::other(error.into_error())),
                },
            }
        }
    }

    fn remember(&mut self, page: &Page) {
        self.location = page.location().map(str::to_owned);
        for cookie in page.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            if value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) {
                self.cookies.remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    // When it breaks, whoever sends over it learns that.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}
