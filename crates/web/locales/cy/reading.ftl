# Welsh by machine, awaiting a native reader.

find = Dod o hyd i gyfraniadau
find-words = Geiriau
find-call = Galwad
find-kind = Gan
find-verdict = Dyfarniad
find-all = Popeth
find-button = Chwilio
find-clear = Dangos popeth
find-first = Yn ôl i'r diweddaraf
found =
    { $count ->
        [two] { $number } gyfraniad
        [few] { $number } chyfraniad
        [many] { $number } chyfraniad
       *[other] { $number } cyfraniad
    }
found-many = Cyfraniadau
found-nothing = Nid oes dim yn cyfateb
found-nothing-text = Rhowch gynnig ar eiriau eraill, neu lai ohonynt, neu dewiswch “Popeth” yn y rhestrau.
found-end = Nid oes dim pellach
nothing-published = Nid oes dim wedi'i gyhoeddi eto
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
