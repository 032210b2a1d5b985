//! Pages as documents to print: PDF, made for one person, kept nowhere. Pictures of titles are made at the same desks.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use publish::pdf::{Fonts, Paper};
use tokio::sync::Semaphore;

use crate::error::{Failure, Outcome};
use crate::locale::Locale;

/// So many are made at once; others wait.
pub(crate) static DESKS: Semaphore = Semaphore::const_new(2);

/// What both are set in.
pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::new(crate::asset::fonts()));

/// The document as an answer; `name` stands at its foot, and with what it is (`copy`) in the name of its file.
pub(crate) async fn answer(locale: Locale, name: String, what: &str, paper: Paper) -> Outcome {
    let desk = DESKS.acquire().await.map_err(|_| Failure::Unavailable)?;
    let file = format!("inline; filename=\"{name}-{what}.pdf\"");
    let made = tokio::task::spawn_blocking(move || {
        let _desk = desk;
        let foot = |page: usize, pages: usize| {
            let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX).into();
            let arguments = [("reference", name.as_str().into()), ("page", number(page)), ("pages", number(pages))];
            locale.t_with("said-page", &arguments)
        };
        paper.pdf(&FONTS, foot)
    });
    let pdf = made.await.map_err(|_| Failure::Broken)?.map_err(|error| {
        tracing::error!(%error, "a document cannot be made");
        Failure::Broken
    })?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&file).map_err(|_| Failure::Broken)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, pdf).into_response())
}
