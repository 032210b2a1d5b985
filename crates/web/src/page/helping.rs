//! Helping somebody to give evidence, or answering for them: who helps, what is read out before, and what is read back after.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::{Call, DraftPart, Fields, Helper, HelpingRole, HelpingWay, Line, ReadBack};

use crate::error::{Failure, Outcome};
use crate::form::{OpenForm, SessionForm};
use crate::frame::{Frame, Section, private};
use crate::page::answer::save_part;
use crate::page::check::{Given, given, who};
use crate::page::draft::Writing;
use crate::page::mistake::{Mistake, at, of_line};
use crate::page::questions::MANY;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "helping.html")]
pub(crate) struct HelpingPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) base: String,
}

impl HelpingPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }

    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        let word = |way: &HelpingWay| (way.as_str(), self.frame.locale.word("helping-way", way.as_str()));
        HelpingWay::ALL.iter().map(word).collect()
    }

    fn roles(&self) -> Vec<(&'static str, &'static str)> {
        let word = |role: &HelpingRole| (role.as_str(), self.frame.locale.word("helping-role", role.as_str()));
        HelpingRole::ALL.iter().map(word).collect()
    }
}

/// `GET /r/{review}/calls/{call}/helping`
pub(crate) async fn show(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    private(StatusCode::OK, &page(visit.frame(Some(&review)), call, Fields::default(), vec![]))
}

/// `POST /r/{review}/calls/{call}/helping`: begins a draft for the person who is helped.
pub(crate) async fn start(
    visit: Visit,
    Path((review, call)): Path<(String, String)>,
    OpenForm(fields): OpenForm,
) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let helper = match parse(&fields, visit.locale) {
        Ok(helper) => helper,
        Err(mistakes) => {
            let page = page(visit.frame(Some(&review)), call, fields, mistakes);
            return private(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let base = visit.locale.link(&format!("/r/{}/calls/{}", review.slug, call.id));
    let (session, language) = (visit.session.as_ref(), visit.written_in(&review));
    match visit.app.service.start_draft(&review, call, session, language, Some(helper)).await {
        Ok((secret, _)) => match call.questions.first() {
            Some(first) if call.questions.len() <= MANY => visit.go_on(&format!("{base}/answer/{}", first.id), &secret),
            _ => visit.go_on(&format!("{base}/questions"), &secret),
        },
        Err(service::Error::NotOpen(_)) => Ok(Redirect::to(&base).into_response()),
        Err(other) => Err(other.into()),
    }
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    call: &'a Call,
    fields: Fields,
    mistakes: Vec<Mistake>,
) -> HelpingPage<'a> {
    let titles = [frame.t("helping-heading"), frame.say(&call.title).text];
    frame.error = !mistakes.is_empty();
    let base = format!("{}/calls/{}", frame.base, call.id);
    HelpingPage { frame: frame.titled(&titles, Section::Give), call, fields, mistakes, base }
}

fn parse(fields: &Fields, locale: crate::locale::Locale) -> Result<Helper, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let way: Option<HelpingWay> = fields.get("way").and_then(|word| word.parse().ok());
    let role: Option<HelpingRole> = fields.get("role").and_then(|word| word.parse().ok());
    let agreed = fields.get("agreed").is_some();
    let missing = [(way.is_none(), "way", "mistake-way"), (role.is_none(), "role", "mistake-role")];
    for (missing, field, key) in missing.into_iter().chain([(!agreed, "agreed", "mistake-agreed")]) {
        if missing {
            mistakes.push(Mistake { field, message: locale.t(key).to_owned() });
        }
    }
    let mut line = |field: &'static str| -> Option<Line> {
        let parsed = fields.get(field)?.parse();
        parsed.map_err(|error| mistakes.push(of_line(locale, field, &error))).ok()
    };
    let (name, organisation) = (line("helper-name"), line("helper-organisation"));
    match (way, role) {
        (Some(way), Some(role)) if mistakes.is_empty() => {
            Ok(Helper { way, role, name, organisation, read_back: None, reason: None })
        }
        _ => Err(mistakes),
    }
}

#[derive(Template)]
#[template(path = "read-back.html")]
pub(crate) struct ReadBackPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) answers: Vec<Given<'a>>,
    pub(super) who: Vec<String>,
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) base: String,
}

impl ReadBackPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }

    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        let word = |way: &ReadBack| (way.as_str(), self.frame.locale.word("read-back", way.as_str()));
        ReadBack::ALL.iter().map(word).collect()
    }
}

/// `GET /r/{review}/calls/{call}/read-back`
pub(crate) async fn ask(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let helper = writing.draft.content.helper.as_ref().ok_or(Failure::NotFound)?;
    let mut fields = Fields::default();
    helper.read_back.iter().for_each(|way| fields.push("read-back", way.as_str()));
    helper.reason.iter().for_each(|reason| fields.push("reason", reason.as_str()));
    let page = read_back_page(visit.frame(Some(&writing.review)), &writing, fields, vec![])?;
    private(StatusCode::OK, &page)
}

/// `POST /r/{review}/calls/{call}/read-back`
pub(crate) async fn agree(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let writing = Writing::of(&visit, std::sync::Arc::clone(&review), &call, form.writer()?).await?;
    let call = writing.call()?;
    let mut helper = writing.draft.content.helper.clone().ok_or(Failure::NotFound)?;
    let mut mistakes = Vec::new();
    helper.read_back = form.fields.get("read-back").and_then(|word| word.parse().ok());
    helper.reason = match form.fields.get("reason").map(str::parse).transpose() {
        Ok(reason) => reason,
        Err(error) => {
            mistakes.push(of_line(visit.locale, "reason", &error));
            None
        }
    };
    let mut wrong = |field, key| mistakes.push(Mistake { field, message: visit.locale.t(key).to_owned() });
    match helper.read_back {
        None => wrong("read-back", "mistake-read-back"),
        Some(ReadBack::NotPossible) if helper.reason.is_none() => wrong("reason", "mistake-reason"),
        Some(_) => {}
    }
    if !mistakes.is_empty() {
        let page = read_back_page(visit.frame(Some(&review)), &writing, form.fields.clone(), mistakes)?;
        return private(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let to = visit.locale.link(&format!("/r/{}/calls/{}/check", review.slug, call.id));
    save_part(&visit, &review, call, &form, DraftPart::Helper(helper), &to).await
}

fn read_back_page<'a>(
    mut frame: Frame<'a>,
    writing: &'a Writing,
    fields: Fields,
    mistakes: Vec<Mistake>,
) -> Result<ReadBackPage<'a>, Failure> {
    let (call, content) = (writing.call()?, &writing.draft.content);
    frame.error = !mistakes.is_empty();
    let titles = [frame.t("read-back-heading"), frame.say(&call.title).text];
    let locale = frame.locale;
    let answers = call.asked(&content.answers).into_iter().map(|question| given(locale, question, &writing.draft));
    Ok(ReadBackPage {
        answers: answers.filter(|given| !given.pieces.is_empty()).collect(),
        who: who(locale, &content.respondent),
        base: format!("{}/calls/{}", frame.base, call.id),
        frame: frame.writing(&writing.draft, &DraftPart::Also(vec![])).titled(&titles, Section::Give),
        call,
        fields,
        mistakes,
    })
}
