//! What somebody wants to read of all that has been published, as it stands in an address.

use crate::answer::{Answer, Example, Verdict};
use crate::call::Form;
use crate::catalogue::{Meant, Named};
use crate::contribution::Channel;
use crate::fields::Fields;
use crate::id::Slug;
use crate::language::Language;
use crate::question::{Lists, named_month};
use crate::respondent::RespondentKind;
use crate::text::Line;
use crate::time::Day;

/// Which published contributions somebody wants to see: everything that is given must be true of each.
///
/// Verdict, service, place and model are looked for in one and the same example: who asks for what failed in Leeds does not
/// mean what works in Leeds and failed in York. A service and a place are also found where a question of their own asked for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Words that it contains, in any order; words in quotation marks stand together.
    pub words: Option<Line>,
    /// A call that it speaks to.
    pub call: Option<Slug>,
    /// How the call asked for it: a story, or question by question.
    pub form: Option<Form>,
    /// The kind of respondent.
    pub kind: Option<RespondentKind>,
    /// What an example in it shows.
    pub verdict: Option<Verdict>,
    /// A service: its code, any of its names, the beginning of one, or words of somebody's own.
    pub service: Option<Line>,
    /// A place, in the same way, with all that lies in it.
    pub place: Option<Line>,
    /// Whether an example is held up as a model for others.
    pub model: bool,
    /// Whether there is an example at all.
    pub example: bool,
    /// The first day on which it may have been published.
    pub from: Option<Day>,
    /// The last day on which it may have been published.
    pub until: Option<Day>,
    /// How it came.
    pub channel: Option<Channel>,
    /// The language that it is written in.
    pub language: Option<Language>,
    /// Whether it came after the call had closed.
    pub late: bool,
}

/// The word for something that is asked for and takes no value.
const YES: &str = "yes";

impl Filter {
    /// What somebody asks for; what cannot be meant narrows nothing down.
    pub fn asked(fields: &Fields) -> Self {
        Self {
            words: parsed(fields, "q"),
            call: word(fields, "call"),
            form: word(fields, "form"),
            kind: word(fields, "kind"),
            verdict: word(fields, "verdict"),
            service: parsed(fields, "service"),
            place: parsed(fields, "place"),
            model: fields.has("model", YES),
            example: fields.has("example", YES),
            from: fields.get("from").and_then(day),
            until: fields.get("until").and_then(day),
            channel: word(fields, "channel"),
            language: parsed(fields, "language"),
            late: fields.has("late", YES),
        }
    }

    /// What somebody asks for that cannot be meant, by its name: what stands in the address beside what is understood.
    pub fn unread(&self, fields: &Fields) -> Vec<(&'static str, String)> {
        const NAMES: [&str; 11] =
            ["q", "call", "form", "kind", "verdict", "service", "place", "from", "until", "channel", "language"];
        let read = self.pairs();
        let given = NAMES.into_iter().filter_map(|name| Some((name, fields.get(name)?)));
        let unread = given.filter(|(name, _)| !read.iter().any(|(known, _)| known == name));
        unread.map(|(name, value)| (name, value.to_owned())).collect()
    }

    /// The names and values that stand for it in an address, in an order of their own.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let yes = |asked: bool| asked.then(|| YES.to_owned());
        let pairs = [
            ("q", self.words.as_ref().map(Line::to_string)),
            ("call", self.call.as_ref().map(Slug::to_string)),
            ("form", self.form.map(|form| form.to_string())),
            ("kind", self.kind.map(|kind| kind.to_string())),
            ("verdict", self.verdict.map(|verdict| verdict.to_string())),
            ("service", self.service.as_ref().map(Line::to_string)),
            ("place", self.place.as_ref().map(Line::to_string)),
            ("model", yes(self.model)),
            ("example", yes(self.example)),
            ("from", self.from.map(|day| day.to_string())),
            ("until", self.until.map(|day| day.to_string())),
            ("channel", self.channel.map(|channel| channel.to_string())),
            ("language", self.language.as_ref().map(Language::to_string)),
            ("late", yes(self.late)),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Whether it narrows nothing down.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks anything of an example, or of the service and the place that a contribution is about.
    pub fn asks_for_examples(&self) -> bool {
        self.example || self.model || self.verdict.is_some() || self.service.is_some() || self.place.is_some()
    }

    /// What is meant by it in a review with these lists.
    pub fn sought(&self, lists: &Lists) -> Sought<'_> {
        Sought {
            filter: self,
            service: self.service.as_ref().map(|typed| lists.meant_service(typed.as_str())),
            place: self.place.as_ref().map(|typed| lists.places().meant(typed.as_str())),
        }
    }
}

/// What somebody wants to read, with what the names mean that they typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought<'a> {
    /// What was asked for.
    pub filter: &'a Filter,
    /// The service that may be meant.
    pub service: Option<Meant>,
    /// The place that may be meant, and all that lies in it.
    pub place: Option<Meant>,
}

impl Sought<'_> {
    /// Whether this very example is what is asked for.
    pub fn fits(&self, example: &Example) -> bool {
        let service = (example.service.as_deref(), example.service_id.as_deref());
        let place = (example.place.as_deref(), example.place_code.as_deref());
        self.filter.verdict.is_none_or(|verdict| verdict == example.verdict)
            && (example.model || !self.filter.model)
            && self.service.as_ref().is_none_or(|meant| meant.holds(service.0, service.1))
            && self.place.as_ref().is_none_or(|meant| meant.holds(place.0, place.1))
    }

    /// Whether this answer, which is no example, names the service or the place.
    pub fn names(&self, answer: &Answer) -> bool {
        let holds = |meant: &Option<Meant>, named: &Named| {
            meant.as_ref().is_some_and(|meant| meant.holds(Some(&named.name), named.code.as_deref()))
        };
        match answer {
            Answer::Service(named) => holds(&self.service, named),
            Answer::Place(named) => holds(&self.place, named),
            _ => false,
        }
    }
}

