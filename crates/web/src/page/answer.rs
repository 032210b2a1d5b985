//! One question a page. Every Continue saves, and so does changing the language.

use askama::Template;
use axum::extract::{FromRequest, Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::question::{Choosable, DATE, ListedFields, Reading, part};
use domain::{Answer, Call, Draft, DraftPart, Fields, Form, GivenFile, Kind, Question, Slug, Verdict, YesNoUnsure};
use jiff::Timestamp;
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::{Frame, private};
use crate::learning::lessons;
use crate::locale::{Lang, Locale, Said};
use crate::page::draft::Writing;
use crate::page::file;
use crate::page::mistake::{Mistake, at, of_answer};
use crate::page::offer::Offer;
use crate::shown::pieces::{Piece, pieces};
use crate::visit::Visit;

mod asked;

pub(super) use asked::Asked;

#[derive(Template)]
#[template(path = "answer.html")]
pub(crate) struct AnswerPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) question: &'a Question,
    /// Its words, in full or in easy ones.
    pub(super) reading: Reading<'a>,
    /// Whether there are easy words, and they are not the ones that stand here; or the other way round.
    pub(super) other_words: Option<&'static str>,
    /// Its place among the questions, counted from 1.
    pub(super) number: i64,
    pub(super) of: i64,
    /// What was typed, or saved before.
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    /// The files that were added before.
    pub(super) files: Vec<GivenFile>,
    /// Whether an answer is saved, so that it can be taken back.
    pub(super) saved: bool,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) skip: String,
    /// Until when the draft is kept.
    pub(super) until: Timestamp,
    /// What another window has saved in between, one line each.
    pub(super) elsewhere: Option<Vec<String>>,
}

