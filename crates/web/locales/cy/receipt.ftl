# Welsh by machine, awaiting a native reader.

receipt-heading = Diolch. Rydych wedi cael eich cyfrif.
receipt-withdrawn = Rydych wedi tynnu eich tystiolaeth yn ôl.
receipt-withdrawn-text = Mae popeth a ysgrifennoch wedi’i ddileu. Yr unig beth sy’n hysbys yw bod rhywbeth wedi dod a’i fod wedi’i dynnu’n ôl.
receipt-reference = Eich cyfeirnod
receipt-words = Eich derbynneb. Cadwch yr wyth gair hyn: ni all neb eu canfod eto i chi.
receipt-print = Argraffu’r dudalen hon
receipt-download = Lawrlwytho fy atebion
receipt-download-words = Lawrlwytho fy atebion, gyda’r wyth gair
receipt-download-json = Eu lawrlwytho ar gyfer rhaglen (JSON)
receipt-happened = Beth sydd wedi digwydd iddo
receipt-next = Nesaf: { $stage }
receipt-next-text = O { $date }. Bydd y dudalen hon yn dweud beth ddaeth o’ch tystiolaeth.
receipt-may = Yr hyn y gallwch ei wneud
receipt-change-release = Newid yr hyn y ceir ei wneud ag ef
receipt-withdraw = Ei dynnu’n ôl
receipt-close-heading = Pan fyddwch yn gadael
receipt-close-text = Ar ddyfais y mae eraill yn ei defnyddio, caewch eich derbynneb. Mae’r wyth gair yn ei hagor eto, yma ac ar unrhyw ddyfais arall. Mae hyn hefyd yn cau atebion yr ydych wedi’u cadw ond heb eu hanfon: mae eu hwyth gair eu hunain yn eu hagor eto.
receipt-close = Cau ar y ddyfais hon
receipt-closed = Mae wedi’i gau ar y ddyfais hon
receipt-closed-text = Nid oes dim yma yn arwain yn ôl at yr hyn a gadwoch neu a anfonoch. Mae eich wyth gair yn ei agor eto, yma ac ar unrhyw ddyfais arall.
receipt-form-heading = Dewch yn ôl gyda’ch wyth gair
receipt-form-text = Pan gadwoch neu pan anfonoch eich tystiolaeth cawsoch wyth gair. Maent yn dod â chi’n ôl at yr hyn a gadwoch, neu’n dangos beth ddaeth o’r hyn a anfonoch.
receipt-form-label = Eich wyth gair
receipt-form-hint = Geiriau Saesneg, gyda bylchau rhyngddynt. Nid yw priflythrennau’n bwysig, ac mae pedair llythyren gyntaf gair yn ddigon.
receipt-form-button = Agor
receipt-form-lost = Os ydych wedi colli’r geiriau, ni all neb eu canfod i chi, ddim hyd yn oed ni. Mae eich tystiolaeth yn cyfrif yr un fath. Os gwyddoch ei chyfeirnod, gallwch ei darllen yma ar ôl iddi gael ei chyhoeddi.
mistake-words =
    { $count ->
        [0] Ysgrifennwch wyth gair eich derbynneb
        [two] Mae wyth gair mewn derbynneb, ac ysgrifennoch { $number }
       *[other] Mae wyth gair mewn derbynneb, ac ysgrifennoch { $number }
    }
mistake-word = Nid yw “{ $word }” yn air mewn unrhyw dderbynneb. Gwiriwch sut mae wedi’i ysgrifennu
mistake-word-meant = Nid yw “{ $word }” yn air mewn unrhyw dderbynneb. Ai “{ $meant }” oedd gennych mewn golwg?
mistake-no-receipt = Nid oes dim yn yr adolygiad hwn gyda’r geiriau hyn. Gwiriwch y geiriau a’u trefn. Caiff yr hyn a gadwyd ond nas anfonwyd ei ddileu ar ôl tri deg diwrnod
step-published = Wedi’i gyhoeddi
step-published-text = Fe’i hagorwyd i bawb.
step-published-link = Ei ddarllen fel y mae eraill yn ei weld
step-redacted = Tynnwyd darn allan
step-redacted-text = Yn yr ateb i “{ $question }”. Y rheswm: { $reason }.
step-taken-up = Bydd corff yn mabwysiadu hyn
step-taken-up-text = Mae eich enghraifft yn batrwm, ac mae corff wedi dweud y bydd yn gwneud yr un peth.
step-take-up-ended = Nid yw’r ffaith y bydd corff yn mabwysiadu hyn yn cael ei dangos mwyach
step-release = Newidioch yr hyn y ceir ei wneud ag ef
step-release-text = Cyn hynny: { $from }. Nawr: { $to }.
step-release-closed = Nid yw wedi’i gyhoeddi mwyach.
step-set-aside = Mae’r tîm wedi’i roi o’r neilltu
step-set-aside-text = Mae’n edrych fel pe bai peiriant wedi’i anfon. Nid oes dim ohono wedi’i golli. Os chi a’i ysgrifennodd, ysgrifennwch at y tîm, a chaiff ei gymryd i mewn eto.
step-taken-in = Mae’r tîm wedi’i gymryd i mewn eto
step-withdrawn = Fe’i tynnoch yn ôl
step-withdrawn-text = Dilëwyd popeth a ysgrifennoch.
withdraw-heading = Tynnu eich tystiolaeth yn ôl?
withdraw-text = Caiff popeth a ysgrifennoch ei ddileu, a’i dynnu oddi ar y safle os yw wedi’i gyhoeddi. Mae eich derbynneb yn aros ac yn dweud eich bod wedi’i dynnu’n ôl. Ni ellir dadwneud hyn.
withdraw-button = Tynnu fy nhystiolaeth yn ôl
record-review = Adolygiad
record-call = Galwad
record-reference = Cyfeirnod
record-received = Daeth i law
record-release = Yr hyn y ceir ei wneud ag ef
record-who = Gan
record-words = Geiriau’r dderbynneb
record-empty = Ni chedwir dim o’r hyn a ysgrifennwyd.
