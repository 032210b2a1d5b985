# Welsh by machine, awaiting a native reader.

gallery = Yr hyn sy’n gweithio, a’r hyn a fethodd
gallery-more = Yr hyn sy’n gweithio, a’r hyn a fethodd, parhad
gallery-text = Gwasanaethau fel y profodd pobl hwy: lle mae’n gweithio, lle methodd, a’r hyn y gallai eraill ei fabwysiadu.
gallery-views = Enghreifftiau yn ôl dyfarniad
gallery-all = Pob un
gallery-works = Yn gweithio
gallery-failed = Wedi methu
gallery-mixed = Cymysg
gallery-models = Patrymau
gallery-empty = Nid oes enghraifft wedi’i chyhoeddi eto
gallery-found =
    { $count ->
        [two] { $number } gyfraniad ag enghreifftiau
        [few] { $number } chyfraniad ag enghreifftiau
        [many] { $number } chyfraniad ag enghreifftiau
       *[other] { $number } cyfraniad ag enghreifftiau
    }
gallery-no-service = Gwasanaeth heb ei enwi
gallery-next = Rhagor o enghreifftiau

# Models, and who will take them up.

model-title = Patrwm: { $service }
model-caption = Patrwm i eraill
model-in = Adroddwyd yn
taken-up = Pwy fydd yn mabwysiadu hyn
taken-up-nobody = Nid oes unrhyw gorff wedi dweud hynny eto.
take-up = Byddwn yn mabwysiadu hyn
take-up-text = Ydych chi’n siarad dros gorff sy’n bwriadu gwneud yr un peth? Dywedwch hynny yma. Mae’r tîm yn ei ddarllen yn gyntaf; yna bydd ar y dudalen hon.
take-up-body = Enw’r corff
take-up-hint-body = Bydd pawb yn ei ddarllen, er enghraifft “Cyngor Sir Ceredigion”.
take-up-contact = Sut y gall y tîm gysylltu â chi
take-up-hint-contact = Cyfeiriad e-bost neu rif ffôn. Fe’i cedwir ar wahân, ac ni chaiff ei ddangos byth.
take-up-sentence = Yr hyn yr ydych yn bwriadu ei wneud, mewn brawddeg (dewisol)
take-up-button = Ei anfon at y tîm
take-up-said = Diolch. Mae gan y tîm yr hyn a ddywedoch.
take-up-said-text = Bydd yma cyn gynted ag y byddant wedi’i ddarllen.
mistake-body = Ysgrifennwch enw’r corff
mistake-contact = Ysgrifennwch gyfeiriad e-bost neu rif ffôn
