# Welsh by machine, awaiting a native reader.

question-of = cwestiwn { $number } o { $of }
skip = Hepgor y cwestiwn hwn
skip-unsaved = Mynd ymlaen heb gadw hyn
must-be-answered = Rhaid ei ateb
clear-answer = Clirio’r ateb hwn
clear-page = Clirio popeth ar y dudalen hon
in-unit = Uned:
choose-all = Dewiswch bopeth sy’n berthnasol.
other = Rhywbeth arall
other-words = Yn eich geiriau eich hun, os dewisoch “Rhywbeth arall”
characters-allowed = Gallwch ysgrifennu hyd at { $number } nod.
characters-at-limit = Nid oes gennych nodau ar ôl
characters-under =
    { $count ->
        [zero] Nid oes gennych nodau ar ôl
       *[other] Mae gennych { $number } nod ar ôl
    }
characters-over =
    { $count ->
        [zero] Nid oes gennych nodau ar ôl
       *[other] Mae gennych { $number } nod yn ormod
    }
example-ask-verdict = Beth mae’n ei ddangos?
example-hint-happened = Peidiwch â chynnwys enwau pobl eraill, os gwelwch yn dda.
example-ask-model = Rwy’n ei gynnig yn batrwm y gallai eraill ei fabwysiadu
saved-until = Rydym yn cadw’r hyn a gadwch tan { $date }. Gallwch adael a dod yn ôl: ar ddyfais a ddefnyddir gan eraill, dewiswch “Cadw, a dod yn ôl yn nes ymlaen” yn gyntaf.
send-by = Mae’r alwad yn derbyn tystiolaeth tan { $date }.
send-by-row = Mae’r alwad yn derbyn tystiolaeth tan
who = Pwy sy’n siarad
who-text = Gallwch hepgor popeth ar y dudalen hon. Mae’n ein helpu i weld gan bwy yr ydym wedi clywed, a phwy sydd ar goll.
who-kind = Ym mha rinwedd yr ydych yn siarad?
who-name = Eich enw
who-name-hint = Dewisol. Ar y dudalen nesaf byddwch yn dweud a gaiff ei gyhoeddi.
who-organisation = Enw eich sefydliad
who-organisation-hint = Dewisol. Dim ond os ydych yn ateb ar ei ran.
who-members = Ar ran faint o aelodau y mae’n siarad?
who-members-hint = Dewisol. Rhif cyfan, er enghraifft 1,200.
who-helping-text = Mae hyn am y person yr ydych yn ei helpu, nid amdanoch chi. Gellir hepgor popeth ar y dudalen hon. Mae’n ein helpu i weld gan bwy yr ydym wedi clywed, a phwy sydd ar goll.
who-helping-kind = Ym mha rinwedd y mae’r person yr ydych yn ei helpu yn siarad?
who-helping-name = Enw’r person yr ydych yn ei helpu
who-helping-name-hint = Dewisol. Nid eich enw chi. Ar y dudalen nesaf byddwch yn dweud a gaiff ei gyhoeddi.
who-helping-organisation = Enw eu sefydliad
who-helping-organisation-hint = Dewisol. Dim ond os ydynt yn siarad ar ei ran.
who-helping-members = Ar ran faint o aelodau y mae’n siarad?
for-members =
    { $count ->
        [one] yn siarad ar ran { $number } aelod
       *[other] yn siarad ar ran { $number } aelod
    }
