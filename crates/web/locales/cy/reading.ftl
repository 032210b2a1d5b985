# Welsh by machine, awaiting a native reader.

find = Dod o hyd i gyfraniadau
find-words = Geiriau
find-call = Galwad
find-kind = Pwy sy’n siarad
find-verdict = Dyfarniad
find-all = Popeth
find-button = Chwilio
find-clear = Dangos popeth
find-first = Yn ôl i’r diweddaraf
found =
    { $count ->
        [two] { $number } gyfraniad
        [few] { $number } chyfraniad
        [many] { $number } chyfraniad
       *[other] { $number } cyfraniad
    }
found-many = Cyfraniadau
found-nothing = Nid oes dim yn cyfateb
found-nothing-text = Rhowch gynnig ar eiriau eraill, neu lai ohonynt, neu tynnwch un o’r hidlyddion uchod.
found-end = Nid oes dim pellach
nothing-published = Nid oes dim wedi’i gyhoeddi eto
nothing-published-text = Cyhoeddir yr hyn y mae pobl yn ei ddweud wrthym yma ar ôl iddo gael ei ddarllen, os ydynt yn caniatáu hynny.
title-found = Cyfraniadau gyda “{ $words }”
title-more = Yr hyn a glywsom, parhad
feed-of-this = Dilyn drwy ffrwd
pages-label = Tudalennau
older = Cyfraniadau hŷn
more = Rhagor o gyfraniadau
published-on = cyhoeddwyd { $date }
late = hwyr
model = patrwm i eraill
unnamed-contributor = cyfrannwr dienw
fact-verdict = Dyfarniad
fact-who = Gan
fact-call = Galwad
fact-published-at = Cyhoeddwyd
fact-channel = Sut y daeth
find-more = Rhagor o ffyrdd i gyfyngu
find-service = Gwasanaeth
find-place = Lle
find-from = Cyhoeddwyd o
find-until = Cyhoeddwyd hyd at
find-channel = Sut y daeth
find-language = Ysgrifennwyd yn
find-model = Patrymau i eraill
find-late = Tystiolaeth hwyr
chips-label = Yr hyn y cyfyngir y rhestr iddo
chip-remove = Tynnu
chip-words = “{ $words }”
chip-from = cyhoeddwyd o { $date }
chip-until = cyhoeddwyd hyd at { $date }
chip-example = gydag enghraifft
language-of-en = Saesneg
language-of-cy = Cymraeg
views-label = Yr hyn a glywsom
view-contributions = Cyfraniadau
view-examples = Enghreifftiau
back-to-found = Yn ôl i’r hyn a ganfuwyd
newer = Cyfraniad mwy diweddar
older-one = Cyfraniad hŷn
previous-found = Yr un blaenorol a ganfuwyd
next-found = Yr un nesaf a ganfuwyd
contents = Yn y cyfraniad hwn
fact-minutes = I’w ddarllen
paragraph = Paragraff
cite = Dyfynnu hwn
cite-whole = Y cyfraniad
cite-passage = Darn
cite-passage-text = Mae gan bob paragraff ei gyfeiriad ei hun, sy’n aros. Mae’r dolenni isod hefyd yn marcio’r geiriau, mewn porwyr sy’n gallu.
cite-as = { $author }, “{ $title }”, tystiolaeth i { $review }, { $reference }, cyhoeddwyd { $date }, { $address }
found-meant = Ai { $words } oeddech chi’n ei feddwl?
found-words = Chwilio am “{ $words }” yn yr hyn a ddywedodd pobl
found-unread = Heb ei ddeall, a’i adael allan:
