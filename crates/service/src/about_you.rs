//! The ready-made questions about people themselves: harmonised UK questions, so that the answers can be held against the census.

use domain::{Question, Review};
use serde::Deserialize;

#[derive(Deserialize)]
struct Ready {
    question: Vec<Question>,
}

/// The ready-made questions.
fn ready() -> Result<Vec<Question>, toml::de::Error> {
    toml::from_str::<Ready>(include_str!("about_you.toml")).map(|ready| ready.question)
}

/// Puts the ready-made questions that `review` names before its own. From then on they belong to its definition, so that a
/// later Folkmoot with other wording does not change what was asked.
///
/// # Errors
/// What is wrong, in a sentence.
pub(crate) fn fill_in(review: &mut Review) -> Result<(), String> {
    let ready = ready().map_err(|error| error.to_string())?;
    let mut wanted = Vec::new();
    for id in std::mem::take(&mut review.about_you) {
        let Some(question) = ready.iter().find(|question| question.id == id) else {
            let known: Vec<&str> = ready.iter().map(|question| question.id.as_str()).collect();
            return Err(format!("there is no ready-made question `{id}`; there are {}", known.join(", ")));
        };
        if let Some(language) = question.title.missing(&review.languages).first() {
            return Err(format!(
                "the question `{id}` is not there in `{language}`: write it as [[about_you_question]]"
            ));
        }
        if wanted.iter().chain(&review.about_you_question).any(|own: &Question| own.id == id) {
            return Err(format!("asks `{id}` twice"));
        }
        wanted.push(question.clone());
    }
    review.about_you_question.splice(0..0, wanted);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_made_question_can_be_asked_in_english_and_welsh() {
        let languages = ["en", "cy"].map(|tag| tag.parse().expect("a language"));
        let ready = ready().expect("the questions");
        assert!(ready.len() > 8);
        for question in ready {
            assert_eq!(domain::about_you::unfit(&question), None, "{}", question.id);
            assert!(question.title.missing(&languages).is_empty(), "{}", question.id);
            assert!(
                question.options.iter().all(|option| option.label.missing(&languages).is_empty()),
                "{}",
                question.id
            );
        }
    }
}
