//! The map as a page (HTML): the finding in a sentence, the picture, and the same as tables.

use std::fmt::Write;

use super::picture::{self, SHAPES};
use super::report::{Report, letter};
use super::summary::{finding, percent, title, uniting, verb};

const STYLE: &str = "body{font:1.1875rem/1.4 Helvetica,Arial,sans-serif;color:#0b0c0c;background:#fff;max-width:44rem;\
margin:0 auto;padding:1rem}svg{display:block;width:100%;height:auto;border:1px solid #b1b4b6}figure{margin:1.5rem 0}\
table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold;padding:.5rem 0}\
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid #b1b4b6}\
td.n,th.n{text-align:right;white-space:nowrap}.wide{overflow-x:auto}p.small{font-size:1rem;color:#383f43}";

/// The page of `report`.
pub fn of(report: &Report) -> String {
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = page(report, &mut html);
    html
}

fn page(report: &Report, html: &mut String) -> std::fmt::Result {
    writeln!(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(html, "<title>Opinion map</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>")?;
    writeln!(html, "<h1>Opinion map</h1>\n<p>{}</p>", escaped(&finding(report)))?;
    writeln!(html, "<figure>\n{}<figcaption>{}</figcaption>\n</figure>", picture::of(report), caption(report))?;
    groups(report, html)?;
    divides(report, html)?;
    unites(report, html)?;
    let agree = report.parameters.agree;
    writeln!(
        html,
        "<p class=\"small\">Made by Folkmoot {}, seed {}; {agree} means agreement. Everything is in participants.csv, statements.csv \
         and groups.json beside this page.</p>\n</main>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
        report.parameters.seed
    )
}

fn caption(report: &Report) -> String {
    let every = picture::drawn_every(report);
    let sample = match every {
        1 => "Each mark is one person".to_owned(),
        every => format!("One mark in the picture stands for {every} people"),
    };
    format!("{sample}. People who voted alike are near each other; the directions have no other meaning.")
}

fn groups(report: &Report, html: &mut String) -> std::fmt::Result {
    let sizes = report.sizes();
    let grouped = sizes.iter().sum();
    writeln!(html, "<table>\n<caption>Opinion groups</caption>")?;
    writeln!(
        html,
        "<thead><tr><th scope=\"col\">Group</th><th scope=\"col\">Drawn as</th><th scope=\"col\" class=\"n\">People</th><th scope=\"col\" class=\"n\">Share</th></tr></thead>\n<tbody>"
    )?;
    for (group, size) in sizes.iter().enumerate() {
        let (letter, shape, share) = (letter(group), SHAPES[group % SHAPES.len()], percent(*size, grouped));
        writeln!(
            html,
            "<tr><th scope=\"row\">{letter}</th><td>{shape}</td><td class=\"n\">{size}</td><td class=\"n\">{share} %</td></tr>"
        )?;
    }
    let outside = report.participants.len() - grouped;
    writeln!(html, "<tr><th scope=\"row\">none</th><td>not drawn</td><td class=\"n\">{outside}</td><td></td></tr>")?;
    writeln!(html, "</tbody>\n</table>")
}

fn divides(report: &Report, html: &mut String) -> std::fmt::Result {
    if report.map.count < 2 {
        return Ok(());
    }
    writeln!(html, "<h2>What divides</h2>")?;
    for (group, typical) in report.typical.iter().enumerate() {
        let rows: Vec<(String, usize)> = typical
            .iter()
            .map(|found| (format!("{} {}", verb(found.side), title(report, found.statement)), found.statement))
            .collect();
        shares(report, html, &format!("Typical of group {}", letter(group)), &rows)?;
    }
    Ok(())
}

fn unites(report: &Report, html: &mut String) -> std::fmt::Result {
    writeln!(html, "<h2>What unites</h2>")?;
    let uniting = uniting(report);
    if uniting.is_empty() {
        return writeln!(html, "<p>No statement has most of every group on the same side.</p>");
    }
    let rows: Vec<(String, usize)> =
        uniting.iter().map(|(place, side)| (format!("{} {}", verb(*side), title(report, *place)), *place)).collect();
    shares(report, html, "On the same side in every group", &rows)
}

/// A table of statements with each group's agreement and disagreement.
fn shares(report: &Report, html: &mut String, caption: &str, rows: &[(String, usize)]) -> std::fmt::Result {
    writeln!(
        html,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">Statement</th>"
    )?;
    for group in 0..report.map.count {
        writeln!(html, "<th scope=\"col\" class=\"n\">{}: agree, disagree</th>", letter(group))?;
    }
    writeln!(html, "</tr></thead>\n<tbody>")?;
    for (text, place) in rows {
        write!(html, "<tr><th scope=\"row\">{}</th>", escaped(text))?;
        for tally in report.tallies.groups.iter().map(|group| group[*place]) {
            let of = |part: u32| percent(part as usize, tally.seen as usize);
            write!(html, "<td class=\"n\">{} %, {} %</td>", of(tally.agree), of(tally.disagree))?;
        }
        writeln!(html, "</tr>")?;
    }
    writeln!(html, "</tbody>\n</table>\n</div>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
