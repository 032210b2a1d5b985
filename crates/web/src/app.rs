//! What every request shares: the service, the settings, the limits and the source of request ids.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use service::Service;

use crate::rate::Limiter;

/// What the operator decides about the pages.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address that people know the installation by, as in `https://review.example.org`. With `https` cookies are
    /// sent over TLS only, and browsers are told to come by TLS only.
    pub public_url: Option<String>,
    /// How many forms one address may send in a minute; 0 for no limit.
    pub posts_per_minute: u32,
    /// Whether the last entry of `X-Forwarded-For` is the client's address: only behind a proxy that sets it.
    pub trust_forwarded: bool,
}

impl Settings {
    /// Whether the public address is one of TLS.
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

/// What is shared.
pub(crate) struct Shared {
    /// The use cases.
    pub service: Service,
    /// The operator's settings.
    pub settings: Settings,
    /// How many forms an address may send, if there is a limit.
    pub limiter: Option<Limiter>,
    /// How many messages that somebody asked for an address of e-mail may get.
    pub letters: Option<Limiter>,
    random: Mutex<StdRng>,
}

impl App {
    /// `random` names requests and hides addresses; nothing that must stay secret for long is made from it.
    pub fn new(service: Service, settings: Settings, mut random: StdRng) -> Self {
        let limiter = Limiter::new(settings.posts_per_minute, random.random());
        let letters = Limiter::of_letters(random.random());
        Self(Arc::new(Shared {
            service,
            settings,
            limiter,
            letters,
            random: Mutex::new(StdRng::from_rng(&mut random)),
        }))
    }

    /// A name for a request, to find it in the log: 16 hexadecimal digits.
    pub fn request_id(&self) -> String {
        let number: u64 = self.random.lock().unwrap_or_else(PoisonError::into_inner).random();
        format!("{number:016x}")
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
