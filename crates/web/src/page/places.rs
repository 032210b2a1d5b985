//! Where it happened: the nations and regions of the United Kingdom as tiles, drawn here, and the same numbers in tables down
//! to the local authorities.

use askama::Template;
use axum::extract::Path;
use domain::place::Places;
use service::heard::Heard;

use crate::error::Outcome;
use crate::figure::{Bar, Figure, figure, signed};
use crate::frame::{Frame, Section, public};
use crate::locale::{Lang, Locale};
use crate::visit::Visit;

/// The width and height of a tile.
const TILE: u32 = 80;
/// The code of each nation or region, with the column and the row of its tile: north is up, and neighbours touch where they
/// can.
const TILES: [(&str, u32, u32); 12] = [
    ("S92000003", 1, 0),
    ("N92000002", 0, 1),
    ("E12000001", 2, 1),
    ("E12000002", 1, 2),
    ("E12000003", 2, 2),
    ("W92000004", 0, 3),
    ("E12000005", 1, 3),
    ("E12000004", 2, 3),
    ("E12000006", 3, 3),
    ("E12000009", 1, 4),
    ("E12000008", 2, 4),
    ("E12000007", 3, 4),
];
/// From few to many; dark text can be read on all of them.
const SHADES: [&str; 5] = ["#fff", "#e2ece5", "#c5dbcd", "#a8cab5", "#8bb99d"];

#[derive(Template)]
#[template(path = "places.html")]
pub(crate) struct PlacesPage<'a> {
    pub(super) frame: Frame<'a>,
    /// The tiles; none while there is too little to be shown.
    pub(super) tiles: Vec<Tile>,
    /// The numbers of the tiles.
    pub(super) regions: Option<Figure<'a>>,
    /// The local authorities of each region that is shown.
    pub(super) authorities: Vec<Figure<'a>>,
}

/// A nation or region on the map.
pub(crate) struct Tile {
    /// Its left edge.
    pub x: u32,
    /// Its upper edge.
    pub y: u32,
    /// Its colour.
    pub shade: &'static str,
    /// Its short name, in lines.
    pub lines: Vec<String>,
    /// How many, in words that fit.
    pub count: String,
    /// Where what is published of it can be read; the table has the same link.
    pub href: Option<String>,
}

impl Tile {
    /// The height of a line of its name.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn line(&self, number: &usize) -> u32 {
        self.y + 24 + 18 * u32::try_from(*number).unwrap_or(0)
    }

    fn middle(&self) -> u32 {
        self.x + TILE / 2
    }

    fn foot(&self) -> u32 {
        self.y + 68
    }
}

/// `GET /r/{review}/places`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let heard = visit.app.service.heard(&review).await?;
    public(&page(visit.frame(Some(&review)), heard.as_ref().as_ref()))
}

pub(super) fn page<'a>(frame: Frame<'a>, heard: Option<&Heard>) -> PlacesPage<'a> {
    let mut figures = heard.map(|heard| by_region(&frame, heard)).unwrap_or_default();
    let regions = (!figures.is_empty()).then(|| figures.remove(0)).filter(|regions| regions.shown);
    let title = frame.t("places").to_owned();
    PlacesPage {
        tiles: regions.as_ref().map(|regions| tiles(&frame, regions)).unwrap_or_default(),
        frame: frame.titled(&[&title], Section::Read),
        regions,
        authorities: figures,
    }
}

fn tiles(frame: &Frame<'_>, regions: &Figure<'_>) -> Vec<Tile> {
    let number = |code: &str| regions.bars.iter().find(|bar| bar.key == code);
    let most = TILES.iter().filter_map(|(code, _, _)| number(code)?.count).max().unwrap_or(0);
    let tile = |(code, column, row): &(&str, u32, u32)| {
        let count = number(code).map_or(Some(0), |bar| bar.count);
        Tile {
            x: column * TILE,
            y: row * TILE,
            shade: shade(count, most),
            lines: frame.locale.word("tile", code).split('|').map(str::to_owned).collect(),
            count: count.map_or_else(|| "–".to_owned(), |count| frame.number(&count)),
            href: number(code).and_then(|bar| bar.href.clone()),
        }
    };
    TILES.iter().map(tile).collect()
}

