//! Languages that an installation adds: a folder for each, named by its tag, with files of messages in Fluent, for pages
//! and for letters.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::Language;
use fluent_bundle::FluentResource;

use super::{Messages, SOURCES, SPOKEN, key_of};

/// What was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The tag of the language.
    pub tag: String,
    /// How many of the messages it has in its own words; the others are in English, or as they are built in.
    pub translated: usize,
    /// How many messages there are.
    pub of: usize,
    /// Keys that neither a page nor a letter asks for: words that were misspelt, or have gone.
    pub unknown: Vec<String>,
}

/// Adds the languages of `folder` to those that pages and letters speak, before the first of them is made. A folder of a language that
/// is built in changes its words.
///
/// # Errors
/// A sentence that names the file, the line, and what is wrong there.
pub fn add_languages(folder: &Path) -> Result<Vec<Added>, String> {
    let mut spoken: Vec<Messages> = SOURCES.iter().map(|(tag, sources)| Messages::load(tag, sources, false)).collect();
    let mut all = Vec::new();
    let mut letters = Vec::new();
    for language in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let tag = tag_of(&language)?;
        let texts = read(&language)?;
        let own: Vec<&str> = texts.iter().map(String::as_str).collect();
        let built_in = SOURCES.iter().position(|(known, _)| *known == tag);
        let sources = [SOURCES[built_in.unwrap_or(0)].1, own.as_slice()].concat();
        let messages = Messages::load(&tag, &sources, built_in.is_none());
        all.push(report(tag.clone(), &own));
        match built_in {
            Some(at) => spoken[at] = messages,
            None => spoken.push(messages),
        }
        letters.push((tag, texts));
    }
    publish::mail::words::add_languages(&letters);
    SPOKEN.set(spoken).map_err(|_| "languages can only be added before the first page is made".to_owned())?;
    Ok(all)
}

fn report(tag: String, own: &[&str]) -> Added {
    let keys = |sources: &[&'static str]| -> BTreeSet<&'static str> {
        sources.iter().flat_map(|source| source.lines()).filter_map(key_of).collect()
    };
    let asked: BTreeSet<&str> = keys(SOURCES[0].1).into_iter().chain(publish::mail::words::messages()).collect();
    let given: BTreeSet<&str> = own.iter().flat_map(|source| source.lines()).filter_map(key_of).collect();
    Added {
        tag,
        translated: given.iter().filter(|key| asked.contains(*key)).count(),
        of: asked.len(),
        unknown: given.iter().filter(|key| !asked.contains(*key)).map(|key| (*key).to_owned()).collect(),
    }
}

/// The name of the folder, if it is a tag of two letters or more; addresses begin with it.
fn tag_of(folder: &Path) -> Result<String, String> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let language = name.parse::<Language>().is_ok() && name.parse::<icu_locale_core::Locale>().is_ok();
    if language && name.split('-').next().is_some_and(|first| (2..=3).contains(&first.len())) {
        return Ok(name.to_owned());
    }
    Err(format!("{}: the folder must be named by the tag of its language, as in pl or zh-Hans", folder.display()))
}

/// The texts of the files of messages of a language.
fn read(folder: &Path) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    for file in entries(folder)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "ftl")) {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        if let Err((_, errors)) = FluentResource::try_new(text.clone())
            && let Some(error) = errors.first()
        {
            let line = text.get(..error.pos.start).map_or(1, |before| before.lines().count().max(1));
            return Err(format!("{} line {line}: {}", file.display(), error.kind));
        }
        texts.push(text);
    }
    if texts.is_empty() {
        return Err(format!("{}: there is no file that ends in .ftl", folder.display()));
    }
    Ok(texts)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    found.sort();
    Ok(found)
}
