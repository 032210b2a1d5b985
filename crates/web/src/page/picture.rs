//! The pictures that other sites show beside a link: of a review, and of each of its calls, in the language of the address.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use bytes::Bytes;
use domain::Call;
use publish::picture::Picture;
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::locale::Locale;
use crate::paper::{DESKS, FONTS};
use crate::visit::Visit;

/// So many pictures of about 30 kB are kept; when there is no room, all are drawn anew.
const KEPT: usize = 256;

/// Pictures by what is drawn on them.
static DRAWN: LazyLock<Mutex<HashMap<Picture, Bytes>>> = LazyLock::new(Mutex::default);

/// `GET /r/{review}/picture.png`
pub(crate) async fn of_review(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    answer(picture(visit.locale, &review, None)).await
}

/// `GET /r/{review}/calls/{call}/picture.png`
pub(crate) async fn of_call(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    answer(picture(visit.locale, &review, Some(call))).await
}

/// What is drawn; nothing of what somebody may have to hide.
fn picture(locale: Locale, review: &CurrentReview, call: Option<&Call>) -> Option<Picture> {
    let say = |text| locale.say(text).text.to_owned();
    if review.sensitive || call.is_some_and(|call| call.sensitive) {
        return None;
    }
    let (of, title, below) = match call {
        Some(call) => (say(&review.title), say(&call.title), say(&call.proposition)),
        None => (
            locale.t("picture-of-review").to_owned(),
            say(&review.title),
            review.headline.as_ref().map(say).unwrap_or_default(),
        ),
    };
    let colour = review.look.as_ref().and_then(|look| look.colour.as_ref()).map_or("#12362a", |colour| colour.as_str());
    let number = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap_or(0);
    let [_, red, green, blue] = number.to_be_bytes();
    Some(Picture { of, title, below, colour: [red, green, blue] })
}

async fn answer(picture: Option<Picture>) -> Outcome {
    let picture = picture.ok_or(Failure::NotFound)?;
    let kept = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).get(&picture).cloned();
    let png = match kept {
        Some(png) => png,
        None => drawn(picture).await?,
    };
    // Its address carries the version of the definition.
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, png).into_response())
}

async fn drawn(picture: Picture) -> Result<Bytes, Failure> {
    let desk = DESKS.acquire().await.map_err(|_| Failure::Unavailable)?;
    let made = tokio::task::spawn_blocking(move || {
        let _desk = desk;
        picture.png(&FONTS).map(|png| (picture, Bytes::from(png)))
    });
    let (picture, png) = made.await.map_err(|_| Failure::Broken)?.map_err(|error| {
        tracing::error!(%error, "a picture cannot be drawn");
        Failure::Broken
    })?;
    let mut all = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= KEPT {
        all.clear();
    }
    all.insert(picture, png.clone());
    Ok(png)
}
