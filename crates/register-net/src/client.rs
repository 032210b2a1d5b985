//! The HTTP client: bounded in time and in bytes, believes the certificates that the system believes, follows few redirects.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Connections that are kept open to one host.
const CONNECTIONS: usize = 16;
/// How often something is tried that may work the next time, and after how long.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];

/// Asks for things by HTTP. Cheap to clone: clones share their connections.
#[derive(Debug, Clone)]
pub struct Client(Agent);

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It is not there.
    #[error("there is nothing at {0}")]
    Missing(String),
    /// The server says something else.
    #[error("{address} answers with status {status}")]
    Status {
        /// What was asked for.
        address: String,
        /// What it says.
        status: u16,
    },
    /// There is no answer, or not all of it.
    #[error("{address}: {why}")]
    Unreachable {
        /// What was asked for.
        address: String,
        /// Why.
        why: String,
    },
}

impl Trouble {
    /// The same without the address, for where that is said already.
    pub fn why(&self) -> String {
        match self {
            Trouble::Missing(_) => "there is nothing".into(),
            Trouble::Status { status, .. } => format!("it answers with status {status}"),
            Trouble::Unreachable { why, .. } => why.clone(),
        }
    }
}

/// An answer, whatever its status.
pub(crate) struct Answered {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Client {
    /// Answers must be there within this time, all of them.
    pub fn new(patience: Duration) -> Client {
        let certificates = rustls_native_certs::load_native_certs().certs;
        let certificates: Vec<Certificate<'static>> =
            certificates.iter().map(|one| Certificate::from_der(one.as_ref()).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&certificates))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .max_redirects(3)
            .max_idle_connections(CONNECTIONS)
            .max_idle_connections_per_host(CONNECTIONS)
            .user_agent(concat!("folkmoot/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Client(config.new_agent())
    }

    /// What is at this address, up to so many bytes. Tried again where a server is busy or a connection breaks.
    pub fn get(&self, address: &str, longest: u64) -> Result<Vec<u8>, Trouble> {
        let mut pauses = PAUSES.iter();
        loop {
            let outcome = self.get_once(address, longest);
            match (&outcome, pauses.next()) {
                (Err(trouble), Some(pause)) if may_pass(trouble) => std::thread::sleep(*pause),
                _ => return outcome,
            }
        }
    }

    fn get_once(&self, address: &str, longest: u64) -> Result<Vec<u8>, Trouble> {
        let unreachable = |error: ureq::Error| Trouble::Unreachable { address: address.into(), why: error.to_string() };
        let mut answer = self.0.get(address).call().map_err(unreachable)?;
        match answer.status().as_u16() {
            200 => answer.body_mut().with_config().limit(longest).read_to_vec().map_err(unreachable),
            404 | 410 => Err(Trouble::Missing(address.into())),
            status => Err(Trouble::Status { address: address.into(), status }),
        }
    }

    /// Sends a body, once, and waits for this long.
    pub(crate) fn post(&self, address: &str, body: &str, patience: Duration) -> Result<Answered, Trouble> {
        let unreachable = |error: ureq::Error| Trouble::Unreachable { address: address.into(), why: error.to_string() };
        let request = self.0.post(address).config().timeout_global(Some(patience)).build();
        let mut answer = request.content_type("text/plain; charset=utf-8").send(body).map_err(unreachable)?;
        let body = answer.body_mut().with_config().limit(1 << 16).read_to_vec().map_err(unreachable)?;
        Ok(Answered { status: answer.status().as_u16(), body })
    }
}

fn may_pass(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Missing(_) => false,
        Trouble::Status { status, .. } => matches!(status, 429 | 500..=599),
        Trouble::Unreachable { .. } => true,
    }
}
