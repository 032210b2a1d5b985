# Welsh by machine, awaiting a native reader.

confirm-subject = Cadarnhewch: llythyrau am { $review }
confirm-text = Mae rhywun wedi gofyn am lythyrau am { $review } yn y cyfeiriad hwn. Os chi oedd hynny, agorwch y dudalen hon a phwyswch y botwm arni:
confirm-link = Cadarnhau fy nhanysgrifiad
confirm-until = Mae'r dudalen yn gweithio am saith diwrnod.
confirm-not-you = Os nad chi oedd, peidiwch â gwneud dim. Ni chewch unrhyw lythyrau, a chaiff y cyfeiriad hwn ei ddileu ar ôl saith diwrnod.
subscribed-subject = Rydych wedi tanysgrifio eisoes: llythyrau am { $review }
subscribed-text = Mae rhywun wedi gofyn am lythyrau am { $review } yn y cyfeiriad hwn, sydd yn eu derbyn eisoes. Nid oes dim mwy i'w wneud. Os nad ydych eisiau rhagor ohonynt, dilynwch y ddolen hon:
subscribed-not-you = Os nad chi a ofynnodd, nid oes dim wedi newid, ac ni ddywedwyd wrth neb eich bod wedi tanysgrifio.
newsletter-why = Rydych yn cael y llythyr hwn am i chi danysgrifio i lythyrau am { $review } a chadarnhau hynny.
newsletter-leave = Dad-danysgrifio
newsletter-private = Nid oes neb yn mesur a ydych yn agor y llythyr hwn neu'n dilyn ei ddolenni. Pan fyddwch yn dad-danysgrifio, caiff eich cyfeiriad ei ddileu.
once = Rydych yn cael hwn am i chi ofyn amdano ar dudalennau { $review }. Ni chedwir eich cyfeiriad.
