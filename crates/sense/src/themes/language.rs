//! In which language a text is, and that language's stop words and stems.
//!
//! Stop words decide: they are half of any text, and looking them up is free, as every word is looked up anyway. Where they do not
//! decide, trigrams do; and what is too short for both is taken to be in the language that most texts are in.

use std::collections::HashMap;

use frostem::{Algorithm, Stemmer};
use whatlang::{Detector, Lang};

/// Languages of which stop words are known. The place in the list is the language's number.
const LANGUAGES: [Language; 20] = [
    language("en", Some(Lang::Eng), Some(Algorithm::English)),
    language("ar", Some(Lang::Ara), Some(Algorithm::Arabic)),
    language("ca", Some(Lang::Cat), Some(Algorithm::Catalan)),
    language("cy", None, None),
    language("da", Some(Lang::Dan), Some(Algorithm::Danish)),
    language("de", Some(Lang::Deu), Some(Algorithm::German)),
    language("el", Some(Lang::Ell), Some(Algorithm::Greek)),
    language("es", Some(Lang::Spa), Some(Algorithm::Spanish)),
    language("fi", Some(Lang::Fin), Some(Algorithm::Finnish)),
    language("fr", Some(Lang::Fra), Some(Algorithm::French)),
    language("hu", Some(Lang::Hun), Some(Algorithm::Hungarian)),
    language("it", Some(Lang::Ita), Some(Algorithm::Italian)),
    language("nl", Some(Lang::Nld), Some(Algorithm::Dutch)),
    language("no", Some(Lang::Nob), Some(Algorithm::Norwegian)),
    language("pt", Some(Lang::Por), Some(Algorithm::Portuguese)),
    language("ro", Some(Lang::Ron), Some(Algorithm::Romanian)),
    language("ru", Some(Lang::Rus), Some(Algorithm::Russian)),
    language("sv", Some(Lang::Swe), Some(Algorithm::Swedish)),
    language("ta", Some(Lang::Tam), Some(Algorithm::Tamil)),
    language("tr", Some(Lang::Tur), Some(Algorithm::Turkish)),
];

/// The library of stop words has none for Welsh.
const WELSH: &str = "a ac am ar arall at atoch ati atyn bod bydd byddai chi dan dim dros dw dy ddim e ei eich ein eisoes er eu ewch fe fel \
    felly fi fo fod fy fydd fyddai gael gan ganddo gyda gyfer hefyd heb hi hon hwn hyn hynny i iawn ichi iddi iddo iddyn lle maen mae mai \
    mewn mi mwy na nac nad naill neb nes neu ni nid nhw nhwy o oedd oes ohono ond os pa pan pam pawb pob roedd rwy rwyf rydw rydych rydym \
    sut sy sydd syn ti tra trwy un wedi wedyn wrth y ydw ydy ydych ydyn ydynt ym yma yn yna yng yno yr yw ’n ’r";

/// Fewer stop words than these say nothing.
const ENOUGH: u32 = 2;
/// Trigrams of shorter texts (in bytes) say nothing.
const TRIGRAMS_FROM: usize = 40;

struct Language {
    code: &'static str,
    lang: Option<Lang>,
    algorithm: Option<Algorithm>,
}

const fn language(code: &'static str, lang: Option<Lang>, algorithm: Option<Algorithm>) -> Language {
    Language { code, lang, algorithm }
}

/// A language that is known here, by its number; none of them if unknown.
pub(crate) type Known = Option<u8>;

/// Knows the stop words of all languages.
pub(crate) struct Languages {
    /// For each stop word the languages that it is one of, a bit each.
    stop: HashMap<&'static str, u32>,
    detector: Detector,
    stemmers: Vec<Option<Stemmer>>,
}

impl Languages {
    pub fn new() -> Languages {
        let mut stop: HashMap<&'static str, u32> = HashMap::with_capacity(6_000);
        for (number, language) in LANGUAGES.iter().enumerate() {
            let bit = 1 << number;
            let listed = stop_words::lookup(language.code).unwrap_or_default();
            let welsh = WELSH.split_whitespace().filter(|_| language.code == "cy");
            for word in listed.iter().copied().chain(welsh) {
                *stop.entry(word).or_default() |= bit;
                // “don't” is typed with either mark, or with none of it left after the mark.
                if let Some((before, _)) = word.split_once('\'').filter(|(before, _)| before.len() > 2) {
                    *stop.entry(before).or_default() |= bit;
                }
            }
        }
        let detector = Detector::with_allowlist(Lang::all().to_vec());
        let stemmers = LANGUAGES.iter().map(|language| language.algorithm.map(Stemmer::new)).collect();
        Languages { stop, detector, stemmers }
    }

    /// The languages of which `word` (in lower case) is a stop word, a bit each.
    pub fn stopped(&self, word: &str) -> u32 {
        self.stop.get(word).copied().unwrap_or(0)
    }

    /// The language of a text of so many `words` by its stop words (their bits); `Err` if they do not decide.
    pub fn by_stop_words(words: usize, stopped: impl Iterator<Item = u32>) -> Result<Known, ()> {
        let mut counts = [0_u32; LANGUAGES.len()];
        for mut bits in stopped {
            while bits != 0 {
                let number = bits.trailing_zeros() as usize;
                if let Some(count) = counts.get_mut(number) {
                    *count += 1;
                }
                bits &= bits - 1;
            }
        }
        let best = counts.iter().copied().max().unwrap_or(0);
        let first = counts.iter().position(|count| *count == best);
        let alone = counts.iter().filter(|count| **count == best).count() == 1;
        let enough = best >= ENOUGH && u64::from(best) * 5 >= words as u64;
        if enough && alone { Ok(first.and_then(|first| u8::try_from(first).ok())) } else { Err(()) }
    }

    /// The language of `text` by its trigrams; `Err` if they do not decide.
    pub fn by_trigrams(&self, text: &str) -> Result<Known, ()> {
        // The beginning is enough, and bounds the work on huge texts.
        let text = &text[..text.floor_char_boundary(4_000)];
        let info = if text.len() < TRIGRAMS_FROM { None } else { self.detector.detect(text) };
        let info = info.filter(whatlang::Info::is_reliable).ok_or(())?;
        let number = LANGUAGES.iter().position(|language| language.lang == Some(info.lang()));
        Ok(number.and_then(|number| u8::try_from(number).ok()))
    }

    /// The stem of `word`, which is in lower case; nothing if it is a stop word.
    pub fn stem(&self, language: Known, word: &str) -> Option<String> {
        let Some(number) = language else { return Some(word.to_owned()) };
        if self.stopped(word) >> number & 1 == 1 {
            return None;
        }
        let stemmer = self.stemmers.get(usize::from(number)).and_then(Option::as_ref);
        Some(stemmer.map_or_else(|| word.to_owned(), |stemmer| stemmer.stem(word).into_owned()))
    }

    /// Its ISO 639-1 code; `und` (undetermined) if it is none that is known.
    pub fn code(language: Known) -> &'static str {
        language.and_then(|number| LANGUAGES.get(usize::from(number))).map_or("und", |language| language.code)
    }
}
