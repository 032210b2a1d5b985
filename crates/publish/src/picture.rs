//! The picture that other sites show beside a link to a page: its title, large, on the colour of the review.
//!
//! Text is shaped by parley in the fonts of the documents, read by skrifa and filled by tiny-skia, which stand behind parley
//! and krilla anyway; a renderer of SVG would bring forty crates more.

use parley::{Layout, LayoutContext};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Transform};

use crate::pdf::Fonts;

/// Width and height in pixels: what sites that show pictures beside links ask for.
pub const SIZE: (u32, u32) = (1200, 630);

const MARGIN: f32 = 80.0;
const WIDTH: f32 = 1200.0 - 2.0 * MARGIN;
/// From where on the title stands, and where the lines below it end.
const TOP: f32 = 200.0;
const BOTTOM: f32 = 560.0;
/// Titles are set in the largest of these sizes in which they fit.
const TITLES: [f32; 5] = [84.0, 72.0, 62.0, 52.0, 44.0];
const LEADING: f32 = 1.2;

/// What stands on a picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Picture {
    /// What the title is one of, in small type: the name of the review.
    pub of: String,
    /// The title, as large as it fits.
    pub title: String,
    /// What it says below, if there is room for all of it.
    pub below: String,
    /// The background, as red, green and blue.
    pub colour: [u8; 3],
}

/// Why there is no picture. It never quotes what would stand on it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The area could not be made.
    #[error("there is no room for a picture")]
    Room,
    /// The picture could not be written as PNG.
    #[error("a picture cannot be written")]
    Write,
}

impl Picture {
    /// The picture as PNG, of [`SIZE`].
    ///
    /// # Errors
    /// See [`Error`].
    pub fn png(&self, fonts: &Fonts) -> Result<Vec<u8>, Error> {
        let mut sheet = Sheet {
            pixels: Pixmap::new(SIZE.0, SIZE.1).ok_or(Error::Room)?,
            fonts: fonts.clone(),
            layouts: LayoutContext::new(),
        };
        let [red, green, blue] = self.colour;
        sheet.pixels.fill(Color::from_rgba8(red, green, blue, 255));
        sheet.mark(MARGIN, 72.0, 72.0);
        let of = sheet.shape(&self.of, 34.0, true, WIDTH - 100.0);
        sheet.draw(&of, MARGIN + 100.0, 72.0 + (72.0 - line_height(&of)) / 2.0, 1, 255);
        let title = sheet.title(&self.title);
        let below = TOP + title.height() + 28.0;
        sheet.draw(&title, MARGIN, TOP, usize::MAX, 255);
        let words = sheet.shape(&self.below, 32.0, false, WIDTH);
        // A part of a sentence may say the opposite of the whole.
        if words.height() <= BOTTOM - below {
            sheet.draw(&words, MARGIN, below, usize::MAX, 217);
        }
        sheet.pixels.encode_png().map_err(|_| Error::Write)
    }
}

fn line_height(layout: &Layout<()>) -> f32 {
    layout.lines().next().map_or(0.0, |line| line.metrics().line_height)
}

struct Sheet {
    pixels: Pixmap,
    fonts: Fonts,
    layouts: LayoutContext<()>,
}

impl Sheet {
    fn shape(&mut self, text: &str, size: f32, bold: bool, width: f32) -> Layout<()> {
        self.fonts.shape(&mut self.layouts, text, (size, size * LEADING), bold, width)
    }

    /// The title in the largest type in which it fits; in the smallest, as much of it as there is room for.
    fn title(&mut self, text: &str) -> Layout<()> {
        let mut set = self.shape(text, TITLES[0], true, WIDTH);
        for size in TITLES.into_iter().skip(1) {
            if set.height() <= BOTTOM - TOP && set.width() <= WIDTH {
                break;
            }
            set = self.shape(text, size, true, WIDTH);
        }
        set
    }

