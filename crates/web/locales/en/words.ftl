# Words from fixed lists.

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

date-day = Day
date-month = Month
date-year = Year

kind-individual = an individual
kind-public-servant = a public servant
kind-elected-representative = an elected representative
kind-organisation = an organisation
kind-charity = a charity or community body
kind-union = a trade union
kind-professional-body = a professional body
kind-local-authority = a local authority
kind-supplier = a supplier
kind-academic = an academic
kind-helped = An individual, for themselves

kind-ask-individual = An individual, for myself
kind-ask-public-servant = A public servant
kind-ask-elected-representative = An elected representative
kind-ask-organisation = For an organisation
kind-ask-charity = For a charity or community body
kind-ask-union = For a trade union
kind-ask-professional-body = For a professional body
kind-ask-local-authority = For a council or other local authority
kind-ask-supplier = For a company that supplies public services
kind-ask-academic = An academic or teacher

kinds-individual = anybody who uses public services
kinds-public-servant = people who work in public services
kinds-elected-representative = members of parliaments, assemblies and councils
kinds-organisation = organisations of any kind
kinds-charity = charities and community bodies
kinds-union = trade unions
kinds-professional-body = professional bodies
kinds-local-authority = councils and other local authorities
kinds-supplier = companies that supply public services
kinds-academic = researchers and teachers

verdict-works = Works
verdict-failed = Failed
verdict-mixed = Mixed
verdict-ask-works = It works
verdict-ask-failed = It failed
verdict-ask-mixed = Some of both

yes-no-unsure-yes = Yes
yes-no-unsure-no = No
yes-no-unsure-unsure = Not sure

scale-1 = Strongly disagree
scale-2 = Disagree
scale-3 = Neither agree nor disagree
scale-4 = Agree
scale-5 = Strongly agree

example-service = Service
example-place = Place
example-verdict = What it shows
example-happened = What happened?
example-model-said = Held up as a model for others
example-ask-service = Which service?
example-ask-place = Where?
example-place-hint = The area only, never an address. Of a whole postcode we keep the first half.

channel-web = on these pages
channel-email = by e-mail
channel-paper = on paper
channel-telephone = by telephone
channel-event = at an event
channel-import = from another system
channel-api = from another program

release-public = Publish it, with my name if I gave one
release-unnamed = Publish it without my name
release-use-only = Use it, but do not publish it
release-hint-public = Everybody can read it and quote it.
release-hint-unnamed = Everybody can read it. We leave out your name and the name of your organisation. Please do not name yourself in your answers.
release-hint-use-only = We read it and count it. Nobody else sees it, and we quote nothing from it.
release-helping-public = Publish it, with their name if it was given
release-helping-unnamed = Publish it without their name
release-helping-use-only = Use it, but do not publish it
release-hint-helping-public = Everybody can read it and quote it.
release-hint-helping-unnamed = Everybody can read it. We leave out their name and the name of their organisation. Please do not name them in the answers.
release-hint-helping-use-only = We read it and count it. Nobody else sees it, and we quote nothing from it.
release-shown-public = Published with the consent of its author.
release-shown-unnamed = Published without a name, as its author wished.
release-shown-use-only = Used, and not published.

step-done = done
step-now = now
step-next = still to come
