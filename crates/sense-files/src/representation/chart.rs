//! The picture of who took part: a page that needs nothing else, with each chart's figures in a table beside it.
//!
//! The picture is hidden from screen readers, because the sentence and the table say all that it shows; filled and outlined bars
//! differ without colour; the text can be read on the smallest phone.

use std::io::{Result, Write};

use sense::representation::{Comparison, Group};

use super::words::{capital, finding, weighting};
use super::{HIDDEN, Report};
use crate::words::percent;

/// The width of the drawing, in its own units; on a phone of 320 pixels one unit is about a pixel.
const WIDTH: f64 = 320.0;
/// The room to the right of the longest bar, for its label.
const LABEL: f64 = 52.0;
/// The height of what belongs to one group.
const GROUP: f64 = 72.0;
/// The height of the legend.
const LEGEND: f64 = 52.0;

const STYLE: &str = "body{margin:0 auto;max-width:46rem;padding:1rem;font:1.1875rem/1.4 Helvetica,Arial,sans-serif;color:#0b0c0c;\
background:#fff}h1{font-size:2rem;line-height:1.2}h2{font-size:1.5rem;margin:2.5rem 0 .5rem}figure{margin:0}svg{display:block;\
width:100%;max-width:32rem;height:auto;margin:1rem 0}text{font-size:16px;font-family:inherit;fill:#0b0c0c}.count{fill:#12436d}\
.population{fill:#fff;stroke:#801650;stroke-width:2}div{overflow-x:auto}table{border-collapse:collapse;font-size:1rem}\
th,td{padding:.4rem .8rem .4rem 0;border-bottom:1px solid #b1b4b6;text-align:right;white-space:nowrap}\
th:first-child{text-align:left}th[scope=col]{white-space:normal;vertical-align:bottom}summary{cursor:pointer;padding:.3rem 0;text-decoration:underline}\
@media (forced-colors:active){.count{fill:CanvasText}.population{fill:Canvas;stroke:CanvasText}text{fill:CanvasText}}";

/// Writes the page.
pub(super) fn page(report: &Report, writer: &mut impl Write) -> Result<()> {
    writeln!(writer, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">")?;
    writeln!(writer, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Who took part</title>")?;
    writeln!(writer, "<style>{STYLE}</style>\n<main>\n<h1>Who took part, and who is missing</h1>")?;
    let rule = report.about.parameters.small_numbers;
    writeln!(
        writer,
        "<p>Compared with {}. Numbers are rounded to {}; those below {} are hidden ({HIDDEN}), with what would betray them.</p>",
        escaped(&report.about.parameters.reference),
        rule.base,
        rule.threshold
    )?;
    for (place, comparison) in report.dimensions.iter().enumerate() {
        let weighted = report.weighted_shares.as_ref().and_then(|shares| shares.get(place));
        figure(comparison, weighted.map_or(&[][..], Vec::as_slice), writer)?;
    }
    writeln!(writer, "<h2>Weights</h2>\n<p>{}</p>\n</main>\n</html>", escaped(weighting(&report.weighting).trim()))
}

fn figure(comparison: &Comparison, weighted: &[Option<f64>], writer: &mut impl Write) -> Result<()> {
    writeln!(writer, "<figure>\n<h2>{}</h2>", escaped(&capital(&comparison.dimension)))?;
    writeln!(writer, "<p>{}</p>", escaped(&finding(comparison)))?;
    drawing(comparison, writer)?;
    writeln!(writer, "<details open>\n<summary>Table of the same figures</summary>\n<div tabindex=\"0\">\n<table>")?;
    write!(writer, "<tr><th scope=\"col\">Group")?;
    for head in ["Took part", "Share", "Population", "Ratio", "from", "to", "More needed", "Weighted share"] {
        write!(writer, "<th scope=\"col\">{head}")?;
    }
    writeln!(writer)?;
    let share = |share: Option<f64>| share.map(|share| format!("{:.1} %", share * 100.0));
    let number = |number: Option<f64>| number.map(|number| format!("{number:.2}"));
    for (place, group) in comparison.groups.iter().enumerate() {
        let count = |count: Option<u64>| count.map(|count| count.to_string());
        // What is not there is hidden, or else there is nothing to work it out from.
        let absent = if group.took_part.shown().is_none() { HIDDEN } else { "–" };
        let [low, high] = group.ratio_interval.map_or([None, None], |ends| ends.map(Some));
        let weighted = weighted.get(place).and_then(|weighted| share(*weighted));
        let cells = [
            count(group.took_part.shown()),
            share(group.share),
            share(Some(group.population_share)),
            number(group.ratio),
            number(low),
            number(high),
            count(group.missing),
            weighted,
        ];
        write!(writer, "<tr><th scope=\"row\">{}", escaped(&group.name))?;
        cells.iter().try_for_each(|cell| write!(writer, "<td>{}", cell.as_deref().unwrap_or(absent)))?;
        writeln!(writer)?;
    }
    writeln!(writer, "</table>\n</div>\n</details>\n</figure>")
}

fn drawing(comparison: &Comparison, writer: &mut impl Write) -> Result<()> {
    let there = |group: &&Group| group.population_share > 0.0 || group.took_part.shown() != Some(0);
    let groups: Vec<&Group> = comparison.groups.iter().filter(there).collect();
    let shares = groups.iter().flat_map(|group| [group.share.unwrap_or_default(), group.population_share]);
    let scale = (WIDTH - LABEL) / shares.fold(0.01, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "a number of bars")]
    let top = |place: usize| LEGEND + GROUP * place as f64;
    writeln!(writer, "<svg viewBox=\"0 0 {WIDTH} {}\" aria-hidden=\"true\" focusable=\"false\">", top(groups.len()))?;
    writeln!(
        writer,
        "<rect class=\"count\" x=\"0\" y=\"3\" width=\"24\" height=\"14\"/><text x=\"32\" y=\"16\">took part</text>"
    )?;
    writeln!(
        writer,
        "<rect class=\"population\" x=\"1\" y=\"27\" width=\"22\" height=\"12\"/><text x=\"32\" y=\"39\">population</text>"
    )?;
    for (place, group) in groups.iter().enumerate() {
        let y = top(place);
        writeln!(
            writer,
            "<text x=\"0\" y=\"{}\" font-weight=\"bold\">{}</text>",
            y + 16.0,
            escaped(&shortened(&group.name))
        )?;
        let shown = group.share.unwrap_or_default() * scale;
        let label = group.share.map_or("hidden".to_owned(), percent);
        writeln!(writer, "<rect class=\"count\" x=\"0\" y=\"{}\" width=\"{shown:.1}\" height=\"18\"/>", y + 23.0)?;
        writeln!(writer, "<text x=\"{:.1}\" y=\"{}\">{label}</text>", shown + 6.0, y + 37.5)?;
        let there = (group.population_share * scale - 2.0).max(0.0);
        writeln!(writer, "<rect class=\"population\" x=\"1\" y=\"{}\" width=\"{there:.1}\" height=\"16\"/>", y + 44.0)?;
        writeln!(
            writer,
            "<text x=\"{:.1}\" y=\"{}\">{}</text>",
            there + 8.0,
            y + 57.5,
            percent(group.population_share)
        )?;
    }
    writeln!(writer, "</svg>")
}

/// As much of a name as has room in a line.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 36 { name.to_owned() } else { name.chars().take(35).chain(['…']).collect() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
