# Welsh by machine, awaiting a native reader.
# The register: that evidence was counted, and how anybody can verify that.

register = Y gofrestr
register-text = Caiff popeth a roddir i adolygiad ei gofnodi yma, a hefyd yr hyn a ddaw ohono. Ni all neb ddysgu ohoni pwy ysgrifennodd na beth. Ond ni all neb, hyd yn oed ni, ollwng na newid cofnod heb i bawb sylwi.
register-name = Ei henw
register-size = Cofnodion
register-root = Ôl bys pob un ohonynt
register-witnesses = Cadarnhawyd gan
register-unwitnessed = Neb eto. Heb dyst, gellid dangos cofrestrau gwahanol i bobl wahanol.
register-keys = Allweddi sy’n ei llofnodi
register-trouble = Nid oes dim yn cael ei gofnodi ar hyn o bryd
register-trouble-text = Mae’r gofrestr wedi aros, rhag iddi wrth-ddweud ei hun. Cedwir yr hyn a roddir, ac fe’i cofnodir pan fydd yn mynd ymlaen.
register-verify = Gwiriwch hi eich hun
register-verify-text = Llond llaw o ffeiliau y gall unrhyw un eu copïo yw’r gofrestr. Mae’r rhaglen Folkmoot yn gwirio’r cyfan: folkmoot verify register, a chyfeiriad y dudalen hon.
register-verify-receipt = Gwirio derbynneb
register-checkpoint = Y pwynt gwirio diweddaraf
register-policy = Allweddi a thystion, ar gyfer rhaglenni
registered = Yn y gofrestr
registered-entered = Cofnod { $number } o { $of } yn y gofrestr, yno ers { $date }. Mae popeth a roddir yn gofnod, ac felly hefyd yr hyn a ddaw ohono.
registered-witnessed = Cadarnhaodd { $witnesses } nad oes dim o’i blaen wedi’i newid.
registered-unwitnessed = Nid oes tyst wedi’i chadarnhau eto.
registered-promised = Bydd yn y gofrestr erbyn { $date }, wedi’i gofnodi ynghyd ag eraill, fel na all neb ddweud pwy ysgrifennodd pryd. Gellir lawrlwytho’r addewid wedi’i lofnodi o hynny.
registered-soon = Caiff ei chofnodi cyn bo hir.
registered-receipt = Lawrlwytho fy nerbynneb ar gyfer y gofrestr, gyda’r hyn a ysgrifennais
registered-proof = Lawrlwytho’r prawf yn unig, i’w ddangos i eraill: nid yw’n dweud dim o’r hyn a ysgrifennais
registered-what = Beth yw’r gofrestr
register-back = I’r hyn a ofynnir ac a ddywedir yma
register-documentation = Dogfennaeth y gofrestr, yn Saesneg
