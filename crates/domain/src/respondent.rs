//! Who speaks.

use serde::{Deserialize, Serialize};

use crate::text::Line;

crate::words! {
    /// In what capacity somebody speaks. A call names the kinds that it is addressed to.
    RespondentKind {
        /// A person, for themself.
        Individual = "individual",
        /// Somebody who works in a public service.
        PublicServant = "public-servant",
        /// A member of a parliament, assembly or council.
        ElectedRepresentative = "elected-representative",
        /// A body of any other kind.
        Organisation = "organisation",
        /// A charity or community body.
        Charity = "charity",
        /// A trade union.
        Union = "union",
        /// A professional body.
        ProfessionalBody = "professional-body",
        /// A council or other local authority.
        LocalAuthority = "local-authority",
        /// A company that sells to public services.
        Supplier = "supplier",
        /// A researcher or teacher.
        Academic = "academic",
    }
}

impl RespondentKind {
    /// Whether it is a body that speaks, with a name of its own and perhaps members.
    pub const fn is_body(self) -> bool {
        matches!(
            self,
            Self::Organisation
                | Self::Charity
                | Self::Union
                | Self::ProfessionalBody
                | Self::LocalAuthority
                | Self::Supplier
        )
    }
}

/// The person or body that a contribution comes from. Everything but the kind is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Respondent {
    /// In what capacity they speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RespondentKind>,
    /// The name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
    /// The name of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Line>,
    /// For how many members the body speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<u32>,
    /// How those members were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Line>,
}

impl Respondent {
    /// A number of members as people write it, `41,000`; `None` if it is not a whole number.
    pub fn count(typed: &str) -> Option<u32> {
        let number = crate::question::number(typed).filter(|number| number.fract() == 0.0)?;
        format!("{number:.0}").parse().ok()
    }

    /// Who it is from, in a line: the person, and the body that they speak for.
    pub fn who(&self) -> Option<String> {
        let names: Vec<&str> = self.name.iter().chain(&self.organisation).map(Line::as_str).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_named_beside_the_person_who_speaks_for_it() {
        let line = |text: &str| text.parse::<Line>().expect("a line");
        let who = |name: Option<&str>, body: Option<&str>| {
            Respondent { name: name.map(line), organisation: body.map(line), ..Respondent::default() }.who()
        };
        assert_eq!(who(Some("Ada Tully"), Some("Guild of Clerks")).as_deref(), Some("Ada Tully, Guild of Clerks"));
        assert_eq!(who(None, Some("Guild of Clerks")).as_deref(), Some("Guild of Clerks"));
        assert_eq!((who(Some("Ada Tully"), None).as_deref(), who(None, None)), (Some("Ada Tully"), None));
    }
}
