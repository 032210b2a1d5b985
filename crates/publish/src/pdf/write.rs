//! From lines with their places to the bytes of a PDF: glyphs, and the tree of tags that says what they are.

use std::collections::HashMap;
use std::num::NonZeroU16;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, ListNumbering, Node, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::layout::{Flow, Look, MARGIN, PAGE, Piece, Role, Set};
use super::{Error, Paper};

/// Writes the document.
pub(super) fn write(paper: &Paper, flow: &Flow, page: impl Fn(usize, usize) -> String) -> Result<Vec<u8>, Error> {
    let ua = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    let configuration = ua.finish().map_err(|_| Error::Write)?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut ink = Ink::default();
    let mut written: Vec<Vec<Node>> = vec![Vec::new(); flow.pieces.len()];
    let mut outline = Outline::new();
    for number in 0..flow.pages {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(Error::Write)?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for line in flow.lines.iter().filter(|line| line.page == number) {
            let Some(piece) = flow.pieces.get(line.piece) else { continue };
            if line.number == 0 && matches!(piece.role, Role::Heading(_)) {
                let top = Point::from_xy(MARGIN, (line.baseline - 24.0).max(0.0));
                outline.push_child(OutlineNode::new(piece.set.text.clone(), XyzDestination::new(number, top)));
            }
            let tag = SpanTag::empty().with_lang(piece.language.as_deref());
            let content = surface.start_tagged(ContentTag::Span(tag));
            ink.line(&mut surface, &piece.set, piece.look, line.number, Point::from_xy(line.x, line.baseline))?;
            surface.end_tagged();
            if let Some(nodes) = written.get_mut(line.piece) {
                nodes.push(content.into());
            }
        }
        if number > 0 {
            ink.margin(&mut surface, flow, &paper.head, ArtifactType::Header)?;
        }
        ink.margin(&mut surface, flow, &page(number + 1, flow.pages), ArtifactType::Footer)?;
        surface.finish();
        sheet.finish();
    }
    let language = paper.language.as_str().to_owned();
    document.set_metadata(
        Metadata::new().title(paper.title.clone()).language(language.clone()).creator("Folkmoot".to_owned()),
    );
    document.set_outline(outline);
    document.set_tag_tree(tree(&flow.pieces, written).with_lang(Some(language)));
    document.finish().map_err(|error| match error {
        KrillaError::Validation(broken) => Error::Nonconforming(broken.len()),
        KrillaError::Font(..) => Error::Font,
        _ => Error::Write,
    })
}

/// What glyphs are drawn with: the fonts that the document has used so far.
#[derive(Default)]
struct Ink {
    fonts: HashMap<(u64, u32), Font>,
}

impl Ink {
    /// Draws a line whose base line begins at that point.
    fn line(
        &mut self,
        surface: &mut Surface<'_>,
        set: &Set,
        look: Look,
        number: usize,
        at: Point,
    ) -> Result<(), Error> {
        let Some(line) = set.layout.get(number) else { return Ok(()) };
        surface.set_fill(Some(Fill {
            paint: rgb::Color::new(look.grey, look.grey, look.grey).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::default(),
        }));
        let mut x = at.x + line.metrics().offset;
        for run in line.runs() {
            let font = run.font();
            let known = (font.data.id(), font.index);
            let font = if let Some(font) = self.fonts.get(&known) {
                font.clone()
            } else {
                let bytes = font.data.clone().into_raw_parts().0;
                let new = Font::new(bytes.into(), font.index).ok_or(Error::Font)?;
                self.fonts.entry(known).or_insert(new).clone()
            };
            let (glyphs, advance) = glyphs(&run);
            surface.draw_glyphs(Point::from_xy(x, at.y), &glyphs, font, &set.text, run.font_size(), false);
            x += advance;
        }
        Ok(())
    }

    /// Draws what stands at the head or the foot of a page, which no screen reader reads out.
    fn margin(&mut self, surface: &mut Surface<'_>, flow: &Flow, text: &str, kind: ArtifactType) -> Result<(), Error> {
        let (set, look) = flow.margin_line(text);
        let y = if kind == ArtifactType::Header { MARGIN - 24.0 } else { PAGE.1 - MARGIN + 28.0 };
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        self.line(surface, &set, look, 0, Point::from_xy(MARGIN, y))?;
        surface.end_tagged();
        Ok(())
    }
}

/// The glyphs of a run from left to right, each with the text that it stands for; and how wide they are.
fn glyphs(run: &parley::layout::Run<'_, ()>) -> (Vec<KrillaGlyph>, f32) {
    let size = run.font_size();
    let (mut glyphs, mut advance) = (Vec::<KrillaGlyph>::new(), 0.0);
    for cluster in run.visual_clusters() {
        if cluster.is_ligature_continuation() {
            if let Some(glyph) = glyphs.last_mut() {
                // From right to left a ligature comes after what continues it in the text.
                glyph.text_range.start = glyph.text_range.start.min(cluster.text_range().start);
                glyph.text_range.end = glyph.text_range.end.max(cluster.text_range().end);
            }
            continue;
        }
        for glyph in cluster.glyphs() {
            let (width, right, up) = (glyph.advance / size, glyph.x / size, glyph.y / size);
            glyphs.push(KrillaGlyph::new(GlyphId::new(glyph.id), width, right, up, 0.0, cluster.text_range(), None));
            advance += glyph.advance;
        }
    }
    (glyphs, advance)
}

/// What every piece is: headings, paragraphs, and lists of entries.
fn tree(pieces: &[Piece], written: Vec<Vec<Node>>) -> TagTree {
    let mut tree = TagTree::new();
    let mut list: Option<List> = None;
    for (piece, content) in pieces.iter().zip(written) {
        match piece.role {
            Role::Label { first, numbered } => {
                if first && let Some(done) = list.take() {
                    tree.push(done.group());
                }
                list.get_or_insert_with(|| List { numbered, entries: Vec::new() }).entries.push((content, Vec::new()));
            }
            Role::Body => {
                let entry = list.as_mut().and_then(|list| list.entries.last_mut());
                if let Some((_, bodies)) = entry {
                    bodies.push(TagGroup::with_children(Tag::P, content).into());
                }
            }
            Role::Heading(_) | Role::Paragraph => {
                if let Some(done) = list.take() {
                    tree.push(done.group());
                }
                tree.push(match piece.role {
                    Role::Heading(level) => {
                        let level = NonZeroU16::new(level.into()).unwrap_or(NonZeroU16::MIN);
                        TagGroup::with_children(Tag::Hn(level, Some(piece.set.text.clone())), content)
                    }
                    _ => TagGroup::with_children(Tag::P, content),
                });
            }
        }
    }
    if let Some(done) = list {
        tree.push(done.group());
    }
    tree
}

/// A list whose entries are still coming: what each begins with, and what it says.
struct List {
    numbered: bool,
    entries: Vec<(Vec<Node>, Vec<Node>)>,
}

impl List {
    fn group(self) -> TagGroup {
        let entry = |(label, body): (Vec<Node>, Vec<Node>)| -> Node {
            let label = TagGroup::with_children(Tag::Lbl, label);
            let body = TagGroup::with_children(Tag::LBody, body);
            TagGroup::with_children(Tag::LI, vec![label.into(), body.into()]).into()
        };
        let numbering = if self.numbered { ListNumbering::Decimal } else { ListNumbering::None };
        TagGroup::with_children(Tag::L(numbering), self.entries.into_iter().map(entry).collect())
    }
}
