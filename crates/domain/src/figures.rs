//! What was counted of everything that was received. These numbers are exact and not for showing: what may be shown of them
//! is rounded, and small numbers are hidden.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Chosen, Verdict};
use crate::catalogue::{Listed, folded};
use crate::contribution::{Channel, Content};
use crate::id::Slug;
use crate::place::{Place, Places};
use crate::question::OTHER_OPTION;
use crate::time::{Day, Zone};

/// Numbers by something.
pub type Numbers<K> = BTreeMap<K, u64>;

/// Everything that is counted. Contributions that were withdrawn are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Contributions by the call that they answer.
    pub calls: Numbers<Slug>,
    /// By the word for the kind of respondent; empty where it was not said.
    pub kinds: Numbers<String>,
    /// By how they came.
    pub channels: Numbers<Channel>,
    /// By the Monday of the week in which they came.
    pub weeks: Numbers<Day>,
    /// Examples by their verdict.
    pub verdicts: Numbers<Verdict>,
    /// Examples by the code of the place that they name; empty where it is no place of the list.
    pub places: Numbers<String>,
    /// Contributions by call, question, and what was answered to it: the id of an option, or of the one that was put first; a step
    /// of a scale, a word; the code of a place or service; `row:column` of a grid; a band of numbers; a year.
    pub answers: BTreeMap<Slug, BTreeMap<Slug, Numbers<String>>>,
    /// Contributions that answered a question at all, by call and question.
    pub answered: BTreeMap<Slug, Numbers<Slug>>,
    /// Calls of which nothing was counted.
    pub left_out: BTreeSet<Slug>,
}

/// What is counted of one contribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Countable {
    /// The call that it answers.
    pub call: Slug,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// Who speaks, and what they said.
    pub content: Content,
}

impl Figures {
    /// Counts one more, unless its call is left out.
    pub fn count(&mut self, one: &Countable, zone: &Zone, gazetteer: &Gazetteer) {
        if self.left_out.contains(&one.call) {
            return;
        }
        let kind = one.content.respondent.kind.map_or("", crate::RespondentKind::as_str);
        *self.calls.entry(one.call.clone()).or_default() += 1;
        *self.kinds.entry(kind.to_owned()).or_default() += 1;
        *self.channels.entry(one.channel).or_default() += 1;
        *self.weeks.entry(monday(Day::of(one.received_at, zone))).or_default() += 1;
        for (question, answer) in &one.content.answers {
            if let Answer::Example(example) = answer {
                *self.verdicts.entry(example.verdict).or_default() += 1;
                let named = || example.place.as_deref().and_then(|name| gazetteer.code(name));
                let place = example.place_code.as_deref().or_else(named).unwrap_or_default();
                *self.places.entry(place.to_owned()).or_default() += 1;
            }
            self.count_answer(&one.call, question, answer);
        }
    }

    fn count_answer(&mut self, call: &Slug, question: &Slug, answer: &Answer) {
        let said = words(answer);
        if said.is_empty() {
            return;
        }
        let answers = self.answers.entry(call.clone()).or_default().entry(question.clone()).or_default();
        for word in said {
            *answers.entry(word).or_default() += 1;
        }
        *self.answered.entry(call.clone()).or_default().entry(question.clone()).or_default() += 1;
    }

    /// How many contributions there are.
    pub fn contributions(&self) -> u64 {
        self.calls.values().sum()
    }
}

/// What a question was answered with; nothing for what cannot be counted.
fn words(answer: &Answer) -> Vec<String> {
    let word = |chosen: &Chosen| match chosen {
        Chosen::Option(option) => option.to_string(),
        Chosen::Other(_) => OTHER_OPTION.to_owned(),
    };
    match answer {
        Answer::YesNoUnsure(answer) => vec![answer.to_string()],
        Answer::Choice(chosen) => vec![word(chosen)],
        Answer::Choices(all) => all.iter().map(word).collect(),
        Answer::Scale(step) => vec![step.to_string()],
        Answer::Ranking(order) => order.first().map(ToString::to_string).into_iter().collect(),
        Answer::Grid(rows) => rows.iter().map(|(row, column)| format!("{row}:{column}")).collect(),
        Answer::Place(named) | Answer::Service(named) => {
            vec![named.code.clone().unwrap_or_else(|| OTHER_OPTION.to_owned())]
        }
        Answer::Number(number) => vec![band(*number)],
        Answer::Date(day) => vec![format!("{:04}", day.0.year())],
        Answer::Text(_) | Answer::Example(_) | Answer::Files(_) => vec![],
    }
}

/// Where bands of numbers begin, from 1 on: 1, 2, 5, 10, 20, 50, and so on. They are the same for every question, so that none
/// tells the largest number that anybody gave.
fn steps() -> impl Iterator<Item = u64> {
    (0..15).flat_map(|power| [1, 2, 5].map(|step| step * 10_u64.pow(power)))
}

/// The word for numbers below nought.
pub const BELOW_NOUGHT: &str = "-";

/// The band of a number: the least whole number in it.
fn band(number: f64) -> String {
    if number < 0.0 {
        return BELOW_NOUGHT.to_owned();
    }
    let before = |step: &u64| f64_of(*step) <= number;
    steps().take_while(before).last().unwrap_or(0).to_string()
}

