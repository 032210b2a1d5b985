# Welsh by machine, awaiting a native reader.

privacy-cookie = Yr un cwci
privacy-cookie-text = Pan fyddwch yn dechrau rhoi tystiolaeth neu’n agor derbynneb, mae’r safle hwn yn cadw un cwci, o’r enw “{ $name }”, ar eich dyfais am 30 diwrnod. Mae’n cadw eich drafft a’ch derbynneb ynghyd ac nid yw’n gwneud dim arall. Nid oes cwci arall, nid oes neb yn cyfrif eich ymweliadau, ac ni chaiff eich cyfeiriad ar y rhwydwaith ei storio.
privacy-receipt-text = Gydag wyth gair eich derbynneb gallwch weld yr hyn sydd gennym o’ch tystiolaeth, newid yr hyn y ceir ei wneud â hi, neu ei thynnu’n ôl.
accessibility-heading = Datganiad hygyrchedd
accessibility-scope = Mae’r datganiad hwn yn berthnasol i dudalennau { $review } ar y safle hwn. Rydym am i gynifer o bobl â phosibl allu eu defnyddio.
accessibility-able = Dylech allu:
accessibility-able-zoom = chwyddo hyd at 400 % heb i destun lifo oddi ar y sgrin, a newid lliwiau a bylchau yn eich porwr
accessibility-able-keyboard = defnyddio pob tudalen â bysellfwrdd yn unig
accessibility-able-voice = defnyddio pob tudalen ag adnabod lleferydd
accessibility-able-reader = gwrando ar bob tudalen â darllenydd sgrin
accessibility-able-script = gwneud popeth heb JavaScript, ar hen ffôn neu mewn porwr cyfyngedig
accessibility-known = Yr hyn y gwyddom nad yw’n iawn eto
accessibility-known-welsh = Peiriant a wnaeth Gymraeg y tudalennau, ac mae’n aros am ddarllenydd brodorol.
accessibility-known-people = Profwyd y tudalennau gan raglenni a chan eu gwneuthurwyr. Nid ydynt wedi’u profi eto gan grŵp o bobl anabl.
accessibility-known-written = Cyhoeddir cyfraniadau fel yr ysgrifennodd eu hawduron nhw. Gall rhai fod yn anodd eu darllen, ac mae rhai mewn iaith wahanol i’r dudalen.
accessibility-help = Os na allwch ddefnyddio tudalen, neu os oes ei hangen arnoch ar ffurf arall
accessibility-help-text = Dywedwch wrthym pa dudalen yw hi a beth sydd ei angen arnoch: print mawr, hawdd ei ddeall, sain, Braille, neu rywun i ysgrifennu’r hyn a ddywedwch. Dywedwch wrthym hefyd os dewch o hyd i nam nad yw wedi’i restru yma.
accessibility-enforcement = Os nad ydych yn fodlon ar ein hateb
accessibility-enforcement-text = Y Comisiwn Cydraddoldeb a Hawliau Dynol (EHRC) sy’n gorfodi Rheoliadau Hygyrchedd Cyrff Sector Cyhoeddus (Gwefannau a Chymwysiadau Symudol) (Rhif 2) 2018 yng Nghymru, Lloegr a’r Alban, ynghyd â Chomisiwn Cydraddoldeb Gogledd Iwerddon (ECNI). Os nad ydych yn fodlon ar sut yr ydym yn ateb eich cwyn, cysylltwch â’r Gwasanaeth Cynghori a Chymorth Cydraddoldeb (EASS) neu, yng Ngogledd Iwerddon, â’r ECNI.
accessibility-enforcement-elsewhere = Trowch at y corff sy’n gwylio dros hygyrchedd gwasanaethau cyhoeddus lle’r ydych yn byw.
accessibility-technical = I ba raddau y mae’r tudalennau’n bodloni’r safon
accessibility-technical-text = Fe’u gwneir i fodloni Canllawiau Hygyrchedd Cynnwys y We (WCAG) fersiwn 2.2 ar lefel AA.
accessibility-compliance = Maent yn cydymffurfio’n rhannol, oherwydd yr hyn a restrir uchod o dan “Yr hyn y gwyddom nad yw’n iawn eto”.
accessibility-tested = Sut y profwyd hyn
accessibility-tested-text = Caiff pob math o dudalen ei wirio â’r offeryn axe a gwiriwr HTML y W3C pryd bynnag y bydd y feddalwedd yn newid, gyda JavaScript a hebddo, ar led o 320 picsel ac mewn lliwiau gorfodol. Cydrannau System Ddylunio GOV.UK ydynt, ac fe’u profir â thechnolegau cynorthwyol.