release-heading = Beth gawn ni ei wneud â’ch tystiolaeth?
release-hint = Gallwch newid hyn yn nes ymlaen gyda’ch derbynneb.
release-ask-helping = Beth gawn ni ei wneud â thystiolaeth y person yr ydych yn ei helpu?
release-how-helping = Nhw sy’n penderfynu, nid chi. Gallant ei newid yn nes ymlaen gyda’u derbynneb.
release-change = Ei newid
foi-heading = Yr hyn na allwn ei addo
foi-text = Gallwn gadw eich enw oddi ar y safle hwn, a chadw tystiolaeth sydd i’w defnyddio’n unig heb ei chyhoeddi. Ond os bydd rhywun yn gofyn amdani o dan y Ddeddf Rhyddid Gwybodaeth neu’r Rheoliadau Gwybodaeth Amgylcheddol, gall y gyfraith ein gorfodi i’w rhyddhau. Eich derbynneb yw’r unig ffordd y gallwn gysylltu â chi: os gofynnir i ni, gall ddweud hynny wrthych.
foi-text-helping = Gallwn gadw eu henw oddi ar y safle hwn, a chadw tystiolaeth sydd i’w defnyddio’n unig heb ei chyhoeddi. Ond os bydd rhywun yn gofyn amdani o dan y Ddeddf Rhyddid Gwybodaeth neu’r Rheoliadau Gwybodaeth Amgylcheddol, gall y gyfraith ein gorfodi i’w rhyddhau. Y dderbynneb y byddwch yn ei throsglwyddo yw’r unig ffordd y gallwn gysylltu â nhw: os gofynnir i ni, gall ddweud hynny wrthynt.
check-heading = Gwiriwch yr hyn yr ydych ar fin ei anfon
check-text = Nid oes dim wedi’i anfon eto. Gallwch newid popeth, a gallwch argraffu’r dudalen hon.
not-answered = Heb ei ateb
not-said = Heb ei ddweud
answer-it = Ateb
change = Newid
gaps-heading = Cyn y gallwch ei anfon
gap-question = Atebwch y cwestiwn “{ $question }”
gap-nothing = Atebwch o leiaf un cwestiwn
gap-release = Dywedwch beth gawn ni ei wneud â’ch tystiolaeth
check-send-text = Pan fyddwch yn ei anfon cewch dderbynneb. Yna caiff eich drafft ei ddileu o’r ffurflen hon.
check-coming-text = Bydd yn agor ar { $date }. Mae eich drafft yma o hyd, a gallwch ei anfon bryd hynny.
check-closed-text = Mae eich drafft yma o hyd, a gallwch argraffu’r dudalen hon. Cysylltwch â ni os rhwystrodd rhywbeth chi rhag ei anfon mewn pryd.
send = Anfon fy nhystiolaeth
delete-draft-heading = Dileu eich drafft?
delete-draft-text = Caiff popeth a ysgrifennoch mewn ateb i’r alwad hon ei ddileu o’r ffurflen hon. Ni all neb ddod ag ef yn ôl.
delete-draft-button = Dileu fy nrafft
mistake-heading = Mae problem
mistake-missing = Ysgrifennwch ateb
mistake-choose = Dewiswch un o’r atebion
mistake-verdict = Dewiswch beth mae’n ei ddangos: mae’n gweithio, mae wedi methu, neu rywfaint o’r ddau
mistake-happened = Dywedwch beth ddigwyddodd
mistake-other = Dywedwch yn eich geiriau eich hun beth yw “Rhywbeth arall”
mistake-too-long =
    { $count ->
        [one] Byrhewch hyn o { $number } nod
       *[other] Byrhewch hyn o { $number } nod
    }
mistake-control = Tynnwch y nodau na ellir eu dangos: maent yn aml yn dod wrth ludo testun
mistake-number = Ysgrifennwch rif, er enghraifft 12 neu 3.5
mistake-between = Ysgrifennwch rif rhwng { $min } a { $max }
mistake-at-least = Ysgrifennwch rif sy’n { $min } neu fwy
mistake-at-most = Ysgrifennwch rif sy’n { $max } neu lai
mistake-date = Ysgrifennwch ddiwrnod o’r calendr, er enghraifft 27 3 2025 neu 27 Mawrth 2025
mistake-day = Ysgrifennwch y diwrnod, neu eich amcan gorau
mistake-month = Ysgrifennwch y mis, neu eich amcan gorau
mistake-year = Ysgrifennwch y flwyddyn
date-how = Er enghraifft, 27 3 2025. Os nad ydych yn gwybod y diwrnod, bydd eich amcan gorau’n gwneud y tro.
mistake-members = Ysgrifennwch nifer yr aelodau fel rhif cyfan, er enghraifft 1,200
mistake-release = Dewiswch beth gawn ni ei wneud â’ch tystiolaeth
