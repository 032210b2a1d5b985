//! Whom to believe: the keys of the log, the witnesses, and how many of them it takes (C2SP tlog-policy).

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use crate::checkpoint::decimal;
use crate::key::{Kind, VerifyingKey};
use crate::note::SignedBy;
use crate::{Checkpoint, Error, Note, Result};

/// A policy of more lines is not read.
const MOST_LINES: usize = 4096;

/// By which a checkpoint is believed or not. Written as C2SP tlog-policy has it:
///
/// ```
/// use folkmoot_register::{Kind, Policy, SigningKey};
///
/// let key = |name, kind, seed| SigningKey::from_seed(name, kind, &[seed; 32]).map(|key| key.verifying().to_string());
/// let log = key("example.org/register", Kind::Note, 1)?;
/// let library = key("library.example/witness", Kind::Cosignature, 2)?;
/// let university = key("university.example/witness", Kind::Cosignature, 3)?;
/// let policy: Policy = format!(
///     "log {log}\n\
///      witness library {library}\n\
///      witness university {university}\n\
///      group either any library university\n\
///      quorum either\n"
/// )
/// .parse()?;
/// assert_eq!(policy.logs().len(), 1);
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    text: String,
    logs: Vec<VerifyingKey>,
    witnesses: Vec<VerifyingKey>,
    /// Where each witness is asked, where that is written.
    addresses: Vec<Option<String>>,
    quorum: Rule,
}

/// Which witnesses it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// No cosignature is asked for.
    Nobody,
    /// One, by its place in the list.
    Witness(usize),
    /// So many of these.
    Group(usize, Vec<Rule>),
}

/// A checkpoint that is signed and cosigned as a policy wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// What the log says.
    pub checkpoint: Checkpoint,
    /// The names of the witnesses that have cosigned it, with the time at which each did, in POSIX seconds.
    pub witnessed: Vec<(String, u64)>,
    /// Up to when the quorum of the policy says that this was all of the log, in POSIX seconds. None where none is asked for.
    pub as_of: Option<u64>,
}

impl Policy {
    /// A policy for the keys of one log, two while they are changed, and at least so many of these witnesses.
    pub fn new(log: &[VerifyingKey], witnesses: &[VerifyingKey], quorum: usize) -> Result<Policy> {
        let logs: String = log.iter().map(|key| format!("log {key}\n")).collect();
        let named = (1..).zip(witnesses).map(|(number, key)| format!("witness w{number} {key}\n"));
        let members: String = (1..=witnesses.len()).map(|number| format!(" w{number}")).collect();
        let quorum = match quorum {
            0 => "quorum none\n".into(),
            number => format!("group witnesses {number}{members}\nquorum witnesses\n"),
        };
        let text = format!("{logs}{}{quorum}", named.collect::<String>());
        text.parse()
    }

    /// The keys of logs that are believed. The name of each is the origin of its log.
    pub fn logs(&self) -> &[VerifyingKey] {
        &self.logs
    }

    /// The keys of the witnesses.
    pub fn witnesses(&self) -> &[VerifyingKey] {
        &self.witnesses
    }

    /// The witnesses that can be asked: key and address.
    pub fn addresses(&self) -> impl Iterator<Item = (&VerifyingKey, &str)> {
        self.witnesses.iter().zip(&self.addresses).filter_map(|(key, address)| Some((key, address.as_deref()?)))
    }

    /// The keys of one log.
    pub fn keys_of(&self, origin: &str) -> Vec<VerifyingKey> {
        self.logs.iter().filter(|key| key.name() == origin).cloned().collect()
    }

    /// Opens a signed checkpoint: some key of its log must have signed it, and the quorum of witnesses cosigned it.
    pub fn open(&self, note: &Note) -> Result<Trusted> {
        let checkpoint: Checkpoint = note.text().parse()?;
        self.verify(note, &checkpoint.origin)?;
        let cosigned = match note.verify(&self.witnesses) {
            Err(Error::Unsigned(_)) => Vec::new(),
            signed => signed?,
        };
        let as_of = self.quorum.time(&self.witnesses, &cosigned);
        if as_of.is_none() && self.quorum != Rule::Nobody {
            return Err(Error::TooFewWitnesses { found: cosigned.len(), needed: self.quorum.fewest() });
        }
        let witnessed = cosigned.iter().map(|by| (by.key.name().to_owned(), by.time.unwrap_or_default()));
        Ok(Trusted { checkpoint, witnessed: witnessed.collect(), as_of })
    }

    /// That a key of this log has signed the note, whatever its text.
    pub(crate) fn verify(&self, note: &Note, origin: &str) -> Result<()> {
        let keys = self.keys_of(origin);
        if keys.is_empty() {
            let expected: Vec<&str> = self.logs.iter().map(VerifyingKey::name).collect();
            return Err(Error::OtherLog { expected: expected.join("` or `"), found: origin.into() });
        }
        note.verify(&keys).map(|_| ())
    }
}

