//! Questions back from the team to whoever gave a contribution, and what they answer. Nobody is told by mail, for no address is kept:
//! a question waits on the receipt.

use domain::{Contribution, Day, Happened, Language, Reference, Refused, Reply, Slug};
use store::contribution::{ChangeContribution, Which};

use crate::{CurrentReview, Error, Result, Service, SessionSecret};

impl Service {
    /// Puts a question to the author of a contribution.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such contribution; [`Error::Refused`] if it was withdrawn.
    pub async fn ask(
        &self,
        review: &CurrentReview,
        reference: &Reference,
        text: &str,
        language: &Language,
        by: Option<Day>,
    ) -> Result<()> {
        let (text, language) = (text.to_owned(), language.clone());
        self.change_named(review, reference, move |c| c.ask(text.clone(), language.clone(), by)).await
    }

    /// Keeps what the holder of a receipt answers; `text` is none if they would rather not say.
    ///
    /// # Errors
    /// [`Error::NoReceipt`]; [`Error::Refused`] if that was answered already, was never asked, or all was withdrawn.
    pub async fn reply(
        &self,
        review: &CurrentReview,
        session: &SessionSecret,
        reference: Option<&Reference>,
        asked: &Slug,
        reply: Reply,
    ) -> Result<()> {
        let asked = asked.clone();
        self.change_own(review, session, reference, move |c| c.reply(&asked, reply.clone())).await
    }

    /// Lets a reply through that its author allows to be shown.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such contribution; [`Error::Refused`] if its author did not allow it, there is
    /// none, or it was let through before.
    pub async fn show_reply(&self, review: &CurrentReview, reference: &Reference, asked: &Slug) -> Result<()> {
        let (now, asked) = (self.now(), asked.clone());
        self.change_named(review, reference, move |c| c.show_reply(&asked, now)).await
    }

    /// Every contribution with questions from the team, for the team.
    pub async fn asked(&self, review: &CurrentReview) -> Result<Vec<Contribution>> {
        Ok(self.db.asked(review.id).await?)
    }

    async fn change_named<F>(&self, review: &CurrentReview, reference: &Reference, act: F) -> Result<()>
    where
        F: Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + Send + Sync + 'static,
    {
        let which = Which::Reference(reference.clone());
        let command = ChangeContribution { review: review.id, which, act, event: self.new_id(), now: self.now() };
        self.db.write(command).await?.ok_or(Error::NotFound)??;
        self.newest_pages.forget();
        Ok(())
    }
}
