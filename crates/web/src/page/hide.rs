//! Hide that you were here: what somebody can do whose computer or telephone is watched.

use askama::Template;
use axum::extract::Path;

use crate::error::{Failure, Outcome};
use crate::exit;
use crate::frame::{Frame, Section, private};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "hide.html")]
pub(crate) struct HidePage<'a> {
    pub(super) frame: Frame<'a>,
}

/// `GET /r/{review}/hide`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    if !exit::is_needed(&review) {
        return Err(Failure::NotFound);
    }
    private(axum::http::StatusCode::OK, &page(visit.frame(Some(&review))))
}

pub(super) fn page(frame: Frame<'_>) -> HidePage<'_> {
    let title = frame.t("hide");
    HidePage { frame: frame.titled(&[title], Section::None) }
}
