//! From parts to lines with their places on pages: shaping, fonts for each script, line breaks, page breaks.

use std::borrow::Cow;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::style::{FontFamily, FontFamilyName, FontWeight, LineHeight, StyleProperty};
use parley::{Alignment, AlignmentOptions, FontContext, Layout, LayoutContext};

use super::{Paper, Part, Words};

/// A4 (ISO 216), in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// White on every side.
pub(super) const MARGIN: f32 = 62.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const BOTTOM: f32 = PAGE.1 - MARGIN;
/// How wide the names of rows are, with the gap behind them.
const NAME: f32 = 150.0;
/// What stands for a character that no font here has.
const UNKNOWN: char = '\u{fffd}';

/// The fonts that documents are set in, the first for everything that it has.
#[derive(Clone)]
pub struct Fonts {
    context: FontContext,
    families: Vec<FontFamilyName<'static>>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fonts({})", self.families.len())
    }
}

impl Fonts {
    /// Fonts from the bytes of their files (TrueType or OpenType).
    pub fn new(files: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut families: Vec<FontFamilyName<'static>> = Vec::new();
        for file in files {
            for (family, _) in collection.register_fonts(Blob::new(Arc::new(file)), None) {
                let name =
                    collection.family_name(family).map(|name| FontFamilyName::Named(Cow::Owned(name.to_owned())));
                families.extend(name.filter(|name| !families.contains(name)));
            }
        }
        Self { context: FontContext { collection, source_cache: SourceCache::default() }, families }
    }

    /// Text in type of a size with lines of a height, no line wider than that unless a word is.
    pub(crate) fn shape(
        &mut self,
        layouts: &mut LayoutContext<()>,
        text: &str,
        (size, height): (f32, f32),
        bold: bool,
        width: f32,
    ) -> Layout<()> {
        let mut builder = layouts.ranged_builder(&mut self.context, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(&self.families))));
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(height)));
        builder.push_default(StyleProperty::FontWeight(if bold { FontWeight::BOLD } else { FontWeight::NORMAL }));
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }
}

/// How a piece of text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    size: f32,
    bold: bool,
    /// How dark, from 0 (black) to 255.
    pub grey: u8,
}

const TITLE: Look = Look { size: 21.0, bold: true, grey: 0 };
const HEADING: Look = Look { size: 13.5, bold: true, grey: 0 };
const BODY: Look = Look { size: 11.0, bold: false, grey: 0 };
const LABEL: Look = Look { size: 9.5, bold: true, grey: 85 };
const CODE: Look = Look { size: 19.0, bold: true, grey: 0 };
/// What stands at the head and the foot of pages.
const SMALL: Look = Look { size: 9.0, bold: false, grey: 85 };

/// What a piece is to a program that reads the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading of that level.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// What an entry of a list begins with; whether it is the first of its list, and whether that is numbered.
    Label { first: bool, numbered: bool },
    /// What an entry of a list says.
    Body,
}

/// A piece of text that is one element of the document.
pub(super) struct Piece {
    pub role: Role,
    pub look: Look,
    pub language: Option<String>,
    pub set: Set,
    /// Space above it, or, if below nought, how far it goes back up.
    above: f32,
    /// From the left edge of the text.
    x: f32,
    /// Whether what follows stands on the same page.
    stays: bool,
    /// Whether what follows begins at the same height.
    beside: bool,
}

/// Text that was shaped and broken into lines.
pub(super) struct Set {
    pub text: String,
    pub layout: Layout<()>,
}

/// A line in its place.
pub(super) struct Line {
    /// Which piece, and which of its lines.
    pub piece: usize,
    pub number: usize,
    pub page: usize,
    /// Where it begins, and its base line, in points from the top left corner of the page.
    pub x: f32,
    pub baseline: f32,
}

/// A document whose every line has its place.
pub(super) struct Flow {
    pub pieces: Vec<Piece>,
    pub lines: Vec<Line>,
    pub pages: usize,
    /// Sets the heads and feet of its pages.
    setter: std::cell::RefCell<Setter>,
}

