# Welsh by machine, awaiting a native reader.

month-1 = Ionawr
month-2 = Chwefror
month-3 = Mawrth
month-4 = Ebrill
month-5 = Mai
month-6 = Mehefin
month-7 = Gorffennaf
month-8 = Awst
month-9 = Medi
month-10 = Hydref
month-11 = Tachwedd
month-12 = Rhagfyr

date-day = Diwrnod
date-month = Mis
date-year = Blwyddyn

kind-individual = unigolyn
kind-public-servant = gwas cyhoeddus
kind-elected-representative = cynrychiolydd etholedig
kind-organisation = sefydliad
kind-charity = elusen neu gorff cymunedol
kind-union = undeb llafur
kind-professional-body = corff proffesiynol
kind-local-authority = awdurdod lleol
kind-supplier = cyflenwr
kind-academic = academydd
kind-helped = Unigolyn, ar eu rhan eu hunain

kind-ask-individual = Unigolyn, ar fy rhan fy hun
kind-ask-public-servant = Gwas cyhoeddus
kind-ask-elected-representative = Cynrychiolydd etholedig
kind-ask-organisation = Ar ran sefydliad
kind-ask-charity = Ar ran elusen neu gorff cymunedol
kind-ask-union = Ar ran undeb llafur
kind-ask-professional-body = Ar ran corff proffesiynol
kind-ask-local-authority = Ar ran cyngor neu awdurdod lleol arall
kind-ask-supplier = Ar ran cwmni sy’n cyflenwi gwasanaethau cyhoeddus
kind-ask-academic = Academydd neu athro

kinds-individual = unrhyw un sy’n defnyddio gwasanaethau cyhoeddus
kinds-public-servant = pobl sy’n gweithio mewn gwasanaethau cyhoeddus
kinds-elected-representative = aelodau seneddau, cynulliadau a chynghorau
kinds-organisation = sefydliadau o bob math
kinds-charity = elusennau a chyrff cymunedol
kinds-union = undebau llafur
kinds-professional-body = cyrff proffesiynol
kinds-local-authority = cynghorau ac awdurdodau lleol eraill
kinds-supplier = cwmnïau sy’n cyflenwi gwasanaethau cyhoeddus
kinds-academic = ymchwilwyr ac athrawon

verdict-works = Yn gweithio
verdict-failed = Wedi methu
verdict-mixed = Cymysg
verdict-ask-works = Mae’n gweithio
verdict-ask-failed = Mae wedi methu
verdict-ask-mixed = Rhywfaint o’r ddau

yes-no-unsure-yes = Ydy/Oes
yes-no-unsure-no = Nac ydy/Nac oes
yes-no-unsure-unsure = Ddim yn siŵr

scale-1 = Anghytuno’n gryf
scale-2 = Anghytuno
scale-3 = Ddim yn cytuno nac yn anghytuno
scale-4 = Cytuno
scale-5 = Cytuno’n gryf

example-service = Gwasanaeth
example-place = Lle
example-verdict = Beth mae’n ei ddangos
example-happened = Beth ddigwyddodd?
example-model-said = Yn cael ei gynnig yn batrwm i eraill
example-ask-service = Pa wasanaeth?
example-ask-place = Ble?
example-place-hint = Yr ardal yn unig, byth cyfeiriad. O god post cyfan cadwn yr hanner cyntaf.

channel-web = ar y tudalennau hyn
channel-email = drwy e-bost
channel-paper = ar bapur
channel-telephone = dros y ffôn
channel-event = mewn digwyddiad
channel-import = o system arall
channel-api = o raglen arall

release-public = Ei gyhoeddi, gyda fy enw os rhoddais un
release-unnamed = Ei gyhoeddi heb fy enw
release-use-only = Ei ddefnyddio, ond heb ei gyhoeddi
release-hint-public = Gall pawb ei ddarllen a’i ddyfynnu.
release-hint-unnamed = Gall pawb ei ddarllen. Byddwn yn hepgor eich enw ac enw eich sefydliad. Peidiwch â’ch enwi eich hun yn eich atebion.
release-hint-use-only = Byddwn yn ei ddarllen ac yn ei gyfrif. Ni fydd neb arall yn ei weld, ac ni fyddwn yn dyfynnu dim ohono.
release-helping-public = Ei gyhoeddi, gyda’u henw os cafodd ei roi
release-helping-unnamed = Ei gyhoeddi heb eu henw
release-helping-use-only = Ei ddefnyddio, ond heb ei gyhoeddi
release-hint-helping-public = Gall pawb ei ddarllen a’i ddyfynnu.
release-hint-helping-unnamed = Gall pawb ei ddarllen. Byddwn yn hepgor eu henw ac enw eu sefydliad. Peidiwch â’u henwi yn yr atebion.
release-hint-helping-use-only = Byddwn yn ei ddarllen ac yn ei gyfrif. Ni fydd neb arall yn ei weld, ac ni fyddwn yn dyfynnu dim ohono.
release-shown-public = Cyhoeddwyd gyda chydsyniad ei awdur.
release-shown-unnamed = Cyhoeddwyd heb enw, yn unol â dymuniad ei awdur.
release-shown-use-only = Defnyddiwyd, ac ni chyhoeddwyd.

step-done = wedi’i wneud
step-now = nawr
step-next = eto i ddod