fn shade(count: Option<i64>, most: i64) -> &'static str {
    let step = match count {
        Some(count) if count > 0 && most > 0 => 1 + (count - 1) * 4 / most,
        _ => 0,
    };
    usize::try_from(step).ok().and_then(|step| SHADES.get(step)).copied().unwrap_or("#fff")
}

/// The figures of the places: first by region and nation, then by local authority within each.
pub(super) fn by_region<'a>(frame: &Frame<'a>, heard: &Heard) -> Vec<Figure<'a>> {
    let locale = frame.locale;
    let named = |code: &str| (code.to_owned(), name(locale, code), Lang::default());
    let title = (frame.t("places-regions").to_owned(), Lang::default());
    let mut regions = figure(frame, "regions", title, &heard.regions, |code| match code {
        Some(code) => named(code),
        None => (String::new(), frame.t("places-unknown").to_owned(), Lang::default()),
    });
    link(frame, regions.bars.iter_mut());
    if let Some(unplaced) = unplaced(frame, heard) {
        regions.finding = format!("{} {unplaced}", regions.finding);
    }
    sort(locale, &mut regions.bars);
    let within = |(region, numbers): (&String, &_)| {
        let title = (name(locale, region), Lang::default());
        let mut within = figure(frame, &format!("region.{region}"), title, numbers, |code: &String| {
            if code == region {
                (code.clone(), frame.t("places-region-only").to_owned(), Lang::default())
            } else {
                named(code)
            }
        });
        sort(locale, &mut within.bars);
        // Those of whom no more is known than the region are not a place of their own.
        link(frame, within.bars.iter_mut().filter(|bar| bar.key != *region));
        within
    };
    let mut authorities: Vec<Figure<'a>> = heard.authorities.iter().map(within).collect();
    authorities.sort_by(|one, other| locale.compare(&one.title, &other.title));
    std::iter::once(regions).chain(authorities).collect()
}

/// Where there is something, its evidence can be read.
fn link<'b, 'a: 'b>(frame: &Frame<'_>, bars: impl Iterator<Item = &'b mut Bar<'a>>) {
    for bar in bars.filter(|bar| !bar.key.is_empty() && bar.count.is_none_or(|count| count > 0)) {
        bar.href = Some(format!("{}/examples?place={}", frame.base, bar.key));
    }
}

/// How many examples have no place on the map, where that is a fifth of them or more.
fn unplaced(frame: &Frame<'_>, heard: &Heard) -> Option<String> {
    let total = heard.regions.total.shown()?;
    let unplaced = heard.regions.rows.iter().find(|(region, _)| region.is_none())?.1.shown()?;
    let number = |number: u64| frame.number(&signed(number));
    let arguments = [("count", number(unplaced).into()), ("total", number(total).into())];
    (unplaced > 0 && unplaced * 5 >= total).then(|| frame.locale.t_with("places-unplaced", &arguments))
}

/// As a reader of the language looks names up; what has no code comes last.
fn sort(locale: Locale, bars: &mut [Bar<'_>]) {
    bars.sort_by(|one, other| {
        one.key.is_empty().cmp(&other.key.is_empty()).then_with(|| locale.compare(&one.label, &other.label))
    });
}

fn name(locale: Locale, code: &str) -> String {
    Places::uk().get(code).map_or(code, |place| place.name_in(locale.language())).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nation_and_region_has_a_tile_and_none_lies_on_another() {
        let mut places: Vec<(u32, u32)> = TILES.iter().map(|(_, column, row)| (*column, *row)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), TILES.len());
        let uk = Places::uk();
        let whole =
            |kind: &str| uk.all().iter().filter(|place| place.kind == kind && place.code != "E92000001").count();
        assert_eq!(whole("region") + whole("nation"), TILES.len());
        for (code, _, _) in TILES {
            assert!(uk.get(code).is_some(), "{code}");
            for locale in [Locale::english(), Locale::welsh()] {
                let lines: Vec<&str> = locale.word("tile", code).split('|').collect();
                // At 16 units a letter is about 8.5 wide, and a tile has 80.
                assert!(
                    lines.len() <= 2 && lines.iter().all(|line| (2..=9).contains(&line.chars().count())),
                    "{lines:?}"
                );
            }
        }
    }

    #[test]
    fn more_is_darker() {
        assert_eq!([shade(None, 9), shade(Some(0), 9), shade(Some(5), 0)], ["#fff"; 3]);
        assert_eq!([5, 30, 60, 100].map(|count| shade(Some(count), 100)), SHADES[1..]);
    }
}
