//! Questions that are asked only if an earlier answer says so.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Chosen, Verdict, YesNoUnsure};
use crate::call::Call;
use crate::id::Slug;
use crate::question::{Kind, OTHER_OPTION, Question};

/// When a question is asked: what must have been said to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownIf {
    /// The earlier question, of the same call.
    pub question: Slug,
    /// The answer is one of these: options; yes, no, unsure; works, failed, mixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<Slug>,
    /// The answer is this number, or step of a scale, or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The answer is this number, or step of a scale, or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// There is an answer, whatever it is; or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
}

impl Call {
    /// The questions that are asked of somebody who has answered so, in their order: everything, except what is shown only
    /// if an earlier answer says otherwise. An answer to a question that is not asked any more says nothing.
    pub fn asked<'a>(&'a self, answers: &BTreeMap<Slug, Answer>) -> Vec<&'a Question> {
        let mut asked: Vec<&Question> = Vec::new();
        for question in &self.questions {
            let shown = question.shown_if.as_ref().is_none_or(|condition| {
                let earlier = asked.iter().find(|earlier| earlier.id == condition.question);
                condition.holds(earlier.and_then(|earlier| answers.get(&earlier.id)))
            });
            if shown {
                asked.push(question);
            }
        }
        asked
    }
}

impl ShownIf {
    /// Whether that answer to the earlier question lets this one be asked.
    fn holds(&self, answer: Option<&Answer>) -> bool {
        if let Some(answered) = self.answered {
            return answer.is_some() == answered;
        }
        match answer {
            Some(Answer::YesNoUnsure(word)) => self.names(word.as_str()),
            Some(Answer::Choice(chosen)) => self.names_chosen(chosen),
            Some(Answer::Choices(all)) => all.iter().any(|chosen| self.names_chosen(chosen)),
            Some(Answer::Example(example)) => self.names(example.verdict.as_str()),
            Some(Answer::Scale(step)) => self.spans(f64::from(*step)),
            Some(Answer::Number(number)) => self.spans(*number),
            _ => false,
        }
    }

    fn names(&self, word: &str) -> bool {
        self.is.iter().any(|named| named.as_str() == word)
    }

