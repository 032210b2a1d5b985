//! The colour and the picture of the body that runs the review.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use crate::error::{Failure, Outcome};
use crate::visit::Visit;

/// `GET /r/{review}/brand.css`
pub(crate) async fn colours(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let colour = review.look.as_ref().and_then(|look| look.colour.as_ref()).ok_or(Failure::NotFound)?;
    let css = format!(":root{{--fm-brand:{colour};--fm-brand-deep:{}}}\n", deeper(colour.as_str()));
    // Its address carries the version of the definition.
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, css).into_response())
}

/// `GET /r/{review}/logo/{digest}`
pub(crate) async fn logo(visit: Visit, Path((review, digest)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let logo = review.logo.as_ref().filter(|logo| logo.digest == digest).ok_or(Failure::NotFound)?;
    let bytes = visit.app.service.logo(&review, &digest).await?;
    let kind = HeaderValue::from_str(&logo.content_type).map_err(|_| Failure::Broken)?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        // An SVG that is opened by itself could hold a script: it must not run.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes).into_response())
}

/// The colour with a third of its light taken away, for the masthead and for buttons under the pointer.
pub(crate) fn deeper(colour: &str) -> String {
    let number = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap_or(0);
    let channel = |shift: u32| (number >> shift & 0xff) * 7 / 10;
    format!("#{:02x}{:02x}{:02x}", channel(16), channel(8), channel(0))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_deeper_colour_is_darker_in_every_channel() {
        assert_eq!(super::deeper("#1d4b3c"), "#14342a");
        assert_eq!(super::deeper("#000000"), "#000000");
    }
}
