//! Calls: all of them, and one with everything that somebody should know before answering.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, CallStatus, Draft, Form, Ways};
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::frame::{Frame, Section, private, public};
use crate::visit::Visit;

/// A call in a list.
pub(crate) struct Card<'a> {
    /// The call.
    pub call: &'a Call,
    /// Where it stands.
    pub status: CallStatus,
    /// "8 questions · about 15 minutes · closes 19 December 2026"
    pub meta: String,
}

#[derive(Template)]
#[template(path = "calls.html")]
pub(crate) struct CallsPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) open: Vec<Card<'a>>,
    pub(super) coming: Vec<Card<'a>>,
    pub(super) closed: Vec<Card<'a>>,
    /// Whether some question of some call must be answered.
    pub(super) required: bool,
}

#[derive(Template)]
#[template(path = "call.html")]
pub(crate) struct CallPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) status: CallStatus,
    pub(super) meta: String,
    /// How long it takes to answer everything.
    pub(super) minutes: i64,
    pub(super) ways: Ways,
    /// What this session has begun.
    pub(super) draft: Option<&'a Draft>,
}

impl CallPage<'_> {
    /// Whether it asks for a story first.
    fn is_story(&self) -> bool {
        self.call.form == Form::Story
    }

    /// Whether it is over, so that nothing more is offered or promised.
    fn is_closed(&self) -> bool {
        self.status == CallStatus::Closed
    }
}

/// `GET /r/{review}/calls`
pub(crate) async fn list(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    public(&calls_page(visit.frame(Some(&review)), &review))
}

/// `GET /r/{review}/calls/{call}`
pub(crate) async fn show(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let draft = match &visit.session {
        Some(session) => match visit.app.service.draft(&review, call, session.into()).await {
            Ok(draft) => Some(draft),
            Err(service::Error::NoDraft) => None,
            Err(other) => return Err(other.into()),
        },
        None => None,
    };
    // Whoever has begun sees another button, so no cache may keep the page.
    private(StatusCode::OK, &call_page(visit.frame(Some(&review)), &review, call, draft.as_ref()))
}

pub(super) fn calls_page<'a>(frame: Frame<'a>, review: &'a CurrentReview) -> CallsPage<'a> {
    let (mut open, mut coming, mut closed) = (vec![], vec![], vec![]);
    for card in cards(&frame, review) {
        match card.status {
            CallStatus::Open | CallStatus::Late => open.push(card),
            CallStatus::Coming => coming.push(card),
            CallStatus::Closed => closed.push(card),
        }
    }
    let title = frame.t("calls");
    let required = review.definition.calls.iter().any(Call::insists);
    CallsPage { frame: frame.titled(&[title], Section::Give), open, coming, closed, required }
}

pub(super) fn call_page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    call: &'a Call,
    draft: Option<&'a Draft>,
) -> CallPage<'a> {
    let status = call.status(frame.now, &review.timezone);
    let meta = meta(&frame, call, status);
    let title = frame.say(&call.title).text;
    frame.feed = Some(format!("{}/contributions.atom?call={}", frame.base, call.id));
    CallPage {
        frame: frame.about(call).titled(&[title], Section::Give),
        call,
        status,
        meta,
        minutes: call.about_minutes(),
        ways: review.other_ways(),
        draft,
    }
}

/// Every call, those that take evidence first, and of those the first to close first.
pub(crate) fn cards<'a>(frame: &Frame<'_>, review: &'a CurrentReview) -> Vec<Card<'a>> {
    let card = |call: &'a Call| {
        let status = call.status(frame.now, &review.timezone);
        Card { call, status, meta: meta(frame, call, status) }
    };
    let mut cards: Vec<Card<'a>> = review.definition.calls.iter().map(card).collect();
    // Stable: calls that close on one day stay in the order of the definition.
    cards.sort_by_key(|card| (!card.status.takes_evidence(), card.call.closes));
    cards
}

fn meta(frame: &Frame<'_>, call: &Call, status: CallStatus) -> String {
    let questions = i64::try_from(call.questions.len()).unwrap_or(0);
    let mut parts = vec![frame.count("questions", &questions)];
    parts.push(frame.count("minutes", &call.about_minutes()));
    parts.push(match status {
        CallStatus::Coming => frame.with("opens-on", "date", frame.day(&call.opens)),
        CallStatus::Open => frame.with("closes-on", "date", frame.day(&call.closes)),
        CallStatus::Late => frame.with("late-until", "date", frame.day(&call.late_until.unwrap_or(call.closes))),
        CallStatus::Closed => frame.with("closed-on", "date", frame.day(&call.closes)),
    });
    parts.join(" · ")
}
