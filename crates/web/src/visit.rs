//! What a page needs to know about a request: the reader's language, the address, and the session if there is one.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect};
use domain::{Fields, Language};
use service::{CurrentReview, SessionSecret};

use crate::app::{App, Settings};
use crate::error::{Failure, Outcome};
use crate::frame::Frame;
use crate::locale::Locale;

/// Thirty days, as long as a draft is kept after it was last saved.
const COOKIE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// One request.
pub(crate) struct Visit {
    /// What all requests share.
    pub app: App,
    /// The reader's language.
    pub locale: Locale,
    /// The address without the mark of the language.
    pub path: String,
    /// What stands behind the question mark.
    pub query: Option<String>,
    /// The session, if the browser has one.
    pub session: Option<SessionSecret>,
    host: Option<String>,
    /// Whether the browser comes from elsewhere, and so may not have the style sheet yet.
    first: bool,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let session = session(&parts.headers, &app.settings);
        Ok(Self {
            first: session.is_none() && from_elsewhere(&parts.headers),
            app: app.clone(),
            locale: parts.extensions.get::<Locale>().copied().unwrap_or_else(Locale::english),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            session,
            host: parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned),
        })
    }
}

impl Visit {
    /// The review of that name.
    pub async fn review(&self, slug: &str) -> Result<Arc<CurrentReview>, Failure> {
        Ok(self.app.service.review(slug).await?)
    }

    /// The frame of a page of `review`, in the reader's language.
    pub fn frame<'a>(&'a self, review: Option<&'a CurrentReview>) -> Frame<'a> {
        self.frame_in(self.locale, review)
    }

    /// The frame of a page in another language than the address asks for.
    pub fn frame_in<'a>(&'a self, locale: Locale, review: Option<&'a CurrentReview>) -> Frame<'a> {
        let mut frame = Frame::new(&self.app, locale, &self.path, self.query.as_deref(), review);
        frame.first = self.first;
        frame.origin = self.origin();
        frame.of(self.session.as_ref())
    }

    /// Sends the browser on after something of its session was saved. The cookie begins its thirty days anew, as the
    /// draft does: otherwise it would be gone while the page still says that the draft is kept.
    pub fn go_on(&self, to: &str, session: &SessionSecret) -> Outcome {
        let cookie = set_cookie(session, &self.app.settings)?;
        Ok(([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response())
    }

    /// The language that is taken for that of what somebody writes: the one that they read, if the review speaks it.
    pub fn written_in<'a>(&'a self, review: &'a CurrentReview) -> &'a Language {
        written_in(self.locale, &review.languages, review.main_language())
    }

    /// What was asked for behind the question mark.
    pub fn asked(&self) -> Fields {
        let query = self.query.as_deref().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Vec<_>>().into()
    }

    /// The address of the installation, for where an absolute one is needed.
    pub fn origin(&self) -> String {
        let settings = &self.app.settings;
        let url = settings.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        url.unwrap_or_else(|| format!("http://{}", self.host.as_deref().unwrap_or("localhost")))
    }
}

/// Whether a browser comes from another site, or from none. Those that do not say so themselves name the page that they come from.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site != "same-origin",
        None => !headers.contains_key(header::REFERER),
    }
}

/// The session that a request belongs to.
pub(crate) fn session(headers: &HeaderMap, settings: &Settings) -> Option<SessionSecret> {
    let name = cookie_name(settings);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .and_then(|(_, value)| SessionSecret::parse(value))
}

fn written_in<'a>(locale: Locale, spoken: &'a [Language], main: &'a Language) -> &'a Language {
    spoken.iter().find(|language| *language == locale.language()).unwrap_or(main)
}

/// The one cookie, as a browser is told to keep it.
fn set_cookie(secret: &SessionSecret, settings: &Settings) -> Result<HeaderValue, Failure> {
    let (name, value) = (cookie_name(settings), secret.cookie());
    let secure = if settings.secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).map_err(|_| Failure::Broken)
}

/// What a browser is told so that it forgets the cookie.
pub(crate) fn expired_cookie(settings: &Settings) -> HeaderValue {
    HeaderValue::from_static(if settings.secure() {
        "__Host-folkmoot=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    } else {
        "folkmoot=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    })
}

/// What the cookie is called.
pub(crate) fn cookie_name(settings: &Settings) -> &'static str {
    // The prefix makes browsers refuse the cookie from other hosts of the domain; it works over TLS only.
    if settings.secure() { "__Host-folkmoot" } else { "folkmoot" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_in_a_language_of_the_review() -> Result<(), domain::text::TextError> {
        let (english, welsh): (Language, Language) = ("en".parse()?, "cy".parse()?);
        let both = [english.clone(), welsh.clone()];
        assert_eq!(written_in(Locale::welsh(), &both, &english), &welsh);
        assert_eq!(written_in(Locale::welsh(), &both[..1], &english), &english);
        assert_eq!(written_in(Locale::english(), &both[1..], &welsh), &welsh);
        Ok(())
    }

    #[test]
    fn a_cookie_is_forgotten_under_the_name_that_it_was_kept_under() {
        for public_url in [None, Some("https://review.example.org".to_owned())] {
            let settings = Settings { public_url, ..Settings::default() };
            let expired = expired_cookie(&settings);
            let expired = expired.to_str().unwrap_or_default();
            assert!(expired.starts_with(&format!("{}=; Path=/; Max-Age=0", cookie_name(&settings))), "{expired}");
            assert_eq!(expired.ends_with("; Secure"), settings.secure(), "{expired}");
        }
    }
}
