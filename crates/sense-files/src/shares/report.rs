//! A count with everything that is said about it: what was funded and how, who paid, and what other rules would have funded.

use std::fmt::Write;

use sense::shares::account::{Account, Bill, Measures};
use sense::shares::{Completion, Election, Outcome, Utility, cost, equal_shares, greedy, phragmen};
use serde::Serialize;

use super::Parameters;
use super::money::Money;
use super::pabulib::Pabulib;
use crate::about::About;

/// The count of a file.
pub(super) struct Report<'a> {
    pub(super) file: &'a Pabulib,
    pub(super) utility: Utility,
    pub(super) completion: Completion,
    pub(super) outcome: Outcome,
    pub(super) account: Account,
    pub(super) money: Money,
    /// What became of each project.
    pub(super) fates: Vec<Fate>,
    /// The Method of Equal Shares, greedy, and Phragmén: what each funds, and how well that serves voters.
    pub(super) rules: [(&'static str, Vec<usize>, Measures); 3],
}

/// What became of a project.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fate {
    /// It costs nothing, and somebody voted for it.
    Free,
    /// Its supporters bought it, as the purchase of this place.
    Bought(usize),
    /// It was added by the utilitarian completion, as the one of this place.
    Completed(usize),
    /// It is not funded.
    NotFunded,
}

/// The columns of `projects.csv`.
pub(super) const PROJECT_COLUMNS: [&str; 16] = [
    "project",
    "name",
    "cost",
    "funded",
    "order",
    "how",
    "supporters",
    "paid_in_full",
    "gave_all",
    "given_by_those",
    "price",
    "paid_most",
    "left",
    "greedy",
    "phragmen",
    "why",
];
/// The columns of `voters.csv`.
pub(super) const VOTER_COLUMNS: [&str; 6] = ["voter", "share", "spent", "left", "funded", "payments"];

