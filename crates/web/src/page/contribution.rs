//! One published contribution, to be read.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use domain::{Call, Contribution, Publishable, Question, Reference};
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::frame::{Frame, Section, public};
use crate::locale::Said;
use crate::shown::{self, Piece, Shown, paragraphs, pieces};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "contribution.html")]
pub(crate) struct ContributionPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) contribution: Shown<'a>,
    pub(super) call: Option<&'a Call>,
    pub(super) heading: String,
    /// Whether the heading is in its author's words.
    pub(super) own_heading: bool,
    pub(super) who: Vec<String>,
    pub(super) verdict: Option<(&'static str, &'static str)>,
    pub(super) channel: &'static str,
    pub(super) release: &'static str,
    pub(super) answers: Vec<Read<'a>>,
}

/// A question with its answer.
pub(crate) struct Read<'a> {
    /// The title of the question.
    pub title: Said<'a>,
    /// What was answered.
    pub pieces: Vec<Piece<'a>>,
    /// What stands in place of passages struck out of it.
    pub marks: Vec<String>,
}

impl Read<'_> {
    fn lines<'b>(&'b self, piece: &'b Piece<'_>) -> Vec<Vec<(&'b str, bool)>> {
        paragraphs(&piece.text, &self.marks)
    }
}

/// `GET /r/{review}/contributions/{reference}`
pub(crate) async fn show(visit: Visit, Path((review, written)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let reference: Reference = written.parse().map_err(|_| Failure::NotFound)?;
    if reference.as_str() != written {
        let canonical = format!("/r/{}/contributions/{reference}", review.slug);
        return Ok(Redirect::permanent(&visit.locale.link(&canonical)).into_response());
    }
    let contribution = visit.app.service.published(&review, &reference).await?;
    public(&page(visit.frame(Some(&review)), &review, &contribution))
}

/// The page; it takes only what may be shown.
pub(super) fn page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    contribution: &'a Publishable<Contribution>,
) -> ContributionPage<'a> {
    let locale = frame.locale;
    let contribution = Shown::new(contribution);
    let heading = contribution.opening().heading;
    let call = review.call(contribution.call.as_str());
    let own_heading = !heading.is_empty();
    let heading = if own_heading { heading } else { contribution.wordless(locale, review).into_owned() };
    let reference = contribution.contribution().reference.as_str();
    let read = |question: &'a Question| -> Option<Read<'a>> {
        let answer = contribution.contribution().content.answers.get(&question.id)?;
        let pieces = pieces(locale, question, answer);
        Some(Read { title: locale.say(&question.title), pieces, marks: contribution.marks(&question.id) })
    };
    ContributionPage {
        who: contribution.who(locale),
        verdict: contribution.verdict().map(|verdict| shown::verdict(locale, verdict)),
        channel: locale.word("channel", contribution.channel.as_str()),
        release: locale.word("release-shown", contribution.release.as_str()),
        answers: call.iter().flat_map(|call| &call.questions).filter_map(read).collect(),
        frame: frame.titled(&[&heading, reference], Section::Read),
        contribution,
        call,
        heading,
        own_heading,
    }
}
