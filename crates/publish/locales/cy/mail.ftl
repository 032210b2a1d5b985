# Welsh by machine, awaiting a native reader.

confirm-subject = Cadarnhewch: llythyrau am { $review }
confirm-text = Mae rhywun wedi gofyn am lythyrau am { $review } yn y cyfeiriad hwn. Os chi oedd hynny, agorwch y dudalen hon a phwyswch y botwm arni:
confirm-link = Cadarnhau fy nhanysgrifiad
confirm-until = Mae’r dudalen yn gweithio am saith diwrnod.
confirm-not-you = Os nad chi oedd, peidiwch â gwneud dim. Ni chewch unrhyw lythyrau, a chaiff y cyfeiriad hwn ei ddileu ar ôl saith diwrnod.
subscribed-subject = Rydych wedi tanysgrifio eisoes: llythyrau am { $review }
subscribed-text = Mae rhywun wedi gofyn am lythyrau am { $review } yn y cyfeiriad hwn, sydd yn eu derbyn eisoes. Nid oes dim mwy i’w wneud. Os nad ydych eisiau rhagor ohonynt, dilynwch y ddolen hon:
subscribed-not-you = Os nad chi a ofynnodd, nid oes dim wedi newid, ac ni ddywedwyd wrth neb eich bod wedi tanysgrifio.
newsletter-why = Rydych yn cael y llythyr hwn am i chi danysgrifio i lythyrau am { $review } a chadarnhau hynny.
newsletter-leave = Dad-danysgrifio
newsletter-private = Nid oes neb yn mesur a ydych yn agor y llythyr hwn neu’n dilyn ei ddolenni. Pan fyddwch yn dad-danysgrifio, caiff eich cyfeiriad ei ddileu.
once = Rydych yn cael hwn am i chi ofyn amdano ar dudalennau { $review }. Ni chedwir eich cyfeiriad.
own-code-subject = Eich wyth gair: { $review }
own-code-text = Mae’r wyth gair hyn yn arwain yn ôl at yr hyn a roesoch i { $review }, ar unrhyw ddyfais:
own-copy-subject = Copi o’r hyn a ddywedoch wrth { $review }
own-copy-text = Isod mae copi o’r hyn a ddywedoch wrth { $review }. Mae’r wyth gair hyn yn dangos beth a ddaw ohono, ar unrhyw ddyfais:
own-link = Teipiwch y geiriau ar y dudalen hon:
own-keep = Gall pwy bynnag sydd â’r geiriau ddarllen yr hyn a roesoch a newid yr hyn y caniateir ei wneud ag ef. Cadwch nhw i chi’ch hun.
own-reference = Cyfeirnod
own-until = Cedwir tan
own-in-confidence = Ni wnaethoch ganiatáu ei gyhoeddi, ac nid yw e-bost yn breifat. Felly nid oes dim o’r hyn a ddywedoch yma: darllenwch ef ar y dudalen uchod, gyda’ch wyth gair.
own-answers = Yr hyn a ddywedoch
