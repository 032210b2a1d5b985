//! A last look at everything, and sending it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{AboutYou, Call, CallStatus, Draft, DraftPart, Gap, Question, Respondent};
use service::flood::Ticket;
use service::{CurrentReview, Sending};

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::{Frame, Section, private};
use crate::locale::{Locale, Said};
use crate::page::about_you;
use crate::page::also::others;
use crate::page::draft::Writing;
use crate::page::release::release_word;
use crate::shown::kind_word;
use crate::shown::pieces::{Piece, pieces_read};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "check.html")]
pub(crate) struct CheckPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) status: CallStatus,
    pub(super) answers: Vec<Given<'a>>,
    /// Who speaks, one line each.
    pub(super) who: Vec<String>,
    /// What may be done with it, if that has been said.
    pub(super) release: Option<&'static str>,
    /// The other calls that it speaks to as well; none if the review has no other.
    pub(super) also: Option<Vec<Said<'a>>>,
    /// How and in what role somebody helps, if they do.
    pub(super) helper: Option<[&'static str; 2]>,
    /// Whether questions about the person follow before it is sent.
    pub(super) about_you: bool,
    /// What is missing before it can be sent: where to mend it, and what to do.
    pub(super) gaps: Vec<(String, String)>,
    /// Whether nothing is missing but that it is read back.
    pub(super) unread: bool,
    /// Whether it was tried to send it like that.
    pub(super) tried: bool,
    pub(super) base: String,
}

/// A question with what was given.
pub(crate) struct Given<'a> {
    /// The question.
    pub question: &'a Question,
    /// Its title.
    pub title: Said<'a>,
    /// What was given; empty if nothing was.
    pub pieces: Vec<Piece<'a>>,
}

/// `GET /r/{review}/calls/{call}/check`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let tried = visit.asked().get("gaps").is_some();
    let frame = visit.frame(Some(&writing.review));
    let page = page(frame, &writing.review, writing.call()?, &writing.draft, tried);
    private(if page.tried { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// `POST /r/{review}/calls/{call}/send`
pub(crate) async fn send(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let base = visit.locale.link(&format!("/r/{}", review.slug));
    let writer = form.writer()?;
    if form.fields.get("switch").is_some() {
        let writing = Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), writer).await?;
        let frame = visit.frame_in(visit.locale.changed(form.fields.get("switch")), Some(&review));
        return private(StatusCode::OK, &about_you::page(frame, call, &writing, form.fields.clone(), false));
    }
    // Without a word about oneself, too, it is sent.
    let silent = form.fields.get("silent").is_some();
    let said = if silent { Ok(None) } else { AboutYou::read(&review.about_you_question, &form.fields) };
    let Ok(about_you) = said else {
        let writing = Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), writer).await?;
        let page = about_you::page(visit.frame(Some(&review)), call, &writing, form.fields.clone(), true);
        return private(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let sending = Sending {
        about_you,
        trapped: form.fields.get(TRAP).is_some(),
        ticket: form.fields.get("ticket"),
        proof: form.fields.get("proof"),
    };
    let to = match visit.app.service.send_draft(&review, call, writer, &sending).await {
        Ok(()) => format!("{base}/receipt"),
        Err(service::Error::Flood(ticket)) => return patience(&visit, &review, call, &form, &ticket),
        // The page that it was sent from shows what is missing, or that the call has closed since.
        Err(service::Error::Incomplete(_)) => format!("{base}/calls/{}/check?gaps=1", call.id),
        Err(service::Error::NotOpen(_)) => format!("{base}/calls/{}/check", call.id),
        Err(other) => return Err(other.into()),
    };
    visit.go_on(&to, writer.session)
}

/// The field that people cannot see.
pub(super) const TRAP: &str = "website";

/// What is asked of whoever sends while very many do: to press again in half a minute, or to let their device work.
#[derive(Template)]
#[template(path = "patience.html")]
pub(crate) struct PatiencePage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    /// When pressing again will do.
    pub(super) wait: String,
    pub(super) ticket: &'a str,
    /// Everything else that the form held.
    pub(super) typed: Vec<(&'a str, &'a str)>,
    pub(super) action: String,
}