impl AnswerPage<'_> {
    /// What is wrong with a field.
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    /// Whether Back and Skip save what stands on the page. What cannot be saved has just been said, and they lead away from it.
    fn saves(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// Whether this is the story that a call begins with.
    fn is_story(&self) -> bool {
        self.follows_story() && self.number == 1
    }

    /// The address of the page on how to tell what happened, if the review shows it. It opens in a window of its own, so that nothing
    /// typed is lost; but whoever leaves a sensitive page must not leave another one open.
    fn lesson(&self) -> Option<String> {
        if self.frame.exit.is_some() {
            return None;
        }
        let mut lessons = lessons(self.frame.locale, self.frame.review?).into_iter();
        lessons
            .find(|lesson| lesson.id == "what-happened")
            .map(|lesson| format!("{}/learn/{}", self.frame.base, lesson.id))
    }

    /// Whether the call begins with a story.
    fn follows_story(&self) -> bool {
        self.call.form == Form::Story
    }

    /// Whether anybody may still want to know what comes before.
    fn is_first(&self) -> bool {
        self.number == 1
    }

    /// What stands above the question: how far one has come. What follows a story is counted by itself.
    fn place(&self) -> String {
        if self.follows_story() {
            return self.frame.locale.t_with(
                "story-question-of",
                &[
                    ("number", self.frame.number(&(self.number - 1)).into()),
                    ("of", self.frame.number(&(self.of - 1)).into()),
                ],
            );
        }
        self.frame.question_of(&self.number, &self.of)
    }

    /// Whether there is something to take back. What is chosen among radio buttons cannot be unchosen by hand.
    fn clearable(&self) -> bool {
        let radios = matches!(self.question.kind, Kind::YesNoUnsure | Kind::Scale | Kind::Choice);
        self.saved && self.question.kind != Kind::File
            || self.fields.get("verdict").is_some()
            || radios && self.fields.get("answer").is_some()
    }

    /// What people read for an option or a row.
    fn label<'b>(&'b self, choosable: &'b Choosable) -> Said<'b> {
        self.frame.say(self.reading.label(choosable))
    }

    /// How options are put in order.
    fn ranking_how(&self) -> String {
        ranking_how(self.frame.locale, self.question)
    }

    /// The places that an option can be given in an order.
    fn ranks(&self) -> Vec<String> {
        (1..=self.question.ranks()).map(|rank| rank.to_string()).collect()
    }

    /// What can be answered to each row of a grid.
    fn columns(&self) -> Vec<(String, Said<'_>)> {
        let locale = self.frame.locale;
        let step = |step: Slug| (locale.word("scale", step.as_str()), step);
        if self.question.options.is_empty() {
            let ours = |(text, step): (&'static str, Slug)| (step.to_string(), Said { text, lang: Lang::default() });
            return self.question.columns().into_iter().map(step).map(ours).collect();
        }
        self.question.options.iter().map(|option| (option.id.to_string(), self.label(option))).collect()
    }

    /// Whether the answers to a row of a grid have room beside one another.
    fn side_by_side(&self) -> bool {
        !self.reading.is_easy() && self.question.columns().len() <= 5
    }

    /// What was typed or saved for a part.
    fn has_part(&self, choosable: &Choosable, value: &str) -> bool {
        self.fields.has(&part(&choosable.id), value)
    }

    /// What could be meant by what was typed.
    fn offer(&self, listed: &ListedFields) -> Option<Offer> {
        Offer::of(self.frame.locale, self.question, *listed, &self.fields, self.mistake(listed.pick).is_some())
    }

    /// Whether an option was chosen.
    fn chosen(&self, option: &Choosable) -> bool {
        self.fields.has("answer", option.id.as_str())
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }

    /// The `aria-describedby` of a field: its hint, what is wrong with it, how much fits into it.
    fn described(&self, field: &str, hint: bool, info: bool) -> String {
        let mut ids = Vec::new();
        if hint && self.question.required {
            ids.push("required".to_owned());
        }
        if hint && self.reading.hint().is_some() {
            ids.push("hint".to_owned());
        }
        if hint && self.is_story() {
            ids.push("story".to_owned());
        }
        match self.question.kind {
            Kind::Choices if hint => ids.push("choose-all".to_owned()),
            Kind::Ranking | Kind::Place | Kind::Service | Kind::File | Kind::Date if hint => ids.push("how".to_owned()),
            _ => {}
        }
        if field == "place" {
            ids.push("place-hint".to_owned());
        }
        if self.question.unit.is_some() {
            ids.push("unit".to_owned());
        }
        if self.mistake(field).is_some() {
            ids.push(format!("{field}-error"));
        }
        if info {
            ids.push(format!("{field}-info"));
        }
        if ids.is_empty() { String::new() } else { format!(" aria-describedby=\"{}\"", ids.join(" ")) }
    }

    /// What is wrong with a date: which of its three fields are empty, or that it is none.
    fn date_mistakes(&self) -> Vec<&Mistake> {
        self.mistakes.iter().filter(|mistake| DATE.contains(&mistake.field)).collect()
    }

    /// What can be chosen where the choice is the same for every question of the kind.
    fn words(&self) -> Vec<(&'static str, &'static str)> {
        let locale = self.frame.locale;
        if self.question.kind == Kind::Scale {
            ["1", "2", "3", "4", "5"].map(|step| (step, locale.word("scale", step))).to_vec()
        } else {
            let word = |word: &YesNoUnsure| (word.as_str(), locale.word("yes-no-unsure", word.as_str()));
            YesNoUnsure::ALL.iter().map(word).collect()
        }
    }

    /// The verdicts of an example.
    fn verdicts(&self) -> Vec<(&'static str, &'static str)> {
        let word = |verdict: &Verdict| (verdict.as_str(), self.frame.locale.word("verdict-ask", verdict.as_str()));
        Verdict::ALL.iter().map(word).collect()
    }

    /// The short texts of an example.
    fn places(&self) -> [(&'static str, ListedFields, &'static str); 2] {
        let label = |listed: ListedFields| (listed.typed, listed, self.frame.locale.word("example-ask", listed.typed));
        [ListedFields::SERVICE, ListedFields::PLACE].map(label)
    }

    fn longest(&self) -> i64 {
        i64::try_from(self.question.max_length()).unwrap_or(i64::MAX)
    }
}

/// `GET /r/{review}/calls/{call}/answer/{question}`
pub(crate) async fn show(visit: Visit, Path((review, call, question)): Path<(String, String, String)>) -> Outcome {
    let writing = Writing::open(&visit, Path((review, call))).await?;
    let call = writing.call()?;
    let (place, question) = call.question(&question).ok_or(Failure::NotFound)?;
    let saved = writing.draft.content.answers.get(&question.id);
    let asked = Asked { call, place, question, change: changing(&visit) };
    let frame = visit.frame(Some(&writing.review));
    let answers = &writing.draft.content.answers;
    if !call.asked(answers).iter().any(|asked| asked.id == question.id) {
        // An earlier answer has made it needless since.
        return Ok(Redirect::to(&asked.after(&frame.base, answers)).into_response());
    }
    private(StatusCode::OK, &asked.page(frame, saved.map(Answer::fields).unwrap_or_default(), vec![], &writing.draft))
}

/// `POST /r/{review}/calls/{call}/answer/{question}`
pub(crate) async fn save(
    visit: Visit,
    Path((review, call_id, question)): Path<(String, String, String)>,
    request: Request,
) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call_id).ok_or(Failure::NotFound)?;
    let (place, question) = call.question(&question).ok_or(Failure::NotFound)?;
    if question.kind == Kind::File {
        return file::save(&visit, &review, call, question, request).await;
    }
    let form = SessionForm::from_request(request, &visit.app).await?;
    form.within(question.max_length())?;
    let asked = Asked { call, place, question, change: changing(&visit) };
    let switch = form.fields.get("switch").is_some();
    let easy = form.fields.get("easy").map(|word| word == "yes");
    if let Some(easy) = easy {
        let (writer, language) = (form.writer()?, visit.written_in(&review));
        visit.app.service.save_draft(&review, call, writer, language, DraftPart::Easy(easy), None).await?;
    }
    if form.clears() {
        let part = DraftPart::Answer(question.id.clone(), None);
        return save_part(&visit, &review, call, &form, part, &visit.locale.link(&asked.address(&review.slug))).await;
    }
    let writing = Writing::of(&visit, std::sync::Arc::clone(&review), &call_id, form.writer()?).await?;
    match question.answer(&form.fields) {
        Ok(answer) => {
            let part = DraftPart::Answer(question.id.clone(), answer);
            let to = if easy.is_some() {
                visit.locale.link(&asked.address(&review.slug))
            } else if switch {
                visit.locale.changed(form.fields.get("switch")).link(&asked.address(&review.slug))
            } else if let Some(wish) = form.wish() {
                asked.wished(wish, &visit, &review, &writing.draft.content.answers)
            } else {
                let mut now = writing.draft.content.clone();
                now.put(part.clone());
                asked.next(&visit, &review, &writing.draft.content.answers, &now.answers)
            };
            match save_part(&visit, &review, call, &form, part, &to).await {
                Err(Failure::ChangedSince) => {
                    let message = visit.locale.t("mistake-changed").to_owned();
                    let mistakes = vec![Mistake { field: question.first_field(), message }];
                    let mut page =
                        asked.page(visit.frame(Some(&review)), form.fields.clone(), mistakes, &writing.draft);
                    page.elsewhere = Some(elsewhere(visit.locale, question, &writing.draft));
                    private(StatusCode::CONFLICT, &page)
                }
                outcome => outcome,
            }
        }
        Err(errors) => {
            let locale = visit.locale.changed(form.fields.get("switch"));
            let mistakes = errors.iter().map(|error| of_answer(locale, question, error)).collect();
            let frame = visit.frame_in(locale, Some(&review));
            private(StatusCode::UNPROCESSABLE_ENTITY, &asked.page(frame, form.fields, mistakes, &writing.draft))
        }
    }
}