fn parsed<T: std::str::FromStr>(fields: &Fields, name: &str) -> Option<T> {
    fields.get(name)?.parse().ok()
}

/// A word of a list, whether it has capital letters or not.
fn word<T: std::str::FromStr>(fields: &Fields, name: &str) -> Option<T> {
    fields.get(name)?.to_lowercase().parse().ok()
}

/// A day as the fields of browsers give it, `2026-12-19`, or as people write it, `19/12/2026`, `19 December 2026`. Nothing was
/// published before there was a web.
fn day(typed: &str) -> Option<Day> {
    let parts: Vec<&str> = typed.split(['/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let day: Day = match parts.as_slice() {
        [day, month, year] => {
            let month = named_month(month).or_else(|| month.parse().ok())?;
            format!("{:04}-{month:02}-{:02}", year.parse::<u16>().ok()?, day.parse::<u16>().ok()?).parse().ok()?
        }
        _ => typed.parse().ok()?,
    };
    (day.0.year() >= 1990).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn an_address_gives_the_filter_that_made_it() {
        let all = [
            ("q", "bus \"24 hours\""),
            ("call", "front-line"),
            ("form", "story"),
            ("kind", "union"),
            ("verdict", "failed"),
            ("service", "Bus pass"),
            ("place", "Ynys Môn"),
            ("model", "yes"),
            ("example", "yes"),
            ("from", "2026-11-03"),
            ("until", "2026-11-30"),
            ("channel", "paper"),
            ("language", "cy"),
            ("late", "yes"),
        ];
        let filter = Filter::asked(&fields(&all));
        let pairs = filter.pairs();
        assert_eq!(pairs.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>(), all);
    }

    #[test]
    fn what_cannot_be_meant_narrows_nothing_down() {
        let long = "x".repeat(300);
        let nonsense = [
            ("q", long.as_str()),
            ("call", "No Call"),
            ("kind", "monarch"),
            ("verdict", "superb"),
            ("from", "2026-02-30"),
            ("until", "tomorrow"),
            ("channel", ""),
            ("language", "english!"),
            ("late", "no"),
            ("place", " "),
        ];
        let filter = Filter::asked(&fields(&nonsense));
        assert!(filter.is_empty());
        // But it is told: what is missing is not taken for what was asked for.
        let unread: Vec<&str> = filter.unread(&fields(&nonsense)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(unread, ["q", "call", "kind", "verdict", "from", "until", "language"]);
        let capitals = Filter::asked(&fields(&[("verdict", "Failed"), ("kind", "UNION")]));
        assert_eq!((capitals.verdict, capitals.kind), (Some(Verdict::Failed), Some(RespondentKind::Union)));
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (typed, read) in [
            ("19/12/2026", "2026-12-19"),
            ("3.1.2026", "2026-01-03"),
            ("2026-12-19", "2026-12-19"),
            ("19 December 2026", "2026-12-19"),
            ("3 ion 2026", "2026-01-03"),
        ] {
            assert_eq!(day(typed).map(|day| day.to_string()).as_deref(), Some(read));
        }
        assert!(
            ["12/2026", "32/1/2026", "1/1/70000", "//", "19/12/2026/4", "19/12/26", "2026/12/01"]
                .iter()
                .all(|typed| day(typed).is_none())
        );
    }

    #[test]
    fn an_example_fits_as_a_whole() {
        let lists = Lists::default();
        let example = |place: &str, code: Option<&str>| Example {
            service: None,
            service_id: None,
            place: Some(place.to_owned()),
            place_code: code.map(str::to_owned),
            verdict: Verdict::Works,
            happened: String::new(),
            model: false,
        };
        let fits =
            |pairs: &[(&str, &str)], example: &Example| Filter::asked(&fields(pairs)).sought(&lists).fits(example);
        let leeds = example("Leeds", Some("E08000035"));
        assert!(fits(&[("place", "leeds"), ("verdict", "works")], &leeds) && fits(&[], &leeds));
        assert!(!fits(&[("place", "leeds"), ("verdict", "failed")], &leeds) && !fits(&[("service", "bus")], &leeds));
        assert!(!fits(&[("model", "yes")], &leeds));
        for around in ["yorkshire", "Yorkshire and The Humber", "England", "E12000003", "Lloegr", "E08000035"] {
            assert!(fits(&[("place", around)], &leeds), "{around}");
        }
        assert!(!fits(&[("place", "Wales")], &leeds) && !fits(&[("place", "York")], &leeds));
        // The words of a listed name are not one's own: another place may be called so.
        assert!(!fits(&[("place", "Somerset")], &example("Bath and North East Somerset", Some("E06000022"))));
        // One's own words are found by their words, whatever the list has.
        let own = example("The market in Leeds", None);
        assert!(fits(&[("place", "leeds market")], &own) && fits(&[("place", "Leeds")], &own));
        assert!(!fits(&[("place", "yorkshire")], &own) && !fits(&[("place", "eeds")], &own));
    }
}
