//! The style sheet, the script and the mark: embedded, precompressed, and named by their content, so that browsers may
//! keep them for ever.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::RustEmbed;

use crate::error::Failure;

#[derive(RustEmbed)]
#[folder = "assets/dist/"]
struct Built;

static NAMES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let manifest = Built::get("manifest.json").map(|file| file.data).unwrap_or_default();
    serde_json::from_slice(&manifest).unwrap_or_default()
});

/// The address of an asset by the name it had before its content was added: `core.css`.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}", NAMES.get(name).map_or(name, String::as_str))
}

/// The half of the style sheet that a first page is drawn with: on a slow line, asking for it would take as long again.
pub(crate) static STYLE: LazyLock<String> = LazyLock::new(|| {
    let file = NAMES.get("first.css").and_then(|name| Built::get(name));
    file.map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
});

/// The fonts that documents are set in, the one with most of what people write first.
pub(crate) fn fonts() -> impl Iterator<Item = Vec<u8>> {
    let mut names: Vec<_> = Built::iter().filter(|name| name.starts_with("fonts/")).collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    names.into_iter().filter_map(|name| Built::get(&name)).map(|file| file.data.into_owned())
}

/// What the content security policy knows [`STYLE`] by: its SHA-256 in base 64.
pub(crate) fn style_digest() -> &'static str {
    NAMES.get("first.css sha256").map_or("", String::as_str)
}

/// `GET /assets/{file}`
pub(crate) async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    if !NAMES.iter().any(|(name, known)| *known == file && !name.contains(' ')) {
        return Err(Failure::NotFound);
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(accepted, encoding)
            && let Some(found) = Built::get(&format!("{file}{ending}"))
        {
            return Ok(([(header::CONTENT_ENCODING, encoding)], kept(&file, found.data.into_owned())).into_response());
        }
    }
    let found = Built::get(&file).ok_or(Failure::NotFound)?;
    Ok(kept(&file, found.data.into_owned()))
}

/// `GET /favicon.ico`, which browsers ask for unbidden.
pub(crate) async fn favicon() -> Redirect {
    Redirect::permanent(&address("favicon.svg"))
}

fn kept(file: &str, bytes: Vec<u8>) -> Response {
    let kind = match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "Accept-Encoding"),
    ];
    (StatusCode::OK, headers, bytes).into_response()
}

/// Whether an `Accept-Encoding` names `encoding` without refusing it by a weight of zero.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(encoding) && !words.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_up_and_encodings_can_be_refused() {
        assert!(address("core.css").starts_with("/assets/core.") && address("core.css") != "/assets/core.css");
        assert!(accepts("gzip, br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br") && !accepts("", "br"));
    }
}
