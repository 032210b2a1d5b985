# What stands around every page.

language = Language
language-name = English
direction = ltr
day-month-year = { $day } { $month } { $year }
skip-link = Skip to main content
error-prefix = Error:
nav-label = Review
nav-home = Home
nav-give = Give evidence
nav-read = What we have heard
nav-about = About
back = Back
back-unsaved = Back, without saving this
back-label = Back
cancel = Cancel
continue = Continue
contact = Contact
accessibility = Accessibility
privacy = Privacy
feed = Feed
receipt-link = Open a receipt
runs-on = Runs on Folkmoot
telephone = Telephone
email = E-mail
post = Post
reviews = Reviews
start-empty = There is no review here yet
start-empty-reader = If you were looking for one, please come back later.
start-empty-operator = If you run this installation, prepare it and apply the definition of a review:
moment = { $date } at { $time }
days =
    { $count ->
        [one] { $number } day
       *[other] { $number } days
    }
# On the picture that other sites show beside a link to the review, above its name.
picture-of-review = A public review
