//! A page that explains the result to those who voted. It stands alone: no script, nothing loaded from elsewhere.

use std::fmt::{Display, Formatter, Result};

use sense::shares::{Completion, Utility};

use super::report::{Fate, Report};
use super::summary;

/// A report as a page of HTML.
pub(super) struct Page<'a>(pub(super) &'a Report<'a>);

impl Display for Page<'_> {
    fn fmt(&self, to: &mut Formatter) -> Result {
        let report = self.0;
        let title = report.file.meta("description").filter(|title| !title.is_empty()).unwrap_or("The budget");
        let language = report.file.meta("language").filter(|code| code.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let language =
            language.filter(|code| !code.is_empty()).map_or(String::new(), |code| format!(" lang=\"{code}\""));
        writeln!(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(to, "<title>How the budget was shared out: {}</title>\n<style>{STYLE}</style>", Text(title))?;
        writeln!(
            to,
            "</head>\n<body>\n<main>\n<h1>How the budget was shared out</h1>\n<p{language}>{}</p>",
            Text(title)
        )?;
        writeln!(to, "<p class=\"lead\">{}</p>", Text(&summary::result(report)))?;
        self.how_it_works(to)?;
        self.funded(to, &language)?;
        self.not_funded(to, &language)?;
        self.rules(to)?;
        if !report.file.notes.is_empty() {
            writeln!(to, "<h2>To be looked at</h2>\n<ul>")?;
            report.file.notes.iter().try_for_each(|note| writeln!(to, "<li>{}.</li>", Text(note)))?;
            writeln!(to, "</ul>")?;
        }
        writeln!(to, "</main>\n</body>\n</html>")
    }
}

impl Page<'_> {
    fn how_it_works(&self, to: &mut Formatter) -> Result {
        let report = self.0;
        let (each, best) = match report.utility {
            Utility::Cost => ("They all paid the same", "the smallest part of its cost from each of its supporters"),
            Utility::Cardinality => ("They all paid the same", "least from each of its supporters"),
            Utility::Points => {
                ("They all paid the same for each point that they gave it", "least for each point that it was given")
            }
        };
        writeln!(to, "<h2>How it was counted</h2>\n<ol>\n<li>{}</li>", Text(&summary::share(report)))?;
        writeln!(
            to,
            "<li>A project was bought when those who voted for it could pay for it together. {each}; those who had"
        )?;
        writeln!(to, "less left than that gave all they had.</li>")?;
        writeln!(to, "<li>Each time the project was bought that asked {best}.</li>")?;
        writeln!(to, "<li>It ended when no project’s supporters had enough left.</li>")?;
        if matches!(report.completion, Completion::Utilitarian | Completion::Add1Utilitarian) {
            writeln!(
                to,
                "<li>What was left of the budget went to the projects that still fitted, in the order of support for their cost.</li>"
            )?;
        }
        writeln!(
            to,
            "</ol>\n<p>So every group of voters decides about its part of the money, whether it is large or small. What each"
        )?;
        writeln!(to, "voter paid, by the number of the ballot, is in <a href=\"voters.csv\">voters.csv</a>.</p>")
    }

    fn funded(&self, to: &mut Formatter, language: &str) -> Result {
        let report = self.0;
        writeln!(to, "<h2>What is funded, in this order</h2>")?;
        table(
            to,
            "Funded projects",
            &[("Project", false), ("Cost", true), ("Supporters", true), ("How it was paid", false)],
        )?;
        for project in report.funded() {
            let listed = &report.election().projects()[*project];
            let (cost, supporters) = (report.money.exact(listed.cost), report.account.supporters[*project]);
            writeln!(
                to,
                "<tr><th scope=\"row\"{language}>{}</th><td class=\"n\">{cost}</td>",
                Text(&report.file.titles[*project])
            )?;
            writeln!(to, "<td class=\"n\">{supporters}</td><td>{}", Text(&report.why(*project)))?;
            if let Fate::Bought(place) = report.fates[*project] {
                let bill = &report.account.bills[place];
                #[expect(clippy::cast_precision_loss, reason = "the width of a bar")]
                let part = 100.0 - 100.0 * bill.by_all / (listed.cost.max(1) as f64);
                bar(to, part, "in full", "all they had left")?;
            }
            writeln!(to, "</td></tr>")?;
        }
        writeln!(to, "</tbody></table></div>")?;
        writeln!(
            to,
            "<p>Together they cost {}. {} of the budget is left.</p>",
            report.money.with_currency(report.measures().cost),
            report.money.with_currency(report.left())
        )
    }

    fn not_funded(&self, to: &mut Formatter, language: &str) -> Result {
        let (report, projects) = (self.0, self.0.not_funded());
        if projects.is_empty() {
            return writeln!(to, "<p>All projects are funded.</p>");
        }
        writeln!(to, "<h2>What is not funded, and why</h2>\n<p>First what came nearest.</p>")?;
        table(
            to,
            "Projects that are not funded",
            &[("Project", false), ("Cost", true), ("Supporters", true), ("Why", false)],
        )?;
        for project in projects {
            let cost = report.money.exact(report.election().projects()[project].cost);
            let supporters = report.account.supporters[project];
            writeln!(
                to,
                "<tr><th scope=\"row\"{language}>{}</th><td class=\"n\">{cost}</td>",
                Text(&report.file.titles[project])
            )?;
            writeln!(to, "<td class=\"n\">{supporters}</td><td>{}", Text(&report.why(project)))?;
            if supporters > 0 {
                bar(to, 100.0 * report.reached(project), "they had", "missing")?;
            }
            writeln!(to, "</td></tr>")?;
        }
        writeln!(to, "</tbody></table></div>")
    }

    fn rules(&self, to: &mut Formatter) -> Result {
        let report = self.0;
        writeln!(to, "<h2>What other rules would have done</h2>")?;
        writeln!(
            to,
            "<p>“Greedy” funds what has the most support for its cost until the money is gone; most cities count so. With"
        )?;
        writeln!(
            to,
            "Phragmén’s rule money comes to all voters evenly over time, and a project is bought as soon as its supporters have enough.</p>"
        )?;
        let columns = [
            ("Rule", false),
            ("Projects", true),
            ("Cost", true),
            ("Voters with no project", true),
            ("Projects per voter", true),
            ("Their cost per voter", true),
        ];
        table(to, "Three rules", &columns)?;
        for (name, _, measures) in &report.rules {
            let cost = report.money.exact(measures.cost);
            writeln!(
                to,
                "<tr><th scope=\"row\">{name}</th><td class=\"n\">{}</td><td class=\"n\">{cost}</td>",
                measures.projects
            )?;
            let percent = measures.exclusion_ratio * 100.0;
            writeln!(
                to,
                "<td class=\"n\">{} ({percent:.1} %)</td><td class=\"n\">{:.2}</td>",
                measures.without, measures.mean_projects
            )?;
            writeln!(to, "<td class=\"n\">{}</td></tr>", report.money.rounded(measures.mean_cost))?;
        }
        writeln!(to, "</tbody></table></div>")?;
        let named = |from: &[usize], not_in: &[usize]| {
            let other = from.iter().filter(|project| !not_in.contains(project));
            other.map(|project| report.file.titles[*project].clone()).collect::<Vec<_>>().join("; ")
        };
        let (here, there) = (named(report.funded(), &report.rules[1].1), named(&report.rules[1].1, report.funded()));
        for (sentence, projects) in
            [("Funded here, and not by greedy", here), ("Funded by greedy, and not here", there)]
        {
            let projects = if projects.is_empty() { "nothing".to_owned() } else { projects };
            writeln!(to, "<p>{sentence}: {}.</p>", Text(&projects))?;
        }
        Ok(())
    }
}