fn patience(visit: &Visit, review: &CurrentReview, call: &Call, form: &SessionForm, ticket: &Ticket) -> Outcome {
    let frame = visit.frame(Some(review));
    let own = ["csrf", "ticket", "proof"];
    let page = PatiencePage {
        call,
        wait: visit.locale.count("patience-wait", (ticket.from.as_second() - frame.now.as_second()).max(1)),
        ticket: &ticket.text,
        typed: form.fields.pairs().filter(|(name, _)| !own.contains(name)).collect(),
        action: format!("{}/calls/{}/send", frame.base, call.id),
        frame: frame.titled(&[visit.locale.t("patience-heading"), visit.locale.say(&call.title).text], Section::Give),
    };
    private(StatusCode::TOO_MANY_REQUESTS, &page)
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    call: &'a Call,
    draft: &'a Draft,
    tried: bool,
) -> CheckPage<'a> {
    let titles = [frame.t("check-heading"), frame.say(&call.title).text];
    let locale = frame.locale;
    let base = format!("{}/calls/{}", frame.base, call.id);
    let gaps = gaps(&frame, call, draft, &base);
    let tried = tried && !gaps.is_empty();
    let unread = draft.content.gaps(call) == [Gap::ReadBack];
    frame.error = tried;
    CheckPage {
        status: call.status(frame.now, &review.timezone),
        answers: call
            .asked(&draft.content.answers)
            .into_iter()
            .map(|question| given(locale, question, draft))
            .collect(),
        who: who(locale, &draft.content.respondent),
        release: draft.content.release.map(|release| release_word(locale, release, draft.content.helper.is_some())),
        also: others(review, call, frame.now, &draft.content.also).next().is_some().then(|| {
            let chosen = draft.content.also.iter().filter_map(|id| review.call(id.as_str()));
            chosen.map(|call| locale.say(&call.title)).collect()
        }),
        helper: draft.content.helper.as_ref().map(|helper| {
            [locale.word("helping-said", helper.way.as_str()), locale.word("helping-role", helper.role.as_str())]
        }),
        about_you: !review.about_you_question.is_empty(),
        frame: frame.writing(draft, &DraftPart::Also(vec![])).titled(&titles, Section::Give),
        call,
        gaps,
        unread,
        tried,
        base,
    }
}

/// A question with what was given.
pub(super) fn given<'a>(locale: Locale, question: &'a Question, draft: &'a Draft) -> Given<'a> {
    let reading = question.read(draft.content.easy);
    let answer = draft.content.answers.get(&question.id);
    let pieces = answer.map(|answer| pieces_read(locale, question, reading, answer)).unwrap_or_default();
    Given { question, title: locale.say(reading.title()), pieces }
}

fn gaps(frame: &Frame<'_>, call: &Call, draft: &Draft, base: &str) -> Vec<(String, String)> {
    let gap = |gap: Gap| match gap {
        Gap::Question(question) => {
            let title = call.question(question.as_str()).map_or("", |(_, q)| frame.say(&q.title).text);
            (format!("{base}/answer/{question}?change=1"), frame.with("gap-question", "question", title))
        }
        Gap::Nothing => {
            let first = call.questions.first().map(|question| question.id.as_str()).unwrap_or_default();
            (format!("{base}/answer/{first}"), frame.t("gap-nothing").to_owned())
        }
        Gap::ReadBack => (format!("{base}/read-back"), frame.t("gap-read-back").to_owned()),
        Gap::Release => (format!("{base}/release?change=1"), frame.t("gap-release").to_owned()),
    };
    draft.content.gaps(call).into_iter().map(gap).collect()
}

/// Who speaks, one line for each thing that is known.
pub(crate) fn who(locale: Locale, respondent: &Respondent) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(respondent.name.iter().map(ToString::to_string));
    lines.extend(respondent.organisation.iter().map(ToString::to_string));
    lines.extend(respondent.kind.map(|kind| kind_word(locale, kind).to_owned()));
    lines.extend(respondent.members.map(|members| locale.count("for-members", members.into())));
    lines.extend(
        respondent.asked.as_ref().map(|asked| locale.t_with("asked-members", &[("how", asked.as_str().into())])),
    );
    lines
}