impl Report<'_> {
    /// Counts the votes.
    pub(super) fn of(file: &Pabulib, utility: Utility, completion: Completion) -> Report<'_> {
        let election = &file.election;
        let outcome = equal_shares(election, utility, completion);
        let account = Account::of(election, utility, &outcome);
        let mut fates = vec![Fate::NotFunded; election.projects().len()];
        outcome.free.iter().for_each(|project| fates[*project] = Fate::Free);
        outcome.purchases.iter().enumerate().for_each(|(place, bought)| fates[bought.project] = Fate::Bought(place));
        outcome.completed.iter().enumerate().for_each(|(place, project)| fates[*project] = Fate::Completed(place));
        let rule = |name, funded: Vec<usize>| {
            let measures = Measures::of(election, &funded);
            (name, funded, measures)
        };
        let rules = [
            rule("Equal Shares", outcome.funded()),
            rule("Greedy", greedy(election, utility)),
            rule("Phragmén", phragmen(election)),
        ];
        let currency = file.meta("currency").unwrap_or_default().to_owned();
        let money = Money { places: file.places, currency };
        Report { file, utility, completion, outcome, account, money, fates, rules }
    }

    pub(super) fn election(&self) -> &Election {
        &self.file.election
    }

    /// All that is funded, in order.
    pub(super) fn funded(&self) -> &[usize] {
        &self.rules[0].1
    }

    pub(super) fn measures(&self) -> &Measures {
        &self.rules[0].2
    }

    /// What is not funded; first that for which its supporters had most left, as a part of its cost.
    pub(super) fn not_funded(&self) -> Vec<usize> {
        let mut projects: Vec<usize> =
            (0..self.fates.len()).filter(|project| self.fates[*project] == Fate::NotFunded).collect();
        projects.sort_by(|a, b| self.reached(*b).total_cmp(&self.reached(*a)));
        projects
    }

    /// What the supporters of a project had left, as a part of its cost.
    pub(super) fn reached(&self, project: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        let cost = self.election().projects()[project].cost as f64;
        if cost > 0.0 { (self.account.left[project] / cost).min(1.0) } else { 0.0 }
    }

    /// What is left of the budget.
    pub(super) fn left(&self) -> i64 {
        self.election().budget() - cost(self.election(), self.funded().iter().copied())
    }

    /// What every voter had to spend.
    pub(super) fn share(&self) -> f64 {
        self.outcome.share(self.election())
    }

    /// The name of the rule, as Pabulib writes it in META.
    pub(super) fn rule_name(&self) -> &'static str {
        match self.completion {
            Completion::None => "equalshares",
            Completion::Add1 => "equalshares/add1",
            Completion::Utilitarian => "equalshares/utilitarian",
            Completion::Add1Utilitarian => "equalshares/add1u",
        }
    }

    /// Why a project is funded or not, in a sentence or two.
    pub(super) fn why(&self, project: usize) -> String {
        let (supporters, money) = (self.account.supporters[project], &self.money);
        let cost = money.exact(self.election().projects()[project].cost);
        match self.fates[project] {
            Fate::Free => format!("It costs nothing, and {} voted for it.", people(supporters)),
            Fate::Bought(place) => self.how_bought(place),
            Fate::Completed(_) if supporters == 0 => {
                "Nobody voted for it. It was funded because it was the last that still fitted into the budget."
                    .to_owned()
            }
            Fate::Completed(_) => format!(
                "Its {} had only {} left together, but it still fitted into the money that no group of voters could spend on its \
                 own, and was the next by votes and cost.",
                people(supporters),
                money.rounded(self.account.left[project])
            ),
            Fate::NotFunded if supporters == 0 => "Nobody voted for it.".to_owned(),
            Fate::NotFunded => {
                let left = self.account.left[project];
                format!("Its {} had {} left together, and it costs {cost}.", people(supporters), money.rounded(left))
            }
        }
    }

    fn how_bought(&self, place: usize) -> String {
        let (bill, purchase) = (&self.account.bills[place], &self.outcome.purchases[place]);
        let each = if self.utility == Utility::Points { "for each point that they gave it" } else { "each" };
        let mut why = format!("{} paid {} {each}.", People(bill.in_full), self.money.rounded(purchase.price));
        if bill.gave_all > 0 {
            let given = self.money.rounded(bill.by_all);
            let _ = write!(why, " {} gave all that they had left, {given} together.", People(bill.gave_all));
        }
        let nothing = self.account.supporters[purchase.project] - bill.in_full - bill.gave_all;
        if nothing > 0 {
            let _ = write!(why, " {} had nothing left to give.", People(nothing));
        }
        why
    }

    /// The rows of `projects.csv`: funded ones in order, then the others.
    pub(super) fn project_rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.funded().to_owned().into_iter().chain(self.not_funded()).map(|project| self.project_row(project))
    }

    fn project_row(&self, project: usize) -> Vec<String> {
        let listed = &self.election().projects()[project];
        let order = self.funded().iter().position(|funded| *funded == project);
        let yes = |is: bool| (if is { "yes" } else { "no" }).to_owned();
        let plain = |amount: f64| format!("{:.6}", self.money.value(amount));
        let (bill, price) = match self.fates[project] {
            Fate::Bought(place) => (self.account.bills[place], self.outcome.purchases[place].price),
            _ => (Bill::default(), 0.0),
        };
        let bought = |text: String| if matches!(self.fates[project], Fate::Bought(_)) { text } else { String::new() };
        vec![
            listed.name.clone(),
            self.file.titles[project].clone(),
            self.money.exact(listed.cost).replace('\u{a0}', ""),
            yes(order.is_some()),
            order.map_or_else(String::new, |order| (order + 1).to_string()),
            self.how(project).to_owned(),
            self.account.supporters[project].to_string(),
            bought(bill.in_full.to_string()),
            bought(bill.gave_all.to_string()),
            bought(plain(bill.by_all)),
            bought(plain(price)),
            bought(plain(bill.most)),
            plain(self.account.left[project]),
            yes(self.rules[1].1.contains(&project)),
            yes(self.rules[2].1.contains(&project)),
            self.why(project).replace('\u{a0}', " "),
        ]
    }

    /// How a project came to its money, in a word.
    pub(super) fn how(&self, project: usize) -> &'static str {
        match self.fates[project] {
            Fate::Free => "free",
            Fate::Bought(_) => "bought",
            Fate::Completed(_) => "completed",
            Fate::NotFunded => "",
        }
    }

    /// The rows of `voters.csv`, in the order of the file.
    pub(super) fn voter_rows(&self) -> impl Iterator<Item = Vec<String>> {
        let mut is_funded = vec![false; self.fates.len()];
        self.funded().iter().for_each(|project| is_funded[*project] = true);
        let plain = |amount: f64| format!("{:.6}", self.money.value(amount));
        let share = self.share();
        let of_ballot: Vec<usize> = self
            .election()
            .ballots()
            .map(|(ballot, _)| {
                ballot.iter().filter(|choice| choice.points > 0 && is_funded[choice.project as usize]).count()
            })
            .collect();
        self.file.voters.iter().zip(self.election().ballot_of()).map(move |(voter, ballot)| {
            let payments = self.account.payments(*ballot);
            let spent = payments.iter().map(|payment| payment.amount).fold(0.0, |sum, amount| sum + amount);
            let paid = payments.iter().map(|payment| {
                let project = self.outcome.purchases[payment.purchase].project;
                format!("{}: {}", self.election().projects()[project].name, plain(payment.amount))
            });
            let payments = paid.collect::<Vec<_>>().join(", ");
            let funded = of_ballot[*ballot as usize].to_string();
            vec![voter.to_owned(), plain(share), plain(spent), plain((share - spent).max(0.0)), funded, payments]
        })
    }

    /// What stands in `shares.json`.
    pub(super) fn json(&self, about: About<Parameters>) -> impl Serialize {
        let projects = self.funded().to_owned().into_iter().chain(self.not_funded());
        Json {
            about,
            notes: &self.file.notes,
            vote_type: self.file.vote_type,
            voters: self.election().voters(),
            budget: self.amount(self.election().budget()),
            raises: self.outcome.raises,
            share: self.money.value(self.share()),
            cost: self.amount(self.measures().cost),
            left: self.amount(self.left()),
            projects: projects.map(|project| self.project(project)).collect(),
            rules: self.rules.iter().map(|rule| self.rule(rule)).collect(),
        }
    }

    fn project(&self, project: usize) -> JsonProject<'_> {
        let bought = match self.fates[project] {
            Fate::Bought(place) => Some((&self.account.bills[place], &self.outcome.purchases[place])),
            _ => None,
        };
        JsonProject {
            id: &self.election().projects()[project].name,
            name: &self.file.titles[project],
            cost: self.amount(self.election().projects()[project].cost),
            funded: self.fates[project] != Fate::NotFunded,
            how: self.how(project),
            supporters: self.account.supporters[project],
            payment: bought.map(|(bill, purchase)| JsonPayment {
                paid_in_full: bill.in_full,
                gave_all: bill.gave_all,
                given_by_those: self.money.value(bill.by_all),
                price: self.money.value(purchase.price),
                paid_most: self.money.value(bill.most),
            }),
            left: self.money.value(self.account.left[project]),
            why: self.why(project),
        }
    }

    fn rule(&self, (name, funded, measures): &(&'static str, Vec<usize>, Measures)) -> JsonRule<'_> {
        JsonRule {
            rule: name,
            projects: funded.iter().map(|project| self.election().projects()[*project].name.as_str()).collect(),
            cost: self.amount(measures.cost),
            without: measures.without,
            exclusion_ratio: measures.exclusion_ratio,
            mean_projects: measures.mean_projects,
            mean_cost: self.money.value(measures.mean_cost),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON knows no other numbers")]
    fn amount(&self, amount: i64) -> f64 {
        self.money.value(amount as f64)
    }
}

#[derive(Serialize)]
struct Json<'a> {
    about: About<Parameters>,
    notes: &'a [String],
    vote_type: super::pabulib::VoteType,
    voters: usize,
    budget: f64,
    raises: u64,
    share: f64,
    cost: f64,
    left: f64,
    projects: Vec<JsonProject<'a>>,
    rules: Vec<JsonRule<'a>>,
}

#[derive(Serialize)]
struct JsonProject<'a> {
    id: &'a str,
    name: &'a str,
    cost: f64,
    funded: bool,
    how: &'a str,
    supporters: i64,
    payment: Option<JsonPayment>,
    left: f64,
    why: String,
}

#[derive(Serialize)]
struct JsonPayment {
    paid_in_full: i64,
    gave_all: i64,
    given_by_those: f64,
    price: f64,
    paid_most: f64,
}

#[derive(Serialize)]
struct JsonRule<'a> {
    rule: &'a str,
    projects: Vec<&'a str>,
    cost: f64,
    without: i64,
    exclusion_ratio: f64,
    mean_projects: f64,
    mean_cost: f64,
}

/// How many people, at the beginning of a sentence.
struct People(i64);

impl std::fmt::Display for People {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.0 {
            1 => write!(formatter, "1 person"),
            many => write!(formatter, "{many} people"),
        }
    }
}

fn people(count: i64) -> String {
    match count {
        1 => "1 supporter".to_owned(),
        many => format!("{many} supporters"),
    }
}