/// Begins a table; on a narrow screen it scrolls by itself.
fn table(to: &mut Formatter, caption: &str, columns: &[(&str, bool)]) -> Result {
    writeln!(
        to,
        "<div class=\"table\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table><caption>{caption}</caption><thead><tr>"
    )?;
    for (column, is_number) in columns {
        writeln!(to, "<th scope=\"col\"{}>{column}</th>", if *is_number { " class=\"n\"" } else { "" })?;
    }
    writeln!(to, "</tr></thead><tbody>")
}

/// A bar of two parts, the first of which is `part` per cent. The text beside it says the same.
fn bar(to: &mut Formatter, part: f64, first: &str, second: &str) -> Result {
    let part = part.clamp(0.0, 100.0);
    write!(to, "<span class=\"bar\" aria-hidden=\"true\"><span style=\"width:{part:.1}%\"></span></span>")?;
    write!(to, "<span class=\"key\"><b>{part:.0} %</b> {first}")?;
    if part < 99.95 {
        write!(to, ", <b>{:.0} %</b> {second}", 100.0 - part)?;
    }
    writeln!(to, "</span>")
}

/// Text between tags, or in an attribute.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, to: &mut Formatter) -> Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => to.write_str("&amp;"),
            '<' => to.write_str("&lt;"),
            '>' => to.write_str("&gt;"),
            '"' => to.write_str("&quot;"),
            '\'' => to.write_str("&#39;"),
            // No such character can stand in HTML.
            character if character.is_control() => to.write_str(" "),
            character => write!(to, "{character}"),
        })
    }
}

const STYLE: &str = "
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #0b0c0c; font: 1.1875rem/1.5 'Helvetica Neue', Helvetica, Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 2.25rem; line-height: 1.15; margin: 1rem 0; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 .75rem; }
p, li { max-width: 44rem; }
.lead { font-size: 1.5rem; line-height: 1.35; border-left: .5rem solid #12436d; padding-left: 1rem; }
a { color: #12436d; }
a:focus, .table:focus { outline: 3px solid #801650; outline-offset: 2px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .6rem 1rem .6rem 0; border-bottom: 1px solid #b1b4b6; min-width: 4rem; }
tbody th { min-width: 9rem; }
td:last-child { min-width: 14rem; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar { display: block; height: .9rem; margin: .4rem 0 .1rem; background: #fff; border: 2px solid #12436d; }
.bar span { display: block; height: 100%; background: #12436d; print-color-adjust: exact; }
.key { font-size: 1rem; }
@media (forced-colors: active) { .bar span { background: CanvasText; forced-color-adjust: none; } }
@media print { body { font-size: 11pt; } .table { overflow: visible; } tr { break-inside: avoid; } }
";