impl Rule {
    /// The latest time at which enough witnesses say that they have seen this; none if too few have.
    fn time(&self, witnesses: &[VerifyingKey], cosigned: &[SignedBy<'_>]) -> Option<u64> {
        match self {
            Rule::Nobody => None,
            Rule::Witness(place) => cosigned.iter().find(|by| Some(by.key) == witnesses.get(*place))?.time,
            Rule::Group(needed, members) => {
                let mut times: Vec<u64> = members.iter().filter_map(|rule| rule.time(witnesses, cosigned)).collect();
                times.sort_unstable_by(|one, next| next.cmp(one));
                times.get(needed.checked_sub(1)?).copied()
            }
        }
    }

    /// The smallest number of witnesses that can satisfy it.
    fn fewest(&self) -> usize {
        match self {
            Rule::Nobody => 0,
            Rule::Witness(_) => 1,
            Rule::Group(needed, members) => {
                let mut each: Vec<usize> = members.iter().map(Rule::fewest).collect();
                each.sort_unstable();
                each.iter().take(*needed).sum()
            }
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for Policy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Policy> {
        let mut reader = Reader::default();
        if text.lines().count() > MOST_LINES || text.contains(|char: char| char < ' ' && char != '\n' && char != '\t') {
            return Err(Error::Policy("it is too long, or has control characters".into()));
        }
        for (number, line) in (1..).zip(text.lines()) {
            reader.line(line).map_err(|why| Error::Policy(format!("line {number}: {why}")))?;
        }
        let quorum = reader.quorum.ok_or_else(|| Error::Policy("it has no line `quorum`".into()))?;
        let Reader { logs, witnesses, addresses, .. } = reader;
        Ok(Policy { text: text.into(), logs, witnesses, addresses, quorum })
    }
}

/// A policy as far as it was read. A name is taken out where it becomes a member, so that each witness counts once.
#[derive(Default)]
struct Reader {
    logs: Vec<VerifyingKey>,
    witnesses: Vec<VerifyingKey>,
    addresses: Vec<Option<String>>,
    names: HashSet<String>,
    free: HashMap<String, Rule>,
    quorum: Option<Rule>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let items: Vec<&str> = line.split([' ', '\t']).filter(|item| !item.is_empty()).collect();
        match items.as_slice() {
            [] => Ok(()),
            [comment, ..] if comment.starts_with('#') => Ok(()),
            ["log", key] | ["log", key, _] => {
                let key = read_key(key, Kind::Note, &self.logs)?;
                self.logs.push(key);
                Ok(())
            }
            ["witness", name, key, address @ ..] if address.len() < 2 => {
                let key = read_key(key, Kind::Cosignature, &self.witnesses)?;
                self.witnesses.push(key);
                self.addresses.push(address.first().map(|address| (*address).to_owned()));
                self.define(name, Rule::Witness(self.witnesses.len() - 1))
            }
            ["group", name, needed, members @ ..] if !members.is_empty() => {
                let rule = self.group(needed, members)?;
                self.define(name, rule)
            }
            ["quorum", name] if self.quorum.is_none() => {
                self.quorum = Some(if *name == "none" { Rule::Nobody } else { self.take(name)? });
                Ok(())
            }
            ["quorum", _] => Err("there is a quorum already".into()),
            _ => Err("it is no line `log`, `witness`, `group` or `quorum` with what belongs to it".into()),
        }
    }

    fn group(&mut self, needed: &str, members: &[&str]) -> Result<Rule, String> {
        let most = members.len();
        let needed = match needed {
            "any" => 1,
            "all" => most,
            number => decimal(number).and_then(|number| usize::try_from(number).ok()).unwrap_or_default(),
        };
        if !(1..=most).contains(&needed) {
            return Err(format!("a group of {most} takes `any`, `all` or a number from 1 to {most}"));
        }
        let members = members.iter().map(|member| self.take(member)).collect::<Result<_, String>>()?;
        Ok(Rule::Group(needed, members))
    }

    fn define(&mut self, name: &str, rule: Rule) -> Result<(), String> {
        if name == "none" || !self.names.insert(name.to_owned()) {
            return Err(format!("the name `{name}` is taken"));
        }
        self.free.insert(name.to_owned(), rule);
        Ok(())
    }

    fn take(&mut self, name: &str) -> Result<Rule, String> {
        self.free.remove(name).ok_or_else(|| format!("`{name}` is not defined above, or is a member already"))
    }
}

fn read_key(written: &str, kind: Kind, before: &[VerifyingKey]) -> Result<VerifyingKey, String> {
    let key: VerifyingKey = written.parse().map_err(|error: Error| error.to_string())?;
    if key.kind() != kind {
        return Err("the key is of the wrong kind: logs sign notes (type 1), witnesses cosign (type 4)".into());
    }
    if before.iter().any(|other| other.public() == key.public()) {
        return Err("the same key stands above already".into());
    }
    Ok(key)
}
