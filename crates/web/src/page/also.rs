//! Which other calls a contribution speaks to: nobody should have to say the same thing twice.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, DraftPart, Review, Slug};
use jiff::Timestamp;

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::{Frame, Section, private};
use crate::page::answer::save_part;
use crate::page::draft::Writing;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "also.html")]
pub(crate) struct AlsoPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    /// The other calls, each with whether it was chosen.
    pub(super) others: Vec<(&'a Call, bool)>,
    pub(super) base: String,
}

/// The calls that it can speak to besides: those that take evidence now, and those that were chosen while they did.
pub(super) fn others<'a>(
    review: &'a Review,
    call: &'a Call,
    now: Timestamp,
    chosen: &'a [Slug],
) -> impl Iterator<Item = &'a Call> {
    review.calls.iter().filter(move |other| {
        let open = other.status(now, &review.timezone).takes_evidence();
        other.id != call.id && (open || chosen.contains(&other.id))
    })
}

/// `GET /r/{review}/calls/{call}/also`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let (call, review) = (writing.call()?, &writing.review);
    let chosen = &writing.draft.content.also;
    let mut frame = visit.frame(Some(review)).writing(&writing.draft, &DraftPart::Also(vec![]));
    frame.form = true;
    let titles = [frame.t("also-heading"), frame.say(&call.title).text];
    let others = others(review, call, frame.now, chosen);
    let page = AlsoPage {
        others: others.map(|other| (other, chosen.contains(&other.id))).collect(),
        base: format!("{}/calls/{}", frame.base, call.id),
        frame: frame.titled(&titles, Section::Give),
        call,
    };
    private(StatusCode::OK, &page)
}

/// `POST /r/{review}/calls/{call}/also`
pub(crate) async fn save(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    // What was chosen while a call was open is kept when it has closed since.
    let writing = Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), form.writer()?).await?;
    let chosen = &writing.draft.content.also;
    let also: Vec<Slug> = others(&review, call, visit.app.service.now(), chosen)
        .filter(|other| form.fields.has("also", other.id.as_str()))
        .map(|other| other.id.clone())
        .collect();
    let base = format!("/r/{}/calls/{}", review.slug, call.id);
    let to = match form.fields.get("switch") {
        tag @ Some(_) => visit.locale.changed(tag).link(&format!("{base}/also")),
        None => visit.locale.link(&format!("{base}/check")),
    };
    save_part(&visit, &review, call, &form, DraftPart::Also(also), &to).await
}
