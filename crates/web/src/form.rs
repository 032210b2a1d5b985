//! Forms as they arrive: bounded in size, and checked to come from a page of this session.

use std::sync::{Arc, OnceLock};

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use domain::Fields;
use service::{SessionSecret, Writer};

use crate::app::App;
use crate::error::Failure;
use crate::visit::session;

/// The most bytes of a form, except where a question allows longer answers.
pub(crate) const MOST: usize = 256 * 1024;
/// The most bytes of any form: the longest answer that a question may allow, each character of four bytes encoded as
/// twelve.
const MOST_OF_ALL: usize = 100_000 * 12 + 16 * 1024;

/// What came with the form of a request. It is kept beside the handler, so that the page of a failure can give it back
/// whatever went wrong: a panic, too, or a timeout, which drops the handler with everything that it held.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(Arc<OnceLock<Fields>>);

impl Typed {
    /// What came, if a form was read.
    pub fn fields(&self) -> Option<&Fields> {
        self.0.get()
    }

    /// Keeps what came.
    pub fn keep(&self, fields: Fields) -> Fields {
        self.0.get_or_init(|| fields).clone()
    }
}

/// Reads a form that nothing is done with, only so that what was typed can be given back.
pub(crate) async fn keep(request: Request) {
    read(request).await.ok();
}

/// A form that anybody may send, as long as no other site makes them: beginning, and opening a receipt.
pub(crate) struct OpenForm(pub Fields);

/// A form that belongs to a session, and carries the token of that session.
pub(crate) struct SessionForm {
    /// What was typed.
    pub fields: Fields,
    /// The session; none if the browser has lost it since.
    pub session: Option<SessionSecret>,
    bytes: usize,
}

/// Where a page of the form can lead besides the next one, once what stands on it is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To the list of all questions.
    Questions,
    /// Away, with the code that leads back.
    Later,
    /// To the page before.
    Back,
}

impl SessionForm {
    /// The form that was read, if it carries the token of the session.
    pub fn of(fields: Fields, session: Option<SessionSecret>, bytes: usize) -> Result<Self, Failure> {
        if session.as_ref().is_some_and(|session| !same(&session.csrf_token(), fields.raw("csrf"))) {
            return Err(Failure::Forged);
        }
        Ok(Self { fields, session, bytes })
    }

    /// The session.
    ///
    /// # Errors
    /// [`Failure::NoDraft`] if the browser has lost it.
    pub fn session(&self) -> Result<&SessionSecret, Failure> {
        self.session.as_ref().ok_or(Failure::NoDraft)
    }

    /// Whose evidence the form is about: that of the page that it was on, whatever else the session has in hand by now.
    ///
    /// # Errors
    /// [`Failure::NoDraft`] if the browser has lost its session.
    pub fn writer(&self) -> Result<Writer<'_>, Failure> {
        Ok(Writer { session: self.session()?, draft: self.fields.get("draft").and_then(|id| id.parse().ok()) })
    }

    /// What stood on the page when it was made.
    pub fn seen(&self) -> Option<String> {
        self.fields.get("seen").map(str::to_owned)
    }

    /// Where somebody wants to go after it is saved, other than on.
    pub fn wish(&self) -> Option<Wish> {
        match self.fields.get("go")? {
            "questions" => Some(Wish::Questions),
            "later" => Some(Wish::Later),
            "back" => Some(Wish::Back),
            _ => None,
        }
    }

    /// Whether everything on the page is to be taken back.
    pub fn clears(&self) -> bool {
        self.fields.get("clear").is_some()
    }

    /// Refuses more than a form with an answer of `longest` code points can hold.
    pub fn within(&self, longest: usize) -> Result<(), Failure> {
        if self.bytes > MOST.max(longest * 12 + 16 * 1024) { Err(Failure::TooLarge) } else { Ok(()) }
    }
}

impl FromRequest<App> for OpenForm {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &App) -> Result<Self, Failure> {
        read(request).await.map(|(fields, _)| Self(fields))
    }
}

impl FromRequest<App> for SessionForm {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let session = session(request.headers(), &app.settings);
        let (fields, bytes) = read(request).await?;
        Self::of(fields, session, bytes)
    }
}

async fn read(request: Request) -> Result<(Fields, usize), Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| !kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Failure::NoForm);
    }
    let most = if request.uri().path().contains("/answer/") { MOST_OF_ALL } else { MOST };
    let typed = request.extensions().get::<Typed>().cloned().unwrap_or_default();
    let body = to_bytes(request.into_body(), most).await.map_err(|_| Failure::TooLarge)?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let fields = typed.keep(pairs.into());
    Ok((fields, body.len()))
}

/// Compares in a time that does not tell where two tokens differ.
pub(crate) fn same(expected: &str, given: &str) -> bool {
    let differing = expected.bytes().zip(given.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    expected.len() == given.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn posted(body: &'static str, typed: &Typed) -> Result<Request, axum::http::Error> {
        let request = Request::post("/r/a/calls/b/answer/c");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.extension(typed.clone()).body(Body::from(body))
    }

    #[tokio::test]
    async fn what_was_read_outlives_the_handler() -> Result<(), Box<dyn std::error::Error>> {
        let typed = Typed::default();
        keep(posted("answer=three+weeks&csrf=0123", &typed)?).await;
        assert_eq!(typed.fields().map(|fields| fields.raw("answer")), Some("three weeks"));
        Ok(())
    }
}
