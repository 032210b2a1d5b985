//! Answers that have not been sent yet.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::call::Call;
use crate::file::GivenFile;
use crate::helping::Helper;
use crate::id::{DraftId, FileId, Slug};
use crate::language::Language;
use crate::release::Release;
use crate::respondent::Respondent;

/// What somebody has saved so far of their evidence to one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Inner id.
    pub id: DraftId,
    /// The call that it answers.
    pub call: Slug,
    /// What was saved.
    pub content: DraftContent,
    /// When it was last saved.
    pub saved_at: Timestamp,
    /// When it is deleted unless it is saved or sent before.
    pub expires_at: Timestamp,
}

/// What was saved. Stored whole, as one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftContent {
    /// The language of the pages that it was last saved from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Who speaks.
    #[serde(default)]
    pub respondent: Respondent,
    /// What they said, by question.
    #[serde(default)]
    pub answers: BTreeMap<Slug, Answer>,
    /// What may be done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Whether its pages are read in easy words, where there are such.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub easy: bool,
    /// Who helps, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper: Option<Helper>,
    /// Which other calls it speaks to as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Slug>,
}

/// One part of a draft, as one page of the form saves it.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftPart {
    /// The answer to a question, or that it was left open.
    Answer(Slug, Option<Answer>),
    /// Who speaks.
    Respondent(Respondent),
    /// What may be done with it.
    Release(Release),
    /// Whether its pages are read in easy words.
    Easy(bool),
    /// Who helps, and whether what was written was read back.
    Helper(Helper),
    /// Which other calls it speaks to as well.
    Also(Vec<Slug>),
    /// A file more in answer to a question, of as many as it takes.
    AddFile(Slug, GivenFile, usize),
    /// A file less.
    RemoveFile(Slug, FileId),
    /// What files show, or that this was left open.
    DescribeFiles(Slug, BTreeMap<FileId, Option<String>>),
}

impl DraftContent {
    /// Puts a part in its place.
    ///
    /// What was read back to somebody must be read back again once it has changed.
    pub fn put(&mut self, part: DraftPart) {
        let before = self.helper.is_some().then(|| self.read_out());
        self.place(part);
        let changed = before.is_some_and(|before| before != self.read_out());
        if let (Some(helper), true) = (&mut self.helper, changed) {
            (helper.read_back, helper.reason) = (None, None);
        }
    }

    /// What is read back to the person whom somebody helps.
    fn read_out(&self) -> Vec<u8> {
        serde_json::to_vec(&(&self.answers, &self.respondent, &self.release)).unwrap_or_default()
    }

    fn place(&mut self, part: DraftPart) {
        match part {
            DraftPart::Answer(question, Some(answer)) => {
                self.answers.insert(question, answer);
            }
            DraftPart::Answer(question, None) => {
                self.answers.remove(&question);
            }
            DraftPart::Respondent(respondent) => self.respondent = respondent,
            DraftPart::Release(release) => self.release = Some(release),
            DraftPart::Easy(easy) => self.easy = easy,
            DraftPart::Helper(helper) => self.helper = Some(helper),
            DraftPart::Also(calls) => self.also = calls,
            DraftPart::AddFile(question, file, most) => self.with_files(question, |files| {
                if files.len() < most {
                    files.push(file);
                }
            }),
            DraftPart::RemoveFile(question, id) => {
                self.with_files(question, |files| files.retain(|file| file.id != id));
            }
            DraftPart::DescribeFiles(question, said) => self.with_files(question, |files| {
                for file in files {
                    if let Some(description) = said.get(&file.id) {
                        file.description.clone_from(description);
                    }
                }
            }),
        }
    }

    /// Changes the files of an answer; an answer of no files is none.
    fn with_files(&mut self, question: Slug, change: impl FnOnce(&mut Vec<GivenFile>)) {
        let mut files = self.answers.remove(&question).map(|answer| answer.files().to_vec()).unwrap_or_default();
        change(&mut files);
        if !files.is_empty() {
            self.answers.insert(question, Answer::Files(files));
        }
    }

    /// What stands now where `part` would go, as a short mark: a page carries it, so that what another window has saved
    /// in between is noticed and not overwritten.
    pub fn mark(&self, part: &DraftPart) -> String {
        let now = match part {
            DraftPart::Answer(question, _)
            | DraftPart::AddFile(question, ..)
            | DraftPart::RemoveFile(question, _)
            | DraftPart::DescribeFiles(question, _) => serde_json::to_vec(&self.answers.get(question)),
            DraftPart::Respondent(_) => serde_json::to_vec(&self.respondent),
            DraftPart::Release(_) => serde_json::to_vec(&self.release),
            // What was read back must be what stands there when that is said.
            DraftPart::Helper(_) => serde_json::to_vec(&(&self.helper, &self.answers, &self.respondent, &self.release)),
            DraftPart::Also(_) => serde_json::to_vec(&self.also),
            DraftPart::Easy(_) => serde_json::to_vec(&self.easy),
        };
        let digest = Sha256::digest(now.unwrap_or_default());
        digest[..6].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `part` stands there already.
    pub fn holds(&self, part: &DraftPart) -> bool {
        let mut with = self.clone();
        with.put(part.clone());
        with.mark(part) == self.mark(part)
    }

    /// What still stands between the draft and its being sent; answers to questions that `call` no longer asks, or no
    /// longer asks in that way, count as open.
    pub fn gaps(&self, call: &Call) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        let asked = call.asked(&self.answers);
        for question in &asked {
            match self.answers.get(&question.id) {
                None if question.required => gaps.push(Gap::Question(question.id.clone())),
                Some(answer) if !question.fits(answer) => {
                    gaps.push(Gap::Question(question.id.clone()));
                }
                _ => {}
            }
        }
        if !asked.iter().any(|question| self.answers.contains_key(&question.id)) {
            gaps.push(Gap::Nothing);
        }
        if self.release.is_none() {
            gaps.push(Gap::Release);
        }
        if self.helper.as_ref().is_some_and(|helper| helper.read_back.is_none()) {
            gaps.push(Gap::ReadBack);
        }
        gaps
    }
}

/// Something that is missing before a draft can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// A question that must be answered, or whose answer does not fit it any more.
    Question(Slug),
    /// Not a single question has an answer.
    Nothing,
    /// What may be done with it has not been said.
    Release,
    /// It has not been read back to the person for whom it was written.
    ReadBack,
}