impl Flow {
    /// One line for the head or the foot of a page.
    pub fn margin_line(&self, text: &str) -> (Set, Look) {
        (self.setter.borrow_mut().set(text, SMALL, WIDTH), SMALL)
    }
}

/// Sets the whole document.
pub(super) fn flow(paper: &Paper, fonts: &Fonts) -> Flow {
    let mut setter = Setter { fonts: fonts.clone(), layouts: LayoutContext::new(), gaps: false };
    let mut pieces = Vec::new();
    let mut add = |role, look, words: &Words, place: Place| {
        let Place { above, x, width, stays, beside } = place;
        let set = setter.set(&words.text, look, width.min(WIDTH - x));
        pieces.push(Piece { role, look, language: words.language.clone(), set, above, x, stays, beside });
    };
    add(Role::Heading(1), TITLE, &paper.title.as_str().into(), Place { stays: true, ..Place::below(0.0) });
    for part in &paper.parts {
        place(part, &mut add);
    }
    if setter.gaps {
        let set = setter.set(&paper.gaps, BODY, WIDTH);
        let note = Piece {
            role: Role::Paragraph,
            look: BODY,
            language: None,
            set,
            above: 8.0,
            x: 0.0,
            stays: false,
            beside: false,
        };
        pieces.insert(1, note);
    }
    let (lines, pages) = paginate(&pieces);
    Flow { pieces, lines, pages, setter: setter.into() }
}

/// Where a piece stands to the one before it.
struct Place {
    above: f32,
    x: f32,
    /// The most that its lines may take.
    width: f32,
    stays: bool,
    beside: bool,
}

impl Place {
    fn below(above: f32) -> Self {
        Self { above, x: 0.0, width: WIDTH, stays: false, beside: false }
    }
}

fn place(part: &Part, add: &mut impl FnMut(Role, Look, &Words, Place)) {
    match part {
        Part::Heading(level, words) => {
            add(Role::Heading(*level), HEADING, words, Place { stays: true, ..Place::below(20.0) });
        }
        Part::Text(words) => paragraphs(words).for_each(|line| add(Role::Paragraph, BODY, &line, Place::below(6.0))),
        Part::Small(words) => paragraphs(words).for_each(|line| add(Role::Paragraph, SMALL, &line, Place::below(8.0))),
        Part::Rows(rows) => {
            for (at, (name, value)) in rows.iter().enumerate() {
                let label = Role::Label { first: at == 0, numbered: false };
                let beside = Place { stays: true, beside: true, width: NAME - 12.0, ..Place::below(8.0) };
                add(label, LABEL, name, beside);
                paragraphs(value)
                    .for_each(|line| add(Role::Body, BODY, &line, Place { x: NAME, ..Place::below(-2.0) }));
            }
        }
        Part::Steps(steps) => {
            for (number, step) in (1..).zip(steps) {
                let label = Role::Label { first: number == 1, numbered: true };
                add(label, BODY, &format!("{number}.").into(), Place { beside: true, ..Place::below(6.0) });
                add(Role::Body, BODY, step, Place { x: 22.0, ..Place::below(0.0) });
            }
        }
        Part::Code(words) => code(words, add),
    }
}

/// Two columns, each of half the words.
fn code(words: &[String], add: &mut impl FnMut(Role, Look, &Words, Place)) {
    const ROW: f32 = 6.0;
    let half = words.len().div_ceil(2);
    // From below the first column to its top.
    let up: f32 = words.iter().take(half).map(|_| CODE.size * LEADING + ROW).sum();
    for (at, word) in words.iter().enumerate() {
        let back = if at == half { ROW - up } else { ROW };
        let x = if at < half { 0.0 } else { WIDTH / 2.0 };
        let label = Role::Label { first: at == 0, numbered: true };
        let above = if at == 0 { 10.0 } else { back };
        add(
            label,
            CODE,
            &(at + 1).to_string().into(),
            Place { above, x, stays: true, beside: true, ..Place::below(0.0) },
        );
        let word = Words { text: word.clone(), language: Some("en".to_owned()) };
        add(Role::Body, CODE, &word, Place { x: x + 30.0, stays: at + 1 < words.len(), ..Place::below(0.0) });
    }
}

