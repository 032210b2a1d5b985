# Welsh by machine, awaiting a native reader.

asked-if = gofynnir dim ond os yw ateb cynharach yn golygu bod angen
help-with-question = Help gyda’r cwestiwn hwn
start-easy = Dechrau mewn geiriau hawdd eu deall
easy-words = Hawdd ei ddeall
full-words = Fersiwn llawn
place-how = Ysgrifennwch enw gwlad, rhanbarth, sir neu awdurdod lleol: “caerdydd”, “gwynedd”. Mae’r llythrennau cyntaf yn ddigon. Os ydych yn golygu lle llai, ysgrifennwch ei enw, neu hanner cyntaf ei god post. O god post cyfan dim ond yr hanner cyntaf a gadwn.
service-how = Ysgrifennwch yr enw fel yr ydych chi’n ei adnabod. Mae’r llythrennau cyntaf yn ddigon.
offer-legend = Beth ydych chi’n ei olygu wrth “{ $typed }”?
offer-own = Dim un o’r rhain: cadw’r hyn a ysgrifennais
offer-more = Mae { $number } ohonynt. Dyma’r rhai cyntaf; ysgrifennwch fwy o’r enw i weld eraill.
ranking-how = Rhowch 1 i’r hyn sy’n dod gyntaf i chi, 2 i’r nesaf, ac ati. Gallwch hepgor yr hyn nad oes gennych farn arno.
ranking-how-most =
    { $count ->
        [one] Dewiswch yr un sy’n dod gyntaf i chi, a rhowch 1 iddo.
       *[other] Dewiswch hyd at { $number }: rhowch 1 i’r hyn sy’n dod gyntaf i chi, 2 i’r nesaf, ac ati.
    }
ranking-none = Dim barn
place-kind-nation = gwlad
place-kind-region = rhanbarth
place-kind-county = sir
place-kind-authority = awdurdod lleol
mistake-several-places = Dywedwch pa le a olygwch: dewiswch un, neu cadwch yr hyn a ysgrifennoch
mistake-several-services = Dywedwch pa wasanaeth a olygwch: dewiswch un, neu cadwch yr hyn a ysgrifennoch
mistake-same-rank = Rhoesoch { $rank } fwy nag unwaith: { $options }. Rhowch rif gwahanol i bob un
mistake-rank-gap = Nid oes gan ddim y rhif { $rank }: rhifwch o 1 heb fwlch
