//! Answers that are a day.

use super::{ANSWER, DATE};
use crate::answer::{Answer, AnswerError};
use crate::catalogue::folded;
use crate::fields::Fields;
use crate::time::Day;

/// The months as people write them: in English and in Welsh.
const MONTHS: [[&str; 2]; 12] = [
    ["january", "ionawr"],
    ["february", "chwefror"],
    ["march", "mawrth"],
    ["april", "ebrill"],
    ["may", "mai"],
    ["june", "mehefin"],
    ["july", "gorffennaf"],
    ["august", "awst"],
    ["september", "medi"],
    ["october", "hydref"],
    ["november", "tachwedd"],
    ["december", "rhagfyr"],
];

/// The day that was given: in one field as `2025-03-27`, or in three, where the month may also be a name.
pub(super) fn taken(fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
    let parts = DATE.map(|name| fields.get(name));
    let written = match (fields.get(ANSWER), parts) {
        (Some(written), _) => written.to_owned(),
        (None, [None, None, None]) => return Ok(None),
        (None, parts @ ([None, ..] | [_, None, _] | [.., None])) => {
            let empty = DATE.into_iter().zip(parts).filter(|(_, part)| part.is_none());
            return Err(empty.map(|(field, _)| AnswerError::Missing { field }).collect());
        }
        (None, [day, month, year]) => {
            let part = |part: Option<&str>| part.and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
            let month = month.and_then(named_month).unwrap_or_else(|| part(month));
            format!("{:04}-{month:02}-{:02}", part(year), part(day))
        }
    };
    match written.parse::<Day>() {
        Ok(day) if day.0.year() >= 1800 => Ok(Some(Answer::Date(day))),
        _ => Err(vec![AnswerError::NotADate { field: "answer-day" }]),
    }
}

/// The number of a month that is given by its name, or by three letters or more that it begins with.
pub fn named_month(typed: &str) -> Option<u16> {
    let typed = folded(typed);
    let called = |names: &[&str; 2]| typed.len() >= 3 && names.iter().any(|name| name.starts_with(&typed));
    MONTHS.iter().zip(1..).find_map(|(names, number)| called(names).then_some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(parts: [&str; 3]) -> Result<Option<String>, Vec<AnswerError>> {
        let fields = DATE.into_iter().zip(parts).filter(|(_, part)| !part.is_empty());
        let fields: Fields = fields.map(|(name, part)| (name.to_owned(), part.to_owned())).collect::<Vec<_>>().into();
        let Some(Answer::Date(day)) = taken(&fields)? else { return Ok(None) };
        Ok(Some(day.to_string()))
    }

    #[test]
    fn months_are_numbers_or_names() {
        for month in ["3", "03", "March", "mar", " MAR. ", "Mawrth", "mawr"] {
            assert_eq!(day(["27", month, "2025"]), Ok(Some("2025-03-27".to_owned())), "{month}");
        }
        for (names, number) in MONTHS.iter().zip(1..) {
            for name in names {
                assert_eq!(named_month(name), Some(number));
                // Whatever part of it is typed, it is no other month.
                assert_eq!(named_month(&name[..3]), Some(number), "{name}");
            }
        }
        for month in ["ma", "13", "0", "Marching", "…"] {
            assert_eq!(day(["27", month, "2025"]), Err(vec![AnswerError::NotADate { field: "answer-day" }]), "{month}");
        }
        assert_eq!(day(["27", "", "2025"]), Err(vec![AnswerError::Missing { field: "answer-month" }]));
        assert_eq!(day(["", "", ""]), Ok(None));
    }
}