/// How options are put in order, and how many of them can be.
pub(super) fn ranking_how(locale: Locale, question: &Question) -> String {
    if question.ranks() < question.options.len() {
        return locale.count("ranking-how-most", i64::try_from(question.ranks()).unwrap_or(i64::MAX));
    }
    locale.t("ranking-how").to_owned()
}

/// What the draft says now in answer to a question.
fn elsewhere(locale: Locale, question: &Question, draft: &Draft) -> Vec<String> {
    let answer = draft.content.answers.get(&question.id);
    let said = answer.map(|answer| pieces(locale, question, answer)).unwrap_or_default();
    let line = |piece: Piece<'_>| match piece.label {
        Some(label) => format!("{label}: {}", piece.text),
        None => piece.text.into_owned(),
    };
    said.into_iter().map(line).collect()
}

/// Saves a part of the draft and goes on to `to`.
pub(super) async fn save_part(
    visit: &Visit,
    review: &CurrentReview,
    call: &Call,
    form: &SessionForm,
    part: DraftPart,
    to: &str,
) -> Outcome {
    let writer = form.writer()?;
    visit.app.service.save_draft(review, call, writer, visit.written_in(review), part, form.seen()).await?;
    visit.go_on(to, writer.session)
}

/// Whether the page was reached from the last look, and leads back there.
pub(super) fn changing(visit: &Visit) -> bool {
    visit.asked().get("change").is_some()
}

/// What a page that is one of several is followed by to say so: `?change=1`.
pub(super) fn kept(change: bool) -> &'static str {
    if change { "?change=1" } else { "" }
}

/// The page of a question, for tests of the templates.
#[cfg(test)]
pub(super) fn sample<'a>(
    frame: Frame<'a>,
    call: &'a Call,
    place: usize,
    fields: Fields,
    draft: &Draft,
) -> AnswerPage<'a> {
    let question = &call.questions[place];
    let locale = frame.locale;
    let mistakes = match question.answer(&fields) {
        Err(errors) if fields != Fields::default() => {
            errors.iter().map(|error| of_answer(locale, question, error)).collect()
        }
        _ => vec![],
    };
    Asked { call, place, question, change: false }.page(frame, fields, mistakes, draft)
}
