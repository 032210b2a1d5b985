//! Settings of mail, and `folkmoot mail`.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use domain::EmailAddress;
use service::Service;
use service::mail::{Dkim, MailSettings, Route};

use crate::install::read_text;

/// How mail is sent. Without a server for it nothing that needs mail is offered; everything else works.
#[derive(Args, Debug, Clone, Default)]
pub struct Mail {
    /// Where mail goes: `smtps://user@host`, `smtp://user@host` (which must offer STARTTLS), or `file:/folder` to try it out
    #[arg(long, env = "FOLKMOOT_SMTP", value_name = "URL", hide_env_values = true, requires = "from")]
    pub smtp: Option<String>,

    /// A file that holds the password for it
    #[arg(long, env = "FOLKMOOT_SMTP_PASSWORD_FILE", value_name = "FILE", requires = "smtp")]
    pub smtp_password_file: Option<PathBuf>,

    /// The address that mail comes from
    #[arg(long = "mail-from", env = "FOLKMOOT_MAIL_FROM", value_name = "ADDRESS")]
    pub from: Option<EmailAddress>,

    /// The address that undeliverable letters come back to, with `+` and more before its @: see `folkmoot mail bounces`
    #[arg(long = "mail-bounces", env = "FOLKMOOT_MAIL_BOUNCES", value_name = "ADDRESS", requires = "smtp")]
    pub bounces: Option<EmailAddress>,

    /// How many messages a second are sent at most
    #[arg(long = "mail-rate", env = "FOLKMOOT_MAIL_RATE", value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rate: u32,

    /// A file with the private key that signs mail (DKIM): Ed25519 in PKCS #8 or RSA in PKCS #1, in PEM
    #[arg(long, env = "FOLKMOOT_DKIM_KEY", value_name = "FILE", requires = "dkim_selector")]
    pub dkim_key: Option<PathBuf>,

    /// The selector under which its public half stands in the DNS
    #[arg(long, env = "FOLKMOOT_DKIM_SELECTOR", value_name = "NAME")]
    pub dkim_selector: Option<String>,

    /// The domain under which it stands there, if that is not the one that mail comes from
    #[arg(long, env = "FOLKMOOT_DKIM_DOMAIN", value_name = "DOMAIN")]
    pub dkim_domain: Option<String>,
}

impl Mail {
    /// The same service, sending mail if there is a server for it.
    ///
    /// # Errors
    /// Which setting is wrong.
    pub fn equip(&self, service: Service, data: &Path, public_url: Option<&str>) -> anyhow::Result<Service> {
        let Some(address) = &self.smtp else { return Ok(service) };
        let password = self.smtp_password_file.as_deref().map(read_text).transpose()?;
        let route = Route::parse(address, password.as_deref().map(str::trim_end))
            .map_err(anyhow::Error::msg)
            .context("the setting --smtp cannot be used")?;
        // Links in mail must not depend on what a visitor's browser says of where it is.
        let public_url = public_url.context("to send mail, --public-url must say what the links in it begin with")?;
        let from = self.from.clone().context("to send mail, --mail-from must say which address it comes from")?;
        Ok(service.with_mail(MailSettings {
            route,
            dkim: self.dkim(&from)?,
            from,
            bounces: self.bounces.clone(),
            rate: self.rate,
            public_url: public_url.trim_end_matches('/').to_owned(),
            folder: data.to_owned(),
        }))
    }

    fn dkim(&self, from: &EmailAddress) -> anyhow::Result<Option<Dkim>> {
        let Some((file, selector)) = self.dkim_key.as_deref().zip(self.dkim_selector.as_deref()) else {
            return Ok(None);
        };
        let domain = self.dkim_domain.as_deref().unwrap_or(from.domain());
        for name in [selector, domain] {
            let tame =
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
            ensure!(tame, "`{name}` cannot stand in the DNS: it is no DKIM selector or domain");
        }
        let dkim = Dkim::new(&read_text(file)?, domain, selector).map_err(anyhow::Error::msg);
        Ok(Some(dkim.with_context(|| format!("the key in {} cannot be used", file.display()))?))
    }
}