    /// Draws lines from that corner on, at most so many, and nothing outside of the margins.
    fn draw(&mut self, layout: &Layout<()>, x: f32, y: f32, most: usize, grey: u8) {
        let mut ink = Ink { path: PathBuilder::new(), x: 0.0, y: 0.0 };
        for line in layout.lines().take(most).take_while(|line| y + line.metrics().baseline <= BOTTOM) {
            let mut pen = x + line.metrics().offset;
            let base = y + line.metrics().baseline;
            for run in line.runs() {
                let data = run.font();
                let font = FontRef::from_index(data.data.data(), data.index).ok();
                let outlines = font.as_ref().map(MetadataProvider::outline_glyphs);
                let settings = || DrawSettings::unhinted(Size::new(run.font_size()), LocationRef::default());
                for glyph in run.visual_clusters().flat_map(|cluster| cluster.glyphs().collect::<Vec<_>>()) {
                    (ink.x, ink.y) = (pen + glyph.x, base - glyph.y);
                    pen += glyph.advance;
                    // Number 0 stands for what the fonts do not have: a gap reads better than a box.
                    let outline = outlines.as_ref().filter(|_| glyph.id != 0 && pen <= MARGIN + WIDTH + 1.0);
                    if let Some(outline) = outline.and_then(|all| all.get(GlyphId::new(glyph.id))) {
                        // What is broken in a font stays undrawn.
                        let _drawn = outline.draw(settings(), &mut ink);
                    }
                }
            }
        }
        self.fill(ink.path, [255, 255, 255, grey]);
    }

    /// The mark of the pages: people in a ring, the one at the top speaking.
    fn mark(&mut self, x: f32, y: f32, size: f32) {
        let unit = size / 40.0;
        for person in 0_u8..9 {
            let turn = f32::from(person) / 9.0 * std::f32::consts::TAU;
            let (right, down) = (20.0 + 13.2 * turn.sin(), 20.0 - 13.2 * turn.cos());
            let (radius, colour) = if person == 0 { (4.3, [240, 179, 90, 255]) } else { (3.9, [255, 255, 255, 255]) };
            let mut path = PathBuilder::new();
            path.push_circle(x + right * unit, y + down * unit, radius * unit);
            self.fill(path, colour);
        }
    }

    fn fill(&mut self, path: PathBuilder, [red, green, blue, alpha]: [u8; 4]) {
        let mut paint = Paint::default();
        paint.set_color_rgba8(red, green, blue, alpha);
        if let Some(path) = path.finish() {
            self.pixels.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }
}

/// Takes the outlines of glyphs, whose heights grow upwards, to their place on the sheet.
struct Ink {
    path: PathBuilder,
    x: f32,
    y: f32,
}

impl OutlinePen for Ink {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + cx, self.y - cy, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + ax, self.y - ay, self.x + bx, self.y - by, self.x + x, self.y - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(title: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/assets/dist/fonts");
        let files = ["NotoSans_400Regular", "NotoSans_700Bold", "NotoSansArabic_400Regular"];
        let fonts = Fonts::new(files.map(|name| std::fs::read(format!("{folder}/{name}.ttf")).expect("a font")));
        let picture = Picture {
            of: "Adolygiad Llywodraeth Ddigidol".to_owned(),
            title: title.to_owned(),
            below: "What stood in your way?".to_owned(),
            colour: [18, 54, 42],
        };
        picture.png(&fonts).expect("a picture")
    }

    /// How many pixels below the name of the review are not of the colour of the background; and whether all at the edge are.
    fn ink(png: &[u8]) -> (usize, bool) {
        let pixels = Pixmap::decode_png(png).expect("a PNG");
        assert_eq!((pixels.width(), pixels.height()), SIZE);
        let plain = pixels.pixel(0, 0);
        let at = |x, y| pixels.pixel(x, y) != plain;
        let inked = (160..630).flat_map(|y| (0..1200).map(move |x| (x, y))).filter(|(x, y)| at(*x, *y)).count();
        let edge = (0..1200).all(|x| !at(x, 629)) && (0..630).all(|y| !at(1199, y) && !at(0, y));
        (inked, edge)
    }

    #[test]
    fn a_title_is_drawn_with_all_its_letters_however_long_it_is() {
        let (plain, marked) = (ink(&drawn("Y ty a'r dwr")), ink(&drawn("Y tŷ a'r dŵr")));
        assert!(marked.0 > plain.0, "the circumflexes are there: {marked:?}, {plain:?}");
        for title in ["", "x", "W", "السلام عليكم", "\u{1f600}", &"Wide words ".repeat(40), &"w".repeat(300)]
        {
            let (inked, clear) = ink(&drawn(title));
            assert!(clear && inked > 500, "{title}: {inked}");
        }
    }
}
