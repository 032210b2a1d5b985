//! Which question a page asks, what comes before and after it, and the page itself.

use std::collections::BTreeMap;

use domain::{Answer, Call, Draft, DraftPart, Fields, Question, Slug};
use service::CurrentReview;

use super::{AnswerPage, kept};
use crate::form::Wish;
use crate::frame::{Frame, Section};
use crate::page::mistake::Mistake;
use crate::visit::Visit;

/// Answers by question.
type Answers = BTreeMap<Slug, Answer>;

/// A question that is asked on a page, among the others of its call.
pub(in crate::page) struct Asked<'a> {
    pub(in crate::page) call: &'a Call,
    pub(in crate::page) place: usize,
    pub(in crate::page) question: &'a Question,
    pub(in crate::page) change: bool,
}

impl<'a> Asked<'a> {
    pub(in crate::page) fn address(&self, review: &Slug) -> String {
        format!("/r/{review}/calls/{}/answer/{}{}", self.call.id, self.question.id, kept(self.change))
    }

    /// Where somebody goes who wants to go elsewhere than on.
    pub(in crate::page) fn wished(
        &self,
        wish: Wish,
        visit: &Visit,
        review: &CurrentReview,
        answers: &Answers,
    ) -> String {
        let base = visit.locale.link(&format!("/r/{}", review.slug));
        match wish {
            Wish::Questions => format!("{base}/calls/{}/questions", self.call.id),
            Wish::Later => format!("{base}/calls/{}/later", self.call.id),
            Wish::Back => self.back(&base, answers),
        }
    }

    /// Where Continue leads. Whoever changes an answer from the last look comes back there, by way of what is asked only
    /// because of the change.
    pub(in crate::page) fn next(
        &self,
        visit: &Visit,
        review: &CurrentReview,
        before: &Answers,
        now: &Answers,
    ) -> String {
        let base = visit.locale.link(&format!("/r/{}", review.slug));
        let earlier = self.call.asked(before);
        let mut open = self.call.asked(now).into_iter().filter(|question| !now.contains_key(&question.id));
        match open.find(|question| !earlier.iter().any(|asked| asked.id == question.id)) {
            Some(new) if self.change => format!("{base}/calls/{}/answer/{}?change=1", self.call.id, new.id),
            _ => self.after(&base, now),
        }
    }

    /// Which of the pages before the last look follows: every question, then who speaks, then what may be done with it.
    pub(super) fn after(&self, base: &str, answers: &Answers) -> String {
        let base = format!("{base}/calls/{}", self.call.id);
        let following = self.call.asked(answers).into_iter().find(|question| self.place_of(question) > self.place);
        match following {
            _ if self.change => format!("{base}/check"),
            Some(next) => format!("{base}/answer/{}", next.id),
            None => format!("{base}/who"),
        }
    }

    fn back(&self, base: &str, answers: &Answers) -> String {
        let base = format!("{base}/calls/{}", self.call.id);
        let before = self.call.asked(answers).into_iter().rfind(|question| self.place_of(question) < self.place);
        match before {
            _ if self.change => format!("{base}/check"),
            Some(before) => format!("{base}/answer/{}", before.id),
            None => base,
        }
    }

    fn place_of(&self, question: &Question) -> usize {
        self.call.question(question.id.as_str()).map_or(usize::MAX, |(place, _)| place)
    }

    pub(in crate::page) fn page(
        &self,
        mut frame: Frame<'a>,
        fields: Fields,
        mistakes: Vec<Mistake>,
        draft: &Draft,
    ) -> AnswerPage<'a> {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (call, question) = (self.call, self.question);
        let reading = question.read(draft.content.easy);
        let answers = &draft.content.answers;
        let asked = call.asked(answers);
        let earlier = asked.iter().filter(|question| self.place_of(question) < self.place).count();
        let titles = [frame.say(reading.title()).text, frame.say(&call.title).text];
        frame.form = true;
        frame.error = !mistakes.is_empty();
        AnswerPage {
            number: count(earlier + 1),
            of: count(asked.len()),
            action: format!("{}/calls/{}/answer/{}{}", frame.base, call.id, question.id, kept(self.change)),
            back: self.back(&frame.base, answers),
            skip: self.after(&frame.base, answers),
            other_words: question.easy.as_ref().map(|_| if reading.is_easy() { "no" } else { "yes" }),
            frame: frame.writing(draft, &DraftPart::Answer(question.id.clone(), None)).titled(&titles, Section::Give),
            call,
            question,
            reading,
            fields,
            mistakes,
            files: answers.get(&question.id).map(|answer| answer.files().to_vec()).unwrap_or_default(),
            saved: answers.contains_key(&question.id),
            until: draft.expires_at,
            elsewhere: None,
        }
    }
}
