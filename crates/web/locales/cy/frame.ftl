# Welsh by machine, awaiting a native reader.

language = Iaith
language-name = Cymraeg
direction = ltr
day-month-year = { $day } { $month } { $year }
skip-link = Neidio i’r prif gynnwys
error-prefix = Gwall:
nav-label = Adolygiad
nav-home = Hafan
nav-give = Rhoi tystiolaeth
nav-read = Yr hyn a glywsom
nav-about = Amdanom
back = Yn ôl
back-unsaved = Yn ôl, heb gadw hyn
back-label = Yn ôl
cancel = Canslo
continue = Parhau
contact = Cysylltu
accessibility = Hygyrchedd
privacy = Preifatrwydd
feed = Ffrwd
receipt-link = Agor derbynneb
runs-on = Yn rhedeg ar Folkmoot
telephone = Ffôn
email = E-bost
post = Post
reviews = Adolygiadau
start-empty = Nid oes adolygiad yma eto
start-empty-reader = Os oeddech yn chwilio am un, dewch yn ôl yn nes ymlaen.
start-empty-operator = Os mai chi sy’n rhedeg y gosodiad hwn, paratowch ef a chyflwynwch ddiffiniad adolygiad:
moment = { $date } am { $time }
days =
    { $count ->
        [two] { $number } ddiwrnod
       *[other] { $number } diwrnod
    }
# On the picture that other sites show beside a link to the review, above its name.
picture-of-review = Adolygiad cyhoeddus
