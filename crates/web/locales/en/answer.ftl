# Giving evidence.

question-of = question { $number } of { $of }
skip = Skip this question
skip-unsaved = Go on without saving this
must-be-answered = Must be answered
clear-answer = Clear this answer
clear-page = Clear everything on this page
in-unit = Number of
choose-all = Choose everything that applies.
other = Something else
other-words = In your own words, if you chose “Something else”
characters-allowed = You can write up to { $number } characters.
characters-at-limit = You have no characters left
characters-under =
    { $count ->
        [one] You have { $number } character left
       *[other] You have { $number } characters left
    }
characters-over =
    { $count ->
        [one] You have { $number } character too many
       *[other] You have { $number } characters too many
    }
example-ask-verdict = What does it show?
example-hint-happened = Please leave out the names of other people.
example-ask-model = I hold it up as a model that others could take up
saved-until = We keep what you save until { $date }. You can leave and come back: on a device that others use, choose “Save, and come back later” first.
send-by = The call takes evidence until { $date }.
send-by-row = The call takes evidence until
who = Who is speaking
who-text = You can leave out everything on this page. It helps us to see who we have heard from, and who is missing.
who-kind = In what capacity do you speak?
who-name = Your name
who-name-hint = Optional. On the next page you say whether it may be published.
who-organisation = The name of your organisation
who-organisation-hint = Optional. Only if you answer for it.
who-members = How many members does it speak for?
who-members-hint = Optional. A whole number, for example 1,200.
who-helping-text = This is about the person whom you help, not about you. Everything on this page may be left out. It helps us to see who we have heard from, and who is missing.
who-helping-kind = In what capacity does the person whom you help speak?
who-helping-name = Name of the person whom you help
who-helping-name-hint = Optional. Not your own name. On the next page you say whether it may be published.
who-helping-organisation = The name of their organisation
who-helping-organisation-hint = Optional. Only if they speak for it.
who-helping-members = How many members does it speak for?
for-members =
    { $count ->
        [one] speaking for { $number } member
       *[other] speaking for { $number } members
    }
release-heading = What may we do with your evidence?
release-hint = You can change this later with your receipt.
release-ask-helping = What may we do with the evidence of the person whom you help?
release-how-helping = They decide, not you. They can change it later with their receipt.
release-change = Change it
foi-heading = What we cannot promise
foi-text = We can keep your name off this site, and keep evidence that is only to be used unpublished. But if somebody asks for it under the Freedom of Information Act or the Environmental Information Regulations, the law may oblige us to release it. Your receipt is the only way in which we can reach you: if we are asked, it can tell you so.
foi-text-helping = We can keep their name off this site, and keep evidence that is only to be used unpublished. But if somebody asks for it under the Freedom of Information Act or the Environmental Information Regulations, the law may oblige us to release it. The receipt that you hand over is the only way in which we can reach them: if we are asked, it can tell them so.
check-heading = Check what you are about to send
check-text = Nothing has been sent yet. You can change everything, and you can print this page.
not-answered = Not answered
not-said = Not said
answer-it = Answer
change = Change
gaps-heading = Before you can send it
gap-question = Answer the question “{ $question }”
gap-nothing = Answer at least one question
gap-release = Say what we may do with your evidence
check-send-text = When you send it you get a receipt. Your draft is then deleted from this form.
check-coming-text = It opens on { $date }. Your draft is still here, and you can send it then.
check-closed-text = Your draft is still here, and you can print this page. Please contact us if something kept you from sending it in time.
send = Send my evidence
delete-draft-heading = Delete your draft?
delete-draft-text = Everything that you wrote in answer to this call is deleted from this form. Nobody can bring it back.
delete-draft-button = Delete my draft
mistake-heading = There is a problem
mistake-missing = Write an answer
mistake-choose = Choose one of the answers
mistake-verdict = Choose what it shows: it works, it failed, or some of both
mistake-happened = Say what happened
mistake-other = Say in your own words what you mean by “Something else”
mistake-too-long =
    { $count ->
        [one] Shorten this by { $number } character
       *[other] Shorten this by { $number } characters
    }
mistake-control = Take out the characters that cannot be shown: they often come along when text is pasted
mistake-number = Write a number, for example 12 or 3.5
mistake-between = Write a number between { $min } and { $max }
mistake-at-least = Write a number that is { $min } or more
mistake-at-most = Write a number that is { $max } or less
mistake-date = Write a day of the calendar, for example 27 3 2025 or 27 March 2025
mistake-day = Write the day, or your best guess
mistake-month = Write the month, or your best guess
mistake-year = Write the year
date-how = For example, 27 3 2025. If you do not know the day, your best guess will do.
mistake-members = Write the number of members as a whole number, for example 1,200
mistake-release = Choose what we may do with your evidence
