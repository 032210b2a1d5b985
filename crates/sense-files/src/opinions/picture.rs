//! The map as a picture (SVG): a shape and a dash for each group beside its colour, with its name written on it.

#![expect(clippy::cast_precision_loss, reason = "people in a picture are far fewer than 2^52")]

use std::fmt::Write;

use sense::opinions::clusters::Point;

use super::report::{Report, letter};

/// How wide and high the picture is.
const SIZE: f64 = 320.0;
const MARGIN: f64 = 14.0;
/// With more people than this, every second, third … is drawn.
pub const MOST_DRAWN: usize = 2000;
/// Colours that are told apart by nearly everybody (Government Analysis Function).
const COLOURS: [&str; 5] = ["#12436D", "#801650", "#28A197", "#F46A25", "#3D3D3D"];
const DASHES: [&str; 5] = ["none", "7 4", "2 3", "10 3 2 3", "1 2"];
/// What the shapes are called, in the order of the groups.
pub const SHAPES: [&str; 5] = ["circles", "squares", "triangles", "diamonds", "crosses"];

/// The picture of `report`.
pub fn of(report: &Report) -> String {
    let mut svg = String::new();
    let _ = draw(report, &mut svg);
    svg
}

/// One of how many people is drawn.
pub fn drawn_every(report: &Report) -> usize {
    report.participants.len().div_ceil(MOST_DRAWN).max(1)
}

fn draw(report: &Report, svg: &mut String) -> std::fmt::Result {
    let scale = Scale::of(&report.map.places);
    // Hidden from screen readers: the sentence and the table beside it say the same.
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" aria-hidden="true" focusable="false" font-family="Helvetica, Arial, sans-serif" font-size="16">"#
    )?;
    writeln!(svg, r##"<rect width="{SIZE}" height="{SIZE}" fill="#ffffff"/>"##)?;
    writeln!(svg, "{}", axes(&scale))?;
    let members: Vec<Vec<Point>> = (0..report.map.count).map(|group| scale.members(report, group)).collect();
    for (group, places) in members.iter().enumerate() {
        let corners: Vec<String> = hull(places.clone()).iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        let (colour, dash) = (COLOURS[group % 5], DASHES[group % 5]);
        writeln!(
            svg,
            r#"<polygon points="{}" fill="{colour}" fill-opacity="0.07" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round" stroke-dasharray="{dash}"/>"#,
            corners.join(" ")
        )?;
    }
    let every = drawn_every(report);
    for (group, places) in members.iter().enumerate() {
        let marks: String = places.iter().step_by(every).map(|place| mark(group % 5, *place)).collect();
        let colour = COLOURS[group % 5];
        writeln!(svg, r#"<path d="{marks}" fill="none" stroke="{colour}" stroke-width="1" stroke-opacity="0.75"/>"#)?;
    }
    for (group, places) in members.iter().enumerate() {
        label(svg, group, places)?;
    }
    writeln!(svg, "</svg>")
}

fn axes(scale: &Scale) -> String {
    let [x, y] = scale.place([0.0, 0.0]);
    format!(r##"<path d="M{x:.1} 0V{SIZE}M0 {y:.1}H{SIZE}" stroke="#b1b4b6" stroke-width="1" fill="none"/>"##)
}

fn label(svg: &mut String, group: usize, places: &[Point]) -> std::fmt::Result {
    if places.is_empty() {
        return Ok(());
    }
    let text = format!("{} · {}", letter(group), places.len());
    let width = 9.0 * text.chars().count() as f64 + 8.0;
    let middle = |axis: usize| places.iter().map(|place| place[axis]).sum::<f64>() / places.len() as f64;
    let x = middle(0).clamp(width / 2.0 + 2.0, SIZE - width / 2.0 - 2.0);
    let y = middle(1).clamp(14.0, SIZE - 14.0);
    let colour = COLOURS[group % 5];
    writeln!(
        svg,
        r##"<rect x="{:.1}" y="{:.1}" width="{width:.1}" height="22" rx="3" fill="#ffffff" stroke="{colour}" stroke-width="1.5"/>"##,
        x - width / 2.0,
        y - 11.0
    )?;
    writeln!(
        svg,
        r##"<text x="{x:.1}" y="{:.1}" text-anchor="middle" font-weight="bold" fill="#0b0c0c">{text}</text>"##,
        y + 5.5
    )
}

/// A small outline around a place: a circle, square, triangle, diamond or cross.
fn mark(shape: usize, [x, y]: Point) -> String {
    match shape {
        0 => format!("M{:.1} {y:.1}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0", x - 2.0),
        1 => format!("M{:.1} {:.1}h3.6v3.6h-3.6z", x - 1.8, y - 1.8),
        2 => format!("M{x:.1} {:.1}l2.4 4.2h-4.8z", y - 2.6),
        3 => format!("M{x:.1} {:.1}l2.6 2.6l-2.6 2.6l-2.6 -2.6z", y - 2.6),
        _ => format!("M{:.1} {y:.1}h4m-2 -2v4", x - 2.0),
    }
}

/// From the map to the picture: the same scale both ways, everything inside.
struct Scale {
    middle: Point,
    factor: f64,
}

impl Scale {
    fn of(places: &[Point]) -> Scale {
        let range = |axis: usize| {
            let values = || places.iter().map(|place| place[axis]);
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
        };
        let (x, y) = (range(0), range(1));
        let span = (x.1 - x.0).max(y.1 - y.0);
        let factor = if span > 0.0 { (SIZE - 2.0 * MARGIN) / span } else { 1.0 };
        Scale { middle: [f64::midpoint(x.0, x.1), f64::midpoint(y.0, y.1)], factor }
    }

    fn place(&self, [x, y]: Point) -> Point {
        [SIZE / 2.0 + (x - self.middle[0]) * self.factor, SIZE / 2.0 - (y - self.middle[1]) * self.factor]
    }

    fn members(&self, report: &Report, group: usize) -> Vec<Point> {
        let all = report.map.places.iter().zip(&report.map.groups);
        all.filter(|(_, of)| **of == Some(group)).map(|(place, _)| self.place(*place)).collect()
    }
}

/// The corners of the smallest convex outline (Andrew's monotone chain).
fn hull(mut places: Vec<Point>) -> Vec<Point> {
    places.sort_by(|one, other| one[0].total_cmp(&other[0]).then(one[1].total_cmp(&other[1])));
    places.dedup();
    if places.len() < 3 {
        return places;
    }
    let mut corners = half(places.iter());
    corners.pop();
    let mut back = half(places.iter().rev());
    back.pop();
    corners.append(&mut back);
    corners
}

fn half<'a>(places: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::new();
    for place in places {
        while let [.., before, last] = corners.as_slice() {
            let turn = (last[0] - before[0]) * (place[1] - before[1]) - (last[1] - before[1]) * (place[0] - before[0]);
            if turn > 0.0 {
                break;
            }
            corners.pop();
        }
        corners.push(*place);
    }
    corners
}
