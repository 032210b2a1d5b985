# The gallery of examples.

gallery = What works, and what failed
gallery-more = What works, and what failed, continued
gallery-text = Services as people met them: where it works, where it failed, and what others could take up.
gallery-views = Examples by verdict
gallery-all = All
gallery-works = Works
gallery-failed = Failed
gallery-mixed = Mixed
gallery-models = Models
gallery-empty = No example has been published yet
gallery-found =
    { $count ->
        [one] { $number } contribution with an example
       *[other] { $number } contributions with examples
    }
gallery-no-service = A service that is not named
gallery-next = More examples

# Models, and who will take them up.

model-title = A model: { $service }
model-caption = A model for others
model-in = Told in
taken-up = Who will take this up
taken-up-nobody = No body has said so yet.
take-up = We will take this up
take-up-text = Speak for a body that means to do the same? Say so here. The team reads it first; then it stands on this page.
take-up-body = Name of the body
take-up-hint-body = Everybody will read it, for example “Ceredigion County Council”.
take-up-contact = How the team can reach you
take-up-hint-contact = An e-mail address or a telephone number. It is kept apart, and never shown.
take-up-sentence = What you mean to do, in a sentence (optional)
take-up-button = Send it to the team
take-up-said = Thank you. The team has it.
take-up-said-text = It stands here as soon as they have read it.
mistake-body = Write the name of the body
mistake-contact = Write an e-mail address or a telephone number