/// From the least to the greatest whole number of the band that begins there; none for what is no band.
pub fn band_from(least: &str) -> Option<(u64, Option<u64>)> {
    let least: u64 = least.parse().ok()?;
    let next = steps().find(|step| *step > least);
    (least == 0 || steps().any(|step| step == least)).then_some((least, next.map(|next| next - 1)))
}

#[expect(clippy::cast_precision_loss, reason = "every step is below 10^15")]
const fn f64_of(step: u64) -> f64 {
    step as f64
}

fn monday(day: Day) -> Day {
    let after = i32::from(day.0.weekday().since(Weekday::Monday));
    day.plus(-after)
}

/// Finds places by what people call them: just so, without regard to capital letters, accents and punctuation. A name that
/// could mean several finds none, so that nothing is counted where it does not belong.
pub struct Gazetteer(BTreeMap<String, Option<String>>);

impl Gazetteer {
    /// Of the places of a list.
    pub fn of(places: &Places) -> Self {
        let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
        for place in places.all() {
            for name in std::iter::once(place.code.as_str()).chain(Place::names(place)) {
                names
                    .entry(folded(name))
                    .and_modify(|known| *known = known.take().filter(|code| *code == place.code))
                    .or_insert_with(|| Some(place.code.clone()));
            }
        }
        Self(names)
    }

    /// The code of the place of that name; of "Leeds, West Yorkshire", that of Leeds.
    pub fn code(&self, name: &str) -> Option<&str> {
        let whole = self.0.get(&folded(name));
        let before = || self.0.get(&folded(name.split_once(',')?.0));
        whole.or_else(before)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Example, YesNoUnsure};

    #[test]
    fn places_are_found_just_so_or_not_at_all() {
        let gazetteer = Gazetteer::of(Places::uk());
        assert_eq!(gazetteer.code("caerdydd"), Some("W06000015"));
        assert_eq!(gazetteer.code("Leeds, West Yorkshire"), gazetteer.code("LEEDS"));
        assert_eq!(gazetteer.code("london"), Some("E12000007"));
        assert!(gazetteer.code("Leeds").is_some() && gazetteer.code("newc").is_none());
        assert!(gazetteer.code("Atlantis").is_none() && gazetteer.code("").is_none());
    }

    #[test]
    fn numbers_are_counted_in_bands_that_say_nothing_of_the_largest() {
        let bands = [-3.0, 0.0, 0.9, 1.0, 4.99, 5.0, 19.0, 1e300].map(band);
        assert_eq!(bands, ["-", "0", "0", "1", "2", "5", "10", "500000000000000"].map(str::to_owned));
        assert_eq!((band_from("0"), band_from("2")), (Some((0, Some(0))), Some((2, Some(4)))));
        assert_eq!(
            (band_from("500000000000000").map(|(_, end)| end), band_from("3"), band_from("-")),
            (Some(None), None, None)
        );
    }

    #[test]
    fn weeks_begin_on_monday() -> Result<(), crate::text::TextError> {
        for day in ["2026-11-23", "2026-11-25", "2026-11-29"] {
            assert_eq!(monday(day.parse()?), "2026-11-23".parse()?, "{day}");
        }
        Ok(())
    }

    #[test]
    fn one_contribution_counts_once_in_every_table() -> Result<(), Box<dyn std::error::Error>> {
        let mut content = Content::default();
        let options = vec![Chosen::Option("bus".parse()?), Chosen::Option("train".parse()?), Chosen::Other("x".into())];
        content.answers.insert("many".parse()?, Answer::Choices(options));
        content.answers.insert("yes".parse()?, Answer::YesNoUnsure(YesNoUnsure::No));
        content.answers.insert("long".parse()?, Answer::Text("Words".into()));
        let example = Example {
            service: None,
            service_id: None,
            place: Some("York".into()),
            place_code: None,
            verdict: Verdict::Mixed,
            happened: "It".into(),
            model: false,
        };
        content.answers.insert("example".parse()?, Answer::Example(example));
        let (call, channel): (Slug, _) = ("access".parse()?, Channel::Paper);
        let one = Countable { call: call.clone(), channel, received_at: Timestamp::UNIX_EPOCH, content };
        let mut figures = Figures::default();
        figures.count(&one, &"UTC".parse()?, &Gazetteer::of(Places::uk()));
        assert_eq!(figures.contributions(), 1);
        let sums = [figures.kinds.values().sum::<u64>(), figures.channels.values().sum(), figures.weeks.values().sum()];
        assert_eq!(sums, [1, 1, 1]);
        assert_eq!(figures.answers[&call].len(), 2, "what is said in words is not counted");
        assert_eq!(figures.answers[&call][&"many".parse()?].len(), 3);
        assert_eq!(figures.answered[&call].values().copied().collect::<Vec<_>>(), [1, 1]);
        assert_eq!(figures.places, BTreeMap::from([("E06000014".to_owned(), 1)]));
        assert_eq!(serde_json::from_str::<Figures>(&serde_json::to_string(&figures)?)?, figures);
        let before = Figures { left_out: [call].into(), ..Figures::default() };
        let mut after = before.clone();
        after.count(&one, &"UTC".parse()?, &Gazetteer::of(Places::uk()));
        assert_eq!(after, before, "a call that is left out is in no table");
        Ok(())
    }
}
