//! What is printed: the result in plain words, short enough for a screen.

use std::fmt::{Display, Formatter, Result};

use sense::shares::Completion;

use super::report::Report;

/// A report in plain words.
pub(super) struct Summary<'a>(pub(super) &'a Report<'a>);

/// How many projects are listed of a kind.
const LISTED: usize = 25;

impl Display for Summary<'_> {
    fn fmt(&self, to: &mut Formatter) -> Result {
        let report = self.0;
        writeln!(to, "{}", result(report).replace('\u{a0}', " "))?;
        writeln!(to, "{}", share(report).replace('\u{a0}', " "))?;
        self.projects(to, "Funded, in this order", report.funded())?;
        self.projects(to, "Not funded, first what came nearest", &report.not_funded())?;
        writeln!(to, "\nBeside other rules")?;
        writeln!(
            to,
            "  {:<14}{:>9}{:>18}{:>26}{:>22}",
            "", "projects", "cost", "voters with no project", "projects per voter"
        )?;
        for (name, _, measures) in &report.rules {
            let cost = report.money.exact(measures.cost).replace('\u{a0}', " ");
            let without = format!("{} ({:.1} %)", measures.without, measures.exclusion_ratio * 100.0);
            writeln!(
                to,
                "  {name:<14}{:>9}{cost:>18}{without:>26}{:>22.2}",
                measures.projects, measures.mean_projects
            )?;
        }
        if !report.file.notes.is_empty() {
            writeln!(to, "\nTo be looked at")?;
        }
        for note in &report.file.notes {
            writeln!(to, "  {note}.")?;
        }
        Ok(())
    }
}

impl Summary<'_> {
    fn projects(&self, to: &mut Formatter, heading: &str, projects: &[usize]) -> Result {
        if projects.is_empty() {
            return Ok(());
        }
        writeln!(to, "\n{heading}")?;
        for project in projects.iter().take(LISTED) {
            let listed = &self.0.election().projects()[*project];
            let title = &self.0.file.titles[*project];
            let named = if *title == listed.name { title.clone() } else { format!("{} {title}", listed.name) };
            let line = format!("  {named}, {}. {}", self.0.money.exact(listed.cost), self.0.why(*project));
            writeln!(to, "{}", line.replace('\u{a0}', " "))?;
        }
        if projects.len() > LISTED {
            writeln!(to, "  … and {} more: see projects.csv (--out)", projects.len() - LISTED)?;
        }
        Ok(())
    }
}

/// What was funded, in one sentence.
pub(super) fn result(report: &Report) -> String {
    let election = report.election();
    format!(
        "{} of {} projects are funded with {} of {}, by {} votes.",
        report.funded().len(),
        election.projects().len(),
        report.money.with_currency(report.measures().cost),
        report.money.with_currency(election.budget()),
        election.voters()
    )
}

/// What every voter had, in one or two sentences.
pub(super) fn share(report: &Report) -> String {
    let raised = match (report.completion, report.outcome.raises) {
        (_, 0) => "the budget divided by all voters".to_owned(),
        (_, 1) => "the budget divided by all voters, raised by 1 so that more of it is spent".to_owned(),
        (_, raises) => {
            format!("the budget divided by all voters, raised {raises} times by 1 so that more of it is spent")
        }
    };
    let completed = match (report.completion, report.outcome.completed.len()) {
        (Completion::None | Completion::Add1, _) | (_, 0) => String::new(),
        (_, 1) => " 1 project was added from what nobody could spend on their own.".to_owned(),
        (_, more) => format!(" {more} projects were added from what nobody could spend on their own."),
    };
    format!("Every voter had {}: {raised}.{completed}", report.money.rounded(report.share()))
}