fn paragraphs(words: &Words) -> impl Iterator<Item = Words> {
    let lines = words.text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| Words { text: line.to_owned(), language: words.language.clone() })
}

/// The height of a line, in heights of its type.
const LEADING: f32 = 1.45;

struct Setter {
    fonts: Fonts,
    layouts: LayoutContext<()>,
    /// Whether there was a character that no font has.
    gaps: bool,
}

impl Setter {
    fn set(&mut self, text: &str, look: Look, width: f32) -> Set {
        let tidy: String =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| *c != '\u{feff}').collect();
        let layout = self.shape(&tidy, look, width);
        let gaps = gaps(&layout);
        if gaps.is_empty() {
            return Set { text: tidy, layout };
        }
        self.gaps = true;
        let known = |(at, c): (usize, char)| if gaps.iter().any(|gap| gap.contains(&at)) { UNKNOWN } else { c };
        let text: String = tidy.char_indices().map(known).collect();
        let layout = self.shape(&text, look, width);
        Set { text, layout }
    }

    fn shape(&mut self, text: &str, look: Look, width: f32) -> Layout<()> {
        self.fonts.shape(&mut self.layouts, text, (look.size, look.size * LEADING), look.bold, width)
    }
}

/// The stretches of text for which there is no glyph.
fn gaps(layout: &Layout<()>) -> Vec<std::ops::Range<usize>> {
    let clusters = layout.lines().flat_map(|line| line.runs().flat_map(|run| run.clusters().collect::<Vec<_>>()));
    clusters.filter(|cluster| cluster.glyphs().any(|glyph| glyph.id == 0)).map(|cluster| cluster.text_range()).collect()
}

/// Gives every line its place. A page is begun before a piece that would stand apart from what it belongs to.
fn paginate(pieces: &[Piece]) -> (Vec<Line>, usize) {
    let (mut lines, mut page, mut y) = (Vec::new(), 0, MARGIN);
    // Where what stands beside the next piece ends.
    let mut floor = MARGIN;
    for (at, piece) in pieces.iter().enumerate() {
        y += if y > MARGIN { piece.above } else { 0.0 };
        if y + together(&pieces[at..]) > BOTTOM && y > MARGIN {
            (page, y, floor) = (page + 1, MARGIN, MARGIN);
        }
        let begun = y;
        let mut height = 0.0;
        for (number, line) in piece.set.layout.lines().enumerate() {
            let metrics = line.metrics();
            if y + metrics.line_height > BOTTOM && y > MARGIN {
                (page, y, floor) = (page + 1, MARGIN, MARGIN);
            }
            let baseline = y + metrics.baseline - height;
            lines.push(Line { piece: at, number, page, x: MARGIN + piece.x, baseline });
            y += metrics.line_height;
            height += metrics.line_height;
        }
        (y, floor) = if piece.beside { (begun, y) } else { (y.max(floor), MARGIN) };
    }
    (lines, page + 1)
}

/// How much must fit on a page for the first of these to begin there: itself and what it must not be parted from, with
/// two lines of that.
fn together(pieces: &[Piece]) -> f32 {
    let (mut y, mut needed): (f32, f32) = (0.0, 0.0);
    for (at, piece) in pieces.iter().enumerate() {
        y += if at > 0 { piece.above } else { 0.0 };
        let heights = piece.set.layout.lines().map(|line| line.metrics().line_height);
        let height: f32 = if piece.stays { heights.sum() } else { heights.take(2).sum() };
        needed = needed.max(y + height);
        if !piece.stays && !piece.beside {
            break;
        }
        y += if piece.beside { 0.0 } else { height };
    }
    needed.min(BOTTOM - MARGIN)
}
