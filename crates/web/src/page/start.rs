//! `/`: straight to the review if there is one, a list if there are several, and help for the operator if there is none.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use service::CurrentReview;

use crate::error::Outcome;
use crate::frame::{Frame, Section, public};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "start.html")]
pub(crate) struct StartPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) reviews: &'a [Arc<CurrentReview>],
}

/// `GET /`
pub(crate) async fn show(visit: Visit) -> Outcome {
    let reviews = visit.app.service.reviews().await?;
    if let [only] = reviews.as_slice() {
        return Ok(Redirect::to(&visit.locale.link(&format!("/r/{}", only.slug))).into_response());
    }
    let frame = visit.frame(None);
    let title = frame.t("reviews");
    public(&StartPage { frame: frame.titled(&[title], Section::None), reviews: &reviews })
}
