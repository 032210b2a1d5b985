//! Answers of several parts: options put in order, and rows that are each answered in the same way.

use std::collections::BTreeMap;

use super::{ANSWER, Kind, Question};
use crate::answer::{Answer, AnswerError};
use crate::fields::Fields;
use crate::id::Slug;

/// The field for the place of an option in a ranking, or for the answer to a row of a grid.
pub fn part(id: &Slug) -> String {
    format!("{ANSWER}-{id}")
}

impl Question {
    /// How many options can be put in order.
    pub fn ranks(&self) -> usize {
        let all = self.options.len();
        self.max.and_then(|max| usize::try_from(max).ok()).map_or(all, |max| max.min(all))
    }

    /// The answers that each row of a grid can have: its options, or the steps of the scale from strongly disagree (1) to
    /// strongly agree (5).
    pub fn columns(&self) -> Vec<Slug> {
        if self.kind == Kind::Grid && self.options.is_empty() {
            ["1", "2", "3", "4", "5"].iter().filter_map(|step| step.parse().ok()).collect()
        } else {
            self.options.iter().map(|option| option.id.clone()).collect()
        }
    }

    /// The options in their order, given as such or as a number for each.
    pub(super) fn ranking(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let listed: Vec<&str> = fields.all(ANSWER).collect();
        let order = if listed.is_empty() { self.numbered(fields)? } else { self.in_turn(&listed)? };
        Ok(Some(order).filter(|order| !order.is_empty()).map(Answer::Ranking))
    }

    fn in_turn(&self, listed: &[&str]) -> Result<Vec<Slug>, Vec<AnswerError>> {
        let order = listed.iter().map(|word| self.option(word)).collect::<Result<Vec<Slug>, _>>()?;
        let twice = order.iter().enumerate().any(|(at, option)| order[..at].contains(option));
        if twice || order.len() > self.ranks() {
            return Err(vec![AnswerError::NotAnOption { field: ANSWER }]);
        }
        Ok(order)
    }

    fn numbered(&self, fields: &Fields) -> Result<Vec<Slug>, Vec<AnswerError>> {
        let mut by_rank: BTreeMap<usize, Vec<Slug>> = BTreeMap::new();
        for option in &self.options {
            let Some(written) = fields.get(&part(&option.id)) else { continue };
            let rank = written.parse().ok().filter(|rank| (1..=self.ranks()).contains(rank));
            let rank: usize = rank.ok_or_else(|| vec![AnswerError::NotAnOption { field: ANSWER }])?;
            by_rank.entry(rank).or_default().push(option.id.clone());
        }
        let same =
            |(rank, options): (&usize, &Vec<Slug>)| AnswerError::SameRank { rank: *rank, options: options.clone() };
        let mut errors: Vec<AnswerError> = by_rank.iter().filter(|(_, options)| options.len() > 1).map(same).collect();
        let gap = by_rank.iter().zip(1..).find(|((rank, _), expected)| **rank != *expected);
        if let (true, Some(((_, options), missing))) = (errors.is_empty(), gap) {
            errors.extend(options.first().map(|option| AnswerError::RankGap { missing, option: option.clone() }));
        }
        if errors.is_empty() { Ok(by_rank.into_values().flatten().collect()) } else { Err(errors) }
    }

    /// The rows that were answered.
    pub(super) fn grid(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let columns = self.columns();
        let mut given = BTreeMap::new();
        for row in &self.rows {
            let Some(word) = fields.get(&part(&row.id)) else { continue };
            let column = columns.iter().find(|column| column.as_str() == word);
            let column = column.ok_or_else(|| vec![AnswerError::NotAnOption { field: ANSWER }])?;
            given.insert(row.id.clone(), column.clone());
        }
        Ok(Some(given).filter(|given| !given.is_empty()).map(Answer::Grid))
    }
}
