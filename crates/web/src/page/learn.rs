//! How to give good evidence: the list of learning pages, and each of them.

use askama::Template;
use axum::extract::Path;
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::frame::{Frame, Section, public};
use crate::learning::{Lesson, lessons};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "learn.html")]
pub(crate) struct LearnPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) lessons: Vec<Lesson<'a>>,
}

#[derive(Template)]
#[template(path = "lesson.html")]
pub(crate) struct LessonPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) lesson: Lesson<'a>,
    pub(super) next: Option<Lesson<'a>>,
}

/// `GET /r/{review}/learn`
pub(crate) async fn list(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    public(&list_page(visit.frame(Some(&review)), &review).ok_or(Failure::NotFound)?)
}

/// `GET /r/{review}/learn/{page}`
pub(crate) async fn show(visit: Visit, Path((review, page)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    public(&lesson_page(visit.frame(Some(&review)), &review, &page).ok_or(Failure::NotFound)?)
}

pub(super) fn list_page<'a>(frame: Frame<'a>, review: &'a CurrentReview) -> Option<LearnPage<'a>> {
    let lessons = lessons(frame.locale, review);
    let title = frame.t("learn");
    (!lessons.is_empty()).then(|| LearnPage { frame: frame.titled(&[title], Section::Give), lessons })
}

pub(super) fn lesson_page<'a>(frame: Frame<'a>, review: &'a CurrentReview, id: &str) -> Option<LessonPage<'a>> {
    let mut lessons = lessons(frame.locale, review).into_iter().skip_while(|lesson| lesson.id != id);
    let (lesson, next) = (lessons.next()?, lessons.next());
    Some(LessonPage { frame: frame.titled(&[lesson.title.text], Section::Give), lesson, next })
}