    fn names_chosen(&self, chosen: &Chosen) -> bool {
        match chosen {
            Chosen::Option(option) => self.names(option.as_str()),
            Chosen::Other(_) => self.names(OTHER_OPTION),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds beyond 2^53 are refused when the review is checked")]
    fn spans(&self, number: f64) -> bool {
        self.from.is_none_or(|from| number >= from as f64) && self.to.is_none_or(|to| number <= to as f64)
    }

    /// What is wrong with the condition: the key that it is about, and the end of a sentence that begins with it.
    pub(crate) fn problems(&self, before: &[Question]) -> Vec<(&'static str, String)> {
        let Some(earlier) = before.iter().find(|question| question.id == self.question) else {
            return vec![("question", format!("names `{}`, which is no earlier question of this call", self.question))];
        };
        let range = self.from.is_some() || self.to.is_some();
        match (self.is.is_empty(), range, self.answered) {
            (false, false, None) => self.unknown(earlier),
            (true, true, None) => self.impossible(earlier),
            (true, false, Some(_)) if earlier.required => {
                vec![("answered", format!("says nothing: `{}` must be answered", earlier.id))]
            }
            (true, false, Some(_)) => vec![],
            _ => vec![("question", "needs one of `is`, `from` and `to`, or `answered` beside it".to_owned())],
        }
    }

    /// Words that are no answers to the earlier question.
    fn unknown(&self, earlier: &Question) -> Vec<(&'static str, String)> {
        let known: Vec<&str> = match earlier.kind {
            Kind::YesNoUnsure => YesNoUnsure::ALL.iter().map(|word| word.as_str()).collect(),
            Kind::Example => Verdict::ALL.iter().map(|word| word.as_str()).collect(),
            Kind::Choice | Kind::Choices => {
                let own = earlier.other.then_some(OTHER_OPTION);
                earlier.options.iter().map(|option| option.id.as_str()).chain(own).collect()
            }
            kind => return vec![("is", format!("does not fit: `{}` is of the kind {kind}", earlier.id))],
        };
        let unknown = self.is.iter().find(|word| !known.contains(&word.as_str()));
        let message =
            |word: &Slug| format!("names `{word}`; the answers to `{}` are: {}", earlier.id, known.join(", "));
        unknown.map(|word| ("is", message(word))).into_iter().collect()
    }

    /// Bounds between which no answer to the earlier question can lie.
    fn impossible(&self, earlier: &Question) -> Vec<(&'static str, String)> {
        let key = if self.from.is_some() { "from" } else { "to" };
        let (min, max) = match earlier.kind {
            Kind::Scale => (1, 5),
            Kind::Number => (earlier.min.unwrap_or(-(1 << 53)), earlier.max.unwrap_or(1 << 53)),
            kind => return vec![(key, format!("does not fit: `{}` is of the kind {kind}", earlier.id))],
        };
        let (from, to) = (self.from.unwrap_or(min), self.to.unwrap_or(max));
        let possible = from <= to && from >= min && to <= max;
        let message = || format!("leaves nothing: the answers to `{}` lie between {min} and {max}", earlier.id);
        if possible { vec![] } else { vec![(key, message())] }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fields::Fields;

    fn call(questions: &str) -> Call {
        let text = format!(
            r#"{{"id":"c","title":"T","proposition":"P","audiences":["individual"],
            "opens":"2026-01-01","closes":"2026-02-01","question":[{questions}]}}"#
        );
        serde_json::from_str(&text).expect("a call")
    }

    /// Answers as `question=value` pairs.
    fn given(call: &Call, pairs: &[(&str, &str)]) -> BTreeMap<Slug, Answer> {
        let mut answers = BTreeMap::new();
        for (id, value) in pairs {
            let mut fields = Fields::default();
            fields.push(crate::question::ANSWER, *value);
            let (_, question) = call.question(id).expect("a question");
            answers.insert(question.id.clone(), question.answer(&fields).expect("valid").expect("given"));
        }
        answers
    }

    fn asked(call: &Call, pairs: &[(&str, &str)]) -> Vec<String> {
        call.asked(&given(call, pairs)).iter().map(|question| question.id.to_string()).collect()
    }

    const CHAIN: &str = r#"
        {"id":"a","kind":"yes-no-unsure","title":"A"},
        {"id":"b","kind":"scale","title":"B","shown_if":{"question":"a","is":["yes","unsure"]}},
        {"id":"c","kind":"short-text","title":"C","shown_if":{"question":"b","from":4}},
        {"id":"d","kind":"short-text","title":"D","shown_if":{"question":"c","answered":false}}"#;

    #[test]
    fn an_earlier_answer_decides() {
        let call = call(CHAIN);
        assert_eq!(asked(&call, &[]), ["a", "d"]);
        assert_eq!(asked(&call, &[("a", "no")]), ["a", "d"]);
        assert_eq!(asked(&call, &[("a", "unsure")]), ["a", "b", "d"]);
        assert_eq!(asked(&call, &[("a", "yes"), ("b", "3")]), ["a", "b", "d"]);
        assert_eq!(asked(&call, &[("a", "yes"), ("b", "4")]), ["a", "b", "c", "d"]);
        assert_eq!(asked(&call, &[("a", "yes"), ("b", "5"), ("c", "x")]), ["a", "b", "c"]);
    }

    #[test]
    fn an_answer_that_is_not_asked_for_any_more_decides_nothing() {
        assert_eq!(asked(&call(CHAIN), &[("a", "no"), ("b", "5"), ("c", "x")]), ["a", "d"]);
    }

    #[test]
    fn options_and_own_words_can_be_named() {
        let options = r#""options":[{"id":"phone","label":"P"},{"id":"post","label":"Q"}],"other":true"#;
        let call = call(&format!(
            r#"{{"id":"a","kind":"choices","title":"A",{options}}},
            {{"id":"b","kind":"short-text","title":"B","shown_if":{{"question":"a","is":["post","other"]}}}}"#
        ));
        let ask = |chosen: Vec<Chosen>| {
            call.asked(&BTreeMap::from([("a".parse().expect("id"), Answer::Choices(chosen))])).len()
        };
        let option = |id: &str| Chosen::Option(id.parse().expect("id"));
        assert_eq!(ask(vec![option("phone")]), 1);
        assert_eq!(ask(vec![option("phone"), option("post")]), 2);
        assert_eq!(ask(vec![Chosen::Other("Pigeon".to_owned())]), 2);
    }

    #[test]
    fn conditions_that_can_never_hold_are_refused() {
        let before = call(
            r#"{"id":"a","kind":"yes-no-unsure","title":"A"}, {"id":"s","kind":"scale","title":"S"},
            {"id":"t","kind":"long-text","title":"T"}, {"id":"r","kind":"date","title":"R","required":true}"#,
        );
        let key = |condition: &str| {
            let condition: ShownIf = serde_json::from_str(condition).expect(condition);
            condition.problems(&before.questions).first().map(|(key, _)| *key)
        };
        for fine in [
            r#"{"question":"a","is":["no"]}"#,
            r#"{"question":"s","to":2}"#,
            r#"{"question":"s","from":2,"to":4}"#,
            r#"{"question":"t","answered":true}"#,
        ] {
            assert_eq!(key(fine), None, "{fine}");
        }
        for (wrong, at) in [
            (r#"{"question":"later","is":["no"]}"#, "question"),
            (r#"{"question":"a"}"#, "question"),
            (r#"{"question":"a","is":["no"],"answered":true}"#, "question"),
            (r#"{"question":"a","is":["maybe"]}"#, "is"),
            (r#"{"question":"t","is":["no"]}"#, "is"),
            (r#"{"question":"a","from":1}"#, "from"),
            (r#"{"question":"s","from":4,"to":2}"#, "from"),
            (r#"{"question":"s","to":0}"#, "to"),
            (r#"{"question":"r","answered":false}"#, "answered"),
        ] {
            assert_eq!(key(wrong), Some(at), "{wrong}");
        }
    }

    proptest! {
        /// What is asked stands in the order of the call, and asking again with only the answers that were asked for
        /// gives the same questions: nothing hidden decides anything.
        #[test]
        fn only_what_is_asked_decides(a in 0..4_usize, b in 0..6_u8, c in any::<bool>()) {
            let call = call(CHAIN);
            let mut answers = BTreeMap::new();
            if let Some(word) = YesNoUnsure::ALL.get(a) {
                answers.insert("a".parse().expect("id"), Answer::YesNoUnsure(*word));
            }
            if b > 0 {
                answers.insert("b".parse().expect("id"), Answer::Scale(b));
            }
            if c {
                answers.insert("c".parse().expect("id"), Answer::Text("x".to_owned()));
            }
            let asked: Vec<Slug> = call.asked(&answers).iter().map(|question| question.id.clone()).collect();
            let mut sorted = asked.clone();
            sorted.sort();
            prop_assert_eq!(&asked, &sorted);
            answers.retain(|id, _| asked.contains(id));
            let again: Vec<Slug> = call.asked(&answers).iter().map(|question| question.id.clone()).collect();
            prop_assert_eq!(asked, again);
        }
    }
}
